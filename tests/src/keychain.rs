//! A Secret Service of one's own: gnome-keyring on a private bus.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::{Desktop, Home, Process, files_in, until};

const PASSWORD: &str = "only for tests";
const SERVICE: &str = "org.freedesktop.secrets";

/// No service folders: on this bus nothing starts by itself, so an absent keychain stays absent.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// There is no call for it in the standard; seahorse uses this one too.
const UNLOCK: &str = r"
import dbus, sys
service = dbus.SessionBus().get_object('org.freedesktop.secrets', '/org/freedesktop/secrets')
_, session = dbus.Interface(service, 'org.freedesktop.Secret.Service').OpenSession('plain', dbus.String('', variant_level=1))
secret = dbus.Struct((dbus.ObjectPath(session), dbus.Array([], signature='y'),
    dbus.Array(sys.argv[1].encode(), signature='y'), 'text/plain'), signature='oayays')
dbus.Interface(service, 'org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface').UnlockWithMasterPassword(
    dbus.ObjectPath('/org/freedesktop/secrets/collection/login'), secret)
";

/// Puts something else into the item of one user name.
const REPLACE: &str = r"
import dbus, sys
bus = dbus.SessionBus()
service = dbus.Interface(bus.get_object('org.freedesktop.secrets', '/org/freedesktop/secrets'), 'org.freedesktop.Secret.Service')
_, session = service.OpenSession('plain', dbus.String('', variant_level=1))
found, _ = service.SearchItems({'service': 'mcp-valet', 'username': sys.argv[1]})
[item] = found
secret = dbus.Struct((dbus.ObjectPath(session), dbus.Array([], signature='y'),
    dbus.Array(sys.argv[2].encode(), signature='y'), 'text/plain'), signature='oayays')
dbus.Interface(bus.get_object('org.freedesktop.secrets', item), 'org.freedesktop.Secret.Item').SetSecret(secret)
";

/// Puts an item in, as the valet does.
const INSERT: &str = r"
import dbus, sys
bus = dbus.SessionBus()
service = dbus.Interface(bus.get_object('org.freedesktop.secrets', '/org/freedesktop/secrets'), 'org.freedesktop.Secret.Service')
_, session = service.OpenSession('plain', dbus.String('', variant_level=1))
name = sys.argv[1]
properties = {'org.freedesktop.Secret.Item.Label': 'MCP Valet: ' + name,
    'org.freedesktop.Secret.Item.Attributes': dbus.Dictionary({'service': 'mcp-valet', 'username': name}, signature='ss')}
secret = dbus.Struct((dbus.ObjectPath(session), dbus.Array([], signature='y'),
    dbus.Array(sys.argv[2].encode(), signature='y'), 'text/plain'), signature='oayays')
login = bus.get_object('org.freedesktop.secrets', '/org/freedesktop/secrets/collection/login')
dbus.Interface(login, 'org.freedesktop.Secret.Collection').CreateItem(properties, secret, True)
";

/// Tells what is in the item of one user name: nothing, if it goes between the two calls.
const SECRET: &str = r"
import dbus, sys
bus = dbus.SessionBus()
service = dbus.Interface(bus.get_object('org.freedesktop.secrets', '/org/freedesktop/secrets'), 'org.freedesktop.Secret.Service')
_, session = service.OpenSession('plain', dbus.String('', variant_level=1))
found, _ = service.SearchItems({'service': 'mcp-valet', 'username': sys.argv[1]})
for secret in service.GetSecrets(found, session).values():
    sys.stdout.write(bytes(secret[2]).decode())
";

/// Takes out the items whose user names begin so.
const TAKE_OUT: &str = r"
import dbus, sys
bus = dbus.SessionBus()
service = dbus.Interface(bus.get_object('org.freedesktop.secrets', '/org/freedesktop/secrets'), 'org.freedesktop.Secret.Service')
found, _ = service.SearchItems({'service': 'mcp-valet'})
items = [bus.get_object('org.freedesktop.secrets', item) for item in found]
name = lambda item: str(item.Get('org.freedesktop.Secret.Item', 'Attributes', dbus_interface='org.freedesktop.DBus.Properties')['username'])
chosen = [item for item in items if name(item).startswith(sys.argv[1])]
assert chosen
for item in chosen: item.Delete(dbus_interface='org.freedesktop.Secret.Item')
";

/// How many items of ours it has.
const COUNT: &str = r"
import dbus
service = dbus.SessionBus().get_object('org.freedesktop.secrets', '/org/freedesktop/secrets')
unlocked, locked = dbus.Interface(service, 'org.freedesktop.Secret.Service').SearchItems({'service': 'mcp-valet'})
print(len(unlocked) + len(locked))
";

/// A running bus with a keychain, unlocked at first.
#[derive(Debug)]
pub struct Keychain<'home> {
    home: &'home Home,
    daemon: Option<Process>,
    _bus: Option<Process>,
}

impl<'home> Keychain<'home> {
    /// Starts both in `home`.
    pub fn start(home: &'home Home) -> Self {
        let mut keychain = Self::absent(home);
        keychain.restart();
        keychain
    }

    /// Starts a keychain on a desktop's own bus.
    pub fn on_desktop(desktop: &Desktop<'home>) -> Self {
        let mut keychain = Self { home: desktop.home(), daemon: None, _bus: None };
        keychain.restart();
        keychain
    }

    /// The same, where nobody has logged in since it was installed: it has no place for passwords.
    pub fn not_set_up(desktop: &Desktop<'home>) -> Self {
        let mut command = desktop.home().command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        let daemon = desktop.home().spawn(&mut command, "keyring");
        let keychain = Self { home: desktop.home(), daemon: Some(daemon), _bus: None };
        let ping = ["/org/freedesktop/secrets", "org.freedesktop.DBus.Peer.Ping"];
        until("the keychain answers", || keychain.call(&ping));
        keychain
    }

    /// Starts a keychain on a session bus that runs in `home`.
    pub fn on_bus(home: &'home Home, bus: Process) -> Self {
        let mut keychain = Self { home, daemon: None, _bus: Some(bus) };
        keychain.restart();
        keychain
    }

    /// A bus on which there is no keychain.
    pub fn absent(home: &'home Home) -> Self {
        Self { home, daemon: None, _bus: Some(start_bus(home)) }
    }

    /// Ends the keychain; the bus stays. What it holds is on disk.
    pub fn stop(&mut self) {
        self.daemon = None;
    }

    /// Ends the keychain if it runs, and starts it unlocked.
    pub fn restart(&mut self) {
        self.stop();
        let mut command = self.home.command("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets"]).stdin(Stdio::piped());
        let mut daemon = self.home.spawn(&mut command, "keyring");
        daemon.take_stdin().write_all(PASSWORD.as_bytes()).unwrap();
        self.daemon = Some(daemon);
        // Asked before it is there, a session bus would start another one, without the password.
        until("the keychain has its name", || self.has_name().then_some(()));
        until("the keychain is unlocked", || (self.locked() == Some(false)).then_some(()));
    }

    /// Locks it. Nobody on this bus can prompt, so it stays locked until [`Keychain::unlock`].
    pub fn lock(&self) {
        let login = "array:objpath:/org/freedesktop/secrets/collection/login";
        self.call(&["/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock", login]).unwrap();
        until("the keychain is locked", || (self.locked() == Some(true)).then_some(()));
    }

    /// Unlocks it without a prompt.
    pub fn unlock(&self) {
        self.home.run(self.home.command("/usr/bin/python3").args(["-c", UNLOCK, PASSWORD])).expect_code(0);
    }

    /// Every call to it hangs from now on.
    pub fn freeze(&self) {
        self.daemon.as_ref().unwrap().freeze();
    }

    /// The calls that hang are answered.
    pub fn thaw(&self) {
        self.daemon.as_ref().unwrap().thaw();
    }

    /// Makes what it holds under this user name unreadable.
    pub fn damage(&self, user_name: &str) {
        self.replace(user_name, "damaged");
    }

    /// Puts something else into what it holds under this user name.
    pub fn replace(&self, user_name: &str, secret: &str) {
        let replace = ["-c", REPLACE, user_name, secret];
        self.home.run(self.home.command("/usr/bin/python3").args(replace)).expect_code(0);
    }

    /// Puts in an item under this user name, or another in its place.
    pub fn insert(&self, user_name: &str, secret: &str) {
        let insert = ["-c", INSERT, user_name, secret];
        self.home.run(self.home.command("/usr/bin/python3").args(insert)).expect_code(0);
    }

    /// Takes out what it holds under user names that begin so.
    pub fn take_out(&self, beginning: &str) {
        let take_out = ["-c", TAKE_OUT, beginning];
        self.home.run(self.home.command("/usr/bin/python3").args(take_out)).expect_code(0);
    }

    /// What it holds under this user name: no text where that is nothing.
    pub fn secret(&self, user_name: &str) -> String {
        let secret = ["-c", SECRET, user_name];
        self.home.run(self.home.command("/usr/bin/python3").args(secret)).expect_code(0).stdout
    }

    /// How many items of the valet's it has.
    pub fn items(&self) -> usize {
        let output = self.home.run(self.home.command("/usr/bin/python3").args(["-c", COUNT]));
        output.expect_code(0).stdout.trim().parse().unwrap()
    }

    /// Every secret it holds is in these files, encrypted.
    pub fn files(&self) -> Vec<Vec<u8>> {
        let folder = self.home.path().join("data/keyrings");
        files_in(&folder).into_iter().map(|(_, _, content)| content).collect()
    }

    fn locked(&self) -> Option<bool> {
        let property = "org.freedesktop.DBus.Properties.Get";
        let (interface, name) = ("string:org.freedesktop.Secret.Collection", "string:Locked");
        let reply = self.call(&["/org/freedesktop/secrets/collection/login", property, interface, name])?;
        Some(reply.contains("boolean true"))
    }

    /// Whether there is one on the bus, without having one started.
    fn has_name(&self) -> bool {
        let (bus, method) = ("/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner");
        let name = format!("string:{SERVICE}");
        self.ask("org.freedesktop.DBus", &[bus, method, &name])
            .is_some_and(|reply| reply.contains("boolean true"))
    }

    fn call(&self, words: &[&str]) -> Option<String> {
        self.ask(SERVICE, words)
    }

    fn ask(&self, service: &str, words: &[&str]) -> Option<String> {
        let mut command = self.home.command("dbus-send");
        command.args(["--session", "--print-reply", "--reply-timeout=2000"]);
        let output = self.home.run(command.arg(format!("--dest={service}")).args(words));
        (output.code == 0).then_some(output.stdout)
    }
}

/// A session bus for this home alone.
pub(crate) fn start_bus(home: &Home) -> Process {
    start_bus_at(home, "bus")
}

/// A bus for this home alone, at this place in its runtime folder.
pub(crate) fn start_bus_at(home: &Home, place: &str) -> Process {
    let socket = home.runtime().join(place);
    let config = home.path().join(format!("{place}.conf"));
    fs::write(&config, BUS.replace("SOCKET", socket.to_str().unwrap())).unwrap();
    let mut command = home.command("dbus-daemon");
    command.arg("--nofork").arg("--config-file").arg(config);
    let bus = home.spawn(&mut command, place);
    until("the bus listens", || socket.exists().then_some(()));
    bus
}
