//! First installations: one by keyboard alone, with every answer changed and every wrong answer refused, one by mouse.

use crate::agent::*;
use crate::setup::{self, Setup, page};
use testkit::{Desktop, State};

const PASSWORD: &str = "Zq7-pass=wo;rd-93";

/// No mouse: the tabulator key, accelerators, Return. The account is the one that Wine knows by name.
#[test]
fn the_keyboard_alone_leads_through_every_page() {
    let desktop = Desktop::start("wizard-keyboard");
    let user = desktop.run("cmd /c echo %USERNAME%").stdout.trim().to_owned();
    let setup = Setup::of(&desktop, &release(OLD, "commercial").msi, "NOSTART=1");

    let welcome = setup.page(page::WELCOME, "welcome");
    assert!(welcome.shows("Version 1.0.0"));
    assert!(!welcome.control("Back").enabled);
    setup.keys(&welcome, &["Return"]);

    let license = setup.page(page::LICENSE, "license");
    assert!(license.controls.iter().any(|control| control.text.contains("MIT licence")), "{license:#?}");
    assert!(!license.control("Next").enabled, "not before the licence is accepted");
    setup.keys(&license, &["alt+a"]);
    let license = setup.until(page::LICENSE, "Next to be enabled", |page| page.control("Next").enabled);
    setup.keys(&license, &["Return"]);

    let folder = setup.page(page::FOLDER, "folder");
    assert!(folder.focused().unwrap().text.starts_with(INSTALL_DIR), "the default: {folder:#?}");
    let folder = setup.fill(page::FOLDER, 0, "C:\\windows");
    setup.keys(&folder, &["alt+n"]);
    setup.refuses("Other programs use C:\\windows.", "folder-refused");
    let folder = setup.fill(page::FOLDER, 0, "C:\\Agents\\Provisioning");
    // Wine takes over a path when the keyboard leaves its field, which Return does not do.
    setup.keys(&folder, &["alt+n"]);

    let cloud = setup.page(page::CLOUD, "cloud");
    assert!(cloud.control("Commercial").checked, "the package's own cloud");
    setup.keys(&cloud, &["alt+g"]);
    let cloud =
        setup.until(page::CLOUD, "the government's cloud", |page| page.control("US government").checked);
    setup.keys(&cloud, &["alt+n"]);

    let account = setup.page(page::ACCOUNT, "account");
    assert!(account.control("Virtual account").checked);
    assert_eq!(open(&account), [false, false, false], "nothing to type for a virtual account");
    setup.keys(&account, &["alt+m"]);
    let managed = setup.until(page::ACCOUNT, "a managed account", |page| open(page)[0]);
    assert_eq!(open(&managed), [true, false, false], "the domain keeps the password");
    let managed = setup.fill(page::ACCOUNT, 0, "CORP\\agent");
    setup.keys(&managed, &["Return"]);
    setup.refuses("The name of a managed account ends with $.", "account-refused");
    setup.tab_to(page::ACCOUNT, "the options", |control| control.checked);
    setup.keys(&managed, &["alt+a"]);
    setup.until(page::ACCOUNT, "another account", |page| open(page)[2]);
    setup.fill(page::ACCOUNT, 0, &format!(".\\{user}"));
    setup.fill(page::ACCOUNT, 1, PASSWORD);
    setup.fill(page::ACCOUNT, 2, "something else");
    // Wine shows what Windows hides; `tables.rs` looks at the fields' attributes.
    let typed = setup.page(page::ACCOUNT, "account-user");
    setup.keys(&typed, &["Return"]);
    setup.refuses("The two passwords differ.", "passwords-refused");
    let typed = setup.fill(page::ACCOUNT, 2, PASSWORD);
    setup.keys(&typed, &["Return"]);

    let options = setup.page(page::OPTIONS, "options");
    assert!(options.control("Follow the server").checked);
    setup.keys(&options, &["alt+e"]);
    let options = setup.fill(page::OPTIONS, 0, "proxy.example.com:8080");
    setup.keys(&options, &["Return"]);
    setup.refuses("The proxy address must begin with http://.", "proxy-refused");
    let options = setup.fill(page::OPTIONS, 0, "http://proxy.example.com:8080");
    setup.keys(&options, &["Return"]);

    let summary = setup.page(page::SUMMARY, "summary");
    for answer in [
        "1.0.0",
        "C:\\Agents\\Provisioning\\",
        "US government (AzureUSGovernment)",
        &format!(".\\{user}"),
        "(exempt)",
        "http://proxy.example.com:8080",
    ] {
        assert!(summary.shows(answer), "{answer}: {summary:#?}");
    }
    // Back keeps what was typed.
    setup.keys(&summary, &["alt+b"]);
    let options = setup.still(page::OPTIONS);
    assert!(options.control("Exempt the agent").checked && options.shows("http://proxy.example.com:8080"));
    setup.keys(&options, &["alt+n"]);
    let summary = setup.still(page::SUMMARY);
    setup.keys(&summary, &["alt+i"]);

    let finished = setup.page("The Provisioning Agent is installed.", "finished");
    assert!(!finished.control("Verify the installation now").checked);
    assert_eq!(setup.finish("Finished", "end"), 0);

    let config = desktop.read("C:\\Agents\\Provisioning\\provisioning-agent.exe.config");
    assert_eq!(app_setting(&config, "EnvironmentName"), "AzureUSGovernment");
    let nodes = without_comments(&config);
    assert!(nodes.contains("<enforceFIPSPolicy enabled=\"false\""), "{nodes}");
    assert!(nodes.contains("proxyaddress=\"http://proxy.example.com:8080"), "{nodes}");
    let service = desktop.service(SERVICE).expect("there is a service");
    assert!(service.account.to_lowercase().ends_with(&user.to_lowercase()), "{}", service.account);
    assert_eq!(service.state, State::Stopped, "NOSTART counts in the wizard too");
    assert!(service.binary.contains("C:\\Agents\\Provisioning"), "{}", service.binary);
    // Wine dumps hidden properties; `tables.rs` looks at what hides them on Windows.
    let log = setup::log(&desktop);
    let told = log.lines().filter(|line| line.contains(PASSWORD) && !line.starts_with("Property("));
    assert_eq!(told.collect::<Vec<_>>(), [""; 0], "the log has the password");
}

/// Whether the account and the two passwords can be typed.
fn open(window: &testkit::Window) -> [bool; 3] {
    let mut fields = setup::fields(window);
    [(); 3].map(|()| fields.next().expect("the page has three fields").enabled)
}

#[test]
fn the_mouse_alone_installs_with_what_the_package_brings_and_verifies() {
    let desktop = Desktop::start("wizard-mouse");
    let release = release(OLD, "china");
    let setup = Setup::of(&desktop, &release.msi, "");
    for (sentence, picture) in [(page::WELCOME, "welcome"), (page::LICENSE, "license")] {
        let window = setup.page(sentence, picture);
        if sentence == page::LICENSE {
            setup.click(&window, "I accept the terms of one of these licences");
            setup.until(page::LICENSE, "Next to be enabled", |page| page.control("Next").enabled);
        }
        setup.click(&window, "Next");
    }
    let folder = setup.page(page::FOLDER, "folder");
    setup.click(&folder, "Browse...");
    let browse = setup.page("Choose a folder, or make a new one.", "browse");
    setup.click(&browse, "Cancel");
    let folder = setup.still(page::FOLDER);
    setup.click(&folder, "Next");
    let cloud = setup.page(page::CLOUD, "cloud");
    assert!(cloud.control("China").checked, "the package's own cloud");
    setup.click(&cloud, "Next");
    for (sentence, picture) in [(page::ACCOUNT, "account"), (page::OPTIONS, "options")] {
        let window = setup.page(sentence, picture);
        setup.click(&window, "Next");
    }
    let summary = setup.page(page::SUMMARY, "summary");
    assert!(summary.shows("China (AzureChinaCloud)") && summary.shows("NT SERVICE\\ProvisioningAgent"));
    setup.click(&summary, "Install");
    let finished = setup.page("The Provisioning Agent is installed.", "finished");
    setup.click(&finished, "Verify the installation now");
    setup.until("Finished", "the tick", |page| page.control("Verify the installation now").checked);
    assert_eq!(setup.finish("Finished", "ticked"), 0);

    assert_eq!(environment(&desktop), "AzureChinaCloud");
    runs(&desktop);
    let verify = desktop.wait_until("the agent's check in its window", |window| {
        window.title.to_lowercase().contains("provisioning-agent.exe")
    });
    desktop.picture("verify");
    desktop.keys(&verify, &["Return"]);
}
