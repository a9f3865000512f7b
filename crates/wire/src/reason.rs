//! Why a request was refused, or a problem arose: finer than the code, and worded by each shell for itself.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The finer cause of a problem. The names are known to programs: none is ever given to
/// another cause. `docs/socket.md` has them by code.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    // Reaching somebody.
    /// The MCP server cannot be reached.
    ServerUnreachable,
    /// The MCP server did not answer in time.
    ServerSlow,
    /// The MCP server is out of order or overloaded.
    ServerUnavailable,
    /// The authorization server cannot be reached.
    IssuerUnreachable,
    /// The authorization server did not answer in time, or has not confirmed a sign-in yet.
    IssuerSlow,
    /// The authorization server was asked for a token, and no answer came.
    IssuerUnanswered,
    /// The authorization server is out of order or overloaded.
    IssuerUnavailable,
    /// A certificate is not trusted.
    CertificateRefused,
    /// A server elsewhere names a private address.
    AddressRefused,
    /// An endpoint is plain http.
    InsecureEndpoint,
    /// An address cannot be used.
    UrlInvalid,
    /// Somebody redirects to where no redirect is followed.
    RedirectRefused,
    /// An event stream names an endpoint that is not at the server's own origin.
    EndpointElsewhere,
    /// The HTTP proxy of the network wants a password.
    ProxyRefused,
    /// The network may want a sign-in of its own: a page came where the server's answer should.
    NetworkSignIn,
    // What was answered.
    /// An answer is too long.
    AnswerTooLarge,
    /// An answer is not as the protocol has it.
    AnswerInvalid,
    /// An answer is not JSON.
    NotJson,
    /// An answer ended before it was complete.
    AnswerBrokeOff,
    /// An answer has an unexpected status.
    UnexpectedStatus,
    /// The server refuses this request (403), whatever token comes with it.
    Forbidden,
    /// The server asked for another sign-in again and again, for one operation.
    AuthorizationLimit,
    /// The token was refused, and the request is too long to be sent again.
    TooLongToRepeat,
    // Discovery.
    /// The server's metadata is that of another resource (RFC 9728 §3.3).
    ResourceMismatch,
    /// The metadata is that of another issuer (RFC 8414 §3.3).
    IssuerMismatch,
    /// An issuer has no usable metadata.
    MetadataMissing,
    /// An issuer does not say that it supports PKCE with S256.
    NoPkce,
    /// An issuer offers no sign-in by a browser.
    NoBrowserSignIn,
    /// An issuer offers no sign-in on another device.
    NoDeviceSignIn,
    /// The server asks for no sign-in, or for none of a person.
    NoSignInNeeded,
    /// The scopes to sign in for must be configured.
    ScopesNeeded,
    /// An issuer wants authorization requests to be pushed, and does not say where (RFC 9126).
    PushedRequestsRequired,
    /// The server lets the person choose where to sign in.
    ChoosingIssuer,
    /// The server signs in elsewhere than its client was made for.
    IssuerChanged,
    // Our client at an issuer.
    /// The issuer registers no clients by itself.
    RegistrationMissing,
    /// The issuer refused to register our client.
    RegistrationRefused,
    /// The issuer refused the redirect URI.
    RedirectUriRefused,
    /// The redirect URI belongs to another issuer.
    RedirectUriShared,
    /// The client metadata document cannot be used.
    ClientDocumentInvalid,
    /// The issuer does not accept our client.
    InvalidClient,
    /// A parameter is set by the sign-in itself.
    ParameterReserved,
    /// A setting cannot be used.
    SettingInvalid,
    // Signing in.
    /// The person, or the issuer, refused the sign-in.
    AccessDenied,
    /// The code was not typed in on the other device in time.
    DeviceExpired,
    /// The browser came back with an answer that belongs to no sign-in.
    StateUnknown,
    /// The sign-in took too long.
    AttemptExpired,
    /// The browser came back with an answer of another issuer (RFC 9207).
    CallbackIssuerMismatch,
    /// The browser came back with an error that does not say whose it is.
    SignInFailed,
    /// The issuer answered with an error of its own.
    ProviderError,
    /// The issuer would not have `resource` (RFC 8707).
    ResourceRefused,
    /// The sign-in leads to pages of another issuer.
    PageShared,
    /// A sign-in is open in a browser.
    SignInOpen,
    /// Something came back to a sign-in that is still waited for, and was not taken.
    CallbackRefused,
    /// Nobody has come back from the page of a sign-in for a minute: it may have shown an error.
    NotBackYet,
    /// A sign-in that somebody else began is under way.
    SignInUnderWay,
    /// A sign-in made room for another program's.
    MadeRoom,
    /// Something else was done with the server meanwhile.
    Overtaken,
    /// The valet was locked while the sign-in waited.
    LockedMeanwhile,
    /// The new sign-in was not put in the place of the one that is there.
    ReplacementRefused,
    /// Another program listens at the port of the redirect URI.
    PortInUse,
    /// The valet cannot listen where the browser comes back.
    CannotListen,
    /// The certificate of `oauth.tls`, or its key, cannot be read.
    CertificateUnreadable,
    /// The certificate of `oauth.tls` and its key cannot be used.
    CertificateUnusable,
    /// The SOURCE of a grant gave nothing.
    SourceUnreadable,
    // Tokens, and the grants that they come from.
    /// The issuer says that the grant is over.
    InvalidGrant,
    /// The token is of another type than it should be.
    TokenType,
    /// The token did not stand its check.
    TokenWrong,
    /// Nobody but the server can check the token.
    TokenUnverifiable,
    /// The token is for another server of the person's.
    TokenForAnother,
    /// The token has characters that no header can carry.
    TokenInvalid,
    /// What the vault holds of a grant is damaged.
    GrantDamaged,
    /// The token is over, and the issuer gave no way to renew it.
    NotRenewable,
    /// The sign-in, or what is configured, covers less than is asked for.
    InsufficientScope,
    /// A key that goes into the server's headers is not there.
    KeyMissing,
    /// The key was set for another header, or another server.
    KeyBoundElsewhere,
    /// The server does not take the key.
    KeyRefused,
    /// The server has several keys, which go through the valet alone.
    SeveralKeys,
    /// The server is a program on this machine: nobody signs in to it, and it has no token.
    RunsHere,
    /// The program that the server is does not run as it should.
    ProgramFailed,
    /// There is no key of this name in the server's headers.
    NoSuchKey,
    /// The text cannot be a key.
    KeyInvalid,
    /// The server takes a key, and there is nobody to sign in.
    TakesKeys,
    /// The server no longer takes the sign-in.
    RefusedByServer,
    /// The token lives longer than a day, so that it is used in the proxy alone.
    LastingToken,
    /// The token works with a key that never leaves the valet.
    BoundToAKey,
    /// The person lets the program use the server through the valet alone.
    KeptToTheProxy,
    /// The program has no such session with the server.
    UnknownSession,
    // What the person said.
    /// The person does not want to be asked to sign in to the server.
    DeclinedForGood,
    /// New programs get nothing, and nobody is asked.
    AgentsDenied,
    /// The person is asked whether to add a server.
    Proposed,
    /// The person would have to be asked, and nobody can be.
    NobodyToAsk,
    /// The rules for the program do not let it do this.
    AgainstTheRules,
    /// The person did not allow this call.
    CallRefused,
    /// The person is asked about this call.
    CallAsked,
    /// A rule needs to know what is asked for, and that is too long to be read or shown.
    TooLongToJudge,
    /// A server could read the message otherwise than it was judged.
    Ambiguous,
    /// The headers say something else than the body.
    HeaderMismatch,
    /// Another message of the same batch was held.
    BatchHeld,
    /// Accounts go by the folder that the program works in, and nobody can tell which that is.
    FolderUnknown,
    /// The program works in another folder by now, which is for another account.
    FolderChanged,
    /// The person is asked which account the program is to use in its folder.
    AccountAsked,
    /// The person let the program use no account in its folder.
    AccountRefused,
    /// The person does not want the server to be added so.
    ProposalRefused,
    /// A question cannot show all that the server brings.
    ProposalTooLong,
    // Adding a server, and the configuration.
    /// The server is there with other settings.
    ThereAlready,
    /// The name looks like another's.
    LooksAlike,
    /// The name mixes alphabets.
    MixesAlphabets,
    /// The name is more than letters and digits.
    NameNotSimple,
    /// The configuration file cannot be used.
    Configuration,
    /// An edit of the configuration file waits for the person.
    ConfigurationWaits,
    /// The desktop did not take the setting about starting at login.
    StartAtLogin,
    /// The demo provider did not start.
    DemoNotStarted,
    // Too much at a time.
    /// A program has too many connections open.
    TooManyConnections,
    /// A program hears events in too many places.
    TooManyListeners,
    /// Programs have added too many servers that nobody uses.
    TooManyServers,
    /// Too many sign-ins wait.
    TooManySignIns,
    // The vault, and the lock.
    /// The keychain is locked.
    KeychainLocked,
    /// No keychain is running.
    KeychainAbsent,
    /// The keychain does not answer.
    KeychainSlow,
    /// The keychain has no keyring to put things in.
    KeychainWithoutCollection,
    /// The keychain does not work.
    KeychainBroken,
    /// The keychain is another one than before, or was emptied.
    KeychainOther,
    /// The encrypted file is to be made, and has no passphrase yet.
    PassphraseUnset,
    /// The encrypted file waits for its passphrase.
    PassphraseNeeded,
    /// The passphrase is another one.
    PassphraseWrong,
    /// The new passphrase is too easy to guess.
    PassphraseShort,
    /// Another passphrase is being tried.
    PassphraseBusy,
    /// The encrypted file is damaged.
    VaultFileDamaged,
    /// The encrypted file is gone.
    VaultFileGone,
    /// The encrypted file is another one than before.
    VaultFileOther,
    /// The encrypted file cannot be read or written.
    VaultFileRefused,
    /// A later version wrote what is kept.
    VaultNewer,
    // A vault that several machines share.
    /// The engine that keeps the shared vault cannot be reached.
    EngineUnreachable,
    /// The engine has lost its quorum.
    EngineWithoutQuorum,
    /// The engine does not let this machine do it.
    EngineRefused,
    /// The engine has no room.
    EngineFull,
    /// What the engine has was not written so by a member.
    FleetTampered,
    /// This machine is no member of the fleet.
    FleetUnjoined,
    /// Another machine changed the same meanwhile.
    FleetOvertaken,
    /// A refresh was interrupted on a machine that fell silent.
    RefreshInterrupted,
    // The lock.
    /// The valet was locked with the screen.
    LockedByScreen,
    /// The valet was locked when the computer went to sleep.
    LockedBySleep,
    /// The valet was locked because nobody used it.
    LockedByIdle,
    /// The valet was locked by hand.
    LockedByPerson,
}

impl fmt::Display for Reason {
    /// Its name on the socket.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// A reason that is read: a newer valet may have one that this version does not know. Only [`Reason`]s are
/// sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AnyReason {
    /// One that this version knows.
    Known(Reason),
    /// The name of another.
    Unknown(String),
}

impl From<Reason> for AnyReason {
    fn from(reason: Reason) -> Self {
        Self::Known(reason)
    }
}

impl fmt::Display for AnyReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(reason) => reason.fmt(f),
            Self::Unknown(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, Problem};

    #[test]
    fn a_reason_is_read_back_as_it_was_sent() {
        let problem = Problem::new(Code::Failed, "", "").because(Reason::NoPkce);
        let sent = serde_json::to_string(&problem).unwrap();
        assert!(sent.contains(r#""reason":"no_pkce""#), "{sent}");
        assert_eq!(serde_json::from_str::<Problem>(&sent).unwrap().reason(), Some(Reason::NoPkce));
        assert_eq!(Reason::KeychainWithoutCollection.to_string(), "keychain_without_collection");
    }

    #[test]
    fn a_reason_of_another_version_stays_as_it_is() {
        let problem = r#"{"code":"failed","detail":"","advice":"","reason":"moon_phase"}"#;
        let problem: Problem = serde_json::from_str(problem).unwrap();
        assert_eq!(
            (problem.reason(), problem.reason.as_ref().unwrap().to_string()),
            (None, "moon_phase".into())
        );
        assert!(serde_json::to_string(&problem).unwrap().contains(r#""reason":"moon_phase""#));
    }
}
