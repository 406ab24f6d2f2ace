//! What a rule is and what it says.

use crate::package::{Entry, Package};
use std::fmt;

/// Whether a finding stops a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The package may behave otherwise than its author thinks.
    Warning,
    /// The package is wrong: it fails, or harms the machine, when it is installed, changed or removed.
    Error,
}

/// One rule with its documentation.
pub struct Rule {
    /// Microsoft's number or one of ours; never reused.
    pub id: &'static str,
    /// What it checks, in one sentence.
    pub what: &'static str,
    /// What goes wrong otherwise.
    pub why: &'static str,
    /// The page that says so.
    pub source: &'static str,
    /// The severity of its findings unless a finding has its own.
    pub severity: Severity,
    pub(crate) check: fn(&Package, &mut Report),
}

/// One fault, with its place in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: &'static str,
    pub severity: Severity,
    pub message: String,
    /// Empty where the fault is in no table, such as in the summary information.
    pub table: String,
    pub column: String,
    /// Cells of the row's primary key, divided by `/`; empty where the fault is no single row's.
    pub key: String,
}

/// Takes a rule's findings.
pub struct Report<'r> {
    rule: &'r Rule,
    findings: &'r mut Vec<Finding>,
}

impl<'r> Report<'r> {
    pub(crate) fn new(rule: &'r Rule, findings: &'r mut Vec<Finding>) -> Report<'r> {
        Report { rule, findings }
    }

    /// A fault of one cell.
    pub(crate) fn at(&mut self, entry: &Entry, column: &str, message: impl Into<String>) {
        self.as_severity(self.rule.severity, entry, column, message);
    }

    /// A fault of one cell that is graver or lighter than the rule's others.
    pub(crate) fn as_severity(
        &mut self,
        severity: Severity,
        entry: &Entry,
        column: &str,
        message: impl Into<String>,
    ) {
        self.push(severity, entry.table(), column, entry.key(), message.into());
    }

    /// A fault of a whole table, or of none.
    pub(crate) fn table(&mut self, table: &str, message: impl Into<String>) {
        self.table_as(self.rule.severity, table, message);
    }

    /// A fault of a whole table that is graver or lighter than the rule's others.
    pub(crate) fn table_as(&mut self, severity: Severity, table: &str, message: impl Into<String>) {
        self.push(severity, table, "", String::new(), message.into());
    }

    fn push(&mut self, severity: Severity, table: &str, column: &str, key: String, message: String) {
        self.findings.push(Finding {
            rule: self.rule.id,
            severity,
            message,
            table: table.to_owned(),
            column: column.to_owned(),
            key,
        });
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity, self.rule, self.message)?;
        if !self.table.is_empty() {
            write!(f, " ({}", self.table)?;
            if !self.column.is_empty() {
                write!(f, ".{}", self.column)?;
            }
            if !self.key.is_empty() {
                write!(f, ", row {}", self.key)?;
            }
            write!(f, ")")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Rule").field("id", &self.id).field("what", &self.what).finish_non_exhaustive()
    }
}
