//! Which of several accounts a program is to have, by the folder that it works in. A folder gives no leave:
//! whichever account it is, the person has to have answered about that one.

use lru::LruCache;
use peer::{Application, FolderId, Identity, Process};
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Runs of programs, and what the person chose, that are remembered; the oldest goes first.
const MOST: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

/// An account that there is to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The server's ID.
    pub id: String,
    /// Whether the person has said for which folders it is.
    pub is_bound: bool,
    /// Those of them that are there.
    pub folders: Vec<FolderId>,
}

/// Which account it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ByFolder<'a> {
    /// This one.
    This(&'a str),
    /// One of these, if the person says so. None of them is ever taken for want of another.
    Ask(Vec<&'a str>),
}

impl Candidate {
    /// How far up the nearest of its folders is.
    fn distance(&self, line: &[FolderId]) -> Option<usize> {
        line.iter().position(|folder| self.folders.contains(folder))
    }
}

/// Chooses for a program that works in the first folder of `line`, which is in the second, and so on.
/// `named`: the one that it asks for by its own name, and not by the address of all.
pub fn choose<'a>(named: Option<&str>, all: &'a [Candidate], line: &[FolderId]) -> ByFolder<'a> {
    let nearest = all.iter().filter_map(|one| one.distance(line)).min();
    let is_nearest = |one: &&Candidate| nearest.is_some() && one.distance(line) == nearest;
    let here: Vec<&Candidate> = all.iter().filter(is_nearest).collect();
    let ids = |some: &[&'a Candidate]| some.iter().map(|one| one.id.as_str()).collect::<Vec<_>>();
    let Some(named) = named else {
        return match here.as_slice() {
            [] => ByFolder::Ask(all.iter().map(|one| one.id.as_str()).collect()),
            [one] => ByFolder::This(&one.id),
            several => ByFolder::Ask(ids(several)),
        };
    };
    let Some(one) = all.iter().find(|one| one.id == named) else { return ByFolder::Ask(Vec::new()) };
    let is_for_here = if here.is_empty() { !one.is_bound } else { here.contains(&one) };
    if is_for_here { ByFolder::This(&one.id) } else { ByFolder::Ask(vec![&one.id]) }
}

/// Whether each of these would be chosen there and then, were it for the first folder of `line` as well.
pub fn would_decide(named: Option<&str>, all: &[Candidate], line: &[FolderId], among: &[&str]) -> bool {
    let Some(here) = line.first() else { return false };
    among.iter().all(|id| {
        let mut all = all.to_vec();
        let here = here.to_owned();
        all.iter_mut().filter(|one| one.id == **id).for_each(|one| {
            one.is_bound = true;
            one.folders.push(here);
        });
        choose(named, &all, line) == ByFolder::This(id)
    })
}

/// A question about the account for one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountAsked {
    /// The program.
    pub who: Application,
    /// What it asks for: the address of all, or the ID of the one that it names.
    pub asked: String,
    /// Where it works.
    pub folder: FolderId,
    /// Its path, as a person can read it.
    pub path: String,
    /// The folder as the configuration may have it: an account can be for it from now on.
    pub lasting: Option<String>,
    /// The servers that there are to choose: IDs and names.
    pub among: Vec<(String, String)>,
}

impl AccountAsked {
    /// The ID of the server with this name, if it was offered.
    pub fn offered(&self, name: &str) -> Option<&str> {
        self.among.iter().find(|(_, offered)| offered == name).map(|(id, _)| id.as_str())
    }
}

/// The account that a run of a program has, and where it worked when it came to that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfRun {
    /// The server's ID.
    pub id: String,
    /// The folder, as a person can read it.
    pub folder: Arc<str>,
}

/// What is remembered of this until the valet ends, or its configuration is edited.
#[derive(Debug)]
pub struct Accounts {
    runs: LruCache<(Process, String), OfRun>,
    chosen: LruCache<(Identity, String, FolderId), Option<String>>,
}

impl Default for Accounts {
    fn default() -> Self {
        Self { runs: LruCache::new(MOST), chosen: LruCache::new(MOST) }
    }
}

impl Accounts {
    /// The account that this run of a program has, of those that it asks for in this way.
    pub fn of_run(&mut self, run: Process, asked: &str) -> Option<OfRun> {
        self.runs.get(&(run, asked.to_owned())).cloned()
    }

    /// A run of a program keeps its account, wherever it goes. The first that is kept stays.
    pub fn keep(&mut self, run: Process, asked: &str, account: OfRun) -> OfRun {
        self.runs.get_or_insert((run, asked.to_owned()), || account).clone()
    }

    /// What the person chose for a program in a folder: the ID of a server, or none of them.
    pub fn chosen(&mut self, who: &Application, asked: &str, folder: FolderId) -> Option<Option<String>> {
        self.chosen.get(&(who.identity().clone(), asked.to_owned(), folder)).cloned()
    }

    /// The person has chosen.
    pub fn choose(&mut self, asked: &AccountAsked, id: Option<&str>) {
        let key = (asked.who.identity().clone(), asked.asked.clone(), asked.folder);
        self.chosen.put(key, id.map(ToOwned::to_owned));
    }

    /// What a program may do was taken back: it is asked about again. It is known by its mark.
    pub fn forget(&mut self, mark: &str) {
        let of_it = self.chosen.iter().map(|(key, _)| key).filter(|key| key.0.mark() == mark);
        let of_it: Vec<_> = of_it.cloned().collect();
        of_it.iter().for_each(|key| drop(self.chosen.pop(key)));
    }

    /// The accounts are others now.
    pub fn clear(&mut self) {
        self.runs.clear();
        self.chosen.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use peer::{Peer, folder_at};
    use std::os::unix::net::UnixStream;
    use std::path::Path;

    fn at(path: &str) -> FolderId {
        folder_at(Path::new(path)).unwrap()
    }

    fn one(id: &str, folders: &[&str]) -> Candidate {
        let folders: Vec<FolderId> = folders.iter().map(|path| at(path)).collect();
        Candidate { id: id.to_owned(), is_bound: !folders.is_empty(), folders }
    }

    /// As from `/usr/bin`.
    fn line() -> [FolderId; 3] {
        [at("/usr/bin"), at("/usr"), at("/")]
    }

    #[test]
    fn by_the_address_the_nearest_folder_says_which_and_nothing_else_does() {
        let (outer, inner) = (one("outer", &["/usr", "/tmp"]), one("inner", &["/usr/bin"]));
        let (other, any) = (one("other", &["/tmp"]), one("any", &[]));
        let by = |all: &[Candidate]| match choose(None, all, &line()) {
            ByFolder::This(id) => id.to_owned(),
            ByFolder::Ask(ids) => format!("ask {}", ids.join(" ")),
        };
        assert_eq!(by(&[outer.clone(), inner.clone(), any.clone()]), "inner");
        assert_eq!(by(&[outer.clone(), other.clone(), any.clone()]), "outer");
        assert_eq!(
            by(&[other.clone(), any.clone()]),
            "ask other any",
            "the one for any folder is no default"
        );
        assert_eq!(by(&[other]), "ask other", "nor is the only one");
        let same = one("same", &["/usr/bin"]);
        assert_eq!(by(&[inner, same, outer]), "ask inner same");
    }

    #[test]
    fn one_that_is_named_is_asked_about_where_it_is_not_for_the_folder() {
        let (here, there) = (one("here", &["/usr"]), one("there", &["/tmp"]));
        let gone = Candidate { id: "gone".to_owned(), is_bound: true, folders: Vec::new() };
        let any = one("any", &[]);
        let is_this = |name: &str, all: &[Candidate]| match choose(Some(name), all, &line()) {
            ByFolder::This(id) => id == name,
            ByFolder::Ask(ids) => {
                assert_eq!(ids, [name]);
                false
            }
        };
        let all = [here.clone(), there.clone(), any.clone(), gone.clone()];
        assert!(is_this("here", &all));
        assert!(!is_this("there", &all) && !is_this("gone", &all));
        assert!(!is_this("any", &all), "the folder is another's");
        let all = [there, any, gone];
        assert!(is_this("any", &all) && !is_this("there", &all) && !is_this("gone", &all));
    }

    #[test]
    fn a_folder_is_an_accounts_from_now_on_where_that_decides_and_only_there() {
        let (outer, here) = (one("outer", &["/usr"]), one("here", &["/usr/bin"]));
        let (same, any, other) = (one("same", &["/usr/bin"]), one("any", &[]), one("other", &["/tmp"]));
        let would = |named, all: &[&Candidate], among: &[&str]| {
            let all: Vec<Candidate> = all.iter().copied().cloned().collect();
            would_decide(named, &all, &line(), among)
        };
        assert!(would(None, &[&any, &other], &["any", "other"]));
        let (tie, also) = (one("tie", &["/usr"]), one("also", &["/"]));
        assert!(would(None, &[&outer, &tie, &also], &["outer", "tie"]), "it is nearer than both");
        assert!(!would(None, &[&here, &same], &["here", "same"]), "both are for this very folder");
        assert!(would(Some("any"), &[&any, &outer], &["any"]));
        assert!(would(Some("other"), &[&other, &any], &["other"]));
        assert!(!would_decide(None, &[any], &[], &["any"]));
    }

    #[test]
    fn a_run_keeps_its_first_account_and_what_was_chosen_is_taken_back_with_the_program() {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let peer = Peer::of(&ours).unwrap();
        let mut accounts = Accounts::default();
        let of = |id: &str| OfRun { id: id.to_owned(), folder: "/".into() };
        assert_eq!(accounts.keep(peer.process(), "url", of("a")), of("a"));
        assert_eq!(accounts.keep(peer.process(), "url", of("b")), of("a"));
        let who = peer.application().clone();
        let (asked, folder) = ("url".to_owned(), at("/"));
        let question = AccountAsked {
            who: who.clone(),
            asked,
            folder,
            path: String::new(),
            lasting: None,
            among: vec![],
        };
        accounts.choose(&question, Some("a"));
        assert_eq!(accounts.chosen(&who, "url", folder), Some(Some("a".to_owned())));
        assert_eq!(accounts.chosen(&who, "url", at("/usr")), None);
        accounts.choose(&question, None);
        assert_eq!(accounts.chosen(&who, "url", folder), Some(None));
        accounts.forget(&who.identity().mark());
        assert_eq!(accounts.chosen(&who, "url", folder), None);
    }
    #[test]
    fn what_is_asked_for_otherwise_is_another_thing_and_all_of_it_ends_with_an_edit() {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let peer = Peer::of(&ours).unwrap();
        let mut accounts = Accounts::default();
        let (run, who) = (peer.process(), peer.application().clone());
        accounts.keep(run, "url", OfRun { id: "a".to_owned(), folder: "/".into() });
        assert!(accounts.of_run(run, "url").is_some() && accounts.of_run(run, "name").is_none());
        let among = vec![("a".to_owned(), "acme".to_owned())];
        let (asked, folder, path) = ("url".to_owned(), at("/"), String::new());
        let question = AccountAsked { who: who.clone(), asked, folder, path, lasting: None, among };
        assert_eq!((question.offered("acme"), question.offered("other")), (Some("a"), None));
        accounts.choose(&question, Some("a"));
        assert_eq!(accounts.chosen(&who, "name", folder), None);
        accounts.forget("the mark of another program");
        assert!(accounts.chosen(&who, "url", folder).is_some());
        accounts.clear();
        assert!(accounts.chosen(&who, "url", folder).is_none() && accounts.of_run(run, "url").is_none());
    }
}
