//! Standard input: one JSON-RPC message a line.

use super::complain;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use tokio::sync::mpsc;
use words::say;

/// The longest message that a client may send.
const MOST: u64 = 64 << 20;
/// What of a longer one is looked at: past this, no client means a message.
const END: u64 = 1 << 30;
/// Messages that are read ahead.
const AHEAD: usize = 16;

/// What the client sends.
pub(super) enum Line {
    /// A message, or what is meant to be one.
    Whole(Vec<u8>),
    /// More than is taken; the ID of the request, if it is one.
    TooLong(Option<Value>),
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    method: Option<IgnoredAny>,
}

/// The lines of standard input. A thread reads them, which nothing has to wait for at the end.
pub(super) fn lines() -> mpsc::Receiver<Line> {
    let (sender, lines) = mpsc::channel(AHEAD);
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        loop {
            let mut line = Vec::new();
            let read = match input.by_ref().take(MOST).read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) if line.ends_with(b"\n") || (line.len() as u64) < MOST => Line::Whole(line),
                Ok(_) => match head(line, &mut input) {
                    Ok(id) => Line::TooLong(id),
                    Err(_) => return complain(&say!(cli_connect_too_long)),
                },
            };
            if sender.blocking_send(read).is_err() {
                return;
            }
        }
    });
    lines
}

/// The ID of a request whose line goes on in `input`, which is read to the end of the line. Of what passes
/// by, nothing else is held.
fn head(begun: Vec<u8>, input: &mut impl BufRead) -> io::Result<Option<Value>> {
    let mut rest = Rest { input, left: END, is_over: false };
    let head: Option<Head> =
        serde_json::from_reader(BufReader::new(Cursor::new(begun).chain(&mut rest))).ok();
    io::copy(&mut rest, &mut io::sink())?;
    Ok(head.filter(|head| head.method.is_some()).and_then(|head| head.id))
}

/// What is left of a line.
struct Rest<'a, I> {
    input: &'a mut I,
    left: u64,
    is_over: bool,
}

impl<I: BufRead> Read for Rest<'_, I> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.is_over {
            return Ok(0);
        }
        let there = self.input.fill_buf()?;
        let there = there.get(..into.len().min(there.len())).unwrap_or(there);
        let line = there.iter().position(|byte| *byte == b'\n').map_or(there, |end| there.split_at(end).0);
        into.iter_mut().zip(line).for_each(|(to, from)| *to = *from);
        self.is_over = line.len() < there.len() || there.is_empty();
        let (length, passed) = (line.len(), line.len() + usize::from(line.len() < there.len()));
        self.input.consume(passed);
        self.left = self.left.checked_sub(passed as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_id_of_a_long_line_is_found_wherever_it_stands_and_the_next_line_is_left() {
        for (line, id) in [
            (r#"{"id":7,"method":"a","params":"#, Some(json!(7))),
            (r#"{"method":"a","params":"#, None),
            (r#"{"id":7,"result":"#, None),
            ("hello", None),
        ] {
            let mut rest = Cursor::new(b"\"x\"}\nnext".to_vec());
            assert_eq!(head(line.into(), &mut rest).unwrap(), id, "{line}");
            let mut next = String::new();
            rest.read_to_string(&mut next).unwrap();
            assert_eq!(next, "next");
        }
        let mut rest = Cursor::new(br#"x"},"id":"z"}"#.to_vec());
        assert_eq!(
            head(br#"{"method":"a","params":{"id":1,"y":""#.into(), &mut rest).unwrap(),
            Some(json!("z"))
        );
    }
}
