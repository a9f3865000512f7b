//! What a sign-in is doing.

use crate::waiting::{OnDevice, Waiting};
use oauth::Issuer;
use wire::{AttemptState, Code, Problem};

/// What a sign-in is doing.
#[derive(Debug, Default)]
pub enum Attempt {
    /// No sign-in is under way.
    #[default]
    None,
    /// Discovery and registration are under way, in the attempt with this number.
    Preparing(u64),
    /// The person has to choose an authorization server.
    ChoosingIssuer(Vec<Issuer>),
    /// The person has to register a client with this redirect URI and configure its ID.
    NeedsClientId {
        /// Where it is registered.
        issuer: String,
        /// Where it comes back to.
        redirect_uri: String,
        /// What the person is told.
        problem: Problem,
    },
    /// The browser has the turn.
    Waiting(Box<Waiting>),
    /// Another device has the turn.
    OnDevice(Box<OnDevice>),
    /// The code came back and is being exchanged, in the attempt with this number.
    Finishing(u64),
    /// It did not succeed.
    Failed(Problem),
}

impl Attempt {
    /// What is left of a sign-in that ended in `problem`. What was locked meanwhile says so itself, and
    /// nothing is wrong with the sign-in.
    pub fn ended_in(problem: Problem) -> Self {
        if problem.code == Code::Locked { Self::None } else { Self::Failed(problem) }
    }

    /// The number of the attempt that is under way.
    pub const fn number(&self) -> Option<u64> {
        match self {
            Self::Preparing(number) | Self::Finishing(number) => Some(*number),
            Self::Waiting(waiting) => Some(waiting.back.number),
            Self::OnDevice(device) => Some(device.number),
            Self::None | Self::ChoosingIssuer(_) | Self::NeedsClientId { .. } | Self::Failed(_) => None,
        }
    }

    /// As the socket has it.
    pub const fn to_wire(&self) -> AttemptState {
        match self {
            Self::None => AttemptState::None,
            Self::Preparing(_) => AttemptState::Preparing,
            Self::ChoosingIssuer(_) => AttemptState::ChoosingIssuer,
            Self::NeedsClientId { .. } => AttemptState::NeedsClientId,
            Self::Waiting(_) | Self::OnDevice(_) | Self::Finishing(_) => AttemptState::Waiting,
            Self::Failed(_) => AttemptState::Failed,
        }
    }

    /// The sign-in that the browser has.
    pub const fn waiting(&self) -> Option<&Waiting> {
        if let Self::Waiting(waiting) = self { Some(waiting) } else { None }
    }

    /// What the tokens will be for, while somebody else has the turn.
    pub fn resource(&self) -> Option<&str> {
        if let Self::OnDevice(device) = self {
            return device.resource.as_deref();
        }
        self.waiting()?.back.parts.resource.as_deref()
    }

    /// What the person types on another device.
    pub fn device(&self) -> Option<&wire::DeviceCode> {
        if let Self::OnDevice(device) = self { Some(&device.code) } else { None }
    }

    /// The authorization servers to choose from.
    pub fn issuers(&self) -> &[Issuer] {
        if let Self::ChoosingIssuer(issuers) = self { issuers } else { &[] }
    }

    /// The problem in which it ended.
    pub const fn problem(&self) -> Option<&Problem> {
        match self {
            Self::NeedsClientId { problem, .. } | Self::Failed(problem) => Some(problem),
            Self::None
            | Self::Preparing(_)
            | Self::ChoosingIssuer(_)
            | Self::Waiting(_)
            | Self::OnDevice(_)
            | Self::Finishing(_) => None,
        }
    }
}
