//! Binds a linked product into a Windows Installer package.
//!
//! [`build`] is the whole drive from sources to a written `.msi`; [`bind`](bind()) is its last part, from a resolved product to
//! a [`Package`]. One pass per file; a pass takes the package as the passes before it left it and says what is wrong in a
//! [`diagnostics::Diagnostics`]. Times, identities and threads come in through options, never from the machine.

#![forbid(unsafe_code)]

mod build;
mod disk;
mod request;

pub use build::build;
pub use disk::DiskWorld;
pub use request::{Arch, BindPath, BuildRequest, Built, BuiltFile};
