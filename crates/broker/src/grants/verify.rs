//! Checking new tokens before they are kept: at sign-in and at each renewal, never when one goes out.

use crate::grants::refresh::without_secrets;
use crate::valet::Valet;
use config::Verify;
use oauth::{Account, Fault, Issuer, Mask, Secret, Signer, Tokens};
use state::audience;
use state::item::GrantParts;
use url::Url;
use wire::Problem;

/// What the checks of new tokens came to.
#[derive(Default)]
pub(crate) struct Checked {
    /// What the person should know although the tokens are used.
    pub(crate) warning: Option<Problem>,
    /// Who signed in, if that could be checked.
    pub(crate) account: Option<Account>,
}

/// Checks what can be read of new tokens. `nonce` is what an ID token must repeat.
///
/// # Errors
/// A check failed, and tokens that fail are not to be used; or they are for another server of the person's,
/// which is never put up with.
pub(crate) async fn verify(
    valet: &Valet,
    name: &str,
    parts: &GrantParts,
    tokens: &Tokens,
    nonce: Option<&Secret>,
) -> Result<Checked, Problem> {
    let policy = valet.book().servers.get(name).map(|server| server.config.verify).unwrap_or_default();
    let Some(issuer) = Issuer::parse(&parts.issuer).ok().filter(|_| policy != Verify::Off) else {
        return Ok(Checked::default());
    };
    audience::not_anothers(&valet.book(), name, parts, &tokens.access).inspect_err(|problem| {
        tracing::warn!(server = name, "{}", problem.detail);
    })?;
    let jwks_uri = parts.jwks_uri.as_deref().and_then(|url| Url::parse(url).ok());
    let now = valet.clock.now();
    let signer = Signer { issuer: &issuer, jwks_uri: jwks_uri.as_ref(), reach: parts.reach, now };
    let (http, keys) = (valet.http(), &valet.keys);
    let resource = parts.resource.as_deref();
    let access = oauth::verify_access_token(&http, keys, &signer, &tokens.access, resource).await;
    let account = match &tokens.id_token {
        Some(token) => {
            let checked = oauth::verify_id_token(&http, keys, &signer, token, &parts.client.id, nonce);
            checked.await.map(Some)
        }
        None => Ok(None),
    };
    // What a token says of a person, or of whom it is for, is shown.
    let mask = Mask::of([&tokens.access].into_iter().chain(&tokens.refresh).chain(&parts.client.secret));
    let shown = |account: Account| Account { name: mask.text(&account.name).to_owned(), ..account };
    let (account, doubt) = match account {
        Ok(account) => (account.map(shown), access.err()),
        Err(fault) => (None, access.err().or(Some(fault))),
    };
    let warning = doubt.and_then(|fault| judge(name, policy, &fault, &mask).transpose()).transpose()?;
    Ok(Checked { warning, account })
}

/// What follows from a check that failed.
fn judge(name: &str, policy: Verify, fault: &Fault, mask: &Mask) -> Result<Option<Problem>, Problem> {
    let problem = without_secrets(problems::fault(fault), mask);
    let said = &problem.detail;
    tracing::warn!(server = name, reason = %fault.code(), "a token did not stand its check: {said}");
    match policy {
        Verify::Enforce => Err(problem),
        // That nobody but the server can check a token is how many servers are; it says nothing against the
        // token.
        Verify::Warn | Verify::Off => Ok(Some(problem).filter(|_| !fault.is_unverifiable())),
    }
}
