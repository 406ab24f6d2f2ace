//! An element on its way through the compile phase, with typed getters for its attributes.
//!
//! Every getter notes that its attribute was read. What nobody has read when the element is done is an attribute that the
//! catalogue knows and this compiler does not, and becomes an error: nothing is dropped in silence.

use super::Compiler;
use super::names;
use crate::codes;
use crate::document::{Attribute, Element};
use crate::resolve::parse_codepage;
use crate::schema::ElementDef;
use diagnostics::{Diagnostic, Span};
use msi_db::Value;
use std::cell::Cell;

/// One element, its catalogue entry and which of its attributes were read.
pub(crate) struct Node<'d> {
    pub(super) element: Element<'d>,
    pub(super) def: &'static ElementDef,
    /// One bit for each attribute; elements with more attributes than bits were refused before.
    pub(super) taken: Cell<u128>,
}

/// The roots of the Registry table.
const ROOTS: [(&str, i32); 5] = [("HKMU", -1), ("HKCR", 0), ("HKCU", 1), ("HKLM", 2), ("HKU", 3)];

impl<'d> Node<'d> {
    pub(crate) fn name(&self) -> &'static str {
        self.def.name
    }

    pub(crate) fn span(&self) -> Span {
        self.element.span()
    }

    /// Whether the source gives the attribute, whatever its value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The names of the attributes that the source gives, in order.
    pub(crate) fn attribute_names(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        let attributes = self.element.attributes().iter();
        attributes
            .filter(|attribute| attribute.name.namespace.is_empty())
            .map(|attribute| &*attribute.name.local)
    }

    /// Takes all attributes for read: the element is an error, or says nothing to a package.
    pub(crate) fn pass_over(&self) {
        for attribute in self.attribute_names() {
            self.text_or_empty(attribute);
        }
    }

    /// Whether the catalogue has the attribute.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.def.attribute(name).is_some()
    }

    /// Where to point for an attribute: at its value, or at the element where it is absent.
    pub(crate) fn place(&self, name: &str) -> Span {
        self.find(name).map_or(self.span(), |(_, attribute)| attribute.value_span)
    }

    /// The text inside the element without white space around it; empty where there is none.
    pub(crate) fn inner_text(&self) -> &'d str {
        self.element.text().map_or("", |text| text.text.trim())
    }

    /// The text inside the element and inside what stands in it, without white space around it.
    pub(crate) fn deep_text(&self) -> String {
        self.element.deep_text().trim().to_owned()
    }

    /// The text inside the element as written.
    pub(crate) fn raw_text(&self) -> Option<&'d str> {
        self.element.text().map(|text| text.text.as_str()).filter(|text| !text.is_empty())
    }

    /// The text of a condition: on one line.
    pub(crate) fn condition(&self) -> Option<String> {
        let text = self.inner_text();
        (!text.is_empty()).then(|| text.replace(['\t', '\r', '\n'], " "))
    }

    /// Any text; an empty value counts as given.
    pub(crate) fn text_or_empty(&self, name: &str) -> Option<&'d str> {
        let (index, attribute) = self.find(name)?;
        self.taken.set(self.taken.get() | 1u128.checked_shl(index as u32).unwrap_or(0));
        Some(&attribute.value)
    }

    /// Any text; an empty value is an error.
    pub(crate) fn text(&self, c: &mut Compiler, name: &str) -> Option<&'d str> {
        let value = self.text_or_empty(name)?;
        if value.is_empty() {
            let message = format!("the attribute '{name}' is empty");
            self.bad_with_hint(c, name, message, "leave it out, or give it a value");
            return None;
        }
        Some(value)
    }

    /// A row key.
    pub(crate) fn id(&self, c: &mut Compiler, name: &str) -> Option<&'d str> {
        let value = self.text(c, name)?;
        if names::is_identifier(value) {
            if value.len() > 72 {
                let message = format!("the identifier '{value}' is longer than 72 characters");
                c.warn_at(codes::BAD_VALUE, self.place(name), message);
            }
            return Some(value);
        }
        let message =
            format!("'{value}' is not an identifier (letters, digits, '_' and '.', no digit first)");
        let diagnostic = Diagnostic::error(codes::BAD_VALUE, message).at(self.place(name));
        c.push(match value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(inner) => {
                diagnostic.hint(format!("write '{inner}': this attribute takes a name, not formatted text"))
            }
            None => diagnostic.hint(format!("such as '{}'", names::identifier_from_name(value))),
        });
        None
    }

    pub(crate) fn yes_no(&self, c: &mut Compiler, name: &str) -> Option<bool> {
        self.choice(c, name, &[("yes", true), ("no", false)])
    }

    /// Whether the attribute says `yes`; absent is `no`.
    pub(crate) fn flag(&self, c: &mut Compiler, name: &str) -> bool {
        self.yes_no(c, name) == Some(true)
    }

    /// `bit` where the attribute says `yes`, 0 otherwise.
    pub(crate) fn bit(&self, c: &mut Compiler, name: &str, bit: i32) -> i32 {
        if self.flag(c, name) { bit } else { 0 }
    }

    /// What one of a few words stands for.
    pub(crate) fn choice<T: Copy>(&self, c: &mut Compiler, name: &str, words: &[(&str, T)]) -> Option<T> {
        let value = self.text(c, name)?;
        if let Some(&(_, meaning)) = words.iter().find(|(word, _)| *word == value) {
            return Some(meaning);
        }
        // A word that the catalogue does not list either was told when the element was opened.
        let listed = self.def.attribute(name).is_none_or(|def| match &def.ty {
            crate::schema::AttributeType::Words(words) => words.contains(&value),
            _ => true,
        });
        if listed {
            let near = crate::schema::nearest(value, words.iter().map(|(word, _)| *word));
            let near = near.map(|near| format!("did you mean '{near}'?"));
            let words: Vec<String> = words.iter().map(|(word, _)| format!("'{word}'")).collect();
            let message = format!("'{value}' is none of {}", words.join(", "));
            let hint = near.unwrap_or_else(|| format!("leave '{name}' out where none of them is meant"));
            self.bad_with_hint(c, name, message, hint);
        }
        None
    }

    pub(crate) fn int(&self, c: &mut Compiler, name: &str, min: i32, max: i32) -> Option<i32> {
        let value = self.text(c, name)?;
        self.checked_int(c, name, value, min, max)
    }

    /// An integer, or a variable that becomes one.
    pub(crate) fn loc_int(&self, c: &mut Compiler, name: &str, min: i32, max: i32) -> Option<Value> {
        let value = self.text(c, name)?;
        if names::is_localization_variable(value) || names::is_binder_variable(value) {
            return Some(Value::from(value));
        }
        self.checked_int(c, name, value, min, max).map(Value::Int)
    }

    fn checked_int(&self, c: &mut Compiler, name: &str, value: &str, min: i32, max: i32) -> Option<i32> {
        match value.trim().parse::<i32>() {
            Ok(number) if (min..=max).contains(&number) => return Some(number),
            Ok(number) => {
                let message = format!("{number} is not between {min} and {max}");
                self.bad_with_hint(c, name, message, format!("write a number from {min} to {max}"));
            }
            Err(_) => {
                let hint = format!("write a number from {min} to {max}");
                self.bad_with_hint(c, name, format!("'{value}' is not a whole number"), hint);
            }
        }
        None
    }

    /// A GUID in its registry form, or `*` where the compiler may choose one, or a variable.
    pub(crate) fn guid(&self, c: &mut Compiler, name: &str, generatable: bool) -> Option<String> {
        let value = self.text(c, name)?;
        let braced = (value.starts_with('{') && value.ends_with('}'))
            || (value.starts_with('(') && value.ends_with(')'));
        let inner = if braced && value.len() > 2 { &value[1..value.len() - 1] } else { value };
        if generatable && matches!(inner, "*" | "????????-????-????-????-????????????") {
            return Some("*".to_owned());
        }
        if ["!(loc", "$(loc", "!(wix"].iter().any(|start| inner.starts_with(start)) {
            return Some(inner.to_owned());
        }
        if inner.contains("PUT-GUID") {
            let message = format!("'{value}' is a placeholder; put a GUID of your own there");
            self.bad_with_hint(c, name, message, guid_hint(generatable));
            return None;
        }
        let dashed = inner.len() == 36
            && inner.bytes().enumerate().all(|(at, b)| match at {
                8 | 13 | 18 | 23 => b == b'-',
                _ => b.is_ascii_hexdigit(),
            });
        let plain = inner.len() == 32 && inner.bytes().all(|b| b.is_ascii_hexdigit());
        if dashed {
            return Some(format!("{{{}}}", inner.to_ascii_uppercase()));
        }
        if plain {
            let hex = inner.to_ascii_uppercase();
            let (a, b, c, d, e) = (&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
            return Some(format!("{{{a}-{b}-{c}-{d}-{e}}}"));
        }
        let nor = if generatable { ", and not '*'" } else { "" };
        self.bad_with_hint(c, name, format!("'{value}' is not a GUID{nor}"), guid_hint(generatable));
        None
    }

    /// A long file name.
    pub(crate) fn long_name(&self, c: &mut Compiler, name: &str, wildcards: bool) -> Option<&'d str> {
        let value = self.text(c, name)?;
        if names::is_long_name(value, wildcards) || names::is_localization_variable(value) {
            self.warn_ambiguous(c, name, value);
            return Some(value);
        }
        // Variables in the middle of a name leave its check to the binder, which knows their values.
        if names::find_variable(value).is_some() {
            return Some(value);
        }
        let message = format!(
            "'{value}' is not a file name: it is empty, too long, or holds one of \\ ? | > < : / * \""
        );
        let hint = if value.contains(['\\', '/']) {
            "name the file or folder alone; each folder on the way is a <Directory>"
        } else {
            "take these characters out; a name has at most 255"
        };
        self.bad_with_hint(c, name, message, hint);
        None
    }

    /// An 8.3 file name.
    pub(crate) fn short_name(&self, c: &mut Compiler, name: &str, wildcards: bool) -> Option<&'d str> {
        let value = self.text(c, name)?;
        if names::is_short_name(value, wildcards) || names::is_localization_variable(value) {
            self.warn_ambiguous(c, name, value);
            return Some(value);
        }
        let hint =
            "it has up to eight characters, and up to three after a full stop; without it, one is made";
        self.bad_with_hint(c, name, format!("'{value}' is not an 8.3 file name"), hint);
        None
    }

    fn warn_ambiguous(&self, c: &mut Compiler, name: &str, value: &str) {
        let mut tail = value.chars().skip(6);
        if tail.next() == Some('~') && tail.next().is_some_and(|digit| digit.is_ascii_digit()) {
            let message =
                format!("'{value}' looks like a name that Windows makes up; it may already be taken");
            c.warn_at(codes::SUSPICIOUS, self.place(name), message);
        }
    }

    /// A version of two to four numbers as written in its shortest form, or a text with a binder variable.
    pub(crate) fn version(&self, c: &mut Compiler, name: &str) -> Option<String> {
        let value = self.text(c, name)?;
        if names::find_variable(value).is_some_and(|found| matches!(found.namespace, "bind" | "wix")) {
            return Some(value.to_owned());
        }
        if c.is_v4 {
            let found = is_newer_version(value).then(|| value.to_owned());
            if found.is_none() {
                self.bad(c, name, format!("'{value}' is not a version such as 1.2.3.4 or 1.2.3-rc.1"));
            }
            return found;
        }
        let parts: Option<Vec<i32>> =
            value.split('.').map(|part| part.trim().parse().ok().filter(|&number| number >= 0)).collect();
        match parts {
            Some(parts) if (2..=4).contains(&parts.len()) => {
                Some(parts.iter().map(i32::to_string).collect::<Vec<_>>().join("."))
            }
            _ => {
                let hint = "write numbers with full stops between them, such as 1.2.3";
                let message = format!("'{value}' is not a version of two to four numbers");
                self.bad_with_hint(c, name, message, hint);
                None
            }
        }
    }

    /// A code page, as the number it has on Windows.
    pub(crate) fn codepage(&self, c: &mut Compiler, name: &str) -> Option<String> {
        let value = self.text(c, name)?;
        if names::is_localization_variable(value) {
            return Some(value.to_owned());
        }
        let number = parse_codepage(value);
        if number.is_none() {
            let hint = "write a number such as 1252 or 65001, or a name such as utf-8";
            self.bad_with_hint(c, name, format!("'{value}' is not a code page"), hint);
        }
        number.map(|number| number.to_string())
    }

    /// A root of the registry, as the number that the Registry table has for it; -1 is `HKMU`.
    pub(crate) fn root(&self, c: &mut Compiler, name: &str, hkmu: bool) -> Option<i32> {
        self.choice(c, name, if hkmu { &ROOTS } else { &ROOTS[1..] })
    }

    /// A value that the element can't do without. Absence is an error here; a bad value was one before.
    pub(crate) fn need<T: Default>(&self, c: &mut Compiler, name: &str, value: Option<T>) -> T {
        value.unwrap_or_else(|| {
            let required = self.def.attribute(name).is_some_and(|def| def.required);
            if !self.has(name) && !required {
                c.missing_attribute(self, name);
            }
            T::default()
        })
    }

    /// An identifier that must be there.
    pub(crate) fn need_id(&self, c: &mut Compiler, name: &str) -> &'d str {
        let value = self.id(c, name);
        self.need(c, name, value)
    }

    /// A text that must be there and not be empty.
    pub(crate) fn need_text(&self, c: &mut Compiler, name: &str) -> &'d str {
        let value = self.text(c, name);
        self.need(c, name, value)
    }

    /// Says that an attribute can't stand beside another.
    pub(crate) fn excludes(&self, c: &mut Compiler, name: &str, other: &str) {
        if self.has(name) && self.has(other) {
            let message = format!("the attributes '{name}' and '{other}' exclude each other");
            c.push(
                Diagnostic::error(codes::ATTRIBUTE_COMBINATION, message)
                    .at(self.place(name))
                    .label(self.place(other), format!("'{other}' is given here"))
                    .hint("leave one of them out"),
            );
        }
    }

    /// An attribute under its present or its older name.
    pub(crate) fn renamed(&self, c: &mut Compiler, name: &str, older: &str) -> Option<&'d str> {
        self.excludes(c, name, older);
        if self.has(older) {
            let message = format!("the attribute '{older}' is deprecated");
            let at = self.place(older);
            c.push(Diagnostic::warning(codes::DEPRECATED, message).at(at).hint(format!("write '{name}'")));
        }
        let older = self.text(c, older);
        self.text(c, name).or(older)
    }

    /// An error about an attribute's value.
    pub(crate) fn bad(&self, c: &mut Compiler, name: &str, message: String) {
        let hint = super::advice::advice(self.def, codes::BAD_VALUE, Some(name), &message);
        c.push(super::with_hint(Diagnostic::error(codes::BAD_VALUE, message).at(self.place(name)), hint));
    }

    /// An error about an attribute's value, and what to write instead.
    pub(crate) fn bad_with_hint(
        &self,
        c: &mut Compiler,
        name: &str,
        message: String,
        hint: impl Into<String>,
    ) {
        c.push(Diagnostic::error(codes::BAD_VALUE, message).at(self.place(name)).hint(hint));
    }

    /// An error about attributes that don't go together.
    pub(crate) fn combination(&self, c: &mut Compiler, name: &str, message: String) {
        let code = codes::ATTRIBUTE_COMBINATION;
        let hint = super::advice::advice(self.def, code, Some(name), &message);
        c.push(super::with_hint(Diagnostic::error(code, message).at(self.place(name)), hint));
    }

    fn find(&self, name: &str) -> Option<(usize, &'d Attribute)> {
        self.element
            .attributes()
            .iter()
            .enumerate()
            .find(|(_, attribute)| &*attribute.name.local == name && attribute.name.namespace.is_empty())
    }
}

fn guid_hint(generatable: bool) -> String {
    let form =
        "a GUID has 8, 4, 4, 4 and 12 hexadecimal digits, such as {01234567-89AB-CDEF-0123-456789ABCDEF}";
    if generatable { format!("{form}; '*' has one made") } else { form.to_owned() }
}

/// WiX 4 and later: up to four numbers, with labels after a hyphen and whatever after a plus sign.
fn is_newer_version(version: &str) -> bool {
    let plain = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let numbers = plain.split(['-', '+']).next().unwrap_or_default();
    numbers.split('.').count() <= 4 && numbers.split('.').all(|part| part.parse::<u32>().is_ok())
}
