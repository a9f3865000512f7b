//! The wish that somebody signs in to a server: who waits for it, and what it has to bring.

use ground::grace::Late;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::time::Duration;

/// Scopes that a sign-in asks for at most because agents wanted them.
const MOST_BEYOND: usize = 64;

/// The wish that somebody signs in.
#[derive(Debug, Default)]
pub(crate) struct Wish {
    /// The agent that last asked for it.
    by: Option<String>,
    /// How many requests wait for it.
    waiting: usize,
    /// How long it stays after the last of them.
    late: Late,
    scopes: Scopes,
}

/// The scopes that a sign-in has to bring beside those that it would ask for anyway.
#[derive(Debug, Default)]
struct Scopes {
    /// What the server itself asked for in its last challenge.
    challenged: Vec<String>,
    /// What agents asked for beyond what was granted.
    beyond: BTreeSet<String>,
}

impl Wish {
    /// The agent that the person is told of.
    pub(crate) fn by(&self) -> Option<&str> {
        self.by.as_deref()
    }

    /// A request of `agent` waits from now on, for a sign-in with these scopes among others.
    pub(crate) fn wait(&mut self, agent: String, scopes: &[String]) {
        self.by = Some(agent);
        self.waiting += 1;
        let room = MOST_BEYOND.saturating_sub(self.scopes.beyond.len());
        self.scopes.beyond.extend(scopes.iter().take(room).cloned());
    }

    /// A request waits no more. True if the time has to be counted after which the wish is over.
    pub(crate) fn leave(&mut self, now: Timestamp) -> bool {
        self.waiting = self.waiting.saturating_sub(1);
        self.late.leave(now)
    }

    /// How long it still stays after somebody left. It goes once that is over and nobody waits.
    pub(crate) fn rest(&mut self, now: Timestamp) -> Option<Duration> {
        let rest = self.late.rest(now, self.waiting > 0);
        if rest.is_none() && self.waiting == 0 {
            self.by = None;
        }
        rest
    }

    /// The server challenged a request: the next sign-in is for these scopes.
    pub(crate) fn challenge(&mut self, scopes: Vec<String>) {
        self.scopes.challenged = scopes;
    }

    /// The person does not want to hear of it. What a sign-in has to bring stays.
    pub(crate) fn hush(&mut self) {
        self.by = None;
    }

    /// It is met, or what it was about is gone. Who waits is still counted until they leave.
    pub(crate) fn end(&mut self) {
        self.by = None;
        self.scopes = Scopes::default();
    }

    /// What to ask the issuer for. The server's last challenge counts more than what it offers (MCP,
    /// Authorization, "Scope Selection Strategy"). For a step-up, what was asked for and granted `before` is
    /// asked for again beside what is new.
    pub(crate) fn scopes<'a>(
        &'a self,
        offered: Vec<String>,
        before: impl Iterator<Item = &'a String>,
    ) -> Vec<String> {
        let Scopes { challenged, beyond } = &self.scopes;
        if challenged.is_empty() && beyond.is_empty() {
            return offered;
        }
        let mut scopes = if challenged.is_empty() { offered } else { challenged.clone() };
        for scope in before.chain(beyond) {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
        scopes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ground::grace::LATE;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(ToOwned::to_owned).collect()
    }

    #[test]
    fn a_sign_in_asks_for_what_is_offered_unless_something_else_was_wished() {
        let (mut wish, before) = (Wish::default(), words("read"));
        assert_eq!(wish.scopes(words("offered"), before.iter()), words("offered"));
        wish.wait("curl".to_owned(), &words("write"));
        assert_eq!(wish.scopes(words("offered"), before.iter()), words("offered read write"));
        wish.challenge(words("admin"));
        assert_eq!(wish.scopes(words("offered"), before.iter()), words("admin read write"));
        wish.end();
        assert_eq!(wish.scopes(words("offered"), before.iter()), words("offered"));
    }

    #[test]
    fn it_stays_a_while_after_the_last_who_waited() {
        let (mut wish, now) = (Wish::default(), Timestamp::UNIX_EPOCH);
        wish.wait("curl".to_owned(), &[]);
        wish.wait("curl".to_owned(), &[]);
        assert!(wish.leave(now) && !wish.leave(now));
        assert_eq!(wish.rest(now), Some(LATE));
        assert_eq!(wish.by(), Some("curl"));
        assert_eq!(wish.rest(now + LATE), None);
        assert_eq!(wish.by(), None);
    }

    #[test]
    fn agents_widen_it_only_so_far() {
        let many: Vec<String> = (0..100).map(|number| number.to_string()).collect();
        let mut wish = Wish::default();
        wish.wait("curl".to_owned(), &many);
        assert_eq!(wish.scopes(Vec::new(), std::iter::empty()).len(), MOST_BEYOND);
    }
}
