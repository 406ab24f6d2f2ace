//! Services of a machine as its service control manager knows them.

use crate::machine::Machine;
use crate::registry::unescape;
use std::collections::HashMap;

/// What the service control manager says of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The command line of the service's program, quotes included.
    pub binary: String,
    pub account: String,
    pub display_name: String,
    pub description: String,
    /// 2 automatic, 3 on demand, 4 disabled.
    pub start: u32,
    pub state: State,
    /// 0 when it does not run.
    pub process: u32,
    pub exit_code: u32,
    /// Meaningful when `exit_code` is `ERROR_SERVICE_SPECIFIC_ERROR` (1066).
    pub service_exit_code: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Stopped = 1,
    StartPending = 2,
    StopPending = 3,
    Running = 4,
    ContinuePending = 5,
    PausePending = 6,
    Paused = 7,
}

impl Machine {
    /// `None` where no service has this key.
    pub fn service(&self, key: &str) -> Option<Service> {
        let finished = self.ask(&["service", key]);
        match finished.code {
            0 => Some(parse(&finished.text())),
            2 => None,
            code => panic!("cannot ask for service {key}: {code} {}", finished.stderr),
        }
    }

    /// Changes how a service starts and as whom, as an administrator would in the services console.
    pub fn configure_service(&self, key: &str, start: u32, account: &str) {
        let finished = self.ask(&["configure", key, &start.to_string(), account]);
        assert_eq!(finished.code, 0, "cannot configure {key}: {}", finished.stderr);
    }

    /// Waits for a state; the error says what the service does instead.
    pub fn wait_for_service(&self, key: &str, state: State) -> Result<(), String> {
        let finished = self.ask(&["wait", key, &(state as u32).to_string(), "30000"]);
        match finished.code {
            0 => Ok(()),
            _ => Err(format!("service {key} is not {state:?}: {}", finished.stderr.trim_end())),
        }
    }
}

fn parse(text: &str) -> Service {
    let lines: HashMap<&str, String> = text
        .lines()
        .filter_map(|line| line.trim_end_matches('\r').split_once('\t'))
        .map(|(name, value)| (name, unescape(value)))
        .collect();
    let text = |name: &str| lines.get(name).cloned().unwrap_or_default();
    let number = |name: &str| {
        let value =
            lines.get(name).unwrap_or_else(|| panic!("machine.exe says nothing of the service's {name}"));
        value.parse().unwrap_or_else(|_| panic!("machine.exe says {name} {value}"))
    };
    let state = match number("state") {
        1 => State::Stopped,
        2 => State::StartPending,
        3 => State::StopPending,
        4 => State::Running,
        5 => State::ContinuePending,
        6 => State::PausePending,
        7 => State::Paused,
        other => panic!("{other} is no service state"),
    };
    Service {
        binary: text("binary"),
        account: text("account"),
        display_name: text("display"),
        description: text("description"),
        start: number("start"),
        state,
        process: number("pid"),
        exit_code: number("win32_exit"),
        service_exit_code: number("service_exit"),
    }
}
