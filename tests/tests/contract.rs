//! What the socket takes and answers is what `docs/socket.openapi.json` says: no more, and no less.

#![allow(clippy::unwrap_used, reason = "a test")]

use jsonschema::Validator;
use mcp_valet_tests::{Home, HttpResponse, Rogue, Valet, curl, until};
use serde_json::{Value, json};
use std::path::Path;

/// The document, in which no object may have members that it does not name.
struct Contract(Value);

impl Contract {
    fn read() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/socket.openapi.json");
        let mut document = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        close(&mut document);
        Self(document)
    }

    fn validator(&self, schema: &Value) -> Validator {
        let mut whole = schema.clone();
        whole["components"] = self.0["components"].clone();
        jsonschema::options().should_validate_formats(true).build(&whole).unwrap()
    }

    #[track_caller]
    fn holds(&self, schema: &Value, text: &Value, of: &str) {
        assert!(schema.is_object(), "{of} is not in the document");
        let faults: Vec<_> =
            self.validator(schema).iter_errors(text).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{of}: {faults:?} in {text}");
    }

    /// The answer to a call, such as `GET /v1/servers/{server}`, is one of those that are written down.
    #[track_caller]
    fn answers(&self, call: &str, status: u16, answer: &HttpResponse) {
        assert_eq!(answer.status, status, "{call}: {answer:?}");
        let (method, path) = call.split_once(' ').unwrap();
        let responses = &self.0["paths"][path][method.to_lowercase()]["responses"];
        let problem = &self.0["components"]["responses"]["Problem"]["content"]["application/problem+json"];
        let (said, kind) = match responses.get(status.to_string()) {
            Some(answer) => (&answer["content"]["application/json"], "application/json"),
            None => (problem, "application/problem+json"),
        };
        let schema = &said["schema"];
        if status == 204 {
            assert_eq!((answer.body.as_str(), schema), ("", &Value::Null), "{call}");
            return;
        }
        assert_eq!(answer.header("content-type"), Some(kind), "{call}");
        self.holds(schema, &answer.json(), call);
    }

    /// Whether a body is one that the call takes.
    fn takes(&self, call: &str, body: &Value) -> bool {
        let (method, path) = call.split_once(' ').unwrap();
        let body_of = &self.0["paths"][path][method.to_lowercase()]["requestBody"];
        let schema = &body_of["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{call} takes nothing");
        self.validator(schema).is_valid(body)
    }
}

/// Closes every object that names its members, but for the document's own.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(close);
            if members.get("properties").is_some_and(Value::is_object) {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_answer_is_as_the_document_of_the_socket_says() {
    let (home, rogue, contract) = (Home::new(), Rogue::start(), Contract::read());
    home.lists(&[("rogue", &rogue.mcp()), ("other", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    let server = |path: &str| format!("/v1/servers/rogue{path}");
    contract.answers("GET /v1/health", 200, &valet.get("/v1/health"));
    contract.answers("GET /v1/servers", 200, &valet.get("/v1/servers"));
    contract.answers(
        "POST /v1/token",
        401,
        &valet.post("/v1/token", &json!({ "server": "rogue", "wait": 0 })),
    );
    let begun = valet.post(&server("/authorize"), &json!({}));
    contract.answers("POST /v1/servers/{server}/authorize", 200, &begun);
    contract.answers("GET /v1/servers/{server}", 200, &valet.get(&server("")));
    let back = curl(&[&begun.text("authorization_url")]).header("location").unwrap().to_owned();
    let finish = "POST /v1/servers/{server}/callback";
    contract.answers(finish, 400, &valet.post(&server("/callback"), &json!({ "url": "https://a.example/" })));
    contract.answers(finish, 200, &valet.post(&server("/callback"), &json!({ "url": back })));
    contract.answers("POST /v1/token", 200, &valet.token("rogue"));
    contract.answers("GET /v1/servers/{server}", 200, &valet.get(&server("?wait=1")));
    contract.answers("GET /v1/servers/{server}", 404, &valet.get("/v1/servers/nobody"));
    contract.answers("POST /v1/doctor", 200, &valet.post("/v1/doctor", &json!({ "server": "rogue" })));
    contract.answers(
        "POST /v1/servers/{server}/decline",
        200,
        &valet.post("/v1/servers/other/decline", &json!({})),
    );
    contract.answers("POST /v1/token", 403, &valet.token("other"));
    let new = json!({ "name": "new", "url": "https://new.example/mcp", "oauth": { "scopes": ["read"] } });
    contract.answers("POST /v1/servers", 200, &valet.post("/v1/servers", &new));
    let new = json!({ "name": "g\u{43e}od", "url": "https://new.example/mcp" });
    contract.answers("POST /v1/servers", 400, &valet.post("/v1/servers", &new));
    contract.answers(
        "POST /v1/servers/{server}/revoke",
        200,
        &valet.post(&server("/revoke"), &json!({ "client": true })),
    );
    contract.answers("DELETE /v1/servers/{server}", 200, &valet.delete("/v1/servers/new"));
    contract.answers("POST /v1/revoke", 200, &valet.post("/v1/revoke", &json!({})));
    contract.answers("GET /v1/audit", 200, &valet.get("/v1/audit"));
    contract.answers("GET /v1/audit/verify", 200, &valet.get("/v1/audit/verify"));
    contract.answers("POST /v1/show", 400, &valet.post("/v1/show", &json!({})));
    contract.answers("POST /v1/lock", 204, &valet.post("/v1/lock", &json!({})));
}

#[test]
fn every_event_is_as_the_document_of_the_socket_says() {
    let (home, rogue, contract) = (Home::new(), Rogue::start(), Contract::read());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let mut listener = home.command("/usr/bin/curl");
    let socket = home.socket();
    listener.args(["--silent", "--no-buffer", "--unix-socket", socket.to_str().unwrap()]);
    let listener = home.spawn(listener.arg("http://localhost/v1/events"), "listener");
    let hears =
        |name: &str| until(name, || listener.stdout().contains(&format!("event: {name}\n")).then_some(()));
    hears("servers");
    valet.post("/v1/servers/rogue/revoke", &json!({})).expect_status(200);
    hears("revoked");
    valet.post("/v1/servers/rogue/decline", &json!({})).expect_status(200);
    hears("declined");
    valet.delete("/v1/servers/rogue").expect_status(200);
    hears("removed");
    valet.post("/v1/lock", &json!({})).expect_status(204);
    hears("locked");
    valet.stop();
    hears("end");
    let said = listener.stdout();
    let mut heard = 0;
    for event in said.split("\n\n") {
        let part = |begin: &str| event.lines().find_map(|line| line.strip_prefix(begin));
        let Some((name, data)) = part("event: ").zip(part("data: ")) else { continue };
        let schema = &contract.0["paths"]["/v1/events"]["get"]["x-events"][name];
        contract.holds(schema, &serde_json::from_str(data).unwrap(), name);
        heard += 1;
    }
    assert!(heard >= 6, "{said}");
}

#[test]
fn what_the_document_does_not_let_through_is_refused_in_its_words() {
    let (home, rogue, contract) = (Home::new(), Rogue::start(), Contract::read());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    for (call, wrong) in [
        ("POST /v1/token", json!({})),
        ("POST /v1/token", json!({ "server": "rogue", "scopes": "a" })),
        ("POST /v1/token", json!({ "server": "rogue", "wait": -1 })),
        ("POST /v1/servers", json!({ "name": "new", "program": { "args": [] } })),
        ("POST /v1/servers", json!({ "url": 1 })),
        ("POST /v1/servers/{server}/authorize", json!({ "browser": true })),
        ("POST /v1/servers/{server}/callback", json!({})),
        ("POST /v1/servers/{server}/revoke", json!({ "client": "yes" })),
        ("POST /v1/doctor", json!([])),
        ("POST /v1/show", json!({ "displays": ":0" })),
    ] {
        assert!(!contract.takes(call, &wrong), "{call} {wrong}");
        let path = call.strip_prefix("POST ").unwrap().replace("{server}", "rogue");
        contract.answers(call, 400, &valet.post(&path, &wrong));
    }
    assert!(contract.takes("POST /v1/token", &json!({ "server": "rogue", "wait": 5, "min_ttl": 60 })));
    assert!(
        contract
            .takes("POST /v1/servers", &json!({ "url": "https://a.example", "oauth": { "scopes": ["a"] } }))
    );
    valet.post("/v1/lock", &json!({})).expect_status(204);
    contract.answers("POST /v1/token", 423, &valet.token("rogue"));
}
