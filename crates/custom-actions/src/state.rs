//! The backup of one installation: what stood on the machine before it, to be put back after an upgrade's removal of
//! the old product or by a rollback.
//!
//! It lies in `Backup\{ProductCode}` of the data folder, where only SYSTEM and Administrators get in, for as long as
//! the installation runs. An upgrade runs the old product's removal inside its own installation; each has its own folder.

use serde::{Deserialize, Serialize};

use crate::access::{KEY, SERVICE, TRUSTED_OWNERS};
use crate::context::{Context, join, trimmed};
use crate::failure::{Doing, Failure};
use crate::machine::{Found, Machine, RegistryValue, ServiceState};
use crate::{configuration, data, service, settings};

/// What `SaveState` found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Where the product was, if it was installed.
    pub install: Option<String>,
    /// The cloud whose MSI was installed.
    pub cloud: Option<String>,
    /// Names of the configuration's files there; their bytes lie in the backup under the same names.
    pub configuration: Vec<String>,
    /// The agent's data files, likewise.
    pub data: Vec<String>,
    /// The values under our key that no Registry row owns, or nothing if there was no key.
    pub settings: Option<Vec<RegistryValue>>,
    pub service: Option<ServiceState>,
}

const STATE: &str = "state.json";
const CONFIGURATION: &str = "configuration.";
const DATA: &str = "data.";

/// The folder that holds all backups.
pub fn backups(context: &Context) -> String {
    join(&context.data, "Backup")
}

/// This installation's backup.
pub fn backup(context: &Context) -> String {
    join(&backups(context), &context.transaction)
}

/// Saves configuration, settings and service. Runs before anything of ours is changed or removed.
pub fn save(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    let facts = machine.values(KEY).doing(|| format!(r"Reading HKLM\{KEY}"))?;
    let fact = |name: &str| {
        let values = facts.as_deref().unwrap_or_default();
        values.iter().find(|value| value.name.eq_ignore_ascii_case(name)).and_then(RegistryValue::as_text)
    };
    let install = fact("InstallDir").map(|path| trimmed(&path).to_owned());
    let from = install.clone().unwrap_or_else(|| context.install.clone());
    let from = from.as_str();

    let configuration = keep(machine, context, from, CONFIGURATION, &configuration::names(machine, from)?)?;
    let data = keep(machine, context, &context.data, DATA, &data::names(machine, &context.data)?)?;
    let state = State {
        cloud: fact("Cloud"),
        configuration,
        data,
        settings: facts.map(settings::editable),
        service: machine.service(SERVICE).doing(|| format!("Reading service {SERVICE}"))?,
        install,
    };
    let json =
        serde_json::to_vec_pretty(&state).map_err(|error| Failure::step("Writing the backup", error))?;
    let path = join(&backup(context), STATE);
    machine.write(&path, &json).doing(|| format!("Writing {path}"))?;
    machine.log(&format!(
        "Saved {} configuration file(s) from {from}, {} setting(s), {}",
        state.configuration.len(),
        state.settings.as_ref().map_or(0, Vec::len),
        if state.service.is_some() { "the service" } else { "no service" },
    ));
    Ok(())
}

fn keep(
    machine: &dyn Machine,
    context: &Context,
    from: &str,
    prefix: &str,
    names: &[String],
) -> Result<Vec<String>, Failure> {
    let mut kept = Vec::new();
    for name in names {
        let path = join(from, name);
        if let Some(bytes) = machine.read(&path).doing(|| format!("Reading {path}"))? {
            let copy = join(&backup(context), &format!("{prefix}{name}"));
            machine.write(&copy, &bytes).doing(|| format!("Writing {copy}"))?;
            kept.push(name.clone());
        }
    }
    Ok(kept)
}

/// What `SaveState` saved in this installation, if it came so far.
pub fn load(machine: &dyn Machine, context: &Context) -> Result<Option<State>, Failure> {
    let path = join(&backup(context), STATE);
    let Some(bytes) = machine.read(&path).doing(|| format!("Reading {path}"))? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| Failure::step(format!("Reading {path}"), error))
}

/// The saved bytes of one configuration file.
pub fn saved_configuration(
    machine: &dyn Machine,
    context: &Context,
    name: &str,
) -> Result<Option<Vec<u8>>, Failure> {
    let path = join(&backup(context), &format!("{CONFIGURATION}{name}"));
    machine.read(&path).doing(|| format!("Reading {path}"))
}

/// The saved bytes of one data file.
pub fn saved_data(machine: &dyn Machine, context: &Context, name: &str) -> Result<Option<Vec<u8>>, Failure> {
    let path = join(&backup(context), &format!("{DATA}{name}"));
    machine.read(&path).doing(|| format!("Reading {path}"))
}

/// One rollback.
type Step = fn(&dyn Machine, &Context) -> Result<(), Failure>;

/// Rollback, the last word: everything as `SaveState` found it. Steps that cannot be undone are logged and do not keep
/// the others from being undone.
pub fn restore(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    let steps: [Step; 4] = [configuration::restore, settings::restore, data::restore, service::restore];
    let mut first = None;
    for step in steps {
        if let Err(failure) = step(machine, context) {
            machine.log(&format!("Not undone: {failure}"));
            first.get_or_insert(failure);
        }
    }
    first.map_or(Ok(()), Err)
}

/// After success: the backup goes, and so do folders that a removal left empty.
pub fn discard(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    let folder = backup(context);
    remove_tree(machine, &folder)?;
    remove_if_empty(machine, &backups(context))?;
    if context.removing {
        remove_if_empty(machine, &join(&context.data, "Trace"))?;
        remove_if_empty(machine, &context.data)?;
        remove_if_empty(machine, &context.install)?;
    }
    machine.log("Discarded the backup of this installation");
    Ok(())
}

/// Removes a folder that holds files and folders but one level deep, as ours do. Links are removed, not followed.
pub fn remove_tree(machine: &dyn Machine, folder: &str) -> Result<(), Failure> {
    for name in machine.names(folder).doing(|| format!("Listing {folder}"))? {
        let path = join(folder, &name);
        machine.delete(&path).doing(|| format!("Deleting {path}"))?;
    }
    remove_if_empty(machine, folder)
}

/// Removes a folder if nothing is in it.
pub fn remove_if_empty(machine: &dyn Machine, folder: &str) -> Result<(), Failure> {
    machine.remove_folder(folder).doing(|| format!("Removing {folder}")).map(|_| ())
}

/// Whether a folder belongs to those who may install. The account that this process runs as counts, because it is
/// SYSTEM where Windows Installer runs us.
pub fn is_trusted(machine: &dyn Machine, owner: &str) -> Result<bool, Failure> {
    if TRUSTED_OWNERS.contains(&owner) {
        return Ok(true);
    }
    let own = machine.own_sid().doing(|| "Reading the process token".to_owned())?;
    Ok(own == owner)
}

/// Moves what stands at `path` to a free name beside it; gives that name.
pub fn set_aside(machine: &dyn Machine, path: &str) -> Result<String, Failure> {
    for number in 1..1000 {
        let aside = format!("{path}.set-aside-{number}");
        if machine.find(&aside).doing(|| format!("Looking at {aside}"))? == Found::Nothing {
            machine.rename(path, &aside).doing(|| format!("Setting {path} aside"))?;
            machine.log(&format!(
                "{path} did not belong to SYSTEM or Administrators, or was a link; it is now {aside}"
            ));
            return Ok(aside);
        }
    }
    Err(Failure::step(format!("Setting {path} aside"), "a thousand folders were set aside before"))
}
