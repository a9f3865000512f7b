//! Having the person back everything up, or restore it: the passphrase is theirs to give, in the window.

use crate::failure::Failure;
use crate::print;
use std::path::{Path, absolute};
use wire::{Client, Errand, Show};
use words::say;

/// Has the window begin it. Which file is meant does not depend on who reads its name.
pub(crate) async fn begin(client: &Client, file: &Path, errand: fn(String) -> Errand) -> Result<(), Failure> {
    let file = absolute(file)?;
    let Some(file) = file.to_str().map(str::to_owned) else {
        return Err(Failure::Usage(say!(cli_backup_name), say!(cli_backup_name_advice)));
    };
    let token = std::env::var("XDG_ACTIVATION_TOKEN").ok();
    let errand = Some(errand(file));
    client.show(&Show { activation_token: token, errand, ..Show::default() }).await?;
    print::line(&say!(cli_backup_in_window))
}
