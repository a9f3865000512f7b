//! Looking at the valet itself: what a person would look at who does not know why nothing works.

use crate::valet::{Valet, view};
use consent::surfaces::Surfaces;
use wire::VaultKind;
use wire::doctor::{Finding, Itself, Step, Verdict};
use words::say;

/// Examines it; nothing is asked of anybody, and nothing changes.
pub(crate) fn examine(valet: &Valet) -> Itself {
    let titled = |title: String, findings| Step { title, exchanges: Vec::new(), findings };
    Itself {
        steps: vec![
            titled(say!(itself_secrets), secrets(valet)),
            titled(say!(itself_configuration), configuration(valet)),
            titled(say!(itself_questions), questions(valet)),
            titled(say!(itself_network), network(valet)),
            titled(say!(itself_clock), vec![clock(valet)]),
        ],
    }
}

fn secrets(valet: &Valet) -> Vec<Finding> {
    let book = valet.book();
    let where_they_are = match valet.vault.kind() {
        VaultKind::Keychain => say!(itself_keychain),
        VaultKind::File => say!(itself_file),
        VaultKind::Memory => say!(itself_memory),
    };
    let first = match view::why_locked(&book, &valet.vault) {
        Some(problem) => trouble("locked", problem.detail, problem.advice),
        None => well("open", where_they_are),
    };
    let notices = book.vault_notices.iter().map(|notice| note("vault", notice.sentence(), None));
    std::iter::once(first).chain(notices).collect()
}

fn configuration(valet: &Valet) -> Vec<Finding> {
    let book = valet.book();
    let first = match view::trouble_told(valet, &book) {
        Some(problem) => trouble("configuration", problem.detail, problem.advice),
        None => well("configuration", say!(itself_servers, count = book.servers.len())),
    };
    let notices = view::notices_told(&book, &valet.consents()).into_iter().chain(valet.unaudited_notice());
    std::iter::once(first).chain(notices.map(|notice| note("notice", notice, None))).collect()
}

fn questions(valet: &Valet) -> Vec<Finding> {
    let can_ask = match *valet.surfaces.borrow() {
        Surfaces::Open(0) => trouble("nobody", say!(itself_nobody), say!(itself_nobody_advice)),
        Surfaces::Open(_) => well("asks", say!(itself_asks)),
        Surfaces::Starting => note("starting", say!(itself_starting), None),
    };
    let icon = match valet.view.borrow().icon_shown {
        Some(false) => Some(note("icon", say!(itself_no_icon), Some(say!(itself_no_icon_advice)))),
        Some(true) => Some(well("icon", say!(itself_icon))),
        None => None,
    };
    std::iter::once(can_ask).chain(icon).collect()
}

/// A proxy by its host alone: its address may have a password in it.
fn network(valet: &Valet) -> Vec<Finding> {
    let proxy = valet.book().config.valet.proxy.clone();
    let host = proxy.as_ref().and_then(|proxy| proxy.host_str().map(ToOwned::to_owned));
    vec![match host {
        Some(host) => well("proxy", say!(itself_proxy, host = host)),
        None => well("direct", say!(itself_direct)),
    }]
}

/// Answers with an end, and tokens, go by the clock.
fn clock(valet: &Valet) -> Finding {
    let (now, latest) = (valet.clock.now(), valet.consents().latest());
    let behind = latest.as_second() - now.as_second();
    match behind > 0 {
        true => trouble("clock", say!(itself_clock_back, seconds = behind), say!(itself_clock_back_advice)),
        false => well("clock", say!(itself_clock_well, now = now.strftime("%F %T UTC").to_string())),
    }
}

fn well(code: &str, text: String) -> Finding {
    Finding::of(Verdict::Ok, code, text, None)
}

fn note(code: &str, text: String, what: Option<String>) -> Finding {
    Finding::of(Verdict::Note, code, text, what)
}

fn trouble(code: &str, text: String, what: String) -> Finding {
    Finding::of(Verdict::Trouble, code, text, Some(what))
}
