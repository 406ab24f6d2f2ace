//! `SoftwareTag` of WiX 4 and later, which is `Tag` of WiX 3's extension: a small file, made by the binder, from which inventories
//! learn what is installed (ISO/IEC 19770-2).

use super::{ChildKind, Compiler, FileSymbol, Node, Parent, cells, names};
use crate::codes;
use crate::ir::ParentKind;
use diagnostics::Diagnostic;

/// The table that tells the binder which files it has to make: file and regid.
pub const TABLE: &str = "WixProductTag";

/// Where WiX 3's library has the folder of the tags, below the one that the author names.
const FOLDERS: [&str; 2] = ["WixTagInstallFolder", "WixTagFolder"];
/// The hidden feature of tags that name none.
const FEATURE: &str = "WixSwidTag";
/// Keeps the component's GUID the same wherever the tag goes.
const GUID_SEED: &str = "{4BAD0C8B-3AF0-BFE3-CC83-094749A1C4B1}";
/// `msidbComponentAttributes64bit`.
const IS_64_BIT: i32 = 256;
/// `msidbFileAttributesReadOnly`.
const READ_ONLY: i32 = 1;

/// An element in a product.
pub(crate) fn tag(c: &mut Compiler, node: &Node) {
    let given_id = node.id(c, "Id").map(str::to_owned);
    let feature = node.id(c, "Feature").unwrap_or(FEATURE);
    let win64 = node.yes_no(c, "Win64").unwrap_or(c.is_64_bit());
    for attribute in ["Licensed", "Type"] {
        if node.text_or_empty(attribute).is_some() {
            let message = format!("the attribute '{attribute}' is deprecated and says nothing");
            let finding = Diagnostic::warning(codes::DEPRECATED, message).at(node.place(attribute));
            c.push(finding.hint("leave it out"));
        }
    }
    if node.text_or_empty("InstallPath").is_some() {
        let message = "'InstallPath' is for bundles".to_owned();
        c.push(
            Diagnostic::error(codes::ATTRIBUTE_COMBINATION, message)
                .at(node.place("InstallPath"))
                .hint("write 'InstallDirectory' with the id of a directory"),
        );
    }
    let name = node.text(c, "Name").map(str::to_owned);
    let name = name.or_else(|| c.product.as_ref().map(|product| product.name.clone())).unwrap_or_default();
    if !name.is_empty() && !names::is_long_name(&name, false) {
        let message = format!("the tag's file can't have the name '{name}'");
        let finding = Diagnostic::error(codes::BAD_VALUE, message).at(node.place("Name"));
        c.push(finding.hint("write a 'Name' without \\ ? | > < : / * \""));
    }
    let regid = node.need_text(c, "Regid");
    if regid.eq_ignore_ascii_case("example.com") {
        let message = format!("the regid '{regid}' is a placeholder");
        let finding = Diagnostic::error(codes::BAD_VALUE, message).at(node.place("Regid"));
        c.push(finding.hint("write a domain that you own"));
    }
    let directory = c.reference(node, "InstallDirectory", "Directory");
    let directory = node.need(c, "InstallDirectory", directory);
    if regid.starts_with("regid.") && !c.is_v4 {
        let message =
            format!("the regid '{regid}' has a form that is no longer used, so there will be no tag");
        let finding = Diagnostic::warning(codes::DEPRECATED, message).at(node.place("Regid"));
        c.push(finding.hint("write the domain alone, such as 'wixtoolset.org'"));
        return;
    }

    let id = given_id.unwrap_or_else(|| c.generate_identifier("tag", &[regid, ".product.tag"]));
    let file_name = format!("{name}.swidtag");
    let (folder, short_name) = if c.is_v4 {
        c.row(node, "Directory", cells![id.as_str(), directory, "swidtag"]);
        c.row(node, "WixDirectory", cells![id.as_str(), GUID_SEED]);
        (id.as_str(), None)
    } else {
        let [outer, inner] = FOLDERS;
        c.row(node, "Directory", cells![outer, directory, "."]);
        c.refer(node, "Directory", inner);
        (inner, Some(names::generate_short_name(&file_name, false, false, &[])))
    };
    let bits = if win64 { IS_64_BIT } else { 0 };
    c.row(node, "Component", cells![id.as_str(), "*", folder, bits, None::<&str>, id.as_str()]);
    c.section.files.push(FileSymbol {
        id: id.clone(),
        component: id.clone(),
        directory: folder.to_owned(),
        // The binder makes the file.
        source: file_name.clone(),
        name: file_name,
        short_name,
        attributes: if c.is_v4 { READ_ONLY } else { 0 },
        disk_id: Some(1),
        version: None,
        default_version: None,
        language: None,
        default_language: None,
        default_size: None,
        assembly: None,
        patch_group: None,
        font_title: None,
        bind_path: None,
        span: node.span(),
    });
    c.refer(node, "Feature", feature);
    c.complex(node, &Parent::new(ParentKind::Feature, feature), ChildKind::Component, &id, true);
    c.ensure_table(node, "SoftwareIdentificationTag");
    c.row(node, TABLE, cells![id, regid]);
}
