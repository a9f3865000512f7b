//! Moving here what other programs list, secrets and all: planned without a network, shown, and done after
//! one yes. A secret is in the vault and was read back from there before any file is touched.

mod here;
mod keep;
mod shown;

pub(crate) use keep::keep;
pub(crate) use shown::{lying, moves, to_paste};

use crate::authority::agent::Agent;
use crate::authority::looks::{self, For};
use crate::authority::proposal;
use crate::authority::setup::{self, Planned};
use crate::hand_out::not_while_locked;
use crate::valet::Valet;
use adopt::Wanted;
use clients::Scene;
use consent::proposal::{Made, Wants};
use consent::proposed_files::{ProposedFiles, ProposedMoves};
use here::Known;
use import::Client;
use std::sync::Arc;
use wire::{Adopt, AdoptDone, FileChange, Problem, VaultKind};

/// Asks the person about it, and waits for the answer as long as it says.
pub(crate) async fn propose(agent: &Agent, asked: Adopt) -> Result<AdoptDone, Problem> {
    let wait = asked.wait.unwrap_or(0);
    if wait > wire::MAX_WAIT {
        return Err(problems::too_long_a_wait());
    }
    not_while_locked(agent)?;
    looks::counted(&agent.valet)?;
    let unasked = plan(&agent.valet, &asked, Looks::Nowhere, For::Programs).await?;
    if asked.dry_run || unasked.changes_nothing() {
        return Ok(told_unasked(&unasked));
    }
    let planned = plan(&agent.valet, &asked, Looks::IntoTheVault, For::Programs).await?;
    let (mut files, moves) = (planned.left(), planned.moves());
    // The lines to paste are told where nobody can be asked.
    let to_paste = unasked.proposed_moves(&agent.valet, &asked).to_paste;
    let wants = ProposedFiles { to_paste, ..planned.proposed_moves(&agent.valet, &asked) };
    let wants = Wants::Files(Box::new(wants));
    if let Made::Files(done) = proposal::propose(agent, wants, wait).await? {
        files.extend(done);
    }
    Ok(AdoptDone { files, changes: Vec::new(), moves })
}

/// What a program hears that nobody was asked for: names, places and how many. What stands in files of other
/// programs, and where else secrets are, is for the person.
fn told_unasked(planned: &Planned) -> AdoptDone {
    let without_lines = |change: FileChange| FileChange { lines: Vec::new(), ..change };
    AdoptDone {
        files: planned.left(),
        changes: planned.shown().into_iter().map(without_lines).collect(),
        moves: planned.moves_unasked(),
    }
}

/// Whether a plan compares what it finds with the keys that are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looks {
    /// Whoever is told the plan could try out keys by it, so the person is asked first.
    IntoTheVault,
    Nowhere,
}

/// Plans what is asked.
pub(crate) async fn plan(
    valet: &Arc<Valet>,
    asked: &Adopt,
    looks: Looks,
    whose: For,
) -> Result<Planned, Problem> {
    if valet.vault.kind() == VaultKind::Memory {
        return Err(problems::moves_need_a_vault());
    }
    let clients = asked.clients.iter().map(|word| word.parse::<Client>().map_err(problems::unknown_client));
    let wanted = Wanted {
        clients: clients.collect::<Result<_, _>>()?,
        except: asked.except.clone(),
        arguments: asked.arguments,
    };
    let scene: Scene = setup::scene(valet, None, None)?;
    let known = Known::of(valet, looks).await?;
    let config = valet.paths.config.clone();
    let planning = move || {
        let plan = adopt::plan(&scene, &config, &wanted, &known);
        plan.map(|plan| Planned::to_move(scene, plan)).map_err(|error| problems::files_unplanned(&error))
    };
    whose.looks(valet, planning).await
}

/// Plans again what was shown.
pub(crate) async fn plan_again(
    valet: &Arc<Valet>,
    clients: &[String],
    shown: &ProposedMoves,
    whose: For,
) -> Result<Planned, Problem> {
    let asked = Adopt {
        clients: clients.to_vec(),
        except: shown.except.clone(),
        arguments: shown.arguments,
        ..Adopt::default()
    };
    plan(valet, &asked, Looks::IntoTheVault, whose).await
}
