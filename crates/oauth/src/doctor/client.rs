//! Who we would be, and what we would ask for.

use serde_json::Value;
use url::Url;

use super::issuer::Examined;
use super::report::{Finding, Step, Who};
use super::{Examination, NO_ANSWER, kind, remedy, rule};
use crate::address::Reach;
use crate::answer::Answer;
use crate::discovery::Discovery;
use crate::fault::Party;
use crate::issuer::Issuer;
use crate::said::shown;
use crate::target::Target;

impl Examination<'_> {
    pub(super) async fn client(
        &mut self,
        issuer: &Issuer,
        discovery: Option<&Discovery>,
        examined: &Examined,
    ) {
        let mut step = Step::new(format!("What MCP Valet would do at {}", issuer.host()));
        let scopes = discovery.map(|discovery| discovery.scopes_for(issuer)).unwrap_or_default();
        let by_hand = self.identify(issuer, examined, &scopes, &mut step).await;
        let redirect_uri = if by_hand { &self.plan.redirect_uri } else { &self.plan.own_redirect_uri };
        step.find(Finding::ok("redirect_uri", format!("Your browser would come back to {redirect_uri}.")));
        if let Some(discovery) = discovery {
            step.find(asked(&scopes));
            step.find(resource(discovery.resource_for(issuer)));
        }
        if examined.usable && discovery.is_some() {
            step.find(Finding::ok(
                "ready",
                "Nothing that can be seen from outside is in the way of a sign-in there.",
            ));
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
                Finding::ok("client_configured", "It would use the client ID that you configured.")
                    .by(rule::REGISTRATION),
            );
            return true;
        }
        if let (true, Some(url)) = (examined.takes_documents, &self.plan.client_metadata_url) {
            step.find(
                Finding::ok("client_document", format!("It would name itself by {url}."))
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
            Finding::trouble(
                "registration_missing",
                format!("{} does not register programs by itself.", issuer.host()),
            )
            .by(rule::REGISTRATION)
            .remedy(Who::Person, what),
        );
        true
    }

    /// Fetches our own document as the authorization server will. The person named it, so it may be anywhere.
    async fn check_document(&self, url: &Url, step: &mut Step) {
        let target = Target { url, whose: Party::Configuration, reach: Reach::Loopback };
        let fetched = self.http.get(target).await.and_then(Answer::available);
        let request = format!("GET {url}");
        let answer = match fetched {
            Ok(answer) => answer,
            Err(fault) => {
                step.exchange(request, NO_ANSWER);
                return step
                    .find(unusable(url, format!("Your client's document cannot be fetched: {fault}.")));
            }
        };
        step.exchange(request, kind(&answer, url));
        let document: Value = answer.json().unwrap_or_default();
        if !answer.status.is_success() || !document.is_object() {
            return step.find(unusable(url, "Your client's document is not there, or no JSON.".to_owned()));
        }
        if document["client_id"] != url.as_str() {
            let text = format!("Your client's document has another client_id than its own URL {url}.");
            return step.find(unusable(url, text));
        }
        step.find(
            Finding::ok("client_document_found", "Your client's document is there and names itself.")
                .by(rule::CLIENT_DOCUMENT),
        );
    }
}

fn unusable(url: &Url, text: String) -> Finding {
    Finding::trouble("client_document", text).by(rule::CLIENT_DOCUMENT).remedy(
        Who::Person,
        format!("Publish JSON at {url}, for everybody, with \"client_id\": \"{url}\"; or take clientMetadataUrl out of the configuration."),
    )
}

/// What dynamic registration comes to: some issuers limit a client to the scopes that it was registered for.
fn registration(registered: Option<&Vec<String>>, scopes: &[String]) -> Finding {
    let Some(registered) = registered else {
        let text = "It would register itself there (dynamic registration), for the scopes that it asks for.";
        return Finding::ok("registration", text);
    };
    let missing: Vec<&str> =
        scopes.iter().filter(|scope| !registered.contains(scope)).map(String::as_str).collect();
    if missing.is_empty() {
        return Finding::ok(
            "registration",
            "It is registered there already, for the scopes that it asks for.",
        );
    }
    let missing = shown(&missing.join(", "));
    let text =
        format!("It is registered there already, but not for {missing}: the next sign-in registers anew.");
    Finding::note("registration_narrow", text)
}

fn asked(scopes: &[String]) -> Finding {
    let text = match scopes {
        [] => "It would ask for no particular scopes.".to_owned(),
        some => format!("It would ask for the scopes {}.", shown(&some.join(", "))),
    };
    Finding::ok("scopes", text).by(rule::SCOPES)
}

fn resource(resource: Option<&str>) -> Finding {
    let text = match resource {
        Some(resource) => format!("It would ask for tokens for {}.", plain::address(resource)),
        None => "It would name no resource.".to_owned(),
    };
    Finding::ok("resource_asked", text).by(rule::RESOURCE)
}
