//! The broker: decides who gets a token, and obtains it. It has no screen; a shell draws its [`View`] and answers as the
//! [`Person`].

mod add;
mod agent;
mod always;
mod audit;
mod book;
mod client;
mod clock;
pub mod config;
mod consent;
mod credential;
mod deed;
mod discover;
mod doctor;
mod elsewhere;
mod extent;
mod hand_out;
mod http;
mod kin;
mod late;
mod lock;
pub mod log;
mod moving;
mod outcome;
mod passphrase;
mod paths;
mod peer;
mod person;
mod plain;
mod question;
mod record;
mod refresh;
mod registration;
mod reload;
mod revoke;
mod run;
mod session;
mod signin;
mod source;
mod state;
mod thing;
mod unattended;
mod valet;
mod vault;
mod verify;
mod view;

pub use config::{AgentsPolicy, LockPolicy};
pub use consent::Answer;
pub use deed::{Deed, What};
pub use discover::Found;
pub use http::agent::SocketError;
pub use http::person::{Page, serve_window};
pub use lock::Cause;
/// Text that must not leak, such as a passphrase.
pub use oauth::Secret;
pub use paths::Paths;
pub use person::{Person, Surface};
pub use plain::misleads;
pub use question::{About, Before, Question};
pub use run::{Place, Running, Shell, Shown, StartError, run, vault_in_words};
pub use vault::{Mend, VaultError};
pub use view::{Places, Standing, View, Wanted};
/// The socket's words, which shells show as well.
pub use wire;
