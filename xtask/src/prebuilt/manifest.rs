//! `manifest.json`: what the DLLs were made from, and by which compiler.

use crate::failure::{Context as _, Outcome};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// What `rustc --version` prints.
    pub compiler: String,
    pub dlls: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    pub file: String,
    pub package: String,
    pub target: String,
    /// Of the crate's sources and the flags.
    pub source: String,
    /// Of the DLL.
    pub sha256: String,
}

impl Manifest {
    pub fn read(path: &Path) -> Outcome<Manifest> {
        let text = fs::read_to_string(path).context(path.display())?;
        serde_json::from_str(&text).context(path.display())
    }

    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
