//! Short names for texts of any length.

use sha2::{Digest, Sha256};

/// A short name for texts of any length and content: 128 bits of SHA-256 in hexadecimal.
pub fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let halves = hash.finalize().into_iter().take(16).flat_map(|byte| [byte >> 4, byte & 15]);
    halves.filter_map(|half| char::from_digit(half.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_down_by_a_name_is_found_by_it_later() {
        assert_eq!(fingerprint(&["work", "https://mcp.example.com/"]), "ede7a52ebcd10cf19bfa9842f3ea6d0e");
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
    }
}
