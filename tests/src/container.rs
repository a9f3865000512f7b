//! Containers, as real engines run them.

use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::{CommandOutput, Home, program};

/// An engine, where the machine has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Podman.
    Podman,
    /// Docker.
    Docker,
}

/// An image of nothing but a shell, `sleep`, `curl`, and what these and the command line need.
const IMAGE: &str = r#"
set -e
tree=$(mktemp -d) && chmod 755 "$tree"
trap 'rm -rf "$tree" "$tree.tar"' EXIT
mkdir -p "$tree/tmp" "$tree/proc" "$tree/dev" "$tree/run" "$tree/etc"
echo "root:x:0:0::/root:/bin/sh" > "$tree/etc/passwd"
mkdir -m 700 "$tree/root" && mkdir "$tree/home"
programs=$(command -v sh sleep curl)
for file in $programs $(ldd $programs "$3" | grep -v ':$' | grep -o '/[^ ]*'); do
    mkdir -p "$tree$(dirname "$file")"
    cp -Ln "$file" "$tree$file"
done
tar -C "$tree" --owner 0 --group 0 --exclude ./home -cf "$tree.tar" .
tar -C "$tree" --owner 1000 --group 1000 -rf "$tree.tar" ./home
"$1" import "$tree.tar" "$2"
"#;

impl Engine {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Podman, Self::Docker];

    /// Its command.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Podman => "podman",
            Self::Docker => "docker",
        }
    }

    /// What this machine wants it to be told where it runs a container, such as `--runtime runc`. Without it
    /// nothing is run.
    #[expect(clippy::print_stderr, reason = "a test that does nothing says so")]
    fn options(self) -> Option<String> {
        let variable = match self {
            Self::Podman => "MCP_VALET_PODMAN",
            Self::Docker => "MCP_VALET_DOCKER",
        };
        let options = env::var(variable).ok();
        if options.is_none() {
            eprintln!("skipped: {variable} does not say how {} runs a container here", self.name());
        }
        options
    }
}

/// What a valet needs in its environment to find the engines as this process does: where nobody is root,
/// podman has its containers below the home, and each valet of a test has a home of its own.
pub fn engines(home: &Home) -> Vec<(String, String)> {
    let folder = home.path().join("engines");
    fs::create_dir_all(&folder).unwrap();
    let of = |name: &str| env::var(name).map(|value| format!(" {name}='{value}'")).unwrap_or_default();
    let ours: String = ["HOME", "XDG_RUNTIME_DIR", "DOCKER_HOST", "PATH"].map(of).concat();
    for engine in Engine::ALL {
        let path = folder.join(engine.name());
        fs::write(&path, format!("#!/bin/sh\nexec env -i{ours} {} \"$@\"\n", engine.name())).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    }
    let path = format!("{}:{}", folder.display(), env::var("PATH").unwrap());
    vec![("PATH".to_owned(), path)]
}

/// A container that runs, and is taken away with this, image and all.
#[derive(Debug)]
pub struct Container<'home> {
    home: &'home Home,
    engine: Engine,
    name: String,
}

impl<'home> Container<'home> {
    /// Runs one with these options besides, where containers are to be run at all.
    pub fn run(home: &'home Home, engine: Engine, name: &str, options: &[&str]) -> Option<Self> {
        let of_machine = engine.options()?;
        let name = format!("{name}-{}", std::process::id());
        let container = Self { home, engine, name };
        let image = container.image();
        let mut making = Command::new("bash");
        making.args(["-c", IMAGE, "bash", engine.name(), &image]).arg(program("mcp-valet"));
        home.run(&mut making).expect_code(0);
        let mut command = Command::new(engine.name());
        command.args(["run", "--detach", "--name", &container.name]);
        if !options.contains(&"--network") {
            command.args(["--network", "none"]);
        }
        command.args(of_machine.split_whitespace()).args(options);
        home.run(command.args([&image, "sleep", "600"])).expect_code(0);
        Some(container)
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The image that it was made of.
    pub fn image(&self) -> String {
        format!("localhost/{}:1", self.name)
    }

    /// The number of its first process on this machine.
    pub fn first(&self) -> u32 {
        let said = self.engine(&["inspect", "--format", "{{.State.Pid}}", &self.name]).expect_code(0);
        said.stdout.trim().parse().unwrap()
    }

    /// A command that runs inside.
    pub fn command(&self, command: &[&str]) -> Command {
        let mut all = Command::new(self.engine.name());
        all.args(["exec", "--interactive", &self.name]).args(command);
        all
    }

    /// Runs it to its end.
    pub fn runs(&self, command: &[&str]) -> CommandOutput {
        self.home.run(&mut self.command(command))
    }

    /// What the engine says to this about it.
    pub fn engine(&self, arguments: &[&str]) -> CommandOutput {
        self.home.run(Command::new(self.engine.name()).args(arguments))
    }
}

impl Drop for Container<'_> {
    fn drop(&mut self) {
        self.engine(&["kill", &self.name]);
        self.engine(&["rm", "--force", &self.name]);
        self.engine(&["rmi", "--force", &self.image()]);
    }
}
