//! A failing action late in the script: everything before it is undone.

use crate::agent::*;
use std::path::{Path, PathBuf};
use testkit::{Machine, Variant};

/// The release with an action that fails where only the commit is still to come.
fn failing(release: &Release, name: &str) -> PathBuf {
    let mut package = Variant::of(&release.msi);
    let last = package.sequence_of("InstallFinalize");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("failing");
    package.fail_at(last - 1).write(&folder, name)
}

#[test]
fn a_failed_first_installation_leaves_nothing() {
    let machine = Machine::start("rollback-first");
    let msi = failing(&release(OLD, "commercial"), "failing-first.msi");
    let before = machine.snapshot();
    let outcome = machine.install(&msi, &[]).failed();
    assert!(outcome.log.contains("FailOnPurpose"), "{}", outcome.telling_lines());
    // The service ran before the failure; its log may say why and stays.
    let log = |name: &str| is_log(name);
    let differences = before.clone().without(log).differences(&machine.snapshot().without(log));
    assert_eq!(differences, [], "{}", outcome.telling_lines());
    assert_eq!(machine.service(SERVICE), None);
}

/// Wine does not bring the old product back when an upgrade fails, and undoes nothing at all when a repair or a removal does;
/// Windows does both. RemoveExistingProducts runs inside the transaction, right after the script so far was executed, and every
/// deferred action has its rollback action before it: `tables.rs` checks these places. What Wine can show is that our own
/// rollback actions ran and put back what is ours: configuration, settings, service.
#[test]
fn a_failed_upgrade_puts_configuration_and_settings_back() {
    let machine = Machine::start("rollback-upgrade");
    let (old, new) = (release(OLD, "commercial"), release(NEW, "usgov"));
    machine.install(&old.msi, &[]).succeeded();
    edit_by_hand(&machine);
    machine.set_registry_text(KEY, "LdapConnectionTimeoutInMilliseconds", "45000");
    let config = machine.read(CONFIG);
    let service = machine.service(SERVICE).unwrap();
    let msi = failing(&new, "failing-upgrade.msi");
    let outcome = machine.install(&msi, &[("PROXYADDRESS", "http://proxy.example.com:8080")]).failed();
    assert!(outcome.log.contains("FailOnPurpose"), "{}", outcome.telling_lines());
    assert_eq!(machine.read(CONFIG), config, "{}", outcome.telling_lines());
    assert_eq!(machine.registry(KEY).text(KEY, "LdapConnectionTimeoutInMilliseconds"), Some("45000"));
    if let Some(after) = machine.service(SERVICE) {
        assert_eq!((after.account, after.start), (service.account, service.start));
    }
    assert!(!machine.exists(&format!("{DATA_DIR}\\Backup")), "the backup goes with the rollback");
}
