//! What is said about other programs' files.

use super::invalid_request;
use wire::{Code, Problem, Reason};
use words::say;

/// The person has not answered yet.
#[must_use]
pub fn files_proposed(programs: &str) -> Problem {
    let detail = say!(problem_files_proposed, programs = programs);
    Problem::new(Code::ConsentRequired, detail, say!(problem_files_proposed_advice)).because(Reason::Proposed)
}

/// The person does not want it.
#[must_use]
pub fn files_refused(programs: &str) -> Problem {
    let detail = say!(problem_files_refused, programs = programs);
    Problem::new(Code::Denied, detail, say!(problem_files_refused_advice)).because(Reason::ProposalRefused)
}

/// Nobody can be asked: what the person would write is said whole.
#[must_use]
pub fn nobody_for_files(programs: &str, to_paste: &str, undo: bool) -> Problem {
    let advice = match undo {
        true => say!(problem_nobody_for_files_back),
        false => format!("{}\n{to_paste}", say!(problem_nobody_for_files_advice)),
    };
    Problem::new(Code::ConsentRequired, say!(problem_nobody_for_files, programs = programs), advice)
        .because(Reason::NobodyToAsk)
}

/// Nobody can be asked whether what cannot be taken back is to be forgotten.
#[must_use]
pub fn nobody_to_forget(programs: &str) -> Problem {
    let detail = say!(problem_nobody_for_files, programs = programs);
    Problem::new(Code::ConsentRequired, detail, say!(problem_nobody_to_forget_advice))
        .because(Reason::NobodyToAsk)
}

/// What is taken back is not forgotten.
#[must_use]
pub fn back_or_forgotten() -> Problem {
    invalid_request(say!(problem_back_or_forgotten), say!(problem_back_or_forgotten_advice))
}

/// The files would come to something else than was shown.
#[must_use]
pub fn files_changed() -> Problem {
    invalid_request(say!(problem_files_changed), say!(problem_files_changed_advice))
}

/// What was written before cannot be read.
#[must_use]
pub fn files_unplanned(error: &std::io::Error) -> Problem {
    let detail = say!(problem_files_unplanned, error = error.to_string());
    Problem::new(Code::Internal, detail, say!(problem_files_unplanned_advice))
}

/// Somebody else's look at them is not over.
#[must_use]
pub fn files_busy() -> Problem {
    Problem::new(Code::Busy, say!(problem_files_busy), say!(problem_files_busy_advice))
}

/// Programs had them looked through as often as they may within a minute.
#[must_use]
pub fn files_often() -> Problem {
    Problem::new(Code::Busy, say!(problem_files_often), say!(problem_files_often_advice))
}

/// Their file system does not answer.
#[must_use]
pub fn files_unanswered() -> Problem {
    Problem::new(Code::Timeout, say!(problem_files_unanswered), say!(problem_files_unanswered_advice))
}

/// It does not take what is written there.
#[must_use]
pub fn files_unwritten() -> Problem {
    Problem::new(Code::Timeout, say!(problem_files_unwritten), say!(problem_files_unwritten_advice))
}

/// No program goes by that word.
#[must_use]
pub fn unknown_client(unknown: impl std::fmt::Display) -> Problem {
    invalid_request(say!(problem_client_unknown), format!("{unknown}"))
}

/// A project is named by a part of its path alone.
#[must_use]
pub fn project_unclear() -> Problem {
    invalid_request(say!(problem_project_unclear), say!(problem_project_unclear_advice))
}

/// There is no command line to lead other programs to.
#[must_use]
pub fn no_command_line() -> Problem {
    Problem::new(Code::Internal, say!(problem_no_command_line), say!(problem_no_command_line_advice))
}

/// A vault that forgets would lose what is moved into it.
#[must_use]
pub fn moves_need_a_vault() -> Problem {
    invalid_request(say!(problem_moves_need_a_vault), say!(problem_moves_need_a_vault_advice))
}

/// The vault does not say again what it was given, so no file was touched.
#[must_use]
pub fn not_kept(server: &str) -> Problem {
    let detail = say!(problem_not_kept, server = server);
    Problem::new(Code::Internal, detail, say!(problem_not_kept_advice))
}
