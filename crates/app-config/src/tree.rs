//! Finding, inserting and removing elements in an `xmltree`, with the indentation that the file uses.

use xmltree::{Element, XMLNode};

/// How the file indents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// One level of indentation.
    unit: String,
    /// Whether elements stand on lines of their own.
    pretty: bool,
}

impl Style {
    /// Reads the style off the root element.
    pub(crate) fn of(root: &Element) -> Style {
        let unit = root.children.iter().find_map(|node| match node {
            XMLNode::Text(text) => text.rsplit_once('\n').map(|(_, indent)| indent.to_owned()),
            _ => None,
        });
        let has_children = root.children.iter().any(|node| node.as_element().is_some());
        let blank = |unit: &String| !unit.is_empty() && unit.chars().all(|c| c == ' ' || c == '\t');
        Style { pretty: unit.is_some() || !has_children, unit: unit.filter(blank).unwrap_or("  ".to_owned()) }
    }

    /// What stands before a node of this depth to set it on a line of its own, in files that do so.
    pub(crate) fn line(&self, depth: usize) -> Option<XMLNode> {
        self.pretty.then(|| XMLNode::Text(format!("\n{}", self.unit.repeat(depth))))
    }

    /// Gives an element from another file this file's indentation, for a place at this depth.
    pub(crate) fn reindent(&self, element: &mut Element, depth: usize) {
        let old = std::mem::take(&mut element.children);
        let is_text = |node: &XMLNode| matches!(node, XMLNode::Text(_) | XMLNode::CData(_));
        let holds_nodes = !old.iter().all(is_text);
        let last = old.len().saturating_sub(1);
        for (at, mut node) in old.into_iter().enumerate() {
            match &mut node {
                XMLNode::Text(text) if holds_nodes && blank(text) => {
                    let depth = if at == last { depth } else { depth + 1 };
                    element.children.extend(self.line(depth));
                    continue;
                }
                XMLNode::Element(child) => self.reindent(child, depth + 1),
                _ => {}
            }
            element.children.push(node);
        }
    }
}

/// The child elements in order.
pub(crate) fn elements(parent: &Element) -> impl DoubleEndedIterator<Item = &Element> {
    parent.children.iter().filter_map(XMLNode::as_element)
}

/// The name as written, with its prefix.
pub(crate) fn qualified(element: &Element) -> String {
    match &element.prefix {
        Some(prefix) => format!("{prefix}:{}", element.name),
        None => element.name.clone(),
    }
}

/// Whether the element has this name and no prefix.
pub(crate) fn is(element: &Element, name: &str) -> bool {
    element.prefix.is_none() && element.name == name
}

/// The first child element of that name.
pub(crate) fn child<'a>(parent: &'a Element, name: &str) -> Option<&'a Element> {
    elements(parent).find(|element| is(element, name))
}

/// The element at a path of names.
pub(crate) fn descend<'a>(root: &'a Element, path: &[&str]) -> Option<&'a Element> {
    path.iter().try_fold(root, |element, name| child(element, name))
}

/// The first child that `wanted` accepts, made by `make` at the end of `parent` where there is none. `depth` is the
/// depth of the child, 1 below the root.
pub(crate) fn child_or_insert<'a>(
    parent: &'a mut Element,
    wanted: impl Fn(&Element) -> bool,
    make: impl FnOnce() -> Element,
    depth: usize,
    style: &Style,
) -> &'a mut Element {
    let found = parent.children.iter().position(|node| node.as_element().is_some_and(&wanted));
    let at = match found {
        Some(at) => at,
        None => append(parent, make(), depth, style),
    };
    parent.children[at].as_mut_element().expect("an element was found or put there")
}

/// Adds a child behind the last one, on a line of its own. Gives its place among the children.
pub(crate) fn append(parent: &mut Element, child: Element, depth: usize, style: &Style) -> usize {
    let children = &mut parent.children;
    if !style.pretty {
        children.push(XMLNode::Element(child));
        return children.len() - 1;
    }
    let own = children.iter().find_map(|node| match node {
        XMLNode::Text(text) if blank(text) => text.rsplit_once('\n').map(|(_, indent)| indent.to_owned()),
        _ => None,
    });
    // In an empty parent the only line break is the one before its end tag, which says nothing about children.
    let only_text = children.iter().all(|node| matches!(node, XMLNode::Text(_)));
    let indent = own.filter(|_| !only_text).unwrap_or_else(|| style.unit.repeat(depth));
    let closing = match children.last() {
        Some(XMLNode::Text(text)) if blank(text) && text.contains('\n') => children.pop(),
        _ => None,
    };
    let closing = closing.unwrap_or_else(|| XMLNode::Text(format!("\n{}", style.unit.repeat(depth - 1))));
    children.push(XMLNode::Text(format!("\n{indent}")));
    children.push(XMLNode::Element(child));
    children.push(closing);
    children.len() - 2
}

/// Removes the child at `at` and the white space before it, so that no empty line is left.
pub(crate) fn remove(parent: &mut Element, at: usize) {
    parent.children.remove(at);
    if at > 0 && matches!(&parent.children[at - 1], XMLNode::Text(text) if blank(text)) {
        parent.children.remove(at - 1);
    }
}

/// Removes the first child of that name, if there is one; says whether there was.
pub(crate) fn remove_child(parent: &mut Element, name: &str) -> bool {
    let at =
        parent.children.iter().position(|node| node.as_element().is_some_and(|element| is(element, name)));
    if let Some(at) = at {
        remove(parent, at);
    }
    at.is_some()
}

/// Removes the child of that name if nothing but white space is left in it.
pub(crate) fn remove_child_if_empty(parent: &mut Element, name: &str) {
    let empty = child(parent, name).is_some_and(|element| {
        element.attributes.is_empty()
            && element.children.iter().all(|node| matches!(node, XMLNode::Text(text) if blank(text)))
    });
    if empty {
        remove_child(parent, name);
    }
}

/// Whether a text is white space only.
pub(crate) fn blank(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}
