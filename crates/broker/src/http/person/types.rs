//! The window's pages know the valet by TypeScript that is made of its types here.

use super::routes::{Address, Answered, Begun, Forgotten, Name, OwnClient, Settings, Taken};
use super::vault::{Mended, Move, NewPassphrase, Passphrase};
use crate::authority::discover::Found;
use crate::state::deed::{Deed, What};
use crate::state::vault_notice::VaultNotice;
use crate::valet::view::{StandingAnswer, View, WantedSignIn};
use ::import::{Client, Left, Listing, Notice, Offer, Other, Seen, Why};
use audit::{Activity, Chart, Row};
use config::{AgentsPolicy, LockPolicy, Setting};
use consent::about::{About, Before, Shared};
use consent::answer::Answer;
use consent::question::Question;
use files::paths::Places;
use ground::cause::Cause;
use std::path::Path;
use ts_rs::{Config, TS};
use vault::Mend;
use wire::doctor::{Conclusion, Examine, Exchange, Finding, Remedy, Report, Rule, Step, Verdict, Who};
use wire::{
    Act, ActKind, Actor, ActorKind, AnyAct, AttemptState, AuditEntry, AuditFault, AuthorizeRequest, Broken,
    ClientOutcome, Code, Consent, ConsentState, DeviceCode, Form, GrantState, LookAlike, NewServer, Outcome,
    Problem, Reason, Removed, Revocation, Revoke, RevokedAll, RevokedOne, Server, ServerState, Stands,
    VaultKind, Verified,
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
        declared::<WantedSignIn>(),
        declared::<StandingAnswer>(),
        declared::<VaultNotice>(),
        declared::<Deed>(),
        declared::<What>(),
        declared::<Question>(),
        declared::<About>(),
        declared::<Before>(),
        declared::<Setting>(),
        declared::<Shared>(),
        declared::<Form>(),
        declared::<Answer>(),
        declared::<Answered>(),
        declared::<Taken>(),
        declared::<Server>(),
        declared::<ServerState>(),
        declared::<GrantState>(),
        declared::<AttemptState>(),
        declared::<ConsentState>(),
        declared::<Consent>(),
        declared::<Stands>(),
        declared::<Problem>(),
        declared::<Code>(),
        declared::<Reason>(),
        declared::<VaultKind>(),
        declared::<Passphrase>(),
        declared::<NewPassphrase>(),
        declared::<Mended>(),
        declared::<Mend>(),
        declared::<Move>(),
        declared::<AgentsPolicy>(),
        declared::<LockPolicy>(),
        declared::<Cause>(),
        declared::<Settings>(),
        declared::<NewServer>(),
        declared::<Name>(),
        declared::<OwnClient>(),
        declared::<Address>(),
        declared::<Found>(),
        declared::<Listing>(),
        declared::<Offer>(),
        declared::<Seen>(),
        declared::<Client>(),
        declared::<Left>(),
        declared::<Other>(),
        declared::<Why>(),
        declared::<Notice>(),
        declared::<AuthorizeRequest>(),
        declared::<DeviceCode>(),
        declared::<Begun>(),
        declared::<Forgotten>(),
        declared::<Revocation>(),
        declared::<Outcome>(),
        declared::<ClientOutcome>(),
        declared::<Revoke>(),
        declared::<RevokedAll>(),
        declared::<RevokedOne>(),
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
        declared::<ActKind>(),
        declared::<Chart>(),
        declared::<LookAlike>(),
        declared::<AuditEntry>(),
        declared::<Act>(),
        declared::<AnyAct>(),
        declared::<Actor>(),
        declared::<ActorKind>(),
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
