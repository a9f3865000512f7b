//! When a keychain is unlocked by whoever else asked for it, as the Secret Service says (Secret Service API,
//! "org.freedesktop.Secret.Service"). zbus passes on the signals of its name's owner alone.

use futures_util::StreamExt;
use tokio::sync::mpsc::Sender;
use zbus::names::BusName;
use zbus::proxy::{Builder, CacheProperties, MethodFlags};
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue};
use zbus::{Connection, Proxy};

const SERVICE: &str = "org.freedesktop.secrets";
const PATH: &str = "/org/freedesktop/secrets";
const INTERFACE: &str = "org.freedesktop.Secret.Service";
const COLLECTION: &str = "org.freedesktop.Secret.Collection";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// Tells of each time, until there is nobody to tell.
pub async fn follow(unlocked: Sender<()>) {
    if let Err(error) = listen(&unlocked).await {
        tracing::info!(%error, "nobody tells when the keychain is unlocked");
    }
}

async fn listen(unlocked: &Sender<()>) -> zbus::Result<()> {
    let bus = Connection::session().await?;
    let service = proxy(&bus, ObjectPath::try_from(PATH)?, INTERFACE).await?;
    let mut changes = service.receive_signal("CollectionChanged").await?;
    while let Some(change) = changes.next().await {
        let Ok(collection) = change.body().deserialize::<OwnedObjectPath>() else { continue };
        if is_unlocked(&bus, collection).await && unlocked.send(()).await.is_err() {
            break;
        }
    }
    Ok(())
}

/// Whether a collection is open now. A keychain that does not run is not started for that.
async fn is_unlocked(bus: &Connection, collection: OwnedObjectPath) -> bool {
    let Ok(properties) = proxy(bus, collection.into_inner(), PROPERTIES).await else { return false };
    let asked = &(COLLECTION, "Locked");
    let locked = properties.call_with_flags("Get", MethodFlags::NoAutoStart.into(), asked).await;
    let locked: Option<OwnedValue> = locked.ok().flatten();
    locked.and_then(|locked| bool::try_from(locked).ok()) == Some(false)
}

async fn proxy<'a>(
    bus: &Connection,
    path: ObjectPath<'a>,
    interface: &'static str,
) -> zbus::Result<Proxy<'a>> {
    let builder: Builder<'a, Proxy<'a>> = Builder::new(bus).destination(BusName::try_from(SERVICE)?)?;
    builder.path(path)?.interface(interface)?.cache_properties(CacheProperties::No).build().await
}
