//! The exit codes, as one table: of commands, and of the service as service-specific exit codes.

/// What a command or the service ends with. The numbers are an interface: scripts and monitors compare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Code {
    Ok = 0,
    Failed = 1,
    Usage = 2,
    NotFromServiceManager = 3,
    ConfigurationMissing = 10,
    ConfigurationUnreadable = 11,
    ConfigurationInvalid = 12,
    CloudUnknown = 13,
    FipsInvalid = 14,
    ProxyInvalid = 15,
    TraceInvalid = 16,
    ConfigurationNotWritten = 17,
    DataFolder = 20,
    ServiceMissing = 30,
    ServiceNotRunning = 31,
    ServiceAccount = 32,
    ServiceStart = 33,
    ServicePath = 34,
    ServiceUnknown = 35,
    Version = 36,
    EndpointRequired = 40,
    EndpointOptional = 41,
    Md5Blocked = 42,
    ConfigurationSuspicious = 43,
    StatusMissing = 50,
    StatusStopped = 51,
    StatusStale = 52,
}

/// Every code with its meaning, as help prints it.
pub const TABLE: [(Code, &str); 27] = [
    (Code::Ok, "everything is well"),
    (Code::Failed, "something failed that has no code of its own"),
    (Code::Usage, "the command line is wrong"),
    (Code::NotFromServiceManager, "`service` was not started by the service manager"),
    (Code::ConfigurationMissing, "the configuration file is missing"),
    (Code::ConfigurationUnreadable, "the configuration file cannot be read"),
    (Code::ConfigurationInvalid, "the configuration is not well formed or has a node twice"),
    (Code::CloudUnknown, "EnvironmentName in the configuration is no known cloud"),
    (Code::FipsInvalid, "enforceFIPSPolicy in the configuration is neither true nor false"),
    (Code::ProxyInvalid, "the proxy address in the configuration cannot be used"),
    (Code::TraceInvalid, "the trace level in the configuration is none"),
    (Code::ConfigurationNotWritten, "the configuration file cannot be written"),
    (Code::DataFolder, "the data folder cannot be written"),
    (Code::ServiceMissing, "the service is not installed"),
    (Code::ServiceNotRunning, "the service is not running"),
    (Code::ServiceAccount, "the service runs under the wrong account"),
    (Code::ServiceStart, "the service does not start automatically"),
    (Code::ServicePath, "the service runs another executable"),
    (Code::ServiceUnknown, "the service manager cannot be asked"),
    (Code::Version, "the running service is of another version"),
    (Code::EndpointRequired, "an endpoint that the agent needs is not reachable"),
    (Code::EndpointOptional, "an optional endpoint is not reachable (a warning, never the exit code)"),
    (Code::Md5Blocked, "MD5 is blocked by FIPS (a warning, never the exit code)"),
    (
        Code::ConfigurationSuspicious,
        "a node in the configuration has no effect (a warning, never the exit code)",
    ),
    (Code::StatusMissing, "there is no status: the agent has never run, or elsewhere"),
    (Code::StatusStopped, "the agent is stopped or has failed"),
    (Code::StatusStale, "the status is too old: the agent was killed or hangs"),
];

impl Code {
    pub fn number(self) -> u8 {
        self as u8
    }
}

/// The table as text, a line per code.
pub fn table() -> String {
    let mut out = String::from("Exit codes (of the service too, as service-specific codes):\n");
    for (code, meaning) in TABLE {
        out.push_str(&format!("  {:>2}  {meaning}\n", code.number()));
    }
    out
}
