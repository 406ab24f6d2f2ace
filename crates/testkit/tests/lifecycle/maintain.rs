//! An installed product is changed and repaired.

use crate::agent::*;
use testkit::Machine;

#[test]
fn the_cloud_is_switched_by_a_property_and_stays_switched() {
    let machine = Machine::start("switch-cloud");
    let release = release(OLD, "commercial");
    machine.install(&release.msi, &[("ENVIRONMENTNAME", "AzureUSGovernment")]).succeeded();
    assert_eq!(environment(&machine), "AzureUSGovernment");
    runs(&machine);

    // A repair without the property leaves the choice alone, and so do the administrator's edits.
    edit_by_hand(&machine);
    machine.repair(release.product_code(), &[]).succeeded();
    assert_eq!(environment(&machine), "AzureUSGovernment");
    edits_survived(&machine);

    // A repair with the property switches.
    machine.repair(release.product_code(), &[("ENVIRONMENTNAME", "AZURECHINACLOUD")]).succeeded();
    assert_eq!(environment(&machine), "AzureChinaCloud");
    edits_survived(&machine);
    runs(&machine);
}

#[test]
fn a_repair_brings_back_what_was_deleted() {
    let machine = Machine::start("repair");
    let release = release(OLD, "usgov");
    machine.install(&release.msi, &[("PROXYADDRESS", "http://proxy.example.com:3128")]).succeeded();
    runs(&machine);
    machine.remove(&format!("{INSTALL_DIR}\\LICENSE-MIT"));
    machine.remove(&format!("{CONFIG}.shipped"));
    machine.repair(release.product_code(), &[]).succeeded();
    assert!(machine.exists(&format!("{INSTALL_DIR}\\LICENSE-MIT")));
    assert!(machine.exists(&format!("{CONFIG}.shipped")));
    assert!(without_comments(&machine.read(CONFIG)).contains("proxyaddress=\"http://proxy.example.com:3128"));

    // The live configuration is in no table; our action makes it anew.
    machine.remove(CONFIG);
    machine.repair(release.product_code(), &[("PROXYADDRESS", "none")]).succeeded();
    assert_eq!(environment(&machine), "AzureUSGovernment");
    assert!(!without_comments(&machine.read(CONFIG)).contains("proxyaddress"));
    runs(&machine);
}

#[test]
fn the_same_package_again_changes_nothing() {
    let machine = Machine::start("install-again");
    let release = release(OLD, "commercial");
    machine.install(&release.msi, &[]).succeeded();
    edit_by_hand(&machine);
    let config = machine.read(CONFIG);
    machine.install(&release.msi, &[]).succeeded();
    assert_eq!(machine.read(CONFIG), config);
    runs(&machine);
}
