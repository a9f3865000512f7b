//! A question about files of other programs, in words.

use broker::wire::{Comes, FileChange, FileLines, LostWay, MovedServer, Moves, Returning, Staying};
use words::say;

/// What is asked for.
pub(crate) struct Asked<'a> {
    pub(crate) undo: bool,
    pub(crate) files: &'a [FileChange],
    pub(crate) moves: Option<&'a Moves>,
    pub(crate) returns: &'a [Returning],
    pub(crate) lost: &'a [LostWay],
}

/// The question, with each line that goes or comes.
pub(crate) fn words(agent: &str, program: &str, asked: &Asked<'_>) -> String {
    if !asked.lost.is_empty() {
        return to_forget(agent, program, asked.lost);
    }
    let asks = match (asked.moves, asked.undo) {
        (Some(_), _) => say!(ask_adopt, agent = agent),
        (None, true) => say!(ask_files_back, agent = agent),
        (None, false) => say!(ask_files, agent = agent),
    };
    let change = if asked.moves.is_some() { say!(ask_adopt_change) } else { say!(ask_files_change) };
    let moves = asked.moves.map(moved).unwrap_or_default();
    let returns: String = asked.returns.iter().map(returned).collect();
    let files: String = asked.files.iter().map(file).collect();
    format!("\n{asks}\n{program}{moves}{files}{returns}  {change}  {} > ", say!(ask_yes_no))
}

fn to_forget(agent: &str, program: &str, lost: &[LostWay]) -> String {
    let one = |lost: &LostWay| {
        let said = format!("  {} ({}) {}\n", lost.file, lost.program, lost.why);
        let keys = lost.keys.join(", ");
        if keys.is_empty() { said } else { format!("{said}    {}\n", say!(ask_forget_keys, keys = keys)) }
    };
    let (asks, note) = (say!(ask_forget, agent = agent), say!(ask_forget_note));
    let lost: String = lost.iter().map(one).collect();
    format!("\n{asks}\n{program}{lost}  {note}\n  {}  {} > ", say!(ask_forget_it), say!(ask_yes_no))
}

fn moved(moves: &Moves) -> String {
    let server = |one: &MovedServer| {
        let (server, place, programs) = (&one.name, &one.place, one.programs.join(", "));
        match one.secrets.as_slice() {
            [] => say!(ask_adopt_signs_in, server = server, place = place, programs = programs),
            all => {
                let secrets = all.join(", ");
                say!(ask_adopt_keeps, server = server, place = place, secrets = secrets, programs = programs)
            }
        }
    };
    let staying = |one: &Staying| {
        let (entry, program, file, why) = (&one.name, &one.program, &one.file, &one.why);
        match one.secrets.is_empty() {
            true => say!(ask_adopt_stays, entry = entry, program = program, file = file, why = why),
            false => say!(ask_adopt_secret_stays, entry = entry, program = program, file = file, why = why),
        }
    };
    let servers = moves.servers.iter().map(server);
    let stays = moves.stays.iter().map(staying);
    let copies = moves
        .copies
        .iter()
        .map(|one| say!(ask_adopt_copied, file = &one.file, secrets = one.secrets.to_string()));
    servers.chain(stays).chain(copies).map(|line| format!("  {line}\n")).collect()
}

fn returned(one: &Returning) -> String {
    let (key, server, program) = (&one.key, &one.server, &one.program);
    let said = match one.comes {
        Comes::Back => say!(ask_returns, key = key, server = server, program = program),
        Comes::Gone => say!(ask_returns_gone, key = key, server = server, program = program),
        Comes::Another => say!(ask_returns_another, key = key, server = server, program = program),
    };
    format!("  {said}\n")
}

fn file(change: &FileChange) -> String {
    let mut said = format!("  {} ({})\n", change.file, change.program);
    let mut remark = |text: String| said.push_str(&format!("    {text}\n"));
    if let Some(to) = &change.leads_to {
        remark(say!(ask_files_link, to = to));
    }
    if change.in_project {
        remark(say!(ask_files_project));
    }
    if change.is_new {
        remark(say!(ask_files_new));
    }
    if change.is_gone {
        remark(say!(ask_files_gone));
    }
    said + &change.lines.iter().map(lines).collect::<String>()
}

fn lines(lines: &FileLines) -> String {
    let begin = format!("    {}\n", say!(ask_files_line, line = lines.line.to_string()));
    let marked = |mark: char, all: &[String]| -> String {
        all.iter().map(|line| format!("    {mark} {line}\n")).collect()
    };
    begin + &marked('-', &lines.before) + &marked('+', &lines.after)
}
