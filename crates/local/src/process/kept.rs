//! A program below its keeper, as the valet holds it.

use super::look_up;
use crate::ending::Ending;
use crate::fault::Fault;
use crate::keeper::mark::MARK;
use crate::keeper::order::{Ends, Order, Report, send_ends};
use crate::keeper::{group, tree};
use crate::program::Program;
use crate::running::Keeper;
use rustix::pipe::{PipeFlags, pipe_with};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream as StdStream;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::pipe;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long a keeper may take to say that the program runs.
const START: Duration = Duration::from_secs(20);
/// How long it may take to end it.
const END: Duration = Duration::from_secs(20);

/// The program's standard streams.
pub(crate) struct Streams {
    pub(crate) input: pipe::Sender,
    pub(crate) output: pipe::Receiver,
    pub(crate) errors: pipe::Receiver,
}

/// A keeper, and the program that it has started.
pub(crate) struct Kept {
    child: Child,
    pub(crate) keeper: u32,
    pub(crate) pid: u32,
    says: tokio::io::Lines<BufReader<OwnedReadHalf>>,
    hears: Option<OwnedWriteHalf>,
    mark: String,
    group: Option<PathBuf>,
    ending: Option<Ending>,
    gone: bool,
}

impl Kept {
    /// Starts a program. `meet` is told of the process that keeps it before that hears what to start: a
    /// program may dial the valet in its first moment.
    pub(crate) async fn start(
        keeper: &Keeper,
        program: &Program,
        meet: impl FnOnce(u32),
    ) -> Result<(Self, Streams), Fault> {
        let file = look_up::file(program)?;
        let no_keeper = |error: io::Error| Fault::NoKeeper { error: error.to_string() };
        let mark = keeper.mark.of_program();
        let order = Order::written(program, &file, (MARK, &mark));
        let (ends, streams) = streams().map_err(no_keeper)?;
        let (ours, theirs) = StdStream::pair().map_err(no_keeper)?;
        let mut command = Command::new(&keeper.program);
        command.args(&keeper.args).env_clear().current_dir("/");
        command.stdin(Stdio::from(OwnedFd::from(theirs))).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().map_err(no_keeper)?;
        drop(command);
        let number = child.id().unwrap_or_default();
        meet(number);
        let sent = send_ends(ours.as_fd(), &order, &ends).map_err(no_keeper)?;
        drop(ends);
        ours.set_nonblocking(true).map_err(no_keeper)?;
        let (says, mut hears) = UnixStream::from_std(ours).map_err(no_keeper)?.into_split();
        hears.write_all(order.get(sent..).unwrap_or_default()).await.map_err(no_keeper)?;
        let mut kept = Self {
            child,
            keeper: number,
            pid: 0,
            says: BufReader::new(says).lines(),
            hears: Some(hears),
            mark,
            group: None,
            ending: None,
            gone: false,
        };
        match timeout(START, kept.report()).await {
            Ok(Some(Report::Started(pid, group))) => {
                (kept.pid, kept.group) = (pid.unsigned_abs(), group);
                Ok((kept, streams))
            }
            Ok(Some(Report::Failed(error))) => {
                kept.gone = true;
                let error = io::Error::from_raw_os_error(error).to_string();
                Err(Fault::NotStarted { command: program.command.to_string_lossy().into_owned(), error })
            }
            Ok(_) | Err(_) => {
                let error = io::Error::from(io::ErrorKind::BrokenPipe).to_string();
                Err(Fault::NoKeeper { error })
            }
        }
    }

    /// Waits until the program has ended, and says how. All that it started ends with it.
    pub(crate) async fn ending(&mut self) -> Ending {
        while self.ending.is_none() {
            match self.report().await {
                Some(Report::Status(status)) => self.ending = Some(Ending::Status(status)),
                Some(Report::Signal(signal)) => self.ending = Some(Ending::Signal(signal)),
                Some(Report::Gone) => self.gone = true,
                Some(Report::Started(..) | Report::Failed(_)) => {}
                None => self.ending = Some(Ending::Unseen),
            }
        }
        self.ending.unwrap_or(Ending::Unseen)
    }

    /// Has the keeper end all of it, and waits for that.
    pub(crate) async fn end(mut self) {
        self.hears = None;
        let last_words = async {
            while let Some(report) = self.report().await {
                self.gone |= report == Report::Gone;
            }
        };
        if timeout(END, last_words).await.is_err() {
            let _ = self.child.start_kill();
        }
        let _ = timeout(END, self.child.wait()).await;
        if self.gone {
            return;
        }
        // The keeper was killed: what is left is looked for from here.
        let (group, mark) = (self.group.take(), format!("{MARK}={}", self.mark));
        let session = i32::try_from(self.keeper).unwrap_or(0);
        let swept = tokio::task::spawn_blocking(move || {
            group.as_deref().map(group::kill);
            tree::sweep_after(session, mark.as_bytes());
            group.as_deref().map(group::remove);
        });
        let _ = swept.await;
    }

    async fn report(&mut self) -> Option<Report> {
        loop {
            let line = self.says.next_line().await.ok()??;
            if let Ok(report) = line.parse() {
                return Some(report);
            }
        }
    }
}

/// The program's ends of three pipes, and ours.
fn streams() -> io::Result<(Ends, Streams)> {
    let (input, into) = pipe_with(PipeFlags::CLOEXEC)?;
    let (out, output) = pipe_with(PipeFlags::CLOEXEC)?;
    let (err, errors) = pipe_with(PipeFlags::CLOEXEC)?;
    let streams = Streams {
        input: pipe::Sender::from_owned_fd(into)?,
        output: pipe::Receiver::from_owned_fd(out)?,
        errors: pipe::Receiver::from_owned_fd(err)?,
    };
    Ok(([input, output, errors], streams))
}
