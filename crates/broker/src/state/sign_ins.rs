//! Who began which sign-in, and how many a program may begin.

use crate::base::problems;
use crate::base::ranked::{Locked, Ranked, order};
use crate::state::attempt::Attempt;
use crate::state::server::Server;
use jiff::{SignedDuration, Timestamp};
use oauth::Issuer;
use peer::{By, Room};
use std::collections::{HashMap, VecDeque};
use wire::{Authorization, Problem};

/// How soon a second request counts as the same click. Later it means that the first came to nothing.
const DOUBLE_CLICK: SignedDuration = SignedDuration::from_secs(5);

/// Sign-ins of one program at a time; all that cannot be told from each other are one.
const AT_ONCE: usize = 4;

/// Sign-ins of all programs at a time.
const OF_ALL: usize = 16;

/// Sign-ins that one program may begin in [`A_WHILE`].
const IN_A_WHILE: usize = 60;

/// How often programs may have us registered anew at one issuer, by beginning again and again.
const A_WHILE: SignedDuration = SignedDuration::from_mins(10);

/// The sign-ins that are under way.
#[derive(Debug, Default)]
pub(crate) struct SignIns(Ranked<All, { order::SIGN_INS }>);

#[derive(Debug, Default)]
pub(crate) struct All {
    pub(crate) under_way: Vec<UnderWay>,
    /// What programs began lately, oldest first.
    begun: VecDeque<(Room, Timestamp)>,
    /// The issuers at which a program had us forget our client.
    given_up: HashMap<String, Timestamp>,
}

#[derive(Debug)]
pub(crate) struct UnderWay {
    pub(crate) number: u64,
    by: By,
    at: Timestamp,
}

/// The page that the person opens.
pub(crate) fn page(server: &Server) -> Option<Authorization> {
    match &server.attempt {
        Attempt::Waiting(waiting) => Some(waiting.authorization(&server.name, &server.config.url)),
        Attempt::OnDevice(device) => Some(device.page.clone()),
        Attempt::None
        | Attempt::Preparing(_)
        | Attempt::ChoosingIssuer(_)
        | Attempt::NeedsClientId { .. }
        | Attempt::Finishing(_)
        | Attempt::Failed(_) => None,
    }
}

impl All {
    /// Whether a program may begin a sign-in to this server, or joins the one that it began.
    pub(crate) fn judge(&mut self, server: &Server, by: &By, now: Timestamp) -> Result<Option<u64>, Problem> {
        let number = server.attempt.number();
        let begun = self.under_way.iter().find(|one| Some(one.number) == number);
        match (number, begun) {
            (None, _) => {}
            (Some(number), Some(begun)) if begun.by == *by => {
                let young = now.duration_since(begun.at).abs() < DOUBLE_CLICK;
                let shown = page(server).is_some();
                if young || !shown {
                    return Ok(Some(number));
                }
                // It takes its own place.
                return Ok(None);
            }
            (Some(_), begun) => {
                return Err(problems::sign_in_under_way(&server.name, begun.map(|begun| begun.by.name())));
            }
        }
        self.has_room(by, now).map(|()| None)
    }

    fn has_room(&mut self, by: &By, now: Timestamp) -> Result<(), Problem> {
        let Some(room) = room(by) else { return Ok(()) };
        let of_programs = || self.under_way.iter().filter_map(|one| self::room(&one.by));
        let own = of_programs().filter(|of| *of == room).count();
        if own >= AT_ONCE || of_programs().count() >= OF_ALL {
            return Err(problems::too_many_sign_ins(by.name()));
        }
        self.begun.retain(|(_, at)| now.duration_since(*at).abs() < A_WHILE);
        if self.begun.iter().filter(|(of, _)| *of == room).count() >= IN_A_WHILE {
            return Err(problems::too_many_sign_ins(by.name()));
        }
        Ok(())
    }

    pub(crate) fn begins(&mut self, number: u64, by: &By, now: Timestamp) {
        self.under_way.push(UnderWay { number, by: by.clone(), at: now });
        if let Some(room) = room(by) {
            self.begun.push_back((room, now));
        }
    }
}

fn room(by: &By) -> Option<Room> {
    match by {
        By::Person => None,
        By::Agent(application) => Some(Room::of(application)),
    }
}

impl SignIns {
    pub(crate) fn all(&self) -> Locked<'_, All> {
        self.0.lock()
    }

    /// Whether our client at an issuer is forgotten because a sign-in there came to nothing: the page may
    /// have shown that the issuer does not know it any more. A program that begins again and again has us
    /// register no more often than this.
    pub(crate) fn may_forget(&self, issuer: &Issuer, by: &By, now: Timestamp) -> bool {
        if *by == By::Person {
            return true;
        }
        let given_up = &mut self.all().given_up;
        given_up.retain(|_, at| now.duration_since(*at).abs() < A_WHILE);
        // What was noted first counts, or somebody who does not stop would never be through.
        let known = given_up.contains_key(issuer.as_str());
        if !known {
            given_up.insert(issuer.as_str().to_owned(), now);
        }
        !known
    }
}
