//! A server's stream of events, cut where events end (HTML Standard, "Parsing an event stream").

use bytes::{Bytes, BytesMut};

/// Bytes of an event that are held until it ends.
const HELD: usize = 8 << 10;
/// What no line is longer than that says which kind an event is of.
const KIND: usize = 24;
const ENDPOINT: &str = "endpoint";

/// What comes of a stream.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// One event that says where messages are posted: the address.
    Endpoint(String),
    /// Any other events, or a part of a long one.
    Other(Bytes),
    /// An event says that it is an endpoint, and is longer than any address.
    TooLong,
}

/// The events of one stream.
#[derive(Debug, Default)]
pub struct Events {
    held: BytesMut,
    /// The line that comes, as far as it matters.
    line: Vec<u8>,
    after_cr: bool,
    over: bool,
    /// A part of the event that comes has passed.
    is_long: bool,
    is_endpoint: bool,
}

impl Events {
    /// What can pass once this piece has come.
    pub fn take(&mut self, piece: &[u8]) -> Vec<Piece> {
        let mut all = Vec::new();
        for (at, byte) in piece.iter().enumerate() {
            self.held.extend_from_slice(&[*byte]);
            self.over |= self.ends(*byte);
            let goes_on = *byte == b'\r' && piece.get(at + 1) == Some(&b'\n');
            if self.over && !goes_on {
                all.push(self.whole());
            } else if self.held.len() > HELD {
                all.push(self.part());
            }
        }
        if self.is_long && !self.held.is_empty() {
            all.push(self.part());
        }
        all
    }

    /// Whether no part of an event has passed that goes on.
    pub const fn is_between(&self) -> bool {
        !self.is_long
    }

    /// Whether an event ends with this byte: after an empty line.
    fn ends(&mut self, byte: u8) -> bool {
        match byte {
            b'\n' if self.after_cr => self.after_cr = false,
            b'\n' | b'\r' => {
                self.after_cr = byte == b'\r';
                let line = std::mem::take(&mut self.line);
                self.is_endpoint |= field(&line) == Some(("event", ENDPOINT));
                return line.is_empty();
            }
            _ => {
                self.after_cr = false;
                if self.line.len() < KIND {
                    self.line.push(byte);
                }
            }
        }
        false
    }

    fn whole(&mut self) -> Piece {
        let is_long = std::mem::take(&mut self.is_long);
        self.over = false;
        if !std::mem::take(&mut self.is_endpoint) {
            return Piece::Other(self.held.split().freeze());
        }
        let event = self.held.split();
        if is_long { Piece::TooLong } else { Piece::Endpoint(data(&event)) }
    }

    fn part(&mut self) -> Piece {
        self.is_long = true;
        let part = self.held.split().freeze();
        if self.is_endpoint { Piece::TooLong } else { Piece::Other(part) }
    }
}

/// The data of an event, whose lines make one.
fn data(event: &[u8]) -> String {
    let lines = event.split(|byte| matches!(byte, b'\n' | b'\r'));
    lines.filter_map(field).filter(|(name, _)| *name == "data").map(|(_, value)| value).collect()
}

fn field(line: &[u8]) -> Option<(&str, &str)> {
    let line = str::from_utf8(line).ok()?;
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let (name, value) = line.split_once(':').unwrap_or((line, ""));
    Some((name, value.strip_prefix(' ').unwrap_or(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of a stream, however it is cut.
    fn taken(stream: &str) -> (Vec<String>, String) {
        let of = |length: usize| {
            let (mut events, mut told, mut rest) = (Events::default(), Vec::new(), String::new());
            for piece in stream.as_bytes().chunks(length) {
                for piece in events.take(piece) {
                    match piece {
                        Piece::Endpoint(address) => told.push(address),
                        Piece::Other(bytes) => rest.push_str(str::from_utf8(&bytes).unwrap()),
                        Piece::TooLong => told.push("TOO LONG".to_owned()),
                    }
                }
            }
            (told, rest.replace("\r\n", "\n").replace('\r', "\n"))
        };
        let whole = of(usize::MAX);
        for length in [1, 2, 3, 7] {
            let (told, rest) = of(length);
            assert!((&told, rest.trim()) == (&whole.0, whole.1.trim()), "by {length}: {told:?}");
        }
        whole
    }

    #[test]
    fn an_endpoint_is_found_wherever_it_comes_and_however_it_is_written() {
        for stream in [
            "event: endpoint\ndata: /messages?id=1\n\n",
            "event:endpoint\r\ndata:/messages?id=1\r\n\r\n",
            "data: /messages?id=1\revent: endpoint\r\r",
            "\u{feff}event: endpoint\ndata: /messages?id=1\nid: 7\nretry: 5\n\n",
            "event: message\nevent: endpoint\ndata: /messages\ndata: ?id=1\n\n",
        ] {
            assert_eq!(taken(stream), (vec!["/messages?id=1".to_owned()], String::new()), "{stream:?}");
        }
        let among = ": hello\n\nevent: endpoint\ndata: /a\n\ndata: {}\n\nevent: endpoint\ndata: /b\n\n";
        assert_eq!(
            taken(among),
            (vec!["/a".to_owned(), "/b".to_owned()], ": hello\n\ndata: {}\n\n".to_owned())
        );
    }

    #[test]
    fn all_else_passes_as_it_is() {
        let long = format!("event: message\ndata: {}\n\n: after\n\n", "endpoint ".repeat(10_000));
        for stream in ["data: event: endpoint\n\n", "event: endpoints\ndata: /x\n\n", "id: 1\n\n", &long] {
            assert!(taken(stream) == (Vec::new(), stream.to_owned()));
        }
    }

    #[test]
    fn an_endpoint_that_is_too_long_to_be_looked_at_does_not_pass() {
        let padding = "x".repeat(2 * HELD);
        for stream in [
            format!("event: endpoint\n: {padding}\ndata: /x\n\n"),
            format!(": {padding}\ndata: /x\nevent: endpoint\n\n"),
        ] {
            for length in [1, 1000, usize::MAX] {
                let mut events = Events::default();
                let pieces = stream.as_bytes().chunks(length).flat_map(|piece| events.take(piece));
                let passed: Vec<Piece> = pieces.take_while(|piece| *piece != Piece::TooLong).collect();
                let ends = |piece: &Piece| matches!(piece, Piece::Other(bytes) if bytes.ends_with(b"\n\n"));
                assert!(!passed.iter().any(ends), "by {length}");
            }
        }
    }
}
