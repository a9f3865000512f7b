//! Taking edits of the configuration over while running.

use crate::valet::save;
use crate::valet::view::AsleepProgram;
use crate::valet::{Valet, export, kept_answers, keys, moving};
use config::{self, Config, ConfigError, ServerConfig, Watch};
use consent::about::About;
use consent::answer::Confirmation;
use consent::subject::{Matter, Subject};
use ground::fingerprint::fingerprint;
use oauth::{Http, HttpOptions};
use state::item::ClientSecret;
use state::meant::Meant;
use state::record::Records;
use state::vault_notice::VaultNotice;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use vault::Key;
use wire::{Act, Actor, Problem, Reason, VaultKind};
use words::say;

/// How long the file must be left alone before it is read: editors write it in several steps.
const QUIET: Duration = Duration::from_millis(200);

/// Follows the file for as long as the valet runs.
pub(crate) async fn follow(valet: Arc<Valet>, watch: Watch) {
    loop {
        watch.changed().await;
        while tokio::time::timeout(QUIET, watch.changed()).await.is_ok() {}
        reload(&valet);
    }
}

/// Reads the file again. What is wrong with it is shown, and the last good configuration stays in use; an
/// edit that gives more than before waits for the person.
pub(crate) fn reload(valet: &Arc<Valet>) {
    // Our own edits are seen twice, by who made them and by the watch: one of the two finds nothing new.
    let _one_at_a_time = valet.reloading.lock();
    take_over(valet, |_| {}, None, Told::Not);
}

/// Makes an edit that the person wants, and takes it over without asking about it. What anybody else put into
/// the file meanwhile has no part in that: `wanted` says what the edit comes to.
pub(crate) fn edit(
    valet: &Arc<Valet>,
    edit: impl FnOnce(&Path) -> Result<(), ConfigError>,
    wanted: impl FnOnce(&mut Config),
) -> Result<(), Problem> {
    change(valet, edit, wanted, Told::Not)?;
    match &valet.book().trouble {
        Some(trouble) => Err(trouble.clone()),
        None => Ok(()),
    }
}

/// As [`edit`], does not say whether something in the file waits, and leaves it to the caller to note in the
/// audit what was done.
pub(crate) fn put(
    valet: &Arc<Valet>,
    edit: impl FnOnce(&Path) -> Result<(), ConfigError>,
    wanted: impl FnOnce(&mut Config),
) -> Result<(), Problem> {
    change(valet, edit, wanted, Told::Already)
}

fn change(
    valet: &Arc<Valet>,
    edit: impl FnOnce(&Path) -> Result<(), ConfigError>,
    wanted: impl FnOnce(&mut Config),
    told: Told,
) -> Result<(), Problem> {
    let _one_at_a_time = valet.reloading.lock();
    let told = if is_in_use(valet) { told } else { Told::Not };
    edit(&valet.paths.config).map_err(|error| Problem::from(&error))?;
    take_over(valet, wanted, None, told);
    Ok(())
}

/// A configuration of a backup, as it would be used here: secrets stay where they are kept now.
pub(crate) fn good(valet: &Valet, text: &str) -> Result<String, Problem> {
    let choice = moving::choice(valet.vault.kind()).unwrap_or_default();
    let text =
        config::with_vault(&valet.paths.config, text, choice).map_err(|error| Problem::from(&error))?;
    let config = Config::parse(&valet.paths.config, &text).map_err(|error| Problem::from(&error))?;
    http(&config)?;
    Ok(text)
}

/// Puts the configuration of a backup into use, with what is known of its servers: the person agreed to it.
pub(crate) fn restore(valet: &Arc<Valet>, text: String, records: Records) -> Result<(), Problem> {
    let _one_at_a_time = valet.reloading.lock();
    let config = Config::parse(&valet.paths.config, &text).map_err(|error| Problem::from(&error))?;
    config::replace(&valet.paths.config, &text).map_err(|error| Problem::from(&error))?;
    valet.change(|book| {
        book.left.clone_from(&records.left);
        book.refused = records.refused(&config);
        book.ledger.clone_from(&records.ledger);
    });
    for (id, uses, answers) in records.of_agents() {
        let mut consents = valet.consents();
        consents.expect_uses(id, uses.clone());
        consents.expect_noted(id, answers.clone());
    }
    adopt(valet, config, fingerprint(&[&text]), Told::Already, true, &records);
    Ok(())
}

/// Whether the audit says otherwise what is new in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Already,
    Not,
}

/// Whether the file is what is in use: then nothing of anybody else's is taken over with an edit.
fn is_in_use(valet: &Valet) -> bool {
    let text = std::fs::read_to_string(&valet.paths.config).unwrap_or_default();
    valet.book().mark == fingerprint(&[&text])
}

/// What is in use, changed as `wanted` says, and the text with the mark `accepted` have the person's consent.
fn take_over(valet: &Arc<Valet>, wanted: impl FnOnce(&mut Config), accepted: Option<&str>, told: Told) {
    let (mut new, text) = match Config::load(&valet.paths.config) {
        Ok(loaded) => loaded,
        Err(error) => return show_trouble(valet, Some(Problem::from(&error))),
    };
    let mark = fingerprint(&[&text]);
    valet
        .questions
        .take_back(|matter| matches!(matter, Matter::Configuration { mark: other } if *other != mark));
    if valet.book().mark == mark {
        return show_trouble(valet, None);
    }
    if text.trim().is_empty() && !valet.book().servers.is_empty() {
        return show_trouble(valet, Some(emptied(&valet.paths.config)));
    }
    let mut old = valet.book().config.clone();
    new.leave_inert(valet.shell.asks(), |name, mark| old.inert.get(name).is_some_and(|known| known == mark));
    wanted(&mut old);
    let raises = {
        let book = valet.book();
        config::raises(&old, |name, server| book.known_of(name, server), &book.kept_to_the_proxy(), &new)
    };
    if raises.is_empty() || accepted == Some(mark.as_str()) {
        let agreed = accepted == Some(mark.as_str());
        return adopt(valet, new, mark, told, agreed, &last_records(valet));
    }
    ask(valet, raises, mark);
}

/// Puts a program of the file into use that was left alone, as the person agreed to; `seen` is the mark of
/// what was shown to them.
pub(crate) fn wake(valet: &Arc<Valet>, name: &str, seen: Option<&str>) -> Result<(), Problem> {
    let _one_at_a_time = valet.reloading.lock();
    let (mut config, mark) = {
        let book = valet.book();
        (book.config.clone(), book.mark.clone())
    };
    let asleep = config.asleep.get(name).map(|server| AsleepProgram::of(name, server));
    if asleep.as_ref().is_some_and(|asleep| !config::can_be_shown(&asleep.settings)) {
        return Err(problems::proposal_too_long(name));
    }
    if asleep.is_some_and(|asleep| seen.is_some_and(|seen| seen != asleep.mark)) {
        return Err(problems::program_changed(name));
    }
    if !config.wake(name) {
        return Err(problems::unknown_server(name));
    }
    adopt(valet, config, mark, Told::Already, true, &last_records(valet));
    Ok(())
}

/// Asks the person about an edit that gives more than before. Nothing of it takes effect until they agree.
fn ask(valet: &Arc<Valet>, raises: Vec<String>, mark: String) {
    let detail = say!(problem_edit_waits, raises = raises.join("; "));
    show_trouble(valet, Some(waits(valet, detail)));
    let matter = Matter::Configuration { mark: mark.clone() };
    if valet.questions.is_open(&Subject::Matter(matter.clone())) {
        return;
    }
    let Some(mut waiting) = valet.questions.ask(matter, About::Configuration { raises }) else { return };
    valet.publish();
    let asking = Arc::clone(valet);
    valet.runtime.spawn(async move {
        if matches!(waiting.answer().await, Some(Confirmation::Yes)) {
            let _one_at_a_time = asking.reloading.lock();
            take_over(&asking, |_| {}, Some(&mark), Told::Not);
        }
    });
}

/// An edit that waits for the person, and what is to be done.
pub(crate) fn waits(valet: &Valet, detail: String) -> Problem {
    let advice = match valet.shell.asks() {
        true => say!(problem_edit_waits_advice),
        false => say!(problem_edit_waits_restart),
    };
    problems::invalid_request(detail, advice).because(Reason::ConfigurationWaits)
}

/// Editors empty a file, or move it away, for a moment before they write it.
fn emptied(file: &Path) -> Problem {
    let detail = say!(problem_empty_file, file = file.display().to_string());
    problems::invalid_request(detail, say!(problem_empty_file_advice)).because(Reason::Configuration)
}

/// What was known of servers when it was last written down.
fn last_records(valet: &Valet) -> Records {
    save::load(&valet.paths.servers()).unwrap_or_default()
}

/// Puts a good configuration into use. `agreed`: whether the person was asked about it.
fn adopt(valet: &Arc<Valet>, config: Config, mark: String, told: Told, agreed: bool, records: &Records) {
    match http(&config) {
        Ok(http) => *valet.http.lock() = http,
        Err(problem) => return show_trouble(valet, Some(problem)),
    }
    valet.activity.look_again();
    valet.consents().set_defaults(config.valet.rules);
    let programs: Vec<(Meant, Arc<ServerConfig>)> = {
        let book = valet.book();
        let here = book.servers.values().filter(|server| server.runs_here());
        here.map(|server| (Meant::of(server), server.config.clone())).collect()
    };
    let exported = valet.book().config.valet.audit.clone();
    let gone = valet.change(|book| {
        let new = &config.valet.vault;
        if book.config.valet.vault != *new && Some(new) != moving::choice(valet.vault.kind()).as_ref() {
            book.vault_notices.push(VaultNotice::AtNextStart);
        }
        book.adopt(config, mark, records)
    });
    if exported != valet.book().config.valet.audit {
        export::set(valet);
    }
    valet.questions.take_back_uses(|asked| gone.iter().any(|server| server.id == asked.server_id));
    valet.accounts.lock().clear();
    let is_of_before = |matter: &Matter| matches!(matter, Matter::Configuration { .. } | Matter::Account(_));
    valet.questions.take_back(is_of_before);
    for server in &gone {
        kept_answers::forget(valet, &server.id);
        valet.forget_last_time(&server.id);
        valet.sessions().forget(&server.id);
        valet.catalogs.lock().forget(&server.id);
        valet.programs.running.forget(&server.id);
        valet.questions.take_back_calls(|call| call.server_id == server.id);
        if server.held.grant().is_some() {
            tracing::warn!(
                server = server.name,
                "it left the configuration; its sign-in stays in the vault until it is put back and revoked"
            );
        }
    }
    for (meant, before) in &programs {
        if valet.book().meant(meant).is_ok_and(|server| server.config != *before) {
            valet.end_programs(&meant.id);
        }
    }
    valet.save();
    if told == Told::Not {
        valet.note(&audit::entry(valet.clock.now(), Act::Configuration, Actor::configuration()));
    }
    let adopted = Arc::clone(valet);
    valet.runtime.spawn(async move {
        let _ = adopted.unseal().await;
        if agreed {
            keys::follow(&adopted, programs.into_iter().map(|(meant, _)| meant)).await;
            keys::bind_anew(&adopted).await;
        }
        move_secrets(&adopted).await;
    });
}

/// The HTTP client that a configuration asks for.
pub(crate) fn http(config: &Config) -> Result<Http, Problem> {
    let options = HttpOptions {
        extra_ca: config.valet.extra_ca.clone(),
        proxy: config.valet.proxy.clone(),
        ..HttpOptions::default()
    };
    Http::new(&options).map_err(|fault| problems::fault(&fault))
}

/// Moves secrets from the file into the keychain. Memory would lose them, so from there they are not taken.
pub(crate) async fn move_secrets(valet: &Arc<Valet>) {
    keys::move_from_file(valet).await;
    if valet.vault.kind() == VaultKind::Memory {
        return;
    }
    let (mut moved, mut kept) = (BTreeSet::new(), BTreeSet::new());
    for (name, key, secret) in secrets_in_file(valet) {
        match valet.vault.write(key, Arc::new(secret)).await {
            Ok(_) => moved.insert(name),
            Err(error) => {
                tracing::warn!(server = name, %error, "the client secret stays in the configuration for now");
                kept.insert(name)
            }
        };
    }
    for name in moved.difference(&kept) {
        drop_from_file(valet, name);
    }
}

fn secrets_in_file(valet: &Valet) -> Vec<(String, Key, ClientSecret)> {
    let book = valet.book();
    let with_secret = book.servers.values().filter_map(|server| {
        let client_id = server.config.oauth.client_id.clone()?;
        let secret = server.config.oauth.secret_in_file().cloned()?;
        let key = Key::ClientSecret(server.id.clone());
        Some((server.name.clone(), key, ClientSecret { client_id, secret }))
    });
    let of_provider = book.servers.values().filter_map(|server| {
        let provider = server.config.oauth.grant.provider()?;
        let (client_id, secret) = (provider.client_id.clone(), provider.client_secret.clone()?);
        let key = Key::ProviderSecret(server.id.clone());
        Some((server.name.clone(), key, ClientSecret { client_id, secret }))
    });
    with_secret.chain(of_provider).collect()
}

fn drop_from_file(valet: &Arc<Valet>, name: &str) {
    match config::drop_secrets(&valet.paths.config, name) {
        Ok(()) => tracing::info!(
            server = name,
            "the client secret was moved from the configuration into the keychain"
        ),
        Err(error) => {
            tracing::warn!(server = name, %error, "the client secret is in the keychain, and still in the configuration")
        }
    }
    reload(valet);
}

fn show_trouble(valet: &Valet, trouble: Option<Problem>) {
    if valet.book().trouble == trouble {
        return;
    }
    if let Some(problem) = &trouble {
        tracing::warn!("{}. {}", problem.detail, problem.advice);
    }
    valet.change(|book| book.trouble = trouble);
}
