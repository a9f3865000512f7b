//! Homes as a version left them: see `fixtures/stored`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Home;

/// The server of the fixtures, by its name and its address.
pub const ID: &str = "446cd5ffa14bc7b3c02c0c537305b2a1";
/// Its issuer, as the vault calls it.
pub const ISSUER: &str = "da1491821ae010b22fe80fbe3fa9236c";
/// A moment at which the tokens of the fixtures live.
const THEN: i64 = 1_795_228_200; // 2026-11-21T02:30:00Z

/// The text of a fixture.
pub fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stored").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The folder of the state, which is there.
pub fn state(home: &Home) -> PathBuf {
    let state = home.path().join("state/mcp-valet");
    fs::create_dir_all(&state).unwrap();
    state
}

/// A home that was left as fixtures say, at the time of their tokens.
pub fn left(config: &str, servers: Option<&str>) -> Home {
    let home = Home::new();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs().cast_signed();
    home.move_clock(THEN - now);
    home.configure_text(&fixture(config));
    if let Some(servers) = servers {
        fs::write(state(&home).join("servers.json"), fixture(servers)).unwrap();
    }
    home
}

/// What the vault calls its grant.
pub fn grant() -> String {
    format!("grant/{ID}")
}

/// The same text as a later version would write it.
pub fn newer(text: &str) -> String {
    let mut value: Value = serde_json::from_str(text).unwrap();
    value["form"] = 99.into();
    value["later"] = "something new".into();
    value.to_string()
}
