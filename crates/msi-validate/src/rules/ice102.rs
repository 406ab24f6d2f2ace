//! ICE102: configurations of services have values that the service control manager takes.

use crate::package::{Entry, Package};
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE102",
    what: "MsiServiceConfig has a known setting with a fitting argument; MsiServiceConfigFailureActions has as many delays as actions.",
    why: "The service control manager refuses the setting and the installation fails.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice-102",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for row in package.rows("MsiServiceConfig") {
        event(&row, report);
        let argument = row.text("Argument");
        let fits = match row.number("ConfigType") {
            // Delayed start; failure actions after an error exit.
            Some(3 | 4) => ["0", "1"].contains(&argument),
            Some(5) => ["0", "1", "3"].contains(&argument),
            Some(6) => true,
            Some(7) => argument.is_empty() || argument.parse::<i32>().is_ok_and(|number| number >= 0),
            _ => {
                report.at(&row, "ConfigType", "the setting is none of 3 to 7");
                continue;
            }
        };
        // A property is known at run time alone.
        if !fits && !argument.contains('[') {
            report.at(&row, "Argument", format!("`{argument}` does not fit the setting"));
        }
    }
    for row in package.rows("MsiServiceConfigFailureActions") {
        event(&row, report);
        let actions = list(&row, "Actions", report);
        let delays = list(&row, "DelayActions", report);
        if row.is_null("ResetPeriod") {
            report.as_severity(
                Severity::Warning,
                &row,
                "ResetPeriod",
                "without a period failures are counted forever",
            );
        }
        if actions != delays {
            report.at(&row, "DelayActions", format!("{actions} actions have {delays} delays"));
        }
    }
}

fn event(row: &Entry, report: &mut Report) {
    // Install 1, uninstall 2, reinstall 4.
    if !(1..=7).contains(&row.flags("Event")) {
        report.at(row, "Event", "the event is none of installation, removal and repair");
    }
}

/// Length of a list of numbers divided by `[~]`.
fn list(row: &Entry, column: &str, report: &mut Report) -> usize {
    let text = row.text(column);
    if text.is_empty() {
        return 0;
    }
    let items: Vec<&str> = text.split("[~]").collect();
    if items.iter().any(|item| item.parse::<u32>().is_err() && !item.contains('[')) {
        report.at(row, column, format!("`{text}` is no list of numbers divided by [~]"));
    }
    items.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one, row};

    #[test]
    fn settings_are_checked() {
        let config = |kind: i32, argument: &str| {
            row!["MsiServiceConfig" => "C", "Name" => "S", "Event" => 1, "ConfigType" => kind, "Argument" => argument, "Component_" => "Program"].to_vec()
        };
        assert_eq!(planted(&RULE, |fixture| fixture.add("MsiServiceConfig", &config(3, "1"))), []);
        let argument = planted_one(&RULE, |fixture| fixture.add("MsiServiceConfig", &config(5, "2")));
        assert_eq!(argument, "error MsiServiceConfig.Argument C");
        let kind = planted_one(&RULE, |fixture| fixture.add("MsiServiceConfig", &config(9, "1")));
        assert_eq!(kind, "error MsiServiceConfig.ConfigType C");
    }

    #[test]
    fn every_action_has_a_delay() {
        let place = planted_one(&RULE, |fixture| {
            fixture.add(
                "MsiServiceConfigFailureActions",
                row![
                    "MsiServiceConfigFailureActions" => "F", "Name" => "S", "Event" => 1, "Actions" => "1[~]1", "DelayActions" => "60000", "ResetPeriod" => 60,
                    "Component_" => "Program",
                ],
            );
        });
        assert_eq!(place, "error MsiServiceConfigFailureActions.DelayActions F");
    }
}
