//! ICE02: key paths belong to their own component.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE02",
    what: "A component's key path is a file, registry value or data source of that component.",
    why: "The engine tells by the key path whether the component is there; another component's tells it nothing.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice02",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for component in package.rows("Component") {
        let key_path = component.text("KeyPath");
        if key_path.is_empty() {
            continue;
        }
        let table = match component.flags("Attributes") & (4 | 32) {
            0 => "File",
            4 => "Registry",
            _ => "ODBCDataSource",
        };
        let name = component.text("Component");
        match package.find(table, key_path) {
            None => report.at(&component, "KeyPath", format!("the key path `{key_path}` is no row of the {table} table, which the component's attributes say it is")),
            Some(row) if row.text("Component_") != name => {
                let owner = row.text("Component_");
                report.at(&component, "KeyPath", format!("the key path `{key_path}` belongs to component `{owner}`, not to `{name}`"));
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn another_components_file_is_no_key_path() {
        let place = planted_one(&RULE, |fixture| fixture.set("Component", "Readme", "KeyPath", "Program"));
        assert_eq!(place, "error Component.KeyPath Readme");
    }

    #[test]
    fn the_attributes_say_which_table_the_key_path_is_in() {
        let place = planted_one(&RULE, |fixture| fixture.set("Component", "Readme", "Attributes", 256 + 4));
        assert_eq!(place, "error Component.KeyPath Readme");
    }
}
