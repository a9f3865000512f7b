//! Which account a program is to have, where entries of one address are for certain folders: that of the
//! folder that it works in, or the one that the person names. Never another for want of one.

use crate::hand_out::askable::{not_while_locked, somebody_can_be_asked};
use crate::hand_out::caller::Caller;
use crate::hand_out::folder::{Seen, look};
use crate::valet::asker::Asker;
use consent::about::{About, AccountOffered};
use consent::account::{AccountAsked, ByFolder, Candidate, OfRun, choose, would_decide};
use consent::answer::Confirmation;
use consent::subject::{Matter, Subject};
use peer::NoFolder;
use problems::Hidden;
use state::accounts::{Choices, Found};
use state::meant::Meant;
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};
use wire::Problem;

/// The account that a program has, and the folder that led to it.
pub(crate) struct Account {
    pub(crate) meant: Meant,
    pub(crate) folder: Option<Arc<str>>,
}

/// Who wants to know, and until when the person may be asked. Nobody is asked about what is only looked at.
#[derive(Clone, Copy)]
pub(crate) enum For {
    /// A use: the program keeps that account.
    Use(Instant),
    /// A look.
    Look,
}

/// The account that is meant by `server`, a name or an address.
pub(crate) async fn account(agent: &Caller, server: &str, wanted: For) -> Result<Account, Problem> {
    loop {
        let choices = match agent.valet.book().look_for(server)? {
            Found::One(one) => return Ok(Account { meant: Meant::of(one), folder: None }),
            Found::ByFolder(choices) => choices,
        };
        let by_name = choices.named.clone().filter(|_| matches!(wanted, For::Look));
        if let Some(meant) = by_name {
            return Ok(Account { meant, folder: None });
        }
        let choosing = Choosing { agent, choices: &choices };
        match (choosing.chosen(wanted).await?, wanted) {
            (Chosen::This(account), _) => return Ok(account),
            (Chosen::Ask(..), For::Look) => return Err(choosing.several(server)),
            // What was answered is found by the next look.
            (Chosen::Ask(asked), For::Use(deadline)) => choosing.ask(asked, deadline).await?,
        }
    }
}

enum Chosen {
    This(Account),
    Ask(Arc<AccountAsked>),
}

struct Choosing<'a> {
    agent: &'a Caller,
    choices: &'a Choices,
}

impl Choosing<'_> {
    async fn chosen(&self, wanted: For) -> Result<Chosen, Problem> {
        let seen = look(self.agent, self.choices).await;
        let before = self.before();
        let Seen { folder, candidates } = match (seen, &before) {
            (Ok(seen), _) => seen,
            // Wherever it went: it keeps what it has.
            (Err(_), Some(before)) => return self.this(before.clone()).map(Chosen::This),
            (Err(none), None) => return Err(self.hidden(none)),
        };
        let named = self.choices.named.as_ref().map(|named| named.id.as_str());
        let now = choose(named, &candidates, folder.line());
        let id = match (&before, now) {
            (Some(before), ByFolder::This(now)) if before.id != now => {
                return Err(self.changed(before, now, &folder.path()));
            }
            (Some(before), _) => return self.this(before.clone()).map(Chosen::This),
            (None, ByFolder::This(now)) => now.to_owned(),
            (None, ByFolder::Ask(among)) => {
                let asked = Arc::new(self.asked(&folder, &candidates, &among));
                let (who, accounts) = (&asked.who, &self.agent.valet.accounts);
                match accounts.lock().chosen(who, &asked.asked, asked.folder) {
                    None => return Ok(Chosen::Ask(asked)),
                    Some(None) => return Err(self.refused(&asked.path)),
                    Some(Some(id)) if among.contains(&id.as_str()) => id,
                    Some(Some(_)) => return Ok(Chosen::Ask(asked)),
                }
            }
        };
        self.this(self.keep(wanted, OfRun { id, folder: folder.path().into() })).map(Chosen::This)
    }

    /// What this run of the program has already.
    fn before(&self) -> Option<OfRun> {
        let before = self.agent.valet.accounts.lock().of_run(self.agent.peer.process(), &self.choices.asked);
        before.filter(|before| self.choices.with_id(&before.id).is_some())
    }

    fn keep(&self, wanted: For, account: OfRun) -> OfRun {
        match wanted {
            For::Look => account,
            For::Use(_) => {
                let (run, asked) = (self.agent.peer.process(), &self.choices.asked);
                self.agent.valet.accounts.lock().keep(run, asked, account)
            }
        }
    }

    fn this(&self, OfRun { id, folder }: OfRun) -> Result<Account, Problem> {
        let one = self.choices.with_id(&id).ok_or_else(|| problems::unknown_server(self.choices.said()))?;
        Ok(Account { meant: one.meant.clone(), folder: Some(folder) })
    }

    /// What the person is asked, who is shown all of it.
    fn asked(&self, folder: &peer::Folder, all: &[Candidate], among: &[&str]) -> AccountAsked {
        let named = self.choices.named.as_ref().map(|named| named.id.as_str());
        let lasting = folder.path_as_read().and_then(config::as_written);
        let lasting = lasting.filter(|_| would_decide(named, all, folder.line(), among));
        let among = among.iter().filter_map(|id| self.choices.with_id(id));
        AccountAsked {
            who: self.agent.peer.application().clone(),
            asked: self.choices.asked.clone(),
            folder: folder.here(),
            path: folder.path(),
            lasting,
            among: among.map(|one| (one.meant.id.clone(), one.meant.name.clone())).collect(),
        }
    }

    fn about(&self, asked: &AccountAsked) -> About {
        let among = asked.among.iter().filter_map(|(id, _)| self.choices.with_id(id));
        let offered = among.map(|one| AccountOffered {
            server: one.meant.name.clone(),
            account: one.account.clone(),
            unread: one.unread,
            folders: one.folders.clone(),
        });
        About::Account {
            agent: asked.who.name().to_owned(),
            icon: asked.who.icon().map(ToOwned::to_owned),
            executable: asked.who.path().to_owned(),
            by: asked.who.by().map(ToOwned::to_owned),
            host: self.choices.host.clone(),
            folder: asked.path.clone(),
            named: self.choices.named.is_some(),
            lasting: asked.lasting.is_some(),
            accounts: offered.collect(),
        }
    }

    /// Asks the person, together with all of the program that ask the same.
    async fn ask(&self, asked: Arc<AccountAsked>, deadline: Instant) -> Result<(), Problem> {
        let (valet, path) = (&self.agent.valet, asked.path.clone());
        not_while_locked(self.agent)?;
        if !somebody_can_be_asked(valet, deadline).await {
            return Err(problems::account_unclear(self.choices.said(), &self.agent.name(), &path));
        }
        let about = self.about(&asked);
        let matter = Matter::Account(asked);
        let subject = Subject::Matter(matter.clone());
        let _asker = Asker::new(valet, &subject);
        let Some(mut waiting) = valet.questions.ask(matter, about) else {
            return Err(problems::too_many_questions());
        };
        valet.show_soon();
        match timeout_at(deadline, waiting.answer()).await {
            Err(_) => Err(problems::account_asked(self.choices.said(), &self.agent.name(), &path)),
            Ok(Some(Confirmation::No)) => Err(self.refused(&path)),
            // None: the accounts are others by now.
            Ok(Some(Confirmation::Yes) | None) => Ok(()),
        }
    }

    fn several(&self, url: &str) -> Problem {
        let all = self.choices.all.iter();
        problems::ambiguous_server(url, all.map(|one| (one.meant.name.as_str(), one.folders.as_slice())))
    }

    fn refused(&self, folder: &str) -> Problem {
        problems::account_refused(self.choices.said(), &self.agent.name(), folder)
    }

    fn changed(&self, before: &OfRun, now: &str, folder: &str) -> Problem {
        let name = |id: &str| self.choices.with_id(id).map_or("", |one| one.meant.name.as_str());
        problems::folder_changed(&self.agent.name(), name(&before.id), name(now), folder)
    }

    fn hidden(&self, none: NoFolder) -> Problem {
        let hidden = match none {
            NoFolder::Elsewhere => Hidden::Elsewhere,
            NoFolder::Removed => Hidden::Removed,
            NoFolder::Unreadable => Hidden::Unreadable,
        };
        problems::folder_unknown(self.choices.said(), &self.agent.name(), hidden)
    }
}
