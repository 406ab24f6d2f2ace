//! `Product`.

use super::section::Scope;
use super::{Compiler, Node, Parent, cells, names, property, section};
use crate::codes;
use crate::ir::{ParentKind, Section, SectionKind};

/// What elements below a product need to know of it.
pub(super) struct Facts {
    pub(super) name: String,
    pub(super) language: String,
    pub(super) manufacturer: String,
    pub(super) version: String,
    pub(super) upgrade_code: Option<String>,
}

pub(super) fn product(c: &mut Compiler, node: &Node) {
    let code = node.guid(c, "Id", true);
    let code = node.need(c, "Id", code);
    let codepage = node.codepage(c, "Codepage");
    let language = node.loc_int(c, "Language", 0, i32::from(i16::MAX)).and(node.text_or_empty("Language"));
    let language = node.need(c, "Language", language).to_owned();
    let manufacturer = visible_text(c, node, "Manufacturer");
    let name = visible_text(c, node, "Name");
    let upgrade_code = node.guid(c, "UpgradeCode", false);
    let version = node.version(c, "Version").and(node.text_or_empty("Version"));
    let version = node.need(c, "Version", version).to_owned();
    for (attribute, value, placeholder) in
        [("Manufacturer", &manufacturer, "PUT-COMPANY-NAME-HERE"), ("Name", &name, "PUT-PRODUCT-NAME-HERE")]
    {
        if value == placeholder {
            c.warn_at(codes::SUSPICIOUS, node.place(attribute), format!("'{value}' is a placeholder"));
        }
    }
    if !node.has("UpgradeCode") {
        let message = "without UpgradeCode no later version of the product can replace this one".to_owned();
        c.warn(node, codes::SUSPICIOUS, message);
    }
    // WiX 4 and later look at it when all variables are known, and then only warn.
    if !c.is_v4 {
        check_version(c, node, &version);
    }

    c.section = Section::new(SectionKind::Product, code.clone(), node.span());
    c.section.codepage = codepage;
    for (property, value) in [
        ("Manufacturer", manufacturer.as_str()),
        ("ProductCode", &code),
        ("ProductLanguage", &language),
        ("ProductName", &name),
        ("ProductVersion", &version),
        ("UpgradeCode", upgrade_code.as_deref().unwrap_or_default()),
    ] {
        if !value.is_empty() {
            own_property(c, node, &code, property, value);
        }
    }
    c.product = Some(Facts { name, language, manufacturer, version, upgrade_code });
    section::children(
        c,
        node,
        &mut Scope { parent: Parent::new(ParentKind::Product, &code), last_display: 0 },
    );
    c.product = None;
    c.short_names = false;
    c.finish_section();
}

/// A property made from an attribute gets a fragment of its own, so that one written as `Property` takes its place.
fn own_property(c: &mut Compiler, node: &Node, code: &str, property: &str, value: &str) {
    c.refer(node, "Property", property);
    property::warn_of_references(c, node, property, value);
    let mut fragment = Section::new(SectionKind::Fragment, format!("{code}.{property}"), node.span());
    fragment.codepage.clone_from(&c.section.codepage);
    std::mem::swap(&mut c.section, &mut fragment);
    c.row(node, "Property", cells![property, value]);
    std::mem::swap(&mut c.section, &mut fragment);
    c.sections.push(fragment);
}

/// A text with more than white space in it.
fn visible_text(c: &mut Compiler, node: &Node, attribute: &str) -> String {
    let value = node.text(c, attribute);
    if value.is_some_and(|value| value.trim().is_empty()) {
        node.bad(c, attribute, format!("the attribute '{attribute}' holds nothing but white space"));
    }
    node.need(c, attribute, value).to_owned()
}

/// Windows Installer compares three numbers, of one, one and two bytes.
fn check_version(c: &mut Compiler, node: &Node, version: &str) {
    if names::find_variable(version).is_some() {
        return;
    }
    let parts: Vec<u32> = version.split('.').filter_map(|part| part.trim().parse().ok()).collect();
    let limits = [255, 255, 65535];
    if parts.iter().zip(limits).any(|(&part, limit)| part > limit) {
        node.bad(
            c,
            "Version",
            format!("'{version}' is past the largest version of a product, 255.255.65535"),
        );
    }
}
