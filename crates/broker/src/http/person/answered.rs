//! Answers to questions, as the window sends them.

use crate::authority::person::Person;
use crate::http::body::Body;
use crate::http::problem::Refusal;
use axum::extract::Path;
use axum::{Extension, Json};
use consent::answer::Confirmation;
use consent::call::CallAnswer;
use consent::use_answer::UseAnswer;
use serde::{Deserialize, Serialize};

/// An answer: to servers by their names, to what is only agreed to or not, or to a call.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(untagged)]
pub(super) enum Answered {
    Use(UseAnswer),
    Matter(Confirmed),
    Call(CallAnswer),
    Account(ChosenAccount),
}

/// The account that a program is to use in its folder.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub(super) struct ChosenAccount {
    /// The server's name.
    account: String,
    /// For that folder from now on, and not in this run alone.
    #[serde(default)]
    from_now_on: bool,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub(super) struct Confirmed {
    answer: Confirmation,
}

/// Whether what was said was taken; it is not if the question was answered elsewhere before, or what was
/// shown is not so any more.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(super) struct Taken {
    pub(super) taken: bool,
}

/// Answers one.
pub(super) async fn answer(
    Extension(person): Extension<Person>,
    Path(question): Path<u64>,
    Body(answered): Body<Answered>,
) -> Result<Json<Taken>, Refusal> {
    let taken = match answered {
        Answered::Use(answer) => person.answer_use(question, &answer),
        Answered::Matter(Confirmed { answer }) => person.confirm(question, answer),
        Answered::Call(answer) => person.answer_call(question, answer),
        Answered::Account(ChosenAccount { account, from_now_on }) => {
            person.choose_account(question, &account, from_now_on)?
        }
    };
    Ok(Json(Taken { taken }))
}
