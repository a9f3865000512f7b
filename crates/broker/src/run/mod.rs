//! Starting the valet. Every shell begins here.

mod activated;
pub(crate) mod beginning;
mod instance;
mod quit;
mod which_vault;

pub use instance::{Instance, StartedBy};
pub use quit::Quit;
pub use which_vault::vault_in_words;

use crate::authority::person::Person;
use crate::grants::fleet;
use crate::http::agent::{self, SocketError};
use crate::run::beginning::Beginning;
use crate::valet::forwards::Forwards;
use crate::valet::programs::Programs;
use crate::valet::save;
use crate::valet::shell::Shell;
use crate::valet::view::{Drawn, Surroundings, View};
use crate::valet::{
    Valet, anchor, export, follow, forwards, kept_answers, keys, last_time, moving, passphrase, programs,
    reload, rest,
};
use audit::{Audit, Refusals};
use config::{Config, ConfigError, Watch};
use consent::answers::Consents;
use consent::surfaces::Surfaces;
use files::draft;
use files::paths::Paths;
use ground::clock::Clock;
use ground::memory;
use ground::ranked::Ranked;
use lock::Usage;
use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};
use state::book::Book;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use wire::{Act, Actor};
use words::say;

/// Opens the vault that several machines share: reaching them is not this crate's.
pub type Shares = dyn FnOnce(&config::Etcd, &Paths) -> Result<Arc<dyn vault::Shared>, wire::Problem> + Send;

/// How long the end is put off for answers that are under way.
const LAST_WORDS: Duration = Duration::from_secs(15);

/// A valet that runs for so long has not failed by its start.
const STARTING_TAKES: Duration = Duration::from_mins(1);

/// Why the valet does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another valet of this user runs.
    #[error("{}", say!(start_running))]
    Running,
    /// The person quit it, and it is not they who start it.
    #[error("{}", say!(client_quit))]
    Quit,
    /// The configuration cannot be used, and there is no earlier one to keep.
    #[error(transparent)]
    Configuration(#[from] ConfigError),
    /// The HTTP client that the configuration asks for cannot be made.
    #[error("{}", .0.detail)]
    Network(wire::Problem),
    /// The configuration names a shared vault, and this program has none.
    #[error("{}", say!(fleet_error_headless))]
    Unshared,
    /// The shared vault cannot be used.
    #[error("{}", .0.detail)]
    Shared(wire::Problem),
    /// The socket cannot be made.
    #[error(transparent)]
    Socket(#[from] SocketError),
    /// A file or folder of the valet's own cannot be used.
    #[error("{}", say!(start_file, path = path.display().to_string(), source = .source.to_string()))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A later version wrote a file of the valet's own.
    #[error("{}", say!(start_newer, path = .0.display().to_string()))]
    Newer(PathBuf),
    /// The system refused something else.
    #[error("{}", say!(start_refused, why = .0.to_string()))]
    Io(#[from] io::Error),
}

impl StartError {
    /// A stable name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Quit => "quit",
            Self::Configuration(_) => "configuration",
            Self::Network(_) => "network",
            Self::Unshared | Self::Shared(_) => "vault",
            Self::Socket(_) => "socket",
            Self::Newer(_) => "newer",
            Self::File { .. } | Self::Io(_) => "system",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Running => say!(start_running_advice),
            Self::Quit => say!(client_quit_advice),
            Self::Configuration(error) => error.advice().to_owned(),
            Self::Network(problem) | Self::Shared(problem) => problem.advice.clone(),
            Self::Unshared => say!(fleet_error_headless_advice),
            Self::Socket(error) => error.advice().to_owned(),
            Self::Newer(_) => say!(start_newer_advice),
            Self::File { .. } | Self::Io(_) => {
                say!(start_file_advice)
            }
        }
    }
}

/// The valet as long as it runs. Dropping it closes the socket.
pub struct Running {
    valet: Arc<Valet>,
    stop: Option<oneshot::Sender<()>>,
    agents: Option<JoinHandle<()>>,
    _lock: File,
}

impl Running {
    /// Ends the valet: nothing new begins, and what an issuer is about to answer is stored first.
    pub async fn end(mut self) {
        self.close();
        forwards::end_all(&self.valet);
        self.valet.programs.running.stop_all().await;
        let settled = async {
            let mut changes = self.valet.changes();
            while self.valet.book().is_busy() && changes.changed().await.is_ok() {}
            let pens = self.valet.book().pens();
            for pen in pens {
                drop(pen.lock().await);
            }
            let _ = kept_answers::flush(&self.valet).await;
            self.valet.save();
            let _ = std::fs::remove_file(wire::starts(&self.valet.paths.socket));
            if let Err(error) = anchor::anchor_last(&self.valet).await {
                tracing::warn!(%error, "the newest entries of the audit have no anchor");
            }
        };
        if tokio::time::timeout(LAST_WORDS, settled).await.is_err() {
            let awaited = self.valet.book().awaited().join(", ");
            tracing::warn!(
                awaited,
                "ended while an issuer or the keychain had not answered yet: what they still answer is lost, and such a \
                 server may have to be authorized again"
            );
        }
    }

    fn close(&mut self) {
        self.valet.over.send_replace(true);
        drop(self.stop.take());
        if let Some(agents) = self.agents.take() {
            let _ = agents.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.close();
    }
}

/// Starts the valet and gives the shell the authority of the person. The shell says whether it can ask
/// questions ([`Person::open_surface`], [`Person::without_surface`]); until then, requests wait.
///
/// # Errors
/// The configuration is wrong, or a file, folder or the socket cannot be used.
pub async fn run(instance: Instance, shell: impl Shell) -> Result<(Running, Person), StartError> {
    harden();
    memory::keep_nothing_large();
    let mut instance = instance;
    if instance.by == StartedBy::Program && !shell.asks() {
        instance.make_way();
    }
    let Instance { paths, lock, by, shares } = instance;
    let clock = Clock::system();
    sweep(&paths, clock.now());
    let (file, text) = Config::load(&paths.config)?;
    let records = save::load(&paths.servers()).ok_or_else(|| StartError::Newer(paths.servers()))?;
    let records = if by == StartedBy::Person { records.after_a_start() } else { records };
    if audit::is_newer(&paths.audit()) {
        return Err(StartError::Newer(paths.audit()));
    }
    let begin = Beginning::of(file, &text, &records, by, shell.asks());
    let (waits, config) = (begin.waits(), begin.config);
    let rules = config.valet.rules;
    let http = match reload::http(&config) {
        // What was in use may be gone from the disk, and what takes its place waits.
        Err(_) if waits => reload::http(&Config::default()),
        http => http,
    };
    let http = http.map_err(StartError::Network)?;
    let (vault, notice) = which_vault::open(&config.valet.vault, &paths, &records, shares).await?;
    let audit = Audit::open(&paths.audit(), clock.now())
        .map_err(|source| StartError::File { path: paths.audit(), source })?;
    let watch = watch_config(&paths);
    let socket = agent::bind(&paths.socket)?;
    let surroundings = Surroundings { places: paths.places() };
    let programs = Programs::start(&paths.socket);
    let (book, consents, starts) = (Book::default(), Consents::default(), shell.starts_at_login());
    let view = View::of(Drawn {
        book: &book,
        consents: &consents,
        questions: (Vec::new(), 0),
        vault: &vault,
        programs: &programs,
        forwards: Vec::new(),
        web_clients: Vec::new(),
        surroundings: &surroundings,
        activity: audit.newest(),
        start_at_login: starts,
        icon_shown: None,
    });
    let (unwanted, to_end) = mpsc::unbounded_channel();
    let valet = Arc::new(Valet {
        activity: Usage::new(clock.now()),
        clock,
        shell: Box::new(shell),
        view: watch::Sender::new(view),
        bell: watch::Sender::new(0),
        vault,
        surroundings,
        audit,
        refusals: Refusals::default(),
        questions: consent::question::Questions::default(),
        proposals: consent::proposal::Proposals::default(),
        asking: crate::valet::asking::Asking::default(),
        callbacks: Box::<crate::http::callback::Callbacks>::default(),
        runtime: Handle::current(),
        unwanted,
        used: Notify::new(),
        unwritten: Notify::new(),
        surfaces: watch::Sender::new(Surfaces::Starting),
        reading: tokio::sync::Mutex::default(),
        revoking_all: tokio::sync::Mutex::default(),
        over: watch::Sender::new(false),
        book: Ranked::default(),
        consents: Ranked::new(Consents::default()),
        catalogs: Ranked::default(),
        awaited: Ranked::default(),
        sessions: Ranked::default(),
        accounts: Ranked::default(),
        present: crate::valet::present::Present::default(),
        programs,
        forwards: Forwards::new(crate::http::forward::Door),
        door: crate::valet::door::Door::default(),
        operations: Ranked::default(),
        sign_ins: state::sign_ins::SignIns::default(),
        http: Ranked::new(http),
        keys: oauth::KeyCache::default(),
        record_pen: Ranked::default(),
        unwritten_uses: Ranked::default(),
        last_times: Ranked::default(),
        consent_pen: tokio::sync::Mutex::default(),
        reloading: Ranked::default(),
        answering: Ranked::default(),
        numbers: AtomicU64::new(1),
        unaudited: AtomicU64::new(0),
        paths,
    });
    let raised = begin.honoured;
    if !raised.is_empty() {
        tracing::warn!("the configuration file gives more than at the last start: {}", raised.join("; "));
        valet.note(&audit::entry(valet.clock.now(), Act::ConfigurationRaised, Actor::configuration()));
    }
    valet.consents().set_defaults(rules);
    for (id, uses, answers) in records.of_agents() {
        let mut consents = valet.consents();
        consents.expect_uses(id, uses.clone());
        consents.expect_noted(id, answers.clone());
    }
    valet.consents().deny_again(&records.denied_for_now);
    valet.change(|book| {
        if let Some(cause) = records.locked() {
            book.close(cause);
        }
        book.left.clone_from(&records.left);
        book.refused = records.refused(&config);
        book.ledger.clone_from(&records.ledger);
        book.adopt(config, begin.mark, &records);
        book.raised.clone_from(&raised);
        book.vault_notices.extend(notice);
        book.moved_out_of = records.moved_out_of;
        book.shared_vault.lock = records.fleet_lock;
        book.marks = records.marks.clone();
    });
    export::set(&valet);
    if records.locked().is_none() {
        passphrase::from_systemd(&valet).await;
    }
    fleet::reached(&valet).await;
    let _ = valet.unseal().await;
    if !raised.is_empty() {
        keys::bind_anew(&valet).await;
    }
    if waits {
        reload::reload(&valet);
    }
    reload::move_secrets(&valet).await;
    valet.runtime.spawn(moving::sweep(Arc::clone(&valet)));
    follow::start(&valet);
    valet.runtime.spawn(Arc::clone(&valet).show_uses());
    valet.runtime.spawn(Arc::clone(&valet).write_uses());
    valet.runtime.spawn(rest::follow(Arc::clone(&valet)));
    valet.runtime.spawn(kept_answers::follow(Arc::clone(&valet)));
    valet.runtime.spawn(anchor::keep_anchored(Arc::clone(&valet)));
    valet.runtime.spawn(programs::follow(Arc::clone(&valet)));
    valet.runtime.spawn(forwards::follow(Arc::clone(&valet)));
    valet.runtime.spawn(crate::http::door::follow(Arc::clone(&valet)));
    fleet::start(&valet, to_end);
    valet.runtime.spawn(read_again_when_it_answers(Arc::clone(&valet)));
    if let Some(watch) = watch {
        valet.runtime.spawn(reload::follow(Arc::clone(&valet), watch));
    }
    if by == StartedBy::Program {
        valet.runtime.spawn(proves_well(wire::starts(&valet.paths.socket)));
    }
    let (stop, stopped) = oneshot::channel();
    let agents = agent::serve(Arc::clone(&valet), socket, stopped)?;
    if by == StartedBy::Program {
        valet.runtime.spawn(activated::keep_name());
    }
    // Nobody waits for what the next run is to know.
    let knows = Arc::clone(&valet);
    valet.runtime.spawn_blocking(move || knows.save());
    let running = Running { valet: Arc::clone(&valet), stop: Some(stop), agents: Some(agents), _lock: lock };
    Ok((running, Person::new(valet)))
}

/// After a while it is not the start that a valet ends of.
async fn proves_well(starts: PathBuf) {
    tokio::time::sleep(STARTING_TAKES).await;
    let _ = std::fs::remove_file(starts);
}

/// Clears away what writing left behind where it was cut short. Nobody else writes here while this runs.
fn sweep(paths: &Paths, now: jiff::Timestamp) {
    draft::sweep(&paths.servers(), true, now);
    last_time::sweep(&paths.last_time());
    draft::sweep(&paths.config, true, now);
    if let Ok(target) = draft::end_of_links(&paths.config) {
        draft::sweep(&target, false, now);
    }
}

/// No core dumps, which would hold tokens, and room for many agents at once.
fn harden() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    if setrlimit(Resource::Core, none).is_err()
        || set_dumpable_behavior(DumpableBehavior::NotDumpable).is_err()
    {
        tracing::warn!("core dumps could not be switched off");
    }
    let files = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: files.maximum, maximum: files.maximum });
}

fn watch_config(paths: &Paths) -> Option<Watch> {
    let watch = Watch::new(&paths.config);
    if let Err(error) = &watch {
        tracing::warn!(%error, "edits of the configuration are not noticed while running");
    }
    watch.ok()
}

/// When a dialog of the keychain is answered at last, what is in it is read without anybody asking again.
async fn read_again_when_it_answers(valet: Arc<Valet>) {
    loop {
        valet.vault.answers_again().await;
        let _ = valet.unseal().await;
        valet.publish();
    }
}
