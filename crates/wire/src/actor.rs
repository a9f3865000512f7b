//! Who did something.

use serde::{Deserialize, Serialize};

/// How the person was written before it was a type of its own. A program may be called that as well.
const PERSON: &str = "the person";
const VALET: &str = "MCP Valet";
const FILE: &str = "the configuration file";

/// What kind of somebody it was.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// The person, where the valet runs.
    Person,
    /// A program, over the socket; or the one that an answer of the person is about.
    Program,
    /// The valet, by itself.
    Valet,
    /// Somebody unknown, by an edit of the configuration.
    Configuration,
}

/// Who did something, or which program an answer of the person is about. Only its kind says so: a program can
/// be called anything.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Actor {
    /// What kind of somebody it was.
    by: ActorKind,
    /// The program's name, where it was a program.
    agent: String,
    /// The program's path.
    #[serde(skip_serializing_if = "Option::is_none")]
    executable: Option<String>,
}

/// As it was or is written: without a kind, whoever has an executable is a program.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Deserialize)]
struct Written {
    by: Option<ActorKind>,
    agent: String,
    executable: Option<String>,
}

impl From<Written> for Actor {
    fn from(Written { by, agent, executable }: Written) -> Self {
        let told = match (agent.as_str(), &executable) {
            (PERSON, None) => ActorKind::Person,
            (VALET, None) => ActorKind::Valet,
            (FILE, None) => ActorKind::Configuration,
            _ => ActorKind::Program,
        };
        Self { by: by.unwrap_or(told), agent, executable }
    }
}

impl Actor {
    fn without_path(by: ActorKind, agent: &str) -> Self {
        Self { by, agent: agent.to_owned(), executable: None }
    }

    /// The person.
    #[must_use]
    pub fn person() -> Self {
        Self::without_path(ActorKind::Person, PERSON)
    }

    /// The valet itself.
    #[must_use]
    pub fn valet() -> Self {
        Self::without_path(ActorKind::Valet, VALET)
    }

    /// An edit of the configuration.
    #[must_use]
    pub fn configuration() -> Self {
        Self::without_path(ActorKind::Configuration, FILE)
    }

    /// A program with this name and path.
    #[must_use]
    pub fn program(name: &str, path: &str) -> Self {
        Self { by: ActorKind::Program, agent: name.to_owned(), executable: Some(path.to_owned()) }
    }

    /// What kind of somebody it was.
    #[must_use]
    pub const fn kind(&self) -> ActorKind {
        self.by
    }

    /// The name, which for a program says nothing of its kind.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.agent
    }

    /// The program's path, where it was a program.
    #[must_use]
    pub fn executable(&self) -> Option<&str> {
        self.executable.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_before_there_were_kinds_is_told_by_the_executable() {
        let read = |text: &str| serde_json::from_str::<Actor>(text).unwrap();
        assert_eq!(read(r#"{"agent":"the person"}"#), Actor::person());
        assert_eq!(read(r#"{"agent":"MCP Valet"}"#), Actor::valet());
        assert_eq!(read(r#"{"agent":"the configuration file"}"#), Actor::configuration());
        let program = Actor::program("the person", "/home/ada/the person");
        assert_eq!(read(r#"{"agent":"the person","executable":"/home/ada/the person"}"#), program);
        assert_eq!(read(&serde_json::to_string(&program).unwrap()), program);
    }
}
