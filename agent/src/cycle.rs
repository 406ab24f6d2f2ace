//! The loop that the service and `run` share: load, decide, probe, tell, wait.
//!
//! The configuration is read once, at the start; whoever edits it restarts the service, as its first lines say. Each round
//! looks whether the file has changed since, and says so. Probes run beside the loop, which waits for them and for a
//! stop signal on one channel: a stop is answered at once, whatever a probe is waiting for.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use app_config::TraceLevel;

use crate::effective::{self, Effective, Failure};
use crate::events;
use crate::exit::Code;
use crate::fips::{self, MachinePolicy, Md5};
use crate::probe::{self, Limits, Outcome};
use crate::report::Reporter;
use crate::status::{CloudStatus, FailureStatus, FipsStatus, State, Status};
use crate::targets::targets;
use crate::trace::Trace;

/// How often the cloud is probed.
pub const INTERVAL: Duration = Duration::from_secs(600);

/// What the loop is told.
#[derive(Debug)]
pub enum Signal {
    /// Stop, with the reason in words.
    Stop(&'static str),
    /// The outcomes of a round of probes.
    Probed(Vec<Outcome>),
}

/// What the loop tells whoever started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Running,
    Stopping,
}

/// What the loop needs to know.
#[derive(Clone, Debug)]
pub struct Setup {
    pub configuration: PathBuf,
    pub data_dir: PathBuf,
    pub interval: Duration,
    pub limits: Limits,
    /// Stop after the first round; the result says whether the cloud is reachable.
    pub once: bool,
    pub machine: MachinePolicy,
}

/// Runs until it is told to stop or cannot work. `own` sends to `signals`; the probes report through it.
pub fn run(
    setup: &Setup,
    mut reporter: Reporter,
    signals: &Receiver<Signal>,
    own: &Sender<Signal>,
    mut phase: impl FnMut(Phase),
) -> Code {
    let mut status = Status::starting(&setup.configuration, setup.interval.as_secs());
    let effective = match prepare(setup, &mut reporter, &mut status) {
        Ok(effective) => effective,
        Err(failure) => return fail(setup, &reporter, status, &failure),
    };
    phase(Phase::Running);
    let mut rounds = Rounds { setup, reporter: &reporter, status, effective, was_reachable: None };
    let code = rounds.run(signals, own);
    phase(Phase::Stopping);
    rounds.status.state = State::Stopped;
    rounds.write_status();
    code
}

/// Everything before the first round.
fn prepare(setup: &Setup, reporter: &mut Reporter, status: &mut Status) -> Result<Effective, Failure> {
    let data_dir = &setup.data_dir;
    let unusable = |error: std::io::Error| {
        Failure::new(
            Code::DataFolder,
            format!("the data folder {} cannot be written: {error}", data_dir.display()),
        )
    };
    std::fs::create_dir_all(data_dir).map_err(unusable)?;
    let effective = match effective::load(&setup.configuration, data_dir) {
        Ok(effective) => effective,
        Err(failure) => {
            // The configuration could not say where to log: what stopped the agent goes to the default place.
            if let Ok(trace) = Trace::open(&effective::trace_file(None, data_dir), TraceLevel::Information) {
                reporter.set_trace(trace);
            }
            return Err(failure);
        }
    };
    reporter.set_trace(Trace::open(&effective.trace_file, effective.trace).map_err(unusable)?);
    let decision = fips::decide(setup.machine, effective.fips);
    status.cloud = Some(CloudStatus {
        name: effective.cloud.name.clone(),
        environment: effective.cloud.environment.clone(),
    });
    status.fips = Some(FipsStatus {
        machine: decision.machine,
        configured: decision.configured.to_string(),
        md5: decision.md5,
        explanation: decision.words.to_owned(),
    });
    status.proxy = effective.proxy.as_ref().map(ToString::to_string);
    status.write(data_dir).map_err(unusable)?;

    let way = match &effective.proxy {
        Some(proxy) => format!("through the proxy {proxy}"),
        None => "directly".to_owned(),
    };
    reporter.event(
        events::STARTED,
        &format!(
            "Version {}, cloud {} ({}), connecting {way}, trace level {}.",
            crate::VERSION,
            effective.cloud.title,
            effective.cloud.environment,
            effective.trace
        ),
    );
    for suspicion in &effective.suspicions {
        reporter.note(TraceLevel::Warning, &format!("configuration: {suspicion}"));
    }
    let kind = if decision.md5 == Md5::Allowed { events::MD5_ALLOWED } else { events::MD5_BLOCKED };
    reporter.event(kind, decision.words);
    Ok(effective)
}

fn fail(setup: &Setup, reporter: &Reporter, mut status: Status, failure: &Failure) -> Code {
    let kind = if failure.code == Code::DataFolder {
        events::DATA_FOLDER_UNUSABLE
    } else {
        events::CONFIGURATION_UNUSABLE
    };
    reporter.event(kind, &format!("{} (code {})", failure.message, failure.code.number()));
    status.state = State::Failed;
    status.failure = Some(FailureStatus { code: failure.code.number(), message: failure.message.clone() });
    // Where the data folder is what cannot be used there is nothing to write to.
    let _ = status.write(&setup.data_dir);
    failure.code
}

struct Rounds<'a> {
    setup: &'a Setup,
    reporter: &'a Reporter,
    status: Status,
    effective: Effective,
    /// What the last round found, so that only changes are events.
    was_reachable: Option<bool>,
}

impl Rounds<'_> {
    fn run(&mut self, signals: &Receiver<Signal>, own: &Sender<Signal>) -> Code {
        self.start_probes(own);
        let mut next = Instant::now() + self.setup.interval;
        loop {
            match signals.recv_timeout(next.saturating_duration_since(Instant::now())) {
                Ok(Signal::Stop(reason)) => {
                    self.reporter.event(events::STOPPED, reason);
                    return Code::Ok;
                }
                Ok(Signal::Probed(outcomes)) => {
                    self.probed(outcomes);
                    if self.setup.once {
                        self.reporter.event(events::STOPPED, "One round was asked for.");
                        let reachable = self.was_reachable == Some(true);
                        return if reachable { Code::Ok } else { Code::EndpointRequired };
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    next = Instant::now() + self.setup.interval;
                    self.look_at_configuration();
                    self.start_probes(own);
                }
                // This function's caller holds a sender, so this cannot be; stopping is the safe reading.
                Err(RecvTimeoutError::Disconnected) => return Code::Failed,
            }
        }
    }

    fn start_probes(&self, own: &Sender<Signal>) {
        let targets = targets(self.effective.cloud);
        let (proxy, limits, own) = (self.effective.proxy.clone(), self.setup.limits, own.clone());
        let spawned = thread::Builder::new().name("probes".to_owned()).spawn(move || {
            // After a stop nobody listens any more.
            let _ = own.send(Signal::Probed(probe::probe_all(&targets, proxy.as_ref(), limits)));
        });
        if let Err(error) = spawned {
            self.reporter.note(TraceLevel::Error, &format!("the endpoints cannot be probed: {error}"));
        }
    }

    fn probed(&mut self, outcomes: Vec<Outcome>) {
        for outcome in &outcomes {
            let level = match (outcome.reachable, outcome.required) {
                (true, _) => TraceLevel::Verbose,
                (false, true) => TraceLevel::Error,
                (false, false) => TraceLevel::Warning,
            };
            self.reporter.note(level, &describe(outcome));
        }
        let missing: Vec<_> =
            outcomes.iter().filter(|outcome| outcome.required && !outcome.reachable).collect();
        let reachable = missing.is_empty();
        if self.was_reachable != Some(reachable) {
            if reachable {
                let detail = format!("Cloud {}.", self.effective.cloud.title);
                self.reporter.event(events::CLOUD_REACHABLE, &detail);
            } else {
                let list: Vec<_> = missing.into_iter().map(describe).collect();
                self.reporter.event(events::CLOUD_UNREACHABLE, &list.join("; "));
            }
        }
        self.was_reachable = Some(reachable);
        self.status.reachable = Some(reachable);
        self.status.endpoints = outcomes;
        self.write_status();
    }

    fn look_at_configuration(&mut self) {
        let same = std::fs::read(&self.setup.configuration).is_ok_and(|bytes| bytes == self.effective.bytes);
        if !same && !self.status.restart_needed {
            self.reporter.event(events::CONFIGURATION_CHANGED, "");
        }
        self.status.restart_needed = !same;
    }

    fn write_status(&mut self) {
        if let Err(error) = self.status.write(&self.setup.data_dir) {
            self.reporter.note(TraceLevel::Error, &format!("status.json cannot be written: {error}"));
        }
    }
}

/// An outcome as one line.
pub fn describe(outcome: &Outcome) -> String {
    let Outcome { host, port, purpose, message, milliseconds, .. } = outcome;
    format!("{host}:{port} ({purpose}): {message}, {milliseconds} ms")
}
