//! Who we would be, and what we would ask for.

use serde_json::Value;
use url::Url;

use super::issuer::Examined;
use super::report::{Finding, Step, Who};
use super::{Examination, kind, no_answer, remedy, rule};
use crate::address::Reach;
use crate::discovery::Discovery;
use crate::fault::Party;
use crate::full_response::FullResponse;
use crate::issuer::Issuer;
use crate::said::shown;
use crate::target::Target;
use words::say;

impl Examination<'_> {
    pub(super) async fn client(
        &mut self,
        issuer: &Issuer,
        discovery: Option<&Discovery>,
        examined: &Examined,
    ) {
        let mut step = Step::new(say!(doctor_would_do, host = issuer.host()));
        let scopes = discovery.map(|discovery| discovery.scopes_for(issuer)).unwrap_or_default();
        let by_hand = self.identify(issuer, examined, &scopes, &mut step).await;
        let redirect_uri = if by_hand { &self.plan.redirect_uri } else { &self.plan.own_redirect_uri };
        step.find(Finding::ok("redirect_uri", say!(doctor_comes_back, uri = redirect_uri)));
        if let Some(discovery) = discovery {
            step.find(asked(&scopes));
            step.find(resource(discovery.resource_for(issuer)));
        }
        if examined.usable && discovery.is_some() {
            step.find(Finding::ok("ready", say!(doctor_ready)));
        }
        self.done(step);
    }

    /// Finds out by which client we would sign in, and whether the person registers it.
    async fn identify(
        &self,
        issuer: &Issuer,
        examined: &Examined,
        scopes: &[String],
        step: &mut Step,
    ) -> bool {
        if self.plan.client_id.is_some() {
            step.find(
                Finding::ok("client_configured", say!(doctor_client_configured)).by(rule::REGISTRATION),
            );
            return true;
        }
        if let (true, Some(url)) = (examined.takes_documents, &self.plan.client_metadata_url) {
            step.find(
                Finding::ok("client_document", say!(doctor_client_document, url = url.to_string()))
                    .by(rule::REGISTRATION),
            );
            self.check_document(url, step).await;
            return false;
        }
        if examined.registers {
            let registered = self.plan.registered.get(issuer.as_str());
            step.find(registration(registered, scopes).by(rule::REGISTRATION));
            return false;
        }
        let what = remedy::register_by_hand(issuer, self.server, self.plan);
        step.find(
            Finding::trouble("registration_missing", say!(doctor_no_registration, host = issuer.host()))
                .by(rule::REGISTRATION)
                .remedy(Who::Person, what),
        );
        true
    }

    /// Fetches our own document as the authorization server will. The person named it, so it may be anywhere.
    async fn check_document(&self, url: &Url, step: &mut Step) {
        let target = Target { url, whose: Party::Configuration, reach: Reach::Loopback };
        let fetched = self.http.get(target).await.and_then(FullResponse::available);
        let request = format!("GET {url}");
        let answer = match fetched {
            Ok(answer) => answer,
            Err(fault) => {
                step.exchange(request, no_answer());
                return step.find(unusable(url, say!(doctor_document_unfetched, fault = fault.to_string())));
            }
        };
        step.exchange(request, kind(&answer, url));
        let document: Value = answer.json().unwrap_or_default();
        if !answer.status.is_success() || !document.is_object() {
            return step.find(unusable(url, say!(doctor_document_absent)));
        }
        if document["client_id"] != url.as_str() {
            let text = say!(doctor_document_other, url = url.to_string());
            return step.find(unusable(url, text));
        }
        step.find(
            Finding::ok("client_document_found", say!(doctor_document_found)).by(rule::CLIENT_DOCUMENT),
        );
    }
}

fn unusable(url: &Url, text: String) -> Finding {
    Finding::trouble("client_document", text)
        .by(rule::CLIENT_DOCUMENT)
        .remedy(Who::Person, say!(doctor_publish_document, url = url.to_string()))
}

/// What dynamic registration comes to: some issuers limit a client to the scopes that it was registered for.
fn registration(registered: Option<&Vec<String>>, scopes: &[String]) -> Finding {
    let Some(registered) = registered else {
        let text = say!(doctor_would_register);
        return Finding::ok("registration", text);
    };
    let missing: Vec<&str> =
        scopes.iter().filter(|scope| !registered.contains(scope)).map(String::as_str).collect();
    if missing.is_empty() {
        return Finding::ok("registration", say!(doctor_registered));
    }
    let missing = shown(&missing.join(", "));
    let text = say!(doctor_registered_without, missing = missing);
    Finding::note("registration_narrow", text)
}

fn asked(scopes: &[String]) -> Finding {
    let text = match scopes {
        [] => say!(doctor_no_scopes),
        some => say!(doctor_scopes, scopes = shown(&some.join(", "))),
    };
    Finding::ok("scopes", text).by(rule::SCOPES)
}

fn resource(resource: Option<&str>) -> Finding {
    let text = match resource {
        Some(resource) => say!(doctor_for_resource, resource = plain::address(resource)),
        None => say!(doctor_no_resource),
    };
    Finding::ok("resource_asked", text).by(rule::RESOURCE)
}
