//! `WebDir`, `WebVirtualDir`, and what stands in sites and virtual directories alike: `WebError`, `HttpHeader`, `MimeMap`.

use super::application::application;
use super::properties::directory_properties;
use super::{Owner, Reference, name_without_backslash, refer_to_configuration, site_of};
use crate::codes;
use crate::compile::node::Node;
use crate::compile::{Compiler, Handled, cells, names};

/// `outer` is the site that the element stands in.
pub(super) fn directory<'d>(c: &mut Compiler, node: &Node<'d>, component: &str, outer: Option<&'d str>) {
    let id = node.need_id(c, "Id");
    let path = node.need_text(c, "Path");
    let site = site_of(c, node, outer);
    let mut web_application = Reference::read(c, node, "WebApplication", "IIsWebApplication");
    let mut properties = Reference::read(c, node, "DirProperties", "IIsWebDirProperties");
    children_of(c, node, &mut web_application, &mut properties, |_, _| Handled::No);
    if properties.id.is_none() {
        let message = "<iis:WebDir> needs 'DirProperties' or <iis:WebDirProperties>".to_owned();
        c.error(node, codes::MISSING, message);
    }
    let web_application = web_application.finish(c, node);
    let properties = properties.finish(c, node);
    refer_to_configuration(c, node);
    c.row(node, "IIsWebDir", cells![id, component, site, path, properties, web_application]);
}

/// `outer` is the site that the element stands in, `above` the alias of the virtual directory that it stands in.
pub(super) fn virtual_directory<'d>(
    c: &mut Compiler,
    node: &Node<'d>,
    component: &str,
    outer: Option<&'d str>,
    above: Option<&str>,
) {
    let id = node.need_id(c, "Id");
    let alias = name_without_backslash(c, node, "Alias");
    let alias = above.map_or_else(|| alias.to_owned(), |above| format!("{above}/{alias}"));
    let directory = c.reference(node, "Directory", "Directory");
    let directory = node.need(c, "Directory", directory);
    let site = site_of(c, node, outer);
    let mut web_application = Reference::read(c, node, "WebApplication", "IIsWebApplication");
    let mut properties = Reference::read(c, node, "DirProperties", "IIsWebDirProperties");
    let owner = Owner::VirtualDirectory(id);
    children_of(c, node, &mut web_application, &mut properties, |c, child| {
        match child.name() {
            "iis:WebVirtualDir" => virtual_directory(c, child, component, Some(site), Some(&alias)),
            _ => return in_site_or_directory(c, child, owner),
        }
        Handled::Yes
    });
    let properties = properties.finish(c, node);
    let web_application = web_application.finish(c, node);
    refer_to_configuration(c, node);
    let cells = cells![id, component, site, alias, directory, properties, web_application];
    c.row(node, "IIsWebVirtualDir", cells);
}

/// The children, of which applications and properties may take the place of references.
pub(super) fn children_of<'d>(
    c: &mut Compiler,
    node: &Node<'d>,
    web_application: &mut Reference<'d>,
    properties: &mut Reference<'d>,
    mut other: impl FnMut(&mut Compiler, &Node<'d>) -> Handled,
) {
    c.each_child(node, |c, child| {
        match child.name() {
            "iis:WebApplication" => {
                let id = application(c, child);
                web_application.nested(c, child, id);
            }
            "iis:WebDirProperties" => {
                let id = directory_properties(c, child);
                properties.nested(c, child, id);
            }
            _ => return other(c, child),
        }
        Handled::Yes
    });
}

pub(super) fn in_site_or_directory(c: &mut Compiler, node: &Node, owner: Owner<'_>) -> Handled {
    match node.name() {
        "iis:WebError" => error(c, node, owner),
        "iis:HttpHeader" => header(c, node, owner),
        "iis:MimeMap" => mime_map(c, node, owner),
        _ => return Handled::No,
    }
    Handled::Yes
}

fn error(c: &mut Compiler, node: &Node, owner: Owner<'_>) {
    let code = node.int(c, "ErrorCode", 400, 599);
    let code = node.need(c, "ErrorCode", code);
    let sub_code = node.int(c, "SubCode", 0, i32::MAX);
    let sub_code = node.need(c, "SubCode", sub_code);
    let file = node.text(c, "File");
    let url = node.text(c, "URL");
    if file.is_none() && url.is_none() {
        c.error(node, codes::MISSING, "<iis:WebError> needs 'File' or 'URL'".to_owned());
    }
    refer_to_configuration(c, node);
    c.row(node, "IIsWebError", cells![code, sub_code, owner.kind(), owner.id(), file, url]);
    c.no_children(node);
}

fn header(c: &mut Compiler, node: &Node, owner: Owner<'_>) {
    let given_id = node.id(c, "Id").map(str::to_owned);
    let name = node.need_text(c, "Name");
    let value = node.text(c, "Value");
    let id = given_id.unwrap_or_else(|| names::identifier_from_name(name));
    refer_to_configuration(c, node);
    c.row(node, "IIsHttpHeader", cells![id, owner.kind(), owner.id(), name, value, 0]);
    c.no_children(node);
}

fn mime_map(c: &mut Compiler, node: &Node, owner: Owner<'_>) {
    let id = node.need_id(c, "Id");
    let ty = node.need_text(c, "Type");
    let extension = node.need_text(c, "Extension");
    if !extension.is_empty() && !extension.starts_with('.') {
        node.bad(c, "Extension", format!("an extension begins with a full stop: '.{extension}'"));
    }
    c.row(node, "IIsMimeMap", cells![id, owner.kind(), owner.id(), ty, extension]);
    c.no_children(node);
}
