//! Setup that ends early: cancelled on a page, failed while it works.

use crate::agent::*;
use crate::setup::{Setup, page};
use std::path::Path;
use testkit::{Control, Desktop, Variant, Window};

/// What msiexec ends with when somebody cancels.
const CANCELLED: u32 = 1602;

#[test]
fn escape_asks_and_yes_ends_setup_without_a_trace() {
    let desktop = Desktop::start("wizard-cancel-page");
    let before = desktop.snapshot();
    let setup = Setup::of(&desktop, &release(OLD, "commercial").msi, "");
    let welcome = setup.still(page::WELCOME);
    setup.keys(&welcome, &["Escape"]);
    let cancel = setup.page(page::CANCEL, "cancel");
    assert_eq!(cancel.focused().map(Control::label), Some("No".to_owned()));
    // Return is No.
    setup.keys(&cancel, &["Return"]);
    desktop.wait_until_gone(page::CANCEL);
    let welcome = setup.still(page::WELCOME);
    setup.keys(&welcome, &["Escape"]);
    let cancel = setup.still(page::CANCEL);
    setup.keys(&cancel, &["alt+y"]);
    assert_eq!(setup.finish("You cancelled Setup.", "cancelled"), CANCELLED);
    let ours = |name: &str| name.starts_with("C:\\packages") || name.starts_with("C:\\logs");
    let differences = before.without(ours).differences(&desktop.snapshot().without(ours));
    assert_eq!(differences, []);
}

/// Wine's engine asks while it works, by mouse only, and after Yes goes on with the next action as if nothing had been said. So an
/// action of the test's own hears of the Yes, and ends as Windows ends what it was doing. Wine ends the work then, and undoes
/// nothing, which it does only for work that fails: the next test.
#[test]
fn cancelling_the_work_is_asked_about_and_ends_it() {
    let desktop = Desktop::start("wizard-cancel-work");
    let mut package = Variant::of(&release(OLD, "commercial").msi);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cancelled");
    let msi = package.cancel_at_the_end().write(&folder, "cancelled.msi");
    let setup = Setup::of(&desktop, &msi, "");
    to_the_summary(&setup, |_, _| ());
    let summary = setup.still(page::SUMMARY);
    setup.keys(&summary, &["Return"]);
    let working = setup.until(page::PROGRESS, "the work", |page| page.control("Cancel").enabled);
    desktop.picture("working");
    setup.click(&working, "Cancel");
    let cancel = setup.page(page::CANCEL, "cancel");
    setup.keys(&cancel, &["alt+y"]);
    desktop.wait_until_gone(page::CANCEL);
    desktop.write(testkit::variant::CANCEL_NOW, "");
    assert_eq!(setup.finish("You cancelled Setup.", "cancelled"), CANCELLED);
}

/// From the first page to the last question, with what the package brings; `look` sees the pages that ask.
fn to_the_summary(setup: &Setup<'_>, look: impl Fn(&str, &Window)) {
    let welcome = setup.still(page::WELCOME);
    setup.keys(&welcome, &["Return"]);
    let license = setup.still(page::LICENSE);
    setup.keys(&license, &["space"]);
    setup.until(page::LICENSE, "Next to be enabled", |page| page.control("Next").enabled);
    setup.keys(&license, &["Return"]);
    for sentence in [page::FOLDER, page::CLOUD, page::ACCOUNT, page::OPTIONS] {
        let window = setup.still(sentence);
        look(sentence, &window);
        setup.keys(&window, &["Return"]);
    }
}

/// What is undone when the work fails, and the way there: the message, the last page, the exit code.
#[test]
fn work_that_fails_is_told_of_and_rolled_back() {
    let desktop = Desktop::start("wizard-failure");
    let before = desktop.snapshot();
    let setup = Setup::of(&desktop, &release(OLD, "commercial").msi, "SERVICEACCOUNT=CORP\\nobody$");
    to_the_summary(&setup, |sentence, window| {
        if sentence == page::ACCOUNT {
            assert!(window.control("Managed account (gMSA)").checked, "as the command line says");
            assert!(window.shows("CORP\\nobody$"), "{window:#?}");
        }
    });
    let summary = setup.page(page::SUMMARY, "summary");
    assert!(summary.shows("CORP\\nobody$"), "{summary:#?}");
    setup.keys(&summary, &["Return"]);
    setup.refuses("SERVICEACCOUNT=CORP\\nobody$ is not usable", "error");
    let code = setup.finish("Setup could not finish", "failed");
    assert!([1603, 1627].contains(&code), "{code}");
    let noise = |name: &str| name.starts_with("C:\\packages") || name.starts_with("C:\\logs") || is_log(name);
    let differences = before.without(noise).differences(&desktop.snapshot().without(noise));
    assert_eq!(differences, []);
    assert_eq!(desktop.service(SERVICE), None);
}
