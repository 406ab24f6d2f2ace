//! Takes any text through the whole language: preprocessed, lowered, compiled, linked, resolved. Nothing may panic, and where no
//! product comes out, a finding says why.

#![no_main]

use diagnostics::render::{Colour, human};
use diagnostics::{Diagnostics, SourceMap};
use fuzz::Parts;
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;
use std::path::Path;
use wxs::compile::{Arch, CompileOptions, compile};
use wxs::extension;
use wxs::link::link;
use wxs::localization;
use wxs::preprocess::{PreprocessOptions, preprocess};
use wxs::resolve::{choose, resolve};
use wxs::v4::{LowerOptions, lower};

fuzz_target!(|bytes: &[u8]| {
    let Some(parts) = Parts::of(bytes) else { return };
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let product = product(&parts, &mut sources, &mut found);
    let _ = human(&found, &sources, Colour::Never);
    assert!(product.is_some() || found.has_errors(), "no product and no reason");
});

fn product(parts: &Parts, sources: &mut SourceMap, found: &mut Diagnostics) -> Option<()> {
    let options = PreprocessOptions { arch: "x64".into(), current_dir: "C:".into(), ..PreprocessOptions::default() };
    let document = preprocess(parts, sources, Path::new("main.wxs"), &options, found)?;
    let lowering = LowerOptions { arch: Arch::X64, bind_paths: &[] };
    let documents = lower(vec![document], lowering, parts, sources, found);
    let compiling = CompileOptions { arch: Arch::X64, ..CompileOptions::default() };
    let mut sections = Vec::new();
    let mut extensions = Vec::new();
    for document in &documents {
        extensions.extend(document.namespaces().iter().filter_map(|name| extension::by_namespace(name)));
        sections.extend(compile(document, &compiling, found));
    }
    let mut library = extension::load(&extensions, &compiling, sources, found);
    library.give_way(&sections);
    sections.extend(library.sections);
    let mut texts = Vec::new();
    if let Some(text) = parts.text("main.wxl") {
        let file = sources.add("main.wxl", text);
        texts.extend(localization::parse(file, text, found));
    }
    let localizer = choose(&texts, &[], found);
    if found.has_errors() {
        return None;
    }
    let product = link(&sections, found)?;
    resolve(product, &localizer, &BTreeMap::new(), found).map(drop)
}
