//! An authorization server without its network: registration, requests for authorization, codes, tokens,
//! revocation, and the documents that lead there. Whoever serves it brings HTTP, a clock, pages, and the
//! person who says yes.
//!
//! Each endpoint is a plain function from a [`Ledger`], the [`Profile`] and a request to an answer. Nothing
//! here is shared with the client side: a provider that shared its code would share its mistakes.

mod approval;
mod authorize;
mod bearer;
mod bounded;
mod caller;
mod client;
mod cookie;
mod document;
mod error;
mod ledger;
mod metadata;
mod page;
mod params;
mod profile;
mod redirect;
mod register;
mod registration;
mod revoke;
mod scopes;
mod sealed;
mod secret;
mod token;

pub use approval::Approval;
pub use authorize::{Asked, destination, refusal, wanted};
pub use bearer::{Fault, bearer};
pub use bounded::Bounded;
pub use caller::identify;
pub use client::{Client, Proof};
pub use document::{ClientUrl, client_of_document};
pub use error::{Code, OAuthError};
pub use ledger::{Ledger, Limits};
pub use metadata::{RESOURCE_METADATA, authorization_server, protected_resource};
pub use page::{Answered, Pages, Shown};
pub use params::Params;
pub use profile::{Profile, Redirects, UnixSeconds};
pub use redirect::RedirectUri;
pub use register::{create, delete, fixed, read};
pub use registration::Registration;
pub use revoke::revoke;
pub use scopes::Scopes;
pub use sealed::SealedPages;
pub use secret::{Digest, Secret, random_id, same, short_code};
pub use token::{Minting, tokens};

/// An answer as it goes out.
pub type Answer = http::Response<String>;

/// What comes to an endpoint.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The headers.
    pub headers: &'a http::HeaderMap,
    /// The whole body.
    pub body: &'a [u8],
}

/// A JSON document that no cache keeps (RFC 6749 §5.1).
fn json(status: http::StatusCode, body: &serde_json::Value) -> Answer {
    let mut answer = Answer::new(body.to_string());
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    headers.insert(http::header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    answer
}
