//! The agent's own data files. Logs are no concern of ours: they outlive the product.

use crate::context::{Context, join};
use crate::failure::{Doing, Failure};
use crate::machine::{Found, Machine};
use crate::state;

/// The agent's status report, and what a write of it may have left.
const PREFIX: &str = "status.json";

/// Files in the data folder that go with the product. Logs lie in `Trace`.
pub fn names(machine: &dyn Machine, folder: &str) -> Result<Vec<String>, Failure> {
    let mut names = machine.names(folder).doing(|| format!("Listing {folder}"))?;
    names.retain(|name| {
        name.starts_with(PREFIX) && matches!(machine.find(&join(folder, name)), Ok(Found::File))
    });
    Ok(names)
}

/// Removes the data files with the product.
pub fn remove(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    for name in names(machine, &context.data)? {
        let path = join(&context.data, &name);
        machine.delete(&path).doing(|| format!("Deleting {path}"))?;
    }
    machine.log("Removed the agent's data files; its logs stay");
    Ok(())
}

/// Rollback: puts saved files back where they are missing, and removes those that came since.
pub fn restore(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    let Some(state) = state::load(machine, context)? else { return Ok(()) };
    let present = names(machine, &context.data)?;
    for name in present.iter().filter(|name| !state.data.contains(name)) {
        let path = join(&context.data, name);
        machine.delete(&path).doing(|| format!("Deleting {path}"))?;
    }
    for name in state.data.iter().filter(|name| !present.contains(name)) {
        if let Some(bytes) = state::saved_data(machine, context, name)? {
            let path = join(&context.data, name);
            machine.write(&path, &bytes).doing(|| format!("Writing {path}"))?;
        }
    }
    Ok(())
}
