//! The door behind nginx, which ends TLS and is another user's.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use mcp_valet_tests::web::{Door, WebClient};
use mcp_valet_tests::{Home, Process, Rogue, curl, free_port, openssl, until};
use serde_json::{Value, json};

/// nginx in front of a door: at one port with the name that it was asked by, at the other as it is by itself.
fn nginx(home: &Home, door: &Door, named: u16, bare: u16) -> Process {
    let folder = home.path().join("nginx");
    fs::create_dir(&folder).unwrap();
    for path in [home.path(), folder.as_path()] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o711)).unwrap();
    }
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (key, request, certificate) = (at("key.pem"), at("request.pem"), at("certificate.pem"));
    let (ca_key, ca, names) = (at("ca-key.pem"), at("ca.pem"), at("names"));
    fs::write(&names, "subjectAltName=DNS:localhost\n").unwrap();
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let authority =
        ["req", "-x509", "-days", "2", "-subj", "/CN=An authority", "-keyout", &ca_key, "-out", &ca];
    openssl(&[&authority[..], &curve].concat());
    openssl(&[&["req", "-subj", "/CN=localhost", "-keyout", &key, "-out", &request][..], &curve].concat());
    openssl(&[
        "x509",
        "-req",
        "-days",
        "2",
        "-in",
        &request,
        "-CA",
        &ca,
        "-CAkey",
        &ca_key,
        "-CAcreateserial",
        "-extfile",
        &names,
        "-out",
        &certificate,
    ]);
    let server = |port: u16, more: &str| {
        let (tls, door) = (format!("ssl_certificate {certificate}; ssl_certificate_key {key};"), door.port);
        format!(
            "server {{ listen 127.0.0.1:{port} ssl; {tls} location / {{ proxy_pass http://127.0.0.1:{door}; {more} }} }}\n"
        )
    };
    let own = "proxy_set_header Host $http_host; proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_buffering off;";
    let places: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {};\n", at(name)))
        .concat();
    let all = format!(
        "daemon off; pid {};\nerror_log {};\nevents {{}}\nhttp {{ access_log off;\n{places}{}{} }}\n",
        at("pid"),
        at("log"),
        server(named, own),
        server(bare, ""),
    );
    fs::write(at("nginx.conf"), all).unwrap();
    let nginx = home.spawn(home.command("/usr/sbin/nginx").args(["-c", &at("nginx.conf")]), "nginx");
    until("nginx listens", || std::net::TcpStream::connect(("127.0.0.1", named)).ok());
    nginx
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that does nothing says so")]
fn behind_a_proxy_that_ends_tls_all_is_said_by_the_address_from_outside_and_a_wrong_one_is_told() {
    if !std::path::Path::new("/usr/sbin/nginx").exists() {
        eprintln!("nginx is not installed: nothing is tried");
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    let (named, bare) = (free_port(), free_port());
    let outside = format!("https://localhost:{named}");
    let door = Door::configure(
        &home,
        &[("rogue", &rogue.mcp())],
        &json!({ "externalUrl": outside, "redirects": ["http://127.0.0.1/callback"] }),
    );
    let mut proxy = nginx(&home, &door, named, bare);
    let authority = home.path().join("nginx/ca.pem").to_str().unwrap().to_owned();
    let mut config: Value = serde_json::from_str(&fs::read_to_string(home.config()).unwrap()).unwrap();
    config["valet"]["extraCa"] = json!([authority]);
    home.configure(&config);
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");

    let url = format!("{outside}/mcp/rogue");
    let mut client = WebClient::with(&home, &url, &[("NODE_EXTRA_CA_CERTS", &authority)]);
    let went = client.connects(&mut terminal, "f");
    assert_eq!((&went["connected"], &went["back"]["iss"]), (&json!(true), &json!(outside)), "{went}");
    for page in went["visited"].as_array().unwrap() {
        assert!(page.as_str().unwrap().contains(&outside), "{went}");
    }
    assert_eq!(client.does("list")["tools"], json!(["echo"]));
    let known = client.does("known").to_string();
    assert!(known.contains(&outside) && !known.contains("http://"), "{known}");
    // As nginx is by itself, it asks by the door's own name, and passes on what the client forged.
    let forged =
        ["--cacert", &authority, "-H", "X-Forwarded-Proto: http", "-H", "X-Forwarded-Host: evil.example"];
    for path in ["/.well-known/oauth-authorization-server", "/.well-known/oauth-protected-resource/mcp/rogue"]
    {
        let address = format!("https://localhost:{bare}{path}");
        let document = curl(&[&forged[..], &[&address]].concat()).expect_status(200);
        let body = &document.body;
        assert!(body.contains(&outside) && !body.contains("http://") && !body.contains("evil"), "{body}");
    }
    let doctor = |code: i32| valet.cli(&["doctor"]).expect_code(code).stdout;
    assert!(doctor(0).contains(&outside));
    proxy.kill();
    let told = valet.cli(&["doctor"]).stdout;
    assert!(told.contains("`externalUrl` of `door` has to be"), "{told}");
}
