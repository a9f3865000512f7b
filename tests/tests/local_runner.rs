//! Programs as they are served through the whole valet: all that a server may say, by whoever asks; and
//! nothing left of them, whatever is killed.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, StdioClient, Valet, dose, stdio_server, until};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::fs;

/// What only the program has in its environment, and what it starts.
const MARK: &str = "TEST_MARK";

fn configure(home: &Home, mark: &str) {
    let (command, script) = stdio_server();
    let entry = json!({ "command": command, "args": [script], "env": { MARK: mark } });
    let servers = json!({ "toolbox": entry });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": "memory" } }));
}

fn request(method: &str, params: &Value) -> Value {
    json!({ "method": method, "params": params })
}

/// Uses all that a server may have, and says what came of each.
fn uses_everything(client: &mut StdioClient) -> Vec<Value> {
    let greet = json!({ "type": "ref/prompt", "name": "greet" });
    let note = json!({ "uri": "note://today" });
    let requests = [
        request("ping", &json!({})),
        request("logging/setLevel", &json!({ "level": "warning" })),
        request("tools/list", &json!({})),
        request("prompts/get", &json!({ "name": "greet", "arguments": { "name": "ann" } })),
        request("resources/list", &json!({})),
        request("resources/templates/list", &json!({})),
        request("resources/read", &note),
        request("resources/read", &json!({ "uri": "nothing://here" })),
        request(
            "completion/complete",
            &json!({ "ref": greet, "argument": { "name": "name", "value": "b" } }),
        ),
        request("resources/subscribe", &note),
    ];
    let mut answers: Vec<Value> = requests.iter().map(|one| client.request(one)).collect();
    let tools = ["think", "roots", "ask", "touch", "steps", "announce", "wants", "big"];
    answers.extend(tools.map(|tool| client.calls(tool).into()));
    for heard in ["resources/updated", "step 3", "tools/list_changed"] {
        until(heard, || client.log().contains(heard).then_some(()));
    }
    answers
}

#[test]
fn all_of_a_program_works_through_the_valet_as_where_the_client_starts_it() {
    let home = Home::new();
    configure(&home, "x");
    let valet = Valet::start(&home);
    let (command, script) = stdio_server();
    let mut straight = StdioClient::with(&home, &[command.as_ref(), script.as_ref()]);
    let mut ours = StdioClient::start(&home, "toolbox");
    let (ours_said, straight_said) = (uses_everything(&mut ours), uses_everything(&mut straight));
    for (ours, straight) in ours_said.iter().zip(&straight_said) {
        assert!(ours == straight, "{ours:.300} {straight:.300}");
    }
    assert_eq!(straight_said.last().unwrap().as_str().unwrap().len(), 5 << 20);
    ours.close();
    until("the session has ended", || (valet.server("toolbox")["program"]["running"] == 0).then_some(()));
    straight.close();
}

/// Processes with this in their environment, by their numbers.
fn marked(mark: &str) -> Vec<u32> {
    let variable = format!("{MARK}={mark}");
    let has = |pid: &u32| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|one| one == variable.as_bytes())
    };
    let entries = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(has).collect()
}

fn parent(pid: u32) -> u32 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit_once(") ").unwrap().1.split(' ').nth(1).unwrap().parse().unwrap()
}

fn kill(pid: u32) {
    kill_process(Pid::from_raw(pid.try_into().unwrap()).unwrap(), Signal::KILL).unwrap();
}

#[test]
fn whoever_is_killed_nothing_is_left_and_the_next_call_has_another_program() {
    let home = Home::new();
    for round in 0..dose(4, 200) {
        let mark = format!("{}-{round}", std::process::id());
        configure(&home, &mark);
        let valet = Valet::start(&home);
        let mut client = StdioClient::start(&home, "toolbox");
        assert_eq!(client.calls("hello"), "hello");
        let running = marked(&mark);
        assert_eq!(running.len(), 1, "{running:?}");
        match round % 4 {
            both @ (0 | 3) => {
                let keeper = parent(running[0]);
                if both == 3 {
                    kill(keeper);
                }
                valet.kill();
                until("nothing is left", || marked(&mark).is_empty().then_some(()));
                continue;
            }
            1 => kill(running[0]),
            _ => kill(parent(running[0])),
        }
        until("nothing is left", || (!marked(&mark).contains(&running[0])).then_some(()));
        // A call that is made before the valet knows is told that the program has ended.
        until("the valet knows", || (valet.server("toolbox")["program"]["running"] == 0).then_some(()));
        assert_eq!(client.calls("hello"), "hello");
        client.close();
        valet.stop();
        until("nothing is left", || marked(&mark).is_empty().then_some(()));
    }
}
