//! `Directory` and `DirectoryRef`.

use super::component::{Place, component};
use super::{Compiler, Handled, Node, Parent, cells, merge, names};
use crate::codes;

pub(super) fn directory(c: &mut Compiler, node: &Node, parent: Option<&str>, place: &Place) {
    let id = node.need_id(c, "Id").to_owned();
    let seed = node.guid(c, "ComponentGuidGenerationSeed", false);
    let disk_id = node.int(c, "DiskId", 1, i32::from(i16::MAX)).or(place.disk_id);
    let file_source = node.renamed(c, "FileSource", "src");
    let target = Names::read(c, node, parent, ["Name", "ShortName", "LongName"]);
    let source = Names::read(c, node, parent, ["SourceName", "ShortSourceName", "LongSource"]);
    if parent.is_none() && id != "TARGETDIR" && !id.is_empty() {
        let message = format!("'{id}' stands at the root, where only TARGETDIR can stand");
        c.error(node, codes::CONFLICT, message);
    }

    // A source of its own begins anew, names go on from where the parent is.
    let file_source = match file_source {
        Some(source) => with_separator(source),
        None => {
            let step = if c.short_names { source.short_step(&target) } else { source.long_step(&target) };
            step.map_or_else(|| place.source.clone(), |step| format!("{}{step}\\", place.source))
        }
    };
    let inner = Place { directory: Some(id.clone()), disk_id, source: file_source };
    let directory_id = id.as_str();
    c.each_child(node, |c, child| {
        match child.name() {
            "Component" => drop(component(c, child, &Parent::unknown(), &inner)),
            "Directory" => directory(c, child, Some(directory_id), &inner),
            "Merge" => merge::merge(c, child, directory_id, disk_id),
            "SymbolPath" => drop(child.text(c, "Path")),
            _ => return Handled::No,
        }
        Handled::Yes
    });

    let mut default = target.cell().unwrap_or_else(|| ".".to_owned());
    if target.short.is_none() && parent.is_none() && !node.has("Name") {
        c.error(node, codes::MISSING, "a directory at the root needs the attribute 'Name'".to_owned());
    }
    if let Some(cell) = source.cell() {
        if cell == "." && target.short.is_none() {
            node.combination(c, "SourceName", "SourceName and Name can't both be '.'".to_owned());
        }
        default = format!("{default}:{cell}");
    }
    if id == "TARGETDIR" && default != "SourceDir" {
        let message = "TARGETDIR has the name 'SourceDir' and no other".to_owned();
        let finding = diagnostics::Diagnostic::error(codes::BAD_VALUE, message).at(node.place("Name"));
        c.push(finding.hint("write Name=\"SourceDir\""));
    }
    c.row(node, "Directory", cells![directory_id, parent, default]);
    if let Some(seed) = seed {
        c.row(node, "WixDirectory", cells![directory_id, seed]);
    }
}

pub(super) fn directory_ref(c: &mut Compiler, node: &Node) {
    let id = c.simple_reference(node, "Directory").to_owned();
    let disk_id = node.int(c, "DiskId", 1, i32::from(i16::MAX));
    let source = node.renamed(c, "FileSource", "src").map(with_separator).unwrap_or_default();
    let place = Place { directory: Some(id.clone()), disk_id, source };
    c.each_child(node, |c, child| {
        match child.name() {
            "Component" => drop(component(c, child, &Parent::unknown(), &place)),
            "Directory" => directory(c, child, Some(&id), &place),
            "Merge" => merge::merge(c, child, &id, disk_id),
            _ => return Handled::No,
        }
        Handled::Yes
    });
}

/// A folder with a separator at its end.
pub(super) fn with_separator(folder: &str) -> String {
    if folder.ends_with(['\\', '/']) { folder.to_owned() } else { format!("{folder}\\") }
}

/// The name of a folder on one side, target or source.
struct Names {
    /// The authored name; `None` for the target's "." too.
    name: Option<String>,
    short: Option<String>,
    /// What goes behind the short name; the target's long name.
    long: Option<String>,
}

impl Names {
    fn read(c: &mut Compiler, node: &Node, parent: Option<&str>, attributes: [&str; 3]) -> Names {
        let [name_attribute, short_attribute, long_attribute] = attributes;
        let is_source = name_attribute == "SourceName";
        node.excludes(c, short_attribute, long_attribute);
        let short = node.short_name(c, short_attribute, false).map(str::to_owned);
        let dot = node.text_or_empty(name_attribute) == Some(".");
        let name = if dot {
            is_source.then(|| ".".to_owned())
        } else {
            node.long_name(c, name_attribute, false).map(str::to_owned)
        };
        let older = node.long_name(c, long_attribute, false).map(str::to_owned);
        if older.is_some() {
            let message = format!("the attribute '{long_attribute}' is deprecated; write '{name_attribute}'");
            c.warn_at(codes::DEPRECATED, node.place(long_attribute), message);
            if !is_source {
                node.excludes(c, name_attribute, long_attribute);
            }
        }
        if name.as_deref() == Some("PUT-APPLICATION-DIRECTORY-HERE") {
            c.warn_at(codes::SUSPICIOUS, node.place(name_attribute), "the name is a placeholder".to_owned());
        }
        let name = name.or(older);
        let Some(text) = name else { return Names { name: None, short, long: None } };
        let is_short =
            names::is_short_name(&text, false) || (if is_source { text == "." } else { text == "SourceDir" });
        let short = match short {
            Some(short) => {
                if is_short && is_source {
                    let message = format!("'{text}' is a short name already");
                    node.combination(c, short_attribute, message);
                }
                short
            }
            None if is_short => text.clone(),
            // WiX 4 makes a short name of what the variables have become.
            None if c.is_v4 && names::find_variable(&text).is_some() => crate::v4::SHORT_NAME.to_owned(),
            None => {
                names::generate_short_name(&text, false, false, &["Directory", parent.unwrap_or_default()])
            }
        };
        let long = (!is_short).then(|| text.clone());
        // The target's cell compares the short name with the name as written.
        let long = if is_source { long } else { Some(text.clone()) };
        Names { name: Some(text), short: Some(short), long }
    }

    fn cell(&self) -> Option<String> {
        self.short.as_ref()?;
        names::file_name_cell(self.short.as_deref(), self.long.as_deref())
    }

    /// The folder below the parent's source that files of the directory come from.
    fn long_step<'n>(&'n self, target: &'n Names) -> Option<&'n str> {
        self.long.as_deref().or(self.short.as_deref()).or(target.name.as_deref())
    }

    /// The same, where the package has short names only.
    fn short_step<'n>(&'n self, target: &'n Names) -> Option<&'n str> {
        self.short.as_deref().or(target.short.as_deref().filter(|_| target.name.is_some()))
    }
}
