//! Which file a command is.

use crate::fault::Fault;
use crate::program::Program;
use rustix::fs::{Access, access};
use std::env;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Where is looked without a `PATH`.
const USUAL: &str = "/usr/local/bin:/usr/bin:/bin";

/// The file of a program, found as a shell finds it: a name in the `PATH` of its own environment, a path from
/// its own folder.
pub(super) fn file(program: &Program) -> Result<PathBuf, Fault> {
    if !program.cwd.is_dir() {
        return Err(Fault::NoFolder { folder: program.cwd.clone() });
    }
    let command = || program.command.to_string_lossy().into_owned();
    let mut there = false;
    for file in candidates(program) {
        if is_program(&file) {
            return Ok(file);
        }
        there |= file.exists();
    }
    Err(match there {
        true => Fault::NotExecutable { command: command() },
        false => Fault::Missing { command: command() },
    })
}

fn candidates(program: &Program) -> Vec<PathBuf> {
    let command = Path::new(&program.command);
    if program.command.is_empty() {
        return Vec::new();
    }
    if program.command.as_bytes().contains(&b'/') {
        return vec![program.cwd.join(command)];
    }
    let path = program.variable("PATH").unwrap_or(OsStr::new(USUAL));
    env::split_paths(path).map(|folder| program.cwd.join(folder).join(command)).collect()
}

fn is_program(file: &Path) -> bool {
    file.is_file() && access(file, Access::EXEC_OK).is_ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use crate::program::Word;

    fn found(command: &str, path: &str, cwd: &Path) -> Result<PathBuf, Fault> {
        let env = vec![("PATH".into(), Word::from(path))];
        file(&Program { command: command.into(), args: vec![], env, cwd: cwd.into(), secrets: vec![] })
    }

    #[test]
    fn a_command_is_found_as_a_shell_finds_it_and_else_it_is_said_why_not() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        std::fs::write(here.join("plain"), "").unwrap();
        assert_eq!(found("sh", "/nowhere:/bin", here), Ok("/bin/sh".into()));
        assert_eq!(found("/bin/sh", "", here), Ok("/bin/sh".into()));
        assert_eq!(found("./plain", "", here).unwrap_err().code(), "program_not_executable");
        assert_eq!(found("sh", "/nowhere", here).unwrap_err().code(), "program_missing");
        assert_eq!(found("", "/bin", here).unwrap_err().code(), "program_missing");
        assert_eq!(found("sh", "/bin", &here.join("none")).unwrap_err().code(), "program_without_folder");
    }
}
