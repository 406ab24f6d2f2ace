//! The independent signer and verifier.

use std::path::Path;
use std::process::{Command, Output};

use super::keys;

/// Fails unless osslsigncode accepts the file's signature against the test root.
pub fn accepts(file: &Path) {
    accepts_with(file, &keys::path("root.pem"));
}

/// Fails unless osslsigncode accepts the file's signature against these roots.
pub fn accepts_with(file: &Path, roots: &Path) {
    let output = verify_with(file, roots);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("Signature verification: ok"),
        "osslsigncode rejects {}:\n{text}{}",
        file.display(),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Fails unless osslsigncode accepts the file's signature against the test root and its timestamp against this one.
pub fn accepts_timestamp(file: &Path, roots: &Path) {
    let output = run(Command::new("osslsigncode")
        .arg("verify")
        .arg("-CAfile")
        .arg(keys::path("root.pem"))
        .arg("-TSA-CAfile")
        .arg(roots)
        .arg("-in")
        .arg(file));
    let text = String::from_utf8_lossy(&output.stdout);
    let good = output.status.success() && text.contains("Timestamp Server Signature verification: ok");
    assert!(good && text.contains("Signature verification: ok"), "{}:\n{text}", file.display());
}

/// What osslsigncode says to the file.
pub fn verify(file: &Path) -> Output {
    verify_with(file, &keys::path("root.pem"))
}

fn verify_with(file: &Path, roots: &Path) -> Output {
    run(Command::new("osslsigncode").args(["verify", "-CAfile"]).arg(roots).arg("-in").arg(file))
}

/// Signs with osslsigncode and the named test key.
pub fn sign(input: &Path, output: &Path, key: &str, more: &[&str]) {
    let answer = run(Command::new("osslsigncode")
        .args(["sign", "-h", "sha256", "-certs"])
        .arg(keys::path(&format!("{key}.chain.pem")))
        .arg("-key")
        .arg(keys::path(&format!("{key}.key.pem")))
        .args(more)
        .arg("-in")
        .arg(input)
        .arg("-out")
        .arg(output));
    assert!(
        answer.status.success(),
        "osslsigncode cannot sign {}: {}{}",
        input.display(),
        String::from_utf8_lossy(&answer.stdout),
        String::from_utf8_lossy(&answer.stderr)
    );
}

fn run(command: &mut Command) -> Output {
    command.output().expect("osslsigncode cannot be run: `cargo xtask setup` installs it")
}
