//! Where a secret was, in a form that is kept with the secret itself. What is written down for the way back
//! lies in a file that every program of the person can write: by that alone no secret goes anywhere.

use crate::hole::{Hole, Spelling, counted};
use crate::outline::Outline;
use crate::table::Spot;
use ground::fingerprint::fingerprint;
use import::{Client, Listed, listed};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// An entry of a program's file in which a secret was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The program.
    pub client: Client,
    /// Where its file really was.
    pub file: PathBuf,
    /// What the entry was called.
    pub entry: String,
    /// A mark of all that the entry said, of the place of the secret in it, and of the project that it was
    /// listed for. The secret has no part in it, so nobody can try out what it is.
    pub mark: String,
}

/// A hole of a text, with the entries that it is in. None where it is anywhere else as well.
pub type Placed = (Hole, Vec<Origin>);

/// What stands for one hole at one place. `nonce` is nobody's guess: the same hole spelled with an escape, or
/// below a key that is there twice, is not taken for this one.
struct Sign {
    text: String,
    meaning: String,
}

/// Finds the entries of a text, of the file `file`, that its holes are in.
pub(crate) fn placed(spot: &Spot, file: &Path, text: &str, holes: &[Hole]) -> Vec<Placed> {
    let nowhere = || holes.iter().map(|hole| (hole.clone(), Vec::new())).collect();
    let Ok(outline) = Outline::of(spot, text) else { return nowhere() };
    if counted(text) != counted(&outline.text) {
        return nowhere();
    }
    let nonce = rand::random::<u128>();
    let (mut text, mut signs) = (outline.text, Vec::new());
    for hole in holes {
        let mut own = Vec::new();
        while text.contains(&hole.mark()) {
            let sign = Sign::of(hole, nonce, own.len());
            text = text.replacen(&hole.mark(), &sign.text, 1);
            own.push(sign);
        }
        signs.push(own);
    }
    let entries = listed(spot.client, &spot.path, &text).unwrap_or_default().0;
    let entries: Vec<(Listed, String)> = entries.into_iter().map(said).collect();
    let one = |(hole, own): (&Hole, &Vec<Sign>)| {
        let mut around = BTreeSet::new();
        for sign in own {
            let Some(at) = entries.iter().position(|(_, said)| said.contains(&sign.text)) else {
                return (hole.clone(), Vec::new());
            };
            around.insert(at);
        }
        let origin = |at: usize| entries.get(at).map(|(one, said)| of(spot, file, one, said, &signs));
        (hole.clone(), around.into_iter().filter_map(origin).collect())
    };
    holes.iter().zip(&signs).map(one).collect()
}

impl Sign {
    fn of(hole: &Hole, nonce: u128, time: usize) -> Self {
        let spelling = match &hole.spelling {
            Spelling::Plain => "plain".to_owned(),
            Spelling::Json => "json".to_owned(),
            Spelling::Decoded => "decoded".to_owned(),
            Spelling::Escaped(escapes) => format!("escaped {escapes:?}"),
        };
        let text = format!("hole-{nonce:032x}-{}-{time}-", hole.number);
        Self { text, meaning: format!("\u{fdd0}{} {spelling}\u{fdd1}", hole.key) }
    }
}

/// All that an entry says, as one text.
fn said(one: Listed) -> (Listed, String) {
    let said = one.value.to_string();
    (one, said)
}

fn of(spot: &Spot, file: &Path, one: &Listed, said: &str, signs: &[Vec<Sign>]) -> Origin {
    let named = |said: String, sign: &Sign| said.replace(&sign.text, &sign.meaning);
    let said = signs.iter().flatten().fold(said.to_owned(), named);
    let mark = fingerprint(&[one.project.as_deref().unwrap_or_default(), &one.name, &said]);
    Origin { client: spot.client, file: file.to_owned(), entry: one.name.clone(), mark }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::spots;
    use import::Folders;

    fn hole(number: usize) -> Hole {
        let (server, server_id, key) = ("a".to_owned(), "1".to_owned(), "key".to_owned());
        Hole { number, server, server_id, key, spelling: Spelling::Plain }
    }

    fn entries(text: &str) -> Vec<Vec<(String, String)>> {
        let spot = spots(Client::Cursor, &Folders::default()).remove(0);
        let placed = placed(&spot, &spot.path, text, &[hole(0), hole(1)]);
        let names = |all: Vec<Origin>| all.into_iter().map(|one| (one.entry, one.mark)).collect();
        placed.into_iter().map(|(_, all)| names(all)).collect()
    }

    const HUB: &str = r#""hub": {"url": "https://hub.example", "headers": {"A": "﷐0﷑"}}"#;

    #[test]
    fn a_hole_is_known_by_all_of_its_entry_wherever_that_stands_in_the_file() {
        let own = entries(&format!(r#"{{"mcpServers": {{{HUB}}}}}"#));
        assert_eq!((own[0].len(), own[0][0].0.as_str()), (1, "hub"));
        assert_eq!(entries(&format!("{{\"mcpServers\": {{\n\"b\": {{\"url\": \"x\"}},\n{HUB}}}}}")), own);
        for other in [HUB.replace("hub.example", "b.example"), HUB.replace("\"A\"", "\"B\"")] {
            assert_ne!(entries(&format!(r#"{{"mcpServers": {{{other}}}}}"#))[0], own[0], "{other}");
        }
        let both = HUB.replace("﷐0﷑\"", "﷐0﷑\", \"B\": \"﷐1﷑\"");
        let both = entries(&format!(r#"{{"mcpServers": {{{both}}}}}"#));
        assert!(both[0] == both[1] && both[0] != own[0]);
    }

    #[test]
    fn a_hole_that_is_anywhere_else_as_well_is_in_no_entry() {
        for text in [
            format!(r#"{{"mcpServers": {{{HUB}}}, "x": "﷐0﷑"}}"#),
            format!(r#"{{"mcpServers": {{{HUB}}}}} // ﷐0﷑"#),
            format!(
                r#"{{"mcpServers": {{{}, {}}}}}"#,
                HUB.replace("hub.example", "b.example"),
                HUB.replace('﷐', "\\ufdd0").replace('﷑', "\\ufdd1")
            ),
            r#"{"mcpServers": {}, "x": "﷐0﷑"}"#.to_owned(),
        ] {
            assert_eq!(entries(&text)[0], [], "{text}");
        }
    }
}
