//! A newer version over an older one, and one variant over another of the same version.

use crate::agent::*;
use testkit::{Machine, RegistryValue, State};

#[test]
fn an_upgrade_keeps_every_edit_and_setting() {
    let machine = Machine::start("upgrade");
    let (old, new) = (release(OLD, "commercial"), release(NEW, "commercial"));
    machine.install(&old.msi, &[("PROXYADDRESS", "http://proxy.example.com:8080")]).succeeded();
    runs(&machine);
    edit_by_hand(&machine);
    machine.set_registry_text(KEY, "LdapConnectionTimeoutInMilliseconds", "45000");
    machine.set_registry_dword(KEY, "UserPasswordLength", 200);
    machine.set_registry_text(KEY, "Site", "HQ");
    // The administrator chose another account and start mode.
    machine.configure_service(SERVICE, 3, "LocalSystem");

    machine.install(&new.msi, &[]).succeeded();

    edits_survived(&machine);
    let config = machine.read(CONFIG);
    assert!(without_comments(&config).contains("proxyaddress=\"http://proxy.example.com:8080"));
    assert_eq!(environment(&machine), "AzureCloud");
    let registry = machine.registry(KEY);
    assert_eq!(registry.text(KEY, "LdapConnectionTimeoutInMilliseconds"), Some("45000"));
    assert_eq!(registry.text(KEY, "ReferralChasingOptions"), Some("96"));
    assert_eq!(registry.value(KEY, "UserPasswordLength"), Some(&RegistryValue::Dword(200)));
    assert_eq!(registry.text(KEY, "Site"), Some("HQ"));
    assert_eq!(registry.text(KEY, "Version"), Some(NEW));
    let service = machine.service(SERVICE).expect("the service is kept");
    assert_eq!(service.account, "LocalSystem", "the account that was chosen");
    assert_eq!(service.start, 3, "the start mode that was chosen");
    runs(&machine);
    one_product(&machine, &new);
    crate::install::nothing_is_left_behind(&machine);
}

#[test]
fn the_government_package_over_the_commercial_one_switches_the_cloud() {
    let machine = Machine::start("replace-variant");
    let (commercial, government) = (release(OLD, "commercial"), release(OLD, "usgov"));
    assert_ne!(commercial.product_code(), government.product_code());
    machine.install(&commercial.msi, &[]).succeeded();
    edit_by_hand(&machine);
    machine.install(&government.msi, &[]).succeeded();
    assert_eq!(environment(&machine), "AzureUSGovernment");
    edits_survived(&machine);
    assert_eq!(machine.registry(KEY).text(KEY, "Cloud"), Some("usgov"));
    runs(&machine);
    one_product(&machine, &government);
}

#[test]
fn the_exempting_package_over_the_plain_one_exempts_the_agent() {
    let machine = Machine::start("replace-fips");
    let (plain, exempting) = (release(OLD, "usgov"), variant(OLD, "usgov", "exempt"));
    machine.install(&plain.msi, &[("PROXYADDRESS", "http://proxy.example.com:8080")]).succeeded();
    assert!(!without_comments(&machine.read(CONFIG)).contains("enforceFIPSPolicy"));
    machine.install(&exempting.msi, &[]).succeeded();
    let config = without_comments(&machine.read(CONFIG));
    assert!(config.contains("<enforceFIPSPolicy enabled=\"false\""), "{config}");
    assert!(config.contains("proxyaddress=\"http://proxy.example.com:8080"), "{config}");
    one_product(&machine, &exempting);
}

#[test]
fn an_upgrade_stays_in_the_folder_that_was_chosen() {
    let machine = Machine::start("upgrade-folder");
    let folder = "C:\\Agents\\Provisioning";
    machine.install(&release(OLD, "commercial").msi, &[("INSTALLDIR", folder)]).succeeded();
    machine.install(&release(NEW, "commercial").msi, &[]).succeeded();
    assert!(machine.exists(&format!("{folder}\\provisioning-agent.exe")));
    assert!(machine.exists(&format!("{folder}\\provisioning-agent.exe.config")));
    assert!(!machine.exists(INSTALL_DIR), "nothing goes to the default folder");
    runs(&machine);
}

#[test]
fn a_disabled_service_stays_disabled_and_a_broken_configuration_is_set_aside() {
    let machine = Machine::start("upgrade-disabled");
    machine.install(&release(OLD, "usgov").msi, &[]).succeeded();
    runs(&machine);
    assert_eq!(machine.run("net stop ProvisioningAgent").code, 0);
    const DISABLED: u32 = 4;
    machine.configure_service(SERVICE, DISABLED, "NT SERVICE\\ProvisioningAgent");
    let broken = "<configuration><runtime></configuration>";
    machine.write(CONFIG, broken);
    let outcome = machine.install(&release(NEW, "usgov").msi, &[]).succeeded();
    let service = machine.service(SERVICE).unwrap();
    assert_eq!((service.start, service.state), (DISABLED, State::Stopped));
    assert_eq!(environment(&machine), "AzureUSGovernment", "the configuration starts anew");
    assert_eq!(machine.read(&format!("{CONFIG}.unreadable")), broken, "what was there is kept");
    assert!(outcome.log.contains("cannot be read"), "{}", outcome.telling_lines());
}

/// One entry in "Programs and Features", and it is this release's.
#[track_caller]
fn one_product(machine: &Machine, release: &Release) {
    let (arp, entries) = arp_entries(machine);
    let [entry] = entries.as_slice() else { panic!("one entry in Programs and Features, not {entries:?}") };
    assert!(entry.to_lowercase().ends_with(&release.product_code().to_lowercase()), "{entry}");
    assert_eq!(arp.text(entry, "DisplayVersion"), Some(release.version));
}
