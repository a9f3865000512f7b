//! Whoever packs and releases: a key of GnuPG, and programs that have to end well.

use std::process::Command;

use tempfile::TempDir;

/// A key to sign with, known here alone.
#[derive(Debug)]
pub struct Packer {
    home: TempDir,
}

impl Packer {
    /// By which gpg knows the key.
    pub const NAME: &str = "packer@packers.example";

    /// A new key.
    #[expect(clippy::new_without_default, reason = "making a key takes gpg a moment, and can fail")]
    pub fn new() -> Self {
        let packer = Self { home: tempfile::tempdir().unwrap() };
        let make = ["--quick-generate-key", Self::NAME, "ed25519", "sign", "never"];
        well(packer.knows(Command::new("gpg").args(["--batch", "--passphrase", ""]).args(make)));
        packer
    }

    /// Lets a program sign with the key.
    pub fn knows<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("GNUPGHOME", self.home.path())
    }

    /// The public half, as others import it.
    pub fn public(&self) -> String {
        self.exported("--export")
    }

    /// All of it, as it is kept where releases are signed.
    pub fn secret(&self) -> String {
        self.exported("--export-secret-keys")
    }

    fn exported(&self, what: &str) -> String {
        let mut export = Command::new("gpg");
        export.args(["--batch", "--passphrase", "", "--armor", what, Self::NAME]);
        let output = self.knows(&mut export).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Packer {
    fn drop(&mut self) {
        let _ = self.knows(Command::new("gpgconf").args(["--kill", "all"])).status();
    }
}

/// What a program says that ends well.
#[track_caller]
pub fn well(command: &mut Command) -> String {
    let output = command.env("LC_ALL", "C.UTF-8").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    said.into_owned()
}
