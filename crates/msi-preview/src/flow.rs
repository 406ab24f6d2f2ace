//! Which control leads where, and under which condition.

use crate::model::Package;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What a control leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The next page takes this one's place.
    Page(String),
    /// A dialog opens over this one.
    Child(String),
    /// The dialog ends, with the engine's word for how: Return, Exit, Retry, Ignore.
    End(String),
}

/// One way from one dialog on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub from: String,
    pub control: String,
    pub target: Target,
    pub condition: String,
    pub ordering: i32,
}

/// Where a sequence shows a dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub dialog: String,
    pub sequence: i32,
    pub condition: String,
}

/// All ways through a package's dialogs.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    pub entries: Vec<Entry>,
    pub steps: Vec<Step>,
    /// Dialogs in the order in which a user comes to them; those that nothing leads to at the end.
    pub order: Vec<String>,
    /// How many steps from an entry each dialog is; missing where nothing leads to it.
    pub distance: BTreeMap<String, usize>,
}

impl Entry {
    /// What the engine means by a negative sequence ("InstallUISequence Table").
    pub fn moment(&self) -> &'static str {
        match self.sequence {
            -1 => "when the installation has succeeded",
            -2 => "when the user has cancelled",
            -3 => "when the installation has failed",
            -4 => "when the installation is suspended",
            _ => "in the sequence",
        }
    }
}

/// Reads the ways out of the ControlEvent table and the sequence.
pub fn flow(package: &Package) -> Flow {
    let mut flow = Flow::default();
    for row in package.sequence.iter().filter(|row| package.dialogs.contains_key(&row.action)) {
        flow.entries.push(Entry {
            dialog: row.action.clone(),
            sequence: row.sequence,
            condition: row.condition.clone(),
        });
    }
    // Success, cancellation and failure come after everything else.
    flow.entries.sort_by_key(|entry| (entry.sequence < 0, entry.sequence.abs()));
    for event in &package.events {
        let target = match event.event.as_str() {
            "NewDialog" => Target::Page(event.argument.clone()),
            "SpawnDialog" | "SpawnWaitDialog" => Target::Child(event.argument.clone()),
            "EndDialog" => Target::End(event.argument.clone()),
            _ => continue,
        };
        flow.steps.push(Step {
            from: event.dialog.clone(),
            control: event.control.clone(),
            target,
            condition: event.condition.clone(),
            ordering: event.ordering,
        });
    }
    let mut queue: VecDeque<(&str, usize)> =
        flow.entries.iter().map(|entry| (entry.dialog.as_str(), 0)).collect();
    let mut seen = BTreeSet::new();
    let mut from: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for step in &flow.steps {
        if let Target::Page(to) | Target::Child(to) = &step.target {
            from.entry(&step.from).or_default().push(to);
        }
    }
    let (mut order, mut distance) = (Vec::new(), BTreeMap::new());
    while let Some((dialog, steps)) = queue.pop_front() {
        if !package.dialogs.contains_key(dialog) || !seen.insert(dialog) {
            continue;
        }
        order.push(dialog.to_owned());
        distance.insert(dialog.to_owned(), steps);
        queue.extend(from.get(dialog).into_iter().flatten().map(|next| (*next, steps + 1)));
    }
    order.extend(package.dialogs.keys().filter(|id| !seen.contains(id.as_str())).cloned());
    (flow.order, flow.distance) = (order, distance);
    flow
}
