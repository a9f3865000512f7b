//! No yes by accident: what hits the window's question without being meant for it is no answer.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant};

use mcp_valet_tests::{Agent, Browser, Desktop, Editor, Home, Key, Rogue, Screen, Valet, until};
use serde_json::json;

const SECOND: Duration = Duration::from_secs(1);
const ALMOST: Duration = Duration::from_millis(900);

/// A home with one server, whose agents are asked about.
fn with_rogue(home: &Home) -> Rogue {
    let rogue = Rogue::start();
    home.asks_about(&[("rogue", &rogue.mcp())]);
    rogue
}

const WANTS: &str = "scribe wants rogue…";

/// A question that the person opened, and a mouse and a keyboard on it.
struct Asked<'a> {
    window: Browser,
    screen: Screen,
    desktop: &'a Desktop<'a>,
    done: Cell<u64>,
}

impl<'a> Asked<'a> {
    fn open(desktop: &'a Desktop<'a>) -> Self {
        Self::open_from(desktop, WANTS)
    }

    fn open_from(desktop: &'a Desktop<'a>, entry: &str) -> Self {
        desktop.click(entry);
        let window = Browser::window(desktop);
        window.asks("wants to use rogue");
        window.is_turned_to();
        window.listen();
        window.read();
        let asked = Self { window, screen: desktop.screen(), desktop, done: Cell::new(0) };
        asked.at("Allow");
        asked
    }

    /// Clicks where the mouse is.
    fn clicks(&self) {
        self.screen.click_here();
        self.arrives();
    }

    fn types(&self, key: Key) {
        self.screen.press(key);
        self.arrives();
    }

    fn arrives(&self) {
        self.done.set(self.done.get() + 1);
        self.window.hears(self.done.get());
    }

    /// Moves the real mouse onto this button.
    fn at(&self, words: &str) {
        let ((x, y), area) =
            (self.window.place(words), until("the window is there", || self.screen.window()));
        self.screen.move_mouse(area.x + x, area.y + y);
        until("the mouse is there", || self.window.has("button:hover").then_some(()));
    }

    /// Whatever was done, the question is still asked.
    fn is_open(&self) {
        assert!(self.window.page().contains("wants to use rogue"), "{}", self.window.page());
        assert!(self.desktop.menu().iter().any(|entry| entry == WANTS), "{:?}", self.desktop.menu());
    }
}

#[test]
fn what_is_typed_for_another_program_goes_on_to_it_when_the_window_opens_by_itself() {
    let home = Home::new();
    let desktop = Desktop::without_tray(&home);
    let _rogue = with_rogue(&home);
    let scribe = Agent::new(&home, "scribe");
    let _valet = Valet::on_desktop(&desktop);
    let greeting = Browser::window(&desktop);
    until("the first page is there", || greeting.url().ends_with("#/?notray=1").then_some(()));
    drop(greeting);
    desktop.screen().close_window();
    until("it is closed", || desktop.windows().is_empty().then_some(()));
    let editor = Editor::open(desktop.screen());
    thread::scope(|scope| {
        let agent = scope.spawn(|| scribe.runs("$VALET token rogue"));
        let window = Browser::window(&desktop);
        window.asks("wants to use rogue");
        assert!(editor.has_the_keyboard(), "the window took it");
        window.read();
        for _ in 0..3 {
            window.let_pass(SECOND);
            "1234".bytes().for_each(|digit| desktop.screen().press(Key::of(digit)));
            desktop.screen().press(Key::ENTER);
        }
        until("all of it arrived where it was meant", || (editor.typed() == 15).then_some(()));
        assert!(window.page().contains("wants to use rogue"), "{}", window.page());
        assert!(!window.can_allow(), "a window that is not turned to is not armed");
        window.answer("Don’t allow");
        agent.join().unwrap().expect_code(4);
    });
}

#[test]
fn a_click_before_a_second_of_silence_starts_the_second_again() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _rogue = with_rogue(&home);
    let scribe = Agent::new(&home, "scribe");
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    thread::scope(|scope| {
        let agent = scope.spawn(|| scribe.runs("$VALET token rogue"));
        let asked = Asked::open(&desktop);
        for _ in 0..3 {
            asked.window.let_pass(ALMOST);
            asked.clicks();
            asked.is_open();
        }
        asked.window.let_pass(ALMOST);
        asked.types(Key::of(b'x'));
        asked.window.let_pass(ALMOST);
        asked.clicks();
        asked.is_open();
        asked.window.let_pass(SECOND);
        asked.clicks();
        agent.join().unwrap().expect_code(0);
    });
}

#[test]
fn digits_and_enter_answer_nothing_until_a_button_has_the_focus() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _rogue = with_rogue(&home);
    let scribe = Agent::new(&home, "scribe");
    let _valet = Valet::on_desktop(&desktop);
    thread::scope(|scope| {
        let agent = scope.spawn(|| scribe.runs("$VALET token rogue"));
        let asked = Asked::open(&desktop);
        for key in "123456".bytes().map(Key::of).chain([Key::ENTER, Key::SPACE]) {
            asked.window.let_pass(SECOND);
            asked.types(key);
        }
        asked.is_open();
        asked.window.answer("Don’t allow");
        agent.join().unwrap().expect_code(4);
    });
}

#[test]
fn by_keyboard_alone_control_with_enter_allows_and_with_backspace_refuses() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _rogue = with_rogue(&home);
    let scribe = Agent::new(&home, "scribe");
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    for (key, code) in [(Key::ENTER, 0), (Key::BACKSPACE, 4)] {
        thread::scope(|scope| {
            let agent = scope.spawn(|| scribe.runs("$VALET token rogue"));
            let asked = Asked::open(&desktop);
            asked.window.choose("Once");
            asked.window.let_pass(SECOND);
            asked.screen.press_with(Key::CONTROL, key);
            agent.join().unwrap().expect_code(code);
        });
        desktop.screen().close_window();
        until("the window is closed", || desktop.windows().is_empty().then_some(()));
    }
}

#[test]
fn a_question_that_was_scrolled_by_is_armed_only_a_second_later() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _rogue = with_rogue(&home);
    let scribe = Agent::new(&home, "scribe");
    let _valet = Valet::on_desktop(&desktop);
    thread::scope(|scope| {
        let agent = scope.spawn(|| scribe.runs("$VALET token rogue"));
        let asked = Asked::open(&desktop);
        asked.window.let_pass(SECOND);
        until("it is armed", || asked.window.can_allow().then_some(()));
        asked.window.read();
        until("it is not any more", || (!asked.window.can_allow()).then_some(()));
        asked.clicks();
        asked.is_open();
        asked.window.answer("Don’t allow");
        agent.join().unwrap().expect_code(4);
    });
}

#[test]
fn a_double_click_answers_one_question_and_not_the_next() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _rogue = with_rogue(&home);
    let (scribe, quill) = (Agent::new(&home, "scribe"), Agent::new(&home, "quill"));
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    thread::scope(|scope| {
        let first = scope.spawn(|| scribe.runs("$VALET token rogue"));
        desktop.menu_has("scribe wants rogue…");
        let second = scope.spawn(|| quill.runs("$VALET token rogue"));
        desktop.menu_has("quill wants rogue…");
        let asked = Asked::open_from(&desktop, "scribe wants rogue…");
        asked.window.let_pass(SECOND);
        (0..2).for_each(|_| asked.screen.click_here());
        first.join().unwrap().expect_code(0);
        asked.window.asks("quill wants to use rogue");
        // A web view that is busy with the first of two clicks at once may never tell its page of the second.
        // By the page's clock, those that follow come at the same moment.
        asked.window.let_pass(Duration::ZERO);
        asked.done.set(asked.window.heard());
        assert!((1..=2).contains(&asked.done.get()));
        (0..4).for_each(|_| asked.clicks());
        assert!(desktop.menu().contains(&"quill wants rogue…".to_owned()), "{:?}", desktop.menu());
        asked.window.answer("Don’t allow");
        second.join().unwrap().expect_code(4);
    });
}

#[test]
fn enter_that_is_held_down_is_no_yes() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _rogue = with_rogue(&home);
    let scribe = Agent::new(&home, "scribe");
    let _valet = Valet::on_desktop(&desktop);
    thread::scope(|scope| {
        let agent = scope.spawn(|| scribe.runs("$VALET token rogue"));
        let asked = Asked::open(&desktop);
        asked.window.focus("Allow");
        asked.screen.hold(Key::ENTER);
        for _ in 0..5 {
            asked.window.let_pass(SECOND);
            asked.is_open();
        }
        asked.screen.release(Key::ENTER);
        asked.is_open();
        asked.window.answer("Don’t allow");
        agent.join().unwrap().expect_code(4);
    });
}

#[test]
fn whoever_types_in_the_window_is_not_taken_elsewhere_by_a_question() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _rogue = with_rogue(&home);
    let scribe = Agent::new(&home, "scribe");
    let _valet = Valet::on_desktop(&desktop);
    desktop.click("Add server…");
    let window = Browser::window(&desktop);
    window.fill("textarea", "https://mcp.example.com/mcp");
    thread::scope(|scope| {
        let agent = scope.spawn(|| scribe.runs("$VALET token rogue"));
        window.shows("wants to use rogue");
        assert!(window.url().ends_with("#/add"), "{}", window.url());
        desktop.click(WANTS);
        window.answer("Don’t allow");
        agent.join().unwrap().expect_code(4);
    });
}

#[test]
fn of_several_servers_only_those_that_are_ticked_are_allowed() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let (rogue, other) = (Rogue::start(), Rogue::start());
    let servers = json!({ "rogue": { "url": rogue.mcp() }, "other": { "url": other.mcp() } });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "memory" } }));
    let scribe = Agent::new(&home, "scribe");
    let valet = Valet::on_desktop(&desktop);
    ["rogue", "other"].iter().for_each(|server| valet.sign_in(server));
    thread::scope(|scope| {
        let agent = scope.spawn(|| {
            scribe.runs("$VALET token other & $VALET token rogue; code=$?; wait $! && exit 9; exit $code")
        });
        desktop.click("Open MCP Valet");
        let window = Browser::window(&desktop);
        window.asks("scribe wants to use 2 servers");
        window.click("a[href^='#/questions/']");
        window.click("input[name=other]");
        window.shows("What is not ticked is not allowed.");
        window.choose("1 hour");
        window.shows("Your answer holds until");
        window.answer("Allow 1 of 2");
        agent.join().unwrap().expect_code(0);
    });
}

#[test]
fn a_server_that_joins_the_question_on_the_screen_is_not_covered_by_a_yes_that_was_armed_before() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let (rogue, other) = (Rogue::start(), Rogue::start());
    let servers = json!({ "rogue": { "url": rogue.mcp() }, "other": { "url": other.mcp() } });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "memory" } }));
    let scribe = Agent::new(&home, "scribe");
    let valet = Valet::on_desktop(&desktop);
    ["rogue", "other"].iter().for_each(|server| valet.sign_in(server));
    thread::scope(|scope| {
        let first = scope.spawn(|| scribe.runs("$VALET token rogue"));
        desktop.menu_has(WANTS);
        let began = Instant::now();
        let asked = Asked::open(&desktop);
        asked.window.let_pass(SECOND);
        until("it is armed", || asked.window.can_allow().then_some(()));
        // However slow this machine is: it joins within the five seconds in which it may.
        home.move_clock(-i64::try_from(began.elapsed().as_secs()).unwrap());
        let second = scope.spawn(|| scribe.runs("$VALET token other"));
        asked.window.shows("scribe wants to use 2 servers");
        asked.window.shows("More servers joined this question.");
        assert!(!asked.window.can_allow(), "what joined was not looked at yet");
        asked.at("Allow");
        asked.clicks();
        assert!(asked.window.page().contains("scribe wants to use 2 servers"), "{}", asked.window.page());
        asked.window.answer("Allow");
        first.join().unwrap().expect_code(0);
        second.join().unwrap().expect_code(0);
    });
}
