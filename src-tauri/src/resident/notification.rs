//! Notifications: one for each need, at most three on the screen, gone when it is met anywhere.
//!
//! Spoken directly over D-Bus, because a click here is consent. notify-rust takes an `ActionInvoked` from
//! whoever sends it, so any program on the bus could press *Allow once*; zbus hears only the owner of the
//! name. It also listens only after it has shown, on a connection that it keeps to itself, and waits for ever
//! when the daemon is restarted.

use crate::resident::desk::Wish;
use crate::resident::need::{Need, Reminders};
use crate::resident::note::{Effect, Note, note};
use crate::tray::WELL;
use broker::{Person, View};
use futures_util::StreamExt;
use std::collections::{BTreeMap, HashMap};
use tokio::sync::mpsc::UnboundedSender;
use zbus::Connection;
use zbus::zvariant::Value;

/// More at a time would cover the screen.
const MOST: usize = 3;
/// Bytes of a text from outside.
const LONGEST: usize = 400;
const NEVER: i32 = 0;

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Notifications {
    #[allow(clippy::too_many_arguments, reason = "the standard's")]
    fn notify(
        &self,
        application: &str,
        replaces: u32,
        icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expires: i32,
    ) -> zbus::Result<u32>;

    fn close_notification(&self, id: u32) -> zbus::Result<()>;

    #[zbus(signal)]
    fn action_invoked(&self, id: u32, key: String) -> zbus::Result<()>;

    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32) -> zbus::Result<()>;
}

/// Shows what waits for the person, for as long as the valet runs. Where nothing shows notifications, nothing
/// happens.
pub(crate) async fn follow(person: Person, wishes: UnboundedSender<Wish>) {
    if let Err(error) = serve(person, wishes).await {
        tracing::info!(%error, "there are no notifications");
    }
}

async fn serve(person: Person, wishes: UnboundedSender<Wish>) -> zbus::Result<()> {
    let bus = Connection::session().await?;
    let desktop = NotificationsProxy::new(&bus).await?;
    let mut clicks = desktop.receive_action_invoked().await?;
    let mut closings = desktop.receive_notification_closed().await?;
    let mut owners = desktop.inner().receive_owner_changed().await?;
    let mut view = person.view();
    let mut shown =
        Shown { desktop, wishes, person, on_screen: BTreeMap::new(), reminders: Reminders::default() };
    view.mark_changed();
    loop {
        tokio::select! {
            changed = view.changed() => if changed.is_err() { return Ok(()) },
            Some(click) = clicks.next() => {
                let Ok(click) = click.args() else { continue };
                shown.clicked(*click.id(), click.key()).await;
            }
            Some(closing) = closings.next() => {
                let Ok(closing) = closing.args() else { continue };
                shown.closed(*closing.id());
            }
            // What the one before had on the screen is gone with it.
            Some(owner) = owners.next() => if owner.is_some() { shown.start_over() },
        }
        let current = view.borrow_and_update().clone();
        shown.draw(&current).await;
    }
}

struct Shown {
    desktop: NotificationsProxy<'static>,
    person: Person,
    wishes: UnboundedSender<Wish>,
    on_screen: BTreeMap<Need, (u32, Note)>,
    reminders: Reminders,
}

impl Shown {
    async fn draw(&mut self, view: &View) {
        self.reminders.follow(view);
        let needs = self.reminders.needs(view);
        let met: Vec<Need> = self.on_screen.keys().filter(|need| !needs.contains(need)).cloned().collect();
        for (id, _) in met.iter().filter_map(|need| self.on_screen.remove(need)) {
            let _ = self.desktop.close_notification(id).await;
        }
        for need in needs {
            if self.on_screen.len() == MOST {
                return;
            }
            if self.reminders.is_told(&need) {
                continue;
            }
            let Some(note) = note(&need, view) else { continue };
            match self.show(&note).await {
                Ok(id) => {
                    self.reminders.tell(need.clone());
                    self.on_screen.insert(need, (id, note));
                }
                Err(error) => return tracing::debug!(%error, "a notification could not be shown"),
            }
        }
    }

    fn start_over(&mut self) {
        for need in std::mem::take(&mut self.on_screen).into_keys() {
            self.reminders.untell(&need);
        }
    }

    async fn show(&self, note: &Note) -> zbus::Result<u32> {
        let buttons = note.buttons.iter().flat_map(|(key, words, _)| [*key, *words]);
        let actions: Vec<&str> = ["default", "Open"].into_iter().chain(buttons).collect();
        let hints = HashMap::from([
            ("desktop-entry", Value::from("mcp-valet")),
            ("urgency", Value::from(1_u8)),
            ("image-data", picture()),
        ]);
        let body = literally(&note.body);
        self.desktop.notify("MCP Valet", 0, "mcp-valet", &note.summary, &body, &actions, hints, NEVER).await
    }

    async fn clicked(&mut self, id: u32, key: &str) {
        let Some(note) = self.take(id) else { return };
        let effect = note.buttons.into_iter().find(|(button, ..)| *button == key).map(|(.., effect)| effect);
        match effect.unwrap_or(Effect::Do(note.click)) {
            Effect::Answer(question, answer) => drop(self.person.answer(question, answer)),
            Effect::Decline(server) => self.person.decline(&server),
            Effect::PutAway(deed) => self.person.put_away(deed),
            Effect::DeclineForGood(server) => self.person.decline_for_good(&server),
            Effect::Do(action) => drop(self.wishes.send(Wish::Do(action))),
        }
        // Some daemons leave a notification where it is after a click. The answer does not wait for them.
        let _ = self.desktop.close_notification(id).await;
    }

    fn closed(&mut self, id: u32) {
        drop(self.take(id));
    }

    fn take(&mut self, id: u32) -> Option<Note> {
        let need = self.on_screen.iter().find(|(_, (shown, _))| *shown == id)?.0.clone();
        self.on_screen.remove(&need).map(|(_, note)| note)
    }
}

/// Our icon, as the standard wants it; by its name it would be found only where it is installed.
fn picture() -> Value<'static> {
    let (width, height) = (WELL.width().cast_signed(), WELL.height().cast_signed());
    let (bits, channels) = (8, 4);
    Value::from((width, height, width * channels, true, bits, channels, WELL.rgba().to_vec()))
}

/// The body may be read as markup, and what is in it comes from outside.
fn literally(body: &str) -> String {
    let end = body.char_indices().map(|(at, _)| at).find(|at| *at >= LONGEST).unwrap_or(body.len());
    body[..end].replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
