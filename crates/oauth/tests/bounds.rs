//! Whatever comes from outside is bounded in size, time and reach.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use common::{Fake, Seen, http, ordinary};
use futures_util::{StreamExt, stream};
use oauth::{
    AuthMethod, Client, Endpoint, Fault, Http, HttpOptions, Issuer, Overrides, Reach, Secret, TokenHint,
    discover, revoke,
};

/// A body without end, made piece by piece; `served` counts its bytes.
fn endless(served: Arc<AtomicUsize>, pause: Duration) -> Response {
    let pieces = stream::repeat(()).then(move |()| {
        let served = served.clone();
        async move {
            tokio::time::sleep(pause).await;
            served.fetch_add(64 * 1024, Ordering::SeqCst);
            Ok::<_, std::io::Error>(Bytes::from(vec![b' '; 64 * 1024]))
        }
    });
    Response::new(Body::from_stream(pieces))
}

async fn metadata(fake: &Fake, http: &Http) -> Result<oauth::Metadata, Fault> {
    let discovery = discover(http, &fake.server(), &Overrides::default()).await?;
    discovery.metadata(http, &discovery.issuers[0]).await
}

#[tokio::test]
async fn an_endless_document_is_left_after_a_mebibyte() {
    let served = Arc::new(AtomicUsize::new(0));
    let count = served.clone();
    let answer = move |seen: &Seen| match seen.line().as_str() {
        "GET /.well-known/oauth-authorization-server" => endless(count.clone(), Duration::ZERO),
        _ => ordinary(seen),
    };
    let fake = Fake::start(answer).await;
    let fault = metadata(&fake, &http()).await.unwrap_err();
    assert_eq!(fault.code().to_string().as_str(), "answer_too_large");
    // Besides the limit, socket buffers were filled.
    let bytes = served.load(Ordering::SeqCst);
    assert!(bytes < 32 * 1024 * 1024, "{bytes} bytes were served");
}

#[tokio::test]
async fn a_document_that_says_it_is_too_large_is_not_read() {
    let answer = |seen: &Seen| match seen.line().as_str() {
        "GET /.well-known/oauth-authorization-server" => {
            let body = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
            Response::builder().header("content-length", 1_u64 << 30).body(body).unwrap()
        }
        _ => ordinary(seen),
    };
    let fault = metadata(&Fake::start(answer).await, &http()).await.unwrap_err();
    assert_eq!(fault.code().to_string().as_str(), "answer_too_large");
}

#[tokio::test]
async fn a_slow_answer_is_given_up() {
    let short = HttpOptions { request_timeout: Duration::from_millis(200), ..HttpOptions::default() };
    let answer = |seen: &Seen| match seen.line().as_str() {
        "GET /.well-known/oauth-authorization-server" => endless(Arc::default(), Duration::from_secs(1)),
        _ => ordinary(seen),
    };
    let fault = metadata(&Fake::start(answer).await, &Http::new(&short).unwrap()).await.unwrap_err();
    assert_eq!(
        (fault.code().to_string().as_str(), fault.is_transient(), fault.ends_grant()),
        ("issuer_slow", true, false)
    );
}

#[tokio::test]
async fn a_stream_that_a_server_opens_is_not_read() {
    let served = Arc::new(AtomicUsize::new(0));
    let answer = move |seen: &Seen| match seen.method.as_str() {
        "POST" => endless(served.clone(), Duration::from_secs(60)),
        _ => ordinary(seen),
    };
    assert!(discover(&http(), &Fake::start(answer).await.server(), &Overrides::default()).await.is_ok());
}

#[tokio::test]
async fn more_headers_than_anyone_needs_are_refused() {
    let fake = Fake::start(|_| {
        let many = (0..1000).fold(Response::builder().status(401), |b, n| b.header(format!("x-{n}"), "y"));
        many.body(Body::empty()).unwrap()
    })
    .await;
    let fault = discover(&http(), &fake.server(), &Overrides::default()).await.unwrap_err();
    assert_eq!((fault.code().to_string().as_str(), fault.is_transient()), ("answer_invalid", false));
}

/// Any request with a reach of one's choice.
async fn asked(url: &str, reach: Reach) -> Fault {
    let client = Client::preregistered("c".to_owned(), None, AuthMethod::None);
    let token = Secret::from("t".to_owned());
    let issuer = Issuer::parse("https://a.example").unwrap();
    let url = url.parse().unwrap();
    let now = jiff::Timestamp::UNIX_EPOCH;
    let endpoint = Endpoint { issuer: &issuer, url: &url, reach, client: &client, dpop: None, now };
    revoke(&http(), &endpoint, &token, TokenHint::Refresh).await.unwrap_err()
}

#[tokio::test]
async fn what_is_nearer_than_the_server_is_refused() {
    for url in [
        "https://127.0.0.1:9/",
        "https://2130706433:9/",
        "https://[::1]:9/",
        "https://localhost:9/",
        "https://10.0.0.1/",
        "https://[::ffff:192.168.0.1]/",
        "https://169.254.169.254/",
        "http://127.0.0.1:9/",
    ] {
        assert_eq!(asked(url, Reach::Public).await.code().to_string().as_str(), "address_refused", "{url}");
    }
    assert_eq!(
        asked("https://127.0.0.1:9/", Reach::Private).await.code().to_string().as_str(),
        "address_refused"
    );
    assert_eq!(
        asked("https://127.0.0.1:9/", Reach::Loopback).await.code().to_string().as_str(),
        "issuer_unreachable"
    );
    assert_eq!(
        asked("http://issuer.example/", Reach::Loopback).await.code().to_string().as_str(),
        "insecure_endpoint"
    );
    assert_eq!(
        asked("ftp://issuer.example/", Reach::Loopback).await.code().to_string().as_str(),
        "url_invalid"
    );
}

#[tokio::test]
async fn this_machine_is_not_asked_through_a_proxy() {
    let proxy = Some("http://127.0.0.1:9/".parse().unwrap());
    let http = Http::new(&HttpOptions { proxy, ..HttpOptions::default() }).unwrap();
    let fake = Fake::start(ordinary).await;
    assert!(discover(&http, &fake.server(), &Overrides::default()).await.is_ok());
}

#[tokio::test]
async fn what_is_elsewhere_is_asked_through_the_proxy_by_name() {
    let proxy = Fake::start(|_| common::not_found()).await;
    let options = HttpOptions { proxy: Some(proxy.base.parse().unwrap()), ..HttpOptions::default() };
    let http = Http::new(&options).unwrap();
    let server = oauth::ServerUrl::parse("https://mcp.invalid/mcp").unwrap();
    let fault = discover(&http, &server, &Overrides::default()).await.unwrap_err();
    assert_eq!(fault.code().to_string().as_str(), "server_unreachable");
    assert!(proxy.lines()[0].starts_with("CONNECT"), "{:?}", proxy.lines());
}

#[tokio::test]
async fn a_certificate_file_that_is_none_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let options = HttpOptions { extra_ca: vec![file.path().to_owned()], ..HttpOptions::default() };
    let fault = Http::new(&options).err().unwrap();
    assert_eq!(
        (fault.code().to_string().as_str(), fault.party()),
        ("setting_invalid", oauth::Party::Configuration)
    );
    assert!(fault.to_string().contains(file.path().to_str().unwrap()));
}
