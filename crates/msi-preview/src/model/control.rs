//! Controls and their kinds.

use super::Area;

/// Attribute bits of the Control table ("Control Attributes" in the Windows Installer reference). Bits above 16 mean
/// something else for each kind of control.
pub mod bits {
    pub const VISIBLE: i32 = 1;
    pub const ENABLED: i32 = 2;
    pub const SUNKEN: i32 = 4;
    pub const INDIRECT: i32 = 8;
    pub const RTL_READING: i32 = 0x20;
    pub const RIGHT_ALIGNED: i32 = 0x40;

    pub const TRANSPARENT: i32 = 0x1_0000;
    pub const NO_PREFIX: i32 = 0x2_0000;
    pub const NO_WRAP: i32 = 0x4_0000;

    pub const MULTI_LINE: i32 = 0x1_0000;
    pub const PASSWORD: i32 = 0x20_0000;

    /// The picture of a button, check box or radio buttons instead of a text.
    pub const BITMAP: i32 = 0x4_0000;
    pub const ICON: i32 = 0x8_0000;
    pub const FIXED_SIZE: i32 = 0x10_0000;
    pub const ICON_16: i32 = 0x20_0000;
    pub const ICON_32: i32 = 0x40_0000;
    pub const ICON_48: i32 = 0x60_0000;
    pub const PUSH_LIKE: i32 = 0x2_0000;
    pub const HAS_BORDER: i32 = 0x100_0000;
    pub const ELEVATION_SHIELD: i32 = 0x80_0000;
}

/// The kinds of controls that the engine knows ("Controls" in the Windows Installer reference).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Billboard,
    Bitmap,
    CheckBox,
    ComboBox,
    DirectoryCombo,
    DirectoryList,
    Edit,
    GroupBox,
    Hyperlink,
    Icon,
    Line,
    ListBox,
    ListView,
    MaskedEdit,
    PathEdit,
    ProgressBar,
    PushButton,
    RadioButtonGroup,
    ScrollableText,
    SelectionTree,
    Text,
    VolumeCostList,
    VolumeSelectCombo,
    /// A kind that the engine does not know either.
    Unknown,
}

const KINDS: [(&str, Kind); 23] = [
    ("Billboard", Kind::Billboard),
    ("Bitmap", Kind::Bitmap),
    ("CheckBox", Kind::CheckBox),
    ("ComboBox", Kind::ComboBox),
    ("DirectoryCombo", Kind::DirectoryCombo),
    ("DirectoryList", Kind::DirectoryList),
    ("Edit", Kind::Edit),
    ("GroupBox", Kind::GroupBox),
    ("Hyperlink", Kind::Hyperlink),
    ("Icon", Kind::Icon),
    ("Line", Kind::Line),
    ("ListBox", Kind::ListBox),
    ("ListView", Kind::ListView),
    ("MaskedEdit", Kind::MaskedEdit),
    ("PathEdit", Kind::PathEdit),
    ("ProgressBar", Kind::ProgressBar),
    ("PushButton", Kind::PushButton),
    ("RadioButtonGroup", Kind::RadioButtonGroup),
    ("ScrollableText", Kind::ScrollableText),
    ("SelectionTree", Kind::SelectionTree),
    ("Text", Kind::Text),
    ("VolumeCostList", Kind::VolumeCostList),
    ("VolumeSelectCombo", Kind::VolumeSelectCombo),
];

impl Kind {
    /// The kind of this name, which the engine takes in any case.
    pub fn of(name: &str) -> Kind {
        KINDS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or(Kind::Unknown, |(_, kind)| *kind)
    }

    /// Whether the user can give it the focus.
    pub fn takes_focus(self) -> bool {
        !matches!(
            self,
            Kind::Billboard
                | Kind::Bitmap
                | Kind::GroupBox
                | Kind::Icon
                | Kind::Line
                | Kind::ProgressBar
                | Kind::Text
                | Kind::Unknown
        )
    }
}

/// A row of the Control table.
#[derive(Debug, Clone)]
pub struct Control {
    pub id: String,
    pub kind: Kind,
    /// The kind as the table names it.
    pub type_name: String,
    pub area: Area,
    pub attributes: i32,
    pub property: Option<String>,
    pub text: String,
    pub next: Option<String>,
    /// Action and condition of each row of ControlCondition.
    pub conditions: Vec<(String, String)>,
    /// What the control subscribes to, by EventMapping: event and attribute.
    pub subscriptions: Vec<(String, String)>,
}

impl Control {
    pub fn has(&self, bits: i32) -> bool {
        self.attributes & bits == bits
    }

    /// Whether it reads from right to left.
    pub fn right_to_left(&self) -> bool {
        self.has(bits::RTL_READING)
    }
}
