//! What the server said of itself the last time, as the valet tells it to a program that may use the server.

use serde_json::Value;
use serde_json::value::RawValue;
use wire::LastTime;

/// What the server said of itself the last time.
#[derive(Debug)]
pub(super) struct Last {
    /// Its answer to `initialize`; null if that is not known.
    pub(super) initialized: Value,
    /// Its answer to `server/discover`; null if that is not known.
    pub(super) discovered: Value,
    /// All its tools, as it wrote them.
    tools: Vec<Box<RawValue>>,
}

impl Last {
    /// Nothing if the list of its tools is not known, although it has some: nobody is helped by the rest.
    pub(super) fn of(said: LastTime) -> Option<Self> {
        let value = |said: Option<Box<RawValue>>| {
            said.and_then(|said| serde_json::from_str(said.get()).ok()).unwrap_or_default()
        };
        let (initialized, discovered) = (value(said.initialized), value(said.discovered));
        let last = Self { initialized, discovered, tools: said.tools.unwrap_or_default() };
        (!last.tools.is_empty() || last.has_no_tools()).then_some(last)
    }

    /// What it could do; null if that is not known.
    pub(super) fn capabilities(&self) -> &Value {
        let initialized = &self.initialized["capabilities"];
        if initialized.is_null() { &self.discovered["capabilities"] } else { initialized }
    }

    /// Whether these are its tools still.
    pub(super) fn has(&self, tools: &[Box<RawValue>]) -> bool {
        self.tools.iter().map(|tool| tool.get()).eq(tools.iter().map(|tool| tool.get()))
    }

    fn has_no_tools(&self) -> bool {
        self.capabilities().is_object() && self.capabilities().get("tools").is_none()
    }

    /// The members of the list of its tools.
    pub(super) fn tools(&self) -> String {
        self.tools.iter().map(|tool| tool.get()).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(text: &str) -> Option<Last> {
        Last::of(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn it_is_of_use_with_tools_or_where_there_are_known_to_be_none() {
        assert!(last("{}").is_none());
        assert!(last(r#"{"initialized":{"capabilities":{"tools":{}}}}"#).is_none());
        assert!(last(r#"{"initialized":{"capabilities":{"prompts":{}}}}"#).is_some());
        let listed = last(r#"{"tools":[{"name":"b", "a":1},{"name":"c"}]}"#).unwrap();
        assert_eq!(listed.tools(), r#"{"name":"b", "a":1},{"name":"c"}"#);
    }
}
