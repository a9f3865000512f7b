//! What an authorization server says about itself.

use serde_json::Value;

use super::report::{Finding, Step, Who};
use super::{Examination, kind, no_answer, remedy, rule};
use crate::address::Reach;
use crate::discovery::Discovery;
use crate::fault::{Fault, Kind, Party};
use crate::full_response::FullResponse;
use crate::issuer::Issuer;
use crate::metadata::Endpoints;
use crate::said::Said;
use crate::spelling::{Flag, Names};
use crate::target::Target;
use crate::walk;
use words::say;

const ENDPOINTS: [&str; 6] = [
    "authorization_endpoint",
    "token_endpoint",
    "registration_endpoint",
    "revocation_endpoint",
    "introspection_endpoint",
    "pushed_authorization_request_endpoint",
];

/// What is needed of an issuer to say what the product would do there.
pub(super) struct Examined {
    /// Whether the product can use it.
    pub(super) usable: bool,
    /// Where it registers clients by itself.
    pub(super) registers: bool,
    /// Whether a client id may be the URL of a document.
    pub(super) takes_documents: bool,
}

impl Examination<'_> {
    pub(super) async fn issuer(
        &mut self,
        issuer: &Issuer,
        reach: Reach,
        discovery: Option<&Discovery>,
    ) -> Option<Examined> {
        let mut step = Step::new(say!(doctor_issuer, issuer = issuer.to_string()));
        let legacy = discovery.is_some_and(|discovery| discovery.legacy);
        let document = self.find_metadata(issuer, reach, &mut step).await;
        if let Some(document) = &document {
            judge(document, issuer, reach, self, &mut step);
        }
        match self.verdict(issuer, discovery).await {
            // The provider is known, or the person has said so: it works although it should not.
            Some(Ok(())) => step.forgive(),
            Some(Err(fault)) if !step.in_trouble() => step.find(remedy::trouble(&fault, self.server)),
            Some(Err(_)) | None => {}
        }
        let usable = !step.in_trouble();
        let legacy = legacy && usable && document.is_none();
        if legacy {
            let text = say!(doctor_legacy);
            step.find(Finding::note("legacy", text).by(rule::FALLBACK));
        }
        self.done(step);
        if legacy {
            return Some(Examined { usable, registers: true, takes_documents: false });
        }
        let document = document?;
        Some(Examined {
            usable,
            registers: document["registration_endpoint"].is_string(),
            takes_documents: says(&document, "client_id_metadata_document_supported"),
        })
    }

    /// Asks each well-known place in turn, or the one that the person named.
    async fn find_metadata(&self, issuer: &Issuer, reach: Reach, step: &mut Step) -> Option<Value> {
        let places = match &self.overrides.metadata_url {
            Some(url) => vec![url.clone()],
            None => walk::forms(issuer),
        };
        let mut outage = None;
        for url in places {
            let request = format!("GET {url}");
            match self
                .http
                .get(Target { url: &url, whose: Party::Issuer, reach })
                .await
                .and_then(FullResponse::available)
            {
                Err(fault) => {
                    step.exchange(request, no_answer());
                    if matches!(fault.kind(), Kind::Unavailable { .. }) {
                        outage = outage.or(Some(fault));
                        continue;
                    }
                    step.find(self.unread(&fault));
                    return None;
                }
                Ok(answer) => {
                    step.exchange(request, kind(&answer, &url));
                    if answer.status.is_success()
                        && let Ok(document @ Value::Object(_)) = answer.json()
                    {
                        return Some(document);
                    }
                    if answer.status.is_success() {
                        let text = say!(doctor_no_metadata_in_200, path = url.path());
                        step.find(Finding::note("not_json", text).by(rule::WELL_KNOWN_ISSUER));
                    }
                }
            }
        }
        if let Some(fault) = outage {
            step.find(self.unread(&fault));
        }
        None
    }

    /// Why there is no answer. A private address was named by the server, whoever is there.
    fn unread(&self, fault: &Fault) -> Finding {
        let mut finding = remedy::trouble(fault, self.server);
        if let (Kind::Address { .. }, Some(remedy)) = (fault.kind(), &mut finding.remedy) {
            remedy.who = Who::Server;
        }
        finding
    }
}

/// Holds what is written against the rules, member by member.
fn judge(document: &Value, issuer: &Issuer, reach: Reach, examination: &Examination<'_>, step: &mut Step) {
    step.find(same_issuer(document["issuer"].as_str().unwrap_or_default(), issuer));
    let check = Endpoints { issuer, reach };
    let mut well = Vec::new();
    for name in ENDPOINTS {
        let Some(text) = document[name].as_str() else { continue };
        match check.check(name, text) {
            Ok(_) => well.push(name),
            Err(fault) => step.find(remedy::trouble(&fault, examination.server)),
        }
    }
    let missing = |name: &&str| !document[*name].is_string();
    if let Some(name) = ENDPOINTS.iter().take(2).find(|name| missing(name)) {
        let what = say!(doctor_add_member, name = *name);
        step.find(
            Finding::trouble("answer_invalid", say!(doctor_no_member, name = *name))
                .remedy(Who::Issuer, what),
        );
    }
    if well.len() == ENDPOINTS.iter().filter(|name| !missing(name)).count() {
        step.find(Finding::ok("endpoints", say!(doctor_endpoints)).by(rule::HTTPS));
    }
    step.find(pkce(document, issuer));
    step.find(match says(document, "authorization_response_iss_parameter_supported") {
        true => Finding::ok("iss", say!(doctor_iss)).by(rule::ISS),
        false => Finding::note("no_iss", say!(doctor_no_iss)).by(rule::ISS),
    });
    abilities(document, step);
}

fn same_issuer(found: &str, issuer: &Issuer) -> Finding {
    if found == issuer.as_str() {
        return Finding::ok("issuer", say!(doctor_same_issuer)).by(rule::ISSUER);
    }
    let said = Said::address(found);
    let (own, pasted) = said
        .as_ref()
        .map_or_else(|| ("nothing".to_owned(), "nothing"), |said| (said.to_string(), said.pasted()));
    Finding::trouble("issuer_mismatch", say!(doctor_other_issuer, issuer = issuer.to_string(), own = own))
        .by(rule::ISSUER)
        .remedy(Who::Issuer, remedy::issuer_mismatch(issuer, pasted))
}

fn pkce(document: &Value, issuer: &Issuer) -> Finding {
    if lists(document, "code_challenge_methods_supported").contains(&"S256".to_owned()) {
        return Finding::ok("pkce", say!(doctor_pkce)).by(rule::PKCE);
    }
    let fault = Fault::issuer(Kind::NoPkce { issuer: issuer.to_string() });
    let add = say!(doctor_add_pkce);
    Finding::trouble(fault.code(), say!(doctor_no_pkce)).by(rule::PKCE).remedy(Who::Issuer, add)
}

/// What else it offers. Nothing of it is needed.
fn abilities(document: &Value, step: &mut Step) {
    let methods = lists(document, "token_endpoint_auth_methods_supported");
    let methods = if methods.is_empty() { say!(doctor_default_method) } else { methods.join(", ") };
    step.find(Finding::ok("auth_methods", say!(doctor_methods, methods = clean(&methods))).by(rule::METHODS));
    let scopes = lists(document, "scopes_supported");
    step.find(match scopes.contains(&"offline_access".to_owned()) {
        true => Finding::ok("offline_access", say!(doctor_offline)).by(rule::REFRESH),
        false => Finding::ok("no_offline_access", say!(doctor_no_offline)).by(rule::REFRESH),
    });
    let pushed = match says(document, "require_pushed_authorization_requests") {
        true => say!(doctor_pushed_only),
        false => say!(doctor_pushed),
    };
    let offers = [
        ("revocation_endpoint", "revocation", say!(doctor_revocation), rule::REVOCATION),
        ("pushed_authorization_request_endpoint", "par", pushed, rule::PUSHED),
        ("dpop_signing_alg_values_supported", "dpop", say!(doctor_dpop), rule::DPOP),
        ("device_authorization_endpoint", "device", say!(doctor_device), rule::DEVICE),
        ("jwks_uri", "jwks", say!(doctor_keys), rule::KEYS),
    ];
    for (member, code, text, rule) in offers {
        if !document[member].is_null() {
            step.find(Finding::ok(code, text).by(rule));
        }
    }
    if document["revocation_endpoint"].is_null() {
        let text = say!(doctor_no_revocation);
        step.find(Finding::note("no_revocation", text).by(rule::REVOCATION));
    }
}

fn lists(document: &Value, member: &str) -> Vec<String> {
    Names::try_from(document[member].clone()).map(|names| names.0).unwrap_or_default()
}

fn says(document: &Value, member: &str) -> bool {
    Flag::try_from(document[member].clone()).is_ok_and(|flag| flag.0)
}

fn clean(text: &str) -> String {
    Said::new(text).map(|said| said.as_str().to_owned()).unwrap_or_default()
}
