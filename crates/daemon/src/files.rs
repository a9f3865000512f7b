//! A question about files of other programs, in words.

use broker::{FileChange, FileLines};
use words::say;

/// The question, with each line that goes or comes.
pub(crate) fn words(agent: &str, program: &str, undo: bool, files: &[FileChange]) -> String {
    let asks = match undo {
        true => say!(ask_files_back, agent = agent),
        false => say!(ask_files, agent = agent),
    };
    let files: String = files.iter().map(file).collect();
    format!("\n{asks}\n{program}{files}  {}  {} > ", say!(ask_files_change), say!(ask_yes_no))
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
