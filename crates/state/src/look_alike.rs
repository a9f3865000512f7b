//! Names that a person may take for others: none such comes in over the socket, and one that the file has is
//! marked.

use crate::book::Book;
use plain::Face;
use std::collections::HashMap;
use wire::{LookAlike, Problem, Reason};
use words::say;

/// Whether a program may add a server by this name.
///
/// # Errors
/// It may be taken for another.
pub fn check(book: &Book, name: &str) -> Result<(), Problem> {
    let advice = say!(problem_look_alike_advice);
    if let Some(other) = looks_like_one_of(book, name) {
        let detail = say!(problem_look_alike, name = name, other = other);
        return Err(problems::invalid_request(detail, advice).because(Reason::LooksAlike));
    }
    if plain::mixes_scripts(name) {
        let detail = say!(problem_mixes_alphabets, name = name);
        return Err(problems::invalid_request(detail, advice).because(Reason::MixesAlphabets));
    }
    if !plain::is_simple(name) {
        let detail = say!(problem_odd_name, name = name);
        let advice = say!(problem_odd_name_advice);
        return Err(problems::invalid_request(detail, advice).because(Reason::NameNotSimple));
    }
    Ok(())
}

/// Another server whose name looks the same, or does but for what joins its letters.
pub fn looks_like_one_of<'a>(book: &'a Book, name: &str) -> Option<&'a str> {
    let (face, letters) = (Face::of(name), Face::of_letters(name));
    let is_like =
        |other: &&str| face.looks_like(&Face::of(other)) || letters.looks_like(&Face::of_letters(other));
    let others = book.servers.keys().filter(|other| *other != name);
    others.map(String::as_str).find(is_like)
}

impl Book {
    /// Marks the names that may be taken for others. Of two that look alike it is the one that is not ASCII,
    /// or both.
    pub fn compare_names(&mut self) {
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
