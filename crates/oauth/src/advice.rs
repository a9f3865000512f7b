//! What the person can do about a fault.

use crate::fault::{Fault, Kind, Party};
use crate::obstacle::{Distrust, Obstacle, ProxyProblem};
use crate::quirk;

/// One or two plain sentences.
pub(crate) fn advice(fault: &Fault) -> String {
    if let Some(text) = fault.words().and_then(|(host, words)| quirk::at(host).advice(&words)) {
        return text.to_owned();
    }
    match fault.kind() {
        Kind::Unreachable { host, obstacle } => reach(host, obstacle),
        Kind::Slow { .. } | Kind::Unavailable { status: 429 | 503, .. } => "Try again later. Nothing is lost.".to_owned(),
        Kind::Unanswered { .. } => "Try again. If it did give out tokens that never arrived, authorize again.".to_owned(),
        Kind::Unavailable { .. } => "Try again later.".to_owned(),
        Kind::Certificate { distrust, .. } => trust(*distrust).to_owned(),
        Kind::TooLarge { .. } | Kind::NotJson { .. } | Kind::Answer { .. } | Kind::Status { .. } => {
            "Check that the server's URL is right; then tell the server's operator.".to_owned()
        }
        Kind::Redirect { .. } => "Tell the server's operator: this address may redirect to https addresses of the same kind of network only.".to_owned(),
        Kind::Address { .. } => {
            "If this is meant, name the authorization server yourself in oauth.authorizationServer.".to_owned()
        }
        Kind::Insecure { tls_proxy: true, .. } => "The server seems to sit behind a proxy that ends TLS, and not to know its own https address. Its operator must set it (for aks-mcp: --oauth-external-url).".to_owned(),
        Kind::Insecure { .. } => "Only https is used, except on this computer. The operator must offer https.".to_owned(),
        Kind::NamedUrl { host, .. } => format!("Tell the operator of {host}."),
        Kind::Url { .. } if fault.party() != Party::Configuration => "Tell the server's operator.".to_owned(),
        Kind::Url { .. } | Kind::Setting { .. } | Kind::Reserved { .. } => "Correct it in the configuration.".to_owned(),
        Kind::NoSignIn { .. } => "Use this server without the valet, or name its authorization server in oauth.authorizationServer.".to_owned(),
        Kind::ResourceMismatch { server, .. } => format!("If {server} is right, the mistake is the server's: its operator must set its resource to exactly that. If you are to use the other address, correct the URL; if the operator confirms both, set oauth.resource to the other."),
        Kind::IssuerMismatch { .. } => "If the operator confirms the other name, set oauth.authorizationServer to it.".to_owned(),
        Kind::NoMetadata { .. } => "Set oauth.authorizationServer or oauth.authServerMetadataUrl, if the operator names one.".to_owned(),
        Kind::NoPkce { .. } => "If the operator confirms that it does support it, set oauth.pkce to \"assume\".".to_owned(),
        Kind::NoScopes { named: None, .. } => "Set oauth.scopes to what the server's operator names.".to_owned(),
        Kind::NoScopes { named: Some(named), .. } => format!("Set oauth.scopes to what the server's operator names. The server itself names {named}: take these if it may have them."),
        Kind::ClientDocument { remedy, .. } => remedy.clone(),
        Kind::RedirectUriRefused { uri, .. } => format!("Have exactly {uri} allowed there, or set oauth.callbackPort, oauth.callbackPath and oauth.redirectHost to what is allowed; or register a client there yourself and set oauth.clientId."),
        Kind::PushRequired { .. } => "Tell the operator that pushed_authorization_request_endpoint is missing.".to_owned(),
        Kind::NoBrowserSignIn { .. } => "If a program is to sign in by itself there, set oauth.grant to \"client_credentials\".".to_owned(),
        Kind::NoDeviceSignIn { .. } => "Sign in with `mcp-valet authorize SERVER --no-browser`, and take \"device_code\" out of oauth.grant.".to_owned(),
        Kind::TokenWrong { .. } => "Tell the server's operator. If the operator confirms that this is meant, set \"verify\": \"off\" for this server.".to_owned(),
        Kind::TokenUnverifiable { .. } => "Set \"verify\": \"warn\" for this server to use the token all the same.".to_owned(),
        Kind::NoRegistration { .. } => "Register a client there and set oauth.clientId (and oauth.clientSecret if you got one).".to_owned(),
        Kind::RegistrationRefused { .. } => "Register a client there yourself and set oauth.clientId.".to_owned(),
        Kind::TokenType { wanted: "DPoP", .. } => "Set oauth.dpop to \"off\" if the server takes ordinary tokens; else tell its operator.".to_owned(),
        Kind::TokenType { .. } => "Tell the server's operator: MCP needs bearer tokens.".to_owned(),
        Kind::InvalidGrant { .. } => "Authorize again.".to_owned(),
        Kind::InvalidClient { .. } => "Authorize again: then this program registers there anew. If you configured a client ID, check it, its secret, and oauth.tokenEndpointAuthMethod.".to_owned(),
        Kind::AccessDenied { .. } => "Authorize again, and allow it; or ask your administrator.".to_owned(),
        Kind::Provider { error, .. } => provider(error.as_str()),
        Kind::UnknownState | Kind::DeviceExpired | Kind::CallbackIssuer { .. } | Kind::CallbackUnsigned { .. } | Kind::AttemptExpired => {
            "Start the sign-in again.".to_owned()
        }
    }
}

fn reach(host: &str, obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::Name => format!("Check the spelling of {host}. If it is known inside your company's network only, connect to that network, or set valet.proxy."),
        Obstacle::Refused => format!("Check the port, and whether the server runs on {host}."),
        Obstacle::Proxy(_, ProxyProblem::Credentials) => "Write them into the proxy's address, as http://USER:PASSWORD@HOST:PORT, where it is set: valet.proxy, or HTTPS_PROXY in the environment that the valet is started in.".to_owned(),
        Obstacle::Proxy(..) => format!("Check the proxy: valet.proxy, or HTTPS_PROXY in the environment that the valet is started in. If {host} is reached without it, name it in NO_PROXY there."),
        Obstacle::Other => format!("Check the network, and whether {host} is right. If a proxy is needed, set valet.proxy."),
    }
}

fn trust(distrust: Distrust) -> &'static str {
    match distrust {
        Distrust::Expired => {
            "The operator must renew it. If other sites show the same, check this computer's clock."
        }
        Distrust::NotYetValid => "Check this computer's clock; else tell the operator.",
        Distrust::OtherName => {
            "Check the host in the URL; else tell the operator, whose certificate must name it."
        }
        Distrust::Authority | Distrust::Other => {
            "If it comes from your company's own certificate authority, add that authority's certificate (a PEM file) to valet.extraCa; else the operator must get one that everybody trusts."
        }
    }
}

fn provider(error: &str) -> String {
    let text = match error {
        "invalid_target" => "Set oauth.resource to the identifier that the operator names, or to \"omit\".",
        "invalid_scope" => "Set oauth.scopes to what this server needs.",
        "unauthorized_client" => {
            "Check that this client may use the authorization code flow with a refresh token."
        }
        "temporarily_unavailable" | "server_error" => "Try again later.",
        _ => "Authorize again; if it happens again, tell the server's operator.",
    };
    text.to_owned()
}
