//! Planted folders, links, and places outside Program Files.

use super::*;
use crate::access::{BACKUP_SDDL, INSTALL_SDDL, data_sddl};
use crate::fake::{SYSTEM, USER};
use crate::folders::{prepare, restore, unsuitable};
use crate::machine::Found;

#[test]
fn the_data_folder_and_the_backup_are_closed_from_the_first_moment() {
    let fake = Fake::new();
    let context = Run::new('1', "commercial", "inherit").context(false, "");
    prepare(&fake, &context).unwrap();
    assert_eq!(fake.sddl(DATA).unwrap(), data_sddl());
    assert_eq!(fake.sddl(&format!(r"{DATA}\Backup")).unwrap(), BACKUP_SDDL);
    assert_eq!(fake.sddl(&state::backup(&context)).unwrap(), BACKUP_SDDL);
    assert_eq!(fake.find(INSTALL).unwrap(), Found::Nothing);
}

#[test]
fn a_folder_of_somebody_else_is_set_aside_and_comes_back_on_rollback() {
    let fake = Fake::new();
    fake.folder(DATA, USER);
    fake.file(&format!(r"{DATA}\planted.txt"), "x");
    fake.folder(&format!("{DATA}.set-aside-1"), USER);
    let before = everything(&fake);
    let context = Run::new('1', "commercial", "inherit").context(false, "");
    prepare(&fake, &context).unwrap();
    assert_eq!(fake.text(&format!(r"{DATA}.set-aside-2\planted.txt")).unwrap(), "x");
    assert_eq!(fake.sddl(DATA).unwrap(), data_sddl());
    restore(&fake, &context).unwrap();
    assert_eq!(everything(&fake), before);
}

#[test]
fn links_are_moved_not_followed() {
    let fake = Fake::new();
    fake.link(DATA);
    let context = Run::new('1', "commercial", "inherit").context(false, "");
    prepare(&fake, &context).unwrap();
    assert_eq!(fake.find(&format!("{DATA}.set-aside-1")).unwrap(), Found::Link);
    assert_eq!(fake.sddl(DATA).unwrap(), data_sddl());

    let fake = Fake::new();
    fake.folder(DATA, SYSTEM);
    fake.link(&format!(r"{DATA}\Trace"));
    prepare(&fake, &context).unwrap();
    assert_eq!(fake.find(&format!(r"{DATA}\Trace.set-aside-1")).unwrap(), Found::Link);
    assert_eq!(fake.find(&format!(r"{DATA}\Trace")).unwrap(), Found::Nothing);
}

#[test]
fn a_folder_that_a_user_made_inside_is_set_aside_once() {
    let fake = Fake::new();
    fake.folder(DATA, SYSTEM);
    fake.folder(&format!(r"{DATA}\Trace"), USER);
    let run = Run::new('1', "commercial", "inherit");
    run.install(&fake, None, None).unwrap();
    run.install(&fake, None, None).unwrap();
    assert!(fake.sddl(&format!(r"{DATA}\Trace.set-aside-1")).is_some());
    assert_eq!(fake.find(&format!(r"{DATA}\Trace")).unwrap(), Found::Nothing);
    assert!(!fake.paths().iter().any(|path| path.contains("set-aside-2") || path.contains("1.set-aside")));
}

#[test]
fn a_backup_folder_of_the_service_is_not_trusted() {
    let fake = Fake::new();
    fake.folder(DATA, SYSTEM);
    fake.folder(&format!(r"{DATA}\Backup"), &crate::access::service_sid(SERVICE));
    let context = Run::new('1', "commercial", "inherit").context(false, "");
    prepare(&fake, &context).unwrap();
    assert!(fake.sddl(&format!(r"{DATA}\Backup.set-aside-1")).is_some());
    assert_eq!(fake.sddl(&format!(r"{DATA}\Backup")).unwrap(), BACKUP_SDDL);
}

#[test]
fn a_place_outside_program_files_is_protected_or_refused() {
    let mut run = Run::new('1', "commercial", "inherit");
    run.install = r"D:\Agent".to_owned();
    let context = run.context(false, "");

    let fake = Fake::new();
    prepare(&fake, &context).unwrap();
    assert_eq!(fake.sddl(r"D:\Agent").unwrap(), INSTALL_SDDL);
    restore(&fake, &context).unwrap();
    assert_eq!(fake.find(r"D:\Agent").unwrap(), Found::Nothing);

    let fake = Fake::new();
    fake.folder(r"D:\Agent", USER);
    prepare(&fake, &context).unwrap();
    assert_eq!(fake.sddl(r"D:\Agent").unwrap(), INSTALL_SDDL);

    let fake = Fake::new();
    fake.folder(r"D:\Agent", USER);
    fake.file(r"D:\Agent\version.dll", "planted");
    assert!(prepare(&fake, &context).unwrap_err().to_string().contains("choose an empty folder"));

    let fake = Fake::new();
    fake.link(r"D:\Agent");
    assert!(prepare(&fake, &context).unwrap_err().to_string().contains("it is a link"));
}

#[test]
fn folders_that_others_use_are_refused() {
    let shared = [r"C:\Windows", r"C:\Program Files", r"C:\ProgramData", ""].map(str::to_owned);
    for good in [r"D:\Agent", r"C:\Program Files\Other Name", r"C:\Programs"] {
        assert_eq!(unsuitable(good, &shared), None, "{good}");
    }
    for bad in [
        "D:",
        r"D:Agent",
        r"Agent",
        r"\\server\share\Agent",
        r"c:\windows",
        r"C:\Program Files",
        r"C:\Agent\..\Windows",
        r"C:\Agent|x",
        "C:/Agent",
        r"C:\Agent:stream",
    ] {
        assert!(unsuitable(bad, &shared).is_some(), "{bad}");
    }
}
