//! The wish that somebody signs in to a server: who waits for it, and what it has to bring.

use std::collections::BTreeSet;

/// Scopes that a sign-in asks for at most because agents wanted them.
const MOST_BEYOND: usize = 64;

/// The wish that somebody signs in.
#[derive(Debug, Default)]
pub struct SignInWish {
    /// The agents whose requests wait for it, by name, the newest last.
    waiting: Vec<String>,
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

impl SignInWish {
    /// The agent that the person is told of: the last that asked, of those that still wait.
    pub fn by(&self) -> Option<&str> {
        self.waiting.last().map(String::as_str)
    }

    /// A request of `agent` waits from now on, for a sign-in with these scopes among others.
    pub fn wait(&mut self, agent: &str, scopes: &[String]) {
        self.waiting.push(agent.to_owned());
        let room = MOST_BEYOND.saturating_sub(self.scopes.beyond.len());
        self.scopes.beyond.extend(scopes.iter().take(room).cloned());
    }

    /// A request of `agent` waits no more. What it wanted a sign-in to bring stays: it may come again.
    pub fn leave(&mut self, agent: &str) {
        if let Some(place) = self.waiting.iter().position(|waiting| waiting == agent) {
            self.waiting.remove(place);
        }
    }

    /// The server challenged a request: the next sign-in is for these scopes.
    pub fn challenge(&mut self, scopes: Vec<String>) {
        self.scopes.challenged = scopes;
    }

    /// The person does not want to hear of it. What a sign-in has to bring stays.
    pub fn hush(&mut self) {
        self.waiting.clear();
    }

    /// It is met, or what it was about is gone.
    pub fn end(&mut self) {
        *self = Self::default();
    }

    /// What to ask the issuer for. The server's last challenge counts more than what it offers (MCP,
    /// Authorization, "Scope Selection Strategy"). For a step-up, what was asked for and granted `before` is
    /// asked for again beside what is new.
    pub fn scopes<'a>(
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

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(ToOwned::to_owned).collect()
    }

    #[test]
    fn a_sign_in_asks_for_what_is_offered_unless_something_else_was_wished() {
        let (mut wish, before) = (SignInWish::default(), words("read"));
        assert_eq!(wish.scopes(words("offered"), before.iter()), words("offered"));
        wish.wait("curl", &words("write"));
        assert_eq!(wish.scopes(words("offered"), before.iter()), words("offered read write"));
        wish.challenge(words("admin"));
        assert_eq!(wish.scopes(words("offered"), before.iter()), words("admin read write"));
        wish.end();
        assert_eq!(wish.scopes(words("offered"), before.iter()), words("offered"));
    }

    #[test]
    fn it_is_of_those_who_still_wait() {
        let mut wish = SignInWish::default();
        ["curl", "scribe", "curl"].iter().for_each(|agent| wish.wait(agent, &[]));
        wish.leave("curl");
        wish.leave("scribe");
        assert_eq!(wish.by(), Some("curl"));
        wish.leave("curl");
        wish.leave("curl");
        assert_eq!(wish.by(), None);
    }

    #[test]
    fn agents_widen_it_only_so_far() {
        let many: Vec<String> = (0..100).map(|number| number.to_string()).collect();
        let mut wish = SignInWish::default();
        wish.wait("curl", &many);
        assert_eq!(wish.scopes(Vec::new(), std::iter::empty()).len(), MOST_BEYOND);
    }
}
