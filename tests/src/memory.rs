//! What is in the memory of a process.

use std::fs;
use std::os::unix::fs::FileExt;

/// How often these bytes are somewhere in the memory of a process that can be written.
pub fn copies_in_memory(id: u32, bytes: &[u8]) -> usize {
    let maps = fs::read_to_string(format!("/proc/{id}/maps")).unwrap();
    let memory = fs::File::open(format!("/proc/{id}/mem")).unwrap();
    let range = |line: &str| {
        let mut words = line.split(' ');
        let (start, end) = words.next()?.split_once('-')?;
        let (start, end) = (u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?);
        words.next()?.starts_with("rw").then_some((start, end))
    };
    let count = |(start, end): (u64, u64)| {
        let mut region = vec![0; usize::try_from(end - start).unwrap()];
        let read = memory.read_at(&mut region, start).unwrap_or(0);
        region[..read].windows(bytes.len()).filter(|window| *window == bytes).count()
    };
    maps.lines().filter_map(range).map(count).sum()
}
