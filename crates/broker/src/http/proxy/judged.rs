//! What a body asks for, where the program goes by rules: read whole and strictly, then cleared message by
//! message. Whoever may do everything passes by this.

use super::call::Call;
use super::leave::StandingLeave;
use crate::hand_out::{Doing, NotCleared, Shown};
use crate::valet::catalogs;
use bytes::Bytes;
use consent::call::{Cleared, Ruled};
use consent::permit::Permit;
use http::Method;
use message::deed::{self, Deed, Deeds};
use message::flaw::Flaw;
use message::headers;
use std::sync::Arc;
use wire::Problem;

/// What was judged, and how it came through.
#[derive(Debug)]
pub(super) struct Judged {
    /// The grant that it was judged for.
    pub(super) grant: String,
    pub(super) deeds: Arc<Deeds>,
    pub(super) cleared: Cleared,
}

/// Why nothing was sent.
pub(super) struct Held {
    /// What was read of it; nothing if that could not be.
    pub(super) deeds: Option<Arc<Deeds>>,
    /// Which message it was.
    pub(super) at: usize,
    pub(super) problem: Problem,
}

impl Judged {
    /// Whether somebody was asked, which takes a while.
    pub(super) fn waited(&self) -> bool {
        self.cleared.ruled().any(|ruled| ruled.asked)
    }

    /// Each message, and by which rule it came through.
    pub(super) fn each(&self) -> impl Iterator<Item = (&Deed, Option<&Ruled>)> {
        self.deeds.all.iter().zip(self.cleared.by.iter().map(Option::as_ref))
    }

    /// Whether it was judged for this grant.
    pub(super) fn is_of(&self, shown: Option<&Shown>) -> bool {
        self.grant == grant_of(shown)
    }
}

impl From<Problem> for Held {
    fn from(problem: Problem) -> Self {
        Self { deeds: None, at: 0, problem }
    }
}

impl Call {
    /// Has what is sent cleared for the grant that is shown, unless it was for that one already: what was
    /// cleared as one account is not sent as another. True if somebody was asked, since much may be otherwise
    /// by then.
    pub(super) async fn clear(
        &self,
        leave: &mut StandingLeave,
        permit: &Permit,
        shown: Option<&Shown>,
        content: Option<&Bytes>,
    ) -> Result<bool, Held> {
        let is_judged = leave.judged.as_ref().is_some_and(|judged| judged.is_of(shown));
        if is_judged || permit.rules().is_none() {
            return Ok(false);
        }
        let Some(judged) = Box::pin(self.judge(permit, shown, content)).await? else { return Ok(false) };
        let waited = judged.waited();
        leave.judged = Some(judged);
        Ok(waited)
    }

    /// Clears what is sent, with this grant: `content` is all of it, where that is held. Nothing where there
    /// is nothing to judge.
    async fn judge(
        &self,
        permit: &Permit,
        shown: Option<&Shown>,
        content: Option<&Bytes>,
    ) -> Result<Option<Judged>, Held> {
        if self.method != Method::POST {
            return Ok(None);
        }
        let Some(bytes) = content else {
            return Err(problems::too_long_to_judge(&self.place.meant.name).into());
        };
        if !headers::are_plain(&self.headers) {
            return Err(problems::not_plain(&self.place.meant.name).into());
        }
        let deeds = self.message.deeds(bytes).map_err(|flaw| ambiguous(&self.place.meant.name, flaw))?;
        let agrees = match deeds.all.as_slice() {
            [one] if !deeds.batch => {
                let arguments = one.call().and_then(|call| call.arguments.as_deref());
                headers::agree(&self.headers, one.method.as_deref(), one.subject.as_deref())
                    && headers::tell_arguments(&self.headers, arguments)
            }
            _ => headers::say_nothing(&self.headers) && headers::tell_arguments(&self.headers, None),
        };
        if !agrees {
            return Err(problems::header_mismatch(&self.place.meant.name).into());
        }
        catalogs::read(&self.agent.valet, &self.place.meant.id).await?;
        let key = grant_of(shown);
        let account = shown.and_then(Shown::grant).and_then(|grant| grant.parts.account.as_deref());
        let doing = Doing { deeds: &deeds, grant: key, account, mask: &|| self.mask(shown) };
        match self.ask(&[]).clear(permit, &doing).await {
            Ok(cleared) => Ok(Some(Judged { grant: key.to_owned(), deeds, cleared })),
            Err(NotCleared { at, problem }) => Err(Held { deeds: Some(deeds), at, problem }),
        }
    }
}

/// By what the catalog of tools names it.
pub(super) fn grant_of(shown: Option<&Shown>) -> &str {
    match shown {
        Some(Shown::Keys(_)) => catalogs::KEYS,
        Some(Shown::Grant(grant)) => catalogs::grant_of(Some(grant)),
        None => catalogs::grant_of(None),
    }
}

fn ambiguous(server: &str, flaw: Flaw) -> Problem {
    match flaw {
        Flaw::NoMessage => problems::no_message_to_judge(server),
        Flaw::AlikeKeys => problems::alike_keys(server),
        Flaw::NoId | Flaw::NotificationWithId => problems::id_amiss(server),
        Flaw::BatchSize => problems::batch_too_large(server, deed::MOST),
    }
}
