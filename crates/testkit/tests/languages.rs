//! A package of several languages, installed in one of them by an installer engine.

use diagnostics::{Diagnostics, SourceMap};
use msi_bind::{BuildRequest, DiskWorld, build};
use std::path::Path;
use testkit::Machine;

#[test]
fn a_package_is_installed_in_the_language_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../msi-bind/tests/packages/languages");
    let texts = ["ar-sa", "de-de", "en-us", "ja-jp", "ru-ru"];
    let output = folder.path().join("languages.msi");
    let request = BuildRequest {
        sources: vec![package.join("main.wxs")],
        localizations: texts.map(|culture| package.join(format!("{culture}.wxl"))).to_vec(),
        cultures: vec!["all".into()],
        output: output.clone(),
        timestamp: 1_600_000_000,
        ..BuildRequest::default()
    };
    let (mut sources, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let built = build(&request, &DiskWorld, &mut sources, &mut diagnostics);
    let findings: Vec<&str> = diagnostics.iter().map(|finding| finding.message.as_str()).collect();
    let built = built.unwrap_or_else(|| panic!("{findings:?}"));

    let machine = Machine::start("languages");
    let key = "HKLM\\Software\\Test\\Languages";
    let uninstall =
        format!("HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{}", built.product_code);
    for (transform, greeting, about) in [
        ("", "Welcome", "About languages"),
        (":1031", "Willkommen, schöne Grüße", "Über Sprachen"),
        (":1041", "ようこそ", "言語について"),
    ] {
        let properties: &[(&str, &str)] =
            if transform.is_empty() { &[] } else { &[("TRANSFORMS", transform)] };
        machine.install(&output, properties).succeeded();
        assert_eq!(machine.registry(key).text(key, "Greeting"), Some(greeting), "{transform}");
        let language = transform.strip_prefix(':').unwrap_or("1033");
        assert_eq!(machine.registry(key).text(key, "Language"), Some(language));
        assert_eq!(machine.registry(&uninstall).text(&uninstall, "Comments"), Some(about), "{transform}");
        machine.uninstall(&built.product_code, &[]).succeeded();
    }
}
