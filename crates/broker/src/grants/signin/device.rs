//! Signing in on another device: the person types a code there, and the issuer is asked until they have.

use super::finish::{Return, grant, keep};
use super::prepare::{Preparation, Stopped, failed, stopped};
use super::under_way::{self, Begun, Entered};
use super::{bound_key, conclude, overtaken};
use crate::grants::{registration, revoke};
use crate::state::attempt::Attempt;
use crate::state::item::GrantParts;
use crate::state::waiting::OnDevice;
use crate::valet::Valet;
use jiff::Timestamp;
use oauth::{DeviceSignIn, Discovery, Endpoint, Issuer, Metadata, Tokens};
use peer::By;
use std::sync::Arc;
use std::time::Duration;
use url::Url;
use wire::{Authorization, DeviceCode, Problem};

/// The longest pause between two questions while the network is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What is needed to ask, and to keep what comes.
struct Polling {
    valet: Arc<Valet>,
    name: String,
    sign_in: DeviceSignIn,
    issuer: Issuer,
    token_endpoint: Url,
    parts: GrantParts,
    back: Return,
}

/// Begins a sign-in on another device. What works already keeps working meanwhile.
pub(super) async fn begin(
    valet: Arc<Valet>,
    name: String,
    by: By,
    issuer: Option<String>,
) -> Result<Authorization, Problem> {
    valet.open_vault().await?;
    let number = valet.number();
    let Begun { config, server_id, .. } = match under_way::enter(&valet, &name, &by, number)? {
        Entered::Begins(begun) => *begun,
        Entered::Joins(number) => return under_way::join(&valet, &name, number).await,
    };
    let attempt = Preparation { valet: &valet, name: &name, number, server_id, by, oauth: &config.oauth };
    match attempt.on_device(&config.url, issuer.as_deref()).await {
        Ok(polling) => {
            let code = shown(&polling.sign_in);
            let resource = polling.parts.resource.clone();
            let other =
                resource.as_deref().filter(|resource| !config.url.is_named(resource)).map(plain::address);
            let authorization = authorization(&name, &polling.sign_in, code.clone(), other);
            let page = authorization.clone();
            let waiting = Attempt::OnDevice(Box::new(OnDevice { number, code, page, resource }));
            if !conclude(&valet, &name, number, waiting) {
                return Err(overtaken(&name));
            }
            valet.runtime.spawn(polling.run());
            Ok(authorization)
        }
        Err(stopped) => {
            let (attempt, problem) = stopped.into_parts();
            conclude(&valet, &name, number, attempt);
            Err(problem)
        }
    }
}

fn shown(sign_in: &DeviceSignIn) -> DeviceCode {
    DeviceCode {
        user_code: sign_in.user_code.clone(),
        verification_uri: sign_in.verification_uri.as_str().to_owned(),
    }
}

fn authorization(
    name: &str,
    sign_in: &DeviceSignIn,
    device: DeviceCode,
    other_resource: Option<String>,
) -> Authorization {
    let page = sign_in.verification_uri_complete.as_ref().unwrap_or(&sign_in.verification_uri);
    Authorization {
        server: name.to_owned(),
        authorization_url: page.as_str().to_owned(),
        redirect_uri: None,
        other_resource,
        device: Some(device),
        expires_at: sign_in.expires_at,
    }
}

impl Preparation<'_> {
    async fn on_device(self, url: &oauth::ServerUrl, issuer: Option<&str>) -> Result<Polling, Stopped> {
        let http = self.valet.http();
        let discovery =
            oauth::discover(&http, url, &self.overrides()).await.map_err(|fault| failed(&fault))?;
        let issuer = self.choose(&discovery, issuer)?;
        let metadata = discovery.metadata(&http, &issuer).await.map_err(|fault| failed(&fault))?;
        let page = metadata.device_endpoint().map_err(|fault| failed(&fault))?;
        let ways = self.ways_on_device(&metadata, page).await?;
        let mut parts = self.parts(url, &discovery, &metadata).await?;
        let begin = async |parts: &GrantParts| {
            let endpoint = parts.endpoint(&issuer, page, self.valet.clock.now());
            oauth::begin_device(&http, &endpoint, parts.resource.as_deref(), &parts.scopes_asked).await
        };
        let mut begun = begin(&parts).await;
        // The issuer has forgotten the client that it registered for us: another is registered, once.
        if begun.as_ref().is_err_and(oauth::Fault::refuses_client) && self.may_register_anew(&issuer) {
            registration::forget_client(self.valet, issuer.as_str(), &parts.client.id).await;
            parts = self.parts(url, &discovery, &metadata).await?;
            begun = begin(&parts).await;
        }
        let sign_in = begun.map_err(|fault| failed(&fault))?;
        let typed_at = [Some(&sign_in.verification_uri), sign_in.verification_uri_complete.as_ref()];
        let typed_at = self.keep_to_own_pages(&issuer, typed_at, ways.agreed).await?;
        let ways = ways.and(typed_at);
        Ok(Polling {
            valet: Arc::clone(self.valet),
            name: self.name.to_owned(),
            sign_in,
            back: Return::of_device(self.number, self.server_id, self.by, issuer.clone(), &parts, ways),
            token_endpoint: metadata.token_endpoint.clone(),
            issuer,
            parts,
        })
    }
}

impl Preparation<'_> {
    async fn parts(
        &self,
        url: &oauth::ServerUrl,
        discovery: &Discovery,
        metadata: &Metadata,
    ) -> Result<GrantParts, Stopped> {
        let client = registration::device_client(self.valet, self.name, self.oauth, metadata).await?;
        let dpop = bound_key(self.oauth, discovery, metadata).map_err(stopped)?;
        let (resource, scopes) =
            (discovery.resource_for(&metadata.issuer), discovery.scopes_for(&metadata.issuer));
        Ok(GrantParts::new(url.as_str(), metadata, client, dpop, resource, scopes))
    }
}

impl Polling {
    async fn run(mut self) {
        let mut pause = self.sign_in.interval;
        loop {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.no_longer_awaited() => return,
            }
            if let Err(problem) = self.back.ways.are_apart(&self.valet.book(), &self.name) {
                return self.fail(problem);
            }
            let sent_at = self.valet.clock.now();
            match self.ask(sent_at).await {
                Ok(Some(tokens)) => return self.finish(tokens, sent_at).await,
                Ok(None) => pause = self.sign_in.interval,
                // RFC 8628 §3.5: whoever cannot be reached is asked less and less often.
                Err(fault) if fault.is_transient() => pause = (pause * 2).min(LONGEST_PAUSE),
                Err(fault) => return self.fail(problems::fault(&fault)),
            }
        }
    }

    async fn ask(&mut self, now: Timestamp) -> Result<Option<Tokens>, oauth::Fault> {
        let parts = &self.parts;
        let endpoint: Endpoint<'_> = parts.endpoint(&self.issuer, &self.token_endpoint, now);
        let place = self.valet.asking.at(self.issuer.as_str()).await;
        let http = self.valet.http();
        let of = (self.name.as_str(), self.back.server_id());
        let poll = self.sign_in.poll(&http, &endpoint, parts.resource.as_deref());
        place.wait(&self.valet, of, &self.issuer.host(), poll).await
    }

    async fn finish(self, tokens: Tokens, sent_at: Timestamp) {
        let number = self.back.number();
        if !conclude(&self.valet, &self.name, number, Attempt::Finishing(number)) {
            // It was given up while the issuer was being asked: what it gave is not left lying about.
            return revoke::give_back(&self.valet, &self.name, &grant(self.parts, tokens, sent_at)).await;
        }
        let kept = keep(&self.valet, &self.name, &self.back, self.parts.clone(), tokens, None, sent_at).await;
        if let Err(problem) = kept {
            self.fail(problem);
        }
    }

    fn fail(&self, problem: Problem) {
        conclude(&self.valet, &self.name, self.back.number(), Attempt::Failed(problem));
    }

    /// What could finish a sign-in is not kept a moment longer than the sign-in.
    async fn no_longer_awaited(&self) {
        let mut changes = self.valet.changes();
        while self.is_awaited() && changes.changed().await.is_ok() {}
    }

    fn is_awaited(&self) -> bool {
        let book = self.valet.book();
        let number = |server: &crate::state::server::Server| server.attempt.number();
        book.servers.get(&self.name).and_then(number) == Some(self.back.number())
    }
}
