//! An answer that has begun, whichever way it came.

use std::error::Error;

use ::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::HttpInfo;

use crate::address::Reach;

/// By which way it came.
#[derive(Debug)]
pub(crate) enum Response {
    Directly(Box<::http::Response<Incoming>>),
    ByProxy(Box<reqwest::Response>),
}

impl Response {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Directly(response) => response.status(),
            Self::ByProxy(response) => response.status(),
        }
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        match self {
            Self::Directly(response) => response.headers(),
            Self::ByProxy(response) => response.headers(),
        }
    }

    /// How near the host turned out to be when we connected; what a proxy carries counts as public.
    pub(crate) fn reach(&self) -> Reach {
        let address = match self {
            Self::Directly(response) => response.extensions().get::<HttpInfo>().map(HttpInfo::remote_addr),
            Self::ByProxy(_) => None,
        };
        address.map_or(Reach::Public, |address| Reach::of(address.ip()))
    }

    /// The next piece of the body; nothing at its end. It can be asked again after it was cancelled.
    pub(crate) async fn piece(&mut self) -> Result<Option<Bytes>, Box<dyn Error + Send + Sync>> {
        match self {
            Self::ByProxy(response) => Ok(response.chunk().await?),
            Self::Directly(response) => {
                while let Some(frame) = response.body_mut().frame().await {
                    // What is no data stands behind its end.
                    if let Ok(data) = frame?.into_data() {
                        return Ok(Some(data));
                    }
                }
                Ok(None)
            }
        }
    }
}
