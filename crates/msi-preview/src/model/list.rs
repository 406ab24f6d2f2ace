//! Items of the controls that offer a choice.

use super::Area;

/// Which table the items of a property stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    Combo,
    List,
    View,
    Radio,
}

/// One thing to choose.
#[derive(Debug, Clone)]
pub struct Item {
    pub order: i32,
    pub value: String,
    pub text: String,
    /// Where a radio button stands in its group.
    pub area: Option<Area>,
    /// The icon of a list view's item.
    pub picture: Option<String>,
}
