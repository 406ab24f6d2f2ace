//! The VS extension: `VsixPackage`, which runs Visual Studio's own installer of extensions, and what looks for its instances.
//!
//! No code of ours is needed: the library finds `VSIXInstaller.exe`, and the rows here run it. The elements of the help that
//! Visual Studio 2005 to 2010 had are refused.

use super::Object;
use crate::compile::component::Scope;
use crate::compile::node::Node;
use crate::compile::{Compiler, Handled, cells};
use crate::ir::{ActionPlace, ActionSymbol, SequenceTable};

/// The attribute by which a source of WiX 4 says whose names it makes; nobody can write it.
pub(crate) const COMPONENT: &str = "@component";

/// A program that a property names (`msidbCustomActionTypeExe`, `…Property`).
const PROGRAM_OF_PROPERTY: i32 = 0x32;
const CONTINUE: i32 = 0x40;
const ROLLBACK: i32 = 0x100;
const IN_SCRIPT: i32 = 0x400;
const NO_IMPERSONATE: i32 = 0x800;

/// What the installer calls editions of Visual Studio that have longer names.
const EDITIONS: &[(&str, &str)] = &[
    ("integrated", "IntegratedShell"),
    ("integratedshell", "IntegratedShell"),
    ("premium", "Premium"),
    ("professional", "Pro"),
    ("ultimate", "Ultimate"),
    ("vbexpress", "VBExpress"),
    ("vcexpress", "VCExpress"),
    ("vcsexpress", "VCSExpress"),
    ("vwdexpress", "VWDExpress"),
];

pub(super) fn in_section(c: &mut Compiler, node: &Node) -> Handled {
    if node.name() != "vs:FindVisualStudio" {
        return Handled::No;
    }
    c.refer_to_action(node, "VSFindInstances", &[]);
    c.no_children(node);
    Handled::Yes
}

pub(super) fn in_component(c: &mut Compiler, node: &Node, scope: &Scope) -> Handled {
    if node.name() != "vs:VsixPackage" {
        return Handled::No;
    }
    let file = node.need_id(c, "File").to_owned();
    vsix_package(c, node, &scope.component, &file);
    Handled::Yes
}

pub(super) fn in_object(c: &mut Compiler, node: &Node, object: &Object) -> Handled {
    if node.name() != "vs:VsixPackage" || object.table != "File" {
        return Handled::No;
    }
    if node.text_or_empty("File").is_some() {
        node.combination(c, "File", "'File' can't be given inside a <File>".to_owned());
    }
    vsix_package(c, node, object.component, object.id);
    Handled::Yes
}

/// An action in the making: how its name begins, what it runs, when, and where it stands.
struct Run<'a> {
    prefix: &'a str,
    per_machine: bool,
    bits: i32,
    command: String,
    condition: String,
    place: ActionPlace,
}

fn vsix_package(c: &mut Compiler, node: &Node, component: &str, file: &str) {
    let package = node.need_text(c, "PackageId");
    let permanent = node.flag(c, "Permanent");
    let vital = node.yes_no(c, "Vital") != Some(false);
    let property = node.id(c, "VsixInstallerPathProperty").unwrap_or("VS_VSIX_INSTALLER_PATH");
    let target = node.text(c, "Target").map(|target| {
        let plain = target.to_ascii_lowercase();
        EDITIONS.iter().find(|(name, _)| *name == plain).map_or(target, |(_, edition)| *edition)
    });
    let version = node.version(c, "TargetVersion");
    for (one, other) in [("Target", "TargetVersion"), ("TargetVersion", "Target")] {
        if node.has(one) && !node.has(other) {
            node.combination(c, one, format!("'{one}' needs the attribute '{other}'"));
        }
    }
    c.no_children(node);
    c.refer(node, "Property", property);
    c.refer(node, "File", file);

    let owner = node.text_or_empty(COMPONENT).unwrap_or(component);
    let (edition, version) = (target.unwrap_or_default(), version.unwrap_or_default());
    let options = match target {
        Some(edition) => format!("/q  /skuName:{edition} /skuVersion:{version}"),
        None => "/q ".to_owned(),
    };
    let mut schedule = |run: Run| {
        let whose = if run.per_machine { "per-machine" } else { "per-user" };
        let mark = if run.per_machine { "m" } else { "u" };
        let name = c
            .generate_identifier(&format!("v{}{mark}", run.prefix), &[owner, file, whose, edition, &version]);
        let (admin, impersonate) = if run.per_machine { (" /admin", NO_IMPERSONATE) } else { ("", 0) };
        let not = if run.per_machine { "" } else { "NOT " };
        let bits = PROGRAM_OF_PROPERTY | IN_SCRIPT | run.bits | impersonate;
        let command = format!("{options} {}{admin}", run.command);
        c.row(node, "CustomAction", cells![name.as_str(), bits, property, command]);
        if let ActionPlace::Before(other) | ActionPlace::After(other) = &run.place {
            if crate::schema::is_standard_action(other) {
                c.refer(node, "WixAction", &format!("InstallExecuteSequence/{other}"));
            } else {
                c.refer(node, "CustomAction", other);
            }
        }
        c.action(ActionSymbol {
            sequence: SequenceTable::InstallExecuteSequence,
            action: name.clone(),
            condition: Some(format!("{not}ALLUSERS AND {}", run.condition)),
            place: run.place,
            overridable: false,
            span: node.span(),
        });
        name
    };

    let install = format!("\"[#{file}]\"");
    let remove = format!("/u:\"{package}\"");
    let leaving = format!("${component}=2 AND ?{component}>2");
    let mut before = "WriteRegistryValues".to_owned();
    if vital {
        for per_machine in [false, true] {
            before = schedule(Run {
                prefix: "r",
                per_machine,
                bits: ROLLBACK | CONTINUE,
                command: remove.clone(),
                condition: format!("NOT Installed AND {leaving}"),
                place: ActionPlace::After(before),
            });
        }
    }
    for per_machine in [false, true] {
        before = schedule(Run {
            prefix: "i",
            per_machine,
            bits: if vital { 0 } else { CONTINUE },
            command: install.clone(),
            condition: format!("${component}=3"),
            place: ActionPlace::After(before),
        });
    }
    for per_machine in [false, true].into_iter().filter(|_| !permanent) {
        schedule(Run {
            prefix: "u",
            per_machine,
            bits: CONTINUE,
            command: remove.clone(),
            condition: leaving.clone(),
            place: ActionPlace::Before("InstallFinalize".to_owned()),
        });
    }
}
