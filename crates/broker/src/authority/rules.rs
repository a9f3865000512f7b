//! What a program may do at a server, as it is told itself. Nothing is changed by that.

use crate::authority::agent::Agent;
use crate::valet::catalogs;
use consent::decide::{Decided, of_tool, of_unlisted};
use consent::tools::Known;
use message::listing;
use serde_json::value::RawValue;
use state::meant::Meant;
use wire::{ConsentState, LastTime, Problem, RulesOf, Ruling, ToolUnderRules};

/// What of a server's tools this program may see: all but those that it may never call.
pub(crate) fn seen(agent: &Agent, meant: &Meant, said: LastTime) -> LastTime {
    let (grant, policy) = {
        let book = agent.valet.book();
        let Ok(server) = book.meant(meant) else { return LastTime::default() };
        (catalogs::grant_at(server), book.config.valet.agents)
    };
    let (who, now) = (agent.peer.application(), agent.valet.clock.now());
    let (rules, latest) = {
        let consents = agent.valet.consents();
        (consents.rules(policy, who, &meant.id, now), consents.latest())
    };
    let Some(rules) = rules else { return said };
    let catalogs = agent.valet.catalogs.lock();
    let known = catalogs.tools(&meant.id, &grant);
    let may = |name: &str| of_tool(&rules, name, known, now, latest).rule != Ruling::Never;
    let may_see = |tool: &RawValue| listing::name(tool).is_some_and(|name| may(&name));
    let tools = said.tools.map(|tools| tools.into_iter().filter(|tool| may_see(tool)).collect());
    LastTime { tools, ..said }
}

/// The rules of the calling program at a server, and what follows from them for each tool that is known.
pub(crate) async fn of(agent: &Agent, server: &str) -> Result<RulesOf, Problem> {
    let meant = agent.meant(server).await?;
    let (account, grant, policy) = {
        let book = agent.valet.book();
        let server = book.meant(&meant)?;
        let account = server.account().map(ToOwned::to_owned);
        (account, catalogs::grant_at(server), book.config.valet.agents)
    };
    let Meant { name, id } = meant;
    catalogs::read(&agent.valet, &id).await?;
    let (who, now) = (agent.peer.application(), agent.valet.clock.now());
    let (allowed, rules, latest) = {
        let consents = agent.valet.consents();
        let allowed = consents.standing(policy, who, &id, None, now) == ConsentState::Allowed;
        (allowed, consents.rules(policy, who, &id, now), consents.latest())
    };
    // Whoever may not use the server is not told what it has.
    let catalogs = agent.valet.catalogs.lock();
    let tools = catalogs.tools(&id, &grant).filter(|_| allowed);
    let under = |(tool, known): (&str, &Known)| {
        let (class, said_by) = known.class();
        let (rule, because) = match &rules {
            None => (Ruling::Free, "everything"),
            Some(rules) => {
                let Decided { rule, because, .. } = of_tool(rules, tool, tools, now, latest);
                (rule, because.as_str())
            }
        };
        ToolUnderRules { tool: tool.to_owned(), class, said_by, rule, because: because.to_owned() }
    };
    let listed = tools.into_iter().flat_map(|tools| tools.all()).map(under).collect();
    let unlisted = match &rules {
        Some(rules) => of_unlisted(rules),
        None if allowed => Ruling::Free,
        None => Ruling::Ask,
    };
    let rules = rules.as_ref().map(|rules| rules.show(now, latest));
    let account = account.filter(|_| allowed);
    Ok(RulesOf { server: name, account, allowed, rules, tools: listed, unlisted })
}
