//! `ReadInstallation`: what is on this computer, so that the pages show it and begin with the answers that hold.

use std::fmt;

use app_config::{Cloud, Config, FipsPolicy};

use super::text;
use crate::access::{KEY, SERVICE};
use crate::check::Properties;
use crate::configuration::{LIVE, SHIPPED, kept_environment, kept_fips};
use crate::context::{join, trimmed};
use crate::failure::Failure;
use crate::machine::{Machine, RegistryValue};
use crate::service::{VIRTUAL_ACCOUNT, is_managed};

/// Fills in `Installed…`, which are shown, `Preset…`, which hold unless somebody says otherwise, and `Wizard…`, which the
/// pages begin with: the command line's answers, else the preset ones. What cannot be read is not known; that keeps
/// nobody from installing.
pub fn read_installation(machine: &dyn Machine, properties: &dyn Properties) -> Result<(), Failure> {
    let facts = readable(machine, "the registry", machine.values(KEY)).flatten().unwrap_or_default();
    let fact = |name: &str| {
        let value = facts.iter().find(|value| value.name.eq_ignore_ascii_case(name));
        value.and_then(RegistryValue::as_text).unwrap_or_default()
    };
    let folder = trimmed(&fact("InstallDir")).to_owned();
    let ours = configuration(machine, &folder, LIVE);
    let base = configuration(machine, &folder, SHIPPED);
    let unknown = text(properties, "Unknown", ["", ""])?;
    let is_installed = !folder.is_empty();
    let shown = |value: String| if value.is_empty() && is_installed { unknown.clone() } else { value };

    properties.set("InstalledVersion", &shown(fact("Version")))?;
    properties.set("InstalledFolder", &folder)?;
    account(machine, properties, &unknown, is_installed)?;

    let package = properties.get("PackageCloud")?;
    let kept = kept_environment(Some(&fact("Cloud")), &package, ours.as_ref());
    let preset = match kept {
        Some(cloud) => cloud.environment.clone(),
        None => properties.get("PackageEnvironment")?,
    };
    let given = Cloud::by_environment(properties.get("ENVIRONMENTNAME")?.trim()).ok();
    properties.set("PresetCloud", &preset)?;
    properties.set("WizardCloud", given.map_or(preset.as_str(), |cloud| &cloud.environment))?;
    let there = match ours.as_ref().and_then(|config| config.environment().ok()) {
        Some(cloud) => text(properties, &cloud.environment, ["", ""])?,
        None => String::new(),
    };
    properties.set("InstalledCloud", &shown(there))?;

    let preset = match kept_fips(base.as_ref(), ours.as_ref()) {
        Some(policy) => policy.name().to_owned(),
        None => properties.get("PackageFips")?,
    };
    let given = properties.get("FIPSPOLICY")?.trim().parse::<FipsPolicy>().ok();
    properties.set("PresetFips", &preset)?;
    properties.set("WizardFips", given.map_or(preset.as_str(), |policy| policy.name()))?;
    let there = ours.as_ref().and_then(|config| config.fips().ok());
    properties.set("InstalledFips", there.map_or("", |policy| policy.name()))?;

    let there = ours.as_ref().and_then(|config| config.proxy().ok());
    let preset = there.clone().flatten().map(|proxy| proxy.to_string()).unwrap_or_default();
    let given = properties.get("PROXYADDRESS")?;
    properties.set("PresetProxy", &preset)?;
    properties.set(
        "WizardProxy",
        match given.trim() {
            "" => &preset,
            none if none.eq_ignore_ascii_case("none") => "",
            given => given,
        },
    )
}

/// The account that the service has, and the one that the page begins with.
fn account(
    machine: &dyn Machine,
    properties: &dyn Properties,
    unknown: &str,
    is_installed: bool,
) -> Result<(), Failure> {
    let service = readable(machine, "the service", machine.service(SERVICE)).flatten();
    let there = service.map(|service| service.account).unwrap_or_default();
    properties.set("PresetAccount", &there)?;
    properties.set("InstalledAccount", if there.is_empty() && is_installed { unknown } else { &there })?;

    let given = properties.get("SERVICEACCOUNT")?;
    let begin = if given.trim().is_empty() { there.as_str() } else { given.trim() };
    let kind = match begin {
        account if account.is_empty() || account.eq_ignore_ascii_case(VIRTUAL_ACCOUNT) => "virtual",
        account if is_managed(account) => "managed",
        _ => "user",
    };
    properties.set("WizardAccountKind", kind)?;
    properties.set("WizardAccount", if kind == "virtual" { "" } else { begin })?;
    properties.set("WizardPasswordAgain", &properties.get("SERVICEPASSWORD")?)
}

fn configuration(machine: &dyn Machine, folder: &str, name: &str) -> Option<Config> {
    if folder.is_empty() {
        return None;
    }
    let path = join(folder, name);
    let bytes = readable(machine, &path, machine.read(&path)).flatten()?;
    readable(machine, &path, Config::from_bytes(&bytes))
}

fn readable<T, E: fmt::Display>(machine: &dyn Machine, what: &str, result: Result<T, E>) -> Option<T> {
    result.map_err(|error| machine.log(&format!("Cannot read {what}: {error}"))).ok()
}
