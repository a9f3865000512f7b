//! The terms of OAuth that are settled before anything is sent: names, addresses and choices. No I/O.

pub mod algorithm;
mod auth_method;
mod bad_url;
mod client_document;
pub mod header;
pub mod issuer;
mod onward;
pub mod reach;
mod reserved;
pub mod server;
pub mod uri;
pub mod variable;

pub use algorithm::Algorithm;
pub use auth_method::AuthMethod;
pub use bad_url::{BadUrl, Noun};
pub use client_document::ClientDocument;
pub use issuer::Issuer;
pub use reach::Reach;
pub use reserved::is_reserved;
pub use server::{Overrides, Pkce, ResourceChoice, ServerUrl};
