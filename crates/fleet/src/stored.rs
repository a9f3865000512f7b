//! Every form in which a version kept something: all are read.

#![allow(clippy::unwrap_used, reason = "a test")]

use super::item::{Place, Signed};
use super::machine::Machine;
use super::members::{List, print};
use super::pins::{Mark, Pins};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/stored");
    fs::read(folder.join(name)).unwrap()
}

#[test]
fn a_machine_of_the_first_form_is_a_member_and_opens_what_was_sealed_to_it() {
    let home = tempfile::tempdir().unwrap();
    let key = home.path().join("key");
    fs::write(&key, fixture("fleet-key-1.json")).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let machine = Machine::load(&key).unwrap().unwrap();
    let list = List::pinned(fixture("fleet-members-1.json")).unwrap();
    assert!(machine.name == "build-1" && list.has(&machine));
    let value = fixture("fleet-item-1.json");
    let place = Place { prefix: "mcp-valet", name: "grant/446cd5ffa14bc7b3c02c0c537305b2a1" };
    let signed = Signed::of(place, &value, list.fleet(), |by| list.member(by)).unwrap();
    assert_eq!((signed.version, signed.of, signed.list), (7, 1, 1));
    assert_eq!(signed.open(&machine).unwrap().unwrap().as_slice(), b"a secret of form 1");
    // What it had seen.
    fs::write(home.path().join("marks"), fixture("fleet-marks-1")).unwrap();
    let mark = Pins::at(home.path()).unwrap().mark(place.name);
    assert_eq!(mark, Some(Mark { version: signed.version, print: print(&value) }));
}
