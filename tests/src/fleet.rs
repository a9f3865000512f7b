//! Machines that share a vault.

use serde_json::{Map, Value, json};

use crate::{CommandOutput, Etcd, Home, Valet, program, until};

/// The homes of machines of one fleet.
#[derive(Debug)]
pub struct Fleet {
    /// Each machine's.
    pub homes: Vec<Home>,
}

impl Fleet {
    /// So many machines that are members, and list these servers, which every program may use.
    pub fn of(count: usize, etcd: &Etcd, servers: &[(&str, &str)], stale: u32) -> Self {
        let homes: Vec<Home> = (0..count).map(|_| Home::new()).collect();
        for home in &homes {
            configure(home, etcd, servers, stale);
        }
        let first = &homes[0];
        first.fleet(&["init", "--name", "machine-0"]).expect_code(0);
        for (index, home) in homes.iter().enumerate().skip(1) {
            admit(first, home, &format!("machine-{index}"));
        }
        Self { homes }
    }

    /// Starts a valet on each machine.
    pub fn start(&self) -> Vec<Valet<'_>> {
        self.homes.iter().map(Valet::start).collect()
    }

    /// Moves the clocks of all machines.
    pub fn move_clocks(&self, seconds: i64) {
        self.homes.iter().for_each(|home| home.move_clock(seconds));
    }
}

/// Configures a machine.
pub fn configure(home: &Home, etcd: &Etcd, servers: &[(&str, &str)], stale: u32) {
    let servers: Map<String, Value> =
        servers.iter().map(|(name, url)| ((*name).to_owned(), json!({"url": url}))).collect();
    home.configure(
        &json!({"mcpServers": servers, "valet": {"agents": "allow", "vault": etcd.as_vault(stale)}}),
    );
}

/// Lets a machine into the fleet of another.
pub fn admit(member: &Home, newcomer: &Home, name: &str) {
    let asked = newcomer.fleet(&["join", "--name", name]).expect_code(0);
    let request = last_word(&asked);
    let admitted = member.fleet(&["admit", &request]).expect_code(0);
    newcomer.fleet(&["join", &last_word(&admitted)]).expect_code(0);
}

/// What is to be copied from what a command said.
pub fn last_word(output: &CommandOutput) -> String {
    output.stdout.split_whitespace().last().unwrap().to_owned()
}

/// Waits until all machines hand out the same token of this server, and answers it.
#[track_caller]
pub fn have_one_token(valets: &[Valet<'_>], server: &str) -> String {
    until("all have the same token", || {
        let answers: Vec<_> = valets.iter().map(|valet| valet.token(server)).collect();
        let all = answers.iter().all(|answer| answer.status == 200);
        let first = all.then(|| answers[0].text("access_token"))?;
        answers.iter().all(|answer| answer.text("access_token") == first).then_some(first)
    })
}

impl Home {
    /// Runs `mcp-valetd fleet` here to its end.
    pub fn fleet(&self, arguments: &[&str]) -> CommandOutput {
        self.run(self.command(program("mcp-valetd")).arg("fleet").args(arguments))
    }
}
