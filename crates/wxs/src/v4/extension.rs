//! Elements and attributes of extensions, in the namespaces that they had with WiX 3.

use super::{Around, Lowering};
use crate::document::{Name, Tree, v3_name};
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
    ("util", "http://schemas.microsoft.com/wix/UtilExtension"),
    ("vs", "http://schemas.microsoft.com/wix/VSExtension"),
];
const DEPENDENCY: &str = "http://schemas.microsoft.com/wix/DependencyExtension";
const UI: &str = "http://wixtoolset.org/schemas/v4/wxs/ui";

impl Lowering<'_> {
    /// An element of an extension, with its children.
    pub(super) fn extension(&mut self, mut tree: Tree, around: &Around) -> Vec<Tree> {
        if &*tree.name.namespace == UI && tree.local() == "WixUI" {
            return dialog_set(&tree);
        }
        tree.name.namespace = older(&tree.name.namespace);
        self.take_access(&mut tree);
        self.bitness(&mut tree);
        self.extension_attributes(&mut tree);
        let around = Around { parent: tree.local().to_owned(), ..around.clone() };
        let mut children = Vec::new();
        for child in std::mem::take(&mut tree.children) {
            children.extend(self.element(child, &around));
        }
        tree.children = children;
        vec![tree]
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
        let around = Around { parent: tree.local().to_owned(), ..around.clone() };
        for child in children {
            let made = self.element(child, &around);
            tree.children.extend(made);
        }
        tree
    }
}

/// A reference to a dialog set, and the property that tells it which folder to ask for.
fn dialog_set(tree: &Tree) -> Vec<Tree> {
    let mut made =
        vec![Tree::new(&v3_name("UIRef"), tree.span).with("Id", tree.get("Id").unwrap_or_default())];
    if let Some(directory) = tree.get("InstallDirectory") {
        made.push(
            Tree::new(&v3_name("Property"), tree.span)
                .with("Id", "WIXUI_INSTALLDIR")
                .with("Value", directory),
        );
    }
    made
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
