//! Accounts by folder: of several accounts at one address, a program has that of the folder that it works in,
//! or is asked about. Nothing silently goes to another one.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::symlink;
use std::process::Stdio;
use std::thread;

use mcp_valet_tests::desk::{BOTH, Desk};
use mcp_valet_tests::proposals::audited;
use mcp_valet_tests::{Reply, Terminal, program, this_program, tools, until};
use serde_json::{Value, json};

#[test]
fn connect_in_two_folders_has_two_accounts() {
    let desk = Desk::new(&BOTH, "allow");
    let _valet = desk.valet(&BOTH);
    for (folder, account) in [("work/acme", "acme"), ("work/globex", "globex"), ("work/acme/deep", "acme")] {
        let token = desk.asks(folder, "$URL");
        assert_eq!(token["server"], account, "{token}");
        let mut command = desk.home.command(program("mcp-valet"));
        command.args(["connect", &desk.rogue.mcp()]).current_dir(desk.at(folder));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        writeln!(stdin, "{}", tools::request("initialize")).unwrap();
        assert!(lines.next().unwrap().unwrap().contains("result"));
        writeln!(stdin, "{}", tools::call("list", json!({ "folder": folder }))).unwrap();
        let answer = lines.find(|line| line.as_ref().unwrap().contains("\"id\":7")).unwrap().unwrap();
        assert!(answer.contains("done"), "{answer}");
        drop(stdin);
        child.wait().unwrap();
        let calls = desk.rogue.requests("/mcp");
        let call = calls.iter().find(|call| call.body.contains(&format!("\"{folder}\""))).unwrap();
        let shown = call.headers["authorization"].trim_start_matches("Bearer ");
        assert_eq!(shown, token["access_token"].as_str().unwrap(), "{folder}");
    }
}

#[test]
fn the_nearest_folder_counts_and_a_link_leads_where_it_leads() {
    let accounts: [(&str, &[&str]); 3] =
        [("acme", &["~/work/acme"]), ("work", &["~/work/"]), ("linked", &["~/link"])];
    let desk = Desk::new(&accounts, "allow");
    let _valet = desk.valet(&accounts);
    symlink(desk.at("elsewhere"), desk.at("link")).unwrap();
    symlink(desk.at("work/acme"), desk.at("elsewhere/to-acme")).unwrap();
    assert_eq!(desk.account("work/acme/deep"), "acme");
    assert_eq!(desk.account("work/globex"), "work");
    assert_eq!((desk.account("link"), desk.account("elsewhere")), ("linked".into(), "linked".into()));
    assert_eq!(desk.account("elsewhere/to-acme"), "acme", "it works where the link leads");
}

#[test]
fn a_folder_of_another_case_or_that_was_moved_is_another_one() {
    let desk = Desk::new(&BOTH, "allow");
    let _valet = desk.valet(&BOTH);
    fs::create_dir_all(desk.at("Work/Acme")).unwrap();
    let answer = desk.refuses("Work/Acme", "$URL", "nobody_to_ask");
    assert!(answer["detail"].as_str().unwrap().contains("Work/Acme"), "{answer}");
    fs::rename(desk.at("work/acme"), desk.at("work/acme-old")).unwrap();
    desk.refuses("work/acme-old", "$URL", "nobody_to_ask");
    desk.refuses("work/acme-old", "acme", "nobody_to_ask");
    fs::rename(desk.at("work/globex"), desk.at("work/acme")).unwrap();
    assert_eq!(desk.account("work/acme"), "acme", "what is there now is meant");
}

#[test]
fn no_account_is_ever_taken_for_want_of_another() {
    let accounts: [(&str, &[&str]); 2] = [("acme", &["~/work/acme"]), ("any", &[])];
    let desk = Desk::new(&accounts, "allow");
    let mut config = desk.config(&accounts, "allow");
    config["mcpServers"]["spelled"] = json!({ "url": format!("{}/", desk.rogue.mcp()) });
    desk.home.configure(&config);
    let _valet = desk.valet(&accounts);
    desk.refuses("elsewhere", "$URL", "nobody_to_ask");
    desk.refuses("elsewhere", "acme", "nobody_to_ask");
    // Another spelling of the address is no other one.
    desk.refuses("work/acme", "spelled", "nobody_to_ask");
    assert_eq!(desk.asks("elsewhere", "any")["server"], "any", "it is for any folder, and named");
    desk.refuses("work/acme", "any", "nobody_to_ask");
    assert_eq!(desk.asks("work/acme", "acme")["server"], "acme");
    assert!(
        audited(&desk.home, "hand_out")
            .iter()
            .all(|entry| entry["server"] != "any" || entry["folder"].is_string())
    );
}

#[test]
fn whoever_has_leave_for_one_account_alone_is_asked_about_the_one_of_the_folder() {
    let desk = Desk::new(&BOTH, "ask");
    let (_valet, mut terminal) = desk.asking(&BOTH);
    let asks = |terminal: &mut Terminal, folder: &str, shows: &str, types: &str| {
        thread::scope(|scope| {
            let asking = scope.spawn(|| desk.asks(folder, "$URL"));
            terminal.shows(shows);
            terminal.shows(&format!("in {}", desk.at(folder).display()));
            terminal.types(types);
            asking.join().unwrap()
        })
    };
    let wants = |server: &str| format!("{} wants to use {server} (127.0.0.1", this_program());
    assert_eq!(asks(&mut terminal, "work/globex", &wants("globex"), "f")["server"], "globex");
    assert_eq!(asks(&mut terminal, "work/acme", &wants("acme"), "d")["code"], "denied");
    assert_eq!(desk.account("work/globex"), "globex");
}

#[test]
fn where_no_account_is_for_the_folder_the_person_names_one_for_it() {
    let desk = Desk::new(&BOTH, "allow");
    let (_valet, mut terminal) = desk.asking(&BOTH);
    let answered = |terminal: &mut Terminal, folder: &str, server: &str, shows: &str, types: &str| {
        thread::scope(|scope| {
            let asking = scope.spawn(|| desk.asks(folder, server));
            terminal.shows(shows);
            until("it may be answered", || terminal.screen().trim_end().ends_with('>').then_some(()));
            terminal.types(types);
            asking.join().unwrap()
        })
    };
    let elsewhere = desk.at("elsewhere").display().to_string();
    let which = format!("in {elsewhere}, and that folder has no account of its own");
    assert_eq!(answered(&mut terminal, "elsewhere", "$URL", &which, "2")["server"], "globex");
    assert_eq!(desk.account("elsewhere"), "globex", "it was said for this folder");
    let chosen = audited(&desk.home, "choose_account");
    assert_eq!((&chosen[0]["server"], &chosen[0]["folder"]), (&json!("globex"), &json!(elsewhere)));
    fs::create_dir_all(desk.at("another")).unwrap();
    let another = format!("in {}, and", desk.at("another").display());
    assert_eq!(answered(&mut terminal, "another", "$URL", &another, "n")["reason"], "account_refused");
    desk.refuses("another", "$URL", "account_refused");
    let not_for = format!("in {}, which is not what that account is for", desk.at("work/globex").display());
    assert_eq!(answered(&mut terminal, "work/globex", "acme", &not_for, "y")["server"], "acme");
    assert_eq!(desk.account("work/globex"), "globex", "that was about acme by its name");
    assert_eq!(audited(&desk.home, "choose_no_account").len(), 1);
}

#[test]
fn an_edit_of_the_accounts_ends_what_was_chosen() {
    let desk = Desk::new(&BOTH, "allow");
    let (valet, mut terminal) = desk.asking(&BOTH);
    thread::scope(|scope| {
        let asking = scope.spawn(|| desk.asks("elsewhere", "$URL"));
        terminal.shows("The [number] of one");
        terminal.types("1");
        assert_eq!(asking.join().unwrap()["server"], "acme");
    });
    let edited: [(&str, &[&str]); 2] = [("acme", &["~/work/acme"]), ("globex", &["~/work/globex", "~/work"])];
    desk.home.configure(&desk.config(&edited, "allow"));
    terminal.shows("that work in ~/work/globex, ~/work");
    terminal.types("y");
    until("it is in force", || {
        (valet.server("globex")["folders"] == json!(["~/work/globex", "~/work"])).then_some(())
    });
    thread::scope(|scope| {
        let asking = scope.spawn(|| desk.asks("elsewhere", "$URL"));
        let asked = || terminal.screen().matches("The [number] of one").count();
        until("it is asked anew", || (asked() == 2).then_some(()));
        terminal.types("1");
        assert_eq!(asking.join().unwrap()["server"], "acme");
    });
    let wider: [(&str, &[&str]); 2] =
        [("acme", &["~/work/acme"]), ("globex", &["~/work/globex", "~/elsewhere"])];
    desk.home.configure(&desk.config(&wider, "allow"));
    terminal.shows("\"globex\" is the account for programs that work in ~/work/globex, ~/elsewhere");
    terminal.types("y");
    until("it is in force", || {
        (valet.server("globex")["folders"] == json!(["~/work/globex", "~/elsewhere"])).then_some(())
    });
    assert_eq!(desk.account("elsewhere"), "globex");
}

#[test]
fn a_question_about_accounts_is_another_once_one_of_them_is_gone() {
    let desk = Desk::new(&BOTH, "allow");
    let (_valet, mut terminal) = desk.asking(&BOTH);
    thread::scope(|scope| {
        let asking = scope.spawn(|| desk.asks("elsewhere", "$URL"));
        terminal.shows(" 2  globex");
        desk.home.configure(&desk.config(&BOTH[..1], "allow"));
        let asked = || terminal.screen().matches("The [number] of one").count();
        until("it is asked anew", || (asked() == 2).then_some(()));
        assert_eq!(terminal.screen().matches(" 2  globex").count(), 1, "{}", terminal.screen());
        terminal.types("1");
        assert_eq!(asking.join().unwrap()["server"], "acme");
    });
}

/// A program that asks on connections of its own, in one process.
const MOVES: &str = r#"
import json, os, socket, sys
def connect():
    stream = socket.socket(socket.AF_UNIX)
    stream.connect(os.environ["SOCKET"])
    return stream
def ask(path, body, headers="", stream=None):
    stream = stream or connect()
    body = json.dumps(body)
    head = "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n"
    stream.sendall((head % (path, headers, len(body)) + body).encode())
    answer = b""
    while piece := stream.recv(65536): answer += piece
    return answer.decode()
def token(stream=None, server=os.environ["URL"]):
    answer = json.loads(ask("/v1/token", {"server": server, "wait": 5}, "", stream).split("\r\n\r\n", 1)[1])
    print(answer.get("server") or answer.get("reason"), flush=True)
"#;

fn moves(desk: &Desk, from: &str, script: &str) -> Vec<String> {
    let mut command = desk.home.command("python3");
    command.args(["-c", &format!("{MOVES}\n{script}")]).current_dir(desk.at(from));
    command.env("SOCKET", desk.home.socket()).env("URL", desk.rogue.mcp()).env("ASK", desk.at("ask"));
    command.env("HERE", desk.home.path());
    let output = desk.home.run(&mut command);
    assert_eq!(output.code, 0, "{output:?}");
    output.stdout.lines().map(ToOwned::to_owned).collect()
}

#[test]
fn a_program_that_goes_elsewhere_keeps_its_account_and_gets_no_other() {
    let desk = Desk::new(&BOTH, "allow");
    let _valet = desk.valet(&BOTH);
    let script = "
token()
for folder in ['work/acme/deep', 'elsewhere', 'work/globex', 'work/acme']:
    os.chdir(os.path.join(os.environ['HERE'], folder))
    token()";
    let said = moves(&desk, "work/acme", script);
    assert_eq!(said, ["acme", "acme", "acme", "folder_changed", "acme"]);
    // What it was refused it does not get as another run of itself either, but there it begins anew.
    let again = "
token()
os.chdir(os.path.join(os.environ['HERE'], 'work/globex'))
os.execvp('sh', ['sh', '-c', '$ASK $URL'])";
    let said = moves(&desk, "work/acme", again);
    let gone = "
os.mkdir('gone')
os.chdir('gone')
token()
os.rmdir('../gone')
token()";
    assert_eq!(moves(&desk, "work/acme", gone), ["acme", "acme"]);
    assert!(said[1].contains("\"server\":\"globex\""), "{said:?}");
}

#[test]
fn what_a_program_has_by_the_address_it_does_not_have_by_another_name() {
    let desk = Desk::new(&BOTH, "allow");
    let _valet = desk.valet(&BOTH);
    let said = moves(&desk, "work/acme", "token(); token(server='globex'); token(server='acme'); token()");
    assert_eq!(said, ["acme", "nobody_to_ask", "acme", "acme"]);
}

#[test]
fn a_program_that_has_only_looked_has_no_account_yet() {
    let desk = Desk::new(&BOTH, "allow");
    let _valet = desk.valet(&BOTH);
    let script = "
from urllib.parse import quote
stream = connect()
path = '/v1/servers/' + quote(os.environ['URL'], safe='')
stream.sendall(('GET %s HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' % path).encode())
answer = b''
while piece := stream.recv(65536): answer += piece
print(json.loads(answer.decode().split('\\r\\n\\r\\n', 1)[1])['name'], flush=True)
os.chdir(os.path.join(os.environ['HERE'], 'work/globex'))
token()";
    assert_eq!(moves(&desk, "work/acme", script), ["acme", "globex"]);
}

#[test]
fn what_the_person_chose_counts_only_where_it_is_there_to_choose() {
    let accounts: [(&str, &[&str]); 4] =
        [("acme", &["~/work"]), ("also", &["~/work"]), ("globex", &["~/link"]), ("third", &["~/link"])];
    let desk = Desk::new(&accounts, "allow");
    let (_valet, mut terminal) = desk.asking(&accounts);
    let asks = |terminal: &mut Terminal, among: &str, types: &str| {
        thread::scope(|scope| {
            let asking = scope.spawn(|| desk.asks("work/acme", "$URL"));
            terminal.shows(among);
            terminal.types(types);
            asking.join().unwrap()["server"].clone()
        })
    };
    assert_eq!(asks(&mut terminal, "  1  acme", "1"), "acme");
    assert_eq!(desk.account("work/acme"), "acme");
    // Two others are for this very folder now.
    symlink(desk.at("work/acme"), desk.at("link")).unwrap();
    assert_eq!(asks(&mut terminal, "  1  globex", "2"), "third");
}

#[test]
fn nobody_is_asked_for_an_account_while_the_valet_is_locked() {
    let desk = Desk::new(&BOTH, "allow");
    let (valet, terminal) = desk.asking(&BOTH);
    valet.post("/v1/lock", &json!({})).expect_status(204);
    let answer = desk.asks("elsewhere", "$URL");
    assert_eq!(answer["code"], "locked", "{answer}");
    assert!(!terminal.screen().contains("Which account"), "{}", terminal.screen());
}

#[test]
fn a_session_stays_with_its_account_wherever_the_program_goes() {
    let desk = Desk::new(&BOTH, "allow");
    let _valet = desk.valet(&BOTH);
    desk.rogue.plan(|request| {
        request.headers.get("authorization").filter(|_| request.path == "/mcp")?;
        let message: Value = serde_json::from_str(&request.body).ok()?;
        let answer = json!({ "jsonrpc": "2.0", "id": message["id"], "result": {} });
        let json = ("content-type", "application/json".to_owned());
        let headers = vec![json, ("mcp-session-id", "one".to_owned())];
        Some(Reply::Whole(200, headers, answer.to_string()))
    });
    let script = "
from urllib.parse import quote
path = '/mcp/' + quote(os.environ['URL'], safe='')
def call(method, headers=''):
    print(ask(path, {'jsonrpc': '2.0', 'id': 1, 'method': method}, headers).split(' ', 2)[1])
call('initialize')
os.chdir(os.path.join(os.environ['HERE'], 'work/globex'))
call('tools/list', 'Mcp-Session-Id: one\\r\\n')
call('initialize')";
    moves(&desk, "work/acme", script);
    let acme = desk.asks("work/acme", "$URL")["access_token"].as_str().unwrap().to_owned();
    let calls = desk.rogue.requests("/mcp");
    let shown: Vec<(bool, bool)> = calls
        .iter()
        .filter(|call| call.headers.contains_key("authorization"))
        .map(|call| (call.headers["authorization"].ends_with(&acme), call.body.contains("tools/list")))
        .collect();
    assert_eq!(shown, [(true, false), (true, true)], "the second session is not begun");
}

#[test]
fn a_folder_that_is_gone_says_nothing() {
    let desk = Desk::new(&BOTH, "allow");
    let _valet = desk.valet(&BOTH);
    let gone = desk.runs(&desk.at("work/acme/deep"), "rmdir ../deep; $ASK $URL").json();
    assert_eq!((&gone["code"], &gone["reason"]), (&json!("denied"), &json!("folder_unknown")), "{gone}");
    assert!(gone["detail"].as_str().unwrap().contains("is gone"), "{gone}");
    // Nor does another one in its place, and one that is called like one that is gone is there.
    let replaced =
        desk.runs(&desk.at("work/acme"), "mkdir deep; cd deep; rmdir ../deep; mkdir ../deep; $ASK $URL");
    assert_eq!(replaced.json()["reason"], "folder_unknown");
    fs::create_dir(desk.at("work/acme/x (deleted)")).unwrap();
    assert_eq!(desk.account("work/acme/x (deleted)"), "acme");
    let refused = audited(&desk.home, "refused");
    assert!(refused.iter().any(|entry| entry["outcome"] == "denied"), "{refused:?}");
}

#[test]
fn a_path_in_another_namespace_or_root_says_nothing() {
    let desk = Desk::new(&BOTH, "allow");
    let _valet = desk.valet(&BOTH);
    let elsewhere = |inside: &str, script: &str| {
        let may = desk.runs(&desk.at("work/acme"), &format!("{inside} true"));
        let output = || desk.runs(&desk.at("work/acme"), &format!("{inside} sh -c '{script}'"));
        if may.code == 0 {
            assert_eq!(output().json()["reason"], "folder_unknown", "{inside}");
        }
        may.code == 0
    };
    // There, the path of the one folder is that of the other.
    let bind = "mount --bind $PWD ../globex && cd ../globex && $ASK $URL";
    let looked = [
        elsewhere("unshare --mount", bind),
        elsewhere("unshare --user --map-root-user --mount", bind),
        elsewhere("unshare --user --map-root-user", "$ASK $URL"),
    ];
    if rustix::process::getuid().is_root() {
        assert!(looked.contains(&true));
        let script =
            "stream = connect(); os.chroot(os.environ['HERE']); os.chdir('/work/globex'); token(stream)";
        assert_eq!(moves(&desk, "work/acme", script), ["folder_unknown"]);
    }
}

#[test]
fn what_is_only_looked_at_is_that_of_the_folder_and_asks_nobody() {
    let desk = Desk::new(&BOTH, "allow");
    let (_valet, terminal) = desk.asking(&BOTH);
    let shows = |folder: &str, server: &str| desk.says(folder, &["show", server]);
    let shown = shows("work/globex", &desk.rogue.mcp()).expect_code(0).stdout;
    assert!(shown.starts_with("globex ") && shown.contains("for folders     ~/work/globex"), "{shown}");
    assert!(shows("work/globex", "acme").expect_code(0).stdout.starts_with("acme "));
    let several = shows("elsewhere", &desk.rogue.mcp()).expect_code(8).stderr;
    assert!(several.contains("acme (for ~/work/acme); globex (for ~/work/globex)"), "{several}");
    assert!(!terminal.screen().contains("wants to"), "{}", terminal.screen());
}
