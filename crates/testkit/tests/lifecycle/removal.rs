//! Removal.

use crate::agent::*;
use testkit::Machine;

#[test]
fn a_removal_leaves_only_logs() {
    let machine = Machine::start("removal");
    let release = release(OLD, "commercial");
    let before = machine.snapshot();
    machine.install(&release.msi, &[("PROXYADDRESS", "http://proxy.example.com:8080")]).succeeded();
    runs(&machine);
    edit_by_hand(&machine);
    machine.set_registry_text(KEY, "Site", "HQ");
    let trace = format!("{DATA_DIR}\\Trace\\provisioning-agent.log");
    testkit::wait_until(std::time::Duration::from_secs(20), || machine.exists(&trace).then_some(()))
        .expect("the running agent writes its trace log");
    machine.uninstall(release.product_code(), &[]).succeeded();
    assert_eq!(machine.service(SERVICE), None);
    assert!(machine.exists(&trace), "logs outlive the product");
    let differences = before.without(is_log).differences(&machine.snapshot().without(is_log));
    assert_eq!(differences, []);
}

#[test]
fn a_removal_after_an_upgrade_leaves_only_logs() {
    let machine = Machine::start("removal-upgraded");
    let before = machine.snapshot();
    machine.install(&release(OLD, "commercial").msi, &[]).succeeded();
    let new = release(NEW, "usgov");
    machine.install(&new.msi, &[]).succeeded();
    runs(&machine);
    machine.uninstall(new.product_code(), &[]).succeeded();
    assert_eq!(machine.service(SERVICE), None);
    let differences = before.without(is_log).differences(&machine.snapshot().without(is_log));
    assert_eq!(differences, []);
}
