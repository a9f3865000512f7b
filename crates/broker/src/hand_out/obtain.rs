//! Doing what was decided, until there is a grant that is good for what is needed.

use crate::grants::{refresh, unattended};
use crate::hand_out::askable::somebody_can_be_asked;
use crate::hand_out::caller::Caller;
use crate::hand_out::decision::{Step, decide, is_renewable};
use crate::hand_out::need::Need;
use crate::hand_out::shown::Shown;
use crate::hand_out::sign_in::AwaitedSignIn;
use crate::valet::Valet;
use config::AgentsPolicy;
use jiff::Timestamp;
use state::flight::{Flight, Landing};
use state::item::Grant;
use state::meant::Meant;
use state::server::Server;
use state::shut::Shut;
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};
use vault::VaultError;
use wire::{Code, Problem};
use words::say;

/// A grant whose token is good for what is needed, or the keys, as `check` lets them go: it has the last
/// word, about the server and what agents get in general, at the moment when they are found to be held.
///
/// # Errors
/// There is none, or `check` does not let it go.
pub(crate) async fn obtain<T>(
    agent: &Caller,
    meant: &Meant,
    need: &Need,
    check: impl Fn(AgentsPolicy, &Server, Shown) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let valet = &agent.valet;
    let mut sign_in: Option<AwaitedSignIn> = None;
    loop {
        if let Some(sign_in) = &mut sign_in {
            sign_in.look_now();
        }
        match look(valet, meant, need, &check)? {
            Progress::Ready(ready) => return Ok(ready),
            Progress::Renewing(grant, flight) => {
                if let Some(renewed) = renewed(valet, &grant, flight, need).await?
                    && let Some(ready) = last_look(valet, meant, renewed, &check)?
                {
                    return Ok(ready);
                }
            }
            Progress::Replacing(flight) => drop(unless_over(landing(flight, need).await)?),
            Progress::Obtaining(flight) => drop(obtained(flight, need.deadline).await?),
            Progress::Sealed => unseal(valet, need.deadline).await?,
            Progress::SignIn(problem) => {
                if !somebody_can_be_asked(valet, need.deadline).await {
                    return Err(problem);
                }
                match &mut sign_in {
                    Some(sign_in) => sign_in.comes(need.deadline, problem).await?,
                    None => sign_in = Some(AwaitedSignIn::want(agent, meant, need)),
                }
            }
        }
    }
}

/// What a look at a server finds, and what is under way by then.
enum Progress<T> {
    Ready(T),
    Renewing(Arc<Grant>, Flight),
    Replacing(Flight),
    Obtaining(Flight),
    Sealed,
    SignIn(Problem),
}

/// Decides, and does it at the same moment.
fn look<T>(
    valet: &Arc<Valet>,
    meant: &Meant,
    need: &Need,
    check: impl Fn(AgentsPolicy, &Server, Shown) -> Result<T, Problem>,
) -> Result<Progress<T>, Problem> {
    if let Some(error) = valet.vault.outdated() {
        return Err(Problem::from(error));
    }
    let now = valet.clock.now();
    let mut book = valet.book();
    let (policy, locked) = (book.config.valet.agents, book.lock.as_ref().map(|lock| lock.cause));
    let server = book.meant_mut(meant)?;
    Ok(match decide(server, locked, need, now) {
        Step::Use(shown) => {
            if let Shown::Grant(grant) = &shown {
                renew_ahead(valet, server, grant, now);
            }
            let ready = check(policy, server, shown)?;
            server.last_used = Some(now);
            Progress::Ready(ready)
        }
        Step::Renew(grant) => {
            if let Some((_, why)) = need.remedy(&grant) {
                server.upkeep.spare(why.clone(), now);
            }
            let flight = refresh::join(valet, server, &grant);
            Progress::Renewing(grant, flight)
        }
        Step::Replace(grant) => Progress::Replacing(refresh::join(valet, server, &grant)),
        Step::Obtain(grant) => Progress::Obtaining(unattended::join(valet, server, grant)),
        Step::Unseal => Progress::Sealed,
        Step::SignIn(problem) => Progress::SignIn(problem),
        Step::Refuse(problem) => return Err(problem),
    })
}

/// What is in use is renewed before it ends, so that nobody has to wait then. After a failure it is left to
/// those who need it.
fn renew_ahead(valet: &Arc<Valet>, server: &mut Server, grant: &Arc<Grant>, now: Timestamp) {
    if is_renewable(server, grant) && server.upkeep.problem().is_none() && grant.is_nearly_over(now) {
        refresh::join(valet, server, grant);
    }
}

/// The last word about a grant that was waited for. `None` if it was revoked, replaced or locked meanwhile.
fn last_look<T>(
    valet: &Valet,
    meant: &Meant,
    grant: Arc<Grant>,
    check: impl Fn(AgentsPolicy, &Server, Shown) -> Result<T, Problem>,
) -> Result<Option<T>, Problem> {
    if let Some(error) = valet.vault.outdated() {
        return Err(Problem::from(error));
    }
    let now = valet.clock.now();
    let mut book = valet.book();
    let (policy, locked) = (book.config.valet.agents, book.lock.is_some());
    let server = book.meant_mut(meant)?;
    if locked || !server.held.is(&grant) {
        return Ok(None);
    }
    let ready = check(policy, server, Shown::Grant(grant))?;
    server.last_used = Some(now);
    Ok(Some(ready))
}

/// What came of a renewal of `grant`, or else that itself, as long as it serves. `None` if it is over: then
/// it is a matter of signing in again.
async fn renewed(
    valet: &Valet,
    grant: &Arc<Grant>,
    flight: Flight,
    need: &Need,
) -> Result<Option<Arc<Grant>>, Problem> {
    match unless_over(landing(flight, need).await) {
        Err(_) if need.still_serves(grant, valet.clock.now()) => Ok(Some(Arc::clone(grant))),
        landed => landed,
    }
}

async fn landing(flight: Flight, need: &Need) -> Landing {
    let landing = timeout_at(need.deadline, flight.land()).await;
    landing.unwrap_or_else(|_| Err(problems::timeout(&say!(problem_waited_renewal))))
}

async fn obtained(flight: Flight, deadline: Instant) -> Landing {
    timeout_at(deadline, flight.land())
        .await
        .unwrap_or_else(|_| Err(problems::timeout(&say!(problem_waited_issuer))))
}

/// What landed; `None` where the grant is over.
fn unless_over(landing: Landing) -> Result<Option<Arc<Grant>>, Problem> {
    match landing {
        Err(problem) if matches!(problem.code, Code::Lapsed | Code::RegistrationLost) => Ok(None),
        landed => landed.map(Some),
    }
}

/// Has the vault read. That goes on even if the caller that needed it goes away.
pub(super) async fn unseal(valet: &Arc<Valet>, deadline: Instant) -> Result<(), Problem> {
    let reader = Arc::clone(valet);
    let reading = valet.runtime.spawn(async move { reader.unseal().await });
    let read =
        timeout_at(deadline, reading).await.map_err(|_| problems::timeout(&say!(problem_waited_keychain)))?;
    read.unwrap_or(Err(Shut::Vault(VaultError::Broken))).map_err(Problem::from)
}
