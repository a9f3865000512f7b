//! The resident process: the valet itself, with its tray. It never opens a web view, which would stay in its
//! memory for good.

mod another;
mod desk;
mod display;
mod environment;
mod login;
mod memory;
mod need;
mod note;
mod notification;
mod shell;
mod window;

use crate::tray::{Action, Menu, Tray};
use crate::{Failure, context};
use broker::{Instance, Paths, StartError};
use desk::Desk;
pub(crate) use desk::Wish;
use shell::Desktop;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc;
use tauri::{App, RunEvent};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Runs until the person quits. If a valet runs already, asks it to show its window instead.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    display::open()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| refused(&error.into()))?;
    tauri::async_runtime::set(runtime.handle().clone());
    let paths = Paths::from_env().map_err(|error| refused(&error.into()))?;
    journal::start(&paths);
    let pictures = paths.state.clone();
    let code = match Instance::take(paths) {
        Ok(instance) => stay(instance, pictures)?,
        Err(StartError::Running) => runtime.block_on(another::show_window())?,
        Err(error) => return Err(refused(&error)),
    };
    // A thread may still be stuck in a keychain that hangs.
    runtime.shutdown_background();
    Ok(code)
}

/// Gives the main thread to the desktop, until the valet has ended.
fn stay(instance: Instance, pictures: PathBuf) -> Result<ExitCode, Failure> {
    let (ended, end) = mpsc::channel();
    let app = tauri::Builder::default()
        .setup(move |app| {
            let resident = Resident::new(app, instance, &pictures);
            let app = app.handle().clone();
            tauri::async_runtime::spawn(async move {
                let _ = ended.send(resident.live().await);
                app.exit(0);
            });
            Ok(())
        })
        .build(context())
        .map_err(|error| Failure::new(error, "Try again."))?;
    app.run_return(|_, event| {
        // This process has no window, and that is no reason to go.
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            api.prevent_exit();
        }
    });
    match end.try_recv() {
        Ok(Err(error)) => Err(refused(&error)),
        Ok(Ok(())) | Err(_) => Ok(ExitCode::SUCCESS),
    }
}

/// What there is from the first moment on: the tray does not wait for a keychain that asks for its password
/// first.
struct Resident {
    instance: Instance,
    tray: Option<Tray>,
    wishes: UnboundedSender<Wish>,
    wished: UnboundedReceiver<Wish>,
}

impl Resident {
    fn new(app: &App, instance: Instance, pictures: &Path) -> Self {
        let (wishes, wished) = unbounded_channel();
        let tray = Tray::new(app.handle(), pictures, Menu::starting(), wishes.clone());
        if tray.is_none() {
            tracing::warn!("there is no tray icon: install libayatana-appindicator3-1 for it");
        }
        Self { instance, tray, wishes, wished }
    }

    /// Starts the valet, and serves the person until they quit.
    async fn live(mut self) -> Result<(), StartError> {
        tokio::spawn(quit_when_told(self.wishes.clone()));
        let (running, person) = tokio::select! {
            started = broker::run(self.instance, Desktop::new(self.wishes.clone())) => started?,
            () = quits(&mut self.wished) => return Ok(()),
        };
        tokio::spawn(notification::follow(person.clone(), self.wishes.clone()));
        Desk::new(person, self.tray, self.wishes).serve(self.wished).await;
        running.end().await;
        Ok(())
    }
}

/// Until the valet has started, the menu offers nothing else.
async fn quits(wished: &mut UnboundedReceiver<Wish>) {
    while !matches!(wished.recv().await, None | Some(Wish::Do(Action::Quit))) {}
}

/// A session that ends says so with one of these signals.
async fn quit_when_told(wishes: UnboundedSender<Wish>) {
    let signals = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hang_up)] = signals.map(signal) else { return };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
    }
    let _ = wishes.send(Wish::Do(Action::Quit));
}

fn refused(error: &StartError) -> Failure {
    Failure::new(error, error.advice())
}
