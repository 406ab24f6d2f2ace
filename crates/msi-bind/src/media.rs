//! Which medium each file is on, in which order, and whether it goes into a cabinet.

use crate::codes;
use crate::directories::{Directories, Names};
use crate::package::{BoundFile, BoundMedia, Package, text};
use diagnostics::{Diagnostic, Diagnostics, Span};
use std::collections::HashMap;
use wxs::ir::{CompressionLevel, MediaSymbol, MediaTemplate};
use wxs::link::compare_names;

/// `msidbFileAttributesNoncompressed` and `…Compressed`.
const NOT_COMPRESSED: i32 = 0x2000;
const COMPRESSED: i32 = 0x4000;
/// What a medium of a MediaTemplate holds at most, uncompressed, unless it says otherwise.
const DEFAULT_MEDIA_SIZE: i32 = 200;
/// Cabinets that a MediaTemplate makes at most; the last one takes the rest.
const MAX_CABINETS: i32 = 999;

/// Sorts files by medium and name, as WiX does, and assigns sequence numbers.
pub(crate) fn assign(
    package: &mut Package,
    media: Vec<MediaSymbol>,
    template: Option<&MediaTemplate>,
    diagnostics: &mut Diagnostics,
) {
    let by_default = package.compressed();
    for file in &mut package.files {
        file.disk_id = file.symbol.disk_id.unwrap_or(1);
        file.compressed = match file.symbol.attributes & (NOT_COMPRESSED | COMPRESSED) {
            NOT_COMPRESSED => false,
            COMPRESSED => true,
            _ => by_default,
        };
    }
    sort(package);
    match template {
        Some(template) => {
            from_template(package, template);
            sort(package);
        }
        None => authored(package, media, diagnostics),
    }
    number(package, diagnostics);
}

fn sort(package: &mut Package) {
    if package.is_v4 {
        return sort_by_place(package);
    }
    package.files.sort_by(|a, b| {
        let group = |file: &BoundFile| (file.disk_id, file.symbol.patch_group.unwrap_or(0));
        group(a).cmp(&group(b)).then_with(|| compare_names(&a.symbol.id, &b.symbol.id))
    });
}

/// WiX 4 puts the files of a folder together.
fn sort_by_place(package: &mut Package) {
    let mut directories = Directories::new(package, Names::Canonical);
    let components: HashMap<&str, &str> =
        package.rows("Component").iter().filter_map(|row| Some((text(row, 0)?, text(row, 2)?))).collect();
    let mut places: HashMap<String, String> = HashMap::new();
    for (&component, &directory) in &components {
        if let Ok(path) = directories.path(directory) {
            places.insert(component.to_owned(), path.to_owned());
        }
    }
    // What stands first in UTF-16 stands first.
    let order = |a: &str, b: &str| a.encode_utf16().cmp(b.encode_utf16());
    package.files.sort_by(|a, b| {
        let place = |file: &BoundFile| places.get(&file.symbol.component).map_or("", String::as_str);
        let group = |file: &BoundFile| (file.disk_id, file.symbol.patch_group.unwrap_or(0));
        group(a)
            .cmp(&group(b))
            .then_with(|| order(place(a), place(b)))
            .then_with(|| order(&a.symbol.name, &b.symbol.name))
            .then_with(|| order(&a.symbol.id, &b.symbol.id))
    });
}

fn authored(package: &mut Package, media: Vec<MediaSymbol>, diagnostics: &mut Diagnostics) {
    let mut cabinets: HashMap<String, Span> = HashMap::new();
    for symbol in media {
        if let Some(cabinet) = &symbol.cabinet
            && let Some(first) = cabinets.insert(cabinet.to_lowercase(), symbol.span)
        {
            diagnostics.push(
                Diagnostic::error(codes::MEDIA, format!("two media have the cabinet \"{cabinet}\""))
                    .at(symbol.span)
                    .label(first, "the first is here")
                    .hint("give one of them another Cabinet"),
            );
        }
        package.media.push(BoundMedia {
            disk_id: symbol.disk_id,
            last_sequence: 0,
            disk_prompt: symbol.disk_prompt,
            volume_label: symbol.volume_label,
            source: symbol.source,
            embed: symbol.embed,
            cabinet: symbol.cabinet,
            compression: symbol.compression.unwrap_or(CompressionLevel::Mszip),
            layout: symbol.layout,
            span: symbol.span,
        });
    }
    package.media.sort_by_key(|media| media.disk_id);
}

fn from_template(package: &mut Package, template: &MediaTemplate) {
    let names = template.cabinet_template.as_deref().unwrap_or("cab{0}.cab");
    let limit = u64::from(
        u32::try_from(template.maximum_uncompressed_media_size.unwrap_or(DEFAULT_MEDIA_SIZE)).unwrap_or(0),
    ) * 1024
        * 1024;
    let medium = |number: i32, cabinet: Option<String>| BoundMedia {
        disk_id: number,
        last_sequence: 0,
        disk_prompt: None,
        volume_label: None,
        source: None,
        cabinet,
        embed: template.embed.unwrap_or(false),
        compression: template.compression.unwrap_or(CompressionLevel::Mszip),
        layout: None,
        span: template.span,
    };
    let (mut number, mut held) = (0, 0u64);
    for file in package.files.iter_mut().filter(|file| file.compressed) {
        held += file.facts.len;
        if number == 0 || (held > limit && number < MAX_CABINETS) {
            number += 1;
            held = file.facts.len;
            package.media.push(medium(number, Some(names.replace("{0}", &number.to_string()))));
        }
        file.disk_id = number;
    }
    if package.media.is_empty() && !package.files.is_empty() {
        package.media.push(medium(1, None));
    }
}

/// Sequence numbers run through all media; files that patches add come last.
fn number(package: &mut Package, diagnostics: &mut Diagnostics) {
    let places: HashMap<i32, usize> =
        package.media.iter().enumerate().map(|(at, media)| (media.disk_id, at)).collect();
    let mut last = 0;
    for added_by_patches in [false, true] {
        for file in &mut package.files {
            if (file.symbol.patch_group.unwrap_or(0) > 0) != added_by_patches {
                continue;
            }
            last += 1;
            file.sequence = last;
            let Some(&place) = places.get(&file.disk_id) else {
                let message = format!(
                    "file \"{}\" is on medium {}, which does not exist",
                    file.symbol.id, file.disk_id
                );
                diagnostics.push(
                    Diagnostic::error(codes::MEDIA, message)
                        .at(file.symbol.span)
                        .hint(format!("add <Media Id=\"{}\" … /> or <MediaTemplate/>", file.disk_id)),
                );
                continue;
            };
            let media = &mut package.media[place];
            media.last_sequence = last;
            if file.compressed && media.cabinet.is_none() {
                let message = format!(
                    "file \"{}\" is compressed, but medium {} has no cabinet",
                    file.symbol.id, file.disk_id
                );
                diagnostics.push(
                    Diagnostic::error(codes::MEDIA, message)
                        .at(file.symbol.span)
                        .label(media.span, "this is the medium")
                        .hint("give the medium a Cabinet, or the file Compressed=\"no\""),
                );
            }
        }
    }
}
