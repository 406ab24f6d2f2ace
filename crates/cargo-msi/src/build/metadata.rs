//! `[package.metadata.wix]`: the settings that `cargo wix` keeps in Cargo.toml.

use crate::report::{self, Failure};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The keys that a build reads. A flag of the same name wins over a key.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Settings {
    pub name: Option<String>,
    pub version: Option<String>,
    pub culture: Option<String>,
    pub locale: Option<String>,
    pub include: Vec<String>,
    pub output: Option<String>,
    pub compiler_args: Vec<String>,
    pub linker_args: Vec<String>,
    pub dbg_build: bool,
    pub dbg_name: bool,
    pub profile: Option<String>,
    pub target: Option<String>,
    pub no_build: bool,
    pub features: Vec<String>,
    pub all_features: bool,
    pub no_default_features: bool,
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

/// Keys that `cargo wix init` and other commands read; a build has no use for them.
const OF_OTHER_COMMANDS: [&str; 15] = [
    "banner",
    "binaries",
    "binary",
    "description",
    "dialog",
    "eula",
    "license",
    "manufacturer",
    "owner",
    "path-guid",
    "product-icon",
    "product-name",
    "upgrade-guid",
    "url",
    "year",
];

impl Settings {
    /// Reads the table of a package's metadata; there need not be one.
    pub fn of(package: &str, metadata: &Value) -> Result<Settings, Failure> {
        let Some(table) = metadata.get("wix") else { return Ok(Settings::default()) };
        let settings: Settings = serde_json::from_value(table.clone())
            .map_err(|error| Failure::new(format!("[package.metadata.wix] of {package}: {error}")))?;
        for key in settings.others.keys().filter(|key| !OF_OTHER_COMMANDS.contains(&key.as_str())) {
            report::warning(&format!("[package.metadata.wix] of {package}: the key '{key}' is not known"));
        }
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_read_and_wrong_kinds_refused() {
        let table = json!({ "wix": {
            "name": "App", "compiler-args": ["-dX=1"], "dbg-name": true, "upgrade-guid": "X", "no-build": true
        }});
        let settings = Settings::of("app", &table).unwrap();
        assert_eq!(settings.name.as_deref(), Some("App"));
        assert_eq!(settings.compiler_args, ["-dX=1"]);
        assert!(settings.dbg_name && settings.no_build && !settings.dbg_build);
        assert!(Settings::of("app", &json!({ "wix": { "name": 1 } })).is_err());
        assert!(Settings::of("app", &json!(null)).unwrap().name.is_none());
    }
}
