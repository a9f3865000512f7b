//! A real Chromium, driven as a person would.
//!
//! WebDriver is a handful of JSON calls, and the fixtures have curl at hand; a client library would bring an
//! asynchronous runtime into every test that opens a page.

mod tabs;

use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::desktop::free_port;
use crate::until::until_shown;
use crate::{Desktop, Home, HttpResponse, Process, curl, until};

/// The key under which WebDriver names an element (W3C WebDriver §12).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

const CONTROL: &str = "\u{E009}";

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

    /// Types into a field, in the place of what is there.
    #[track_caller]
    pub fn replace(&self, css: &str, text: &str) {
        until(&format!("the page has {css}: {}", self.page()), || self.find(css));
        self.run(&format!("const field = document.querySelector({css:?}); field.focus(); field.select()"));
        text.chars().for_each(|letter| self.key(&letter.to_string()));
    }

    /// Clicks on something.
    #[track_caller]
    pub fn click(&self, css: &str) {
        self.act(css, "click", &json!({}));
    }

    /// Presses the button with these words on it, once it can be pressed.
    #[track_caller]
    pub fn press(&self, words: &str) {
        let button = button(words);
        let element =
            until(&format!("there is a button {words:?}: {}", self.page()), || self.look("xpath", &button));
        send(&format!("{}/element/{element}/click", self.session), &json!({})).expect_status(200);
    }

    /// Answers the question that the window asks, as somebody does who reads it to its end, and whose hands
    /// rest for a second before a yes.
    #[track_caller]
    pub fn answer(&self, words: &str) {
        let element = until(&format!("{words:?} can be answered: {}", self.page()), || {
            self.point_at(words);
            self.come_to_rest();
            self.look("xpath", &format!("{}[not(@aria-disabled='true')]", button(words)))
        });
        send(&format!("{}/element/{element}/click", self.session), &json!({})).expect_status(200);
    }

    /// Lets hands rest, and time pass, until a question can be answered.
    #[track_caller]
    pub fn rest(&self) {
        until(&format!("a yes can be given: {}", self.page()), || {
            self.come_to_rest();
            self.can_allow().then_some(())
        });
    }

    /// Scrolls where there is more to read, else keeps still for a second. The page looks a moment later
    /// whether that was silence: what is scrolled meanwhile would begin it anew.
    fn come_to_rest(&self) {
        if self.has("#read-first:not(.done)") {
            self.read();
        }
        self.let_pass(Duration::from_secs(1));
    }

    /// Goes to the end of the page at once.
    pub fn jump_to_the_end(&self) {
        self.run("for (const one of document.querySelectorAll('.scroll')) one.scrollTop = one.scrollHeight");
    }

    /// Chooses how far or how long an answer holds.
    #[track_caller]
    pub fn choose(&self, words: &str) {
        let label = format!("//label[normalize-space()='{words}']");
        let element =
            until(&format!("there is a choice {words:?}: {}", self.page()), || self.look("xpath", &label));
        self.run_with("arguments[0].scrollIntoView({ block: 'center' })", &json!([{ ELEMENT: element }]));
        send(&format!("{}/element/{element}/click", self.session), &json!({})).expect_status(200);
    }

    /// Scrolls through all of the page, a screen at a time.
    pub fn read(&self) {
        self.run(
            "for (const one of document.querySelectorAll('.scroll'))
               for (let at = 0; at <= one.scrollHeight; at += 40) {
                 one.scrollTop = at; one.dispatchEvent(new Event('scroll'));
               }",
        );
    }

    /// Moves the mouse onto the button with these words on it.
    pub fn point_at(&self, words: &str) {
        let Some(element) = self.look("xpath", &button(words)) else { return };
        self.run_with("arguments[0].scrollIntoView({ block: 'nearest' })", &json!([{ ELEMENT: element }]));
        let there = json!({ "type": "pointerMove", "x": 0, "y": 0, "origin": { ELEMENT: element } });
        let actions = json!({ "actions": [{ "type": "pointer", "id": "mouse", "actions": [there] }] });
        send(&format!("{}/actions", self.session), &actions).expect_status(200);
    }

    /// Where in the page, in pixels from its corner, the middle of the button with these words is.
    #[track_caller]
    pub fn place(&self, words: &str) -> (i16, i16) {
        let element = until(&format!("there is a button {words:?}"), || self.look("xpath", &button(words)));
        let script = "const { x, y, width, height } = arguments[0].getBoundingClientRect();
                      return [x + width / 2, y + height / 2].map(Math.round);";
        let place = self.run_with(script, &json!([{ ELEMENT: element }]));
        let at = |axis: usize| i16::try_from(place[axis].as_i64().unwrap()).unwrap();
        (at(0), at(1))
    }

    /// Gives the button with these words the focus.
    #[track_caller]
    pub fn focus(&self, words: &str) {
        let element = until(&format!("there is a button {words:?}"), || self.look("xpath", &button(words)));
        self.run_with("arguments[0].focus()", &json!([{ ELEMENT: element }]));
    }

    /// Whether a yes would be taken now.
    pub fn can_allow(&self) -> bool {
        self.has("button[aria-keyshortcuts='Control+Enter'][aria-disabled='false']")
    }

    /// Counts the clicks and keys that arrive from now on.
    pub fn listen(&self) {
        self.run(
            "globalThis.heard = 0;
             for (const one of ['pointerup', 'keyup']) addEventListener(one, () => (heard += 1), { capture: true });",
        );
    }

    /// Waits until so many clicks and keys have arrived.
    #[track_caller]
    pub fn hears(&self, count: u64) {
        until(&format!("{count} clicks and keys arrive"), || (self.heard() >= count).then_some(()));
    }

    /// How many clicks and keys have arrived.
    pub fn heard(&self) -> u64 {
        self.run("return heard").as_u64().unwrap_or_default()
    }

    /// Moves the clock of the window's page, which stands still in builds for tests. What the page has yet
    /// to hear of itself, such as how far it was scrolled, it hears in the next two frames, and first: it
    /// starts the second of silence again.
    pub fn let_pass(&self, time: Duration) {
        let script = "const [time, done] = arguments;
                      requestAnimationFrame(() => requestAnimationFrame(() => done(moveClock(time))));";
        let body = json!({ "script": script, "args": [time.as_millis()] });
        send(&format!("{}/execute/async", self.session), &body).expect_status(200);
    }

    /// Waits until the window has the keyboard.
    pub fn is_turned_to(&self) {
        until("the window has the keyboard", || {
            (self.run("return document.hasFocus()") == json!(true)).then_some(())
        });
    }

    fn run(&self, script: &str) -> Value {
        self.run_with(script, &json!([]))
    }

    fn run_with(&self, script: &str, arguments: &Value) -> Value {
        let body = json!({ "script": script, "args": arguments });
        send(&format!("{}/execute/sync", self.session), &body).expect_status(200).json()["value"].take()
    }

    /// Presses a key of the keyboard, such as `\u{E00C}` for Escape (W3C WebDriver §17.4.2).
    #[track_caller]
    pub fn key(&self, key: &str) {
        let press = ["keyDown", "keyUp"].map(|what| json!({ "type": what, "value": key }));
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": press }] });
        send(&format!("{}/actions", self.session), &actions).expect_status(200);
    }

    /// Presses a key with Ctrl held. What is then said is not waited for: the key may close the window.
    pub fn key_with_control(&self, key: &str) {
        let step = |what: &str, key: &str| json!({ "type": what, "value": key });
        let (down, up) = ("keyDown", "keyUp");
        let steps = [step(down, CONTROL), step(down, key), step(up, key), step(up, CONTROL)];
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": steps }] });
        let url = format!("{}/actions", self.session);
        let json = "Content-Type: application/json";
        curl(&["--max-time", "5", "-H", json, "--data-raw", &actions.to_string(), &url]);
    }

    /// What a script of the page comes to.
    #[track_caller]
    pub fn evaluates(&self, script: &str) -> Value {
        self.run(&format!("return {script}"))
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
        until_shown(text, || self.page())
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

    /// Waits until the window's page asks this: lists beside it may name the question earlier.
    #[track_caller]
    pub fn asks(&self, words: &str) -> String {
        let asked = || Some(self.text(".question h1")).filter(|asked| asked.contains(words));
        until(&format!("it asks {words:?}: {}", self.page()), asked)
    }

    /// Goes to another page of the window, in the language that it has.
    pub fn goes_to(&self, page: &str) {
        self.run_with("location.hash = arguments[0]", &json!([format!("#{page}")]));
    }

    /// Every text that the page shows or has read out, each by itself.
    pub fn texts(&self) -> Vec<String> {
        const COLLECT: &str = "
            const texts = [];
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) if (walker.currentNode.parentElement.checkVisibility()) texts.push(walker.currentNode.data);
            for (const one of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
                for (const name of ['aria-label', 'placeholder', 'title', 'alt']) texts.push(one.getAttribute(name) ?? '');
            return texts.map((text) => text.trim()).filter((text) => /\\p{L}/u.test(text));";
        let texts = self.run(COLLECT);
        texts.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
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

/// The button with these words on it.
fn button(words: &str) -> String {
    format!("//button[not(@disabled)][normalize-space()='{words}' or span[1]='{words}']")
}

#[track_caller]
fn send(url: &str, body: &Value) -> HttpResponse {
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
