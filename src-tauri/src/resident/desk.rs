//! The one owner of what the person sees: it draws the view, and does what they click.

use crate::resident::memory;
use crate::resident::window::Window;
use crate::tray::{self, Action, Tray};
use broker::{Page, Person, Surface, View};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::task::spawn_blocking;

/// A panel that is going to show the icon does so within this time.
const PANELS_TAKE: Duration = Duration::from_secs(3);

/// What somebody wants of the desktop.
#[derive(Debug)]
pub(crate) enum Wish {
    /// The person clicked.
    Do(Action),
    /// The window is wanted at this page.
    Show(Page),
    /// The window is wanted at this page, unless it is open anyway.
    Offer(Page),
}

/// Tray and window.
pub(crate) struct Desk {
    person: Person,
    tray: Option<Tray>,
    window: Window,
    wishes: UnboundedSender<Wish>,
    /// The newest question that was seen.
    newest: u64,
    _surface: Surface,
}

impl Desk {
    pub(crate) fn new(person: Person, tray: Option<Tray>, wishes: UnboundedSender<Wish>) -> Self {
        let (window, surface) = (Window::new(person.clone()), person.open_surface());
        Self { person, tray, window, wishes, newest: 0, _surface: surface }
    }

    /// Serves the person until they quit.
    pub(crate) async fn serve(mut self, mut wished: UnboundedReceiver<Wish>) {
        let mut view = self.person.view();
        self.greet(&view.borrow());
        view.mark_changed();
        loop {
            tokio::select! {
                changed = view.changed() => match changed {
                    Ok(()) => self.draw(&view.borrow_and_update()),
                    Err(_) => return,
                },
                wish = wished.recv() => match wish {
                    None | Some(Wish::Do(Action::Quit)) => return,
                    Some(Wish::Do(action)) => self.act(action),
                    Some(Wish::Show(page)) => self.window.show(page),
                    Some(Wish::Offer(page)) if !self.window.is_open() => self.window.show(page),
                    Some(Wish::Offer(_)) => {}
                },
                () = self.window.closed() => drop(spawn_blocking(memory::give_back)),
            }
        }
    }

    /// Somebody who has no servers yet, or sees no icon, needs the window.
    fn greet(&mut self, view: &View) {
        if view.servers.is_empty() && view.trouble.is_none() {
            self.window.show(at("/"));
        }
        let (has_tray, wishes) = (self.tray.is_some(), self.wishes.clone());
        tokio::spawn(async move {
            tokio::time::sleep(PANELS_TAKE).await;
            drop(spawn_blocking(memory::give_back));
            if !has_tray || !tray::shows_icons().await {
                tracing::info!("this desktop shows no tray icons: start MCP Valet again for its window");
                let _ = wishes.send(Wish::Show(at("/?notray=1")));
            }
        });
    }

    fn draw(&mut self, view: &View) {
        if let Some(tray) = &mut self.tray {
            tray.draw(tray::menu(view));
        }
        let Some(question) = view.questions.iter().rfind(|question| question.id > self.newest) else {
            return;
        };
        self.newest = question.id;
        let (page, wishes) = (at(&format!("/questions/{}", question.id)), self.wishes.clone());
        let has_tray = self.tray.is_some();
        tokio::spawn(async move {
            // Without an icon, a question would have no place where it stays.
            if !has_tray || !tray::shows_icons().await {
                let _ = wishes.send(Wish::Offer(page));
            }
        });
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Open => self.window.show(at("/")),
            Action::Add => self.window.show(at("/add")),
            Action::Activity => self.window.show(at("/activity")),
            Action::Server(name) => self.window.show(server(&name)),
            Action::Question(id) => self.window.show(at(&format!("/questions/{id}"))),
            Action::SignIn(name) => self.sign_in(name),
            Action::Passphrase => self.window.show(at("/passphrase")),
            Action::Unlock => self.unlock(),
            Action::RevokeAll => self.window.show(at("/revoke")),
            Action::Lock => self.person.lock(),
            Action::Quit => {}
        }
    }

    /// Where no browser opens, the server's page says why, or shows the address.
    fn sign_in(&self, name: String) {
        let (person, wishes) = (self.person.clone(), self.wishes.clone());
        tokio::spawn(async move {
            if !matches!(person.sign_in(&name, None).await, Ok((_, true))) {
                let _ = wishes.send(Wish::Show(server(&name)));
            }
        });
    }

    fn unlock(&self) {
        let (person, wishes) = (self.person.clone(), self.wishes.clone());
        tokio::spawn(async move {
            if person.unlock().await.is_err() {
                let _ = wishes.send(Wish::Show(at("/")));
            }
        });
    }
}

fn server(name: &str) -> Page {
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    at(&format!("/servers/{}", encoded.replace('+', "%20")))
}

fn at(path: &str) -> Page {
    Page { path: path.to_owned(), activation_token: None }
}
