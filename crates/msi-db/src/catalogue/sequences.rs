//! Sequences of actions.

use super::notation::*;
use crate::definition::Category::*;
use crate::definition::TableDef;

pub(super) static TABLES: &[TableDef] = &[
    table!("AdminExecuteSequence", [
        s("Action", 72).key().is(Identifier).says("Name of action to invoke, either in the engine or the handler DLL."),
        s("Condition", 255).null().is(Condition).says("Optional expression which skips the action if evaluates to expFalse.If the expression syntax is invalid, the engine will terminate, returning iesBadActionData."),
        i2("Sequence").null().range(-4, 32767).says("Number that determines the sort order in which the actions are to be executed.  Leave blank to suppress action."),
    ]),
    table!("AdminUISequence", [
        s("Action", 72).key().is(Identifier).says("Name of action to invoke, either in the engine or the handler DLL."),
        s("Condition", 255).null().is(Condition).says("Optional expression which skips the action if evaluates to expFalse.If the expression syntax is invalid, the engine will terminate, returning iesBadActionData."),
        i2("Sequence").null().range(-4, 32767).says("Number that determines the sort order in which the actions are to be executed.  Leave blank to suppress action."),
    ]),
    table!("AdvtExecuteSequence", [
        s("Action", 72).key().is(Identifier).says("Name of action to invoke, either in the engine or the handler DLL."),
        s("Condition", 255).null().is(Condition).says("Optional expression which skips the action if evaluates to expFalse.If the expression syntax is invalid, the engine will terminate, returning iesBadActionData."),
        i2("Sequence").null().range(-4, 32767).says("Number that determines the sort order in which the actions are to be executed.  Leave blank to suppress action."),
    ]),
    table!("AdvtUISequence", [
        s("Action", 72).key().is(Identifier).says("Name of action to invoke, either in the engine or the handler DLL."),
        s("Condition", 255).null().is(Condition).says("Optional expression which skips the action if evaluates to expFalse.If the expression syntax is invalid, the engine will terminate, returning iesBadActionData."),
        i2("Sequence").null().range(-4, 32767).says("Number that determines the sort order in which the actions are to be executed.  Leave blank to suppress action."),
    ]),
    table!("InstallExecuteSequence", [
        s("Action", 72).key().is(Identifier).says("Name of action to invoke, either in the engine or the handler DLL."),
        s("Condition", 255).null().is(Condition).says("Optional expression which skips the action if evaluates to expFalse.If the expression syntax is invalid, the engine will terminate, returning iesBadActionData."),
        i2("Sequence").null().range(-4, 32767).says("Number that determines the sort order in which the actions are to be executed.  Leave blank to suppress action."),
    ]),
    table!("InstallUISequence", [
        s("Action", 72).key().is(Identifier).says("Name of action to invoke, either in the engine or the handler DLL."),
        s("Condition", 255).null().is(Condition).says("Optional expression which skips the action if evaluates to expFalse.If the expression syntax is invalid, the engine will terminate, returning iesBadActionData."),
        i2("Sequence").null().range(-4, 32767).says("Number that determines the sort order in which the actions are to be executed.  Leave blank to suppress action."),
    ]),
];
