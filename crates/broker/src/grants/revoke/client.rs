//! Giving our own clients back to the issuers that registered them.

use crate::valet::Valet;
use oauth::{Deregistered, Issuer, Reach, Registrar, deregister};
use state::item::Registration;
use url::Url;
use vault::{Key, VaultError};
use wire::ClientOutcome;

/// What of our clients a server leaves behind at these issuers, once it is gone: those that no other server
/// uses are given back.
pub(crate) async fn leave(valet: &Valet, leaving: &str, issuers: &[String]) -> ClientOutcome {
    let mut worst = ClientOutcome::Nothing;
    for issuer in issuers {
        let used = valet.book().uses_client_at(issuer, leaving);
        worst = worse(worst, if used { kept(valet, issuer).await } else { give_back(valet, issuer).await });
    }
    worst
}

/// Forgets our clients at an issuer, and then has them deleted there.
pub(crate) async fn give_back(valet: &Valet, issuer: &str) -> ClientOutcome {
    let mut worst = ClientOutcome::Nothing;
    for key in keys(issuer) {
        let kept = valet.vault.read::<Registration>(key.clone()).await;
        let wiped = valet.vault.delete(key).await;
        let outcome = match kept {
            Ok(Some(registration)) => at_issuer(valet, registration.value()).await,
            Ok(None) => ClientOutcome::Nothing,
            Err(error) => unread(error),
        };
        worst = worse(worst, if wiped.is_ok() { outcome } else { worse(outcome, ClientOutcome::Failed) });
    }
    worst
}

/// Whether there is a client of ours at an issuer, which stays.
pub(crate) async fn kept(valet: &Valet, issuer: &str) -> ClientOutcome {
    for key in keys(issuer) {
        if matches!(valet.vault.read::<Registration>(key).await, Ok(Some(_))) {
            return ClientOutcome::Kept;
        }
    }
    ClientOutcome::Nothing
}

fn keys(issuer: &str) -> [Key; 2] {
    [Key::Registration(issuer.to_owned()), Key::DeviceRegistration(issuer.to_owned())]
}

fn unread(error: VaultError) -> ClientOutcome {
    tracing::warn!(%error, "a registration could not be read, and was not given back");
    ClientOutcome::Failed
}

async fn at_issuer(valet: &Valet, registration: &Registration) -> ClientOutcome {
    let Ok(issuer) = Issuer::parse(&registration.issuer) else { return ClientOutcome::Failed };
    let endpoint = registration.endpoint.as_deref().and_then(|url| Url::parse(url).ok());
    // Of a registration of an earlier version, how near its issuer may be is known from its name alone.
    let written = Reach::written(issuer.url()).unwrap_or(Reach::Public);
    let reach = registration.reach.max(written);
    let registrar = Registrar { issuer: &issuer, endpoint: endpoint.as_ref(), reach };
    match deregister(&valet.http(), &registrar, &registration.client).await {
        Ok(Deregistered::Done | Deregistered::GoneAlready) => ClientOutcome::Deregistered,
        Ok(Deregistered::NotOffered) => ClientOutcome::NotOffered,
        Err(fault) => {
            tracing::warn!(%fault, "the issuer did not confirm that our client is deleted");
            ClientOutcome::Failed
        }
    }
}

/// Of two outcomes, the one that the person has to know of.
fn worse(one: ClientOutcome, other: ClientOutcome) -> ClientOutcome {
    let weight = |outcome: &ClientOutcome| match outcome {
        ClientOutcome::Nothing => 0,
        ClientOutcome::Deregistered => 1,
        ClientOutcome::Kept => 2,
        ClientOutcome::NotOffered => 3,
        ClientOutcome::Failed => 4,
    };
    if weight(&other) > weight(&one) { other } else { one }
}
