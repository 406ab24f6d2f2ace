//! OpenSSL's command line, which writes keys in every form.

use std::path::Path;
use std::process::Command;

/// Runs `openssl` in `folder`; fails unless it succeeds.
pub fn run(folder: &Path, arguments: &[&str]) {
    let answer = Command::new("openssl")
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("openssl cannot be run: `cargo xtask setup` installs it");
    assert!(answer.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&answer.stderr));
}
