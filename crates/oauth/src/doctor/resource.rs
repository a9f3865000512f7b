//! The server's own metadata.

use http::StatusCode;
use serde_json::Value;
use url::Url;

use super::report::{Finding, Step, Who};
use super::server::Seen;
use super::{Examination, kind, no_answer, remedy, rule};
use crate::fault::Party;
use crate::full_response::{FullResponse, is_outage};
use crate::issuer::Issuer;
use crate::resource::{self, Nameable, ProtectedResource};
use crate::said::{Said, shown};
use crate::server::ResourceChoice;
use crate::spelling::Names;
use crate::target::Target;
use crate::uri;
use words::say;

/// Most authorization servers that are shown.
const NAMES: usize = 16;

impl Examination<'_> {
    /// Looks for the metadata where the product does, and answers the authorization servers that it names.
    pub(super) async fn resource(&mut self, seen: &Seen) -> Vec<Issuer> {
        let mut step = Step::new(say!(doctor_metadata));
        let found = self.find_resource(seen, &mut step).await;
        let issuers = match &found {
            Lookup::Document(answer) => self.judge_resource(answer, &mut step),
            Lookup::Nothing if !step.in_trouble() => {
                self.without_resource(seen, &mut step);
                Vec::new()
            }
            Lookup::Nothing | Lookup::Fault => Vec::new(),
        };
        self.done(step);
        issuers
    }

    async fn find_resource(&self, seen: &Seen, step: &mut Step) -> Lookup {
        let promised = seen.challenge.as_ref().and_then(|challenge| challenge.resource_metadata.as_deref());
        let promised: Option<Url> = promised.and_then(|text| uri::parse(text).ok());
        let known = resource::well_known(self.server.url());
        let places = promised.iter().chain(known.iter().filter(|place| Some(*place) != promised.as_ref()));
        let mut out_of_order = false;
        for url in places {
            let answer = self.http.get(Target { url, whose: Party::Server, reach: seen.reach }).await;
            let request = format!("GET {url}");
            let answer = match answer {
                Ok(answer) => answer,
                Err(fault) => {
                    step.exchange(request, no_answer());
                    step.find(remedy::trouble(&fault, self.server));
                    return Lookup::Fault;
                }
            };
            step.exchange(request, kind(&answer, url));
            match resource::read(&answer) {
                Ok(_) => return Lookup::Document(Box::new(answer)),
                Err(fault) if promised.as_ref() == Some(url) => {
                    step.find(remedy::trouble(&fault, self.server).by(rule::RESOURCE_METADATA));
                }
                Err(_) if is_outage(answer.status) => {
                    out_of_order = true;
                    let text = say!(doctor_path_broken, path = url.path(), status = answer.status.as_u16());
                    let what = say!(doctor_answer_404);
                    step.find(
                        Finding::note("server_unavailable", text)
                            .by(rule::WELL_KNOWN_RESOURCE)
                            .remedy(Who::Server, what),
                    );
                }
                Err(_) if answer.status.is_success() => {
                    let text = say!(doctor_no_metadata_in_200, path = url.path());
                    let what = say!(doctor_unknown_404);
                    step.find(
                        Finding::note("not_json", text)
                            .by(rule::WELL_KNOWN_RESOURCE)
                            .remedy(Who::Server, what),
                    );
                }
                Err(_) => {}
            }
        }
        if out_of_order { Lookup::Fault } else { Lookup::Nothing }
    }

    fn judge_resource(&self, answer: &FullResponse, step: &mut Step) -> Vec<Issuer> {
        let any = self.overrides.resource != ResourceChoice::Auto;
        let nameable = Nameable::at(&answer.url, self.server, any);
        match resource::read(answer)
            .and_then(|document| ProtectedResource::accept(document, self.server, nameable))
        {
            Ok(found) => {
                step.find(self.same_resource(&found.resource));
                if !found.scopes_supported.is_empty() {
                    let text = say!(doctor_knows_scopes, scopes = shown(&found.scopes_supported.join(", ")));
                    step.find(Finding::ok("scopes_supported", text));
                }
            }
            Err(fault) => step.find(remedy::trouble(&fault, self.server)),
        }
        // What is wrong with the resource says nothing about the rest.
        let document: Value = answer.json().unwrap_or_default();
        let names = Names::try_from(document["authorization_servers"].clone());
        let names = names.map(|names| names.0).unwrap_or_default();
        if names.is_empty() {
            step.find(self.no_authorization_server());
            return Vec::new();
        }
        self.authorization_servers(&names[..names.len().min(NAMES)], step)
    }

    /// Where nobody else is named, it is the server's own origin, as discovery has it.
    fn no_authorization_server(&self) -> Finding {
        let text = say!(doctor_own_origin);
        let what = say!(doctor_name_issuer);
        Finding::note("no_authorization_server", text)
            .by(rule::AUTHORIZATION_SERVERS)
            .remedy(Who::Server, what)
    }

    fn same_resource(&self, resource: &str) -> Finding {
        if resource == self.server.as_str() {
            return Finding::ok("resource", say!(doctor_same_resource)).by(rule::RESOURCE);
        }
        let text = say!(doctor_spelt_otherwise, resource = shown_url(resource));
        Finding::ok("resource", text).by(rule::RESOURCE)
    }

    fn authorization_servers(&self, names: &[String], step: &mut Step) -> Vec<Issuer> {
        let mut issuers = Vec::new();
        for name in names {
            match Issuer::parse(name) {
                Ok(issuer) => issuers.push(issuer),
                Err(fault) => {
                    let text =
                        say!(doctor_issuer_unusable, name = shown_url(name), fault = fault.to_string());
                    step.find(Finding::note("url_invalid", text).by(rule::AUTHORIZATION_SERVERS));
                }
            }
        }
        step.find(match issuers.as_slice() {
            [] => Finding::trouble("no_authorization_server", say!(doctor_no_issuer))
                .by(rule::AUTHORIZATION_SERVERS)
                .remedy(Who::Server, say!(doctor_name_issuer)),
            [one] => Finding::ok("authorization_servers", say!(doctor_signs_in_at, issuer = one.to_string()))
                .by(rule::AUTHORIZATION_SERVERS),
            several => {
                let names: Vec<_> = several.iter().map(Issuer::to_string).collect();
                let text = say!(doctor_choice, names = names.join(", "));
                Finding::ok("authorization_servers", text).by(rule::AUTHORIZATION_SERVERS)
            }
        });
        issuers
    }

    fn without_resource(&self, seen: &Seen, step: &mut Step) {
        if self.overrides.authorization_server.is_some() || self.overrides.metadata_url.is_some() {
            let text = say!(doctor_named_yourself);
            step.find(Finding::note("configured", text));
        } else if seen.status == StatusCode::UNAUTHORIZED {
            let what = say!(doctor_publish_metadata);
            step.find(
                Finding::note("no_resource_metadata", say!(doctor_none_so_origin))
                    .by(rule::FALLBACK)
                    .remedy(Who::Server, what),
            );
        }
    }
}

enum Lookup {
    Document(Box<FullResponse>),
    Nothing,
    Fault,
}

fn shown_url(text: &str) -> String {
    Said::address(text).map_or_else(|| "nothing".to_owned(), |said| said.to_string())
}
