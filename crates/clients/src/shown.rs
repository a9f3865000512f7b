//! A change of a text as a person reads it: what is new, what goes, and where. What stays is not repeated, as
//! there may be keys beside it.

use crate::hole::covered;
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
        splices.iter().filter_map(|splice| Self::one(text, splice.at, &splice.old, &splice.new)).collect()
    }

    /// The same on the way back, for the text with them.
    pub(crate) fn back(text: &str, splices: &[Splice]) -> Vec<Self> {
        let mut shift = 0_isize;
        let one = |splice: &Splice| {
            let at = splice.at.checked_add_signed(shift)?;
            shift += splice.new.len().cast_signed() - splice.old.len().cast_signed();
            Self::one(text, at, &splice.new, &splice.old)
        };
        splices.iter().filter_map(one).collect()
    }

    /// All of a text.
    pub(crate) fn gone(text: &str) -> Self {
        Self { line: 1, before: lines(text), after: Vec::new() }
    }

    fn one(text: &str, at: usize, old: &str, new: &str) -> Option<Self> {
        let (before, after) = (lines(old), lines(new));
        if before.is_empty() && after.is_empty() {
            return None;
        }
        let blank = if before.is_empty() { new } else { old };
        let skipped = blank.len() - blank.trim_start_matches([',', '\r', '\n']).len();
        let first = text.get(..at)?.matches('\n').count() + blank[..skipped].matches('\n').count();
        Some(Self { line: first + 1, before, after })
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
