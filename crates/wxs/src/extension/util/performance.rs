//! `PerformanceCategory`, `PerformanceCounter`, `PerfCounter` and `PerfCounterManifest`.

use super::OWN;
use crate::codes;
use crate::compile::node::Node;
use crate::compile::{Compiler, Handled, cells};
use crate::extension::Object;
use std::fmt::Write as _;

/// `msidbRegistryRootLocalMachine`.
const LOCAL_MACHINE: i32 = 2;
/// English, as a primary language.
const ENGLISH: i32 = 0x09;
/// A plain 32-bit count.
const NUMBER_OF_ITEMS: i32 = 65536;

/// Primary languages of Windows by name.
const LANGUAGES: &[(&str, i32)] = &[
    ("afrikaans", 0x36),
    ("albanian", 0x1c),
    ("arabic", 0x01),
    ("armenian", 0x2b),
    ("assamese", 0x4d),
    ("azeri", 0x2c),
    ("basque", 0x2d),
    ("belarusian", 0x23),
    ("bengali", 0x45),
    ("bulgarian", 0x02),
    ("catalan", 0x03),
    ("chinese", 0x04),
    ("croatian", 0x1a),
    ("czech", 0x05),
    ("danish", 0x06),
    ("divehi", 0x65),
    ("dutch", 0x13),
    ("piglatin", 0x09),
    ("english", 0x09),
    ("estonian", 0x25),
    ("faeroese", 0x38),
    ("farsi", 0x29),
    ("finnish", 0x0b),
    ("french", 0x0c),
    ("galician", 0x56),
    ("georgian", 0x37),
    ("german", 0x07),
    ("greek", 0x08),
    ("gujarati", 0x47),
    ("hebrew", 0x0d),
    ("hindi", 0x39),
    ("hungarian", 0x0e),
    ("icelandic", 0x0f),
    ("indonesian", 0x21),
    ("italian", 0x10),
    ("japanese", 0x11),
    ("kannada", 0x4b),
    ("kashmiri", 0x60),
    ("kazak", 0x3f),
    ("konkani", 0x57),
    ("korean", 0x12),
    ("kyrgyz", 0x40),
    ("latvian", 0x26),
    ("lithuanian", 0x27),
    ("macedonian", 0x2f),
    ("malay", 0x3e),
    ("malayalam", 0x4c),
    ("manipuri", 0x58),
    ("marathi", 0x4e),
    ("mongolian", 0x50),
    ("nepali", 0x61),
    ("norwegian", 0x14),
    ("oriya", 0x48),
    ("polish", 0x15),
    ("portuguese", 0x16),
    ("punjabi", 0x46),
    ("romanian", 0x18),
    ("russian", 0x19),
    ("sanskrit", 0x4f),
    ("serbian", 0x1a),
    ("sindhi", 0x59),
    ("slovak", 0x1b),
    ("slovenian", 0x24),
    ("spanish", 0x0a),
    ("swahili", 0x41),
    ("swedish", 0x1d),
    ("syriac", 0x5a),
    ("tamil", 0x49),
    ("tatar", 0x44),
    ("telugu", 0x4a),
    ("thai", 0x1e),
    ("turkish", 0x1f),
    ("ukrainian", 0x22),
    ("urdu", 0x20),
    ("uzbek", 0x43),
    ("vietnamese", 0x2a),
];

/// Counter types of Windows (`winperf.h`) by name.
const TYPES: &[(&str, i32)] = &[
    ("averageBase", 1073939458),
    ("averageCount64", 1073874176),
    ("averageTimer32", 805438464),
    ("counterDelta32", 4195328),
    ("counterTimerInverse", 557909248),
    ("sampleFraction", 549585920),
    ("timer100Ns", 542180608),
    ("counterTimer", 541132032),
    ("rawFraction", 537003008),
    ("timer100NsInverse", 558957824),
    ("counterMultiTimer", 574686464),
    ("counterMultiTimer100Ns", 575735040),
    ("counterMultiTimerInverse", 591463680),
    ("counterMultiTimer100NsInverse", 592512256),
    ("elapsedTime", 807666944),
    ("sampleBase", 1073939457),
    ("rawBase", 1073939459),
    ("counterMultiBase", 1107494144),
    ("rateOfCountsPerSecond64", 272696576),
    ("rateOfCountsPerSecond32", 272696320),
    ("countPerTimeInterval64", 4523264),
    ("countPerTimeInterval32", 4523008),
    ("sampleCounter", 4260864),
    ("counterDelta64", 4195584),
    ("numberOfItems64", 65792),
    ("numberOfItems32", 65536),
    ("numberOfItemsHEX64", 256),
    ("numberOfItemsHEX32", 0),
];

/// A counter, as the .ini file and the registry need it.
struct Counter<'d> {
    name: &'d str,
    help: Option<&'d str>,
    ty: i32,
    language: i32,
}

/// A category with its counters: the contents of the .ini and .h files that Windows loads, and the service's registry keys.
pub(super) fn category(c: &mut Compiler, node: &Node, component: &str) {
    let id = node.need_id(c, "Id");
    let name = node.text(c, "Name").unwrap_or(id);
    let help = node.text(c, "Help");
    let language = node.choice(c, "DefaultLanguage", LANGUAGES).unwrap_or(ENGLISH);
    let multi_instance = node.flag(c, "MultiInstance");
    // Without a library of its own, a category is one of managed code.
    let library = node.text(c, "Library").unwrap_or("netfxperf.dll");
    let open = node.text(c, "Open").unwrap_or("OpenPerformanceData");
    let collect = node.text(c, "Collect").unwrap_or("CollectPerformanceData");
    let close = node.text(c, "Close").unwrap_or("ClosePerformanceData");
    let mut ini = format!(
        "[info]\r\ndrivername={name}\r\nsymbolfile=wixperf.h\r\n\r\n\
         [objects]\r\nOBJECT_1_{language:03}_NAME=\r\n\r\n\
         [languages]\r\n{language:03}=LANG{language:03}\r\n\r\n\
         [text]\r\nOBJECT_1_{language:03}_NAME={name}\r\n"
    );
    if let Some(help) = help {
        // Writing to a string does not fail.
        let _ = write!(ini, "OBJECT_1_{language:03}_HELP={help}\r\n");
    }
    let mut symbols = "#define OBJECT_1    0\r\n".to_owned();
    let (mut names, mut types) = ("[~]".to_owned(), "[~]".to_owned());
    let mut count = 0;
    c.each_child(node, |c, child| {
        if child.name() != "util:PerformanceCounter" {
            return Handled::No;
        }
        let counter = performance_counter(c, child, language);
        count += 1;
        let _ = write!(ini, "DEVICE_COUNTER_{count}_{:03}_NAME={}\r\n", counter.language, counter.name);
        if let Some(help) = counter.help {
            let _ = write!(ini, "DEVICE_COUNTER_{count}_{:03}_HELP={help}\r\n", counter.language);
        }
        let _ = write!(symbols, "#define DEVICE_COUNTER_{count}    {}\r\n", count * 2);
        let _ = write!(names, "{}[~]", escaped(counter.name));
        let _ = write!(types, "{}[~]", counter.ty);
        Handled::Yes
    });
    let _ = write!(symbols, "#define LAST_OBJECT_1_COUNTER_OFFSET    {}\r\n", count * 2);
    c.row(node, "PerformanceCategory", cells![id, component, name, ini, symbols]);

    let name = escaped(name);
    let linkage = format!("SYSTEM\\CurrentControlSet\\Services\\{name}\\Linkage");
    c.registry_row(node, component, LOCAL_MACHINE, &linkage, Some("Export"), Some(&name));
    let key = format!("SYSTEM\\CurrentControlSet\\Services\\{name}\\Performance");
    let multi_instance = if multi_instance { "#1" } else { "#0" };
    for (value, content) in [
        ("-", None),
        ("Library", Some(library)),
        ("Open", Some(open)),
        ("Collect", Some(collect)),
        ("Close", Some(close)),
        ("IsMultiInstance", Some(multi_instance)),
        ("Counter Names", Some(names.as_str())),
        ("Counter Types", Some(types.as_str())),
    ] {
        c.registry_row(node, component, LOCAL_MACHINE, &key, Some(value), content);
    }
    c.refer_to_action(node, "InstallPerfCounterData", OWN);
    c.refer_to_action(node, "UninstallPerfCounterData", OWN);
}

fn performance_counter<'d>(c: &mut Compiler, node: &Node<'d>, language: i32) -> Counter<'d> {
    let counter = Counter {
        name: node.need_text(c, "Name"),
        help: node.text(c, "Help"),
        ty: node.choice(c, "Type", TYPES).unwrap_or(NUMBER_OF_ITEMS),
        language: node.choice(c, "Language", LANGUAGES).unwrap_or(language),
    };
    if counter.help.is_none() {
        let message = "a counter without 'Help' is not shown by Windows XP".to_owned();
        c.warn(node, codes::SUSPICIOUS, message);
    }
    c.no_children(node);
    counter
}

/// A category in an .ini file of the author's.
pub(super) fn counter(c: &mut Compiler, node: &Node, object: &Object) {
    let message = "<util:PerfCounter> is deprecated".to_owned();
    c.warn(node, codes::DEPRECATED, message);
    let name = node.need_text(c, "Name");
    c.row(node, "Perfmon", cells![object.component, format!("[#{}]", object.id), name]);
    c.refer_to_action(node, "ConfigurePerfmonInstall", OWN);
    c.refer_to_action(node, "ConfigurePerfmonUninstall", OWN);
    c.no_children(node);
}

pub(super) fn manifest(c: &mut Compiler, node: &Node, object: &Object) {
    let folder = node.text(c, "ResourceFileDirectory");
    c.row(node, "PerfmonManifest", cells![object.component, format!("[#{}]", object.id), folder]);
    c.refer_to_action(node, "ConfigurePerfmonManifestRegister", OWN);
    c.refer_to_action(node, "ConfigurePerfmonManifestUnregister", OWN);
    c.no_children(node);
}

/// A text whose brackets Windows Installer leaves alone. Those that are escaped already stay as they are.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let done = ["[\\[]", "[\\]]"].iter().find(|done| rest.starts_with(**done));
        let (written, read) = match (done, c) {
            (Some(done), _) => (*done, done.len()),
            (None, '[') => ("[\\[]", 1),
            (None, ']') => ("[\\]]", 1),
            (None, c) => (&rest[..c.len_utf8()], c.len_utf8()),
        };
        escaped.push_str(written);
        rest = &rest[read..];
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn brackets_are_escaped_once() {
        assert_eq!(escaped("a[b]c"), "a[\\[]b[\\]]c");
        assert_eq!(escaped("[\\[]x[\\]]"), "[\\[]x[\\]]");
    }
}
