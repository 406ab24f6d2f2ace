//! Checks Windows Installer databases before anybody installs them.
//!
//! The rules are of two kinds: internal consistency evaluators after Microsoft's published descriptions, under
//! Microsoft's numbers (`ICE03`), and security rules of our own (`SEC01`). Each rule is one file below `rules/` with what
//! it checks, why, and where that is written; [`CATALOGUE`] lists them all. [`validate`] runs every rule over a database
//! and changes nothing. Only what a rule can know for certain is an error: where the outcome depends on a machine, the
//! finding is a warning.

#![forbid(unsafe_code)]

mod catalogue;
mod category;
mod directories;
#[cfg(test)]
mod fixture;
mod formatted;
mod package;
mod rule;
mod rules;
mod sddl;
mod secrets;
mod sequence;

pub use catalogue::CATALOGUE;
pub use rule::{Finding, Rule, Severity};

use msi_db::Database;
use package::Package;
use rule::Report;

/// Runs every rule. The findings come in the order of the catalogue, and within a rule in the order of tables and rows.
pub fn validate(database: &Database) -> Vec<Finding> {
    let package = Package::new(database);
    let mut findings = Vec::new();
    for rule in CATALOGUE {
        (rule.check)(&package, &mut Report::new(rule, &mut findings));
    }
    findings
}
