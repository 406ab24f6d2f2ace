// The events that the agent writes to the Windows event log, as data.
//
// This file is read twice: by the agent, and by its build script, which makes the message table resource out of it. So it
// depends on nothing. Ids are stable: administrators filter by them. An id is never used again for something else.

/// How serious an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Information,
    Warning,
    Error,
}

/// One kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventKind {
    /// The event id that the Event Viewer shows.
    pub id: u16,
    pub severity: Severity,
    /// The first sentence of the event; the detail follows it.
    pub title: &'static str,
}

pub const STARTED: EventKind =
    EventKind { id: 1000, severity: Severity::Information, title: "The Provisioning Agent has started." };
pub const STOPPED: EventKind =
    EventKind { id: 1001, severity: Severity::Information, title: "The Provisioning Agent has stopped." };
pub const CONFIGURATION_CHANGED: EventKind = EventKind {
    id: 1002,
    severity: Severity::Warning,
    title: "The configuration file has changed. Restart the service to apply it.",
};
pub const MD5_ALLOWED: EventKind = EventKind {
    id: 1010,
    severity: Severity::Information,
    title: "MD5 is allowed in the agent's process.",
};
pub const MD5_BLOCKED: EventKind = EventKind {
    id: 1011,
    severity: Severity::Warning,
    title: "MD5 is blocked in the agent's process: password hash synchronization cannot run.",
};
pub const CLOUD_REACHABLE: EventKind =
    EventKind { id: 1020, severity: Severity::Information, title: "The cloud's endpoints are reachable." };
pub const CLOUD_UNREACHABLE: EventKind = EventKind {
    id: 1021,
    severity: Severity::Warning,
    title: "Endpoints that the agent needs are not reachable.",
};
pub const CONFIGURATION_UNUSABLE: EventKind = EventKind {
    id: 1100,
    severity: Severity::Error,
    title: "The Provisioning Agent stopped because its configuration cannot be used.",
};
pub const DATA_FOLDER_UNUSABLE: EventKind = EventKind {
    id: 1101,
    severity: Severity::Error,
    title: "The Provisioning Agent stopped because its data folder cannot be written.",
};

/// Every event, by id.
pub const ALL: [EventKind; 9] = [
    STARTED,
    STOPPED,
    CONFIGURATION_CHANGED,
    MD5_ALLOWED,
    MD5_BLOCKED,
    CLOUD_REACHABLE,
    CLOUD_UNREACHABLE,
    CONFIGURATION_UNUSABLE,
    DATA_FOLDER_UNUSABLE,
];
