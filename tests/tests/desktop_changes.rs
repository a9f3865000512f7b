//! A tray that changes all the time: the panel that shows it lives on.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Instant;

use futures_util::StreamExt;
use mcp_valet_tests::{Desktop, Home, Valet, dose, figure};
use serde_json::{Map, json};
use zbus::message::Type;
use zbus::{MatchRule, MessageStream};

/// Where the panel has its one icon.
const ICON: (i16, i16) = (16, 16);
/// More and fewer than the menu names, one more and one fewer, and none.
const COUNTS: [usize; 6] = [12, 13, 2, 7, 12, 0];

/// So many servers, and one that shows which round it is.
fn list(home: &Home, round: usize) {
    let url = |name: &str| json!({ "url": format!("https://{name}.example/mcp") });
    let marker = format!("a{round}");
    let mut servers: Map<String, _> = (0..COUNTS[round % COUNTS.len()])
        .map(|n| format!("s{n}"))
        .map(|name| (name.clone(), url(&name)))
        .collect();
    servers.insert(marker.clone(), url(&marker));
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "memory" } }));
}

/// What the panel is told of the menu from now on: the name of each signal.
fn menu_signals(home: &Home) -> Receiver<String> {
    let address = format!("unix:path={}", home.runtime().join("bus").display());
    let (heard, signals) = mpsc::channel();
    let (ready, listening) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let bus = zbus::connection::Builder::address(address.as_str()).unwrap().build().await.unwrap();
            let menu =
                MatchRule::builder().msg_type(Type::Signal).interface("com.canonical.dbusmenu").unwrap();
            let mut stream = MessageStream::for_match_rule(menu.build(), &bus, None).await.unwrap();
            ready.send(()).unwrap();
            while let Some(Ok(signal)) = stream.next().await {
                if heard.send(signal.header().member().unwrap().to_string()).is_err() {
                    return;
                }
            }
        });
    });
    listening.recv().unwrap();
    signals
}

#[test]
fn hundreds_of_changes_also_of_an_open_menu_leave_panel_and_tray_alive() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    list(&home, 0);
    let mut valet = Valet::on_desktop(&desktop);
    desktop.menu_has("a0: authorize…");
    let (host, screen, signals) = (desktop.tray_host(), desktop.screen(), menu_signals(&home));
    let (begun, rounds) = (Instant::now(), dose(24, 500));
    for round in 1..=rounds {
        if round % 4 == 0 {
            screen.open_menu(ICON.0, ICON.1);
        }
        list(&home, round);
        desktop.menu_has(&format!("a{round}: authorize…"));
        assert_eq!(desktop.tray_host(), host, "the panel's tray ended in round {round}");
        assert!(valet.runs(), "the valet ended in round {round}");
    }
    let told: Vec<String> = signals.try_iter().collect();
    assert!(
        told.iter().all(|signal| signal == "ItemsPropertiesUpdated"),
        "entries change in place: {told:?}"
    );
    assert!(told.len() + 1 >= rounds, "each was told of");
    assert!(told.len() as f64 <= begun.elapsed().as_secs_f64() * 5.0 + 1.0, "five a second at most");
    figure(format_args!("{rounds} changes of the menu: panel and tray alive"));
}
