//! A first installation, for each cloud and with each property.

use crate::agent::*;
use testkit::{Machine, Outcome};

fn installs(cloud: &str, environment_name: &str) {
    let machine = Machine::start(&format!("install-{cloud}"));
    let release = release(OLD, cloud);
    machine.install(&release.msi, &[]).succeeded();

    let expected = [
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "provisioning-agent.exe",
        "provisioning-agent.exe.config",
        "provisioning-agent.exe.config.shipped",
    ];
    assert_eq!(installed_files(&machine), expected);
    assert_eq!(environment(&machine), environment_name);
    let shipped = machine.read(&format!("{CONFIG}.shipped"));
    assert_eq!(app_setting(&shipped, "EnvironmentName"), environment_name);

    runs(&machine);
    let service = machine.service(SERVICE).unwrap();
    assert_eq!(service.account.to_lowercase(), "nt service\\provisioningagent");
    assert_eq!(service.start, 2, "it starts with the machine");
    assert_eq!(service.display_name, "Provisioning Agent");
    let program = format!("{INSTALL_DIR}\\provisioning-agent.exe");
    assert!(service.binary.starts_with(&format!("\"{program}\"")), "the path is quoted: {}", service.binary);
    assert!(service.binary.ends_with(" service"), "{}", service.binary);

    let registry = machine.registry(KEY);
    assert_eq!(registry.text(KEY, "InstallDir").map(|path| path.trim_end_matches('\\')), Some(INSTALL_DIR));
    assert_eq!(registry.text(KEY, "ServiceName"), Some(SERVICE));
    assert_eq!(registry.text(KEY, "Version"), Some(OLD));
    assert_eq!(registry.text(KEY, "Cloud"), Some(cloud));
    assert_eq!(registry.text(KEY, "LdapConnectionTimeoutInMilliseconds"), Some("30000"));
    assert_eq!(registry.text(KEY, "ReferralChasingOptions"), Some("96"));
    assert_eq!(registry.dword(KEY, "UserPasswordLength"), Some(256));

    let (arp, entries) = arp_entries(&machine);
    let [entry] = entries.as_slice() else { panic!("one entry in Programs and Features, not {entries:?}") };
    assert_eq!(arp.text(entry, "DisplayVersion"), Some(OLD));
    assert_eq!(arp.text(entry, "Publisher"), Some("Provisioning Agent Project"));
    assert_eq!(arp.dword(entry, "NoModify"), None, "the wizard changes what was answered");
    assert!(entry.to_lowercase().ends_with(&release.product_code().to_lowercase()), "{entry}");
    closed_to_users(&machine);
    nothing_is_left_behind(&machine);
}

/// Wine ignores MsiLockPermissionsEx. Of the access list that our own action gives the folder it keeps what Unix permissions
/// can say: whether others may enter. The tables and the action's own tests hold the rest.
#[track_caller]
fn closed_to_users(machine: &Machine) {
    let everybody = ";WD)";
    assert!(machine.security("C:\\Program Files").contains(everybody), "Wine tells everybody's access");
    let sddl = machine.security(DATA_DIR);
    assert!(!sddl.contains(everybody), "others have access to the data folder: {sddl}");
    assert!(sddl.contains("(A;OICI;FA;;;SY)"), "SYSTEM has none: {sddl}");
}

/// The backup that an installation works with goes with its success.
#[track_caller]
pub fn nothing_is_left_behind(machine: &Machine) {
    assert!(!machine.exists(&format!("{DATA_DIR}\\Backup")), "a backup of the transaction is left");
}

#[test]
fn the_commercial_package_installs() {
    installs("commercial", "AzureCloud");
}

#[test]
fn the_government_package_installs() {
    installs("usgov", "AzureUSGovernment");
}

#[test]
fn the_defence_package_installs() {
    installs("usgov-dod", "AzureUSGovernmentDoD");
}

#[test]
fn the_chinese_package_installs() {
    installs("china", "AzureChinaCloud");
}

#[test]
fn properties_configure_the_first_installation() {
    let machine = Machine::start("install-properties");
    let folder = "C:\\Agents\\Provisioning";
    let properties = [
        ("ENVIRONMENTNAME", "azureusgovernment"),
        ("FIPSPOLICY", "Exempt"),
        ("PROXYADDRESS", "http://proxy.example.com:8080"),
        ("INSTALLDIR", folder),
        ("NOSTART", "1"),
    ];
    let outcome = machine.install(&release(OLD, "commercial").msi, &properties).succeeded();
    let config = machine.read(&format!("{folder}\\provisioning-agent.exe.config"));
    assert_eq!(app_setting(&config, "EnvironmentName"), "AzureUSGovernment");
    let nodes = without_comments(&config);
    assert!(nodes.contains("<enforceFIPSPolicy enabled=\"false\""), "{nodes}");
    assert!(nodes.contains("proxyaddress=\"http://proxy.example.com:8080"), "{nodes}");
    let service = machine.service(SERVICE).unwrap();
    assert_eq!(service.state, testkit::State::Stopped, "NOSTART leaves it stopped");
    assert!(service.binary.contains(folder), "{}", service.binary);
    explains_itself(&outcome);
}

/// The log says what was decided and from where.
#[track_caller]
fn explains_itself(outcome: &Outcome) {
    for said in ["AzureUSGovernment", "this run's properties"] {
        assert!(outcome.log.contains(said), "the log does not say {said:?}\n{}", outcome.telling_lines());
    }
}
