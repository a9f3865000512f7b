//! OAuth for MCP clients: discovery, registration, flows, tokens, provider quirks, and the one bounded HTTP
//! client that all of it goes through.
//!
//! Protocol code here neither stores nor shows anything, and never reads a clock: `now` is an argument. What
//! a grant needs later (issuer, endpoints, resource, client, scopes) is reachable through plain accessors.

mod address;
mod advice;
mod answer;
mod authorization;
mod callback;
mod challenge;
mod discovery;
mod doctor;
mod fault;
#[cfg(any(test, feature = "fuzz"))]
pub mod fuzz;
mod http;
mod issuer;
mod metadata;
mod obstacle;
mod proxy;
mod quirk;
mod registration;
mod resource;
mod revocation;
mod said;
mod scope;
mod secret;
mod server;
mod target;
mod tls;
mod token;
mod token_answer;
mod uri;
mod walk;

pub use address::{Reach, is_loopback};
pub use authorization::{AuthorizationRequest, Pending, begin};
pub use callback::{BadCallback, CallbackQuery, Code};
pub use challenge::Challenge;
pub use discovery::{Discovery, discover};
pub use doctor::{Exchange, Finding, Outcome, Plan, Remedy, Report, Rule, Step, Verdict, Who, examine};
pub use fault::{Fault, Party};
pub use http::{Http, HttpOptions};
pub use issuer::Issuer;
pub use metadata::Metadata;
pub use registration::{AuthMethod, Client, RegistrationRequest, auth_method, register};
pub use resource::ProtectedResource;
pub use revocation::{Revoked, TokenHint, revoke};
pub use secret::Secret;
pub use server::{Overrides, Pkce, ResourceChoice, ServerUrl};
pub use token::{RefreshRequest, Tokens, exchange, refresh};
