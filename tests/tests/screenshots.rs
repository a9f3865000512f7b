//! Pictures of everything a person sees, light and dark: looked at for being there, and kept for the docs
//! when `MCP_VALET_SCREENSHOTS` names a folder.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::PathBuf;
use std::thread;

use mcp_valet_tests::{
    Agent, Area, Browser, Demo, Desktop, Home, Keychain, Look, Picture, Screen, Valet, until,
};
use serde_json::json;

/// A PNG that is larger has no place in a page.
const LARGEST: u64 = 100 << 10;
/// Where the panel has its one icon.
const ICON: (i16, i16) = (16, 16);
const MENU: Area = Area { x: 0, y: 0, width: 220, height: 430 };
const NOTIFICATION: Area = Area { x: 1240, y: 32, width: 360, height: 160 };

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

/// Servers as other programs have them.
fn lists_of_others(home: &Home) {
    let claude = json!({ "mcpServers": {
        "linear": { "type": "http", "url": "https://mcp.linear.app/mcp" },
        "stripe": { "type": "http", "url": "https://mcp.stripe.com" },
        "figma": { "command": "npx", "args": ["-y", "mcp-remote", "https://mcp.figma.com/mcp"] },
        "files": { "command": "npx", "args": ["server-filesystem", "/home/ada"] },
    } });
    let cursor = json!({ "mcpServers": {
        "payments": { "url": "https://mcp.stripe.com", "headers": { "Authorization": "Bearer x" } },
        "vercel": { "url": "https://mcp.vercel.com", "disabled": true },
        "sentry": { "url": "https://mcp.sentry.dev/mcp" },
    } });
    std::fs::write(home.path().join(".claude.json"), claude.to_string()).unwrap();
    std::fs::create_dir(home.path().join(".cursor")).unwrap();
    std::fs::write(home.path().join(".cursor/mcp.json"), cursor.to_string()).unwrap();
}

/// A program is allowed for now, and uses that.
fn use_it(desktop: &Desktop<'_>, window: &Browser, home: &Home) {
    let quill = Agent::with_entry(home, "quill", "Quill");
    let token = || drop(quill.runs("$VALET token demo").expect_code(0));
    thread::scope(|scope| {
        let agent = scope.spawn(token);
        desktop.click("Quill wants demo…");
        window.choose("For now");
        window.answer("Allow");
        agent.join().unwrap();
    });
    (0..4).for_each(|_| token());
}

fn take_pictures(look: Look) {
    let home = Home::new();
    let mut desktop = Desktop::looking(&home, look);
    // None is drawn over the window.
    desktop.remember_notifications();
    let _keychain = Keychain::on_desktop(&desktop);
    let gallery = Gallery::open(&desktop, look);
    let demo = Demo::start(&home);
    home.configure(&json!({ "mcpServers": {}, "valet": { "agents": "ask", "vault": "keychain" } }));
    let scribe = Agent::with_entry(&home, "scribe", "Scribe");
    let _valet = Valet::on_desktop(&desktop);
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
    lists_of_others(&home);
    use_it(&desktop, &window, &home);
    for (name, page, words) in [
        ("list", "/", "1 ready"),
        ("server", "/servers/demo", "Ready"),
        ("add", "/add", "Add"),
        ("import", "/import", "Add 3 servers"),
        ("settings", "/settings", "Settings"),
        ("passphrase", "/passphrase", "Move everything there"),
        ("activity", "/activity", "Nothing was changed or removed"),
    ] {
        window.open(&format!("tauri://localhost/#{page}"));
        gallery.window(name, &window, words);
    }

    gallery.screen.close_window();
    until("the window is closed", || desktop.windows().is_empty().then_some(()));
    desktop.draw_notifications();
    thread::scope(|scope| {
        let empty = (gallery.screen.picture(NOTIFICATION), gallery.screen.picture(MENU));
        let agent = scope.spawn(|| scribe.runs("$VALET token demo"));
        desktop.menu_has("Scribe wants demo…");
        gallery.keep("notification", &gallery.screen.settled(NOTIFICATION, Some(&empty.0)));
        gallery.screen.open_menu(ICON.0, ICON.1);
        gallery.keep("menu", &gallery.screen.settled(MENU, Some(&empty.1)));
        gallery.screen.click(ICON.0, ICON.1);
        desktop.click("Scribe wants demo…");
        let window = Browser::window(&desktop);
        window.rest();
        until("it has the icon of Scribe", || window.has(".who img[src^='data:image/svg']").then_some(()));
        gallery.window("question", &window, "Scribe wants to use demo");
        window.answer("Don’t allow");
        agent.join().unwrap().expect_code(4);
        let adding = scope.spawn(|| {
            scribe.runs(
                "$VALET add slack https://mcp.slack.com/mcp --client-id 1234567890.0987654321 --callback-port 3118 \
                 --scope search:read.public --scope chat:write",
            )
        });
        window.shows("Scribe wants to add slack");
        window.click("a[href^='#/questions/']");
        window.rest();
        gallery.window("proposal", &window, "Scribe wants to add slack");
        window.answer("Don’t add");
        adding.join().unwrap().expect_code(4);
        desktop.click("Lock");
        window.open("tauri://localhost/#/");
        gallery.window("locked", &window, "Nothing can be used until you unlock it.");
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
