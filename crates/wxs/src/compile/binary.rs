//! `Binary`, `Icon` and certificates: files that become streams.

use super::{Compiler, Handled, Node, cells};
use crate::codes;

pub(super) fn binary(c: &mut Compiler, node: &Node) {
    let id = stream_id(c, node, 55);
    let source = source(c, node);
    // Modules rename what is merged; a package has nothing to suppress.
    node.flag(c, "SuppressModularization");
    c.row(node, "Binary", cells![id, source]);
    c.no_children(node);
}

/// Gives the icon's id, for shortcuts that hold their icon.
pub(super) fn icon<'d>(c: &mut Compiler, node: &Node<'d>) -> &'d str {
    let id = stream_id(c, node, 57);
    let source = source(c, node);
    c.row(node, "Icon", cells![id, source]);
    c.no_children(node);
    id
}

/// `PackageCertificates` and `PatchCertificates`.
pub(super) fn certificates(c: &mut Compiler, node: &Node) {
    let table =
        if node.name() == "PatchCertificates" { "MsiPatchCertificate" } else { "MsiPackageCertificate" };
    c.each_child(node, |c, child| match child.name() {
        "DigitalCertificate" => {
            let id = certificate(c, child);
            c.row(child, table, cells![id, id]);
            Handled::Yes
        }
        _ => Handled::No,
    });
}

/// Gives the certificate's id.
pub(super) fn certificate<'d>(c: &mut Compiler, node: &Node<'d>) -> &'d str {
    let id = stream_id(c, node, 40);
    let source = node.need_text(c, "SourceFile");
    c.row(node, "MsiDigitalCertificate", cells![id, source]);
    c.no_children(node);
    id
}

fn source<'d>(c: &mut Compiler, node: &Node<'d>) -> &'d str {
    let source = node.renamed(c, "SourceFile", "src");
    node.need(c, "SourceFile", source)
}

/// Stream names are made of the table's name and the row's key, and have an end.
fn stream_id<'d>(c: &mut Compiler, node: &Node<'d>, limit: usize) -> &'d str {
    let id = node.need_id(c, "Id");
    if id.len() > limit {
        let message =
            format!("the id '{id}' is longer than {limit} characters, too long for a stream's name");
        let finding = diagnostics::Diagnostic::error(codes::BAD_VALUE, message).at(node.place("Id"));
        c.push(finding.hint("shorten it"));
    }
    id
}
