//! The live configuration: made from the shipped copy by a three-way merge, removed with the product, put back by a
//! rollback. It is in no table, because Windows Installer would overwrite or remove what an administrator edited.

use app_config::edit::{ProxyChange, Settings};
use app_config::merge::merge_into;
use app_config::{Cloud, Config, FipsPolicy};

use crate::context::{Context, join};
use crate::failure::{Doing, Failure};
use crate::machine::{Found, Machine};
use crate::state::{self, State};

/// The file that the agent reads.
pub const LIVE: &str = "provisioning-agent.exe.config";
/// What the package installs.
pub const SHIPPED: &str = "provisioning-agent.exe.config.shipped";
/// What stood in the live file before the last change.
const PREVIOUS: &str = "provisioning-agent.exe.config.bak";
/// A live file that was no configuration.
const UNREADABLE: &str = "provisioning-agent.exe.config.unreadable";

/// The configuration's files in a folder: the live one, the shipped one, backups.
pub fn names(machine: &dyn Machine, folder: &str) -> Result<Vec<String>, Failure> {
    let mut names = machine.names(folder).doing(|| format!("Listing {folder}"))?;
    names.retain(|name| {
        let named = name.get(..LIVE.len()).is_some_and(|head| head.eq_ignore_ascii_case(LIVE));
        named && matches!(machine.find(&join(folder, name)), Ok(Found::File))
    });
    Ok(names)
}

/// Makes the live configuration.
pub fn apply(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    let saved = state::load(machine, context)?.unwrap_or_default();
    let shipped = read(machine, &join(&context.install, SHIPPED))?
        .ok_or_else(|| Failure::step("Making the configuration", format!("{SHIPPED} was not installed")))?;
    let path = join(&context.install, LIVE);
    let on_disk = match read(machine, &path)? {
        Some(bytes) => Some(bytes),
        None => kept(machine, context, &saved, LIVE)?,
    };
    let base = kept(machine, context, &saved, SHIPPED)?;

    let made = make(machine, context, &saved, base.as_deref(), on_disk.as_deref(), &shipped)?;
    if let Some(old) = &on_disk
        && *old != made.bytes
    {
        let copy = join(&context.install, if made.readable { PREVIOUS } else { UNREADABLE });
        write(machine, &copy, old)?;
        machine.log(&format!("The configuration as it was is kept as {copy}"));
    }
    write(machine, &path, &made.bytes)?;
    machine.log(&format!("Wrote {path}"));

    if let Some(old) = saved.install.as_deref().filter(|old| !old.eq_ignore_ascii_case(&context.install)) {
        machine.log(&format!("The product moved here from {old}"));
        for name in names(machine, old)? {
            delete(machine, &join(old, &name))?;
        }
        state::remove_if_empty(machine, old)?;
    }
    Ok(())
}

struct Made {
    bytes: Vec<u8>,
    /// Whether the file on disk was a configuration.
    readable: bool,
}

fn make(
    machine: &dyn Machine,
    context: &Context,
    saved: &State,
    base: Option<&[u8]>,
    on_disk: Option<&[u8]>,
    shipped: &[u8],
) -> Result<Made, Failure> {
    let theirs = parse(shipped)?;
    let Some(bytes) = on_disk else {
        let mut config = theirs;
        settle(machine, context, saved, None, None, &mut config)?;
        return Ok(Made { bytes: config.to_bytes(), readable: true });
    };
    let ours = match Config::from_bytes(bytes) {
        Ok(config) => config,
        Err(error) => {
            machine.log(&format!("The configuration on disk cannot be read, so it starts anew: {error}"));
            let mut config = theirs;
            settle(machine, context, saved, None, None, &mut config)?;
            return Ok(Made { bytes: config.to_bytes(), readable: false });
        }
    };

    let base = base.and_then(|bytes| Config::from_bytes(bytes).ok());
    let mut config = ours.clone();
    for note in merge_into(base.as_ref(), &mut config, &theirs) {
        machine.log(&format!("Configuration {note}"));
    }
    settle(machine, context, saved, base.as_ref(), Some(&ours), &mut config)?;
    Ok(Made { bytes: config.to_bytes(), readable: true })
}

/// Sets environment, FIPS policy and proxy by precedence: this run's properties, then what is on disk, then the
/// package's default.
fn settle(
    machine: &dyn Machine,
    context: &Context,
    saved: &State,
    base: Option<&Config>,
    ours: Option<&Config>,
    config: &mut Config,
) -> Result<(), Failure> {
    let (environment, source) = environment(context, saved, ours)?;
    machine.log(&format!("Environment {environment}, from {source}"));
    let (fips, source) = fips(context, base, ours)?;
    // It speaks of the agent's process; the machine keeps its mode whatever is written here.
    machine.log(&format!("FIPS policy of the agent's process: {fips}, from {source}"));
    let proxy = match context.field("Proxy")? {
        "" => None,
        given => Some(ProxyChange::parse(given).map_err(|error| Failure::Proxy(error.to_string()))?),
    };
    let settings = Settings { environment: Some(environment), fips: Some(fips), proxy, trace: None };
    for change in app_config::edit::apply(config, &settings) {
        machine.log(&format!("Configuration {change}"));
    }
    Ok(())
}

const GIVEN: &str = "this run's properties";
const ON_DISK: &str = "the configuration on disk";
const DEFAULT: &str = "this package's default";

fn environment(
    context: &Context,
    saved: &State,
    ours: Option<&Config>,
) -> Result<(&'static Cloud, &'static str), Failure> {
    let given = context.field("Environment")?;
    if !given.is_empty() {
        return Ok((cloud(given)?, GIVEN));
    }
    match kept_environment(saved.cloud.as_deref(), context.field("Cloud")?, ours) {
        Some(on_disk) => Ok((on_disk, ON_DISK)),
        None => Ok((cloud(context.field("DefaultEnvironment")?)?, DEFAULT)),
    }
}

/// What is on disk counts only if the same cloud's package put it there: the government's package over the commercial
/// one is how an administrator switches clouds.
pub fn kept_environment(
    installed: Option<&str>,
    package: &str,
    ours: Option<&Config>,
) -> Option<&'static Cloud> {
    ours.filter(|_| installed == Some(package))?.environment().ok()
}

fn fips(
    context: &Context,
    base: Option<&Config>,
    ours: Option<&Config>,
) -> Result<(FipsPolicy, &'static str), Failure> {
    let given = context.field("Fips")?;
    if !given.is_empty() {
        return Ok((policy(given)?, GIVEN));
    }
    match kept_fips(base, ours) {
        Some(on_disk) => Ok((on_disk, ON_DISK)),
        None => Ok((policy(context.field("DefaultFips")?)?, DEFAULT)),
    }
}

/// On disk counts a node, or the removal of a node that was shipped. A file that says nothing, and never did, takes the
/// package's default: otherwise the exempting package over the plain one would change nothing.
pub fn kept_fips(base: Option<&Config>, ours: Option<&Config>) -> Option<FipsPolicy> {
    let shipped = base.and_then(|base| base.fips().ok()).unwrap_or_default();
    match ours?.fips() {
        Ok(FipsPolicy::Inherit) if shipped == FipsPolicy::Inherit => None,
        Ok(policy) => Some(policy),
        Err(_) => None,
    }
}

fn cloud(environment: &str) -> Result<&'static Cloud, Failure> {
    Cloud::by_environment(environment).map_err(|_| {
        let known: Vec<&str> = Cloud::all().iter().map(|cloud| cloud.environment.as_str()).collect();
        Failure::Environment(environment.to_owned(), known.join(", "))
    })
}

fn policy(name: &str) -> Result<FipsPolicy, Failure> {
    name.parse().map_err(|_| Failure::Fips(name.to_owned()))
}

/// Removes the live configuration and its backups with the product; the shipped copy is the installer's.
pub fn remove(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    for name in names(machine, &context.install)? {
        if !name.eq_ignore_ascii_case(SHIPPED) {
            delete(machine, &join(&context.install, &name))?;
        }
    }
    machine.log(&format!("Removed {}", join(&context.install, LIVE)));
    Ok(())
}

/// Rollback: the files that `SaveState` saved, where they were, and no others.
pub fn restore(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    let Some(saved) = state::load(machine, context)? else { return Ok(()) };
    let home = saved.install.as_deref().unwrap_or(&context.install);
    for folder in [home, &context.install] {
        for name in names(machine, folder)? {
            let belongs = folder.eq_ignore_ascii_case(home) && saved.configuration.contains(&name);
            if !belongs && !name.eq_ignore_ascii_case(SHIPPED) {
                delete(machine, &join(folder, &name))?;
            }
        }
    }
    // The shipped copy is a File row, which the installer rolls back itself.
    for name in saved.configuration.iter().filter(|name| !name.eq_ignore_ascii_case(SHIPPED)) {
        let Some(bytes) = state::saved_configuration(machine, context, name)? else { continue };
        let path = join(home, name);
        if read(machine, &path)?.as_ref() != Some(&bytes) {
            let folder = machine.find(home).doing(|| format!("Looking at {home}"))?;
            if folder == Found::Nothing {
                machine.create_folder(home, "").doing(|| format!("Creating {home}"))?;
            }
            write(machine, &path, &bytes)?;
            machine.log(&format!("Put {path} back"));
        }
    }
    Ok(())
}

fn kept(
    machine: &dyn Machine,
    context: &Context,
    saved: &State,
    name: &str,
) -> Result<Option<Vec<u8>>, Failure> {
    match saved.configuration.iter().find(|kept| kept.eq_ignore_ascii_case(name)) {
        Some(kept) => state::saved_configuration(machine, context, kept),
        None => Ok(None),
    }
}

fn parse(bytes: &[u8]) -> Result<Config, Failure> {
    Config::from_bytes(bytes).map_err(|error| Failure::step("Reading the configuration", error))
}

fn read(machine: &dyn Machine, path: &str) -> Result<Option<Vec<u8>>, Failure> {
    machine.read(path).doing(|| format!("Reading {path}"))
}

fn write(machine: &dyn Machine, path: &str, bytes: &[u8]) -> Result<(), Failure> {
    machine.write(path, bytes).doing(|| format!("Writing {path}"))
}

fn delete(machine: &dyn Machine, path: &str) -> Result<(), Failure> {
    machine.delete(path).doing(|| format!("Deleting {path}")).map(|_| ())
}
