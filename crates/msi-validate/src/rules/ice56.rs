//! ICE56: the tree of directories has one root.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE56",
    what: "TARGETDIR, with the default SourceDir, is the one root of the Directory table.",
    why: "An administrative installation copies what hangs on TARGETDIR; directories of another root go astray.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice56",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for directory in package.rows("Directory") {
        let id = directory.text("Directory");
        let parent = directory.text("Directory_Parent");
        if !parent.is_empty() && parent != id {
            continue;
        }
        if id != "TARGETDIR" {
            report.at(&directory, "Directory_Parent", format!("`{id}` is a root; the one root is TARGETDIR"));
        } else if !["SourceDir", "SOURCEDIR"].contains(&directory.text("DefaultDir")) {
            report.at(&directory, "DefaultDir", "TARGETDIR's default must be SourceDir");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted_one, row};

    #[test]
    fn a_second_root_and_another_default_are_told() {
        let root = planted_one(&RULE, |fixture| {
            fixture.add("Directory", row!["Directory" => "OTHER", "DefaultDir" => "SourceDir"]);
        });
        assert_eq!(root, "error Directory.Directory_Parent OTHER");
        let default =
            planted_one(&RULE, |fixture| fixture.set("Directory", "TARGETDIR", "DefaultDir", "Elsewhere"));
        assert_eq!(default, "error Directory.DefaultDir TARGETDIR");
    }
}
