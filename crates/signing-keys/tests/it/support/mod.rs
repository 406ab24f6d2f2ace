//! What the tests share.

pub mod server;

use std::path::{Path, PathBuf};
use std::process::Command;

use authenticode::{DigestSigner, HashAlgorithm, KeyError, Signer, software_key};
use signing_keys::{Error, Host, KeyFlags};

/// A committed test key's file.
pub fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../authenticode/tests/keys").join(file)
}

pub fn read(file: &str) -> Vec<u8> {
    std::fs::read(path(file)).unwrap()
}

/// A key in memory, for servers to sign with.
pub fn key(name: &str) -> Box<dyn DigestSigner> {
    software_key(&read(&format!("{name}.key.pem")), None).unwrap()
}

/// The certificates of a test key, as DER, the signing one first.
pub fn chain(name: &str) -> Vec<Vec<u8>> {
    authenticode::read_certificates(&read(&format!("{name}.chain.pem"))).unwrap()
}

/// Flags with the certificate of a test key.
pub fn with_cert(name: &str) -> KeyFlags {
    KeyFlags { cert: Some(path(&format!("{name}.chain.pem"))), ..KeyFlags::default() }
}

/// A machine with these variables only.
pub fn host(variables: &[(&str, &str)]) -> Host {
    Host::fixed(variables.iter().copied())
}

/// Opens the key and signs; the signature is checked against the certificate on the way.
pub fn sign(flags: &KeyFlags, host: &Host, hash: HashAlgorithm) -> Result<Signer, String> {
    let signer = flags.open(host).map_err(|error: Error| error.to_string())?;
    signer.sign_digest(hash, &hash.digest(b"x")).map_err(|error: KeyError| error.to_string())?;
    Ok(signer)
}

/// Runs a program; fails unless it succeeds; gives what it wrote.
pub fn run(folder: &Path, program: &str, arguments: &[&str]) -> Vec<u8> {
    let output =
        Command::new(program).current_dir(folder).args(arguments).output().unwrap_or_else(|error| {
            panic!("{program} cannot be run ({error}): `cargo xtask setup` installs it")
        });
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The two numbers of a DER `ECDSA-Sig-Value`, each `half` bytes long, as JWS and PKCS#11 have them.
pub fn raw_ecdsa(der: &[u8], half: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = &der[2..];
    for _ in 0..2 {
        let length = usize::from(rest[1]);
        let digits = &rest[2..2 + length];
        let digits = digits.strip_prefix(&[0]).unwrap_or(digits);
        out.extend(std::iter::repeat_n(0, half - digits.len()));
        out.extend_from_slice(digits);
        rest = &rest[2 + length..];
    }
    out
}

/// A key on P-256 that has no certificate.
pub fn other_p256() -> Box<dyn DigestSigner> {
    let folder = tempfile::tempdir().unwrap();
    let pem = run(
        folder.path(),
        "openssl",
        &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    );
    software_key(&pem, None).unwrap()
}
