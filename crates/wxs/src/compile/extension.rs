//! File extensions, their verbs and MIME types.

use super::file::ANY_FEATURE;
use super::{Compiler, Handled, Node, cells, class};

pub(super) fn extension(
    c: &mut Compiler,
    node: &Node,
    component: &str,
    outer_advertise: Option<bool>,
    prog_id: Option<&str>,
) {
    let id = node.need_text(c, "Id");
    let advertised = class::advertise(c, node, outer_advertise).unwrap_or(false);
    let mut mime_type = node.text(c, "ContentType").map(str::to_owned);
    c.each_child(node, |c, child| {
        match child.name() {
            "Verb" => verb(c, child, component, advertised, id, prog_id),
            "MIME" => {
                let default = mime(c, child, component, advertised, id);
                mime_type = mime_type.take().or(default);
            }
            _ => return Handled::No,
        }
        Handled::Yes
    });
    if advertised {
        c.row(node, "Extension", cells![id, component, prog_id, mime_type, ANY_FEATURE]);
        c.ensure_table(node, "Verb");
    } else {
        let key = format!(".{id}");
        c.class_value(node, component, &key, None, prog_id);
        if mime_type.is_some() {
            c.class_value(node, component, &key, Some("Content Type"), mime_type.as_deref());
        }
    }
}

fn verb(
    c: &mut Compiler,
    node: &Node,
    component: &str,
    advertised: bool,
    extension: &str,
    prog_id: Option<&str>,
) {
    let id = node.need_text(c, "Id");
    let argument = node.text(c, "Argument");
    let command = node.text(c, "Command");
    let sequence = node.int(c, "Sequence", 1, i32::from(i16::MAX));
    let target = node.text(c, "Target");
    let target_file = node.text(c, "TargetFile");
    let target_property = node.text(c, "TargetProperty");
    if let Some(file) = target_file {
        c.refer(node, "File", file);
    }
    for (attribute, other) in
        [("Target", "TargetFile"), ("Target", "TargetProperty"), ("TargetFile", "TargetProperty")]
    {
        node.excludes(c, attribute, other);
    }
    c.no_children(node);
    if advertised {
        for attribute in ["Target", "TargetFile", "TargetProperty"] {
            if node.has(attribute) {
                let message = format!("an advertised verb has no '{attribute}'");
                node.combination(c, attribute, message);
            }
        }
        c.row(node, "Verb", cells![extension, id, sequence, command, argument]);
        return;
    }
    if sequence.is_some() {
        node.combination(c, "Sequence", "'Sequence' is for advertised verbs".to_owned());
    }
    let by_file = target_file.map(|file| format!("\"[#{file}]\""));
    let by_property = target_property.map(|property| format!("\"[{property}]\""));
    let Some(target) = target.map(str::to_owned).or(by_property).or(by_file) else {
        let message = "<Verb> needs the attribute 'TargetFile' or 'TargetProperty'".to_owned();
        return c.error(node, crate::codes::MISSING, message);
    };
    let target = argument.map_or(target.clone(), |argument| format!("{target} {argument}"));
    let prefix = prog_id.map_or_else(|| format!(".{extension}"), str::to_owned);
    let key = format!("{prefix}\\shell\\{id}");
    if command.is_some() {
        c.class_value(node, component, &key, None, command);
    }
    c.class_value(node, component, &format!("{key}\\command"), None, Some(&target));
}

/// Gives the content type where it is the extension's default.
fn mime(
    c: &mut Compiler,
    node: &Node,
    component: &str,
    outer_advertised: bool,
    extension: &str,
) -> Option<String> {
    let own = node.yes_no(c, "Advertise");
    let advertised = own.unwrap_or(outer_advertised);
    let class_id = node.guid(c, "Class", false);
    let content_type = node.need_text(c, "ContentType");
    let default = node.flag(c, "Default");
    if advertised {
        if !outer_advertised {
            let message = "'Advertise' is not what the element around this one says".to_owned();
            node.combination(c, "Advertise", message);
        }
        c.row(node, "MIME", cells![content_type, extension, class_id]);
    } else {
        if default && outer_advertised {
            let message = "the default of an advertised extension is advertised too".to_owned();
            node.combination(c, "Default", message);
        }
        let key = format!("MIME\\Database\\Content Type\\{content_type}");
        let dotted = format!(".{extension}");
        c.class_value(node, component, &key, Some("Extension"), Some(&dotted));
        if class_id.is_some() {
            c.class_value(node, component, &key, Some("CLSID"), class_id.as_deref());
        }
    }
    c.no_children(node);
    default.then(|| content_type.to_owned())
}
