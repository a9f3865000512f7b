//! The window's process: a web view, and a channel to the valet that started it. It holds no secret and
//! decides nothing.

mod channel;
mod command;
mod events;
mod front;
mod icon;
mod shape;
mod valet;

use crate::{Failure, context};
use broker::{Page, Paths, Raise};
use rustix::process::{DumpableBehavior, set_dumpable_behavior};
use shape::{KeptShape, LEAST};
use std::process::ExitCode;
use std::time::Duration;
use tauri::webview::NewWindowResponse;
use tauri::{
    App, AppHandle, LogicalSize, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};
use tokio::sync::mpsc::Receiver;
use tokio::sync::oneshot;
use valet::Valet;
use words::say;

const NAME: &str = "main";
/// Nobody saw a page that came up in a window that was being closed already, and went with it.
const GLANCE: Duration = Duration::from_millis(300);

/// Shows the window until it is closed, or until the valet is gone.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    let channel =
        channel::take().ok_or_else(|| Failure::new(say!(start_window), say!(start_window_advice)))?;
    // The channel is the person's authority: no other program of theirs should take it out of this process.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let refused = |error: &dyn std::error::Error| Failure::new(error, say!(start_again_advice));
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
        .invoke_handler(tauri::generate_handler![
            command::call,
            command::close,
            command::events,
            command::zoom,
            icon::icon
        ])
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

fn open(app: &App, page: &Page) -> Result<(), Box<dyn std::error::Error>> {
    let kept = KeptShape::of(&Paths::from_env()?.state, screen(app));
    let shape = kept.shape();
    let window = WebviewWindowBuilder::new(app, NAME, WebviewUrl::App(address(page).into()))
        .title("MCP Valet")
        .inner_size(shape.size().width, shape.size().height)
        .min_inner_size(LEAST.width, LEAST.height)
        .visible(false)
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny);
    #[cfg(feature = "test-hooks")]
    let window = window.initialization_script(include_str!("clock.js"));
    let window = window.build()?;
    keep(kept, app, &window)?;
    front::follow(&window)?;
    Ok(front::show(&window, page)?)
}

/// Keeps the shape of the window for the next one.
fn keep(kept: KeptShape, app: &App, window: &WebviewWindow) -> tauri::Result<()> {
    kept.show(window)?;
    let (own, sized) = (window.clone(), kept.clone());
    window.on_window_event(move |event| {
        if let WindowEvent::Resized(_) = event {
            let _ = sized.note(&own);
        }
    });
    app.manage(kept.clone());
    tauri::async_runtime::spawn(kept.keep());
    Ok(())
}

/// How large the person's first screen is.
fn screen(app: &App) -> Option<LogicalSize<f64>> {
    let screen = app.primary_monitor().ok()??;
    Some(screen.size().to_logical(screen.scale_factor()))
}

/// Which page, and in which language.
fn address(page: &Page) -> String {
    format!("?locale={}#{}", words::locale().tag, page.path)
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
    window.eval(go_to(&page)?).ok()?;
    app.run_on_main_thread(move || drop(done.send(front::show(&window, &page)))).ok()?;
    raised.await.ok()?.ok()
}

/// Whoever did not ask for the page may be in the middle of something: their page decides.
fn go_to(page: &Page) -> Option<String> {
    let path = serde_json::to_string(&page.path).ok()?;
    Some(match page.raise {
        Raise::Asked => format!("location.hash = {path}"),
        Raise::Quietly => format!("dispatchEvent(new CustomEvent('offer', {{ detail: {path} }}))"),
    })
}
