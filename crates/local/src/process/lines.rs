//! What a program writes, cut into lines.

use bytes::{Bytes, BytesMut};
use memchr::memchr;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Bytes that are read at a time.
const PIECE: usize = 64 << 10;

/// What was read.
pub(crate) enum Line {
    /// A line, without its end; the last one may have had none.
    Whole(Bytes),
    /// More of a line has come than was asked for.
    Long,
    /// Nothing more comes.
    Over,
}

/// The lines of one stream.
pub(crate) struct Lines<R> {
    from: R,
    held: BytesMut,
    /// How many of those bytes have been looked at.
    looked_at: usize,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(crate) fn of(from: R) -> Self {
        Self { from, held: BytesMut::new(), looked_at: 0 }
    }

    /// The next line, as far as it is no longer than `most` bytes. Asked again after [`Line::Long`], the same
    /// one goes on.
    pub(crate) async fn next(&mut self, most: usize) -> io::Result<Line> {
        loop {
            if let Some(at) = memchr(b'\n', self.held.get(self.looked_at..).unwrap_or_default()) {
                let line = self.held.split_to(self.looked_at + at).freeze();
                let _ = self.held.split_to(1);
                self.looked_at = 0;
                return Ok(Line::Whole(line));
            }
            self.looked_at = self.held.len();
            if self.held.len() > most {
                return Ok(Line::Long);
            }
            self.held.reserve(PIECE);
            if self.from.read_buf(&mut self.held).await? == 0 {
                self.looked_at = 0;
                let rest = self.held.split().freeze();
                return Ok(if rest.is_empty() { Line::Over } else { Line::Whole(rest) });
            }
        }
    }

    /// What has come of a line that is too long. It goes on as another one.
    pub(crate) fn cut(&mut self) -> Bytes {
        self.looked_at = 0;
        self.held.split().freeze()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_come_whole_or_are_said_to_be_long() {
        let mut lines = Lines::of(b"one\n\ntwo\r\n0123456789\nrest".as_slice());
        let mut read = Vec::new();
        loop {
            match lines.next(4).await.unwrap() {
                Line::Whole(line) => read.push(String::from_utf8(line.to_vec()).unwrap()),
                Line::Long => read.push(format!("{}…", lines.cut().len())),
                Line::Over => break,
            }
        }
        // All of it came at once, so that the last line was there before it was found to be long.
        assert_eq!(read, ["one", "", "two\r", "0123456789", "rest"]);
        let mut lines = Lines::of(io::Cursor::new(vec![b'x'; 100]));
        assert!(matches!(lines.next(50).await.unwrap(), Line::Long));
        assert_eq!(lines.cut().len(), 100);
        assert!(matches!(lines.next(50).await.unwrap(), Line::Over));
    }
}
