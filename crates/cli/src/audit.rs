//! `mcp-valet audit`: what was done for the application that runs it.

use crate::failure::Failure;
use crate::print;
use clap::Args;
use jiff::civil::Date;
use jiff::{Span, Timestamp, Zoned};
use wire::{AuditEntry, Client};

/// Which entries to list.
#[derive(Args)]
pub(crate) struct Audit {
    /// Only what was done since then: a date, a time (RFC 3339), or how long ago, such as 2h or 3d.
    #[arg(long, value_name = "WHEN", value_parser = since)]
    since: Option<Timestamp>,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

fn since(text: &str) -> Result<Timestamp, String> {
    before(&Zoned::now(), text).ok_or_else(|| "write 2026-01-31, 2026-01-31T12:00:00Z, 2h or 3d".to_owned())
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
    let mut entries = client.audit().await?;
    entries.retain(|entry| audit.since.is_none_or(|since| entry.at >= since));
    if audit.json {
        return print::json(&entries);
    }
    if entries.is_empty() {
        return print::line("Nothing was done for this application in that time.");
    }
    entries.iter().try_for_each(|entry| print::line(&print::plain(&row(entry))))
}

fn row(entry: &AuditEntry) -> String {
    let what = entry.what.replace('_', " ");
    let server = entry.server.as_deref().unwrap_or_default();
    format!("{:.0}  {what:12}  {server}  {}", entry.at, entry.scopes.join(" ")).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::before;

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
