//! How much may come out of a decoder for what went in: a few kilobytes could else fill any memory.

/// Bytes that come out for nothing.
const FREE: u64 = 4 << 20;
/// Bytes that come out for each that went in, beside those. JSON seldom comes to twenty.
const RATIO: u64 = 128;

/// The measure of one body. In a stream of events each event has its own, since a stream that says the same
/// over and over again grows for ever, in good order: but what has come at once is one measure, however many
/// events it is.
#[derive(Debug)]
pub(super) struct Measure {
    left: u64,
    events: bool,
    /// Whether something has come since an event had the last measure of its own.
    fresh: bool,
    line: Line,
}

/// What the last bytes were (HTML, "Server-sent events").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Within,
    /// A line has just ended, by a carriage return or not.
    Begins {
        returned: bool,
    },
}

/// Too much came out.
#[derive(Debug)]
pub(super) struct Dense;

impl Measure {
    pub(super) const fn new(events: bool) -> Self {
        Self { left: FREE, events, fresh: false, line: Line::Within }
    }

    /// So many bytes went in.
    pub(super) const fn received(&mut self, bytes: u64) {
        self.left = self.left.saturating_add(bytes.saturating_mul(RATIO));
        self.fresh |= bytes > 0;
    }

    /// Whether a piece may come out.
    pub(super) fn fits(&mut self, piece: &[u8]) -> Result<(), Dense> {
        self.left = self.left.checked_sub(piece.len() as u64).ok_or(Dense)?;
        if self.events && self.ends_event(piece) && self.fresh {
            self.left = self.left.max(FREE);
            self.fresh = false;
        }
        Ok(())
    }

    /// Whether an empty line is in the piece, which may have begun in the one before.
    fn ends_event(&mut self, piece: &[u8]) -> bool {
        let mut ends = false;
        for byte in piece {
            self.line = match (*byte, self.line) {
                (b'\n', Line::Begins { returned: true }) => Line::Begins { returned: false },
                (b'\n' | b'\r', line) => {
                    ends |= line != Line::Within;
                    Line::Begins { returned: *byte == b'\r' }
                }
                _ => Line::Within,
            };
        }
        ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_grows_with_what_went_in() {
        let mut measure = Measure::new(false);
        let piece = vec![b' '; 1 << 20];
        measure.received(1 << 13);
        for _ in 0..5 {
            assert!(measure.fits(&piece).is_ok());
        }
        assert!(measure.fits(&piece).is_err(), "4 MiB, and one more for 8 KiB");
    }

    #[test]
    fn every_event_has_its_own_measure_as_long_as_something_comes() {
        let mut event = vec![b'x'; 1 << 16];
        event.extend(b"\r\n\r\n");
        let mut measure = Measure::new(true);
        for _ in 0..200 {
            measure.received(1);
            assert!(measure.fits(&event).is_ok());
        }
        let all: Result<Vec<()>, Dense> = (0..200).map(|_| measure.fits(&event)).collect();
        assert!(all.is_err(), "many of them for nothing");
    }

    #[test]
    fn an_event_ends_with_an_empty_line() {
        let ends = |pieces: &[&str]| {
            let mut measure = Measure::new(true);
            pieces.iter().any(|piece| measure.ends_event(piece.as_bytes()))
        };
        for pieces in [["a\n\n", ""], ["a\n", "\n"], ["a\r\n\r", "\n"], ["a\r", "\r"], ["a\r\n", "\r\nb"]] {
            assert!(ends(&pieces), "{pieces:?}");
        }
        for pieces in [["a\r", "\nb"], ["a\n", "b\n"], ["a\r\nb", "\r\n"]] {
            assert!(!ends(&pieces), "{pieces:?}");
        }
    }
}
