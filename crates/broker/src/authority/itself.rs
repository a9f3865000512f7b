//! Looking at the valet itself: what a person would look at who does not know why nothing works.

use crate::valet::{Valet, view};
use consent::surfaces::Surfaces;
use wire::VaultKind;
use wire::doctor::{Finding, Itself, Step, Verdict};
use words::say;

/// Examines it; nothing changes, and nobody is asked anything but our own door, by the address that it has
/// from outside.
pub(crate) async fn examine(valet: &Valet) -> Itself {
    let door = door(valet).await;
    let titled = |title: String, findings| Step { title, exchanges: Vec::new(), findings };
    Itself {
        steps: vec![
            titled(say!(itself_secrets), secrets(valet)),
            titled(say!(itself_configuration), configuration(valet)),
            titled(say!(itself_questions), questions(valet)),
            titled(say!(itself_network), network(valet).into_iter().chain(door).collect()),
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
        VaultKind::Shared => say!(itself_shared),
    };
    let first = match view::why_locked(&book, &valet.vault) {
        Some(problem) => trouble("locked", problem.detail, problem.advice),
        None => well("open", where_they_are),
    };
    let notices = book.vault_notices.iter().map(|notice| note("vault", notice.sentence(), None));
    let of_fleet =
        book.shared_vault.notices().into_iter().map(|notice| note("vault", plain::shown(&notice), None));
    std::iter::once(first).chain(notices).chain(of_fleet).collect()
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

/// Whether the door for web clients is open, and is what is found at its address from outside.
async fn door(valet: &Valet) -> Option<Finding> {
    let config = valet.book().config.valet.door.clone()?;
    if let Some(why) = valet.door.trouble() {
        return Some(trouble("door", why, say!(itself_door_advice)));
    }
    let Some(outside) = &config.external_url else {
        return Some(well("door", say!(itself_door, address = config.origin())));
    };
    let advice = say!(itself_door_outside_advice, listen = config.listen.to_string());
    Some(match issuer_at(valet, outside).await {
        Ok(Some(issuer)) if issuer == *outside => well("door", say!(itself_door, address = outside)),
        Ok(_) => trouble("door", say!(itself_door_another, address = outside), advice),
        Err(fault) => trouble("door", say!(itself_door_outside, address = outside, why = fault), advice),
    })
}

/// What is at an address from outside calls itself, if it is such a door.
async fn issuer_at(valet: &Valet, outside: &str) -> Result<Option<String>, String> {
    let url = format!("{outside}/.well-known/oauth-authorization-server").parse();
    let url = url.map_err(|error: url::ParseError| error.to_string())?;
    let document = oauth::fetch_own(&valet.http(), &url).await.map_err(|fault| fault.to_string())?;
    let document: Option<serde_json::Value> = serde_json::from_slice(&document).ok();
    Ok(document.and_then(|document| document["issuer"].as_str().map(str::to_owned)))
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
