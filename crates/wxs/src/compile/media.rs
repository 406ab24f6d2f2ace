//! `Media` and `MediaTemplate`.

use super::{Compiler, Handled, Node, binary, cells, names};
use crate::codes;
use crate::ir::{CompressionLevel, MediaSymbol, MediaTemplate};
use diagnostics::Diagnostic;

const LEVELS: [(&str, CompressionLevel); 5] = [
    ("none", CompressionLevel::None),
    ("low", CompressionLevel::Low),
    ("medium", CompressionLevel::Medium),
    ("high", CompressionLevel::High),
    ("mszip", CompressionLevel::Mszip),
];

pub(super) fn media(c: &mut Compiler, node: &Node) {
    let disk_id = node.int(c, "Id", 1, i32::from(i16::MAX));
    let disk_id = node.need(c, "Id", disk_id);
    let cabinet = node.text(c, "Cabinet");
    let compression = node.choice(c, "CompressionLevel", &LEVELS);
    let disk_prompt = disk_prompt(c, node);
    let embed = node.flag(c, "EmbedCab");
    let layout = node.renamed(c, "Layout", "src").map(str::to_owned);
    let volume_label = node.text(c, "VolumeLabel").map(str::to_owned);
    let source = node.text(c, "Source").map(str::to_owned);
    match cabinet {
        None => {
            for attribute in ["EmbedCab", "CompressionLevel"] {
                if node.has(attribute) && (attribute != "EmbedCab" || embed) {
                    let message = format!("'{attribute}' needs the attribute 'Cabinet'");
                    node.combination(c, attribute, message);
                }
            }
        }
        Some(name) if embed => {
            if name.len() > 62 {
                let message = format!("'{name}' is longer than 62 characters, too long for a stream's name");
                node.bad(c, "Cabinet", message);
            }
        }
        Some(name) if !names::is_short_name(name, false) && names::find_variable(name).is_none() => {
            let message = format!("'{name}' is not an 8.3 name, as a cabinet beside a package should have");
            c.warn_at(codes::SUSPICIOUS, node.place("Cabinet"), message);
        }
        Some(_) => {}
    }
    c.each_child(node, |c, child| {
        match child.name() {
            "DigitalSignature" => digital_signature(c, child, disk_id, embed, cabinet.is_some()),
            "SymbolPath" => drop(child.text(c, "Path")),
            _ => return Handled::No,
        }
        Handled::Yes
    });
    c.section.media.push(MediaSymbol {
        disk_id,
        cabinet: cabinet.map(str::to_owned),
        embed,
        compression,
        disk_prompt,
        volume_label,
        source,
        layout,
        span: node.span(),
    });
}

pub(super) fn media_template(c: &mut Compiler, node: &Node) {
    let template = node.text_or_empty("CabinetTemplate").filter(|template| !template.is_empty());
    if let Some(template) = template {
        check_template(c, node, template);
    }
    let disk_prompt = disk_prompt(c, node);
    let symbol = MediaTemplate {
        cabinet_template: template.map(str::to_owned),
        embed: node.yes_no(c, "EmbedCab"),
        compression: node.choice(c, "CompressionLevel", &LEVELS),
        disk_prompt,
        volume_label: node.text(c, "VolumeLabel").map(str::to_owned),
        maximum_uncompressed_media_size: node.int(c, "MaximumUncompressedMediaSize", 1, i32::MAX),
        maximum_cabinet_size_for_large_file_splitting: node.int(
            c,
            "MaximumCabinetSizeForLargeFileSplitting",
            20,
            2048,
        ),
        span: node.span(),
    };
    for attribute in ["DiskPrompt", "VolumeLabel"] {
        if node.has(attribute) {
            let message = format!("'{attribute}' of a <MediaTemplate> is reserved");
            c.warn_at(codes::SUSPICIOUS, node.place(attribute), message);
        }
    }
    if c.section.media_template.is_some() {
        c.error(node, codes::CONFLICT, "a second <MediaTemplate>".to_owned());
    }
    c.section.media_template = Some(symbol);
    c.no_children(node);
}

/// A prompt for a disk needs the property that names the product on it.
fn disk_prompt(c: &mut Compiler, node: &Node) -> Option<String> {
    let prompt = node.text(c, "DiskPrompt").map(str::to_owned);
    if prompt.is_some() {
        c.refer(node, "Property", "DiskPrompt");
    }
    prompt
}

fn check_template(c: &mut Compiler, node: &Node, template: &str) {
    let example = template.replace("{0}", "###");
    if names::is_localization_variable(&example) {
        return;
    }
    if example == template || !names::is_long_name(&example, false) {
        let message = format!("'{template}' is not a file name with '{{0}}' for the number of the cabinet");
        node.bad(c, "CabinetTemplate", message);
    } else if !names::is_short_name(&example, false) && names::find_variable(&example).is_none() {
        let message =
            format!("'{template}' does not make 8.3 names, as cabinets beside a package should have");
        c.warn_at(codes::SUSPICIOUS, node.place("CabinetTemplate"), message);
    }
}

fn digital_signature(c: &mut Compiler, node: &Node, disk_id: i32, embed: bool, has_cabinet: bool) {
    if embed || !has_cabinet {
        let message = "only a cabinet beside the package can be signed".to_owned();
        c.error(node, codes::CONFLICT, message);
    }
    let source = node.text(c, "SourceFile");
    let mut certificate = None;
    c.each_child(node, |c, child| match child.name() {
        "DigitalCertificate" => {
            certificate = Some(binary::certificate(c, child).to_owned());
            Handled::Yes
        }
        _ => Handled::No,
    });
    if certificate.is_none() {
        let message = "<DigitalSignature> needs a <DigitalCertificate>";
        let finding = Diagnostic::error(codes::MISSING, message).at(node.span());
        c.push(finding.hint("put a <DigitalCertificate … /> into it"));
    }
    let disk_id = disk_id.to_string();
    c.row(node, "MsiDigitalSignature", cells!["Media", disk_id, certificate, source]);
}
