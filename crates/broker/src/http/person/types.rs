//! The window's pages know the valet by TypeScript that is made of its types here.

use super::routes::{Address, Answered, Begun, Forgotten, Name, OwnClient, Settings, Taken};
use crate::audit::{Activity, Chart, Kind, Row};
use crate::config::AgentsPolicy;
use crate::{About, Answer, Found, Places, Question, Standing, View, Wanted};
use std::path::Path;
use ts_rs::{Config, TS};
use wire::doctor::{Conclusion, Examine, Exchange, Finding, Remedy, Report, Rule, Step, Verdict, Who};
use wire::{
    AttemptState, AuditEntry, AuditFault, AuthorizeRequest, Broken, Code, ConsentState, DeviceCode,
    GrantState, NewServer, Outcome, Problem, Removed, Revocation, Server, ServerState, VaultKind, Verified,
};

/// Set to write the file anew.
const WRITE: &str = "MCP_VALET_WRITE_TYPES";

const HEAD: &str =
    "// What the valet sends and takes, made of its Rust types by `make types`. Times are RFC 3339 texts.\n";

fn declared<T: TS + 'static>() -> String {
    let config = Config::new();
    format!("\n{}export {}\n", T::docs().unwrap_or_default(), T::decl(&config))
}

/// A sentence of documentation fits on one line.
fn shortened(text: &str) -> String {
    text.replace("/**\n * ", "/** ").replace("\n */\n", " */\n").replace(" \n", "\n")
}

fn all() -> String {
    let declared = [
        declared::<View>(),
        declared::<Places>(),
        declared::<Wanted>(),
        declared::<Standing>(),
        declared::<Question>(),
        declared::<About>(),
        declared::<Answer>(),
        declared::<Answered>(),
        declared::<Taken>(),
        declared::<Server>(),
        declared::<ServerState>(),
        declared::<GrantState>(),
        declared::<AttemptState>(),
        declared::<ConsentState>(),
        declared::<Problem>(),
        declared::<Code>(),
        declared::<VaultKind>(),
        declared::<AgentsPolicy>(),
        declared::<Settings>(),
        declared::<NewServer>(),
        declared::<Name>(),
        declared::<OwnClient>(),
        declared::<Address>(),
        declared::<Found>(),
        declared::<AuthorizeRequest>(),
        declared::<DeviceCode>(),
        declared::<Begun>(),
        declared::<Forgotten>(),
        declared::<Revocation>(),
        declared::<Outcome>(),
        declared::<Removed>(),
        declared::<Examine>(),
        declared::<Report>(),
        declared::<Conclusion>(),
        declared::<Step>(),
        declared::<Exchange>(),
        declared::<Finding>(),
        declared::<Verdict>(),
        declared::<Rule>(),
        declared::<Remedy>(),
        declared::<Who>(),
        declared::<Activity>(),
        declared::<Row>(),
        declared::<Kind>(),
        declared::<Chart>(),
        declared::<AuditEntry>(),
        declared::<Verified>(),
        declared::<AuditFault>(),
        declared::<Broken>(),
    ];
    [HEAD, &shortened(&declared.concat())].concat()
}

#[test]
fn the_pages_know_the_types_as_they_are() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/types.ts");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&file, all()).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap();
    assert!(committed == all(), "{} is stale: run `make types` and commit it", file.display());
}
