//! A server that is to be added.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// `POST /v1/servers`: add a server to the configuration.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewServer {
    /// A short name; made from the host if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The server's URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// In its place, the program that is the server. The person is asked about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<NewProgram>,
    /// The `oauth` block of the configuration, for servers that register no clients by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>", optional))]
    pub oauth: Option<Map<String, Value>>,
    /// The `headers` of the configuration. A key among them goes into the vault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "Record<string, string>", optional))]
    pub headers: Option<Map<String, Value>>,
    /// The `folders` of the configuration: those that this account is for, of all with the same address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folders: Option<Vec<String>>,
    /// Seconds to wait for the person, who is asked about `program`, `headers`, `folders` and all that
    /// `oauth` says but scopes; 0 if absent, 600 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<u32>,
}

impl NewServer {
    /// One at an address, of which nothing else is said.
    #[must_use]
    pub fn at(url: String) -> Self {
        Self { url: Some(url), ..Self::default() }
    }
}

/// A program that is to be a server, as the configuration has it.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewProgram {
    /// What is started: a name that is looked up in `PATH`, or a whole path.
    pub command: String,
    /// What it is started with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(as = "Option<Vec<String>>"))]
    pub args: Vec<String>,
    /// What goes into its environment. A key among that goes into the vault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "Record<string, string>", optional))]
    pub env: Option<Map<String, Value>>,
    /// The folder that it runs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cwd: Option<String>,
    /// The names of the keys that may be arguments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(as = "Option<Vec<String>>"))]
    pub keys_in_args: Vec<String>,
}
