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

    /// Whether who knows `before` knows a secret of this as well. Where machines share a vault, what one that
    /// was taken out had known is told from what was renewed since by that.
    fn shares_a_secret_with(&self, before: &Self) -> bool {
        let _ = before;
        false
    }
}

/// The same of their bytes. What is not of this form shares nothing.
pub(crate) fn share_a_secret<T: Item>(before: &[u8], after: &[u8]) -> bool {
    T::open(before).zip(T::open(after)).is_some_and(|(before, after)| after.shares_a_secret_with(&before))
}

const ROOM: usize = 64 << 10;
