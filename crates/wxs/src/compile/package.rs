//! `Package`: the summary information.

use super::{Arch, Compiler, Node, cells};
use crate::codes;

pub(super) fn package(c: &mut Compiler, node: &Node) {
    let facts = c.product.as_ref();
    let name = facts.map(|facts| facts.name.clone()).unwrap_or_default();
    let language = facts.map(|facts| facts.language.clone()).unwrap_or_default();
    let manufacturer = facts.map(|facts| facts.manufacturer.clone()).unwrap_or_default();
    let default_comments =
        format!("This installer database contains the logic and data required to install {name}.");
    let (default_platform, default_version) = match c.options.arch {
        Arch::X86 => ("Intel", 100),
        Arch::X64 => ("x64", 200),
        Arch::Ia64 => ("Intel64", 200),
        Arch::Arm => ("Arm", 500),
        Arch::Arm64 => ("Arm64", 500),
    };

    let code = node.guid(c, "Id", true).unwrap_or_else(|| "*".to_owned());
    let mut source_bits = node.bit(c, "AdminImage", 4) | node.bit(c, "Compressed", 2);
    let comments = node.text(c, "Comments").map_or(default_comments, str::to_owned);
    let subject = node.text(c, "Description").map_or(name, str::to_owned);
    let limited = node.choice(c, "InstallPrivileges", &[("elevated", false), ("limited", true)]);
    let per_user = node.choice(c, "InstallScope", &[("perMachine", false), ("perUser", true)]);
    let installer_version = node.int(c, "InstallerVersion", 0, i32::MAX).unwrap_or(default_version);
    let keywords = node.text(c, "Keywords").unwrap_or("Installer").to_owned();
    let languages = node.text(c, "Languages").map_or(language, str::to_owned);
    let author = node.text(c, "Manufacturer").map_or(manufacturer, str::to_owned);
    let platform = platform(c, node).unwrap_or_else(|| default_platform.to_owned());
    let security = node.choice(c, "ReadOnly", &[("no", "0"), ("default", "2"), ("yes", "4")]).unwrap_or("2");
    if node.flag(c, "ShortNames") {
        source_bits |= 1;
        c.short_names = true;
    }
    let codepage = node.codepage(c, "SummaryCodepage").unwrap_or_else(|| "1252".to_owned());

    if let (Some(limited), Some(per_user)) = (limited, per_user)
        && limited != per_user
    {
        let message = "InstallPrivileges and InstallScope contradict each other".to_owned();
        node.combination(c, "InstallScope", message);
    }
    if limited == Some(true) || per_user == Some(true) {
        source_bits |= 8;
    }
    if per_user == Some(false) {
        c.row(node, "Property", cells!["ALLUSERS", "1"]);
    }
    let least_version = match platform.to_ascii_lowercase().as_str() {
        "arm" | "arm64" => 500,
        "intel" => 0,
        _ => 200,
    };
    if installer_version < least_version {
        let message =
            format!("a package for {platform} needs InstallerVersion {least_version}, which is set");
        c.warn_at(codes::SUSPICIOUS, node.place("InstallerVersion"), message);
    }
    if code != "*" {
        let message = "a package code of one's own breaks installations; leave Id out".to_owned();
        c.warn_at(codes::SUSPICIOUS, node.place("Id"), message);
    }
    let rows: [(i32, String); 11] = [
        (1, codepage),
        (2, "Installation Database".to_owned()),
        (3, subject),
        (4, author),
        (5, keywords),
        (6, comments),
        (7, format!("{platform};{languages}")),
        (9, code),
        (14, installer_version.max(least_version).to_string()),
        (15, source_bits.to_string()),
        (19, security.to_owned()),
    ];
    for (property, value) in rows {
        c.row(node, "_SummaryInformation", cells![property, value]);
    }
    c.no_children(node);
}

fn platform(c: &mut Compiler, node: &Node) -> Option<String> {
    node.excludes(c, "Platform", "Platforms");
    let known: [(&str, &str); 7] = [
        ("x86", "Intel"),
        ("intel", "Intel"),
        ("x64", "x64"),
        ("ia64", "Intel64"),
        ("intel64", "Intel64"),
        ("arm", "Arm"),
        ("arm64", "Arm64"),
    ];
    let platform = node.choice(c, "Platform", &known);
    if let Some(better) = match node.text_or_empty("Platform") {
        Some("intel") => Some("x86"),
        Some("intel64") => Some("ia64"),
        _ => None,
    } {
        c.warn_at(codes::DEPRECATED, node.place("Platform"), format!("write Platform=\"{better}\""));
    }
    if node.has("Platforms") {
        let message = "the attribute 'Platforms' is deprecated; write 'Platform'".to_owned();
        c.warn_at(codes::DEPRECATED, node.place("Platforms"), message);
    }
    let platforms = node.text(c, "Platforms");
    platform.or(platforms).map(str::to_owned)
}
