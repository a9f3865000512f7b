//! OAuth for MCP clients: discovery, registration, flows, tokens, provider quirks, and the one bounded HTTP
//! client that all of it goes through.
//!
//! Protocol code here neither stores nor shows anything, and never reads a clock: `now` is an argument. What
//! a grant needs later (issuer, endpoints, resource, client, scopes) is reachable through plain accessors.

mod address;
mod advice;
mod advise;
mod assertion;
mod authorization;
mod callback;
mod cause;
mod challenge;
mod client_auth;
mod client_credentials;
mod client_document;
mod deregistration;
mod device;
mod discovery;
mod doctor;
mod dpop;
mod endpoint;
mod family;
mod fault;
mod forward;
mod full_response;
#[cfg(any(test, feature = "fuzz"))]
pub mod fuzz;
mod http;
mod jwks;
mod jwt;
mod key_cache;
mod key_page;
mod lifetime;
mod mask;
mod metadata;
mod obstacle;
mod onward;
mod par;
mod parameters;
mod prompt;
mod protocol;
mod quirk;
mod registration;
mod resource;
mod revocation;
mod said;
mod scope;
mod shape;
mod signing_key;
mod spelling;
mod target;
mod token;
mod token_answer;
mod transport;
mod verify;
mod walk;

use terms::{algorithm, issuer, server, uri};

pub use assertion::{IdJagRequest, id_jag, jwt_bearer};
pub use authorization::{AuthorizationRequest, Pending, begin, scopes_asked};
pub use callback::{BadCallback, CallbackQuery, Code};
pub use challenge::Challenge;
pub use client_credentials::client_credentials;
pub use client_document::{choose as choose_redirect, fetch as fetch_client_document, fetch_own};
pub use deregistration::{Deregistered, Registrar, deregister};
pub use device::{DeviceSignIn, begin_device};
pub use discovery::{Discovery, discover, initialize};
pub use doctor::{Exchange, Finding, Outcome, Plan, Remedy, Report, Rule, Step, Verdict, Who, examine};
pub use dpop::{DpopKey, ProofRequest};
pub use endpoint::Endpoint;
pub use fault::{Fault, FaultCode, Party};
pub use forward::{Download, Forward};
pub use http::body::{Pieces, Upload};
pub use http::{Http, HttpOptions};
pub use key_cache::KeyCache;
pub use key_page::{is_key_page, key_page};
pub use lifetime::is_self_contained;
pub use mask::Mask;
pub use metadata::{Alias, Metadata};
pub use onward::{MOST_ONWARD, onward};
pub use par::push;
pub use prompt::AccountChoice;
pub use quirk::{client_page, is_client_page, is_one_provider};
pub use registration::{Client, RegistrationRequest, auth_method, register};
pub use resource::ProtectedResource;
pub use revocation::{Revoked, TokenHint, revocation_method, revoke};
pub use secret::Secret;
pub use signing_key::SigningKey;
/// The terms that whoever asks needs as well.
pub use terms::{
    Algorithm, AuthMethod, ClientDocument, Issuer, Overrides, Pkce, Reach, ResourceChoice, ServerUrl,
    is_reserved, reach::is_loopback,
};
pub use token::{RefreshRequest, Tokens, exchange, refresh};
pub use transport::Transport;
pub use verify::{Account, Signer, audience, verify_access_token, verify_id_token};
