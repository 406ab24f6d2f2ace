//! A sign of life on a terminal while something takes long; nothing anywhere else.

use indicatif::{ProgressBar, ProgressDrawTarget};
use std::io::IsTerminal;
use std::time::Duration;

/// One piece of work. It is silent until it has taken a moment, so that quick work leaves no flicker.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub fn start(what: impl Into<String>) -> Progress {
        let terminal = std::io::stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target).with_message(what.into());
        if terminal {
            bar.enable_steady_tick(Duration::from_millis(150));
        }
        Progress { bar }
    }

    pub fn end(self) {
        self.bar.finish_and_clear();
    }
}
