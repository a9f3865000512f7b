//! Processes, as /proc tells of them: proc_pid_stat(5), proc_pid_exe(5), proc_pid_cmdline(5).

use super::executable::File;
use super::read::{bounded, link};
use rustix::io::pread;
use rustix::process::Pid;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of a command line that are read.
const MAX_WORDS: usize = 4 << 10;
const MAX_STAT: usize = 2 << 10;

/// One run of a program: a number may be given to another process later, and a process may become another
/// program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Process {
    pid: Pid,
    /// In ticks since the machine started.
    started: u64,
    image: Image,
    /// Its program file. `None` where we may not look.
    file: Option<File>,
}

/// Where the kernel put the parts of a program when it was started. They are chosen anew each time, also for
/// the same file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Image {
    code: u64,
    stack: u64,
    heap: u64,
}

impl Process {
    /// One that cannot be looked at: it is equal to no other.
    pub(crate) fn out_of_sight(pid: Pid) -> Self {
        static LAST: AtomicU64 = AtomicU64::new(u64::MAX);
        Self { pid, started: LAST.fetch_sub(1, Ordering::Relaxed), image: Image::default(), file: None }
    }

    /// Whether it was out of sight when it was looked for.
    pub(crate) fn is_out_of_sight(self) -> bool {
        self.file.is_none() && self.image == Image::default()
    }

    pub(crate) const fn pid(self) -> Pid {
        self.pid
    }

    /// Whether it began before `other`, or as far as can be told at the same moment.
    pub(crate) const fn is_no_younger_than(self, other: Self) -> bool {
        self.started <= other.started
    }

    /// In ticks since the machine started.
    pub(crate) const fn started(self) -> u64 {
        self.started
    }

    pub(super) const fn file(self) -> Option<File> {
        self.file
    }

    pub(super) const fn began_by(self, ticks: u64) -> bool {
        self.started <= ticks
    }
}

/// One look at a process: which run of which program it is, and whose child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sighting {
    pub(crate) process: Process,
    /// The process that it is a child of. `None` for the first one.
    pub(crate) parent: Option<Pid>,
    /// The name that it goes by, which it can set.
    pub(crate) comm: String,
}

impl Sighting {
    /// The process with this number and this program file, by the file in which the kernel tells of it.
    pub(super) fn of(pid: Pid, stat: &fs::File, file: Option<File>) -> io::Result<Self> {
        // Into a place that is there: it is looked at for every request.
        let mut text = [0; MAX_STAT];
        let length = pread(stat, &mut text, 0)?;
        let sighting = Self::read(pid, &String::from_utf8_lossy(&text[..length]), file);
        sighting.ok_or_else(|| io::Error::other("it cannot be read"))
    }

    fn read(pid: Pid, stat: &str, file: Option<File>) -> Option<Self> {
        // The program's name, in brackets, may itself hold spaces and brackets.
        let (start, rest) = stat.rsplit_once(')')?;
        let comm = start.split_once('(')?.1.to_owned();
        let mut fields = rest.split_ascii_whitespace();
        // The first one here is the third of the manual, and what has been passed is not counted again.
        let mut number = |passed: usize, field: usize| fields.nth(field - passed - 1)?.parse::<u64>().ok();
        let parent = number(2, 4)?.try_into().ok().and_then(Pid::from_raw);
        let started = number(4, 22)?;
        let image = Image { code: number(22, 26)?, stack: number(26, 28)?, heap: number(28, 47)? };
        Some(Self { process: Process { pid, started, image, file }, parent, comm })
    }

    pub(crate) const fn pid(&self) -> Pid {
        self.process.pid
    }

    /// The user that it runs as.
    pub(crate) fn user(&self) -> io::Result<u32> {
        Ok(fs::metadata(format!("/proc/{}", self.pid().as_raw_nonzero()))?.uid())
    }

    /// The words that it was started with, as far as it left them as they were.
    pub(crate) fn words(&self) -> Vec<String> {
        let words = bounded(format!("/proc/{}/cmdline", self.pid().as_raw_nonzero()), MAX_WORDS);
        let words = words.unwrap_or_default();
        words.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
    }

    /// The folder that it works in.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        link(&format!("/proc/{}/cwd", self.pid().as_raw_nonzero())).ok()
    }

    /// Whether it is in the namespace of this kind that we are in.
    pub(crate) fn shares(&self, kind: &str) -> bool {
        let theirs = self.namespace(kind);
        let ours = link(&format!("/proc/self/ns/{kind}"));
        matches!((theirs, ours), (Ok(theirs), Ok(ours)) if theirs == ours)
    }

    /// The namespace of this kind that it is in: another one may be called the same once nobody is in it.
    pub(crate) fn namespace(&self, kind: &str) -> io::Result<PathBuf> {
        link(&format!("/proc/{}/ns/{kind}", self.pid().as_raw_nonzero()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_move_the_fields() {
        let fields: Vec<String> = (3..=52).map(|field| field.to_string()).collect();
        let stat = format!("7 (a) 1 (b) {}", fields.join(" "));
        let sighting = Sighting::read(Pid::INIT, &stat, None).unwrap();
        assert_eq!(sighting.comm, "a) 1 (b");
        assert_eq!((sighting.process.started, sighting.parent), (22, Pid::from_raw(4)));
        assert_eq!(sighting.process.image, Image { code: 26, stack: 28, heap: 47 });
    }
}
