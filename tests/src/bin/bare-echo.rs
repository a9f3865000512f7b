//! The least that a service of this kind costs: axum over a Unix socket, on one thread, that answers each
//! `POST /v1/token` with so many bytes and looks at nothing. Benchmarks are told in ratios to it. Told so, it
//! keeps the processor for so many microseconds before each answer: what the system makes of whoever takes
//! that long, whatever they do.

#![allow(clippy::unwrap_used, reason = "a program for developers, which may stop at the first surprise")]

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use std::env::args;
use std::time::{Duration, Instant};
use tokio::net::UnixListener;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (socket, length) = (args().nth(1).unwrap(), args().nth(2).unwrap().parse().unwrap());
        let work = Duration::from_secs_f64(args().nth(3).map_or(0.0, |micros| micros.parse().unwrap()) / 1e6);
        let answer = Bytes::from(vec![b'x'; length]);
        let answering = move |_: Bytes| async move {
            let begun = Instant::now();
            while begun.elapsed() < work {}
            ([(CONTENT_TYPE, "application/json")], answer)
        };
        let router = Router::new().route("/v1/token", post(answering));
        axum::serve(UnixListener::bind(socket).unwrap(), router).await.unwrap();
    });
}
