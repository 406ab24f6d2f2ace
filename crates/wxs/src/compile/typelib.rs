//! `TypeLib`: a row where it is advertised, registry values where it is not.

use super::class::{Proxies, Server, class, interface};
use super::file::ANY_FEATURE;
use super::{Compiler, Handled, Node, appid, cells};
use crate::codes;

pub(super) fn type_lib(c: &mut Compiler, node: &Node, component: &str, file: Option<&str>, win64: bool) {
    let id = node.guid(c, "Id", false);
    let id = node.need(c, "Id", id);
    let advertised = node.flag(c, "Advertise");
    let cost = node.int(c, "Cost", 0, i32::MAX);
    let description = node.text(c, "Description");
    let help = c.reference(node, "HelpDirectory", "Directory");
    let language = node.int(c, "Language", 0, i32::from(i16::MAX));
    let language = node.need(c, "Language", language);
    let major = node.int(c, "MajorVersion", 0, 65535);
    let minor = node.int(c, "MinorVersion", 0, if c.is_v4 && !advertised { 65535 } else { 255 });
    let resource = node.int(c, "ResourceId", i32::MIN, i32::MAX);
    let mut flags = 0;
    for (attribute, bit) in [("Restricted", 1), ("Control", 2), ("Hidden", 4), ("HasDiskImage", 8)] {
        let bit = node.bit(c, attribute, bit);
        if advertised && bit != 0 {
            node.combination(c, attribute, format!("an advertised type library has no '{attribute}'"));
        }
        flags |= bit;
    }
    let versioned = major.is_some() || minor.is_some();
    let version =
        versioned.then(|| format!("{:x}.{:x}", major.unwrap_or_default(), minor.unwrap_or_default()));

    let server = Server { file, type_lib: Some(&id), type_lib_version: version.as_deref() };
    c.each_child(node, |c, child| {
        match child.name() {
            "AppId" => appid::app_id(c, child, component, None, &server),
            "Class" => class(c, child, component, None, &server, None),
            "Interface" => {
                let library = Some((id.as_str(), version.as_deref().unwrap_or_default()));
                interface(c, child, component, Proxies::default(), library);
            }
            _ => return Handled::No,
        }
        Handled::Yes
    });

    if advertised {
        if resource.is_some() {
            let message = "an advertised type library has no 'ResourceId'".to_owned();
            node.combination(c, "ResourceId", message);
        }
        let number = versioned.then(|| major.unwrap_or_default() * 256 + minor.unwrap_or_default());
        let cells = cells![id.as_str(), language, component, number, description, help, ANY_FEATURE, cost];
        c.row(node, "TypeLib", cells);
        return;
    }
    if cost.is_some() {
        node.combination(c, "Cost", "'Cost' is for advertised type libraries".to_owned());
    }
    let (Some(file), Some(version)) = (file, &version) else {
        let message = if file.is_none() {
            "a <TypeLib> that is not advertised stands in its <File>"
        } else {
            "a <TypeLib> that is not advertised needs 'MajorVersion' or 'MinorVersion'"
        };
        return c.error(node, codes::MISSING, message.to_owned());
    };
    let key = format!("TypeLib\\{id}\\{version}");
    c.class_value(node, component, &key, None, description);
    let mut path = format!("[#{file}]");
    if let Some(resource) = resource {
        path.push_str(&format!("\\{resource}"));
    }
    let bits = if win64 { "win64" } else { "win32" };
    c.class_value(node, component, &format!("{key}\\{language}\\{bits}"), None, Some(&path));
    c.class_value(node, component, &format!("{key}\\FLAGS"), None, Some(&flags.to_string()));
    if let Some(help) = help {
        c.class_value(node, component, &format!("{key}\\HELPDIR"), None, Some(&format!("[{help}]")));
    }
}
