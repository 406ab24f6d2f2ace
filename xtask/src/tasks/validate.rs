//! `cargo xtask validate`: the ICEs and our own rules on finished packages.

use crate::Context;
use crate::failure::{Context as _, Failure, Outcome};
use msi_db::Database;
use msi_validate::{Finding, Severity};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Check packages against the internal consistency evaluators (ICEs)
#[derive(Debug, clap::Args)]
pub struct Validate {
    /// The packages
    #[arg(required = true, value_name = "MSI")]
    files: Vec<PathBuf>,
    /// Print the findings as JSON on standard output
    #[arg(long)]
    json: bool,
}

impl Validate {
    pub fn run(&self, context: &Context) -> Outcome {
        let mut errors = 0;
        let mut all = Vec::new();
        for file in &self.files {
            let findings = findings(file)?;
            errors += findings.iter().filter(|finding| finding.severity == Severity::Error).count();
            for finding in &findings {
                if self.json {
                    all.push(json!({
                        "file": file,
                        "rule": finding.rule,
                        "severity": severity(finding),
                        "message": finding.message,
                        "table": finding.table,
                        "column": finding.column,
                        "key": finding.key,
                    }));
                } else {
                    println!("{}: {}", file.display(), line(finding));
                }
            }
            if findings.is_empty() && !self.json {
                context.reporter.say(format!("{}: no findings", file.display()));
            }
        }
        if self.json {
            println!("{}", json!(all));
        }
        if errors == 0 { Ok(()) } else { Err(Failure::Failed(format!("{errors} errors"))) }
    }
}

/// Shows the findings of one package that `shown` does not hold yet: the variants of a release have most in common. Errors
/// fail.
pub fn validate_file(context: &Context, file: &Path, shown: &Mutex<BTreeSet<String>>) -> Outcome {
    let findings = findings(file)?;
    for text in findings.iter().map(line) {
        let new = shown.lock().unwrap_or_else(PoisonError::into_inner).insert(text.clone());
        if new {
            context.reporter.say(text);
        }
    }
    match findings.iter().filter(|finding| finding.severity == Severity::Error).count() {
        0 => Ok(()),
        errors => Err(Failure::Failed(format!("the package breaks {errors} rules"))),
    }
}

fn findings(file: &Path) -> Outcome<Vec<Finding>> {
    let reader = BufReader::new(File::open(file).context(file.display())?);
    let database = Database::open(reader).context(file.display())?;
    Ok(msi_validate::validate(&database))
}

fn line(finding: &Finding) -> String {
    let place = [&finding.table, &finding.column, &finding.key].map(String::as_str);
    let place = place.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    format!("{} {}: {} [{place}]", severity(finding), finding.rule, finding.message)
}

fn severity(finding: &Finding) -> &'static str {
    match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
