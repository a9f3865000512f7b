//! The desktop's side of the seam between broker and shell.

use crate::resident::desk::Wish;
use crate::resident::display;
use broker::wire::Show;
use broker::{Page, Shell, Shown};
use tokio::sync::mpsc::UnboundedSender;
use url::Url;

/// Opens browsers, and passes on that the window is wanted.
pub(crate) struct Desktop {
    wishes: UnboundedSender<Wish>,
}

impl Desktop {
    pub(crate) const fn new(wishes: UnboundedSender<Wish>) -> Self {
        Self { wishes }
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
}
