//! A stream of events, cut into whole ones, and what one of them says (HTML Standard, "Parsing an event
//! stream").

use crate::lines::Lines;
use bytes::{Bytes, BytesMut};

/// A byte order mark in UTF-8, with which a stream may begin.
const MARK: &str = "\u{feff}";

/// The events of one stream, each held until it ends. Every byte is looked at once, however it comes.
#[derive(Debug, Default)]
pub struct WholeEvents {
    held: BytesMut,
    /// How many of those bytes have been looked at.
    looked_at: usize,
    lines: Lines,
}

impl WholeEvents {
    /// More of the stream.
    pub fn hold(&mut self, piece: &[u8]) {
        self.held.extend_from_slice(piece);
    }

    /// How much is held.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// The next event that is whole, with the empty line behind it.
    pub fn take(&mut self) -> Option<Bytes> {
        while let Some(byte) = self.held.get(self.looked_at).copied() {
            self.looked_at += 1;
            if self.lines.ends(byte) {
                return Some(self.held.split_to(std::mem::take(&mut self.looked_at)).freeze());
            }
        }
        None
    }

    /// All that is held.
    pub fn held(&self) -> &[u8] {
        &self.held
    }

    /// Holds no more what is held. The next event is what comes of this one, to its end.
    pub fn let_go(&mut self) {
        self.held.clear();
        self.looked_at = 0;
    }

    /// What has not come to its end.
    pub fn rest(&mut self) -> Bytes {
        self.looked_at = 0;
        self.held.split().freeze()
    }
}

/// The data of one event; nothing if it has none.
#[must_use]
pub fn data(event: &str) -> Option<String> {
    let said: Vec<&str> = lines(event).filter_map(of_data).collect();
    (!said.is_empty()).then(|| said.join("\n"))
}

/// The same event with other data, which has no `\r`.
#[must_use]
pub fn with_data(event: &str, data: &str) -> String {
    let rest = lines(event).filter(|line| !line.is_empty() && of_data(line).is_none());
    let lines = rest.map(ToOwned::to_owned).chain(data.split('\n').map(|line| format!("data: {line}")));
    lines.map(|line| line + "\n").chain(["\n".to_owned()]).collect()
}

fn lines(event: &str) -> impl Iterator<Item = &str> {
    event.strip_prefix(MARK).unwrap_or(event).split(['\n', '\r'])
}

fn of_data(line: &str) -> Option<&str> {
    let value = line.strip_prefix("data")?;
    if value.is_empty() {
        return Some("");
    }
    let value = value.strip_prefix(':')?;
    Some(value.strip_prefix(' ').unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The events of a stream that comes in pieces of this length, and what is left.
    fn cut(stream: &str, length: usize) -> (Vec<String>, String) {
        let (mut events, mut whole) = (WholeEvents::default(), Vec::new());
        let text = |bytes: Bytes| String::from_utf8(bytes.to_vec()).unwrap();
        for piece in stream.as_bytes().chunks(length) {
            events.hold(piece);
            whole.extend(std::iter::from_fn(|| events.take()).map(text));
        }
        (whole, text(events.rest()))
    }

    #[test]
    fn an_event_ends_with_an_empty_line_whichever_ends_its_lines_have() {
        for (stream, said) in [
            ("data: 1\n\ndata: 2\n\n", ["1", "2"]),
            ("data: 1\r\n\r\ndata: 2\r\n\r\n", ["1", "2"]),
            ("data: 1\r\rdata: 2\r\r", ["1", "2"]),
            ("data: 1\n\r\ndata: 2\r\n\n", ["1", "2"]),
            ("data: 1\r\n\rdata: 2\n\r", ["1", "2"]),
            ("\u{feff}data: 1\n\nid: 7\ndata:2\n\n", ["1", "2"]),
            ("data:  1\n\ndata\ndata: 2\ndatas: 3\n\n", [" 1", "\n2"]),
        ] {
            for length in [1, 2, 3, 1000] {
                let (whole, rest) = cut(stream, length);
                let data: Vec<String> = whole.iter().filter_map(|event| data(event)).collect();
                assert_eq!(
                    (data, rest.trim()),
                    (said.map(String::from).to_vec(), ""),
                    "{stream:?} by {length}"
                );
                assert_eq!(whole.concat() + &rest, stream);
            }
        }
    }

    #[test]
    fn what_has_not_ended_is_left() {
        assert_eq!(cut("data: 1\n\ndata: 2\n", 4), (vec!["data: 1\n\n".to_owned()], "data: 2\n".to_owned()));
    }

    #[test]
    fn of_an_event_that_was_let_go_the_rest_comes() {
        let mut events = WholeEvents::default();
        events.hold(b"data: 1\r");
        assert_eq!(events.take(), None);
        events.let_go();
        events.hold(b"\ndata: 2\n\ndata: 3\n\n");
        assert_eq!(events.take().as_deref(), Some(&b"\ndata: 2\n\n"[..]));
        assert_eq!(events.take().as_deref(), Some(&b"data: 3\n\n"[..]));
    }

    #[test]
    fn other_data_takes_the_place_of_all_that_was_there() {
        let event = "\u{feff}event: message\r\ndata: {\r\nid: 7\r\ndata: }\r\n\r\n";
        assert_eq!(with_data(event, "[]\n"), "event: message\nid: 7\ndata: []\ndata: \n\n");
    }
}
