//! `ServiceConfig` (MsiServiceConfig) and `ServiceConfigFailureActions`.

use super::{Compiler, Handled, Node, cells, names};
use crate::codes;

/// Words for privileges, and what Windows calls them. Any other text is taken as it is.
const PRIVILEGES: &[(&str, &str)] = &[
    ("assignPrimaryToken", "SeAssignPrimaryTokenPrivilege"),
    ("audit", "SeAuditPrivilege"),
    ("backup", "SeBackupPrivilege"),
    ("changeNotify", "SeChangeNotifyPrivilege"),
    ("createGlobal", "SeCreateGlobalPrivilege"),
    ("createPagefile", "SeCreatePagefilePrivilege"),
    ("createPermanent", "SeCreatePermanentPrivilege"),
    ("createSymbolicLink", "SeCreateSymbolicLinkPrivilege"),
    ("createToken", "SeCreateTokenPrivilege"),
    ("debug", "SeDebugPrivilege"),
    ("enableDelegation", "SeEnableDelegationPrivilege"),
    ("impersonate", "SeImpersonatePrivilege"),
    ("increaseBasePriority", "SeIncreaseBasePriorityPrivilege"),
    ("increaseQuota", "SeIncreaseQuotaPrivilege"),
    ("increaseWorkingSet", "SeIncreaseWorkingSetPrivilege"),
    ("loadDriver", "SeLoadDriverPrivilege"),
    ("lockMemory", "SeLockMemoryPrivilege"),
    ("machineAccount", "SeMachineAccountPrivilege"),
    ("manageVolume", "SeManageVolumePrivilege"),
    ("profileSingleProcess", "SeProfileSingleProcessPrivilege"),
    ("relabel", "SeRelabelPrivilege"),
    ("remoteShutdown", "SeRemoteShutdownPrivilege"),
    ("restore", "SeRestorePrivilege"),
    ("security", "SeSecurityPrivilege"),
    ("shutdown", "SeShutdownPrivilege"),
    ("syncAgent", "SeSyncAgentPrivilege"),
    ("systemEnvironment", "SeSystemEnvironmentPrivilege"),
    ("systemProfile", "SeSystemProfilePrivilege"),
    ("systemTime", "SeSystemtimePrivilege"),
    ("modifySystemTime", "SeSystemtimePrivilege"),
    ("takeOwnership", "SeTakeOwnershipPrivilege"),
    ("tcb", "SeTcbPrivilege"),
    ("trustedComputerBase", "SeTcbPrivilege"),
    ("timeZone", "SeTimeZonePrivilege"),
    ("modifyTimeZone", "SeTimeZonePrivilege"),
    ("trustedCredManAccess", "SeTrustedCredManAccessPrivilege"),
    ("trustedCredentialManagerAccess", "SeTrustedCredManAccessPrivilege"),
    ("undock", "SeUndockPrivilege"),
    ("unsolicitedInput", "SeUnsolicitedInputPrivilege"),
];

pub(super) fn service_config(c: &mut Compiler, node: &Node, component: &str, service: Option<&str>) {
    let (id, name, events) = common(c, node, service);
    let delayed = word(c, node, "DelayedAutoStart", &[("no", "0"), ("yes", "1")]);
    let when = [("failedToStop", "0"), ("failedToStopOrReturnedError", "1")];
    let failure = word(c, node, "FailureActionsWhen", &when);
    let shutdown = node.text_or_empty("PreShutdownDelay").map(str::to_owned);
    let sid = word(c, node, "ServiceSid", &[("none", "0"), ("restricted", "3"), ("unrestricted", "1")]);
    let mut privileges: Vec<String> = Vec::new();
    c.each_child(node, |c, child| {
        if child.name() != "RequiredPrivilege" {
            return Handled::No;
        }
        let text = child.inner_text();
        let known = PRIVILEGES.iter().find(|(word, _)| *word == text);
        privileges.push(known.map_or(text, |(_, name)| name).to_owned());
        c.no_children(child);
        Handled::Yes
    });
    let privileges = Some(privileges.join("[~]"));
    let settings = [
        (".DS", 3, delayed),
        (".FA", 4, failure),
        (".SS", 5, sid),
        (".RP", 6, privileges),
        (".PD", 7, shutdown),
    ];
    let mut any = false;
    for (suffix, kind, value) in settings {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            any = true;
            let id = format!("{id}{suffix}");
            c.row(node, "MsiServiceConfig", cells![id, name.as_str(), events, kind, value, component]);
        }
    }
    if !any {
        let message = "<ServiceConfig> sets nothing: give 'DelayedAutoStart', 'FailureActionsWhen', 'PreShutdownDelay', 'ServiceSid' or <RequiredPrivilege>";
        c.error(node, codes::MISSING, message.to_owned());
    }
}

pub(super) fn failure_actions(c: &mut Compiler, node: &Node, component: &str, service: Option<&str>) {
    let (id, name, events) = common(c, node, service);
    let command = node.text_or_empty("Command").unwrap_or("[~]");
    let reboot_message = node.text_or_empty("RebootMessage").unwrap_or("[~]");
    let reset_period = node.int(c, "ResetPeriod", 0, i32::MAX);
    let (mut actions, mut delays) = (Vec::new(), Vec::new());
    c.each_child(node, |c, child| {
        if child.name() != "Failure" {
            return Handled::No;
        }
        let words = [("none", "0"), ("restartService", "1"), ("restartComputer", "2"), ("runCommand", "3")];
        let action = word(c, child, "Action", &words);
        actions.push(child.need(c, "Action", action));
        delays.push(child.need_text(c, "Delay").to_owned());
        c.no_children(child);
        Handled::Yes
    });
    let (actions, delays) = (actions.join("[~]"), delays.join("[~]"));
    let cells = cells![id, name, events, reset_period, reboot_message, command, actions, delays, component];
    c.row(node, "MsiServiceConfigFailureActions", cells);
}

/// Id, service name and events of either element.
fn common(c: &mut Compiler, node: &Node, service: Option<&str>) -> (String, String, i32) {
    let message =
        format!("Windows does not do what <{}> says; Microsoft's documentation says why", node.name());
    c.warn(node, codes::SUSPICIOUS, message);
    if service.is_some() && node.has("ServiceName") {
        let message = "'ServiceName' is given by the <ServiceInstall> around it".to_owned();
        node.combination(c, "ServiceName", message);
    }
    let own = node.text(c, "ServiceName");
    let name = own.or(service);
    let name = node.need(c, "ServiceName", name).to_owned();
    let id = node.text(c, "Id").map_or_else(|| names::identifier_from_name(&name), str::to_owned);
    let events = node.bit(c, "OnInstall", 1) | node.bit(c, "OnUninstall", 2) | node.bit(c, "OnReinstall", 4);
    if events == 0 {
        let message = "one of 'OnInstall', 'OnReinstall' and 'OnUninstall' must be 'yes'".to_owned();
        c.error(node, codes::MISSING, message);
    }
    (id, name, events)
}

/// A word's meaning; other texts, such as properties in brackets, are taken as they are.
fn word(c: &mut Compiler, node: &Node, attribute: &str, words: &[(&str, &str)]) -> Option<String> {
    let value = node.text(c, attribute)?;
    let known = words.iter().find(|(word, _)| *word == value);
    Some(known.map_or(value, |(_, meaning)| meaning).to_owned())
}
