//! What an interpreter or a shell was told to run, by the words that it was started with: its own word, and
//! never looked for on a disk.

use super::others::{Courier, stands_for_others};
use std::path::{Path, PathBuf};

/// A script, or a module of an interpreter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Script(String);

impl Script {
    /// What somebody of this kind was told to run. `None` where nobody can tell, or where the program itself
    /// is among the words.
    pub(super) fn of(courier: Courier, words: &[String]) -> Option<Self> {
        let mut words = words.iter().skip(1).map(String::as_str).filter(|word| !word.is_empty());
        let mut word = words.next()?;
        while word.starts_with('-') || word == "run" {
            if is_the_program(courier, word) {
                return None;
            }
            word = words.next()?;
        }
        Some(Self(word.to_owned()))
    }

    /// As it was written.
    pub(super) fn word(&self) -> &str {
        &self.0
    }

    /// What people call it.
    pub(super) fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it only does what others tell it, such as npm.
    pub(super) fn stands_for_others(&self) -> bool {
        stands_for_others(self.name())
    }

    /// Where it is, for somebody who works in `folder`.
    pub(super) fn path(&self, folder: &Path) -> PathBuf {
        folder.join(&self.0).components().collect()
    }
}

/// Whether the word after this option is the program itself.
fn is_the_program(courier: Courier, option: &str) -> bool {
    let letters = option.strip_prefix('-').filter(|letters| letters.chars().all(|c| c.is_ascii_alphabetic()));
    match (courier, letters) {
        (Courier::Shell, Some(letters)) => letters.ends_with('c'),
        (_, Some(letters)) => letters == "c" || letters.ends_with(['e', 'E', 'p']),
        (_, None) => ["--eval", "--print"].contains(&option),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn runs(courier: Courier, words: &str, script: Option<&str>) {
        let words: Vec<_> = words.split(' ').map(str::to_owned).collect();
        let found = Script::of(courier, &words);
        assert_eq!(found.as_ref().map(Script::word), script, "{words:?}");
    }

    #[test]
    fn the_script_is_the_first_word_that_is_no_option() {
        runs(Courier::Shell, "sh -e deploy.sh now", Some("deploy.sh"));
        runs(Courier::Interpreter, "python3 -B ./a.py b.py", Some("./a.py"));
        runs(Courier::Interpreter, "python3 -m http.server", Some("http.server"));
        runs(Courier::Interpreter, "deno run --allow-net x.ts", Some("x.ts"));
        runs(Courier::Interpreter, "node", None);
    }

    #[test]
    fn a_program_among_the_words_is_no_script() {
        runs(Courier::Shell, "bash -lc deploy", None);
        runs(Courier::Interpreter, "python3 -c print", None);
        runs(Courier::Interpreter, "node --eval print", None);
        runs(Courier::Interpreter, "perl -ne print", None);
    }

    #[test]
    fn a_path_is_from_where_one_works() {
        let path = |word: &str| Script(word.to_owned()).path(Path::new("/home/u"));
        assert_eq!(path("./a.py"), Path::new("/home/u/a.py"));
        assert_eq!(path("/x/a.py"), Path::new("/x/a.py"));
    }
}
