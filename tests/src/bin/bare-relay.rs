//! The least that stands between a client and a server: bytes from a Unix socket to a TCP port and back, on
//! one thread, of which nothing is read. The proxy is measured beside it.

#![allow(clippy::unwrap_used, reason = "a program for developers, which may stop at the first surprise")]

use std::env::args;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpStream, UnixListener};

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (socket, server) = (args().nth(1).unwrap(), args().nth(2).unwrap());
        let listener = UnixListener::bind(socket).unwrap();
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            let server = server.clone();
            tokio::spawn(async move {
                let mut server = TcpStream::connect(server).await.unwrap();
                server.set_nodelay(true).unwrap();
                let _ = copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
}
