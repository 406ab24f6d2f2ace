//! ICE29: names of streams stay different when they are cut.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use msi_db::Value;
use std::collections::HashMap;

pub const RULE: Rule = Rule {
    id: "ICE29",
    what: "Streams of rows have different names within the first 62 characters of table and key.",
    why: "A compound file holds no longer names: of two that are cut to one, one row gets the other's bytes.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice29",
    severity: Severity::Error,
    check,
};

const LIMIT: usize = 62;

fn check(package: &Package, report: &mut Report) {
    let mut names: HashMap<String, String> = HashMap::new();
    for (table, _) in package.tables() {
        for entry in package.rows(table) {
            if !entry.columns().any(|(_, value)| matches!(value, Value::Stream(_))) {
                continue;
            }
            let name = format!("{table}.{}", entry.key().replace('/', "."));
            let cut: String = name.chars().take(LIMIT).collect();
            if let Some(other) = names.insert(cut, name.clone()) {
                report.at(
                    &entry,
                    "",
                    format!("the stream name `{name}` cannot be told from `{other}` in {LIMIT} characters"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, row};

    #[test]
    fn names_that_differ_past_the_limit_are_told() {
        let findings = planted(&RULE, |fixture| {
            for end in ["a", "b"] {
                let data = Value::Stream(msi_db::Data::Bytes((*b"x").into()));
                fixture.add("Binary", row!["Name" => format!("{}{end}", "n".repeat(60)), "Data" => data]);
            }
        });
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].table, "Binary");
    }
}
