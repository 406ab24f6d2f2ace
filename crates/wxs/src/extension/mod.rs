//! The extensions of WiX: elements of other namespaces, tables of their own, and the fragments that come with them.
//!
//! Each extension is three pieces of data and some handlers: its vocabulary (`schema/NAME.txt`), its tables
//! (`extension/tables/NAME.txt`) and its library (`extension/library/NAME*.wxs`: custom actions, their places, properties and
//! texts, as WiX source of our own), which the linker takes from as from any other source. The handlers have one file for each
//! extension, or one for each family of elements where there are many.
//!
//! What a row asks for is done by a custom action. Where the DLL behind it is not ours yet, [`missing`] says who wants it.

mod dependency;
mod firewall;
mod http;
mod iis;
mod library;
pub mod missing;
mod netfx;
pub(crate) mod newer;
mod scope;
mod sql;
mod tables;
mod util;
pub(crate) mod vs;

pub use library::{Library, LibraryOptions, Texts, file, load, referred_to, texts, voice};
pub use tables::{ExtensionTable, find_table};

pub(crate) use dependency::add_dependents;
pub(crate) use scope::{Object, in_component, in_object, in_section, in_ui, is_foreign};
pub(crate) use tables::named_tables;

use crate::codes;
use crate::document::Element;
use crate::schema::moved::{self, Foreign};
use crate::schema::{self, ElementDef, Schema};
use diagnostics::Diagnostic;
use std::sync::OnceLock;

/// One extension.
#[derive(Debug)]
pub struct Extension {
    /// The name that candle's `-ext` takes.
    pub name: &'static str,
    pub namespace: &'static str,
    /// What the names of its elements begin with in the catalogue and in messages.
    pub prefix: &'static str,
    vocabulary: &'static str,
    tables: &'static str,
    /// The texts of its library, a localization file for each culture; the first is complete.
    strings: &'static [(&'static str, &'static str)],
    /// Fragments that are the same for every platform.
    common: &'static str,
    /// Fragments that exist for each platform, under names that end with the platform's mark.
    per_platform: &'static str,
    /// The same under the names of WiX 4 and later.
    newer: &'static str,
    /// Sources and include files of a library of many files, by their paths.
    sources: &'static [(&'static str, &'static str)],
    /// What its sources name as `$(var.Files)NAME`.
    files: &'static [(&'static str, &'static [u8])],
}

macro_rules! extension {
    ($name:literal, $namespace:literal, $prefix:literal, $file:literal, $common:expr, $per_platform:expr) => {
        Extension {
            name: $name,
            namespace: concat!("http://schemas.microsoft.com/wix/", $namespace),
            prefix: $prefix,
            vocabulary: include_str!(concat!("../schema/", $file, ".txt")),
            tables: include_str!(concat!("tables/", $file, ".txt")),
            strings: &[("en-us", include_str!(concat!("library/", $file, ".wxl")))],
            common: $common,
            per_platform: $per_platform,
            newer: include_str!(concat!("library/newer/", $file, ".wxs")),
            sources: &[],
            files: &[],
        }
    };
}

/// Every extension that this compiler knows.
pub static ALL: [Extension; 10] = [
    extension!(
        "WixUtilExtension",
        "UtilExtension",
        "util:",
        "util",
        include_str!("library/util.wxs"),
        include_str!("library/util-platform.wxs")
    ),
    extension!(
        "WixFirewallExtension",
        "FirewallExtension",
        "firewall:",
        "firewall",
        include_str!("library/firewall.wxs"),
        include_str!("library/firewall-platform.wxs")
    ),
    extension!(
        "WixNetFxExtension",
        "NetFxExtension",
        "netfx:",
        "netfx",
        include_str!("library/netfx.wxs"),
        include_str!("library/netfx-platform.wxs")
    ),
    extension!(
        "WixDependencyExtension",
        "DependencyExtension",
        "dep:",
        "dependency",
        include_str!("library/dependency.wxs"),
        include_str!("library/dependency-platform.wxs")
    ),
    extension!(
        "WixHttpExtension",
        "HttpExtension",
        "http:",
        "http",
        include_str!("library/http.wxs"),
        include_str!("library/http-platform.wxs")
    ),
    extension!(
        "WixIIsExtension",
        "IIsExtension",
        "iis:",
        "iis",
        include_str!("library/iis.wxs"),
        include_str!("library/iis-platform.wxs")
    ),
    extension!(
        "WixSqlExtension",
        "SqlExtension",
        "sql:",
        "sql",
        include_str!("library/sql.wxs"),
        include_str!("library/sql-platform.wxs")
    ),
    extension!("WixTagExtension", "TagExtension", "tag:", "tag", include_str!("library/tag.wxs"), ""),
    // Its elements that register help files are refused; its properties and commands are in its library.
    extension!(
        "WixVSExtension",
        "VSExtension",
        "vs:",
        "vs",
        include_str!("library/vs.wxs"),
        include_str!("library/vs-platform.wxs")
    ),
    // The dialog library has no elements; WiX 4's <ui:WixUI> stands for references to it.
    Extension {
        name: "WixUIExtension",
        namespace: "http://schemas.microsoft.com/wix/UIExtension",
        prefix: "ui:",
        vocabulary: "",
        tables: "",
        strings: wixui::STRINGS,
        common: "",
        per_platform: "",
        newer: "",
        sources: wixui::SOURCES,
        files: wixui::FILES,
    },
];

/// Extensions whose elements are refused, with the reason.
const REFUSED: &[(&str, &str)] = &[
    (
        "DifxAppExtension",
        "drivers are not installed by packages of this compiler: Windows no longer has DIFxApp",
    ),
    ("BalExtension", "bundles (setup programs) are not built by this compiler"),
    ("ComPlusExtension", "COM+ applications are not configured by packages of this compiler"),
    ("MsmqExtension", "message queues are not made by packages of this compiler"),
    ("DirectXExtension", "the capabilities of DirectX are not looked up by packages of this compiler"),
    ("PSExtension", "snap-ins of PowerShell 1 are not registered by packages of this compiler"),
];

/// The extension of a namespace.
pub fn by_namespace(namespace: &str) -> Option<&'static Extension> {
    ALL.iter().find(|extension| extension.namespace == namespace)
}

/// The extension of candle's `-ext NAME`, with or without a folder and `.dll`, or of WiX 4's `-ext NAME` with or without a version.
pub fn by_name(name: &str) -> Option<&'static Extension> {
    // A package of WiX 4 has its version after a slash.
    let versioned = |name: &str| name.starts_with(|c: char| c.is_ascii_digit());
    let name = name.rsplit(['/', '\\']).find(|step| !versioned(step)).unwrap_or(name);
    let name = name.strip_suffix(".dll").unwrap_or(name);
    let newer = name.strip_prefix("WixToolset.").and_then(|name| name.strip_suffix(".wixext"));
    ALL.iter().find(|extension| {
        let plain = extension.name.strip_prefix("Wix").and_then(|name| name.strip_suffix("Extension"));
        extension.name.eq_ignore_ascii_case(name)
            || newer.zip(plain).is_some_and(|(newer, plain)| {
                newer.eq_ignore_ascii_case(plain) || (plain == "VS" && newer == "VisualStudio")
            })
    })
}

impl Extension {
    /// The cultures that its library has texts for.
    pub fn cultures(&self) -> impl Iterator<Item = &'static str> {
        self.strings.iter().map(|(culture, _)| *culture)
    }
}

/// How the names begin that an extension's library defines and others rarely use.
const NAMES: &[(&str, &str)] = &[
    ("NETFRAMEWORK", "WixNetFxExtension"),
    ("WIX_IS_NETFRAMEWORK", "WixNetFxExtension"),
    ("WINDOWSSDK", "WixNetFxExtension"),
    ("WixUI", "WixUIExtension"),
    ("WIX_SUITE_", "WixUtilExtension"),
    ("WIX_DIR_", "WixUtilExtension"),
    ("WIX_ACCOUNT_", "WixUtilExtension"),
    ("WixCA", "WixUtilExtension"),
    ("WixShellExec", "WixUtilExtension"),
    ("WixQuietExec", "WixUtilExtension"),
    ("WixSilentExec", "WixUtilExtension"),
    ("WixExitEarly", "WixUtilExtension"),
    ("WixFailWhenDeferred", "WixUtilExtension"),
    ("WixBroadcast", "WixUtilExtension"),
    ("QtExec", "WixUtilExtension"),
    ("VS2", "WixVSExtension"),
    ("VS80", "WixVSExtension"),
    ("VS90", "WixVSExtension"),
    ("IISMAJORVERSION", "WixIIsExtension"),
    ("IISMINORVERSION", "WixIIsExtension"),
];

/// The extension that a name looks like it is of, for hints.
pub(crate) fn owner_of(name: &str) -> Option<&'static str> {
    NAMES.iter().find(|(start, _)| name.starts_with(start)).map(|(_, extension)| *extension)
}

/// The elements of all extensions, as WiX 3 or as WiX 4 and later have them.
pub(crate) fn schema(newer: bool) -> &'static Schema {
    static SCHEMAS: OnceLock<[Schema; 2]> = OnceLock::new();
    let older = || Schema::of(&ALL.each_ref().map(|extension| extension.vocabulary));
    let schemas = SCHEMAS.get_or_init(|| {
        let mut newer = older();
        newer.extend(include_str!("../schema/newer.txt"));
        [older(), newer]
    });
    &schemas[usize::from(newer)]
}

impl Extension {
    /// An element by its local name.
    pub(crate) fn element(&self, local: &str, newer: bool) -> Option<&'static ElementDef> {
        schema(newer).element(&format!("{}{local}", self.prefix))
    }

    pub(crate) fn unknown_element(&self, element: Element<'_>, parent: &str, newer: bool) -> Diagnostic {
        let name = format!("{}{}", self.prefix, element.local());
        let finding =
            Diagnostic::error(codes::UNKNOWN_ELEMENT, format!("unknown element <{name}>")).at(element.span());
        let from = Foreign::Element { parent, element: &name };
        if let Some(hint) = moved::instead(from, newer) {
            return finding.hint(hint);
        }
        let mut known: Vec<&str> =
            schema(newer).names().filter(|known| known.starts_with(self.prefix)).collect();
        known.sort_unstable();
        finding.hint(match schema::nearest(&name, known.iter().copied()) {
            Some(near) => format!("did you mean <{near}>?"),
            None if known.is_empty() => format!("the extension has no elements in a <{parent}>"),
            None => format!("the extension has <{}>", known.join(">, <")),
        })
    }
}

/// The error about an element of a namespace that this compiler does not know. `open` says that its parent takes elements
/// of extensions.
pub(crate) fn refusal(element: Element<'_>, parent: &str, open: bool) -> Diagnostic {
    let (name, namespace) = (element.local(), &element.name().namespace);
    let finding = if let Some((_, reason)) = REFUSED.iter().find(|(end, _)| namespace.ends_with(end)) {
        Diagnostic::error(codes::REFUSED, format!("<{name}>: {reason}")).hint("leave the element out")
    } else if let Some(older) = crate::v4::older_namespace(namespace) {
        let message = format!("<{parent}> can't hold <{name}> of '{namespace}'");
        let hint = by_namespace(&older)
            .and_then(|known| {
                let name = format!("{}{name}", known.prefix);
                moved::instead(Foreign::Element { parent, element: &name }, false)
            })
            .map_or_else(|| format!("sources of WiX 3 name its namespace '{older}'"), str::to_owned);
        Diagnostic::error(codes::MISPLACED_ELEMENT, message).hint(hint)
    } else if !open {
        let message = format!("<{parent}> can't hold <{name}> of '{namespace}'");
        Diagnostic::error(codes::MISPLACED_ELEMENT, message)
            .hint(format!("<{parent}> takes no elements of extensions; look where <{name}> belongs"))
    } else {
        let known: Vec<&str> = ALL.iter().map(|known| known.name).collect();
        Diagnostic::error(codes::NOT_SUPPORTED, format!("<{name}> of '{namespace}' is not supported"))
            .hint(format!("this compiler knows {}", known.join(", ")))
    };
    finding.at(element.span())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_stand_where_something_holds_them() {
        for (extension, newer) in ALL.iter().flat_map(|extension| [(extension, false), (extension, true)]) {
            let schema = schema(newer);
            for name in schema.names().filter(|name| name.starts_with(extension.prefix)) {
                let def = schema.element(name).expect("names() gives elements");
                for parent in &def.parents {
                    let parent = schema::v3().element(parent).expect("a parent is an element of WiX");
                    assert!(parent.holds(def), "<{}> does not hold <{name}>", parent.name);
                }
                for child in &def.children {
                    assert!(schema.element(child).is_some(), "<{name}> lists <{child}>");
                }
                let inside = schema.parents(name).next().is_some();
                assert!(inside || !def.parents.is_empty(), "nothing holds <{name}>");
            }
        }
    }

    #[test]
    fn extensions_are_found_as_candle_finds_them() {
        for name in ["WixUtilExtension", "wixutilextension.dll", "C:\\wix\\bin\\WixUtilExtension.dll"] {
            assert_eq!(by_name(name).map(|extension| extension.prefix), Some("util:"), "{name}");
        }
        for name in
            ["WixToolset.Util.wixext", "WixToolset.Util.wixext/4.0.2", "lib/WixToolset.Util.wixext.dll"]
        {
            assert_eq!(by_name(name).map(|extension| extension.prefix), Some("util:"), "{name}");
        }
        assert_eq!(by_name("WixToolset.UI.wixext").map(|extension| extension.name), Some("WixUIExtension"));
        assert!(by_name("WixNoExtension").is_none());
    }
}
