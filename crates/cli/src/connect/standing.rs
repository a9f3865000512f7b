//! What a client wants for as long as its session lasts: a level of logging, and resources that it watches.
//! Where its session is begun late or anew, which it does not notice, the server is told again.

use super::bridge::{Asked, Bridge};
use super::calls::Asker;
use super::message::{AGAIN, Message};
use super::trouble::Trouble;
use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::PoisonError;

/// Resources that are told again.
const MOST: usize = 1000;

/// The client's own words, to be said again.
#[derive(Default)]
pub(super) struct Standing {
    level: Option<Bytes>,
    watched: BTreeMap<String, Bytes>,
}

impl Standing {
    fn learn(&mut self, message: &Message) {
        let Some(name) = &message.name else {
            if message.method == "logging/setLevel" {
                self.level = Some(message.text.clone());
            }
            return;
        };
        match message.method.as_str() {
            "resources/subscribe" if self.watched.len() < MOST => {
                self.watched.insert(name.clone(), message.text.clone());
            }
            "resources/unsubscribe" => drop(self.watched.remove(name)),
            _ => {}
        }
    }

    fn again(&self) -> Vec<Message> {
        self.level.iter().chain(self.watched.values()).filter_map(|text| Message::again(text)).collect()
    }
}

impl Bridge {
    /// Learns of this message whether it holds on.
    pub(super) fn learn_standing(&self, message: &Message) {
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        if message.initializes() {
            *standing = Standing::default();
        } else if !message.is_modern() {
            standing.learn(message);
        }
    }

    /// Says again to a session that is new what held in the one before. What the server does not take, the
    /// client was told the first time.
    pub(super) async fn say_again(&self) {
        let standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner).again();
        for message in standing {
            let pending = [self.calls.open_for(&json!(AGAIN), Asker::Nobody)];
            let _ = self.say_once(&Asked { message: &message, pending: &pending }).await;
        }
    }

    /// Begins no session anew, as [`Bridge::post`] does: that would be without end.
    async fn say_once(&self, asked: &Asked<'_>) -> Result<(), Trouble> {
        let (place, headers) = {
            let session = self.session();
            (session.transport.place(), session.headers.clone())
        };
        if let Some(place) = place {
            return self.deliver(&place, asked).await;
        }
        let body = asked.message.text.clone();
        let answer = self.send(Method::POST, &headers, HeaderMap::new(), body).await?;
        self.receive(asked, answer).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(said: &[&str]) -> Vec<String> {
        let mut standing = Standing::default();
        said.iter().for_each(|text| standing.learn(&Message::read(text.as_bytes()).unwrap()));
        standing.again().iter().map(|message| String::from_utf8(message.text.to_vec()).unwrap()).collect()
    }

    #[test]
    fn the_last_level_and_what_is_still_watched_are_said_again() {
        let said = again(&[
            r#"{"id":1,"method":"logging/setLevel","params":{"level":"debug"}}"#,
            r#"{"id":2,"method":"logging/setLevel","params":{"level":"error"}}"#,
            r#"{"id":3,"method":"resources/subscribe","params":{"uri":"a:1"}}"#,
            r#"{"id":4,"method":"resources/subscribe","params":{"uri":"a:2"}}"#,
            r#"{"id":5,"method":"resources/unsubscribe","params":{"uri":"a:1"}}"#,
            r#"{"id":6,"method":"tools/call","params":{"name":"a:3"}}"#,
        ]);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].contains("error") && said[1].contains("a:2"), "{said:?}");
        assert!(said.iter().all(|text| text.contains(AGAIN)), "{said:?}");
    }
}
