//! Somebody who reaches the door's port, and sends whatever they like.

use serde_json::{Value, json};

use crate::web::Door;
use crate::{HttpResponse, curl};

/// A redirect URI. Nobody listens there.
pub const CALLBACK: &str = "http://127.0.0.1:43117/callback";
/// What only the client knows.
pub const VERIFIER: &str = "a-verifier-that-is-long-enough-for-the-rules-0123456789";
/// S256 of it.
const CHALLENGE: &str = "x3oYpN92HYfw9318G1IAkXGSBuNB6F_meaY5VhBR3DE";
/// A message.
pub const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;

/// Somebody who reaches the door's port.
#[derive(Debug)]
pub struct Attacker {
    origin: String,
    /// What they ask for.
    pub resource: String,
}

/// What a page's form has, and the cookie that came with it.
#[derive(Debug)]
pub struct Form {
    /// Ties the form to the page.
    pub csrf: String,
    /// The header with the cookie.
    pub cookie: String,
}

impl Form {
    /// Of a page that asks.
    pub fn of(page: &HttpResponse) -> Self {
        let csrf = page.body.split(r#"name="csrf" value=""#).nth(1).unwrap().split('"').next().unwrap();
        Self { csrf: csrf.to_owned(), cookie: cookie(page) }
    }
}

/// The header with the cookie that an answer set.
pub fn cookie(answer: &HttpResponse) -> String {
    format!("Cookie: {}", answer.header("set-cookie").unwrap().split(';').next().unwrap())
}

impl Attacker {
    /// One who wants the server `rogue` behind this door.
    pub fn new(door: &Door) -> Self {
        Self::wants(door, &door.mcp("rogue"))
    }

    /// One who wants this.
    pub fn wants(door: &Door, resource: &str) -> Self {
        Self { origin: door.origin.clone(), resource: resource.to_owned() }
    }

    /// Asks for a path, with more arguments for curl.
    pub fn get(&self, path: &str, more: &[&str]) -> HttpResponse {
        curl(&[more, &[&format!("{}{path}", self.origin)]].concat())
    }

    /// Registers a client.
    pub fn register(&self, metadata: &Value) -> HttpResponse {
        let body = metadata.to_string();
        self.get("/register", &["-H", "Content-Type: application/json", "-d", &body])
    }

    /// A client that has registered.
    #[track_caller]
    pub fn client(&self) -> String {
        let metadata = json!({ "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none" });
        self.register(&metadata).expect_status(201).text("client_id")
    }

    /// The path of a request for authorization, with a part of it changed.
    pub fn request(&self, client: &str, change: (&str, &str)) -> String {
        let mut all = vec![
            ("client_id", client),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("resource", &self.resource),
            ("state", "s"),
        ];
        all.retain(|(name, _)| *name != change.0);
        all.push(change);
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish();
        format!("/authorize?{query}")
    }

    /// The page about a request of this client.
    #[track_caller]
    pub fn page(&self, client: &str) -> HttpResponse {
        self.get(&self.request(client, ("state", "s")), &[]).expect_status(200)
    }

    /// Presses *Go on* on a page.
    pub fn goes_on(&self, form: &Form) -> HttpResponse {
        let (own, body) = (format!("Origin: {}", self.origin), format!("csrf={}&decision=go_on", form.csrf));
        self.get("/authorize", &["-H", &own, "-H", &form.cookie, "-d", &body])
    }

    /// A browser that waits for the answer of the person: the path that it asks at, and its cookie.
    #[track_caller]
    pub fn waits(&self, client: &str) -> (String, String) {
        let waits = self.goes_on(&Form::of(&self.page(client))).expect_status(303);
        let location = url::Url::parse(waits.header("location").unwrap()).unwrap();
        (format!("{}?{}", location.path(), location.query().unwrap()), cookie(&waits))
    }
}
