//! A process that is held, so that a look at it costs little: proc_pid_stat(5), proc_pid_environ(5).

use super::executable::File as Program;
use super::glance::{self, Locks};
use super::process::Sighting;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{fstat, fstatfs};
use rustix::io::pread;
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::OnceLock;

/// The file system of handles on processes (`PID_FS_MAGIC` of Linux's `magic.h`).
const PIDFS: rustix::fs::FsWord = 0x5049_4446;
/// A process can call itself something of 15 bytes; the system's own have longer names.
const LONGEST_NAME: usize = 64;

/// A process that we hold on to: its number cannot come to mean another one unnoticed.
#[derive(Debug)]
pub(crate) struct HeldProcess {
    handle: Handle,
    stat: File,
    name: Option<Name>,
    memory: Option<Memory>,
    locks: Option<Locks>,
    pub(crate) sighting: Sighting,
}

/// A handle on a process, as the kernel gives it out.
#[derive(Debug)]
pub(crate) struct Handle {
    pidfd: OwnedFd,
    /// No other process has or had it while the machine runs. `None` before Linux 6.9, where all handles have
    /// one number.
    number: Option<u64>,
}

impl From<OwnedFd> for Handle {
    fn from(pidfd: OwnedFd) -> Self {
        static NUMBERED: OnceLock<bool> = OnceLock::new();
        let has_own_file_system = || fstatfs(&pidfd).is_ok_and(|found| found.f_type == PIDFS);
        let numbered = *NUMBERED.get_or_init(has_own_file_system);
        let number = numbered.then(|| fstat(&pidfd).ok()).flatten().map(|found| found.st_ino);
        Self { pidfd, number }
    }
}

/// The memory that a program got when it was started. It is gone once nobody uses it: after an exec, and at
/// the end.
#[derive(Debug)]
struct Memory(File);

impl Memory {
    /// Nothing where we may not look, or there is no byte in the environment to look at.
    fn of(pid: Pid) -> Option<Self> {
        let memory = Self(File::open(format!("/proc/{}/environ", pid.as_raw_nonzero())).ok()?);
        memory.is_there().then_some(memory)
    }

    fn is_there(&self) -> bool {
        pread(&self.0, &mut [0_u8; 1], 0) == Ok(1)
    }
}

/// What the process calls itself: proc_pid_comm(5).
#[derive(Debug)]
struct Name(File);

impl Name {
    fn of(pid: Pid) -> Option<Self> {
        File::open(format!("/proc/{}/comm", pid.as_raw_nonzero())).ok().map(Self)
    }

    fn is(&self, comm: &str) -> bool {
        let mut said = [0_u8; LONGEST_NAME];
        let length = pread(&self.0, &mut said, 0).unwrap_or_default();
        said.split_at(length).0.strip_suffix(b"\n") == Some(comm.as_bytes())
    }
}

impl HeldProcess {
    /// Takes hold of the process with this number.
    pub(crate) fn open(pid: Pid) -> io::Result<Self> {
        Self::new(pidfd_open(pid, PidfdFlags::empty())?.into(), pid)
    }

    /// What /proc says of the number is about this process, since that lives on.
    pub(super) fn new(handle: Handle, pid: Pid) -> io::Result<Self> {
        // Of its memory first: what is seen after that is not of an earlier program.
        let (memory, locks) = (Memory::of(pid), Locks::of(pid));
        let stat = File::open(format!("/proc/{}/stat", pid.as_raw_nonzero()))?;
        let sighting = Sighting::of(pid, &stat, Program::of_process(pid).ok())?;
        let held = Self { handle, stat, name: Name::of(pid), memory, locks, sighting };
        if held.lives() { Ok(held) } else { Err(io::Error::other("it has ended")) }
    }

    /// Whether it is the process that `handle` is on.
    pub(crate) fn is_behind(&self, handle: &Handle) -> bool {
        self.handle.number.is_some() && self.handle.number == handle.number
    }

    /// Whether nothing about it has changed, not even its parent or what it calls itself.
    pub(super) fn is_the_same(&self) -> bool {
        let has_its_name = || self.name.as_ref().is_some_and(|name| name.is(&self.sighting.comm));
        (self.stands_at_a_glance() && self.has_its_parent() && has_its_name())
            || self.again().is_some_and(|now| now == self.sighting)
    }

    /// Whether it has not ended.
    pub(crate) fn lives(&self) -> bool {
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        matches!(poll(&mut [PollFd::new(&self.handle.pidfd, PollFlags::IN)], Some(&now)), Ok(0))
    }

    /// Whether it still runs the same program.
    pub(crate) fn stands(&self) -> bool {
        (self.stands_at_a_glance() && self.lives()) || self.again().is_some()
    }

    /// Whether it still runs the same program, as a child of the same process. What has ended has no parent.
    pub(crate) fn stands_by_its_parent(&self) -> bool {
        (self.stands_at_a_glance() && self.has_its_parent())
            || self.again().is_some_and(|now| now.parent == self.sighting.parent)
    }

    /// False says nothing.
    fn has_its_parent(&self) -> bool {
        let parent = self.sighting.parent;
        parent.is_some() && glance::parent(&self.handle.pidfd) == parent
    }

    /// False says nothing.
    fn stands_at_a_glance(&self) -> bool {
        self.memory.as_ref().is_some_and(Memory::is_there)
            && self.locks.is_some()
            && self.locks == Locks::of(self.sighting.pid())
    }

    /// As it is now. `None` if it ended or became another program.
    ///
    /// The program file is looked for only where its memory does not say that it is the same. Memory that
    /// another process has as well outlives an exec: where the new program was put tells that.
    pub(crate) fn again(&self) -> Option<Sighting> {
        let (pid, before) = (self.sighting.pid(), self.sighting.process);
        let is_there = self.memory.as_ref().is_some_and(Memory::is_there);
        let program = if is_there { before.file() } else { Program::of_process(pid).ok() };
        let now = Sighting::of(pid, &self.stat, program).ok()?;
        (before == now.process && (is_there || self.lives())).then_some(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Child, Command, Stdio};

    /// Says that it is there, and becomes the same program once more when it is told to.
    const BECOMES: &str = "echo 1; read line; exec /bin/sh -c 'echo 2; read line'";

    fn start(command: &mut Command) -> (Child, HeldProcess) {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        says(&mut child, "1");
        let held = HeldProcess::open(Pid::from_child(&child)).unwrap();
        (child, held)
    }

    fn says(child: &mut Child, words: &str) {
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), words);
    }

    fn becomes_another(mut child: Child) -> Child {
        child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        says(&mut child, "2");
        child
    }

    fn shell() -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", BECOMES]);
        command
    }

    /// Whatever is started by it finds all in the same places.
    fn unmoved() -> Command {
        let mut command = Command::new("setarch");
        command.args(["-R", "/bin/sh", "-c", BECOMES]);
        command
    }

    #[test]
    fn the_same_program_once_more_is_another_whatever_it_was_given() {
        for mut command in [shell(), unmoved()] {
            let (child, held) = start(command.env("A", "b"));
            assert!(held.memory.is_some() && held.again().is_some() && held.is_the_same());
            assert!(held.stands_at_a_glance() && held.stands() && held.stands_by_its_parent());
            let mut child = becomes_another(child);
            assert!(held.again().is_none(), "{command:?}");
            assert!(!held.stands() && !held.stands_by_its_parent(), "{command:?}");
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Says that it is there, and calls itself something else when it is told to.
    const RENAMES: &str = "echo 1; read line; echo another >/proc/self/comm; echo 2; read line";

    #[test]
    fn one_that_calls_itself_something_else_runs_the_same_program_and_is_looked_at_anew() {
        let (child, held) = start(Command::new("/bin/sh").args(["-c", RENAMES]));
        assert!(held.is_the_same());
        let mut child = becomes_another(child);
        assert!(!held.is_the_same() && held.stands() && held.stands_by_its_parent());
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn one_with_nothing_in_its_environment_is_looked_at_all_the_same() {
        let (child, held) = start(shell().env_clear());
        assert!(held.again().is_some());
        let mut child = becomes_another(child);
        assert!(held.again().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn one_that_has_ended_is_not_there_before_and_after_its_parent_heard_of_it() {
        let (mut child, held) = start(&mut shell());
        child.kill().unwrap();
        while held.lives() {
            std::thread::yield_now();
        }
        assert!(held.again().is_none() && !held.stands() && !held.stands_by_its_parent());
        child.wait().unwrap();
        assert!(held.again().is_none() && !held.stands() && !held.stands_by_its_parent());
    }

    /// Says who it is, and starts a child that has its memory until it becomes another program, which waits
    /// for somebody who writes to the file.
    const SHARES: &str = "import os, sys
print(os.getpid(), flush=True)
os.posix_spawn('/bin/sleep', ['sleep', '9'], {}, file_actions=[(os.POSIX_SPAWN_OPEN, 0, sys.argv[1], os.O_RDONLY, 0)])";

    #[test]
    fn an_exec_is_seen_although_another_process_has_the_memory_that_was_left() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let mut command = Command::new("python3");
        let mut parent = command.args(["-c", SHARES]).arg(&fifo).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(parent.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
        let children = format!("/proc/{0}/task/{0}/children", said.trim());
        let child = loop {
            let found = std::fs::read_to_string(&children).unwrap();
            if let Some(child) = found.split_whitespace().next() {
                break Pid::from_raw(child.parse().unwrap()).unwrap();
            }
        };
        let held = HeldProcess::open(child).unwrap();
        assert!(held.stands() && held.stands_by_its_parent());
        drop(File::options().write(true).open(&fifo).unwrap());
        while std::fs::read_to_string(format!("/proc/{}/comm", child.as_raw_nonzero())).unwrap() != "sleep\n"
        {
        }
        assert!(!held.stands() && !held.stands_by_its_parent());
        rustix::process::kill_process(child, rustix::process::Signal::KILL).unwrap();
        parent.wait().unwrap();
    }

    #[test]
    fn a_handle_tells_who_is_behind_another_one() {
        let (mut child, held) = start(&mut shell());
        let handle = |pid| Handle::from(pidfd_open(pid, PidfdFlags::empty()).unwrap());
        let is_numbered = held.handle.number.is_some();
        assert_eq!(held.is_behind(&handle(Pid::from_child(&child))), is_numbered);
        assert!(!held.is_behind(&handle(rustix::process::getpid())));
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
