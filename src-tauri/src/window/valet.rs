//! The valet as the window knows it: HTTP/2 over the channel.

use crate::window::events::Events;
use broker::Page;
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use std::error::Error;
use std::os::unix::net::UnixStream;
use tokio::sync::mpsc::{self, Receiver};

const MAX_ANSWER: usize = 16 << 20;

type Wrong = Box<dyn Error + Send + Sync>;

/// A connection to the valet; it lasts as long as this process.
#[derive(Clone)]
pub(crate) struct Valet {
    sender: http2::SendRequest<Full<Bytes>>,
}

impl Valet {
    /// Greets the valet, and follows the pages that it wants shown.
    pub(crate) async fn connect(channel: UnixStream) -> Result<(Self, Receiver<Page>), Wrong> {
        let stream = TokioIo::new(tokio::net::UnixStream::from_std(channel)?);
        let (sender, connection) = http2::handshake(TokioExecutor::new(), stream).await?;
        tokio::spawn(async move {
            let _ = connection.await;
            // The valet is gone; a window without it would only mislead. It holds nothing that would have to
            // be saved.
            std::process::exit(0);
        });
        let valet = Self { sender };
        let mut events = valet.events("/v1/page").await?;
        let (pages, shown) = mpsc::channel(1);
        tokio::spawn(async move {
            while let Some(page) = events.next().await {
                let Ok(Some(page)) = serde_json::from_str::<Option<Page>>(&page) else { continue };
                if pages.send(page).await.is_err() {
                    return;
                }
            }
        });
        Ok((valet, shown))
    }

    /// Makes a call, and answers its status and body.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(StatusCode, Value), Wrong> {
        let body = body.map(serde_json::to_vec).transpose()?.unwrap_or_default();
        let answer = self.send(method, path, body).await?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), MAX_ANSWER).collect().await?.to_bytes();
        if body.is_empty() {
            return Ok((status, Value::Null));
        }
        Ok((status, serde_json::from_slice(&body)?))
    }

    /// Says that a page is shown.
    pub(crate) async fn shown(&self, page: &Page) -> Result<(), Wrong> {
        let page = serde_json::to_value(page)?;
        self.call(Method::POST, "/v1/page/shown", Some(&page)).await.map(drop)
    }

    /// Follows the server-sent events at `path`.
    pub(crate) async fn events(&self, path: &str) -> Result<Events, Wrong> {
        Ok(Events::new(self.send(Method::GET, path, Vec::new()).await?.into_body()))
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<http::Response<Incoming>, Wrong> {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://localhost{path}"))
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))?;
        Ok(self.sender.clone().send_request(request).await?)
    }
}
