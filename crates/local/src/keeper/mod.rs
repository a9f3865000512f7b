//! The process that keeps one program: a part of the valet's own binary, started for each program, that ends
//! all that the program started once the valet closes the control channel, or is gone.
//!
//! It is a child subreaper: whatever forks away below it becomes its own child, so the tree is over when it
//! has no child left. It does not forbid gaining rights (`PR_SET_NO_NEW_PRIVS`): a program is the person's
//! own, and may start `sudo` or `bwrap` as it does where a client starts it.

mod child;
pub(crate) mod group;
pub(crate) mod mark;
pub(crate) mod order;
mod signals;
pub(crate) mod tree;

use group::Group;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{
    DumpableBehavior, Pid, Resource, Rlimit, WaitOptions, WaitStatus, getpid, getrlimit, set_child_subreaper,
    set_dumpable_behavior, setrlimit, setsid, wait,
};
use rustix::stdio::stdin;
use signals::Signals;
use std::env;
use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How long programs that were told to end may take.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long is tried to end those that do not.
const LAST: Duration = Duration::from_secs(10);
/// How often.
const ROUND: Duration = Duration::from_millis(20);

/// Files that a program may have open unless it asks for more.
const FILES: u64 = 1024;

/// What the argument is called that makes a process this one.
pub(crate) const ARGUMENT: &str = "--keep";

/// Whether this process was started to keep a program.
#[must_use]
pub fn is_told() -> bool {
    env::args_os().nth(1).is_some_and(|first| first == ARGUMENT)
}

/// Keeps one program to its end. What `main` calls before anything else where [`is_told`] says so; the
/// control channel is its standard input.
#[must_use]
pub fn run() -> ExitCode {
    keep().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

fn keep() -> io::Result<()> {
    // Until the program has its secrets, nobody reads them here. The valet's own standing is looked up later.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    // The valet has as many as it may; programs get as many as others do, and may take more.
    let files = getrlimit(Resource::Nofile).maximum;
    let usual = files.map_or(FILES, |most| most.min(FILES));
    let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(usual), maximum: files });
    let _ = setsid();
    set_child_subreaper(Some(getpid()))?;
    let signals = Signals::take()?;
    let (order, ends) = order::receive(stdin())?;
    let group = Group::create();
    let main = match child::start(order, ends, group.as_ref()) {
        Ok(main) => main,
        Err(error) => {
            return order::report(stdin(), &order::Report::Failed(error.raw_os_error().unwrap_or(0)));
        }
    };
    set_dumpable_behavior(DumpableBehavior::Dumpable)?;
    let folder = group.as_ref().map(|group| group.folder().to_owned());
    let _ = order::report(stdin(), &order::Report::Started(main.as_raw_nonzero().get(), folder));
    watch(main, &signals);
    let is_gone = end(&signals, group.as_ref());
    drop(group);
    if is_gone {
        let _ = order::report(stdin(), &order::Report::Gone);
    }
    Ok(())
}

/// Returns once the program has ended, or is to.
fn watch(main: Pid, signals: &Signals) {
    loop {
        let mut ready = [PollFd::from_borrowed_fd(stdin(), PollFlags::IN), signals.poll()];
        if poll(&mut ready, None).is_err_and(|error| error != rustix::io::Errno::INTR) {
            return;
        }
        let [control, signal] = ready.map(|one| !one.revents().is_empty());
        let told_to_end = signal && signals.heard().ends;
        let ended = reap(Some(main)).1;
        if ended || told_to_end || control && order::is_over(stdin()) {
            return;
        }
    }
}

/// Ends whatever is left, and says whether nothing is.
fn end(signals: &Signals, group: Option<&Group>) -> bool {
    if !reap(None).0 {
        return true;
    }
    tree::signal(getpid(), rustix::process::Signal::TERM);
    if all_gone_within(FAREWELL, signals, || {}) {
        return true;
    }
    // Those that fork faster than they are found are held still first.
    tree::hold(getpid());
    all_gone_within(LAST, signals, || {
        if let Some(group) = group {
            group.kill();
        }
        tree::signal(getpid(), rustix::process::Signal::KILL);
    })
}

fn all_gone_within(time: Duration, signals: &Signals, each_round: impl Fn()) -> bool {
    let until = Instant::now() + time;
    while Instant::now() < until {
        each_round();
        if !reap(None).0 {
            return true;
        }
        let round = Timespec { tv_sec: 0, tv_nsec: ROUND.as_nanos() as i64 };
        let _ = poll(&mut [signals.poll()], Some(&round));
        signals.heard();
    }
    false
}

/// Takes the children that have ended. Whether there are others, and whether this one was among them, whose
/// end is reported.
fn reap(main: Option<Pid>) -> (bool, bool) {
    let mut ended = false;
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some((pid, status))) if Some(pid) == main => {
                ended = true;
                let _ = order::report(stdin(), &report(status));
            }
            Ok(Some(_)) | Err(rustix::io::Errno::INTR) => {}
            Ok(None) => return (true, ended),
            Err(_) => return (false, ended),
        }
    }
}

fn report(status: WaitStatus) -> order::Report {
    match (status.exit_status(), status.terminating_signal()) {
        (Some(status), _) => order::Report::Status(status),
        (None, signal) => order::Report::Signal(signal.unwrap_or(0)),
    }
}
