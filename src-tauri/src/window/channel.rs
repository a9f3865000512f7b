//! The window's end of the channel.

use rustix::net::sockopt::{socket_domain, socket_peercred, socket_type};
use rustix::net::{AddressFamily, SocketType};
use rustix::process::getppid;
use rustix::stdio::dup2_stdin;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

/// Takes the channel that the parent handed over as standard input. No process that the web view starts
/// inherits it. `None` if what is there was not made by the parent.
pub(crate) fn take() -> Option<UnixStream> {
    let stdin = io::stdin();
    let stdin = stdin.as_fd();
    let is_socket =
        socket_domain(stdin) == Ok(AddressFamily::UNIX) && socket_type(stdin) == Ok(SocketType::STREAM);
    if !is_socket || socket_peercred(stdin).ok().map(|maker| maker.pid) != getppid() {
        return None;
    }
    let channel = UnixStream::from(stdin.try_clone_to_owned().ok()?);
    dup2_stdin(File::open("/dev/null").ok()?).ok()?;
    channel.set_nonblocking(true).ok()?;
    Some(channel)
}
