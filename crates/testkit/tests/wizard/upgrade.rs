//! A newer package over an installed one.

use crate::agent::*;
use crate::setup::{Setup, page};
use testkit::Desktop;

/// Names the machine's user so that it can be a managed account: Wine knows its own user alone.
const MANAGED: &str = "prov$";

#[test]
fn an_upgrade_shows_what_is_there_keeps_every_answer_and_moves_the_agent_to_a_managed_account() {
    let desktop = Desktop::start("wizard-upgrade");
    let properties = [
        ("ENVIRONMENTNAME", "AzureUSGovernment"),
        ("FIPSPOLICY", "exempt"),
        ("PROXYADDRESS", "http://proxy.example.com:8080"),
        ("INSTALLDIR", "C:\\Agents\\Provisioning"),
    ];
    desktop.install(&release(OLD, "commercial").msi, &properties).succeeded();
    let config = "C:\\Agents\\Provisioning\\provisioning-agent.exe.config";

    let setup = Setup::as_user(&desktop, &release(NEW, "commercial").msi, MANAGED);
    let upgrade = setup.page(page::UPGRADE, "upgrade");
    for there in [
        "1.0.0, replaced by 1.1.0",
        "NT SERVICE\\ProvisioningAgent",
        "US government (AzureUSGovernment)",
        "C:\\Agents\\Provisioning",
    ] {
        assert!(upgrade.shows(there), "{there}: {upgrade:#?}");
    }
    setup.keys(&upgrade, &["Return"]);
    let license = setup.still(page::LICENSE);
    setup.keys(&license, &["space"]);
    setup.until(page::LICENSE, "Next to be enabled", |page| page.control("Next").enabled);
    setup.keys(&license, &["Return"]);
    let folder = setup.page(page::FOLDER, "folder");
    assert!(folder.focused().unwrap().text.starts_with("C:\\Agents\\Provisioning"), "{folder:#?}");
    setup.keys(&folder, &["Return"]);
    let cloud = setup.page(page::CLOUD, "cloud");
    assert!(cloud.control("US government").checked, "the cloud that was chosen");
    setup.keys(&cloud, &["Return"]);
    let account = setup.page(page::ACCOUNT, "account");
    assert!(account.control("Virtual account").checked && account.shows("to keep it"));
    setup.keys(&account, &["alt+m"]);
    setup.until(page::ACCOUNT, "a managed account", |page| page.control("Managed account (gMSA)").checked);
    setup.fill(page::ACCOUNT, 0, &format!(".\\{MANAGED}"));
    let account = setup.page(page::ACCOUNT, "account-managed");
    setup.keys(&account, &["Return"]);
    let options = setup.page(page::OPTIONS, "options");
    assert!(options.control("Exempt the agent").checked, "the policy that was chosen");
    assert!(options.shows("http://proxy.example.com:8080"), "the proxy that was chosen");
    setup.keys(&options, &["Return"]);
    let summary = setup.page(page::SUMMARY, "summary");
    for change in ["1.1.0; until now 1.0.0", ".\\prov$; until now NT SERVICE\\ProvisioningAgent"] {
        assert!(summary.shows(change), "{change}: {summary:#?}");
    }
    setup.keys(&summary, &["Return"]);
    assert_eq!(setup.finish("The Provisioning Agent is installed.", "finished"), 0);

    let text = desktop.read(config);
    assert_eq!(app_setting(&text, "EnvironmentName"), "AzureUSGovernment");
    let nodes = without_comments(&text);
    assert!(nodes.contains("<enforceFIPSPolicy enabled=\"false\""), "{nodes}");
    assert!(nodes.contains("proxyaddress=\"http://proxy.example.com:8080"), "{nodes}");
    assert_eq!(desktop.registry(KEY).text(KEY, "Version"), Some(NEW));
    let service = desktop.service(SERVICE).expect("the service is kept");
    assert!(service.account.ends_with(MANAGED), "{}", service.account);
    assert_eq!(arp_entries(&desktop).1.len(), 1);
}
