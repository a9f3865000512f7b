//! With which configuration a run begins. What the file gives beyond the last run is asked about where a
//! shell can ask; a service that has none takes its file as its owner's word. Where a program has the valet
//! started, nobody's word is taken: it waits for the person.

use crate::run::StartedBy;
use config::{self, Config};
use ground::fingerprint::fingerprint;
use state::record::Records;

pub(crate) struct Beginning {
    pub(crate) config: Config,
    /// The mark of the text that it was read from; that of no text if the file waits for the person.
    pub(crate) mark: String,
    /// What it gives beyond the last run, each in words, where that was not asked about.
    pub(crate) honoured: Vec<String>,
}

impl Beginning {
    pub(crate) fn of(mut file: Config, text: &str, records: &Records, by: StartedBy, asks: bool) -> Self {
        let mark = fingerprint(&[text]);
        // Where nothing is known of the last run, neither is what was left alone in it.
        let is_first = asks && Config::written_down(&records.configuration).is_none();
        file.leave_inert(asks, |name, mark| is_first || records.was_inert(name, mark));
        let has_only_known_keys =
            || file.servers.iter().all(|(name, server)| records.had_keys_of(name, server));
        if records.configuration == file.plain && has_only_known_keys() {
            return Self { config: file, mark, honoured: Vec::new() };
        }
        let for_a_program = by == StartedBy::Program;
        let before = Config::written_down(&records.configuration);
        let Some(before) = before.or_else(|| for_a_program.then(Config::default)) else {
            // The first run, or the last was of a version that wrote down less.
            let honoured = records.raises(&file);
            return Self { config: file, mark, honoured };
        };
        let mut before =
            before.with_secrets_of(&file).without_new_keys(|name, server| records.had_keys_of(name, server));
        if records.moved_out_of.is_some() {
            // The person moved it themselves, and the last run was cut short.
            before.use_vault(file.valet.vault.clone());
        }
        let left = |name: &str, server: &config::ServerConfig| records.known_of(name, server);
        let raises = config::raises(&before, left, &records.kept_to_the_proxy(), &file);
        if (asks || for_a_program) && !raises.is_empty() {
            // It is not forgotten meanwhile that nobody has agreed to these.
            before.leave_as_in(&file);
            return Self { config: before, mark: String::new(), honoured: Vec::new() };
        }
        Self { config: file, mark, honoured: raises }
    }

    /// Whether the file waits for the person.
    pub(crate) const fn waits(&self) -> bool {
        self.mark.is_empty()
    }
}
