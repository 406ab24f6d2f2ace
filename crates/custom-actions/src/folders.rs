//! `PrepareFolders`: the product's folders, protected from the first moment on, whatever was planted there.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::access::{BACKUP_SDDL, INSTALL_SDDL, SERVICE, data_sddl, service_sid};
use crate::context::{Context, is_below, join};
use crate::failure::{Doing, Failure};
use crate::machine::{Found, Machine};
use crate::state::{backup, backups, is_trusted, remove_if_empty, remove_tree, set_aside};

/// What was done, for the rollback.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Done {
    /// Folders made, outermost first.
    made: Vec<String>,
    /// Things moved: from, to.
    aside: Vec<(String, String)>,
}

const DONE: &str = "folders.json";

/// Makes and protects the data folder and the backup's, and a product folder outside Program Files.
pub fn prepare(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    let mut done = Done::default();
    secure(machine, &context.data, &data_sddl(), &mut done)?;
    children(machine, context, &mut done)?;
    // The service may write into the data folder, so a backup folder that it made is not to be trusted either.
    secure(machine, &backups(context), BACKUP_SDDL, &mut done)?;
    let folder = backup(context);
    match look(machine, &folder)? {
        Found::Nothing => {}
        Found::Folder { .. } => remove_tree(machine, &folder)?,
        Found::File | Found::Link => {
            machine.delete(&folder).doing(|| format!("Deleting {folder}"))?;
        }
    }
    machine.create_folder(&folder, BACKUP_SDDL).doing(|| format!("Creating {folder}"))?;

    if !context.removing && !context.below_programs() {
        protect_install(machine, context, &mut done)?;
    }
    let json = serde_json::to_vec(&done).map_err(|error| Failure::step("Writing the backup", error))?;
    let path = join(&folder, DONE);
    machine.write(&path, &json).doing(|| format!("Writing {path}"))
}

/// Rollback: takes away what `prepare` made, puts back what it moved, and drops the backup, which no other rollback
/// action needs any more.
pub fn restore(machine: &dyn Machine, context: &Context) -> Result<(), Failure> {
    let folder = backup(context);
    let path = join(&folder, DONE);
    let done: Done = match machine.read(&path).doing(|| format!("Reading {path}"))? {
        Some(bytes) => {
            serde_json::from_slice(&bytes).map_err(|error| Failure::step(format!("Reading {path}"), error))?
        }
        None => Done::default(),
    };
    remove_tree(machine, &folder)?;
    remove_if_empty(machine, &backups(context))?;
    for made in done.made.iter().rev() {
        if *made == context.data {
            // Made by the installer in the meantime; logs in it stay, they may say why it failed.
            remove_if_empty(machine, &join(made, "Trace"))?;
        }
        remove_if_empty(machine, made)?;
    }
    for (from, to) in done.aside.iter().rev() {
        if look(machine, from)? == Found::Nothing {
            machine.rename(to, from).doing(|| format!("Putting {from} back"))?;
        } else {
            machine.log(&format!("{from} is in use; what stood there stays at {to}"));
        }
    }
    Ok(())
}

/// What was planted before the folder was protected: a link would lead the service's logs, or ours, somewhere else, and a
/// folder of somebody else may be full of links. The installer makes `Trace` itself; the service may have made others.
fn children(machine: &dyn Machine, context: &Context, done: &mut Done) -> Result<(), Failure> {
    for name in machine.names(&context.data).doing(|| format!("Listing {}", context.data))? {
        let path = join(&context.data, &name);
        let foreign = match look(machine, &path)? {
            Found::Link => true,
            Found::Folder { owner } => owner != service_sid(SERVICE) && !is_trusted(machine, &owner)?,
            Found::Nothing | Found::File => false,
        };
        // What was set aside once stays where it is.
        if foreign && !name.contains(".set-aside-") {
            done.aside.push((path.clone(), set_aside(machine, &path)?));
        }
    }
    Ok(())
}

fn secure(machine: &dyn Machine, path: &str, sddl: &str, done: &mut Done) -> Result<(), Failure> {
    match look(machine, path)? {
        Found::Folder { owner } if is_trusted(machine, &owner)? => {
            return machine.protect(path, sddl).doing(|| format!("Protecting {path}"));
        }
        Found::Nothing => {}
        Found::Folder { .. } | Found::File | Found::Link => {
            done.aside.push((path.to_owned(), set_aside(machine, path)?));
        }
    }
    machine.create_folder(path, sddl).doing(|| format!("Creating {path}"))?;
    done.made.push(path.to_owned());
    machine.log(&format!("Created {path}, protected"));
    Ok(())
}

/// A product folder outside Program Files, which has a good access list of its own.
fn protect_install(machine: &dyn Machine, context: &Context, done: &mut Done) -> Result<(), Failure> {
    let path = &context.install;
    if let Some(why) = occupied(machine, path, &|owner| is_trusted(machine, owner))? {
        return Err(Failure::InstallDir(path.clone(), why.to_string()));
    }
    if look(machine, path)? == Found::Nothing {
        machine.create_folder(path, INSTALL_SDDL).doing(|| format!("Creating {path}"))?;
        done.made.push(path.clone());
    } else {
        machine.protect(path, INSTALL_SDDL).doing(|| format!("Protecting {path}"))?;
    }
    machine.log(&format!("Protected {path}, which lies outside {}", context.programs));
    Ok(())
}

/// Why a folder cannot take the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsuitable {
    NotLocal,
    Drive,
    Dots,
    Characters,
    Shared,
    Foreign,
    HoldsLink,
    Link,
    File,
}

impl fmt::Display for Unsuitable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotLocal => r"write a full path on a local drive, as in C:\Folder",
            Self::Drive => "a whole drive cannot be the product's folder",
            Self::Dots => "it contains . or ..",
            Self::Characters => "it contains a character that no folder name may have",
            Self::Shared => "other programs use this folder; choose one of its own",
            Self::Foreign => {
                "it holds files and belongs neither to SYSTEM nor to Administrators; choose an empty folder"
            }
            Self::HoldsLink => "it holds a link; choose an empty folder",
            Self::Link => "it is a link",
            Self::File => "it is a file",
        })
    }
}

/// Judges a path: access to the folder is about to be cut down, so it must be the product's own.
pub fn unsuitable(path: &str, shared: &[String]) -> Option<Unsuitable> {
    let mut chars = path.chars();
    let drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.next() == Some(':');
    if !drive {
        return Some(Unsuitable::NotLocal);
    }
    let rest = chars.as_str();
    if rest.is_empty() {
        return Some(Unsuitable::Drive);
    }
    if !rest.starts_with('\\') {
        return Some(Unsuitable::NotLocal);
    }
    if rest.split('\\').any(|part| part == "." || part == "..") {
        return Some(Unsuitable::Dots);
    }
    if rest.contains(['|', '"', '<', '>', '?', '*', ':', '/']) || rest.contains(char::is_control) {
        return Some(Unsuitable::Characters);
    }
    let other =
        |folder: &String| !folder.is_empty() && (folder.eq_ignore_ascii_case(path) || is_below(folder, path));
    shared.iter().any(other).then_some(Unsuitable::Shared)
}

/// Judges what stands at a path outside Program Files. It may hold things that an administrator put there; but files that
/// somebody else can replace must not stand beside a program that runs as a service.
pub fn occupied(
    machine: &dyn Machine,
    path: &str,
    trusted: &dyn Fn(&str) -> Result<bool, Failure>,
) -> Result<Option<Unsuitable>, Failure> {
    match look(machine, path)? {
        Found::Nothing => Ok(None),
        Found::Link => Ok(Some(Unsuitable::Link)),
        Found::File => Ok(Some(Unsuitable::File)),
        Found::Folder { owner } => {
            let names = machine.names(path).doing(|| format!("Listing {path}"))?;
            if !trusted(&owner)? && !names.is_empty() {
                return Ok(Some(Unsuitable::Foreign));
            }
            for name in names {
                if look(machine, &join(path, &name))? == Found::Link {
                    return Ok(Some(Unsuitable::HoldsLink));
                }
            }
            Ok(None)
        }
    }
}

fn look(machine: &dyn Machine, path: &str) -> Result<Found, Failure> {
    machine.find(path).doing(|| format!("Looking at {path}"))
}
