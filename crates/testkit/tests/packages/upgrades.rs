//! New versions over old ones, old ones over new, and conditions that keep a package out.

use crate::support::{Built, build};
use testkit::{Machine, RegistryValue};

const FOLDER: &str = "C:\\Program Files\\Kind upgrade";

#[test]
fn a_new_version_replaces_the_old_one_early() {
    replaces("afterInstallValidate");
}

#[test]
fn a_new_version_replaces_the_old_one_late() {
    replaces("afterInstallFinalize");
}

fn replaces(schedule: &str) {
    let [old, new] =
        ["1.0.0", "2.0.0"].map(|version| build("upgrade", &[("Version", version), ("Schedule", schedule)]));
    assert_ne!(old.product, new.product, "every version is a product of its own");
    let machine = Machine::start(&format!("packages-upgrade-{schedule}"));
    machine.install(&old.msi, &[]).succeeded();
    assert!(installed(&machine, &old));
    machine.install(&new.msi, &[]).succeeded();
    assert!(!installed(&machine, &old), "the old product is gone");
    assert!(installed(&machine, &new));
    assert_eq!(machine.read(&format!("{FOLDER}\\both.txt")), "two");
    assert!(!machine.exists(&format!("{FOLDER}\\only-1.0.0.txt")), "a file of the old version alone is gone");
    assert!(machine.exists(&format!("{FOLDER}\\only-2.0.0.txt")));
    let version = machine.registry_value("HKLM\\Software\\Kind\\upgrade", "Version");
    assert_eq!(version, Some(RegistryValue::Text("2.0.0".into())));

    // When Wine removes the old product last, it forgets which products share the upgrade code.
    if schedule == "afterInstallValidate" {
        let refused = machine.install(&old.msi, &[]).failed();
        assert!(refused.log.contains("WIX_DOWNGRADE_DETECTED"), "{}", refused.telling_lines());
        assert!(installed(&machine, &new) && !installed(&machine, &old), "a downgrade changes nothing");
    }
    machine.uninstall(&new.product, &[]).succeeded();
    assert!(!machine.exists(FOLDER));
}

fn installed(machine: &Machine, package: &Built) -> bool {
    let key = format!("HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{}", package.product);
    !machine.registry(&key).is_empty()
}

#[test]
fn a_condition_keeps_a_package_out() {
    let package = build("launch", &[]);
    let machine = Machine::start("packages-launch");
    machine.install(&package.msi, &[]).failed();
    assert!(!machine.exists("C:\\Program Files\\Kind launch"));
    machine.install(&package.msi, &[("ACCEPT", "1")]).succeeded();
    assert!(machine.exists("C:\\Program Files\\Kind launch\\hello.txt"));
    machine.uninstall(&package.product, &[]).succeeded();
    assert!(!machine.exists("C:\\Program Files\\Kind launch"));
}
