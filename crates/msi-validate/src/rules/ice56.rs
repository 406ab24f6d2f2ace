//! ICE56: the tree of directories has one root.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use std::collections::{HashMap, HashSet};

pub const RULE: Rule = Rule {
    id: "ICE56",
    what: "TARGETDIR, with the default SourceDir, is the one root of the Directory table that components lie below.",
    why: "An administrative installation copies what hangs on TARGETDIR; what hangs on another root goes astray.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice56",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let mut roots = HashMap::new();
    let components = package.rows("Component");
    let used: HashSet<&str> =
        components.filter_map(|component| root(package, component.text("Directory_"), &mut roots)).collect();
    for directory in package.rows("Directory") {
        let id = directory.text("Directory");
        let parent = directory.text("Directory_Parent");
        if !parent.is_empty() && parent != id {
            continue;
        }
        if id != "TARGETDIR" && used.contains(id) {
            report.at(&directory, "Directory_Parent", format!("`{id}` is a root; the one root is TARGETDIR"));
        } else if id == "TARGETDIR" && !["SourceDir", "SOURCEDIR"].contains(&directory.text("DefaultDir")) {
            report.at(&directory, "DefaultDir", "TARGETDIR's default must be SourceDir");
        }
    }
}

/// The root a directory hangs on, each way walked once. None where the way leads nowhere or in a circle.
fn root<'a>(
    package: &Package<'a>,
    id: &'a str,
    roots: &mut HashMap<&'a str, Option<&'a str>>,
) -> Option<&'a str> {
    let mut way = Vec::new();
    let mut at = id;
    let found = loop {
        if let Some(known) = roots.get(at) {
            break *known;
        }
        // Until the end is known, who comes by again goes in a circle.
        roots.insert(at, None);
        way.push(at);
        let Some(directory) = package.find("Directory", at) else { break None };
        match directory.text("Directory_Parent") {
            "" => break Some(at),
            parent if parent == at => break Some(at),
            parent => at = parent,
        }
    };
    for passed in way {
        roots.insert(passed, found);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one, row};

    #[test]
    fn a_second_root_in_use_and_another_default_are_told() {
        let root = planted_one(&RULE, |fixture| {
            fixture.add("Directory", row!["Directory" => "OTHER", "DefaultDir" => "SourceDir"]);
            fixture.directory("Below", "OTHER", "below");
            fixture.set("Component", "Readme", "Directory_", "Below");
        });
        assert_eq!(root, "error Directory.Directory_Parent OTHER");
        let default =
            planted_one(&RULE, |fixture| fixture.set("Directory", "TARGETDIR", "DefaultDir", "Elsewhere"));
        assert_eq!(default, "error Directory.DefaultDir TARGETDIR");
    }

    #[test]
    fn an_empty_root_and_a_circle_are_no_second_root() {
        let findings = planted(&RULE, |fixture| {
            fixture.add("Directory", row!["Directory" => "OTHER", "DefaultDir" => "SourceDir"]);
            fixture.directory("X", "Y", "x");
            fixture.directory("Y", "X", "y");
            fixture.set("Component", "Readme", "Directory_", "X");
        });
        assert_eq!(findings, []);
    }
}
