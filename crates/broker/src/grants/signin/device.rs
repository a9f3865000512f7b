//! Signing in on another device: the person types a code there, and the issuer is asked until they have.

use super::finish::Finish;
use super::prepare::Preparation;
use super::{conclude, is_overtaken};
use crate::grants::chosen::Chosen;
use crate::grants::stopped::Stopped;
use crate::grants::{registration, revoke};
use crate::valet::Valet;
use jiff::Timestamp;
use oauth::{DeviceSignIn, Tokens};
use problems::overtaken;
use state::attempt::Attempt;
use state::item::{Grant, GrantParts};
use state::waiting::{OnDevice, Return};
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
    token_endpoint: Url,
    back: Return,
}

/// Goes as far as the code that the person types on another device, and asks the issuer from then on.
pub(super) async fn wait(attempt: Preparation<'_>, issuer: Option<&str>) -> Result<Authorization, Problem> {
    let (valet, name, number, url) = (attempt.valet, attempt.name, attempt.number, attempt.url);
    let polling = attempt.on_device(issuer).await.map_err(|stopped| stopped.end(valet, name, number))?;
    let code = shown(&polling.sign_in);
    let parts = &polling.back.parts;
    let authorization = authorization(name, &polling.sign_in, code.clone(), parts.other_resource(url));
    let (page, resource) = (authorization.clone(), parts.resource.clone());
    let waiting = Attempt::OnDevice(Box::new(OnDevice { number, code, page, resource }));
    if !conclude(valet, name, number, waiting) {
        return Err(overtaken(name));
    }
    valet.runtime.spawn(polling.run());
    Ok(authorization)
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
    async fn on_device(self, issuer: Option<&str>) -> Result<Polling, Stopped> {
        let http = self.valet.http();
        let chosen = self.find(&http, issuer).await?;
        let (issuer, page) = (chosen.issuer(), chosen.metadata.device_endpoint()?);
        let ways = self.ways_on_device(&chosen.metadata, page).await?;
        let mut parts = self.parts(&chosen).await?;
        let begin = async |parts: &GrantParts| {
            let endpoint = parts.endpoint(issuer, page, self.valet.clock.now());
            oauth::begin_device(&http, &endpoint, parts.resource.as_deref(), &parts.scopes_asked).await
        };
        let mut begun = begin(&parts).await;
        // The issuer has forgotten the client that it registered for us: another is registered, once.
        if begun.as_ref().is_err_and(oauth::Fault::refuses_client) && self.may_register_anew(issuer) {
            registration::forget_client(self.valet, issuer.as_str(), &parts.client.id).await;
            parts = self.parts(&chosen).await?;
            begun = begin(&parts).await;
        }
        let sign_in = begun?;
        let typed_at = [Some(&sign_in.verification_uri), sign_in.verification_uri_complete.as_ref()];
        let typed_at = self.keep_to_own_pages(issuer, typed_at, ways.agreed).await?;
        Ok(Polling {
            valet: Arc::clone(self.valet),
            name: self.name.to_owned(),
            sign_in,
            token_endpoint: chosen.metadata.token_endpoint.clone(),
            back: self.back(ways.and(typed_at), parts),
        })
    }

    async fn parts(&self, chosen: &Chosen) -> Result<GrantParts, Stopped> {
        let scopes = chosen.scopes();
        let client = self.applicant(&chosen.metadata, &scopes).device_client().await?;
        Ok(chosen.parts(self.config, client, scopes)?)
    }
}

impl Polling {
    async fn run(mut self) {
        let mut pause = self.sign_in.interval;
        loop {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                // What could finish a sign-in is not kept a moment longer than the sign-in.
                () = is_overtaken(&self.valet, &self.name, self.back.number) => return,
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
        let (issuer, parts) = (&self.back.ways.issuer, &self.back.parts);
        let endpoint = parts.endpoint(issuer, &self.token_endpoint, now);
        let slot = self.valet.asking.at(issuer.as_str()).await;
        let http = self.valet.http();
        let of = (self.name.as_str(), self.back.server_id.as_str());
        let poll = self.sign_in.poll(&http, &endpoint, parts.resource.as_deref());
        slot.wait(&self.valet, of, &issuer.host(), poll).await
    }

    async fn finish(self, tokens: Tokens, sent_at: Timestamp) {
        let number = self.back.number;
        if !conclude(&self.valet, &self.name, number, Attempt::Finishing(number)) {
            // It was given up while the issuer was being asked: what it gave is not left lying about.
            let grant = Grant::new(self.back.parts, tokens, sent_at);
            return revoke::give_back(&self.valet, &self.name, &grant).await;
        }
        let finish = Finish { valet: &self.valet, name: &self.name, back: &self.back };
        if let Err(problem) = finish.keep(tokens, None, sent_at).await {
            self.fail(problem);
        }
    }

    fn fail(&self, problem: Problem) {
        conclude(&self.valet, &self.name, self.back.number, Attempt::ended_in(problem));
    }
}
