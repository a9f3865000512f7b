//! `mcp-valetd fleet`: begins a fleet, lets machines in, and takes them out. And the shared vault, for a
//! valet that has one.

use broker::wire::{Code, Problem, Reason};
use broker::{Paths, SharedVault, VaultError};
use clap::Subcommand;
use config::{Config, Etcd, VaultChoice};
use fleet::{FleetError, Left, Pin, Request, Steward};
use std::collections::BTreeSet;
use std::fmt::Display;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::process::ExitCode;
use std::sync::Arc;
use words::say;

/// What is done with the fleet.
#[derive(Subcommand)]
pub(crate) enum Deed {
    /// Begin a fleet with this machine as its first member.
    Init {
        /// What this machine is called in it, instead of its own name.
        #[arg(long)]
        name: Option<String>,
    },
    /// Ask to belong to a fleet; or belong to it, once a member has let this machine in.
    Join {
        /// What a member said of the fleet; without it, this machine says what a member is to be told.
        fleet: Option<Pin>,
        /// What this machine is called in it, instead of its own name.
        #[arg(long)]
        name: Option<String>,
    },
    /// Let a machine in: everything is sealed to it too.
    Admit {
        /// What it said with `fleet join`.
        machine: Request,
    },
    /// List the members, and which of them are connected.
    Members,
    /// Take a machine out: everything is sealed anew without it, and what it had known is named.
    Remove {
        /// The member.
        name: String,
    },
}

/// Opens the shared vault that the configuration names.
pub(crate) fn open(etcd: &Etcd, paths: &Paths) -> Result<Arc<dyn SharedVault>, Problem> {
    let opened = fleet::open(etcd, &paths.state).map(|fleet| fleet as Arc<dyn SharedVault>);
    opened.map_err(|error| {
        let reason = match &error {
            FleetError::NoKeys => Reason::FleetUnjoined,
            FleetError::Vault(error) => error.reason(),
            FleetError::There
            | FleetError::Words
            | FleetError::Other
            | FleetError::Name(_)
            | FleetError::Last
            | FleetError::Setting(..) => VaultError::EngineRefused.reason(),
        };
        Problem::new(Code::Locked, error.to_string(), error.advice()).because(reason)
    })
}

/// Does it, and says what came of it.
pub(crate) fn run(deed: Deed) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = runtime.map_err(Failed::of).and_then(|runtime| runtime.block_on(act(deed)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed { detail, advice }) => {
            let _ = writeln!(io::stderr(), "mcp-valetd: {detail}\n  {advice}");
            ExitCode::FAILURE
        }
    }
}

struct Failed {
    detail: String,
    advice: String,
}

impl Failed {
    fn of(error: io::Error) -> Self {
        Self { detail: error.to_string(), advice: String::new() }
    }
}

impl From<FleetError> for Failed {
    fn from(error: FleetError) -> Self {
        Self { detail: error.to_string(), advice: error.advice() }
    }
}

async fn act(deed: Deed) -> Result<(), Failed> {
    let paths = Paths::from_env().map_err(Failed::of)?;
    let (config, _) = Config::load(&paths.config)
        .map_err(|error| Failed { detail: error.to_string(), advice: error.advice().to_owned() })?;
    let VaultChoice::Etcd(etcd) = &config.valet.vault else {
        let advice = say!(fleet_not_named_advice, path = paths.config.display().to_string());
        return Err(Failed { detail: say!(fleet_not_named), advice });
    };
    paths.make_state().map_err(Failed::of)?;
    let state = &paths.state;
    match deed {
        Deed::Init { name } => {
            let name = name.unwrap_or_else(own_name);
            let steward = Steward::init(etcd, state, &name).await?;
            tell(say!(fleet_made, name = name));
            tell(say!(fleet_pin, pin = steward.pin().to_string()));
        }
        Deed::Join { fleet: None, name } => {
            let request = Steward::request(state, &name.unwrap_or_else(own_name))?;
            tell(say!(fleet_fingerprint, name = request.name(), print = request.fingerprint()));
            tell(say!(fleet_ask));
            tell(format!("mcp-valetd fleet admit {request}"));
        }
        Deed::Join { fleet: Some(pin), .. } => {
            Steward::join(etcd, state, &pin).await?;
            tell(say!(fleet_joined));
        }
        Deed::Admit { machine } => {
            let steward = Steward::open(etcd, state).await?;
            tell(say!(fleet_fingerprint, name = machine.name(), print = machine.fingerprint()));
            if !is_the_same()? {
                let advice = say!(fleet_not_the_same_advice);
                return Err(Failed { detail: say!(fleet_not_the_same), advice });
            }
            let pin = steward.admit(&machine).await?;
            tell(say!(fleet_admitted, name = machine.name()));
            tell(format!("mcp-valetd fleet join {pin}"));
        }
        Deed::Members => {
            let steward = Steward::open(etcd, state).await?;
            for (member, is_here) in steward.members().await? {
                tell(match is_here {
                    true => say!(fleet_member_here, name = member.name),
                    false => say!(fleet_member_away, name = member.name),
                });
            }
            tell(say!(fleet_pin, pin = steward.pin().to_string()));
        }
        Deed::Remove { name } => {
            let can_renew = |id: &str, grant: &[u8]| broker::can_renew(&config, id, grant);
            let left = Steward::open(etcd, state).await?.remove(&name, &can_renew).await?;
            tell(say!(fleet_removed, name = name));
            tell_left(&left, &config);
        }
    }
    Ok(())
}

fn tell_left(left: &Left, config: &Config) {
    let named = |ids: &[String]| {
        let names: BTreeSet<String> = ids.iter().map(|id| broker::server_of(config, id)).collect();
        (!names.is_empty()).then(|| names.into_iter().collect::<Vec<_>>().join(", "))
    };
    if !left.renewed.is_empty() || left.ending.is_empty() {
        tell(say!(fleet_left_grants, count = left.renewed.len()));
    }
    if let Some(servers) = named(&left.ending) {
        tell(say!(fleet_left_ending, servers = servers));
    }
    if left.registrations > 0 {
        tell(say!(fleet_left_registrations, count = left.registrations));
    }
    if let Some(servers) = named(&left.keys) {
        tell(say!(fleet_left_keys, servers = servers));
    }
    if let Some(servers) = named(&left.secrets) {
        tell(say!(fleet_left_secrets, servers = servers));
    }
}

/// Whether somebody at the terminal says that both screens show the same. A script has compared it before.
fn is_the_same() -> Result<bool, Failed> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Ok(true);
    }
    let _ = write!(io::stdout(), "{}  {} > ", say!(fleet_is_it_the_same), say!(ask_yes_no));
    let _ = io::stdout().flush();
    let mut line = String::new();
    io::stdin().lock().take(64).read_line(&mut line).map_err(Failed::of)?;
    Ok(matches!(line.trim(), "y" | "yes"))
}

fn own_name() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    if name.is_empty() { "valet".to_owned() } else { name }
}

fn tell(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}
