//! The window's pages know the valet by TypeScript that is made of its types here.

use super::answered::{Answered, ChosenAccount, Confirmed, Taken};
use super::clients::{FilesAgreed, FilesMeant, MovesAgreed, MovesMeant};
use super::keys::TypedKey;
use super::programs::SaidByProgram;
use super::routes::{
    Address, Begun, Connected, Edit, Forgotten, Name, Opened, OwnClient, Settings, SignIn, TakenBack,
};
use super::vault::{BackupFile, Mended, Move, NewPassphrase, Passphrase};
use crate::authority::discover::Preview;
use crate::authority::person::{
    ClientStanding, FilesPlanned, LyingEntry, RulesSaid, SecretsLying, ToolSaid, ToolSeen, ToolShown,
    ToolsSaid,
};
use crate::valet::view::{AsleepProgram, RunningProgram, StandingAnswer, View, WantedSignIn};
use ::import::{Client, Left, Listing, Notice, Offer, Other, Seen, Why};
use audit::{Activity, Chart, Row};
use config::{AgentsPolicy, LockPolicy, Setting};
use consent::about::{About, AccountOffered, Before, Shared, Wish};
use consent::answer::{Choice, Confirmation};
use consent::call::{Argument, CallAnswer, CallWish, WhyAsked};
use consent::lasts::Lasts;
use consent::proposed_forward::ForwardedServer;
use consent::question::Question;
use consent::tools::Difference;
use consent::use_answer::UseAnswer;
use files::paths::Places;
use ground::cause::Cause;
use state::deed::{Deed, What};
use state::vault_notice::VaultNotice;
use std::path::Path;
use ts_rs::{Config, TS};
use vault::Mend;
use wire::doctor::{Conclusion, Examine, Exchange, Finding, Remedy, Report, Rule, Step, Verdict, Who};
use wire::{
    AccessLevel, Act, ActKind, Actor, ActorKind, AnyAct, AttemptState, AuditEntry, AuditFault, Broken,
    ClassRules, ClientOutcome, Code, Comes, Consent, ConsentState, CopiedFile, CredentialKind, DeviceCode,
    FileChange, FileLines, Form, GrantState, HeaderLine, KeyText, LocalProgram, LookAlike, LostWay,
    MovedServer, Moves, NewProgram, NewServer, Outcome, Problem, Reason, Removed, Returning, Revocation,
    Revoke, RevokedAll, RevokedOne, Rules, Ruling, SaidBy, Server, ServerKey, ServerState, SetUpFile, Stands,
    Staying, Sum, ToolClass, ToolRule, VaultKind, Verified,
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
        declared::<FileChange>(),
        declared::<FileLines>(),
        declared::<ForwardedServer>(),
        declared::<wire::Forward>(),
        declared::<wire::ForwardState>(),
        declared::<wire::NewForward>(),
        declared::<wire::WebClient>(),
        declared::<Moves>(),
        declared::<MovedServer>(),
        declared::<Staying>(),
        declared::<CopiedFile>(),
        declared::<Comes>(),
        declared::<Returning>(),
        declared::<LostWay>(),
        declared::<FilesMeant>(),
        declared::<FilesPlanned>(),
        declared::<FilesAgreed>(),
        declared::<MovesMeant>(),
        declared::<MovesAgreed>(),
        declared::<SecretsLying>(),
        declared::<LyingEntry>(),
        declared::<SetUpFile>(),
        declared::<ClientStanding>(),
        declared::<Wish>(),
        declared::<AccountOffered>(),
        declared::<CallWish>(),
        declared::<Argument>(),
        declared::<WhyAsked>(),
        declared::<Difference>(),
        declared::<CallAnswer>(),
        declared::<ToolClass>(),
        declared::<Ruling>(),
        declared::<ClassRules>(),
        declared::<ToolRule>(),
        declared::<Rules>(),
        declared::<SaidBy>(),
        declared::<ToolSeen>(),
        declared::<ToolsSaid>(),
        declared::<ToolShown>(),
        declared::<ToolSaid>(),
        declared::<RulesSaid>(),
        declared::<Before>(),
        declared::<Setting>(),
        declared::<Shared>(),
        declared::<Form>(),
        declared::<AccessLevel>(),
        declared::<Lasts>(),
        declared::<Choice>(),
        declared::<UseAnswer>(),
        declared::<Confirmation>(),
        declared::<Confirmed>(),
        declared::<ChosenAccount>(),
        declared::<Answered>(),
        declared::<Taken>(),
        declared::<Connected>(),
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
        declared::<BackupFile>(),
        declared::<AgentsPolicy>(),
        declared::<LockPolicy>(),
        declared::<Cause>(),
        declared::<Settings>(),
        declared::<NewServer>(),
        declared::<NewProgram>(),
        declared::<LocalProgram>(),
        declared::<RunningProgram>(),
        declared::<AsleepProgram>(),
        declared::<SaidByProgram>(),
        declared::<Name>(),
        declared::<OwnClient>(),
        declared::<TypedKey>(),
        declared::<KeyText>(),
        declared::<CredentialKind>(),
        declared::<ServerKey>(),
        declared::<HeaderLine>(),
        declared::<Edit>(),
        declared::<Address>(),
        declared::<Preview>(),
        declared::<Listing>(),
        declared::<Offer>(),
        declared::<Seen>(),
        declared::<Client>(),
        declared::<Left>(),
        declared::<Other>(),
        declared::<Why>(),
        declared::<Notice>(),
        declared::<SignIn>(),
        declared::<Opened>(),
        declared::<DeviceCode>(),
        declared::<Begun>(),
        declared::<Forgotten>(),
        declared::<TakenBack>(),
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
        declared::<Sum>(),
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
