//! ICE20: the dialogs that every user interface needs.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE20",
    what: "A package with dialogs has those that the engine opens by itself: for errors, for files in use, and at the end of success, cancelling and failure.",
    why: "The engine stops where it would have opened them, or a person never learns how the installation went.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice20",
    severity: Severity::Error,
    check,
};

const ERROR_DIALOG: i32 = 0x10000;
const ENDS: [(i32, &str); 3] = [(-1, "success"), (-2, "cancelling"), (-3, "failure")];

fn check(package: &Package, report: &mut Report) {
    if !package.has("Dialog") {
        return;
    }
    for table in ["InstallUISequence", "AdminUISequence"] {
        for (sequence, end) in ENDS {
            if !package.rows(table).any(|row| row.number("Sequence") == Some(sequence)) {
                report.table(table, format!("no dialog at {sequence}, for the end by {end}"));
            }
        }
    }
    error_dialog(package, report);
    let Some(dialog) = package.find("Dialog", "FilesInUse") else {
        return report.table("Dialog", "there is no dialog `FilesInUse`");
    };
    let lists = package.rows("Control").any(|control| {
        control.text("Dialog_") == "FilesInUse"
            && control.text("Type") == "ListBox"
            && control.text("Property") == "FileInUseProcess"
    });
    if !lists {
        report.at(&dialog, "Dialog", "no ListBox of it shows the property `FileInUseProcess`");
    }
    for answer in ["Retry", "Ignore", "Exit"] {
        let answers = package.rows("ControlEvent").any(|event| {
            event.text("Dialog_") == "FilesInUse"
                && event.text("Event") == "EndDialog"
                && event.text("Argument") == answer
        });
        if !answers {
            report.at(&dialog, "Dialog", format!("no button of it ends it with `{answer}`"));
        }
    }
}

fn error_dialog(package: &Package, report: &mut Report) {
    let Some(property) = package.find("Property", "ErrorDialog") else {
        return report.table("Property", "`ErrorDialog` does not name the dialog for errors");
    };
    let Some(dialog) = package.find("Dialog", property.text("Value")) else {
        return report.at(&property, "Value", "there is no such dialog");
    };
    if dialog.flags("Attributes") & ERROR_DIALOG == 0 {
        report.at(&dialog, "Attributes", "the dialog for errors lacks the attribute that says so");
    }
    if dialog.text("Control_First") != "ErrorText" {
        report.at(
            &dialog,
            "Control_First",
            "the first control of the dialog for errors has to be `ErrorText`",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one};

    #[test]
    fn a_package_with_dialogs_has_those_that_the_engine_opens() {
        assert_eq!(planted(&RULE, Fixture::ui), []);
        for (table, key, place) in [
            ("InstallUISequence", "Failed", "error InstallUISequence. "),
            ("AdminUISequence", "Finish", "error AdminUISequence. "),
            ("Dialog", "FilesInUse", "error Dialog. "),
            ("Property", "ErrorDialog", "error Property. "),
            ("Dialog", "Problem", "error Property.Value ErrorDialog"),
        ] {
            let found = planted_one(&RULE, |fixture| {
                fixture.ui();
                fixture.remove(table, key);
            });
            assert_eq!(found, place);
        }
        let found = planted_one(&RULE, |fixture| {
            fixture.ui();
            fixture.set("Dialog", "Problem", "Control_First", "O");
        });
        assert_eq!(found, "error Dialog.Control_First Problem");
    }
}
