//! Why an entry stays as it is.

use words::say;

/// Why an entry stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Its program does not use it: it is switched off, or was not approved yet.
    Unused,
    /// It needs the folder of a project.
    Folder,
    /// It has parts that only its program can fill in.
    Variables,
    /// A secret is an argument, which all who use the machine can read.
    Argument,
    /// A secret is a part of its address that has no other place.
    Address,
    /// It is of the older transport, HTTP+SSE.
    Older,
    /// It has the secret of a client that was made by hand, or a client in a file of its own.
    Client,
    /// It has something beside, by these names, that would be missed.
    More(Vec<String>),
    /// What it says is nothing that the valet takes; how.
    Refused(String),
    /// The person wants it to stay.
    Excepted,
    /// Its file has to stay as it is; why.
    File(String),
}

impl Why {
    /// The reason in the words that a person reads.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Unused => say!(adopt_unused),
            Self::Folder => say!(adopt_folder),
            Self::Variables => say!(adopt_variables),
            Self::Argument => say!(adopt_argument),
            Self::Address => say!(adopt_address),
            Self::Older => say!(adopt_older),
            Self::Client => say!(adopt_client),
            Self::More(names) => say!(adopt_more, names = names.join(", ")),
            Self::Refused(problem) => problem.clone(),
            Self::Excepted => say!(adopt_excepted),
            Self::File(trouble) => say!(adopt_file, trouble = trouble),
        }
    }
}
