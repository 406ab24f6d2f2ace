//! ICE15: content types and extensions refer to one another.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use std::collections::{HashMap, HashSet};

pub const RULE: Rule = Rule {
    id: "ICE15",
    what: "An extension that a content type names has a content type, and one that leads back.",
    why: "One-sided registrations leave a file type without a program, or a program without a file type.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice15",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    // An extension of several components has several rows; several extensions may share a content type.
    let mut contents: HashMap<&str, HashSet<&str>> = HashMap::new();
    for extension in package.rows("Extension") {
        contents.entry(extension.text("Extension")).or_default().insert(extension.text("MIME_"));
    }
    let named: HashSet<&str> = package.rows("MIME").map(|mime| mime.text("Extension_")).collect();
    for mime in package.rows("MIME") {
        let (content, extension) = (mime.text("ContentType"), mime.text("Extension_"));
        if contents.get(extension).is_some_and(|contents| contents.iter().all(|content| content.is_empty())) {
            let fault = format!(
                "extension `{extension}` has no content type, so it does not lead back to `{content}`"
            );
            report.at(&mime, "Extension_", fault);
        }
    }
    for extension in package.rows("Extension") {
        let (name, content) = (extension.text("Extension"), extension.text("MIME_"));
        let Some(mime) = package.find("MIME", content) else { continue };
        let other = mime.text("Extension_");
        let shared = contents.get(other).is_some_and(|contents| contents.contains(content));
        if other != name && !named.contains(name) && !shared {
            let fault =
                format!("content type `{content}` leads to extension `{other}`, which does not lead back");
            report.at(&extension, "MIME_", fault);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one, row};

    #[test]
    fn a_content_type_whose_extension_knows_none_is_told() {
        let place = planted_one(&RULE, |fixture| {
            fixture.add("MIME", row!["ContentType" => "x/flaps", "Extension_" => "flp"]);
            fixture.add(
                "Extension",
                row!["Extension" => "flp", "Component_" => "Program", "Feature_" => "Main"],
            );
        });
        assert_eq!(place, "error MIME.Extension_ x/flaps");
    }

    #[test]
    fn a_pair_is_no_fault() {
        let findings = planted(&RULE, |fixture| {
            fixture.add("MIME", row!["ContentType" => "x/flaps", "Extension_" => "flp"]);
            fixture.add("Extension", row!["Extension" => "flp", "Component_" => "Program", "Feature_" => "Main", "MIME_" => "x/flaps"]);
        });
        assert_eq!(findings, []);
    }
}
