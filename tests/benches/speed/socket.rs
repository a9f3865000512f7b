//! Asking over the socket, with as little of our own in between as can be.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

/// A request for a token of this server.
pub(crate) fn request(server: &str) -> String {
    asking(&format!(r#"{{"server":"{server}"}}"#))
}

/// A request with this body.
pub(crate) fn asking(body: &str) -> String {
    let head = "POST /v1/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json";
    format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// The sizes of an answer: of all, and of its body.
pub(crate) fn answered(socket: &Path, request: &str) -> (usize, usize) {
    let mut stream = BufReader::new(UnixStream::connect(socket).unwrap());
    stream.get_mut().write_all(request.as_bytes()).unwrap();
    let (mut head, mut length) = (0, 0);
    loop {
        let mut line = String::new();
        head += stream.read_line(&mut line).unwrap();
        assert!(head > line.len() || line.contains(" 200 "), "{line}");
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    stream.read_exact(&mut vec![0; length]).unwrap();
    (head + length, length)
}

/// Somebody who listens there, and how long its answers are.
#[derive(Clone, Copy)]
pub(crate) struct Door<'a> {
    pub(crate) socket: &'a Path,
    pub(crate) request: &'a str,
    pub(crate) answer: usize,
}

impl<'a> Door<'a> {
    pub(crate) fn new(socket: &'a Path, request: &'a str) -> Self {
        Self { socket, request, answer: answered(socket, request).0 }
    }

    fn ask(&self, stream: &mut UnixStream) {
        stream.write_all(self.request.as_bytes()).unwrap();
    }

    /// Half of all requests over one connection take less, in microseconds.
    pub(crate) fn kept(&self, times: usize) -> f64 {
        let mut stream = UnixStream::connect(self.socket).unwrap();
        let mut bytes = vec![0; self.answer];
        half(times, || {
            self.ask(&mut stream);
            stream.read_exact(&mut bytes).unwrap();
        })
    }

    /// The same, each over a connection of its own.
    pub(crate) fn anew(&self, times: usize) -> f64 {
        let mut bytes = vec![0; self.answer];
        half(times, || {
            let mut stream = UnixStream::connect(self.socket).unwrap();
            self.ask(&mut stream);
            stream.read_exact(&mut bytes).unwrap();
        })
    }

    /// Requests in a second over so many connections, with one on its way over each at any time.
    pub(crate) fn crowd(&self, connections: usize, times: usize) -> f64 {
        let mut streams: Vec<_> =
            (0..connections).map(|_| UnixStream::connect(self.socket).unwrap()).collect();
        let mut bytes = vec![0; self.answer];
        streams.iter_mut().for_each(|stream| self.ask(stream));
        let begun = Instant::now();
        for _ in 0..times / connections {
            for stream in &mut streams {
                stream.read_exact(&mut bytes).unwrap();
                self.ask(stream);
            }
        }
        let taken = begun.elapsed();
        streams.iter_mut().for_each(|stream| stream.read_exact(&mut bytes).unwrap());
        (times / connections * connections) as f64 / taken.as_secs_f64()
    }
}

/// The median of so many, in microseconds.
pub(crate) fn half(times: usize, mut once: impl FnMut()) -> f64 {
    (0..times / 10).for_each(|_| once());
    let mut taken: Vec<Duration> = (0..times)
        .map(|_| {
            let begun = Instant::now();
            once();
            begun.elapsed()
        })
        .collect();
    taken.sort_unstable();
    taken[times / 2].as_secs_f64() * 1e6
}
