//! `CustomAction` in all its kinds.

use super::{Compiler, Node, cells};
use crate::codes;
use diagnostics::Diagnostic;

const DLL: i32 = 1;
const EXE: i32 = 2;
const TEXT: i32 = 3;
const JSCRIPT: i32 = 5;
const VBSCRIPT: i32 = 6;

const BINARY: i32 = 0;
const SOURCE_FILE: i32 = 0x10;
const DIRECTORY: i32 = 0x20;
const PROPERTY: i32 = 0x30;

const CONTINUE: i32 = 0x40;
const ASYNC: i32 = 0x80;
const IN_SCRIPT: i32 = 0x400;
const NO_IMPERSONATE: i32 = 0x800;
const SCRIPT_64_BIT: i32 = 0x1000;
const HIDE_TARGET: i32 = 0x2000;
const TERMINAL_SERVER_AWARE: i32 = 0x4000;

const EXECUTE: [(&str, i32); 7] = [
    ("commit", IN_SCRIPT | 0x200),
    ("deferred", IN_SCRIPT),
    ("firstSequence", 0x100),
    ("immediate", 0),
    ("oncePerProcess", 0x200),
    ("rollback", IN_SCRIPT | 0x100),
    ("secondSequence", 0x300),
];
const RETURN: [(&str, i32); 4] =
    [("asyncNoWait", ASYNC | CONTINUE), ("asyncWait", ASYNC), ("check", 0), ("ignore", CONTINUE)];

const SOURCES: [&str; 5] = ["BinaryKey", "Directory", "FileKey", "Property", "Script"];
const TARGETS: [&str; 7] =
    ["DllEntry", "Error", "ExeCommand", "JScriptCall", "Script", "Value", "VBScriptCall"];

pub(super) fn custom_action(c: &mut Compiler, node: &Node) {
    let id = node.need_id(c, "Id");
    one_of(c, node, &SOURCES, "where it comes from");
    one_of(c, node, &TARGETS, "what it does");
    let source = source(c, node);
    let target = target(c, node);
    let script = node.choice(c, "Script", &[("jscript", JSCRIPT), ("vbscript", VBSCRIPT)]);
    let (source_bits, source) = match script {
        Some(_) => (DIRECTORY, None),
        None => source.map_or((0, None), |(bits, source)| (bits, Some(source))),
    };
    let inner = node.inner_text();
    let (target_bits, target) = match script {
        Some(bits) => (bits, Some(inner)),
        None => target.map_or((0, None), |(bits, target)| (bits, Some(target))),
    };

    let mut bits = node.choice(c, "Execute", &EXECUTE).unwrap_or(0);
    bits |= node.choice(c, "Return", &RETURN).unwrap_or(0);
    bits |= node.bit(c, "HideTarget", HIDE_TARGET);
    bits |= node.bit(c, "TerminalServerAware", TERMINAL_SERVER_AWARE);
    if node.yes_no(c, "Impersonate") == Some(false) {
        bits |= NO_IMPERSONATE;
    }
    let is_script = matches!(target_bits, JSCRIPT | VBSCRIPT);
    if node.yes_no(c, "Win64").unwrap_or(is_script && c.is_64_bit()) {
        bits |= SCRIPT_64_BIT;
    }
    let extended = node.flag(c, "PatchUninstall").then_some(0x8000);
    node.flag(c, "SuppressModularization");
    let kind = Kind { bits, source_bits, target_bits, has_source: source.is_some() };
    check(c, node, &kind, script.is_some(), inner);
    c.row(node, "CustomAction", cells![id, bits | source_bits | target_bits, source, target, extended]);
    c.no_children(node);
}

/// The authored bits by what they say.
struct Kind {
    bits: i32,
    source_bits: i32,
    target_bits: i32,
    has_source: bool,
}

fn source<'d>(c: &mut Compiler, node: &Node<'d>) -> Option<(i32, &'d str)> {
    for (attribute, table, bits) in [
        ("BinaryKey", "Binary", BINARY),
        ("Directory", "Directory", DIRECTORY),
        ("FileKey", "File", SOURCE_FILE),
    ] {
        if let Some(source) = c.reference(node, attribute, table) {
            return Some((bits, source));
        }
    }
    node.text(c, "Property").map(|property| (PROPERTY, property))
}

fn target<'d>(c: &mut Compiler, node: &Node<'d>) -> Option<(i32, &'d str)> {
    if let Some(entry) = node.text(c, "DllEntry") {
        return Some((DLL, entry));
    }
    if let Some(error) = node.text(c, "Error") {
        // A number is a row of the Error table, anything else the message itself.
        if error.trim().parse::<i32>().is_ok() {
            c.refer(node, "Error", error);
        }
        return Some((TEXT | SOURCE_FILE, error));
    }
    [("ExeCommand", EXE), ("JScriptCall", JSCRIPT), ("Value", TEXT), ("VBScriptCall", VBSCRIPT)]
        .into_iter()
        .find_map(|(attribute, bits)| Some((bits, node.text_or_empty(attribute)?)))
}

fn check(c: &mut Compiler, node: &Node, kind: &Kind, inline: bool, inner: &str) {
    let &Kind { bits, source_bits, target_bits, has_source } = kind;
    let needs_source = match target_bits {
        VBSCRIPT if !inline => Some("VBScriptCall"),
        JSCRIPT if !inline => Some("JScriptCall"),
        EXE => Some("ExeCommand"),
        _ => None,
    };
    if let Some(attribute) = needs_source {
        if !has_source && !SOURCES.iter().any(|source| node.has(source)) {
            let message =
                format!("'{attribute}' needs 'BinaryKey', 'FileKey' or 'Property' to say where it is");
            node.combination(c, attribute, message);
        } else if attribute != "ExeCommand" && source_bits == DIRECTORY {
            node.combination(c, attribute, format!("'{attribute}' can't be found in a 'Directory'"));
        }
    } else if bits | source_bits | target_bits == TEXT && !has_source {
        node.combination(c, "Value", "'Value' needs 'Property' or 'Directory' to be set".to_owned());
    } else if !inline && !inner.is_empty() {
        c.error(node, codes::TEXT, "only an action with 'Script' holds text".to_owned());
    }
    if bits & SCRIPT_64_BIT != 0 && !matches!(target_bits, JSCRIPT | VBSCRIPT) {
        node.combination(c, "Win64", "'Win64' is for scripts".to_owned());
    }
    if bits & (ASYNC | CONTINUE) == ASYNC | CONTINUE && target_bits != EXE {
        node.combination(c, "Return", "Return=\"asyncNoWait\" is for programs ('ExeCommand')".to_owned());
    }
    let in_script = bits & IN_SCRIPT != 0;
    if bits & TERMINAL_SERVER_AWARE != 0 && !in_script {
        let message = "'TerminalServerAware' is for deferred actions".to_owned();
        node.combination(c, "TerminalServerAware", message);
    }
    if source_bits == PROPERTY && target_bits == TEXT && in_script {
        node.combination(c, "Execute", "a property is set at once: it can't be deferred".to_owned());
    }
    if target_bits == 0 && !TARGETS.iter().any(|target| node.has(target)) {
        let list: Vec<String> = TARGETS.iter().map(|target| format!("'{target}'")).collect();
        let message = format!("<CustomAction> needs one of {}", list.join(", "));
        c.error(node, codes::MISSING, message);
    }
}

/// Refuses more than one of a set of attributes.
fn one_of(c: &mut Compiler, node: &Node, attributes: &[&str], what: &str) {
    let given: Vec<&str> = attributes.iter().copied().filter(|attribute| node.has(attribute)).collect();
    if let [first, second, ..] = given[..] {
        // One of them will not be read, which is no second error.
        for attribute in &given {
            node.text_or_empty(attribute);
        }
        let message = format!("'{first}' and '{second}' both say {what}");
        let diagnostic = Diagnostic::error(codes::ATTRIBUTE_COMBINATION, message).at(node.place(second));
        c.push(diagnostic.label(node.place(first), "first said here").hint("leave one of them out"));
    }
}
