//! A server as others may see it: everything about it but its secrets.

use crate::{Consent, DeviceCode, Problem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use words::say;

/// One line that sums up grant, attempt, decline and lock.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerState {
    /// A token can be handed out.
    Ready,
    /// The person has to sign in.
    AuthorizationRequired,
    /// A sign-in is open in a browser.
    Waiting,
    /// Several authorization servers are offered; the person has to choose one.
    ChoosingIssuer,
    /// The issuer registers no clients by itself; the person has to configure a `clientId`.
    NeedsClientId,
    /// The person said "not now" for this session.
    Declined,
    /// The issuer ended the grant.
    Lapsed,
    /// The issuer does not know MCP Valet's registration any more, and the token is over.
    RegistrationLost,
    /// The last sign-in did not succeed.
    Failed,
    /// The vault cannot be read.
    Locked,
    /// The vault is being read: that takes a moment.
    Opening,
    /// A key that goes into its headers is not there, or was set for another header.
    KeyRequired,
    /// The server did not take the key the last time.
    KeyRefused,
}

impl ServerState {
    /// The state in the words that a person reads.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Ready => say!(state_ready),
            Self::AuthorizationRequired => say!(state_authorize),
            Self::Waiting => say!(state_waiting),
            Self::ChoosingIssuer => say!(state_choosing),
            Self::NeedsClientId => say!(state_needs_client_id),
            Self::Declined => say!(state_not_now),
            Self::Lapsed | Self::RegistrationLost => say!(state_again),
            Self::Failed => say!(state_failed),
            Self::Locked => say!(state_locked),
            Self::Opening => say!(state_opening),
            Self::KeyRequired => say!(state_key_required),
            Self::KeyRefused => say!(state_key_refused),
        }
    }
}

/// What the valet holds for a server.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantState {
    /// Nothing.
    None,
    /// A grant that is stored in the vault.
    Live,
    /// A grant that works but could not be written to the vault yet.
    Unsaved,
    /// A grant that cannot be renewed any more, since the issuer does not know our client; kept until another
    /// takes its place.
    RegistrationLost,
    /// A grant that the issuer ended.
    Lapsed,
}

/// What a sign-in is doing.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptState {
    /// No sign-in is under way.
    None,
    /// The person has to choose one of several authorization servers.
    ChoosingIssuer,
    /// The person has to configure a client ID.
    NeedsClientId,
    /// Discovery and registration are under way.
    Preparing,
    /// The browser has the turn.
    Waiting,
    /// The last sign-in did not succeed.
    Failed,
}

/// What the person said about the asking agent and this server.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Nothing yet.
    None,
    /// A question is open.
    Asked,
    /// Allowed.
    Allowed,
    /// Not allowed.
    Denied,
}

/// How a server knows the person.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// By tokens, which come of a sign-in or of a grant that needs nobody.
    #[default]
    SignIn,
    /// By keys: static secrets that its provider gave the person.
    Key,
    /// By nothing: it is a program on this machine that takes no key.
    None,
}

/// A key of a server: everything about it but the key itself.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerKey {
    /// Its name in the server's headers.
    pub name: String,
    /// The headers that it goes into.
    pub headers: Vec<String>,
    /// When it was set; nothing where it is not there, or cannot be read now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(as = "Option<String>"))]
    pub set_at: Option<Timestamp>,
    /// The program that brought it; nothing where the person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_by: Option<String>,
}

/// A header that goes with each request to a server, as the configuration has it.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderLine {
    /// Its name.
    pub name: String,
    /// What it says, with the names of keys in their place.
    pub value: String,
}

/// Why a name may be taken for another.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum LookAlike {
    /// It looks like the name of this server.
    Of {
        /// The other server's name.
        server: String,
    },
    /// Its letters are of alphabets that no language mixes.
    MixesAlphabets,
}

impl LookAlike {
    /// In a few words for a person, who sees the name beside.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Of { server } => say!(state_looks_like, server = server),
            Self::MixesAlphabets => say!(state_mixes_alphabets),
        }
    }
}

/// A server that is a program on this machine.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalProgram {
    /// What is started. Only who may use the server is told this, and with what, and where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// What it is started with; `${key}` stands for a key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(as = "Option<Vec<String>>"))]
    pub args: Vec<String>,
    /// The folder that it runs in; the person's own if it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cwd: Option<String>,
    /// How many of it run.
    #[serde(default)]
    pub running: usize,
}

/// A server and its state, as `GET /v1/servers` lists it.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// The name in the configuration.
    pub name: String,
    /// Why its name may be taken for another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_alike: Option<LookAlike>,
    /// The server's URL, as configured; of a program, what is started, for who may use it.
    pub url: String,
    /// The sum of all that follows.
    pub state: ServerState,
    /// What is held.
    pub grant: GrantState,
    /// What a sign-in is doing.
    pub attempt: AttemptState,
    /// The person said "not now" for this session, or "don't ask" for good.
    pub declined: bool,
    /// It was "don't ask": the decline outlives the valet, until the person takes it back.
    #[serde(default)]
    pub declined_for_good: bool,
    /// What the person said about the caller.
    pub consent: ConsentState,
    /// The caller's own consent, if an answer stands; of other agents nothing is told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(as = "Option<Vec<Consent>>"))]
    pub agents: Vec<Consent>,
    /// Who is signed in, in the words of the issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The folders that this account is for, of all with the same address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(as = "Option<Vec<String>>"))]
    pub folders: Vec<String>,
    /// The issuer that the grant comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Our client at the issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The authorization servers to choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(as = "Option<Vec<String>>"))]
    pub issuers: Vec<String>,
    /// The resource that tokens are bound to (RFC 8707).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The same where it is not the server itself: such a token is good elsewhere as well, or only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_resource: Option<String>,
    /// The redirect URI of our client at the issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// What the person types on another device, while a sign-in waits for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceCode>,
    /// The redirect URI to register there with a client of the person's own, where somebody signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_redirect_uri: Option<String>,
    /// The page of the provider on which to register it, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_page: Option<String>,
    /// Scopes that a sign-in asks for.
    #[serde(default)]
    pub scopes_wanted: Vec<String>,
    /// The same, where the person configured them; nothing where the server's own are asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes_configured: Option<Vec<String>>,
    /// Scopes that the issuer gave.
    #[serde(default)]
    pub scopes_granted: Vec<String>,
    /// When the current access token ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(as = "Option<String>"))]
    pub expires_at: Option<Timestamp>,
    /// Whether the valet can renew the token without the person.
    #[serde(default)]
    pub renews: bool,
    /// Whether nobody has to sign in: tokens are asked for when they are needed.
    #[serde(default)]
    pub unattended: bool,
    /// When a token or a session was last handed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(as = "Option<String>"))]
    pub last_used: Option<Timestamp>,
    /// The agent that added the server, where it was not the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_by: Option<String>,
    /// How the server knows the person.
    #[serde(default)]
    pub credential: CredentialKind,
    /// The keys that go into its headers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(as = "Option<Vec<ServerKey>>"))]
    pub keys: Vec<ServerKey>,
    /// What goes with each request to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(as = "Option<Vec<HeaderLine>>"))]
    pub headers: Vec<HeaderLine>,
    /// The program, if it is one on this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<LocalProgram>,
    /// The page of the provider on which its keys are made and ended, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_page: Option<String>,
    /// Whether the server, when it refused a key, said that it has a sign-in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "types", ts(as = "Option<bool>"))]
    pub offers_sign_in: bool,
    /// The last error, with its advice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

impl Server {
    /// The same as whoever may not use it knows it: of a program, that it runs here. What it is started with
    /// is the person's business, and may tell of other things that are.
    #[must_use]
    pub fn from_afar(self) -> Self {
        let Some(LocalProgram { running, .. }) = self.program else { return self };
        let program = Some(LocalProgram { command: None, args: Vec::new(), cwd: None, running });
        Self { url: String::new(), headers: Vec::new(), program, ..self }
    }

    /// The same as programs at another place know it: that it is there, and whether it can be used. What it
    /// is made of, and whose it is, is the business of this desk.
    #[must_use]
    pub fn from_elsewhere(self) -> Self {
        Self {
            look_alike: None,
            url: String::new(),
            grant: GrantState::None,
            attempt: AttemptState::None,
            agents: Vec::new(),
            account: None,
            folders: Vec::new(),
            issuer: None,
            client_id: None,
            issuers: Vec::new(),
            resource: None,
            other_resource: None,
            redirect_uri: None,
            device: None,
            own_redirect_uri: None,
            client_page: None,
            scopes_wanted: Vec::new(),
            scopes_configured: None,
            scopes_granted: Vec::new(),
            expires_at: None,
            renews: false,
            unattended: false,
            last_used: None,
            added_by: None,
            credential: CredentialKind::default(),
            keys: Vec::new(),
            headers: Vec::new(),
            program: None,
            key_page: None,
            offers_sign_in: false,
            problem: self.problem.map(|problem| Problem::new(problem.code, "", "")),
            name: self.name,
            state: self.state,
            declined: self.declined,
            declined_for_good: self.declined_for_good,
            consent: self.consent,
        }
    }
}
