//! A real Chromium, driven as a person would.
//!
//! WebDriver is a handful of JSON calls, and the fixtures have curl at hand; a client library would bring an
//! asynchronous runtime into every test that opens a page.

use std::net::TcpStream;

use serde_json::{Value, json};

use crate::desktop::free_port;
use crate::{Answer, Desktop, Home, Process, curl, until};

/// The key under which WebDriver names an element (W3C WebDriver §12).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Chromium with a profile of its own. It and its driver end together.
#[derive(Debug)]
pub struct Browser {
    session: String,
    _driver: Process,
}

impl Browser {
    /// Starts it with an empty profile.
    pub fn start(home: &Home) -> Self {
        let mut driver =
            home.spawn(home.command("chromedriver").arg(format!("--port={}", free_port())), "chromedriver");
        let port = driver.announces("ChromeDriver was started successfully on port ");
        let origin = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
        let profile = home.path().join("chromium");
        let answer = send(&format!("{origin}/session"), &capabilities(profile.to_str().unwrap()));
        let id = answer.expect_status(200).json()["value"]["sessionId"].as_str().unwrap().to_owned();
        Self { session: format!("{origin}/session/{id}"), _driver: driver }
    }

    /// The window of the desktop app, once it is open. A driver that comes before the web view never finds
    /// it, so each try has one of its own.
    pub fn window(desktop: &Desktop<'_>) -> Self {
        until("the window opens", || (!desktop.windows().is_empty()).then_some(()));
        until("the window lets WebDriver in", || Self::attach(desktop))
    }

    fn attach(desktop: &Desktop<'_>) -> Option<Self> {
        let port = free_port();
        let mut command = desktop.command("WebKitWebDriver");
        command.arg(format!("--port={port}")).arg(format!("--target={}", desktop.inspector()));
        let driver = desktop.home().spawn(&mut command, "webkitdriver");
        until("the driver listens", || TcpStream::connect(("127.0.0.1", port)).ok());
        let sessions = format!("http://127.0.0.1:{port}/session");
        let answer = curl(&["--max-time", "3", "--data-raw", r#"{"capabilities":{}}"#, &sessions]);
        let answer: Value = serde_json::from_str(&answer.body).ok()?;
        let session = format!("{sessions}/{}", answer["value"]["sessionId"].as_str()?);
        // A session that began while the web view was made may answer nothing, ever.
        let answers = curl(&["--max-time", "5", &format!("{session}/url")]).status == 200;
        answers.then(|| Self { session, _driver: driver })
    }

    /// Goes to an address and waits until it is shown.
    #[track_caller]
    pub fn open(&self, url: &str) {
        send(&format!("{}/url", self.session), &json!({ "url": url })).expect_status(200);
    }

    /// Types into a field.
    #[track_caller]
    pub fn fill(&self, css: &str, text: &str) {
        self.act(css, "value", &json!({ "text": text }));
    }

    /// Clicks on something.
    #[track_caller]
    pub fn click(&self, css: &str) {
        self.act(css, "click", &json!({}));
    }

    /// Presses the button with these words on it, once it can be pressed.
    #[track_caller]
    pub fn press(&self, words: &str) {
        let button = format!("//button[not(@disabled)][normalize-space()='{words}' or span[1]='{words}']");
        let element =
            until(&format!("there is a button {words:?}: {}", self.page()), || self.look("xpath", &button));
        send(&format!("{}/element/{element}/click", self.session), &json!({})).expect_status(200);
    }

    /// Presses a key of the keyboard, such as `\u{E00C}` for Escape (W3C WebDriver §17.4.2).
    #[track_caller]
    pub fn key(&self, key: &str) {
        let press = ["keyDown", "keyUp"].map(|what| json!({ "type": what, "value": key }));
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": press }] });
        send(&format!("{}/actions", self.session), &actions).expect_status(200);
    }

    /// Scrolls everything to its end, as somebody does who reads it.
    #[track_caller]
    pub fn scroll_to_the_end(&self) {
        let script = "for (const one of document.querySelectorAll('*')) one.scrollTop = one.scrollHeight";
        let body = json!({ "script": script, "args": [] });
        send(&format!("{}/execute/sync", self.session), &body).expect_status(200);
    }

    #[track_caller]
    fn act(&self, css: &str, action: &str, body: &Value) {
        let element = until(&format!("the page has {css}: {}", self.page()), || self.find(css));
        send(&format!("{}/element/{element}/{action}", self.session), body).expect_status(200);
    }

    fn find(&self, css: &str) -> Option<String> {
        self.look("css selector", css)
    }

    fn look(&self, using: &str, value: &str) -> Option<String> {
        let query = json!({ "using": using, "value": value });
        let answer = send(&format!("{}/element", self.session), &query);
        serde_json::from_str::<Value>(&answer.body).ok()?["value"][ELEMENT].as_str().map(str::to_owned)
    }

    /// Whether the page has such an element now.
    pub fn has(&self, css: &str) -> bool {
        self.find(css).is_some()
    }

    /// Waits until the page shows `text`, and answers all that it shows.
    #[track_caller]
    pub fn shows(&self, text: &str) -> String {
        until(&format!("the page shows {text:?}: {}", self.page()), || {
            Some(self.page()).filter(|page| page.contains(text))
        })
    }

    /// Waits until the address begins with `prefix`, and answers all that the page shows.
    #[track_caller]
    pub fn arrives(&self, prefix: &str) -> String {
        until(&format!("the browser is at {prefix}"), || self.url().starts_with(prefix).then_some(()));
        self.page()
    }

    /// The text of the page, as a person reads it.
    pub fn page(&self) -> String {
        self.text("body")
    }

    /// The text of a part of the page; empty if there is none.
    pub fn text(&self, css: &str) -> String {
        self.find(css).map(|element| self.value(&format!("element/{element}/text"))).unwrap_or_default()
    }

    /// The address.
    pub fn url(&self) -> String {
        self.value("url")
    }

    fn value(&self, what: &str) -> String {
        let answer = curl(&[&format!("{}/{what}", self.session)]);
        answer.json()["value"].as_str().unwrap_or_default().to_owned()
    }

    /// Signs in and agrees on the pages of `oidc-provider`.
    #[track_caller]
    pub fn agree_at_oidc_provider(&self, url: &str) {
        self.open(url);
        self.fill("input[name=login]", "ada");
        self.fill("input[name=password]", "anything");
        self.click("button[type=submit]");
        self.shows("Authorize");
        self.click("button[type=submit]");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A regular end first, so that Chromium removes what it keeps in the temporary folder.
        curl(&["-X", "DELETE", &self.session]);
    }
}

#[track_caller]
fn send(url: &str, body: &Value) -> Answer {
    curl(&["-H", "Content-Type: application/json", "--data-raw", &body.to_string(), url])
}

fn capabilities(profile: &str) -> Value {
    let flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--no-proxy-server",
        &format!("--user-data-dir={profile}"),
    ];
    json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": { "args": flags } } } })
}
