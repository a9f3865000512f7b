//! Leading other programs here by their own files, and back: for a program the person is asked, who sees each
//! line.

use crate::authority::agent::Agent;
use crate::authority::looks::{self, For};
use crate::authority::returning::Returns;
use crate::authority::{adopt, forgotten, proposal};
use crate::hand_out::not_while_locked;
use crate::valet::Valet;
use clients::{Aim, Change, Job, Lines, Lost, Scene, Server, Trouble, Wanted, shown_path};
use consent::proposal::{Made, Wants};
use consent::proposed_files::{ProposedFiles, ProposedMoves};
use ground::fingerprint::fingerprint;
use import::{Client, Folders};
use peer::By;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use wire::{
    Act, Adopt, FileChange, FileLines, LostWay, Moves, Problem, Returning, SetUp, SetUpDone, SetUpFile,
};
use words::say;

/// After so long it is looked whether a program wrote its own in the meantime.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How long files have to take what is written.
const WRITING: Duration = Duration::from_secs(30);

/// What was planned, and for what.
pub(crate) struct Planned {
    scene: Scene,
    wanted: Wanted,
    job: Job,
    /// What is moved here before that.
    moves: Option<::adopt::Plan>,
    /// What comes back into files.
    returns: Returns,
}

/// Asks the person about it, and waits for the answer as long as it says.
pub(crate) async fn propose(agent: &Agent, asked: SetUp) -> Result<SetUpDone, Problem> {
    let wait = asked.wait.unwrap_or(0);
    if wait > wire::MAX_WAIT {
        return Err(problems::too_long_a_wait());
    }
    not_while_locked(agent)?;
    looks::counted(&agent.valet)?;
    let planned = plan(&agent.valet, &asked, None, For::Programs).await?;
    let mut files = planned.left();
    if planned.changes_nothing() {
        return Ok(SetUpDone { files });
    }
    let wants = Wants::Files(Box::new(planned.proposed(&agent.valet, &asked)));
    if let Made::Files(done) = proposal::propose(agent, wants, wait).await? {
        files.extend(done);
    }
    Ok(SetUpDone { files })
}

/// Makes the changes that the person agreed to, if they still come to what was shown.
pub(crate) async fn put(
    valet: &Arc<Valet>,
    proposed: &ProposedFiles,
    by: &By,
) -> Result<Vec<SetUpFile>, Problem> {
    let project = proposed.project.as_ref().map(|project| project.to_string_lossy().into_owned());
    let forget = !proposed.lost.is_empty();
    let asked = SetUp { clients: proposed.clients.clone(), undo: proposed.undo, forget, project, wait: None };
    let planned = match &proposed.moves {
        Some(shown) => adopt::plan_again(valet, &proposed.clients, shown, For::agreed(by)).await?,
        None => plan(valet, &asked, Some(proposed.servers.clone()), For::agreed(by)).await?,
    };
    carry_out(valet, planned, &proposed.mark, by).await
}

/// Makes the changes if they come to `mark`, which is of what was shown.
pub(crate) async fn carry_out(
    valet: &Arc<Valet>,
    planned: Planned,
    mark: &str,
    by: &By,
) -> Result<Vec<SetUpFile>, Problem> {
    if planned.mark() != mark {
        return Err(problems::files_changed());
    }
    if let Some(moves) = &planned.moves {
        adopt::keep(valet, &moves.servers, &planned.job, by).await?;
    }
    // It goes on where nobody waits any more: what a file takes late is written down all the same.
    let writing = valet.runtime.spawn(write(Arc::clone(valet), planned, by.clone()));
    tokio::select! {
        done = writing => done.unwrap_or_else(|_| Err(problems::files_unwritten())),
        () = valet.clock.wait(WRITING) => Err(problems::files_unwritten()),
    }
}

async fn write(valet: Arc<Valet>, planned: Planned, by: By) -> Result<Vec<SetUpFile>, Problem> {
    if planned.wanted.aim == Aim::Forget {
        return forget(&valet, planned, &by).await;
    }
    let undo = planned.wanted.aim == Aim::Back;
    let returns = planned.returns;
    let in_plain_text: Vec<String> = planned.job.changes.iter().map(|change| returns.named(change)).collect();
    let both = Arc::new((planned.scene, planned.job));
    let making = Arc::clone(&both);
    let made = move || {
        let (scene, job) = &*making;
        let make = |change| clients::carry_out(scene, change, |hole| returns.secret(change, hole));
        Ok(job.changes.iter().map(make).collect::<Vec<_>>())
    };
    let mut results = For::agreed(&by).does(made).await?;
    valet.clock.wait(LOOK_AGAIN).await;
    let looking = Arc::clone(&both);
    let stand = move || {
        let (scene, job) = &*looking;
        Ok(job.changes.iter().map(|change| clients::still_stands(scene, change)).collect::<Vec<_>>())
    };
    // What is made is told, whether or not it can be looked at again.
    let stands = For::agreed(&by).looks(&valet, stand).await.unwrap_or_default();
    for (result, stands) in results.iter_mut().zip(stands) {
        if result.is_ok() && !stands {
            *result = Err(Trouble::Overwritten);
        }
    }
    let (scene, job) = &*both;
    let done = job.changes.iter().zip(results);
    let done: Vec<SetUpFile> = done.map(|(change, result)| told(scene, change, result.err())).collect();
    note(&valet, done.iter().zip(&in_plain_text), undo, &by);
    Ok(done)
}

async fn forget(valet: &Arc<Valet>, planned: Planned, by: &By) -> Result<Vec<SetUpFile>, Problem> {
    let Planned { scene, job, .. } = planned;
    let both = Arc::new((scene, job));
    let forgetting = Arc::clone(&both);
    let forgotten = move || Ok(forgotten::forget(&forgetting.0.store, &forgetting.1.lost));
    let troubles = For::agreed(by).does(forgotten).await?;
    let (scene, job) = &*both;
    Ok(forgotten::told(valet, scene, (&job.lost, troubles), by))
}

/// Plans for what is asked, with the servers that there are or those that were shown.
pub(crate) async fn plan(
    valet: &Arc<Valet>,
    asked: &SetUp,
    servers: Option<Vec<String>>,
    whose: For,
) -> Result<Planned, Problem> {
    let clients = asked.clients.iter().map(|word| word.parse::<Client>().map_err(problems::unknown_client));
    let aim = match (asked.undo, asked.forget) {
        (false, false) => Aim::Lead,
        (true, false) => Aim::Back,
        (false, true) => Aim::Forget,
        (true, true) => return Err(problems::back_or_forgotten()),
    };
    let wanted = Wanted { clients: clients.collect::<Result<_, _>>()?, aim };
    let scene = scene(valet, asked.project.as_ref().map(PathBuf::from), servers)?;
    let planning = move || {
        let job = clients::job(&scene, &wanted).map_err(|error| problems::files_unplanned(&error))?;
        Ok(Planned { scene, wanted, job, moves: None, returns: Returns::default() })
    };
    let planned = whose.looks(valet, planning).await?;
    let returns = Returns::of(valet, &planned.job).await?;
    Ok(Planned { returns, ..planned })
}

/// Where the files are, and what there is to lead to.
pub(crate) fn scene(
    valet: &Valet,
    project: Option<PathBuf>,
    servers: Option<Vec<String>>,
) -> Result<Scene, Problem> {
    if project.as_ref().is_some_and(|project| !project.is_absolute()) {
        return Err(problems::project_unclear());
    }
    let folders = Folders::from_env(project)
        .ok_or_else(|| problems::internal(say!(problem_no_home), say!(problem_no_home_advice)))?;
    let program = clients::program().ok_or_else(problems::no_command_line)?;
    let book = valet.book();
    let all = book.servers.values().map(|server| {
        let (name, url) = (server.name.clone(), server.config.place.as_str().to_owned());
        let by_folder = book
            .servers
            .values()
            .any(|other| other.config.place.as_str() == url && !other.config.folders.is_empty());
        // By a name the folder that a program works in would decide nothing.
        let asks = if by_folder { url.clone() } else { name.clone() };
        Server { name, url, asks }
    });
    let meant = |server: &Server| servers.as_ref().is_none_or(|named| named.contains(&server.name));
    let servers = all.filter(meant).collect();
    Ok(Scene { folders, program, servers, store: valet.paths.clients() })
}

impl Planned {
    /// Moves what a plan says, and leads files here with that.
    pub(crate) fn to_move(scene: Scene, mut plan: ::adopt::Plan) -> Self {
        let wanted = Wanted { clients: Vec::new(), aim: Aim::Lead };
        let job = std::mem::take(&mut plan.job);
        Self { scene, wanted, job, moves: Some(plan), returns: Returns::default() }
    }

    /// Whether there is nothing to agree to.
    pub(crate) fn changes_nothing(&self) -> bool {
        self.job.changes.is_empty() && (self.wanted.aim != Aim::Forget || self.job.lost.is_empty())
    }

    /// Whether anything is moved here, and not files led here or back alone.
    pub(crate) const fn is_moving(&self) -> bool {
        self.moves.is_some()
    }

    /// What is moved here, and what stays.
    pub(crate) fn moves(&self) -> Moves {
        let shown =
            |plan: &::adopt::Plan| adopt::moves(&self.scene, &plan.servers, &plan.stays, &plan.copies);
        self.moves.as_ref().map(shown).unwrap_or_default()
    }

    /// The same as a program hears it that nobody was asked for: not what else servers are started with, nor
    /// where else secrets are.
    pub(crate) fn moves_unasked(&self) -> Moves {
        let mut moves = self.moves();
        moves.copies.clear();
        let servers = self.moves.iter().flat_map(|plan| &plan.servers);
        for (shown, server) in moves.servers.iter_mut().zip(servers) {
            shown.place = server.config.place.whole();
        }
        moves
    }

    /// Keys that go back into files.
    pub(crate) fn returning(&self) -> Vec<Returning> {
        self.returns.shown(&self.job)
    }

    /// A mark of all that would be made of all files.
    pub(crate) fn mark(&self) -> String {
        let aim = format!("{:?}", self.wanted.aim);
        let changed = self.job.changes.iter().map(Change::mark);
        let lost = self.job.lost.iter().filter(|_| self.wanted.aim == Aim::Forget).map(Lost::mark);
        let marks: Vec<String> = changed.chain(lost).collect();
        let servers = self.moves.iter().flat_map(|plan| &plan.servers).map(|server| {
            let entry = serde_json::Value::Object(server.entry.clone());
            let (is_there, lacks_keys) = match &server.there {
                Some(there) => (true, there.lacks_keys),
                None => (false, false),
            };
            format!("{} {is_there} {lacks_keys} {entry}", server.name)
        });
        let servers: Vec<String> = servers.collect();
        let returns: Vec<String> = self.returning().iter().map(|one| format!("{one:?}")).collect();
        let all = std::iter::once(&aim).chain(&marks).chain(&servers).chain(&returns);
        let all: Vec<&str> = all.map(String::as_str).collect();
        fingerprint(&all)
    }

    /// What would change, as it is shown.
    pub(crate) fn shown(&self) -> Vec<FileChange> {
        self.job.changes.iter().map(|change| shown(&self.scene, change)).collect()
    }

    /// What stays as it is.
    pub(crate) fn left(&self) -> Vec<SetUpFile> {
        let left = self.job.left.iter().map(|left| SetUpFile {
            client: left.client.word().to_owned(),
            program: left.client.name().to_owned(),
            file: shown_path(&left.file, &self.scene.folders),
            servers: Vec::new(),
            trouble: Some(left.why.clone()),
            advice: Some(left.advice.clone()),
        });
        left.collect()
    }

    /// Files into which nothing can be put back any more.
    pub(crate) fn lost(&self, valet: &Valet) -> Vec<LostWay> {
        forgotten::shown(valet, &self.scene, &self.job.lost)
    }

    fn proposed(&self, valet: &Valet, asked: &SetUp) -> ProposedFiles {
        let paste = self.job.changes.iter().map(|change| {
            let text = plain::shown(&change.paste);
            format!("{}\n{text}", shown_path(&change.file, &self.scene.folders))
        });
        ProposedFiles {
            clients: asked.clients.clone(),
            undo: asked.undo,
            project: self.scene.folders.project.clone(),
            servers: self.scene.servers.iter().map(|server| server.name.clone()).collect(),
            files: self.shown(),
            moves: None,
            returns: self.returning(),
            lost: if asked.forget { self.lost(valet) } else { Vec::new() },
            mark: self.mark(),
            to_paste: paste.collect::<Vec<_>>().join("\n"),
        }
    }

    /// The same, with what is moved here.
    pub(crate) fn proposed_moves(&self, valet: &Valet, asked: &Adopt) -> ProposedFiles {
        let (except, arguments) = (asked.except.clone(), asked.arguments);
        let clients = asked.clients.clone();
        let proposed = self.proposed(valet, &SetUp { clients, ..SetUp::default() });
        let ours = self.moves.as_ref().map(|plan| adopt::to_paste(&plan.servers)).unwrap_or_default();
        ProposedFiles {
            to_paste: format!(
                "{}\n{ours}\n{}",
                plain::shown(&valet.paths.config.display().to_string()),
                proposed.to_paste
            ),
            moves: Some(ProposedMoves { except, arguments, moves: self.moves() }),
            ..proposed
        }
    }
}

fn shown(scene: &Scene, change: &Change) -> FileChange {
    let line = |one: &Lines| FileLines {
        line: u32::try_from(one.line).unwrap_or(u32::MAX),
        before: one.before.clone(),
        after: one.after.clone(),
    };
    FileChange {
        program: change.client.name().to_owned(),
        file: shown_path(&change.file, &scene.folders),
        leads_to: change.found.by_link.then(|| shown_path(&change.found.path, &scene.folders)),
        is_new: change.found.text.is_none(),
        is_gone: change.is_gone(),
        in_project: change.in_project,
        lines: change.lines.iter().map(line).collect(),
    }
}

fn told(scene: &Scene, change: &Change, trouble: Option<Trouble>) -> SetUpFile {
    SetUpFile {
        client: change.client.word().to_owned(),
        program: change.client.name().to_owned(),
        file: shown_path(&change.file, &scene.folders),
        servers: change.servers.clone(),
        advice: trouble.as_ref().map(Trouble::advice),
        trouble: trouble.as_ref().map(Trouble::words),
    }
}

/// Each file, with the keys that lie in plain text in it again.
fn note<'a>(valet: &Valet, done: impl Iterator<Item = (&'a SetUpFile, &'a String)>, undo: bool, by: &By) {
    for (file, keys) in done {
        let act = if undo { Act::PutBack } else { Act::SetUp };
        let mut entry = audit::entry(valet.clock.now(), act, by.actor());
        if let By::Agent(agent) = by {
            entry.mark = audit::mark(agent);
        }
        let failed = file.trouble.as_ref().map(|_| ", which failed").unwrap_or_default();
        entry.result = Some(format!("{}: {}{failed}{keys}", file.program, file.file));
        valet.note(&entry);
    }
}
