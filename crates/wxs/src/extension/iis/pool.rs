//! `WebAppPool` and `RecycleTime`.

use super::{refer_to_configuration, refuse_without_component};
use crate::codes;
use crate::compile::node::Node;
use crate::compile::{Compiler, Handled, cells};

const OTHER: i32 = 8;

pub(super) fn pool(c: &mut Compiler, node: &Node, component: Option<&str>) {
    let managed: Vec<&str> = node.attribute_names().filter(|name| !matches!(*name, "Id" | "Name")).collect();
    refuse_without_component(c, node, component, &managed);
    let id = node.need_id(c, "Id");
    let name = node.need_text(c, "Name");
    let identities = [
        ("networkService", 1),
        ("localService", 2),
        ("localSystem", 4),
        ("other", OTHER),
        ("applicationPoolIdentity", 0x10),
    ];
    let identity = node.choice(c, "Identity", &identities).unwrap_or(0);
    let user = c.reference(node, "User", "User");
    if user.is_none() && identity == OTHER {
        node.combination(c, "Identity", "Identity=\"other\" needs 'User'".to_owned());
    }
    if user.is_some() && identity != OTHER {
        node.combination(c, "User", "'User' needs Identity=\"other\"".to_owned());
    }
    const SHORT: i32 = i16::MAX as i32;
    let [idle, queue, minutes, requests, processes] =
        ["IdleTimeout", "QueueLimit", "RecycleMinutes", "RecycleRequests", "MaxWorkerProcesses"]
            .map(|attribute| node.int(c, attribute, 0, SHORT));
    let [virtual_memory, private_memory] =
        ["VirtualMemory", "PrivateMemory"].map(|attribute| node.int(c, attribute, 0, 4_294_967));
    let cpu = cpu_limit(c, node);
    let mode = pipeline_mode(c, node);
    let runtime = node.text(c, "ManagedRuntimeVersion");
    let mut times: Option<String> = None;
    c.each_child(node, |c, child| {
        if child.name() != "iis:RecycleTime" {
            return Handled::No;
        }
        if component.is_none() {
            let message = "<iis:RecycleTime> can't stand in a pool that stands in no component".to_owned();
            c.error(child, codes::MISPLACED_ELEMENT, message);
        }
        let time = child.need_text(c, "Value");
        if !time.is_empty() && !is_time(time) {
            child.bad(c, "Value", format!("'{time}' is not a time such as '5:30'"));
        }
        times = Some(match times.take() {
            Some(before) => format!("{before},{time}"),
            None => time.to_owned(),
        });
        c.no_children(child);
        Handled::Yes
    });
    if component.is_some() {
        refer_to_configuration(c, node);
    }
    let cells = cells![
        id,
        name,
        component,
        identity,
        user,
        minutes,
        requests,
        times,
        idle,
        queue,
        cpu,
        processes,
        virtual_memory,
        private_memory,
        runtime,
        mode,
    ];
    c.row(node, "IIsAppPool", cells);
}

/// Hours, a colon and two digits of minutes.
fn is_time(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once(':').is_some_and(|(hours, minutes)| {
        (1..=2).contains(&hours.len()) && minutes.len() == 2 && digits(hours) && digits(minutes)
    })
}

/// Greatest use, minutes between looks, and what happens then, as one text.
fn cpu_limit(c: &mut Compiler, node: &Node) -> String {
    let usage = node.text(c, "MaxCpuUsage").map(str::to_owned);
    let usage = match usage {
        Some(_) => node.int(c, "MaxCpuUsage", 0, 100).unwrap_or(0),
        None => 0,
    };
    let refresh = node.int(c, "RefreshCpu", 0, i32::MAX);
    let action = node.choice(c, "CpuAction", &[("shutdown", 1), ("none", 0)]);
    match (refresh, action) {
        (Some(refresh), Some(action)) => format!("{usage},{refresh},{action}"),
        (Some(refresh), None) => format!("{usage},{refresh}"),
        (None, _) => usage.to_string(),
    }
}

fn pipeline_mode<'d>(c: &mut Compiler, node: &Node<'d>) -> Option<&'d str> {
    match node.text(c, "ManagedPipelineMode")? {
        "classic" => Some("Classic"),
        "integrated" => Some("Integrated"),
        mode if matches!(mode, "Classic" | "Integrated") || mode.contains('[') => Some(mode),
        mode => {
            let message = format!("'{mode}' is neither 'Classic' nor 'Integrated'");
            node.bad(c, "ManagedPipelineMode", message);
            None
        }
    }
}
