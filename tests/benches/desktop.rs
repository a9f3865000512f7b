//! What the desktop app costs: its memory while it only waits, and how soon icon and window are there.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for developers, which may stop at the first surprise"
)]

use std::thread;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use mcp_valet_tests::{Desktop, Home, Keychain, Screen, Valet, children, memory_of, program, until};
use serde_json::json;
use zbus::{Connection, MatchRule, MessageStream};

const ROUNDS: usize = 9;
const AFTER_THE_LAST: Duration = Duration::from_secs(10);
/// The frame of a window is drawn at once; what counts is inside.
const FRAME: i16 = 8;

fn main() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    home.configure(&json!({ "mcpServers": { "linear": { "url": "https://mcp.linear.example/mcp" } } }));
    let icons: Vec<Duration> = (0..ROUNDS).map(|_| icon(&desktop)).collect();
    println!("tray icon registered after start    {:>7.0?} (median of {ROUNDS})", median(icons));

    let valet = Valet::on_desktop(&desktop);
    desktop.menu_has("linear: authorize…");
    let screen = desktop.screen();
    let paints: Vec<Duration> = (0..ROUNDS).map(|_| paint(&desktop, &valet, &screen)).collect();
    println!("window asked for to first paint     {:>7.0?} (median of {ROUNDS})", median(paints));
    thread::sleep(AFTER_THE_LAST);
    println!("resident, ten seconds after a close {}", memory(valet.id()));
}

/// From the start of the process until the panel is told of its icon.
fn icon(desktop: &Desktop<'_>) -> Duration {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bus = format!("unix:path={}", desktop.home().runtime().join("bus").display());
    runtime.block_on(async {
        let bus = zbus::connection::Builder::address(bus.as_str()).unwrap().build().await.unwrap();
        let mut icons = announced(&bus).await;
        let start = Instant::now();
        let mut process = desktop.home().spawn(&mut desktop.command(program("mcp-valet-tray")), "tray");
        icons.next().await.unwrap().unwrap();
        let took = start.elapsed();
        process.kill();
        took
    })
}

async fn announced(bus: &Connection) -> MessageStream {
    let rule = MatchRule::builder()
        .interface("org.kde.StatusNotifierWatcher")
        .unwrap()
        .member("StatusNotifierItemRegistered")
        .unwrap()
        .build();
    MessageStream::for_match_rule(rule, bus, None).await.unwrap()
}

/// From the request until there is something in the window; closes it again.
fn paint(desktop: &Desktop<'_>, valet: &Valet<'_>, screen: &Screen) -> Duration {
    let start = Instant::now();
    valet.post("/v1/show", &json!({})).expect_status(204);
    until_painted(screen);
    let took = start.elapsed();
    screen.close_window();
    until("the window is closed", || {
        (desktop.windows().is_empty() && screen.window().is_none()).then_some(())
    });
    took
}

fn until_painted(screen: &Screen) {
    loop {
        if let Some(mut window) = screen.window() {
            window.x += FRAME;
            window.y += FRAME;
            window.width -= 2 * FRAME.cast_unsigned();
            window.height -= 2 * FRAME.cast_unsigned();
            if !screen.picture(window).is_blank() {
                return;
            }
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Resident memory of a process and all its children.
fn memory(id: u32) -> String {
    let all = tree(id);
    let kib: u64 = all.iter().map(|id| memory_of(*id)).sum();
    format!("{:>4} MiB RSS in {} process(es)", kib.div_ceil(1024), all.len())
}

fn tree(id: u32) -> Vec<u32> {
    [id].into_iter().chain(children(id).into_iter().flat_map(tree)).collect()
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all[all.len() / 2]
}
