//! Searches: AppSearch, CCPSearch and the locator tables. Each search gives the signature that it sets.

use super::{Compiler, Handled, Node, cells, names, upgrade};
use crate::codes;
use diagnostics::Diagnostic;
use msi_db::Value;

/// What the searches inside a property found out.
#[derive(Default)]
pub(super) struct Found {
    pub(super) signatures: Vec<String>,
    pub(super) has_product_search: bool,
}

const MAX: i32 = i16::MAX as i32;

/// Compiles all searches of a property.
pub(super) fn of_property(c: &mut Compiler, node: &Node, property: &str) -> Found {
    let mut found = Found::default();
    c.each_child(node, |c, child| {
        if child.name() == "ProductSearch" {
            upgrade::product_search(c, child, property);
            found.has_product_search = true;
            return Handled::Yes;
        }
        match search(c, child) {
            Some(signature) => found.signatures.push(signature),
            None => return Handled::No,
        }
        Handled::Yes
    });
    found
}

pub(super) fn compliance_check(c: &mut Compiler, node: &Node) {
    let mut signature: Option<String> = None;
    c.each_child(node, |c, child| {
        let Some(found) = search(c, child) else { return Handled::No };
        if signature.as_ref().is_some_and(|signature| *signature != found) {
            let message = "a compliance check has one search".to_owned();
            c.error(child, codes::CONFLICT, message);
        }
        signature.get_or_insert(found);
        Handled::Yes
    });
    if signature.is_none() {
        c.error(node, codes::MISSING, "<ComplianceCheck> needs a search".to_owned());
    }
    c.row(node, "CCPSearch", cells![signature]);
}

/// Any search at the top. `None` where the element is no search.
fn search(c: &mut Compiler, node: &Node) -> Option<String> {
    Some(match node.name() {
        "ComplianceDrive" => compliance_drive(c, node),
        "ComponentSearch" => component_search(c, node),
        "DirectorySearch" => directory_search(c, node, ""),
        "DirectorySearchRef" => directory_search_ref(c, node, ""),
        "IniFileSearch" => ini_file_search(c, node),
        "RegistrySearch" => registry_search(c, node),
        "RegistrySearchRef" => c.simple_reference(node, "RegLocator").to_owned(),
        _ => return None,
    })
}

fn registry_search(c: &mut Compiler, node: &Node) -> String {
    let id = node.need_id(c, "Id");
    let root = node.root(c, "Root", false);
    let root = node.need(c, "Root", root);
    let key = node.need_text(c, "Key");
    let name = node.text(c, "Name");
    let ty = node.choice(c, "Type", &[("directory", 0), ("file", 1), ("raw", 2)]);
    let mut ty = node.need(c, "Type", ty);
    if node.yes_no(c, "Win64").unwrap_or(c.is_64_bit()) {
        ty |= 0x10;
    }
    let inner = inner_search(c, node, id);
    c.row(node, "RegLocator", cells![inner.row_id, root, key, name, ty]);
    inner.signature
}

fn component_search(c: &mut Compiler, node: &Node) -> String {
    let id = node.need_id(c, "Id");
    let guid = node.guid(c, "Guid", false);
    let ty = node.choice(c, "Type", &[("directory", 0), ("file", 1)]).unwrap_or(1);
    let inner = inner_search(c, node, id);
    c.row(node, "CompLocator", cells![inner.row_id, guid, ty]);
    inner.signature
}

fn ini_file_search(c: &mut Compiler, node: &Node) -> String {
    let id = node.need_id(c, "Id");
    let name = super::remove_file::ShortAndLong::read(c, node, false, &["IniFileSearch", id]).cell();
    let section = node.need_text(c, "Section");
    let key = node.need_text(c, "Key");
    let field = node.int(c, "Field", 0, MAX);
    let ty = node.choice(c, "Type", &[("directory", 0), ("file", 1), ("raw", 2)]).unwrap_or(1);
    let inner = inner_search(c, node, id);
    c.row(node, "IniLocator", cells![inner.row_id, name, section, key, field, ty]);
    inner.signature
}

fn compliance_drive(c: &mut Compiler, node: &Node) -> String {
    let mut signature: Option<String> = None;
    c.each_child(node, |c, child| {
        one_only(c, child, signature.is_some());
        signature = Some(match child.name() {
            "DirectorySearch" => directory_search(c, child, "CCP_DRIVE"),
            "DirectorySearchRef" => directory_search_ref(c, child, "CCP_DRIVE"),
            _ => return Handled::No,
        });
        Handled::Yes
    });
    signature.unwrap_or_else(|| {
        c.error(node, codes::MISSING, "<ComplianceDrive> needs a search".to_owned());
        String::new()
    })
}

/// What a search inside another one changes.
struct Inner {
    /// Key of the outer search's own row: a file's signature takes the outer one's place.
    row_id: String,
    /// What the whole search sets.
    signature: String,
}

fn inner_search(c: &mut Compiler, node: &Node, id: &str) -> Inner {
    let mut inner = Inner { row_id: id.to_owned(), signature: id.to_owned() };
    let mut any = false;
    c.each_child(node, |c, child| {
        one_only(c, child, any);
        any = true;
        match child.name() {
            "DirectorySearch" => inner.signature = directory_search(c, child, id),
            "DirectorySearchRef" => inner.signature = directory_search_ref(c, child, id),
            "FileSearch" => {
                inner.signature = file_search(c, child, id, false, None);
                inner.row_id.clone_from(&inner.signature);
            }
            "FileSearchRef" => inner.row_id = c.simple_reference(child, "Signature").to_owned(),
            _ => return Handled::No,
        }
        Handled::Yes
    });
    inner
}

fn directory_search(c: &mut Compiler, node: &Node, parent: &str) -> String {
    let id = node.need_id(c, "Id");
    let depth = node.int(c, "Depth", 0, MAX);
    let path = node.text(c, "Path");
    let assign = node.flag(c, "AssignToProperty");
    let mut signature = id.to_owned();
    let (mut any, mut has_file_search) = (false, false);
    c.each_child(node, |c, child| {
        one_only(c, child, any);
        any = true;
        match child.name() {
            "DirectorySearch" => signature = directory_search(c, child, id),
            "DirectorySearchRef" => signature = directory_search_ref(c, child, id),
            "FileSearch" => {
                has_file_search = true;
                signature = file_search(c, child, id, assign, depth);
            }
            "FileSearchRef" => signature = c.simple_reference(child, "Signature").to_owned(),
            _ => return Handled::No,
        }
        Handled::Yes
    });
    if assign && any && !has_file_search {
        let message = "AssignToProperty=\"yes\" needs a <FileSearch> inside".to_owned();
        node.combination(c, "AssignToProperty", message);
    }
    if assign && any {
        // The row finds the file, the property gets the folder.
        c.row(node, "DrLocator", cells![signature, parent, path, depth]);
        return id.to_owned();
    }
    c.row(node, "DrLocator", cells![id, parent, path, depth]);
    signature
}

fn directory_search_ref(c: &mut Compiler, node: &Node, outer: &str) -> String {
    let id = node.need_id(c, "Id");
    let own_parent = node.id(c, "Parent");
    let path = node.text(c, "Path").unwrap_or_default();
    if own_parent.is_some() && !outer.is_empty() {
        let message = format!("'Parent' is '{outer}', the search around this one");
        node.combination(c, "Parent", message);
    }
    let parent = own_parent.unwrap_or(outer);
    let mut signature = id.to_owned();
    let mut any = false;
    c.each_child(node, |c, child| {
        one_only(c, child, any);
        any = true;
        signature = match child.name() {
            "DirectorySearch" => directory_search(c, child, id),
            "DirectorySearchRef" => directory_search_ref(c, child, id),
            "FileSearch" => file_search(c, child, id, false, None),
            "FileSearchRef" => c.simple_reference(child, "Signature").to_owned(),
            _ => return Handled::No,
        };
        Handled::Yes
    });
    c.refer(node, "DrLocator", &format!("{id}/{parent}/{path}"));
    signature
}

/// `assign`: the directory search around this one gives its folder to the property.
fn file_search(c: &mut Compiler, node: &Node, parent: &str, assign: bool, depth: Option<i32>) -> String {
    let given = node.id(c, "Id");
    let id = match given {
        Some(id) => id.to_owned(),
        None if parent.is_empty() => node.need(c, "Id", None),
        None => parent.to_owned(),
    };
    let same = id == parent;
    if assign && same {
        let message = "a file search whose folder is assigned needs an Id of its own".to_owned();
        c.error(node, codes::CONFLICT, message);
    } else if !assign && depth.is_some_and(|depth| depth > 1) && !same {
        let message = "a file search deeper than one folder has the Id of the directory search around it";
        node.combination(c, "Id", message.to_owned());
    }
    let name = file_search_name(c, node);
    let min_version = node.text(c, "MinVersion");
    let max_version = node.text(c, "MaxVersion");
    let min_size = node.int(c, "MinSize", 0, i32::MAX);
    let max_size = node.int(c, "MaxSize", 0, i32::MAX);
    let min_date = date(c, node, "MinDate");
    let max_date = date(c, node, "MaxDate");
    let languages = node.text(c, "Languages");
    let cells = cells![
        id.as_str(),
        name,
        min_version,
        max_version,
        min_size,
        max_size,
        min_date,
        max_date,
        languages
    ];
    c.row(node, "Signature", cells);
    if !same {
        let none: Option<i32> = None;
        let no_path: Option<&str> = None;
        let (key, outer) = if assign { (parent, id.as_str()) } else { (id.as_str(), parent) };
        c.row(node, "DrLocator", cells![key, outer, no_path, none]);
    }
    c.no_children(node);
    id
}

fn file_search_name(c: &mut Compiler, node: &Node) -> Option<String> {
    let mut short = node.short_name(c, "ShortName", false).map(str::to_owned);
    let older = node.long_name(c, "LongName", false).map(str::to_owned);
    let name = node.long_name(c, "Name", false);
    node.excludes(c, "ShortName", "LongName");
    if !["Name", "ShortName", "LongName"].iter().any(|attribute| node.has(attribute)) {
        c.error(node, codes::MISSING, "<FileSearch> needs the attribute 'Name'".to_owned());
    }
    if short.is_some() && name.is_some() {
        let message = "Windows Installer may fail to find a file by its short and its long name".to_owned();
        c.warn(node, codes::SUSPICIOUS, message);
    }
    let mut long = older;
    if let Some(name) = name {
        if names::is_short_name(name, false) {
            if short.is_some() {
                node.combination(c, "ShortName", format!("'{name}' is a short name already"));
            }
            short = Some(name.to_owned());
        } else {
            if long.is_some() {
                node.excludes(c, "Name", "LongName");
            }
            long = Some(name.to_owned());
        }
    }
    match (&short, &long) {
        (Some(_), Some(_)) => names::file_name_cell(short.as_deref(), long.as_deref()),
        _ => long.or(short),
    }
}

/// A date and time, as the FAT file system packs it.
fn date(c: &mut Compiler, node: &Node, attribute: &str) -> Option<Value> {
    let text = node.text(c, attribute)?;
    let packed = pack_date(text);
    if packed.is_none() {
        let message = format!("'{text}' is not a date of the form 2001-12-31T23:59:59");
        let finding = Diagnostic::error(codes::BAD_VALUE, message).at(node.place(attribute));
        c.push(finding.hint("years are 1980 to 2107"));
    }
    packed.map(Value::Int)
}

fn pack_date(text: &str) -> Option<i32> {
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "0:0:0"));
    let numbers = |text: &str, separators: &[char]| -> Option<Vec<i32>> {
        text.split(separators).map(|part| part.trim().parse().ok()).collect()
    };
    let american = date.contains('/');
    let ((false, &[year, month, day]) | (true, &[month, day, year])) =
        (american, &numbers(date, &['-', '/'])?[..])
    else {
        return None;
    };
    let (hour, minute, second) = match numbers(time.trim_end_matches('Z'), &[':'])?[..] {
        [hour, minute, second] => (hour, minute, second),
        [hour, minute] => (hour, minute, 0),
        _ => return None,
    };
    let valid = (1980..=2107).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second);
    let days = (year - 1980) * 512 + month * 32 + day;
    valid.then(|| days.wrapping_mul(65536).wrapping_add(hour * 2048 + minute * 32 + second / 2))
}

fn one_only(c: &mut Compiler, child: &Node, any: bool) {
    if any {
        let message = "a search holds one other search at most".to_owned();
        c.error(child, codes::CONFLICT, message);
    }
}
