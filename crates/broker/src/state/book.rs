//! All servers, and what is true of all of them.

use crate::state::attempt::Attempt;
use crate::state::deed::Deed;
use crate::state::held::{Held, Noted};
use crate::state::item::Grant;
use crate::state::lock::Lock;
use crate::state::record::{Left, Records};
use crate::state::server::Server;
use crate::state::shut::Shut;
use crate::state::thing::Refused;
use crate::state::vault_notice::VaultNotice;
use config::redirect::Endpoint;
use config::thing::Thing;
use config::{Config, HandOut, Known, ServerConfig};
use ground::cause::Cause;
use ledger::{Doing, Ledger};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use vault::{Marks, Stored, VaultError};
use wire::{Problem, RevokedAll, VaultKind};

/// How many states are remembered after they were used, to tell a page that is opened twice from a foreign
/// one.
pub(crate) const REMEMBERED: usize = 256;
/// Servers that left the configuration and are remembered.
const MOST_LEFT: usize = 1000;
/// Why a server has to be signed in to that was.
const GONE: &str = "what was kept for it is gone from the keychain, or the file, in which it was";
/// What to do where the vault does not take a grant.
const UNSAVED: &str = "its sign-in is in memory only, because the vault does not take it. It is tried again; check that the disk is not \
     full, and the keychain with your desktop's password program.";

/// The servers by name, with the configuration that they come from.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) config: Config,
    /// The mark of the text that `config` was read from. The text itself may hold a secret.
    pub(crate) mark: String,
    pub(crate) servers: BTreeMap<String, Server>,
    /// Servers that left the configuration while there may be something of theirs in the vault, by their ids.
    pub(crate) left: BTreeMap<String, Left>,
    /// What the person had refused of entries that are gone, by their ids: it holds for the same things under
    /// other names.
    pub(crate) refused: BTreeMap<String, Refused>,
    /// The entries as the answers about programs last heard of them; see [`Book::has_newcomers`].
    pub(crate) met: Vec<(String, bool, Thing)>,
    /// The valet's own lock, whatever the vault is like.
    pub(crate) lock: Option<Lock>,
    /// Whether the screen is locked, so that nobody would see a reminder.
    pub(crate) nobody_looks: bool,
    /// Why the vault cannot be read.
    pub(crate) locked: Option<VaultError>,
    /// What is wrong with the configuration as it is on disk now; the last good one is in use.
    pub(crate) trouble: Option<Problem>,
    /// What programs did that the person has not seen yet.
    pub(crate) deeds: Vec<Deed>,
    /// The last "revoke everything" of this run.
    pub(crate) revoked_all: Option<RevokedAll>,
    /// What the person should know about this run as a whole.
    pub(crate) notices: Vec<String>,
    /// The same of the vault.
    pub(crate) vault_notices: Vec<VaultNotice>,
    /// Whether anything was ever put into the keychain.
    pub(crate) keychain_used: bool,
    /// The marks of the vaults that were used.
    pub(crate) marks: Marks,
    /// The vault that everything was moved out of, as long as it may still have copies.
    pub(crate) moved_out_of: Option<VaultKind>,
    /// Where browsers may come back to.
    pub(crate) endpoints: Vec<Endpoint>,
    /// Marks of the states that were used, newest last.
    pub(crate) used_states: VecDeque<String>,
    /// To which issuer a redirect URI belongs, whatever is signed in.
    pub(crate) ledger: Ledger,
}

impl Book {
    /// Takes a new configuration over. Servers that it still has keep their state; returns those that are
    /// gone.
    pub(crate) fn adopt(&mut self, config: Config, mark: String, records: &Records) -> Vec<Server> {
        const PROXY: Option<HandOut> = Some(HandOut::Proxy);
        let mut old = std::mem::take(&mut self.servers);
        let mut opened = Vec::new();
        for (name, server) in &config.servers {
            let id = Server::id_of(name, server);
            let known = old.remove(name).filter(|known| known.id == id);
            if known.as_ref().is_some_and(|known| known.config.hand_out == PROXY && server.hand_out != PROXY)
            {
                opened.push(Thing::at(server.url.as_str()));
            }
            let server = match known {
                Some(known) => known.with_config(server),
                None => records.restore(Server::new(name, server.clone())),
            };
            self.servers.insert(name.clone(), server);
        }
        self.config = config;
        self.mark = mark;
        self.keychain_used |= records.keychain_used;
        self.trouble = None;
        let is_here = |id: &str| self.servers.values().any(|kept| kept.id == id);
        self.left.retain(|id, _| !is_here(id));
        let gone: Vec<Server> = old.into_values().filter(|gone| !is_here(&gone.id)).collect();
        self.left.extend(gone.iter().map(|gone| (gone.id.clone(), Left::of(gone))));
        while self.left.len() > MOST_LEFT {
            self.left.pop_first();
        }
        self.remember_refused(&gone);
        opened.iter().for_each(|thing| self.open_refused(thing));
        self.look_at_tokens();
        gone
    }

    /// What was known of a server that left the configuration, once it is back.
    pub(crate) fn known_of(&self, name: &str, server: &ServerConfig) -> Option<&Known> {
        self.left.get(&Server::id_of(name, server)).and_then(|left| left.known.as_ref())
    }

    /// Why nothing can be read now: the valet's own lock, or the vault.
    pub(crate) fn why_locked(&self) -> Option<Shut> {
        self.lock.as_ref().map(|lock| Shut::Locked(lock.cause)).or(self.locked.map(Shut::Vault))
    }

    /// Locks the valet. False if it is locked as firmly already.
    pub(crate) fn close(&mut self, cause: Cause) -> bool {
        let firmer = self.lock.as_ref().is_none_or(|lock| lock.cause < cause);
        if firmer {
            let wanted_by = self.lock.take().and_then(|lock| lock.wanted_by);
            self.lock = Some(Lock { cause, wanted_by });
        }
        firmer
    }

    /// While the valet is locked, no server is ever seen open, whatever was done with it.
    pub(crate) fn stay_closed(&mut self) {
        if self.lock.is_some() {
            self.servers.values_mut().for_each(Server::close);
        }
    }

    /// Finds a server by name or URL.
    pub(crate) fn find(&self, server: &str) -> Result<&Server, Problem> {
        if let Some(found) = self.servers.get(server) {
            return Ok(found);
        }
        let same_url = |candidate: &&Server| {
            let url = &candidate.config.url;
            url.as_str() == server || url::Url::parse(server).is_ok_and(|asked| asked == *url.url())
        };
        let found: Vec<&Server> = self.servers.values().filter(same_url).collect();
        match found.as_slice() {
            [] => Err(problems::unknown_server(server)),
            [one] => Ok(one),
            several => {
                let names: Vec<&str> = several.iter().map(|server| server.name.as_str()).collect();
                Err(problems::ambiguous_server(server, &names))
            }
        }
    }

    /// Whether a server other than the one with the id `leaving` uses a client of ours at `issuer`.
    pub(crate) fn uses_client_at(&self, issuer: &str, leaving: &str) -> bool {
        let uses = |server: &Server| {
            let signs_in_there = server.known_issuer() == Some(issuer);
            let by_hand = server.config.oauth.client_id.is_some();
            (signs_in_there && !by_hand) || server.registered_at.contains(issuer)
        };
        self.servers.values().any(|server| server.id != leaving && uses(server))
    }

    /// The server that waits for the browser to come back with `state`.
    pub(crate) fn waiting_for(&self, state: &str) -> Option<&Server> {
        self.servers.values().find(|server| {
            server.attempt.waiting().is_some_and(|waiting| waiting.pending.matches_state(state))
        })
    }

    /// What the person should know, of this run, the configuration, and the servers.
    pub(crate) fn notices(&self) -> Vec<String> {
        let of = |server: &Server| {
            let notice = server.held.grant()?.parts.notice.as_ref()?;
            Some(format!("\"{}\": {notice}", server.name))
        };
        let of_servers = self.servers.values().filter_map(of);
        let unsaved = self.servers.values().filter(|server| matches!(server.held, Held::Unsaved(_)));
        let unsaved = unsaved.map(|server| format!("\"{}\": {UNSAVED}", server.name));
        let slow = self.servers.values().filter_map(Server::slow);
        let of_valet = self.notices.iter().chain(&self.config.notices).cloned();
        let shared = self.shared_redirect_uris();
        let all = of_valet.chain(unsaved).chain(slow).chain(of_servers).chain(shared);
        all.map(|notice| plain::shown(&notice)).collect()
    }

    /// The servers for which an issuer's answer is under way.
    pub(crate) fn awaited(&self) -> Vec<&str> {
        let awaited = |server: &&Server| {
            server.upkeep.flight().is_some() || matches!(server.attempt, Attempt::Finishing(_))
        };
        self.servers.values().filter(awaited).map(|server| server.name.as_str()).collect()
    }

    /// Whether an issuer's answer is under way, or is in memory alone although the vault keeps such things.
    pub(crate) fn is_busy(&self) -> bool {
        let busy = |server: &Server| {
            server.upkeep.flight().is_some()
                || matches!(server.attempt, Attempt::Finishing(_))
                || matches!(server.held, Held::Unsaved(_))
        };
        self.servers.values().any(busy)
    }

    /// The pens of all servers: who has had each has seen every write to its end.
    pub(crate) fn pens(&self) -> Vec<Arc<tokio::sync::Mutex<()>>> {
        self.servers.values().map(|server| Arc::clone(&server.pen)).collect()
    }

    /// Remembers where browsers may come back to.
    pub(crate) fn expect_at(&mut self, endpoint: &Endpoint) {
        if !self.endpoints.contains(endpoint) {
            self.endpoints.push(endpoint.clone());
        }
    }

    /// Remembers that a state was used, by its mark.
    pub(crate) fn use_up(&mut self, mark: String) {
        if self.used_states.len() == REMEMBERED {
            self.used_states.pop_front();
        }
        self.used_states.push_back(mark);
    }

    /// What the vault had for a server was not readable.
    pub(crate) fn damaged(&mut self, name: &str) {
        let Some(server) = self.servers.get_mut(name) else { return };
        if matches!(server.held, Held::Sealed(_)) {
            server.held = Held::Lapsed("what the vault holds for it is damaged".to_owned());
        }
    }

    /// Whether the vault may still have a grant of this server that was revoked.
    pub(crate) fn is_revoked(&self, name: &str, id: &str) -> bool {
        self.servers.get(name).is_some_and(|server| server.id == id && server.revoked)
    }

    /// Names and ids of the servers whose grants have not been read from the vault.
    pub(crate) fn sealed(&self) -> HashMap<String, String> {
        let sealed = self.servers.values().filter(|server| matches!(server.held, Held::Sealed(_)));
        sealed.map(|server| (server.name.clone(), server.id.clone())).collect()
    }

    /// The person began a vault anew: that something is not in it is no surprise.
    pub(crate) fn expect_nothing(&mut self) {
        for server in self.servers.values_mut() {
            if matches!(server.held, Held::Sealed(Noted::Granted)) {
                server.held = Held::Sealed(Noted::Nothing);
            }
        }
    }

    /// Takes over what the vault had for a server.
    pub(crate) fn opened(&mut self, name: &str, grant: Option<Stored<Grant>>) {
        let Some(server) = self.servers.get_mut(name) else { return };
        if let Held::Sealed(noted) = &mut server.held {
            let noted = std::mem::take(noted);
            if let Some(grant) = &grant {
                self.ledger.seed((&grant.value().parts).into(), Doing::persons_if(server.is_persons()));
            }
            let revoked = std::mem::take(&mut server.revoked);
            server.held = match (grant, noted) {
                (Some(grant), _) => match grant.value().registration_lost.clone() {
                    Some(why) => Held::Unregistered(grant, why),
                    None => Held::Live(grant),
                },
                (None, Noted::Lapsed(why)) => Held::Lapsed(why),
                (None, Noted::Granted) if !revoked => Held::Lapsed(GONE.to_owned()),
                (None, Noted::Granted | Noted::Nothing) => Held::Nothing,
            };
        }
        if self.servers.get(name).is_some_and(|server| server.held.grant().is_some()) {
            self.remember_signed_in(name);
        }
        self.look_at_token(name);
    }
}
