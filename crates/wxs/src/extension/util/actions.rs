//! Elements that stand for an action alone: questions about the system, messages to it, and helps for tests.

use super::OWN;
use crate::compile::node::Node;
use crate::compile::{Compiler, Handled};

/// Elements and the actions that they ask for.
const ACTIONS: &[(&str, &str)] = &[
    ("util:BroadcastEnvironmentChange", "WixBroadcastEnvironmentChange"),
    ("util:BroadcastSettingChange", "WixBroadcastSettingChange"),
    ("util:CheckRebootRequired", "WixCheckRebootRequired"),
    ("util:ExitEarlyWithSuccess", "WixExitEarlyWithSuccess"),
    ("util:FailWhenDeferred", "WixFailWhenDeferred"),
    ("util:QueryNativeMachine", "WixQueryNativeMachine"),
    ("util:QueryWindowsDirectories", "WixQueryOsDirs"),
    ("util:QueryWindowsDriverInfo", "WixQueryOsDriverInfo"),
    ("util:QueryWindowsSuiteInfo", "WixQueryOsInfo"),
    ("util:QueryWindowsWellKnownSIDs", "WixQueryOsWellKnownSID"),
    ("util:WaitForEvent", "WixWaitForEvent"),
    ("util:WaitForEventDeferred", "WixWaitForEventDeferred"),
];

pub(super) fn action(c: &mut Compiler, node: &Node) -> Handled {
    let Some((_, action)) = ACTIONS.iter().find(|(name, _)| *name == node.name()) else {
        return Handled::No;
    };
    c.refer_to_action(node, action, OWN);
    c.no_children(node);
    Handled::Yes
}
