//! What was begun here and takes a while: it has a task of its own, because it may itself ask something.

use broker::{Mend, Person, Secret};
use std::path::PathBuf;
use tokio::task::JoinSet;
use words::say;

/// What is under way. Nothing asks for the same meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Busy {
    SignIn(String),
    Unlock,
    Vault,
}

/// What is done with the vault.
pub(crate) enum Task {
    /// Opens it with this passphrase, or makes it.
    Open(Secret),
    Mend(Mend),
    /// Looks whether what was gone is back.
    Look,
    /// Copies everything to a new file.
    BackUp(PathBuf, Secret),
    /// Takes in what such a file has.
    Restore(PathBuf, Secret),
}

/// All that is under way, and what came of the rest.
#[derive(Debug, Default)]
pub(crate) struct Work {
    doing: Vec<Busy>,
    tasks: JoinSet<(Busy, Option<String>)>,
    outcomes: Vec<String>,
}

impl Work {
    pub(crate) fn sign_in(&mut self, person: &Person, server: String) {
        let person = person.clone();
        self.begin(Busy::SignIn(server.clone()), async move { Some(sign_in(&person, &server).await) });
    }

    pub(crate) fn unlock(&mut self, person: &Person) {
        let person = person.clone();
        self.begin(Busy::Unlock, async move {
            person.unlock().await.err().map(|problem| format!("{}. {}", problem.detail, problem.advice))
        });
    }

    pub(crate) fn vault(&mut self, person: &Person, deed: Task) {
        let person = person.clone();
        self.begin(Busy::Vault, async move { carry_out(&person, deed).await });
    }

    fn begin(&mut self, doing: Busy, task: impl Future<Output = Option<String>> + Send + 'static) {
        self.doing.push(doing.clone());
        self.tasks.spawn(async move { (doing, task.await) });
    }

    pub(crate) fn is_doing(&self, what: &Busy) -> bool {
        self.doing.contains(what)
    }

    /// What came of what has ended since.
    pub(crate) fn outcomes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.outcomes)
    }

    /// Waits until something ends.
    pub(crate) async fn end_of_one(&mut self) {
        match self.tasks.join_next().await {
            Some(Ok((doing, outcome))) => {
                self.doing.retain(|other| *other != doing);
                self.outcomes.extend(outcome);
            }
            // It panicked: which one is not told.
            Some(Err(_)) => self.doing.clear(),
            None => std::future::pending().await,
        }
    }
}

async fn sign_in(person: &Person, server: &str) -> String {
    let (begun, is_open) = match person.sign_in(server, None).await {
        Ok(begun) => begun,
        Err(problem) => return format!("{}. {}", problem.detail, problem.advice),
    };
    let resource =
        begun.other_resource.map(|resource| format!(" {}", say!(terminal_tokens_for, resource = resource)));
    let resource = resource.unwrap_or_default();
    match is_open {
        true => say!(terminal_browser_open, server = server) + &resource,
        false => {
            let open = say!(terminal_open_this, server = server);
            format!("{open}{resource}\n  {}", begun.authorization_url)
        }
    }
}

async fn carry_out(person: &Person, deed: Task) -> Option<String> {
    let (done, said) = match deed {
        Task::Open(passphrase) => (person.open_vault(passphrase).await, Some(say!(terminal_file_open))),
        Task::Mend(how) => (person.mend_vault(how).await, None),
        // Whoever looks is asked the same again where nothing is back.
        Task::Look => (person.unlock().await.or(Ok(())), None),
        Task::BackUp(file, passphrase) => {
            let said = say!(terminal_backed_up, file = file.display().to_string());
            (person.back_up(file, passphrase).await, Some(said))
        }
        Task::Restore(file, passphrase) => {
            (person.restore(file, passphrase).await, Some(say!(terminal_restored)))
        }
    };
    match done {
        Ok(()) => said,
        Err(problem) => Some(format!("{}. {}", problem.detail, problem.advice)),
    }
}
