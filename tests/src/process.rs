//! A child in a process group of its own that cannot outlive the test.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::{still, until};

/// A running program: its group is killed on drop, its output is kept in files.
#[derive(Debug)]
pub struct Process {
    child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
    _leash: Leash,
}

impl Process {
    /// Starts `command` with its output in `logs/name.out` and `logs/name.err`.
    pub fn spawn(command: &mut Command, name: &str, logs: &Path) -> Self {
        let (stdout, stderr) = (logs.join(format!("{name}.out")), logs.join(format!("{name}.err")));
        command.stdout(append(&stdout)).stderr(append(&stderr)).process_group(0);
        Self::adopt(command.spawn().expect(name), stdout, stderr)
    }

    /// Takes charge of a child that already leads its own group.
    pub(crate) fn adopt(child: Child, stdout: PathBuf, stderr: PathBuf) -> Self {
        let leash = Leash::on_group(child.id());
        Self { child, stdout, stderr, _leash: leash }
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed()).unwrap()
    }

    /// The writing end of its standard input, if that was asked for when it was started.
    pub fn take_stdin(&mut self) -> ChildStdin {
        self.child.stdin.take().unwrap()
    }

    /// Has it do nothing more, as if it hung.
    pub fn freeze(&self) {
        still::freeze(self.id());
    }

    /// Has it go on.
    pub fn thaw(&self) {
        still::thaw(self.id());
    }

    /// Sends one signal to this process alone.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// `kill -9` on the whole group, and waits until it is gone.
    pub fn kill(&mut self) -> ExitStatus {
        let _ = kill_process_group(self.pid(), Signal::KILL);
        self.child.wait().unwrap()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Waits until it ends by itself.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        until("the process ends", || self.ended())
    }

    /// Everything on standard output so far.
    pub fn stdout(&self) -> String {
        read(&self.stdout)
    }

    /// Everything on standard error so far.
    pub fn stderr(&self) -> String {
        read(&self.stderr)
    }

    /// The rest of the first output line that begins with `prefix`.
    #[track_caller]
    pub fn announces(&mut self, prefix: &str) -> String {
        until(&format!("a line that begins with {prefix:?}"), || {
            let line = complete_line(&self.stdout(), prefix);
            if line.is_none()
                && let Some(status) = self.ended()
            {
                panic!("it ended first ({status}): {}{}", self.stdout(), self.stderr());
            }
            line
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.ended().is_none() {
            self.kill();
        }
    }
}

fn complete_line(text: &str, prefix: &str) -> Option<String> {
    let line = text.split_inclusive('\n').find(|line| line.starts_with(prefix) && line.ends_with('\n'))?;
    Some(line[prefix.len()..].trim_end().to_owned())
}

fn append(path: &Path) -> File {
    File::options().create(true).append(true).open(path).unwrap()
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned()
}

/// Acts when the test process is gone, however it went.
///
/// A shell in its own group reads from a pipe that only the test holds; the kernel closes the pipe even after
/// a `kill -9`. A regular end says so first, and the shell leaves without acting.
#[derive(Debug)]
pub(crate) struct Leash {
    shell: Child,
}

impl Leash {
    fn on_group(group: u32) -> Self {
        Self::new("kill -s KILL -- \"-$0\"", &group.to_string())
    }

    pub(crate) fn on_folder(folder: &Path) -> Self {
        Self::new("rm -rf -- \"$0\"", folder.to_str().unwrap())
    }

    pub(crate) fn new(action: &str, subject: &str) -> Self {
        let script = format!("read -r word || {action}");
        let shell = Command::new("/bin/sh")
            .args(["-c", &script, subject])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        Self { shell }
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        use std::io::Write;
        if let Some(mut pipe) = self.shell.stdin.take() {
            let _ = pipe.write_all(b"done\n");
        }
        let _ = self.shell.wait();
    }
}
