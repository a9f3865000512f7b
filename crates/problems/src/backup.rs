//! What is said about backups.

use super::invalid_request;
use wire::Problem;
use words::say;

/// The path means something else to whoever reads it.
#[must_use]
pub fn backup_path() -> Problem {
    invalid_request(say!(problem_backup_path), say!(problem_backup_path_advice))
}

/// Something is kept here already.
#[must_use]
pub fn restore_beside_others() -> Problem {
    invalid_request(say!(problem_restore_beside), say!(problem_restore_beside_advice))
}

/// Nothing is kept here for longer than the valet runs.
#[must_use]
pub fn restore_would_be_forgotten() -> Problem {
    invalid_request(say!(problem_restore_forgotten), say!(problem_restore_forgotten_advice))
}

/// Several machines share what is kept.
#[must_use]
pub fn backup_of_fleet() -> Problem {
    invalid_request(say!(problem_backup_fleet), say!(problem_backup_fleet_advice))
}
