//! Unsigned package → validated package: the ICEs and our own rules, before a signature makes it look finished.

use super::package::Package;
use crate::Context;
use crate::failure::Outcome;
use crate::tasks::validate::validate_file;
use std::collections::BTreeSet;
use std::sync::Mutex;

/// A package that no rule finds an error in.
#[derive(Debug, Clone)]
pub struct Validated(pub Package);

/// Warnings are shown, each once for all packages that share `shown`; an error stops.
pub fn validate(context: &Context, package: Package, shown: &Mutex<BTreeSet<String>>) -> Outcome<Validated> {
    validate_file(context, &package.path, shown)?;
    Ok(Validated(package))
}
