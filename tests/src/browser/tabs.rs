//! Links and tabs, for programs that others wrote.

use serde_json::json;

use super::{Browser, send};
use crate::curl;

impl Browser {
    /// Clicks on the link with these words, if there is one; whether it was there to be clicked on.
    pub fn follows(&self, words: &str) -> bool {
        let link = self.look("xpath", &format!("//a[normalize-space()='{words}']"));
        link.is_some_and(|link| {
            send(&format!("{}/element/{link}/click", self.session), &json!({})).status == 200
        })
    }

    /// The tabs that are open.
    pub fn tabs(&self) -> Vec<String> {
        let all = curl(&[&format!("{}/window/handles", self.session)]).json()["value"].take();
        serde_json::from_value(all).unwrap()
    }

    /// Turns to one of them.
    #[track_caller]
    pub fn turn_to(&self, tab: &str) {
        send(&format!("{}/window", self.session), &json!({ "handle": tab })).expect_status(200);
    }

    /// Closes the one that it has turned to.
    pub fn close_tab(&self) {
        curl(&["-X", "DELETE", &format!("{}/window", self.session)]).expect_status(200);
    }
}
