//! What Windows decides by the package's tables alone, where Wine's engine looks away.

use crate::agent::*;
use testkit::Variant;

/// Rows of InstallExecuteSequence as action, condition and number.
fn sequence(package: &Variant) -> Vec<(String, String, i32)> {
    let table = package.database.table("InstallExecuteSequence").unwrap();
    let mut rows: Vec<(String, String, i32)> = table
        .iter()
        .map(|row| {
            let text = |column| row.str(column).unwrap_or_default().to_owned();
            (text("Action"), text("Condition"), row.int("Sequence").unwrap_or(0))
        })
        .collect();
    rows.sort_by_key(|row| row.2);
    rows
}

/// Wine leaves UPGRADINGPRODUCTCODE empty and does not bring an old product back; on Windows these places and conditions do it.
#[test]
fn an_upgrade_removes_the_old_product_inside_the_transaction_and_keeps_the_service() {
    let package = Variant::of(&release(OLD, "commercial").msi);
    let at = |action: &str| package.sequence_of(action);
    assert!(at("InstallInitialize") < at("SaveState"), "what is saved is saved in the script");
    assert!(at("SaveState") < at("InstallExecute"), "and the script runs");
    assert!(at("InstallExecute") < at("RemoveExistingProducts"), "before the old product goes");
    assert!(at("RemoveExistingProducts") < at("InstallFiles"));
    let rows = sequence(&package);
    let between =
        rows.iter().filter(|row| row.2 > at("InstallExecute") && row.2 < at("RemoveExistingProducts"));
    assert_eq!(between.count(), 0, "nothing may write into the script in between");
    for (action, condition, _) in &rows {
        if ["DeleteServices", "RemoveConfiguration", "RemoveSettings", "RemoveData"]
            .contains(&action.as_str())
        {
            assert!(condition.contains("NOT UPGRADINGPRODUCTCODE"), "{action}: {condition}");
        }
        if ["RemoveConfiguration", "RemoveSettings", "RemoveData"].contains(&action.as_str()) {
            assert!(condition.contains("REMOVE=\"ALL\""), "{action}: {condition}");
        }
    }
}

/// Wine would let a deferred action read any property; Windows lets it read CustomActionData. Each one gets its own, and each has
/// a rollback action right before it.
#[test]
fn every_deferred_action_is_told_what_it_needs_and_can_be_undone() {
    let package = Variant::of(&release(OLD, "commercial").msi);
    let actions = package.database.table("CustomAction").unwrap();
    let kind = |name: &str| {
        let row = actions.iter().find(|row| row.str("Action") == Some(name));
        row.and_then(|row| row.int("Type"))
    };
    const IN_SCRIPT: i32 = 0x400;
    const ROLLBACK: i32 = 0x100;
    const COMMIT: i32 = 0x200;
    const NO_IMPERSONATE: i32 = 0x800;
    let rows = sequence(&package);
    let mut undo: Option<&(String, String, i32)> = None;
    let mut deferred = 0;
    for row in &rows {
        let Some(kind) = kind(&row.0).filter(|kind| kind & IN_SCRIPT != 0) else { continue };
        assert_eq!(kind & 0x3f, 1, "{}: a DLL of ours, no executable", row.0);
        assert_ne!(kind & NO_IMPERSONATE, 0, "{} runs as the system", row.0);
        let told = actions.iter().any(|action| {
            action.int("Type").is_some_and(|kind| kind & 0x3f == 51) && action.str("Source") == Some(&row.0)
        });
        assert!(told, "{} gets no CustomActionData", row.0);
        if kind & ROLLBACK != 0 {
            undo = Some(row);
        } else if kind & COMMIT == 0 {
            deferred += 1;
            let undo = undo.take().unwrap_or_else(|| panic!("{} cannot be undone", row.0));
            assert_eq!(undo.1, row.1, "{} and {} run under one condition", undo.0, row.0);
        }
    }
    assert!(deferred >= 5, "the actions that change the machine are deferred");
}

/// Wine ignores MsiLockPermissionsEx.
#[test]
fn the_data_folder_is_closed_by_the_package_too() {
    let package = Variant::of(&release(OLD, "commercial").msi).database;
    let locks = package.table("MsiLockPermissionsEx").unwrap();
    let data = locks
        .iter()
        .find(|row| row.str("LockObject") == Some("AgentDataFolder"))
        .expect("the folder has an access list");
    let sddl = data.str("SDDLText").unwrap();
    assert!(sddl.starts_with("D:P"), "protected from what ProgramData hands down: {sddl}");
    assert!(sddl.contains("S-1-5-80-"), "the service's own SID: {sddl}");
    for ordinary in [";WD)", ";AU)", ";BU)", ";IU)"] {
        assert!(!sddl.contains(ordinary), "{sddl}");
    }
    assert!(
        package.table("LockPermissions").is_none_or(|table| table.rows.is_empty()),
        "never beside the older table"
    );
    assert!(package.summary.page_count >= Some(500), "an engine that knows the table");
}

/// Wine does not enforce SecureCustomProperties, nor who may change an installed product.
#[test]
fn only_what_is_named_passes_to_the_elevated_part_and_only_from_administrators() {
    let package = Variant::of(&release(OLD, "commercial").msi).database;
    let properties = package.table("Property").unwrap();
    let property = |name: &str| {
        properties.iter().find(|row| row.str("Property") == Some(name)).and_then(|row| row.str("Value"))
    };
    let secure: Vec<&str> = property("SecureCustomProperties").unwrap().split(';').collect();
    let ours = [
        "ENVIRONMENTNAME",
        "FIPSPOLICY",
        "PROXYADDRESS",
        "INSTALLDIR",
        "SERVICEACCOUNT",
        "SERVICEPASSWORD",
        "NOSTART",
    ];
    for name in ours {
        assert!(secure.contains(&name), "{name} is not secure");
        assert_eq!(
            property(name),
            None,
            "{name} has no default, which could not be told from a command line"
        );
    }
    assert_eq!(property("MSIUSEREALADMINDETECTION"), Some("1"));
    let conditions = package.table("LaunchCondition").unwrap();
    let guard =
        conditions.iter().find(|row| row.str("Condition").is_some_and(|text| text.contains("AdminUser")));
    let guard = guard.and_then(|row| row.str("Condition")).expect("maintenance asks for an administrator");
    for name in ours.iter().filter(|name| **name != "INSTALLDIR") {
        assert!(guard.contains(name), "{name} can be changed by anybody: {guard}");
    }
}

/// Our own validator has nothing against the packages.
#[test]
fn the_packages_are_valid() {
    for cloud in ["commercial", "usgov", "usgov-dod", "china"] {
        let package = Variant::of(&release(OLD, cloud).msi).database;
        let errors: Vec<String> = msi_validate::validate(&package)
            .into_iter()
            .filter(|finding| finding.severity == msi_validate::Severity::Error)
            .map(|finding| finding.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{cloud}");
    }
}
