//! Who we are at an issuer, and what happens when the issuer does not know us any more.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Browser, Demo, Home, Reply, Rogue, Valet, curl};

/// Longer than what counts as a double click.
const A_MOMENT: i64 = 6;

#[test]
fn an_issuer_that_forgot_us_is_registered_at_anew_by_the_next_sign_in() {
    let home = Home::new();
    let mut demo = Demo::start(&home);
    home.lists(&[("demo", &demo.mcp())], "memory");
    let valet = Valet::start(&home);
    curl(&[valet.begin("demo").as_str()]).expect_status(200);
    demo.restart(&home);
    home.move_clock(A_MOMENT);
    // The person sees the issuer's own error, closes the page and tries once more; or twice, if the first
    // sign-in was begun before the issuer forgot.
    let known = curl(&[valet.begin("demo").as_str()]).status == 200;
    home.move_clock(2 * A_MOMENT);
    let page = valet.begin("demo");
    assert_eq!(curl(&[page.as_str()]).status, 200, "known before: {known}");
    let browser = Browser::start(&home);
    browser.open(page.as_str());
    browser.click("#allow");
    valet.settles("demo", "ready");
    demo.list_tools(&valet.token("demo").expect_status(200).text("access_token")).expect_status(200);
}

#[test]
fn an_issuer_that_forgot_us_after_a_sign_in_is_registered_at_anew_once_one_attempt_was_abandoned() {
    let home = Home::new();
    let mut demo = Demo::start(&home);
    home.lists(&[("demo", &demo.mcp())], "memory");
    let valet = Valet::start(&home);
    let browser = Browser::start(&home);
    browser.open(valet.begin("demo").as_str());
    browser.click("#allow");
    valet.settles("demo", "ready");
    demo.restart(&home);
    assert_eq!(curl(&[valet.begin("demo").as_str()]).status, 400, "the demo remembers its clients");
    home.move_clock(A_MOMENT);
    browser.open(valet.begin("demo").as_str());
    browser.click("#allow");
    browser.shows("close");
    demo.list_tools(&valet.token("demo").expect_status(200).text("access_token")).expect_status(200);
}

#[test]
fn an_issuer_that_refuses_our_client_is_registered_at_anew() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    home.browser_says_yes();
    rogue.reply("/token", Reply::error(401, "invalid_client"));
    valet.cli(&["authorize", "rogue"]).expect_code(5);
    rogue.behave("/token");
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
    assert_eq!(rogue.count("/register"), 2);
}
