//! What a server said of itself the last time that it was used: what it can do, and its tools. None of it is
//! secret, and none of it is anybody's but theirs who may use the server.

use crate::item::GrantParts;
use ground::fingerprint::fingerprint;
use ground::stored_form;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::VecDeque;
use wire::LastTime;

/// The newest form of what is written down.
const FORM: u64 = 1;
/// The longest answer of a server that is looked at, in bytes.
pub const LONGEST: usize = 1 << 20;
/// The longest answer to `initialize` and `server/discover`, in bytes.
const LONGEST_BEGINNING: usize = 64 << 10;
/// Pages of one list at most.
const MOST_PAGES: usize = 100;
/// Lists whose next page is awaited at the same time.
const MOST_LISTS: usize = 16;

/// As it is written down.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Noted {
    #[serde(default)]
    form: u64,
    /// Whose grant the server was used with.
    #[serde(flatten)]
    whose: Whose,
    #[serde(default)]
    said: LastTime,
}

/// Whose grant a server was used with, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whose {
    /// A mark of the account, where the issuer names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// A mark of the issuer and of our client there. Older versions noted none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

impl Whose {
    /// Whether nothing says that it is another's: it is the same account, or one that is not named at the
    /// same issuer, from the same client.
    fn may_be(&self, other: &Self) -> bool {
        match (&self.account, &other.account) {
            (Some(one), Some(other)) => one == other,
            (None, None) => self.client.is_some() && self.client == other.client,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

/// One thing that a server said.
#[derive(Debug)]
pub enum Said {
    /// The result of `initialize`.
    Initialized(Box<RawValue>),
    /// The result of `server/discover`.
    Discovered(Box<RawValue>),
    /// The whole list of tools.
    Tools(Vec<Box<RawValue>>),
}

impl Noted {
    /// Reads it. What is damaged counts as nothing; `None` where a later version wrote it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_newer = stored_form::is_newer(text.as_bytes(), FORM);
        (!is_newer).then(|| serde_json::from_str(text).unwrap_or_default())
    }

    /// As it is to be written down.
    ///
    /// # Errors
    /// It has no such form.
    pub fn written(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }

    /// What was said with the grant of this account, or of one that is not known.
    #[must_use]
    pub fn of(self, account: Option<&str>) -> Option<LastTime> {
        let is_another = account.is_some() && self.whose.account.as_deref() != account;
        (!is_another).then_some(self.said)
    }

    /// Whether nothing says that it was said with another's grant.
    #[must_use]
    pub fn may_be_of(&self, whose: &Whose) -> bool {
        self.whose.may_be(whose)
    }

    /// Whether it is known to be of another account than this one.
    pub fn is_of_another_than(&self, account: Option<&str>) -> bool {
        let own = self.whose.account.as_deref();
        own.is_some() && account.is_some() && own != account
    }

    /// Takes over what was said with a grant of theirs. What was said with another's goes.
    #[must_use]
    pub fn with(self, whose: Whose, said: Said) -> Self {
        // Many servers say what they can do before anybody has signed in.
        let is_nobodys = self.whose.account.is_none() && self.said.tools.is_none();
        let before = if self.whose == whose || is_nobodys { self.said } else { LastTime::default() };
        let said = match said {
            Said::Initialized(result) => LastTime { initialized: Some(result), ..before },
            Said::Discovered(result) => LastTime { discovered: Some(result), ..before },
            Said::Tools(tools) => LastTime { tools: Some(tools), ..before },
        };
        Self { form: FORM, whose, said }
    }
}

impl GrantParts {
    /// A mark of the account, if that is known: the same in every run.
    #[must_use]
    pub fn account_mark(&self) -> Option<String> {
        self.subject.as_ref().map(|subject| fingerprint(&[&self.issuer, subject]))
    }

    /// Whose grant it is, as far as that is known.
    #[must_use]
    pub fn whose(&self) -> Whose {
        let client = Some(fingerprint(&[&self.issuer, &self.client.id]));
        Whose { account: self.account_mark(), client }
    }
}

/// A request whose answer says something of the server.
#[derive(Debug)]
pub enum Asked {
    /// `initialize`.
    Initialize,
    /// `server/discover`.
    Discover,
    /// `tools/list`, from this cursor on.
    Tools(Option<String>),
}

#[derive(Deserialize)]
struct Page {
    tools: Vec<Box<RawValue>>,
    #[serde(rename = "nextCursor", default)]
    next: Option<String>,
}

/// Lists of tools that come in pages and are not complete yet.
#[derive(Debug, Default)]
pub struct Lists(VecDeque<List>);

#[derive(Debug)]
struct List {
    server_id: String,
    account: Option<String>,
    /// The cursor of the page that comes next.
    next: String,
    tools: Vec<Box<RawValue>>,
    pages: usize,
}

impl Lists {
    /// What the `result` of a request says, once all of it is there.
    pub fn hear(
        &mut self,
        (server_id, account): (&str, Option<&str>),
        asked: Asked,
        result: Box<RawValue>,
    ) -> Option<Said> {
        let is_short = result.get().len() <= LONGEST_BEGINNING;
        match asked {
            Asked::Initialize => is_short.then_some(Said::Initialized(result)),
            Asked::Discover => is_short.then_some(Said::Discovered(result)),
            Asked::Tools(cursor) => {
                let page: Page = serde_json::from_str(result.get()).ok()?;
                let begun = match cursor {
                    None => List::new(server_id, account),
                    Some(cursor) => self.take(server_id, account, &cursor)?,
                };
                self.turn(begun, page)
            }
        }
    }

    fn take(&mut self, server_id: &str, account: Option<&str>, cursor: &str) -> Option<List> {
        let is_it = |list: &List| {
            list.server_id == server_id && list.account.as_deref() == account && list.next == cursor
        };
        let at = self.0.iter().position(is_it)?;
        self.0.remove(at)
    }

    fn turn(&mut self, mut list: List, page: Page) -> Option<Said> {
        list.tools.extend(page.tools);
        list.pages += 1;
        let length: usize = list.tools.iter().map(|tool| tool.get().len()).sum();
        if length > LONGEST || list.pages > MOST_PAGES {
            return None;
        }
        let Some(next) = page.next else { return Some(Said::Tools(list.tools)) };
        list.next = next;
        if self.0.len() == MOST_LISTS {
            self.0.pop_front();
        }
        self.0.push_back(list);
        None
    }
}

impl List {
    fn new(server_id: &str, account: Option<&str>) -> Self {
        let account = account.map(ToOwned::to_owned);
        Self { server_id: server_id.to_owned(), account, next: String::new(), tools: Vec::new(), pages: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    fn tools(said: Option<Said>) -> Option<Vec<String>> {
        let Some(Said::Tools(tools)) = said else { return None };
        Some(tools.iter().map(|tool| tool.get().to_owned()).collect())
    }

    #[test]
    fn a_list_is_whole_once_its_last_page_is_there_whoever_else_turns_pages() {
        let mut lists = Lists::default();
        let mut hear = |account: &str, cursor: Option<&str>, page: &str| {
            let asked = Asked::Tools(cursor.map(ToOwned::to_owned));
            tools(lists.hear(("a", Some(account)), asked, raw(page)))
        };
        assert_eq!(hear("x", None, r#"{"tools":[{"name":"1"}],"nextCursor":"p"}"#), None);
        assert_eq!(hear("y", Some("p"), r#"{"tools":[{"name":"2"}]}"#), None, "another's page");
        assert_eq!(hear("x", Some("q"), r#"{"tools":[{"name":"2"}]}"#), None, "no such page");
        let whole = vec![r#"{"name":"1"}"#.to_owned(), r#"{"name":"2"}"#.to_owned()];
        assert_eq!(hear("x", Some("p"), r#"{"tools":[{"name":"2"}]}"#), Some(whole));
        assert_eq!(hear("x", Some("p"), r#"{"tools":[{"name":"2"}]}"#), None, "it was turned already");
    }

    #[test]
    fn what_is_too_long_is_no_list() {
        let mut lists = Lists::default();
        let page = format!(r#"{{"tools":[{{"name":"{}"}}]}}"#, "x".repeat(LONGEST));
        assert!(lists.hear(("a", None), Asked::Tools(None), raw(&page)).is_none());
        let long = format!(r#"{{"instructions":"{}"}}"#, "x".repeat(LONGEST_BEGINNING));
        assert!(lists.hear(("a", None), Asked::Initialize, raw(&long)).is_none());
    }

    #[test]
    fn nothing_that_was_said_to_one_account_is_told_to_another() {
        let of = |account: &str| Whose { account: Some(account.to_owned()), client: Some("c".to_owned()) };
        let noted = Noted::default().with(of("a"), Said::Tools(vec![raw("{}")]));
        let noted = noted.with(of("a"), Said::Initialized(raw("{}")));
        let text = String::from_utf8(noted.written().unwrap()).unwrap();
        let read = || Noted::parse(&text).unwrap();
        let unnamed = Whose { account: None, ..of("") };
        assert!(read().of(Some("b")).is_none() && !read().may_be_of(&unnamed) && !read().may_be_of(&of("b")));
        assert!(read().of(Some("a")).is_some_and(|said| said.tools.is_some() && said.initialized.is_some()));
        assert!(read().of(None).is_some(), "who is signed in is not known while the vault is locked");
        let other = read().with(of("b"), Said::Initialized(raw("{}"))).of(Some("b")).unwrap();
        assert!(other.tools.is_none());
    }

    #[test]
    fn where_the_issuer_names_nobody_it_is_kept_for_the_same_client_there_alone() {
        let by = |client: Option<&str>| Whose { account: None, client: client.map(ToOwned::to_owned) };
        let noted = |client| Noted::default().with(by(client), Said::Tools(vec![raw("{}")]));
        assert!(noted(Some("c")).may_be_of(&by(Some("c"))));
        assert!(!noted(Some("c")).may_be_of(&by(Some("d"))), "it may be another issuer");
        assert!(!noted(Some("c")).may_be_of(&by(None)), "another account was wanted");
        assert!(!noted(None).may_be_of(&by(None)), "nobody noted which client it was");
        let named = Whose { account: Some("a".to_owned()), ..by(Some("c")) };
        assert!(!noted(Some("c")).may_be_of(&named));
        assert!(noted(Some("c")).with(by(Some("d")), Said::Initialized(raw("{}"))).said.tools.is_none());
        assert!(noted(None).with(by(None), Said::Initialized(raw("{}"))).said.tools.is_some());
    }

    #[test]
    fn a_later_form_is_not_read_and_damage_is_nothing() {
        assert!(Noted::parse(r#"{"form":2,"said":{}}"#).is_none());
        assert!(Noted::parse("damaged").unwrap().of(None).unwrap().tools.is_none());
    }
}
