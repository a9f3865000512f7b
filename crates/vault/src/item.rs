//! What the vault can keep.

use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// Something that the vault can keep.
pub trait Item: Serialize + DeserializeOwned {
    /// The bytes to keep.
    fn seal(&self) -> Option<Zeroizing<Vec<u8>>> {
        // Room enough from the start: a vector that grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(ROOM));
        serde_json::to_writer(&mut *bytes, self).ok()?;
        Some(bytes)
    }

    /// The item that `bytes` were made of; `None` if they are not of its form.
    fn open(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

const ROOM: usize = 64 << 10;
