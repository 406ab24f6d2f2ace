//! The feature of a package that has none: packages of WiX 4 and later need not write one.

use crate::ir::{ChildKind, ComplexReference, ParentKind, Section, SectionKind, SourceRow};
use msi_db::Value;

const FEATURE: &str = "WixDefaultFeature";

/// A section with a hidden feature for every component, where no section has a feature.
pub(super) fn feature(entry: &Section, scope: &[&Section]) -> Option<Section> {
    let mut rows = scope.iter().flat_map(|section| &section.rows);
    if !entry.is_v4 || entry.kind != SectionKind::Product || rows.any(|row| &*row.table == "Feature") {
        return None;
    }
    let mut made = Section::new(SectionKind::Fragment, FEATURE, entry.span);
    let reference = |parent, parent_id: &str, child, child_id: &str, primary, span| ComplexReference {
        parent,
        parent_id: parent_id.to_owned(),
        parent_language: None,
        child,
        child_id: child_id.to_owned(),
        primary,
        span,
    };
    for row in scope.iter().flat_map(|section| &section.rows).filter(|row| &*row.table == "Component") {
        let Some(id) = row.values.first().and_then(Value::as_str) else { continue };
        let to = reference(ParentKind::Feature, FEATURE, ChildKind::Component, id, true, row.span);
        made.complex_references.push(to);
    }
    if made.complex_references.is_empty() {
        return None;
    }
    let product = reference(ParentKind::Product, &entry.id, ChildKind::Feature, FEATURE, false, entry.span);
    made.complex_references.push(product);
    let values = vec![
        Value::from(FEATURE),
        Value::Null,
        Value::Null,
        Value::Null,
        Value::Int(0),
        Value::Int(1),
        Value::Null,
        Value::Int(0),
    ];
    made.rows.push(SourceRow { table: "Feature".into(), values, span: entry.span });
    Some(made)
}
