//! The window's process: a web view, and a channel to the valet that started it. It holds no secret and
//! decides nothing.

mod channel;
mod command;
mod events;
mod icon;
mod valet;

use crate::{Failure, context};
use broker::Page;
use gtk::prelude::GtkWindowExt;
use rustix::process::{DumpableBehavior, set_dumpable_behavior};
use std::process::ExitCode;
use std::time::Duration;
use tauri::webview::NewWindowResponse;
use tauri::{App, AppHandle, Manager, WebviewUrl, WebviewWindowBuilder};
use tokio::sync::mpsc::Receiver;
use tokio::sync::oneshot;
use valet::Valet;

const NAME: &str = "main";
/// Nobody saw a page that came up in a window that was being closed already, and went with it.
const GLANCE: Duration = Duration::from_millis(300);

/// Shows the window until it is closed, or until the valet is gone.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    let channel = channel::take().ok_or_else(|| {
        Failure::new("the window is opened by the valet alone", "Start `mcp-valet-tray` without --window.")
    })?;
    // The channel is the person's authority: no other program of theirs should take it out of this process.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let refused = |error: &dyn std::error::Error| Failure::new(error, "Try again.");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| refused(&error))?;
    tauri::async_runtime::set(runtime.handle().clone());
    let (valet, mut pages) = runtime.block_on(Valet::connect(channel)).map_err(|error| refused(&*error))?;
    let first = runtime.block_on(pages.recv()).unwrap_or_default();
    gtk::glib::set_prgname(Some("mcp-valet-tray"));
    let app = tauri::Builder::default()
        .manage(valet)
        .invoke_handler(tauri::generate_handler![command::call, command::events, icon::icon])
        .setup(move |app| {
            open(app, &first)?;
            tauri::async_runtime::spawn(follow(app.handle().clone(), first, pages));
            Ok(())
        })
        .build(context())
        .map_err(|error| refused(&error))?;
    app.run(|_, _| {});
    Ok(ExitCode::SUCCESS)
}

fn open(app: &App, page: &Page) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, NAME, WebviewUrl::App(format!("#{}", page.path).into()))
        .title("MCP Valet")
        .inner_size(760.0, 600.0)
        .min_inner_size(360.0, 420.0)
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    raise(&window, page)
}

/// The window never leaves its own pages; the valet opens the browser.
fn is_ours(url: &tauri::Url) -> bool {
    url.scheme() == "tauri" || (cfg!(not(feature = "custom-protocol")) && url.host_str() == Some("localhost"))
}

/// Shows each page that the shell wants in front, and tells it so: what a window that is closing does not
/// show, the next one does.
async fn follow(app: AppHandle, first: Page, mut pages: Receiver<Page>) {
    let valet = app.state::<Valet>().inner().clone();
    let _ = valet.shown(&first).await;
    while let Some(page) = pages.recv().await {
        if page_is_up(&app, page.clone()).await.is_none() {
            return;
        }
        let valet = valet.clone();
        tokio::spawn(async move {
            tokio::time::sleep(GLANCE).await;
            let _ = valet.shown(&page).await;
        });
    }
}

async fn page_is_up(app: &AppHandle, page: Page) -> Option<()> {
    let window = app.get_webview_window(NAME)?;
    let (done, raised) = oneshot::channel();
    let hash = serde_json::to_string(&page.path).ok()?;
    window.eval(format!("location.hash = {hash}")).ok()?;
    app.run_on_main_thread(move || drop(done.send(raise(&window, &page)))).ok()?;
    raised.await.ok()?.ok()
}

/// The desktop lets a window come to the front for the click that asked for it, of which the token tells.
fn raise(window: &tauri::WebviewWindow, page: &Page) -> tauri::Result<()> {
    let window = window.gtk_window()?;
    if let Some(token) = &page.activation_token {
        window.set_startup_id(token);
    }
    window.present();
    Ok(())
}
