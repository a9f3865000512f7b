//! A desktop of one's own: a screen nobody sees, a bus, a window manager, a panel with a tray.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

use crate::keychain::start_bus;
use crate::{Home, Process, Screen, program, until};

const SCRIPT: &str = include_str!("desktop.py");

/// A panel with nothing but a tray.
const PANEL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array"><value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="DARK"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"><property name="square-icons" type="bool" value="true"/></property>
  </property>
</channel>
"#;

/// A running desktop.
#[derive(Debug)]
pub struct Desktop<'home> {
    home: &'home Home,
    display: Display,
    inspector: u16,
    panel: Option<Process>,
    notifications: Option<Process>,
    _rest: Vec<Process>,
}

/// What the person chose for their desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Dark words on light ground.
    Light,
    /// Light words on dark ground.
    Dark,
}

impl Look {
    /// The word for it in file names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    const fn wallpaper(self) -> u32 {
        match self {
            Self::Light => 0x00d8_dee6,
            Self::Dark => 0x002a_3038,
        }
    }

    fn settings(self) -> String {
        let dark = u8::from(self == Self::Dark);
        format!(
            "[Settings]\ngtk-theme-name=Adwaita\ngtk-application-prefer-dark-theme={dark}\ngtk-font-name=DejaVu Sans 10\ngtk-cursor-blink=0\n"
        )
    }
}

/// A screen that nobody sees.
#[derive(Debug)]
pub struct Display {
    name: String,
    _server: Process,
}

impl Display {
    fn start(home: &Home, log: &str) -> Self {
        let mut command = home.command("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1600x900x24", "-nolisten", "tcp", "-noreset"]);
        let mut server = home.spawn(&mut command, log);
        Self { name: format!(":{}", server.announces("")), _server: server }
    }

    /// What programs find in `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl<'home> Desktop<'home> {
    /// What programs find in `DISPLAY`.
    pub fn display(&self) -> &str {
        self.display.name()
    }

    /// With a panel that shows tray icons. The valet's own are not installed.
    pub fn start(home: &'home Home) -> Self {
        let mut desktop = Self::starting(home, Look::Light);
        desktop.restart_panel();
        desktop
    }

    /// With a panel that shows tray icons, and this look. The valet's own icons are installed.
    pub fn looking(home: &'home Home, look: Look) -> Self {
        let icons = Path::new(env!("CARGO_MANIFEST_DIR")).join("../icons");
        for (kind, named) in [("symbolic", "-symbolic.svg"), ("scalable", "mcp-valet.svg")] {
            let folder = home.path().join("data/icons/hicolor").join(kind).join("apps");
            fs::create_dir_all(&folder).unwrap();
            for icon in fs::read_dir(&icons).unwrap().map(|entry| entry.unwrap()) {
                if icon.file_name().to_str().unwrap().ends_with(named) {
                    fs::copy(icon.path(), folder.join(icon.file_name())).unwrap();
                }
            }
        }
        let mut desktop = Self::starting(home, look);
        desktop.restart_panel();
        desktop
    }

    /// As a session is at first: the panel is yet to be started.
    pub fn starting(home: &'home Home, look: Look) -> Self {
        let gtk = home.path().join("config/gtk-3.0");
        fs::create_dir_all(&gtk).unwrap();
        fs::write(gtk.join("settings.ini"), look.settings()).unwrap();
        let mut desktop = Self::without_tray(home);
        desktop.screen().paint(look.wallpaper());
        let channels = home.path().join("config/xfce4/xfconf/xfce-perchannel-xml");
        fs::create_dir_all(&channels).unwrap();
        let dark = (look == Look::Dark).to_string();
        fs::write(channels.join("xfce4-panel.xml"), PANEL.replace("DARK", &dark)).unwrap();
        let settings = "/usr/lib/x86_64-linux-gnu/xfce4/xfconf/xfconfd";
        desktop._rest.push(home.spawn(&mut desktop.command(settings), "xfconfd"));
        desktop
    }

    /// As stock GNOME: nothing shows tray icons.
    pub fn without_tray(home: &'home Home) -> Self {
        let bus = start_bus(home);
        let display = Display::start(home, "screen");
        let mut desktop = Self {
            home,
            display,
            inspector: free_port(),
            panel: None,
            notifications: None,
            _rest: vec![bus],
        };
        desktop._rest.push(home.spawn(&mut desktop.command("openbox"), "openbox"));
        desktop
    }

    /// Ends the panel, if there is one, and starts it.
    pub fn restart_panel(&mut self) {
        self.panel = None;
        let mut command = self.command("xfce4-panel");
        self.panel = Some(self.home.spawn(command.arg("--disable-wm-check"), "panel"));
        until("the panel shows tray icons", || self.ask(&["items"]));
    }

    /// A command on this desktop.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = self.home.command(program);
        command.env("DISPLAY", self.display.name()).env("NO_AT_BRIDGE", "1").env("GTK_USE_PORTAL", "0");
        command
    }

    /// What a person sees of it, and their mouse.
    pub fn screen(&self) -> Screen {
        Screen::connect(self.display.name())
    }

    /// The desktop app on this desktop; its window lets WebDriver in.
    pub fn valet(&self) -> Command {
        let mut command = self.command(program("mcp-valet-tray"));
        command.env("MCP_VALET_LOG", "trace").env("TAURI_WEBVIEW_AUTOMATION", "true");
        command.env("WEBKIT_INSPECTOR_SERVER", format!("127.0.0.1:{}", self.inspector));
        command
    }

    /// Where WebDriver finds the window.
    pub(crate) fn inspector(&self) -> String {
        format!("127.0.0.1:{}", self.inspector)
    }

    /// The home that it belongs to.
    pub fn home(&self) -> &'home Home {
        self.home
    }

    /// Starts something that remembers notifications instead of showing them.
    pub fn remember_notifications(&mut self) {
        self.remember_notifications_with(&["actions", "body", "body-markup", "persistence"]);
    }

    /// The same, where it says that it can do these things alone. One that ran before is gone with what it
    /// remembered.
    pub fn remember_notifications_with(&mut self, abilities: &[&str]) {
        self.notifications = None;
        let mut command = self.command("/usr/bin/python3");
        command.args(["-m", "dbusmock", "--template", "notification_daemon", "--parameters"]);
        command.arg(serde_json::json!({ "capabilities": abilities.join(" ") }).to_string());
        self.notifications = Some(self.home.spawn(&mut command, "notifications"));
        until("notifications are remembered", || self.ask(&["notifications"]));
    }

    /// Has whatever remembers or draws notifications answer nobody.
    pub fn freeze_notifications(&self) {
        self.notifications.as_ref().unwrap().freeze();
    }

    /// Has it go on.
    pub fn thaw_notifications(&self) {
        self.notifications.as_ref().unwrap().thaw();
    }

    /// Starts something that draws notifications. One that ran before is gone.
    pub fn draw_notifications(&mut self) {
        self.notifications = None;
        let mut command = self.command("/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd");
        self.notifications = Some(self.home.spawn(&mut command, "notifications"));
        until("notifications are drawn", || self.ask(&["drawn"]));
    }

    /// The labels of the tray's menu; in brackets what cannot be clicked. Empty while there is no icon.
    pub fn menu(&self) -> Vec<String> {
        let labels = self.ask(&["menu"]).unwrap_or_default();
        labels.as_array().into_iter().flatten().map(|label| label.as_str().unwrap().to_owned()).collect()
    }

    /// Waits until the menu has this entry.
    #[track_caller]
    pub fn menu_has(&self, label: &str) {
        until(&format!("the menu has {label:?}: {:?}", self.menu()), || {
            self.menu().iter().any(|entry| entry == label).then_some(())
        });
    }

    /// Clicks on an entry of the menu, once it is there.
    #[track_caller]
    pub fn click(&self, label: &str) {
        self.menu_has(label);
        self.ask(&["click", label]).unwrap_or_else(|| panic!("{label:?} could not be clicked"));
    }

    /// The notifications that were shown so far, gone or not.
    #[track_caller]
    pub fn notifications(&self) -> Vec<Value> {
        self.ask(&["notifications"]).unwrap().as_array().unwrap().clone()
    }

    /// Numbers and summaries of the notifications that are on the screen.
    #[track_caller]
    pub fn on_screen(&self) -> Vec<(u64, String)> {
        let (shown, closed) = (self.notifications(), self.closed());
        let all = shown.iter().map(|note| (note["id"].as_u64().unwrap(), note["summary"].as_str().unwrap()));
        all.filter(|(id, _)| !closed.contains(id)).map(|(id, words)| (id, words.to_owned())).collect()
    }

    /// A second screen of the same person.
    pub fn another_screen(&self) -> Display {
        Display::start(self.home, "another-screen")
    }

    /// The numbers of the notifications that were taken away.
    #[track_caller]
    pub fn closed(&self) -> Vec<u64> {
        self.ask(&["closed"]).unwrap().as_array().unwrap().iter().filter_map(Value::as_u64).collect()
    }

    /// Clicks on a notification.
    #[track_caller]
    pub fn click_notification(&self, id: u64) {
        self.press(&[id], "default");
    }

    /// Presses this button of each of these notifications, one right after the other, whether they have it or
    /// not.
    #[track_caller]
    pub fn press(&self, ids: &[u64], key: &str) {
        let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
        let words: Vec<&str> = ["press", key].into_iter().chain(ids.iter().map(String::as_str)).collect();
        self.ask(&words).unwrap();
    }

    /// Says that a notification was clicked or a button pressed, as any program on the bus can.
    #[track_caller]
    pub fn forge_a_press(&self, id: u64, key: &str) {
        self.ask(&["forge", &id.to_string(), key]).unwrap();
    }

    /// Clicks on the icon, where the panel passes that on.
    #[track_caller]
    pub fn activate(&self) {
        // The valet answers before its icon is announced.
        until("the icon is there", || self.icon());
        self.ask(&["activate"]).unwrap();
    }

    /// What the panel shows beside the icon, and what a screen reader says.
    pub fn tooltip(&self) -> Option<Value> {
        self.ask(&["tooltip"])
    }

    /// What the panel is told of the icon: its name.
    pub fn icon(&self) -> Option<String> {
        self.ask(&["icon"])?.as_str().map(str::to_owned)
    }

    /// Who shows tray icons now: another one after each start.
    pub fn tray_host(&self) -> Option<String> {
        self.ask(&["host"])?.as_str().map(str::to_owned)
    }

    /// The processes of windows that are open.
    pub fn windows(&self) -> Vec<u32> {
        let command = |id: u32| fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        let is_window = |id: &u32| command(*id) == b"mcp-valet-tray\0--window\0" && self.home.is_home_of(*id);
        let processes = fs::read_dir("/proc").unwrap();
        let ids = processes.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
        ids.filter(is_window).collect()
    }

    fn ask(&self, words: &[&str]) -> Option<Value> {
        let output = self.home.run(self.command("/usr/bin/python3").args(["-c", SCRIPT]).args(words));
        (output.code == 0).then(|| output.json())
    }
}

/// Below what the system gives to whoever asks for any port: nobody takes these by chance before they are
/// used.
const PORTS: std::ops::Range<u32> = 10_240..32_768;

/// A port that is free, and that no other test is given.
pub fn free_port() -> u16 {
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    loop {
        let at = std::process::id().wrapping_mul(31).wrapping_add(TAKEN.fetch_add(1, Ordering::Relaxed));
        let port = u16::try_from(PORTS.start + at % (PORTS.end - PORTS.start)).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
