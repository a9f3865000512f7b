//! Which way a sign-in goes: by a browser on this machine, by one anywhere, or not at all.

use super::{begin, device};
use crate::valet::Valet;
use config::GrantChoice;
use peer::By;
use std::sync::Arc;
use wire::{Authorization, AuthorizeRequest, Problem};

/// Begins a sign-in in the way that the request or the configuration wants.
pub(crate) async fn start(
    valet: Arc<Valet>,
    name: String,
    by: By,
    request: AuthorizeRequest,
) -> Result<Authorization, Problem> {
    let grant = {
        let book = valet.book();
        let server = book.servers.get(&name).ok_or_else(|| problems::unknown_server(&name))?;
        server.config.oauth.grant.clone()
    };
    match grant {
        GrantChoice::Unattended(_) => Err(problems::no_sign_in_needed(&name)),
        GrantChoice::DeviceCode => device::begin(valet, name, by, request.issuer).await,
        GrantChoice::AuthorizationCode if request.device => {
            device::begin(valet, name, by, request.issuer).await
        }
        GrantChoice::AuthorizationCode => begin(valet, name, by, request.issuer).await,
    }
}
