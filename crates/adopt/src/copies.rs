//! Copies of what is moved, which programs keep beside their files: they are found and named, and left.

use aho_corasick::AhoCorasick;
use clients::Spelling;
use files::regular;
use import::Folders;
use secret::Secret;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Files that are looked into at most, and bytes of each.
const MOST: usize = 500;
const LARGEST: u64 = 4 << 20;
/// Folders within folders.
const DEEPEST: usize = 2;
/// Shorter ones would be found wherever a word is.
const SHORTEST: usize = 8;

/// A file that still has secrets which are moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The file.
    pub file: PathBuf,
    /// How many of them.
    pub secrets: usize,
}

/// A secret, and how it was spelled where that is in no usual way.
pub(crate) type Spelled = (Secret, Vec<Spelling>);

/// Finds them in the texts that files have `afterwards`, and in what lies beside those.
pub(crate) fn copies(folders: &Folders, afterwards: &[(PathBuf, &str)], secrets: &[Spelled]) -> Vec<Copied> {
    let search = Search::of(secrets);
    let count = |text: &str| search.as_ref().map_or(0, |search| search.count(text));
    let own = afterwards.iter().map(|(file, text)| Copied { file: file.clone(), secrets: count(text) });
    let changed: BTreeSet<&PathBuf> = afterwards.iter().map(|(file, _)| file).collect();
    let others = places(folders, afterwards.iter().map(|(file, _)| file.as_path()));
    let others = others.into_iter().filter(|file| !changed.contains(file)).take(MOST);
    let read = others.filter_map(|file| {
        let text = regular::read(&file, LARGEST).ok()?;
        Some(Copied { secrets: count(&text), file })
    });
    own.chain(read).filter(|copied| copied.secrets > 0).collect()
}

/// All secrets, which one walk over a text finds.
struct Search {
    texts: AhoCorasick,
    /// The secret that each text is of.
    of: Vec<usize>,
}

impl Search {
    /// Nothing where there is none.
    fn of(secrets: &[Spelled]) -> Option<Self> {
        let spelled: Vec<(usize, _)> = secrets
            .iter()
            .enumerate()
            .flat_map(|(at, secret)| spellings(secret).into_iter().map(move |text| (at, text)))
            .collect();
        let texts = AhoCorasick::new(spelled.iter().map(|(_, text)| text.as_str())).ok()?;
        Some(Self { texts, of: spelled.into_iter().map(|(at, _)| at).collect() })
    }

    /// How many of the secrets are in a text.
    fn count(&self, text: &str) -> usize {
        let found = self.texts.find_overlapping_iter(text);
        found.map(|found| self.of[found.pattern().as_usize()]).collect::<BTreeSet<usize>>().len()
    }
}

fn spellings((secret, own): &Spelled) -> Vec<Zeroizing<String>> {
    let is_long = secret.expose().len() >= SHORTEST;
    let usual = [Spelling::Plain, Spelling::Json, Spelling::Decoded];
    let spelled = usual.iter().chain(own).filter_map(|spelling| spelling.of(secret.expose()));
    let mut spelled: Vec<_> = spelled.filter(|text| is_long && text.len() >= SHORTEST).collect();
    // JSON spells most as they are.
    spelled.dedup();
    spelled
}

/// Where programs keep what they had written before, editors what was edited, and shells what was typed.
fn places<'a>(folders: &Folders, changed: impl Iterator<Item = &'a Path>) -> BTreeSet<PathBuf> {
    let mut all = BTreeSet::new();
    changed.for_each(|file| beside(file, &mut all));
    let claude = folders.claude.clone().unwrap_or_else(|| folders.home.join(".claude"));
    let kept = [
        claude.join("backups"),
        folders.home.join(".claude/backups"),
        folders.application.join("Code/User/History"),
        folders.application.join("Code - Insiders/User/History"),
        folders.application.join("VSCodium/User/History"),
        folders.application.join("Cursor/User/History"),
    ];
    kept.iter().for_each(|folder| below(folder, DEEPEST, &mut all));
    let typed = [".bash_history", ".zsh_history", ".local/share/fish/fish_history", ".claude/history.jsonl"];
    all.extend(typed.map(|file| folders.home.join(file)));
    all
}

/// Files that are called after this one, and those that are there for all of their folder.
fn beside(file: &Path, all: &mut BTreeSet<PathBuf>) {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name().and_then(|name| name.to_str())) else {
        return;
    };
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or(name);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().take(10 * MOST) {
        let other = entry.file_name();
        let other = other.to_string_lossy();
        let other = other.trim_start_matches(['.', '#', '~']);
        if other.starts_with(name.trim_start_matches('.')) || other.starts_with(&format!("{stem}.")) {
            all.insert(entry.path());
        }
        if ["backups", "backup"].contains(&other) {
            below(&entry.path(), 1, all);
        }
    }
}

fn below(folder: &Path, depth: usize, all: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if all.len() >= MOST {
            return;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth > 0 => below(&entry.path(), depth - 1, all),
            Ok(kind) if kind.is_file() => drop(all.insert(entry.path())),
            Ok(_) | Err(_) => {}
        }
    }
}
