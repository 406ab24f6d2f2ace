//! SEC02: a secret stays hidden where it is passed on.

use crate::formatted;
use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::secrets::{hidden, is_secret};
use crate::sequence::Kind;

pub const RULE: Rule = Rule {
    id: "SEC02",
    what: "An action whose target names a secret hides its target, and the property that it sets is hidden as well.",
    why: "The log writes an action's target with the values put in, and the property it sets under its own name.",
    source: "https://learn.microsoft.com/windows/win32/msi/custom-action-hidden-target-option",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let hidden = hidden(package);
    for action in package.rows("CustomAction") {
        let Some(secret) = formatted::properties(action.text("Target")).find(|name| is_secret(name, &hidden))
        else {
            continue;
        };
        let kind = Kind::of(&action);
        if !kind.hides_target() {
            report.at(&action, "Type", format!("the target names the secret `{secret}` and is not hidden"));
        }
        let set = action.text("Source");
        if kind.sets_value() && !hidden.contains(set) {
            report.at(
                &action,
                "Source",
                format!("`{set}` gets the secret `{secret}` and is not in MsiHiddenProperties"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_shown_target_and_a_shown_property_are_told() {
        let target = planted_one(&RULE, |fixture| fixture.set("CustomAction", "SetApplySecret", "Type", 51));
        assert_eq!(target, "error CustomAction.Type SetApplySecret");
        let property =
            planted_one(&RULE, |fixture| fixture.set("CustomAction", "SetApplySecret", "Source", "Apply"));
        assert_eq!(property, "error CustomAction.Source SetApplySecret");
    }
}
