//! The programs that are servers: started for an application when it uses one, and ended with the leave that
//! they live on.

use crate::valet::Valet;
use crate::valet::view::RunningProgram;
use ground::cause::Cause;
use ground::clock::Clock;
use ground::fingerprint::fingerprint;
use ground::ranked::{Ranked, order};
use local::{Bounds, Fault, Owner, Run, Running};
use peer::{Application, Far, Keeper, Peer};
use state::book::Book;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use wire::{Code, ConsentState, Problem, Reason};

/// Applications that are remembered, at most, beside those that programs run for.
const MOST: usize = 256;

/// All that run, and for whom.
pub(crate) struct Programs {
    pub(crate) running: Running,
    /// The applications by their marks.
    whose: Ranked<HashMap<String, Asker>, { order::LAST }>,
}

/// An application that programs run for.
struct Asker {
    who: Application,
    /// The other place where it is.
    far: Option<Arc<Far>>,
    /// The servers that an answer of the person was seen to stand for, by their IDs. Leave for one session
    /// is none.
    allowed: BTreeSet<String>,
}

impl Programs {
    /// None yet, for the valet of this socket: no other has it while this one runs. What an earlier run left
    /// behind is ended.
    pub(crate) fn start(socket: &Path) -> Self {
        let keeper = local::Keeper::ours(&fingerprint(&[&socket.to_string_lossy()]));
        let running = Running::new(Bounds::default(), keeper, Clock::system());
        let sweeps = running.clone();
        tokio::spawn(async move { sweeps.end_left_behind().await });
        Self { running, whose: Ranked::default() }
    }

    /// Whose the process is that a request goes to.
    pub(crate) fn owner(&self, server_id: &str, peer: &Peer) -> Owner {
        let (who, run) = (peer.application(), peer.process().mark());
        let application = peer.mark();
        let mut whose = self.whose.lock();
        if whose.len() >= MOST {
            let runs: BTreeSet<String> =
                self.running.list().into_iter().map(|run| run.owner.application).collect();
            whose.retain(|mark, _| runs.contains(mark));
        }
        let asker = || Asker { who: who.clone(), far: None, allowed: BTreeSet::new() };
        // It may have come by another way before.
        whose.entry(application.clone()).or_insert_with(asker).far = peer.far().cloned();
        Owner { server: server_id.to_owned(), application, run }
    }

    /// What runs, as the person sees it.
    pub(crate) fn shown(&self, book: &Book) -> Vec<RunningProgram> {
        let names: HashMap<&str, &str> =
            book.servers.values().map(|server| (&*server.id, &*server.name)).collect();
        let whose = self.whose.lock();
        let of = |run: Run| {
            let server = (*names.get(run.owner.server.as_str())?).to_owned();
            let application = whose.get(&run.owner.application).map(|asker| asker.who.name().to_owned());
            Some(RunningProgram { server, application, since: run.since })
        };
        self.running.list().into_iter().filter_map(of).collect()
    }

    /// The processes that keep what runs or is being started, each with the ID of the server.
    fn keepers(&self) -> Vec<(u32, String)> {
        self.running.keepers()
    }

    /// Whether what was seen to stand for an application is taken back by now.
    fn is_taken_back(&self, owner: &Owner, standing: ConsentState) -> bool {
        let mut whose = self.whose.lock();
        let Some(asker) = whose.get_mut(&owner.application) else { return false };
        match standing {
            ConsentState::Allowed => {
                asker.allowed.insert(owner.server.clone());
                false
            }
            ConsentState::Denied => true,
            ConsentState::None | ConsentState::Asked => asker.allowed.remove(&owner.server),
        }
    }

    /// Whether it came from another place, which is led here no more.
    fn has_left(&self, owner: &Owner) -> bool {
        let whose = self.whose.lock();
        let far = whose.get(&owner.application).and_then(|asker| asker.far.as_ref());
        far.is_some_and(|far| !far.stands())
    }

    fn asker(&self, owner: &Owner) -> Option<Application> {
        self.whose.lock().get(&owner.application).map(|asker| asker.who.clone())
    }

    /// Says of a server how many of it run.
    pub(crate) fn count(&self, server_id: &str, shown: &mut wire::Server) {
        if let Some(program) = &mut shown.program {
            let of_it = |run: &Run| run.owner.server == server_id;
            program.running = self.running.list().into_iter().filter(of_it).count();
        }
    }
}

/// The processes that keep what runs, each with its server.
pub(crate) fn keepers(valet: &Valet) -> Vec<Keeper> {
    let keepers = valet.programs.keepers();
    if keepers.is_empty() {
        return Vec::new();
    }
    let book = valet.book();
    let name =
        |id: &str| book.servers.values().find(|server| server.id == id).map(|server| server.name.clone());
    // One that has left the configuration just now is about to end.
    let of = |(pid, server_id): (u32, String)| {
        let server = name(&server_id).unwrap_or_else(|| server_id.clone());
        Keeper { pid, server_id, server }
    };
    keepers.into_iter().map(of).collect()
}

/// Ends what nobody may use any more, and shows what runs.
pub(crate) async fn follow(valet: Arc<Valet>) {
    let (mut changes, mut runs) = (valet.changes(), valet.programs.running.changes());
    loop {
        let is_news = tokio::select! {
            changed = changes.changed() => changed.map(|()| false),
            changed = runs.changed() => changed.map(|()| true),
        };
        match is_news {
            Err(_) => return,
            Ok(true) => valet.publish(),
            Ok(false) => {}
        }
        let unwanted = unwanted(&valet);
        if !unwanted.is_empty() {
            let running = valet.programs.running.clone();
            // All at once, and nobody waits for one that takes its time.
            valet.runtime.spawn(async move { running.stop_owners(&unwanted).await });
        }
    }
}

/// Whose programs run that are not to.
fn unwanted(valet: &Valet) -> Vec<Owner> {
    let owners: Vec<Owner> = valet.programs.running.list().into_iter().map(|run| run.owner).collect();
    owners
        .into_iter()
        .filter(|owner| {
            let has_left = valet.programs.has_left(owner);
            has_left || !may_run(&valet.book(), &owner.server) || is_refused(valet, owner)
        })
        .collect()
}

/// Whether the person has refused the application that it runs for, or taken back what they allowed.
fn is_refused(valet: &Valet, owner: &Owner) -> bool {
    let Some(who) = valet.programs.asker(owner) else { return false };
    let policy = valet.book().config.valet.agents;
    let standing = valet.consents().standing(policy, &who, &owner.server, None, valet.clock.now());
    valet.programs.is_taken_back(owner, standing)
}

/// At suspend and behind a locked screen they stay, and nothing reaches them.
fn may_run(book: &Book, server_id: &str) -> bool {
    let is_locked = book.lock.as_ref().is_some_and(|lock| lock.cause == Cause::Person);
    let server = book.servers.values().find(|server| server.id == server_id);
    !is_locked && server.is_some_and(|server| server.declined().is_none() && server.runs_here())
}

impl Valet {
    /// Ends the programs of a server: what they were told holds no more.
    pub(crate) fn end_programs(&self, server_id: &str) {
        let (running, server) = (self.programs.running.clone(), server_id.to_owned());
        self.runtime.spawn(async move { running.stop(&server).await });
    }
}

/// What an agent is told of a program that does not do its part.
pub(crate) fn problem(server: &str, fault: &Fault) -> Problem {
    let detail = format!("{}: {fault}", plain::named(server));
    Problem::new(Code::Failed, detail, fault.advice()).because(Reason::ProgramFailed)
}
