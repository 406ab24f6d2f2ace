//! `status`: how the agent is, from the file that it writes.

use super::{data_dir, print};
use crate::cli::{OutputArgs, Places};
use crate::clock::Timestamp;
use crate::cycle::describe;
use crate::effective::Failure;
use crate::exit::Code;
use crate::status::{State, Status, path_in};

pub(super) fn run(places: &Places, args: &OutputArgs) -> Result<Code, Failure> {
    let data_dir = data_dir(places)?;
    let path = path_in(&data_dir);
    let status = Status::read(&data_dir)
        .map_err(|error| Failure::new(Code::Failed, format!("{} cannot be read: {error}", path.display())))?;
    let Some(status) = status else {
        let words = format!(
            "{} does not exist: the agent has not run yet, or with another data folder",
            path.display()
        );
        return Err(Failure::new(Code::StatusMissing, words));
    };
    let stale = status.is_stale(Timestamp::now());
    if args.json {
        let text = serde_json::to_string_pretty(&status);
        print(&(text.map_err(|error| Failure::new(Code::Failed, error.to_string()))? + "\n"));
    } else {
        print(&text(&status, stale));
    }
    Ok(match status.state {
        State::Running if stale => Code::StatusStale,
        State::Running if status.reachable == Some(false) => Code::EndpointRequired,
        State::Running => Code::Ok,
        State::Stopped | State::Failed => Code::StatusStopped,
    })
}

fn text(status: &Status, stale: bool) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| out.push_str(&format!("{:<15}{value}\n", format!("{name}:")));
    let state = match status.state {
        State::Running if stale => "not heard of: it was killed or hangs",
        State::Running => "running",
        State::Stopped => "stopped",
        State::Failed => "failed",
    };
    line("State", state);
    if let Some(failure) = &status.failure {
        line("Failure", &format!("{} (code {})", failure.message, failure.code));
    }
    line("Version", &status.version);
    line("Started", &format!("{}, process {}", status.started, status.process));
    line("Updated", &status.updated);
    line("Configuration", &status.configuration);
    if status.restart_needed {
        line("Restart", "needed: the configuration file has changed since the agent started");
    }
    if let Some(cloud) = &status.cloud {
        line("Cloud", &format!("{} ({})", cloud.environment, cloud.name));
    }
    line("Proxy", status.proxy.as_deref().unwrap_or("none"));
    if let Some(fips) = &status.fips {
        line("FIPS", &fips.explanation);
    }
    match status.reachable {
        None => line("Endpoints", "not probed yet"),
        Some(true) => line("Endpoints", "all that are needed are reachable"),
        Some(false) => line("Endpoints", "some that are needed are NOT reachable"),
    }
    for outcome in &status.endpoints {
        let mark = match (outcome.reachable, outcome.required) {
            (true, _) => "ok      ",
            (false, true) => "FAILED  ",
            (false, false) => "warning ",
        };
        out.push_str(&format!("  {mark}{}\n", describe(outcome)));
    }
    out
}
