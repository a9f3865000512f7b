//! `mcp-valet setup`: other programs led here by their own files, and back. What is changed the person says
//! where the valet runs.

use crate::failure::Failure;
use crate::print::{json, line, plain};
use crate::proposal;
use ::clients::{Aim, Change, Job, Left, Lines, Scene, Server, Standing, Wanted, shown_path};
use ::import::{Client as Program, Folders};
use clap::Args;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;
use wire::doctor::{Finding, Verdict};
use wire::{Client, SetUp, SetUpDone, SetUpFile};
use words::say;

/// Programs to lead here.
#[derive(Args)]
pub(crate) struct SetUpArgs {
    /// The programs, such as codex or claude-code.
    #[arg(value_name = "CLIENT", required_unless_present_any = ["all", "list"])]
    clients: Vec<Program>,
    /// All programs that are on this computer.
    #[arg(long, conflicts_with = "clients")]
    all: bool,
    /// List the programs, and what each is led to.
    #[arg(long, conflicts_with_all = ["clients", "all", "undo", "forget", "dry_run"])]
    list: bool,
    /// Only show what would change.
    #[arg(long)]
    dry_run: bool,
    /// Take back what was written before.
    #[arg(long)]
    undo: bool,
    /// Forget what cannot be taken back any more.
    #[arg(long, conflicts_with_all = ["undo", "dry_run"])]
    forget: bool,
    /// The files of this project, and not your own.
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,
    /// Seconds to wait for you, where MCP Valet asks you about it.
    #[arg(long, value_name = "SECONDS", default_value_t = wire::DEFAULT_WAIT)]
    wait: u32,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

pub(crate) async fn run(client: &Client, asked: SetUpArgs) -> Result<(), Failure> {
    let project = asked.project.as_ref().map(|project| project.canonicalize()).transpose()?;
    if asked.list {
        return list(&scene(client, project).await?, asked.json);
    }
    if asked.dry_run {
        let scene = scene(client, project).await?;
        let aim = if asked.undo { Aim::Back } else { Aim::Lead };
        let wanted = Wanted { clients: asked.clients, aim };
        return dry_run(&scene, &::clients::job(&scene, &wanted)?, asked.json);
    }
    if project.is_some() && !asked.json {
        writeln!(io::stderr(), "{}", say!(cli_setup_project))?;
    }
    let request = SetUp {
        clients: asked.clients.iter().map(|program| program.word().to_owned()).collect(),
        undo: asked.undo,
        forget: asked.forget,
        project: project.map(|project| project.to_string_lossy().into_owned()),
        wait: None,
    };
    ask(client, request, asked.wait, asked.json).await
}

/// Asks for it, and tells what became of it.
pub(crate) async fn ask(client: &Client, request: SetUp, wait: u32, as_json: bool) -> Result<(), Failure> {
    let asked = request.clone();
    let done = match client.set_up(&request).await {
        Err(error) if proposal::is_asked(&error) && wait > 0 => {
            let _ = writeln!(io::stderr(), "{}", say!(cli_setup_asked));
            client.set_up(&SetUp { wait: Some(wait), ..request }).await
        }
        done => done,
    };
    told(&done?, &asked, as_json)
}

/// What the valet would plan with.
async fn scene(client: &Client, project: Option<PathBuf>) -> Result<Scene, Failure> {
    let no_home = || Failure::Usage(say!(cli_import_no_home), say!(cli_import_no_home_advice));
    let folders = Folders::from_env(project).ok_or_else(no_home)?;
    let all = client.servers().await?;
    let by_folder = |url: &str| all.iter().any(|server| server.url == url && !server.folders.is_empty());
    let server = |server: &wire::Server| {
        let (name, url) = (server.name.clone(), server.url.clone());
        // By a name the folder that a program works in would decide nothing.
        let asks = if by_folder(&url) { url.clone() } else { name.clone() };
        Server { name, url, asks }
    };
    let servers = all.iter().map(server).collect();
    let program = ::clients::program().unwrap_or_else(|| "mcp-valet".to_owned());
    let store = files::paths::Paths::from_env()?.clients();
    Ok(Scene { folders, program, servers, store })
}

/// Which programs are led here, as `doctor` tells it.
pub(crate) async fn findings(client: &Client) -> Result<Vec<Finding>, Failure> {
    let of = |one: Standing| {
        let program = one.client.name();
        match (one.trouble, one.led.is_empty()) {
            (Some(trouble), _) => {
                let said = say!(itself_program_trouble, program = program, trouble = trouble.words());
                Some(Finding::of(Verdict::Note, "program", said, None))
            }
            (None, true) => None,
            (None, false) => {
                let said = say!(itself_led, program = program, servers = one.led.join(", "));
                Some(Finding::of(Verdict::Ok, "program", said, None))
            }
        }
    };
    let found: Vec<_> =
        ::clients::standing(&scene(client, None).await?)?.into_iter().filter_map(of).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    Ok(vec![Finding::of(
        Verdict::Note,
        "programs",
        say!(itself_none_led),
        Some(say!(itself_none_led_advice)),
    )])
}

fn list(scene: &Scene, as_json: bool) -> Result<(), Failure> {
    let all = ::clients::standing(scene)?;
    if as_json {
        return json(&all.iter().map(|one| standing(scene, one)).collect::<Vec<_>>());
    }
    if all.is_empty() {
        return line(&say!(cli_setup_none));
    }
    let width = all.iter().map(|one| one.client.word().len()).max().unwrap_or(0);
    for one in &all {
        let led = one.led.join(", ");
        let said = match (&one.trouble, led.is_empty()) {
            (Some(trouble), _) => say!(cli_setup_trouble, trouble = trouble.words()),
            (None, true) => say!(cli_setup_not_led),
            (None, false) => say!(cli_setup_led, servers = led),
        };
        let file = shown_path(&one.file, &scene.folders);
        line(&plain(&format!("{:width$}  {said}  ({file})", one.client.word())))?;
    }
    Ok(())
}

fn standing(scene: &Scene, one: &Standing) -> Value {
    json!({
        "client": one.client.word(),
        "program": one.client.name(),
        "file": shown_path(&one.file, &scene.folders),
        "servers": one.led,
        "trouble": one.trouble.as_ref().map(::clients::Trouble::words),
    })
}

fn dry_run(scene: &Scene, job: &Job, as_json: bool) -> Result<(), Failure> {
    let file = |change: &Change| shown_path(&change.file, &scene.folders);
    if as_json {
        let changes = job.changes.iter().map(|change| {
            let lines = change.lines.iter().map(|one| json!({ "line": one.line, "before": one.before, "after": one.after }));
            json!({ "client": change.client.word(), "file": file(change), "lines": lines.collect::<Vec<_>>() })
        });
        let left = job.left.iter().map(|left| json!({ "client": left.client.word(), "trouble": left.why }));
        return json(&json!({ "changes": changes.collect::<Vec<_>>(), "left": left.collect::<Vec<_>>() }));
    }
    let mut page = String::new();
    for change in &job.changes {
        let _ = writeln!(page, "{} ({})", file(change), change.client.name());
        if change.found.by_link {
            let _ = writeln!(
                page,
                "  {}",
                say!(ask_files_link, to = shown_path(&change.found.path, &scene.folders))
            );
        }
        change.lines.iter().for_each(|lines| diff(&mut page, lines));
    }
    job.left.iter().for_each(|left| stays(&mut page, scene, left));
    if job.changes.is_empty() {
        let _ = writeln!(page, "{}", say!(cli_setup_nothing));
    }
    line(&plain(page.trim_end()))
}

fn diff(page: &mut String, lines: &Lines) {
    let _ = writeln!(page, "  {}", say!(ask_files_line, line = lines.line.to_string()));
    let marked = |mark: char, all: &[String]| -> String {
        all.iter().map(|line| format!("  {mark} {line}\n")).collect()
    };
    page.push_str(&marked('-', &lines.before));
    page.push_str(&marked('+', &lines.after));
}

fn stays(page: &mut String, scene: &Scene, left: &Left) {
    let file = shown_path(&left.file, &scene.folders);
    let said =
        say!(cli_setup_left, file = file, program = left.client.name().to_string(), trouble = &left.why);
    let _ = writeln!(page, "{said}\n  {}", left.advice);
    left.paste.lines().for_each(|line| page.push_str(&format!("    {line}\n")));
}

/// What became of it; what did not is told, and the exit status says so.
fn told(done: &SetUpDone, asked: &SetUp, as_json: bool) -> Result<(), Failure> {
    let failed = done.files.iter().any(|file| file.trouble.is_some());
    if as_json {
        json(done)?;
        return if failed { Err(Failure::Said(1)) } else { Ok(()) };
    }
    if done.files.is_empty() {
        return line(&say!(cli_setup_nothing));
    }
    for file in done.files.iter().filter(|file| file.trouble.is_none()) {
        let (path, program, servers) = (&file.file, &file.program, file.servers.join(", "));
        line(&plain(&match (asked.undo, asked.forget) {
            (_, true) => say!(cli_setup_forgotten, program = program, file = path),
            (true, false) => say!(cli_setup_undone, program = program, file = path),
            (false, false) => say!(cli_setup_done, program = program, servers = servers, file = path),
        }))?;
    }
    troubles(&done.files)?;
    if failed {
        return Err(Failure::Said(1));
    }
    if asked.undo || asked.forget { Ok(()) } else { line(&say!(cli_setup_restart)) }
}

/// What did not become of files, and what helps.
pub(crate) fn troubles(files: &[SetUpFile]) -> Result<(), Failure> {
    for file in files {
        let Some(trouble) = &file.trouble else { continue };
        let said = say!(cli_setup_left, file = &file.file, program = &file.program, trouble = trouble);
        let advice = file.advice.as_deref().unwrap_or_default();
        writeln!(io::stderr(), "{}", plain(&format!("{said}\n  {advice}")))?;
    }
    Ok(())
}
