//! The resident process: the valet itself, with its tray. It never opens a web view, which would stay in its memory for good.

mod another;
mod browser;
mod desk;
mod display;
mod environment;
mod login;
mod note;
mod notification;
mod window;

use crate::tray::{Tray, menu};
use crate::{Failure, context};
use broker::{Paths, Person, Running, StartError, log};
use desk::{Desk, Wish};
use std::path::PathBuf;
use std::process::ExitCode;
use tauri::{AppHandle, RunEvent};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Runs until the person quits. If a valet runs already, asks it to show its window instead.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    display::open()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(refused)?;
    tauri::async_runtime::set(runtime.handle().clone());
    let paths = Paths::from_env().map_err(refused)?;
    log::start(&paths);
    let (wishes, wished) = unbounded_channel();
    let pictures = paths.state.clone();
    let started = runtime.block_on(broker::run(paths, browser::Desktop::new(wishes.clone())));
    let code = match started {
        Ok((running, person)) => Resident { running, person, wishes, wished, pictures }.stay()?,
        Err(StartError::Running) => runtime.block_on(another::show_window())?,
        Err(error) => return Err(Failure::new(&error, error.advice())),
    };
    // A thread may still be stuck in a keychain that hangs.
    runtime.shutdown_background();
    Ok(code)
}

struct Resident {
    running: Running,
    person: Person,
    wishes: UnboundedSender<Wish>,
    wished: UnboundedReceiver<Wish>,
    pictures: PathBuf,
}

impl Resident {
    /// Gives the main thread to the desktop, until the valet has ended.
    fn stay(self) -> Result<ExitCode, Failure> {
        let app = tauri::Builder::default()
            .setup(move |app| {
                self.begin(app.handle());
                Ok(())
            })
            .build(context())
            .map_err(|error| Failure::new(error, "Try again."))?;
        let code = app.run_return(|_, event| {
            // This process has no window, and that is no reason to go.
            if let RunEvent::ExitRequested { code: None, api, .. } = event {
                api.prevent_exit();
            }
        });
        Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
    }

    fn begin(self, app: &AppHandle) {
        let drawn = menu(&self.person.view().borrow());
        let (clicks, mut clicked) = unbounded_channel();
        let tray = Tray::new(app, &self.pictures, drawn, clicks);
        if tray.is_none() {
            tracing::warn!("there is no tray icon: install libayatana-appindicator3-1 for it");
        }
        let wishes = self.wishes.clone();
        tauri::async_runtime::spawn(async move {
            while let Some(action) = clicked.recv().await {
                let _ = wishes.send(Wish::Do(action));
            }
        });
        tauri::async_runtime::spawn(notification::follow(self.person.clone(), self.wishes.clone()));
        let desk = Desk::new(self.person, tray, self.wishes);
        let (app, running) = (app.clone(), self.running);
        tauri::async_runtime::spawn(async move {
            desk.serve(self.wished).await;
            running.end().await;
            app.exit(0);
        });
    }
}

fn refused(error: std::io::Error) -> Failure {
    let error = StartError::from(error);
    Failure::new(&error, error.advice())
}
