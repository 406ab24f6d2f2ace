//! `run`: the service's loop on a console.

use std::sync::mpsc;
use std::time::Duration;

use super::setup;
use crate::cli::{Places, RunArgs};
use crate::cycle::{self, Setup, Signal};
use crate::effective::Failure;
use crate::exit::Code;
use crate::platform::EventLog;
use crate::report::Reporter;

pub(super) fn run(places: &Places, args: &RunArgs) -> Result<Code, Failure> {
    let setup = Setup { interval: Duration::from_secs(args.interval), once: args.once, ..setup(places)? };
    let (sender, signals) = mpsc::channel();
    let from_console = sender.clone();
    let handled = ctrlc::set_handler(move || {
        // The loop may have ended by itself.
        let _ = from_console.send(Signal::Stop("It was interrupted at the console."));
    });
    handled.map_err(|error| Failure::new(Code::Failed, format!("Ctrl-C cannot be handled: {error}")))?;
    Ok(cycle::run(&setup, Reporter::new(EventLog::open(), true), &signals, &sender, |_| {}))
}
