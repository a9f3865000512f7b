//! The answer to one request, found in what a server sent: a JSON text, or a stream of events (MCP,
//! Streamable HTTP, "Sending Messages to the Server").

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// A byte order mark in UTF-8.
const MARK: char = '\u{feff}';

#[derive(Deserialize)]
struct Answer<'a> {
    id: Value,
    #[serde(borrow)]
    result: &'a RawValue,
}

/// The `result` of the request with this ID, as it was written.
pub fn result(text: &[u8], id: &Value) -> Option<Box<RawValue>> {
    let text = str::from_utf8(text).ok()?;
    let text = text.strip_prefix(MARK).unwrap_or(text);
    in_message(text, id).or_else(|| events(text).iter().find_map(|data| in_message(data, id)))
}

fn in_message(text: &str, id: &Value) -> Option<Box<RawValue>> {
    let answer: Answer = serde_json::from_str(text).ok()?;
    (answer.id == *id).then(|| answer.result.to_owned())
}

/// The data of each event that has come to its end.
fn events(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let Some((whole, _)) = text.rsplit_once("\n\n") else { return Vec::new() };
    let data = |event: &str| {
        let lines = event.lines().filter_map(|line| line.strip_prefix("data:"));
        lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
    };
    whole.split("\n\n").map(data).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(text: &str) -> Option<String> {
        result(text.as_bytes(), &json!(7)).map(|result| result.get().to_owned())
    }

    #[test]
    fn the_answer_is_found_as_it_was_written_and_no_other_is_taken_for_it() {
        let whole = r#"{"id":7,"jsonrpc":"2.0","result":{"b":1, "a":2}}"#;
        assert_eq!(found(whole).as_deref(), Some(r#"{"b":1, "a":2}"#));
        for text in
            ["", "7", r#"{"id":8,"result":{}}"#, r#"{"id":"7","result":{}}"#, r#"{"id":7,"error":{}}"#]
        {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn it_is_found_among_the_events_of_a_stream_that_are_whole() {
        let other = r#"{"method":"notifications/message"}"#;
        for end in ["\n", "\r\n", "\r"] {
            let lines = [
                ": hello",
                "",
                &format!("data: {other}"),
                "",
                "id: 1",
                r#"data: {"id":7,"#,
                r#"data:"result":{}}"#,
            ];
            let begun = lines.join(end);
            assert_eq!(found(&begun), None, "it has not ended");
            assert_eq!(found(&format!("{begun}{end}{end}")).as_deref(), Some("{}"));
        }
    }
}
