//! What a person sees: three small pages, without scripts, images or anything fetched.

use std::sync::LazyLock;

use axum::response::{Html, IntoResponse as _, Response};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use http::{HeaderName, StatusCode, header};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use provider::{Asked, Secret};
use sha2::{Digest as _, Sha256};

use crate::account::Account;
use crate::consent::PATH;
use crate::scope::Scope;
use crate::state::Demo;

const STYLE: &str = include_str!("page/style.css");

/// The style sheet's hash, by which the policy lets it in (CSP 3 §2.3.1).
static STYLE_HASH: LazyLock<String> =
    LazyLock::new(|| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(STYLE))));

/// The question: may this program use the demo, and as whom?
pub(crate) fn consent(asked: &Asked, csrf: &Secret) -> Response {
    let redirect = &asked.redirect;
    let body = html! {
        // bdi: a name in another script must not turn the sentence around.
        h1 { bdi { (asked.client.name) } " wants to use the demo" }
        p { "The program chose this name itself; nobody has checked it." }
        form method="post" action=(PATH) {
            input type="hidden" name="csrf" value=(csrf.expose());
            fieldset {
                legend { "Demo account: pick who you are" }
                div class="accounts" {
                    @for account in Account::ALL {
                        label class="account" for={ "account-" (account.id()) } {
                            input type="radio" name="account" required value=(account.id())
                                id={ "account-" (account.id()) } checked[account == Account::Ada];
                            span { b { (account.name()) } small { (account.id()) } }
                        }
                    }
                }
            }
            h2 { "It asks to" }
            ul {
                @for scope in Scope::ALL.into_iter().filter(|scope| asked.scopes.has(scope.name())) {
                    li { (tick()) span { (scope.in_words()) code { (scope.name()) } } }
                }
            }
            div class="buttons" {
                // The first button is the one that the Enter key presses.
                button id="deny" name="decision" value="deny" { "Don’t allow" }
                button id="allow" name="decision" value="allow" { "Allow" }
            }
        }
        p class="note" {
            "Your answer goes to " code { (redirect.authority()) }
            @if redirect.is_loopback() { ", a program on this computer." } @else { "." }
        }
    };
    // The browser applies form-action to the redirect that follows as well.
    let policy = policy(&format!("'self' {}", redirect.csp_source()));
    // Under no-referrer a browser sends `Origin: null` with the form; same-origin tells strangers no more.
    let headers =
        [(header::CONTENT_SECURITY_POLICY, policy.as_str()), (header::REFERRER_POLICY, "same-origin")];
    (headers, Html(document("Allow access?", &body).into_string())).into_response()
}

/// Something went wrong, and there is nowhere to send the person but here.
pub(crate) fn problem(status: StatusCode, what: &str) -> Response {
    let body = html! {
        h1 { "That did not work" }
        p { (what) }
        p class="note" { "You can close this page." }
    };
    (status, plain(), Html(document("That did not work", &body).into_string())).into_response()
}

/// The front page.
pub(crate) fn welcome(demo: &Demo) -> Response {
    let body = html! {
        h1 { "A place to try MCP Valet" }
        p {
            "This is a small MCP server with its own sign-in, on your computer only. Add it to MCP Valet or to any "
            "MCP client, and you will be asked which of two accounts you are. The sign-in is real, the accounts "
            "are not, and everything is forgotten when the demo ends."
        }
        p class="address" { code { (demo.resource) } }
    };
    (plain(), Html(document("MCP Valet demo", &body).into_string())).into_response()
}

fn plain() -> [(HeaderName, String); 1] {
    [(header::CONTENT_SECURITY_POLICY, policy("'none'"))]
}

fn policy(form_action: &str) -> String {
    format!(
        "default-src 'none'; style-src {}; form-action {form_action}; base-uri 'none'; frame-ancestors 'none'",
        *STYLE_HASH
    )
}

fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    div class="brand" { (key()) "MCP Valet demo" }
                    (body)
                }
            }
        }
    }
}

fn key() -> Markup {
    html! {
        svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"
            stroke-linejoin="round" aria-hidden="true" {
            circle cx="8" cy="8" r="5" {}
            path d="m11.5 11.5 9 9M16.5 16.5l2.5-2.5M13.5 13.5l2-2" {}
        }
    }
}

fn tick() -> Markup {
    html! {
        svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"
            stroke-linejoin="round" aria-hidden="true" {
            path d="m5 13 4.5 4.5L19 7" {}
        }
    }
}
