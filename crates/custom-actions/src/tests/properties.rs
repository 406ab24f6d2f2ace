//! What administrators may say, and what they are told.

use super::*;
use crate::check::{check, find_service};
use crate::fake::Given;

fn judged(properties: &[(&str, &str)]) -> Result<Given, Failure> {
    let given = Given::new(properties);
    check(&Fake::new(), &given).map(|()| given)
}

fn value(given: &Given, name: &str) -> String {
    given.0.borrow().get(name).cloned().unwrap_or_default()
}

#[test]
fn values_ignore_case_and_come_out_in_one_spelling() {
    let given = judged(&[
        ("ENVIRONMENTNAME", "azureusGOVERNMENT"),
        ("FIPSPOLICY", " EXEMPT "),
        ("PROXYADDRESS", "NONE"),
        ("NOSTART", "Yes"),
        ("SERVICEACCOUNT", r" CORP\agent$ "),
    ])
    .unwrap();
    for (name, expected) in [
        ("ENVIRONMENTNAME", "AzureUSGovernment"),
        ("FIPSPOLICY", "exempt"),
        ("PROXYADDRESS", "none"),
        ("NOSTART", "1"),
        ("SERVICEACCOUNT", r"CORP\agent$"),
    ] {
        assert_eq!(value(&given, name), expected);
    }
    assert_eq!(value(&judged(&[("NOSTART", "0")]).unwrap(), "NOSTART"), "");
    assert!(!judged(&[]).unwrap().0.borrow().contains_key("ENVIRONMENTNAME"));
}

#[test]
fn an_unknown_environment_is_refused_with_the_known_ones() {
    let failure = judged(&[("ENVIRONMENTNAME", "AzureMars")]).unwrap_err();
    assert_eq!(failure.number(), 25001);
    assert_eq!(
        failure.arguments(),
        ("AzureMars", "AzureCloud, AzureUSGovernment, AzureUSGovernmentDoD, AzureChinaCloud")
    );
}

#[test]
fn unusable_values_are_refused_without_showing_secrets() {
    for (properties, number) in [
        (vec![("FIPSPOLICY", "on")], 25002),
        (vec![("PROXYADDRESS", "http://user:hunter2@proxy:80")], 25003),
        (vec![("PROXYADDRESS", "http://a|b:80")], 25003),
        (vec![("SERVICEACCOUNT", "agent")], 25004),
        (vec![("SERVICEACCOUNT", r"CORP\agent")], 25004),
        (vec![("SERVICEACCOUNT", r"NT SERVICE\Other")], 25004),
        (vec![("SERVICEACCOUNT", r"CORP\a|Password=b$")], 25004),
        (vec![("SERVICEPASSWORD", "hunter2")], 25004),
        (vec![("NOSTART", "maybe")], 25005),
        (vec![("INSTALLDIR", r"C:\")], 25006),
        (vec![("INSTALLDIR", r"C:\Windows")], 25006),
    ] {
        let failure = judged(&properties).unwrap_err();
        assert_eq!(failure.number(), number, "{properties:?}");
        assert!(!failure.to_string().contains("hunter2"), "{failure}");
    }
    for account in [r"CORP\agent$", "agent$@corp.example", "LocalSystem", r"nt service\provisioningagent"] {
        judged(&[("SERVICEACCOUNT", account)]).unwrap();
    }
    judged(&[("SERVICEACCOUNT", r"CORP\agent"), ("SERVICEPASSWORD", "x")]).unwrap();
}

#[test]
fn an_installed_product_does_not_move_and_a_removal_is_not_judged() {
    let fake = Fake::new();
    fake.set_value(KEY, &RegistryValue::text("InstallDir", r"D:\Agent\")).unwrap();
    let there = Given::new(&[("Installed", "1"), ("INSTALLDIR", r"d:\agent")]);
    check(&fake, &there).unwrap();
    let elsewhere = Given::new(&[("Installed", "1"), ("INSTALLDIR", r"D:\Other\"), ("REMOVE", "ALL")]);
    assert_eq!(check(&fake, &elsewhere).unwrap_err().number(), 25007);
    judged(&[("REMOVE", "ALL"), ("ENVIRONMENTNAME", "AzureMars")]).unwrap();

    // The registry lost the value: only the default is believed.
    judged(&[("Installed", "1"), ("INSTALLDIR", r"C:\Program Files\Provisioning Agent\")]).unwrap();
    assert_eq!(judged(&[("Installed", "1"), ("INSTALLDIR", r"C:\Windows")]).unwrap_err().number(), 25007);
}

#[test]
fn a_service_that_is_there_is_kept_and_a_disabled_one_not_started() {
    let fake = Fake::new();
    let given = Given::new(&[]);
    find_service(&fake, &given).unwrap();
    assert_eq!(value(&given, "ServiceKept"), "");
    Run::new('1', "commercial", "inherit").install(&fake, None, None).unwrap();
    fake.set_start(SERVICE, ServiceState::START_DISABLED, false).unwrap();
    find_service(&fake, &given).unwrap();
    check(&fake, &given).unwrap();
    assert_eq!(value(&given, "ServiceKept"), "1");
    assert_eq!(value(&given, "ServiceDisabled"), "1");
}

#[test]
fn the_package_calls_every_entry_point_and_no_other() {
    let sources =
        [include_str!("../../../../wix/actions.wxs"), include_str!("../../../../wix/ui/actions.wxs")];
    let calls = sources.iter().flat_map(|source| source.split("DllEntry=\"").skip(1));
    let mut called: Vec<&str> = calls.map(|rest| rest.split_once('"').unwrap().0).collect();
    let library = include_str!("../windows/mod.rs");
    let mut entries: Vec<&str> = library
        .lines()
        .filter_map(|line| line.strip_prefix("    ")?.strip_suffix(',')?.split_once(" => "))
        .map(|(name, _)| name)
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .collect();
    called.sort_unstable();
    called.dedup();
    entries.sort_unstable();
    assert_eq!(called, entries);
    assert!(entries.len() > 15);
}

#[test]
fn every_error_has_its_text_in_the_package() {
    let texts = include_str!("../../../../wix/actions.wxs");
    for failure in [
        Failure::Environment(String::new(), String::new()),
        Failure::Fips(String::new()),
        Failure::Proxy(String::new()),
        Failure::Account(String::new(), String::new()),
        Failure::NoStart(String::new()),
        Failure::InstallDir(String::new(), String::new()),
        Failure::InstallDirMoved(String::new(), String::new()),
        Failure::step("", ""),
    ] {
        assert!(texts.contains(&format!("<Error Id=\"{}\">", failure.number())), "{failure:?}");
    }
}
