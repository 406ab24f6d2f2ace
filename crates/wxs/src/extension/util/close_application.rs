//! `CloseApplication`.

use super::OWN;
use crate::compile::node::Node;
use crate::compile::{Compiler, cells};

const REBOOT_PROMPT: i32 = 0x02;
const TERMINATE: i32 = 0x20;
const PROMPT_TO_CONTINUE: i32 = 0x40;

pub(super) fn close_application(c: &mut Compiler, node: &Node) {
    let given_id = node.id(c, "Id").map(str::to_owned);
    let target = node.need_text(c, "Target");
    let id = given_id.unwrap_or_else(|| c.generate_identifier("ca", &[target]));
    let description = node.text(c, "Description");
    let property = node.id(c, "Property");
    let sequence = node.int(c, "Sequence", 0, i32::MAX);
    let timeout = node.int(c, "Timeout", 0, i32::MAX / 1000).map(|seconds| seconds * 1000);
    let mut bits = REBOOT_PROMPT;
    for (attribute, bit) in [
        ("CloseMessage", 0x01),
        ("RebootPrompt", REBOOT_PROMPT),
        ("ElevatedCloseMessage", 0x04),
        ("EndSessionMessage", 0x08),
        ("ElevatedEndSessionMessage", 0x10),
        ("PromptToContinue", PROMPT_TO_CONTINUE),
    ] {
        match node.yes_no(c, attribute) {
            Some(true) => bits |= bit,
            Some(false) => bits &= !bit,
            None => {}
        }
    }
    let exit_code = node.int(c, "TerminateProcess", 0, i32::MAX);
    if node.has("TerminateProcess") {
        bits |= TERMINATE;
    }
    if bits & PROMPT_TO_CONTINUE != 0 && description.is_none() {
        let message = "PromptToContinue=\"yes\" needs a 'Description', which is the prompt".to_owned();
        node.combination(c, "PromptToContinue", message);
    }
    if bits & TERMINATE != 0 && bits & REBOOT_PROMPT != 0 {
        let message = "'TerminateProcess' needs RebootPrompt=\"no\"".to_owned();
        node.combination(c, "TerminateProcess", message);
    }
    c.refer_to_action(node, "WixCloseApplications", OWN);
    let cells =
        cells![id, target, description, node.condition(), bits, sequence, property, exit_code, timeout];
    c.row(node, "WixCloseApplication", cells);
    c.no_children(node);
}
