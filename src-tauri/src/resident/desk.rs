//! The one owner of what the person sees: it draws the view, and does what they click.

use crate::Start;
use crate::resident::Ending;
use crate::resident::display;
use crate::resident::page::{self, asked, quietly};
use crate::resident::window::Window;
use crate::tray::{self, Action, Host, Tray};
use broker::{Page, Person, Surface, View, give_back};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

/// What starting needed is not needed after this time.
const STARTING_TAKES: Duration = Duration::from_secs(3);
/// A panel that is there answers within this time.
const PANELS_ANSWER: Duration = Duration::from_secs(1);
/// A panel that starts with the session, as we do, is there after this time.
const SESSIONS_START: Duration = Duration::from_secs(30);

/// What somebody wants of the desktop.
#[derive(Debug)]
pub(crate) enum Want {
    /// The person clicked. With it comes what the desktop gave them, so that a window may come to the front.
    Do { action: Action, token: Option<String> },
    /// The system has it end.
    End,
    /// The window is wanted at this page.
    Show(Page),
    /// The window is wanted at this page, unless it is open anyway.
    Offer(Page),
}

/// Tray and window.
pub(crate) struct Desk {
    person: Person,
    tray: Tray,
    host: Host,
    window: Window,
    wants: UnboundedSender<Want>,
    start: Start,
    /// Who shows icons by then is not waited for any longer.
    panels_by: Instant,
    /// The newest question that was seen.
    newest: u64,
    _surface: Surface,
}

impl Desk {
    pub(crate) fn new(person: Person, tray: Tray, start: Start, wants: UnboundedSender<Want>) -> Self {
        let (window, surface) = (Window::new(person.clone()), person.open_surface());
        let patience = match start {
            Start::ByHand => PANELS_ANSWER,
            Start::AtLogin | Start::ForAProgram => SESSIONS_START,
        };
        let (host, panels_by) = (Host::follow(), Instant::now() + patience);
        Self { person, tray, host, window, wants, start, panels_by, newest: 0, _surface: surface }
    }

    /// Serves the person until they quit, or the system has it end.
    pub(crate) async fn serve(mut self, mut wanted: UnboundedReceiver<Want>) -> Ending {
        let mut view = self.person.view();
        if self.start == Start::ByHand {
            self.greet(&view.borrow());
        }
        tokio::spawn(async {
            sleep(STARTING_TAKES).await;
            drop(spawn_blocking(give_back));
        });
        view.mark_changed();
        loop {
            tokio::select! {
                changed = view.changed() => match changed {
                    Ok(()) => self.draw(&view.borrow_and_update()),
                    Err(_) => return Ending::Told,
                },
                want = wanted.recv() => match (Ending::of(want.as_ref()), want) {
                    (Some(ending), _) => return ending,
                    (None, Some(Want::Do { action, token })) => self.act(action, token),
                    (None, Some(Want::Show(page))) => self.window.show(page),
                    (None, Some(Want::Offer(page))) => self.window.offer(page),
                    (None, None | Some(Want::End)) => {}
                },
                () = self.host.changed() => self.person.set_icon_shown(self.host.shows_icons()),
                () = self.window.closed() => drop(spawn_blocking(give_back)),
            }
        }
    }

    /// Who started it and has no servers yet, or sees no icon, needs the window.
    fn greet(&mut self, view: &View) {
        let page = |path| Page { activation_token: display::activation_token(), ..asked(path) };
        if view.servers.is_empty() && view.trouble.is_none() {
            self.window.show(page("/"));
        }
        self.unless_shown(Want::Show(page("/?notray=1")));
    }

    /// Where no panel shows the icon, `want` comes true.
    fn unless_shown(&self, want: Want) {
        let (mut host, panels_by, wants) = (self.host.clone(), self.panels_by, self.wants.clone());
        tokio::spawn(async move {
            if !host.shows_icons_by(panels_by).await {
                tracing::info!("this desktop shows no tray icons: start MCP Valet again for its window");
                let _ = wants.send(want);
            }
        });
    }

    fn draw(&mut self, view: &View) {
        self.tray.draw(tray::menu(view));
        if let Some(question) = view.questions.iter().rfind(|question| question.id > self.newest) {
            self.newest = question.id;
            // Without an icon, a question would have no place where it stays.
            self.unless_shown(Want::Offer(quietly(page::question(question.id))));
        }
    }

    fn act(&mut self, action: Action, token: Option<String>) {
        let path = match action {
            Action::Open => "/".to_owned(),
            Action::Add => "/add".to_owned(),
            Action::Activity => "/activity".to_owned(),
            Action::Server(name) => page::server(&name),
            Action::Question(id) => page::question(id),
            Action::Passphrase => "/passphrase".to_owned(),
            Action::RevokeAll => "/revoke".to_owned(),
            Action::SignIn(name) => return self.sign_in(name),
            Action::Unlock => return self.unlock(),
            Action::Lock => return self.person.lock(),
            Action::Quit => return,
        };
        self.window.show(Page { activation_token: token, ..asked(path) });
    }

    /// Where no browser opens, the server's page says why, or shows the address.
    fn sign_in(&self, name: String) {
        let (person, wants) = (self.person.clone(), self.wants.clone());
        tokio::spawn(async move {
            if !matches!(person.sign_in(&name, None).await, Ok((_, true))) {
                let _ = wants.send(Want::Show(asked(page::server(&name))));
            }
        });
    }

    fn unlock(&self) {
        let (person, wants) = (self.person.clone(), self.wants.clone());
        tokio::spawn(async move {
            if person.unlock().await.is_err() {
                let _ = wants.send(Want::Show(asked("/")));
            }
        });
    }
}
