//! The resident process: the valet itself, with its tray. It never opens a web view, which would stay in its
//! memory for good.

mod another;
mod attention;
mod demo;
mod desk;
mod display;
mod environment;
mod heard;
mod login;
mod note;
mod notification;
mod page;
mod screenless;
mod shell;
mod window;

use crate::tray::{Action, Tray};
use crate::{Failure, Start};
use broker::{Instance, Paths, Quit, StartError, StartedBy};
use demo::Demo;
use desk::Desk;
pub(crate) use desk::Want;
use notification::Notifications;
use shell::Desktop;
use std::process::ExitCode;
use std::sync::{Arc, mpsc};
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Runs until the person quits. If a valet runs already, has it show its window instead.
pub(crate) fn run(start: Start) -> Result<ExitCode, Failure> {
    match (display::open(), start) {
        (Ok(()), _) => {}
        (Err(_), Start::ForAProgram) => return Err(screenless::run()),
        (Err(failure), Start::ByHand | Start::AtLogin) => return Err(failure),
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // As in the terminal's valet: two would pass a call to and fro.
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| refused(&error.into()))?;
    let paths = Paths::from_env().map_err(|error| refused(&error.into()))?;
    journal::start(&paths);
    let by = match start {
        Start::ByHand | Start::AtLogin => StartedBy::Person,
        Start::ForAProgram => StartedBy::Program,
    };
    let code = match (Instance::take(paths, by), start) {
        (Ok(instance), _) => stay(&runtime, instance, start)?,
        (Err(StartError::Running), Start::ByHand) => runtime.block_on(another::show_window())?,
        // Nobody asked for a window.
        (Err(StartError::Running), Start::AtLogin | Start::ForAProgram) => ExitCode::SUCCESS,
        (Err(StartError::Quit), _) => ExitCode::SUCCESS,
        (Err(error), _) => return Err(refused(&error)),
    };
    // A thread may still be stuck in a keychain that hangs.
    runtime.shutdown_background();
    Ok(code)
}

/// Gives the main thread to the display, with which this process ends, until the valet has ended.
fn stay(runtime: &Runtime, instance: Instance, start: Start) -> Result<ExitCode, Failure> {
    let (ended, end) = mpsc::channel();
    runtime.spawn(async move {
        let _ = ended.send(Resident::new(instance, start).live().await);
        gtk::glib::idle_add_once(gtk::main_quit);
    });
    gtk::main();
    match end.try_recv() {
        Ok(Err(error)) => Err(refused(&error)),
        Ok(Ok(())) | Err(_) => Ok(ExitCode::SUCCESS),
    }
}

/// What there is from the first moment on: the tray does not wait for a keychain that asks for its password
/// first.
struct Resident {
    instance: Instance,
    start: Start,
    tray: Tray,
    wants: UnboundedSender<Want>,
    wanted: UnboundedReceiver<Want>,
}

impl Resident {
    fn new(instance: Instance, start: Start) -> Self {
        let (wants, wanted) = unbounded_channel();
        Self { instance, start, tray: Tray::start(wants.clone()), wants, wanted }
    }

    /// Starts the valet, and serves the person until they quit, or the session ends.
    async fn live(mut self) -> Result<(), StartError> {
        let quit = self.instance.quit();
        tokio::spawn(quit_when_told(self.wants.clone()));
        let demo = Arc::new(Demo::default());
        let desktop = Desktop::new(self.wants.clone(), Arc::clone(&demo));
        let (running, person) = tokio::select! {
            started = broker::run(self.instance, desktop) => started?,
            ending = ends(&mut self.wanted) => {
                ending.note(&quit);
                return Ok(());
            }
        };
        tokio::spawn(demo::follow(demo, person.clone()));
        let notifications = Notifications::follow(person.clone(), self.wants.clone());
        let ending = Desk::new(person, self.tray, self.start, self.wants).serve(self.wanted).await;
        ending.note(&quit);
        notifications.withdraw().await;
        running.end().await;
        Ok(())
    }
}

/// What ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The person quits.
    Quit,
    /// The system says so, as at the end of a session.
    Told,
}

impl Ending {
    /// Writes down that the person quit, if they did.
    fn note(self, quit: &Quit) {
        if self == Self::Quit {
            quit.note();
        }
    }

    /// What is wanted, if that is the end.
    pub(crate) const fn of(want: Option<&Want>) -> Option<Self> {
        match want {
            Some(Want::Do { action: Action::Quit, .. }) => Some(Self::Quit),
            None | Some(Want::End) => Some(Self::Told),
            Some(_) => None,
        }
    }
}

/// Until the valet has started, the menu offers nothing else.
async fn ends(wanted: &mut UnboundedReceiver<Want>) -> Ending {
    loop {
        if let Some(ending) = Ending::of(wanted.recv().await.as_ref()) {
            return ending;
        }
    }
}

/// A session that ends says so with one of these signals.
async fn quit_when_told(wants: UnboundedSender<Want>) {
    let signals = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hang_up)] = signals.map(signal) else { return };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
    }
    let _ = wants.send(Want::End);
}

fn refused(error: &StartError) -> Failure {
    Failure::new(error, error.advice())
}
