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
    /// Any other events, and parts of a long one.
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
    /// What can pass once this piece has come. Events that pass as they are pass together.
    pub fn take(&mut self, piece: &[u8]) -> Vec<Piece> {
        let mut all = Pieces::default();
        let mut rest = piece;
        while !rest.is_empty() {
            let text = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
            let (text, behind) = rest.split_at(text);
            self.goes_on(text);
            rest = behind;
            if let Some((end, behind)) = rest.split_first() {
                self.held.extend_from_slice(&[*end]);
                self.over |= self.ends(*end);
                rest = behind;
                let goes_on = *end == b'\r' && rest.first() == Some(&b'\n');
                if self.over && !goes_on {
                    self.whole(&mut all);
                }
            }
            if self.held.len() > HELD {
                self.part(&mut all);
            }
        }
        if self.is_long && !self.held.is_empty() {
            self.part(&mut all);
        }
        all.all()
    }

    /// Whether no part of an event has passed that goes on.
    pub const fn is_between(&self) -> bool {
        !self.is_long
    }

    /// More of a line.
    fn goes_on(&mut self, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        self.after_cr = false;
        self.held.extend_from_slice(text);
        self.line.extend(text.iter().take(KIND - self.line.len()));
    }

    /// Whether an event ends with this end of a line: after an empty one.
    fn ends(&mut self, end: u8) -> bool {
        if end == b'\n' && self.after_cr {
            self.after_cr = false;
            return false;
        }
        self.after_cr = end == b'\r';
        self.is_endpoint |= field(&self.line) == Some(("event", ENDPOINT));
        let is_empty = self.line.is_empty();
        self.line.clear();
        is_empty
    }

    fn whole(&mut self, all: &mut Pieces) {
        let is_long = std::mem::take(&mut self.is_long);
        self.over = false;
        let event = self.held.split();
        match std::mem::take(&mut self.is_endpoint) {
            false => all.passes.unsplit(event),
            true if is_long => all.push(Piece::TooLong),
            true => all.push(Piece::Endpoint(data(&event))),
        }
    }

    fn part(&mut self, all: &mut Pieces) {
        self.is_long = true;
        let part = self.held.split();
        if self.is_endpoint { all.push(Piece::TooLong) } else { all.passes.unsplit(part) }
    }
}

/// What comes of one piece of a stream.
#[derive(Default)]
struct Pieces {
    all: Vec<Piece>,
    /// What passes as it is, since the last of them.
    passes: BytesMut,
}

impl Pieces {
    fn push(&mut self, piece: Piece) {
        if !self.passes.is_empty() {
            self.all.push(Piece::Other(self.passes.split().freeze()));
        }
        self.all.push(piece);
    }

    fn all(mut self) -> Vec<Piece> {
        if !self.passes.is_empty() {
            self.all.push(Piece::Other(self.passes.freeze()));
        }
        self.all
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
            "event: endpoint\r\ndata: /messages?id=1\r\n\n",
            "event: endpoint\ndata: /messages?id=1\n\r\n",
            "event: endpoint\ndata: /messages?id=1\r\n\r",
            "event: endpoint\rdata: /messages?id=1\r\r",
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
