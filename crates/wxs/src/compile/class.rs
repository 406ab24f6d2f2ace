//! COM classes, their interfaces, file type masks and categories.

use super::file::ANY_FEATURE;
use super::{Compiler, Handled, Node, cells, progid};
use crate::codes;
use diagnostics::Diagnostic;

/// What a class is served by: the file and type library around it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Server<'s> {
    pub(super) file: Option<&'s str>,
    pub(super) type_lib: Option<&'s str>,
    pub(super) type_lib_version: Option<&'s str>,
}

/// Classes that carry an interface between processes.
#[derive(Debug, Clone, Default)]
pub(super) struct Proxies {
    pub(super) id: Option<String>,
    pub(super) id32: Option<String>,
}

/// Implemented categories.
const SAFE_FOR_INITIALIZING: &str = "{7DD95802-9882-11CF-9FA9-00AA006C42C4}";
const SAFE_FOR_SCRIPTING: &str = "{7DD95801-9882-11CF-9FA9-00AA006C42C4}";

/// `Advertise` of an element and of what it stands in, which must agree.
pub(super) fn advertise(c: &mut Compiler, node: &Node, outer: Option<bool>) -> Option<bool> {
    let own = node.yes_no(c, "Advertise");
    if let (Some(outer), Some(own)) = (outer, own)
        && outer != own
    {
        let message = "'Advertise' is not what the element around this one says".to_owned();
        node.combination(c, "Advertise", message);
    }
    own.or(outer)
}

/// The attributes of a class.
struct Class<'d> {
    id: String,
    contexts: Vec<&'d str>,
    app_id: Option<String>,
    argument: Option<&'d str>,
    description: Option<&'d str>,
    handler: Option<&'d str>,
    icon: Option<&'d str>,
    icon_index: Option<i32>,
    relative_path: Option<bool>,
    foreign_server: Option<&'d str>,
    file: Option<&'d str>,
    short_path: bool,
}

pub(super) fn class(
    c: &mut Compiler,
    node: &Node,
    component: &str,
    outer_advertise: Option<bool>,
    server: &Server,
    outer_app_id: Option<&str>,
) {
    let advertised = advertise(c, node, outer_advertise).unwrap_or(false);
    let class = Class::read(c, node, outer_app_id);
    if advertised && class.contexts.is_empty() && !node.has("Context") {
        node.combination(c, "Advertise", "an advertised class needs the attribute 'Context'".to_owned());
    }
    let inner = children(c, node, component, advertised, server, &class);
    if advertised {
        write_advertised(c, node, component, server, outer_app_id, &class, &inner);
    } else {
        write_registry(c, node, component, server, outer_app_id, &class);
    }
    write_traits(c, node, component, server, &class);
}

impl<'d> Class<'d> {
    fn read(c: &mut Compiler, node: &Node<'d>, outer_app_id: Option<&str>) -> Class<'d> {
        let id = node.guid(c, "Id", false);
        if outer_app_id.is_some() && node.has("AppId") {
            node.combination(c, "AppId", "'AppId' is given by the <AppId> around the class".to_owned());
        }
        let contexts: Vec<&str> =
            node.text(c, "Context").map(|text| text.split_ascii_whitespace().collect()).unwrap_or_default();
        for (index, context) in contexts.iter().enumerate() {
            if contexts[..index].contains(context) {
                node.bad(c, "Context", format!("'{context}' is given twice"));
            }
        }
        Class {
            id: node.need(c, "Id", id),
            contexts,
            app_id: node.guid(c, "AppId", false),
            argument: node.text(c, "Argument"),
            description: node.text(c, "Description"),
            handler: node.text(c, "Handler"),
            icon: node.id(c, "Icon"),
            icon_index: node.int(c, "IconIndex", -i32::from(i16::MAX), i32::from(i16::MAX)),
            relative_path: node.yes_no(c, "RelativePath"),
            foreign_server: node.text(c, "ForeignServer"),
            file: c.reference(node, "Server", "File"),
            short_path: node.flag(c, "ShortPath"),
        }
    }
}

/// What stands inside a class.
#[derive(Default)]
struct Inner {
    file_type_mask: Option<String>,
    default_prog_id: Option<String>,
}

fn children(
    c: &mut Compiler,
    node: &Node,
    component: &str,
    advertised: bool,
    server: &Server,
    class: &Class,
) -> Inner {
    let mut inner = Inner::default();
    let mut masks = 0;
    let mut first = true;
    let (is_32, is_16) = class.contexts.iter().fold((false, false), |(is_32, is_16), context| {
        let ends_32 = context.ends_with("32");
        (is_32 || ends_32, is_16 || !ends_32)
    });
    c.each_child(node, |c, child| {
        match child.name() {
            "FileTypeMask" => {
                let mask = file_type_mask(c, child);
                if advertised {
                    inner.file_type_mask = Some(match inner.file_type_mask.take() {
                        Some(before) => format!("{before};{mask}"),
                        None => mask,
                    });
                } else {
                    let key = format!("FileType\\{}\\{masks}", class.id);
                    c.class_value(child, component, &key, None, Some(&mask));
                    masks += 1;
                }
            }
            "Interface" => {
                let proxies =
                    Proxies { id: is_16.then(|| class.id.clone()), id32: is_32.then(|| class.id.clone()) };
                let library = server.type_lib.map(|id| (id, server.type_lib_version.unwrap_or_default()));
                interface(c, child, component, proxies, library);
            }
            "ProgId" => {
                let outer = progid::Outer {
                    advertise: Some(advertised),
                    class: Some(&class.id),
                    description: class.description,
                    parent: None,
                    first_for_class: Some(first),
                };
                let id = progid::prog_id(c, child, component, &outer, &mut false);
                inner.default_prog_id.get_or_insert(id);
                first = false;
            }
            _ => return Handled::No,
        }
        Handled::Yes
    });
    inner
}

fn write_advertised(
    c: &mut Compiler,
    node: &Node,
    component: &str,
    server: &Server,
    outer_app_id: Option<&str>,
    class: &Class,
    inner: &Inner,
) {
    if server.file.is_some() || class.file.is_some() {
        let message =
            "an advertised class is served by its component's key path, and names no file".to_owned();
        c.error(node, codes::ATTRIBUTE_COMBINATION, message);
    }
    if class.foreign_server.is_some() {
        let message = "an advertised class has no 'ForeignServer'".to_owned();
        node.combination(c, "ForeignServer", message);
    }
    let app_id = class.app_id.as_deref().or(outer_app_id);
    for context in &class.contexts {
        if let Some(app_id) = app_id {
            c.refer(node, "AppId", app_id);
        }
        if let Some(icon) = class.icon {
            c.refer(node, "Icon", icon);
        }
        let cells = cells![
            class.id.as_str(),
            *context,
            component,
            inner.default_prog_id.as_deref(),
            class.description,
            app_id,
            inner.file_type_mask.as_deref(),
            class.icon,
            class.icon_index,
            class.handler,
            class.argument,
            ANY_FEATURE,
            (class.relative_path == Some(true)).then_some(1),
        ];
        c.row(node, "Class", cells);
    }
}

fn write_registry(
    c: &mut Compiler,
    node: &Node,
    component: &str,
    server: &Server,
    outer_app_id: Option<&str>,
    class: &Class,
) {
    if server.file.is_none() && class.file.is_none() && class.foreign_server.is_none() {
        let message =
            "<Class> needs the attribute 'ForeignServer' or 'Server', or a <File> around it".to_owned();
        c.error(node, codes::MISSING, message);
    }
    if (server.file.is_some() || class.file.is_some()) && class.foreign_server.is_some() {
        let message = "'ForeignServer' is for classes that no file of the package serves".to_owned();
        node.combination(c, "ForeignServer", message);
    }
    if class.app_id.is_some() {
        let message = "a class that is not advertised stands inside its <AppId>".to_owned();
        node.combination(c, "AppId", message);
    }
    if class.relative_path.is_some() {
        let message = "'RelativePath' is for advertised classes".to_owned();
        node.combination(c, "RelativePath", message);
    }
    let file = server.file.or(class.file);
    let key = format!("CLSID\\{}", class.id);
    let mut icon_text: Option<String> = class.icon.map(str::to_owned);
    for context in &class.contexts {
        let server = if context.starts_with("InprocServer") {
            if class.argument.is_some() {
                let message = format!("'Argument' is not for the context {context}");
                node.combination(c, "Argument", message);
            }
            let mark = if class.short_path { '!' } else { '#' };
            file.map(|file| format!("[{mark}{file}]")).or(class.foreign_server.map(str::to_owned))
        } else if context.starts_with("LocalServer") {
            let server = file
                .map(|file| if class.short_path { format!("[!{file}]") } else { format!("\"[#{file}]\"") });
            let server = server.or(class.foreign_server.map(str::to_owned));
            match (server, class.argument) {
                (Some(server), Some(argument)) => Some(format!("{server} {argument}")),
                (server, _) => server,
            }
        } else {
            let message = format!(
                "'{context}' is none of 'InprocServer', 'InprocServer32', 'LocalServer', 'LocalServer32'"
            );
            node.bad(c, "Context", message);
            None
        };
        let context_key = format!("{key}\\{context}");
        c.class_value(node, component, &context_key, None, server.as_deref());
        if let Some(icon) = &mut icon_text {
            // As WiX does it, each further context wraps the text of the one before.
            c.refer(node, "File", icon);
            let index = class.icon_index.map(|index| format!(",{index}")).unwrap_or_default();
            *icon = format!("\"[#{icon}]\"{index}");
            c.class_value(node, component, &format!("{context_key}\\DefaultIcon"), None, Some(icon));
        }
    }
    if let Some(app_id) = outer_app_id {
        c.class_value(node, component, &key, Some("AppID"), Some(app_id));
    }
    if class.description.is_some() {
        c.class_value(node, component, &key, None, class.description);
    }
    let handlers: &[(&str, &str)] = match class.handler {
        None => &[],
        Some("1") => &[("InprocHandler", "ole.dll")],
        Some("2") => &[("InprocHandler32", "ole32.dll")],
        Some("3") => &[("InprocHandler", "ole.dll"), ("InprocHandler32", "ole32.dll")],
        Some(other) => &[("InprocHandler32", other)],
    };
    for (name, library) in handlers {
        c.class_value(node, component, &format!("{key}\\{name}"), None, Some(library));
    }
}

/// What only the registry says of a class, advertised or not.
fn write_traits(c: &mut Compiler, node: &Node, component: &str, server: &Server, class: &Class) {
    let key = format!("CLSID\\{}", class.id);
    if let Some(model) = node.text(c, "ThreadingModel") {
        let mut chars = model.chars();
        let model: String =
            chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect();
        for context in &class.contexts {
            let key = format!("{key}\\{context}");
            c.class_value(node, component, &key, Some("ThreadingModel"), Some(&model));
        }
    }
    if server.type_lib.is_some() {
        c.class_value(node, component, &format!("{key}\\TypeLib"), None, server.type_lib);
    }
    if let Some(version) = node.text(c, "Version") {
        c.class_value(node, component, &format!("{key}\\Version"), None, Some(version));
    }
    let insertable = node.yes_no(c, "Insertable");
    let control = node.flag(c, "Control");
    let programmable = node.flag(c, "Programmable");
    for (name, given) in [
        ("Insertable", insertable == Some(true)),
        ("NotInsertable", insertable == Some(false)),
        ("Control", control),
        ("Programmable", programmable),
    ] {
        if given {
            c.class_value(node, component, &format!("{key}\\{name}"), Some("*"), None);
        }
    }
    for (attribute, category) in
        [("SafeForInitializing", SAFE_FOR_INITIALIZING), ("SafeForScripting", SAFE_FOR_SCRIPTING)]
    {
        if node.flag(c, attribute) {
            let key = format!("{key}\\Implemented Categories\\{category}");
            c.class_value(node, component, &key, Some("*"), None);
        }
    }
}

/// An interface. `type_lib`: id and version of the type library around it.
pub(super) fn interface(
    c: &mut Compiler,
    node: &Node,
    component: &str,
    proxies: Proxies,
    type_lib: Option<(&str, &str)>,
) {
    let id = node.guid(c, "Id", false);
    let id = node.need(c, "Id", id);
    let name = node.need_text(c, "Name");
    let base = node.guid(c, "BaseInterface", false);
    let methods = node.int(c, "NumMethods", 0, i32::MAX).map(|number| number.to_string());
    let proxy = node.guid(c, "ProxyStubClassId", false).or(proxies.id);
    let proxy32 = node.guid(c, "ProxyStubClassId32", false).or(proxies.id32);
    let versioned = node.yes_no(c, "Versioned") != Some(false);
    let key = format!("Interface\\{id}");
    c.class_value(node, component, &key, None, Some(name));
    if let Some((library, version)) = type_lib {
        let key = format!("{key}\\TypeLib");
        c.class_value(node, component, &key, None, Some(library));
        if versioned {
            c.class_value(node, component, &key, Some("Version"), Some(version));
        }
    }
    for (name, value) in [
        ("BaseInterface", base),
        ("NumMethods", methods),
        ("ProxyStubClsid", proxy),
        ("ProxyStubClsid32", proxy32),
    ] {
        if value.is_some() {
            c.class_value(node, component, &format!("{key}\\{name}"), None, value.as_deref());
        }
    }
    c.no_children(node);
}

/// A component that offers something under a category and a qualifier.
pub(super) fn category(c: &mut Compiler, node: &Node, component: &str) {
    let id = node.guid(c, "Id", false);
    let id = node.need(c, "Id", id);
    let app_data = node.text(c, "AppData");
    let feature = c.reference(node, "Feature", "Feature").unwrap_or(ANY_FEATURE);
    let qualifier = node.need_text(c, "Qualifier");
    c.row(node, "PublishComponent", cells![id, qualifier, component, app_data, feature]);
    c.no_children(node);
}

fn file_type_mask(c: &mut Compiler, node: &Node) -> String {
    let mask = node.need_text(c, "Mask");
    let offset = node.int(c, "Offset", 0, i32::MAX);
    let offset = node.need(c, "Offset", offset);
    let value = node.need_text(c, "Value");
    if mask.len() != value.len() {
        let message = "'Mask' and 'Value' must be of the same length";
        let finding = Diagnostic::error(codes::ATTRIBUTE_COMBINATION, message).at(node.place("Mask"));
        c.push(finding.hint("both are bytes in hexadecimal digits, two for each"));
    }
    c.no_children(node);
    format!("{offset},{},{mask},{value}", mask.len() / 2)
}
