//! What a renewal asks of the issuer, and how it asks where the issuer minds that.

use super::renewal::Renewal;
use crate::grants::credential;
use crate::valet::asking::Slot;
use jiff::Timestamp;
use oauth::{Fault, Issuer, RefreshRequest, ResourceChoice, Secret, Tokens};
use state::item::{Grant, GrantParts};
use state::server::Server;
use std::time::Duration;
use url::Url;
use wire::Problem;

/// How long after a refusal that may mean the end it is asked whether that was meant.
const PAUSE: Duration = Duration::from_secs(1);

/// Where it is asked, when, and with what.
struct Target<'a> {
    issuer: &'a Issuer,
    url: &'a Url,
    refresh_token: &'a Secret,
    sent_at: Timestamp,
}

impl Renewal {
    /// Asks the issuer. Answers the grant that was asked for as well: some issuers take no `resource` any
    /// more, and some no `scope`.
    pub(super) async fn ask(
        &self,
        slot: Slot,
        issuer: &Issuer,
        token_endpoint: &Url,
        parts: GrantParts,
        refresh_token: &Secret,
        sent_at: Timestamp,
    ) -> (Grant, Result<Tokens, Fault>) {
        let grant = Grant { parts, ..Grant::clone(&self.grant) };
        let target = Target { issuer, url: token_endpoint, refresh_token, sent_at };
        let of = (self.name.as_str(), self.id.as_str());
        let request = self.ask_as_it_likes(grant.parts.clone(), &target);
        let (parts, answer) = slot.wait(&self.valet, of, &issuer.host(), request).await;
        (Grant { parts, ..grant }, answer)
    }

    /// The grant's parts, with what our client proves itself with today. Whatever is wrong with that shows
    /// before anything is said to be sent.
    pub(super) async fn parts_of_today(&self) -> Result<GrantParts, Problem> {
        let mut parts = self.grant.parts.clone();
        parts.client = credential::of_today(&self.valet, &self.name, &parts.client).await?;
        Ok(parts)
    }

    /// Asks, and asks again without what the issuer says that it does not take. What it refused used up
    /// nothing. Words that may mean the end are heard twice before they count.
    async fn ask_as_it_likes(
        &self,
        mut parts: GrantParts,
        target: &Target<'_>,
    ) -> (GrantParts, Result<Tokens, Fault>) {
        let mut may_be_over = self.is_over(target.sent_at);
        loop {
            let answer = self.ask_once(&parts, target).await;
            let Err(fault) = &answer else { return (parts, answer) };
            if fault.refuses_resource() && self.may_omit_resource(&parts) {
                parts.resource = None;
            } else if fault.refuses_scope() && self.names_scopes(&parts) && !self.is_without_resource(&parts)
            {
                parts.scope_refused = true;
            } else if may_be_over && fault.may_end_grant() {
                may_be_over = false;
                self.valet.clock.wait(PAUSE).await;
            } else {
                return (parts, answer);
            }
        }
    }

    async fn ask_once(&self, parts: &GrantParts, target: &Target<'_>) -> Result<Tokens, Fault> {
        let scopes = if self.names_scopes(parts) { parts.scopes_to_keep() } else { Vec::new() };
        let request = RefreshRequest {
            refresh_token: target.refresh_token,
            resource: parts.resource.as_deref(),
            scopes: &scopes,
        };
        oauth::refresh(
            &self.valet.http(),
            &parts.endpoint(target.issuer, target.url, target.sent_at),
            &request,
        )
        .await
    }

    /// Whether the scopes are named: some issuers give a token without any where they are not. Without
    /// `resource` they must be, so that the token is no wider than before.
    fn names_scopes(&self, parts: &GrantParts) -> bool {
        !parts.scopes.is_empty() && (!parts.scope_refused || self.is_without_resource(parts))
    }

    /// Whether `resource` is left out of this renewal, and was there before.
    fn is_without_resource(&self, parts: &GrantParts) -> bool {
        parts.resource.is_none() && self.grant.parts.resource.is_some()
    }

    /// Some issuers stopped to take `resource`.
    fn may_omit_resource(&self, parts: &GrantParts) -> bool {
        let remember = |server: &mut Server| {
            let may = server.config.oauth.resource == ResourceChoice::Auto && !parts.scopes.is_empty();
            if may {
                server.resource_refused_by = Some(parts.issuer.clone());
            }
            may
        };
        parts.resource.is_some() && self.valet.change_server(&self.name, remember) == Some(true)
    }
}
