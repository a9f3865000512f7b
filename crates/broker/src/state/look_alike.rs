//! Names that a person may take for others: none such comes in over the socket, and one that the file has is
//! marked.

use crate::state::book::Book;
use plain::Face;
use std::collections::HashMap;
use wire::{LookAlike, Problem, Reason};

/// Whether a program may add a server by this name.
///
/// # Errors
/// It may be taken for another.
pub(crate) fn check(book: &Book, name: &str) -> Result<(), Problem> {
    let advice = "Choose a name that nobody can take for another.";
    if let Some(other) = looks_like_one_of(book, name) {
        let detail = format!("the name \"{name}\" looks like \"{other}\", which is there already");
        return Err(problems::invalid_request(detail, advice).because(Reason::LooksAlike));
    }
    if plain::mixes_scripts(name) {
        let detail = format!("the name \"{name}\" mixes alphabets that no language does");
        return Err(problems::invalid_request(detail, advice).because(Reason::MixesAlphabets));
    }
    if !plain::is_simple(name) {
        let detail = format!("the name \"{name}\" is not made of letters and digits");
        let advice = "Use letters and digits, with dashes, underscores or dots between them. By any other name, add the server in \
             the window or in the configuration.";
        return Err(problems::invalid_request(detail, advice).because(Reason::NameNotSimple));
    }
    Ok(())
}

/// Another server whose name looks the same, or does but for what joins its letters.
pub(crate) fn looks_like_one_of<'a>(book: &'a Book, name: &str) -> Option<&'a str> {
    let (face, letters) = (Face::of(name), Face::of_letters(name));
    let is_like =
        |other: &&str| face.looks_like(&Face::of(other)) || letters.looks_like(&Face::of_letters(other));
    let others = book.servers.keys().filter(|other| *other != name);
    others.map(String::as_str).find(is_like)
}

impl Book {
    /// Marks the names that may be taken for others. Of two that look alike it is the one that is not ASCII,
    /// or both.
    pub(crate) fn compare_names(&mut self) {
        let names: Vec<(String, Face)> =
            self.servers.keys().map(|name| (name.clone(), Face::of(name))).collect();
        let mut by_key: HashMap<&str, Vec<&str>> = HashMap::new();
        for (name, face) in &names {
            face.keys().for_each(|key| by_key.entry(key).or_default().push(name));
        }
        for (name, face) in &names {
            let Some(server) = self.servers.get_mut(name) else { continue };
            let mut others = face.keys().filter_map(|key| by_key.get(key)).flatten().copied();
            let other = others.find(|other| *other != name && (!name.is_ascii() || other.is_ascii()));
            let mixed = || plain::mixes_scripts(name).then_some(LookAlike::MixesAlphabets);
            server.look_alike = other.map(|other| LookAlike::Of { server: other.to_owned() }).or_else(mixed);
        }
    }
}
