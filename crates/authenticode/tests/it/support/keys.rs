//! The committed test keys.

use std::path::PathBuf;

use authenticode::{Password, Roots, Signer};

/// The keys that sign, each with `<name>.key.pem` and `<name>.chain.pem`.
pub const ALL: [&str; 4] = ["rsa-2048", "rsa-4096", "p256", "p384"];

pub fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/keys").join(file)
}

pub fn read(file: &str) -> Vec<u8> {
    std::fs::read(path(file)).unwrap()
}

pub fn password() -> Password {
    Password::new("test päss")
}

pub fn signer(name: &str) -> Signer {
    signer_with_chain(name, &format!("{name}.chain.pem"))
}

pub fn signer_with_chain(key: &str, chain: &str) -> Signer {
    Signer::from_pem(&read(&format!("{key}.key.pem")), &read(chain), None).unwrap()
}

pub fn roots() -> Roots {
    Roots::from_pem(&read("root.pem")).unwrap()
}
