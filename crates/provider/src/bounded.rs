use std::collections::HashMap;
use std::hash::Hash;

use crate::profile::UnixSeconds;

/// A map that never grows past its limit: when full, an expired entry makes room, and if none has expired,
/// the one that would first. Of those that end together, the oldest goes.
///
/// Expired entries stay until their room is needed, so that a second use of something spent is still noticed;
/// [`Bounded::live`] does not return them.
pub struct Bounded<K, V> {
    entries: HashMap<K, Aged<V>>,
    limit: usize,
    next: u64,
}

struct Aged<V> {
    value: V,
    expires: UnixSeconds,
    age: u64,
}

impl<K: Hash + Eq + Clone, V> Bounded<K, V> {
    /// An empty map for at most `limit` entries.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { entries: HashMap::new(), limit, next: 0 }
    }

    /// Puts an entry in, or in the place of the one with the same key.
    pub fn insert(&mut self, key: K, value: V, expires: UnixSeconds, now: UnixSeconds) {
        if self.entries.len() >= self.limit && !self.entries.contains_key(&key) {
            self.evict(now);
        }
        self.next += 1;
        self.entries.insert(key, Aged { value, expires, age: self.next });
    }

    fn evict(&mut self, now: UnixSeconds) {
        let oldest =
            self.entries.iter().min_by_key(|(_, entry)| (entry.expires > now, entry.expires, entry.age));
        if let Some(key) = oldest.map(|(key, _)| key.clone()) {
            self.entries.remove(&key);
        }
    }

    /// Whether one more would push another out.
    pub fn is_full(&self) -> bool {
        self.entries.len() >= self.limit
    }

    /// An entry that has not expired.
    pub fn live(&self, key: &K, now: UnixSeconds) -> Option<&V> {
        self.entries.get(key).filter(|entry| entry.expires > now).map(|entry| &entry.value)
    }

    /// When an entry expires, that has not.
    pub fn expires(&self, key: &K, now: UnixSeconds) -> Option<UnixSeconds> {
        self.entries.get(key).map(|entry| entry.expires).filter(|expires| *expires > now)
    }

    /// When the next of them expires.
    pub fn next_expires(&self, now: UnixSeconds) -> Option<UnixSeconds> {
        self.entries.values().map(|entry| entry.expires).filter(|expires| *expires > now).min()
    }

    /// An entry, expired or not.
    pub fn any_mut(&mut self, key: &K) -> Option<&mut V> {
        self.entries.get_mut(key).map(|entry| &mut entry.value)
    }

    /// Takes an entry out; `None` if there is none or it has expired.
    pub fn take(&mut self, key: &K, now: UnixSeconds) -> Option<V> {
        self.entries.remove(key).filter(|entry| entry.expires > now).map(|entry| entry.value)
    }

    /// All entries that have not expired.
    pub fn all_live(&self, now: UnixSeconds) -> impl Iterator<Item = &V> {
        self.entries.values().filter(move |entry| entry.expires > now).map(|entry| &entry.value)
    }

    /// All entries that expire after `then`, and when.
    pub fn beyond(&self, then: UnixSeconds) -> impl Iterator<Item = (&V, UnixSeconds)> {
        let all = self.entries.values().map(|entry| (&entry.value, entry.expires));
        all.filter(move |(_, expires)| *expires > then)
    }

    /// Keeps the entries that `keep` says, told their keys.
    pub fn retain_keyed(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        self.entries.retain(|key, entry| keep(key, &entry.value));
    }

    /// Keeps the entries that `keep` says.
    pub fn retain(&mut self, mut keep: impl FnMut(&V) -> bool) {
        self.entries.retain(|_, entry| keep(&entry.value));
    }
}

#[cfg(test)]
mod tests {
    use super::Bounded;

    #[test]
    fn a_full_map_gives_up_the_oldest_expired_entry_first() {
        let mut map = Bounded::new(2);
        map.insert("long", (), 100, 0);
        map.insert("short", (), 10, 0);
        map.insert("new", (), 100, 20);
        assert!(map.live(&"long", 20).is_some());
        assert!(map.any_mut(&"short").is_none());
    }

    #[test]
    fn a_full_map_of_live_entries_gives_up_the_oldest() {
        let mut map = Bounded::new(2);
        map.insert(1, (), 100, 0);
        map.insert(2, (), 100, 0);
        map.insert(3, (), 100, 0);
        assert!(map.live(&1, 0).is_none() && map.live(&2, 0).is_some() && map.live(&3, 0).is_some());
    }

    #[test]
    fn an_entry_is_over_at_the_second_it_expires() {
        let mut map = Bounded::new(1);
        map.insert(1, (), 100, 0);
        assert!(map.live(&1, 99).is_some() && map.live(&1, 100).is_none());
        assert!(map.take(&1, 100).is_none());
    }
}
