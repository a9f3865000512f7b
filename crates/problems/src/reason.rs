//! What a fault of the protocol is on the socket.

use oauth::FaultCode;
use wire::Reason;

/// By the same names, so that no two can be crossed; and each, or it would not compile.
macro_rules! by_name {
    ($code:expr => $($name:ident)+) => {
        match $code {
            $(FaultCode::$name => Reason::$name,)+
        }
    };
}

/// The reason that goes with a fault.
pub(super) const fn reason(code: FaultCode) -> Reason {
    by_name!(code =>
        ResourceRefused
        ServerUnreachable
        IssuerUnreachable
        ServerSlow
        IssuerSlow
        IssuerUnanswered
        ServerUnavailable
        IssuerUnavailable
        CertificateRefused
        AnswerTooLarge
        NotJson
        AnswerInvalid
        UnexpectedStatus
        RedirectRefused
        AddressRefused
        InsecureEndpoint
        UrlInvalid
        NoSignInNeeded
        ResourceMismatch
        IssuerMismatch
        MetadataMissing
        NoPkce
        NoBrowserSignIn
        NoDeviceSignIn
        DeviceExpired
        TokenWrong
        TokenUnverifiable
        ScopesNeeded
        ClientDocumentInvalid
        PushedRequestsRequired
        RegistrationMissing
        RegistrationRefused
        RedirectUriRefused
        TokenType
        InvalidGrant
        InvalidClient
        AccessDenied
        ProviderError
        StateUnknown
        AttemptExpired
        CallbackIssuerMismatch
        SignInFailed
        ParameterReserved
        SettingInvalid
    )
}
