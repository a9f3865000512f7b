//! A small, real authorization server and MCP server on loopback: for newcomers who want to try MCP Valet
//! without an account anywhere, and for tests that want a provider which says no when it should.
//!
//! Nothing here is a mock: clients register (RFC 7591), a person consents in a browser, codes are bound to
//! PKCE (RFC 7636), access tokens are signed (RFC 9068) and checked, refresh tokens rotate. Only the two
//! accounts are make-believe. All state is in memory, bounded, and gone when the program ends.
//!
//! Every endpoint is a plain function from the demo and one `call::Call` to a response; `serve` is the only
//! asynchronous part.

mod account;
mod approval;
mod authorize;
mod bounded;
mod call;
mod caller;
mod client;
mod clock;
mod consent;
mod discovery;
mod error;
mod guard;
mod introspect;
mod jwt;
mod ledger;
mod mcp;
mod options;
mod page;
mod params;
mod redirect;
mod register;
mod revoke;
mod routes;
mod run;
mod scope;
mod secret;
mod serve;
mod state;
mod token;

pub use options::Options;
pub use run::{Failure, log_to_stderr, run};
