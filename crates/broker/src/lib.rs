//! The broker: decides who gets a token, and obtains it. It has no screen; a shell draws its [`View`] and
//! answers as the [`Person`].

mod authority;
mod grants;
mod hand_out;
mod http;
mod run;
mod valet;

pub use authority::discover::Preview;
pub use authority::person::{
    ClientStanding, FilesPlanned, LyingEntry, Person, RulesSaid, SecretsLying, Surface, ToolSaid, ToolSeen,
    ToolShown, ToolsSaid,
};
pub use config::{AgentsPolicy, Etcd, LockPolicy, Setting};
pub use consent::about::{About, AccountOffered, Before, Shared, Wish};
pub use consent::answer::{Choice, Confirmation};
pub use consent::call::{Argument, CallAnswer, CallWish, WhyAsked};
pub use consent::lasts::Lasts;
pub use consent::proposed_forward::ForwardedServer;
pub use consent::question::Question;
pub use consent::tools::Difference;
pub use consent::use_answer::UseAnswer;
pub use files::paths::{Paths, Places};
pub use ground::cause::Cause;
pub use ground::memory::give_back;
pub use http::agent::SocketError;
pub use http::person::{Page, Raise, serve_window};
/// Text that must not leak, such as a passphrase.
pub use oauth::Secret;
pub use run::{Instance, Quit, Running, Shares, StartError, StartedBy, run, vault_in_words};
pub use state::deed::{Deed, What};
pub use state::vault_notice::VaultNotice;
pub use valet::shell::{Shell, Shown};
pub use valet::view::{StandingAnswer, View, WantedSignIn};
pub use vault::{Mend, Shared as SharedVault, VaultError};
/// The name of the server whose items in the vault are called so; the id itself where the configuration
/// does not have it.
#[must_use]
pub fn server_of(config: &config::Config, id: &str) -> String {
    let named = config.servers.iter().find(|(name, server)| state::server::Server::id_of(name, server) == id);
    named.map_or(id, |(name, _)| name).to_owned()
}

/// Whether the sign-in that the vault has for the server with this id can be renewed without a person.
#[must_use]
pub fn can_renew(config: &config::Config, id: &str, grant: &[u8]) -> bool {
    let Some(grant) = <state::item::Grant as vault::Item>::open(grant) else { return false };
    let name = server_of(config, id);
    let server = config.servers.get(&name);
    grant.refresh.is_some() || server.is_some_and(|server| server.oauth.grant.unattended().is_some())
}

/// The socket's words, which shells show as well.
pub use wire;
