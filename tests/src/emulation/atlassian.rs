//! Atlassian, whose metadata never call themselves what the server calls them.

use super::{METADATA, RESOURCE_METADATA};
use crate::{Internet, Reply, Rogue};
use serde_json::json;

/// Its reported ways to be wrong.
#[derive(Debug, Clone, Copy)]
pub enum Atlassian {
    /// The MCP server's own origin, called `cf.mcp.atlassian.com`.
    Origin,
    /// `auth.atlassian.com`, called `auth.atlassian.com/<id>`.
    Longer,
    /// The other way round.
    Shorter,
    /// Something that it was never reported to be called.
    Unknown,
}

impl Atlassian {
    /// The issuer as the server names it, and as its metadata do.
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Origin => ("https://mcp.atlassian.com", "https://cf.mcp.atlassian.com"),
            Self::Longer => ("https://auth.atlassian.com", "https://auth.atlassian.com/4f9a-77"),
            Self::Shorter => ("https://auth.atlassian.com/4f9a-77", "https://auth.atlassian.com"),
            Self::Unknown => ("https://mcp.atlassian.com", "https://atlassian.evil.example"),
        }
    }
}

/// Starts it with its MCP server; both are one.
pub fn atlassian(internet: &Internet, how: Atlassian) -> Rogue {
    let (named, own) = how.names();
    let rogue = internet.server("mcp.atlassian.com");
    internet.leads("auth.atlassian.com", &rogue);
    rogue.edit(RESOURCE_METADATA, "authorization_servers", json!([named]));
    match how {
        Atlassian::Origin | Atlassian::Longer | Atlassian::Unknown => {
            rogue.edit(METADATA, "issuer", own.into())
        }
        Atlassian::Shorter => {
            let at = |path: &str| format!("https://auth.atlassian.com{path}");
            let metadata = json!({
                "issuer": own,
                "authorization_endpoint": at("/authorize"),
                "token_endpoint": at("/token"),
                "registration_endpoint": at("/register"),
                "code_challenge_methods_supported": ["S256"],
            });
            rogue.reply("/.well-known/oauth-authorization-server/4f9a-77", Reply::Json(200, metadata));
        }
    }
    rogue.gives_iss(Some(own));
    rogue
}
