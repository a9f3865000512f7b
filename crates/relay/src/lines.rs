//! Where in a stream of events its last byte is (HTML Standard, "Parsing an event stream"): lines end with
//! LF, CR or CR LF, each as it likes, and an empty one ends an event.

/// What has passed of a stream of events, as far as that tells where the next byte belongs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lines {
    /// The line that comes is not empty.
    in_line: bool,
    after_cr: bool,
    in_event: bool,
}

impl Lines {
    /// Whether an event ends with this byte: by an empty line, whichever end that has.
    pub fn ends(&mut self, byte: u8) -> bool {
        let goes_on = byte == b'\n' && std::mem::take(&mut self.after_cr);
        if goes_on {
            return false;
        }
        self.after_cr = byte == b'\r';
        let is_end = is_line_end(byte);
        let was_in_line = std::mem::replace(&mut self.in_line, !is_end);
        self.in_event = !is_end || was_in_line;
        !self.in_event
    }

    /// The same for a piece of which only its end matters.
    pub fn pass(&mut self, piece: &[u8]) {
        let ends = piece.iter().rev().take_while(|byte| is_line_end(**byte)).count();
        let (before, ends) = piece.split_at(piece.len() - ends);
        before.last().into_iter().chain(ends).for_each(|byte| {
            self.ends(*byte);
        });
    }

    /// Whether no event has begun that has not ended.
    #[must_use]
    pub const fn is_between(&self) -> bool {
        !self.in_event
    }
}

const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a stream is between events, however it comes.
    fn is_between(stream: &str) -> bool {
        let by = |length: usize| {
            let mut lines = Lines::default();
            stream.as_bytes().chunks(length).for_each(|piece| lines.pass(piece));
            lines.is_between()
        };
        let whole = by(usize::MAX);
        assert!((1..4).all(|length| by(length) == whole), "{stream:?}");
        whole
    }

    #[test]
    fn an_event_is_over_after_an_empty_line_whichever_ends_its_lines_have() {
        assert!(is_between(""));
        for ends in ["\n\n", "\r\r", "\r\n\r\n", "\r\n\n", "\n\r\n", "\n\r", "\r\n\r", "\n\n\n", "\r\r\n"] {
            assert!(is_between(&format!("data: 1{ends}")), "{ends:?}");
            assert!(!is_between(&format!("data: 1{ends}d")), "{ends:?}");
        }
        for ends in ["", "\n", "\r", "\r\n"] {
            assert!(!is_between(&format!("data: 1{ends}")), "{ends:?}");
            assert!(!is_between(&format!("data: 1\n\ndata: 2{ends}")), "{ends:?}");
        }
    }
}
