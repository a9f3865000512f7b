//! What was written into files of other programs, so that it can be taken back.

use crate::hole::{Hole, Spelling, stands, within};
use crate::place::Rights;
use crate::plan::{Led, not_ours, without};
use crate::shown::Lines;
use crate::splice::{Splice, undone};
use crate::table::Spot;
use crate::trouble::Trouble;
use files::draft::Draft;
use files::regular::{self, Unread};
use ground::stored_form;
use import::Client;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use words::say;

/// The form in which this is written down: the second has holes, which the first would give back as they are,
/// and the third has some that the second cannot read.
const FORM: u64 = 3;
const WITH_HOLES: u64 = 2;
const WITHOUT_HOLES: u64 = 1;
/// What is the mark of no text.
const NO_TEXT: &str = "-";
/// More than anybody's files come to.
const LIMIT: u64 = 64 << 20;

/// Everything that was written, in the order in which it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Records {
    form: u64,
    files: Vec<Record>,
}

/// A file that was written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) client: Client,
    /// Where it really was.
    pub(crate) path: PathBuf,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) project: Option<PathBuf>,
    pub(crate) edits: Vec<Edit>,
}

/// What was made of a file at one time. Its marks are of the whole text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Edit {
    /// Empty where there was no file.
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) splices: Vec<Splice>,
    pub(crate) led: Vec<Led>,
    /// What was secret in what was there before. The mark of that is of the text with these holes, so that
    /// nobody can try out what was in them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) holes: Vec<Hole>,
    /// What the file's rights were, where it had secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rights: Option<Rights>,
    /// Whether the file was still as the edit before this one had left it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) follows: bool,
}

/// What becomes of a file when all is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Back {
    /// It is as it was before, byte for byte, or as it is now.
    Text {
        text: String,
        lines: Vec<Lines>,
        /// What stays written down, as its entries are no longer ours.
        kept: Vec<Edit>,
    },
    /// There was none before.
    Gone,
}

impl Records {
    /// Reads them; none where there is no such file.
    ///
    /// # Errors
    /// What is there cannot be read, or a later version wrote it. It is left as it is.
    pub fn read(path: &Path) -> io::Result<Self> {
        let text = match regular::read(path, LIMIT) {
            Ok(text) => text,
            Err(Unread::Absent) => return Ok(Self::default()),
            Err(Unread::Refused(error)) => return Err(error),
            Err(Unread::Large | Unread::Other(_)) => return Err(io::Error::other(say!(import_no_file))),
        };
        if stored_form::is_newer(text.as_bytes(), FORM) {
            return Err(io::Error::other(say!(setup_newer)));
        }
        serde_json::from_str(&text).map_err(io::Error::other)
    }

    /// Writes them down to the disk.
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        let holes = self.files.iter().flat_map(|record| &record.edits).flat_map(|edit| &edit.holes);
        let of_one = |hole: &Hole| match hole.spelling {
            Spelling::Plain | Spelling::Json | Spelling::Decoded => WITH_HOLES,
            Spelling::Escaped(_) => FORM,
        };
        let form = holes.map(of_one).max().unwrap_or(WITHOUT_HOLES);
        let text = serde_json::to_vec(&Self { form, ..self.clone() })?;
        Draft::of(path, &text, 0o600)?.place()
    }

    /// Whether anything was written for this program.
    #[must_use]
    pub fn has(&self, client: Client) -> bool {
        self.files.iter().any(|record| record.client == client)
    }

    pub(crate) fn all(&self) -> &[Record] {
        &self.files
    }

    /// The number that the next hole in texts of this file has.
    pub(crate) fn next_hole(&self, path: &Path) -> usize {
        let of_file = self.files.iter().filter(|record| record.path == path);
        let holes = of_file.flat_map(|record| &record.edits).flat_map(|edit| &edit.holes);
        holes.map(|hole| hole.number + 1).max().unwrap_or(0)
    }

    /// The mark of this file's text as it was left the last time.
    pub(crate) fn left(&self, path: &Path) -> Option<&str> {
        let record = self.files.iter().find(|record| record.path == path)?;
        record.edits.last().map(|edit| edit.after.as_str())
    }

    pub(crate) fn push(&mut self, spot: &Spot, path: &Path, edit: Edit) {
        if let Some(record) = self.files.iter_mut().find(|record| record.path == path) {
            record.edits.push(edit);
            return;
        }
        let (client, project) = (spot.client, spot.project.clone());
        self.files.push(Record { client, path: path.to_owned(), project, edits: vec![edit] });
    }

    /// Keys are another server's now: the same one by another name. Whether there are such.
    pub(crate) fn follow(&mut self, old: &str, name: &str, id: &str) -> bool {
        let edits = self.files.iter_mut().flat_map(|record| &mut record.edits);
        let mut is_any = false;
        for hole in edits.flat_map(|edit| &mut edit.holes).filter(|hole| hole.server_id == old) {
            name.clone_into(&mut hole.server);
            id.clone_into(&mut hole.server_id);
            is_any = true;
        }
        is_any
    }

    /// Drops what is written down of a file, if it is still this. Whether it was.
    pub(crate) fn drop_record(&mut self, dropped: &Record) -> bool {
        let before = self.files.len();
        self.files.retain(|record| record != dropped);
        self.files.len() < before
    }

    /// In the place of these edits of a file come others; what was made of it meanwhile stays.
    pub(crate) fn replace(&mut self, path: &Path, taken: &[Edit], kept: &[Edit]) {
        for record in self.files.iter_mut().filter(|record| record.path == path) {
            let since = record.edits.iter().filter(|edit| !taken.contains(edit)).cloned();
            record.edits = kept.iter().cloned().chain(since).collect();
        }
        self.files.retain(|record| !record.edits.is_empty());
    }

    /// The rights that this file had when it had secrets.
    pub(crate) fn rights(&self, path: &Path) -> Option<Rights> {
        let record = self.files.iter().find(|record| record.path == path)?;
        record.edits.iter().find(|edit| !edit.holes.is_empty())?.rights
    }
}

impl Edit {
    /// This edit with those of its entries alone that have secrets to come back. It leads from no text to
    /// another any more.
    fn of_those(&self, led: Vec<Led>) -> Option<Self> {
        let (mut own, mut holes) = (Vec::new(), Vec::new());
        for led in led {
            let within = within(led.was.as_deref().unwrap_or_default(), &self.holes);
            if !within.is_empty() {
                holes.extend(within);
                own.push(led);
            }
        }
        let (before, after) = (NO_TEXT.to_owned(), NO_TEXT.to_owned());
        let edit =
            Self { before, after, splices: Vec::new(), led: own, holes, follows: false, ..self.clone() };
        (!edit.led.is_empty()).then_some(edit)
    }
}

impl Record {
    /// What was secret in texts of this file.
    pub(crate) fn holes(&self) -> Vec<Hole> {
        self.edits.iter().flat_map(|edit| edit.holes.clone()).collect()
    }

    /// What its file, with this text now, becomes. Where it is still as it was written, it becomes as it was,
    /// if what was written down leads there; else our entries alone are taken out. `mark` is that of a text.
    pub(crate) fn back(
        &self,
        spot: &Spot,
        now: &str,
        mark: impl Fn(&str) -> String,
    ) -> Result<Back, Trouble> {
        let (mut text, mut lines, mut kept) = (now.to_owned(), Vec::new(), Vec::new());
        // With holes in it, a text has another mark than the edit before left it with.
        let mut follows = false;
        for edit in self.edits.iter().rev() {
            let is = mark(&text);
            if is == edit.before {
                follows = false;
                continue;
            }
            let fits = follows || is == edit.after;
            if fits && edit.before.is_empty() {
                return Ok(Back::Gone);
            }
            let was = || undone(&text, &edit.splices).filter(|was| mark(was) == edit.before);
            let (left, changed) = match fits.then(was).flatten() {
                Some(was) => {
                    follows = edit.follows;
                    (was, Lines::back(&text, &edit.splices))
                }
                None => {
                    follows = false;
                    // It may have been cut short, or put back already: what it took out stands there then.
                    let is_back = |led: &Led| led.was.as_deref().is_some_and(|was| stands(&text, was));
                    let mut lost = not_ours(spot, &text, &edit.led)?;
                    lost.retain(|led| !is_back(led));
                    kept.extend(edit.of_those(lost));
                    without(spot, &text, &edit.led)?
                }
            };
            lines.extend(changed);
            text = left;
        }
        kept.reverse();
        Ok(Back::Text { text, lines, kept })
    }
}
