//! `mcp-valet doctor`: a report as a person reads it, in 80 columns.

use crate::failure::Failure;
use crate::{print, setup};
use std::fmt::Write;
use std::io::{self, IsTerminal};
use wire::Client;
use wire::doctor::{Conclusion, Examine, Finding, Itself, Report, Step, Verdict, Who};
use words::say;

const WIDTH: usize = 79;
/// Where the text of a finding begins.
const INDENT: usize = 11;

pub(crate) async fn run(client: &Client, server: String, json: bool) -> Result<(), Failure> {
    let report = client.examine(&Examine { server }).await?;
    if json {
        print::json(&report)?;
    } else {
        print::line(page(&report, Ink::for_stdout()).trim_end())?;
    }
    match report.outcome.exit() {
        0 => Ok(()),
        exit => Err(Failure::Said(exit)),
    }
}

/// How MCP Valet itself is, seen from here and by itself.
pub(crate) async fn itself(client: &Client, json: bool) -> Result<(), Failure> {
    let health = client.health().await?;
    let mut seen = client.examine_itself().await?;
    seen.steps.insert(0, this_command(client, &health.version));
    seen.steps.push(Step {
        title: say!(itself_programs),
        exchanges: Vec::new(),
        findings: setup::findings(client).await?,
    });
    let is_well = !seen.steps.iter().any(is_in_trouble);
    if json {
        print::json(&seen)?;
    } else {
        print::line(page_of_itself(&seen, is_well, Ink::for_stdout()).trim_end())?;
    }
    if is_well { Ok(()) } else { Err(Failure::Said(Conclusion::Trouble.exit())) }
}

fn this_command(client: &Client, version: &str) -> Step {
    let own = env!("CARGO_PKG_VERSION");
    let socket = client.socket().display().to_string();
    let of_version = match own == version {
        true => Finding::of(Verdict::Ok, "version", say!(itself_version, version = version), None),
        false => Finding::of(
            Verdict::Note,
            "version",
            say!(itself_other_version, own = own, version = version),
            Some(say!(itself_other_version_advice)),
        ),
    };
    let findings =
        vec![Finding::of(Verdict::Ok, "socket", say!(itself_socket, socket = socket), None), of_version];
    Step { title: say!(itself_command), exchanges: Vec::new(), findings }
}

/// Whether to write in colours.
#[derive(Clone, Copy)]
struct Ink(bool);

impl Ink {
    /// On a terminal, unless the person wants none (<https://no-color.org>).
    fn for_stdout() -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self(io::stdout().is_terminal() && !unwanted && !dumb)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.0 { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn verdict(self, verdict: Verdict) -> String {
        match verdict {
            Verdict::Ok => self.paint("32", &label(&say!(doctor_ok))),
            Verdict::Note => self.paint("33", &label(&say!(doctor_note))),
            Verdict::Trouble => self.paint("1;31", &label(&say!(doctor_bad))),
        }
    }
}

/// A word in the margin.
fn label(word: &str) -> String {
    format!("  {word:width$}", width = INDENT - 2)
}

fn page(report: &Report, ink: Ink) -> String {
    let mut page = steps(&report.steps, ink);
    let _ = writeln!(page, "{}", ink.paint("1", &report.outcome.words()));
    show_sums(&mut page, report);
    show_remedies(&mut page, &report.steps);
    page
}

fn page_of_itself(seen: &Itself, is_well: bool, ink: Ink) -> String {
    let mut page = steps(&seen.steps, ink);
    let sum = if is_well { say!(itself_well) } else { say!(itself_unwell) };
    let _ = writeln!(page, "{}", ink.paint("1", &sum));
    show_remedies(&mut page, &seen.steps);
    page
}

fn steps(steps: &[Step], ink: Ink) -> String {
    let mut page = String::new();
    for (number, step) in (1..).zip(steps) {
        let title = format!("{number} {}", print::plain(&step.title));
        let _ = writeln!(page, "{}", ink.paint("1", &title));
        show_step(&mut page, step, ink);
        page.push('\n');
    }
    page
}

fn is_in_trouble(step: &Step) -> bool {
    step.findings.iter().any(|finding| finding.verdict == Verdict::Trouble)
}

fn show_step(page: &mut String, step: &Step, ink: Ink) {
    for exchange in &step.exchanges {
        page.push_str(&ink.paint("2", &wrapped(&exchange.request, 2, 2)));
        page.push_str(&ink.paint("2", &wrapped(&format!("-> {}", exchange.answer), 4, 7)));
    }
    for finding in &step.findings {
        page.push_str(&ink.verdict(finding.verdict));
        page.push_str(wrapped(&finding.text, INDENT, INDENT).trim_start());
        show_rule(page, finding, ink);
        if let (Verdict::Note, Some(remedy)) = (finding.verdict, &finding.remedy) {
            let better = say!(doctor_better, what = &remedy.what, who = remedy.who.words());
            page.push_str(&wrapped(&better, INDENT, INDENT));
        }
    }
}

fn show_rule(page: &mut String, finding: &Finding, ink: Ink) {
    let Some(rule) = &finding.rule else { return };
    let text = match finding.verdict {
        Verdict::Ok => format!("[{}]", rule.source),
        Verdict::Note | Verdict::Trouble => format!("{} [{}]", rule.says, rule.source),
    };
    page.push_str(&ink.paint("2", &wrapped(&text, INDENT, INDENT)));
}

/// What works and what does not, by step.
fn show_sums(page: &mut String, report: &Report) {
    let (bad, good): (Vec<_>, Vec<_>) = report.steps.iter().partition(|step| is_in_trouble(step));
    for (label, steps) in [(say!(doctor_works_sum), good), (say!(doctor_fails_sum), bad)] {
        if !steps.is_empty() {
            let titles: Vec<_> = steps.iter().map(|step| step.title.as_str()).collect();
            page.push_str(&wrapped(&format!("{label} {}", titles.join("; ")), 2, 4));
        }
    }
}

fn show_remedies(page: &mut String, steps: &[Step]) {
    let findings = steps.iter().flat_map(|step| &step.findings);
    let troubles = findings.filter(|finding| finding.verdict == Verdict::Trouble);
    let mut remedies: Vec<_> = troubles.filter_map(|finding| finding.remedy.as_ref()).collect();
    remedies.dedup();
    if remedies.is_empty() {
        return;
    }
    let _ = writeln!(page, "\n{}", say!(doctor_what_to_change));
    for who in [Who::Person, Who::ServerOperator, Who::IssuerOperator] {
        let own: Vec<_> = remedies.iter().filter(|remedy| remedy.who == who).collect();
        if own.is_empty() {
            continue;
        }
        let _ = writeln!(page, "  {}:", who.words());
        for remedy in own {
            page.push_str(&wrapped(&format!("- {}", remedy.what), 4, 6));
        }
    }
}

/// Text in lines of at most 79 characters; a longer word, such as a URL, stays whole. Ends with a line break.
fn wrapped(text: &str, first: usize, rest: usize) -> String {
    let mut page = " ".repeat(first);
    let (mut column, mut fresh) = (first, true);
    for word in print::plain(text).split_whitespace() {
        let length = word.chars().count();
        if !fresh && column + 1 + length > WIDTH {
            page.push('\n');
            page.push_str(&" ".repeat(rest));
            (column, fresh) = (rest, true);
        }
        if !fresh {
            page.push(' ');
            column += 1;
        }
        page.push_str(word);
        (column, fresh) = (column + length, false);
    }
    page.push('\n');
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_at_79_columns_and_a_url_stays_whole() {
        let url = format!("https://a.example/{}", "x".repeat(100));
        let text = wrapped(&format!("{} {url} end", "word ".repeat(30)), 4, 6);
        assert!(text.lines().all(|line| line.len() <= WIDTH || line.trim() == url), "{text}");
        assert!(text.starts_with("    word") && text.ends_with("\n      end\n"), "{text}");
    }
}
