use std::future::pending;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use provider::{Client, Profile, Secret, UnixSeconds};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::clock::Clock;
use crate::jwt::Key;
use crate::ledger::Ledger;
use crate::options::Options;
use crate::routes::routes;
use crate::serve::serve;
use crate::state::{Demo, profile};

/// Why the demo did not start.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The address is taken, or not this computer's.
    #[error("cannot listen on {0}: {1}; another port? --port 0 takes any free one")]
    Listen(String, #[source] io::Error),
    /// The secret's file cannot be read, or is empty.
    #[error("cannot read a secret from {0}: {1}")]
    SecretFile(PathBuf, #[source] io::Error),
    /// A redirect URI of the command line is neither https nor http on loopback.
    #[error("not a redirect URI: {0}; it is https, or http on 127.0.0.1, [::1] or localhost")]
    RedirectUri(String),
    /// No randomness for a signing key.
    #[error("no signing key could be made")]
    Key,
    /// The system gave no threads, signals or standard output.
    #[error("cannot start: {0}")]
    System(#[from] io::Error),
}

/// Writes the log to standard error, for people: what happened to which client, never a token, code or
/// secret. `RUST_LOG` changes how much.
pub fn log_to_stderr() {
    let said = std::env::var("RUST_LOG").ok().and_then(|said| said.parse().ok());
    let wanted: Targets = said.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_target(false);
    tracing_subscriber::registry().with(wanted).with(lines).init();
}

/// Runs the demo until it is told to end (SIGINT, SIGTERM, or the end of its input). Prints
/// `listening on ISSUER` on standard output when it can be used.
///
/// # Errors
/// [`Failure`] if it cannot start.
pub fn run(options: Options) -> Result<(), Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(listen(options))
}

async fn listen(options: Options) -> Result<(), Failure> {
    let wanted = format!("{}:{}", options.host.as_str(), options.port);
    let listener = TcpListener::bind(&wanted).await.map_err(|error| Failure::Listen(wanted, error))?;
    let port = listener.local_addr()?.port();
    let input_ends = input_ends(options.ends_with_input);
    let demo = demo(options, port)?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    announce(&demo)?;
    let stop = async {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {}, () = input_ends => {} }
    };
    serve(listener, routes(Arc::new(demo)), stop).await;
    tracing::info!("ended");
    Ok(())
}

/// Waits for the end of standard input, if that is `wanted`.
async fn input_ends(wanted: bool) {
    if !wanted {
        return pending().await;
    }
    let (ends, end) = oneshot::channel::<()>();
    // A thread of its own: one of the runtime's would hold up its end.
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        drop(ends);
    });
    let _ = end.await;
}

fn demo(options: Options, port: u16) -> Result<Demo, Failure> {
    let clock = Clock::new();
    // http's own port is never written, neither in Host nor in an origin.
    let authority = match port {
        80 => options.host.as_str().to_owned(),
        _ => format!("{}:{port}", options.host.as_str()),
    };
    let issuer = format!("http://{authority}");
    let resource = format!("{issuer}/mcp");
    let profile = profile(issuer, !options.no_iss, options.token_lifetime.into());
    let fixed_client = fixed_client(&profile, &options, clock.now())?;
    Ok(Demo {
        resource,
        authority,
        profile,
        registers: !options.no_registration,
        clock,
        key: Key::generate().map_err(|_| Failure::Key)?,
        books: Mutex::new(Ledger::new(fixed_client)),
    })
}

fn fixed_client(profile: &Profile, options: &Options, now: UnixSeconds) -> Result<Option<Client>, Failure> {
    let Some(id) = options.client_id.clone() else { return Ok(None) };
    let secret = options.client_secret_file.as_ref().map(|path| {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::SecretFile(path.clone(), error))?;
        match text.trim() {
            "" => Err(Failure::SecretFile(path.clone(), io::Error::other("it is empty"))),
            text => Ok(Secret::new(text.to_owned())),
        }
    });
    provider::fixed(profile, id, secret.transpose()?, &options.redirect_uri, now)
        .map(Some)
        .map_err(Failure::RedirectUri)
}

/// The one line that programs wait for, and one for people.
fn announce(demo: &Demo) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "listening on {}", demo.profile.issuer)?;
    out.flush()?;
    // Not worth ending for if nobody reads it.
    let _ = writeln!(
        io::stderr(),
        "Add {} to MCP Valet or to any MCP client, and sign in as Ada or Grace. Ctrl+C ends the demo.",
        demo.resource
    );
    Ok(())
}
