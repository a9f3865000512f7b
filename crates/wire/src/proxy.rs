//! Requests through the proxy, whose answers are read as they come.

use crate::client::segment;
use crate::kept::Line;
use crate::{Client, ClientError, PROBLEM_TRAILER, Problem};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use words::say;

/// An answer that has begun. Dropping it before its end tells the valet, and so the server, that nobody
/// listens any more.
#[derive(Debug)]
pub struct ProxyResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    body: Incoming,
    /// Kept for the next request once the answer has come to its end.
    line: Option<Line>,
    client: Client,
}

impl Client {
    /// Sends a request to `server` by way of the proxy. Of its URI the query alone counts: the valet's own
    /// address of a stream's session. A valet is started for a POST alone: whoever listens for something, or
    /// ends it, waits for nobody.
    ///
    /// # Errors
    /// There is no valet, or it hangs up.
    pub async fn proxy(
        &self,
        server: &str,
        mut request: Request<Bytes>,
    ) -> Result<ProxyResponse, ClientError> {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = format!("/mcp/{}{query}", segment(server));
        *request.uri_mut() =
            path.parse().map_err(|_| ClientError::Protocol(say!(client_protocol_request)))?;
        if *request.method() == Method::POST {
            return self.stream(request).await;
        }
        self.as_it_is().stream(request).await
    }

    /// What changes for this program, as server-sent events, until the valet ends. None is started for it.
    ///
    /// # Errors
    /// There is no valet, or it hangs up.
    pub async fn events(&self) -> Result<ProxyResponse, ClientError> {
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = Uri::from_static("/v1/events");
        self.as_it_is().stream(request).await
    }

    async fn stream(&self, mut request: Request<Bytes>) -> Result<ProxyResponse, ClientError> {
        let headers = request.headers_mut();
        headers.insert(header::HOST, HeaderValue::from_static("localhost"));
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
        let (answer, line) = self.ask(request).await?;
        let (head, body) = answer.into_parts();
        let (status, headers) = (head.status, head.headers);
        Ok(ProxyResponse { status, headers, body, line: Some(line), client: self.clone() })
    }

    /// By a connection that was kept, if there is one, or else by another. Nothing is sent again that may
    /// have been read.
    async fn ask(&self, request: Request<Bytes>) -> Result<(http::Response<Incoming>, Line), ClientError> {
        let mut request = request;
        while let Some(mut line) = self.lines().take().await {
            match line.send(request).await {
                Ok(answer) => return Ok((answer, line)),
                Err(lost) => match lost.unread {
                    Some(unread) => request = unread,
                    None => return Err(self.told_apart(ClientError::lost(&lost.error)).await),
                },
            }
        }
        let (sender, _driver) = self.open().await?;
        let mut line = Line::new(sender);
        match line.send(request).await {
            Ok(answer) => Ok((answer, line)),
            Err(lost) => Err(self.told_apart(ClientError::lost(&lost.error)).await),
        }
    }
}

impl ProxyResponse {
    /// The next piece of the body; nothing at its end.
    ///
    /// # Errors
    /// The answer broke off: at the server, as the valet tells, or at the valet itself.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, ClientError> {
        while let Some(frame) = self.body.frame().await {
            let frame = match frame {
                Ok(frame) => frame,
                Err(error) => return Err(self.client.told_apart(ClientError::lost(&error)).await),
            };
            let trailers = match frame.into_data() {
                Ok(data) => return Ok(Some(data)),
                Err(frame) => frame.into_trailers().unwrap_or_default(),
            };
            if let Some(problem) = trailers.get(PROBLEM_TRAILER) {
                return Err(serde_json::from_slice::<Problem>(problem.as_bytes())
                    .map_or(ClientError::Protocol(say!(client_protocol_problem)), ClientError::Problem));
            }
        }
        if let Some(line) = self.line.take() {
            self.client.lines().keep(line);
        }
        Ok(None)
    }

    /// The whole body, of at most `most` bytes.
    ///
    /// # Errors
    /// It broke off, or is longer.
    pub async fn whole(mut self, most: usize) -> Result<Bytes, ClientError> {
        let (mut first, mut more) = (Bytes::new(), BytesMut::new());
        while let Some(piece) = self.piece().await? {
            if first.len() + more.len() + piece.len() > most {
                return Err(ClientError::TooLong(most));
            }
            // Nearly all come in one piece, which is then not copied.
            if first.is_empty() && more.is_empty() {
                first = piece;
                continue;
            }
            more.extend_from_slice(&std::mem::take(&mut first));
            more.extend_from_slice(&piece);
        }
        Ok(if more.is_empty() { first } else { more.freeze() })
    }
}
