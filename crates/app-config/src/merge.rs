//! The three-way merge over an upgrade: last shipped, on disk, new.
//!
//! An upgrade must keep what an administrator changed and bring what the new version brings. For every node three
//! versions are looked at: *base*, the copy that the installed version shipped; *ours*, the live file; *theirs*, the copy
//! that the new version ships. The result starts as ours, with its comments, spelling and order, and changes by these rules:
//!
//! | base → ours | base → theirs | result | note |
//! |---|---|---|---|
//! | same | same | as it is | none |
//! | changed, added or removed | same | ours | [`Outcome::Kept`] |
//! | same | changed | theirs | [`Outcome::Updated`] |
//! | absent | added | theirs | [`Outcome::Added`] |
//! | same | removed | removed | [`Outcome::Removed`] |
//! | changed one way | changed the same way | as it is | none |
//! | changed one way | changed another way | ours | [`Outcome::Conflict`] |
//!
//! The rules are applied to each attribute by itself, to the text of an element that holds no elements, and to elements as
//! a whole where they are added or removed. Elements correspond by their name and their `key` or `name` attribute (without
//! regard to the key's case, as .NET compares them); a `dependentAssembly` by its assembly's name; other elements
//! that stand several times in one parent by their whole content. Comments and processing instructions correspond by their
//! text: an administrator's comment always stays, a shipped one that the new version dropped or reworded goes, a new
//! one comes. Neither is worth a note. The order of siblings stays ours; what is added goes behind the node that precedes it
//! in theirs. What stands outside the root element stays ours.
//!
//! No note holds a value: a configuration may hold secrets of the administrator's own.

use std::collections::{HashMap, HashSet};
use std::fmt;

use xmltree::{Element, XMLNode};

use crate::tree::{self, Style, blank, elements, qualified};
use crate::{Config, Error};

/// What a merge gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The new configuration.
    pub text: String,
    /// What was decided, in the order of the file.
    pub report: Vec<MergeNote>,
}

/// One decision of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeNote {
    /// The node, by its path from the root: `appSettings/add[EnvironmentName]/@value`.
    pub node: String,
    pub outcome: Outcome,
}

/// How a difference was decided; see the module's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The administrator changed, added or removed it; that stays.
    Kept,
    /// The new version brings it.
    Added,
    /// The new version changes it, and the administrator had not.
    Updated,
    /// The new version no longer has it, and the administrator had not changed it.
    Removed,
    /// Both changed it, differently; the administrator's stays.
    Conflict,
}

impl fmt::Display for MergeNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.outcome {
            Outcome::Kept => "kept as the administrator left it",
            Outcome::Added => "added by the new version",
            Outcome::Updated => "updated by the new version",
            Outcome::Removed => "removed by the new version",
            Outcome::Conflict => {
                "changed both by the administrator and by the new version; the administrator's was kept"
            }
        };
        write!(f, "{}: {words}", self.node)
    }
}

/// Merges `theirs` (newly shipped) into `ours` (on disk), `base` being what the installed version shipped. Without a
/// base, where an older release left none, everything in ours is the administrator's. Refuses if one of the three does
/// not parse; nothing is half merged.
pub fn three_way(base: Option<&str>, ours: &str, theirs: &str) -> Result<Merged, Error> {
    let base = base.map(Config::parse).transpose()?;
    let mut merged = Config::parse(ours)?;
    let report = merge_into(base.as_ref(), &mut merged, &Config::parse(theirs)?);
    Ok(Merged { text: merged.to_string(), report })
}

/// The same for parsed configurations; `ours` becomes the result.
pub fn merge_into(base: Option<&Config>, ours: &mut Config, theirs: &Config) -> Vec<MergeNote> {
    let document = ours.document_mut();
    let mut merge = Merge { style: document.style.clone(), report: Vec::new() };
    merge.element(base.map(Config::root), &mut document.root, theirs.root(), &Path { text: "", depth: 0 });
    merge.report
}

struct Merge {
    /// How ours is indented.
    style: Style,
    report: Vec<MergeNote>,
}

/// Where an element stands.
struct Path<'a> {
    text: &'a str,
    depth: usize,
}

impl Path<'_> {
    fn join(&self, last: &str) -> String {
        if self.text.is_empty() { last.to_owned() } else { format!("{}/{last}", self.text) }
    }
}

impl Merge {
    fn note(&mut self, node: String, outcome: Outcome) {
        self.report.push(MergeNote { node, outcome });
    }

    fn element(&mut self, base: Option<&Element>, ours: &mut Element, theirs: &Element, path: &Path<'_>) {
        self.attributes(base, ours, theirs, path);
        self.text(base, ours, theirs, path);
        self.children(base, ours, theirs, path);
    }

    fn attributes(&mut self, base: Option<&Element>, ours: &mut Element, theirs: &Element, path: &Path<'_>) {
        let of_base = |name: &str| base.and_then(|base| base.attributes.get(name));
        let mut names: Vec<String> = ours.attributes.keys().cloned().collect();
        names.extend(theirs.attributes.keys().filter(|name| !ours.attributes.contains_key(*name)).cloned());
        if let Some(base) = base {
            let in_neither = |name: &&String| {
                !ours.attributes.contains_key(*name) && !theirs.attributes.contains_key(*name)
            };
            names.extend(base.attributes.keys().filter(in_neither).cloned());
        }
        for name in names {
            let (was, own, new) = (of_base(&name), ours.attributes.get(&name), theirs.attributes.get(&name));
            let Some(outcome) = decide(was, own, new) else { continue };
            if matches!(outcome, Outcome::Added | Outcome::Updated | Outcome::Removed) {
                match new {
                    Some(value) => drop(ours.attributes.insert(name.clone(), value.clone())),
                    None => drop(ours.attributes.shift_remove(&name)),
                }
            }
            self.note(path.join(&format!("@{name}")), outcome);
        }
    }

    /// The text of elements that hold no elements. Text between elements is not looked at: it has no meaning here.
    fn text(&mut self, base: Option<&Element>, ours: &mut Element, theirs: &Element, path: &Path<'_>) {
        let leaf = |element: &Element| elements(element).next().is_none();
        if !leaf(ours) || !leaf(theirs) || !base.is_none_or(leaf) {
            return;
        }
        let (was, own, new) = (base.map(text_of), text_of(ours), text_of(theirs));
        let Some(outcome) = decide(Some(&was.unwrap_or_default()), Some(&own), Some(&new)) else { return };
        if outcome == Outcome::Updated {
            let is_text = |node: &XMLNode| matches!(node, XMLNode::Text(_) | XMLNode::CData(_));
            ours.children.retain(|node| !is_text(node));
            ours.children.extend(theirs.children.iter().filter(|node| is_text(node)).cloned());
        }
        self.note(path.join("text()"), outcome);
    }

    fn children(&mut self, base: Option<&Element>, ours: &mut Element, theirs: &Element, path: &Path<'_>) {
        let repeated = repeated([base, Some(&*ours), Some(theirs)]);
        let base_nodes: HashMap<String, &XMLNode> =
            base.map(|base| identified(base, &repeated).collect()).unwrap_or_default();
        let their_ids: HashMap<String, &XMLNode> = identified(theirs, &repeated).collect();
        let our_ids: Vec<Option<String>> = identities(ours, &repeated);

        let mut removed = vec![false; ours.children.len()];
        for (at, (node, id)) in ours.children.iter_mut().zip(&our_ids).enumerate() {
            let Some(id) = id else { continue };
            let (was, new) = (base_nodes.get(id), their_ids.get(id));
            let XMLNode::Element(own) = node else {
                // A comment or instruction that was shipped and no longer is.
                removed[at] = was.is_some() && new.is_none();
                continue;
            };
            let label = path.join(&label(own));
            let was = was.and_then(|node| node.as_element());
            match (was, new.and_then(|node| node.as_element())) {
                (was, Some(new)) => {
                    let path = Path { text: &label, depth: path.depth + 1 };
                    self.element(was, own, new, &path);
                }
                (Some(was), None) if same(was, own) => {
                    removed[at] = true;
                    self.note(label, Outcome::Removed);
                }
                (Some(_), None) => self.note(label, Outcome::Conflict),
                (None, None) => self.note(label, Outcome::Kept),
            }
        }

        let our_places: HashMap<&str, usize> =
            our_ids.iter().enumerate().filter_map(|(at, id)| Some((id.as_deref()?, at))).collect();
        // `configSections` must stay the first child of the root.
        let first = ours.children.iter().position(|node| node.as_element().is_some());
        let mut anchor = first.filter(|at| {
            path.depth == 0 && ours.children[*at].as_element().is_some_and(|e| tree::is(e, "configSections"))
        });
        let mut added: HashMap<Option<usize>, Vec<XMLNode>> = HashMap::new();
        for (node, id) in theirs.children.iter().zip(identities(theirs, &repeated)) {
            let Some(id) = id else { continue };
            if let Some(place) = our_places.get(id.as_str()) {
                anchor = Some(*place);
                continue;
            }
            let was = base_nodes.get(&id);
            match (node, was) {
                (XMLNode::Element(new), Some(was)) => {
                    let unchanged = was.as_element().is_some_and(|was| same(was, new));
                    let outcome = if unchanged { Outcome::Kept } else { Outcome::Conflict };
                    self.note(path.join(&label(new)), outcome);
                }
                (_, Some(_)) => {}
                (node, None) => {
                    if let XMLNode::Element(new) = node {
                        self.note(path.join(&label(new)), Outcome::Added);
                    }
                    added.entry(anchor).or_default().push(node.clone());
                }
            }
        }
        if !added.is_empty() || removed.contains(&true) {
            self.rebuild(ours, &removed, added, path.depth + 1);
        }
    }

    /// Removes and adds children, and sets what is added on lines of its own.
    fn rebuild(
        &self,
        parent: &mut Element,
        removed: &[bool],
        mut added: HashMap<Option<usize>, Vec<XMLNode>>,
        depth: usize,
    ) {
        let old = std::mem::take(&mut parent.children);
        let children = &mut parent.children;
        let mut put = |children: &mut Vec<XMLNode>, at: Option<usize>| {
            for mut node in added.remove(&at).into_iter().flatten() {
                if let XMLNode::Element(element) = &mut node {
                    self.style.reindent(element, depth);
                }
                children.extend(self.style.line(depth));
                children.push(node);
            }
        };
        put(children, None);
        for (at, (node, removed)) in old.into_iter().zip(removed).enumerate() {
            if !removed {
                children.push(node);
                put(children, Some(at));
            } else if matches!(children.last(), Some(XMLNode::Text(text)) if blank(text)) {
                children.pop();
            }
        }
        if children.last().is_some_and(|node| !matches!(node, XMLNode::Text(_))) {
            children.extend(self.style.line(depth - 1));
        }
    }
}

/// The outcome for one value; `None` where nothing is to do or to say.
fn decide(was: Option<&String>, own: Option<&String>, new: Option<&String>) -> Option<Outcome> {
    if own == new {
        return None;
    }
    match (was == own, was == new) {
        (true, _) if was.is_none() => Some(Outcome::Added),
        (true, _) if new.is_none() => Some(Outcome::Removed),
        (true, _) => Some(Outcome::Updated),
        (false, true) => Some(Outcome::Kept),
        (false, false) => Some(Outcome::Conflict),
    }
}

/// The names that stand more than once in one of the parents without a key.
fn repeated(parents: [Option<&Element>; 3]) -> HashSet<String> {
    let mut repeated = HashSet::new();
    for parent in parents.into_iter().flatten() {
        let mut seen = HashSet::new();
        for element in elements(parent) {
            if key(element).is_none() && !seen.insert(qualified(element)) {
                repeated.insert(qualified(element));
            }
        }
    }
    repeated
}

/// The children that have an identity, by it.
fn identified<'a>(
    parent: &'a Element,
    repeated: &HashSet<String>,
) -> impl Iterator<Item = (String, &'a XMLNode)> {
    identities(parent, repeated).into_iter().zip(&parent.children).filter_map(|(id, node)| Some((id?, node)))
}

/// What each child corresponds by in the other versions; texts have nothing.
fn identities(parent: &Element, repeated: &HashSet<String>) -> Vec<Option<String>> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let of_node = |node: &XMLNode| {
        let id = match node {
            XMLNode::Element(element) => match key(element) {
                Some(key) => format!("<{} {}", qualified(element), key.to_ascii_lowercase()),
                None if repeated.contains(&qualified(element)) => canonical(element),
                None => format!("<{}", qualified(element)),
            },
            XMLNode::Comment(text) => format!("!{}", words(text)),
            XMLNode::ProcessingInstruction(name, data) => {
                format!("?{name} {}", data.as_deref().unwrap_or_default())
            }
            XMLNode::Text(_) | XMLNode::CData(_) => return None,
        };
        // The second one of the same identity corresponds to the second one elsewhere.
        let count = seen.entry(id.clone()).or_default();
        *count += 1;
        Some(if *count == 1 { id } else { format!("{id} #{count}") })
    };
    parent.children.iter().map(of_node).collect()
}

/// What tells an element from others of its name.
fn key(element: &Element) -> Option<&str> {
    if element.name == "dependentAssembly" {
        let identity = elements(element).find(|child| child.name == "assemblyIdentity")?;
        return identity.attributes.get("name").map(String::as_str);
    }
    element.attributes.get("key").or_else(|| element.attributes.get("name")).map(String::as_str)
}

/// The element as a step of a path.
fn label(element: &Element) -> String {
    match key(element) {
        Some(key) => format!("{}[{key}]", qualified(element)),
        None => qualified(element),
    }
}

/// Whether two elements mean the same: white space between elements, comments and the order of attributes aside.
fn same(one: &Element, other: &Element) -> bool {
    canonical(one) == canonical(other)
}

fn canonical(element: &Element) -> String {
    let mut out = format!("<{}", qualified(element));
    let mut attributes: Vec<_> = element.attributes.iter().collect();
    attributes.sort();
    for (name, value) in attributes {
        out.push_str(&format!(" {name}={value:?}"));
    }
    out.push('>');
    out.push_str(&format!("{:?}", text_of(element)));
    out.extend(elements(element).map(canonical));
    out.push_str("</>");
    out
}

fn text_of(element: &Element) -> String {
    let texts = element.children.iter().filter_map(|node| match node {
        XMLNode::Text(text) if !blank(text) => Some(text.as_str()),
        XMLNode::CData(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

/// A comment's words: how it is broken into lines and indented does not tell it from another.
fn words(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}
