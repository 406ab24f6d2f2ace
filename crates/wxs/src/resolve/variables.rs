//! `!(namespace.name)` in texts.
//!
//! A localized string may hold WiX variables and, one level deep, other localized strings; a WiX variable's value is taken as it is.
//! `!!(` stands for `!(` itself.

use super::{Localizer, UNKNOWN_VARIABLE, VARIABLE_FORM};
use diagnostics::{Diagnostic, Diagnostics, Span};
use std::collections::BTreeMap;
use std::ops::Range;

/// One variable expression in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression<'t> {
    /// From `!` or `$` to the closing parenthesis.
    pub range: Range<usize>,
    /// `loc`, `wix`, `bind` or `bindpath`.
    pub namespace: &'t str,
    /// All of the name: `property.ProductVersion`.
    pub name: &'t str,
    /// What stands after `=`.
    pub default: Option<&'t str>,
    /// Written with `$` instead of `!`.
    pub dollar: bool,
    /// Preceded by another `!`, so not a variable.
    pub escaped: bool,
}

/// All variable expressions of a text, in order.
pub fn expressions(text: &str) -> Vec<Expression<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find("(").map(|at| from + at) {
        from = open + 1;
        let dollar = match text[..open].chars().next_back() {
            Some('!') => false,
            Some('$') => true,
            _ => continue,
        };
        let start = open - 1;
        let Some((namespace, name, default, end)) = parse(text, open + 1) else { continue };
        let escaped = text[..start].ends_with('!');
        found.push(Expression { range: start..end, namespace, name, default, dollar, escaped });
        from = end;
    }
    found
}

/// Where values come from.
pub(super) struct Lookup<'a> {
    pub localizer: &'a Localizer,
    pub wix: &'a BTreeMap<String, String>,
    /// The package was written for WiX 4 or later, where `$(loc.X)` is a text as any other.
    pub newer: bool,
}

/// Resolves text after text and collects what is unknown.
pub(super) struct Texts<'a> {
    pub lookup: &'a Lookup<'a>,
    pub diagnostics: &'a mut Diagnostics,
    /// Hints still to be given: each looks at all names.
    pub hints: usize,
}

impl Texts<'_> {
    /// The final text, if it differs.
    pub fn resolve(&mut self, text: &str, span: Span) -> Option<String> {
        if !text.contains("(loc.") && !text.contains("(wix.") && !text.contains("!!(") {
            return None;
        }
        let localized = self.pass(text, span, true);
        Some(self.pass(&localized, span, false))
    }

    pub fn apply(&mut self, text: &mut String, span: Span) {
        if let Some(new) = self.resolve(text, span) {
            *text = new;
        }
    }

    pub fn apply_some(&mut self, text: &mut Option<String>, span: Span) {
        if let Some(text) = text {
            self.apply(text, span);
        }
    }

    fn pass(&mut self, text: &str, span: Span, localizing: bool) -> String {
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for expression in expressions(text) {
            if expression.dollar && self.lookup.newer {
                continue;
            }
            let before = &text[copied..expression.range.start];
            if expression.escaped {
                // The last pass takes the escape away; a `!(bind.…)` keeps it until it is resolved.
                let keep = localizing || matches!(expression.namespace, "bind" | "bindpath");
                out.push_str(if keep { before } else { before.strip_suffix('!').unwrap_or(before) });
                copied = expression.range.start;
                continue;
            }
            if let Some(value) = self.value(&expression, span, localizing) {
                out.push_str(before);
                out.push_str(&value);
                copied = expression.range.end;
            }
        }
        out.push_str(&text[copied..]);
        out
    }

    fn nearest(
        &mut self,
        name: &str,
        names: impl for<'l> Fn(&'l Lookup<'_>) -> Vec<&'l str>,
    ) -> Option<String> {
        self.hints = self.hints.checked_sub(1)?;
        crate::schema::nearest(name, names(self.lookup)).map(str::to_owned)
    }

    fn value(&mut self, expression: &Expression<'_>, span: Span, localizing: bool) -> Option<String> {
        let name = expression.name;
        match expression.namespace {
            "loc" => {
                if let Some(default) = expression.default {
                    let message =
                        format!("!(loc.{name}={default}) has a default, which localized strings cannot have");
                    let finding = Diagnostic::error(VARIABLE_FORM, message).at(span);
                    self.diagnostics.push(finding.hint(format!("write !(loc.{name})")));
                    return Some(String::new());
                }
                let value = self.lookup.localizer.string(name).map(str::to_owned);
                if value.is_none() {
                    if localizing {
                        // Reported once, by the pass that would have used it.
                        return None;
                    }
                    let mut finding = Diagnostic::error(
                        UNKNOWN_VARIABLE,
                        format!("no localization file gives the string \"{name}\""),
                    )
                    .at(span);
                    if let Some(near) = self.nearest(name, |lookup| lookup.localizer.names().collect()) {
                        finding = finding.hint(format!("did you mean !(loc.{near})?"));
                    } else {
                        finding = finding.hint(
                            "give a .wxl file that has it, with --loc, and a culture that it is in, with --culture",
                        );
                    }
                    self.diagnostics.push(finding);
                }
                value
            }
            "wix" if !localizing => {
                if expression.dollar {
                    let message = format!("a WiX variable is written !(wix.{name}), not $(wix.{name})");
                    let finding = Diagnostic::error(VARIABLE_FORM, message).at(span);
                    self.diagnostics.push(finding.hint("write an exclamation mark for the dollar"));
                    return None;
                }
                let value = self.lookup.wix.get(name).map(String::as_str).or(expression.default);
                if value.is_none() {
                    let mut finding = Diagnostic::error(
                        UNKNOWN_VARIABLE,
                        format!("the WiX variable \"{name}\" has no value"),
                    )
                    .at(span)
                    .hint(format!("define it with <WixVariable Id=\"{name}\" Value=\"…\"/>"));
                    if let Some(near) =
                        self.nearest(name, |lookup| lookup.wix.keys().map(String::as_str).collect())
                    {
                        finding = finding.hint(format!("did you mean !(wix.{near})?"));
                    }
                    self.diagnostics.push(finding);
                }
                value.map(str::to_owned)
            }
            _ => None,
        }
    }
}

/// Reads `namespace.name=default)` from `at` on.
fn parse(text: &str, at: usize) -> Option<(&str, &str, Option<&str>, usize)> {
    let rest = &text[at..];
    let (namespace, _) = ["loc", "wix", "bindpath", "bind"].into_iter().find_map(|known| {
        rest.strip_prefix(known).and_then(|rest| rest.strip_prefix('.')).map(|rest| (known, rest))
    })?;
    let namespace_text = &rest[..namespace.len()];
    let body = &rest[namespace.len() + 1..];
    let name_len =
        body.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(body.len());
    let name = &body[..name_len];
    let mut parts = name.split('.');
    let starts = |part: &str| part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !parts.next().is_some_and(|part| part.len() > 1 && starts(part)) {
        return None;
    }
    if parts.next().is_some_and(|part| !starts(part)) {
        return None;
    }
    let after = &body[name_len..];
    let name_end = at + namespace.len() + 1 + name_len;
    if after.starts_with(')') {
        return Some((namespace_text, name, None, name_end + 1));
    }
    // A default is never empty, so its first character may be a parenthesis.
    let default = after.strip_prefix('=')?;
    let first = default.chars().next()?.len_utf8();
    let end = first + default[first..].find(')')?;
    Some((namespace_text, name, Some(&default[..end]), name_end + 1 + end + 1))
}

#[cfg(test)]
mod tests {
    use super::{Localizer, Lookup, Texts, expressions};
    use diagnostics::{Diagnostics, SourceMap, Span};
    use std::collections::BTreeMap;

    fn resolve(text: &str) -> (String, usize) {
        resolve_in(text, false)
    }

    fn resolve_in(text: &str, newer: bool) -> (String, usize) {
        let file = SourceMap::new().add("t", "");
        let span = Span { file, start: 0, end: 0 };
        let localizer = Localizer::of_strings([("Hello", "Hi !(wix.Who)"), ("Nested", "<!(loc.Hello)>")]);
        let wix = BTreeMap::from([("Who".to_owned(), "!(loc.Hello)".to_owned())]);
        let mut diagnostics = Diagnostics::new();
        let lookup = Lookup { localizer: &localizer, wix: &wix, newer };
        let mut texts = Texts { lookup: &lookup, diagnostics: &mut diagnostics, hints: 9 };
        let resolved = texts.resolve(text, span).unwrap_or_else(|| text.to_owned());
        (resolved, diagnostics.iter().count())
    }

    #[test]
    fn localized_strings_may_hold_wix_variables() {
        assert_eq!(resolve("a !(loc.Hello) b"), ("a Hi !(loc.Hello) b".into(), 0));
        assert_eq!(resolve("!(loc.Nested)"), ("<Hi !(wix.Who)>".into(), 0));
    }

    #[test]
    fn escapes_defaults_and_delayed_variables_stay() {
        assert_eq!(resolve("!!(loc.Hello)"), ("!(loc.Hello)".into(), 0));
        assert_eq!(resolve("!(wix.None=x) !(bind.property.X)"), ("x !(bind.property.X)".into(), 0));
        assert_eq!(resolve("!(loc.H) !(other.X) !(loc.9)").1, 0);
    }

    #[test]
    fn dollars_stand_for_strings_before_wix_4_only() {
        assert_eq!(resolve("$(loc.Nested) !(wix.Who)"), ("<Hi !(wix.Who)> !(loc.Hello)".into(), 0));
        let newer = resolve_in("$(loc.Nested) !(wix.Who)", true);
        assert_eq!(newer, ("$(loc.Nested) !(loc.Hello)".into(), 0));
    }

    #[test]
    fn unknown_names_are_errors() {
        assert_eq!(resolve("!(loc.Hallo)").1, 1);
        assert_eq!(resolve("!(wix.Nobody)").1, 1);
        assert_eq!(resolve("$(wix.Who)").1, 1);
    }

    #[test]
    fn default_values_end_at_the_first_parenthesis() {
        let found = expressions("!(bind.fileVersion.x=1) $(loc.ab)");
        assert_eq!((found[0].name, found[0].default), ("fileVersion.x", Some("1")));
        assert!(found[1].dollar);
    }
}
