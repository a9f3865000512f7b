//! What a page can ask of the valet through this process.

use crate::window::valet::Valet;
use http::Method;
use serde::Serialize;
use serde_json::Value;
use tauri::State;
use tauri::ipc::Channel;

/// The valet's answer.
#[derive(Serialize)]
pub(crate) struct Answer {
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
) -> Result<Answer, String> {
    let method = Method::from_bytes(method.as_bytes()).map_err(|error| error.to_string())?;
    let answer = valet.call(method, &path, body.as_ref()).await;
    let (status, body) = answer.map_err(|error| error.to_string())?;
    Ok(Answer { status: status.as_u16(), body })
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
