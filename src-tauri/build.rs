//! The window's pages are put into the program while it is compiled, so they must have been built.

use std::path::Path;
use tauri_build::{AppManifest, Attributes};

fn main() {
    println!("cargo::rerun-if-changed=../ui/dist");
    if !Path::new("../ui/dist/index.html").exists() {
        println!("cargo::error=the window's pages are not built yet: run `make ui`");
        return;
    }
    // Only what is named here can be allowed to a page, so only the window's capability opens it.
    let commands = AppManifest::new().commands(&["call", "close", "events", "icon", "zoom"]);
    if let Err(error) = tauri_build::try_build(Attributes::new().app_manifest(commands)) {
        println!("cargo::error={}", format!("{error:#}").replace('\n', " "));
    }
}
