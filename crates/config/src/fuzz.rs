//! A door for the fuzzer, and for replaying its seeds. Not for programs.
#![allow(clippy::unwrap_used, reason = "a finding is a panic")]

use super::Config;
use std::path::Path;

/// A whole file: a good one means the same when read again, and what is wrong with a bad one is said in words
/// that can be shown.
pub fn config(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let path = Path::new("config.json");
    match Config::parse(path, text) {
        Ok(config) => assert_eq!(config, Config::parse(path, text).unwrap()),
        Err(error) => {
            let shown = format!("{error} {}", error.advice());
            assert!(!shown.contains(plain::misleads), "{shown:?}");
            assert!(!error.advice().is_empty());
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_seeds_of_the_fuzzer_are_read_without_a_finding() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/config");
        let seeds: Vec<_> = std::fs::read_dir(folder).unwrap().map(|seed| seed.unwrap().path()).collect();
        assert!(!seeds.is_empty());
        for seed in seeds {
            super::config(&std::fs::read(seed).unwrap());
        }
    }
}
