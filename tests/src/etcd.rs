//! A real etcd, of one or several members, and what its operator can do to it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::Leash;
use crate::{Process, free_port, until};

/// Members of etcd on loopback addresses.
#[derive(Debug)]
pub struct Etcd {
    folder: TempDir,
    members: Vec<Member>,
    guarded: bool,
    options: Vec<String>,
    _leash: Leash,
}

#[derive(Debug)]
struct Member {
    name: String,
    client: u16,
    peer: u16,
    process: Option<Process>,
}

impl Etcd {
    /// Starts so many members, and waits until they agree.
    pub fn start(count: usize) -> Self {
        Self::with(count, &[])
    }

    /// Starts one that has room for so many bytes.
    pub fn small(bytes: usize) -> Self {
        Self::with(1, &["--quota-backend-bytes".to_owned(), bytes.to_string()])
    }

    fn with(count: usize, options: &[String]) -> Self {
        let folder = tempfile::Builder::new().prefix("etcd-").tempdir_in("/tmp").unwrap();
        let leash = Leash::on_folder(folder.path());
        let member = |index| Member {
            name: format!("m{index}"),
            client: free_port(),
            peer: free_port(),
            process: None,
        };
        let members = (0..count).map(member).collect();
        let mut etcd = Self { folder, members, guarded: false, options: options.to_vec(), _leash: leash };
        (0..count).for_each(|index| etcd.run(index, "new"));
        if count > 0 {
            etcd.agrees();
        }
        etcd
    }

    /// Starts one that speaks TLS alone, with those who show a certificate, and knows one user, who has this
    /// password and may read and write below `fleet/`.
    pub fn guarded(password: &str) -> Self {
        let mut etcd = Self::start(0);
        let member = Member { name: "m0".to_owned(), client: free_port(), peer: free_port(), process: None };
        (etcd.members, etcd.guarded) = (vec![member], true);
        etcd.certify();
        etcd.run(0, "new");
        until("etcd is ready", || etcd.control(&["endpoint", "health"]).then_some(()));
        for command in [
            "user add root:of-the-root",
            "user grant-role root root",
            "role add valet",
            "role grant-permission valet readwrite fleet/ fleet0",
            &format!("user add valet:{password}"),
            "user grant-role valet valet",
            "auth enable",
        ] {
            let words: Vec<&str> = command.split(' ').collect();
            assert!(etcd.control(&words), "{command}");
        }
        etcd
    }

    /// Certificates of an authority of its own, for the engine and for whoever asks it.
    fn certify(&self) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        fs::write(self.file("ca.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        let authority = Issuer::new(params, key);
        for who in ["engine", "machine"] {
            let key = KeyPair::generate().unwrap();
            let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
            // With a common name, its gateway refuses whoever also signs in.
            params.distinguished_name = DistinguishedName::new();
            let certificate = params.signed_by(&key, &authority).unwrap();
            fs::write(self.file(&format!("{who}.pem")), certificate.pem()).unwrap();
            fs::write(self.file(&format!("{who}.key")), key.serialize_pem()).unwrap();
        }
    }

    /// A file beside its data.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where it is, and as whom it is asked, as a configuration has it.
    pub fn as_vault(&self, stale: u32) -> Value {
        let mut etcd = json!({"endpoints": self.endpoints(), "prefix": "fleet", "staleSeconds": stale});
        if self.guarded {
            etcd["user"] = "valet".into();
            etcd["tls"] = json!({
                "ca": self.file("ca.pem"), "cert": self.file("machine.pem"), "key": self.file("machine.key"),
            });
        }
        json!({"etcd": etcd})
    }

    /// Runs `etcdctl` as whoever runs it.
    pub fn control(&self, words: &[&str]) -> bool {
        let mut command = Command::new("etcdctl");
        command.env("ETCDCTL_API", "3").current_dir(self.folder.path());
        command.args(["--endpoints", &self.endpoints()[0]]);
        if self.guarded {
            command.args(["--cacert", "ca.pem", "--cert", "machine.pem", "--key", "machine.key"]);
            command.args(["--user", "root:of-the-root"]);
        }
        command.args(words).output().unwrap().status.success()
    }

    fn run(&mut self, index: usize, state: &str) {
        let url = |port: u16| format!("http://127.0.0.1:{port}");
        let client = self.endpoints().remove(index);
        let cluster: Vec<String> =
            self.members.iter().map(|member| format!("{}={}", member.name, url(member.peer))).collect();
        let member = &self.members[index];
        let mut command = Command::new("etcd");
        command.current_dir(self.folder.path()).env("ETCD_UNSUPPORTED_ARCH", "arm64").args([
            "--name",
            &member.name,
            "--data-dir",
            &format!("data-{}", member.name),
            "--listen-client-urls",
            &client,
            "--advertise-client-urls",
            &client,
            "--listen-peer-urls",
            &url(member.peer),
            "--initial-advertise-peer-urls",
            &url(member.peer),
            "--initial-cluster",
            &cluster.join(","),
            "--initial-cluster-state",
            state,
        ]);
        if self.guarded {
            command.args(["--cert-file", "engine.pem", "--key-file", "engine.key"]);
            command.args(["--trusted-ca-file", "ca.pem", "--client-cert-auth"]);
        }
        command.args(&self.options);
        let process = Process::spawn(&mut command, &member.name, self.folder.path());
        self.members[index].process = Some(process);
    }

    /// Waits until it answers what needs agreement.
    pub fn agrees(&self) {
        until("etcd agrees", || {
            let answer = self.ask("kv/range", &json!({"key": STANDARD.encode("x")}));
            answer["header"].is_object().then_some(())
        });
    }

    /// Where it is reached.
    pub fn endpoints(&self) -> Vec<String> {
        let scheme = if self.guarded { "https" } else { "http" };
        self.members.iter().map(|member| format!("{scheme}://127.0.0.1:{}", member.client)).collect()
    }

    /// The ports at which it is reached.
    pub fn ports(&self) -> Vec<u16> {
        self.members.iter().map(|member| member.client).collect()
    }

    /// Its data directories.
    pub fn folders(&self) -> Vec<PathBuf> {
        self.members.iter().map(|member| self.folder.path().join(format!("data-{}", member.name))).collect()
    }

    /// `kill -9` of one member.
    pub fn kill(&mut self, index: usize) {
        self.members[index].process.take().unwrap().kill();
    }

    /// Starts a member again that was killed.
    pub fn revive(&mut self, index: usize) {
        self.run(index, "existing");
    }

    /// Keeps a copy of all that it has now.
    pub fn keep(&mut self) {
        self.kill(0);
        self.copy("data-m0", "kept");
        self.revive(0);
        self.agrees();
    }

    /// Puts that copy in the place of all that it has.
    pub fn set_back(&mut self) {
        self.kill(0);
        fs::remove_dir_all(self.file("data-m0")).unwrap();
        self.copy("kept", "data-m0");
        self.revive(0);
        self.agrees();
    }

    fn copy(&self, from: &str, to: &str) {
        let mut copy = Command::new("cp");
        assert!(copy.arg("-a").args([self.file(from), self.file(to)]).status().unwrap().success());
    }

    /// Has a member answer nothing, as behind a network that is cut without a word.
    pub fn freeze(&self, index: usize) {
        self.members[index].process.as_ref().unwrap().freeze();
    }

    /// Has it go on.
    pub fn thaw(&self, index: usize) {
        self.members[index].process.as_ref().unwrap().thaw();
    }

    /// Asks whichever member answers first.
    pub fn ask(&self, path: &str, question: &Value) -> Value {
        for endpoint in self.endpoints() {
            let (address, question) = (format!("{endpoint}/v3/{path}"), question.to_string());
            let output = Command::new("curl")
                .args(["-s", "--max-time", "2", "--data-raw", &question, &address])
                .output()
                .unwrap();
            if let Ok(answer) = serde_json::from_slice::<Value>(&output.stdout) {
                return answer;
            }
        }
        Value::Null
    }

    /// The keys that begin so, each with its value.
    pub fn keys(&self, prefix: &str) -> Vec<(String, String)> {
        let mut end = prefix.as_bytes().to_vec();
        *end.last_mut().unwrap() += 1;
        let question = json!({"key": STANDARD.encode(prefix), "range_end": STANDARD.encode(end)});
        let answer = self.ask("kv/range", &question);
        let text = |value: &Value| {
            String::from_utf8(STANDARD.decode(value.as_str().unwrap_or_default()).unwrap()).unwrap()
        };
        let kvs = answer["kvs"].as_array().cloned().unwrap_or_default();
        kvs.iter().map(|kv| (text(&kv["key"]), text(&kv["value"]))).collect()
    }

    /// What its operator writes.
    pub fn put(&self, key: &str, value: &str) {
        let question = json!({"key": STANDARD.encode(key), "value": STANDARD.encode(value)});
        assert!(self.ask("kv/put", &question)["header"].is_object());
    }

    /// What its operator takes away.
    pub fn delete(&self, key: &str) {
        let question = json!({"key": STANDARD.encode(key)});
        assert!(self.ask("kv/deleterange", &question)["header"].is_object());
    }

    /// Puts in so much that it takes nothing more.
    pub fn fill(&self) {
        let value = STANDARD.encode([0; 64 << 10]);
        let mut count = 0;
        until("it is full", || {
            count += 1;
            let put = json!({"key": STANDARD.encode(format!("filling/{count}")), "value": value});
            self.ask("kv/put", &put)["error"].is_string().then_some(())
        });
    }

    /// Makes room again.
    pub fn make_room(&self) {
        assert!(self.control(&["del", "--prefix", "filling/"]));
        self.compact();
        assert!(self.control(&["defrag"]));
        assert!(self.control(&["alarm", "disarm"]));
    }

    /// Has it forget all that came before.
    pub fn compact(&self) {
        let answer = self.ask("kv/range", &json!({"key": STANDARD.encode("x")}));
        let revision = answer["header"]["revision"].as_str().unwrap().to_owned();
        self.ask("kv/compaction", &json!({"revision": revision, "physical": true}));
    }
}
