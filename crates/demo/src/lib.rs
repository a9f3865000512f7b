//! A small, real authorization server and MCP server on loopback: for newcomers who want to try MCP Valet
//! without an account anywhere, and for tests that want a provider which says no when it should.
//!
//! Nothing here is a mock: clients register (RFC 7591), a person consents in a browser, codes are bound to
//! PKCE (RFC 7636), access tokens are signed (RFC 9068) and checked, refresh tokens rotate. Only the two
//! accounts are make-believe. All state is in memory, bounded, and gone when the program ends.
//!
//! The authorization server itself is the crate `provider`, which shares nothing with the valet's client
//! side. Every endpoint is a plain function from the demo and one `call::Call` to a response; `serve` is the
//! only asynchronous part.

mod account;
mod authorize;
mod call;
mod clock;
mod consent;
mod discovery;
mod guard;
mod introspect;
mod jwt;
mod ledger;
mod mcp;
mod oauth;
mod options;
mod page;
mod routes;
mod run;
mod scope;
mod serve;
mod state;

pub use options::Options;
pub use run::{Failure, log_to_stderr, run};
