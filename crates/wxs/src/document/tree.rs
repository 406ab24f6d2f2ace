//! An element that can be changed, for what rewrites a document before it is compiled.

use super::{Attribute, Document, Element, ElementData, Name, Text};
use crate::ir::Access;
use diagnostics::Span;
use std::sync::Arc;

/// One element with everything below it. A document's depth is bounded, so what walks a tree may recurse.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    pub(crate) name: Name,
    pub(crate) span: Span,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) children: Vec<Tree>,
    pub(crate) text: Option<Text>,
}

impl Tree {
    /// A copy of an element and what is below it.
    pub(crate) fn of(element: Element<'_>) -> Tree {
        Tree {
            name: element.name().clone(),
            span: element.span(),
            attributes: element.attributes().to_vec(),
            children: element.children().map(Tree::of).collect(),
            text: element.text().cloned(),
        }
    }

    /// An element that no source holds, with the place of the one it is made for.
    pub(crate) fn new(name: &Name, span: Span) -> Tree {
        let (attributes, children) = (Vec::new(), Vec::new());
        Tree { name: name.clone(), span, attributes, children, text: None }
    }

    pub(crate) fn local(&self) -> &str {
        &self.name.local
    }

    /// The value of an attribute of no namespace.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.is(name)).map(|attribute| attribute.value.as_str())
    }

    /// Where to point for an attribute.
    pub(crate) fn place(&self, name: &str) -> Span {
        self.attributes
            .iter()
            .find(|attribute| attribute.is(name))
            .map_or(self.span, |attribute| attribute.value_span)
    }

    /// Removes an attribute and gives what it was.
    pub(crate) fn take(&mut self, name: &str) -> Option<Attribute> {
        let at = self.attributes.iter().position(|attribute| attribute.is(name))?;
        Some(self.attributes.remove(at))
    }

    /// Gives an attribute a value; a new one has the place of the element.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.attributes.iter_mut().find(|attribute| attribute.is(name)) {
            Some(attribute) => attribute.value = value,
            None => self.attributes.push(Attribute {
                name: Name { namespace: "".into(), local: name.into() },
                value,
                name_span: self.span,
                value_span: self.span,
            }),
        }
    }

    /// The same element with an attribute more.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Tree {
        self.set(name, value);
        self
    }

    /// Gives an attribute another name.
    pub(crate) fn rename(&mut self, name: &str, to: &str) {
        if let Some(attribute) = self.attributes.iter_mut().find(|attribute| attribute.is(name)) {
            attribute.name.local = to.into();
        }
    }

    /// Moves an attribute's value into the text of the element.
    pub(crate) fn text_from(&mut self, name: &str) {
        if let Some(attribute) = self.take(name) {
            self.text = Some(Text { text: attribute.value, span: attribute.value_span });
        }
    }
}

impl Attribute {
    fn is(&self, name: &str) -> bool {
        &*self.name.local == name && self.name.namespace.is_empty()
    }
}

impl Document {
    /// A document of WiX 4 or later from its tree.
    pub(crate) fn from_tree(root: Tree, namespaces: Vec<Arc<str>>, access: Arc<Access>) -> Document {
        let mut document = Document { elements: Vec::new(), namespaces, is_v4: true, access };
        document.append(root);
        document
    }

    fn append(&mut self, tree: Tree) -> u32 {
        let index = self.elements.len() as u32;
        let Tree { name, span, attributes, children, text } = tree;
        let text = text.map(Box::new);
        self.elements.push(ElementData { name, span, attributes, children: Vec::new(), text });
        let children = children.into_iter().map(|child| self.append(child)).collect();
        self.elements[index as usize].children = children;
        index
    }
}

/// A name of the namespace of WiX 3, shared between elements.
pub(crate) fn v3_name(local: &str) -> Name {
    Name { namespace: Arc::from(crate::NAMESPACE_V3), local: local.into() }
}
