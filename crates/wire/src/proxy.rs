//! Requests through the proxy, whose answers are read as they come.

use crate::client::segment;
use crate::{Client, ClientError, PROBLEM_TRAILER, Problem};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;

/// An answer that has begun. Dropping it tells the valet, and so the server, that nobody listens any more.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    body: Incoming,
    client: Client,
}

impl Client {
    /// Sends a request to `server` by way of the proxy. Of its URI the query alone counts: the valet's own
    /// address of a stream's session.
    ///
    /// # Errors
    /// There is no valet, or it hangs up.
    pub async fn proxy(&self, server: &str, mut request: Request<Bytes>) -> Result<Answer, ClientError> {
        let (mut sender, _driver) = self.open().await?;
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = format!("/mcp/{}{query}", segment(server));
        *request.uri_mut() =
            path.parse().map_err(|_| ClientError::Protocol("the request has no valid form"))?;
        let headers = request.headers_mut();
        headers.insert(header::HOST, HeaderValue::from_static("localhost"));
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
        let answer = match sender.send_request(request.map(Full::new)).await {
            Ok(answer) => answer,
            Err(error) => return Err(self.told_apart(ClientError::lost(&error)).await),
        };
        let (head, body) = answer.into_parts();
        Ok(Answer { status: head.status, headers: head.headers, body, client: self.clone() })
    }
}

impl Answer {
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
                    .map_or(ClientError::Protocol("a problem has another form"), ClientError::Problem));
            }
        }
        Ok(None)
    }

    /// The whole body, of at most `most` bytes.
    ///
    /// # Errors
    /// It broke off, or is longer.
    pub async fn whole(mut self, most: usize) -> Result<Bytes, ClientError> {
        let mut whole = BytesMut::new();
        while let Some(piece) = self.piece().await? {
            if whole.len() + piece.len() > most {
                return Err(ClientError::TooLong(most));
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }
}
