//! The least that a command line costs which asks for a token and prints what it is answered. With a third
//! word it stays afterwards, with its connection, until its input ends.

#![allow(clippy::unwrap_used, reason = "a program for developers, which may stop at the first surprise")]

use std::env::args;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;

fn main() {
    let (socket, server) = (args().nth(1).unwrap(), args().nth(2).unwrap());
    let body = format!("{{\"server\":\"{server}\"}}");
    let length = body.len();
    let mut stream = UnixStream::connect(socket).unwrap();
    let stays = args().nth(3).is_some();
    let after = if stays { "keep-alive" } else { "close" };
    let head = "POST /v1/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json";
    stream
        .write_all(
            format!("{head}\r\nConnection: {after}\r\nContent-Length: {length}\r\n\r\n{body}").as_bytes(),
        )
        .unwrap();
    let mut answer = [0; 16 << 10];
    let mut length = 0;
    while !answer[..length].ends_with(b"}") {
        length += stream.read(&mut answer[length..]).unwrap();
    }
    let answer = std::str::from_utf8(&answer[..length]).unwrap();
    let token = answer.split("\"access_token\":\"").nth(1).unwrap().split('"').next().unwrap();
    io::stdout().write_all(format!("{token}\n").as_bytes()).unwrap();
    if stays {
        let _ = io::stdin().read(&mut [0]);
    }
}
