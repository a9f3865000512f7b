//! All servers, and what is true of all of them.

use crate::accounts::Groups;
use crate::addresses::Addresses;
use crate::attempt::Attempt;
use crate::deed::Deed;
use crate::held::{Held, InVault, Noted};
use crate::item::Grant;
use crate::keys::Keys;
use crate::left::Left;
use crate::lock::Lock;
use crate::record::Records;
use crate::server::Server;
use crate::shared_vault::SharedVault;
use crate::shut::Shut;
use crate::spent::SpentStates;
use crate::thing::RefusedEntry;
use crate::vault_notice::VaultNotice;
use config::redirect::RedirectEndpoint;
use config::thing::Thing;
use config::{Config, HandOut, Headers, Known, ServerConfig};
use ground::cause::Cause;
use ledger::Ledger;
use oauth::ServerUrl;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use vault::{Marks, Stored, VaultError};
use wire::{Problem, RevokedAll, VaultKind};
use words::say;

/// The servers by name, with the configuration that they come from.
#[derive(Debug, Default)]
pub struct Book {
    /// The configuration in use.
    pub config: Config,
    /// The mark of the text that `config` was read from. The text itself may hold a secret.
    pub mark: String,
    /// Each by its name.
    pub servers: BTreeMap<String, Server>,
    /// The same by their addresses, once somebody asked by one.
    addresses: OnceCell<Addresses>,
    /// Those of which a program's folder says which is meant.
    pub(crate) groups: Groups,
    /// Servers that left the configuration while there may be something of theirs in the vault, by their ids.
    pub left: BTreeMap<String, Left>,
    /// What the person had refused of entries that are gone, by their ids: it holds for the same things under
    /// other names.
    pub refused: BTreeMap<String, RefusedEntry>,
    /// The entries as the answers about programs last heard of them; see [`Book::has_newcomers`].
    pub met: Vec<(String, bool, Thing)>,
    /// The valet's own lock, whatever the vault is like.
    pub lock: Option<Lock>,
    /// Whether the screen is locked, so that nobody would see a reminder.
    pub nobody_looks: bool,
    /// Why the vault cannot be read.
    pub locked: Option<VaultError>,
    /// What is wrong with the configuration as it is on disk now; the last good one is in use.
    pub trouble: Option<Problem>,
    /// What programs did that the person has not seen yet.
    pub deeds: Vec<Deed>,
    /// The last "revoke everything" of this run.
    pub revoked_all: Option<RevokedAll>,
    /// What is to be known of a vault that several machines share.
    pub shared_vault: SharedVault,
    /// What the person should know about this run as a whole.
    pub notices: Vec<String>,
    /// What the file gave beyond the run before, as it was taken at the start.
    pub raised: Vec<String>,
    /// The same of the vault.
    pub vault_notices: Vec<VaultNotice>,
    /// Whether anything was ever put into the keychain.
    pub keychain_used: bool,
    /// The marks of the vaults that were used.
    pub marks: Marks,
    /// The vault that everything was moved out of, as long as it may still have copies.
    pub moved_out_of: Option<VaultKind>,
    /// Where browsers may come back to.
    pub endpoints: Vec<RedirectEndpoint>,
    /// States of sign-ins that nothing waits for any more.
    pub spent_states: SpentStates,
    /// To which issuer a redirect URI belongs, whatever is signed in.
    pub ledger: Ledger,
}

impl Book {
    /// Takes a new configuration over. Servers that it still has keep their state; returns those that are
    /// gone.
    pub fn adopt(&mut self, config: Config, mark: String, records: &Records) -> Vec<Server> {
        const PROXY: Option<HandOut> = Some(HandOut::Proxy);
        let mut old = std::mem::take(&mut self.servers);
        let mut opened = Vec::new();
        for (name, server) in &config.servers {
            // One that had another address under this name is gone.
            let is_known = |known: &Server| known.id == Server::id_of(name, server);
            let known = match old.get(name).is_some_and(is_known) {
                true => old.remove(name),
                false => None,
            };
            if known.as_ref().is_some_and(|known| known.config.hand_out == PROXY && server.hand_out != PROXY)
            {
                opened.push(Thing::of(&server.place));
            }
            let server = match known {
                Some(known) => known.with_config(Arc::clone(server)),
                None => records.restore(Server::new(name, Arc::clone(server))),
            };
            self.servers.insert(name.clone(), server);
        }
        self.addresses.take();
        self.groups = Groups::of(self.servers.values());
        self.config = config;
        self.mark = mark;
        self.keychain_used |= records.keychain_used;
        self.trouble = None;
        let gone = self.leave_behind(old);
        self.remember_refused(&gone);
        opened.iter().for_each(|thing| self.open_refused(thing));
        self.look_at_tokens();
        gone
    }

    /// Gives a server another name, and with that another id; `copied` is what the vault has under that.
    /// False, and nothing is changed, as long as an issuer is about to answer something for the old one.
    pub fn rename(&mut self, from: &str, to: &str, copied: InVault) -> bool {
        let Some(mut server) = self.servers.remove(from) else { return true };
        if server.upkeep.under_way().is_some() {
            self.servers.insert(from.to_owned(), server);
            return false;
        }
        server.rename(to, copied);
        self.servers.insert(to.to_owned(), server);
        self.addresses.take();
        self.groups = Groups::of(self.servers.values());
        if let Some(config) = self.config.servers.remove(from) {
            self.config.servers.insert(to.to_owned(), config);
        }
        true
    }

    /// What was known of a server that left the configuration, once it is back.
    pub fn known_of(&self, name: &str, server: &ServerConfig) -> Option<&Known> {
        self.left.get(&Server::id_of(name, server)).and_then(|left| left.known.as_ref())
    }

    /// Why nothing can be read now: the valet's own lock, or the vault.
    pub fn why_locked(&self) -> Option<Shut> {
        self.lock.as_ref().map(|lock| Shut::Locked(lock.cause)).or(self.locked.map(Shut::Vault))
    }

    /// Locks the valet. False if it is locked as firmly already.
    pub fn close(&mut self, cause: Cause) -> bool {
        let firmer = self.lock.as_ref().is_none_or(|lock| lock.cause < cause);
        if firmer {
            let wanted_by = self.lock.take().and_then(|lock| lock.wanted_by);
            self.lock = Some(Lock { cause, wanted_by });
        }
        firmer
    }

    /// While the valet is locked, no server is ever seen open, whatever was done with it.
    pub fn stay_closed(&mut self) {
        if self.lock.is_some() {
            let Self { servers, spent_states, .. } = self;
            servers.values_mut().for_each(|server| server.close(spent_states));
        }
    }

    /// The servers that have scheme, host and port of this one.
    pub fn at_origin_of(&self, url: &ServerUrl) -> impl Iterator<Item = &Server> {
        let names = self.addresses().at_origin(&url.url().origin());
        names.filter_map(|name| self.servers.get(name))
    }

    /// The servers at this very URL.
    pub(crate) fn at_address(&self, url: &str) -> impl Iterator<Item = &Server> {
        self.addresses().at(url).filter_map(|name| self.servers.get(name))
    }

    fn addresses(&self) -> &Addresses {
        self.addresses.get_or_init(|| Addresses::of(self.servers.values()))
    }

    /// Finds a server by name or URL.
    pub fn find(&self, server: &str) -> Result<&Server, Problem> {
        if let Some(found) = self.servers.get(server) {
            return Ok(found);
        }
        let found: Vec<&Server> = self.at_address(server).collect();
        match found.as_slice() {
            [] => Err(problems::unknown_server(server)),
            [one] => Ok(one),
            several => {
                let accounts = several.iter().map(|one| (one.name.as_str(), one.config.folders.as_slice()));
                Err(problems::ambiguous_server(server, accounts))
            }
        }
    }

    /// Whether a server other than the one with the id `leaving` uses a client of ours at `issuer`.
    pub fn uses_client_at(&self, issuer: &str, leaving: &str) -> bool {
        let uses = |server: &Server| {
            let signs_in_there = server.known_issuer() == Some(issuer);
            let by_hand = server.config.oauth.client_id.is_some();
            (signs_in_there && !by_hand) || server.registered_at.contains(issuer)
        };
        self.servers.values().any(|server| server.id != leaving && uses(server))
    }

    /// The server that waits for the browser to come back with `state`.
    pub fn waiting_for(&self, state: &str) -> Option<&Server> {
        self.servers.values().find(|server| {
            server.attempt.waiting().is_some_and(|waiting| waiting.pending.matches_state(state))
        })
    }

    /// What the person should know, of this run, the configuration, and the servers.
    pub fn notices(&self) -> Vec<String> {
        let raised = self.raised.iter().map(|raise| say!(start_raised, raise = raise));
        self.notices_behind(raised)
    }

    /// The same as a program is told it: what the file says is the person's.
    pub fn notices_told(&self) -> Vec<String> {
        self.notices_behind((!self.raised.is_empty()).then(|| say!(start_raised_told)).into_iter())
    }

    fn notices_behind(&self, first: impl Iterator<Item = String>) -> Vec<String> {
        let of = |server: &Server| {
            let notice = server.held.grant()?.parts.notice.as_ref()?;
            Some(format!("\"{}\": {notice}", server.name))
        };
        let of_servers = self.servers.values().filter_map(of);
        let unsaved = self.servers.values().filter(|server| matches!(server.held, Held::Unsaved(_)));
        let unsaved = unsaved.map(|server| say!(notice_unsaved, server = &server.name));
        let slow = self.servers.values().filter_map(Server::slow);
        let of_valet = first.chain(self.notices.iter().chain(&self.config.notices).cloned());
        let of_valet = of_valet.chain(self.shared_vault.notices());
        let shared = self.shared_redirect_uris();
        let all = of_valet.chain(unsaved).chain(slow).chain(of_servers).chain(shared);
        all.map(|notice| plain::shown(&notice)).collect()
    }

    /// The servers for which an issuer's answer is under way.
    pub fn awaited(&self) -> Vec<&str> {
        let awaited = |server: &&Server| {
            server.upkeep.flight().is_some() || matches!(server.attempt, Attempt::Finishing(_))
        };
        self.servers.values().filter(awaited).map(|server| server.name.as_str()).collect()
    }

    /// Whether an issuer's answer is under way, or is in memory alone although the vault keeps such things.
    pub fn is_busy(&self) -> bool {
        let busy = |server: &Server| {
            server.upkeep.flight().is_some()
                || matches!(server.attempt, Attempt::Finishing(_))
                || matches!(server.held, Held::Unsaved(_))
        };
        self.servers.values().any(busy)
    }

    /// The pens of all servers: who has had each has seen every write to its end.
    pub fn pens(&self) -> Vec<Arc<tokio::sync::Mutex<()>>> {
        self.servers.values().map(|server| Arc::clone(&server.pen)).collect()
    }

    /// Remembers where browsers may come back to.
    pub fn expect_at(&mut self, endpoint: &RedirectEndpoint) {
        if !self.endpoints.contains(endpoint) {
            self.endpoints.push(endpoint.clone());
        }
    }

    /// A sign-in to this server that is under way is not waited for any more.
    pub fn give_up(&mut self, name: &str) {
        let Self { servers, spent_states, .. } = self;
        if let Some(server) = servers.get_mut(name) {
            server.give_up(spent_states);
        }
    }

    /// What the vault had for a server was not readable, for this reason.
    pub fn damaged(&mut self, name: &str, why: VaultError) {
        let Some(server) = self.servers.get_mut(name) else { return };
        if matches!(server.held, Held::Sealed(_)) {
            server.held = match (server.takes_keys(), why) {
                (true, _) => Held::Nothing,
                (false, VaultError::FleetTampered) => Held::Lapsed(say!(problem_lapsed_tampered)),
                (false, _) => Held::Lapsed(say!(problem_lapsed_damaged)),
            };
        }
        if why == VaultError::FleetTampered {
            self.shared_vault.tampered.insert(name.to_owned());
        }
    }

    /// The file has no keys of these headers itself any more, whatever else in it waits for the person.
    pub fn forget_found(&mut self, name: &str, headers: &Headers) {
        let in_use = self.servers.get_mut(name).map(|server| &mut server.config);
        for server in in_use.into_iter().chain(self.config.servers.get_mut(name)) {
            let server = Arc::make_mut(server);
            server.headers = server.headers.after(headers);
        }
    }

    /// Whether the vault may still have a grant of this server that was revoked, also where it is gone since.
    pub fn is_revoked(&self, name: &str, id: &str) -> bool {
        let here = self.servers.get(name).filter(|server| server.id == id);
        here.map_or_else(|| self.is_left_revoked(id), |server| server.revoked)
    }

    /// Whether it is gone, and the vault may still have something of it that is to be wiped.
    pub fn is_left_revoked(&self, id: &str) -> bool {
        self.left.get(id).is_some_and(|left| left.revoked)
    }

    /// The servers whose grants have not been read from the vault.
    pub fn sealed(&self) -> impl Iterator<Item = &Server> {
        self.servers.values().filter(|server| matches!(server.held, Held::Sealed(_)))
    }

    /// The person began a vault anew: that something is not in it is no surprise.
    pub fn expect_nothing(&mut self) {
        for server in self.servers.values_mut() {
            if matches!(server.held, Held::Sealed(Noted::Granted)) {
                server.held = Held::Sealed(Noted::Nothing);
            }
        }
    }

    /// Takes over the keys that the vault had for a server.
    pub fn opened_keys(&mut self, name: &str, keys: Option<Stored<Keys>>) {
        let Some(server) = self.servers.get_mut(name) else { return };
        let there = keys.filter(|keys| !keys.value().is_empty());
        if !matches!(server.held, Held::Sealed(_)) || (server.revoked && there.is_some()) {
            return;
        }
        server.revoked = false;
        server.held = there.map_or(Held::Nothing, Held::Keys);
    }

    /// Takes over what the vault had for a server.
    pub fn opened(&mut self, name: &str, grant: Option<Stored<Grant>>) {
        let Some(server) = self.servers.get_mut(name) else { return };
        if server.revoked && grant.is_some() {
            // Revoked since it was read: the next reading wipes it.
            return;
        }
        if let Held::Sealed(noted) = &mut server.held {
            let noted = std::mem::take(noted);
            if let Some(grant) = &grant {
                self.ledger.seed((&grant.value().parts).into(), server.doing());
            }
            let revoked = std::mem::take(&mut server.revoked);
            server.held = match (grant, noted) {
                (Some(grant), _) => match grant.value().registration_lost.clone() {
                    Some(why) => Held::Unregistered(grant, why),
                    None => Held::Live(grant),
                },
                (None, Noted::Lapsed(why)) => Held::Lapsed(why),
                (None, Noted::Granted) if !revoked => Held::Lapsed(say!(problem_lapsed_gone)),
                (None, Noted::Granted | Noted::Nothing) => Held::Nothing,
            };
        }
        if self.servers.get(name).is_some_and(|server| server.held.grant().is_some()) {
            self.remember_signed_in(name);
        }
        self.look_at_token(name);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use std::path::Path;

    fn config(url: &str) -> Config {
        let text = format!(r#"{{"mcpServers":{{"one":{{"url":"{url}"}}}}}}"#);
        Config::parse(Path::new("config.json"), &text).unwrap()
    }

    #[test]
    fn a_server_whose_address_changes_under_its_name_is_gone_and_another_has_come() {
        let mut book = Book::default();
        let mut adopts = |url| book.adopt(config(url), String::new(), &Records::default());
        assert!(adopts("https://one.example/mcp").is_empty());
        assert!(adopts("https://one.example/mcp").is_empty());
        let gone = adopts("https://other.example/mcp");
        assert_eq!(gone.iter().map(|server| server.name.as_str()).collect::<Vec<_>>(), ["one"]);
        assert_eq!(gone[0].url().unwrap().as_str(), "https://one.example/mcp");
        assert!(book.left.contains_key(&gone[0].id) && !book.left.contains_key(&book.servers["one"].id));
    }
}
