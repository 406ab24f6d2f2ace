//! What is refused: nothing changes, and the log says why.

use crate::agent::*;
use testkit::{Machine, Snapshot, Variant};

#[test]
fn an_unknown_environment_stops_the_installation_and_names_the_known_ones() {
    let machine = Machine::start("unknown-environment");
    let before = machine.snapshot();
    let outcome =
        machine.install(&release(OLD, "commercial").msi, &[("ENVIRONMENTNAME", "AzureMoon")]).failed();
    for said in ["AzureMoon", "AzureCloud", "AzureUSGovernment", "AzureUSGovernmentDoD", "AzureChinaCloud"] {
        assert!(
            outcome.log_without_properties().contains(said),
            "the log does not say {said}\n{}",
            outcome.telling_lines()
        );
    }
    unchanged(&machine, &before);
}

#[test]
fn other_unusable_values_are_refused_likewise() {
    let machine = Machine::start("unusable-values");
    let before = machine.snapshot();
    let msi = release(OLD, "commercial").msi;
    for (property, value, said) in [
        ("FIPSPOLICY", "sometimes", "inherit, exempt, enforce"),
        ("PROXYADDRESS", "http://admin:hunter2@proxy.example.com:8080", "PROXYADDRESS"),
        ("NOSTART", "perhaps", "NOSTART"),
        ("INSTALLDIR", "C:\\", "INSTALLDIR"),
    ] {
        let outcome = machine.install(&msi, &[(property, value)]).failed();
        assert!(outcome.log_without_properties().contains(said), "{property}: {}", outcome.telling_lines());
    }
    unchanged(&machine, &before);
}

#[test]
fn a_downgrade_is_refused() {
    let machine = Machine::start("downgrade");
    let (old, new) = (release(OLD, "commercial"), release(NEW, "commercial"));
    machine.install(&new.msi, &[]).succeeded();
    runs(&machine);
    edit_by_hand(&machine);
    let before = machine.snapshot();
    machine.install(&old.msi, &[]).failed();
    unchanged(&machine, &before);
    runs(&machine);
    assert_eq!(machine.registry(KEY).text(KEY, "Version"), Some(NEW));

    // Wine writes the text of a launch condition into no silent log; Windows does. It stands in the package:
    let package = Variant::of(&old.msi).database;
    let upgrade = package.table("Upgrade").unwrap();
    let newer = upgrade
        .iter()
        .find(|row| row.str("VersionMin") == Some(OLD))
        .expect("a row that finds newer versions");
    assert_eq!(newer.int("Attributes").map(|flags| flags & 2), Some(2), "it only detects");
    let found = newer.str("ActionProperty").unwrap();
    let conditions = package.table("LaunchCondition").unwrap();
    let refusal = conditions.iter().find(|row| row.str("Condition").is_some_and(|text| text.contains(found)));
    let message =
        refusal.and_then(|row| row.str("Description")).expect("a launch condition refuses the downgrade");
    assert!(message.contains("newer version"), "{message}");
}

/// Fails the test unless the machine is as it was. The agent's own log and status go on while it runs.
#[track_caller]
fn unchanged(machine: &Machine, before: &Snapshot) {
    let own = |name: &str| name.starts_with(DATA_DIR);
    let differences = before.clone().without(own).differences(&machine.snapshot().without(own));
    assert_eq!(differences, [], "the refused run changed the machine");
}
