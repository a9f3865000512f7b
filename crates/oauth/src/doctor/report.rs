//! What an examination comes to: data, for others to show.

use std::fmt;
use words::say;

/// Everything that was looked at, in order.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The steps.
    pub steps: Vec<Step>,
}

/// One thing that was looked at.
#[derive(Debug, Clone)]
pub struct Step {
    /// What it is.
    pub title: String,
    /// What was asked for it, in order.
    pub exchanges: Vec<Exchange>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// One request and what became of it. Foreign text in it is bounded and free of control characters.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Method and URL.
    pub request: String,
    /// Status and kind of the answer, or why there was none.
    pub answer: String,
}

/// One thing that was found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Whether it is well.
    pub verdict: Verdict,
    /// A stable name in snake_case, for programs.
    pub code: String,
    /// A plain sentence.
    pub text: String,
    /// The rule it is held to, if there is one.
    pub rule: Option<Rule>,
    /// What to change, and who must.
    pub remedy: Option<Remedy>,
}

/// Whether something is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is.
    Ok,
    /// It is unusual, and a sign-in works nevertheless.
    Note,
    /// A sign-in does not work like this.
    Trouble,
}

/// A rule and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// What it says, in our words.
    pub says: fn() -> String,
    /// The document and its section.
    pub source: &'static str,
}

/// What to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// Who must.
    pub who: Who,
    /// What, exactly.
    pub what: String,
}

/// Who can change something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The person at this computer.
    Person,
    /// Whoever runs the MCP server.
    Server,
    /// Whoever runs the authorization server.
    Issuer,
}

/// What it all comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A sign-in works as far as one can tell from outside.
    Works,
    /// The server asks for no sign-in.
    NoSignIn,
    /// It works once the person has configured a client ID.
    NeedsClientId,
    /// It does not work.
    Trouble,
}

impl Report {
    /// What it all comes to.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let findings = || self.steps.iter().flat_map(|step| &step.findings);
        let mut troubles = findings().filter(|finding| finding.verdict == Verdict::Trouble).peekable();
        if troubles.peek().is_some() {
            let needs_client_id = troubles.all(|finding| finding.code == "registration_missing");
            return if needs_client_id { Outcome::NeedsClientId } else { Outcome::Trouble };
        }
        let no_sign_in = findings().any(|finding| finding.code == "no_sign_in_needed");
        if no_sign_in { Outcome::NoSignIn } else { Outcome::Works }
    }
}

impl Step {
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), exchanges: Vec::new(), findings: Vec::new() }
    }

    pub(super) fn exchange(&mut self, request: impl fmt::Display, answer: impl fmt::Display) {
        self.exchanges.push(Exchange { request: request.to_string(), answer: answer.to_string() });
    }

    pub(super) fn in_trouble(&self) -> bool {
        self.findings.iter().any(|finding| finding.verdict == Verdict::Trouble)
    }

    /// The product knows its way around what is wrong here.
    pub(super) fn forgive(&mut self) {
        for finding in self.findings.iter_mut().filter(|finding| finding.verdict == Verdict::Trouble) {
            finding.verdict = Verdict::Note;
            finding.text = format!("{} {}", finding.text, say!(doctor_nevertheless));
            finding.remedy = None;
        }
    }

    pub(super) fn find(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

impl Finding {
    fn new(verdict: Verdict, code: impl fmt::Display, text: impl Into<String>) -> Self {
        Self { verdict, code: code.to_string(), text: text.into(), rule: None, remedy: None }
    }

    pub(super) fn ok(code: impl fmt::Display, text: impl Into<String>) -> Self {
        Self::new(Verdict::Ok, code, text)
    }

    pub(super) fn note(code: impl fmt::Display, text: impl Into<String>) -> Self {
        Self::new(Verdict::Note, code, text)
    }

    pub(super) fn trouble(code: impl fmt::Display, text: impl Into<String>) -> Self {
        Self::new(Verdict::Trouble, code, text)
    }

    pub(super) fn by(mut self, rule: Rule) -> Self {
        self.rule = Some(rule);
        self
    }

    pub(super) fn remedy(mut self, who: Who, what: impl Into<String>) -> Self {
        self.remedy = Some(Remedy { who, what: what.into() });
        self
    }
}
