//! `Certificate` and `CertificateRef`.

use crate::codes;
use crate::compile::node::Node;
use crate::compile::{Arch, Compiler, cells};

const REQUEST: i32 = 1;
/// Since WiX 4: the installation fails where the certificate can't be installed.
const VITAL: i32 = 8;
const BINARY: i32 = 2;
const OVERWRITE: i32 = 4;

pub(super) fn certificate(c: &mut Compiler, node: &Node, component: &str) {
    let id = node.need_id(c, "Id");
    let name = node.need_text(c, "Name");
    let binary = c.reference(node, "BinaryKey", "Binary");
    let path = node.text(c, "CertificatePath");
    let password = node.text(c, "PFXPassword");
    let location = node.choice(c, "StoreLocation", &[("currentUser", 1), ("localMachine", 2)]);
    let location = node.need(c, "StoreLocation", location);
    let stores = [
        ("ca", "CA"),
        ("my", "MY"),
        ("personal", "MY"),
        ("request", "REQUEST"),
        ("root", "Root"),
        ("otherPeople", "AddressBook"),
        ("trustedPeople", "TrustedPeople"),
        ("trustedPublisher", "TrustedPublisher"),
    ];
    let store = node.choice(c, "StoreName", &stores);
    let store = node.need(c, "StoreName", store);
    let mut bits = node.bit(c, "Request", REQUEST) | node.bit(c, "Overwrite", OVERWRITE);
    if binary.is_some() {
        bits |= BINARY;
    }
    if c.is_v4 && node.yes_no(c, "Vital") != Some(false) {
        bits |= VITAL;
    }
    node.excludes(c, "BinaryKey", "CertificatePath");
    if binary.is_none() && path.is_none() {
        let message = "<iis:Certificate> needs 'BinaryKey' or 'CertificatePath'".to_owned();
        c.error(node, codes::MISSING, message);
    }
    c.refer_to_action(node, "InstallCertificates", &[Arch::Arm64]);
    c.refer_to_action(node, "UninstallCertificates", &[Arch::Arm64]);
    // The actions keep the hashes of installed certificates here.
    c.ensure_table(node, "CertificateHash");
    c.row(node, "Certificate", cells![id, component, name, location, store, bits, binary, path, password]);
    c.no_children(node);
}

/// A certificate of a site.
pub(super) fn reference(c: &mut Compiler, node: &Node, site: &str) {
    let id = c.simple_reference(node, "Certificate");
    c.row(node, "IIsWebSiteCertificates", cells![site, id]);
    c.no_children(node);
}
