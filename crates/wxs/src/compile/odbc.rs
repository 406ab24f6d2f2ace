//! ODBC drivers, translators and data sources.

use super::component::{KeyPath, KeyPathKind};
use super::{Compiler, Handled, Node, cells};

pub(super) fn driver_or_translator(c: &mut Compiler, node: &Node, component: &str, file: Option<&str>) {
    let id = node.need_id(c, "Id");
    let driver = c.reference(node, "File", "File").or(file).map(str::to_owned);
    let name = node.need_text(c, "Name");
    let setup = c.reference(node, "SetupFile", "File").or(file).map(str::to_owned);
    let is_driver = node.name() == "ODBCDriver";
    c.each_child(node, |c, child| {
        match child.name() {
            "ODBCDataSource" if is_driver => drop(data_source(c, child, component, Some(name))),
            "Property" if is_driver => property(c, child, id, "ODBCAttribute"),
            _ => return Handled::No,
        }
        Handled::Yes
    });
    let table = if is_driver { "ODBCDriver" } else { "ODBCTranslator" };
    c.row(node, table, cells![id, component, name, driver, setup]);
}

pub(super) fn data_source(c: &mut Compiler, node: &Node, component: &str, driver: Option<&str>) -> KeyPath {
    let id = node.need_id(c, "Id");
    let driver = node.text(c, "DriverName").or(driver).map(str::to_owned);
    let key_path = node.yes_no(c, "KeyPath");
    let name = node.text(c, "Name");
    let registration = node.choice(c, "Registration", &[("machine", 0), ("user", 1)]);
    let registration = node.need(c, "Registration", registration);
    c.each_child(node, |c, child| {
        if child.name() != "Property" {
            return Handled::No;
        }
        property(c, child, id, "ODBCSourceAttribute");
        Handled::Yes
    });
    c.row(node, "ODBCDataSource", cells![id, component, name, driver, registration]);
    KeyPath { kind: KeyPathKind::OdbcDataSource, set: key_path, possible: Some(id.to_owned()) }
}

fn property(c: &mut Compiler, node: &Node, parent: &str, table: &'static str) {
    let id = node.need_text(c, "Id");
    let value = node.text(c, "Value");
    c.row(node, table, cells![parent, id, value]);
    c.no_children(node);
}
