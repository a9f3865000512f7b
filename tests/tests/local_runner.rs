//! Programs as they are served through the whole valet: all that a server may say, by whoever asks; and
//! nothing left of them, whoever is killed.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::stdio::entry;
use mcp_valet_tests::{Home, StdioClient, Valet, dose, figure, stdio_server, until};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::fs;
use std::time::{Duration, Instant};

/// What only the program has in its environment, and what it starts.
const MARK: &str = "TEST_MARK";

fn configure(home: &Home, server: &str, entry: &Value) {
    let servers = json!({ server: entry });
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
    let (command, script) = stdio_server();
    configure(&home, "toolbox", &json!({ "command": command, "args": [script] }));
    let valet = Valet::start(&home);
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

/// Who is killed in a round.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Victim {
    Valet,
    Program,
    Keeper,
    KeeperAndValet,
}

const VICTIMS: [Victim; 4] = [Victim::Valet, Victim::Program, Victim::Keeper, Victim::KeeperAndValet];

#[test]
fn whoever_is_killed_amid_a_call_nothing_is_left_and_the_call_is_answered() {
    let (home, rounds) = (Home::new(), dose(4, 200));
    let mut slowest = Duration::ZERO;
    for (round, victim) in (0..rounds).zip(VICTIMS.into_iter().cycle()) {
        let mark = format!("{}-{round}", std::process::id());
        configure(&home, "stdio", &entry(&json!({ MARK: mark })));
        let valet = Valet::start(&home);
        let mut client = StdioClient::start(&home, "stdio");
        let program = looks(&mut client);
        // It waits for a process of its own, in the middle of a call.
        client.ask(&request(
            "tools/call",
            &json!({ "name": "run", "arguments": { "words": ["sleep", "600"] } }),
        ));
        let running = until("it runs", || Some(marked(&mark)).filter(|all| all.len() == 2));
        let begun = Instant::now();
        match victim {
            Victim::Valet => valet.kill(),
            Victim::Program => kill(program),
            Victim::Keeper => kill(parent(program)),
            Victim::KeeperAndValet => {
                kill(parent(program));
                valet.kill();
                until("the program has ended", || (!marked(&mark).contains(&program)).then_some(()));
                // Its process was nobody's child by then, and is ended by the next valet.
                Valet::start(&home).stop();
            }
        }
        let is_left = |pid: &u32| running.contains(pid);
        until("nothing is left", || (!marked(&mark).iter().any(is_left)).then_some(()));
        slowest = slowest.max(begun.elapsed());
        until("the call is answered", || client.log().contains("answer 2: ").then_some(()));
    }
    figure(format!(
        "{rounds} kills amid a call, of {VICTIMS:?} in turns: nothing was left, each call was answered; the slowest took {:.1} s",
        slowest.as_secs_f64()
    ));
}

/// The number of the program.
fn looks(client: &mut StdioClient) -> u32 {
    let said: Value = serde_json::from_str(&client.calls("look")).unwrap();
    said["pid"].as_u64().unwrap().try_into().unwrap()
}

#[test]
fn the_call_after_a_kill_has_another_program() {
    let home = Home::new();
    configure(&home, "stdio", &entry(&json!({})));
    let valet = Valet::start(&home);
    let mut client = StdioClient::start(&home, "stdio");
    for round in 0..dose(2, 20) {
        let program = looks(&mut client);
        kill(if round % 2 == 0 { program } else { parent(program) });
        // A call that is made before the valet knows is told that the program has ended.
        until("the valet knows", || (valet.server("stdio")["program"]["running"] == 0).then_some(()));
        assert_ne!(looks(&mut client), program);
    }
}
