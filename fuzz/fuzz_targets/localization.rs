//! Reads any text as a localization file and looks its strings up in each other.

#![no_main]

use diagnostics::render::{Colour, human};
use diagnostics::{Diagnostics, SourceMap};
use libfuzzer_sys::fuzz_target;
use wxs::localization;
use wxs::resolve::choose;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let file = sources.add("main.wxl", text);
    let parsed = localization::parse(file, text, &mut found);
    assert!(parsed.is_some() || found.has_errors(), "no localization and no reason");
    let parsed: Vec<_> = parsed.into_iter().collect();
    let _ = choose(&parsed, &[], &mut found);
    let _ = choose(&parsed, &["de-de".into(), "neutral".into()], &mut found);
    let _ = human(&found, &sources, Colour::Never);
});
