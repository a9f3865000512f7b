//! Pictures of everything a person sees, light and dark: looked at for being there, and kept for the README when
//! `MCP_VALET_SCREENSHOTS` names a folder.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::PathBuf;
use std::thread;

use mcp_valet_tests::{Area, Browser, Demo, Desktop, Home, Keychain, Look, Picture, Screen, Valet, until};
use serde_json::json;

/// A PNG that is larger has no place in a README.
const LARGEST: u64 = 100 << 10;
/// Where the panel has its one icon.
const ICON: (i16, i16) = (16, 16);
const MENU: Area = Area { x: 0, y: 0, width: 220, height: 310 };
const NOTIFICATION: Area = Area { x: 1240, y: 32, width: 360, height: 142 };

struct Gallery {
    folder: PathBuf,
    look: Look,
    screen: Screen,
}

impl Gallery {
    fn open(desktop: &Desktop<'_>, look: Look) -> Self {
        let asked = std::env::var_os("MCP_VALET_SCREENSHOTS").map(PathBuf::from);
        let folder = asked.unwrap_or_else(|| desktop.home().path().to_owned());
        Self { folder, look, screen: desktop.screen() }
    }

    fn keep(&self, name: &str, picture: &Picture) {
        let path = self.folder.join(format!("{name}-{}.png", self.look.name()));
        picture.save(&path);
        let size = path.metadata().unwrap().len();
        assert!(size < LARGEST, "{} has {size} bytes", path.display());
    }

    /// The window, once it shows these words.
    fn window(&self, name: &str, window: &Browser, words: &str) {
        window.shows(words);
        let area = until("the window is on the screen", || self.screen.window());
        self.keep(name, &self.screen.settled(area, None));
    }
}

/// Servers as people have them, beside the demo that is signed in to.
fn configure(home: &Home, demo: &Demo) {
    home.configure(&json!({
        "mcpServers": {
            "demo": { "url": demo.mcp() },
            "github": { "url": "https://api.githubcopilot.com/mcp/" },
            "linear": { "url": "https://mcp.linear.app/mcp" },
            "notion": { "url": "https://mcp.notion.com/mcp" },
        },
        "valet": { "agents": "ask", "vault": "keychain" },
    }));
}

fn take_pictures(look: Look) {
    let home = Home::new();
    let mut desktop = Desktop::looking(&home, look);
    desktop.draw_notifications();
    let _keychain = Keychain::on_desktop(&desktop);
    let gallery = Gallery::open(&desktop, look);
    let demo = Demo::start(&home);
    home.configure(&json!({ "mcpServers": {}, "valet": { "agents": "ask", "vault": "keychain" } }));
    let valet = Valet::on_desktop(&desktop);
    let window = Browser::window(&desktop);
    gallery.window("first-run", &window, "Add server");
    configure(&home, &demo);
    desktop.menu_has("demo: authorize…");
    home.browser_notes_the_address();
    desktop.click("demo: authorize…");
    let browser = Browser::start(&home);
    browser.open(&home.opened()[0]);
    browser.click("#allow");
    desktop.menu_has("demo: ready");
    for (name, page, words) in [
        ("list", "/", "1 ready, 3 waiting"),
        ("server", "/servers/demo", "Ready"),
        ("add", "/add", "Add"),
        ("settings", "/settings", "Settings"),
    ] {
        window.open(&format!("tauri://localhost/#{page}"));
        gallery.window(name, &window, words);
    }

    gallery.screen.close_window();
    until("the window is closed", || desktop.windows().is_empty().then_some(()));
    thread::scope(|scope| {
        let empty = (gallery.screen.picture(NOTIFICATION), gallery.screen.picture(MENU));
        let agent = scope.spawn(|| valet.token("demo"));
        desktop.menu_has("curl wants demo…");
        gallery.keep("notification", &gallery.screen.settled(NOTIFICATION, Some(&empty.0)));
        gallery.screen.click(ICON.0, ICON.1);
        gallery.keep("menu", &gallery.screen.settled(MENU, Some(&empty.1)));
        gallery.screen.click(ICON.0, ICON.1);
        desktop.click("curl wants demo…");
        let window = Browser::window(&desktop);
        const DENY: &str = "button[aria-keyshortcuts='3']:not([disabled])";
        until("the answers can be given", || (!window.text(DENY).is_empty()).then_some(()));
        gallery.window("question", &window, "curl wants to use demo");
        window.click(DENY);
        agent.join().unwrap().expect_status(403);
    });
}

#[test]
fn everything_can_be_seen_on_a_light_desktop() {
    take_pictures(Look::Light);
}

#[test]
fn everything_can_be_seen_on_a_dark_desktop() {
    take_pictures(Look::Dark);
}
