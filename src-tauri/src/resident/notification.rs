//! Notifications: one for each need, the three most urgent on the screen, gone when it is met anywhere.
//!
//! They answer nothing: a click opens a page, and whoever makes one look like the person's gets no more.

use crate::markup;
use crate::resident::attention::{Attention, Reminders};
use crate::resident::desk::Want;
use crate::resident::heard::{Abilities, Body, Click, Heard, Voice};
use crate::resident::note::{Note, note};
use crate::resident::page::quietly;
use broker::{Person, View};
use notify_rust::{Hint, Notification, NotificationHandle, Timeout};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use words::say;

/// More at a time would cover the screen.
const MOST: usize = 3;
/// Bytes of a text from outside.
const LONGEST: usize = 400;
/// Pages come no faster than a person means to open them: the second click of two goes to whatever has come
/// where the first notification was.
const BETWEEN_PAGES: Duration = Duration::from_secs(1);
/// Whoever draws notifications answers within this time, or not at all.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is on the screen, for as long as the valet runs.
pub(crate) struct Notifications {
    _until: oneshot::Sender<()>,
    following: JoinHandle<()>,
}

impl Notifications {
    /// Shows what waits for the person. Where nothing shows notifications, nothing happens.
    pub(crate) fn follow(person: Person, wants: UnboundedSender<Want>) -> Self {
        let (until, ended) = oneshot::channel();
        let following = tokio::spawn(async move {
            if let Err(error) = serve(&person, wants, ended).await {
                tracing::info!(%error, "there are no notifications");
            }
        });
        Self { _until: until, following }
    }

    /// Takes all of them off the screen: nothing would open their pages any more.
    pub(crate) async fn withdraw(self) {
        drop(self._until);
        let _ = timeout(PATIENCE, self.following).await;
    }
}

async fn serve(
    person: &Person,
    wants: UnboundedSender<Want>,
    mut ended: oneshot::Receiver<()>,
) -> zbus::Result<()> {
    let mut shown = Shown {
        desktop: Voice::listen().await?,
        abilities: None,
        on_screen: Vec::new(),
        reminders: Reminders::default(),
        opened: None,
        wants,
    };
    let mut view = person.view();
    view.mark_changed();
    loop {
        tokio::select! {
            _ = &mut ended => break,
            changed = view.changed() => if changed.is_err() { break },
            heard = shown.desktop.next() => shown.hear(heard).await,
        }
        let current = view.borrow_and_update().clone();
        shown.draw(&current).await;
    }
    for one in shown.on_screen {
        one.withdraw().await;
    }
    Ok(())
}

/// One notification on the screen.
struct One {
    need: Attention,
    note: Note,
    handle: NotificationHandle,
}

impl One {
    async fn withdraw(self) {
        let _ = timeout(PATIENCE, self.handle.close_async()).await;
    }
}

struct Shown {
    desktop: Voice,
    /// What it can do, once it was asked.
    abilities: Option<Abilities>,
    on_screen: Vec<One>,
    reminders: Reminders,
    /// When a page was opened last.
    opened: Option<Instant>,
    wants: UnboundedSender<Want>,
}

impl Shown {
    async fn draw(&mut self, view: &View) {
        self.reminders.follow(view);
        let needs = self.reminders.needs(view);
        let met = self.on_screen.extract_if(.., |one| !needs.contains(&one.need)).collect::<Vec<_>>();
        for one in met {
            one.withdraw().await;
        }
        for (rank, need) in needs.iter().enumerate() {
            if self.reminders.is_told(need) {
                continue;
            }
            let Some(note) = note(need, view) else { continue };
            if !self.make_room(&needs, rank).await {
                return;
            }
            match self.show(&note).await {
                Ok(handle) => {
                    self.reminders.tell(need.clone());
                    self.on_screen.push(One { need: need.clone(), note, handle });
                }
                Err(error) => return tracing::debug!(%error, "a notification could not be shown"),
            }
        }
    }

    /// Whether there is room for what has this rank among the needs: the least urgent on the screen gives
    /// way, and comes back when there is room again.
    async fn make_room(&mut self, needs: &[Attention], rank: usize) -> bool {
        if self.on_screen.len() < MOST {
            return true;
        }
        let ranks = self.on_screen.iter().map(|one| needs.iter().position(|need| *need == one.need));
        let Some((last, least)) = ranks.enumerate().max_by_key(|(_, rank)| *rank) else { return true };
        if least < Some(rank) {
            return false;
        }
        let one = self.on_screen.remove(last);
        self.reminders.untell(&one.need);
        one.withdraw().await;
        true
    }

    /// Shows it, and takes it away again where it comes later than is waited for: it is shown anew, or not
    /// needed any more, and nobody else would take it away.
    async fn show(
        &mut self,
        note: &Note,
    ) -> Result<NotificationHandle, Box<dyn std::error::Error + Send + Sync>> {
        let abilities = match self.abilities {
            Some(known) => known,
            None => *self.abilities.insert(timeout(PATIENCE, self.desktop.abilities()).await??),
        };
        let notification = notification(note, abilities);
        let mut showing = tokio::spawn(async move { notification.show_async().await });
        match timeout(PATIENCE, &mut showing).await {
            Ok(shown) => Ok(shown??),
            Err(late) => {
                tokio::spawn(async move {
                    if let Ok(Ok(shown)) = showing.await {
                        shown.close_async().await;
                    }
                });
                Err(late.into())
            }
        }
    }

    async fn hear(&mut self, heard: Heard) {
        match heard {
            Heard::Clicked(id) => self.clicked(id).await,
            Heard::Closed(id) => drop(self.take(id)),
            // They are drawn again by what comes, which may be able to do other things.
            Heard::Came => self.abilities = None,
            Heard::AllGone => {
                self.abilities = None;
                self.on_screen.drain(..).for_each(|one| self.reminders.untell(&one.need));
            }
        }
    }

    async fn clicked(&mut self, id: u32) {
        if self.opened.is_some_and(|opened| opened.elapsed() < BETWEEN_PAGES) {
            return;
        }
        let Some(one) = self.take(id) else { return };
        self.opened = Some(Instant::now());
        let _ = self.wants.send(Want::Show(quietly(&one.note.page)));
        // Some desktops leave a notification where it is after a click.
        one.withdraw().await;
    }

    fn take(&mut self, id: u32) -> Option<One> {
        let at = self.on_screen.iter().position(|one| one.handle.id() == id)?;
        Some(self.on_screen.remove(at))
    }
}

fn notification(note: &Note, abilities: Abilities) -> Notification {
    let mut notification = Notification::new();
    notification
        .appname("MCP Valet")
        .icon("mcp-valet")
        .summary(&note.summary)
        .body(&body(&note.body, abilities.body))
        .hint(Hint::DesktopEntry("mcp-valet-tray".to_owned()))
        .timeout(Timeout::Never);
    if abilities.click == Click::Told {
        notification.action("default", &say!(banner_open));
    }
    notification
}

/// Where the body is read as markup, what is in it is none: it comes from outside.
fn body(text: &str, read: Body) -> String {
    let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= LONGEST).unwrap_or(text.len());
    match read {
        Body::Plain => text[..end].to_owned(),
        Body::Markup => markup::literal(&text[..end]),
    }
}
