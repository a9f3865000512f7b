//! The part that behaves: a small authorization server and MCP server.

use std::collections::HashMap;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::form_urlencoded::Serializer;

use super::{Recorded, Reply};

pub(super) const METADATA: &str = "/.well-known/oauth-authorization-server";
pub(super) const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource/mcp";

/// What was asked for when a code was issued.
#[derive(Debug)]
struct Request {
    challenge: String,
    redirect_uri: String,
    client: String,
    scope: String,
}

#[derive(Debug)]
pub(super) struct Provider {
    origin: String,
    issued: usize,
    codes: HashMap<String, Request>,
    access: HashMap<String, String>,
    refresh: HashMap<String, String>,
    /// The scope without which its MCP server does nothing.
    pub(super) demanded: Option<String>,
    pub(super) lifetime: Option<i64>,
    /// What it calls itself when the browser goes back.
    pub(super) iss: Option<String>,
    pub(super) secrets: Vec<String>,
}

impl Provider {
    pub(super) fn new(origin: String) -> Self {
        Self {
            iss: Some(origin.clone()),
            origin,
            issued: 0,
            codes: HashMap::new(),
            access: HashMap::new(),
            refresh: HashMap::new(),
            demanded: None,
            lifetime: Some(600),
            secrets: Vec::new(),
        }
    }

    pub(super) fn accepts(&self, token: &str) -> bool {
        self.access.contains_key(token)
    }

    pub(super) fn end_grants(&mut self) {
        self.refresh.clear();
    }

    pub(super) fn end_access(&mut self) {
        self.access.clear();
    }

    pub(super) fn answer(&mut self, request: &Recorded) -> Reply {
        match request.path.as_str() {
            "/mcp" => self.mcp(request),
            RESOURCE_METADATA => Reply::Json(200, self.resource_metadata()),
            METADATA => Reply::Json(200, self.metadata()),
            "/register" => self.register(request),
            "/authorize" => self.authorize(request),
            "/token" => self.token(request),
            "/revoke" => self.revoke(request),
            "/introspect" => self.introspect(request),
            _ => Reply::error(404, "not_found"),
        }
    }

    fn mcp(&self, request: &Recorded) -> Reply {
        let bearer = request.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer "));
        if let Some(granted) = bearer.and_then(|token| self.access.get(token)) {
            return self.result(request, granted);
        }
        let challenge = format!("Bearer resource_metadata=\"{}{RESOURCE_METADATA}\"", self.origin);
        Reply::Bare(401, vec![("www-authenticate", challenge)])
    }

    fn result(&self, request: &Recorded, granted: &str) -> Reply {
        if let Some(demanded) =
            self.demanded.as_ref().filter(|scope| !granted.split(' ').any(|one| one == **scope))
        {
            let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{demanded}\"");
            return Reply::Bare(
                403,
                vec![("www-authenticate", "Basic".to_owned()), ("www-authenticate", challenge)],
            );
        }
        let message: Value = serde_json::from_str(&request.body).unwrap_or_default();
        Reply::Json(200, json!({ "jsonrpc": "2.0", "id": message["id"], "result": {} }))
    }

    fn resource_metadata(&self) -> Value {
        json!({ "resource": format!("{}/mcp", self.origin), "authorization_servers": [self.origin] })
    }

    fn metadata(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.origin);
        json!({
            "issuer": self.origin,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "registration_endpoint": at("/register"),
            "revocation_endpoint": at("/revoke"),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "authorization_response_iss_parameter_supported": true,
        })
    }

    fn register(&mut self, request: &Recorded) -> Reply {
        let Ok(Value::Object(mut client)) = serde_json::from_str(&request.body) else {
            return Reply::error(400, "invalid_client_metadata");
        };
        client.insert("client_id".into(), format!("client-{}", self.next()).into());
        Reply::Json(201, Value::Object(client))
    }

    fn authorize(&mut self, request: &Recorded) -> Reply {
        let code = self.secret("code");
        let redirect_uri = request.field("redirect_uri").unwrap_or_default();
        let mut query = Serializer::new(String::new());
        query.append_pair("code", &code);
        if let Some(iss) = &self.iss {
            query.append_pair("iss", iss);
        }
        query.append_pair("state", &request.field("state").unwrap_or_default());
        let target = format!("{redirect_uri}?{}", query.finish());
        let client = request.field("client_id").unwrap_or_default();
        let challenge = request.field("code_challenge").unwrap_or_default();
        let scope = request.field("scope").unwrap_or_default();
        self.codes.insert(code, Request { challenge, redirect_uri, client, scope });
        Reply::Redirect(target)
    }

    fn token(&mut self, request: &Recorded) -> Reply {
        match request.field("grant_type").as_deref() {
            Some("authorization_code") => self.exchange(request),
            Some("refresh_token") => self.rotate(request),
            _ => Reply::error(400, "unsupported_grant_type"),
        }
    }

    fn exchange(&mut self, request: &Recorded) -> Reply {
        let field = |name| request.field(name).unwrap_or_default();
        let Some(asked) = self.codes.remove(&field("code")) else {
            return Reply::error(400, "invalid_grant");
        };
        let verifier = field("code_verifier");
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        self.secrets.push(verifier);
        if challenge != asked.challenge
            || field("redirect_uri") != asked.redirect_uri
            || client_of(request) != asked.client
        {
            return Reply::error(400, "invalid_grant");
        }
        self.issue(asked.scope)
    }

    fn rotate(&mut self, request: &Recorded) -> Reply {
        match self.refresh.remove(&request.field("refresh_token").unwrap_or_default()) {
            Some(scope) => self.issue(scope),
            None => Reply::error(400, "invalid_grant"),
        }
    }

    fn issue(&mut self, scope: String) -> Reply {
        let (access, refresh) = (self.secret("access"), self.secret("refresh"));
        self.access.insert(access.clone(), scope.clone());
        self.refresh.insert(refresh.clone(), scope);
        let mut answer = json!({ "access_token": access, "token_type": "Bearer", "refresh_token": refresh });
        if let Some(lifetime) = self.lifetime {
            answer["expires_in"] = lifetime.into();
        }
        Reply::Json(200, answer)
    }

    /// What a resource server may ask about a token (RFC 7662).
    fn introspect(&self, request: &Recorded) -> Reply {
        let scope = self.access.get(&request.field("token").unwrap_or_default());
        Reply::Json(200, json!({ "active": scope.is_some(), "scope": scope }))
    }

    fn revoke(&mut self, request: &Recorded) -> Reply {
        let token = request.field("token").unwrap_or_default();
        self.refresh.remove(&token);
        self.access.remove(&token);
        Reply::Bare(200, Vec::new())
    }

    fn next(&mut self) -> usize {
        self.issued += 1;
        self.issued
    }

    /// Easy to find in a log, hard to meet by accident.
    fn secret(&mut self, kind: &str) -> String {
        let secret = format!("{kind}-SECRET-{}-{}", self.next(), self.origin.rsplit(':').next().unwrap());
        self.secrets.push(secret.clone());
        secret
    }
}

/// Who asks: named in the body, or by Basic authentication.
fn client_of(request: &Recorded) -> String {
    let basic = || {
        let credentials = request.headers.get("authorization")?.strip_prefix("Basic ")?;
        let text = String::from_utf8(BASE64_STANDARD.decode(credentials).ok()?).ok()?;
        Some(text.split_once(':')?.0.to_owned())
    };
    request.field("client_id").or_else(basic).unwrap_or_default()
}
