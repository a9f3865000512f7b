//! Server-sent events, read as they come (HTML Standard, "Parsing an event stream").

use std::time::Duration;
use wire::{ClientError, ProxyResponse};

/// The longest event that is read: a result with a picture or a file in it is one event.
const MOST: usize = 64 << 20;

/// One event.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Event {
    /// Its data, with line ends between the lines.
    pub(super) data: String,
    /// What kind it is; `message` if it does not say.
    pub(super) kind: Option<String>,
    /// The ID to go on from.
    pub(super) id: Option<String>,
    /// How many milliseconds to wait before going on.
    retry: Option<u64>,
}

impl Event {
    /// How long to wait before going on, if it says; half a minute at most.
    pub(super) fn pause(&self) -> Option<Duration> {
        self.retry.map(|retry| Duration::from_millis(retry.min(30_000)))
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn read(&mut self, line: &str) {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "event" => self.kind = Some(value.to_owned()),
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            "retry" => self.retry = value.parse().ok(),
            _ => {}
        }
    }
}

/// A stream of events.
pub(super) struct Events {
    answer: ProxyResponse,
    lines: Lines,
}

impl Events {
    pub(super) fn of(answer: ProxyResponse) -> Self {
        Self { answer, lines: Lines::default() }
    }

    /// The next event; nothing at the end of the stream.
    pub(super) async fn next(&mut self) -> Result<Option<Event>, ClientError> {
        let mut event = Event::default();
        loop {
            while let Some(line) = self.lines.next() {
                if !line.is_empty() {
                    event.read(&line);
                    continue;
                }
                if !event.is_empty() {
                    event.data.pop();
                    return Ok(Some(event));
                }
            }
            if self.lines.waiting() + event.data.len() > MOST {
                return Err(ClientError::TooLong(MOST));
            }
            match self.answer.piece().await? {
                Some(piece) => self.lines.take(&piece),
                // An event that is not complete does not count.
                None => return Ok(None),
            }
        }
    }
}

/// Lines, which end in LF, CR LF or CR.
#[derive(Default)]
struct Lines {
    bytes: Vec<u8>,
    /// Up to where there are no line ends.
    searched: usize,
    /// The last line ended in CR, so that an LF here is part of its end.
    after_cr: bool,
    /// A line was there, so that no byte order mark can come any more.
    begun: bool,
}

impl Lines {
    fn take(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
    }

    fn waiting(&self) -> usize {
        self.bytes.len()
    }

    fn next(&mut self) -> Option<String> {
        let first = *self.bytes.first()?;
        if self.after_cr && first == b'\n' {
            self.bytes.remove(0);
        }
        self.after_cr = false;
        let rest = self.bytes.get(self.searched..)?;
        let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
            self.searched = self.bytes.len();
            return None;
        };
        let end = self.searched + end;
        self.after_cr = self.bytes.get(end) == Some(&b'\r');
        let line: Vec<u8> = self.bytes.drain(..=end).take(end).collect();
        self.searched = 0;
        let line = String::from_utf8_lossy(&line).into_owned();
        let at_first = !std::mem::replace(&mut self.begun, true);
        let unmarked = line.strip_prefix('\u{feff}').filter(|_| at_first);
        Some(unmarked.map(ToOwned::to_owned).unwrap_or(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pieces: &[&str]) -> Vec<String> {
        let mut lines = Lines::default();
        let mut all = Vec::new();
        for piece in pieces {
            lines.take(piece.as_bytes());
            all.extend(std::iter::from_fn(|| lines.next()));
        }
        all
    }

    #[test]
    fn lines_end_in_any_of_three_ways_wherever_the_pieces_are_cut() {
        assert_eq!(lines(&["a\nb\r\nc\rd"]), ["a", "b", "c"]);
        assert_eq!(lines(&["a\r", "\nb", "\n\r", "\n", "\n"]), ["a", "b", "", ""]);
        assert_eq!(lines(&["\u{feff}a\n", "\u{feff}b\n"]), ["a", "\u{feff}b"]);
    }

    #[test]
    fn an_event_has_its_fields_and_no_others() {
        let mut event = Event::default();
        for line in
            ["data: {", "data:}", "id: 7", "retry: 20", "event: message", ": comment", "unknown: x", "data"]
        {
            event.read(line);
        }
        let kind = Some("message".to_owned());
        assert_eq!(
            event,
            Event { data: "{\n}\n\n".to_owned(), kind, id: Some("7".to_owned()), retry: Some(20) }
        );
    }
}
