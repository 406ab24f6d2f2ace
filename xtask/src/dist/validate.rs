//! Unsigned package → validated package: the ICEs and our own rules, before a signature makes it look finished.

use super::package::Package;
use crate::Context;
use crate::failure::Outcome;
use crate::tasks::validate::validate_file;

/// A package that no rule finds an error in.
#[derive(Debug, Clone)]
pub struct Validated(pub Package);

/// Warnings are shown; an error stops.
pub fn validate(context: &Context, package: Package) -> Outcome<Validated> {
    validate_file(context, &package.path)?;
    Ok(Validated(package))
}
