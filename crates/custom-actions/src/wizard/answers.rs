//! `CheckFolder`, `CheckAccount`, `CheckOptions`: each judges one page. What is wrong is left in `WizardProblem`, in words;
//! nothing there means that the next page may come.

use app_config::edit::ProxyChange;
use app_config::{Error, ProxyError};

use super::{fips_in_words, text, until_now};
use crate::access::TRUSTED_OWNERS;
use crate::check::{Properties, shared_folders};
use crate::context::{is_below, trimmed};
use crate::failure::Failure;
use crate::folders::{Unsuitable, occupied, unsuitable};
use crate::machine::Machine;
use crate::service::{Unusable, VIRTUAL_ACCOUNT, is_managed, unusable_account};

/// Judges the folder page.
pub fn check_folder(machine: &dyn Machine, properties: &dyn Properties) -> Result<(), Failure> {
    let given = properties.get("INSTALLDIR")?;
    let folder = trimmed(&given);
    let problem = match folder {
        "" => Some("FolderEmpty"),
        folder => folder_problem(machine, properties, folder)?.map(|problem| match problem {
            Unsuitable::NotLocal => "FolderForm",
            Unsuitable::Drive => "FolderDrive",
            Unsuitable::Dots => "FolderDots",
            Unsuitable::Characters => "FolderCharacters",
            Unsuitable::Shared => "FolderShared",
            Unsuitable::Foreign => "FolderForeign",
            Unsuitable::HoldsLink => "FolderHoldsLink",
            Unsuitable::Link => "FolderLink",
            Unsuitable::File => "FolderFile",
        }),
    };
    report(properties, problem, folder)
}

fn folder_problem(
    machine: &dyn Machine,
    properties: &dyn Properties,
    folder: &str,
) -> Result<Option<Unsuitable>, Failure> {
    let problem = unsuitable(folder, &shared_folders(properties)?);
    let programs = properties.get("ProgramFiles64Folder")?;
    let there = properties.get("InstalledFolder")?;
    if problem.is_some() || is_below(folder, trimmed(&programs)) || folder.eq_ignore_ascii_case(&there) {
        return Ok(problem);
    }
    // Who sits at the screen is not SYSTEM: a folder of theirs is not the installer's own.
    let trusted = |owner: &str| Ok(TRUSTED_OWNERS.contains(&owner));
    // What this person may not see the elevated part will, and refuse there.
    Ok(occupied(machine, folder, &trusted).unwrap_or(None))
}

/// Judges the account page, and says which account the service is to get: none, where it keeps the one it has.
pub fn check_account(_machine: &dyn Machine, properties: &dyn Properties) -> Result<(), Failure> {
    let kind = properties.get("WizardAccountKind")?;
    let typed = properties.get("WizardAccount")?;
    let has = properties.get("PresetAccount")?;
    let has = if has.is_empty() { VIRTUAL_ACCOUNT } else { &has };
    let wanted = if kind == "virtual" { VIRTUAL_ACCOUNT } else { typed.trim() };
    let is_user = kind != "virtual" && kind != "managed";
    if !is_user {
        // A password that was typed before another kind was chosen goes nowhere.
        properties.set("SERVICEPASSWORD", "")?;
        properties.set("WizardPasswordAgain", "")?;
    }
    let password = properties.get("SERVICEPASSWORD")?;
    let keeps = wanted.eq_ignore_ascii_case(has) && password.is_empty();

    let problem = match unusable_account(wanted, !password.is_empty()) {
        _ if wanted.is_empty() => Some("AccountEmpty"),
        Some(Unusable::Characters) => Some("AccountCharacters"),
        Some(Unusable::OtherVirtual) => Some("AccountOtherVirtual"),
        Some(Unusable::NoDomain) => Some("AccountNoDomain"),
        _ if kind == "managed" && !is_managed(wanted) => Some("AccountNoDollar"),
        _ if is_user && is_managed(wanted) => Some("AccountDollar"),
        _ if is_user && password != properties.get("WizardPasswordAgain")? => Some("AccountDiffer"),
        Some(Unusable::NoPassword) if !keeps => Some("AccountIncomplete"),
        _ => None,
    };
    if problem.is_none() {
        properties.set("WizardAccount", if kind == "virtual" { "" } else { wanted })?;
        properties.set("SERVICEACCOUNT", if keeps { "" } else { wanted })?;
        let before = properties.get("PresetAccount")?;
        properties.set("SummaryAccount", &until_now(properties, wanted, &before)?)?;
    }
    report(properties, problem, wanted)
}

/// Judges the options page. It is the last one with questions, so cloud, FIPS policy and proxy are taken over here, and
/// put into words for the summary.
pub fn check_options(_machine: &dyn Machine, properties: &dyn Properties) -> Result<(), Failure> {
    let typed = properties.get("WizardProxy")?;
    let proxy = match typed.trim() {
        "" => Ok(ProxyChange::Clear),
        text if text.contains('|') => Err("ProxyHost"),
        text => ProxyChange::parse(text).map_err(|error| match error {
            Error::Proxy(ProxyError::Whitespace) => "ProxySpace",
            Error::Proxy(ProxyError::Credentials) => "ProxyUser",
            Error::Proxy(ProxyError::Scheme) => "ProxyScheme",
            Error::Proxy(ProxyError::Port) => "ProxyPort",
            Error::Proxy(ProxyError::Trailing) => "ProxyTrailing",
            _ => "ProxyHost",
        }),
    };
    let proxy = match proxy {
        Ok(ProxyChange::Clear) => String::new(),
        Ok(ProxyChange::Set(proxy)) => proxy.to_string(),
        // The address itself is not repeated, it might hold a password.
        Err(problem) => return report(properties, Some(problem), ""),
    };
    properties.set("WizardProxy", &proxy)?;

    take(properties, "ENVIRONMENTNAME", "PresetCloud", &properties.get("WizardCloud")?, "")?;
    take(properties, "FIPSPOLICY", "PresetFips", &properties.get("WizardFips")?, "")?;
    take(properties, "PROXYADDRESS", "PresetProxy", &proxy, "none")?;
    summarize(properties, &proxy)?;
    report(properties, None, "")
}

/// Sets a property where the answer differs from what holds anyway, or where the command line had one.
fn take(
    properties: &dyn Properties,
    name: &str,
    preset: &str,
    answer: &str,
    empty: &str,
) -> Result<(), Failure> {
    if answer == properties.get(preset)? && properties.get(name)?.is_empty() {
        return Ok(());
    }
    properties.set(name, if answer.is_empty() { empty } else { answer })
}

fn summarize(properties: &dyn Properties, proxy: &str) -> Result<(), Failure> {
    let installed = properties.get("InstalledFolder")?;
    let before = |value: String| if installed.is_empty() { String::new() } else { value };

    let version = properties.get("ProductVersion")?;
    let version = until_now(properties, &version, &properties.get("InstalledVersion")?)?;
    properties.set("SummaryVersion", &version)?;

    let cloud = text(properties, &properties.get("WizardCloud")?, ["", ""])?;
    let cloud = until_now(properties, &cloud, &properties.get("InstalledCloud")?)?;
    properties.set("SummaryCloud", &cloud)?;

    let fips = fips_in_words(properties, &properties.get("WizardFips")?)?;
    let was = match properties.get("InstalledFips")? {
        was if was.is_empty() => was,
        was => fips_in_words(properties, &was)?,
    };
    properties.set("SummaryFips", &until_now(properties, &fips, &was)?)?;

    let none = text(properties, "NoProxy", ["", ""])?;
    let words = |proxy: String| if proxy.is_empty() { none.clone() } else { proxy };
    let was = before(words(properties.get("PresetProxy")?));
    properties.set("SummaryProxy", &until_now(properties, &words(proxy.to_owned()), &was)?)
}

fn report(properties: &dyn Properties, problem: Option<&str>, answer: &str) -> Result<(), Failure> {
    let words = match problem {
        Some(name) => text(properties, name, [answer, ""])?,
        None => String::new(),
    };
    properties.set("WizardProblem", &words)
}
