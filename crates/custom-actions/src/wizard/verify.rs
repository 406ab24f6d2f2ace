//! `VerifyInstallation`: the agent's own check, in a window of its own, for the person at the screen.

use crate::access::{EXE, KEY, TRUSTED_OWNERS};
use crate::check::Properties;
use crate::context::{is_below, join, trimmed};
use crate::failure::{Doing, Failure};
use crate::machine::{Found, Machine, RegistryValue};

/// The account that nothing may be shown under: its windows would be a way to its rights.
const SYSTEM: &str = "S-1-5-18";

/// Starts `provisioning-agent verify`, elevated by Windows' own question. The program is the one that the registry names,
/// which only administrators can write, in a folder that only they can write: never what a property says.
pub fn verify_installation(machine: &dyn Machine, properties: &dyn Properties) -> Result<(), Failure> {
    if machine.own_sid().doing(|| "Reading the process token".to_owned())? == SYSTEM {
        machine.log("The installer runs as SYSTEM; nothing is shown");
        return Ok(());
    }
    let values = machine.values(KEY).doing(|| format!(r"Reading HKLM\{KEY}"))?.unwrap_or_default();
    let folder = values.iter().find(|value| value.name.eq_ignore_ascii_case("InstallDir"));
    let folder = folder.and_then(RegistryValue::as_text).unwrap_or_default();
    let folder = trimmed(&folder);
    let programs = properties.get("ProgramFiles64Folder")?;
    if !is_below(folder, trimmed(&programs)) {
        match machine.find(folder).doing(|| format!("Looking at {folder}"))? {
            Found::Folder { owner } if TRUSTED_OWNERS.contains(&owner.as_str()) => {}
            _ => return Err(Failure::step("Verifying", format!("{folder} is not the administrators'"))),
        }
    }
    let exe = join(folder, EXE);
    machine.start_elevated(&exe, "verify --wait").doing(|| format!("Starting {exe}"))
}
