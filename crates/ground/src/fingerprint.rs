//! Short names for texts of any length.

use sha2::{Digest, Sha256};

/// A short name for texts of any length and content: 128 bits of SHA-256 in hexadecimal.
pub fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
