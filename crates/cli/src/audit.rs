//! `mcp-valet audit`: what was done for the application that runs it, and whether the audit is as it was
//! written.

use crate::act;
use crate::failure::Failure;
use crate::print;
use clap::Args;
use jiff::civil::Date;
use jiff::{Span, Timestamp, Zoned};
use wire::{AccessLevel, AuditEntry, Client, Sum, Verified};
use words::say;

/// Which entries to list.
#[derive(Args)]
pub(crate) struct Audit {
    /// Of the newest 1000 entries, only what was done since then: a date, a time (RFC 3339), or how long ago,
    /// such as 2h or 3d.
    #[arg(long, value_name = "WHEN", value_parser = since)]
    since: Option<Timestamp>,
    /// Go through the whole audit, and say whether every entry is there as it was written.
    #[arg(long, conflicts_with = "since")]
    verify: bool,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

fn since(text: &str) -> Result<Timestamp, String> {
    before(&Zoned::now(), text).ok_or_else(|| say!(cli_audit_since))
}

fn before(now: &Zoned, text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    if let Ok(date) = text.parse::<Date>() {
        return Some(date.to_zoned(now.time_zone().clone()).ok()?.timestamp());
    }
    Some(now.checked_sub(text.parse::<Span>().ok()?.abs()).ok()?.timestamp())
}

pub(crate) async fn run(client: &Client, audit: Audit) -> Result<(), Failure> {
    if audit.verify {
        return verified(&client.verify_audit().await?, audit.json);
    }
    let mut entries = client.audit().await?;
    entries.retain(|entry| audit.since.is_none_or(|since| entry.at >= since));
    if audit.json {
        return print::json(&entries);
    }
    if entries.is_empty() {
        let nothing =
            if audit.since.is_some() { say!(cli_audit_nothing_then) } else { say!(cli_audit_nothing) };
        return print::line(&nothing);
    }
    entries.iter().try_for_each(|entry| print::line(&print::plain(&row(entry))))
}

fn row(entry: &AuditEntry) -> String {
    let what = act::words(&entry.what);
    let server = entry.server.as_deref().unwrap_or_default();
    let why = entry.outcome.as_deref().unwrap_or_default().replace('_', " ");
    let through = entry
        .through
        .as_ref()
        .map(|through| say!(cli_audit_through, through = through.to_string()))
        .unwrap_or_default();
    let account = entry.account.as_ref().map(|account| format!("{} {account}", say!(cli_row_as)));
    let folder = entry.folder.as_ref().map(|folder| say!(ask_use_in, folder = folder));
    let [account, folder] = [account, folder].map(Option::unwrap_or_default);
    let method = entry.method.clone().unwrap_or_default();
    let result = entry.result.clone().unwrap_or_default();
    let tool = entry.tool.clone().unwrap_or_default();
    let rule = entry.rule.as_ref().map(|rule| format!("({rule})")).unwrap_or_default();
    let until =
        entry.until.map(|until| say!(cli_audit_until, end = format!("{until:.0}"))).unwrap_or_default();
    let sum = entry.sum.map(again).unwrap_or_default();
    let is_kept = entry.reach == Some(AccessLevel::ProxyOnly);
    let reach = if is_kept { say!(cli_audit_proxy_only) } else { String::new() };
    let scopes = entry.scopes.join(" ");
    let details = [account, folder, sum, scopes, until, reach, method, tool, rule, why, result, through];
    let details: Vec<_> = details.into_iter().filter(|detail| !detail.is_empty()).collect();
    format!("{:.0}  {what:12}  {server}  {}", entry.at, details.join("  ")).trim_end().to_owned()
}

fn again(sum: Sum) -> String {
    match sum.count {
        1 => say!(cli_audit_again),
        count => say!(cli_audit_times, count = count, since = format!("{:.0}", sum.since)),
    }
}

/// Status 1 where something is wrong.
fn verified(verified: &Verified, as_json: bool) -> Result<(), Failure> {
    if as_json {
        print::json(verified)?;
    } else {
        said(verified).iter().try_for_each(|line| print::line(&print::plain(line)))?;
    }
    if verified.intact { Ok(()) } else { Err(Failure::Said(1)) }
}

fn said(verified: &Verified) -> Vec<String> {
    let Verified { entries, unchained, torn, unvouched, summed, .. } = *verified;
    let time = |at: Option<Timestamp>| at.map(|at| format!("{at:.0}")).unwrap_or_default();
    let mut said = Vec::new();
    match &verified.fault {
        None if entries == 0 => said.push(say!(cli_audit_intact_none)),
        None if unvouched > 0 => said.push(say!(
            cli_audit_intact_except,
            unproven = unvouched,
            entries = entries,
            first = time(verified.first),
            last = time(verified.newest)
        )),
        None => said.push(say!(
            cli_audit_intact,
            entries = entries,
            first = time(verified.first),
            last = time(verified.newest)
        )),
        Some(fault) => {
            said.push(say!(cli_audit_broken, fault = fault.sentence()));
            said.push(indented(&match entries {
                0 => say!(cli_audit_nothing_before),
                _ => say!(cli_audit_before, entries = entries, time = time(fault.at)),
            }));
        }
    }
    if summed > 0 {
        said.push(indented(&say!(cli_audit_summed, count = summed)));
    }
    if unchained > 0 {
        said.push(indented(&say!(cli_audit_unchained, count = unchained)));
    }
    if torn > 0 {
        said.push(indented(&say!(cli_audit_torn, count = torn)));
    }
    if unvouched > 0 {
        said.push(indented(&say!(cli_audit_unproven, count = unvouched)));
    }
    said
}

fn indented(line: &str) -> String {
    format!("  {line}")
}

#[cfg(test)]
mod tests {
    use super::{before, row, said};

    #[test]
    fn a_row_tells_what_came_of_it_and_what_connected() {
        let entry = r#"{"at":"2026-01-31T12:00:00Z","what":"revoke","agent":"scribe","server":"rogue","scopes":["a","b"],"outcome":"consent_required","result":"copy here wiped","through":"curl"}"#;
        let row = row(&serde_json::from_str(entry).unwrap());
        assert!(row.ends_with("  rogue  a b  consent required  copy here wiped  through curl"), "{row}");
    }

    #[test]
    fn a_row_of_another_version_is_shown_as_well() {
        let entry = r#"{"at":"2026-01-31T12:00:00Z","what":"lend_out","agent":"scribe","server":"rogue"}"#;
        let row = row(&serde_json::from_str(entry).unwrap());
        assert!(row.ends_with("  lend out      rogue"), "{row}");
    }

    #[test]
    fn a_fault_at_the_first_entry_has_none_before_it() {
        let verified = r#"{"intact":false,"entries":0,"unchained":0,"torn":0,"unvouched":0,"fault":{"what":"missing","file":"audit","seq":1,"through":4}}"#;
        let said = said(&serde_json::from_str(verified).unwrap());
        assert_eq!(said[1..], ["  Nothing of what is kept stands before it."]);
    }

    #[test]
    fn a_time_is_a_date_a_time_or_how_long_ago() {
        let now = "2026-02-03T12:00:00[Europe/Berlin]".parse().unwrap();
        let time = |text| before(&now, text).map(|time| time.to_string());
        assert_eq!(time("2026-01-31T12:00:00Z").as_deref(), Some("2026-01-31T12:00:00Z"));
        assert_eq!(time("2026-01-31").as_deref(), Some("2026-01-30T23:00:00Z"));
        assert_eq!(time("2h").as_deref(), Some("2026-02-03T09:00:00Z"));
        assert_eq!(time("3d").as_deref(), Some("2026-01-31T11:00:00Z"));
        assert_eq!(time("soon"), None);
    }
}
