//! Embedded transforms that the compiler makes, applied by an installer engine: a product installed several times beside itself.

use diagnostics::{Diagnostics, SourceMap};
use msi_bind::{BuildRequest, DiskWorld, build};
use std::path::Path;
use testkit::Machine;

#[test]
fn instances_of_a_product_are_installed_beside_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../msi-bind/tests/packages/instances/main.wxs");
    let output = folder.path().join("instances.msi");
    let request = BuildRequest {
        sources: vec![source],
        output: output.clone(),
        timestamp: 1_600_000_000,
        ..BuildRequest::default()
    };
    let (mut sources, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let built = build(&request, &DiskWorld, &mut sources, &mut diagnostics);
    let findings: Vec<&str> = diagnostics.iter().map(|finding| finding.message.as_str()).collect();
    let built = built.unwrap_or_else(|| panic!("{findings:?}"));

    let machine = Machine::start("instances");
    // In this order, since Wine asks whether the product is installed before it applies the transform.
    machine.install(&output, &[("TRANSFORMS", ":Second"), ("MSINEWINSTANCE", "1")]).succeeded();
    machine.install(&output, &[]).succeeded();
    let installed = machine.registry("HKLM\\Software\\Test");
    for instance in ["Second", "main"] {
        let here = installed.text(&format!("HKLM\\Software\\Test\\{instance}"), "Here");
        assert_eq!(here, Some("1"), "{instance}");
    }
    let second = "{3A1D8C0E-55F2-4E57-9C54-9F4D6C7B8A33}";
    for (code, name) in [(built.product_code.as_str(), "Agent"), (second, "Agent (second)")] {
        let key = format!("HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{code}");
        assert_eq!(machine.registry(&key).text(&key, "DisplayName"), Some(name));
    }
}
