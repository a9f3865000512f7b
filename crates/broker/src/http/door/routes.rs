//! What can be asked at the door.

use super::guard::guard;
use super::{authorize, endpoints, mcp, wait};
use crate::valet::Valet;
use crate::valet::door::{AUTHORIZE, WAIT};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use http::StatusCode;
use std::sync::Arc;

/// Every address of the door.
pub(super) fn router(valet: &Arc<Valet>) -> Router {
    Router::new()
        .route("/mcp/{server}", any(mcp::answer))
        .route("/.well-known/oauth-authorization-server", get(endpoints::authorization_server))
        .route("/.well-known/oauth-protected-resource/mcp/{server}", get(endpoints::protected_resource))
        .route("/register", post(endpoints::register))
        .route("/register/{client}", get(endpoints::registration).delete(endpoints::deregister))
        .route("/token", post(endpoints::token))
        .route("/revoke", post(endpoints::revoke))
        .route(AUTHORIZE, get(authorize::show).post(authorize::go_on))
        .route(WAIT, get(wait::wait))
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(from_fn_with_state(Arc::clone(valet), guard))
        .with_state(Arc::clone(valet))
}
