use std::future::{Ready, ready};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;

use crate::call::Call;
use crate::guard::guard;
use crate::state::Demo;
use crate::{authorize, consent, discovery, introspect, mcp, oauth, page};

/// Answers one kind of call, without waiting for anything.
type Endpoint = fn(&Demo, &Call) -> Response;

/// Every address of the demo.
pub(crate) fn routes(demo: Arc<Demo>) -> Router {
    let mut router = Router::new()
        .route("/", get(on(|demo, _| page::welcome(demo))))
        .route("/.well-known/oauth-authorization-server", get(on(discovery::authorization_server)))
        .route("/.well-known/oauth-protected-resource", get(on(discovery::protected_resource)))
        .route(discovery::RESOURCE_METADATA, get(on(discovery::protected_resource)))
        .route("/jwks.json", get(on(discovery::keys)))
        .route("/authorize", get(on(authorize::ask)))
        .route(consent::PATH, post(on(consent::answer)))
        .route("/token", post(on(oauth::tokens)))
        .route("/revoke", post(on(oauth::revoke)))
        .route("/introspect", post(on(introspect::answer)))
        .route("/mcp", post(on(mcp::answer)))
        .fallback(on(|_, _| page::problem(StatusCode::NOT_FOUND, "There is nothing at this address.")));
    if demo.registers {
        router = router
            .route("/register", post(on(oauth::register)))
            .route("/register/{client_id}", get(on(oauth::registration)).delete(on(oauth::deregister)));
    }
    router.layer(from_fn_with_state(Arc::clone(&demo), guard)).with_state(demo)
}

fn on(endpoint: Endpoint) -> impl Fn(State<Arc<Demo>>, Call) -> Ready<Response> + Clone {
    move |State(demo), call| ready(endpoint(&demo, &call))
}
