//! What the socket takes and answers, for readers and programs: an OpenAPI document made of the types of
//! `wire`.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use wire::doctor::{Examine, Itself, Report};
use wire::{
    Added, Adopt, AdoptDone, AuditEntry, Authorization, AuthorizeRequest, ConsentState, Finish, Forward,
    Health, LastTime, NewForward, NewServer, Problem, Reason, Removed, Revocation, Revoke, RevokedAll,
    RulesOf, Server, SetKey, SetUp, SetUpDone, Show, Token, TokenRequest, Verified, WebClient,
};

/// Set to write the document anew.
const WRITE: &str = "MCP_VALET_WRITE_TYPES";
const SCHEMAS: &str = "/components/schemas";

/// The types that were named so far: those that are taken, and those that are sent.
struct Types {
    taken: SchemaGenerator,
    sent: SchemaGenerator,
}

impl Types {
    fn new() -> Self {
        let mut settings = SchemaSettings::draft2020_12();
        settings.definitions_path = SCHEMAS.into();
        settings.meta_schema = None;
        Self {
            taken: settings.clone().for_deserialize().into_generator(),
            sent: settings.for_serialize().into_generator(),
        }
    }

    fn sent<T: JsonSchema>(&mut self) -> Schema {
        self.sent.subschema_for::<T>()
    }

    /// A call with this body, which may be left out where an empty one will do.
    fn takes<T: JsonSchema + DeserializeOwned>(&mut self, call: Value) -> Value {
        let schema = self.taken.subschema_for::<T>();
        let required = serde_json::from_str::<T>("{}").is_err();
        with(call, "requestBody", json!({ "required": required, "content": json_of(&schema) }))
    }

    /// A call that is answered so.
    fn gives<T: JsonSchema>(&mut self, does: &str) -> Value {
        call(does, "200", json!({ "description": "Done.", "content": json_of(&self.sent::<T>()) }))
    }

    /// All that were named. What is taken and what is sent have no name in common.
    fn all(mut self) -> Map<String, Value> {
        let (taken, sent) = (self.taken.take_definitions(false), self.sent.take_definitions(false));
        let all: Map<_, _> = taken.clone().into_iter().chain(sent.clone()).collect();
        assert_eq!(all.len(), taken.len() + sent.len(), "one name for two types");
        all
    }
}

fn json_of(schema: &Schema) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn call(does: &str, status: &str, answer: Value) -> Value {
    let problem = json!({ "$ref": "#/components/responses/Problem" });
    json!({ "summary": does, "responses": { status: answer, "default": problem } })
}

/// A call that is answered without a word.
fn silent(does: &str) -> Value {
    call(does, "204", json!({ "description": "Done." }))
}

fn with(mut call: Value, member: &str, value: Value) -> Value {
    call[member] = value;
    call
}

fn v1(types: &mut Types) -> Value {
    let add = types.gives::<Added>("Add a server to the configuration.");
    let token = types.gives::<Token>("Get an access token.");
    let authorize = types.gives::<Authorization>("Begin a sign-in.");
    let finish = types.gives::<Server>("Finish a sign-in with the address that the browser ended at.");
    let revoke = types.gives::<Revocation>("Revoke the grant of a server.");
    let set_key = types.gives::<Server>("Set a key of a server, once the person agrees.");
    let set_up = types.gives::<SetUpDone>("Have files of other programs lead here, once the person agrees.");
    let forward = types.gives::<Forward>("Have a socket in another place lead here, once the person agrees.");
    let adopt =
        types.gives::<AdoptDone>("Move here what other programs list, secrets too, once the person agrees.");
    let wipe_key = types.gives::<Server>("Wipe a key of a server.");
    let examine = types.gives::<Report>("Look at a server, and what stands in the way of a sign-in.");
    let wait = json!([{ "name": "wait", "in": "query", "schema": { "type": "integer", "minimum": 0, "maximum": 600 },
        "description": "Seconds to wait for the end of its sign-in." }]);
    json!({
        "/v1/token": { "post": types.takes::<TokenRequest>(token) },
        "/v1/servers": {
            "get": types.gives::<Vec<Server>>("List the servers."),
            "post": types.takes::<NewServer>(add),
        },
        "/v1/servers/{server}": {
            "get": with(types.gives::<Server>("Look at one server."), "parameters", wait),
            "delete": types.gives::<Removed>("Revoke the grant of a server, and take it out of the configuration."),
        },
        "/v1/servers/{server}/rules": { "get": types.gives::<RulesOf>("Ask what you may do at a server.") },
        "/v1/servers/{server}/last-time": {
            "get": types.gives::<LastTime>("Look at what a server said of itself the last time, if you may use it."),
        },
        "/v1/servers/{server}/authorize": {
            "post": types.takes::<AuthorizeRequest>(authorize),
            "delete": types.gives::<Server>("Give up the sign-in that you have begun."),
        },
        "/v1/servers/{server}/callback": { "post": types.takes::<Finish>(finish) },
        "/v1/servers/{server}/decline": { "post": types.gives::<Server>("Say \"not now\" to signing in.") },
        "/v1/servers/{server}/revoke": { "post": types.takes::<Revoke>(revoke) },
        "/v1/servers/{server}/keys/{key}": { "put": types.takes::<SetKey>(set_key), "delete": wipe_key },
        "/v1/forwards": {
            "get": types.gives::<Vec<Forward>>("List the sockets in other places that lead here."),
            "post": types.takes::<NewForward>(forward),
        },
        "/v1/forwards/{forward}": { "delete": types.gives::<Forward>("End one, by its number or its place.") },
        "/v1/door": { "get": types.gives::<Vec<WebClient>>("List the clients of the door that are let in.") },
        "/v1/door/{client}": { "delete": types.gives::<WebClient>("Take back what one of them was given, by its number.") },
        "/v1/setup": { "post": types.takes::<SetUp>(set_up) },
        "/v1/adopt": { "post": types.takes::<Adopt>(adopt) },
        "/v1/revoke": { "post": types.gives::<RevokedAll>("Revoke everything.") },
        "/v1/events": { "get": events(types) },
        "/v1/audit": { "get": types.gives::<Vec<AuditEntry>>("List your own entries of the audit.") },
        "/v1/audit/verify": { "get": types.gives::<Verified>("Check the whole audit.") },
        "/v1/doctor": {
            "get": types.gives::<Itself>("Look at the valet itself."),
            "post": types.takes::<Examine>(examine),
        },
        "/v1/lock": { "post": silent("Lock the valet: wipe its memory.") },
        "/v1/show": { "post": types.takes::<Show>(silent("Bring the window to the front.")) },
        "/v1/health": { "get": types.gives::<Health>("Ask whether all is well.") },
    })
}

/// OpenAPI has no words for the events of a stream: theirs stand beside it.
fn events(types: &mut Types) -> Value {
    let server =
        json!({ "type": "object", "required": ["server"], "properties": { "server": { "type": "string" } } });
    let consent = json!({ "type": "object", "required": ["server", "consent"],
        "properties": { "server": { "type": "string" }, "consent": types.sent::<ConsentState>() } });
    let locked = json!({ "type": "object", "required": ["reason"],
        "properties": { "reason": types.sent::<Reason>() } });
    let nothing = json!({ "type": "object" });
    let stream = json!({ "description": "Events, without end.", "content": { "text/event-stream": {} } });
    let data = json!({
        "servers": types.sent::<Vec<Server>>(),
        "revoked": server, "lapsed": server, "registration_lost": server, "declined": server, "removed": server,
        "consent": consent, "locked": locked, "unlocked": nothing, "end": nothing,
    });
    with(call("Hear of changes, as server-sent events.", "200", stream), "x-events", data)
}

fn proxy() -> Value {
    let answer = json!({ "description": "What the server answers; or a JSON-RPC error of the valet, whose `data` has the \
        `code`, `advice` and `reason` of a problem.", "content": { "application/json": {}, "text/event-stream": {} } });
    let one = |does| call(does, "200", answer.clone());
    let body = json!({ "required": true, "content": { "application/json": {} } });
    json!({ "/mcp/{server}": {
        "post": with(one("Send a message to the server, with the credential put in."), "requestBody", body),
        "get": one("Hear the messages of the server."),
        "delete": one("End a session with the server."),
    } })
}

fn document() -> Value {
    let mut types = Types::new();
    let mut paths = v1(&mut types);
    let problem = types.sent::<Problem>();
    let members = paths.as_object_mut().unwrap();
    members.extend(proxy().as_object().unwrap().clone());
    for (_, calls) in members.iter_mut().filter(|(path, _)| path.contains("{server}")) {
        calls["parameters"] = json!([{ "$ref": "#/components/parameters/server" }]);
    }
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "The socket of MCP Valet",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "HTTP/1.1 over $XDG_RUNTIME_DIR/mcp-valet/agent.sock. Made of the types by `make types`; docs/socket.md explains it.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "http://localhost" }],
        "paths": paths,
        "components": {
            "parameters": { "server": { "name": "server", "in": "path", "required": true,
                "schema": { "type": "string" }, "description": "A server's name or URL." } },
            "responses": { "Problem": { "description": "It was not done (RFC 9457).",
                "content": { "application/problem+json": { "schema": problem } } } },
            "schemas": types.all(),
        },
    })
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> String {
    fs::read_to_string(repository().join("docs/socket.md")).unwrap()
}

/// `METHOD path` of each call in the document.
fn calls() -> Vec<String> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let methods = |calls: &Value| calls.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let of = |(path, calls): (&String, &Value)| {
        methods(calls)
            .into_iter()
            .filter(|method| method != "parameters")
            .map(|method| format!("{} {path}", method.to_uppercase()))
            .collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

#[test]
fn other_programs_know_the_types_as_they_are() {
    let file = repository().join("docs/socket.openapi.json");
    // Links between types mean nothing outside of their documentation.
    let now = format!("{:#}\n", document()).replace("[`", "`").replace("`]", "`");
    if std::env::var_os(WRITE).is_some() {
        fs::write(&file, &now).unwrap();
    }
    assert!(
        fs::read_to_string(&file).unwrap() == now,
        "{} is stale: run `make types` and commit it",
        file.display()
    );
}

#[test]
fn every_route_is_in_the_document_and_every_call_on_the_page() {
    let routes = include_str!("routes.rs").lines().filter_map(|line| line.trim().strip_prefix(".route(\""));
    let mut routed: Vec<_> = routes
        .flat_map(|route| {
            let (path, served) = route.split_once("\", ").unwrap();
            let methods: &[&str] = if served.starts_with("any(") {
                &["POST", "GET", "DELETE"]
            } else {
                &["GET", "POST", "PUT", "DELETE"]
            };
            let takes = |method: &&&str| {
                served.contains("any(") || served.contains(&format!("{}(", method.to_lowercase()))
            };
            methods.iter().filter(takes).map(|method| format!("{method} {path}")).collect::<Vec<_>>()
        })
        .collect();
    // It is answered before the router is asked.
    routed.push(format!("POST {}", super::token::PATH));
    let mut calls = calls();
    let page = page();
    for call in &calls {
        assert!(page.contains(&format!("`{call}`")), "docs/socket.md lacks {call}");
    }
    routed.sort();
    calls.sort();
    assert_eq!(routed, calls);
}

#[test]
fn every_reason_is_on_the_page() {
    let (document, page) = (document(), page());
    let reasons = document["components"]["schemas"]["Reason"]["oneOf"].as_array().unwrap();
    assert!(reasons.len() > 90, "{}", reasons.len());
    for reason in reasons.iter().map(|reason| reason["const"].as_str().unwrap()) {
        assert!(page.contains(&format!("`{reason}`")), "docs/socket.md lacks {reason}");
    }
}
