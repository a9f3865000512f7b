//! Copies of the audit for a collector: lines of JSON into a file of ours, or to a Unix socket. Nothing waits
//! for it.

use crate::valet::Valet;
use audit::Copies;
use config::Export;
use rustix::fs::OFlags;
use rustix::process::geteuid;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;

/// How long a collector may take for what it is given.
const PATIENCE: Duration = Duration::from_secs(5);
/// From one try to the next.
const PAUSE: Duration = Duration::from_secs(1);

/// Has copies go to where the configuration says, and to nobody where it says nothing.
pub(crate) fn set(valet: &Arc<Valet>) {
    let export = valet.book().config.valet.audit.export.clone();
    match export {
        Some(export) => drop(valet.runtime.spawn(send(valet.audit.copies(), export))),
        None => valet.audit.without_copies(),
    }
}

/// Sends until others are in charge.
async fn send(mut copies: Copies, export: Export) {
    let mut stream = None;
    while let Some(lines) = copies.next().await {
        let lost = copies.take_lost();
        let lines =
            if lost > 0 { [format!("{{\"lost\":{lost}}}\n").as_bytes(), &lines].concat() } else { lines };
        let mut told = false;
        // A line stays whole: what was perhaps taken in part is sent once more.
        while let Err(error) = once(&export, &mut stream, &lines).await {
            if !told {
                tracing::warn!(%error, "the audit could not be copied: what it does not take in time is left out");
            }
            (told, stream) = (true, None);
            if copies.is_over() {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn once(export: &Export, stream: &mut Option<UnixStream>, lines: &[u8]) -> io::Result<()> {
    match export {
        Export::File(path) => {
            let (path, lines) = (path.clone(), lines.to_vec());
            tokio::task::spawn_blocking(move || append(&path, &lines)).await.map_err(io::Error::other)?
        }
        Export::Socket(path) => {
            let sent = tokio::time::timeout(PATIENCE, deliver(path, stream, lines)).await;
            sent.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
        }
    }
}

async fn deliver(path: &Path, stream: &mut Option<UnixStream>, lines: &[u8]) -> io::Result<()> {
    let open = match stream.take() {
        Some(open) => open,
        None => connect(path).await?,
    };
    let open = stream.insert(open);
    open.write_all(lines).await
}

/// A socket is somebody's of this user, or of the system.
async fn connect(path: &Path) -> io::Result<UnixStream> {
    let about = std::fs::symlink_metadata(path)?;
    let stream = UnixStream::connect(path).await?;
    let listens = stream.peer_cred()?.uid();
    if !about.file_type().is_socket() || ![0, geteuid().as_raw()].contains(&listens) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(stream)
}

/// Opened each time: who collects may take the file away at any moment.
fn append(path: &Path, lines: &[u8]) -> io::Result<()> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut options = OpenOptions::new();
    let options = options.read(true).append(true).create(true).mode(0o600);
    let mut file = options.custom_flags(flags.bits().cast_signed()).open(path)?;
    let about = file.metadata()?;
    if !about.is_file() || about.uid() != geteuid().as_raw() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    // A line that was cut short, by a crash or a full disk, does not take the next one with it.
    let mut last = [b'\n'];
    if about.len() > 0 {
        file.read_exact_at(&mut last, about.len() - 1)?;
    }
    if last == *b"\n" { file.write_all(lines) } else { file.write_all(&[b"\n", lines].concat()) }
}
