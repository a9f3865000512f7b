//! Microsoft Entra ID, v2 endpoints.

use super::{has, metadata_only_at, sent_back};
use crate::{Internet, Recorded, Reply, Rogue};
use serde_json::json;

/// Where it refuses the `resource` parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refuses {
    /// Nowhere.
    Nothing,
    /// When the browser comes, with an error and no code.
    AtAuthorize,
    /// When a code is exchanged.
    AtToken,
    /// When a token is renewed.
    AtRefresh,
}

/// How one Entra tenant behaves.
#[derive(Debug, Clone, Copy)]
pub struct Entra {
    /// Its host.
    pub host: &'static str,
    /// The path of the issuer as servers name it.
    pub path: &'static str,
    /// The issuer as the metadata names it.
    pub own: &'static str,
    /// The code of the error, which differs by year.
    pub code: &'static str,
    /// Where it refuses `resource`.
    pub refuses: Refuses,
    /// Whether the app has a secret.
    pub confidential: bool,
}

impl Default for Entra {
    fn default() -> Self {
        Self {
            host: "login.microsoftonline.com",
            path: "/contoso/v2.0",
            own: "https://login.microsoftonline.com/contoso/v2.0",
            code: "AADSTS9010010",
            refuses: Refuses::AtAuthorize,
            confidential: false,
        }
    }
}

impl Entra {
    /// The issuer as servers name it.
    pub fn issuer(&self) -> String {
        format!("https://{}{}", self.host, self.path)
    }

    fn answer(&self, request: &Recorded) -> Option<Reply> {
        match request.path.as_str() {
            "/authorize" => self.authorize(request),
            "/token" => self.token(request),
            _ => None,
        }
    }

    fn authorize(&self, request: &Recorded) -> Option<Reply> {
        let scopes = request.field("scope").unwrap_or_default();
        let bare =
            |scope: &&str| !scope.contains("://") && !["openid", "profile", "offline_access"].contains(scope);
        if scopes.is_empty() {
            return Some(sent_back(
                request,
                "invalid_request",
                "AADSTS900144: The request body must contain 'scope'.",
            ));
        }
        if scopes.split(' ').any(|scope| bare(&scope)) {
            let description =
                "AADSTS650053: The application asked for scope that doesn't exist on the resource.";
            return Some(sent_back(request, "invalid_client", description));
        }
        let refused = self.refuses == Refuses::AtAuthorize && request.field("resource").is_some();
        refused.then(|| sent_back(request, self.error(), &self.description()))
    }

    fn token(&self, request: &Recorded) -> Option<Reply> {
        match (self.confidential, request.field("client_secret").is_some()) {
            (true, false) => {
                return Some(refusal(
                    401,
                    "invalid_client",
                    "AADSTS7000218: The request body must contain client_assertion or client_secret.",
                ));
            }
            (false, true) => {
                return Some(refusal(
                    401,
                    "invalid_client",
                    "AADSTS700025: Client is public so neither client_assertion nor client_secret should be presented.",
                ));
            }
            (true, true) | (false, false) => {}
        }
        let here = match self.refuses {
            Refuses::AtToken => has(request, "grant_type", "authorization_code"),
            Refuses::AtRefresh => has(request, "grant_type", "refresh_token"),
            Refuses::Nothing | Refuses::AtAuthorize => false,
        };
        (here && request.field("resource").is_some()).then(|| refusal(400, self.error(), &self.description()))
    }

    fn error(&self) -> &'static str {
        if self.code == "AADSTS901002" { "invalid_request" } else { "invalid_target" }
    }

    fn description(&self) -> String {
        format!("{}: The resource parameter doesn't match with the requested scopes. Trace ID: 0", self.code)
    }
}

/// Starts it.
pub fn entra(internet: &Internet, entra: Entra) -> Rogue {
    let rogue = internet.server(entra.host);
    let at = |path: &str| format!("https://{}{path}", entra.host);
    let metadata = json!({
        "issuer": entra.own,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "response_types_supported": ["code"],
    });
    let path = format!("{}/.well-known/openid-configuration", entra.path);
    metadata_only_at(&rogue, path.leak(), metadata);
    rogue.plan(move |request| entra.answer(request));
    rogue.gives_iss(None);
    rogue
}

fn refusal(status: u16, error: &str, description: &str) -> Reply {
    let code: u64 = description.split(':').next().unwrap().trim_start_matches("AADSTS").parse().unwrap();
    Reply::Json(
        status,
        json!({ "error": error, "error_description": description, "error_codes": [code], "trace_id": "0", "correlation_id": "0" }),
    )
}
