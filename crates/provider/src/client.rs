use crate::profile::UnixSeconds;
use crate::redirect::RedirectUri;
use crate::scopes::Scopes;
use crate::secret::Digest;

/// A registered client.
pub struct Client {
    /// `client_id`
    pub id: String,
    /// What the client calls itself; nobody has checked it.
    pub name: String,
    /// The host that vouches for it, with its port, where its id is the address of a document.
    pub host: Option<String>,
    /// Where answers may go.
    pub redirect_uris: Vec<RedirectUri>,
    /// How it proves itself at the token endpoint.
    pub proof: Proof,
    /// What it gets when it asks for no scope. Not a ceiling: a step-up may ask for more.
    pub usual_scopes: Scopes,
    /// Whether it registered the `refresh_token` grant.
    pub refreshes: bool,
    /// When it registered.
    pub since: UnixSeconds,
    /// The digest of its registration access token (RFC 7592 §3); `None` for the client of the command line.
    pub management: Option<Digest>,
}

/// How a client authenticates (RFC 6749 §2.3).
#[derive(Clone, Copy)]
pub enum Proof {
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
    pub const fn method(self) -> &'static str {
        match self {
            Self::Public => "none",
            Self::Basic(_) | Self::BasicOrPost(_) => "client_secret_basic",
            Self::Post(_) => "client_secret_post",
        }
    }
}
