//! A change of a text as a person reads it: what is new, what goes, and where. What stays is not repeated, as
//! there may be keys beside it.

use crate::hole::covered;
use crate::outline::{Outline, newlines};
use crate::splice::Splice;

/// Lines that take the place of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// The number of the first of them, from 1.
    pub line: usize,
    /// What goes.
    pub before: Vec<String>,
    /// What comes.
    pub after: Vec<String>,
}

impl Lines {
    pub(crate) fn of(text: &str, splices: &[Splice]) -> Vec<Self> {
        Self::all(text, splices.iter().map(|splice| (splice.at, &splice.old, &splice.new)))
    }

    /// The same of edits of an outline, in the lines of the whole.
    pub(crate) fn of_outline(outline: &Outline<'_>, splices: &[Splice]) -> Vec<Self> {
        let one = |splice: &Splice| Self::one(outline.line(splice.at), &splice.old, &splice.new);
        splices.iter().filter_map(one).collect()
    }

    /// The same on the way back, for the text with them.
    pub(crate) fn back(text: &str, splices: &[Splice]) -> Vec<Self> {
        let (mut edits, mut shift) = (Vec::new(), 0_isize);
        for Splice { at, old, new } in splices {
            edits.extend(at.checked_add_signed(shift).map(|at| (at, new, old)));
            shift += new.len().cast_signed() - old.len().cast_signed();
        }
        Self::all(text, edits.into_iter())
    }

    /// The edits are in their order, so that each line is counted once.
    fn all<'s>(text: &str, edits: impl Iterator<Item = (usize, &'s String, &'s String)>) -> Vec<Self> {
        let (mut line, mut from) = (1, 0);
        let one = |(at, old, new): (usize, &String, &String)| {
            line += newlines(text.get(from..at)?);
            from = at;
            Self::one(line, old, new)
        };
        edits.filter_map(one).collect()
    }

    /// All of a text.
    pub(crate) fn gone(text: &str) -> Self {
        Self { line: 1, before: lines(text), after: Vec::new() }
    }

    /// `line` is that in which the edit begins.
    fn one(line: usize, old: &str, new: &str) -> Option<Self> {
        let (before, after) = (lines(old), lines(new));
        if before.is_empty() && after.is_empty() {
            return None;
        }
        let blank = if before.is_empty() { new } else { old };
        let skipped = blank.len() - blank.trim_start_matches([',', '\r', '\n']).len();
        Some(Self { line: line + newlines(&blank[..skipped]), before, after })
    }
}

/// Those that say something, without a comma that only parts them from what is before.
fn lines(text: &str) -> Vec<String> {
    let body = text.trim_start_matches([',', '\r', '\n']).trim_end();
    let says = |line: &&str| !line.trim().is_empty();
    body.lines().filter(says).map(|line| one_line(&covered(line).replace('\t', "  "))).collect()
}

/// All of it in one line, with what a person would not see, or would take for another line, written out.
pub(crate) fn one_line(text: &str) -> String {
    plain::plain(text, usize::MAX)
}
