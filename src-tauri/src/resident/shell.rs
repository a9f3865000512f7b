//! The desktop's side of the seam between broker and shell.

use crate::resident::demo::Demo;
use crate::resident::desk::Want;
use crate::resident::display;
use crate::resident::login::Login;
use crate::resident::page;
use crate::tray::Action;
use broker::wire::Show;
use broker::{Page, Shell, Shown};
use std::io;
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedSender;
use url::Url;

/// Opens browsers, passes on what is wanted of the desk, starts with the session, and starts the demo.
pub(crate) struct Desktop {
    wants: UnboundedSender<Want>,
    login: Option<Login>,
    demo: Arc<Demo>,
}

impl Desktop {
    pub(crate) fn new(wants: UnboundedSender<Want>, demo: Arc<Demo>) -> Self {
        let login = Login::of_this_program();
        login.iter().for_each(Login::renew);
        Self { wants, login, demo }
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
        let page = Page {
            activation_token: asked.activation_token.clone(),
            ..page::asked(page::of(asked.errand.as_ref()))
        };
        if self.wants.send(Want::Show(page)).is_ok() { Shown::Here } else { Shown::NoWindow }
    }

    fn starts_at_login(&self) -> Option<bool> {
        self.login.as_ref().map(Login::is_on)
    }

    fn start_at_login(&self, start: bool) -> io::Result<()> {
        self.login.as_ref().map_or_else(|| Err(io::ErrorKind::Unsupported.into()), |login| login.set(start))
    }

    fn start_demo(&self) -> io::Result<String> {
        self.demo.start()
    }

    fn quit(&self) {
        let _ = self.wants.send(Want::Do { action: Action::Quit, token: None });
    }
}
