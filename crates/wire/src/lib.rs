//! The socket API of MCP Valet: what is said over it, where it is, and a client.
//!
//! Everything local that wants something of the valet depends on this crate and on nothing behind it, so the
//! command line cannot reach the vault.

mod act;
mod actor;
mod any_act;
mod audit;
mod call;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod client_error;
mod consent;
pub mod doctor;
mod door;
mod forward;
#[cfg(feature = "client")]
mod kept;
mod key;
mod last_time;
mod new_server;
mod problem;
#[cfg(feature = "client")]
mod proxy;
mod reason;
mod rpc;
mod rules;
#[cfg(feature = "client")]
mod sandbox;
mod server;
mod setup;
mod socket;
#[cfg(feature = "client")]
mod start;
#[cfg(feature = "client")]
mod stream;
mod token;
mod transient;
#[cfg(feature = "client")]
mod trust;

pub use act::{Act, ActKind};
pub use actor::{Actor, ActorKind};
pub use any_act::AnyAct;
pub use audit::{AuditFault, Broken, Sum, Verified};
pub use call::{
    Added, AuditEntry, Authorization, AuthorizeRequest, ClientOutcome, DeviceCode, Errand, Finish, Health,
    Outcome, Removed, Revocation, Revoke, RevokedAll, RevokedOne, Show, VaultKind,
};
#[cfg(feature = "client")]
pub use client::Client;
#[cfg(feature = "client")]
pub use client_error::ClientError;
pub use consent::{AccessLevel, Consent, Form, Stands};
pub use door::WebClient;
pub use forward::{Forward, ForwardState, NewForward};
pub use key::{KeyText, SetKey};
pub use last_time::LastTime;
pub use new_server::{NewProgram, NewServer};
pub use problem::{Code, Problem};
#[cfg(feature = "client")]
pub use proxy::ProxyResponse;
pub use reason::{AnyReason, Reason};
pub use rpc::{PROBLEM_TRAILER, PROXY_WAIT, WAIT_HEADER};
pub use rules::{ClassRules, Rules, RulesOf, Ruling, SaidBy, ToolClass, ToolRule, ToolUnderRules};
pub use server::{
    AttemptState, ConsentState, CredentialKind, GrantState, HeaderLine, LocalProgram, LookAlike, Server,
    ServerKey, ServerState,
};
pub use setup::{
    Adopt, AdoptDone, Comes, CopiedFile, FileChange, FileLines, LostWay, MovedServer, Moves, Returning,
    SetUp, SetUpDone, SetUpFile, Staying,
};
pub use socket::{default_path, is_usual};
#[cfg(feature = "client")]
pub use start::{Starter, Starting, quit_mark, starts};
#[cfg(feature = "client")]
pub use stream::Stream;
pub use token::{AccessToken, Token, TokenRequest};
#[cfg(feature = "client")]
pub use trust::{Doubt, SocketPathError};

/// Longest time in seconds that a caller may wait for a person or a provider.
pub const MAX_WAIT: u32 = 600;
/// Seconds that a caller waits when it says nothing about it.
pub const DEFAULT_WAIT: u32 = 60;
