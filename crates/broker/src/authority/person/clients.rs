//! Other programs and their files, for the person.

use crate::authority::looks::For;
use crate::authority::person::Person;
use crate::authority::setup;
use consent::proposed_files::FileChange;
use peer::By;
use serde::Serialize;
use std::sync::Arc;
use wire::{Problem, SetUp, SetUpFile};

/// What would be made of other programs' files.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FilesPlanned {
    /// What would change.
    pub files: Vec<FileChange>,
    /// What stays as it is, and why.
    pub left: Vec<SetUpFile>,
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

impl Person {
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
            Ok(FilesPlanned { files: planned.shown(), left: planned.left(), mark: planned.mark() })
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
            let planned = setup::plan(&valet, &asked, servers, For::ThePerson).await?;
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
