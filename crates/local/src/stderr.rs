//! What the programs of a server wrote last to their standard error.

use std::collections::VecDeque;

/// Lines that are kept for a server.
const LINES: usize = 200;
/// Bytes of them.
const BYTES: usize = 64 << 10;
/// Bytes of one; a longer one is cut into several.
pub(crate) const LINE: usize = 4 << 10;
/// Lines of one program that go along with a fault.
const LAST: usize = 20;

/// Lines, each with the number of the program that wrote it.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    lines: VecDeque<(u64, String)>,
    bytes: usize,
}

impl Ring {
    /// Keeps one more line. The oldest ones make room.
    pub(crate) fn keep(&mut self, program: u64, line: &[u8]) {
        let line = String::from_utf8_lossy(line).trim_end().to_owned();
        if line.is_empty() {
            return;
        }
        self.bytes += line.len();
        self.lines.push_back((program, line));
        while self.lines.len() > LINES || self.bytes > BYTES {
            let Some((_, oldest)) = self.lines.pop_front() else { return };
            self.bytes -= oldest.len();
        }
    }

    /// All of them.
    pub(crate) fn all(&self) -> Vec<String> {
        self.lines.iter().map(|(_, line)| line.clone()).collect()
    }

    /// The last ones of a program.
    pub(crate) fn last(&self, program: u64) -> Vec<String> {
        let of_it = self.lines.iter().rev().filter(|(writer, _)| *writer == program);
        let mut last: Vec<String> = of_it.take(LAST).map(|(_, line)| line.clone()).collect();
        last.reverse();
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_kept_and_no_more_than_that() {
        let mut ring = Ring::default();
        for number in 0..1000 {
            ring.keep(number % 2, format!("line {number}\r\n").as_bytes());
        }
        assert_eq!(ring.all().len(), LINES);
        assert_eq!(ring.last(1).last().map(String::as_str), Some("line 999"));
        assert_eq!(ring.last(0).len(), LAST);
        for _ in 0..1000 {
            ring.keep(2, &[b'x'; LINE]);
        }
        assert!(ring.all().iter().map(String::len).sum::<usize>() <= BYTES);
    }
}
