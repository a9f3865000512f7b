//! What edits look at in a text. Beside its list a program may keep megabytes in the same file, which are
//! walked over once: what stands for them is as short as can be, and they come back as they were.

use crate::splice::{Splice, made};
use crate::table::Spot;
use crate::trouble::Trouble;
use import::Format;
use serde::de::IgnoredAny;
use std::ops::Range;

/// Bytes of a value that is worth leaving out.
const LEAST: usize = 256;
/// What stands for a value that is left out.
const STANDS: &str = "0";

/// A text without what no edit looks at.
#[derive(Debug)]
pub(crate) struct Outline<'t> {
    whole: &'t str,
    /// What edits look at.
    pub(crate) text: String,
    gaps: Vec<Gap>,
}

/// A value that is left out.
#[derive(Debug)]
struct Gap {
    /// Where something else stands for it.
    at: usize,
    /// Where it is in the whole.
    value: Range<usize>,
    /// The lines that end in it.
    lines: usize,
}

impl<'t> Outline<'t> {
    /// The outline of a file's text. Formats that nobody writes megabytes in are looked at whole.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn of(spot: &Spot, whole: &'t str) -> Result<Self, Trouble> {
        let left_out = match spot.format() {
            Format::Json => Walk::over(whole, spot.row.root).unwrap_or_default(),
            Format::Toml | Format::Yaml => Vec::new(),
        };
        if left_out.is_empty() {
            return Ok(Self { whole, text: whole.to_owned(), gaps: Vec::new() });
        }
        // What is left out has to be as it should, too.
        spot.format().read::<IgnoredAny>(whole).map_err(Trouble::Unread)?;
        let (mut text, mut gaps, mut from) = (String::new(), Vec::new(), 0);
        for value in left_out {
            text.push_str(&whole[from..value.start]);
            from = value.end;
            let lines = newlines(&whole[value.clone()]);
            gaps.push(Gap { at: text.len(), value, lines });
            text.push_str(STANDS);
        }
        text.push_str(&whole[from..]);
        Ok(Self { whole, text, gaps })
    }

    /// Edits of the outline, as edits of the whole.
    pub(crate) fn in_whole(&self, splices: &[Splice]) -> Vec<Splice> {
        let one = |splice: &Splice| {
            let gaps = self.gaps.iter().take_while(|gap| gap.at < splice.at);
            let further: usize = gaps.map(|gap| gap.value.len() - STANDS.len()).sum();
            Splice { at: splice.at + further, ..splice.clone() }
        };
        splices.iter().map(one).collect()
    }

    /// The line that a place of the outline is in, from 1.
    pub(crate) fn line(&self, at: usize) -> usize {
        let gaps = self.gaps.iter().take_while(|gap| gap.at < at);
        1 + gaps.map(|gap| gap.lines).sum::<usize>() + self.text.get(..at).map_or(0, newlines)
    }

    /// Makes edits, which are in their order. Nothing where they are of another text, or about what is left
    /// out.
    pub(crate) fn edit(&mut self, splices: &[Splice]) -> Option<()> {
        self.text = made(&self.text, splices)?;
        for gap in &mut self.gaps {
            let before = splices.iter().take_while(|splice| splice.at <= gap.at);
            let is_within = |splice: &Splice| splice.at + splice.old.len() > gap.at;
            let mut shift = 0_isize;
            for splice in before {
                (!is_within(splice)).then_some(())?;
                shift += splice.new.len().cast_signed() - splice.old.len().cast_signed();
            }
            gap.at = gap.at.checked_add_signed(shift)?;
        }
        Some(())
    }

    /// The whole with edits, which whoever reads it anew finds to be made.
    ///
    /// # Errors
    /// They are of another text, or it would not be found so.
    pub(crate) fn becomes(mut self, spot: &Spot, splices: &[Splice]) -> Result<String, Trouble> {
        let after = made(self.whole, &self.in_whole(splices)).ok_or(Trouble::Unusual)?;
        self.edit(splices).ok_or(Trouble::Unusual)?;
        let is_found = self.gaps.is_empty() || Outline::of(spot, &after)?.text == self.text;
        if is_found { Ok(after) } else { Err(Trouble::Unusual) }
    }

    /// The whole, with the edits that were made.
    pub(crate) fn whole(&self) -> String {
        let (mut whole, mut from) = (String::with_capacity(self.whole.len()), 0);
        for gap in &self.gaps {
            whole.push_str(&self.text[from..gap.at]);
            whole.push_str(&self.whole[gap.value.clone()]);
            from = gap.at + STANDS.len();
        }
        whole + &self.text[from..]
    }
}

pub(crate) fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// Where a member is.
#[derive(Clone, Copy)]
enum Level {
    Top,
    Projects,
    OfProject,
}

/// What becomes of a member.
enum Fate {
    Stays,
    LeftOut,
    Inside(Level),
}

/// A walk over a JSON text, with comments as editors allow them.
struct Walk<'t> {
    text: &'t str,
    root: &'static str,
    at: usize,
    left_out: Vec<Range<usize>>,
}

impl<'t> Walk<'t> {
    /// The values that no edit looks at; nothing where the text is another than it should be.
    fn over(text: &'t str, root: &'static str) -> Option<Vec<Range<usize>>> {
        let at = text.len() - text.trim_start_matches('\u{feff}').len();
        let mut walk = Walk { text, root, at, left_out: Vec::new() };
        walk.blank();
        walk.object(Level::Top)?;
        Some(walk.left_out)
    }

    fn object(&mut self, level: Level) -> Option<()> {
        (self.byte()? == b'{').then_some(())?;
        self.at += 1;
        loop {
            self.blank();
            match self.byte()? {
                b'}' => break self.at += 1,
                b',' => self.at += 1,
                b'"' => self.member(level)?,
                _ => return None,
            }
        }
        Some(())
    }

    fn member(&mut self, level: Level) -> Option<()> {
        let key = self.at;
        self.string()?;
        let key = &self.text[key..self.at];
        self.blank();
        (self.byte()? == b':').then_some(())?;
        self.at += 1;
        self.blank();
        let start = self.at;
        match self.fate(level, key) {
            Fate::Inside(inner) if self.byte()? == b'{' => return self.object(inner),
            Fate::Inside(_) | Fate::Stays => self.value()?,
            Fate::LeftOut => {
                self.value()?;
                let is_long = self.at - start >= LEAST;
                self.left_out.extend(is_long.then_some(start..self.at));
            }
        }
        Some(())
    }

    /// A key that is written with an escape may be any.
    fn fate(&self, level: Level, key: &str) -> Fate {
        let is = |name: &str| key.get(1..key.len() - 1) == Some(name);
        match level {
            _ if key.contains('\\') => Fate::Stays,
            Level::Top if is(self.root) || is("mcp") => Fate::Stays,
            Level::Top if is("projects") => Fate::Inside(Level::Projects),
            Level::Projects => Fate::Inside(Level::OfProject),
            Level::OfProject if is("mcpServers") || is("disabledMcpServers") => Fate::Stays,
            Level::Top | Level::OfProject => Fate::LeftOut,
        }
    }

    fn value(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.byte()? {
                b'"' => self.string()?,
                b'/' => self.comment()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                _ if depth > 0 => self.at += 1,
                b',' | b':' => return None,
                _ => {
                    let rest = &self.text.as_bytes()[self.at..];
                    let ends = |byte: &u8| b",:{}[]\"/ \t\r\n".contains(byte);
                    self.at += rest.iter().position(ends).unwrap_or(rest.len());
                }
            }
            if depth == 0 {
                return Some(());
            }
        }
    }

    /// From one quotation mark to the next that is not escaped.
    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            self.at += rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))? + 1;
            if self.text.as_bytes()[self.at - 1] == b'"' {
                return Some(());
            }
            self.at += 1;
        }
    }

    fn comment(&mut self) -> Option<()> {
        let rest = &self.text[self.at..];
        let end = match rest.as_bytes().get(1)? {
            b'/' => rest.find('\n').unwrap_or(rest.len()),
            b'*' => rest[2..].find("*/")? + 4,
            _ => return None,
        };
        self.at += end;
        Some(())
    }

    fn blank(&mut self) {
        while let Some(byte) = self.byte() {
            let is_over = match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {
                    self.at += 1;
                    Some(())
                }
                b'/' => self.comment(),
                _ => None,
            };
            if is_over.is_none() {
                return;
            }
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}
