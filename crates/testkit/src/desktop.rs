//! A machine with a screen: windows are found by what they show, driven by keyboard and mouse, and looked at.
//!
//! What is open comes from Windows itself (`machine.exe windows`): titles, controls with their texts, who has the focus. Keys
//! and clicks go through the X server, as a person's do. Pictures stay under `target/wine/pictures/TEST/`.

use crate::machine::{Machine, Ran};
use crate::poll::wait_until;
use crate::process;
use crate::screen::Screen;
use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// How long a window may take to come.
const LIMIT: Duration = Duration::from_secs(60);

/// How long a machine may take to make its desktop, which the first program that opens a window waits for. Wine now and then
/// never gets there when it has just started; it does when started again.
const DESKTOP_LIMIT: Duration = Duration::from_secs(40);

/// A [`Machine`] whose windows can be seen.
pub struct Desktop {
    machine: Machine,
    screen: Screen,
    pictures: PathBuf,
    taken: Cell<u32>,
    /// Which window had the last keys, to move the focus only where it has to.
    focused: Cell<u64>,
    seen: RefCell<Vec<Window>>,
}

/// A program that was started and is still running.
pub struct Program {
    command_line: String,
    running: process::Running,
}

/// A visible window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Its number in the X server.
    number: u64,
    pub place: Place,
    pub title: String,
    /// Its visible controls in their order of keyboard movement.
    pub controls: Vec<Control>,
}

/// A visible control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// The window class: `Button`, `Static`, `RichEdit20W`, …
    pub class: String,
    pub place: Place,
    pub enabled: bool,
    pub focused: bool,
    /// Of a check box or an option button.
    pub checked: bool,
    /// Shows dots for what is typed.
    pub hidden: bool,
    /// With the `&` of accelerators.
    pub text: String,
}

/// Where something is on the screen, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub left: i32,
    pub top: i32,
    pub width: i32,
    pub height: i32,
}

impl Desktop {
    /// Starts a fresh machine with a screen of 1024 by 768. `name` as for [`Machine::start`].
    pub fn start(name: &str) -> Desktop {
        let screen = Screen::start(1024, 768).unwrap_or_else(|message| panic!("{message}"));
        let mut machine = Machine::start_on(name, Some(screen.display));
        for _ in 0..2 {
            if process::run(&mut machine.request(&["windows"]), b"", DESKTOP_LIMIT).is_ok() {
                break;
            }
            machine.reboot();
        }
        let pictures = machine.artifacts("pictures");
        let (taken, focused, seen) = (Cell::new(0), Cell::new(0), RefCell::default());
        Desktop { machine, screen, pictures, taken, focused, seen }
    }

    /// Starts a Windows command line and does not wait for its end.
    pub fn begin(&self, command_line: &str) -> Program {
        self.begin_with(self.request(&["run"]), command_line)
    }

    /// [`Desktop::begin`] under another name. Wine's machines know one account by its name: that of who asks.
    pub fn begin_as(&self, user: &str, command_line: &str) -> Program {
        let mut request = self.request(&["run"]);
        request.env("USER", user);
        self.begin_with(request, command_line)
    }

    fn begin_with(&self, mut request: Command, command_line: &str) -> Program {
        let running = process::start(&mut request, command_line.as_bytes())
            .unwrap_or_else(|message| panic!("{message}"));
        Program { command_line: command_line.to_owned(), running }
    }

    /// What is open now, the foremost first.
    pub fn windows(&self) -> Vec<Window> {
        let mut finished = self.ask(&["windows"]);
        if finished.code != 0 {
            // Windows that go while they are listed may end the list.
            finished = self.ask(&["windows"]);
        }
        assert_eq!(finished.code, 0, "no list of windows: {}", finished.stderr);
        let windows = parse(&finished.text());
        self.seen.replace(windows.clone());
        windows
    }

    /// Waits for a window that shows this text: as its title, or in one of its controls. `&` of accelerators is left out.
    #[track_caller]
    pub fn wait_for(&self, text: &str) -> Window {
        self.wait_until(&format!("a window that shows {text:?}"), |window| window.shows(text))
    }

    /// Waits for a window that `wanted` says yes to. `what` describes it where it does not come.
    #[track_caller]
    pub fn wait_until(&self, what: &str, wanted: impl Fn(&Window) -> bool) -> Window {
        let found = wait_until(LIMIT, || self.windows().into_iter().find(|window| wanted(window)));
        found.unwrap_or_else(|| self.lost(what))
    }

    /// Waits until no window shows this text any more.
    #[track_caller]
    pub fn wait_until_gone(&self, text: &str) {
        let gone = || (!self.windows().iter().any(|window| window.shows(text))).then_some(());
        if wait_until(LIMIT, gone).is_none() {
            self.lost(&format!("the end of the window that shows {text:?}"));
        }
    }

    /// Presses keys one after the other, named as xdotool names them: `Return`, `Tab`, `space`, `Escape`, `alt+n`, `Down`.
    pub fn keys(&self, window: &Window, keys: &[&str]) {
        self.focus(window);
        self.act(&[&["key", "--delay", "40"], keys].concat());
    }

    /// Types text.
    pub fn write_text(&self, window: &Window, text: &str) {
        self.focus(window);
        self.act(&["type", "--delay", "20", text]);
    }

    /// Clicks into the middle of a control.
    pub fn click(&self, window: &Window, control: &Control) {
        self.focus(window);
        let Place { left, top, width, height } = control.place;
        let (x, y) = ((left + width / 2).to_string(), (top + height / 2).to_string());
        self.act(&["mousemove", &x, &y, "click", "1"]);
    }

    /// Takes a picture of the screen, named after what it shows; gives the file.
    pub fn picture(&self, name: &str) -> PathBuf {
        self.taken.set(self.taken.get() + 1);
        let file = self.pictures.join(format!("{:02}-{name}.png", self.taken.get()));
        self.screen.picture(&file).unwrap_or_else(|message| panic!("{message}"))
    }

    /// Gives a window the keyboard. Without a window manager nobody else does.
    fn focus(&self, window: &Window) {
        if self.focused.replace(window.number) != window.number {
            self.act(&["windowfocus", &window.number.to_string()]);
        }
    }

    fn act(&self, arguments: &[&str]) {
        self.screen.xdotool(arguments).unwrap_or_else(|message| panic!("{message}"));
    }

    #[track_caller]
    fn lost(&self, what: &str) -> ! {
        let picture = self.picture("lost");
        panic!("{what} did not come; {} shows the screen: {:#?}", picture.display(), self.seen.borrow())
    }
}

impl Deref for Desktop {
    type Target = Machine;

    fn deref(&self) -> &Machine {
        &self.machine
    }
}

impl Program {
    /// Waits for its end: its whole exit code and what it printed.
    #[track_caller]
    pub fn finish(self) -> Ran {
        let finished = self.running.finish(LIMIT).unwrap_or_else(|message| panic!("{message}"));
        Ran::of(&self.command_line, finished)
    }
}

impl Window {
    /// Whether the text is its title or part of what a control says.
    pub fn shows(&self, text: &str) -> bool {
        self.title == text || self.controls.iter().any(|control| control.label().contains(text))
    }

    /// The control with this text, without the `&` of accelerators.
    #[track_caller]
    pub fn control(&self, label: &str) -> &Control {
        let found = self.controls.iter().find(|control| control.label() == label);
        found.unwrap_or_else(|| panic!("{:?} has no control {label:?}: {:#?}", self.title, self.controls))
    }

    /// The control that has the keyboard.
    pub fn focused(&self) -> Option<&Control> {
        self.controls.iter().find(|control| control.focused)
    }
}

impl Control {
    /// Its text without the `&` of accelerators.
    pub fn label(&self) -> String {
        self.text.replace("&&", "\u{1}").replace('&', "").replace('\u{1}', "&")
    }
}

fn parse(lines: &str) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    for line in lines.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields[..] {
            ["W", number, at, title] => windows.push(Window {
                number: number.parse().unwrap_or(0),
                place: place(at),
                title: unescape(title),
                controls: Vec::new(),
            }),
            ["C", class, at, state, text] => {
                let control = Control {
                    class: class.to_owned(),
                    place: place(at),
                    enabled: state.contains('e'),
                    focused: state.contains('f'),
                    checked: state.contains('c'),
                    hidden: state.contains('p'),
                    text: unescape(text),
                };
                windows.last_mut().expect("a control stands after its window").controls.push(control);
            }
            _ => panic!("machine.exe wrote {line:?}"),
        }
    }
    // Windows of Wine's own, such as the desktop itself, have no X window or nothing to show.
    windows.retain(|window| window.number != 0);
    windows
}

fn place(text: &str) -> Place {
    let mut numbers = text.split(' ').map(|number| number.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    Place { left: next(), top: next(), width: next(), height: next() }
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.push(match c {
            '\\' => match chars.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                other => other.unwrap_or('\\'),
            },
            c => c,
        });
    }
    plain
}
