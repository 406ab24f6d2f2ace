//! What packages put onto a machine: files in their versions, features, folders, settings, what actions do.

use crate::support::{build, dll, folder, left_behind};
use std::fs;
use testkit::{Machine, RegistryValue};

/// Writes the file that a deferred action's data names, and hands a property back; what a custom action does in earnest.
const ACTION: &str = r#"
#include <windows.h>
#include <msi.h>
#include <msiquery.h>
__declspec(dllexport) UINT __stdcall WriteFileNamedByData(MSIHANDLE install) {
    WCHAR path[MAX_PATH];
    DWORD length = MAX_PATH, written;
    if (MsiGetPropertyW(install, L"CustomActionData", path, &length)) return ERROR_INSTALL_FAILURE;
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return ERROR_INSTALL_FAILURE;
    WriteFile(file, "done", 4, &written, NULL);
    CloseHandle(file);
    return ERROR_SUCCESS;
}
__declspec(dllexport) UINT __stdcall CopyGreeting(MSIHANDLE install) {
    WCHAR text[256];
    DWORD length = 256;
    if (MsiGetPropertyW(install, L"GREETING", text, &length)) return ERROR_INSTALL_FAILURE;
    return MsiSetPropertyW(install, L"COPIED", text);
}
"#;

const EMPTY_DLL: &str = "int nothing;\n";

#[test]
fn files_come_from_all_media_and_replace_only_what_is_older() {
    let folder = folder("files");
    dll(&folder, "versioned.dll", EMPTY_DLL, Some([2, 0, 0, 0]));
    let newer = fs::read(dll(&folder, "newer.dll", EMPTY_DLL, Some([3, 0, 0, 0]))).unwrap();
    let older = fs::read(dll(&folder, "older.dll", EMPTY_DLL, Some([1, 0, 0, 0]))).unwrap();
    let shipped = fs::read(folder.join("versioned.dll")).unwrap();
    let package = build("files", &[]);
    let beside = |machine: &Machine| {
        for file in &package.beside {
            let name = file.strip_prefix(package.msi.parent().unwrap()).unwrap().to_str().unwrap();
            machine.write(&format!("C:\\packages\\{}", name.replace('/', "\\")), fs::read(file).unwrap());
        }
    };

    let machine = Machine::start("packages-files");
    beside(&machine);
    machine.write("C:\\Kind files\\versioned.dll", &older);
    let before = machine.snapshot();
    machine.install(&package.msi, &[]).succeeded();
    assert_eq!(
        fs::read(machine.path("C:\\Kind files\\versioned.dll")).unwrap(),
        shipped,
        "an older version is replaced"
    );
    for name in ["unversioned.txt", "beside.txt", "loose file.txt"] {
        assert_eq!(machine.read(&format!("C:\\Kind files\\{name}")), "hello");
    }
    machine.uninstall(&package.product, &[]).succeeded();
    let left = left_behind(&machine, &before, "Kind files");
    assert!(left.iter().all(|name| name.starts_with("Removed")), "nothing is left: {left:?}");

    machine.write("C:\\Kind files\\versioned.dll", &newer);
    machine.install(&package.msi, &[]).succeeded();
    assert_eq!(
        fs::read(machine.path("C:\\Kind files\\versioned.dll")).unwrap(),
        newer,
        "a newer version stays"
    );
}

#[test]
fn features_are_chosen_by_level_condition_and_name() {
    let package = build("features", &[]);
    let machine = Machine::start("packages-features");
    let before = machine.snapshot();
    let here = || {
        ["main", "extra", "sub", "shared", "conditional"]
            .map(|name| machine.exists(&format!("C:\\Program Files\\Kind features\\{name}.txt")))
    };
    machine.install(&package.msi, &[]).succeeded();
    assert_eq!(here(), [true, false, false, true, false], "what the levels say");
    machine.msiexec(&format!("/i {}", package.product), &[("ADDLOCAL", "Sub,Extra")]).succeeded();
    assert_eq!(here(), [true, true, true, true, false], "what ADDLOCAL adds");
    machine.msiexec(&format!("/i {}", package.product), &[("REMOVE", "Extra")]).succeeded();
    assert_eq!(here(), [true, false, true, true, false], "what REMOVE takes away, less what others need");
    machine.uninstall(&package.product, &[]).succeeded();
    assert_eq!(left_behind(&machine, &before, "Kind features"), [""; 0]);
    machine.install(&package.msi, &[("WITHEXTRA", "1")]).succeeded();
    assert_eq!(here(), [true, true, false, true, true], "what conditions say");
}

#[test]
fn ini_files_are_written_line_by_line() {
    let package = build("inifile", &[]);
    let machine = Machine::start("packages-inifile");
    let before = machine.snapshot();
    machine.install(&package.msi, &[]).succeeded();
    let ini = machine.read("C:\\Program Files\\Kind inifile\\kind.ini");
    let mut lines: Vec<&str> = ini.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    assert_eq!(lines, ["Created=two", "Line=1.0.0", "[Kind]"]);
    machine.uninstall(&package.product, &[]).succeeded();
    let kept = left_behind(&machine, &before, "Kind inifile");
    // Windows deletes an INI file with its last line; Wine leaves it empty, and its folder with it.
    assert!(
        kept.iter().all(|name| name.ends_with("Kind inifile\")") || name.ends_with("kind.ini\")")),
        "{kept:?}"
    );
    assert!(!machine.read("C:\\Program Files\\Kind inifile\\kind.ini").contains('='), "no line is left");
}

#[test]
fn files_folders_and_copies_go_as_the_source_says() {
    let package = build("removal", &[]);
    let machine = Machine::start("packages-removal");
    machine.write("C:\\Program Files\\Kind removal\\of-an-old-version.txt", "old");
    machine.install(&package.msi, &[]).succeeded();
    assert!(!machine.exists("C:\\Program Files\\Kind removal\\of-an-old-version.txt"));
    assert_eq!(machine.read("C:\\Program Files\\Kind removal\\copies\\copy.txt"), "hello");
    assert!(machine.exists("C:\\Program Files\\Kind removal\\empty"));
    machine.write("C:\\Program Files\\Kind removal\\written-later.log", "log");
    machine.uninstall(&package.product, &[]).succeeded();
    let left: Vec<String> = machine
        .files_below("C:\\Program Files\\Kind removal")
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(left, ["kept.txt"], "only the permanent component stays");
    assert!(!machine.exists("C:\\Program Files\\Kind removal\\empty"));
    assert!(!machine.exists("C:\\Program Files\\Kind removal\\copies"));
}

#[test]
fn actions_run_in_their_order_and_failures_take_everything_back() {
    dll(&folder("actions"), "action.dll", ACTION, None);
    let package = build("actions", &[]);
    let machine = Machine::start("packages-actions");
    let before = machine.snapshot();
    let failed = machine.install(&package.msi, &[("FAIL", "1")]).failed();
    assert!(failed.log.contains("Deferred"), "{}", failed.telling_lines());
    assert!(!machine.exists("C:\\Kind elsewhere"), "files are taken back");
    assert_eq!(machine.read("C:\\kind-undone.txt"), "done", "the rollback action ran");
    assert!(!machine.exists("C:\\kind-committed.txt"), "the commit action did not");
    machine.remove("C:\\kind-undone.txt");
    // What actions make by themselves is nobody's to take back.
    for made in ["deferred.txt", "program.txt"] {
        let made = format!("C:\\Program Files\\Kind actions\\{made}");
        if machine.exists(&made) {
            machine.remove(&made);
        }
    }

    machine.install(&package.msi, &[]).succeeded();
    assert_eq!(machine.read("C:\\Kind elsewhere\\hello.txt"), "hello", "SetDirectory moves a folder");
    assert_eq!(machine.read("C:\\Program Files\\Kind actions\\deferred.txt"), "done", "a DLL gets its data");
    assert_eq!(
        machine.read("C:\\Program Files\\Kind actions\\program.txt").trim(),
        "1.0.0",
        "a program gets its arguments"
    );
    assert_eq!(machine.read("C:\\kind-committed.txt"), "done");
    assert!(!machine.exists("C:\\kind-undone.txt"));
    let copied = machine.registry_value("HKLM\\Software\\Kind\\actions", "Copied");
    assert_eq!(copied, Some(RegistryValue::Text("hello from Kind actions".into())));
    machine.uninstall(&package.product, &[]).succeeded();
    assert_eq!(left_behind(&machine, &before, "Kind actions"), [""; 0]);
    assert_eq!(left_behind(&machine, &before, "elsewhere"), [""; 0]);
}
