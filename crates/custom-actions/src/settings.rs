//! The registry settings that administrators edit: defaults where they are missing, the administrator's values over
//! every upgrade.

use crate::access::KEY;
use crate::context::Context;
use crate::failure::{Doing, Failure};
use crate::machine::{Machine, RegistryValue};
use crate::state;

/// Values that the Registry table writes; the installer takes care of them.
const FACTS: [&str; 4] = ["InstallDir", "ServiceName", "Version", "Cloud"];

/// What a fresh installation writes.
fn defaults() -> [RegistryValue; 3] {
    [
        RegistryValue::text("LdapConnectionTimeoutInMilliseconds", "30000"),
        RegistryValue::text("ReferralChasingOptions", "96"),
        RegistryValue::number("UserPasswordLength", 256),
    ]
}

/// All values but those of the Registry table.
pub fn editable(values: Vec<RegistryValue>) -> Vec<RegistryValue> {
    values
        .into_iter()
        .filter(|value| !FACTS.iter().any(|fact| fact.eq_ignore_ascii_case(&value.name)))
        .collect()
}

/// Puts back what the old product's removal took away, then writes the defaults that are still missing.
pub fn apply(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    let saved = state::load(machine, context)?.and_then(|state| state.settings).unwrap_or_default();
    let present = current(machine)?.unwrap_or_default();
    let mut names: Vec<String> = present.into_iter().map(|value| value.name).collect();
    for value in saved.into_iter().chain(defaults()) {
        if names.iter().any(|name| name.eq_ignore_ascii_case(&value.name)) {
            continue;
        }
        set(machine, &value)?;
        machine.log(&format!("Wrote setting {}", value.name));
        names.push(value.name);
    }
    Ok(())
}

/// Removes the settings with the product.
pub fn remove(machine: &dyn Machine, _context: &Context) -> Result<(), Failure> {
    for value in current(machine)?.unwrap_or_default() {
        delete(machine, &value.name)?;
    }
    machine.log("Removed the settings");
    drop_empty_key(machine)
}

/// Rollback: exactly the settings that were saved.
pub fn restore(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    let Some(state) = state::load(machine, context)? else { return Ok(()) };
    let saved = state.settings.unwrap_or_default();
    let present = current(machine)?.unwrap_or_default();
    for value in &present {
        if !saved.iter().any(|kept| kept.name.eq_ignore_ascii_case(&value.name)) {
            delete(machine, &value.name)?;
        }
    }
    for value in saved.iter().filter(|value| !present.contains(value)) {
        set(machine, value)?;
    }
    drop_empty_key(machine)
}

fn current(machine: &dyn Machine) -> Result<Option<Vec<RegistryValue>>, Failure> {
    Ok(machine.values(KEY).doing(|| format!(r"Reading HKLM\{KEY}"))?.map(editable))
}

fn set(machine: &dyn Machine, value: &RegistryValue) -> Result<(), Failure> {
    machine.set_value(KEY, value).doing(|| format!(r"Writing HKLM\{KEY}, {}", value.name))
}

fn delete(machine: &dyn Machine, name: &str) -> Result<(), Failure> {
    machine.delete_value(KEY, name).doing(|| format!(r"Deleting HKLM\{KEY}, {name}"))
}

fn drop_empty_key(machine: &dyn Machine) -> Result<(), Failure> {
    machine.delete_empty_key(KEY).doing(|| format!(r"Deleting HKLM\{KEY}"))
}
