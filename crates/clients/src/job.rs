//! What is done for the person: looked at and planned for all files together, shown, and carried out as it
//! was shown.

use crate::hole::{Hole, within};
use crate::lost::Lost;
use crate::origin::{Origin, Placed, placed};
use crate::place::{Found, look, mark};
use crate::plan::{Led, Server, led, plan, to_paste};
use crate::record::{Back, Edit, Record, Records};
use crate::shown::{self, Lines};
use crate::table::{Spot, boxed, is_here, of, spots};
use crate::trouble::Trouble;
use import::{Client, Folders};
use std::io;
use std::path::{Path, PathBuf};
use words::say;

/// Where everything is, and what there is to lead to.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Where the files of programs are.
    pub folders: Folders,
    /// The command line that entries name.
    pub program: String,
    /// The servers.
    pub servers: Vec<Server>,
    /// The file in which it is written down what was written.
    pub store: PathBuf,
}

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// These programs; all that have left a trace here, or were led here, if none is named.
    pub clients: Vec<Client>,
    /// What is to be made of them.
    pub aim: Aim,
}

/// What is to be made of files of other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// They lead here.
    Lead,
    /// What was written is taken back.
    Back,
    /// What cannot be taken back any more is not written down for that any longer.
    Forget,
}

/// What would be done.
#[derive(Debug, Default)]
pub struct Job {
    /// Files that would be changed.
    pub changes: Vec<Change>,
    /// What stays as it is, and why.
    pub left: Vec<Left>,
    /// Ways back that lead nowhere any more.
    pub lost: Vec<Lost>,
}

/// A file that would be changed.
#[derive(Debug)]
pub struct Change {
    /// Its program.
    pub client: Client,
    /// The file, as it is reached.
    pub file: PathBuf,
    /// Where it is, and what is in it.
    pub found: Found,
    /// Whether it belongs to a project, and so to others as well.
    pub in_project: bool,
    /// What changes.
    pub lines: Vec<Lines>,
    /// The servers that it is about.
    pub servers: Vec<String>,
    /// What a person would put there by themselves.
    pub paste: String,
    /// Secrets that come back to it.
    pub holes: Vec<Hole>,
    /// Where in it each secret is that comes back, or leaves.
    pub placed: Vec<Placed>,
    pub(crate) spot: Spot,
    pub(crate) after: Option<String>,
    pub(crate) edit: Option<Edit>,
    /// What is taken back, as it is written down.
    pub(crate) taken: Vec<Edit>,
    /// What stays written down of it.
    pub(crate) kept: Vec<Edit>,
}

impl Change {
    /// Whether there will be no file.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        self.after.is_none()
    }

    /// What is in it afterwards, holes and all; nothing if there will be none.
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// What stood there and is written down for the way back, with holes where the secrets were.
    pub fn written_down(&self) -> impl Iterator<Item = &str> {
        self.edit.iter().flat_map(|edit| &edit.splices).map(|splice| splice.old.as_str())
    }

    /// The entries that a secret is in; none where it is anywhere else as well.
    #[must_use]
    pub fn origins(&self, hole: &Hole) -> &[Origin] {
        let own = self.placed.iter().find(|(one, _)| one == hole);
        own.map(|(_, origins)| origins.as_slice()).unwrap_or_default()
    }

    /// A mark of what is there before and afterwards.
    #[must_use]
    pub fn mark(&self) -> String {
        let after = self.after.as_deref().map(mark).unwrap_or_default();
        format!("{} {} {after}", self.found.path.display(), self.found.mark())
    }
}

/// What stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The program.
    pub client: Client,
    /// The file.
    pub file: PathBuf,
    /// Why, as the end of a sentence about the file.
    pub why: String,
    /// What helps.
    pub advice: String,
    /// What a person would put there by themselves.
    pub paste: String,
}

/// Looks at all files, and plans.
///
/// # Errors
/// What was written before cannot be read.
pub fn job(scene: &Scene, wanted: &Wanted) -> io::Result<Job> {
    let records = Records::read(&scene.store)?;
    let mut job = Job::default();
    if wanted.aim != Aim::Lead {
        let meant = |record: &&Record| wanted.clients.is_empty() || wanted.clients.contains(&record.client);
        let in_project =
            |record: &&Record| scene.folders.project.is_none() || record.project == scene.folders.project;
        records.all().iter().filter(meant).filter(in_project).for_each(|record| job.take_back(scene, record));
        return Ok(match wanted.aim {
            Aim::Forget => Job { lost: job.lost, ..Job::default() },
            Aim::Lead | Aim::Back => job,
        });
    }
    let here = |client: &Client| is_here(*client, &scene.folders);
    let clients = match wanted.clients.is_empty() {
        true => Client::ALL.into_iter().filter(here).collect(),
        false => wanted.clients.clone(),
    };
    for client in clients {
        if let Some(kind) = boxed(client, &scene.folders).filter(|_| !here(&client)) {
            job.leave(
                scene,
                &spots(client, &scene.folders)[0],
                say!(setup_boxed, kind = kind),
                say!(setup_boxed_advice),
            );
            continue;
        }
        let own = Folders { project: None, ..scene.folders.clone() };
        if !here(&client) && !is_here(client, &own) {
            let spot = &spots(client, &scene.folders)[0];
            job.leave(scene, spot, say!(setup_no_trace), say!(setup_no_trace_advice));
            continue;
        }
        spots(client, &scene.folders).iter().for_each(|spot| job.lead(scene, spot));
    }
    Ok(job)
}

impl Job {
    fn lead(&mut self, scene: &Scene, spot: &Spot) {
        if let Err(trouble) = self.try_lead(scene, spot) {
            self.leave(scene, spot, trouble.words(), trouble.advice());
        }
    }

    fn try_lead(&mut self, scene: &Scene, spot: &Spot) -> Result<(), Trouble> {
        let found = look(spot, &scene.folders)?;
        // Some programs read the same file of a project: it is written once.
        if self.changes.iter().any(|change| change.found.path == found.path) {
            return Ok(());
        }
        let text = found.text.clone().unwrap_or_default();
        let plan = plan(spot, &text, &scene.program, &scene.servers)?;
        if !plan.taken.is_empty() {
            let names = plan.taken.join(", ");
            self.leave(scene, spot, say!(setup_taken, names = names), say!(setup_taken_advice));
        }
        if !plan.kept.is_empty() {
            let names = plan.kept.join(", ");
            self.leave(scene, spot, say!(setup_kept, names = names), say!(setup_kept_advice));
        }
        if plan.added.is_empty() {
            return Ok(());
        }
        let (before, after) = (found.mark(), mark(&plan.after));
        let servers: Vec<String> = plan.added.iter().map(|led| led.server.clone()).collect();
        self.changes.push(Change {
            client: spot.client,
            file: spot.path.clone(),
            in_project: spot.project.is_some(),
            lines: Lines::of(&text, &plan.splices),
            paste: to_paste(spot, &scene.program, &meant(scene, &servers)),
            servers,
            spot: spot.clone(),
            after: Some(plan.after),
            holes: Vec::new(),
            placed: Vec::new(),
            edit: Some(Edit {
                before,
                after,
                splices: plan.splices,
                led: plan.added,
                holes: Vec::new(),
                rights: None,
                follows: false,
            }),
            taken: Vec::new(),
            kept: Vec::new(),
            found,
        });
        Ok(())
    }

    /// What nothing is taken back of has a way back that leads nowhere.
    fn take_back(&mut self, scene: &Scene, record: &Record) {
        let (changes, left) = (self.changes.len(), self.left.len());
        self.find_way_back(scene, record);
        if self.changes.len() == changes {
            let why = self.left.get(left).map_or_else(|| say!(setup_is_back), |left| left.why.clone());
            self.lost.push(Lost::of(record, why));
        }
    }

    fn find_way_back(&mut self, scene: &Scene, record: &Record) {
        let folders = Folders { project: record.project.clone(), ..scene.folders.clone() };
        let of_record = |spot: &Spot| look(spot, &folders).is_ok_and(|found| found.path == record.path);
        let Some(spot) = of(record.client, &folders).find(of_record) else {
            self.left.push(Left {
                client: record.client,
                file: record.path.clone(),
                why: say!(setup_lost),
                advice: say!(setup_lost_advice),
                paste: String::new(),
            });
            return;
        };
        if let Err(trouble) = self.try_back(&spot, &folders, record) {
            let (client, file) = (record.client, spot.path);
            let advice = if trouble == Trouble::Gone { trouble.advice() } else { say!(setup_lost_advice) };
            let why = trouble.words();
            self.left.push(Left { client, file, why, advice, paste: String::new() });
        }
    }

    fn try_back(&mut self, spot: &Spot, folders: &Folders, record: &Record) -> Result<(), Trouble> {
        let found = look(spot, folders)?;
        let text = found.text.as_ref().ok_or(Trouble::Gone)?;
        let (after, lines, kept) = match record.back(spot, text, mark)? {
            Back::Gone => (None, vec![Lines::gone(text)], Vec::new()),
            Back::Text { text, lines, kept } => (Some(text), lines, kept),
        };
        self.left.extend(kept.iter().flat_map(|edit| {
            edit.led.iter().map(|led| Left {
                client: record.client,
                file: spot.path.clone(),
                why: say!(adopt_not_ours, entry = shown::one_line(&led.key), server = led.server.clone()),
                advice: say!(adopt_not_ours_advice),
                paste: String::new(),
            })
        }));
        if after.as_ref() == Some(text) {
            return Ok(());
        }
        let all = record.edits.iter().flat_map(|edit| &edit.led);
        let holes = within(after.as_deref().unwrap_or_default(), &record.holes());
        self.changes.push(Change {
            client: record.client,
            file: spot.path.clone(),
            in_project: spot.project.is_some(),
            lines,
            servers: all.map(|Led { server, .. }| server.clone()).collect(),
            paste: String::new(),
            spot: spot.clone(),
            placed: placed(spot, &found.path, after.as_deref().unwrap_or_default(), &holes),
            holes,
            after,
            edit: None,
            taken: record.edits.clone(),
            kept,
            found,
        });
        Ok(())
    }

    fn leave(&mut self, scene: &Scene, spot: &Spot, why: String, advice: String) {
        let paste = to_paste(spot, &scene.program, &scene.servers);
        self.left.push(Left { client: spot.client, file: spot.path.clone(), why, advice, paste });
    }
}

/// What each program that is here, or was led here, is led to.
///
/// # Errors
/// What was written before cannot be read.
pub fn standing(scene: &Scene) -> io::Result<Vec<Standing>> {
    let records = Records::read(&scene.store)?;
    let here = |client: &Client| is_here(*client, &scene.folders) || records.has(*client);
    let one = |client: Client| {
        let all = spots(client, &scene.folders).into_iter().map(|spot| {
            let found = look(&spot, &scene.folders)?;
            Ok((spot.path.clone(), led(&spot, found.text.as_deref().unwrap_or_default())?))
        });
        let (mut all_led, mut trouble, mut file) = (Vec::new(), None, None);
        for found in all.collect::<Vec<Result<_, Trouble>>>() {
            match found {
                Ok((path, own)) => {
                    file.get_or_insert(path);
                    all_led.extend(own.into_iter().flat_map(|led| names(scene, &led.server)));
                }
                Err(why) => trouble = Some(why),
            }
        }
        let file = file.or_else(|| Some(spots(client, &scene.folders).first()?.path.clone()));
        Standing { client, file: file.unwrap_or_default(), led: all_led, trouble, ours: records.has(client) }
    };
    Ok(Client::ALL.into_iter().filter(here).map(one).collect())
}

/// Those of the servers that go by these names.
fn meant(scene: &Scene, names: &[String]) -> Vec<Server> {
    scene.servers.iter().filter(|server| names.contains(&server.name)).cloned().collect()
}

/// The names of the servers that an entry leads to which asks for this.
pub(crate) fn names(scene: &Scene, asked: &str) -> Vec<String> {
    let meant = scene.servers.iter().filter(|server| server.name == asked || server.asks == asked);
    let names: Vec<String> = meant.map(|server| server.name.clone()).collect();
    if names.is_empty() { vec![asked.to_owned()] } else { names }
}

/// What a program is led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The program.
    pub client: Client,
    /// Its file.
    pub file: PathBuf,
    /// The servers.
    pub led: Vec<String>,
    /// Why its file has to stay as it is.
    pub trouble: Option<Trouble>,
    /// Whether it can be taken back.
    pub ours: bool,
}

/// The command line that entries name, which stands beside this program: by its path, unless every program
/// finds it.
#[must_use]
pub fn program() -> Option<String> {
    let beside = std::env::current_exe().ok()?.with_file_name("mcp-valet");
    let is_usual = beside.parent() == Some(Path::new("/usr/bin"));
    let path = beside.is_file().then_some(beside)?.into_os_string().into_string().ok()?;
    Some(if is_usual { "mcp-valet".to_owned() } else { path })
}

/// A path as a person reads it.
#[must_use]
pub fn shown_path(path: &Path, folders: &Folders) -> String {
    let below = path.strip_prefix(&folders.home).map(|rest| format!("~/{}", rest.display()));
    shown::one_line(&below.unwrap_or_else(|_| path.display().to_string()))
}
