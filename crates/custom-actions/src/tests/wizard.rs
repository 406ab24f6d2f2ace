//! The wizard's pages: what they begin with, what they refuse, and what goes on to the installation.

use super::*;
use crate::fake::{Given, USER};
use crate::service::VIRTUAL_ACCOUNT;
use crate::wizard::*;

const TEXTS: &str = include_str!("../../../../wix/loc/en-us.wxl");

/// A package for the commercial cloud, with its texts, and what the command line says.
fn package(given: &[(&str, &str)]) -> Given {
    let package = Given::new(&[
        ("PackageCloud", "commercial"),
        ("PackageEnvironment", "AzureCloud"),
        ("PackageFips", "inherit"),
        ("ProductVersion", "1.1.0"),
        ("INSTALLDIR", r"C:\Program Files\Provisioning Agent\"),
    ]);
    for line in TEXTS.lines().filter_map(|line| line.trim().strip_prefix("<String Id=\"Text")) {
        let (name, rest) = line.split_once("\">").unwrap();
        set(&package, &format!("Text{name}"), rest.strip_suffix("</String>").unwrap());
    }
    for (name, value) in given {
        set(&package, name, value);
    }
    package
}

fn value(given: &Given, name: &str) -> String {
    given.0.borrow().get(name).cloned().unwrap_or_default()
}

fn set(given: &Given, name: &str, value: &str) {
    given.0.borrow_mut().insert(name.to_owned(), value.to_owned());
}

/// The wizard over a computer that nothing is installed on.
fn fresh(given: &[(&str, &str)]) -> (Fake, Given) {
    let (fake, package) = (Fake::new(), package(given));
    read_installation(&fake, &package).unwrap();
    (fake, package)
}

/// The wizard over an installation: the government's cloud by property, exempt, with a proxy, under this account.
fn installed(account: &str, given: &[(&str, &str)]) -> (Fake, Given) {
    let (fake, package) = (Fake::new(), package(given));
    Run::new('1', "commercial", "inherit")
        .given("Environment", "AzureUSGovernment")
        .given("Fips", "exempt")
        .given("Proxy", "http://proxy.example.com:8080")
        .install(&fake, None, None)
        .unwrap();
    fake.set_account(SERVICE, account, None).unwrap();
    fake.set_value(KEY, &RegistryValue::text("Version", "1.0.0")).unwrap();
    read_installation(&fake, &package).unwrap();
    (fake, package)
}

#[test]
fn a_first_installation_begins_with_the_package_and_passes_nothing_on_that_holds_anyway() {
    let (fake, given) = fresh(&[]);
    for (name, expected) in [
        ("WizardCloud", "AzureCloud"),
        ("WizardFips", "inherit"),
        ("WizardAccountKind", "virtual"),
        ("WizardAccount", ""),
        ("WizardProxy", ""),
        ("InstalledVersion", ""),
        ("InstalledAccount", ""),
        ("InstalledCloud", ""),
    ] {
        assert_eq!(value(&given, name), expected, "{name}");
    }
    for page in [check_folder, check_account, check_options] {
        page(&fake, &given).unwrap();
        assert_eq!(value(&given, "WizardProblem"), "");
    }
    for name in ["ENVIRONMENTNAME", "FIPSPOLICY", "PROXYADDRESS", "SERVICEACCOUNT", "SERVICEPASSWORD"] {
        assert_eq!(value(&given, name), "", "{name}");
    }
    assert_eq!(value(&given, "SummaryVersion"), "1.1.0");
    assert_eq!(value(&given, "SummaryCloud"), "Commercial (AzureCloud)");
    assert_eq!(value(&given, "SummaryAccount"), VIRTUAL_ACCOUNT);
    assert_eq!(value(&given, "SummaryProxy"), "None");
}

#[test]
fn the_command_line_is_what_the_pages_begin_with() {
    let (fake, given) = fresh(&[
        ("ENVIRONMENTNAME", "azurechinacloud"),
        ("FIPSPOLICY", "Enforce"),
        ("PROXYADDRESS", "NONE"),
        ("SERVICEACCOUNT", r"CORP\agent"),
        ("SERVICEPASSWORD", "secret"),
    ]);
    assert_eq!(value(&given, "WizardCloud"), "AzureChinaCloud");
    assert_eq!(value(&given, "WizardFips"), "enforce");
    assert_eq!(value(&given, "WizardProxy"), "");
    assert_eq!(value(&given, "WizardAccountKind"), "user");
    assert_eq!(value(&given, "WizardAccount"), r"CORP\agent");
    // Back to what the package says: a command line's word is taken back by a word, not by silence.
    set(&given, "WizardCloud", "AzureCloud");
    check_account(&fake, &given).unwrap();
    check_options(&fake, &given).unwrap();
    assert_eq!(value(&given, "WizardProblem"), "");
    assert_eq!(value(&given, "ENVIRONMENTNAME"), "AzureCloud");
    assert_eq!(value(&given, "PROXYADDRESS"), "none");
    assert_eq!(value(&given, "SERVICEACCOUNT"), r"CORP\agent");
    assert_eq!(value(&given, "SERVICEPASSWORD"), "secret");
}

#[test]
fn an_upgrade_shows_what_is_there_and_keeps_every_answer() {
    let (fake, given) = installed(r"CORP\agent", &[]);
    for (name, expected) in [
        ("InstalledVersion", "1.0.0"),
        ("InstalledAccount", r"CORP\agent"),
        ("InstalledCloud", "US government (AzureUSGovernment)"),
        ("InstalledFolder", INSTALL),
        ("WizardCloud", "AzureUSGovernment"),
        ("WizardFips", "exempt"),
        ("WizardProxy", "http://proxy.example.com:8080"),
        ("WizardAccountKind", "user"),
        ("WizardAccount", r"CORP\agent"),
    ] {
        assert_eq!(value(&given, name), expected, "{name}");
    }
    check_account(&fake, &given).unwrap();
    check_options(&fake, &given).unwrap();
    assert_eq!(value(&given, "WizardProblem"), "", "its password is not asked for again");
    for name in ["ENVIRONMENTNAME", "FIPSPOLICY", "PROXYADDRESS", "SERVICEACCOUNT"] {
        assert_eq!(value(&given, name), "", "{name}");
    }
    assert_eq!(value(&given, "SummaryVersion"), "1.1.0; until now 1.0.0");
    assert_eq!(value(&given, "SummaryCloud"), "US government (AzureUSGovernment)");
}

#[test]
fn what_is_changed_in_an_upgrade_goes_on_and_stands_beside_what_was() {
    let (fake, given) = installed(VIRTUAL_ACCOUNT, &[]);
    set(&given, "WizardAccountKind", "managed");
    set(&given, "WizardAccount", r" CORP\provAgent$ ");
    set(&given, "WizardCloud", "AzureCloud");
    set(&given, "WizardFips", "inherit");
    set(&given, "WizardProxy", "");
    check_account(&fake, &given).unwrap();
    check_options(&fake, &given).unwrap();
    assert_eq!(value(&given, "SERVICEACCOUNT"), r"CORP\provAgent$");
    assert_eq!(value(&given, "ENVIRONMENTNAME"), "AzureCloud");
    assert_eq!(value(&given, "FIPSPOLICY"), "inherit");
    assert_eq!(value(&given, "PROXYADDRESS"), "none");
    assert_eq!(value(&given, "SummaryAccount"), r"CORP\provAgent$; until now NT SERVICE\ProvisioningAgent");
    assert_eq!(value(&given, "SummaryProxy"), "None; until now http://proxy.example.com:8080");
    // And back: the virtual account holds anyway.
    set(&given, "WizardAccountKind", "virtual");
    check_account(&fake, &given).unwrap();
    assert_eq!(value(&given, "SERVICEACCOUNT"), "");
}

#[test]
fn another_clouds_package_begins_with_its_own_cloud() {
    let (fake, given) = installed(VIRTUAL_ACCOUNT, &[]);
    set(&given, "PackageCloud", "china");
    set(&given, "PackageEnvironment", "AzureChinaCloud");
    read_installation(&fake, &given).unwrap();
    assert_eq!(value(&given, "WizardCloud"), "AzureChinaCloud");
    check_options(&fake, &given).unwrap();
    assert_eq!(
        value(&given, "SummaryCloud"),
        "China (AzureChinaCloud); until now US government (AzureUSGovernment)"
    );
}

#[test]
fn accounts_that_cannot_be_are_refused_in_words() {
    for (kind, account, passwords, part) in [
        ("managed", "", ("", ""), "Give the account"),
        ("managed", "agent$", ("", ""), "agent$ does not say which domain"),
        ("managed", r"CORP\agent", ("", ""), "ends with $"),
        ("managed", r"CORP\a|b$", ("", ""), "character"),
        ("user", r"CORP\agent$", ("x", "x"), "Choose Managed account"),
        ("user", r"CORP\agent", ("", ""), r"CORP\agent needs its password"),
        ("user", r"CORP\agent", ("x", "y"), "differ"),
        ("user", r"CORP\agent", ("x", ""), "differ"),
        ("user", r"NT SERVICE\Other", ("", ""), "only virtual account"),
    ] {
        let (fake, given) = fresh(&[]);
        set(&given, "WizardAccountKind", kind);
        set(&given, "WizardAccount", account);
        set(&given, "SERVICEPASSWORD", passwords.0);
        set(&given, "WizardPasswordAgain", passwords.1);
        check_account(&fake, &given).unwrap();
        let problem = value(&given, "WizardProblem");
        assert!(problem.contains(part), "{kind} {account}: {problem}");
        assert_eq!(value(&given, "SERVICEACCOUNT"), "", "nothing goes on");
    }
}

#[test]
fn a_password_goes_on_with_a_user_alone() {
    for (kind, account, password) in
        [("user", r"CORP\agent", "x"), ("managed", r"CORP\agent$", ""), ("virtual", "", "")]
    {
        let (fake, given) = fresh(&[]);
        set(&given, "WizardAccountKind", kind);
        set(&given, "WizardAccount", account);
        set(&given, "SERVICEPASSWORD", "x");
        set(&given, "WizardPasswordAgain", "x");
        check_account(&fake, &given).unwrap();
        assert_eq!(value(&given, "WizardProblem"), "", "{kind}");
        assert_eq!(value(&given, "SERVICEPASSWORD"), password, "{kind}");
        assert_eq!(value(&given, "SERVICEACCOUNT"), account, "{kind}");
    }
}

#[test]
fn proxies_and_folders_that_cannot_be_are_refused_in_words() {
    for (proxy, part) in [
        ("proxy.example.com:8080", "begin with http://"),
        ("https://proxy.example.com:8080", "begin with http://"),
        ("http://me:hunter2@proxy:80", "user name or password"),
        ("http://proxy:80 80", "space"),
        ("http://proxy:99999", "port"),
        ("http://:80", "host name"),
        ("http://a|b:80", "host name"),
        ("http://proxy:80/path", "follow"),
    ] {
        let (fake, given) = fresh(&[("WizardProxy", "")]);
        set(&given, "WizardProxy", proxy);
        check_options(&fake, &given).unwrap();
        let problem = value(&given, "WizardProblem");
        assert!(problem.contains(part) && !problem.contains("hunter2"), "{proxy}: {problem}");
        assert_eq!(value(&given, "PROXYADDRESS"), "");
    }
    let (fake, given) = fresh(&[]);
    fake.folder(r"C:\Theirs", USER);
    fake.file(r"C:\Theirs\tool.exe", "");
    fake.file(r"C:\file", "");
    fake.link(r"C:\link");
    for (folder, part) in [
        ("", "Give a folder"),
        ("Agent", "full path"),
        (r"\\server\share", "full path"),
        (r"D:\", "whole drive"),
        (r"C:\Windows\Agent\..", "part of its path"),
        (r"C:\a?b", "character"),
        (r"C:\Windows", r"use C:\Windows"),
        (r"C:\Theirs", r"C:\Theirs holds files"),
        (r"C:\file", "is a file"),
        (r"C:\link", "is a link"),
        (r"C:\Agents\Provisioning\", ""),
        (r"C:\Program Files\Somewhere\", ""),
    ] {
        set(&given, "INSTALLDIR", folder);
        check_folder(&fake, &given).unwrap();
        let problem = value(&given, "WizardProblem");
        assert!(problem.contains(part) && problem.is_empty() == part.is_empty(), "{folder}: {problem}");
    }
}

#[test]
fn what_cannot_be_read_keeps_nobody_from_installing() {
    let (fake, given) = installed(VIRTUAL_ACCOUNT, &[]);
    fake.file(&format!(r"{INSTALL}\{}", configuration::LIVE), "<configuration>");
    fake.services.borrow_mut().clear();
    read_installation(&fake, &given).unwrap();
    assert_eq!(value(&given, "WizardCloud"), "AzureCloud");
    assert_eq!(value(&given, "InstalledCloud"), "not known");
    assert_eq!(value(&given, "InstalledAccount"), "not known");
    check_account(&fake, &given).unwrap();
    assert_eq!(value(&given, "SERVICEACCOUNT"), "", "a new service has its virtual account");
}

#[test]
fn braces_in_an_answer_stay_and_a_missing_text_is_no_silence() {
    let (fake, given) = fresh(&[]);
    set(&given, "WizardAccountKind", "managed");
    set(&given, "WizardAccount", "{1}{0}[x]$");
    check_account(&fake, &given).unwrap();
    assert!(value(&given, "WizardProblem").starts_with("{1}{0}[x]$ does not say"));
    set(&given, "TextAccountNoDomain", "");
    check_account(&fake, &given).unwrap();
    assert_eq!(value(&given, "WizardProblem"), "TextAccountNoDomain");
}

#[test]
fn the_check_is_started_from_where_the_registry_says_and_never_as_system() {
    let (fake, given) = installed(VIRTUAL_ACCOUNT, &[]);
    set(&given, "INSTALLDIR", r"C:\Elsewhere\");
    verify_installation(&fake, &given).unwrap();
    assert!(fake.started.borrow().is_empty(), "SYSTEM shows nothing");

    fake.runs_as.replace(Some(USER.to_owned()));
    verify_installation(&fake, &given).unwrap();
    assert_eq!(*fake.started.borrow(), [format!(r"{INSTALL}\provisioning-agent.exe verify --wait")]);

    fake.folder(r"C:\Theirs", USER);
    fake.set_value(KEY, &RegistryValue::text("InstallDir", r"C:\Theirs\")).unwrap();
    verify_installation(&fake, &given).unwrap_err();
    fake.folder(r"C:\Theirs", "S-1-5-32-544");
    verify_installation(&fake, &given).unwrap();
    assert_eq!(fake.started.borrow().len(), 2);
}

/// Every text that the DLL may ask for stands in the package, and every one that stands there is asked for.
#[test]
fn the_package_has_every_text_and_no_other() {
    let sources = [
        include_str!("../wizard/mod.rs"),
        include_str!("../wizard/read.rs"),
        include_str!("../wizard/answers.rs"),
    ];
    let package = include_str!("../../../../wix/ui/texts.wxs");
    let mut texts: Vec<&str> =
        package.split("<Property Id=\"Text").skip(1).map(|rest| rest.split_once('"').unwrap().0).collect();
    for cloud in app_config::Cloud::all() {
        let at = texts.iter().position(|text| *text == cloud.environment);
        texts.remove(at.unwrap_or_else(|| panic!("no text for {}", cloud.environment)));
    }
    for text in &texts {
        assert!(sources.iter().any(|source| source.contains(&format!("\"{text}\""))), "{text}");
    }
    let asked = sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
    for name in asked.filter(|name| {
        ["Folder", "Account", "Proxy"].iter().any(|page| {
            name.strip_prefix(page).is_some_and(|rest| {
                rest.starts_with(char::is_uppercase) && rest.bytes().all(|byte| byte.is_ascii_alphabetic())
            })
        })
    }) {
        assert!(texts.contains(&name), "{name} is in no package");
    }
}
