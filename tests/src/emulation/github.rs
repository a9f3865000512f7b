//! GitHub, OAuth apps.

use super::{has, metadata_only_at};
use crate::{Internet, Recorded, Reply, Rogue};
use serde_json::json;

/// How token answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As JSON where it is asked for.
    AsAsked,
    /// As a form whatever is asked for.
    Always,
}

/// Starts it. Its metadata are at the inserted form alone, no client registers itself, and the secret goes
/// into the body.
pub fn github(internet: &Internet, form: Encoding) -> Rogue {
    let rogue = internet.server("github.com");
    let metadata = json!({
        "issuer": "https://github.com/login/oauth",
        "authorization_endpoint": "https://github.com/authorize",
        "token_endpoint": "https://github.com/login/oauth/access_token",
        "code_challenge_methods_supported": ["S256"],
    });
    metadata_only_at(&rogue, "/.well-known/oauth-authorization-server/login/oauth", metadata);
    rogue.plan(move |request| (request.path == "/login/oauth/access_token").then(|| token(request, form)));
    rogue.gives_iss(None);
    rogue
}

/// Errors come with status 200; tokens have neither an end nor a refresh token.
fn token(request: &Recorded, form: Encoding) -> Reply {
    let answer = if !has(request, "client_secret", "s3cret-s3cret") {
        json!({ "error": "incorrect_client_credentials", "error_description": "The client_id and/or client_secret passed are incorrect." })
    } else if request.field("code").is_none() {
        json!({ "error": "bad_refresh_token", "error_description": "The refresh token passed is incorrect or expired." })
    } else {
        json!({ "access_token": "gho_abcdefgh", "token_type": "bearer", "scope": "repo,read:org" })
    };
    let wants_json = request.headers.get("accept").is_some_and(|accept| accept.contains("json"));
    if form == Encoding::AsAsked && wants_json {
        return Reply::Json(200, answer);
    }
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in answer.as_object().unwrap() {
        text.append_pair(name, value.as_str().unwrap());
    }
    Reply::Form(text.finish())
}
