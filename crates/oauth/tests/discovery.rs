//! From a server's URL to its authorization server's metadata.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use common::{
    Fake, Seen, challenge, html, http, metadata, not_found, ordinary, redirect, reply, resource, with,
};
use oauth::{Fault, Issuer, Metadata, Overrides, Party, Pkce, Reach, ResourceChoice, discover};
use serde_json::json;

async fn fault(fake: &Fake) -> Fault {
    discover(&http(), &fake.server(), &Overrides::default()).await.unwrap_err()
}

/// Discovery and metadata with these overrides.
async fn both(fake: &Fake, overrides: &Overrides) -> Result<Metadata, Fault> {
    let http = http();
    let discovery = discover(&http, &fake.server(), overrides).await?;
    discovery.metadata(&http, &discovery.issuers[0]).await
}

#[tokio::test]
async fn an_ordinary_server_is_found() {
    let fake = Fake::start(ordinary).await;
    let http = http();
    let discovery = discover(&http, &fake.server(), &Overrides::default()).await.unwrap();
    let issuer = &discovery.issuers[0];
    assert_eq!(issuer.as_str(), fake.base);
    assert_eq!(discovery.reach, Reach::Loopback);
    assert_eq!(discovery.resource_for(issuer), Some(format!("{}/mcp", fake.base).as_str()));
    assert_eq!(discovery.scopes_for(issuer), ["read", "write"]);
    let metadata = discovery.metadata(&http, issuer).await.unwrap();
    assert_eq!(metadata.token_endpoint.path(), "/token");
    assert!(!metadata.iss_parameter_supported);
}

#[tokio::test]
async fn the_challenge_says_where_the_metadata_is_and_what_scopes_are_wanted() {
    let answer = |seen: &Seen| match seen.line().as_str() {
        "POST /mcp" => {
            let bearer = format!("Bearer resource_metadata=\"{}/elsewhere\", scope=\"one two\"", seen.base);
            challenge(&["Negotiate abc==", "Basic realm=\"Bearer x=\\\"y\\\"\"", &bearer])
        }
        "GET /elsewhere" => reply(200, resource(&seen.base)),
        _ => ordinary(seen),
    };
    let fake = Fake::start(answer).await;
    let discovery = discover(&http(), &fake.server(), &Overrides::default()).await.unwrap();
    assert_eq!(discovery.scopes_for(&discovery.issuers[0]), ["one", "two"]);
    assert_eq!(fake.lines(), ["POST /mcp", "GET /elsewhere"]);
}

#[tokio::test]
async fn hostile_challenges_do_no_harm() {
    let hostile = [
        "Bearer resource_metadata=\"",
        "Bearer resource_metadata=\"\\",
        "Bearer =,=\"",
        "\"",
        ",,,=;",
        "Bearer x=\u{fe}",
    ];
    for header in hostile {
        let fake = Fake::start(
            move |seen| if seen.method == "POST" { challenge(&[header]) } else { ordinary(seen) },
        )
        .await;
        let discovery = discover(&http(), &fake.server(), &Overrides::default()).await.unwrap();
        assert_eq!(discovery.issuers[0].as_str(), fake.base, "{header}");
    }
}

#[tokio::test]
async fn a_promised_document_that_is_forbidden_or_missing_is_a_fault() {
    let insecure = r#"Bearer resource_metadata="http://metadata.example/x""#;
    let fake = Fake::start(move |_| challenge(&[insecure])).await;
    assert_eq!(fault(&fake).await.code().to_string().as_str(), "insecure_endpoint");
    let missing = |seen: &Seen| match seen.method.as_str() {
        "POST" => challenge(&[&format!("Bearer resource_metadata=\"{}/gone\"", seen.base)]),
        _ => not_found(),
    };
    assert_eq!(fault(&Fake::start(missing).await).await.code().to_string().as_str(), "unexpected_status");
}

#[tokio::test]
async fn a_promise_that_cannot_be_read_is_none_and_lets_nobody_invent_endpoints() {
    for url in ["file:///etc/passwd", "not a url", "https://user@metadata.example/"] {
        let header = format!("Bearer resource_metadata=\"{url}\"");
        let fake = Fake::start(move |seen| match seen.method.as_str() {
            "POST" => challenge(&[&header]),
            _ => not_found(),
        })
        .await;
        let fault = both(&fake, &Overrides::default()).await.unwrap_err();
        assert_eq!(fault.code().to_string().as_str(), "metadata_missing", "{url}");
    }
}

#[tokio::test]
async fn the_root_form_comes_after_the_path_form() {
    let answer = |seen: &Seen| match seen.line().as_str() {
        "GET /.well-known/oauth-protected-resource/mcp" => html(200),
        "GET /.well-known/oauth-protected-resource" => {
            reply(200, with(resource(&seen.base), json!({ "resource": seen.base })))
        }
        _ => ordinary(seen),
    };
    let fake = Fake::start(answer).await;
    let discovery = discover(&http(), &fake.server(), &Overrides::default()).await.unwrap();
    assert_eq!(discovery.resource_for(&discovery.issuers[0]), Some(fake.base.as_str()));
    assert_eq!(fake.lines().len(), 3);
}

#[tokio::test]
async fn metadata_of_another_resource_is_refused_and_both_are_named() {
    let answer = |seen: &Seen| match seen.line().as_str() {
        "GET /.well-known/oauth-protected-resource/mcp" => {
            reply(200, with(resource(&seen.base), json!({ "resource": "https://other.example/mcp" })))
        }
        _ => ordinary(seen),
    };
    let fake = Fake::start(answer).await;
    let fault = fault(&fake).await;
    assert_eq!((fault.code().to_string().as_str(), fault.party()), ("resource_mismatch", Party::Server));
    assert!(fault.to_string().contains(fake.server().as_str()));
    assert!(fault.to_string().contains("https://other.example/mcp"));
    let named = Overrides { resource: ResourceChoice::Uri("urn:mine".to_owned()), ..Overrides::default() };
    let discovery = discover(&http(), &fake.server(), &named).await.unwrap();
    assert_eq!(discovery.resource_for(&discovery.issuers[0]), Some("urn:mine"));
}

#[tokio::test]
async fn a_server_that_asks_for_nothing_needs_no_sign_in() {
    let open = |seen: &Seen| if seen.method == "POST" { reply(200, json!({})) } else { not_found() };
    assert_eq!(fault(&Fake::start(open).await).await.code().to_string().as_str(), "no_sign_in_needed");
    // Asks for a token only when a tool is called, but says so in its metadata.
    let late = |seen: &Seen| if seen.method == "POST" { reply(200, json!({})) } else { ordinary(seen) };
    assert!(discover(&http(), &Fake::start(late).await.server(), &Overrides::default()).await.is_ok());
}

#[tokio::test]
async fn a_server_that_asks_for_a_token_only_when_tools_are_listed_is_heard_then() {
    let answer = |seen: &Seen| match seen.line().as_str() {
        "POST /mcp" if seen.body.contains("initialize") => reply(200, json!({})),
        "POST /mcp" => challenge(&["Bearer scope=\"basic\""]),
        _ => ordinary(seen),
    };
    let fake = Fake::start(answer).await;
    let discovery = discover(&http(), &fake.server(), &Overrides::default()).await.unwrap();
    assert_eq!(discovery.scopes_for(&discovery.issuers[0]), ["basic"], "not all that the server knows");
}

#[tokio::test]
async fn a_server_out_of_order_is_said_to_be() {
    let fault = fault(&Fake::start(|_| html(503)).await).await;
    assert_eq!(
        (fault.code().to_string().as_str(), fault.party(), fault.is_transient()),
        ("server_unavailable", Party::Server, true)
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    drop(listener);
    let server = oauth::ServerUrl::parse(&url).unwrap();
    let fault = discover(&http(), &server, &Overrides::default()).await.unwrap_err();
    assert_eq!(
        (fault.code().to_string().as_str(), fault.party(), fault.is_transient()),
        ("server_unreachable", Party::Network, true)
    );
}

#[tokio::test]
async fn all_forms_of_issuer_metadata_are_tried_in_order() {
    let forms = [
        "GET /.well-known/oauth-authorization-server/tenant/v2",
        "GET /.well-known/openid-configuration/tenant/v2",
        "GET /tenant/v2/.well-known/openid-configuration",
    ];
    for (count, right) in forms.into_iter().enumerate() {
        let answer = move |seen: &Seen| match seen.line().as_str() {
            line if line == right => reply(200, metadata(&format!("{}/tenant/v2", seen.base), &seen.base)),
            line if line == forms[0] => html(200),
            line if line == forms[1] => reply(400, json!({})),
            "GET /.well-known/oauth-protected-resource/mcp" => {
                let issuer = format!("{}/tenant/v2", seen.base);
                reply(200, with(resource(&seen.base), json!({ "authorization_servers": [issuer] })))
            }
            _ => ordinary(seen),
        };
        let fake = Fake::start(answer).await;
        both(&fake, &Overrides::default()).await.unwrap();
        assert_eq!(fake.lines()[2..], forms[..=count]);
    }
}

#[tokio::test]
async fn a_host_that_is_down_is_said_to_be_and_missing_forms_are_remembered() {
    let answer = |status: u16| {
        move |seen: &Seen| match seen.line().as_str() {
            "GET /.well-known/oauth-authorization-server" => html(status),
            "GET /.well-known/openid-configuration" => not_found(),
            _ => ordinary(seen),
        }
    };
    let down = Fake::start(answer(502)).await;
    let fault = both(&down, &Overrides::default()).await.unwrap_err();
    assert_eq!((fault.code().to_string().as_str(), fault.is_transient()), ("issuer_unavailable", true));
    // The other form may still be there, under the issuer's own name.
    assert_eq!(down.lines().len(), 4);
    let missing = Fake::start(answer(200)).await;
    let fault = both(&missing, &Overrides::default()).await.unwrap_err();
    assert_eq!(fault.code().to_string().as_str(), "metadata_missing");
    let text = fault.to_string();
    assert!(text.contains("not JSON") && text.contains("status 404"), "{text}");
    assert!(!text.contains("oops"), "{text}");
}

/// A provider whose issuer metadata differs from the ordinary.
async fn differing(changes: serde_json::Value) -> Fake {
    Fake::start(move |seen| match seen.line().as_str() {
        "GET /.well-known/oauth-authorization-server" => {
            reply(200, with(metadata(&seen.base, &seen.base), changes.clone()))
        }
        _ => ordinary(seen),
    })
    .await
}

#[tokio::test]
async fn another_issuer_in_the_metadata_is_refused() {
    let fake = differing(json!({ "issuer": "https://evil.example" })).await;
    let fault = both(&fake, &Overrides::default()).await.unwrap_err();
    assert_eq!((fault.code().to_string().as_str(), fault.party()), ("issuer_mismatch", Party::Issuer));
}

#[tokio::test]
async fn one_slash_makes_another_issuer() {
    let answer = |seen: &Seen| match seen.line().as_str() {
        "GET /.well-known/oauth-authorization-server" => {
            reply(200, metadata(&format!("{}/", seen.base), &seen.base))
        }
        _ => ordinary(seen),
    };
    let fake = Fake::start(answer).await;
    assert_eq!(
        both(&fake, &Overrides::default()).await.unwrap_err().code().to_string().as_str(),
        "issuer_mismatch"
    );
    let issuer = Issuer::parse(&format!("{}/", fake.base)).unwrap();
    let named = Overrides { authorization_server: Some(issuer), ..Overrides::default() };
    assert!(both(&fake, &named).await.is_ok());
}

#[tokio::test]
async fn endpoints_on_plain_http_are_refused() {
    let fake = differing(json!({ "token_endpoint": "http://issuer.example/token" })).await;
    let fault = both(&fake, &Overrides::default()).await.unwrap_err();
    assert_eq!(fault.code().to_string().as_str(), "insecure_endpoint");
    for url in ["file:///x", "javascript:alert(1)", "https://u:p@x.example/", "https://x.example/#y"] {
        let fake = differing(json!({ "authorization_endpoint": url })).await;
        assert_eq!(
            both(&fake, &Overrides::default()).await.unwrap_err().code().to_string().as_str(),
            "url_invalid",
            "{url}"
        );
    }
    let none = differing(json!({ "authorization_endpoint": "" })).await;
    assert!(both(&none, &Overrides::default()).await.unwrap().authorization_endpoint.is_none());
}

#[tokio::test]
async fn pkce_must_be_promised_unless_it_is_assumed() {
    for methods in [json!(null), json!([]), json!(["plain"])] {
        let fake = differing(json!({ "code_challenge_methods_supported": methods })).await;
        assert_eq!(
            both(&fake, &Overrides::default()).await.unwrap_err().code().to_string().as_str(),
            "no_pkce"
        );
        let assume = Overrides { pkce: Pkce::Assume, ..Overrides::default() };
        assert!(both(&fake, &assume).await.is_ok());
    }
}

#[tokio::test]
async fn metadata_follows_redirects_of_the_same_kind_only() {
    let answer = |to: &'static str| {
        move |seen: &Seen| match seen.line().as_str() {
            "GET /.well-known/oauth-authorization-server" => redirect(to),
            "GET /moved" => reply(200, metadata(&seen.base, &seen.base)),
            _ => ordinary(seen),
        }
    };
    assert!(both(&Fake::start(answer("/moved")).await, &Overrides::default()).await.is_ok());
    let file =
        both(&Fake::start(answer("file:///etc/passwd")).await, &Overrides::default()).await.unwrap_err();
    assert_eq!(file.code().to_string().as_str(), "redirect_refused");
    let away = both(&Fake::start(answer("http://elsewhere.example/")).await, &Overrides::default())
        .await
        .unwrap_err();
    assert_eq!(away.code().to_string().as_str(), "redirect_refused");
    let circle = Fake::start(answer("/.well-known/oauth-authorization-server")).await;
    assert_eq!(
        both(&circle, &Overrides::default()).await.unwrap_err().code().to_string().as_str(),
        "answer_invalid"
    );
    assert_eq!(circle.lines().len(), 2 + 4);
}

#[tokio::test]
async fn a_server_of_2025_03_26_is_its_own_issuer() {
    let bare = |seen: &Seen| if seen.method == "POST" { challenge(&[]) } else { not_found() };
    let fake = Fake::start(bare).await;
    let metadata = both(&fake, &Overrides::default()).await.unwrap();
    assert!(metadata.legacy);
    assert_eq!(metadata.authorization_endpoint.unwrap().as_str(), format!("{}/authorize", fake.base));
    assert_eq!(metadata.registration_endpoint.unwrap().path(), "/register");
}

#[tokio::test]
async fn a_registration_endpoint_is_never_invented() {
    let answer = |seen: &Seen| match seen.line().as_str() {
        "POST /mcp" => challenge(&["Bearer"]),
        "GET /.well-known/oauth-authorization-server" => {
            let document = metadata(&format!("{}/", seen.base), &seen.base);
            reply(200, with(document, json!({ "registration_endpoint": null })))
        }
        _ => not_found(),
    };
    let metadata = both(&Fake::start(answer).await, &Overrides::default()).await.unwrap();
    assert!(!metadata.legacy);
    assert_eq!(metadata.registration_endpoint, None);
}

#[tokio::test]
async fn without_a_resource_only_the_persons_scopes_count() {
    let fake = Fake::start(|seen| match seen.method.as_str() {
        "POST" => challenge(&["Bearer scope=\"https://other.api/.default\""]),
        _ => ordinary(seen),
    })
    .await;
    let omit = Overrides { resource: ResourceChoice::Omit, ..Overrides::default() };
    let discovery = discover(&http(), &fake.server(), &omit).await.unwrap();
    assert_eq!(discovery.resource_for(&discovery.issuers[0]), None);
    assert!(discovery.scopes_for(&discovery.issuers[0]).is_empty());
    let own = Overrides { scopes: Some(vec!["mine".to_owned()]), ..omit };
    let discovery = discover(&http(), &fake.server(), &own).await.unwrap();
    assert_eq!(discovery.scopes_for(&discovery.issuers[0]), ["mine"]);
}

#[tokio::test]
async fn a_document_named_by_the_person_counts_with_its_own_issuer() {
    let answer = |seen: &Seen| match seen.line().as_str() {
        "POST /mcp" => challenge(&["Bearer"]),
        "GET /custom.json" => reply(200, metadata("https://issuer.example/x", &seen.base)),
        _ => not_found(),
    };
    let fake = Fake::start(answer).await;
    let url = format!("{}/custom.json", fake.base).parse().unwrap();
    let named = Overrides { metadata_url: Some(url), ..Overrides::default() };
    assert_eq!(both(&fake, &named).await.unwrap().issuer.as_str(), "https://issuer.example/x");
}

#[tokio::test]
async fn a_server_without_metadata_is_its_own_resource_where_the_issuer_is_named() {
    let answer = |seen: &Seen| match seen.line().as_str() {
        "GET /.well-known/oauth-protected-resource/mcp" => not_found(),
        _ => ordinary(seen),
    };
    let fake = Fake::start(answer).await;
    let issuer = Issuer::parse(&fake.base).unwrap();
    let named = Overrides { authorization_server: Some(issuer.clone()), ..Overrides::default() };
    let discovery = discover(&http(), &fake.server(), &named).await.unwrap();
    assert_eq!(discovery.resource_for(&issuer), Some(fake.server().as_str()));
    let legacy = discover(&http(), &fake.server(), &Overrides::default()).await.unwrap();
    assert_eq!((legacy.legacy, legacy.resource_for(&issuer)), (true, None));
}
