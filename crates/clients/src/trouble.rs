//! Why a file is left as it is.

use import::Format;
use words::say;

/// Why a file is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It could not be read as its program reads it; a phrase that says how.
    Unread(String),
    /// What should hold the entries is something else.
    NoPlace(String),
    /// The key that holds the entries is there twice, and programs differ in which they take.
    Twice(String),
    /// It is written in a way in which nothing can be put between.
    Unusual,
    /// What is to go has something beside that was not read, such as a comment.
    Beside,
    /// It is reached by a link, and this is none that may be followed; where it leads.
    Link(String),
    /// It is the file of another program.
    OfAnother(&'static str),
    /// It belongs to somebody else.
    NotOwn,
    /// It may only be read.
    ReadOnly,
    /// It has another name elsewhere, which would go on with what was there.
    Linked,
    /// It is not what it was when this was planned.
    Changed,
    /// It is being written to already.
    Busy,
    /// It is not there any more.
    Gone,
    /// Its program wrote its own right after it.
    Overwritten,
    /// The system refused.
    Refused(String),
}

impl Trouble {
    /// A word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unread(_) => "unread",
            Self::NoPlace(_) => "no_place",
            Self::Twice(_) => "twice",
            Self::Unusual => "unusual",
            Self::Beside => "beside",
            Self::Link(_) => "link",
            Self::OfAnother(_) => "of_another",
            Self::NotOwn => "not_own",
            Self::ReadOnly => "read_only",
            Self::Linked => "linked",
            Self::Changed => "changed",
            Self::Busy => "busy",
            Self::Gone => "gone",
            Self::Overwritten => "overwritten",
            Self::Refused(_) => "refused",
        }
    }

    /// What is wrong with the file, as the end of a sentence about it. Nothing of what is in it.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Unread(how) => how.clone(),
            Self::NoPlace(key) => say!(setup_no_place, key = key),
            Self::Twice(key) => say!(setup_twice, key = key),
            Self::Unusual => say!(setup_unusual),
            Self::Beside => say!(adopt_beside),
            Self::Link(to) => say!(setup_link, to = to),
            Self::OfAnother(program) => say!(setup_of_another, program = program.to_string()),
            Self::NotOwn => say!(setup_not_own),
            Self::ReadOnly => say!(setup_read_only),
            Self::Linked => say!(setup_linked),
            Self::Changed => say!(setup_changed),
            Self::Busy => say!(setup_busy),
            Self::Gone => say!(setup_gone),
            Self::Overwritten => say!(setup_overwritten),
            Self::Refused(error) => say!(import_unreadable, error = error),
        }
    }

    /// What helps.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Changed | Self::Overwritten => say!(setup_changed_advice),
            Self::Busy => say!(setup_busy_advice),
            Self::ReadOnly | Self::NotOwn | Self::Refused(_) => say!(setup_rights_advice),
            Self::Unread(_)
            | Self::NoPlace(_)
            | Self::Twice(_)
            | Self::Unusual
            | Self::Beside
            | Self::Link(_)
            | Self::OfAnother(_)
            | Self::Linked => say!(setup_paste_advice),
            Self::Gone => say!(setup_forget_advice),
        }
    }

    pub(crate) fn malformed(format: Format) -> Self {
        Self::Unread(say!(import_malformed, form = format.name()))
    }
}
