//! Install, upgrade, variant over variant, rollback, remove.

use app_config::{FipsPolicy, Proxy};

use super::*;

fn edit(fake: &Fake, change: impl FnOnce(&mut app_config::Config)) {
    let mut config = live(fake);
    change(&mut config);
    fake.file(&format!(r"{INSTALL}\provisioning-agent.exe.config"), &config.to_string());
}

fn setting(fake: &Fake, name: &str) -> Option<RegistryValue> {
    fake.values(KEY).unwrap().unwrap_or_default().into_iter().find(|value| value.name == name)
}

#[test]
fn a_first_installation_makes_everything_and_leaves_no_backup() {
    let fake = Fake::new();
    Run::new('1', "usgov", "inherit").install(&fake, None, None).unwrap();
    assert_eq!(live(&fake).environment().unwrap().name, "usgov");
    assert_eq!(setting(&fake, "ReferralChasingOptions").unwrap().as_text().unwrap(), "96");
    assert_eq!(setting(&fake, "UserPasswordLength"), Some(RegistryValue::number("UserPasswordLength", 256)));
    let service = service_of(&fake);
    assert_eq!(service.command_line, format!("\"{INSTALL}\\provisioning-agent.exe\" service"));
    assert_eq!(service.recovery.actions, [(1, 60_000), (1, 300_000), (0, 0)]);
    assert_eq!(service.sid_type, ServiceState::SID_UNRESTRICTED);
    assert!(!fake.paths().iter().any(|path| path.contains("Backup")));
}

#[test]
fn properties_win_over_the_package_and_are_applied_ignoring_case() {
    let fake = Fake::new();
    Run::new('1', "commercial", "inherit")
        .given("Environment", "azureUSgovernmentDOD")
        .given("Fips", "Exempt")
        .given("Proxy", "http://proxy.corp.example:8080")
        .install(&fake, None, None)
        .unwrap();
    let config = live(&fake);
    assert_eq!(config.environment().unwrap().name, "usgov-dod");
    assert_eq!(config.fips().unwrap(), FipsPolicy::Exempt);
    assert_eq!(config.proxy().unwrap().unwrap().host(), "proxy.corp.example");
}

#[test]
fn an_upgrade_keeps_edits_settings_and_service_on_windows_and_where_the_old_product_cleans_up_too_eagerly() {
    for nested_knows in [true, false] {
        let fake = Fake::new();
        let old = Run::new('1', "commercial", "inherit");
        old.install(&fake, None, None).unwrap();
        edit(&fake, |config| {
            config.set_environment(app_config::Cloud::by_name("china").unwrap());
            config.set_fips(FipsPolicy::Exempt);
            config.set_proxy(Some(&Proxy::parse("http://p:1").unwrap()));
        });
        let text = fake.text(&format!(r"{INSTALL}\provisioning-agent.exe.config")).unwrap();
        let text = text.replace("<configuration>", "<configuration><!-- ours, 2026 -->");
        fake.file(&format!(r"{INSTALL}\provisioning-agent.exe.config"), &text);
        fake.set_value(KEY, &RegistryValue::text("LdapConnectionTimeoutInMilliseconds", "90000")).unwrap();
        fake.set_value(KEY, &RegistryValue::text("TenantID", "t")).unwrap();
        let mut service = service_of(&fake);
        service.account = r"CORP\agent$".to_owned();
        service.delayed = true;
        service.recovery.actions = vec![(1, 5)];
        service.command_line = format!("\"{INSTALL}\\provisioning-agent.exe\" service --verbose");
        fake.services.borrow_mut().insert(SERVICE.to_owned(), service.clone());

        let mut new = Run::new('2', "commercial", "inherit");
        new.nested_knows = nested_knows;
        new.shipped = new.shipped.replace("<runtime>", "<runtime><gcServer enabled=\"true\" />");
        new.install(&fake, Some(&old), None).unwrap();

        let config = live(&fake);
        assert_eq!(config.environment().unwrap().name, "china", "nested_knows {nested_knows}");
        assert_eq!(config.fips().unwrap(), FipsPolicy::Exempt);
        assert_eq!(config.proxy().unwrap().unwrap().port(), 1);
        let now = config.to_string();
        assert!(now.contains("<!-- ours, 2026 -->") && now.contains("gcServer"), "{now}");
        assert_eq!(fake.text(&format!(r"{INSTALL}\provisioning-agent.exe.config.bak")).unwrap(), text);
        assert_eq!(
            setting(&fake, "LdapConnectionTimeoutInMilliseconds").unwrap().as_text().as_deref(),
            Some("90000")
        );
        assert_eq!(setting(&fake, "TenantID").unwrap().as_text().as_deref(), Some("t"));
        assert_eq!(service_of(&fake).account, service.account);
        assert!(service_of(&fake).delayed);
        assert_eq!(service_of(&fake).recovery, service.recovery);
        assert_eq!(service_of(&fake).command_line, service.command_line);
        assert!(!fake.paths().iter().any(|path| path.contains("Backup")));
    }
}

#[test]
fn another_clouds_package_switches_the_environment_and_keeps_the_rest() {
    let fake = Fake::new();
    let commercial = Run::new('1', "commercial", "inherit").given("Proxy", "http://p:3128");
    commercial.install(&fake, None, None).unwrap();
    Run::new('2', "usgov", "inherit").install(&fake, Some(&commercial), None).unwrap();
    assert_eq!(live(&fake).environment().unwrap().name, "usgov");
    assert_eq!(live(&fake).proxy().unwrap().unwrap().port(), 3128);
}

#[test]
fn a_fips_variant_applies_where_nothing_was_said_and_yields_where_something_was() {
    let cases = [
        // Installed variant, what an administrator writes then, new variant, result.
        ("inherit", None, "exempt", FipsPolicy::Exempt),
        ("exempt", None, "inherit", FipsPolicy::Exempt),
        ("exempt", Some(FipsPolicy::Inherit), "exempt", FipsPolicy::Inherit),
        ("inherit", Some(FipsPolicy::Enforce), "exempt", FipsPolicy::Enforce),
    ];
    for (installed, edited, new, expected) in cases {
        let fake = Fake::new();
        let old = Run::new('1', "commercial", installed);
        old.install(&fake, None, None).unwrap();
        if let Some(policy) = edited {
            edit(&fake, |config| config.set_fips(policy));
        }
        Run::new('2', "commercial", new).install(&fake, Some(&old), None).unwrap();
        assert_eq!(live(&fake).fips().unwrap(), expected, "{installed} {edited:?} {new}");
    }
}

#[test]
fn none_clears_the_proxy() {
    let fake = Fake::new();
    let old = Run::new('1', "commercial", "inherit").given("Proxy", "http://p:3128");
    old.install(&fake, None, None).unwrap();
    Run::new('2', "commercial", "inherit").given("Proxy", "none").install(&fake, Some(&old), None).unwrap();
    assert_eq!(live(&fake).proxy().unwrap(), None);
}

#[test]
fn a_repair_changes_nothing_and_a_lost_configuration_comes_back() {
    let fake = Fake::new();
    let run = Run::new('1', "commercial", "inherit");
    run.install(&fake, None, None).unwrap();
    edit(&fake, |config| config.set_fips(FipsPolicy::Exempt));
    let before = everything(&fake);
    run.install(&fake, None, None).unwrap();
    assert!(everything(&fake) == before);
    fake.delete(&format!(r"{INSTALL}\provisioning-agent.exe.config")).unwrap();
    run.install(&fake, None, None).unwrap();
    assert_eq!(live(&fake).environment().unwrap().name, "commercial");
}

#[test]
fn a_broken_configuration_is_kept_aside_and_made_anew() {
    let fake = Fake::new();
    let run = Run::new('1', "commercial", "inherit");
    run.install(&fake, None, None).unwrap();
    fake.file(&format!(r"{INSTALL}\provisioning-agent.exe.config"), "<configuration>");
    run.install(&fake, None, None).unwrap();
    assert_eq!(live(&fake).environment().unwrap().name, "commercial");
    let aside = fake.text(&format!(r"{INSTALL}\provisioning-agent.exe.config.unreadable")).unwrap();
    assert_eq!(aside, "<configuration>");
}

#[test]
fn a_failure_puts_everything_back_wherever_it_happens() {
    for fail in ["RemoveExistingProducts", "StartServices"] {
        for nested_knows in [true, false] {
            let fake = Fake::new();
            let mut run = Run::new('1', "commercial", "inherit");
            let empty = everything(&fake);
            run.install(&fake, None, Some(fail)).unwrap_err();
            assert_eq!(everything(&fake), empty, "first installation, {fail}");

            run.install(&fake, None, None).unwrap();
            edit(&fake, |config| config.set_fips(FipsPolicy::Exempt));
            fake.set_value(KEY, &RegistryValue::text("ReferralChasingOptions", "0")).unwrap();
            fake.file(&format!(r"{DATA}\status.json"), "{}");
            let before = everything(&fake);
            let mut new = Run::new('2', "usgov", "enforce").given("Proxy", "http://p:1");
            new.nested_knows = nested_knows;
            if !nested_knows && fail == "RemoveExistingProducts" {
                // Here the service is gone for good unless the installer brings it back, which it does on Windows.
                run.nested_knows = false;
                continue;
            }
            new.install(&fake, Some(&run), Some(fail)).unwrap_err();
            assert_eq!(everything(&fake), before, "upgrade, {fail}, {nested_knows}");
        }
    }
}

#[test]
fn a_full_disk_while_the_configuration_is_written_is_rolled_back() {
    let fake = Fake::new();
    let run = Run::new('1', "commercial", "inherit");
    run.install(&fake, None, None).unwrap();
    edit(&fake, |config| config.set_fips(FipsPolicy::Exempt));
    let before = everything(&fake);
    *fake.broken.borrow_mut() = Some(format!(r"{INSTALL}\provisioning-agent.exe.config"));
    let failure = Run::new('2', "usgov", "inherit").install(&fake, Some(&run), None).unwrap_err();
    assert!(failure.to_string().contains("disk full"), "{failure}");
    assert_eq!(everything(&fake), before);
}

#[test]
fn moving_the_product_takes_the_configuration_along_and_a_failure_brings_it_back() {
    let fake = Fake::new();
    let old = Run::new('1', "commercial", "exempt");
    old.install(&fake, None, None).unwrap();
    edit(&fake, |config| config.set_environment(app_config::Cloud::by_name("china").unwrap()));
    let before = everything(&fake);
    let mut new = Run::new('2', "commercial", "exempt");
    new.install = r"D:\Agents\Agent".to_owned();
    new.install(&fake, Some(&old), Some("StartServices")).unwrap_err();
    let config = live(&fake);
    assert_eq!(config.environment().unwrap().name, "china");
    fake.delete(&format!(r"{}\{SHIPPED}", new.install)).unwrap();
    fake.remove_folder(&new.install).unwrap();
    fake.remove_folder(r"D:\Agents").unwrap();
    assert_eq!(everything(&fake), before);

    new.install(&fake, Some(&old), None).unwrap();
    let moved = fake.text(r"D:\Agents\Agent\provisioning-agent.exe.config").unwrap();
    assert_eq!(app_config::Config::parse(&moved).unwrap().environment().unwrap().name, "china");
    assert!(!fake.paths().iter().any(|path| path.starts_with(INSTALL)));
    assert_eq!(service_of(&fake).command_line, r#""D:\Agents\Agent\provisioning-agent.exe" service"#);
}

#[test]
fn removal_leaves_logs_and_nothing_else() {
    let fake = Fake::new();
    let empty = everything(&fake);
    let run = Run::new('1', "commercial", "inherit");
    run.install(&fake, None, None).unwrap();
    edit(&fake, |config| config.set_fips(FipsPolicy::Exempt));
    run.install(&fake, None, None).unwrap();
    fake.set_value(KEY, &RegistryValue::text("TenantID", "t")).unwrap();
    fake.file(&format!(r"{DATA}\status.json"), "{}");
    run.remove(&fake, false).unwrap();
    assert_eq!(everything(&fake), empty);

    run.install(&fake, None, None).unwrap();
    fake.create_folder(&format!(r"{DATA}\Trace"), "").unwrap();
    fake.file(&format!(r"{DATA}\Trace\provisioning-agent.log"), "it ran");
    run.remove(&fake, false).unwrap();
    let left: Vec<String> = fake.paths().into_iter().filter(|path| path.contains("Provisioning")).collect();
    assert_eq!(
        left,
        [DATA.to_owned(), format!(r"{DATA}\Trace"), format!(r"{DATA}\Trace\provisioning-agent.log")]
    );
}

#[test]
fn an_account_is_changed_only_when_told_and_its_password_goes_nowhere_else() {
    let fake = Fake::new();
    let run = Run::new('1', "commercial", "inherit");
    run.install(&fake, None, None).unwrap();
    assert!(fake.passwords.borrow().is_empty());
    let context = run.context(false, r"|Account=CORP\svc|Password=pa|ss=word");
    folders::prepare(&fake, &context).unwrap();
    service::configure_account(&fake, &context).unwrap();
    assert_eq!(*fake.passwords.borrow(), [(r"CORP\svc".to_owned(), Some("pa|ss=word".to_owned()))]);
    assert!(!fake.logged("pa|ss") && fake.logged(r"CORP\svc"));
    let everywhere = format!("{:?}{:?}", fake.nodes.borrow(), fake.keys.borrow());
    assert!(!everywhere.contains("pa|ss"));

    let context = run.context(false, r"|Account=CORP\gmsa$|Password=");
    service::configure_account(&fake, &context).unwrap();
    assert_eq!(fake.passwords.borrow()[1], (r"CORP\gmsa$".to_owned(), None));
    let context = run.context(false, r"|Account=CORP\nobody$|Password=");
    assert!(service::configure_account(&fake, &context).unwrap_err().to_string().contains("nobody"));
}

#[test]
fn a_changed_account_is_rolled_back_with_the_right_that_it_was_given() {
    for had_the_right in [false, true] {
        let fake = Fake::new();
        let run = Run::new('1', "commercial", "inherit");
        run.install(&fake, None, None).unwrap();
        if had_the_right {
            fake.grant_service_logon(r"CORP\gmsa$").unwrap();
        }
        let context = run.context(false, r"|Account=CORP\gmsa$|Password=");
        folders::prepare(&fake, &context).unwrap();
        state::save(&fake, &context).unwrap();
        service::configure_account(&fake, &context).unwrap();
        assert_eq!(service_of(&fake).account, r"CORP\gmsa$");
        assert_eq!(fake.logons.borrow().len(), 1);
        service::restore_account(&fake, &context).unwrap();
        assert_eq!(service_of(&fake).account, service::VIRTUAL_ACCOUNT);
        assert_eq!(fake.logons.borrow().len(), usize::from(had_the_right));
    }
}

#[test]
fn a_system_without_recovery_settings_still_installs() {
    let mut fake = Fake::new();
    fake.plain_services = true;
    Run::new('1', "commercial", "inherit").install(&fake, None, None).unwrap();
    assert!(fake.logged("cannot set the service's recovery"));
}
