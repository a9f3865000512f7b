//! Which reasons pass by themselves.

use crate::Reason;

impl Reason {
    /// Whether what stopped a sign-in for this reason says nothing about now: somebody was out of reach then,
    /// or did not want us. Each reason is here by name, so that none is forgotten.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        match self {
            Self::ServerUnreachable
            | Self::ServerSlow
            | Self::ServerUnavailable
            | Self::IssuerUnreachable
            | Self::IssuerSlow
            | Self::IssuerUnavailable
            | Self::CertificateRefused
            | Self::ProxyRefused
            | Self::MetadataMissing
            | Self::RegistrationRefused => true,
            Self::FolderUnknown
            | Self::FolderChanged
            | Self::AccountAsked
            | Self::AccountRefused
            | Self::IssuerUnanswered
            | Self::AddressRefused
            | Self::InsecureEndpoint
            | Self::UrlInvalid
            | Self::RedirectRefused
            | Self::EndpointElsewhere
            | Self::NetworkSignIn
            | Self::AnswerTooLarge
            | Self::AnswerInvalid
            | Self::NotJson
            | Self::AnswerBrokeOff
            | Self::UnexpectedStatus
            | Self::Forbidden
            | Self::AuthorizationLimit
            | Self::TooLongToRepeat
            | Self::ResourceMismatch
            | Self::IssuerMismatch
            | Self::NoPkce
            | Self::NoBrowserSignIn
            | Self::NoDeviceSignIn
            | Self::NoSignInNeeded
            | Self::ScopesNeeded
            | Self::PushedRequestsRequired
            | Self::ChoosingIssuer
            | Self::IssuerChanged
            | Self::RegistrationMissing
            | Self::RedirectUriRefused
            | Self::RedirectUriShared
            | Self::ClientDocumentInvalid
            | Self::InvalidClient
            | Self::ParameterReserved
            | Self::SettingInvalid
            | Self::AccessDenied
            | Self::DeviceExpired
            | Self::StateUnknown
            | Self::AttemptExpired
            | Self::CallbackIssuerMismatch
            | Self::SignInFailed
            | Self::ProviderError
            | Self::ResourceRefused
            | Self::PageShared
            | Self::SignInOpen
            | Self::CallbackRefused
            | Self::NotBackYet
            | Self::SignInUnderWay
            | Self::MadeRoom
            | Self::Overtaken
            | Self::LockedMeanwhile
            | Self::ReplacementRefused
            | Self::PortInUse
            | Self::CannotListen
            | Self::CertificateUnreadable
            | Self::CertificateUnusable
            | Self::SourceUnreadable
            | Self::InvalidGrant
            | Self::TokenType
            | Self::TokenWrong
            | Self::TokenUnverifiable
            | Self::TokenForAnother
            | Self::TokenInvalid
            | Self::GrantDamaged
            | Self::NotRenewable
            | Self::InsufficientScope
            | Self::KeyMissing
            | Self::KeyBoundElsewhere
            | Self::KeyRefused
            | Self::SeveralKeys
            | Self::RunsHere
            | Self::ProgramFailed
            | Self::NoSuchKey
            | Self::KeyInvalid
            | Self::TakesKeys
            | Self::RefusedByServer
            | Self::LastingToken
            | Self::KeptToTheProxy
            | Self::BoundToAKey
            | Self::UnknownSession
            | Self::DeclinedForGood
            | Self::AgentsDenied
            | Self::Proposed
            | Self::NobodyToAsk
            | Self::AgainstTheRules
            | Self::CallRefused
            | Self::CallAsked
            | Self::TooLongToJudge
            | Self::Ambiguous
            | Self::HeaderMismatch
            | Self::BatchHeld
            | Self::ProposalRefused
            | Self::ProposalTooLong
            | Self::ThereAlready
            | Self::LooksAlike
            | Self::MixesAlphabets
            | Self::NameNotSimple
            | Self::Configuration
            | Self::ConfigurationWaits
            | Self::StartAtLogin
            | Self::DemoNotStarted
            | Self::TooManyConnections
            | Self::TooManyListeners
            | Self::TooManyServers
            | Self::TooManySignIns
            | Self::KeychainLocked
            | Self::KeychainAbsent
            | Self::KeychainSlow
            | Self::KeychainWithoutCollection
            | Self::KeychainBroken
            | Self::KeychainOther
            | Self::PassphraseUnset
            | Self::PassphraseNeeded
            | Self::PassphraseWrong
            | Self::PassphraseShort
            | Self::PassphraseBusy
            | Self::VaultFileDamaged
            | Self::VaultFileGone
            | Self::VaultFileOther
            | Self::VaultFileRefused
            | Self::VaultNewer
            | Self::EngineUnreachable
            | Self::EngineWithoutQuorum
            | Self::EngineRefused
            | Self::EngineFull
            | Self::FleetTampered
            | Self::FleetUnjoined
            | Self::FleetOvertaken
            | Self::RefreshInterrupted
            | Self::LockedByScreen
            | Self::LockedBySleep
            | Self::LockedByIdle
            | Self::LockedByPerson => false,
        }
    }
}
