//! What an application is in: a sandbox, a container, a folder that root keeps, a unit of systemd.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::PathBuf;

use mcp_valet_tests::who::{TOKEN, answers, asked_about, outlives, python, questions, signed_in};
use mcp_valet_tests::{Agent, Home, Rogue, Terminal, program, until};
use rustix::process::getuid;

#[test]
fn who_is_in_another_world_is_nobody() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let scribe = Agent::new(&home, "scribe");
    asked_about(&scribe, TOKEN, &mut terminal, (1, "scribe", "f")).expect_code(0);
    let mut count = 1;
    for world in ["--mount", "--pid --fork", "--user"] {
        count += 1;
        let script = format!("unshare --user --map-root-user {world} {}", python(&home, "ask(connect())"));
        let about = (count, "An unknown program", "d");
        assert_eq!(asked_about(&scribe, &script, &mut terminal, about).stdout, "403\n");
    }
}

#[test]
fn a_flatpak_is_known_by_the_id_of_its_sandbox_and_by_nothing_that_it_writes_itself() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    home.enter("org.example.Scribe", "Name=Scribe in a Box\nExec=flatpak run org.example.Scribe");
    let starter = Agent::new(&home, "starter");
    let folder = |path: &std::path::Path| path.parent().unwrap().display().to_string();
    let sandbox = |info: &str, more: &str| {
        format!(
            "bwrap --unshare-user --tmpfs / --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 \
             --proc /proc --dev /dev --bind {0} {0} --ro-bind {1} {1} {more} $VALET token rogue 9<<'END'\n{info}END",
            home.path().display(),
            folder(&program("mcp-valet")),
        )
    };
    let info = |id: &str| format!("[Application]\nname={id}\n\n[Instance]\ninstance-id=1\n");
    let bound = "--ro-bind-data 9 /.flatpak-info";
    let (own, other) = (info("org.example.Scribe"), info("org.example.Painter"));
    asked_about(&starter, &sandbox(&own, bound), &mut terminal, (1, "Scribe in a Box", "f")).expect_code(0);
    starter.runs(&sandbox(&own, bound)).expect_code(0);
    let about = (2, "org.example.Painter", "d");
    asked_about(&starter, &sandbox(&other, bound), &mut terminal, about).expect_code(4);
    // A file that whoever is inside could write, and none at all.
    let about = |count| (count, "An unknown program", "d");
    let written = sandbox(&own, "--file 9 /.flatpak-info");
    asked_about(&starter, &written, &mut terminal, about(3)).expect_code(4);
    asked_about(&starter, &sandbox(&own, ""), &mut terminal, about(4)).expect_code(4);
}

/// As somebody who is not root, where root keeps `/opt` and nobody else sees it.
const NOBODY: &str = "setpriv --reuid=65534 --regid=65534 --clear-groups";

#[test]
fn what_root_installed_stays_the_same_application_through_an_update() {
    // Nobody else can choose a number, or install anything.
    if !getuid().is_root() {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    home.asks_about(&[("rogue", &rogue.mcp())]);
    home.enter("scribe", "Name=The Scribe\nExec=/opt/scribe/bin/scribe");
    let bin = home.path().join("bin");
    fs::create_dir(&bin).unwrap();
    for name in ["mcp-valetd", "mcp-valet"] {
        fs::copy(program(name), bin.join(name)).unwrap();
    }
    let folder = home.path().display();
    let start = format!(
        "mount -t tmpfs -o mode=755 tmpfs /opt && mkdir -p /opt/scribe/bin && cp /bin/bash /opt/scribe/bin/scribe &&
         chown -R 65534 {folder} && exec {NOBODY} {folder}/bin/mcp-valetd"
    );
    let mut command = home.command("unshare");
    command.args(["--mount", "sh", "-c", &start]).env("MCP_VALET_LOG", "off");
    let (mut terminal, valet) = Terminal::run(&command, "valet", &home);
    let inside = |what: &str| {
        let mut command = home.command("nsenter");
        command.args(["--mount", &format!("--target={}", valet.id()), "sh", "-c", what]);
        home.run(&mut command)
    };
    let script =
        |what: &str| format!("{NOBODY} /opt/scribe/bin/scribe -c '{folder}/bin/mcp-valet {what}; exit $?'");
    until("it answers", || (inside(&script("list")).code == 0).then_some(()));
    home.browser_says_yes();
    inside(&script("authorize rogue")).expect_code(0);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| inside(&script("token rogue")));
        answers(&mut terminal, 1, "The Scribe", "f");
        asking.join().unwrap().expect_code(0);
    });
    inside("cp /bin/bash /opt/scribe/new && mv /opt/scribe/new /opt/scribe/bin/scribe").expect_code(0);
    inside(&script("token rogue")).expect_code(0);
    // All that is in its folder is it; what anybody may write there is not known by its path.
    inside("cp /opt/scribe/bin/scribe /opt/scribe/helper").expect_code(0);
    inside(&script("token rogue").replace("bin/scribe", "helper")).expect_code(0);
    assert_eq!(questions(&terminal), 1);
    inside("chmod 777 /opt/scribe && cp /bin/bash /opt/scribe/bin/scribe").expect_code(0);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| inside(&script("token rogue")));
        answers(&mut terminal, 2, "The Scribe", "d");
        asking.join().unwrap().expect_code(4);
    });
}

/// A control group, where this machine lets us make one.
struct Group(PathBuf);

impl Group {
    fn new(name: &str) -> Option<Self> {
        let roots = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"].map(PathBuf::from);
        let root = roots.into_iter().find(|root| root.join("cgroup.procs").exists())?;
        let group = Self(root.join(name));
        fs::create_dir(&group.0).ok().map(|()| group)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        until("the group is empty", || fs::remove_dir(&self.0).ok());
    }
}

#[test]
fn what_systemd_started_is_named_by_its_unit_and_what_a_desktop_started_by_its_entry() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let groups = (Group::new("who-test.service"), Group::new("app-test-who\\x2dtest-7.scope"));
    let (Some(service), Some(scope)) = groups else {
        // Where none can be made, the reader of their names is tried beside it all the same.
        return;
    };
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    home.enter("who-test", "Name=The Tester\nExec=who-test-that-is-elsewhere");
    let scribe = Agent::new(&home, "scribe");
    let orphan = |group: &Group, then: &str| {
        let joins =
            format!("open({:?}, \"w\").write(str(os.getpid()))\n{then}", group.0.join("cgroup.procs"));
        format!("{} | cat", python(&home, &outlives(&joins)))
    };
    let about = (1, "A program in who-test.service", "f");
    asked_about(&scribe, &orphan(&service, "ask(connect())"), &mut terminal, about);
    scribe.runs(&orphan(&service, "ask(connect())"));
    let git = r#"os.execv("/usr/bin/git", ["git", "-c", "alias.x=!$VALET token rogue; exit $?", "x"])"#;
    asked_about(&scribe, &orphan(&scope, git), &mut terminal, (2, "The Tester", "d"));
    // An interpreter that has lost its parent there is nobody.
    let about = (3, "An unknown program", "d");
    asked_about(&scribe, &orphan(&scope, "ask(connect())"), &mut terminal, about);
}
