//! The NetFx extension: `NativeImage`. What it knows of installed versions is in its library.

use super::{Object, util};
use crate::compile::node::Node;
use crate::compile::{Compiler, Handled, cells};

const ON_32_BIT: i32 = 0x08;
const ON_64_BIT: i32 = 0x10;

pub(super) fn in_object(c: &mut Compiler, node: &Node, object: &Object) -> Handled {
    let id = node.id(c, "Id").map(str::to_owned);
    let id = match id {
        Some(id) => id,
        None if c.is_v4 => c.generate_identifier("nni", &[object.id]),
        None => node.need_id(c, "Id").to_owned(),
    };
    let base = formatted_or_key(c, node, "AppBaseDirectory", "Directory");
    let application = formatted_or_key(c, node, "AssemblyApplication", "File");
    let platforms = [("32bit", ON_32_BIT), ("64bit", ON_64_BIT), ("all", ON_32_BIT | ON_64_BIT)];
    let mut bits = node.choice(c, "Platform", &platforms).unwrap_or(ON_32_BIT);
    bits |= node.bit(c, "Debug", 0x1) | node.bit(c, "Profile", 0x4);
    if node.yes_no(c, "Dependencies") == Some(false) {
        bits |= 0x2;
    }
    let priority = node.int(c, "Priority", 0, 3).unwrap_or(3);
    c.refer_to_action(node, "NetFxScheduleNativeImage", &[]);
    c.row(node, "NetFxNativeImage", cells![id, object.id, priority, bits, application, base]);
    c.no_children(node);
    Handled::Yes
}

pub(super) fn in_section(c: &mut Compiler, node: &Node) -> Handled {
    match node.name() {
        "netfx:DotNetCompatibilityCheck" => check(c, node),
        "netfx:DotNetCompatibilityCheckRef" => {
            c.simple_reference(node, "Wix4NetFxDotNetCheck");
            c.no_children(node);
        }
        // The searches of bundles.
        name if name.ends_with("SearchRef") => util::search_reference(c, node),
        name if name.ends_with("Search") => util::bundle_search(c, node),
        _ => return Handled::No,
    }
    Handled::Yes
}

/// A question to .NET, whose answer goes to a property.
fn check(c: &mut Compiler, node: &Node) {
    let given_id = node.id(c, "Id").map(str::to_owned);
    let property = node.need_id(c, "Property");
    let kinds = [
        ("aspnet", "Microsoft.AspNetCore.App"),
        ("core", "Microsoft.NETCore.App"),
        ("desktop", "Microsoft.WindowsDesktop.App"),
    ];
    let kind = node.choice(c, "RuntimeType", &kinds).unwrap_or_default();
    let platform = node.need_text(c, "Platform");
    let version = node.version(c, "Version").unwrap_or_default();
    let forward = [
        ("latestMajor", "LatestMajor"),
        ("major", "Major"),
        ("latestMinor", "LatestMinor"),
        ("minor", "Minor"),
        ("latestPatch", "LatestPatch"),
        ("disable", "Disable"),
    ];
    let forward = node.choice(c, "RollForward", &forward).unwrap_or("Minor");
    let id = given_id
        .unwrap_or_else(|| c.generate_identifier("ndncc", &[property, kind, platform, version.as_str()]));
    c.refer_to_action(node, "NetFxDotNetCompatibilityCheck", &[]);
    c.row(node, "Wix4NetFxDotNetCheck", cells![id, kind, platform, version, forward, property]);
    c.no_children(node);
}

/// An attribute that holds formatted text, or else the key of a row.
fn formatted_or_key<'d>(c: &mut Compiler, node: &Node<'d>, attribute: &str, table: &str) -> Option<&'d str> {
    let value = node.text(c, attribute)?;
    if !value.contains('[') {
        c.refer(node, table, value);
    }
    Some(value)
}
