//! What providers do differently from the specifications: data, never an `if` elsewhere.

use crate::advice::Advice;
use crate::issuer::Issuer;
use words::say;

/// How one provider differs.
#[derive(Debug, PartialEq)]
pub(crate) struct Quirk {
    /// Answers with something else where its server's metadata should be, even if it has announced them
    /// there.
    pub(crate) no_resource_metadata: bool,
    /// Supports S256 but does not say so.
    pub(crate) assume_pkce: bool,
    /// Fails when the `resource` parameter is sent.
    pub(crate) omit_resource: bool,
    /// Marks of an error that means the same, where it did not fail before.
    pub(crate) resource_refused: &'static [&'static str],
    /// Issues access tokens that only its own APIs can read, though they look like JWTs.
    pub(crate) opaque_tokens: bool,
    /// Gives a useless token, or an error page of its own, to who asks for no scope.
    pub(crate) needs_scopes: bool,
    /// Gives refresh tokens for `offline_access` alone; to be asked for consent each time is refused to many
    /// of its people.
    pub(crate) offline_without_prompt: bool,
    /// The `prompt` by which it lets the person choose an account, where it does not say so.
    pub(crate) account_prompt: Option<&'static str>,
    /// The page on which a person registers a client.
    client_page: Option<&'static str>,
    /// What its authorization endpoint wants beside the usual.
    pub(crate) authorize: &'static [(&'static str, &'static str)],
    /// Other names under which its metadata may go.
    aliases: &'static [Alias],
    /// Wants a client's secret in the body, and does not say so.
    pub(crate) secret_in_body: bool,
    /// Answers token requests with forms.
    pub(crate) form_answers: bool,
    /// The member of a token answer that holds the tokens.
    pub(crate) nested_in: Option<&'static str>,
    /// Token types that are a bearer token's.
    pub(crate) bearer_types: &'static [&'static str],
    /// Its words for `invalid_grant`.
    pub(crate) grant_over: &'static [&'static str],
    /// Its words for `invalid_client`.
    pub(crate) client_refused: &'static [&'static str],
    /// What helps against an error that holds a mark.
    advice: &'static [(&'static str, Known)],
}

/// A name that an issuer's metadata goes by. One `*` stands for one segment of a path.
#[derive(Debug, PartialEq, Eq)]
struct Alias {
    /// The issuer as servers name it.
    named: &'static str,
    /// The issuer as its metadata names it.
    own: &'static str,
    /// Whether that is a fault, of which the person is told.
    fault: bool,
}

/// What helps at one provider, said once it is needed.
#[derive(Debug)]
pub(crate) struct Known {
    text: fn() -> String,
    setting: Option<&'static str>,
}

/// The same words are the same advice.
impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        self.setting == other.setting && (self.text)() == (other.text)()
    }
}

/// Advice that names no key.
const fn known(text: fn() -> String) -> Known {
    Known { text, setting: None }
}

/// Advice that names `setting`.
const fn set(setting: &'static str, text: fn() -> String) -> Known {
    Known { text, setting: Some(setting) }
}

/// Stands for the tenant in the name that Entra's metadata gives.
const TENANT: &str = "{tenantid}";
const EVERYBODY: [&str; 3] = ["/common/", "/organizations/", "/consumers/"];

const NONE: Quirk = Quirk {
    no_resource_metadata: false,
    assume_pkce: false,
    omit_resource: false,
    resource_refused: &[],
    opaque_tokens: false,
    needs_scopes: false,
    offline_without_prompt: false,
    account_prompt: None,
    client_page: None,
    authorize: &[],
    aliases: &[],
    secret_in_body: false,
    form_answers: false,
    nested_in: None,
    bearer_types: &["bearer"],
    grant_over: &["invalid_grant"],
    client_refused: &["invalid_client"],
    advice: &[],
};

const fn by_design(named: &'static str, own: &'static str) -> Alias {
    Alias { named, own, fault: false }
}

const fn by_fault(named: &'static str, own: &'static str) -> Alias {
    Alias { named, own, fault: true }
}

const ENTRA_ADVICE: &[(&str, Known)] = &[
    ("AADSTS650053", set("oauth.scopes", || say!(quirk_entra_scopes_with_api))),
    ("AADSTS900144", set("oauth.scopes", || say!(quirk_entra_scopes))),
    ("AADSTS9010010", set("oauth.resource", || say!(quirk_entra_resource))),
    ("AADSTS901002", set("oauth.resource", || say!(quirk_entra_resource_unknown))),
    ("AADSTS7000218", set("oauth.clientSecret", || say!(quirk_entra_with_secret))),
    ("AADSTS700025", set("oauth.tokenEndpointAuthMethod", || say!(quirk_entra_without_secret))),
    ("AADSTS90023", set("oauth.tokenEndpointAuthMethod", || say!(quirk_entra_without_secret))),
];

const ENTRA_LIKE: Quirk = Quirk {
    account_prompt: Some("select_account"),
    client_page: Some("https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade"),
    assume_pkce: true,
    resource_refused: &["AADSTS901002", "AADSTS9010010"],
    needs_scopes: true,
    offline_without_prompt: true,
    advice: ENTRA_ADVICE,
    ..NONE
};

const ENTRA: Quirk = Quirk {
    omit_resource: true,
    opaque_tokens: true,
    aliases: &[
        by_design(
            "https://login.microsoftonline.com/*/v2.0",
            "https://login.microsoftonline.com/{tenantid}/v2.0",
        ),
        by_design(
            "https://login.microsoftonline.us/*/v2.0",
            "https://login.microsoftonline.us/{tenantid}/v2.0",
        ),
        by_design(
            "https://login.partner.microsoftonline.cn/*/v2.0",
            "https://login.partner.microsoftonline.cn/{tenantid}/v2.0",
        ),
    ],
    ..ENTRA_LIKE
};

/// National clouds have portals of their own.
const ENTRA_NATIONAL: Quirk = Quirk { client_page: None, ..ENTRA };

const GITHUB: Quirk = Quirk {
    account_prompt: Some("select_account"),
    client_page: Some("https://github.com/settings/developers"),
    secret_in_body: true,
    form_answers: true,
    grant_over: &["invalid_grant", "bad_refresh_token"],
    client_refused: &["invalid_client", "incorrect_client_credentials"],
    advice: &[
        ("client_id and/or client_secret", set("oauth.clientId", || say!(quirk_github_client))),
        ("redirect_uri_mismatch", known(|| say!(quirk_github_callback))),
        ("bad_verification_code", known(|| say!(quirk_again))),
    ],
    ..NONE
};

const SLACK: Quirk = Quirk {
    client_page: Some("https://api.slack.com/apps"),
    no_resource_metadata: true,
    needs_scopes: true,
    aliases: &[by_design("https://mcp.slack.com", "https://slack.com")],
    nested_in: Some("authed_user"),
    bearer_types: &["bearer", "user"],
    grant_over: &["invalid_grant", "invalid_refresh_token", "token_expired", "token_revoked"],
    client_refused: &["invalid_client", "invalid_client_id", "bad_client_secret"],
    advice: &[
        ("bad_redirect_uri", set("oauth.callbackPort", || say!(quirk_slack_redirect))),
        ("bad_client_secret", set("oauth.clientSecret", || say!(quirk_slack_secret))),
        ("invalid_client_id", set("oauth.clientId", || say!(quirk_slack_client))),
    ],
    ..NONE
};

const GOOGLE: Quirk = Quirk {
    account_prompt: Some("select_account"),
    client_page: Some("https://console.cloud.google.com/apis/credentials"),
    authorize: &[("access_type", "offline"), ("prompt", "consent")],
    aliases: &[by_design("https://accounts.google.com/", "https://accounts.google.com")],
    advice: &[("client_secret is missing", set("oauth.clientSecret", || say!(quirk_google_secret)))],
    ..NONE
};

const ASANA: Quirk = Quirk { client_page: Some("https://app.asana.com/0/my-apps"), ..NONE };

const ATLASSIAN: Quirk = Quirk {
    client_page: Some("https://developer.atlassian.com/console/myapps/"),
    aliases: &[
        by_fault("https://mcp.atlassian.com", "https://cf.mcp.atlassian.com"),
        by_fault("https://auth.atlassian.com", "https://auth.atlassian.com/*"),
        by_fault("https://auth.atlassian.com/*", "https://auth.atlassian.com"),
    ],
    ..NONE
};

/// Keyed by the host of the issuer, of its token endpoint, or of the server; what begins with a dot stands
/// for every host below it.
const TABLE: &[(&str, Quirk)] = &[
    ("login.microsoftonline.com", ENTRA),
    ("login.microsoftonline.us", ENTRA_NATIONAL),
    ("login.partner.microsoftonline.cn", ENTRA_NATIONAL),
    (".ciamlogin.com", ENTRA_LIKE),
    ("github.com", GITHUB),
    ("slack.com", SLACK),
    ("mcp.slack.com", SLACK),
    ("accounts.google.com", GOOGLE),
    ("oauth2.googleapis.com", GOOGLE),
    ("mcp.atlassian.com", ATLASSIAN),
    ("auth.atlassian.com", ATLASSIAN),
    ("app.asana.com", ASANA),
    ("mcp.asana.com", ASANA),
];

/// How this issuer differs.
pub(crate) fn of(issuer: &Issuer) -> &'static Quirk {
    at(&issuer.host())
}

/// The page on which a person registers a client at this issuer, where one is known.
#[must_use]
pub fn client_page(issuer: &Issuer) -> Option<&'static str> {
    of(issuer).client_page
}

/// Whether this is such a page of any provider.
#[must_use]
pub fn is_client_page(page: &str) -> bool {
    TABLE.iter().any(|(_, quirk)| quirk.client_page == Some(page))
}

/// Whether both are names of one provider that is known for having several.
#[must_use]
pub fn is_one_provider(one: &Issuer, other: &Issuer) -> bool {
    of(one) != &NONE && of(one) == of(other)
}

/// How the provider at a host differs; a host with a port is nobody's.
pub(crate) fn at(host: &str) -> &'static Quirk {
    TABLE.iter().find(|(name, _)| is_at(name, host)).map_or(&NONE, |(_, quirk)| quirk)
}

pub(crate) fn is_at(name: &str, host: &str) -> bool {
    if name.starts_with('.') { host.ends_with(name) } else { host == name }
}

impl Quirk {
    /// Whether metadata that calls itself `own` may be that of `issuer`: then, whether it is the provider's
    /// fault.
    pub(crate) fn alias(&self, issuer: &str, own: &str) -> Option<bool> {
        let fits = |alias: &&Alias| matches(alias.named, issuer) && matches(alias.own, own);
        self.aliases.iter().find(fits).map(|alias| alias.fault)
    }

    /// Whether tokens in the name of `iss` may be those of `issuer`. An issuer for everybody signs in the
    /// name of each one's tenant.
    pub(crate) fn signs_as(&self, issuer: &str, iss: &str) -> bool {
        let for_everybody = EVERYBODY.iter().any(|segment| issuer.contains(segment));
        let fits = |alias: &Alias| {
            let own = if for_everybody { alias.own.replace(TENANT, "*") } else { alias.own.to_owned() };
            matches(alias.named, issuer) && matches(&own, iss)
        };
        issuer == iss || self.aliases.iter().any(fits)
    }

    /// What helps against an error with these words.
    pub(crate) fn advice(&self, words: &[&str]) -> Option<Advice> {
        let known = |(mark, _): &&(&str, Known)| words.iter().any(|words| words.contains(mark));
        let (_, known) = self.advice.iter().find(known)?;
        Some(Advice { text: (known.text)(), setting: known.setting })
    }

    /// Whether an error with these words means that `resource` should not have been sent.
    pub(crate) fn refuses_resource(&self, words: &[&str]) -> bool {
        self.resource_refused.iter().any(|mark| words.iter().any(|words| words.contains(mark)))
    }
}

/// Whether `text` is `pattern`, whose `*` stands for one segment of a path.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == text };
    let segment = text.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    segment.is_some_and(|segment| !segment.is_empty() && !segment.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_holds_for_its_host_alone() {
        let quirk = |raw| of(&Issuer::parse(raw).unwrap());
        assert_eq!(quirk("https://login.microsoftonline.com/t/v2.0"), &ENTRA);
        assert_eq!(quirk("https://contoso.ciamlogin.com/t/v2.0"), &ENTRA_LIKE);
        for other in [
            "https://login.microsoftonline.com.evil.example/t/v2.0",
            "https://login.microsoftonline.com:8443/t/v2.0",
            "https://evilciamlogin.com/",
            "https://evil-github.com/",
        ] {
            assert_eq!(quirk(other), &NONE, "{other}");
        }
    }

    #[test]
    fn a_page_to_register_at_is_a_known_providers_and_no_others() {
        let page = |raw| client_page(&Issuer::parse(raw).unwrap());
        assert_eq!(page("https://github.com/login/oauth"), Some("https://github.com/settings/developers"));
        assert_eq!(
            (page("https://github.example/login/oauth"), page("https://login.microsoftonline.us/t/v2.0")),
            (None, None)
        );
        assert!(is_client_page("https://api.slack.com/apps"));
        assert!(!is_client_page("https://api.slack.com/apps/") && !is_client_page("https://evil.example"));
        assert!(
            TABLE.iter().filter_map(|(_, quirk)| quirk.client_page).all(|page| page.starts_with("https://"))
        );
    }

    #[test]
    fn an_alias_is_one_segment_wide_and_has_a_direction() {
        let fault = |named, own| ATLASSIAN.alias(named, own);
        assert_eq!(fault("https://mcp.atlassian.com", "https://cf.mcp.atlassian.com"), Some(true));
        assert_eq!(fault("https://cf.mcp.atlassian.com", "https://mcp.atlassian.com"), None);
        assert_eq!(fault("https://auth.atlassian.com", "https://auth.atlassian.com/abc-1"), Some(true));
        assert_eq!(fault("https://auth.atlassian.com", "https://auth.atlassian.com/a/b"), None);
        assert_eq!(fault("https://auth.atlassian.com", "https://auth.atlassian.com/"), None);
        assert_eq!(fault("https://auth.atlassian.com/x", "https://evil.example"), None);
        let common = "https://login.microsoftonline.com/common/v2.0";
        assert_eq!(ENTRA.alias(common, "https://login.microsoftonline.com/{tenantid}/v2.0"), Some(false));
        assert_eq!(ENTRA.alias(common, "https://login.microsoftonline.com/other/v2.0"), None);
        let [one, other] = ["1", "2"].map(|id| format!("https://login.microsoftonline.com/{id}/v2.0"));
        assert!(ENTRA.signs_as(common, &one) && ENTRA.signs_as(&one, &one) && !ENTRA.signs_as(&one, &other));
    }
}
