//! A client of which nothing takes time: it asks and reads an answer to its end.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

/// The way to the server.
#[derive(Clone)]
pub enum Way {
    /// Straight.
    Direct(SocketAddr),
    /// Through the valet at this socket.
    Proxy(PathBuf),
    /// Through something at this socket that reads nothing of it.
    Relay(PathBuf),
}

trait Stream: AsyncRead + AsyncWrite + Unpin {}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for S {}

/// One connection, kept.
pub struct Client {
    stream: Box<dyn Stream>,
    head: String,
    buffer: Vec<u8>,
}

impl Client {
    pub async fn connect(way: &Way) -> Self {
        const STRAIGHT: (&str, &str) = ("/mcp", "Authorization: Bearer of-nobody\r\n");
        let (stream, (path, more)): (Box<dyn Stream>, _) = match way {
            Way::Direct(address) => {
                let stream = TcpStream::connect(address).await.unwrap();
                stream.set_nodelay(true).unwrap();
                (Box::new(stream), STRAIGHT)
            }
            Way::Relay(socket) => (Box::new(UnixStream::connect(socket).await.unwrap()), STRAIGHT),
            Way::Proxy(socket) => (Box::new(UnixStream::connect(socket).await.unwrap()), ("/mcp/bare", "")),
        };
        let kinds = "Content-Type: application/json\r\nAccept: application/json, text/event-stream";
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{kinds}\r\n{more}");
        Self { stream, head, buffer: Vec::new() }
    }

    /// The same client, in a session.
    pub fn within(mut self, session: &str) -> Self {
        self.head.push_str(&format!("Mcp-Session-Id: {session}\r\n"));
        self
    }

    /// Asks, and reads the whole answer.
    pub async fn ask(&mut self, message: &str) -> &[u8] {
        let request = format!("{}Content-Length: {}\r\n\r\n{message}", self.head, message.len());
        self.stream.write_all(request.as_bytes()).await.unwrap();
        self.buffer.clear();
        while !is_whole(&self.buffer) {
            self.buffer.reserve(64 << 10);
            assert_ne!(self.stream.read_buf(&mut self.buffer).await.unwrap(), 0, "hung up");
        }
        assert!(self.buffer.starts_with(b"HTTP/1.1 20"), "{}", String::from_utf8_lossy(&self.buffer));
        &self.buffer
    }

    /// The session that begins with this answer.
    pub async fn session(&mut self) -> String {
        let answer = self.ask(INITIALIZE).await;
        let text = String::from_utf8_lossy(answer).to_ascii_lowercase();
        text.lines().find_map(|line| line.strip_prefix("mcp-session-id: ")).unwrap().to_owned()
    }
}

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}"#;
pub const CALL: &str =
    r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":"hello"}}}"#;

fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).take(4096).position(|four| four == b"\r\n\r\n") else { return false };
    let (head, body) = answer.split_at(end + 4);
    let head = std::str::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
    });
    match length {
        Some(length) => body.len() >= length,
        None => body.ends_with(b"\r\n0\r\n\r\n") || body == b"0\r\n\r\n",
    }
}

/// The middle one of so many calls.
pub async fn p50(client: &mut Client, calls: usize) -> Duration {
    for _ in 0..calls / 10 {
        client.ask(CALL).await;
    }
    let mut times = Vec::with_capacity(calls);
    for _ in 0..calls {
        let begun = Instant::now();
        client.ask(CALL).await;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    times[calls / 2]
}

/// Calls a second of so many clients at once.
pub async fn rate(way: &Way, clients: usize, calls: usize) -> f64 {
    let mut all = Vec::new();
    for _ in 0..clients {
        all.push(Client::connect(way).await);
    }
    let begun = Instant::now();
    let work = all.into_iter().map(|mut client| async move {
        for _ in 0..calls {
            client.ask(CALL).await;
        }
    });
    futures_util::future::join_all(work).await;
    per_second(clients * calls, begun.elapsed())
}

/// Events a second of one stream.
pub async fn events(way: &Way, count: usize) -> f64 {
    let mut client = Client::connect(way).await;
    let message = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"events","params":{{"count":{count}}}}}"#);
    let begun = Instant::now();
    client.ask(&message).await;
    per_second(count, begun.elapsed())
}

#[expect(clippy::cast_precision_loss, reason = "a figure to be read")]
fn per_second(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}
