//! Other programs and their files, for the person.

use crate::authority::adopt::{self, Looks};
use crate::authority::looks::For;
use crate::authority::person::Person;
use crate::authority::setup::{self, Planned};
use crate::valet::Valet;
use peer::By;
use serde::Serialize;
use std::sync::Arc;
use wire::{Adopt, CopiedFile, FileChange, LostWay, Moves, Problem, Returning, SetUp, SetUpFile};

/// What would be made of other programs' files.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FilesPlanned {
    /// What would change.
    pub files: Vec<FileChange>,
    /// What stays as it is, and why.
    pub left: Vec<SetUpFile>,
    /// What is moved here with that; null where files are only led here, or back.
    pub moves: Option<Moves>,
    /// Keys that go back into files, in plain text.
    pub returns: Vec<Returning>,
    /// Files into which nothing can be put back any more.
    pub lost: Vec<LostWay>,
    /// A mark of all of it, by which it is agreed to.
    pub mark: String,
}

/// A program that lists servers, and what it is led to.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClientStanding {
    /// A word for it.
    pub client: String,
    /// Its name.
    pub program: String,
    /// Its file.
    pub file: String,
    /// The servers that it is led to.
    pub led: Vec<String>,
    /// Those that there are beside.
    pub missing: Vec<String>,
    /// Whether what was written there can be taken back.
    pub ours: bool,
    /// Why its file has to stay as it is.
    pub trouble: Option<String>,
}

impl FilesPlanned {
    fn of(valet: &Valet, planned: &Planned) -> Self {
        Self {
            files: planned.shown(),
            left: planned.left(),
            moves: planned.is_moving().then(|| planned.moves()),
            returns: planned.returning(),
            lost: planned.lost(valet),
            mark: planned.mark(),
        }
    }
}

/// Secrets that lie in plain text in the files of other programs.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SecretsLying {
    /// The entries that have some.
    pub entries: Vec<LyingEntry>,
    /// Files that have copies of them.
    pub copies: Vec<CopiedFile>,
}

/// An entry with secrets in it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LyingEntry {
    /// The name of the program.
    pub program: String,
    /// Its file.
    pub file: String,
    /// The project that it is listed for, in a file that has many.
    pub project: Option<String>,
    /// What the entry is called.
    pub name: String,
    /// Where in it the secrets are, each as a person reads it.
    pub secrets: Vec<String>,
}

impl Person {
    /// The secrets that lie in plain text in the lists of other programs, and where; of none the value.
    ///
    /// # Errors
    /// Their file system does not answer.
    pub async fn secrets_lying(&self) -> Result<SecretsLying, Problem> {
        let scene = setup::scene(&self.valet, None, None)?;
        let valet = Arc::clone(&self.valet);
        let looking = move || Ok(adopt::lying(&scene));
        self.on_broker(async move { For::ThePerson.looks(&valet, looking).await }).await
    }

    /// Plans what would be moved here of what other programs list.
    ///
    /// # Errors
    /// The vault forgets, is shut, or what was written before cannot be read.
    pub async fn plan_moves(&self, asked: Adopt) -> Result<FilesPlanned, Problem> {
        let valet = Arc::clone(&self.valet);
        self.on_broker(async move {
            let planned = adopt::plan(&valet, &asked, Looks::IntoTheVault, For::ThePerson).await?;
            Ok(FilesPlanned::of(&valet, &planned))
        })
        .await
    }

    /// Moves it here as it was planned, by its mark.
    ///
    /// # Errors
    /// It would come to something else by now, or cannot be kept.
    pub async fn move_in(&self, asked: Adopt, mark: String) -> Result<Vec<SetUpFile>, Problem> {
        let valet = Arc::clone(&self.valet);
        self.on_broker(async move {
            let planned = adopt::plan(&valet, &asked, Looks::IntoTheVault, For::AgreedPerson).await?;
            setup::carry_out(&valet, planned, &mark, &By::Person).await
        })
        .await
    }

    /// Plans what would be made of other programs' files, for these servers or all.
    ///
    /// # Errors
    /// There is no such program, or what was written before cannot be read.
    pub async fn plan_files(
        &self,
        asked: SetUp,
        servers: Option<Vec<String>>,
    ) -> Result<FilesPlanned, Problem> {
        let valet = Arc::clone(&self.valet);
        self.on_broker(async move {
            let planned = setup::plan(&valet, &asked, servers, For::ThePerson).await?;
            Ok(FilesPlanned::of(&valet, &planned))
        })
        .await
    }

    /// Makes of them what was planned, by its mark.
    ///
    /// # Errors
    /// It would come to something else by now.
    pub async fn change_files(
        &self,
        asked: SetUp,
        servers: Option<Vec<String>>,
        mark: String,
    ) -> Result<Vec<SetUpFile>, Problem> {
        let valet = Arc::clone(&self.valet);
        self.on_broker(async move {
            let planned = setup::plan(&valet, &asked, servers, For::AgreedPerson).await?;
            setup::carry_out(&valet, planned, &mark, &By::Person).await
        })
        .await
    }

    /// The programs that are here, and what each is led to.
    ///
    /// # Errors
    /// What was written before cannot be read.
    pub async fn clients(&self) -> Result<Vec<ClientStanding>, Problem> {
        let scene = setup::scene(&self.valet, None, None)?;
        let valet = Arc::clone(&self.valet);
        let looking = move || {
            let all = clients::standing(&scene).map_err(|error| problems::files_unplanned(&error))?;
            let one = |one: clients::Standing| ClientStanding {
                client: one.client.word().to_owned(),
                program: one.client.name().to_owned(),
                file: clients::shown_path(&one.file, &scene.folders),
                missing: scene
                    .servers
                    .iter()
                    .map(|server| &server.name)
                    .filter(|name| !one.led.contains(name))
                    .cloned()
                    .collect(),
                led: one.led,
                ours: one.ours,
                trouble: one.trouble.map(|trouble| trouble.words()),
            };
            Ok(all.into_iter().map(one).collect())
        };
        self.on_broker(async move { For::ThePerson.looks(&valet, looking).await }).await
    }
}
