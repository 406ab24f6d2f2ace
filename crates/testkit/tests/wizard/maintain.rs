//! The installed product: changed, repaired, removed.

use crate::agent::*;
use crate::setup::{Setup, page};
use testkit::Desktop;

#[test]
fn the_installed_agent_is_changed_repaired_and_removed() {
    let desktop = Desktop::start("wizard-maintain");
    let release = release(OLD, "commercial");
    desktop.install(&release.msi, &[]).succeeded();
    edit_by_hand(&desktop);

    let setup = Setup::of(&desktop, &release.msi, "");
    let maintenance = setup.page(page::MAINTENANCE, "maintenance");
    for there in ["1.0.0", "NT SERVICE\\ProvisioningAgent", "Commercial (AzureCloud)", INSTALL_DIR] {
        assert!(maintenance.shows(there), "{there}: {maintenance:#?}");
    }
    setup.keys(&maintenance, &["alt+c"]);
    let cloud = setup.still(page::CLOUD);
    setup.keys(&cloud, &["alt+d"]);
    setup.until(page::CLOUD, "the DoD's cloud", |page| page.control("US government, DoD").checked);
    setup.keys(&cloud, &["Return"]);
    let account = setup.still(page::ACCOUNT);
    setup.keys(&account, &["Return"]);
    let options = setup.still(page::OPTIONS);
    assert!(options.control("Exempt the agent").checked, "as it was edited by hand");
    setup.keys(&options, &["Return"]);
    let summary = setup.page(page::SUMMARY, "summary");
    assert!(
        summary.shows("US government, DoD (AzureUSGovernmentDoD); until now Commercial (AzureCloud)"),
        "{summary:#?}"
    );
    setup.keys(&summary, &["Return"]);
    assert_eq!(setup.finish("The Provisioning Agent is installed.", "changed"), 0);
    assert_eq!(environment(&desktop), "AzureUSGovernmentDoD");
    edits_survived(&desktop);
    runs(&desktop);

    desktop.remove(&format!("{INSTALL_DIR}\\LICENSE-MIT"));
    let setup = Setup::of(&desktop, &release.msi, "");
    let maintenance = setup.still(page::MAINTENANCE);
    assert!(maintenance.shows("US government, DoD (AzureUSGovernmentDoD)"));
    setup.keys(&maintenance, &["alt+r"]);
    let repair = setup.page("Ready to repair", "repair");
    setup.keys(&repair, &["Return"]);
    assert_eq!(setup.finish("The Provisioning Agent is installed.", "repaired"), 0);
    assert!(desktop.exists(&format!("{INSTALL_DIR}\\LICENSE-MIT")), "the file is back");
    assert_eq!(environment(&desktop), "AzureUSGovernmentDoD", "a repair changes no answer");
    runs(&desktop);

    let setup = Setup::of(&desktop, &release.msi, "");
    let maintenance = setup.still(page::MAINTENANCE);
    setup.keys(&maintenance, &["alt+m"]);
    let remove = setup.page("Ready to remove", "remove");
    // Return goes back: nobody removes the agent by leaning on the keyboard.
    setup.keys(&remove, &["Return"]);
    let maintenance = setup.still(page::MAINTENANCE);
    setup.keys(&maintenance, &["Escape"]);
    let cancel = setup.still(page::CANCEL);
    setup.keys(&cancel, &["alt+y"]);
    assert_eq!(setup.finish("You cancelled Setup.", "cancelled"), 1602);
    runs(&desktop);

    // Wine works out anew what becomes of the features and forgets that the page removed them; `tables.rs` looks at what the
    // button says. What a command line removes leads through one page to the same end.
    let setup = Setup::of(&desktop, &release.msi, "REMOVE=ALL");
    let resume = setup.page("Choose Continue to carry out what was asked for", "remove-asked");
    setup.keys(&resume, &["Return"]);
    let removed = setup.page("The Provisioning Agent was removed.", "removed");
    assert!(!removed.shows("Verify the installation now"), "there is nothing to verify");
    assert_eq!(setup.finish("Finished", "end"), 0);
    assert_eq!(installed_files(&desktop), [""; 0]);
    assert_eq!(desktop.service(SERVICE), None);
}
