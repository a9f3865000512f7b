//! Containers that podman runs.

use std::env;
use std::process::Command;

use crate::{CommandOutput, Home};

/// What this machine wants `podman run` to be told, such as `--runtime runc`. Without it nothing is run.
const OPTIONS: &str = "MCP_VALET_PODMAN";

/// An image of nothing but a shell, `sleep`, `curl`, and what these need.
const IMAGE: &str = r#"
set -e
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/tmp" "$tree/proc" "$tree/dev" "$tree/run" "$tree/etc"
mkdir -m 700 "$tree/root" && mkdir "$tree/home" && chown 1000:1000 "$tree/home"
for one in $(command -v sh sleep curl); do
    for file in "$one" $(ldd "$one" | grep -o '/[^ ]*'); do
        mkdir -p "$tree$(dirname "$file")"
        cp -Ln "$file" "$tree$file"
    done
done
tar -C "$tree" -c . | podman import - "$1"
"#;

/// A container that runs, and is taken away with this, image and all.
#[derive(Debug)]
pub struct Podman<'home> {
    home: &'home Home,
    name: String,
}

impl<'home> Podman<'home> {
    /// Runs one with these options besides, where containers are to be run at all.
    #[expect(clippy::print_stderr, reason = "a test that does nothing says so")]
    pub fn run(home: &'home Home, name: &str, options: &[&str]) -> Option<Self> {
        let Some(of_machine) = env::var_os(OPTIONS) else {
            eprintln!("skipped: {OPTIONS} does not say how podman runs a container here");
            return None;
        };
        let name = format!("{name}-{}", std::process::id());
        home.run(Command::new("bash").args(["-c", IMAGE, "bash", &image(&name)])).expect_code(0);
        let podman = Self { home, name };
        let mut command = Command::new("podman");
        command.args(["run", "--detach", "--network", "none", "--name", &podman.name]);
        command.args(of_machine.to_string_lossy().split_whitespace()).args(options);
        home.run(command.args([&image(&podman.name), "sleep", "600"])).expect_code(0);
        Some(podman)
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs a command inside.
    pub fn runs(&self, command: &[&str]) -> CommandOutput {
        self.podman(&[&["exec", &self.name], command].concat())
    }

    /// What podman says to it.
    pub fn podman(&self, arguments: &[&str]) -> CommandOutput {
        self.home.run(Command::new("podman").args(arguments))
    }
}

impl Drop for Podman<'_> {
    fn drop(&mut self) {
        self.podman(&["rm", "--force", "--time", "0", &self.name]);
        self.podman(&["rmi", "--force", &image(&self.name)]);
    }
}

fn image(name: &str) -> String {
    format!("localhost/{name}")
}
