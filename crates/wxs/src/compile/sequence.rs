//! The five sequences: standard actions, custom ones and dialogs, and where each stands.

use super::{Compiler, Handled, Node};
use crate::codes;
use crate::ir::{ActionPlace, ActionSymbol, SequenceTable};
use crate::schema::is_standard_action;
use diagnostics::Diagnostic;

/// References to places in sequences; keys are `Sequence/Action`.
pub(super) const ACTION_REFERENCES: &str = "WixAction";

/// Actions that have no place of their own, and are scheduled like custom ones.
const SPECIAL: [&str; 7] = [
    "DisableRollback",
    "ForceReboot",
    "InstallExecute",
    "InstallExecuteAgain",
    "RemoveExistingProducts",
    "ResolveSource",
    "ScheduleReboot",
];

pub(super) fn sequence(c: &mut Compiler, node: &Node) {
    let table = match node.name() {
        "AdminExecuteSequence" => SequenceTable::AdminExecuteSequence,
        "AdminUISequence" => SequenceTable::AdminUISequence,
        "AdvertiseExecuteSequence" => SequenceTable::AdvtExecuteSequence,
        "InstallExecuteSequence" => SequenceTable::InstallExecuteSequence,
        _ => SequenceTable::InstallUISequence,
    };
    c.each_child(node, |c, child| {
        action(c, child, table);
        Handled::Yes
    });
}

fn action(c: &mut Compiler, node: &Node, table: SequenceTable) {
    let (name, needs_place) = match node.name() {
        "Custom" => {
            let action = c.reference(node, "Action", "CustomAction");
            (node.need(c, "Action", action), true)
        }
        "Show" => {
            let dialog = c.reference(node, "Dialog", "Dialog");
            (node.need(c, "Dialog", dialog), true)
        }
        standard => (standard, SPECIAL.contains(&standard)),
    };
    let before = neighbour(c, node, table, "Before");
    let after = neighbour(c, node, table, "After");
    let exits = [("success", -1), ("cancel", -2), ("error", -3), ("suspend", -4)];
    let exit = node.choice(c, "OnExit", &exits);
    let number = node.int(c, "Sequence", 1, i32::from(i16::MAX)).map(|number| number as i16);
    let overridable = node.flag(c, "Overridable");
    let suppress = node.flag(c, "Suppress");
    for (attribute, other) in
        [("OnExit", "Sequence"), ("Sequence", "Before"), ("Sequence", "After"), ("After", "Before")]
    {
        node.excludes(c, attribute, other);
    }
    itself(c, node, name, before.or(after));
    let place = match (exit.or(number), before, after) {
        (Some(number), ..) => Some(ActionPlace::At(number)),
        (None, Some(before), _) => Some(ActionPlace::Before(before.to_owned())),
        (None, None, Some(after)) => Some(ActionPlace::After(after.to_owned())),
        (None, None, None) => None,
    };
    let placed = ["OnExit", "Sequence", "Before", "After"].iter().any(|attribute| node.has(attribute));
    if needs_place && !suppress && !placed {
        let message = format!("<{}> needs one of 'Before', 'After', 'Sequence' or 'OnExit'", node.name());
        c.error(node, codes::MISSING, message);
    }
    if overridable && is_standard_action(name) && !SPECIAL.contains(&name) {
        let message = format!("'{name}' has a standard place, which anybody may override");
        node.combination(c, "Overridable", message);
    }
    if suppress && (placed || overridable) {
        let message = "an action that is suppressed has no place".to_owned();
        node.combination(c, "Suppress", message);
    }
    c.no_children(node);
    if suppress {
        c.section.suppressed_actions.push((table, name.to_owned(), node.span()));
    } else {
        c.section.actions.push(ActionSymbol {
            sequence: table,
            action: name.to_owned(),
            condition: node.condition(),
            place: place.unwrap_or(ActionPlace::Default),
            overridable,
            span: node.span(),
        });
    }
}

fn neighbour<'d>(
    c: &mut Compiler,
    node: &Node<'d>,
    table: SequenceTable,
    attribute: &str,
) -> Option<&'d str> {
    let action = node.id(c, attribute)?;
    c.refer(node, ACTION_REFERENCES, &format!("{}/{action}", table.name()));
    Some(action)
}

/// Refuses an action that is placed by itself.
pub(super) fn itself(c: &mut Compiler, node: &Node, action: &str, neighbour: Option<&str>) {
    if neighbour == Some(action) {
        let message = format!("'{action}' is placed before or after itself");
        let attribute = if node.has("Before") { "Before" } else { "After" };
        let finding = Diagnostic::error(codes::CONFLICT, message).at(node.place(attribute));
        c.push(finding.hint("name another action"));
    }
}
