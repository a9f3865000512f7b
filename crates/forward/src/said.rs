//! What a started program says, of which little is held however much it is.

use crate::fault::Fault;
use plain::plain;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncReadExt};

/// Bytes of a line that is ours.
const LONGEST: usize = 512;
/// Bytes that may come before the first of those: what login scripts print.
const BEFORE: usize = 64 << 10;
/// Bytes of the last words that are kept.
const LAST: usize = 1 << 10;
/// Characters of them that are shown.
const SHOWN: usize = 200;

/// Lines that bear our mark, among others.
pub(crate) struct Lines<R> {
    from: R,
    held: VecDeque<u8>,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(crate) fn new(from: R) -> Self {
        Self { from, held: VecDeque::new() }
    }

    /// What stands behind `mark` in the next line that begins with it. Others may be in between, but not
    /// many.
    pub(crate) async fn marked(&mut self, mark: &str) -> Result<String, Fault> {
        let mut passed = 0;
        loop {
            let line = self.line(&mut passed).await?;
            if let Some(said) = line.strip_prefix(mark) {
                return Ok(said.to_owned());
            }
        }
    }

    async fn line(&mut self, passed: &mut usize) -> Result<String, Fault> {
        let mut line = Vec::new();
        loop {
            while let Some(byte) = self.held.pop_front() {
                *passed += 1;
                if *passed > BEFORE {
                    return Err(Fault::Garbled);
                }
                if byte == b'\n' {
                    return Ok(String::from_utf8_lossy(&line).into_owned());
                }
                // What is longer is no line of ours, and its end is awaited.
                if line.len() <= LONGEST {
                    line.push(byte);
                }
            }
            let mut piece = [0; LONGEST];
            let length = self.from.read(&mut piece).await.map_err(|_| Fault::Garbled)?;
            if length == 0 {
                return Err(Fault::Ended(String::new()));
            }
            self.held.extend(piece.iter().take(length));
        }
    }
}

/// The last words of a program, as it said them on standard error.
#[derive(Debug, Clone, Default)]
pub(crate) struct LastWords(Arc<Mutex<VecDeque<u8>>>);

impl LastWords {
    /// Hears them, for as long as there are any.
    pub(crate) async fn hear(self, mut from: impl AsyncRead + Unpin) {
        let mut piece = [0; LAST];
        while let Ok(length @ 1..) = from.read(&mut piece).await {
            let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            last.extend(piece.iter().take(length));
            let more = last.len().saturating_sub(LAST);
            last.drain(..more);
        }
    }

    /// The last line, as a person may read it.
    pub(crate) fn words(&self) -> String {
        let last: Vec<u8> = self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect();
        let text = String::from_utf8_lossy(&last);
        let line = text.lines().map(str::trim).rfind(|line| !line.is_empty());
        plain(line.unwrap_or_default(), SHOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_marked_line_is_found_among_what_login_scripts_print() {
        let long = "x".repeat(2 * LONGEST);
        let said = format!("Welcome!\nmark\n{long}\nmark:yes\nmark:and\n");
        let mut lines = Lines::new(said.as_bytes());
        assert_eq!(lines.marked("mark:").await.unwrap(), "yes");
        assert_eq!(lines.marked("mark:").await.unwrap(), "and");
        assert_eq!(lines.marked("mark:").await, Err(Fault::Ended(String::new())));
    }

    #[tokio::test]
    async fn who_says_too_much_is_not_listened_to() {
        for flood in ["y\n".repeat(BEFORE), "y".repeat(2 * BEFORE)] {
            let mut lines = Lines::new(flood.as_bytes());
            assert_eq!(lines.marked("mark:").await, Err(Fault::Garbled));
            assert!(lines.held.len() <= LONGEST);
        }
    }

    #[tokio::test]
    async fn last_words_are_short_and_cannot_steer_a_terminal() {
        let words = LastWords::default();
        let said = format!("{}\nPermission \u{1b}[2Jdenied\u{202e}.\n\n", "z".repeat(3 * LAST));
        words.clone().hear(said.as_bytes()).await;
        assert!(words.0.lock().unwrap().len() <= LAST);
        let shown = words.words();
        assert!(shown.starts_with("Permission") && !shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    }
}
