//! The tray: an icon and a menu that follow the [`broker::View`].

mod action;
mod host;
mod menu;

pub(crate) use action::Action;
pub(crate) use host::shows_icons;
pub(crate) use menu::{Menu, menu, named, plain};

use crate::resident::Wish;
use menu::{Entry, State};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use tauri::image::Image;
use tauri::menu::{MenuBuilder, MenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, include_image};
use tokio::sync::mpsc::UnboundedSender;

pub(crate) const WELL: Image<'static> = include_image!("../icons/tray-well.png");
const WAITING: Image<'static> = include_image!("../icons/tray-waiting.png");
const TROUBLE: Image<'static> = include_image!("../icons/tray-trouble.png");
const LOCKED: Image<'static> = include_image!("../icons/tray-locked.png");

/// The tray as it is drawn now.
pub(crate) struct Tray {
    icon: TrayIcon,
    app: AppHandle,
    drawn: Menu,
}

impl Tray {
    /// Puts the icon up; clicks go to `clicks`. The pictures are handed to the panel as files in `folder`.
    /// `None` where the library for it is not installed.
    pub(crate) fn new(
        app: &AppHandle,
        folder: &Path,
        drawn: Menu,
        clicks: UnboundedSender<Wish>,
    ) -> Option<Self> {
        let items = items(app, &drawn).ok()?;
        let builder = TrayIconBuilder::with_id("valet")
            .icon(picture(drawn.state))
            .menu(&items)
            .temp_dir_path(folder)
            .on_menu_event(move |_, event| {
                if let Some(action) = Action::from_id(event.id().as_ref()) {
                    let _ = clicks.send(Wish::Do(action));
                }
            });
        let icon = without_panic(|| builder.build(app))?.ok()?;
        Some(Self { icon, app: app.clone(), drawn })
    }

    /// Draws what has changed. A menu that says the same is left alone, since the person may have it open.
    pub(crate) fn draw(&mut self, menu: Menu) {
        if menu == self.drawn {
            return;
        }
        let restated = menu.state != self.drawn.state;
        self.drawn = menu.clone();
        let (app, icon) = (self.app.clone(), self.icon.clone());
        let drawing = self.app.run_on_main_thread(move || {
            if restated {
                let _ = icon.set_icon(Some(picture(menu.state)));
            }
            if let Ok(items) = items(&app, &menu) {
                let _ = icon.set_menu(Some(items));
            }
        });
        if let Err(error) = drawing {
            tracing::warn!(%error, "the tray could not be drawn");
        }
    }
}

fn picture(state: State) -> Image<'static> {
    match state {
        State::Well => WELL,
        State::Waiting => WAITING,
        State::Trouble => TROUBLE,
        State::Locked => LOCKED,
    }
}

fn items(app: &AppHandle, menu: &Menu) -> tauri::Result<tauri::menu::Menu<tauri::Wry>> {
    let mut builder = MenuBuilder::new(app);
    for entry in &menu.entries {
        builder = match entry {
            Entry::Line => builder.separator(),
            Entry::Says(words) => builder.item(&MenuItem::new(app, literally(words), false, None::<&str>)?),
            Entry::Does(words, action) => {
                builder.item(&MenuItem::with_id(app, action.id(), literally(words), true, None::<&str>)?)
            }
        };
    }
    builder.build()
}

/// An `&` would mark the next letter as a shortcut.
fn literally(words: &str) -> String {
    words.replace('&', "&&")
}

/// The bindings panic where libayatana-appindicator is not installed, and offer no way to ask first.
fn without_panic<T>(build: impl FnOnce() -> T) -> Option<T> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let built = panic::catch_unwind(AssertUnwindSafe(build));
    panic::set_hook(hook);
    built.ok()
}
