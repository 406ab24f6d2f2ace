//! A running setup: the pages that come, and what is done on them.

use std::path::Path;
use testkit::{Control, Desktop, Machine, Window};

/// Sentences that each stand on one page only.
pub mod page {
    pub const WELCOME: &str = "The agent connects Active Directory to the cloud.";
    pub const UPGRADE: &str = "The agent is installed on this computer.";
    pub const LICENSE: &str = "I accept the terms";
    pub const FOLDER: &str = "Where the agent is installed.";
    pub const CLOUD: &str = "Where your organization's tenant lives.";
    pub const ACCOUNT: &str = "Who the agent is while it runs.";
    pub const OPTIONS: &str = "Two settings that depend on how this server is run.";
    pub const SUMMARY: &str = "Look at it once more.";
    pub const PROGRESS: &str = "This takes less than a minute.";
    pub const MAINTENANCE: &str = "What is installed on this computer, and what can be done with it.";
    pub const CANCEL: &str = "Do you want to cancel Setup?";
}

/// msiexec with its user interface, on a machine with a screen.
pub struct Setup<'a> {
    desktop: &'a Desktop,
    program: testkit::desktop::Program,
}

/// Where the verbose log goes.
const LOG: &str = "C:\\logs\\setup.log";

impl<'a> Setup<'a> {
    /// Double-clicks a package, as it were; `more` is what else stands on the command line.
    pub fn of(desktop: &'a Desktop, msi: &Path, more: &str) -> Setup<'a> {
        let program = desktop.begin(&command_line(desktop, msi, more));
        Setup { desktop, program }
    }

    /// [`Setup::of`], where the machine knows the person at the screen by this name.
    pub fn as_user(desktop: &'a Desktop, msi: &Path, name: &str) -> Setup<'a> {
        let program = desktop.begin_as(name, &command_line(desktop, msi, ""));
        Setup { desktop, program }
    }

    /// Waits for a page, takes its picture, and gives its window once the keyboard has come to it.
    #[track_caller]
    pub fn page(&self, sentence: &str, picture: &str) -> Window {
        let window = self.still(sentence);
        self.desktop.picture(picture);
        window
    }

    /// [`Setup::page`] without a picture: the page as it is now.
    #[track_caller]
    pub fn still(&self, sentence: &str) -> Window {
        self.desktop.wait_until(&format!("the page that says {sentence:?}"), |window| {
            window.shows(sentence) && window.focused().is_some()
        })
    }

    /// Waits until the page is as wanted.
    #[track_caller]
    pub fn until(&self, sentence: &str, what: &str, wanted: impl Fn(&Window) -> bool) -> Window {
        self.desktop.wait_until(what, |window| window.shows(sentence) && wanted(window))
    }

    pub fn keys(&self, window: &Window, keys: &[&str]) {
        self.desktop.keys(window, keys);
    }

    /// Goes with the tabulator key to a control on the page, and gives the page as it is then. Labels have accelerators too,
    /// which Wine's dialogs do not follow.
    #[track_caller]
    pub fn tab_to(&self, sentence: &str, what: &str, wanted: impl Fn(&Control) -> bool) -> Window {
        const MOST: usize = 15;
        let mut window = self.still(sentence);
        for _ in 0..MOST {
            let at = window.focused().map(|control| control.place);
            if window.focused().is_some_and(&wanted) {
                return window;
            }
            self.keys(&window, &["Tab"]);
            window = self.until(sentence, "the focus to move", |page| {
                page.focused().is_some_and(|control| Some(control.place) != at)
            });
        }
        panic!("the tabulator key does not come to {what}: {window:#?}")
    }

    /// Goes to the field of this number among those that can be typed into, and replaces what stands in it.
    #[track_caller]
    pub fn fill(&self, sentence: &str, field: usize, text: &str) -> Window {
        let window = self.still(sentence);
        let place = fields(&window).nth(field).expect("the page has the field").place;
        let window = self.tab_to(sentence, "the field", |control| control.place == place);
        self.desktop.keys(&window, &["Home", "shift+End", "Delete"]);
        self.desktop.write_text(&window, text);
        window
    }

    /// Clicks a button, an option or a check box by its label.
    #[track_caller]
    pub fn click(&self, window: &Window, label: &str) {
        self.desktop.click(window, window.control(label));
    }

    /// The page answered with a message: reads it, takes its picture, and goes back to the page.
    #[track_caller]
    pub fn refuses(&self, part: &str, picture: &str) {
        let message = self.page(part, picture);
        self.keys(&message, &["Return"]);
        self.desktop.wait_until_gone(part);
    }

    /// Waits for the last page, closes it and gives the exit code.
    #[track_caller]
    pub fn finish(self, sentence: &str, picture: &str) -> u32 {
        let window = self.page(sentence, picture);
        self.keys(&window, &["Return"]);
        self.program.finish().code
    }
}

fn command_line(desktop: &Desktop, msi: &Path, more: &str) -> String {
    let staged = desktop.stage(msi);
    desktop.write(LOG, "");
    format!("msiexec /i {staged} /l*v {LOG} {more}")
}

/// The verbose log of the last setup.
pub fn log(machine: &Machine) -> String {
    machine.read(LOG)
}

/// What can be typed into on a page, from above.
pub fn fields(window: &Window) -> impl Iterator<Item = &Control> {
    let mut fields: Vec<&Control> = window.controls.iter().filter(|control| is_field(control)).collect();
    fields.sort_by_key(|control| control.place.top);
    fields.into_iter()
}

fn is_field(control: &Control) -> bool {
    // Wine makes fields of rich text; the licence is one, too, but nothing is typed into it.
    ["edit", "richedit20w"].contains(&control.class.to_lowercase().as_str())
}
