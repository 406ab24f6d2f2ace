//! `SetProperty` and `SetDirectory`: a custom action and its places in one.

use super::sequence::{ACTION_REFERENCES, itself};
use super::{Compiler, Node, cells};
use crate::codes;
use crate::ir::{ActionPlace, ActionSymbol, SequenceTable};
use crate::schema::is_standard_action;

/// A custom action that sets what its source names to its target (type 51).
const SET: i32 = 0x33;
const FIRST_SEQUENCE: i32 = 0x100;

const BOTH: &[SequenceTable] = &[SequenceTable::InstallUISequence, SequenceTable::InstallExecuteSequence];
type Where = (&'static [SequenceTable], i32);
const SEQUENCES: [(&str, Where); 4] = [
    ("both", (BOTH, 0)),
    ("first", (BOTH, FIRST_SEQUENCE)),
    ("execute", (&[SequenceTable::InstallExecuteSequence], 0)),
    ("ui", (&[SequenceTable::InstallUISequence], 0)),
];

pub(super) fn set_property(c: &mut Compiler, node: &Node) {
    let id = node.need_id(c, "Id");
    let action = action_name(c, node, id);
    let (sequences, bits) = node.choice(c, "Sequence", &SEQUENCES).unwrap_or((BOTH, 0));
    let value = node.text_or_empty("Value");
    let value = node.need(c, "Value", value);
    let before = node.id(c, "Before");
    let after = node.id(c, "After");
    node.excludes(c, "After", "Before");
    let place = match (before, after) {
        (Some(before), _) => ActionPlace::Before(before.to_owned()),
        (None, Some(after)) => ActionPlace::After(after.to_owned()),
        (None, None) => {
            if !node.has("After") && !node.has("Before") {
                let message = "<SetProperty> needs the attribute 'After' or 'Before'".to_owned();
                c.error(node, codes::MISSING, message);
            }
            ActionPlace::Default
        }
    };
    itself(c, node, &action, before.or(after));
    for neighbour in [before, after].into_iter().flatten() {
        for sequence in sequences {
            if is_standard_action(neighbour) {
                c.refer(node, ACTION_REFERENCES, &format!("{}/{neighbour}", sequence.name()));
            } else {
                c.refer(node, "CustomAction", neighbour);
            }
        }
    }
    finish(c, node, id, &action, value, bits, sequences, &place);
}

pub(super) fn set_directory(c: &mut Compiler, node: &Node) {
    let id = c.reference(node, "Id", "Directory");
    let id = node.need(c, "Id", id);
    let action = action_name(c, node, id);
    let (sequences, bits) = node.choice(c, "Sequence", &SEQUENCES).unwrap_or((BOTH, 0));
    let value = node.need_text(c, "Value");
    let place = ActionPlace::After("CostInitialize".to_owned());
    finish(c, node, id, &action, value, bits, sequences, &place);
}

fn action_name(c: &mut Compiler, node: &Node, id: &str) -> String {
    node.id(c, "Action").map_or_else(|| format!("Set{id}"), str::to_owned)
}

#[expect(clippy::too_many_arguments, reason = "the two elements differ in each of these")]
fn finish(
    c: &mut Compiler,
    node: &Node,
    id: &str,
    action: &str,
    value: &str,
    bits: i32,
    sequences: &[SequenceTable],
    place: &ActionPlace,
) {
    let none: Option<i32> = None;
    c.row(node, "CustomAction", cells![action, SET | bits, id, value, none]);
    for &sequence in sequences {
        c.section.actions.push(ActionSymbol {
            sequence,
            action: action.to_owned(),
            condition: node.condition(),
            place: place.clone(),
            overridable: false,
            span: node.span(),
        });
    }
    c.no_children(node);
}
