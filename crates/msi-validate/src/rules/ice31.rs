//! ICE31: text styles exist.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE31",
    what: "Every style that a text or the property DefaultUIFont names is a row of TextStyle.",
    why: "The engine shows the style's name as part of the text, or all dialogs in an unsuitable font.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice31",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    if !package.has("Dialog") {
        return;
    }
    match package.find("Property", "DefaultUIFont") {
        Some(property) if package.find("TextStyle", property.text("Value")).is_none() => {
            report.at(&property, "Value", "there is no such text style");
        }
        Some(_) => {}
        None => report.table_as(
            Severity::Warning,
            "Property",
            "`DefaultUIFont` names no text style, so the dialogs get the system font",
        ),
    }
    for (table, column) in
        [("Control", "Text"), ("BBControl", "Text"), ("Dialog", "Title"), ("RadioButton", "Text")]
    {
        for row in package.rows(table) {
            if let Some(style) = style(row.text(column))
                && package.find("TextStyle", style).is_none()
            {
                report.at(&row, column, format!("there is no text style `{style}`"));
            }
        }
    }
}

/// The style that a text begins with: `{\Style}` or `{&Style}`. Rich text begins with a brace and a backslash too.
fn style(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('{')?.strip_prefix(['\\', '&'])?;
    let (style, _) = inner.split_once('}')?;
    style.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')).then_some(style)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one, row};

    #[test]
    fn styles_that_are_named_exist() {
        assert_eq!(planted(&RULE, Fixture::ui), []);
        let found = planted_one(&RULE, |fixture| {
            fixture.ui();
            fixture.control("Welcome", "Title", "Text", row!["Attributes" => 3, "Text" => "{\\Bog}Welcome"]);
        });
        assert_eq!(found, "error Control.Text Welcome/Title");
        let found = planted_one(&RULE, |fixture| {
            fixture.ui();
            fixture.set("Property", "DefaultUIFont", "Value", "Bog");
        });
        assert_eq!(found, "error Property.Value DefaultUIFont");
        let found = planted_one(&RULE, |fixture| {
            fixture.ui();
            fixture.remove("Property", "DefaultUIFont");
        });
        assert_eq!(found, "warning Property. ");
    }
}
