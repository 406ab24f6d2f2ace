//! Binds a linked product into a Windows Installer package.
//!
//! [`build`](build()) is the whole drive from sources to a written `.msi`; [`bind`](bind()) is its last part, from a resolved
//! product to a database with everything that lies beside it. One pass per file; a pass takes the package as the passes before it left it
//! and says what is wrong in a [`diagnostics::Diagnostics`]. Times, identities and threads come in through options, never from the
//! machine.

#![forbid(unsafe_code)]

mod assemblies;
mod bind;
mod build;
mod cabinets;
mod check;
pub mod codes;
mod companions;
mod component_guids;
mod delayed;
mod directories;
mod disk;
mod facts;
mod file_rows;
mod identity;
mod instances;
mod languages;
mod layout;
mod libraries;
mod locate;
mod media;
mod merge;
mod output;
mod package;
pub mod pe;
mod request;
mod shape;
mod short_names;
mod sources;
mod summary;
mod tags;
mod translate;

pub use bind::{BindOptions, Bound, bind};
pub use build::{build, preprocess};
pub use disk::DiskWorld;
pub use output::temporary;
pub use request::{Arch, BindPath, BuildRequest, Built, BuiltFile, WarningPolicy};
