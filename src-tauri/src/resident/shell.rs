//! The desktop's side of the seam between broker and shell.

use crate::resident::desk::Wish;
use crate::resident::display;
use crate::resident::login::Login;
use broker::wire::Show;
use broker::{Page, Shell, Shown};
use std::io;
use tokio::sync::mpsc::UnboundedSender;
use url::Url;

/// Opens browsers, passes on that the window is wanted, and starts with the session.
pub(crate) struct Desktop {
    wishes: UnboundedSender<Wish>,
    login: Option<Login>,
}

impl Desktop {
    pub(crate) fn new(wishes: UnboundedSender<Wish>) -> Self {
        Self { wishes, login: Login::of_this_program() }
    }
}

impl Shell for Desktop {
    fn open_url(&self, url: &Url) -> bool {
        browser::open(url)
    }

    fn show_window(&self, asked: &Show) -> Shown {
        let ours = display::names();
        if !asked.displays.is_empty() && !asked.displays.iter().any(|theirs| ours.contains(theirs)) {
            return Shown::Elsewhere;
        }
        let page = Page { path: "/".to_owned(), activation_token: asked.activation_token.clone() };
        if self.wishes.send(Wish::Show(page)).is_ok() { Shown::Here } else { Shown::NoWindow }
    }

    fn starts_at_login(&self) -> Option<bool> {
        self.login.as_ref().map(Login::is_on)
    }

    fn start_at_login(&self, start: bool) -> io::Result<()> {
        self.login.as_ref().map_or_else(|| Err(io::ErrorKind::Unsupported.into()), |login| login.set(start))
    }
}
