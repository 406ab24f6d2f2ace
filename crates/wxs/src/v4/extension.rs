//! Elements and attributes of extensions, in the namespaces that they had with WiX 3.

use super::elements::spell_as;
use super::{Around, Lowering, names};
use crate::codes;
use crate::compile::Arch;
use crate::document::{Name, Tree, v3_name};
use crate::extension;
use crate::schema::moved::{self, Foreign};
use diagnostics::Diagnostic;
use std::sync::Arc;

/// Last steps of the namespaces of WiX 4, and the whole ones of WiX 3.
const NAMESPACES: &[(&str, &str)] = &[
    ("complus", "http://schemas.microsoft.com/wix/ComPlusExtension"),
    ("dependency", DEPENDENCY),
    ("difxapp", "http://schemas.microsoft.com/wix/DifxAppExtension"),
    ("directx", "http://schemas.microsoft.com/wix/DirectXExtension"),
    ("firewall", "http://schemas.microsoft.com/wix/FirewallExtension"),
    ("http", "http://schemas.microsoft.com/wix/HttpExtension"),
    ("iis", "http://schemas.microsoft.com/wix/IIsExtension"),
    ("msmq", "http://schemas.microsoft.com/wix/MsmqExtension"),
    ("netfx", "http://schemas.microsoft.com/wix/NetFxExtension"),
    ("powershell", "http://schemas.microsoft.com/wix/PSExtension"),
    ("sql", "http://schemas.microsoft.com/wix/SqlExtension"),
    ("ui", "http://schemas.microsoft.com/wix/UIExtension"),
    ("util", "http://schemas.microsoft.com/wix/UtilExtension"),
    ("vs", "http://schemas.microsoft.com/wix/VSExtension"),
];
const TAG: &str = "http://schemas.microsoft.com/wix/TagExtension";
const DEPENDENCY: &str = "http://schemas.microsoft.com/wix/DependencyExtension";
const UI: &str = "http://wixtoolset.org/schemas/v4/wxs/ui";

/// Elements of extensions whose id may be left out: how the made one begins, and the attributes that it is made from.
const IDS: &[(&str, &str, &[&str])] = &[
    ("Certificate", "crt", &[COMPONENT, "BinaryKey", "CertificatePath"]),
    ("FileShare", "ufs", &[COMPONENT, "Name"]),
    ("FirewallException", "fex", &["Name", COMPONENT]),
    ("SniSslCertificate", "sni", &[COMPONENT, "Host", "Port"]),
    ("SslCertificate", "ips", &[COMPONENT, "Host", "Port"]),
    ("Group", "ugr", &[COMPONENT, "Domain", "Name"]),
    ("InternetShortcut", "uis", &[COMPONENT, DIRECTORY, "Name", "Target"]),
    ("PerformanceCategory", "upc", &[COMPONENT, "Name"]),
    ("SqlDatabase", "sdb", &[COMPONENT, "Server", "Database"]),
    ("SqlScript", "ssc", &[COMPONENT, "BinaryKey", "SqlDb"]),
    ("SqlString", "sst", &[COMPONENT, "SQL", "SqlDb"]),
    ("RemoveFolderEx", "wrf", &[COMPONENT, "Property", MODE]),
    ("RemoveRegistryKey", "rrx", &[COMPONENT, "Condition", ROOT, "Key", MODE]),
    ("RestartResource", "wrr", &[COMPONENT, RESOURCE, KIND]),
    ("UrlReservation", "url", &[COMPONENT, ACCOUNT, "Url"]),
    ("User", "usr", &[COMPONENT, "Name"]),
    ("WebAppPool", "iap", &["Name", COMPONENT, "User"]),
    ("WebApplication", "wap", &["Name", "WebAppPool"]),
    ("WebDirProperties", "wdp", &[COMPONENT]),
    ("WebSite", "iws", &["Description", COMPONENT, "SiteId", "WebApplication"]),
    ("XmlConfig", "uxc", &[COMPONENT, "File", "ElementId", "ElementPath"]),
    ("XmlFile", "uxf", &[COMPONENT, "File", "ElementPath", "Name"]),
];
/// Parts of ids that are not attributes: what stands around, and what WiX calls the values of some of them.
const COMPONENT: &str = "@component";
const DIRECTORY: &str = "@directory";
const ACCOUNT: &str = "@account";
const MODE: &str = "@mode";
const ROOT: &str = "@root";
const RESOURCE: &str = "@resource";
const KIND: &str = "@kind";

impl Lowering<'_> {
    /// An element of an extension, with its children.
    pub(super) fn extension(&mut self, mut tree: Tree, around: &Around) -> Vec<Tree> {
        if &*tree.name.namespace == UI && tree.local() == "WixUI" {
            return dialog_set(&tree, self.options.arch);
        }
        tree.name.namespace = older(&tree.name.namespace);
        self.take_access(&mut tree);
        self.bitness(&mut tree);
        self.extension_attributes(&mut tree);
        self.check_extension(&tree);
        if matches!(tree.local(), "Certificate" | "SqlScript") {
            tree.rename("BinaryRef", "BinaryKey");
        }
        if let Some(def) =
            extension::by_namespace(&tree.name.namespace).and_then(|known| known.element(tree.local(), true))
        {
            spell_as(&mut tree, def);
        }
        match tree.local() {
            "CloseApplication" => tree.text_from("Condition"),
            "RemoteAddress" => tree.text_from("Value"),
            // Names are made of the component's id before that is known.
            "VsixPackage" => {
                if let Some(component) = &around.component {
                    tree.set(extension::vs::COMPONENT, component.as_str());
                }
            }
            _ => {}
        }
        name(&mut tree, around);
        let around = Around { parent: tree.local().to_owned(), ..around.clone() };
        let mut children = Vec::new();
        for child in std::mem::take(&mut tree.children) {
            children.extend(self.element(child, &around));
        }
        tree.children = children;
        vec![tree]
    }

    /// Refuses what only WiX 3 has: attributes under their older names, and text.
    fn check_extension(&mut self, tree: &Tree) {
        let Some(def) =
            extension::by_namespace(&tree.name.namespace).and_then(|known| known.element(tree.local(), true))
        else {
            return;
        };
        for attribute in &tree.attributes {
            let local = &*attribute.name.local;
            let from = Foreign::Attribute { element: def.name, attribute: local, value: None };
            if let Some(hint) = moved::instead(from, true) {
                let message = format!("<{}> has no attribute '{local}'", def.name);
                let finding = Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, message).at(attribute.name_span);
                self.diagnostics.push(finding.hint(hint));
            }
        }
        if let Some(text) = tree.text.as_ref().filter(|text| !text.text.trim().is_empty()) {
            let message = format!("<{}> can't hold text", def.name);
            let finding = Diagnostic::error(codes::TEXT, message).at(text.span);
            self.diagnostics.push(finding.hint(match tree.local() {
                "CloseApplication" => "write it as the attribute 'Condition'",
                "RemoteAddress" | "XmlConfig" => "write it as the attribute 'Value'",
                _ => "leave it out",
            }));
        }
    }

    /// Gives the attributes of extensions their older namespaces.
    pub(super) fn extension_attributes(&mut self, tree: &mut Tree) {
        for attribute in &mut tree.attributes {
            if &*attribute.name.namespace == crate::NAMESPACE_V4 {
                attribute.name.namespace = "".into();
            } else if !attribute.name.namespace.is_empty() {
                attribute.name.namespace = older(&attribute.name.namespace);
            }
        }
    }

    /// `Provides` and `Requires`, which were an extension's once.
    pub(super) fn dependency(&mut self, mut tree: Tree, around: &Around) -> Tree {
        let children = std::mem::take(&mut tree.children);
        self.namespaces.push(DEPENDENCY.into());
        tree.name = Name { namespace: DEPENDENCY.into(), local: tree.name.local.clone() };
        for attribute in &mut tree.attributes {
            if &*attribute.name.namespace == DEPENDENCY {
                attribute.name.namespace = "".into();
            }
        }
        if tree.local() == "Provides" && tree.get("Id").is_none() {
            let key = tree.get("Key").filter(|key| !key.is_empty()).unwrap_or("!(bind.property.ProductCode)");
            let component = around.component.as_deref().unwrap_or_default();
            let id = names::identifier("dep", &["Provides", component, key]);
            tree.set("Id", id);
        }
        let around = Around { parent: tree.local().to_owned(), ..around.clone() };
        for child in children {
            let made = self.element(child, &around);
            tree.children.extend(made);
        }
        tree
    }
}

impl Lowering<'_> {
    /// `SoftwareTag`, which was an extension's once.
    pub(super) fn software_tag(&mut self, mut tree: Tree) -> Tree {
        self.namespaces.push(TAG.into());
        tree.name = Name { namespace: TAG.into(), local: "Tag".into() };
        self.bitness(&mut tree);
        tree
    }
}

/// Gives an element of an extension the id that it leaves out.
fn name(tree: &mut Tree, around: &Around) {
    let Some((_, prefix, parts)) = IDS.iter().find(|(name, ..)| *name == tree.local()) else { return };
    if tree.get("Id").is_some() {
        return;
    }
    let own = tree.get("Directory").map(str::to_owned);
    let parts: Vec<String> = parts
        .iter()
        .map(|part| match *part {
            COMPONENT => around.component.clone().unwrap_or_default(),
            DIRECTORY => own.clone().or_else(|| around.directory.clone()).unwrap_or_default(),
            ACCOUNT => around.service.as_ref().map(|name| format!("NT SERVICE\\{name}")).unwrap_or_default(),
            MODE => match tree.get("On") {
                Some("install") => "Install",
                Some("both") => "Both",
                _ => "Uninstall",
            }
            .to_owned(),
            ROOT => match tree.get("Root") {
                Some("HKCR") => "ClassesRoot",
                Some("HKCU") => "CurrentUser",
                Some("HKLM") => "LocalMachine",
                Some("HKU") => "Users",
                _ => "MachineUser",
            }
            .to_owned(),
            RESOURCE => resource(tree).1.to_owned(),
            KIND => resource(tree).0.to_owned(),
            attribute => tree.get(attribute).unwrap_or_default().to_owned(),
        })
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let id = names::identifier(prefix, &parts);
    tree.set("Id", id);
}

/// What a `RestartResource` names, and what WiX calls that kind.
fn resource(tree: &Tree) -> (&'static str, &str) {
    [("Path", "Filename"), ("ProcessName", "ProcessName"), ("ServiceName", "ServiceName")]
        .iter()
        .find_map(|(attribute, kind)| Some((*kind, tree.get(attribute)?)))
        .unwrap_or_default()
}

/// A reference to a dialog set, by the name that it has for the platform, and the property that tells it which folder to ask for.
fn dialog_set(tree: &Tree, arch: Arch) -> Vec<Tree> {
    let checked = match tree.get("ExtendedPathValidation") {
        Some("yes") => "_ExtendedPathValidation",
        _ => "",
    };
    let platform = match arch {
        Arch::X64 => "X64",
        Arch::Arm64 => "A64",
        _ => "X86",
    };
    let id = format!("{}{checked}_{platform}", tree.get("Id").unwrap_or_default());
    let mut made = vec![Tree::new(&v3_name("UIRef"), tree.span).with("Id", &id)];
    if let Some(directory) = tree.get("InstallDirectory") {
        made.push(
            Tree::new(&v3_name("Property"), tree.span)
                .with("Id", "WIXUI_INSTALLDIR")
                .with("Value", directory),
        );
    }
    made
}

/// The namespace that an extension of WiX 3 has since WiX 4.
pub(super) fn newer_namespace(namespace: &str) -> Option<String> {
    let (step, _) = NAMESPACES.iter().find(|(_, older)| *older == namespace)?;
    Some(format!("{}/{step}", crate::NAMESPACE_V4))
}

/// The namespace that an extension of WiX 4 had with WiX 3.
pub(crate) fn older_namespace(namespace: &str) -> Option<Arc<str>> {
    let namespace: Arc<str> = namespace.into();
    Some(older(&namespace)).filter(|older| *older != namespace)
}

/// The namespace that an extension had with WiX 3.
pub(super) fn older(namespace: &Arc<str>) -> Arc<str> {
    let Some(step) = namespace.strip_prefix("http://wixtoolset.org/schemas/v4/wxs/") else {
        return namespace.clone();
    };
    NAMESPACES
        .iter()
        .find(|(known, _)| *known == step)
        .map_or_else(|| namespace.clone(), |(_, older)| (*older).into())
}
