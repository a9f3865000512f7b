//! What the person can do about a fault.

use crate::advice::Advice;
use crate::fault::{Fault, Kind, Party};
use crate::obstacle::{Distrust, Obstacle, ProxyProblem};
use crate::quirk;
use words::say;

/// What there is to say about a fault.
pub(crate) fn advice(fault: &Fault) -> Advice {
    if let Some(known) = fault.words().and_then(|(host, words)| quirk::at(host).advice(&words)) {
        return known;
    }
    match fault.kind() {
        Kind::Unreachable { host, obstacle } => reach(host, obstacle),
        Kind::Slow { .. } | Kind::Unavailable { status: 429 | 503, .. } => {
            Advice::from(say!(advise_unavailable))
        }
        Kind::Unanswered { .. } => Advice::from(say!(advise_unanswered)),
        Kind::Unavailable { .. } => Advice::from(say!(advise_unavailable_else)),
        Kind::Certificate { distrust, .. } => trust(*distrust),
        Kind::NotJson { .. } => Advice::from(say!(advise_not_json)),
        Kind::TooLarge { .. } | Kind::Answer { .. } | Kind::Status { .. } => {
            Advice::from(say!(advise_status))
        }
        Kind::Redirect { .. } => Advice::from(say!(advise_redirect)),
        Kind::Address { .. } => Advice::from(say!(advise_address)).at("oauth.authorizationServer"),
        Kind::Insecure { tls_proxy: true, .. } => Advice::from(say!(advise_insecure)),
        Kind::Insecure { .. } => Advice::from(say!(advise_insecure_else)),
        Kind::NamedUrl { host, .. } => say!(advise_named_url, host = host).into(),
        Kind::Url { .. } if fault.party() != Party::Configuration => Advice::from(say!(advise_url)),
        Kind::Url { .. } | Kind::Setting { .. } | Kind::Reserved { .. } => {
            Advice::from(say!(advise_reserved))
        }
        Kind::NoSignIn { .. } => Advice::from(say!(advise_no_sign_in)).at("oauth.authorizationServer"),
        Kind::ResourceMismatch { server, .. } => {
            Advice::from(say!(advise_resource_mismatch, server = server)).at("oauth.resource")
        }
        Kind::IssuerMismatch { .. } => {
            Advice::from(say!(advise_issuer_mismatch)).at("oauth.authorizationServer")
        }
        Kind::NoMetadata { .. } => Advice::from(say!(advise_no_metadata)).at("oauth.authorizationServer"),
        Kind::NoPkce { .. } => Advice::from(say!(advise_no_pkce)).at("oauth.pkce"),
        Kind::NoScopes { named: None, .. } => Advice::from(say!(advise_no_scopes)).at("oauth.scopes"),
        Kind::NoScopes { named: Some(named), .. } => {
            Advice::from(say!(advise_no_scopes_else, named = named.to_string())).at("oauth.scopes")
        }
        Kind::ClientDocument { remedy, .. } => remedy.clone().into(),
        Kind::RedirectUriRefused { uri, .. } => {
            Advice::from(say!(advise_redirect_uri_refused, uri = uri)).at("oauth.callbackPort")
        }
        Kind::PushRequired { .. } => Advice::from(say!(advise_push_required)),
        Kind::NoBrowserSignIn { .. } => Advice::from(say!(advise_no_browser_sign_in)).at("oauth.grant"),
        Kind::NoDeviceSignIn { .. } => Advice::from(say!(advise_no_device_sign_in)).at("oauth.grant"),
        Kind::TokenWrong { .. } => Advice::from(say!(advise_token_wrong)).at("verify"),
        Kind::TokenUnverifiable { .. } => Advice::from(say!(advise_token_unverifiable)).at("verify"),
        Kind::NoRegistration { .. } => Advice::from(say!(advise_no_registration)).at("oauth.clientId"),
        Kind::RegistrationRefused { .. } => {
            Advice::from(say!(advise_registration_refused)).at("oauth.clientId")
        }
        Kind::TokenType { wanted: "DPoP", .. } => Advice::from(say!(advise_token_type)).at("oauth.dpop"),
        Kind::TokenType { .. } => Advice::from(say!(advise_token_type_else)),
        Kind::InvalidGrant { .. } => Advice::from(say!(advise_invalid_grant)),
        Kind::InvalidClient { .. } => Advice::from(say!(advise_invalid_client)),
        Kind::AccessDenied { .. } => Advice::from(say!(advise_access_denied)),
        Kind::CallbackUnsigned { .. } => Advice::from(say!(advise_callback_unsigned)),
        Kind::Provider { error, .. } => provider(error.as_str()),
        Kind::UnknownState | Kind::DeviceExpired | Kind::CallbackIssuer { .. } | Kind::AttemptExpired => {
            Advice::from(say!(advise_attempt_expired))
        }
    }
}

fn reach(host: &str, obstacle: &Obstacle) -> Advice {
    match obstacle {
        Obstacle::Name => Advice::from(say!(advise_obstacle_name, host = host)).at("valet.proxy"),
        Obstacle::Refused => say!(advise_obstacle_refused, host = host).into(),
        Obstacle::Proxy(_, ProxyProblem::Credentials) => {
            Advice::from(say!(advise_obstacle_credentials)).at("valet.proxy")
        }
        Obstacle::Proxy(..) => Advice::from(say!(advise_obstacle_proxy, host = host)).at("valet.proxy"),
        Obstacle::Other => Advice::from(say!(advise_obstacle_other, host = host)).at("valet.proxy"),
    }
}

fn trust(distrust: Distrust) -> Advice {
    match distrust {
        Distrust::Expired => Advice::from(say!(advise_distrust_expired)),
        Distrust::NotYetValid => Advice::from(say!(advise_distrust_not_yet_valid)),
        Distrust::OtherName => Advice::from(say!(advise_distrust_other_name)),
        Distrust::NoAuthorities => Advice::from(say!(advise_distrust_no_authorities)).at("valet.extraCa"),
        Distrust::Authority | Distrust::Other => {
            Advice::from(say!(advise_distrust_other)).at("valet.extraCa")
        }
    }
}

fn provider(error: &str) -> Advice {
    match error {
        "invalid_target" => Advice::from(say!(advise_provider_invalid_target)).at("oauth.resource"),
        "invalid_scope" => Advice::from(say!(advise_provider_invalid_scope)).at("oauth.scopes"),
        "unauthorized_client" => Advice::from(say!(advise_provider_unauthorized_client)),
        "temporarily_unavailable" | "server_error" => {
            Advice::from(say!(advise_provider_temporarily_unavailable))
        }
        _ => Advice::from(say!(advise_provider_other)),
    }
}
