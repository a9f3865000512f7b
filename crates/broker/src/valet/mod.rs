//! The valet itself: what all the broker's parts share.

pub(crate) mod again;
pub(crate) mod anchor;
pub(crate) mod asker;
pub(crate) mod asking;
pub(crate) mod backup;
pub(crate) mod catalogs;
pub(crate) mod come_back;
pub(crate) mod deeds;
pub(crate) mod door;
pub(crate) mod export;
pub(crate) mod fleet_lock;
pub(crate) mod follow;
pub(crate) mod forwards;
pub(crate) mod idle;
pub(crate) mod in_use;
pub(crate) mod keep;
pub(crate) mod kept_answers;
pub(crate) mod keys;
pub(crate) mod last_time;
pub(crate) mod moving;
mod opening;
pub(crate) mod passphrase;
mod pause;
pub(crate) mod present;
pub(crate) mod programs;
pub(crate) mod read_audit;
mod reading;
pub(crate) mod reload;
pub(crate) mod rest;
pub(crate) mod save;
pub(crate) mod shell;
pub(crate) mod view;
pub(crate) mod web_clients;

use crate::valet::asking::Asking;
use crate::valet::catalogs::Catalogs;
use crate::valet::come_back::ComeBack;
use crate::valet::door::Door;
use crate::valet::forwards::Forwards;
use crate::valet::present::Present;
use crate::valet::programs::Programs;
use crate::valet::shell::Shell;
use crate::valet::view::{Drawn, Surroundings, View};
use audit::{Audit, Refusals};
use consent::account::Accounts;
use consent::answers::Consents;
use consent::awaited::Awaited;
use consent::operation::Operations;
use consent::proposal::Proposals;
use consent::question::Questions;
use consent::session::Sessions;
use consent::surfaces::Surfaces;
use files::paths::Paths;
use ground::clock::Clock;
use ground::ranked::{Hold, Locked, Ranked, order};
use ledger::Taking;
use lock::Usage;
use oauth::{Http, KeyCache};
use state::book::Book;
use state::item::Grant;
use state::kept::Carried;
use state::last_time::Lists;
use state::not_now::Declined;
use state::print::Print;
use state::server::Server;
use state::sign_ins::SignIns;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc, watch};
use vault::Vault;
use wire::AuditEntry;
use words::say;

/// The least time between two pictures that differ only in when something was last used.
const BREATH: Duration = Duration::from_millis(250);

/// How long uses may be in memory alone.
const UNWRITTEN: Duration = Duration::from_secs(3);

/// One user's valet. Its locks are held for short sections and never across a wait, and taken in the order of
/// [`order`]; the pens of the servers come before all of them, and the audit's and the vault's after.
pub(crate) struct Valet {
    pub(crate) clock: Clock,
    pub(crate) shell: Box<dyn Shell>,
    pub(crate) paths: Paths,
    pub(crate) vault: Vault,
    pub(crate) surroundings: Surroundings,
    pub(crate) audit: Audit,
    pub(crate) refusals: Refusals,
    pub(crate) questions: Questions,
    pub(crate) proposals: Proposals,
    pub(crate) activity: Usage,
    pub(crate) callbacks: Box<dyn ComeBack>,
    pub(crate) asking: Asking,
    /// Where work goes on that must outlive the caller that began it.
    pub(crate) runtime: Handle,
    /// Grants that another machine's took the place of, on their way to be ended at their issuers.
    pub(crate) unwanted: mpsc::UnboundedSender<(String, Arc<Grant>)>,
    /// Wakes the task that shows the person what was used; see [`Valet::show_uses`].
    pub(crate) used: Notify,
    /// Wakes the task that writes it down; see [`Valet::write_uses`].
    pub(crate) unwritten: Notify,
    pub(crate) surfaces: watch::Sender<Surfaces>,
    pub(crate) view: watch::Sender<View>,
    /// Rings after every change: see [`Valet::changes`].
    pub(crate) bell: watch::Sender<u64>,
    pub(crate) reading: tokio::sync::Mutex<()>,
    pub(crate) revoking_all: tokio::sync::Mutex<()>,
    /// Turns true when the valet ends.
    pub(crate) over: watch::Sender<bool>,
    pub(crate) book: Ranked<Book, { order::BOOK }>,
    pub(crate) consents: Ranked<Consents, { order::CONSENTS }>,
    pub(crate) catalogs: Ranked<Catalogs, { order::LAST }>,
    pub(crate) awaited: Ranked<Awaited, { order::LAST }>,
    pub(crate) sessions: Ranked<Sessions<Carried>, { order::LAST }>,
    pub(crate) accounts: Ranked<Accounts, { order::LAST }>,
    pub(crate) present: Present,
    pub(crate) programs: Programs,
    pub(crate) forwards: Forwards,
    pub(crate) door: Door,
    pub(crate) operations: Ranked<Operations, { order::LAST }>,
    pub(crate) sign_ins: SignIns,
    pub(crate) http: Ranked<Http, { order::LAST }>,
    /// The keys by which tokens are checked.
    pub(crate) keys: KeyCache,
    /// What was written down last.
    pub(crate) record_pen: Ranked<Print, { order::RECORD_PEN }>,
    /// Servers that were used since that was written down: names by their ids.
    pub(crate) unwritten_uses: Ranked<HashMap<String, String>, { order::LAST }>,
    /// Lists of tools on their way into what servers said the last time.
    pub(crate) last_times: Ranked<Lists, { order::LAST_TIMES }>,
    pub(crate) consent_pen: tokio::sync::Mutex<()>,
    pub(crate) reloading: Ranked<(), { order::RELOADING }>,
    pub(crate) answering: Ranked<(), { order::ANSWERING }>,
    pub(crate) numbers: AtomicU64,
    /// How many entries the audit did not take since it last took one.
    pub(crate) unaudited: AtomicU64,
}

impl Valet {
    /// Looks at the servers.
    pub(crate) fn book(&self) -> Locked<'_, Book> {
        self.book.lock()
    }

    /// From whom a sign-in may take something for a server of the person's own file: from programs, where it
    /// is known that nobody can be asked.
    pub(crate) fn taking(&self) -> Taking {
        match *self.surfaces.borrow() {
            Surfaces::Open(0) => Taking::FromPrograms,
            Surfaces::Open(_) | Surfaces::Starting => Taking::FromNobody,
        }
    }

    /// Changes the servers, and lets everybody see it.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Book) -> T) -> T {
        let changed = {
            let mut book = self.book();
            let changed = change(&mut book);
            self.settle(&mut book);
            changed
        };
        self.publish();
        changed
    }

    /// Sees to what holds after each change.
    fn settle(&self, book: &mut Book) {
        tracing::debug!(servers = book.servers.len(), "all servers are gone through");
        book.stay_closed();
        book.relate();
        if book.has_newcomers() {
            book.compare_names();
            let here = book.servers.values();
            let here = here.map(|server| (server.id.as_str(), &server.thing, server.added.is_some()));
            self.consents().meet(here);
        }
    }

    /// As [`Valet::change`] for one server, which costs no more where there are many. `None` if it is gone.
    pub(crate) fn change_one<T>(&self, name: &str, change: impl FnOnce(&mut Server) -> T) -> Option<T> {
        let changed = self.turn(name, change);
        if changed.is_some() {
            self.publish();
        }
        changed
    }

    /// The same, and writes down what should outlive this run before anybody sees it.
    pub(crate) fn change_server<T>(&self, name: &str, change: impl FnOnce(&mut Server) -> T) -> Option<T> {
        let changed = self.turn(name, change);
        if changed.is_some() {
            self.save_one(name);
            self.publish();
        }
        changed
    }

    fn turn<T>(&self, name: &str, change: impl FnOnce(&mut Server) -> T) -> Option<T> {
        let mut book = self.book();
        let (changed, concerns_others) = book.change_server(name, change)?;
        if concerns_others {
            self.settle(&mut book);
        }
        Some(changed)
    }

    pub(crate) fn consents(&self) -> Locked<'_, Consents> {
        self.consents.lock()
    }

    pub(crate) fn sessions(&self) -> Locked<'_, Sessions<Carried>> {
        self.sessions.lock()
    }

    pub(crate) fn operations(&self) -> Locked<'_, Operations> {
        self.operations.lock()
    }

    pub(crate) fn http(&self) -> Http {
        self.http.lock().clone()
    }

    /// A number that was not given before.
    pub(crate) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Draws the view anew for every surface, and wakes whoever waits for a change.
    pub(crate) fn publish(&self) {
        // Where nobody looks there is nothing to draw; whoever begins to has it drawn then.
        if self.view.receiver_count() > 0 {
            self.draw();
        }
        self.bell.send_modify(|rung| *rung += 1);
    }

    /// Draws the view as everything is now.
    pub(crate) fn draw(&self) {
        // Drawn while nobody else can publish, so that an older picture is never the last.
        self.view.send_modify(|view| {
            let _drawing = Hold::take(order::VIEW);
            let (book, consents) = (self.book(), self.consents());
            *view = View::of(Drawn {
                book: &book,
                consents: &consents,
                questions: self.questions.list(|who| consents.suggested(who)),
                vault: &self.vault,
                programs: &self.programs,
                forwards: self.forwards.shown(&book),
                web_clients: self.door.shown(),
                surroundings: &self.surroundings,
                activity: self.audit.newest(),
                start_at_login: view.start_at_login,
                icon_shown: view.icon_shown,
            });
            view.notices.extend(self.unaudited_notice());
        });
    }

    /// Rings after every change of anything, once a surface can show it.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    /// Shows whether the valet starts at login, as the shell says.
    pub(crate) fn show_start_at_login(&self) {
        let starts = self.shell.starts_at_login();
        self.view.send_modify(|view| view.start_at_login = starts);
    }

    /// Shows whether the desktop shows the shell's icon.
    pub(crate) fn show_icon_shown(&self, shown: bool) {
        self.view.send_modify(|view| view.icon_shown = Some(shown));
    }

    /// Has the view drawn anew soon: at once, unless it just was. Costs the caller next to nothing.
    pub(crate) fn show_soon(&self) {
        self.used.notify_one();
    }

    /// Shows uses and questions soon after they happen: many at once are shown as one.
    pub(crate) async fn show_uses(self: Arc<Self>) {
        loop {
            self.used.notified().await;
            self.publish();
            self.unwritten.notify_one();
            tokio::time::sleep(BREATH).await;
        }
    }

    /// Writes down what was used, some time after it was: many uses are written as one, and lost at worst
    /// with the valet.
    pub(crate) async fn write_uses(self: Arc<Self>) {
        loop {
            self.unwritten.notified().await;
            tokio::time::sleep(UNWRITTEN).await;
            let valet = Arc::clone(&self);
            let _ = tokio::task::spawn_blocking(move || valet.save_uses()).await;
        }
    }

    /// Writes an entry that is not tied to a hand-out; trouble is logged, since what it tells of lowers and
    /// goes on.
    pub(crate) fn note(&self, entry: &AuditEntry) {
        match self.audit.write(entry) {
            Ok(_) => self.unaudited.store(0, Ordering::Relaxed),
            Err(error) => {
                tracing::error!(%error, "the audit could not be written");
                self.unaudited.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.used.notify_one();
    }

    /// What the person reads as long as something was done that the audit does not tell of.
    pub(crate) fn unaudited_notice(&self) -> Option<String> {
        let missing = self.unaudited.load(Ordering::Relaxed);
        (missing > 0).then(|| say!(notice_audit_unwritten, missing = missing))
    }

    /// The valet is used now, which the person sees soon.
    pub(crate) fn is_used(&self) {
        self.activity.touch(self.clock.now());
        self.show_soon();
    }

    /// Nobody is asked to sign in to this server any more, and a sign-in that waits is not waited for. What
    /// the person said for good is not made less by an agent's "not now".
    pub(crate) fn decline(&self, name: &str, declined: Declined) {
        self.change(|book| {
            let Some(server) = book.servers.get_mut(name) else { return };
            server.not_now.say(declined);
            server.wish.hush();
            book.give_up(name);
            book.spare_none_beside(name);
        });
        self.save_one(name);
    }

    /// A sign-in to this server is not waited for any more. What works already goes on.
    pub(crate) fn give_up(&self, name: &str) {
        self.change(|book| book.give_up(name));
    }

    /// The person may be asked to sign in to this server again.
    pub(crate) fn undecline(&self, name: &str) {
        self.change(|book| book.spare(name));
        self.save();
    }
}
