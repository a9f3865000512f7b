//! The log: to the terminal, and to a file that a person can send.

mod bounded;
mod burst;

use bounded::Bounded;
use burst::Bursts;
use files::paths::Paths;
use std::io::{self, Write};
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{LevelFilter, Targets, filter_fn};
use tracing_subscriber::fmt::writer::{BoxMakeWriter, MakeWriterExt};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The rooms of this house, whose messages are known to hold no secret at any level.
const OURS: [&str; 9] =
    ["audit", "broker", "files", "lock", "oauth", "peer", "vault", "mcp_valetd", "mcp_valet_tray"];

/// Starts logging at the level of `MCP_VALET_LOG`, or of the messages that a person should see. Where the
/// file cannot be written, the terminal alone has it. Every shell calls it once, before anything else.
pub fn start(paths: &Paths) {
    let wanted = wanted(std::env::var("MCP_VALET_LOG").ok());
    let writer = match open(paths) {
        Ok(file) => {
            // It is there for as long as the valet.
            let file: &'static Bounded = Box::leak(Box::new(file));
            BoxMakeWriter::new((move || Seen(file)).and(|| Seen(io::stderr())))
        }
        Err(_) => BoxMakeWriter::new(|| Seen(io::stderr())),
    };
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_target(false).with_writer(writer);
    let told = tracing_subscriber::registry().with(wanted).with(filter_fn(may_be_told));
    told.with(Bursts::default()).with(lines).init();
}

/// Such as `debug`, or `info,oauth=trace`.
fn wanted(said: Option<String>) -> Targets {
    let read = said.and_then(|said| said.parse().ok());
    read.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO))
}

/// Writes lines without what misleads whoever reads them: they tell of names and addresses from outside.
struct Seen<W>(W);

impl<W: Write> Write for Seen<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(plain::shown(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// What libraries say in detail is about bytes on the wire, and those are secrets.
fn may_be_told(message: &Metadata<'_>) -> bool {
    let room = message.target().split("::").next().unwrap_or_default();
    *message.level() <= Level::INFO || OURS.contains(&room)
}

fn open(paths: &Paths) -> io::Result<Bounded> {
    paths.make_state()?;
    Bounded::open(&paths.log())
}
