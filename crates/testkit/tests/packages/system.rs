//! What packages register with Windows: services, shortcuts, environment, registry, classes, and what they find there.

use crate::support::{build, dll, folder};
use std::fs;
use testkit::{Machine, RegistryValue, State};

const ENVIRONMENT: &str = "HKLM\\System\\CurrentControlSet\\Control\\Session Manager\\Environment";
const CLASSES: &str = "HKLM\\Software\\Classes";

#[test]
fn a_service_runs_while_its_package_is_installed() {
    let machine = Machine::start("packages-service");
    // A program that really is a service, of the machine's own.
    fs::copy(machine.path("C:\\windows\\system32\\spoolsv.exe"), folder("service").join("spoolsv.exe"))
        .unwrap();
    let package = build("service", &[]);
    machine.install(&package.msi, &[]).succeeded();
    machine.wait_for_service("KindService", State::Running).unwrap();
    assert_eq!(machine.service("KindService").unwrap().start, 3);
    let key = "HKLM\\System\\CurrentControlSet\\Services\\KindService";
    let registry = machine.registry(key);
    assert_eq!(registry.text(key, "DisplayName"), Some("Kind of service"));
    let command = registry.text(key, "ImagePath").unwrap();
    assert!(command.contains("Kind service\\spoolsv.exe") && command.ends_with("-k kind"), "{command}");
    machine.uninstall(&package.product, &[]).succeeded();
    assert_eq!(machine.service("KindService"), None);
    assert!(!machine.exists("C:\\Program Files\\Kind service"));
}

#[test]
fn shortcuts_lead_to_their_targets_and_go_with_them() {
    let package = build("shortcuts", &[]);
    let machine = Machine::start("packages-shortcuts");
    let links = || -> Vec<String> {
        let mut links: Vec<String> = ["C:\\ProgramData", "C:\\users"]
            .iter()
            .flat_map(|folder| machine.files_below(folder))
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".lnk") && name.starts_with("Kind"))
            .collect();
        links.sort();
        links
    };
    machine.install(&package.msi, &[]).succeeded();
    assert_eq!(links(), ["Kind of shortcut.lnk", "Kind on the desktop.lnk"]);
    let all = ["C:\\ProgramData", "C:\\users"].iter().flat_map(|folder| machine.files_below(folder));
    let menu = all
        .into_iter()
        .find(|path| path.ends_with("Kind menu/Kind of shortcut.lnk"))
        .expect("it is in its menu");
    let link = fs::read(menu).unwrap();
    // Texts in a shell link are UTF-16 or the code page's.
    let wide: Vec<u8> = "--menu".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let holds = |text: &[u8]| link.windows(text.len()).any(|part| part == text);
    assert!(holds(&wide) || holds(b"--menu"), "the arguments are in the link");
    assert!(machine.exists(&format!("C:\\windows\\Installer\\{}\\kind.ico", package.product)));
    machine.uninstall(&package.product, &[]).succeeded();
    assert_eq!(links(), [""; 0]);
}

#[test]
fn environment_variables_are_set_and_paths_extended() {
    let package = build("environment", &[]);
    let machine = Machine::start("packages-environment");
    let text = |name: &str| match machine.registry_value(ENVIRONMENT, name) {
        Some(RegistryValue::Text(text) | RegistryValue::Expand(text)) => Some(text),
        _ => None,
    };
    let path = text("PATH").unwrap();
    machine.install(&package.msi, &[]).succeeded();
    let home = "C:\\Program Files\\Kind environment\\";
    assert_eq!(text("KIND_HOME").as_deref(), Some(home));
    assert_eq!(text("PATH"), Some(format!("{path};{home}")));
    machine.uninstall(&package.product, &[]).succeeded();
    assert_eq!(text("KIND_HOME"), None);
    // Wine leaves the semicolon.
    assert_eq!(text("PATH").unwrap().trim_end_matches(';'), path);
}

#[test]
fn registry_values_of_every_type_are_written_and_removed() {
    let package = build("registry", &[]);
    let machine = Machine::start("packages-registry");
    let before = machine.registry("HKLM\\Software\\Kind");
    machine.set_registry_text("HKLM\\Software\\Kind old", "Old", "1");
    machine.set_registry_text("HKLM\\Software\\Kind old", "Kept", "1");
    machine.set_registry_text("HKLM\\Software\\Kind older\\Below", "Any", "1");
    machine.install(&package.msi, &[]).succeeded();
    let key = "HKLM\\Software\\Kind\\registry";
    let registry = machine.registry(key);
    assert_eq!(registry.text(key, ""), Some("the default"));
    assert_eq!(registry.text(key, "Text"), Some("#hash, Kind registry"));
    assert_eq!(registry.dword(key, "Number"), Some(0x1234_5678));
    assert_eq!(registry.value(key, "Expand"), Some(&RegistryValue::Expand("%SystemRoot%\\kind".into())));
    assert_eq!(registry.value(key, "Bytes"), Some(&RegistryValue::Other { kind: 3, hex: "00ff10".into() }));
    let list: String =
        "one\0two\0\0".encode_utf16().flat_map(u16::to_le_bytes).map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(registry.value(key, "List"), Some(&RegistryValue::Other { kind: 7, hex: list }));
    assert_eq!(registry.text(&format!("{key}\\Below"), "Deep"), Some("yes"));
    let old = machine.registry("HKLM\\Software\\Kind old");
    assert_eq!(old.text("HKLM\\Software\\Kind old", "Old"), None);
    assert_eq!(old.text("HKLM\\Software\\Kind old", "Kept"), Some("1"));
    assert!(machine.registry("HKLM\\Software\\Kind older").is_empty());
    machine.uninstall(&package.product, &[]).succeeded();
    assert_eq!(machine.registry("HKLM\\Software\\Kind"), before);
}

#[test]
fn searches_find_what_is_there() {
    let package = build("searches", &[]);
    let machine = Machine::start("packages-searches");
    machine.set_registry_text("HKLM\\Software\\Searched", "Place", "D:\\somewhere");
    machine.set_registry_dword("HKLM\\Software\\Searched", "Number", 7);
    machine.write("C:\\Searched\\wanted.txt", "x");
    machine.write("C:\\windows\\searched.ini", "[Section]\r\nKey=from an INI file\r\n");
    machine.install(&package.msi, &[]).succeeded();
    let key = "HKLM\\Software\\Kind\\searches";
    let found = machine.registry(key);
    assert_eq!(found.text(key, "Registry"), Some("D:\\somewhere"));
    assert_eq!(found.text(key, "Number"), Some("number #7"));
    assert_eq!(found.text(key, "Folder"), Some("C:\\Searched\\"));
    assert_eq!(found.text(key, "File"), Some("C:\\Searched\\wanted.txt"));
    assert_eq!(found.text(key, "Ini"), Some("from an INI file"));
    assert_eq!(found.text(key, "Missing"), Some("not found"));
    machine.uninstall(&package.product, &[]).succeeded();
    assert!(machine.registry(key).is_empty());
}

#[test]
fn classes_extensions_and_verbs_are_registered() {
    let own = folder("com");
    dll(&own, "server.dll", "int nothing;\n", None);
    dll(&own, "other.dll", "int nothing;\n", None);
    let package = build("com", &[]);
    let machine = Machine::start("packages-com");
    machine.install(&package.msi, &[]).succeeded();
    for (class, program, file, model) in [
        ("{5C0D1B5E-0011-4B1A-9A30-0C7F3D5A0A01}", "Kind.Written.1", "server.dll", "apartment"),
        ("{5C0D1B5E-0011-4B1A-9A30-0C7F3D5A0A02}", "Kind.Advertised.1", "other.dll", "both"),
    ] {
        let key = format!("{CLASSES}\\CLSID\\{class}");
        let registry = machine.registry(&key);
        let server = format!("{key}\\InprocServer32");
        let path =
            registry.text(&server, "").unwrap_or_else(|| panic!("{class} has no server: {registry:?}"));
        assert!(path.ends_with(file), "{path}");
        assert!(
            registry.text(&server, "ThreadingModel").is_some_and(|found| found.eq_ignore_ascii_case(model))
        );
        let key = format!("{CLASSES}\\{program}");
        assert_eq!(machine.registry(&key).text(&format!("{key}\\CLSID"), ""), Some(class));
    }
    let key = format!("{CLASSES}\\.kind");
    assert_eq!(machine.registry(&key).text(&key, ""), Some("Kind.Document"));
    let key = format!("{CLASSES}\\Kind.Document");
    let command = machine.registry(&key);
    let command = command.text(&format!("{key}\\shell\\open\\command"), "").unwrap_or_default();
    assert!(command.contains("other.dll") && command.contains("\"%1\""), "{command}");
    machine.uninstall(&package.product, &[]).succeeded();
    assert!(
        machine.registry(&format!("{CLASSES}\\CLSID\\{{5C0D1B5E-0011-4B1A-9A30-0C7F3D5A0A01}}")).is_empty()
    );
    assert!(machine.registry(&format!("{CLASSES}\\.kind")).is_empty());
}
