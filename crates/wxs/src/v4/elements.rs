//! Elements that keep their place: attributes under their older names, values that became texts, and ids that were left out.

use super::{Around, Lowering, names};
use crate::codes;
use crate::document::{Text, Tree, v3_name};
use crate::schema::{self, AttributeType, ElementDef};
use std::path::Path;

/// What became of an element's attributes: element, attribute, and its name in WiX 3.
const RENAMED: &[(&str, &str, &str)] = &[
    ("Column", "Unreal", "BootstrapperApplicationData"),
    ("CustomAction", "BinaryRef", "BinaryKey"),
    ("CustomAction", "FileRef", "FileKey"),
    ("CustomTable", "Unreal", "BootstrapperApplicationData"),
    ("TypeLib", "HelpSubirectory", "HelpSubdirectory"),
];

/// Elements whose text became an attribute.
const TEXTS: &[(&str, &str)] = &[
    ("Custom", "Condition"),
    ("Data", "Value"),
    ("Error", "Message"),
    ("Launch", "Condition"),
    ("Level", "Condition"),
    ("MultiString", "Value"),
    ("MultiStringValue", "Value"),
    ("ProgressText", "Message"),
    ("Publish", "Condition"),
    ("RequiredPrivilege", "Name"),
    ("ServiceArgument", "Value"),
    ("SetDirectory", "Condition"),
    ("SetProperty", "Condition"),
    ("Show", "Condition"),
    ("Text", "Value"),
    ("UIText", "Value"),
];

/// Elements with another name.
const ELEMENTS: &[(&str, &str)] = &[
    ("CustomTableRef", "CustomTable"),
    ("Launch", "Condition"),
    ("Level", "Condition"),
    ("MultiString", "MultiStringValue"),
];

/// Attributes of a control that name a condition, and the action that a `Condition` has for it.
const CONTROL_CONDITIONS: &[(&str, &str)] = &[
    ("DefaultCondition", "default"),
    ("EnableCondition", "enable"),
    ("DisableCondition", "disable"),
    ("HideCondition", "hide"),
    ("ShowCondition", "show"),
];

/// Pairs of attributes that name a folder and one below it.
const SUBDIRECTORIES: &[(&str, &str, &str)] = &[
    ("CopyFile", "DestinationDirectory", "DestinationSubdirectory"),
    ("CopyFile", "SourceDirectory", "SourceSubdirectory"),
    ("CreateFolder", "Directory", "Subdirectory"),
    ("CustomAction", "Directory", "Subdirectory"),
    ("RemoveFile", "Directory", "Subdirectory"),
    ("RemoveFolder", "Directory", "Subdirectory"),
    ("ReserveCost", "Directory", "Subdirectory"),
    ("Shortcut", "Directory", "Subdirectory"),
    ("Shortcut", "WorkingDirectory", "WorkingSubdirectory"),
    ("TypeLib", "HelpDirectory", "HelpSubdirectory"),
];

impl Lowering<'_> {
    /// Gives an element that stays where it is the words of WiX 3.
    pub(super) fn rewrite(&mut self, tree: &mut Tree, around: &Around) {
        let element = tree.local().to_owned();
        for (_, attribute, to) in RENAMED.iter().filter(|(name, ..)| *name == element) {
            tree.rename(attribute, to);
        }
        for (_, directory, subdirectory) in SUBDIRECTORIES.iter().filter(|(name, ..)| *name == element) {
            if let Some(below) = tree.take(subdirectory) {
                let parent = tree.get(directory).map(str::to_owned).or_else(|| around.directory.clone());
                match parent {
                    Some(parent) => {
                        let id = self.subdirectory(&parent, &below.value, below.value_span);
                        tree.set(directory, id);
                    }
                    None => {
                        let message = format!("'{subdirectory}' needs '{directory}'");
                        self.error(codes::ATTRIBUTE_COMBINATION, below.name_span, message);
                    }
                }
            }
        }
        self.bitness(tree);
        match element.as_str() {
            "Feature" => {
                if let Some(allow) = tree.take("AllowAbsent") {
                    tree.set(
                        "Absent",
                        if matches!(&*allow.value, "no" | "false") { "disallow" } else { "allow" },
                    );
                }
            }
            "Level" => tree.rename("Value", "Level"),
            "Merge" if tree.get("DiskId").is_none() => tree.set("DiskId", "1"),
            "RegistryKey" => {
                if let Some(key) = tree.get("Key").map(|key| key.trim_end_matches('\\').to_owned()) {
                    tree.set("Key", key);
                }
            }
            "Dialog" => fill(tree, &[("Height", "0"), ("Width", "0")]),
            "RegistryValue" => fill(tree, &[("Type", "string")]),
            "ServiceInstall" => fill(tree, &[("ErrorControl", "normal"), ("Type", "ownProcess")]),
            "Shortcut" => {
                let same = tree.get("ShortName").zip(tree.get("Name"));
                if same.is_some_and(|(short, name)| short.eq_ignore_ascii_case(name)) {
                    let message = "the short name is the name itself".to_owned();
                    self.warn(codes::SUSPICIOUS, tree.place("ShortName"), message);
                    tree.take("ShortName");
                }
            }
            "TextStyle" => fill(tree, &[("Size", "0")]),
            "UpgradeVersion" => {
                for attribute in ["Minimum", "Maximum"] {
                    plain_version(tree, attribute);
                }
            }
            "CustomAction" => {
                if tree.get("VBScriptCall").is_some() || tree.get("Script") == Some("vbscript") {
                    let message = "Windows is about to lose VBScript; write the action in another language";
                    self.warn(codes::DEPRECATED, tree.span, message.to_owned());
                }
                self.script(tree);
            }
            "Publish" => {
                first_upper(tree, "Event");
                // Without one, the engine would take the event for what happens where no other does.
                if tree.get("Condition").is_none() && tree.text.is_none() {
                    tree.set("Condition", "1");
                }
            }
            "Control" => {
                for (attribute, action) in CONTROL_CONDITIONS {
                    if let Some(condition) = tree.take(attribute) {
                        let mut child = Tree::new(&tree.name, condition.value_span).with("Action", *action);
                        child.name = v3_name("Condition");
                        child.text = Some(Text { text: condition.value, span: condition.value_span });
                        tree.children.push(child);
                    }
                }
            }
            "PermissionEx" => {
                if let Some(condition) = tree.take("Condition") {
                    let mut child = Tree::new(&v3_name("Condition"), condition.value_span);
                    child.text = Some(Text { text: condition.value, span: condition.value_span });
                    tree.children.push(child);
                }
            }
            "Column" => {
                first_upper(tree, "Modularize");
                if tree.get("Type") == Some("binary") && tree.get("Category").is_none() {
                    tree.set("Category", "Binary");
                }
            }
            _ => {}
        }
        let text = TEXTS.iter().find(|(name, _)| *name == element).map(|(_, attribute)| *attribute);
        match text {
            Some(attribute) => tree.text_from(attribute),
            // Standard actions in a sequence have conditions too.
            None if schema::is_standard_action(&element) => tree.text_from("Condition"),
            None => {}
        }
        if let Some((_, to)) = ELEMENTS.iter().find(|(name, _)| *name == element) {
            tree.name.local = (*to).into();
        }
        spell(tree);
    }

    /// `Bitness` as `Win64`.
    pub(super) fn bitness(&mut self, tree: &mut Tree) {
        if let Some(mut bitness) = tree.take("Bitness") {
            let win64 = match bitness.value.as_str() {
                "always64" => "yes",
                "always32" => "no",
                _ => return,
            };
            bitness.name.local = "Win64".into();
            bitness.value = win64.to_owned();
            tree.attributes.push(bitness);
        }
    }

    /// Reads the file of a script into its action.
    fn script(&mut self, tree: &mut Tree) {
        let Some(source) = tree.take("ScriptSourceFile") else {
            if tree.get("Script").is_some() {
                let message = "<CustomAction> needs the attribute 'ScriptSourceFile' where it has 'Script'";
                self.error(codes::MISSING, tree.span, message.to_owned());
            }
            return;
        };
        if tree.get("Script").is_none() {
            let message = "'ScriptSourceFile' needs 'Script' to say its language".to_owned();
            self.error(codes::ATTRIBUTE_COMBINATION, source.name_span, message);
            return;
        }
        let wanted = source.value.replace('\\', "/");
        let mut places = Vec::new();
        if let Some((name, rest)) = wanted.strip_prefix("!(bindpath.").and_then(|rest| rest.split_once(')')) {
            let named = self.options.bind_paths.iter().filter(|(known, _)| known.as_deref() == Some(name));
            places.extend(named.map(|(_, folder)| folder.join(rest.trim_start_matches('/'))));
        } else {
            let relative = wanted.strip_prefix("SourceDir/").unwrap_or(&wanted);
            let unnamed = self.options.bind_paths.iter().filter(|(name, _)| name.is_none());
            places.extend(unnamed.map(|(_, folder)| folder.join(relative)));
            places.push(self.folder(tree.span).join(relative));
            places.push(Path::new(relative).to_owned());
        }
        match places.iter().find(|path| self.world.is_file(path)) {
            Some(path) => match self.world.read_source(path) {
                Ok(text) => tree.text = Some(Text { text, span: source.value_span }),
                Err(error) => {
                    let message = format!("the script {} could not be read: {error}", path.display());
                    self.error(codes::UNREADABLE, source.value_span, message);
                }
            },
            None => {
                let message = format!("the script \"{}\" does not exist", source.value);
                self.error(codes::UNREADABLE, source.value_span, message);
            }
        }
    }

    /// Gives an element the id that WiX 4 would, where WiX 3 needs one or makes another.
    pub(super) fn name(&mut self, tree: &mut Tree, around: &Around) {
        super::ids::name(tree, around, self.is_64_bit());
        let component = around.component.clone().unwrap_or_default();
        let directory = tree.get("Directory").map(str::to_owned).or_else(|| around.directory.clone());
        let directory = directory.unwrap_or_default();
        let file = around.file.clone().unwrap_or_default();
        let (attribute, short, context): (&str, &str, Vec<&str>) = match tree.local() {
            "Shortcut" => ("Name", "ShortName", vec!["Shortcut", &component, &directory]),
            "IniFile" => ("Name", "ShortName", vec!["IniFile", &component]),
            "IniFileSearch" => ("Name", "ShortName", vec!["IniFileSearch"]),
            "CopyFile" if file.is_empty() => {
                ("DestinationName", "DestinationShortName", vec!["MoveFile", &component])
            }
            "CopyFile" => ("DestinationName", "DestinationShortName", vec!["CopyFile", &component, &file]),
            _ => return,
        };
        shorten(tree, attribute, short, &context);
    }
}

/// Gives an element the short name that goes with a long one.
pub(super) fn shorten(tree: &mut Tree, name: &str, short: &str, context: &[&str]) {
    use crate::compile::names::{find_variable, is_short_name};
    let keep_extension = context.first() != Some(&"Directory");
    if let Some(long) = tree.get(name)
        && tree.get(short).is_none()
        && !is_short_name(long, false)
        && find_variable(long).is_none()
        && !matches!(long, "." | "SourceDir")
    {
        let made = names::short_name(long, keep_extension, context);
        tree.set(short, made);
    }
}

/// Words as WiX 3 spells them: `true` for `yes`, and the case of lists that changed.
pub(super) fn spell(tree: &mut Tree) {
    if let Some(def) = schema::v3().element(&tree.name.local) {
        spell_as(tree, def);
    }
}

/// Words as the older definition of an element spells them.
pub(super) fn spell_as(tree: &mut Tree, def: &ElementDef) {
    for attribute in &mut tree.attributes {
        let Some(AttributeType::Words(words)) = def.attribute(&attribute.name.local).map(|def| &def.ty)
        else {
            continue;
        };
        let value = attribute.value.as_str();
        if words.contains(&value) {
            continue;
        }
        let spelt = match value {
            "true" if words.contains(&"yes") => Some("yes"),
            "false" if words.contains(&"no") => Some("no"),
            _ => words.iter().copied().find(|word| word.eq_ignore_ascii_case(value)),
        };
        if let Some(spelt) = spelt {
            attribute.value = spelt.to_owned();
        }
    }
}

/// Gives an element the attributes that it leaves out.
fn fill(tree: &mut Tree, values: &[(&str, &str)]) {
    for (attribute, value) in values {
        if tree.get(attribute).is_none() {
            tree.set(attribute, *value);
        }
    }
}

/// Takes the `v` off a version.
pub(super) fn plain_version(tree: &mut Tree, attribute: &str) {
    let plain = tree.get(attribute).and_then(|version| version.strip_prefix(['v', 'V'])).map(str::to_owned);
    if let Some(plain) = plain.filter(|plain| plain.starts_with(|c: char| c.is_ascii_digit())) {
        tree.set(attribute, plain);
    }
}

fn first_upper(tree: &mut Tree, attribute: &str) {
    let Some(value) = tree.get(attribute) else { return };
    let mut letters = value.chars();
    if let Some(first) = letters.next() {
        let upper = first.to_ascii_uppercase().to_string() + letters.as_str();
        tree.set(attribute, upper);
    }
}
