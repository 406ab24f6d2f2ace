//! Passwords: no log, no file and no registry value shows one.

use crate::agent::*;
use testkit::{Machine, Variant};

const PASSWORD: &str = "Zq7-pa|ss=wo;rd-93";

#[test]
fn the_service_password_is_in_no_log_and_nowhere_on_the_machine() {
    let machine = Machine::start("secrets");
    let release = release(OLD, "commercial");
    let account = [("SERVICEACCOUNT", ".\\provagent"), ("SERVICEPASSWORD", PASSWORD), ("NOSTART", "1")];
    let outcome = machine.install(&release.msi, &account);
    // Wine has no account of this name and may refuse it; either way nothing may be told.
    let log = outcome.log_without_properties();
    // Wine writes the command line into the log as it was given, and does not honour MsiHiddenProperties in its dump of
    // properties; Windows hides both by that property, which the tables below show.
    let ours: Vec<&str> = log.lines().filter(|line| !line.contains("SERVICEPASSWORD=")).collect();
    for line in &ours {
        assert!(!line.contains(PASSWORD), "{line}");
    }
    for file in ["Trace\\provisioning-agent.log", "status.json"] {
        let file = format!("{DATA_DIR}\\{file}");
        assert!(!machine.exists(&file) || !machine.read(&file).contains(PASSWORD), "{file}");
    }
    if machine.exists(CONFIG) {
        assert!(!machine.read(CONFIG).contains(PASSWORD));
    }
    let told =
        machine.registry("HKLM\\Software").lines().filter(|(_, value)| value.contains(PASSWORD)).count();
    assert_eq!(told, 0, "the registry has the password");
}

#[test]
fn the_package_hides_the_password_wherever_it_passes() {
    let package = Variant::of(&release(OLD, "commercial").msi).database;
    let property = |name: &str| {
        let rows = package.table("Property").unwrap();
        rows.iter()
            .find(|row| row.str("Property") == Some(name))
            .and_then(|row| row.str("Value").map(str::to_owned))
    };
    let hidden = property("MsiHiddenProperties").expect("there are hidden properties");
    let hidden: Vec<&str> = hidden.split(';').collect();
    assert!(hidden.contains(&"SERVICEPASSWORD"), "{hidden:?}");
    assert_eq!(property("SERVICEPASSWORD"), None, "no value in the package");
    let mut passes = 0;
    for action in package.table("CustomAction").unwrap().iter() {
        if !action.str("Target").is_some_and(|target| target.contains("[SERVICEPASSWORD]")) {
            continue;
        }
        passes += 1;
        const HIDE_TARGET: i32 = 0x2000;
        assert_ne!(action.int("Type").unwrap() & HIDE_TARGET, 0, "{} shows its target", action.key());
        assert!(hidden.contains(&action.str("Source").unwrap()), "{} sets a shown property", action.key());
    }
    assert_eq!(passes, 1, "the password takes one way");
    let service = package.table("ServiceInstall").unwrap();
    assert!(service.iter().all(|row| row.str("Password").is_none()), "the engine is told no password");
}
