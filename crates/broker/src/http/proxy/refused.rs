//! What follows from a server's refusal: of the token, or of what that is good for.

use super::call::Call;
use crate::hand_out::{Heard, Need, Remedy, Shown};
use http::StatusCode;
use http::header::WWW_AUTHENTICATE;
use oauth::{Challenge, Download, Mask};
use state::held::RefusedToken;
use state::item::Grant;
use state::keys::Keys;
use state::server::Server;
use std::sync::Arc;
use wire::Problem;

/// Scopes of a challenge that are read.
const MOST_SCOPES: usize = 64;

impl Call {
    /// What is needed after the server refused what was `shown` to it, or wanted something. Of its challenge
    /// only `error` and `scope` count; its words are shown.
    pub(super) fn challenged(
        &self,
        download: &Download,
        mask: &Mask,
        shown: Option<Shown>,
        mut need: Need,
    ) -> Result<Need, Problem> {
        let name = &self.place.meant.name;
        let challenge = Challenge::bearer(download.headers()).unwrap_or_default();
        let said = challenge.words(mask);
        let about = About::of(download.status(), &challenge)
            .ok_or_else(|| problems::quoting(problems::forbidden(name), said.as_deref()))?;
        let grant = match shown {
            Some(Shown::Grant(grant)) => grant,
            Some(Shown::Keys(keys)) => return Err(self.key_refused(&keys, download, said.as_deref())),
            None => {
                self.remember(&scopes_of(&challenge, mask), about, None)?;
                (need.scopes, need.heard) = (Vec::new(), Heard::WantsSignIn);
                return Ok(need);
            }
        };
        let scopes = scopes_of(&challenge, mask);
        let missing = missing(&scopes, &grant);
        let why = match about {
            About::Token if self.is_unattended() => problems::refused_for_good(name),
            About::Token => problems::refused_by_server(name),
            About::Scopes => problems::more_scopes_required(name, &missing),
        };
        let why = problems::quoting(why, said.as_deref());
        let remedy = self.remedy(about, &grant, &need);
        if about == About::Token {
            self.doubt(&grant, &why);
        }
        if remedy == Remedy::SignIn {
            self.remember(&scopes, about, Some(&missing))?;
            need.scopes = if about == About::Scopes { scopes } else { Vec::new() };
        }
        need.heard = Heard::Rejected { grant, remedy, why: Box::new(why) };
        Ok(need)
    }

    /// A key that is refused is refused: nothing comes in its place but another, which the person sets.
    fn key_refused(&self, keys: &Arc<Keys>, download: &Download, said: Option<&str>) -> Problem {
        let offers = offers_sign_in(download);
        let why = problems::quoting(problems::key_refused(&self.place.meant.name, offers), said);
        let refused = RefusedToken { problem: why.clone(), operation: self.message.operation.clone() };
        self.agent.valet.change_server(&self.place.meant.name, |server| {
            if server.held.has(keys) {
                server.doubts.refused = Some(refused);
                server.offers_sign_in = offers;
            }
        });
        why
    }

    /// A token that was renewed for this very request is not renewed once more, nor one that was for another
    /// just now.
    fn remedy(&self, about: About, grant: &Arc<Grant>, need: &Need) -> Remedy {
        let now = self.agent.valet.clock.now();
        let renews = |server: &Server| {
            let spared = server.held.is(grant) && server.upkeep.is_spared(now);
            (grant.refresh.is_some() || server.is_unattended()) && !spared
        };
        let rejected = matches!(need.heard, Heard::Rejected { .. });
        let may = about == About::Token && !rejected;
        let renews = may && self.agent.valet.book().meant(&self.place.meant).is_ok_and(renews);
        if renews { Remedy::Renew } else { Remedy::SignIn }
    }

    fn is_unattended(&self) -> bool {
        self.agent.valet.book().meant(&self.place.meant).is_ok_and(Server::is_unattended)
    }

    /// The server does not take what is held: that is what everybody is shown of it.
    fn doubt(&self, grant: &Arc<Grant>, why: &Problem) {
        let refused = RefusedToken { problem: why.clone(), operation: self.message.operation.clone() };
        self.agent.valet.change_server(&self.place.meant.name, |server| {
            if server.held.is(grant) {
                server.doubts.refused = Some(refused);
            }
        });
    }

    /// The server takes what is `shown` to it for what it had refused it for. For anything else it may have
    /// wanted none.
    pub(super) fn accepted(&self, need: &Need, shown: Option<&Shown>) {
        let Some(shown) = shown else { return };
        let operation = &self.message.operation;
        let renewed = matches!(need.heard, Heard::Rejected { .. });
        let is_news = |server: &Server| {
            let refused = server.doubts.refused.as_ref();
            let takes = renewed || refused.is_some_and(|refused| refused.operation == *operation);
            let is_held = match shown {
                Shown::Grant(grant) => server.held.is(grant),
                Shown::Keys(keys) => server.held.has(keys),
            };
            is_held && takes
        };
        let valet = &self.agent.valet;
        if !valet.book().meant(&self.place.meant).is_ok_and(is_news) {
            return;
        }
        valet.change_server(&self.place.meant.name, |server| {
            server.doubts.refused = None;
            server.upkeep.spare_no_more();
        });
    }

    /// Remembers what the next sign-in has to ask for, unless there were enough of them for this operation.
    /// `missing` are the scopes that a grant lacks, if there was one.
    fn remember(&self, scopes: &[String], about: About, missing: Option<&[String]>) -> Result<(), Problem> {
        let valet = &self.agent.valet;
        let operation = &self.message.operation;
        let sign_ins = {
            let mut book = valet.book();
            let server = book.meant_mut(&self.place.meant)?;
            if about == About::Scopes && (server.config.oauth.scopes.is_some() || server.is_unattended()) {
                let missing = missing.unwrap_or(scopes);
                return Err(problems::configured_too_narrow(&self.place.meant.name, missing));
            }
            server.wish.challenge(scopes.to_vec());
            server.sign_ins
        };
        let what = (self.place.meant.id.as_str(), operation.as_str());
        if valet.operations().may_sign_in(what, sign_ins, missing.is_some(), valet.clock.now()) {
            return Ok(());
        }
        Err(problems::never_content(&self.place.meant.name, operation.trim_end()))
    }
}

/// What a server refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// The token, or that there is none.
    Token,
    /// What the token is good for.
    Scopes,
}

impl About {
    /// `None` where the refusal has nothing to do with signing in. Gateways say 403 of a token that is over
    /// as well, by its name (against RFC 6750 §3.1).
    fn of(status: StatusCode, challenge: &Challenge) -> Option<Self> {
        match challenge.error.as_deref() {
            Some("insufficient_scope") => Some(Self::Scopes),
            Some("invalid_token") => Some(Self::Token),
            Some(_) | None => (status == StatusCode::UNAUTHORIZED).then_some(Self::Token),
        }
    }
}

/// Whether a refusal says where one signs in: by a pointer to the metadata (RFC 9728 §5.1).
fn offers_sign_in(download: &Download) -> bool {
    let said = download.headers().get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    said.flat_map(|said| said.split([' ', ','])).any(|part| part.starts_with("resource_metadata="))
}

/// Scopes are shown, and asked for at the issuer: a token is none.
fn scopes_of(challenge: &Challenge, mask: &Mask) -> Vec<String> {
    let scopes = challenge.scope.as_deref().unwrap_or_default().split_ascii_whitespace();
    let is_one = |scope: &&str| config::is_scope(scope) && !mask.hides(scope.as_bytes());
    scopes.filter(is_one).take(MOST_SCOPES).map(ToOwned::to_owned).collect()
}

/// A server names all that it wants (RFC 6750 §3), of which some may be there.
fn missing(scopes: &[String], grant: &Grant) -> Vec<String> {
    scopes.iter().filter(|scope| !grant.parts.scopes.contains(scope)).cloned().collect()
}
