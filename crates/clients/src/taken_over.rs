//! Entries that lead here in the place of what they said before, secrets and all.

use crate::hole::{Spelling, can_have_holes};
use crate::job::{Change, Scene};
use crate::moves::File;
use crate::outline::Outline;
use crate::place::{Found, mark};
use crate::plan::{Server, path, read, to_paste};
use crate::record::{Edit, Records};
use crate::shown::Lines;
use crate::splice::{Splice, undone};
use crate::table::Spot;
use crate::trouble::Trouble;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// A secret that leaves a file.
#[derive(Debug, Clone)]
pub struct Moved {
    /// What the server calls it as a key.
    pub key: String,
    /// Itself.
    pub secret: Zeroizing<String>,
    /// How it is written, where that is neither as it is nor as the format of the file has it.
    pub spelling: Option<Spelling>,
}

/// An entry that is to lead here.
#[derive(Debug, Clone)]
pub struct TakenOver {
    /// The project that it is listed for, in a file that has many.
    pub project: Option<String>,
    /// Its name.
    pub key: String,
    /// The server that it is to lead to.
    pub server: String,
    /// What tells that from another of that name.
    pub server_id: String,
    /// What the program goes on reading of it.
    pub keeps: Map<String, Value>,
    /// The secrets in it.
    pub moved: Vec<Moved>,
}

/// Entries that are to lead here, and what becomes of them.
#[derive(Debug)]
pub struct Taken {
    /// How the file changes, unless none of them can lead here.
    pub change: Option<Change>,
    /// Those that stay, by their numbers, and why.
    pub left: Vec<(usize, Trouble)>,
}

/// Plans how entries of a file, as it was found, lead here. `may_be_secret` says of a text whether there may
/// be a secret in it that nobody knows of: it is written down for the way back.
///
/// # Errors
/// The file has to stay as it is.
pub fn take_over(
    scene: &Scene,
    records: &Records,
    (spot, found): (&Spot, Found),
    entries: &[TakenOver],
    may_be_secret: &dyn Fn(&str) -> bool,
) -> Result<Taken, Trouble> {
    let text = Zeroizing::new(found.text.clone().unwrap_or_default());
    if !can_have_holes(&text) {
        return Err(Trouble::Unusual);
    }
    let outline = Outline::of(spot, &text)?;
    let before = read(spot, &outline.text)?;
    let file = File {
        spot,
        path: &found.path,
        program: &scene.program,
        text: &outline.text,
        usual: path(spot, &before),
        before,
        may_be_secret,
    };
    let (moves, left) = file.able(entries, records.next_hole(&found.path));
    let Some(moves) = moves else { return Ok(Taken { change: None, left }) };
    let lines = Lines::of_outline(&outline, &moves.kept);
    let (whole, kept) = (outline.in_whole(&moves.whole), outline.in_whole(&moves.kept));
    let after = outline.becomes(spot, &moves.whole)?;
    let kept = of_text_with_holes(kept, &whole)?;
    let was = undone(&after, &kept).ok_or(Trouble::Unusual)?;
    let servers: Vec<&TakenOver> = moves.entries.iter().map(|at| &entries[*at]).collect();
    let change = Change {
        client: spot.client,
        file: spot.path.clone(),
        in_project: false,
        lines,
        servers: servers.iter().map(|one| one.server.clone()).collect(),
        paste: to_paste(spot, &scene.program, &servers.into_iter().map(server).collect::<Vec<_>>()),
        holes: Vec::new(),
        placed: moves.placed,
        spot: spot.clone(),
        edit: Some(Edit {
            before: mark(&was),
            after: mark(&after),
            splices: kept,
            led: moves.led,
            follows: records.left(&found.path) == Some(found.mark().as_str()),
            holes: moves.holes,
            rights: Some(found.rights()),
        }),
        taken: Vec::new(),
        kept: Vec::new(),
        after: Some(after),
        found,
    };
    Ok(Taken { change: Some(change), left })
}

/// The server that an entry is to lead to, by its name.
fn server(one: &TakenOver) -> Server {
    Server { name: one.server.clone(), url: String::new(), asks: one.server.clone() }
}

/// The edits that are `kept` begin where they do in a text that has their holes, which is of another length
/// than that of the `whole` ones.
pub(crate) fn of_text_with_holes(kept: Vec<Splice>, whole: &[Splice]) -> Result<Vec<Splice>, Trouble> {
    let mut shift = 0_isize;
    let moved = |(kept, whole): (Splice, &Splice)| {
        let at = kept.at.checked_add_signed(shift).ok_or(Trouble::Unusual)?;
        shift += kept.old.len().cast_signed() - whole.old.len().cast_signed();
        Ok(Splice { at, ..kept })
    };
    kept.into_iter().zip(whole).map(moved).collect()
}
