//! What a page can ask of the valet through this process.

use crate::window::shape::{KeptShape, Zoom};
use crate::window::valet::Valet;
use http::Method;
use serde::Serialize;
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{State, WebviewWindow};

/// The valet's answer.
#[derive(Serialize)]
pub(crate) struct Reply {
    status: u16,
    body: Value,
}

/// Makes a call to the valet.
#[tauri::command]
pub(crate) async fn call(
    valet: State<'_, Valet>,
    method: String,
    path: String,
    body: Option<Value>,
) -> Result<Reply, String> {
    let method = Method::from_bytes(method.as_bytes()).map_err(|error| error.to_string())?;
    let answer = valet.call(method, &path, body.as_ref()).await;
    let (status, body) = answer.map_err(|error| error.to_string())?;
    Ok(Reply { status: status.as_u16(), body })
}

/// Sends the view through `channel` as JSON text, now and whenever it changes, and answers when there will be
/// no more.
#[tauri::command]
pub(crate) async fn events(valet: State<'_, Valet>, channel: Channel<String>) -> Result<(), String> {
    let mut events = valet.events("/v1/events").await.map_err(|error| error.to_string())?;
    while let Some(view) = events.next().await {
        channel.send(view).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Closes the window, as its own button does.
#[tauri::command]
pub(crate) fn close(window: WebviewWindow) -> Result<(), String> {
    window.close().map_err(|error| error.to_string())
}

/// Makes what is in the window larger or smaller, and keeps that.
#[tauri::command]
pub(crate) fn zoom(window: WebviewWindow, kept: State<'_, KeptShape>, zoom: Zoom) -> Result<(), String> {
    kept.zoom(&window, zoom).map_err(|error| error.to_string())
}
