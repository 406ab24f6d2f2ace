//! `cargo msi validate`: the ICEs and the security rules on a finished package.

use crate::package;
use crate::report::{self, Failure};
use msi_validate::{CATALOGUE, Finding, Severity};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Checks a package against the internal consistency evaluators (ICEs) and security rules.
///
/// Exit codes: 0 no errors, 1 a rule is broken or the package can't be read, 2 the command line is wrong.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Args {
    /// The package
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Writes the findings as JSON
    #[arg(long)]
    json: bool,

    /// Leaves out a rule, such as `ICE61`
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule)]
    suppress: Vec<&'static str>,
}

const EXAMPLES: &str = "\
Examples:
  cargo msi validate app.msi
  cargo msi validate app.msi --suppress ICE61,ICE69 --json";

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let database = package::open(&args.file)?;
    let mut findings = msi_validate::validate(&database);
    findings.retain(|finding| !args.suppress.contains(&finding.rule));
    if args.json {
        let findings: Vec<_> = findings.iter().map(object).collect();
        report::page(&format!("{}\n", json!({ "findings": findings })));
    } else {
        report::page(&findings.iter().map(line).collect::<String>());
    }
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if !args.json {
        report::note(&format!("{errors} errors, {} warnings", findings.len() - errors));
    }
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A rule by its name, in any case.
fn rule(text: &str) -> Result<&'static str, String> {
    let known = CATALOGUE.iter().map(|rule| rule.id).find(|name| name.eq_ignore_ascii_case(text));
    known.ok_or_else(|| {
        let names: Vec<&str> = CATALOGUE.iter().map(|rule| rule.id).collect();
        format!("known rules: {}", names.join(", "))
    })
}

fn line(finding: &Finding) -> String {
    let place = [&finding.table, &finding.column, &finding.key].map(|part| report::shown(part));
    let place = place.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    format!("{} {}: {} [{place}]\n", word(finding.severity), finding.rule, report::shown(&finding.message))
}

fn object(finding: &Finding) -> serde_json::Value {
    json!({
        "rule": finding.rule,
        "severity": word(finding.severity),
        "message": finding.message,
        "table": finding.table,
        "column": finding.column,
        "key": finding.key,
    })
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
