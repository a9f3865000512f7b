//! Leading a socket in another place here: for a program the person is asked, who sees where and for what.

use crate::authority::agent::Agent;
use crate::authority::proposal;
use crate::hand_out::not_while_locked;
use crate::valet::{Valet, forwards};
use consent::proposal::{Made, Wants};
use consent::proposed_forward::{ForwardedServer, ProposedForward};
use forward::{Container, Host, Place};
use peer::By;
use state::meant::Meant;
use state::server::Server;
use std::sync::Arc;
use wire::{Forward, NewForward, Problem};
use words::say;

/// Asks the person about it, and waits for the answer as long as it says.
pub(crate) async fn propose(agent: &Agent, asked: NewForward) -> Result<Forward, Problem> {
    let wait = asked.wait.unwrap_or(0);
    if wait > wire::MAX_WAIT {
        return Err(problems::too_long_a_wait());
    }
    not_while_locked(agent)?;
    let wants = Wants::Forward(Box::new(proposed(&agent.valet, &asked)?));
    match proposal::propose(agent, wants, wait).await? {
        Made::Forward(forward) => Ok(*forward),
        Made::Entry { .. } | Made::Files(_) => {
            Err(problems::internal(say!(problem_this_broke_off), say!(problem_again_advice)))
        }
    }
}

/// What is asked for, read strictly.
pub(crate) fn proposed(valet: &Valet, asked: &NewForward) -> Result<ProposedForward, Problem> {
    let place = place(asked)?;
    let book = valet.book();
    let of = |server: &Server| ForwardedServer {
        server: server.name.clone(),
        id: server.id.clone(),
        host: server.config.place.host(),
        whole: server.config.place.whole(),
        runs_here: server.runs_here(),
    };
    let mut servers: Vec<ForwardedServer> = match asked.servers.is_empty() {
        // What runs here does here what is asked of it there: it is led there by its name alone.
        true => book.servers.values().filter(|server| !server.runs_here()).map(of).collect(),
        false => asked.servers.iter().map(|name| book.find(name).map(of)).collect::<Result<_, _>>()?,
    };
    servers.sort_by(|one, other| one.server.cmp(&other.server));
    servers.dedup();
    if servers.is_empty() {
        return Err(problems::forward_of_nothing());
    }
    Ok(ProposedForward { host: place.to_string(), servers })
}

fn place(asked: &NewForward) -> Result<Place, Problem> {
    let place = match (&asked.ssh, &asked.container) {
        (Some(host), None) => Host::parse(host).map(Place::Ssh),
        (None, Some(name)) => Container::parse(name).map(Place::Container),
        (None, None) | (Some(_), Some(_)) => {
            return Err(problems::invalid_request(
                say!(problem_forward_place),
                say!(problem_forward_host_advice),
            ));
        }
    };
    place.map_err(|error| problems::invalid_request(error.to_string(), say!(problem_forward_host_advice)))
}

/// Leads it here, as the person agreed to.
pub(crate) async fn put(valet: &Arc<Valet>, proposed: &ProposedForward, by: &By) -> Result<Forward, Problem> {
    let place = Place::parse(&proposed.host)
        .map_err(|error| problems::invalid_request(error.to_string(), say!(problem_forward_host_advice)))?;
    let meant = |one: &ForwardedServer| Meant { name: one.server.clone(), id: one.id.clone() };
    forwards::open(valet, place, proposed.servers.iter().map(meant).collect(), by).await
}

/// What the audit says was asked for.
pub(crate) fn told(proposed: &ProposedForward) -> String {
    let servers: Vec<&str> = proposed.servers.iter().map(|one| one.server.as_str()).collect();
    format!("{}: {}", proposed.host, servers.join(", "))
}
