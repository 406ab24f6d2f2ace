//! `ServiceInstall` and `ServiceControl`.

use super::{Compiler, Handled, Node, cells, names, permission, service_config};
use crate::codes;
use crate::extension as extensions;

pub(super) fn service_install(c: &mut Compiler, node: &Node, component: &str, win64: bool) {
    let name = node.need_text(c, "Name");
    let id = node.text(c, "Id").map_or_else(|| names::identifier_from_name(name), str::to_owned);
    let account = node.text(c, "Account");
    let arguments = node.text(c, "Arguments");
    let description = node.text(c, "Description");
    let display_name = node.text(c, "DisplayName");
    let erase_description = node.flag(c, "EraseDescription");
    let mut error_control =
        node.choice(c, "ErrorControl", &[("ignore", 0), ("normal", 1), ("critical", 3)]).unwrap_or(0);
    error_control |= node.bit(c, "Vital", 0x8000);
    let group = node.text(c, "LoadOrderGroup");
    let password = node.text(c, "Password");
    refuse(c, node, "Start", &["boot", "system"]);
    let starts = [("auto", 2), ("demand", 3), ("disabled", 4), ("boot", 0), ("system", 1)];
    let start = node.choice(c, "Start", &starts);
    let start = node.need(c, "Start", start);
    refuse(c, node, "Type", &["kernelDriver", "systemDriver"]);
    let types = [("ownProcess", 0x10), ("shareProcess", 0x20), ("kernelDriver", 1), ("systemDriver", 2)];
    let ty = node.choice(c, "Type", &types).unwrap_or(0) | node.bit(c, "Interactive", 0x100);

    let mut dependencies = String::new();
    c.each_child(node, |c, child| {
        match child.name() {
            "PermissionEx" => permission::permission_ex(c, child, &id, "ServiceInstall"),
            "ServiceConfig" => service_config::service_config(c, child, component, Some(name)),
            "ServiceConfigFailureActions" => service_config::failure_actions(c, child, component, Some(name)),
            other if extensions::is_foreign(other) => {
                let object = extensions::Object {
                    table: "ServiceInstall",
                    id: &id,
                    service: Some(name),
                    component,
                    win64,
                };
                return extensions::in_object(c, child, &object);
            }
            "ServiceDependency" => dependencies.push_str(&dependency(c, child)),
            _ => return Handled::No,
        }
        Handled::Yes
    });
    // Each name ends with the separator, and the list with another one.
    let dependencies = (!dependencies.is_empty()).then(|| format!("{dependencies}[~]"));
    let description = if erase_description { Some("[~]") } else { description };
    let cells = cells![
        id,
        name,
        display_name,
        ty,
        start,
        error_control,
        group,
        dependencies,
        account,
        password,
        arguments,
        component,
        description,
    ];
    c.row(node, "ServiceInstall", cells);
}

pub(super) fn service_control(c: &mut Compiler, node: &Node, component: &str) {
    let id = node.need_text(c, "Id");
    let name = node.need_text(c, "Name");
    let mut events = 0;
    for (attribute, on_install, on_uninstall) in
        [("Start", 0x01, 0x10), ("Stop", 0x02, 0x20), ("Remove", 0x08, 0x80)]
    {
        let when =
            [("install", on_install), ("uninstall", on_uninstall), ("both", on_install | on_uninstall)];
        events |= node.choice(c, attribute, &when).unwrap_or(0);
    }
    let wait = node.yes_no(c, "Wait").map(i32::from);
    let mut arguments: Option<String> = None;
    c.each_child(node, |c, child| {
        if child.name() != "ServiceArgument" {
            return Handled::No;
        }
        let argument = child.inner_text();
        arguments = Some(match arguments.take() {
            Some(before) => format!("{before}[~]{argument}"),
            None => argument.to_owned(),
        });
        c.no_children(child);
        Handled::Yes
    });
    c.row(node, "ServiceControl", cells![id, name, events, arguments, wait, component]);
}

fn dependency(c: &mut Compiler, node: &Node) -> String {
    let id = node.need_text(c, "Id");
    let group = if node.flag(c, "Group") { "+" } else { "" };
    c.no_children(node);
    format!("{group}{id}[~]")
}

/// Values that the schema lists and Windows Installer does not support.
fn refuse(c: &mut Compiler, node: &Node, attribute: &str, values: &[&str]) {
    if let Some(value) = node.text_or_empty(attribute).filter(|value| values.contains(value)) {
        let message = format!("Windows Installer does not install services of {attribute} '{value}'");
        let at = node.place(attribute);
        let hint = "only services of user mode are installed, not drivers";
        c.push(diagnostics::Diagnostic::error(codes::BAD_VALUE, message).at(at).hint(hint));
    }
}
