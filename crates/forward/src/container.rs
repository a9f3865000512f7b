//! A container, as the engine that runs it is asked about it.

use crate::engine::{ENGINES, ask};
use crate::fault::Fault;
use crate::host::HostError;
use rustix::process::Pid;

/// Longest name, in bytes.
const LONGEST: usize = 128;

/// The name or the ID of a container: letters, digits and `_.-`, as engines have them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Container(String);

/// Which container it is, of all that have had the name or will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    engine: &'static str,
    pub(crate) id: String,
}

impl Container {
    /// Reads a name.
    ///
    /// # Errors
    /// No container can be called so.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        if text.is_empty() || text.len() > LONGEST {
            return Err(HostError::Length);
        }
        if text.starts_with('-') {
            return Err(HostError::Dash);
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if text.chars().all(is_plain) { Ok(Self(text.to_owned())) } else { Err(HostError::Sign) }
    }

    /// As it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first process of it, as the first engine says in which it runs. Of one that was led here before,
    /// its own engine alone is asked.
    ///
    /// # Errors
    /// None such runs, or another one has the name of the one that was `known`.
    pub(crate) async fn first_process(&self, known: Option<&Known>) -> Result<(Known, Pid), Fault> {
        let (mut said, mut is_stopped) = (Vec::new(), false);
        for engine in ENGINES.into_iter().filter(|engine| known.is_none_or(|known| known.engine == *engine)) {
            match ask(engine, &self.0).await {
                Ok(found) if known.is_some_and(|known| known.id != found.id) => return Err(Fault::Replaced),
                Ok(found) => match i32::try_from(found.first).ok().and_then(Pid::from_raw) {
                    Some(pid) => return Ok((Known { engine, id: found.id }, pid)),
                    None => is_stopped = true,
                },
                Err(why) => said.push(why),
            }
        }
        if is_stopped {
            return Err(Fault::Stopped);
        }
        said.retain(|why| !why.is_empty());
        Err(Fault::NoContainer(said.join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_engines_call_containers_is_a_name() {
        assert_eq!(Container::parse("web-1.a_b").unwrap().as_str(), "web-1.a_b");
        assert_eq!(Container::parse("--format"), Err(HostError::Dash));
        for name in ["a b", "a/b", "a;b", "$(a)", "a\n", "ä", "a:b", "@a"] {
            assert_eq!(Container::parse(name), Err(HostError::Sign), "{name:?}");
        }
        assert_eq!(Container::parse(""), Err(HostError::Length));
    }
}
