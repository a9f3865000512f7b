//! The configuration: the person's file, parsed strictly.

mod door;
mod edit;
mod error;
mod etcd;
mod file;
mod folders;
#[cfg(any(test, feature = "fuzz"))]
pub mod fuzz;
mod grant;
mod headers;
mod known;
mod lock;
mod oauth_block;
#[cfg(test)]
mod oauth_block_tests;
mod oauth_written;
mod place;
mod plain;
mod prepared;
mod program;
mod raise;
pub mod redirect;
mod secret;
mod server;
mod splice;
mod strict;
pub mod thing;
mod valet;
mod watch;
mod whole;

pub use door::DoorConfig;
pub use error::ConfigError;
pub use etcd::{Etcd, EtcdTls};
pub use file::Config;
pub use folders::{as_written, folder_in};
pub use grant::{GrantChoice, IdentityProvider, Source, Unattended};
pub use headers::{Header, Headers, KeyName, Line, is_key};
pub use lock::LockPolicy;
pub use oauth_block::{Dpop, OauthBlock};
pub use place::Place;
pub use plain::Setting;
pub use program::{ARGUMENTS, Program};
pub use redirect::{RedirectHost, Tls};
pub use secret::PrivateKey;
pub use server::{ADDRESS, HandOut, ServerConfig, Verify, check_entry};
pub use valet::{AgentsPolicy, AuditConfig, Export, ValetConfig, VaultChoice};

pub use oauth_written::is_scope;

pub use edit::{
    ServerEdit, add_folder, add_server, add_servers, drop_keys, drop_secrets, edit_server,
    remove_key_headers, remove_server, set_agents, set_client, set_lock, set_rules, set_vault,
};
pub use known::Known;
pub use plain::{
    can_be_shown, folder_settings, header_settings, program_settings, settings, without_secrets,
};
pub use prepared::Prepared;
pub use raise::{opens, raises, raises_of};
pub use watch::Watch;
pub use whole::{replace, with_vault};
