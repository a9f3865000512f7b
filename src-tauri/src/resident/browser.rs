//! The desktop's side of the seam between broker and shell.

use crate::resident::desk::Wish;
use crate::resident::login::Login;
use broker::{Page, Shell};
use std::io;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use url::Url;

/// Some launchers stay for as long as their browser does; after this, the page is as good as open.
const PATIENCE: Duration = Duration::from_secs(3);

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
        let (url, (done, opened)) = (url.clone(), mpsc::channel());
        thread::spawn(move || done.send(webbrowser::open(url.as_str()).is_ok()));
        opened.recv_timeout(PATIENCE).unwrap_or(true)
    }

    fn show_window(&self, activation_token: Option<&str>) -> bool {
        let page = Page { path: "/".to_owned(), activation_token: activation_token.map(str::to_owned) };
        self.wishes.send(Wish::Show(page)).is_ok()
    }

    fn starts_at_login(&self) -> Option<bool> {
        self.login.as_ref().map(Login::is_on)
    }

    fn start_at_login(&self, start: bool) -> io::Result<()> {
        self.login.as_ref().map_or_else(|| Err(io::ErrorKind::Unsupported.into()), |login| login.set(start))
    }
}
