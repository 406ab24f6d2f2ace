//! Summary information of a transform: which package it is for, and what the engine forgives.

use crate::database::{Database, Table};
use crate::summary::SummaryInfo;
use std::ops::BitOr;

/// What the engine checks of a package before it applies the transform (`MSITRANSFORM_VALIDATE_…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Validation(pub u16);

/// What the engine passes over while it applies the transform (`MSITRANSFORM_ERROR_…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tolerance(pub u16);

impl Validation {
    pub const NONE: Validation = Validation(0);
    pub const LANGUAGE: Validation = Validation(0x1);
    pub const PRODUCT: Validation = Validation(0x2);
    pub const MAJOR_VERSION: Validation = Validation(0x8);
    pub const MINOR_VERSION: Validation = Validation(0x10);
    pub const UPDATE_VERSION: Validation = Validation(0x20);
    pub const EQUAL_VERSION: Validation = Validation(0x100);
    pub const SAME_OR_NEWER_VERSION: Validation = Validation(0x200);
    pub const UPGRADE_CODE: Validation = Validation(0x800);
}

impl Tolerance {
    pub const NONE: Tolerance = Tolerance(0);
    pub const ADD_EXISTING_ROW: Tolerance = Tolerance(0x1);
    pub const DELETE_MISSING_ROW: Tolerance = Tolerance(0x2);
    pub const ADD_EXISTING_TABLE: Tolerance = Tolerance(0x4);
    pub const DELETE_MISSING_TABLE: Tolerance = Tolerance(0x8);
    pub const UPDATE_MISSING_ROW: Tolerance = Tolerance(0x10);
    pub const CHANGE_CODE_PAGE: Tolerance = Tolerance(0x20);
    /// All of them, as language transforms have it.
    pub const ALL: Tolerance = Tolerance(0x3f);
}

impl BitOr for Validation {
    type Output = Validation;
    fn bitor(self, other: Validation) -> Validation {
        Validation(self.0 | other.0)
    }
}

impl BitOr for Tolerance {
    type Output = Tolerance;
    fn bitor(self, other: Tolerance) -> Tolerance {
        Tolerance(self.0 | other.0)
    }
}

/// The summary information of a transform from `base` to `target`. Texts and dates are the base's, as are the platform and
/// languages it is for; those of the target stand beside. The codes and versions come from the Property tables.
pub fn summary(
    base: &Database,
    target: &Database,
    validation: Validation,
    tolerance: Tolerance,
) -> SummaryInfo {
    let product = |database: &Database| {
        format!("{}{}", property(database, "ProductCode"), property(database, "ProductVersion"))
    };
    SummaryInfo {
        last_author: target.summary.template.clone(),
        revision: Some(format!("{};{};{}", product(base), product(target), property(base, "UpgradeCode"))),
        last_printed: None,
        page_count: base.summary.page_count.max(target.summary.page_count),
        word_count: None,
        character_count: Some(i32::from(validation.0) << 16 | i32::from(tolerance.0)),
        security: Some(4),
        ..base.summary.clone()
    }
}

fn property<'a>(database: &'a Database, name: &str) -> &'a str {
    let mut rows = database.table("Property").into_iter().flat_map(Table::iter);
    rows.find(|row| row.str("Property") == Some(name)).and_then(|row| row.str("Value")).unwrap_or_default()
}
