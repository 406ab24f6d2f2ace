//! What a task shows while it works: bars on a terminal, plain lines elsewhere. All of it goes to standard error, so that
//! standard output holds nothing but the result (with `--json`, one JSON document).

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// The way to the person who runs the task.
#[derive(Debug, Clone)]
pub struct Reporter {
    bars: MultiProgress,
    terminal: bool,
    colours: bool,
}

/// One piece of work that takes a while.
#[derive(Debug)]
pub struct Step {
    reporter: Reporter,
    name: String,
    bar: ProgressBar,
    started: Instant,
}

impl Reporter {
    /// Looks at standard error and `NO_COLOR` once.
    pub fn new() -> Reporter {
        let terminal = std::io::stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let colours = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Reporter { bars: MultiProgress::with_draw_target(target), terminal, colours }
    }

    /// Whether escape sequences are welcome.
    pub fn colours(&self) -> bool {
        self.colours
    }

    /// A line to read.
    pub fn say(&self, line: impl AsRef<str>) {
        let line = line.as_ref();
        // Nobody is left to tell when standard error is closed.
        self.bars.suspend(|| {
            let _ = writeln!(std::io::stderr(), "{line}");
        });
    }

    /// A line that should not be overlooked.
    pub fn warn(&self, line: impl AsRef<str>) {
        self.say(self.paint("33", &format!("warning: {}", line.as_ref())));
    }

    /// The text with an SGR code around it, where colours are welcome.
    pub fn paint(&self, code: &str, text: &str) -> String {
        if self.colours { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Begins work without a known length.
    pub fn step(&self, name: impl Into<String>) -> Step {
        let name = name.into();
        let bar = self.bars.add(ProgressBar::new_spinner());
        bar.set_style(style("{spinner} {msg} {elapsed}"));
        bar.set_message(name.clone());
        if self.terminal {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Step { reporter: self.clone(), name, bar, started: Instant::now() }
    }

    /// Begins work on a known number of things.
    pub fn count(&self, name: impl Into<String>, total: usize) -> Step {
        let name = name.into();
        let bar = self.bars.add(ProgressBar::new(total as u64));
        bar.set_style(style("{bar:24} {pos}/{len} {msg} {elapsed}"));
        bar.set_message(name.clone());
        Step { reporter: self.clone(), name, bar, started: Instant::now() }
    }

    /// Steps aside while another program writes to the terminal.
    pub fn suspend<T>(&self, work: impl FnOnce() -> T) -> T {
        self.bars.suspend(work)
    }
}

impl Step {
    /// One of the counted things is done; its name is a line of its own where there are no bars.
    pub fn advance(&self, what: &str) {
        self.bar.inc(1);
        if !self.reporter.terminal {
            self.reporter.say(format!("  {what}"));
        }
    }

    /// The work is done; a line with what came of it stays.
    pub fn done(self, result: impl AsRef<str>) {
        self.bar.finish_and_clear();
        let seconds = self.started.elapsed().as_secs_f64();
        let name = self.reporter.paint("1", &self.name);
        let result = result.as_ref();
        let dash = if result.is_empty() { "" } else { ": " };
        self.reporter.say(format!("{name}{dash}{result} ({seconds:.1} s)"));
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the templates are constants of this file")
}
