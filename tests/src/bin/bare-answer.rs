//! The least that it costs to be asked anew: accept, look at who it is, read what there is, answer, close.

#![allow(clippy::unwrap_used, reason = "a program for developers, which may stop at the first surprise")]

use rustix::net::sockopt::socket_peercred;
use rustix::process::getuid;
use std::env::args;
use std::io::{Read, Write};
use std::os::unix::net::UnixListener;

fn main() {
    let (socket, length): (_, usize) = (args().nth(1).unwrap(), args().nth(2).unwrap().parse().unwrap());
    let answer = vec![b'x'; length];
    for stream in UnixListener::bind(socket).unwrap().incoming() {
        let mut stream = stream.unwrap();
        assert_eq!(socket_peercred(&stream).unwrap().uid, getuid());
        let _ = stream.read(&mut [0; 4096]).unwrap();
        let _ = stream.write_all(&answer);
    }
}
