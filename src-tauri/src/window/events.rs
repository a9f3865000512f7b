//! Server-sent events, as far as the valet sends them: one line of data each.

use http_body_util::BodyExt;
use hyper::body::Incoming;

/// Longer than any event of the valet's.
const MOST: usize = 16 << 20;

/// The data of events, one after the other.
pub(crate) struct Events {
    body: Incoming,
    read: Lines,
}

impl Events {
    pub(crate) fn new(body: Incoming) -> Self {
        Self { body, read: Lines::default() }
    }

    /// The data of the next event. `None` when there will be no more.
    pub(crate) async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(data) = self.read.next_data() {
                return Some(data);
            }
            let frame = self.body.frame().await?.ok()?;
            self.read.bytes.extend_from_slice(frame.data_ref()?);
            if self.read.bytes.len() > MOST {
                return None;
            }
        }
    }
}

#[derive(Default)]
struct Lines {
    bytes: Vec<u8>,
}

impl Lines {
    fn next_data(&mut self) -> Option<String> {
        loop {
            let end = self.bytes.iter().position(|byte| *byte == b'\n')?;
            let line: Vec<u8> = self.bytes.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            if let Some(data) = line.strip_prefix("data:") {
                return Some(data.trim().to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_read_however_it_arrives() {
        let mut lines = Lines::default();
        lines.bytes.extend(b"event: view\nda");
        assert_eq!(lines.next_data(), None);
        lines.bytes.extend(b"ta: {\"a\":1}\n\nevent: view\ndata: 2\n");
        assert_eq!(lines.next_data().as_deref(), Some("{\"a\":1}"));
        assert_eq!(lines.next_data().as_deref(), Some("2"));
        assert_eq!(lines.next_data(), None);
    }
}
