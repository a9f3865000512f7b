//! A door for the fuzzer, and for replaying its seeds. Not for programs.
#![allow(clippy::unwrap_used, reason = "a finding is a panic")]

use crate::plan::{Plan, Wanted, lead, list};
use crate::servers::{Here, Joined, Servers, There};
use clients::fuzz::{comes_back, found, layouts};
use clients::{Hole, Records, Scene, Spot};
use config::{KeyName, ServerConfig};
use import::Folders;
use secret::Secret;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Nothing is here yet.
struct Nothing;

impl Here for Nothing {
    fn names(&self) -> BTreeSet<String> {
        BTreeSet::new()
    }

    fn find(&self, _: &ServerConfig, _: &BTreeMap<KeyName, Secret>) -> Option<There> {
        None
    }

    fn id(&self, name: &str, _: &ServerConfig) -> String {
        name.to_owned()
    }
}

/// A whole file of every layout is moved in: what is moved comes back from what is written down and the keys,
/// byte for byte.
pub fn file(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    layouts().for_each(|spot| comes_to(&spot, text));
}

fn comes_to(spot: &Spot, text: &str) {
    let program = "/opt/mcp valet/mcp-valet".to_owned();
    let scene = Scene { folders: Folders::default(), program, servers: Vec::new(), store: PathBuf::new() };
    let wanted = Wanted { arguments: true, ..Wanted::default() };
    let (mut plan, mut servers) = (Plan::default(), Servers::new(&Nothing));
    let path = Path::new("config.json");
    let Ok((list, _)) = list(path, &wanted, (spot, found(spot, text)), &mut servers, &mut plan.stays) else {
        return;
    };
    lead(&mut plan, &scene, (&Records::default(), &Nothing), list, &servers.all);
    for change in &plan.job.changes {
        comes_back(change, |hole| key(&servers.all, hole));
    }
}

fn key(servers: &[Joined], hole: &Hole) -> Option<Zeroizing<String>> {
    let server = servers.iter().find(|server| server.name == hole.server)?;
    let key = server.keys.iter().find(|key| key.name.as_str() == hole.key)?;
    Some(Zeroizing::new(key.secret.expose().to_owned()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_seeds_of_the_fuzzer_come_back_without_a_finding() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/adopt");
        let seeds: Vec<_> = std::fs::read_dir(folder).unwrap().map(|seed| seed.unwrap().path()).collect();
        assert!(!seeds.is_empty());
        for seed in seeds {
            super::file(&std::fs::read(seed).unwrap());
        }
    }
}
