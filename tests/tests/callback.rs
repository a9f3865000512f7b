//! The address that the browser comes back to, and everybody else who knocks there.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Browser, Home, HttpResponse, Rogue, Valet, curl, until};
use serde_json::json;
use url::Url;

const SCRIPT: &str = "<script>document.title='owned'</script>";

fn valet<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    Valet::start(home)
}

/// The same address with one member of its query set, or left out.
fn with(url: &Url, name: &str, value: Option<&str>) -> String {
    let mut pairs: Vec<_> = url.query_pairs().into_owned().filter(|(key, _)| key != name).collect();
    pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    let mut changed = url.clone();
    changed.query_pairs_mut().clear().extend_pairs(pairs);
    changed.into()
}

#[track_caller]
fn refused(answer: HttpResponse) -> HttpResponse {
    assert!((400..500).contains(&answer.status), "{answer:?}");
    assert!(answer.body.contains("<html"), "a person reads this: {answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer:?}");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{answer:?}");
    assert!(answer.header("content-security-policy").is_some_and(|csp| csp.contains("default-src 'none'")));
    answer
}

/// A bad request first, then the good one: the bad one has spent nothing.
#[track_caller]
fn spends_nothing(bad: impl Fn(&Url) -> HttpResponse) {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    let good = rogue.agree(&valet.begin("rogue"));
    refused(bad(&good));
    assert_eq!(valet.server("rogue")["state"], "waiting");
    curl(&[good.as_str()]).expect_status(200);
    valet.settles("rogue", "ready");
    valet.token("rogue").expect_status(200);
}

#[test]
fn a_wrong_state_spends_nothing() {
    spends_nothing(|good| curl(&[&with(good, "state", Some("somebody-elses"))]));
}

#[test]
fn a_missing_state_spends_nothing() {
    spends_nothing(|good| curl(&[&with(good, "state", None)]));
}

#[test]
fn a_wrong_issuer_spends_nothing() {
    spends_nothing(|good| curl(&[&with(good, "iss", Some("https://evil.example"))]));
}

#[test]
fn a_missing_issuer_where_one_is_promised_spends_nothing() {
    spends_nothing(|good| curl(&[&with(good, "iss", None)]));
}

#[test]
fn a_post_spends_nothing() {
    spends_nothing(|good| curl(&["-X", "POST", good.as_str()]));
}

#[test]
fn a_foreign_host_spends_nothing() {
    spends_nothing(|good| curl(&["-H", "Host: rebound.example", good.as_str()]));
}

#[test]
fn neither_code_nor_error_spends_nothing() {
    spends_nothing(|good| curl(&[&with(good, "code", None)]));
}

#[test]
fn an_answer_that_was_used_is_refused_and_the_grant_is_untouched() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    let good = rogue.agree(&valet.begin("rogue"));
    curl(&[good.as_str()]).expect_status(200);
    valet.settles("rogue", "ready");
    let before = valet.token("rogue").text("access_token");
    refused(curl(&[good.as_str()]));
    assert_eq!(valet.server("rogue")["state"], "ready");
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), before);
    assert_eq!(rogue.count("/token"), 1);
}

#[test]
fn an_answer_after_ten_minutes_is_refused() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    let good = rogue.agree(&valet.begin("rogue"));
    home.move_clock(601);
    let page = refused(curl(&[good.as_str()]));
    assert!(page.body.contains("ten minutes"), "{page:?}");
    assert_eq!(rogue.count("/token"), 0);
    assert_eq!(valet.server("rogue")["state"], "failed");
    valet.sign_in("rogue");
}

#[test]
fn a_failed_second_sign_in_leaves_the_live_grant_alone() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    valet.sign_in("rogue");
    let before = valet.token("rogue").expect_status(200).text("access_token");
    let good = rogue.agree(&valet.begin("rogue"));
    let refusal = with(&good, "code", None) + "&error=access_denied";
    curl(&[&refusal]);
    assert_eq!(valet.server("rogue")["grant"], "live");
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), before);
}

#[test]
fn an_error_without_a_code_is_a_failed_sign_in_that_says_whose() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    let good = rogue.agree(&valet.begin("rogue"));
    let page = curl(&[&(with(&good, "code", None) + "&error=access_denied")]);
    assert!(page.body.contains("<html") && page.body.contains("127.0.0.1"), "{page:?}");
    let server = valet.settles("rogue", "failed");
    assert_eq!(server["declined"], false);
    valet.sign_in("rogue");
}

#[test]
fn a_script_in_an_error_is_shown_as_text() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    let browser = Browser::start(&home);
    let good = rogue.agree(&valet.begin("rogue"));
    let mut refusal = Url::parse(&with(&good, "code", None)).unwrap();
    refusal.query_pairs_mut().append_pair("error", "server_error").append_pair("error_description", SCRIPT);
    browser.open(refusal.as_str());
    let page = browser.shows("server_error");
    assert!(!browser.has("script"), "{page}");
    let error = valet.settles("rogue", "failed").to_string();
    assert!(!error.contains("\u{1b}"), "{error}");
}

#[test]
fn the_page_of_a_success_says_what_to_do_next_in_a_real_browser() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    let browser = Browser::start(&home);
    browser.open(valet.begin("rogue").as_str());
    let page = browser.shows("rogue");
    assert!(page.to_lowercase().contains("close"), "{page}");
    valet.settles("rogue", "ready");
}

#[test]
fn two_sign_ins_at_once_do_not_get_in_each_others_way() {
    let home = Home::new();
    let (one, two) = (Rogue::start(), Rogue::start());
    home.lists(&[("one", &one.mcp()), ("two", &two.mcp())], "memory");
    let valet = Valet::start(&home);
    let (first, second) = (valet.begin("one"), valet.begin("two"));
    curl(&[two.agree(&second).as_str()]).expect_status(200);
    curl(&[one.agree(&first).as_str()]).expect_status(200);
    valet.settles("one", "ready");
    valet.settles("two", "ready");
    assert!(one.accepts(&valet.token("one").text("access_token")));
    assert!(two.accepts(&valet.token("two").text("access_token")));
}

#[test]
fn a_code_of_one_issuer_at_the_address_of_another_is_refused() {
    let home = Home::new();
    let (one, two) = (Rogue::start(), Rogue::start());
    home.lists(&[("one", &one.mcp()), ("two", &two.mcp())], "memory");
    let valet = Valet::start(&home);
    let (first, second) = (one.agree(&valet.begin("one")), two.agree(&valet.begin("two")));
    let mixed = first.as_str().replace(first.path(), second.path());
    if mixed != first.as_str() {
        refused(curl(&[&mixed]));
    }
    assert_eq!(two.count("/token"), 0, "a code of one was shown to two");
}

#[test]
fn an_error_that_does_not_say_whose_it_is_ends_the_sign_in_and_says_why_it_is_not_believed() {
    for (sent, shown) in [("access_denied", "access_denied"), ("%3Cb%3Epwned", "an error")] {
        let (home, rogue) = (Home::new(), Rogue::start());
        let valet = valet(&home, &rogue);
        home.browser_notes_the_address();
        let mut waits = home.start_cli(&["authorize", "rogue"]);
        let page = until("it opens the page", || home.opened().first().cloned()).parse().unwrap();
        let unsigned = with(&rogue.agree(&page), "iss", None);
        let refusal = with(&unsigned.parse().unwrap(), "code", None) + "&error=" + sent;
        let answer = curl(&[&(refusal + "&error_description=call+now")]);
        assert_eq!(waits.wait().code(), Some(5));
        for said in [answer.body, waits.stderr(), valet.server("rogue")["problem"]["detail"].to_string()] {
            assert!(said.contains("refused") && said.contains("iss") && said.contains(shown), "{said}");
            assert!(!said.contains("call now") && !said.contains("pwned"), "{said}");
        }
    }
}

/// Whoever waits at the command line is told about `bad` at once, and goes on waiting for the good answer.
#[track_caller]
fn is_said_at_once(bad: impl Fn(&Url), words: &str) {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    home.browser_notes_the_address();
    let mut waits = home.start_cli(&["authorize", "rogue"]);
    let page = until("it opens the page", || home.opened().first().cloned()).parse().unwrap();
    let good = rogue.agree(&page);
    bad(&good);
    let said = until("it is said", || Some(waits.stderr()).filter(|said| said.contains("Still waiting")));
    assert!(said.contains(words), "{said}");
    assert!(!valet.server("rogue")["problem"]["reason"].is_null());
    bad(&good);
    curl(&[good.as_str()]).expect_status(200);
    assert_eq!(waits.wait().code(), Some(0));
    assert_eq!(waits.stderr().matches("Still waiting").count(), 1, "once: {}", waits.stderr());
    assert!(valet.server("rogue")["problem"].is_null());
}

#[test]
fn an_answer_by_post_is_said_at_once_where_the_person_waits() {
    is_said_at_once(
        |good| {
            let (address, query) = good.as_str().split_once('?').unwrap();
            curl(&["--data-raw", query, address]).expect_status(405);
        },
        "by POST",
    );
}

#[test]
fn an_answer_that_is_not_believed_is_said_at_once_where_the_person_waits() {
    is_said_at_once(|good| drop(curl(&[&with(good, "iss", Some("https://evil.example"))])), "not from");
    is_said_at_once(|good| drop(curl(&[&with(good, "iss", None)])), "not from");
    is_said_at_once(|good| drop(curl(&[&with(good, "state", Some("anothers"))])), "another sign-in");
    is_said_at_once(|good| drop(curl(&[&with(good, "state", None)])), "without a `state`");
    is_said_at_once(|good| drop(curl(&[&with(good, "code", None)])), "without a code");
}

#[test]
fn an_answer_that_is_not_believed_is_said_to_nobody_who_waits_elsewhere() {
    let home = Home::new();
    let (one, two) = (Rogue::start(), Rogue::start());
    home.lists(&[("one", &one.mcp()), ("two", &two.mcp())], "memory");
    let valet = Valet::start(&home);
    let (first, second) = (one.agree(&valet.begin("one")), valet.begin("two"));
    curl(&["-X", "POST", first.as_str()]).expect_status(405);
    assert_eq!(valet.server("one")["problem"]["reason"], json!("callback_refused"));
    assert!(valet.server("two")["problem"].is_null());
    curl(&[two.agree(&second).as_str()]).expect_status(200);
    valet.settles("two", "ready");
}
