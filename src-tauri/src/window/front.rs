//! Whether the window takes the keyboard when it shows a page.

use broker::{Page, Raise};
use gtk::glib::Propagation;
use gtk::prelude::{GtkWindowExt, WidgetExt};
use tauri::WebviewWindow;

/// Takes the mark off a window to which the person turns.
pub(super) fn follow(window: &WebviewWindow) -> tauri::Result<()> {
    window.gtk_window()?.connect_focus_in_event(|window, _| {
        window.set_urgency_hint(false);
        Propagation::Proceed
    });
    Ok(())
}

/// Shows the window, in front and with the keyboard if the person asked for it just now.
pub(super) fn show(window: &WebviewWindow, page: &Page) -> tauri::Result<()> {
    let window = window.gtk_window()?;
    match page.raise {
        Raise::Asked => present(&window, page.activation_token.as_deref()),
        Raise::Quietly => show_quietly(&window),
    }
    Ok(())
}

/// The desktop lets a window come to the front for the click that asked for it, of which the token tells.
fn present(window: &gtk::ApplicationWindow, activation_token: Option<&str>) {
    if let Some(token) = activation_token {
        window.set_startup_id(token);
    }
    window.set_focus_on_map(true);
    window.show_all();
    window.present();
}

/// What is typed goes on to where it went: nobody answers a question with words for another program. The
/// desktop marks the window instead, until the person turns to it.
fn show_quietly(window: &gtk::ApplicationWindow) {
    if window.is_active() {
        return;
    }
    window.set_focus_on_map(false);
    window.show_all();
    window.set_urgency_hint(true);
}
