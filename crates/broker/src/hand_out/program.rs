//! What a program is started with: its keys are put in at that moment, and the entry in the audit is written
//! before.

use crate::hand_out::caller::Caller;
use crate::hand_out::credential::note;
use crate::hand_out::seal::count;
use crate::hand_out::shown::Shown;
use crate::valet::Valet;
use audit::Receipt;
use config::ServerConfig;
use consent::call::Cleared;
use consent::permit::Permit;
use local::{Program, Word};
use state::keys::{Keys, Unfit};
use state::meant::Meant;
use state::shut::Shut;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use wire::Problem;
use words::say;

/// The right to have one request served by a program, and to start it for that.
pub(crate) struct Launch {
    valet: Arc<Valet>,
    meant: Meant,
    keys: Option<Arc<Keys>>,
}

/// Writes the entry of a request in the audit; what comes of that may start the program. `rpc` is the method
/// that it asks for, and `cleared` what was let through by rules.
pub(crate) async fn launch(
    agent: &Caller,
    _: &Permit,
    meant: &Meant,
    shown: Option<&Shown>,
    (rpc, cleared): (&str, Option<&Cleared>),
) -> Result<Launch, Problem> {
    let _: Receipt = note(agent, meant, shown, rpc, cleared).await?;
    count(agent, meant, shown.map(Shown::scopes));
    let keys = match shown {
        Some(Shown::Keys(keys)) => Some(Arc::clone(keys)),
        Some(Shown::Grant(_)) | None => None,
    };
    Ok(Launch { valet: Arc::clone(&agent.valet), meant: meant.clone(), keys })
}

impl Launch {
    /// The program, with its keys.
    pub(crate) async fn program(self) -> Result<Program, Problem> {
        let mut env = self.valet.programs.running.environment().await;
        let home = self.home()?;
        let book = self.valet.book();
        let server = book.meant(&self.meant)?;
        // It may have waited for its turn.
        if let Some(declined) = server.declined() {
            return Err(declined);
        }
        if let Some(lock) = &book.lock {
            return Err(Problem::from(Shut::Locked(lock.cause)));
        }
        let none = Arc::default();
        let keys = match &self.keys {
            Some(shown) => {
                let now = server.fitting_keys().map_err(|unfit| server.unfit(&unfit))?;
                if !now.are(shown) {
                    return Err(problems::key_replaced(&server.name));
                }
                now
            }
            None => &none,
        };
        env.extend(variables(&server.config, keys).map_err(|unfit| server.unfit(&unfit))?);
        let args = keys.arguments(&server.config).map_err(|unfit| server.unfit(&unfit))?;
        let program = server.config.place.program().ok_or_else(|| problems::unknown_server(&server.name))?;
        let command = match program.command.strip_prefix("~/") {
            Some(below) => home.join(below).into_os_string(),
            None => OsString::from(&program.command),
        };
        Ok(Program {
            command,
            args: args.iter().map(|word| Word::from(word.as_str())).collect(),
            env,
            cwd: program.cwd.as_ref().map_or_else(|| home.clone(), |cwd| config::folder_in(&home, cwd)),
            secrets: keys.secrets().collect(),
        })
    }

    fn home(&self) -> Result<PathBuf, Problem> {
        let home = &self.valet.surroundings.places.home;
        if home.is_empty() {
            return Err(problems::internal(say!(problem_no_home), say!(problem_no_home_advice)));
        }
        Ok(PathBuf::from(home))
    }
}

fn variables(server: &ServerConfig, keys: &Keys) -> Result<Vec<(OsString, Word)>, Unfit> {
    let of = |line: &config::Header| {
        let filled = keys.fill(server, line)?;
        Ok((OsString::from(&line.name), Word::from(filled.as_str())))
    };
    server.headers.iter().map(of).collect()
}
