//! The immediate actions: they judge properties before anything changes, and tell the installer what it cannot see.

use app_config::edit::ProxyChange;
use app_config::{Cloud, FipsPolicy};

use crate::access::{FOLDER, KEY, SERVICE};
use crate::context::{join, trimmed};
use crate::failure::{Doing, Failure};
use crate::folders::unsuitable;
use crate::machine::{Machine, RegistryValue, ServiceState};
use crate::service::unusable_account;

/// The installer's properties. An empty value is the same as none.
pub trait Properties {
    fn get(&self, name: &str) -> Result<String, Failure>;
    fn set(&self, name: &str, value: &str) -> Result<(), Failure>;
}

/// `CheckProperties`: refuses values that nothing could be made of, and brings the others to one spelling.
pub fn check(machine: &dyn Machine, properties: &dyn Properties) -> Result<(), Failure> {
    install_dir(machine, properties)?;
    if properties.get("REMOVE")?.eq_ignore_ascii_case("ALL") {
        return Ok(());
    }
    replace(properties, "ENVIRONMENTNAME", |given| match Cloud::by_environment(given) {
        Ok(cloud) => Ok(cloud.environment.clone()),
        Err(_) => {
            let known: Vec<&str> = Cloud::all().iter().map(|cloud| cloud.environment.as_str()).collect();
            Err(Failure::Environment(given.to_owned(), known.join(", ")))
        }
    })?;
    replace(properties, "FIPSPOLICY", |given| match given.parse::<FipsPolicy>() {
        Ok(policy) => Ok(policy.name().to_owned()),
        Err(_) => Err(Failure::Fips(given.to_owned())),
    })?;
    replace(properties, "PROXYADDRESS", |given| match ProxyChange::parse(given) {
        // It travels between bars to the action that writes it.
        _ if given.contains('|') => Err(Failure::Proxy("it contains |".to_owned())),
        Ok(ProxyChange::Clear) => Ok("none".to_owned()),
        Ok(ProxyChange::Set(proxy)) => Ok(proxy.to_string()),
        Err(error) => Err(Failure::Proxy(error.to_string())),
    })?;
    replace(properties, "NOSTART", |given| match given.to_ascii_lowercase().as_str() {
        "1" | "yes" | "true" => Ok("1".to_owned()),
        "0" | "no" | "false" => Ok(String::new()),
        _ => Err(Failure::NoStart(given.to_owned())),
    })?;
    account(properties)?;

    let service = machine.service(SERVICE).doing(|| "Reading the service".to_owned())?;
    if service.is_some_and(|service| service.start == ServiceState::START_DISABLED) {
        machine.log("The service is disabled and stays so; it will not be started");
        properties.set("ServiceDisabled", "1")?;
    }
    Ok(())
}

/// `FindService`, after the old product went: a service that is still there is kept, not created again.
pub fn find_service(machine: &dyn Machine, properties: &dyn Properties) -> Result<(), Failure> {
    if machine.service(SERVICE).doing(|| "Reading the service".to_owned())?.is_some() {
        machine.log("The service is there and keeps its configuration");
        properties.set("ServiceKept", "1")?;
    }
    Ok(())
}

fn replace(
    properties: &dyn Properties,
    name: &str,
    judge: impl FnOnce(&str) -> Result<String, Failure>,
) -> Result<(), Failure> {
    let given = properties.get(name)?;
    let value = given.trim();
    if value.is_empty() {
        return Ok(());
    }
    let wanted = judge(value)?;
    if wanted == given { Ok(()) } else { properties.set(name, &wanted) }
}

fn account(properties: &dyn Properties) -> Result<(), Failure> {
    let has_password = !properties.get("SERVICEPASSWORD")?.is_empty();
    replace(properties, "SERVICEACCOUNT", |given| match unusable_account(given, has_password) {
        Some(why) => Err(Failure::Account(given.to_owned(), why.to_string())),
        None => Ok(given.to_owned()),
    })?;
    if has_password && properties.get("SERVICEACCOUNT")?.is_empty() {
        return Err(Failure::Account(String::new(), "SERVICEPASSWORD says nothing without it".to_owned()));
    }
    Ok(())
}

fn install_dir(machine: &dyn Machine, properties: &dyn Properties) -> Result<(), Failure> {
    let given = properties.get("INSTALLDIR")?;
    let given = trimmed(&given);
    if given.is_empty() {
        return Ok(());
    }
    if !properties.get("Installed")?.is_empty() {
        let values = machine.values(KEY).doing(|| format!(r"Reading HKLM\{KEY}"))?.unwrap_or_default();
        let there = values.iter().find(|value| value.name.eq_ignore_ascii_case("InstallDir"));
        // The wizard hands the default on even where the registry has lost the value.
        let there = match there.and_then(RegistryValue::as_text) {
            Some(there) => trimmed(&there).to_owned(),
            None => join(trimmed(&properties.get("ProgramFiles64Folder")?), FOLDER),
        };
        if there.eq_ignore_ascii_case(given) {
            return Ok(());
        }
        return Err(Failure::InstallDirMoved(there, given.to_owned()));
    }
    match unsuitable(given, &shared_folders(properties)?) {
        Some(why) => Err(Failure::InstallDir(given.to_owned(), why.to_string())),
        None => Ok(()),
    }
}

/// Folders that belong to everybody, by the installer's properties.
pub fn shared_folders(properties: &dyn Properties) -> Result<Vec<String>, Failure> {
    let names = [
        "WindowsFolder",
        "ProgramFiles64Folder",
        "ProgramFilesFolder",
        "CommonAppDataFolder",
        "CommonFiles64Folder",
    ];
    names.into_iter().map(|name| Ok(trimmed(&properties.get(name)?).to_owned())).collect()
}
