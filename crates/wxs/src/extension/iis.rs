//! The IIs extension.

use crate::compile::component::Scope;
use crate::compile::node::Node;
use crate::compile::{Compiler, Handled};

pub(super) fn in_section(_: &mut Compiler, _: &Node) -> Handled {
    Handled::No
}

pub(super) fn in_component(_: &mut Compiler, _: &Node, _: &Scope) -> Handled {
    Handled::No
}
