//! Rules: what a program may do at a server by what a tool does, and what it asks the person about.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::proposals::audited;
use mcp_valet_tests::tools::{
    answered, asked, asking, call, changes, deletes, is_done, is_held, may_read, reads, request, tool,
};
use mcp_valet_tests::{Home, HttpResponse, Keychain, Rogue, Terminal, Valet, this_program, until};
use serde_json::{Value, json};

const SERVERS: [&str; 3] = ["mail", "notes", "tickets"];

/// One server of the session: four tools that read, two that change, and one that deletes.
fn server() -> Rogue {
    let rogue = Rogue::start();
    let reading = ["list", "get", "search", "count"].map(reads);
    let others = [changes("add"), changes("rename"), deletes("delete")];
    rogue.has_tools(reading.into_iter().chain(others).collect());
    rogue
}

fn session(at: usize) -> (&'static str, String, Value) {
    let server = SERVERS[at % 3];
    let arguments = json!({ "id": at.to_string() });
    let name = match at {
        // Ten deletions, and changes by six tools: two at each server.
        at if at % 20 == 19 => "delete".to_owned(),
        at if at % 4 == 2 => ["add", "rename"][at / 3 % 2].to_owned(),
        at => ["list", "get", "search", "count"][at / 3 % 4].to_owned(),
    };
    (server, name, arguments)
}

#[test]
fn of_two_hundred_calls_the_person_is_asked_once_a_tool_that_changes_and_once_a_deletion() {
    let home = Home::new();
    let rogues = SERVERS.map(|_| server());
    let servers: Vec<(&str, &Rogue)> = SERVERS.into_iter().zip(&rogues).collect();
    let (valet, mut terminal) = asking(&home, &servers);
    // The first use of all three is one question.
    thread::scope(|scope| {
        let uses = SERVERS.map(|server| scope.spawn(|| valet.proxy(server, &request("tools/list"), &[])));
        terminal.shows("wants to use 3 servers");
        terminal.types("f reads");
        uses.into_iter().for_each(|one| drop(one.join().unwrap().expect_status(200)));
    });
    let (mut allowed, mut denied) = (Vec::new(), 0);
    let mut tools = std::collections::BTreeSet::new();
    for at in 0..200 {
        let (server, name, arguments) = session(at);
        let message = call(&name, arguments.clone());
        let is_new = name != "delete" && !["list", "get", "search", "count"].contains(&&*name);
        let is_new = is_new && tools.insert((server, name.clone()));
        let answer = match name.as_str() {
            // One in five deletions is not allowed.
            "delete" if at % 100 == 99 => {
                denied += 1;
                let answer = answered(&valet, &mut terminal, server, &message, "d");
                assert!(is_held(&answer), "{answer:?}");
                continue;
            }
            "delete" => {
                allowed.push(format!("delete {arguments}"));
                answered(&valet, &mut terminal, server, &message, "o")
            }
            _ if is_new => answered(&valet, &mut terminal, server, &message, "f"),
            _ => valet.proxy(server, &message, &[]),
        };
        assert!(is_done(&answer), "{at}: {answer:?}");
    }
    assert_eq!(asked(&terminal), tools.len() + allowed.len() + denied, "{}", terminal.screen());
    let mut deleted: Vec<String> =
        rogues.iter().flat_map(Rogue::called).filter(|called| called.starts_with("delete")).collect();
    deleted.sort();
    allowed.sort();
    assert_eq!((deleted, denied), (allowed, 2), "nothing is deleted that nobody allowed");
    let calls: usize = rogues.iter().map(|rogue| rogue.called().len()).sum();
    assert_eq!(calls, 198);
}

#[test]
fn a_question_about_a_call_shows_all_of_it_and_the_audit_names_what_let_it_through() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.has_tools(vec![reads("list"), deletes("delete")]);
    let (valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    may_read(&valet, &mut terminal, "rogue");
    let arguments = json!({ "id": "12", "why": "two\nlines", "n": 12.50, "list": ["a\u{202e}b"] });
    let answer = answered(&valet, &mut terminal, "rogue", &call("delete", arguments), "o");
    assert!(is_done(&answer), "{answer:?}");
    let screen = terminal.screen().replace('\r', "");
    for shown in [
        &*format!("{} wants to call delete at rogue (127.0.0.1", this_program()),
        "what it does, as far as is known: deletes",
        "    id: 12\n",
        "    why: two\n      | lines\n",
        "    n: 12.5\n",
        "      |   \"a\\u202eb\"\n",
        "All[o]w this call   this tool for a [q]uarter hour",
    ] {
        assert!(screen.contains(shown), "{shown}: {screen}");
    }
    let entries = audited(&home, "proxied");
    let entry = entries.iter().rfind(|entry| entry["tool"] == "delete").unwrap();
    assert_eq!((&entry["class"], &entry["rule"]), (&json!("destroy"), &json!("class: asked, yes")));
    assert_eq!(entry["arguments"].as_str().unwrap().len(), 43);
    assert!(!entry.to_string().contains("lines"), "{entry}");
    assert_eq!(audited(&home, "allow_call").len(), 1);
    assert_eq!(valet.get("/v1/audit/verify").json()["intact"], true);
}

#[test]
fn a_no_is_a_result_that_a_model_understands_and_never_is_not_asked_again() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.has_tools(vec![reads("list"), changes("add"), deletes("delete")]);
    let (valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    may_read(&valet, &mut terminal, "rogue");
    let wipe = call("delete", json!({ "id": "1" }));
    let answer = answered(&valet, &mut terminal, "rogue", &wipe, "d");
    assert!(is_held(&answer) && answer.body.contains("did not allow this call of"), "{answer:?}");
    assert_eq!(answer.json()["id"], 7);
    assert!(is_held(&answered(&valet, &mut terminal, "rogue", &wipe, "never")));
    let before = asked(&terminal);
    let answer = valet.proxy("rogue", &wipe, &[]);
    assert!(is_held(&answer) && answer.body.contains("does not allow calls of"), "{answer:?}");
    assert_eq!(asked(&terminal), before);
    // What is never allowed is not listed, and all else is as the server wrote it.
    let list = valet.proxy("rogue", &request("tools/list"), &[]).expect_status(200).json();
    let names: Vec<_> =
        list["result"]["tools"].as_array().unwrap().iter().map(|tool| tool["name"].clone()).collect();
    assert_eq!(names, ["list", "add"]);
    assert_eq!(list["result"]["tools"][1], changes("add"));
    assert_eq!(rogue.called(), Vec::<String>::new());
    let refused = audited(&home, "refused");
    let rules: Vec<_> = refused.iter().map(|entry| entry["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["class: asked, no", "class: asked, no", "tool: never"]);
}

#[test]
fn what_goes_by_rules_gets_no_token_and_says_so() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.has_tools(vec![reads("list")]);
    let (valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.token("rogue"));
        terminal.shows("wants to use rogue");
        terminal.types("f reads");
        assert_eq!(asking.join().unwrap().expect_status(403).text("reason"), "kept_to_the_proxy");
    });
    assert_eq!(valet.token("rogue").expect_status(403).text("code"), "proxy_only");
    valet.proxy("rogue", &request("tools/list"), &[]).expect_status(200);
    assert!(is_done(&valet.proxy("rogue", &call("list", json!({})), &[])));
    let consent = &valet.server("rogue")["agents"][0];
    assert_eq!(
        (&consent["reach"], &consent["rules"]["classes"]["read"]),
        (&json!("by_rules"), &json!("free"))
    );
}

#[test]
fn the_command_line_shows_and_explains_rules() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.has_tools(vec![reads("list"), tool("silent", json!({}))]);
    let (valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    may_read(&valet, &mut terminal, "rogue");
    let shown = valet.cli(&["rules", "rogue"]).expect_code(0).stdout;
    for line in [
        "reads                    free",
        "changes                  asks",
        "  silent                   deletes  asks",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    let explained = valet.cli(&["rules", "rogue", "--explain", "silent"]).expect_code(0).stdout;
    assert!(
        explained.contains("silent: asks.") && explained.contains("Nobody says what it does"),
        "{explained}"
    );
    let listed = valet.cli(&["rules", "rogue", "--json"]).expect_code(0).json();
    assert_eq!(
        listed["tools"][0],
        json!({ "tool": "list", "class": "read", "said_by": "server", "rule": "free", "because": "class" })
    );
    assert!(!explained.contains("deletes: deletes"), "{explained}");
    let wipe = || valet.cli(&["rules", "rogue", "--explain", "wipe"]).expect_code(0).stdout;
    let unlisted = wipe();
    assert!(
        unlisted.contains("wipe: asks.") && unlisted.contains("has not listed such a tool"),
        "{unlisted}"
    );
    // What the person said of it holds, though it is not listed.
    assert!(is_held(&answered(&valet, &mut terminal, "rogue", &call("wipe", json!({})), "never")));
    let unlisted = wipe();
    assert!(
        unlisted.contains("wipe: never.") && unlisted.contains("There is a rule for this tool"),
        "{unlisted}"
    );
}

/// Where the keychain has the tools of the one server.
fn keychain_item(home: &Home) -> String {
    let state = std::fs::read_to_string(home.path().join("state/mcp-valet/servers.json")).unwrap();
    let state: Value = serde_json::from_str(&state).unwrap();
    format!("tools/{}", state["servers"].as_object().unwrap().keys().next().unwrap())
}

#[test]
fn what_was_listed_before_there_were_rules_is_what_tools_are_held_to_over_restarts() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let keychain = Keychain::start(&home);
    let tools = rogue.has_tools(vec![reads("get"), deletes("wipe")]);
    let configure = |rules: Option<Value>| {
        let mut config = json!({ "mcpServers": { "rogue": { "url": rogue.mcp() } },
            "valet": { "agents": "allow", "vault": "keychain" } });
        rules.into_iter().for_each(|rules| config["valet"]["rules"] = rules);
        home.configure(&config);
    };
    let (all, reading) = (None, Some(json!({ "read": "free", "change": "ask", "destroy": "ask" })));
    configure(all.clone());
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let list = |valet: &Valet<'_>| drop(valet.proxy("rogue", &request("tools/list"), &[]).expect_status(200));
    list(&valet);
    let goes_by_rules = |valet: &Valet<'_>| {
        configure(reading.clone());
        let rules = || valet.get("/v1/servers/rogue/rules").json()["rules"].is_object().then_some(());
        until("the program goes by rules", rules);
    };
    goes_by_rules(&valet);
    let answer = valet.proxy("rogue", &call("get", json!({})), &[]);
    assert!(is_done(&answer), "{answer:?}");
    let kept = keychain_item(&home);
    until("the vault keeps what was listed", || keychain.secret(&kept).contains("wipe").then_some(()));
    valet.stop();

    // By now the one says that it deletes, and the other that it only reads.
    tools.are(vec![deletes("get"), reads("wipe")]);
    configure(all);
    let valet = Valet::start(&home);
    list(&valet);
    goes_by_rules(&valet);
    let rules = valet.get("/v1/servers/rogue/rules").json();
    let because: Vec<&Value> =
        rules["tools"].as_array().unwrap().iter().map(|tool| &tool["because"]).collect();
    assert_eq!(because, ["changed", "changed"], "{rules}");
    for tool in ["get", "wipe"] {
        assert!(!is_done(&valet.proxy("rogue", &call(tool, json!({})), &[])), "{tool}");
    }
}

fn while_asked<T>(
    valet: &Valet<'_>,
    terminal: &mut Terminal,
    messages: &[Value],
    act: impl FnOnce(&mut Terminal) -> T,
) -> (Vec<HttpResponse>, T) {
    thread::scope(|scope| {
        let sent: Vec<_> =
            messages.iter().map(|message| scope.spawn(|| valet.proxy("rogue", message, &[]))).collect();
        let acted = act(terminal);
        (sent.into_iter().map(|one| one.join().unwrap()).collect(), acted)
    })
}

#[test]
fn others_go_on_while_a_call_is_asked_about_and_only_equal_ones_share_an_answer() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.has_tools(vec![reads("list"), deletes("delete")]);
    let (valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    may_read(&valet, &mut terminal, "rogue");
    let (one, other) = (call("delete", json!({ "id": "1" })), call("delete", json!({ "id": "2" })));
    let (answers, ()) = while_asked(&valet, &mut terminal, &[one.clone(), other], |terminal| {
        until("one is asked", || (asked(terminal) == 1).then_some(()));
        assert!(is_done(&valet.proxy("rogue", &call("list", json!({})), &[])), "a read goes on");
        terminal.types("o");
        until("the other is asked", || (asked(terminal) == 2).then_some(()));
        terminal.types("d");
    });
    assert_eq!(answers.iter().filter(|answer| is_done(answer)).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|answer| is_held(answer)).count(), 1, "{answers:?}");
    assert_eq!(rogue.called().iter().filter(|called| called.starts_with("delete")).count(), 1);
}

#[test]
fn a_late_yes_is_for_the_same_call_and_for_one_of_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.has_tools(vec![deletes("delete")]);
    let (valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    may_read(&valet, &mut terminal, "rogue");
    let wipe = call("delete", json!({ "id": "1" }));
    let answer = valet.proxy("rogue", &wipe, &["-H", "mcp-valet-wait: 1"]);
    assert!(is_held(&answer) && answer.body.contains("Make the same call again"), "{answer:?}");
    assert_eq!(asked(&terminal), 1);
    terminal.types("o");
    terminal.shows("This call is allowed.");
    let other = call("delete", json!({ "id": "2" }));
    assert!(is_held(&valet.proxy("rogue", &other, &["-H", "mcp-valet-wait: 1"])));
    assert!(is_done(&valet.proxy("rogue", &wipe, &[])));
    assert!(is_held(&valet.proxy("rogue", &wipe, &["-H", "mcp-valet-wait: 1"])));
    assert_eq!(rogue.called().len(), 1);
}

#[test]
fn the_persons_defaults_hold_for_programs_that_were_never_answered_about() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.has_tools(vec![reads("list"), changes("add"), deletes("delete")]);
    let rules = json!({ "read": "free", "change": "free", "destroy": "never" });
    home.configure(&json!({ "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": "allow", "vault": "memory", "rules": rules } }));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(403);
    let list = valet.proxy("rogue", &request("tools/list"), &[]).expect_status(200);
    assert!(!list.body.contains("delete"), "{list:?}");
    assert!(is_done(&valet.proxy("rogue", &call("add", json!({})), &[])));
    assert!(is_held(&valet.proxy("rogue", &call("delete", json!({})), &[])));
    assert_eq!(rogue.called(), ["add {}"]);
}
