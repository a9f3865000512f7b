//! Where in an entry a secret is.

use words::say;

/// Where in an entry a secret is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A header of requests.
    Header(String),
    /// A variable of the environment.
    Variable(String),
    /// An argument, by its number.
    Argument(usize),
    /// The address.
    Address,
    /// What is said of the client that was registered by hand.
    Client,
}

impl Place {
    /// The place as a person reads it.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Header(name) => say!(adopt_in_header, name = plain::shown(name)),
            Self::Variable(name) => say!(adopt_in_variable, name = plain::shown(name)),
            Self::Argument(number) => say!(adopt_in_argument, number = number.to_string()),
            Self::Address => say!(adopt_in_address),
            Self::Client => say!(adopt_in_client),
        }
    }

    /// What a key is called after.
    pub(crate) fn called(&self) -> String {
        match self {
            Self::Header(name) | Self::Variable(name) => name.to_ascii_lowercase(),
            Self::Argument(number) => format!("argument-{number}"),
            Self::Address => "address".to_owned(),
            Self::Client => "client".to_owned(),
        }
    }
}
