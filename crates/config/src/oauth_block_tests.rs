//! Every key of the `oauth` block: read, or refused with its name and a remedy.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::error::Location;
use super::{ConfigError, OauthBlock, RedirectHost};
use serde_json::{Value, json};
use std::path::Path;
use terms::{AuthMethod, ResourceChoice};

fn read(block: Value) -> Result<OauthBlock, ConfigError> {
    let Value::Object(block) = block else { panic!("not an object") };
    OauthBlock::read(block, &Location::new(Path::new("config.json")).at("oauth"))
}

#[test]
fn every_wrong_value_is_named_with_its_key_and_a_remedy_and_not_repeated() {
    let wrong = [
        (json!({ "clientId": 424_242 }), "clientId"),
        (json!({ "clientId": " " }), "clientId"),
        (json!({ "clientId": "x", "clientSecret": 424_242 }), "clientSecret"),
        (json!({ "clientId": "x", "clientSecret": "" }), "clientSecret"),
        (json!({ "clientSecret": "424242" }), "clientId"),
        (json!({ "callbackPort": -424_242 }), "callbackPort"),
        (json!({ "callbackPort": 424_242 }), "callbackPort"),
        (json!({ "callbackPort": "424242" }), "callbackPort"),
        (json!({ "callbackPath": "callback" }), "callbackPath"),
        (json!({ "callbackPath": "/a/../b" }), "callbackPath"),
        (json!({ "callbackPath": "/a?424242" }), "callbackPath"),
        (json!({ "redirectHost": "424242" }), "redirectHost"),
        (json!({ "redirectHost": "[::1]" }), "redirectHost"),
        (json!({ "scopes": "424242" }), "scopes"),
        (json!({ "scopes": [424_242] }), "scopes[0]"),
        (json!({ "scopes": ["a b"] }), "scopes"),
        (json!({ "tls": "424242" }), "tls"),
        (json!({ "tls": { "cert": "424242" } }), "tls"),
        (json!({ "tls": { "cert": "a", "key": "b", "424242": "c" } }), "tls.424242"),
        (json!({ "externalUrl": "http://valet.example.org/424242" }), "externalUrl"),
        (json!({ "externalUrl": "https://valet.example.org/?424242" }), "externalUrl"),
        (json!({ "externalUrl": "424242" }), "externalUrl"),
        (json!({ "resource": "424242" }), "resource"),
        (json!({ "resource": true }), "resource"),
        (json!({ "authorizationServer": "http://as.example/424242" }), "authorizationServer"),
        (json!({ "authorizationServer": 424_242 }), "authorizationServer"),
        (json!({ "authServerMetadataUrl": "http://as.example/424242" }), "authServerMetadataUrl"),
        (json!({ "authServerMetadataUrl": "424242" }), "authServerMetadataUrl"),
        (json!({ "clientMetadataUrl": "http://me.example/424242" }), "clientMetadataUrl"),
        (json!({ "clientMetadataUrl": "https://me.example/" }), "clientMetadataUrl"),
        (json!({ "clientMetadataUrl": "https://me.example/a", "callbackPort": 0 }), "callbackPort"),
        (json!({ "tokenEndpointAuthMethod": "424242" }), "tokenEndpointAuthMethod"),
        (json!({ "pkce": "424242" }), "pkce"),
        (json!({ "authorizeParams": { "audience": 424_242 } }), "authorizeParams.audience"),
        (json!({ "authorizeParams": { "state": "424242" } }), "authorizeParams.state"),
        (json!({ "callbackport": 424_242 }), "callbackport"),
    ];
    for (block, key) in wrong {
        let error = read(block.clone()).unwrap_err();
        assert_eq!(error.key(), format!("oauth.{key}"), "{block}");
        assert!(error.to_string().starts_with("config.json: "), "{error}");
        let repeats = !key.contains("424242") && error.to_string().contains("424242");
        assert!(!repeats, "{error}");
        assert!(error.advice().len() > 8, "{block}");
    }
}

#[test]
fn every_key_is_read() {
    let block = read(json!({
        "clientId": "app", "clientSecret": "s3cret", "callbackPort": 4000, "callbackPath": "/done",
        "redirectHost": "127.0.0.1", "scopes": ["a", "b"], "tls": true, "externalUrl": "https://v.example/done",
        "resource": "api://x", "authorizationServer": "https://as.example",
        "authServerMetadataUrl": "https://as.example/m", "clientMetadataUrl": "https://me.example/c.json",
        "tokenEndpointAuthMethod": "client_secret_post", "pkce": "assume", "authorizeParams": { "audience": "x" },
    }));
    let block = block.unwrap();
    assert_eq!(block.callback_port, Some(4000));
    assert_eq!(block.redirect_host, Some(RedirectHost::Ipv4));
    assert_eq!(block.resource, ResourceChoice::Uri("api://x".to_owned()));
    assert_eq!(block.client_metadata_url.unwrap().as_str(), "https://me.example/c.json");
    assert_eq!(block.token_endpoint_auth_method, Some(AuthMethod::Post));
}
