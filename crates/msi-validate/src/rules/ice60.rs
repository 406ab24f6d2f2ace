//! ICE60: versioned files have a language, and no hash.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE60",
    what: "A file with a version has a language unless it is a font, and is not in MsiFileHash.",
    why: "A repair compares languages too and copies the file needlessly; a hash of a versioned file is refused.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice60",
    severity: Severity::Warning,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for file in package.rows("File") {
        let (name, version) = (file.text("File"), file.text("Version"));
        let companion = package.find("File", version).is_some();
        if version.is_empty() || companion {
            continue;
        }
        if file.is_null("Language") && package.find("Font", name).is_none() {
            report.at(&file, "Language", "a file with a version needs a language; 0 is neutral");
        }
        if let Some(hash) = package.find("MsiFileHash", name) {
            report.as_severity(Severity::Error, &hash, "File_", "a file with a version cannot have a hash");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted_one, row};

    #[test]
    fn a_missing_language_and_a_hash_are_told() {
        let language =
            planted_one(&RULE, |fixture| fixture.set("File", "Program", "Language", msi_db::Value::Null));
        assert_eq!(language, "warning File.Language Program");
        let hash = planted_one(&RULE, |fixture| {
            fixture.add(
                "MsiFileHash",
                row!["File_" => "Program", "Options" => 0, "HashPart1" => 1, "HashPart2" => 1, "HashPart3" => 1, "HashPart4" => 1],
            );
        });
        assert_eq!(hash, "error MsiFileHash.File_ Program");
    }
}
