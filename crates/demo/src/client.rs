use crate::clock::UnixSeconds;
use crate::redirect::RedirectUri;
use crate::scope::Scopes;
use crate::secret::Digest;

/// A registered client.
pub(crate) struct Client {
    /// `client_id`
    pub(crate) id: String,
    /// What the client calls itself; nobody has checked it.
    pub(crate) name: String,
    /// Where answers may go.
    pub(crate) redirect_uris: Vec<RedirectUri>,
    /// How it proves itself at the token endpoint.
    pub(crate) proof: Proof,
    /// What it gets when it asks for no scope. Not a ceiling: a step-up may ask for more.
    pub(crate) usual_scopes: Scopes,
    /// Whether it registered the `refresh_token` grant.
    pub(crate) refreshes: bool,
    /// When it registered.
    pub(crate) since: UnixSeconds,
    /// The digest of its registration access token (RFC 7592 §3); `None` for the client of the command line.
    pub(crate) management: Option<Digest>,
}

/// How a client authenticates (RFC 6749 §2.3).
#[derive(Clone, Copy)]
pub(crate) enum Proof {
    /// `none`: a public client, held by PKCE alone.
    Public,
    /// `client_secret_basic`
    Basic(Digest),
    /// `client_secret_post`
    Post(Digest),
    /// Either of the two, for the client of the command line.
    BasicOrPost(Digest),
}

impl Proof {
    /// `token_endpoint_auth_method` (RFC 7591 §2).
    pub(crate) const fn method(self) -> &'static str {
        match self {
            Self::Public => "none",
            Self::Basic(_) | Self::BasicOrPost(_) => "client_secret_basic",
            Self::Post(_) => "client_secret_post",
        }
    }
}
