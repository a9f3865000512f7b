//! The agents' socket, without any HTTP library in between.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::HttpResponse;

/// Longer than any answer may take; a hang fails the test instead of stopping it.
const LIMIT: Duration = Duration::from_secs(90);

/// One connection that says exactly what the test wants.
#[derive(Debug)]
pub struct RawClient {
    stream: UnixStream,
}

impl RawClient {
    /// Connects and says nothing.
    pub fn connect(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        Self { stream }
    }

    /// Sends these bytes.
    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// Sends a JSON-RPC message through the proxy, with more headers, each ended by CR and LF.
    pub fn ask_proxy(&mut self, server: &str, headers: &str, body: &str) {
        let length = body.len();
        let head = format!(
            "POST /mcp/{server} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{headers}"
        );
        self.send(format!("{head}Content-Length: {length}\r\n\r\n{body}").as_bytes());
    }

    /// What comes until `text` has come.
    #[track_caller]
    pub fn reads(&mut self, text: &str) -> String {
        let (mut come, mut seen) = (Vec::new(), 0);
        let mut piece = [0; 1 << 16];
        while !come[seen..].windows(text.len()).any(|window| window == text.as_bytes()) {
            seen = come.len().saturating_sub(text.len());
            let length = self.stream.read(&mut piece).unwrap();
            assert_ne!(length, 0, "closed before {text:?} came: {}", String::from_utf8_lossy(&come));
            come.extend_from_slice(&piece[..length]);
        }
        String::from_utf8_lossy(&come).into_owned()
    }

    /// Sends a request for a token, after which the connection shall be closed.
    pub fn ask_token(&mut self, body: &str) {
        self.post("/v1/token", body);
    }

    /// Posts a JSON body, after which the connection shall be closed.
    pub fn post(&mut self, path: &str, body: &str) {
        self.send(request(path, body).as_bytes());
    }

    /// Everything that comes until the other side closes. Status 0 when nothing did.
    pub fn answer(mut self) -> HttpResponse {
        let mut text = Vec::new();
        let _ = self.stream.read_to_end(&mut text);
        HttpResponse::parse(&String::from_utf8_lossy(&text))
    }
}

fn request(path: &str, body: &str) -> String {
    let length = body.len();
    let head = "Host: localhost\r\nContent-Type: application/json\r\nConnection: close";
    format!("POST {path} HTTP/1.1\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// Many clients that have all asked before the first one listens for its answer.
#[derive(Debug)]
pub struct Crowd {
    clients: Vec<RawClient>,
}

impl Crowd {
    /// `count` clients that each send one request for a token.
    pub fn ask(socket: &Path, count: usize, body: &str) -> Self {
        Self::post(socket, count, "/v1/token", body)
    }

    /// `count` clients that each post the same.
    pub fn post(socket: &Path, count: usize, path: &str, body: &str) -> Self {
        make_room();
        let mut clients: Vec<_> = (0..count).map(|_| RawClient::connect(socket)).collect();
        for client in &mut clients {
            // Whoever was shut out is not there any more.
            let _ = client.stream.write_all(request(path, body).as_bytes());
        }
        Self { clients }
    }

    /// `count` clients that connect and say nothing.
    pub fn idle(socket: &Path, count: usize) -> Self {
        make_room();
        Self { clients: (0..count).map(|_| RawClient::connect(socket)).collect() }
    }

    /// `count` clients that each want to hear events.
    pub fn listening(socket: &Path, count: usize) -> Self {
        let mut all = Self::idle(socket, count);
        for client in &mut all.clients {
            // Whoever was shut out is not there any more.
            let _ = client.stream.write_all(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        all
    }

    /// The first line that each was answered; nothing where the connection was closed.
    pub fn first_lines(&mut self) -> Vec<String> {
        let first_line = |client: &mut RawClient| {
            let mut piece = [0; 256];
            let length = client.stream.read(&mut piece).unwrap_or(0);
            let text = String::from_utf8_lossy(&piece[..length]).into_owned();
            text.lines().next().unwrap_or_default().to_owned()
        };
        self.clients.iter_mut().map(first_line).collect()
    }

    /// All their answers.
    pub fn answers(self) -> Vec<HttpResponse> {
        self.clients.into_iter().map(RawClient::answer).collect()
    }
}

/// A thousand sockets are more than most sessions allow a program at first.
fn make_room() {
    let most = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most }).unwrap();
}
