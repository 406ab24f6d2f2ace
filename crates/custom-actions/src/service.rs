//! The service: what the ServiceInstall table cannot say, what an upgrade keeps, and the account that somebody chose.

use std::fmt;
use std::io::ErrorKind;

use crate::access::{EXE, SERVICE};
use crate::context::{Context, join};
use crate::failure::{Doing, Failure};
use crate::machine::{Machine, Recovery, Secret, ServiceState};
use crate::state;

/// The virtual account that the ServiceInstall table names.
pub const VIRTUAL_ACCOUNT: &str = r"NT SERVICE\ProvisioningAgent";

/// Two restarts, then none until a day has passed without a failure: an agent that keeps crashing is to be seen.
fn bounded_restarts() -> Recovery {
    const RESTART: u32 = 1;
    const NOTHING: u32 = 0;
    Recovery {
        reset_seconds: 24 * 60 * 60,
        actions: vec![(RESTART, 60_000), (RESTART, 5 * 60_000), (NOTHING, 0)],
        ..Recovery::default()
    }
}

/// Brings the service to what it was before an upgrade, its path to where the program is, and fills in what the table
/// cannot say. What an administrator changed stays.
pub fn configure(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    let saved = state::load(machine, context)?.and_then(|state| state.service);
    let current = machine
        .service(SERVICE)
        .doing(|| "Reading the service".to_owned())?
        .ok_or_else(|| Failure::step("Configuring the service", format!("there is no service {SERVICE}")))?;

    let wanted = command_line(saved.as_ref().unwrap_or(&current), &join(&context.install, EXE));
    if wanted != current.command_line {
        machine.set_command_line(SERVICE, &wanted).doing(|| "Setting the service's path".to_owned())?;
        machine.log(&format!("The service runs {wanted}"));
    }
    if let Some(saved) = &saved {
        put_back(machine, saved, &current)?;
    }
    let recovery = saved.as_ref().map_or(&current.recovery, |saved| &saved.recovery);
    if recovery.actions.is_empty() {
        optional(machine, "recovery", machine.set_recovery(SERVICE, &bounded_restarts()))?;
    }
    // With its own SID in the token the service reaches its data folder under any account.
    if current.sid_type != ServiceState::SID_UNRESTRICTED {
        optional(machine, "SID", machine.set_sid_type(SERVICE, ServiceState::SID_UNRESTRICTED))?;
    }
    Ok(())
}

/// Changes the account, because this run's command line said so.
pub fn configure_account(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    let account = context.field("Account")?;
    let known = well_known(account);
    let (account, password) = match known {
        Some(name) => (name, None),
        None if needs_password(account) => (account, context.password()),
        None => (account, None),
    };
    if known.is_none() {
        let new = machine
            .grant_service_logon(account)
            .map_err(|error| Failure::Account(account.to_owned(), format!("Log on as a service: {error}")))?;
        if new {
            let path = granted(context);
            machine.write(&path, account.as_bytes()).doing(|| format!("Writing {path}"))?;
            machine.log(&format!("{account} may now log on as a service"));
        }
    }
    machine
        .set_account(SERVICE, account, password)
        .map_err(|error| Failure::Account(account.to_owned(), error.to_string()))?;
    machine.log(&format!("The service runs as {account}"));
    Ok(())
}

/// Rollback of `configure_account`: the account as it was, and the right back that was given.
pub fn restore_account(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    restore(machine, context)?;
    let path = granted(context);
    let Some(account) = machine.read(&path).doing(|| format!("Reading {path}"))? else { return Ok(()) };
    let account = String::from_utf8_lossy(&account);
    machine.revoke_service_logon(&account).map_err(|error| {
        Failure::Account(account.clone().into_owned(), format!("Log on as a service: {error}"))
    })?;
    machine.log(&format!("{account} may no longer log on as a service"));
    Ok(())
}

/// Where the rollback finds the account that was given the right to log on as a service.
fn granted(context: &Context) -> String {
    join(&state::backup(context), "granted")
}

/// Rollback: the service as it was saved. One that did not exist is the installer's to remove.
pub fn restore(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    let Some(saved) = state::load(machine, context)?.and_then(|state| state.service) else { return Ok(()) };
    let Some(current) = machine.service(SERVICE).doing(|| "Reading the service".to_owned())? else {
        machine.log("The service is gone; the installer brings it back, or does not");
        return Ok(());
    };
    if saved.command_line != current.command_line {
        machine
            .set_command_line(SERVICE, &saved.command_line)
            .doing(|| "Setting the service's path".to_owned())?;
    }
    put_back(machine, &saved, &current)
}

/// Account, start and recovery as saved, where they differ.
fn put_back(machine: &dyn Machine, saved: &ServiceState, current: &ServiceState) -> Result<(), Failure> {
    if !saved.account.eq_ignore_ascii_case(&current.account) {
        if needs_password(&saved.account) {
            // Windows keeps the password where nobody can read it; only its owner can give it again.
            machine.log(&format!(
                "The service ran as {}; its password must be given again (SERVICEACCOUNT and SERVICEPASSWORD)",
                saved.account
            ));
        } else {
            let account = well_known(&saved.account).unwrap_or(&saved.account);
            machine
                .set_account(SERVICE, account, None::<&Secret>)
                .doing(|| "Setting the service's account".to_owned())?;
            machine.log(&format!("The service keeps its account {account}"));
        }
    }
    if (saved.start, saved.delayed) != (current.start, current.delayed) {
        machine
            .set_start(SERVICE, saved.start, saved.delayed)
            .doing(|| "Setting the service's start".to_owned())?;
        machine.log("The service keeps its start type");
    }
    if saved.recovery != current.recovery && !saved.recovery.actions.is_empty() {
        optional(machine, "recovery", machine.set_recovery(SERVICE, &saved.recovery))?;
    }
    Ok(())
}

/// Older systems lack some settings; that is worth a line, not a failure.
fn optional(machine: &dyn Machine, what: &str, result: std::io::Result<()>) -> Result<(), Failure> {
    match result {
        Ok(()) => {
            machine.log(&format!("Set the service's {what}"));
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            machine.log(&format!("This system cannot set the service's {what}"));
            Ok(())
        }
        Err(error) => Err(Failure::step(format!("Setting the service's {what}"), error)),
    }
}

/// The program, quoted, with the arguments that the service has. An unquoted path with spaces would let another
/// program run in its place.
fn command_line(service: &ServiceState, exe: &str) -> String {
    let line = service.command_line.trim();
    let arguments = if let Some(rest) = line.strip_prefix('"') {
        rest.split_once('"').map_or("", |(_, arguments)| arguments)
    } else {
        let end = line.to_ascii_lowercase().find(".exe").map_or(line.len(), |at| at + 4);
        &line[end..]
    };
    let arguments = arguments.trim();
    if arguments.is_empty() { format!("\"{exe}\" service") } else { format!("\"{exe}\" {arguments}") }
}

/// Why an account cannot be the service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    Characters,
    OtherVirtual,
    NoDomain,
    NoPassword,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Characters => "it contains a character that no account name may have",
            Self::OtherVirtual => r"the only virtual account it can run as is NT SERVICE\ProvisioningAgent",
            Self::NoDomain => r"write DOMAIN\name$ for a gMSA, DOMAIN\name for a user",
            Self::NoPassword => {
                "a user's account needs SERVICEPASSWORD; a gMSA's name ends with $ and needs none"
            }
        })
    }
}

/// Judges an account's form; whether it exists is known only to the domain.
pub fn unusable_account(account: &str, has_password: bool) -> Option<Unusable> {
    if well_known(account).is_some() {
        return None;
    }
    if account.contains('|') || account.contains(char::is_control) {
        return Some(Unusable::Characters);
    }
    if account.get(..11).is_some_and(|head| head.eq_ignore_ascii_case(r"NT SERVICE\")) {
        return Some(Unusable::OtherVirtual);
    }
    let parts = account.split_once('\\').or_else(|| account.split_once('@'));
    if parts.is_none_or(|(left, right)| left.is_empty() || right.is_empty()) {
        return Some(Unusable::NoDomain);
    }
    (needs_password(account) && !has_password).then_some(Unusable::NoPassword)
}

/// Whether the domain keeps the account's password: a group managed service account.
pub fn is_managed(account: &str) -> bool {
    account.split('@').next().unwrap_or_default().ends_with('$')
}

/// Group managed service accounts and Windows' own accounts have no password that anybody knows.
pub fn needs_password(account: &str) -> bool {
    well_known(account).is_none() && !is_managed(account)
}

/// The spelling that the service control manager wants for accounts that Windows brings.
fn well_known(account: &str) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 8] = [
        (VIRTUAL_ACCOUNT, VIRTUAL_ACCOUNT),
        ("LocalSystem", "LocalSystem"),
        (r".\LocalSystem", "LocalSystem"),
        (r"NT AUTHORITY\SYSTEM", "LocalSystem"),
        (r"NT AUTHORITY\LocalService", r"NT AUTHORITY\LocalService"),
        (r"NT AUTHORITY\NetworkService", r"NT AUTHORITY\NetworkService"),
        ("LocalService", r"NT AUTHORITY\LocalService"),
        ("NetworkService", r"NT AUTHORITY\NetworkService"),
    ];
    KNOWN.iter().find(|(name, _)| name.eq_ignore_ascii_case(account)).map(|(_, name)| *name)
}
