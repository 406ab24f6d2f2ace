//! Preprocesses any text with its includes. What comes out is a document: written as text, it must read as the same one.

#![no_main]

use diagnostics::render::{Colour, human};
use diagnostics::{Diagnostics, SourceMap};
use fuzz::Parts;
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use wxs::document::Document;
use wxs::preprocess::{PreprocessOptions, preprocess};

fuzz_target!(|bytes: &[u8]| {
    let Some(parts) = Parts::of(bytes) else { return };
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let options = PreprocessOptions {
        defines: [("A".to_owned(), "1".to_owned()), ("B".to_owned(), "b;c".to_owned())].into(),
        arch: "x64".into(),
        current_dir: "C:".into(),
        ..PreprocessOptions::default()
    };
    let document = preprocess(&parts, &mut sources, Path::new("main.wxs"), &options, &mut found);
    // A finding must be shown whatever it points at.
    let _ = human(&found, &sources, Colour::Never);
    let Some(document) = document else { return };
    let text = document.to_xml();
    let file = sources.add("again.wxs", text.as_str());
    let mut found = Diagnostics::new();
    let again = Document::parse(file, &text, &mut found).expect("what the preprocessor writes can be read");
    assert_eq!(shape(&again), shape(&document));
});

/// Names, attributes and texts of all elements. Between elements white space comes and goes.
fn shape(document: &Document) -> String {
    let mut shape = String::new();
    let mut pending = vec![document.root()];
    while let Some(element) = pending.pop() {
        shape += &format!("{:?} ", element.name());
        for attribute in element.attributes() {
            shape += &format!("{:?}={:?} ", attribute.name, attribute.value);
        }
        if element.children().len() == 0 {
            shape += element.deep_text().trim();
        }
        pending.extend(element.children());
    }
    shape
}
