//! Memory that starting, or a crowd, has touched and waiting does not need: what was freed, and code that is
//! read from the disk again once it is needed. On the desktop that is above all the web engine, which is
//! linked to the process and never runs in it.

use rustix::mm::{Advice, madvise};
use std::ffi::c_void;
use std::fs;
use std::ops::Range;

/// Gives back what was freed, and the pages of programs and libraries that are as they are on disk. What is
/// needed again comes back from there. It takes some milliseconds.
pub fn give_back() {
    trim();
    let Ok(mappings) = fs::read_to_string("/proc/self/smaps") else { return };
    for pages in unchanged(&mappings) {
        forget(pages);
    }
}

#[allow(unsafe_code, reason = "the one way to say this to the system")]
fn forget(pages: Range<usize>) {
    let start = pages.start as *mut c_void;
    // It is worth a try.
    // SAFETY: these pages are mapped from a file, cannot be written, and none of them differs from it:
    // whoever reads them next reads the same.
    let _ = unsafe { madvise(start, pages.len(), Advice::LinuxDontNeed) };
}

/// Bytes from which on a buffer is taken from the system by itself, and given back when it is freed.
const LARGE: i32 = 1 << 20;

/// Has whatever is large given back as soon as it is freed. Left to itself the C library keeps as much, for
/// each thread, as the largest that was freed before; and what is used all day never rests.
#[cfg(target_env = "gnu")]
#[allow(unsafe_code, reason = "no library has this call")]
pub fn keep_nothing_large() {
    // SAFETY: it sets two numbers of the allocator, which takes any.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
        libc::mallopt(libc::M_TRIM_THRESHOLD, 2 * LARGE);
    }
}

/// Where there is no such call, the allocator decides.
#[cfg(not(target_env = "gnu"))]
pub const fn keep_nothing_large() {}

/// The C library keeps what was freed between what is used. Another one has no such call.
#[cfg(target_env = "gnu")]
#[allow(unsafe_code, reason = "no library has this call")]
fn trim() {
    // SAFETY: it touches nothing that is in use.
    let _ = unsafe { libc::malloc_trim(0) };
}

#[cfg(not(target_env = "gnu"))]
const fn trim() {}

/// The mappings (`proc_pid_smaps(5)`) of files that cannot be written here and have no page of their own.
fn unchanged(mappings: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut now = None;
    for line in mappings.lines() {
        let mut words = line.split_ascii_whitespace();
        match (words.next(), words.next()) {
            (Some("Anonymous:"), Some("0")) => found.extend(now.take()),
            (Some(range), Some("r-xp" | "r--p")) => now = range_of(range).filter(|_| line.contains(" /")),
            (Some(word), _) if !word.ends_with(':') => now = None,
            (Some(_) | None, _) => {}
        }
    }
    found
}

fn range_of(words: &str) -> Option<Range<usize>> {
    let (start, end) = words.split_once('-')?;
    Some(usize::from_str_radix(start, 16).ok()?..usize::from_str_radix(end, 16).ok()?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_as_on_disk_is_given_back() {
        let mappings = "\
1000-3000 r-xp 00000000 08:01 7 /usr/lib/libweb.so
Rss:                   8 kB
Anonymous:             0 kB
3000-4000 r--p 00002000 08:01 7 /usr/lib/libweb.so
Anonymous:             4 kB
4000-5000 rw-p 00003000 08:01 7 /usr/lib/libweb.so
Anonymous:             0 kB
5000-6000 r--p 00000000 00:00 0
Anonymous:             0 kB
6000-7000 r--p 00000000 08:01 8 /usr/share/fonts/a b.ttf
Anonymous:             0 kB
";
        assert_eq!(unchanged(mappings), [0x1000..0x3000, 0x6000..0x7000]);
    }

    #[test]
    fn a_program_goes_on_without_what_it_gave_back() {
        let before = include_str!("memory.rs").len();
        give_back();
        assert_eq!(fs::read_to_string("/proc/self/comm").map(|name| name.is_empty()).ok(), Some(false));
        assert_eq!(include_str!("memory.rs").len(), before);
    }

    #[test]
    #[cfg(target_env = "gnu")]
    fn nothing_large_is_kept_once_it_is_freed() {
        let anonymous = || -> u64 {
            let status = fs::read_to_string("/proc/self/status").unwrap();
            let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
            line.trim().trim_end_matches(" kB").parse().unwrap()
        };
        keep_nothing_large();
        let before = anonymous();
        // The first of its size is given back by itself, and teaches the library to keep the next.
        for _ in 0..3 {
            drop(std::hint::black_box(vec![1_u8; 8 << 20]));
        }
        assert!(anonymous() < before + (4 << 10), "{before} → {} KiB", anonymous());
    }
}
