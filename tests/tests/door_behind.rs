//! The door behind what ends TLS, and is another user's.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::front::{Front, TlsFront};
use mcp_valet_tests::web::{Door, WebClient};
use mcp_valet_tests::{Home, Process, Rogue, Terminal, Valet, curl, figure, until};
use serde_json::{Value, json};

/// Something in front of a door to one server that is signed in.
struct Behind<'home> {
    home: &'home Home,
    front: TlsFront,
    process: Process,
    valet: Valet<'home>,
    terminal: Terminal,
}

impl<'home> Behind<'home> {
    fn start(home: &'home Home, rogue: &Rogue, which: Front) -> Self {
        rogue.is_a_server();
        let front = TlsFront::prepare(home);
        let outside = json!({ "externalUrl": front.origin(), "redirects": ["http://127.0.0.1/callback"] });
        let door = Door::configure(home, &[("rogue", &rogue.mcp())], &outside);
        let process = front.start(home, which, &door);
        let mut config: Value = serde_json::from_str(&fs::read_to_string(home.config()).unwrap()).unwrap();
        config["valet"]["extraCa"] = json!([front.authority()]);
        home.configure(&config);
        let (valet, terminal) = door.valet(home);
        valet.sign_in("rogue");
        Self { home, front, process, valet, terminal }
    }

    fn url(&self) -> String {
        format!("{}/mcp/rogue", self.front.origin())
    }

    /// A client that is let in, all whose pages are below the address from outside.
    fn client(&mut self) -> WebClient {
        let (outside, authority) = (self.front.origin(), self.front.authority());
        let mut client = WebClient::with(self.home, &self.url(), &[("NODE_EXTRA_CA_CERTS", &authority)]);
        let went = client.connects(&mut self.terminal, "f");
        let told = (&went["connected"], &went["back"]["iss"]);
        assert_eq!(told, (&json!(true), &json!(outside)), "{went}");
        for page in went["visited"].as_array().unwrap() {
            assert!(page.as_str().unwrap().contains(&outside), "{went}");
        }
        assert_eq!(client.does("list")["tools"], json!(["echo"]));
        let known = client.does("known").to_string();
        assert!(known.contains(&outside) && !known.contains("http://"), "{known}");
        client
    }

    /// What a client forged passes by what stands in front, and changes nothing.
    fn believes_no_header(&self) {
        let (outside, authority) = (self.front.origin(), self.front.authority());
        let forged = [
            "--cacert",
            &authority,
            "-H",
            "X-Forwarded-Proto: http",
            "-H",
            "X-Forwarded-Host: evil.example",
            "-H",
            "Forwarded: host=evil.example;proto=http",
        ];
        for path in ["oauth-authorization-server", "oauth-protected-resource/mcp/rogue"] {
            let address = format!("{outside}/.well-known/{path}");
            let body = curl(&[&forged[..], &[&address]].concat()).expect_status(200).body;
            assert!(body.contains(&outside) && !body.contains("http://") && !body.contains("evil"), "{body}");
        }
        let bare = curl(&[&forged[..], &["-d", "{}", &self.url()]].concat()).expect_status(401);
        let challenge = bare.header("www-authenticate").unwrap();
        assert!(challenge.contains(&outside) && !challenge.contains("http://"), "{challenge}");
        // A page elsewhere, by the name of this one.
        let foreign = ["--cacert", &authority, "-H", "Origin: https://evil.example", "-d", "{}", &self.url()];
        curl(&foreign).expect_status(403);
    }

    /// What a server says on a stream is there at once, though the stream stays open.
    fn streams(&self, rogue: &Rogue, client: &mut WebClient) {
        let streams = rogue.streams();
        let token = client.does("tokens")["access_token"].as_str().unwrap().to_owned();
        let mut listens = self.home.command("curl");
        let authorization = format!("Authorization: Bearer {token}");
        listens.args(["-s", "-N", "--cacert", &self.front.authority(), "-H", &authorization]);
        let stream =
            self.home.spawn(listens.args(["-H", "Accept: text/event-stream", &self.url()]), "stream");
        until("it has begun", || stream.stdout().contains("here").then_some(()));
        streams.says("more");
        until("the next is there as well", || stream.stdout().contains("more").then_some(()));
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that does nothing says so")]
fn behind_whatever_ends_tls_all_is_said_by_the_address_from_outside_and_at_once() {
    for front in Front::ALL {
        if !front.is_installed() {
            eprintln!("{front:?} is not installed: nothing is tried");
            continue;
        }
        let (home, rogue) = (Home::new(), Rogue::start());
        let mut behind = Behind::start(&home, &rogue, front);
        let mut client = behind.client();
        behind.believes_no_header();
        behind.streams(&rogue, &mut client);
        figure(format!("| {front:?} | sign-in, forged headers, streams |"));
    }
}

#[test]
fn an_address_from_outside_where_something_else_answers_is_told() {
    if !Front::Nginx.is_installed() {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    let mut behind = Behind::start(&home, &rogue, Front::Nginx);
    let told = behind.valet.cli(&["doctor"]).expect_code(0).stdout;
    assert!(told.contains(&behind.front.origin()), "{told}");
    behind.process.kill();
    let told = behind.valet.cli(&["doctor"]).stdout;
    assert!(told.contains("`externalUrl` of `door` has to be"), "{told}");
}
