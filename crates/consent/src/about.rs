//! What a question is about, as a surface shows it.

use crate::answer::Choice;
use crate::call::CallWish;
use crate::lasts::Lasts;
use crate::proposed_forward::ForwardedServer;
use config::Setting;
use serde::Serialize;
use wire::{FileChange, Form, LostWay, Moves, Returning};

/// What a question is about.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum About {
    /// May this agent use these servers?
    Use {
        /// The agent's name.
        agent: String,
        /// Its icon: a name in the desktop's theme, or the path of a file.
        icon: Option<String>,
        /// The path of its program.
        executable: String,
        /// By what it is called so, where that is softer than its program file.
        by: Option<String>,
        /// What it wants to use: several servers, where it first used them within a few seconds.
        servers: Vec<Wish>,
        /// The longest time for which an answer can be given.
        longest: Lasts,
        /// What the person chose last for this agent, but nothing that outlives the valet.
        suggested: Choice,
    },
    /// May this agent do this?
    Call {
        /// The agent's name.
        agent: String,
        /// Its icon: a name in the desktop's theme, or the path of a file.
        icon: Option<String>,
        /// The path of its program.
        executable: String,
        /// By what it is called so, where that is softer than its program file.
        by: Option<String>,
        /// What it would do.
        call: CallWish,
        /// How many calls that are the same word for word wait for this answer.
        count: usize,
        /// The longest time for which an answer can hold for all calls of the tool; once, where it cannot.
        longest: Lasts,
    },
    /// Which account is this agent to use, where the folder that it works in does not say?
    Account {
        /// The agent's name.
        agent: String,
        /// Its icon: a name in the desktop's theme, or the path of a file.
        icon: Option<String>,
        /// The path of its program.
        executable: String,
        /// By what it is called so, where that is softer than its program file.
        by: Option<String>,
        /// The host of all of them.
        host: String,
        /// The folder that it works in.
        folder: String,
        /// Whether it asked for the only one by its name.
        named: bool,
        /// Whether the account can be for that folder from now on.
        lasting: bool,
        /// Those that there are to choose.
        accounts: Vec<AccountOffered>,
    },
    /// May a sign-in that an agent began take the place of the one that works?
    Replace {
        /// The agent's name.
        agent: String,
        /// The server's name.
        server: String,
    },
    /// May this agent have a server added whose settings aim its sign-in, or that is a program?
    Add {
        /// The agent's name.
        agent: String,
        /// Its icon: a name in the desktop's theme, or the path of a file.
        icon: Option<String>,
        /// The path of its program.
        executable: String,
        /// By what it is called so, where that is softer than its program file.
        by: Option<String>,
        /// The name that the server would have.
        server: String,
        /// Its whole address; of a program, what is started.
        url: String,
        /// Its host; of a program, the command.
        host: String,
        /// Whether it is a program on this machine.
        runs_here: bool,
        /// All that it says of signing in, or of how it is started.
        settings: Vec<Setting>,
    },
    /// May this agent have a key set for a server?
    Key {
        /// The agent's name.
        agent: String,
        /// Its icon: a name in the desktop's theme, or the path of a file.
        icon: Option<String>,
        /// The path of its program.
        executable: String,
        /// By what it is called so, where that is softer than its program file.
        by: Option<String>,
        /// The server's name.
        server: String,
        /// Its whole address; of a program, what is started.
        url: String,
        /// Its host; of a program, the command.
        host: String,
        /// Whether it is a program on this machine.
        runs_here: bool,
        /// What the server's headers call the key.
        key: String,
        /// The headers, or variables, that it would go into.
        headers: Vec<String>,
        /// Whether it would take the place of the one that is there.
        replaces: bool,
    },
    /// May this agent have files of other programs changed?
    Files {
        /// The agent's name.
        agent: String,
        /// Its icon: a name in the desktop's theme, or the path of a file.
        icon: Option<String>,
        /// The path of its program.
        executable: String,
        /// By what it is called so, where that is softer than its program file.
        by: Option<String>,
        /// Whether what was written before is taken back.
        undo: bool,
        /// What would change.
        files: Vec<FileChange>,
        /// What is moved here with that, secrets and all; null where files are only led here, or back.
        moves: Option<Moves>,
        /// Keys that go back into files, in plain text.
        returns: Vec<Returning>,
        /// What is forgotten of files into which nothing can be put back; none where files are changed.
        lost: Vec<LostWay>,
    },
    /// May this agent have a socket in another place led here?
    Forward {
        /// The agent's name.
        agent: String,
        /// Its icon: a name in the desktop's theme, or the path of a file.
        icon: Option<String>,
        /// The path of its program.
        executable: String,
        /// By what it is called so, where that is softer than its program file.
        by: Option<String>,
        /// The host, as `ssh` is told it.
        host: String,
        /// The servers that could be used from there.
        servers: Vec<ForwardedServer>,
    },
    /// May a sign-in go a way that another issuer uses as well?
    SignIn {
        /// The program that began it; null if it was the person.
        agent: Option<String>,
        /// The server's name.
        server: String,
        /// The host of the issuer that it is at.
        issuer: String,
        /// The other issuer's host, or the server that signs in there.
        other: String,
        /// What they share.
        shared: Shared,
    },
    /// May an edit of the configuration take effect that gives more than before?
    Configuration {
        /// What it would give, each in words.
        raises: Vec<String>,
    },
}

/// What an agent would get of one server.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wish {
    /// The server's name, by which it is answered about.
    pub server: String,
    /// The server's host.
    pub host: String,
    /// Who is signed in there, if that is known.
    pub account: Option<String>,
    /// The folder that the agent works in, where that says which account it is.
    pub folder: Option<String>,
    /// What its tokens are for, where that is not the server itself.
    pub resource: Option<String>,
    /// In which form it would get the credential.
    pub form: Form,
    /// The scopes that it would get; null as long as no sign-in has said which there are.
    pub scopes: Option<Vec<String>>,
    /// The seconds for which a token of this server is good, once it is issued; null if it has no end, or is
    /// not known.
    #[cfg_attr(feature = "types", ts(type = "number | null"))]
    pub lives: Option<i64>,
    /// What it was allowed before, if that was less.
    pub before: Option<Before>,
}

/// An account that the person may choose.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountOffered {
    /// The server's name, by which it is chosen.
    pub server: String,
    /// Who is signed in, if that is known.
    pub account: Option<String>,
    /// Whether that was not read from the vault yet.
    pub unread: bool,
    /// The folders that it is for, as the person wrote them.
    pub folders: Vec<String>,
}

/// What two issuers share.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Shared {
    /// Where the browser comes back to. It belongs to the other.
    RedirectUri {
        /// The redirect URI.
        address: String,
    },
    /// A page that the person is led to. The other has its pages there.
    Page {
        /// Its origin.
        address: String,
    },
}

/// What an agent was allowed before it wanted more.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Before {
    /// The form in which it got the credential.
    pub form: Form,
    /// The scopes that are new.
    pub new_scopes: Vec<String>,
}
