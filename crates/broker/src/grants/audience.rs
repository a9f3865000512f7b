//! Whether a token says that it is for another server of the person's: what the one at hand would get is then
//! the other's.

use crate::base::problems;
use crate::state::book::Book;
use crate::state::item::GrantParts;
use crate::state::server::Server;
use oauth::{ResourceChoice, Secret, ServerUrl};
use plain::plain;
use url::Url;
use wire::Problem;

/// Most characters of an audience that are shown.
const MAX_SHOWN: usize = 120;

/// Refuses a token whose audience is another configured server, and not the one that it was asked for.
///
/// # Errors
/// It is such a token.
pub(crate) fn not_anothers(
    book: &Book,
    name: &str,
    parts: &GrantParts,
    token: &Secret,
) -> Result<(), Problem> {
    let audience = oauth::audience(token);
    let Some(own) = book.servers.get(name).filter(|_| !audience.is_empty()) else { return Ok(()) };
    let others = || book.servers.values().filter(|other| other.id != own.id);
    let is_own = |aud: &String| {
        named(own, aud) || parts.resource.as_deref().is_some_and(|resource| is_same(resource, aud))
    };
    if audience.iter().any(is_own) || audience.iter().any(|aud| is_scoped(own, aud)) {
        return Ok(());
    }
    let exactly = |other: &&Server| audience.iter().any(|aud| named(other, aud));
    let near = |server: &Server| audience.iter().any(|aud| is_near(&server.config.url, aud));
    let other = others().find(exactly).or_else(|| others().find(|other| near(other) && !near(own)));
    other.map_or(Ok(()), |other| Err(refused(own, other, &audience)))
}

/// Whether `aud` is what tokens of this server are for: its URL, or the resource that they are asked for
/// with.
fn named(server: &Server, aud: &str) -> bool {
    let configured = match &server.config.oauth.resource {
        ResourceChoice::Uri(uri) => Some(uri.as_str()),
        ResourceChoice::Auto | ResourceChoice::Omit => None,
    };
    let granted = server.held.grant().and_then(|grant| grant.parts.resource.as_deref());
    [Some(server.config.url.as_str()), configured, granted].into_iter().flatten().any(|own| is_same(own, aud))
}

/// Whether the person's own scopes for this server are those of the API `aud`, as Entra writes them.
fn is_scoped(server: &Server, aud: &str) -> bool {
    let scopes = server.config.oauth.scopes.as_deref().unwrap_or_default();
    scopes.iter().any(|scope| scope.strip_prefix(aud).is_some_and(|rest| rest.starts_with('/')))
}

/// The same but for a slash at the end: a server that takes both would take the token.
fn is_same(own: &str, aud: &str) -> bool {
    let bare = |text: &str| Url::parse(text).map(|url| url.as_str().trim_end_matches('/').to_owned());
    own == aud || bare(own).is_ok_and(|own| bare(aud) == Ok(own))
}

/// Whether `aud` is a parent of the server, or below it.
fn is_near(server: &ServerUrl, aud: &str) -> bool {
    let Ok(aud) = Url::parse(aud) else { return false };
    let below = |parent: &Url, child: &Url| {
        let rest = child.path().strip_prefix(parent.path().trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let server = server.url();
    aud.origin() == server.origin() && (below(&aud, server) || below(server, &aud))
}

fn refused(own: &Server, other: &Server, audience: &[String]) -> Problem {
    let aud = audience.first().map(|aud| plain(aud, MAX_SHOWN)).unwrap_or_default();
    let detail = format!(
        "the token that was issued for \"{}\" is for \"{}\" ({aud}), and was not used",
        own.name, other.name
    );
    let advice = format!(
        "Ask the operator of \"{}\" why. If one token is meant for both, name what it is for in oauth.resource of \"{0}\", or set \
         its verify to \"off\".",
        own.name
    );
    problems::failed("token_for_another", detail, advice)
}
