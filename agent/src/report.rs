//! Telling: the trace log, the event log, and on a console the same lines there.

use app_config::TraceLevel;

use crate::clock::Timestamp;
use crate::events::{EventKind, Severity};
use crate::platform::EventLog;
use crate::trace::{Line, Trace};

/// Where the agent tells what happens. No message holds a secret: the configuration has none that the agent reads.
#[derive(Debug)]
pub struct Reporter {
    trace: Option<Trace>,
    events: EventLog,
    console: bool,
}

impl Reporter {
    /// Tells the event log, and the console if there is one; a trace log is added when the configuration has said where.
    pub fn new(events: EventLog, console: bool) -> Reporter {
        Reporter { trace: None, events, console }
    }

    pub fn set_trace(&mut self, trace: Trace) {
        self.trace = Some(trace);
    }

    /// An event with its detail: to the event log whatever the trace level is, and a line to the trace.
    pub fn event(&self, kind: EventKind, detail: &str) {
        self.events.write(kind, detail);
        let level = match kind.severity {
            Severity::Information => TraceLevel::Information,
            Severity::Warning => TraceLevel::Warning,
            Severity::Error => TraceLevel::Error,
        };
        let message =
            if detail.is_empty() { kind.title.to_owned() } else { format!("{} {detail}", kind.title) };
        self.line(level, Some(kind.id), &message);
    }

    /// A line for the trace alone.
    pub fn note(&self, level: TraceLevel, message: &str) {
        self.line(level, None, message);
    }

    fn line(&self, level: TraceLevel, event: Option<u16>, message: &str) {
        let line = Line { time: Timestamp::now(), level, event, message };
        if let Some(trace) = &self.trace {
            trace.write(&line);
        }
        // Before the trace is open everything is shown: it is about why it could not be opened.
        if self.console && self.trace.as_ref().is_none_or(|trace| trace.writes(level)) {
            // A console that was closed stops nobody.
            let _ = std::io::Write::write_all(&mut std::io::stdout(), format!("{line}\n").as_bytes());
        }
    }
}
