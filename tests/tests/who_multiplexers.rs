//! Multiplexers: whatever runs in one is somebody of its own, and it is nobody's name.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mcp_valet_tests::who::{TOKEN, answers, python, questions, signed_in};
use mcp_valet_tests::{Agent, Home, Rogue, program, until};

/// The server of one, which nobody is attached to.
struct Multiplexer<'home> {
    home: &'home Home,
    program: &'static str,
    /// The words by which this one is meant.
    meant: Vec<String>,
    /// What opens a window that runs the words after it.
    opens: &'static [&'static str],
    closes: &'static [&'static str],
}

impl<'home> Multiplexer<'home> {
    fn tmux(home: &'home Home) -> Self {
        let socket = home.path().join("tmux").display().to_string();
        let meant = ["-S", &socket, "-f", "/dev/null"].map(str::to_owned).to_vec();
        let tmux =
            Self { home, program: "tmux", meant, opens: &["new-window", "-d"], closes: &["kill-server"] };
        tmux.does(&["new-session", "-d", "-x", "80", "-y", "24"]);
        tmux
    }

    fn screen(home: &'home Home) -> Self {
        let folder = home.path().join("screens");
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        let meant = ["-c", "/dev/null", "-S", "who"].map(str::to_owned).to_vec();
        let screen =
            Self { home, program: "screen", meant, opens: &["-X", "screen"], closes: &["-X", "quit"] };
        screen.does(&["-d", "-m"]);
        // It goes to the background before it can be spoken to.
        until("it listens", || {
            let listed = home.run(screen.command().arg("-ls")).stdout;
            listed.contains("(Detached)").then_some(())
        });
        screen
    }

    fn does(&self, words: &[&str]) {
        self.home.run(self.command().args(words)).expect_code(0);
    }

    fn command(&self) -> Command {
        let mut command = self.home.command(self.program);
        command.args(&self.meant).env("VALET", program("mcp-valet")).env("SOCKET", self.home.socket());
        command
            .env("TERM", "xterm")
            .env("SHELL", "/bin/bash")
            .env("SCREENDIR", self.home.path().join("screens"));
        command
    }

    /// A window that runs `script`, and where its exit status will be.
    fn window(&self, script: &str) -> Window {
        let count = fs::read_dir(self.home.logs()).unwrap().count();
        let status = self.home.logs().join(format!("window{count}"));
        fs::write(&status, "").unwrap();
        let script = format!("{script}; echo $? >{}", status.display());
        self.does(&[self.opens, &["bash", "-c", &script]].concat());
        Window(status)
    }
}

impl Drop for Multiplexer<'_> {
    fn drop(&mut self) {
        let _ = self.command().args(self.closes).status();
    }
}

struct Window(PathBuf);

impl Window {
    #[track_caller]
    fn ends_with(&self, code: i32) {
        let status = until("what runs in the window has ended", || {
            Some(fs::read_to_string(&self.0).unwrap()).filter(|text| text.ends_with('\n'))
        });
        assert_eq!(status.trim(), code.to_string());
    }
}

/// A script that asks and fails unless it gets a token.
fn asking(folder: &Path, name: &str) -> String {
    fs::create_dir_all(folder).unwrap();
    let file = folder.join(name);
    fs::write(&file, "#!/bin/bash\n$VALET token rogue\nexit $?\n").unwrap();
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    file.display().to_string()
}

#[test]
fn what_runs_in_two_panes_of_tmux_is_told_apart() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let tmux = Multiplexer::tmux(&home);
    let (work, play) = (home.path().join("work"), home.path().join("play"));

    let deploy = asking(&work, "deploy");
    let window = tmux.window(&deploy);
    answers(&mut terminal, 1, "deploy", "f");
    window.ends_with(0);
    assert!(terminal.screen().contains(work.to_str().unwrap()), "{}", terminal.screen());
    tmux.window(&format!("cd {} && bash ./deploy", work.display())).ends_with(0);
    let namesake = tmux.window(&asking(&play, "deploy"));
    answers(&mut terminal, 2, "deploy", "d");
    namesake.ends_with(4);

    let window = tmux.window(&python(&home, "ask(connect())"));
    until("it is asked about", || (questions(&terminal) == 3).then_some(()));
    assert!(!terminal.screen().contains("A program in"), "{}", terminal.screen());
    terminal.types("f");
    window.ends_with(0);
}

#[test]
fn what_is_typed_in_a_pane_and_has_no_name_is_the_tool_that_asks() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let tmux = Multiplexer::tmux(&home);
    tmux.does(&["send-keys", TOKEN, "Enter"]);
    answers(&mut terminal, 1, "mcp-valet in tmux", "f");
    tmux.window(&format!("setsid --wait env X=1 timeout 20 {TOKEN}")).ends_with(0);
    tmux.window(&format!("script -qec '{TOKEN}' /dev/null")).ends_with(0);
    let curl = "curl -s --fail --unix-socket $SOCKET -H 'Content-Type: application/json' -d '{\"server\":\"rogue\"}' http://localhost/v1/token";
    let window = tmux.window(curl);
    answers(&mut terminal, 2, "curl in tmux", "d");
    window.ends_with(22);
}

#[test]
fn an_agent_in_a_pane_is_the_agent_in_whatever_tmux_within_tmux() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let tmux = Multiplexer::tmux(&home);
    let scribe = Agent::new(&home, "scribe");
    let runs = format!("{} -c '{TOKEN}; exit $?'", scribe.file().display());
    let window = tmux.window(&runs);
    answers(&mut terminal, 1, "scribe", "f");
    window.ends_with(0);
    let claude =
        r#"node -e 'process.title = "claude"; require("child_process").execSync("$VALET token rogue")'"#;
    let window = tmux.window(claude);
    answers(&mut terminal, 2, "Claude Code", "f");
    window.ends_with(0);

    let inner = home.path().join("inner").display().to_string();
    let within = |what: &str| format!("TMUX= tmux -S {inner} -f /dev/null {what}");
    let script = asking(home.path(), "deploy");
    let window = tmux.window(&within(&format!("new-session -d {script}")));
    answers(&mut terminal, 3, "deploy", "f");
    window.ends_with(0);
    tmux.window(&script).ends_with(0);
    tmux.window(&runs).ends_with(0);
    assert_eq!(questions(&terminal), 3);
}

#[test]
fn what_runs_in_two_windows_of_screen_is_told_apart() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let screen = Multiplexer::screen(&home);
    let [one, other] = ["deploy", "collect"].map(|name| asking(home.path(), name));
    let window = screen.window(&one);
    answers(&mut terminal, 1, "deploy", "f");
    window.ends_with(0);
    screen.window(&one).ends_with(0);
    let window = screen.window(&other);
    answers(&mut terminal, 2, "collect", "d");
    window.ends_with(4);
}
