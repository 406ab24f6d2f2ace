//! The service manager: running under it, and asking it.
#![allow(unsafe_code, reason = "the service entry point that windows-service generates")]

use std::ffi::OsString;
use std::sync::{OnceLock, mpsc};
use std::time::Duration;

use windows_service::define_windows_service;
use windows_service::service::{
    ServiceAccess, ServiceControl, ServiceControlAccept, ServiceExitCode, ServiceStartType, ServiceState,
    ServiceStatus, ServiceType,
};
use windows_service::service_control_handler::{self, ServiceControlHandlerResult, ServiceStatusHandle};
use windows_service::service_dispatcher;
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};

use super::EventLog;
use crate::SERVICE_KEY;
use crate::cycle::{self, Phase, Setup, Signal};
use crate::exit::Code;
use crate::platform::{ServiceError, ServiceFacts};
use crate::report::Reporter;

const ERROR_FAILED_SERVICE_CONTROLLER_CONNECT: i32 = 1063;
const ERROR_SERVICE_DOES_NOT_EXIST: i32 = 1060;

/// How long the manager is asked to wait for a start or a stop. Both take milliseconds.
const WAIT_HINT: Duration = Duration::from_secs(20);

/// The manager's entry point takes no context, so what the command line said waits here.
static SETUP: OnceLock<Setup> = OnceLock::new();

define_windows_service!(service_entry, service_main);

/// Hands this process to the service manager; returns when the service has stopped.
pub fn run_service(setup: Setup) -> Code {
    if SETUP.set(setup).is_err() {
        return Code::Failed;
    }
    match service_dispatcher::start(SERVICE_KEY, service_entry) {
        Ok(()) => Code::Ok,
        Err(windows_service::Error::Winapi(error))
            if error.raw_os_error() == Some(ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) =>
        {
            eprintln!(
                "provisioning-agent: `service` is for the service manager; `run` is the same loop on a console"
            );
            Code::NotFromServiceManager
        }
        Err(error) => {
            eprintln!("provisioning-agent: the service manager refused: {error}");
            Code::Failed
        }
    }
}

fn service_main(_arguments: Vec<OsString>) {
    let Some(setup) = SETUP.get() else { return };
    let (sender, signals) = mpsc::channel();
    let from_manager = sender.clone();
    let handler = move |control| {
        let reason = match control {
            ServiceControl::Stop => "The service manager asked for it.",
            ServiceControl::Shutdown => "The system is shutting down.",
            ServiceControl::Interrogate => return ServiceControlHandlerResult::NoError,
            _ => return ServiceControlHandlerResult::NotImplemented,
        };
        // The loop may have ended by itself.
        let _ = from_manager.send(Signal::Stop(reason));
        ServiceControlHandlerResult::NoError
    };
    let Ok(handle) = service_control_handler::register(SERVICE_KEY, handler) else { return };
    tell(handle, ServiceState::StartPending, Code::Ok);
    let reporter = Reporter::new(EventLog::open(), false);
    let code = cycle::run(setup, reporter, &signals, &sender, |phase| {
        let state = match phase {
            Phase::Running => ServiceState::Running,
            Phase::Stopping => ServiceState::StopPending,
        };
        tell(handle, state, Code::Ok);
    });
    tell(handle, ServiceState::Stopped, code);
}

fn tell(handle: ServiceStatusHandle, state: ServiceState, code: Code) {
    let running = state == ServiceState::Running;
    let accepted = if running {
        ServiceControlAccept::STOP | ServiceControlAccept::SHUTDOWN
    } else {
        ServiceControlAccept::empty()
    };
    let pending = matches!(state, ServiceState::StartPending | ServiceState::StopPending);
    let status = ServiceStatus {
        service_type: ServiceType::OWN_PROCESS,
        current_state: state,
        controls_accepted: accepted,
        exit_code: match code {
            Code::Ok => ServiceExitCode::NO_ERROR,
            code => ServiceExitCode::ServiceSpecific(u32::from(code.number())),
        },
        checkpoint: u32::from(pending),
        wait_hint: if pending { WAIT_HINT } else { Duration::ZERO },
        process_id: None,
    };
    // A manager that does not take the status has given the service up already.
    let _ = handle.set_service_status(status);
}

/// Asks the manager about the service of that key.
pub fn service_facts(key: &str) -> Result<ServiceFacts, ServiceError> {
    let denied = |error: windows_service::Error| match error {
        windows_service::Error::Winapi(error) => ServiceError::Denied(error.to_string()),
        error => ServiceError::Denied(error.to_string()),
    };
    let manager =
        ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT).map_err(denied)?;
    let access = ServiceAccess::QUERY_STATUS | ServiceAccess::QUERY_CONFIG;
    let service = manager.open_service(key, access).map_err(|error| match error {
        windows_service::Error::Winapi(error)
            if error.raw_os_error() == Some(ERROR_SERVICE_DOES_NOT_EXIST) =>
        {
            ServiceError::NotInstalled
        }
        error => denied(error),
    })?;
    let status = service.query_status().map_err(denied)?;
    let config = service.query_config().map_err(denied)?;
    Ok(ServiceFacts {
        running: status.current_state == ServiceState::Running,
        state: state_words(&status),
        automatic: config.start_type == ServiceStartType::AutoStart,
        account: config.account_name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        command: config.executable_path.to_string_lossy().into_owned(),
    })
}

fn state_words(status: &ServiceStatus) -> String {
    let state = match status.current_state {
        ServiceState::Stopped => "stopped",
        ServiceState::StartPending => "starting",
        ServiceState::StopPending => "stopping",
        ServiceState::Running => "running",
        ServiceState::ContinuePending => "continuing",
        ServiceState::PausePending => "pausing",
        ServiceState::Paused => "paused",
    };
    match status.exit_code {
        ServiceExitCode::ServiceSpecific(code) => format!("{state}, exit code {code}"),
        ServiceExitCode::Win32(0) => state.to_owned(),
        ServiceExitCode::Win32(code) => format!("{state}, Windows error {code}"),
    }
}
