//! Slips in hand-edited files: a known node under a name in the wrong case, or in the wrong place.

use std::fmt;

use xmltree::Element;

use crate::Position;
use crate::document::{Document, join};
use crate::tree::{elements, is, qualified};

/// A node that has no effect where it stands, though one of its name elsewhere has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspicion {
    /// The node, by its path from the root.
    pub node: String,
    pub at: Option<Position>,
    /// Where it would have an effect.
    pub meant: &'static str,
}

impl fmt::Display for Suspicion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at.map(|at| format!(" at {at}")).unwrap_or_default();
        write!(f, "{}{at} has no effect; did you mean {}?", self.node, self.meant)
    }
}

/// The nodes that are looked for: parent, name, whole path.
const KNOWN: [(&str, &str, &str); 6] = [
    ("", "runtime", "configuration/runtime"),
    ("runtime", "enforceFIPSPolicy", "configuration/runtime/enforceFIPSPolicy"),
    ("", "appSettings", "configuration/appSettings"),
    ("", "system.net", "configuration/system.net"),
    ("system.net", "defaultProxy", "configuration/system.net/defaultProxy"),
    ("", "system.diagnostics", "configuration/system.diagnostics"),
];

pub(crate) fn find(document: &Document) -> Vec<Suspicion> {
    let mut found = Vec::new();
    walk(document, &document.root, "", &mut found);
    found
}

// The depth was bounded when the file was parsed.
fn walk(document: &Document, parent: &Element, path: &str, found: &mut Vec<Suspicion>) {
    for element in elements(parent) {
        let name = qualified(element);
        let node = join(path, element);
        let known = KNOWN.iter().find(|(_, known, _)| known.eq_ignore_ascii_case(&name));
        let meant = match known {
            Some((place, known, whole)) => (*place != path || *known != name).then_some(*whole),
            None if path == "appSettings" && name.eq_ignore_ascii_case("add") => {
                (!is(element, "add")).then_some("configuration/appSettings/add")
            }
            None => None,
        };
        if let Some(meant) = meant {
            found.push(Suspicion { at: document.place(&node), node: node.clone(), meant });
        }
        walk(document, element, &node, found);
    }
}
