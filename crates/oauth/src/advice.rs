//! What the person can do about a fault.

use crate::fault::{Fault, Kind, Party};
use crate::obstacle::{Distrust, Obstacle, ProxyProblem};
use crate::quirk;
use std::borrow::Cow;

/// What helps, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Advice {
    /// One or two plain sentences.
    pub(crate) text: Cow<'static, str>,
    /// The key of the configuration that they name first, if they name one.
    pub(crate) setting: Option<&'static str>,
}

/// Advice that names no key.
pub(crate) const fn say(text: &'static str) -> Advice {
    Advice { text: Cow::Borrowed(text), setting: None }
}

/// Advice that names `setting`.
pub(crate) const fn set(setting: &'static str, text: &'static str) -> Advice {
    Advice { text: Cow::Borrowed(text), setting: Some(setting) }
}

impl Advice {
    fn at(self, setting: &'static str) -> Self {
        Self { setting: Some(setting), ..self }
    }
}

impl From<String> for Advice {
    fn from(text: String) -> Self {
        Self { text: Cow::Owned(text), setting: None }
    }
}

/// What there is to say about a fault.
pub(crate) fn advice(fault: &Fault) -> Advice {
    if let Some(known) = fault.words().and_then(|(host, words)| quirk::at(host).advice(&words)) {
        return known.clone();
    }
    match fault.kind() {
        Kind::Unreachable { host, obstacle } => reach(host, obstacle),
        Kind::Slow { .. } | Kind::Unavailable { status: 429 | 503, .. } => say("Try again later. Nothing is lost."),
        Kind::Unanswered { .. } => say("Try again. If it did give out tokens that never arrived, authorize again."),
        Kind::Unavailable { .. } => say("Try again later."),
        Kind::Certificate { distrust, .. } => trust(*distrust),
        Kind::NotJson { .. } => say("If your network wants you to sign in to it, do so in a browser. Else check that the server's URL is right; then tell the server's operator."),
        Kind::TooLarge { .. } | Kind::Answer { .. } | Kind::Status { .. } => {
            say("Check that the server's URL is right; then tell the server's operator.")
        }
        Kind::Redirect { .. } => say("Tell the server's operator: this address may redirect to https addresses of the same kind of network only. If the other address is a page on which your network wants you to sign in, do so in a browser."),
        Kind::Address { .. } => {
            set("oauth.authorizationServer", "If this is meant, name the authorization server yourself in oauth.authorizationServer.")
        }
        Kind::Insecure { tls_proxy: true, .. } => say("The server seems to sit behind a proxy that ends TLS, and not to know its own https address. Its operator must set it (for aks-mcp: --oauth-external-url)."),
        Kind::Insecure { .. } => say("Only https is used, except on this computer. The operator must offer https."),
        Kind::NamedUrl { host, .. } => format!("Tell the operator of {host}.").into(),
        Kind::Url { .. } if fault.party() != Party::Configuration => say("Tell the server's operator."),
        Kind::Url { .. } | Kind::Setting { .. } | Kind::Reserved { .. } => say("Correct it in the configuration."),
        Kind::NoSignIn { .. } => set("oauth.authorizationServer", "Use this server without the valet, or name its authorization server in oauth.authorizationServer."),
        Kind::ResourceMismatch { server, .. } => Advice::from(format!("If {server} is right, the mistake is the server's: its operator must set its resource to exactly that. If you are to use the other address, correct the URL; if the operator confirms both, set oauth.resource to the other.")).at("oauth.resource"),
        Kind::IssuerMismatch { .. } => set("oauth.authorizationServer", "If the operator confirms the other name, set oauth.authorizationServer to it."),
        Kind::NoMetadata { .. } => set("oauth.authorizationServer", "Set oauth.authorizationServer or oauth.authServerMetadataUrl, if the operator names one."),
        Kind::NoPkce { .. } => set("oauth.pkce", "If the operator confirms that it does support it, set oauth.pkce to \"assume\"."),
        Kind::NoScopes { named: None, .. } => set("oauth.scopes", "Set oauth.scopes to what the server's operator names."),
        Kind::NoScopes { named: Some(named), .. } => Advice::from(format!("Set oauth.scopes to what the server's operator names. The server itself names {named}: take these if it may have them.")).at("oauth.scopes"),
        Kind::ClientDocument { remedy, .. } => remedy.clone().into(),
        Kind::RedirectUriRefused { uri, .. } => Advice::from(format!("Have exactly {uri} allowed there, or set oauth.callbackPort, oauth.callbackPath and oauth.redirectHost to what is allowed; or register a client there yourself and set oauth.clientId.")).at("oauth.callbackPort"),
        Kind::PushRequired { .. } => say("Tell the operator that pushed_authorization_request_endpoint is missing."),
        Kind::NoBrowserSignIn { .. } => set("oauth.grant", "If a program is to sign in by itself there, set oauth.grant to \"client_credentials\"."),
        Kind::NoDeviceSignIn { .. } => set("oauth.grant", "Sign in with `mcp-valet authorize SERVER --no-browser`, and take \"device_code\" out of oauth.grant."),
        Kind::TokenWrong { .. } => set("verify", "Tell the server's operator. If the operator confirms that this is meant, set \"verify\": \"off\" for this server."),
        Kind::TokenUnverifiable { .. } => set("verify", "Set \"verify\": \"warn\" for this server to use the token all the same."),
        Kind::NoRegistration { .. } => set("oauth.clientId", "Register a client there and set oauth.clientId (and oauth.clientSecret if you got one)."),
        Kind::RegistrationRefused { .. } => set("oauth.clientId", "Register a client there yourself and set oauth.clientId."),
        Kind::TokenType { wanted: "DPoP", .. } => set("oauth.dpop", "Set oauth.dpop to \"off\" if the server takes ordinary tokens; else tell its operator."),
        Kind::TokenType { .. } => say("Tell the server's operator: MCP needs bearer tokens."),
        Kind::InvalidGrant { .. } => say("Authorize again."),
        Kind::InvalidClient { .. } => say("Authorize again: then this program registers there anew. If you configured a client ID, check it, its secret, and oauth.tokenEndpointAuthMethod."),
        Kind::AccessDenied { .. } => say("Authorize again, and allow it; or ask your administrator."),
        Kind::CallbackUnsigned { .. } => say("If you refused it there, authorize again once you want to. Else tell the operator: errors must carry `iss` as well (RFC 9207 §2)."),
        Kind::Provider { error, .. } => provider(error.as_str()),
        Kind::UnknownState | Kind::DeviceExpired | Kind::CallbackIssuer { .. } | Kind::AttemptExpired => {
            say("Start the sign-in again.")
        }
    }
}

fn reach(host: &str, obstacle: &Obstacle) -> Advice {
    match obstacle {
        Obstacle::Name => Advice::from(format!("Check the spelling of {host}. If it is known inside your company's network only, connect to that network, or set valet.proxy.")).at("valet.proxy"),
        Obstacle::Refused => format!("Check the port, and whether the server runs on {host}.").into(),
        Obstacle::Proxy(_, ProxyProblem::Credentials) => set("valet.proxy", "Write them into the proxy's address, as http://USER:PASSWORD@HOST:PORT, where it is set: valet.proxy, or HTTPS_PROXY in the environment that the valet is started in."),
        Obstacle::Proxy(..) => Advice::from(format!("Check the proxy: valet.proxy, or HTTPS_PROXY in the environment that the valet is started in. If {host} is reached without it, name it in NO_PROXY there.")).at("valet.proxy"),
        Obstacle::Other => Advice::from(format!("Check the network, and whether {host} is right. If a proxy is needed, set valet.proxy.")).at("valet.proxy"),
    }
}

fn trust(distrust: Distrust) -> Advice {
    match distrust {
        Distrust::Expired => {
            say("The operator must renew it. If other sites show the same, check this computer's clock.")
        }
        Distrust::NotYetValid => say("Check this computer's clock; else tell the operator."),
        Distrust::OtherName => say(
            "Check the host in the URL, and whether your network wants you to sign in to it; else tell the operator, whose certificate must name the host.",
        ),
        Distrust::NoAuthorities => set(
            "valet.extraCa",
            "Install your system's certificate authorities (the package is often called ca-certificates), or name a PEM file of them in valet.extraCa.",
        ),
        Distrust::Authority | Distrust::Other => set(
            "valet.extraCa",
            "If it comes from your company's own certificate authority, add that authority's certificate (a PEM file) to valet.extraCa; else the operator must get one that everybody trusts. In a network that wants you to sign in to it, such as a hotel's, do that first in a browser.",
        ),
    }
}

fn provider(error: &str) -> Advice {
    match error {
        "invalid_target" => set(
            "oauth.resource",
            "Set oauth.resource to the identifier that the operator names, or to \"omit\".",
        ),
        "invalid_scope" => set("oauth.scopes", "Set oauth.scopes to what this server needs."),
        "unauthorized_client" => {
            say("Check that this client may use the authorization code flow with a refresh token.")
        }
        "temporarily_unavailable" | "server_error" => say("Try again later."),
        _ => say("Authorize again; if it happens again, tell the server's operator."),
    }
}
