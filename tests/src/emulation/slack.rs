//! Slack.

use super::{METADATA, has};
use crate::{Internet, Recorded, Reply, Rogue};
use serde_json::{Value, json};

/// How one of its generations behaves.
#[derive(Debug, Clone, Copy)]
pub struct Slack {
    /// What its metadata calls itself.
    pub own: &'static str,
    /// Whether tokens are nested under `authed_user`.
    pub nested: bool,
    /// Whether the server announces its metadata, which are not there.
    pub announces: bool,
    /// The one redirect URI that is registered.
    pub redirect_uri: &'static str,
}

/// Starts it, with its MCP server. What should be the server's metadata redirects to a page.
pub fn slack(internet: &Internet, slack: Slack) -> Rogue {
    let rogue = internet.server("mcp.slack.com");
    internet.leads("slack.com", &rogue);
    rogue.edit(METADATA, "issuer", slack.own.into());
    rogue.edit(METADATA, "token_endpoint", json!("https://slack.com/api/oauth.v2.user.access"));
    for (member, value) in [
        ("registration_endpoint", Value::Null),
        ("authorization_response_iss_parameter_supported", Value::Null),
        ("token_endpoint_auth_methods_supported", json!(["client_secret_post"])),
    ] {
        rogue.edit(METADATA, member, value);
    }
    rogue.plan(move |request| match request.path.as_str() {
        "/mcp" if !request.headers.contains_key("authorization") => {
            Some(Reply::Bare(401, vec![("www-authenticate", challenge(slack))]))
        }
        path if path.contains("oauth-protected-resource") => {
            Some(Reply::Redirect("https://slack.com/".into()))
        }
        "/" => Some(Reply::Html(200, "<html>Slack</html>".into())),
        "/api/oauth.v2.user.access" => Some(Reply::Json(200, token(request, slack))),
        _ => None,
    });
    rogue.gives_iss(None);
    rogue
}

fn challenge(slack: Slack) -> String {
    let at = "https://mcp.slack.com/.well-known/oauth-protected-resource";
    if slack.announces { format!("Bearer resource_metadata=\"{at}\"") } else { "Bearer".to_owned() }
}

/// Errors come with status 200.
fn token(request: &Recorded, slack: Slack) -> Value {
    let error = |error: &str| json!({ "ok": false, "error": error });
    if !has(request, "client_secret", "s3cret-s3cret") {
        return error("bad_client_secret");
    }
    if has(request, "grant_type", "refresh_token") {
        return error("invalid_refresh_token");
    }
    if !has(request, "redirect_uri", slack.redirect_uri) {
        return error("bad_redirect_uri");
    }
    let token = json!({
        "access_token": "xoxp-abcdefgh",
        "token_type": "user",
        "scope": "search:read.public,chat:write",
        "refresh_token": "xoxe-abcdefgh",
        "expires_in": 43200,
    });
    let mut answer = json!({ "ok": true, "app_id": "A0", "team": { "id": "T0" } });
    if slack.nested {
        answer["authed_user"] = token;
    } else {
        answer.as_object_mut().unwrap().extend(token.as_object().unwrap().clone());
    }
    answer
}
