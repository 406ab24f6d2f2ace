//! Which properties hold secrets: those that the author hides, and those whose names say so.

use crate::package::Package;
use std::collections::BTreeSet;

/// Parts of names that secrets have.
const TELLING: [&str; 9] =
    ["PASSWORD", "PASSWD", "PASSPHRASE", "PWD", "SECRET", "APIKEY", "API_KEY", "PRIVATEKEY", "CREDENTIAL"];

/// Whether a property's name says that it holds a secret.
pub fn is_telling(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    TELLING.iter().any(|part| name.contains(part)) || name.split(['_', '.']).any(|part| part == "TOKEN")
}

/// The properties that the log leaves out.
pub fn hidden<'a>(package: &Package<'a>) -> BTreeSet<&'a str> {
    package.property_list("MsiHiddenProperties").into_iter().collect()
}

/// Whether a property is a secret in this package.
pub fn is_secret(name: &str, hidden: &BTreeSet<&str>) -> bool {
    hidden.contains(name) || is_telling(name)
}
