//! The Wine machine itself: whole exit codes, real services, registry, snapshots, isolation.

use std::process::Command;
use std::time::Duration;
use testkit::{Difference, Machine, RegistryValue, State};

#[test]
fn a_windows_program_runs_and_its_whole_exit_code_comes_back() {
    let machine = Machine::start("machine-run");
    let ran = machine.run("cmd /c echo gr\u{fc}\u{df}e & exit 1603");
    assert_eq!(ran.code, 1603);
    assert!(ran.stdout.starts_with("gr"), "{ran:?}");
}

#[test]
fn services_are_real_and_survive_the_program_that_started_them() {
    let mut machine = Machine::start("machine-services");
    assert_eq!(machine.service("no such service"), None);
    let created = machine.run("sc create Spooler2 binPath= C:\\windows\\system32\\spoolsv.exe start= auto");
    assert_eq!(created.code, 0, "{created:?}");
    let before = machine.service("Spooler").unwrap();
    assert_eq!(before.state, State::Stopped);
    assert_eq!(machine.run("net start Spooler").code, 0);
    machine.wait_for_service("Spooler", State::Running).unwrap();
    assert_eq!(machine.run("net stop Spooler").code, 0);
    machine.wait_for_service("Spooler", State::Stopped).unwrap();
    let error = machine.wait_for_service("no such service", State::Running).unwrap_err();
    assert!(error.contains("1060"), "{error}");
    machine.configure_service("Spooler2", 3, "NT AUTHORITY\\LocalService");
    machine.reboot();
    let after = machine.service("Spooler2").unwrap();
    assert_eq!((after.start, after.account.as_str()), (3, "NT AUTHORITY\\LocalService"));
}

#[test]
fn a_snapshot_tells_files_and_registry_values_that_came_and_went() {
    let machine = Machine::start("machine-snapshot");
    machine.write("C:\\Program Files\\Old\\a.txt", "1");
    let before = machine.snapshot();
    assert_eq!(before.differences(&machine.snapshot()), [], "a machine at rest does not change");
    machine.write("C:\\Program Files\\Old\\a.txt", "2");
    machine.write("C:\\New\\b.txt", "1");
    machine.set_registry_dword("HKLM\\Software\\Provisioning Agent", "Number", 5);
    let key = "HKLM\\SOFTWARE\\Provisioning Agent";
    assert_eq!(machine.registry_value(key, "number"), Some(RegistryValue::Dword(5)));
    let differences = before.differences(&machine.snapshot());
    let added = |name: &str| Difference::Added(name.to_owned());
    assert_eq!(differences.len(), 5, "{differences:?}");
    assert!(matches!(&differences[0], Difference::Changed { name, .. } if name.ends_with("a.txt")));
    assert!(differences.contains(&added("C:\\New\\b.txt")));
    assert!(differences.contains(&added("HKLM\\Software\\Provisioning Agent\\Number")));
}

#[test]
fn rust_programs_find_their_source_of_random_numbers() {
    // Rust's standard library loads bcryptprimitives.dll, which Wine 8 has not; without the template's a program ends with 53.
    let machine = Machine::start("machine-random");
    let draw = || machine.run("C:\\testkit\\machine.exe random").stdout;
    let (first, second) = (draw(), draw());
    assert_eq!(first.trim().len(), 32, "{first}");
    assert_ne!(first, second);
}

#[test]
fn a_program_that_hangs_ends_with_its_machine_and_no_other() {
    let other = Machine::start("machine-unharmed");
    let hung = std::thread::spawn(|| {
        let machine = Machine::start("machine-hung");
        machine.run_within("cmd /c ping -n 600 127.0.0.1", Duration::from_millis(1500))
    });
    let message = hung.join().unwrap_err();
    let message = message.downcast_ref::<String>().unwrap();
    assert!(message.contains("did not end within"), "{message}");
    assert_eq!(other.run("cmd /c exit 0").code, 0);
    let left = Command::new("ps").args(["-eo", "args"]).output().unwrap();
    assert!(!String::from_utf8_lossy(&left.stdout).contains("ping -n 600"), "the hung program still runs");
}
