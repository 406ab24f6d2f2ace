//! Passwords: no log, no file and no registry value shows one.

use crate::agent::*;
use testkit::{Machine, Outcome, Variant};

const PASSWORD: &str = "Zq7-pa|ss=wo;rd-93";

#[test]
fn a_service_password_that_is_used_is_told_to_nobody() {
    let machine = Machine::start("secrets-used");
    // The one account that Wine knows by name.
    let user = machine.run("cmd /c echo %USERNAME%").stdout;
    let account = format!(".\\{}", user.trim());
    let outcome = install(&machine, &account).succeeded();
    assert!(outcome.log.contains("ConfigureAccount: "), "the action that gets the password ran");
    let configured = machine.service(SERVICE).unwrap().account.to_lowercase();
    assert!(configured.ends_with(&user.trim().to_lowercase()), "{configured}");
    told_to_nobody(&machine, &outcome);
    // Nor remembered: a repair without the property runs without it.
    let repaired = machine.repair(release(OLD, "commercial").product_code(), &[]).succeeded();
    assert!(!repaired.log.contains(PASSWORD), "{}", repaired.telling_lines());
    assert_eq!(
        machine.service(SERVICE).unwrap().account.to_lowercase(),
        configured,
        "a repair keeps the account"
    );
}

#[test]
fn a_service_password_that_is_refused_is_told_to_nobody() {
    let machine = Machine::start("secrets-refused");
    let outcome = install(&machine, ".\\nobody-of-this-name").failed();
    assert!(outcome.log_without_properties().contains("SERVICEACCOUNT=.\\nobody-of-this-name is not usable"));
    told_to_nobody(&machine, &outcome);
}

fn install(machine: &Machine, account: &str) -> Outcome {
    let properties = [("SERVICEACCOUNT", account), ("SERVICEPASSWORD", PASSWORD), ("NOSTART", "1")];
    machine.install(&release(OLD, "commercial").msi, &properties)
}

/// Wine writes the command line into the log as it was given, and dumps hidden properties with all others. Windows hides both by
/// MsiHiddenProperties, which the package's test below looks at.
#[track_caller]
fn told_to_nobody(machine: &Machine, outcome: &Outcome) {
    let log = outcome.log_without_properties();
    for line in log.lines().filter(|line| !line.contains("SERVICEPASSWORD=")) {
        assert!(!line.contains(PASSWORD), "{line}");
    }
    let bytes = PASSWORD.as_bytes();
    let wide: Vec<u8> = PASSWORD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for folder in [INSTALL_DIR, DATA_DIR, "C:\\windows\\temp", "C:\\users"] {
        for file in machine.files_below(folder) {
            let content = std::fs::read(&file).unwrap_or_default();
            let holds = |secret: &[u8]| content.windows(secret.len()).any(|window| window == secret);
            assert!(!holds(bytes) && !holds(&wide), "{} has the password", file.display());
        }
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
