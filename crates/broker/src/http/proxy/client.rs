//! What the program at the other end calls itself in a message (MCP: `clientInfo`).

use serde::Deserialize;

#[derive(Deserialize)]
struct Envelope {
    params: Params,
}

#[derive(Deserialize)]
struct Params {
    #[serde(rename = "clientInfo")]
    client: Option<Client>,
    #[serde(rename = "_meta")]
    meta: Option<Meta>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "io.modelcontextprotocol/clientInfo")]
    client: Option<Client>,
}

#[derive(Deserialize)]
struct Client {
    name: String,
    title: Option<String>,
}

/// Its name. It is its own word, and is shown as no more.
pub(super) fn name(message: &[u8]) -> Option<String> {
    let Params { client, meta } = serde_json::from_slice::<Envelope>(message).ok()?.params;
    let client = client.or_else(|| meta?.client)?;
    Some(client.title.unwrap_or(client.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_called_what_it_says_in_either_revision() {
        let older = br#"{"method":"initialize","params":{"clientInfo":{"name":"a","title":"A"}}}"#;
        let newer = br#"{"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/clientInfo":{"name":"b"}}}}"#;
        assert_eq!(name(older).as_deref(), Some("A"));
        assert_eq!(name(newer).as_deref(), Some("b"));
        for none in ["", "[]", "{}", r#"{"params":{"clientInfo":7}}"#, r#"{"params":[]}"#] {
            assert_eq!(name(none.as_bytes()), None, "{none}");
        }
    }
}
