//! Signing in where there is no browser: what a person at a terminal reads, and may paste.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, Process, Rogue, Terminal, Valet, program};
use url::Url;

/// Somebody at a terminal who signs in to the rogue without a browser, and the page that they are told to
/// open.
fn begin(home: &Home) -> (Terminal, Process, Url) {
    let mut command = home.command(program("mcp-valet"));
    command.args(["authorize", "rogue", "--no-browser"]);
    let (terminal, process) = Terminal::run(&command, "cli", home);
    let screen = terminal.shows("press Enter");
    let page = screen.split_whitespace().find(|word| word.contains("/authorize?")).unwrap();
    (terminal, process, page.parse().unwrap())
}

fn valet<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    Valet::start(home)
}

/// The same answer with an error in the place of the code.
fn refused(back: &Url) -> String {
    let mut refused = back.clone();
    let rest: Vec<_> = back.query_pairs().filter(|(name, _)| name != "code").collect();
    refused.query_pairs_mut().clear().append_pair("error", "access_denied").extend_pairs(rest);
    refused.into()
}

#[test]
fn one_is_told_that_the_last_page_does_not_load_and_what_to_do_with_its_address() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    let (mut terminal, mut process, page) = begin(&home);
    let back = rogue.agree(&page);
    let beginning = back.as_str().split('?').next().unwrap();
    let screen = terminal.screen();
    assert!(screen.contains("does not load") && screen.contains(beginning), "{screen}");
    terminal.types(back.as_str());
    assert!(process.wait().success(), "{}", terminal.screen());
    terminal.shows("\"rogue\" is ready.");
    valet.token("rogue").expect_status(200);
}

#[test]
fn a_wrong_paste_is_explained_and_the_right_one_still_works() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = valet(&home, &rogue);
    let (mut terminal, mut process, page) = begin(&home);
    terminal.types(page.as_str());
    terminal.shows("this is the page to open");
    terminal.types("hello");
    terminal.shows("this is not the address that the sign-in ends at");
    let back = rogue.agree(&page);
    terminal.types(&back.as_str().replace("state=", "state=x"));
    terminal.shows("belongs to no sign-in");
    terminal.shows("Still waiting");
    terminal.types(back.as_str().strip_prefix("http://").unwrap());
    assert!(process.wait().success(), "{}", terminal.screen());
}

#[test]
fn a_refusal_that_is_pasted_ends_it_and_is_said_once() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = valet(&home, &rogue);
    let (mut terminal, mut process, page) = begin(&home);
    terminal.types(&refused(&rogue.agree(&page)));
    assert_eq!(process.wait().code(), Some(5), "{}", terminal.screen());
    let screen = terminal.shows("Authorize again");
    assert_eq!(screen.matches("was refused at").count(), 1, "{screen}");
}
