//! SEC04: no program runs as SYSTEM from a place that others choose.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence::Kind;

pub const RULE: Rule = Rule {
    id: "SEC04",
    what: "No executable and no script runs as SYSTEM from the script (types 2, 5, 6, 18, 21, 22, 34, 37, 38, 50, 53, 54 without impersonation).",
    why: "It opens a console as SYSTEM on repair, finds DLLs in folders that others may write, and its output is in no log; a path from a property is anybody's choice.",
    source: "https://learn.microsoft.com/windows/win32/msi/custom-action-security",
    severity: Severity::Warning,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for action in package.rows("CustomAction") {
        let kind = Kind::of(&action);
        if !(kind.is_in_script() && kind.is_unimpersonated()) {
            continue;
        }
        if matches!(kind.base(), 34 | 50) {
            let message = "an executable whose path comes from a property or folder runs as SYSTEM";
            report.as_severity(Severity::Error, &action, "Type", message);
        } else if kind.runs_executable() {
            report.at(
                &action,
                "Type",
                "an executable runs as SYSTEM; a DLL can write to the log and opens no window",
            );
        } else if matches!(kind.base(), 53 | 54) {
            report.as_severity(Severity::Error, &action, "Type", "a script from a property runs as SYSTEM");
        } else if matches!(kind.base(), 5 | 6 | 21 | 22 | 37 | 38) {
            report.at(
                &action,
                "Type",
                "a script runs as SYSTEM; the machine's script engine and its settings run with it",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one, row};

    #[test]
    fn paths_from_properties_are_errors_and_other_programs_warnings() {
        let action = |kind: i32, source: &str| {
            row!["Action" => "Run", "Type" => kind, "Source" => source, "Target" => "x"].to_vec()
        };
        let path = planted_one(&RULE, |fixture| fixture.add("CustomAction", &action(50 + 0xc00, "CMD")));
        assert_eq!(path, "error CustomAction.Type Run");
        let program =
            planted_one(&RULE, |fixture| fixture.add("CustomAction", &action(2 + 0xc00, "Actions")));
        assert_eq!(program, "warning CustomAction.Type Run");
        assert_eq!(planted(&RULE, |fixture| fixture.add("CustomAction", &action(50, "CMD"))), []);
    }
}
