//! The two signatures of a release: binaries before they go into a package, packages before they go out.
//!
//! In this order, because no byte may change after a signature.

use super::Plan;
use super::inputs::{Binaries, date};
use super::seal::Seal;
use super::validate::Validated;
use crate::failure::Outcome;
use crate::signing::Identity;
use std::path::{Path, PathBuf};

/// A signed package under its final name.
#[derive(Debug, Clone)]
pub struct Sealed {
    pub validated: Validated,
    pub path: PathBuf,
    pub seal: Seal,
}

/// Compiled binaries → signed binaries with their seals, in a folder of their own.
pub fn binaries(
    unsigned: &Binaries,
    identity: &Identity,
    plan: &Plan,
    folder: &Path,
) -> Outcome<(Binaries, Vec<Seal>)> {
    let signed = Binaries { arch: unsigned.arch, folder: folder.to_owned() };
    for (from, to) in unsigned.files().iter().zip(signed.files()) {
        identity.sign(from, &to, &plan.product_name)?;
        date(&to, plan.epoch)?;
    }
    let seals = signed.files().iter().map(|path| Seal::of(path)).collect::<Outcome<_>>()?;
    Ok((signed, seals))
}

/// Validated package → sealed package.
pub fn package(validated: Validated, identity: &Identity, plan: &Plan, output: &Path) -> Outcome<Sealed> {
    identity.sign(&validated.0.path, output, &plan.product_name)?;
    Ok(Sealed { validated, path: output.to_owned(), seal: Seal::of(output)? })
}
