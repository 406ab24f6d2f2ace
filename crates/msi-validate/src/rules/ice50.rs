//! ICE50: icons of advertised shortcuts fit their target.

use crate::category::short_and_long;
use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE50",
    what: "A shortcut's icon has the extension exe or ico, and an advertised shortcut's the extension of its target's key file.",
    why: "The shell takes the context menu from the icon's extension and may not show icons of others.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice50",
    severity: Severity::Warning,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for shortcut in package.rows("Shortcut") {
        let icon = shortcut.text("Icon_");
        if icon.is_empty() {
            continue;
        }
        let extension = extension(icon);
        if !["exe", "ico"].contains(&extension.as_str()) {
            report.at(&shortcut, "Icon_", format!("the shell may not show icons of `{icon}`"));
        }
        let advertised = package.find("Feature", shortcut.text("Target")).is_some();
        let component = package.find("Component", shortcut.text("Component_"));
        let Some(key_file) = component.and_then(|component| package.find("File", component.text("KeyPath")))
        else {
            continue;
        };
        let (_, name) = short_and_long(key_file.text("FileName"));
        if advertised && self::extension(name) != extension {
            report.as_severity(
                Severity::Error,
                &shortcut,
                "Icon_",
                format!("`{icon}` has not the extension of the target `{name}`"),
            );
        }
    }
}

fn extension(name: &str) -> String {
    name.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one, row};

    fn shortcut(fixture: &mut Fixture, icon: &str, target: &str) {
        fixture.add(
            "Shortcut",
            row![
                "Shortcut" => "S", "Directory_" => "INSTALLDIR", "Name" => "S", "Component_" => "Program", "Target" => target,
                "Icon_" => icon,
            ],
        );
    }

    #[test]
    fn extensions_are_compared() {
        assert_eq!(
            planted_one(&RULE, |fixture| shortcut(fixture, "a.ico", "Main")),
            "error Shortcut.Icon_ S"
        );
        assert_eq!(
            planted_one(&RULE, |fixture| shortcut(fixture, "a.dat", "[#Program]")),
            "warning Shortcut.Icon_ S"
        );
        assert_eq!(planted(&RULE, |fixture| shortcut(fixture, "a.exe", "Main")), []);
    }
}
