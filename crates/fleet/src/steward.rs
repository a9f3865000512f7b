//! What a person does with the fleet: begins it, lets machines in, and takes them out.

use super::engine::{Engine, coded};
use super::item::{Place, Signed};
use super::keys::{Keys, Spot, made_at, one};
use super::machine::{Machine, Request};
use super::members::{List, MOST, Member, Pin, print};
use super::pins::{Mark, Pins};
use super::store::{Found, Store, Unput};
use super::trouble::FleetError;
use config::Etcd;
use serde::Deserialize;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vault::VaultError;

/// How often somebody else may come first.
const TRIES: usize = 8;

/// A member, for whoever tends the fleet.
pub struct Steward(Store);

/// The list that an item says that it was sealed to, before that is known to be so.
#[derive(Deserialize)]
struct Claimed {
    list: u64,
}

/// What a machine that was taken out had known, by the ids of servers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Sign-ins that the others renew.
    pub renewed: Vec<String>,
    /// Sign-ins that a person has to end and begin anew.
    pub ending: Vec<String>,
    /// Keys that a person has to replace.
    pub keys: Vec<String>,
    /// Secrets of clients, at issuers and identity providers, that a person has to replace.
    pub secrets: Vec<String>,
    /// How many clients at issuers are registered anew.
    pub registrations: usize,
}

impl Steward {
    /// Begins a fleet with this machine as its first member.
    ///
    /// # Errors
    /// There is one, or the engine is not reached.
    pub async fn init(etcd: &Etcd, state: &Path, name: &str) -> Result<Self, FleetError> {
        let (engine, keys) = (Engine::of(etcd)?, keys(etcd));
        let folder = folder(state);
        if Pins::at(&folder)?.list().is_some() {
            return Err(FleetError::There);
        }
        let machine = own(&folder, name)?;
        let list = List::first(&machine).ok_or(VaultError::Broken)?;
        let mut all = keys.below("");
        all["limit"] = "1".into();
        all["keys_only"] = true.into();
        if !engine.range(&all).await?.kvs.is_empty() {
            return Err(FleetError::There);
        }
        if !publish(&engine, &keys, &list).await? {
            return Err(FleetError::There);
        }
        let pins = Pins::at(&folder)?;
        pins.pin(&list)?;
        Ok(Self(Store::new(engine, machine, pins, keys, list)))
    }

    /// What this machine says of itself to become a member. It has keys from then on.
    ///
    /// # Errors
    /// They cannot be written down.
    pub fn request(state: &Path, name: &str) -> Result<Request, FleetError> {
        own(&folder(state), name).map(|machine| Request(machine.member()))
    }

    /// Takes the fleet for the one of which a member said this.
    ///
    /// # Errors
    /// It is another, or this machine is no member of it.
    pub async fn join(etcd: &Etcd, state: &Path, pin: &Pin) -> Result<Self, FleetError> {
        let (engine, keys, folder) = (Engine::of(etcd)?, keys(etcd), folder(state));
        let machine = Machine::load(&folder.join("key"))?.ok_or(FleetError::NoKeys)?;
        let found = engine.range(&one(&keys.members(pin.generation))).await?;
        let kv = found.kvs.first().ok_or(FleetError::Other)?;
        let list = List::of_pin(kv.value()?, pin)?;
        let pins = Pins::at(&folder)?;
        if pins.list().is_some_and(|pinned| pinned.fleet() != list.fleet()) {
            return Err(FleetError::There);
        }
        let store = Store::new(engine, machine, pins, keys, list);
        store.sync().await?;
        // A machine that comes back begins anew: what concerned it alone was taken away with it.
        store.pins.forget_marks();
        store.pins.pin(&store.list())?;
        Ok(Self(store))
    }

    /// As a member, for further deeds.
    ///
    /// # Errors
    /// This machine is none, or the engine is not reached.
    pub async fn open(etcd: &Etcd, state: &Path) -> Result<Self, FleetError> {
        let folder = folder(state);
        let machine = Machine::load(&folder.join("key"))?.ok_or(FleetError::NoKeys)?;
        let pins = Pins::at(&folder)?;
        let list = pins.list().ok_or(FleetError::NoKeys)?;
        let store = Store::new(Engine::of(etcd)?, machine, pins, keys(etcd), list);
        store.sync().await?;
        Ok(Self(store))
    }

    /// By what a newcomer knows this fleet.
    #[must_use]
    pub fn pin(&self) -> Pin {
        self.0.list().pin()
    }

    /// The members, and which of them are heard of now.
    ///
    /// # Errors
    /// The engine is not reached.
    pub async fn members(&self) -> Result<Vec<(Member, bool)>, FleetError> {
        Ok(self.0.members().await?)
    }

    /// Lets a machine in: from then on all is sealed to it too.
    ///
    /// # Errors
    /// Another machine has its name, or the engine is not reached.
    pub async fn admit(&self, request: &Request) -> Result<Pin, FleetError> {
        let newcomer = &request.0;
        let before = self.0.list();
        match before.member(&newcomer.name) {
            Some(there) if there == newcomer => {}
            Some(_) => return Err(FleetError::Name(newcomer.name.clone())),
            None if before.members().len() >= MOST => return Err(FleetError::Name(newcomer.name.clone())),
            None => {
                let mut members = before.members().to_vec();
                members.push(newcomer.clone());
                self.step(&before, members, false).await?;
            }
        }
        self.seal_anew().await?;
        Ok(self.pin())
    }

    /// Takes a machine out: what is written from then on it cannot open, and what it had known is named.
    /// Done again, it goes on where it was cut short, and names what was not renewed yet. `can_renew` says of
    /// the sign-in of a server whether the others can.
    ///
    /// # Errors
    /// Nobody has this name, or the engine is not reached.
    pub async fn remove(
        &self,
        name: &str,
        can_renew: &(dyn Fn(&str, &[u8]) -> bool + Sync),
    ) -> Result<Left, FleetError> {
        if name == self.0.machine.name {
            // What it seals anew would bear the word of a machine that is no member.
            return Err(FleetError::Name(name.to_owned()));
        }
        let before = self.0.list();
        let knows = if before.member(name).is_some() { u64::MAX } else { before.removed() };
        // What is believed now is remembered before its writer may be nobody any more.
        let mut left = self.look_at_all(knows, can_renew).await?;
        if before.member(name).is_some() {
            let rest: Vec<Member> =
                before.members().iter().filter(|member| member.name != name).cloned().collect();
            if rest.is_empty() {
                return Err(FleetError::Last);
            }
            self.step(&before, rest, true).await?;
        } else if before.removed() == 0 {
            return Err(FleetError::Name(name.to_owned()));
        }
        let own = self.0.keys.below(&format!("items/machines/{name}/"));
        self.0.engine.txn(&json!({"success": [{"request_delete_range": own}]})).await?;
        self.seal_anew().await?;
        left.registrations = self.forget_registrations().await?;
        Ok(left)
    }

    async fn step(&self, before: &Arc<List>, members: Vec<Member>, removes: bool) -> Result<(), FleetError> {
        let next = before.next(members, removes, &self.0.machine).ok_or(VaultError::Broken)?;
        if !publish(&self.0.engine, &self.0.keys, &next).await? {
            // Somebody else changed the members at the same time.
            return Err(VaultError::Overtaken.into());
        }
        self.0.take(&next)
    }

    async fn names(&self) -> Result<Vec<String>, FleetError> {
        let mut question = self.0.keys.below("items/");
        question["keys_only"] = true.into();
        let found = self.0.engine.range(&question).await?;
        let mut names = Vec::new();
        for kv in &found.kvs {
            let key = kv.key()?;
            if let Spot::Item(name) = self.0.keys.spot(&key)
                && !name.starts_with("machines/")
            {
                names.push(name.to_owned());
            }
        }
        Ok(names)
    }

    /// Looks at everything, and names what a machine knows that the list of this generation takes out.
    async fn look_at_all(
        &self,
        removed: u64,
        can_renew: &(dyn Fn(&str, &[u8]) -> bool + Sync),
    ) -> Result<Left, FleetError> {
        let mut left = Left::default();
        for name in self.names().await? {
            let bytes = match self.as_written(&name).await {
                Ok(Found { signed: Some(signed), .. }) if signed.is_known_before(removed) => {
                    signed.open(&self.0.machine)?
                }
                Ok(_) => continue,
                Err(FleetError::Vault(VaultError::FleetTampered)) => None,
                Err(error) => return Err(error),
            };
            match name.split_once('/') {
                Some(("grant", id)) if bytes.is_some_and(|bytes| can_renew(id, &bytes)) => {
                    left.renewed.push(id.to_owned());
                }
                Some(("grant", id)) => left.ending.push(id.to_owned()),
                Some(("keys", id)) => left.keys.push(id.to_owned()),
                Some(("client-secret" | "provider-secret", id)) => left.secrets.push(id.to_owned()),
                _ => {}
            }
        }
        Ok(left)
    }

    /// Seals everything to the members as they are now. What is wrong with one item does not keep the others
    /// from it; it is said at the end.
    async fn seal_anew(&self) -> Result<(), FleetError> {
        let mut outcome = Ok(());
        for name in self.names().await? {
            if let Err(error) = self.seal_one_anew(&name).await {
                tracing::error!(item = name, %error, "an item was not sealed anew");
                outcome = Err(error);
            }
        }
        outcome
    }

    async fn seal_one_anew(&self, name: &str) -> Result<(), FleetError> {
        for _ in 0..TRIES {
            let found = self.as_written(name).await?;
            let Some(signed) = &found.signed else { return Ok(()) };
            let list = self.0.list();
            if signed.list == list.generation() && list.member(&signed.by).is_some() {
                return Ok(());
            }
            let (content, of) = (self.0.open(&found)?, signed.of);
            let bytes = content.as_ref().map(|bytes| bytes.as_slice());
            match self.0.put(name, bytes, &found, of, &[]).await {
                Ok(_) => return Ok(()),
                Err(Unput::Failed(error)) => return Err(error.into()),
                Err(Unput::Changed) => drop(self.0.sync().await?),
            }
        }
        Err(VaultError::Overtaken.into())
    }

    /// An item. What a machine wrote that is no member any more is believed if it was one when it did.
    async fn as_written(&self, name: &str) -> Result<Found, FleetError> {
        match self.0.find(name).await {
            Err(VaultError::FleetTampered) => {}
            found => return Ok(found?),
        }
        let found = self.0.engine.range(&one(&self.0.keys.item(name))).await?;
        let kv = found.kvs.first().ok_or(VaultError::FleetTampered)?;
        let value = kv.value()?;
        let claimed: Claimed = serde_json::from_slice(&value).map_err(|_| VaultError::FleetTampered)?;
        let (list, until) = self.list_of(claimed.list).await?;
        let place = Place { prefix: &self.0.keys.prefix, name };
        let signed = Signed::of(place, &value, list.fleet(), |by| list.member(by))?;
        let is_older = self.0.pins.mark(name).is_some_and(|Mark { version, print }| {
            signed.version < version || (signed.version == version && signed.print != print)
        });
        if is_older || kv.mod_revision >= until {
            return Err(VaultError::FleetTampered.into());
        }
        Ok(Found { signed: Some(signed), revision: kv.mod_revision })
    }

    /// An earlier list, which the newest one names through those between; and the revision at which the next
    /// took its place.
    async fn list_of(&self, generation: u64) -> Result<(List, i64), FleetError> {
        let newest = self.0.list();
        let mut question = self.0.keys.below("members/");
        question["key"] = coded(self.0.keys.members(generation)).into();
        let found = self.0.engine.range(&question).await?;
        let (mut expected, mut until) = (print(&newest.bytes), i64::MAX);
        for kv in found.kvs.iter().rev() {
            let bytes = kv.value()?;
            let list = List::pinned(bytes).filter(|list| print(&list.bytes) == expected);
            let list = list.ok_or(VaultError::FleetTampered)?;
            if list.generation() == generation {
                return Ok((list, until));
            }
            list.before().clone_into(&mut expected);
            until = kv.create_revision;
        }
        Err(VaultError::FleetTampered.into())
    }

    /// Whoever was taken out could use our clients at issuers: others are registered with the next sign-ins.
    async fn forget_registrations(&self) -> Result<usize, FleetError> {
        let mut forgotten = 0;
        for name in self.names().await? {
            let is_one = name.starts_with("registration/") || name.starts_with("device-registration/");
            if is_one && self.0.read(&name).await?.is_some() {
                self.0.write(&name, None, |_, _| false).await?;
                forgotten += 1;
            }
        }
        Ok(forgotten)
    }
}

async fn publish(engine: &Engine, keys: &Keys, list: &List) -> Result<bool, FleetError> {
    let key = keys.members(list.generation());
    let put = json!({"request_put": {"key": coded(&key), "value": coded(&list.bytes)}});
    let look = json!({"request_range": one(&key)});
    let question = json!({"compare": [made_at(&key, 0)], "success": [put], "failure": [look]});
    let answer = engine.txn(&question).await?;
    if answer.succeeded {
        return Ok(true);
    }
    // An endpoint that did not answer may have done it, before another was asked.
    let there = answer.ranges().next().and_then(|range| range.kvs.into_iter().next());
    Ok(there.is_some_and(|kv| kv.value().is_ok_and(|value| value == list.bytes)))
}

fn own(folder: &Path, name: &str) -> Result<Machine, FleetError> {
    let file = folder.join("key");
    match Machine::load(&file)? {
        Some(machine) => Ok(machine),
        None => Machine::make(&file, name),
    }
}

fn folder(state: &Path) -> PathBuf {
    state.join("fleet")
}

fn keys(etcd: &Etcd) -> Keys {
    Keys { prefix: etcd.prefix.clone() }
}
