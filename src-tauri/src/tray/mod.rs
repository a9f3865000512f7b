//! The tray: an icon and a menu that follow the [`broker::View`].
//!
//! A StatusNotifierItem of our own over D-Bus (`ksni`), not Tauri's: that one builds the menu anew with each
//! change, which ends panels, has no tooltip, and needs a library that not every desktop has.

mod action;
mod host;
mod item;
mod menu;
mod picture;

pub(crate) use action::Action;
pub(crate) use host::Host;
pub(crate) use menu::{Menu, menu, named, plain};

use crate::resident::Want;
use item::Item;
use ksni::TrayMethods;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::time::sleep;

/// Five updates a second are more than a person can follow.
const BETWEEN_UPDATES: Duration = Duration::from_millis(200);
/// A panel that broke off while it was told of the icon is told again.
const UNTIL_TOLD_AGAIN: Duration = Duration::from_secs(5);

/// The tray; the icon goes with it.
pub(crate) struct Tray {
    menu: watch::Sender<Menu>,
}

impl Tray {
    /// Puts the icon up, now or as soon as there is a panel that shows it. Clicks go to `clicks`.
    pub(crate) fn start(clicks: UnboundedSender<Want>) -> Self {
        let (menu, drawn) = watch::channel(Menu::starting());
        tokio::spawn(follow(drawn, clicks));
        Self { menu }
    }

    /// Draws what has changed.
    pub(crate) fn draw(&self, menu: Menu) {
        self.menu.send_if_modified(|drawn| {
            let differs = *drawn != menu;
            *drawn = menu;
            differs
        });
    }
}

async fn follow(mut menus: watch::Receiver<Menu>, clicks: UnboundedSender<Want>) {
    let tray = loop {
        let item = Item { menu: menus.borrow_and_update().clone(), clicks: clicks.clone() };
        match item.assume_sni_available(true).spawn().await {
            Ok(tray) => break tray,
            Err(ksni::Error::Watcher(error)) => tracing::debug!(%error, "the panel does not take the icon"),
            Err(error) => return tracing::warn!(%error, "there is no tray icon"),
        }
        sleep(UNTIL_TOLD_AGAIN).await;
    };
    while menus.changed().await.is_ok() {
        let menu = menus.borrow_and_update().clone();
        tray.update(|item| item.menu = menu).await;
        sleep(BETWEEN_UPDATES).await;
    }
    tray.shutdown().await;
}
