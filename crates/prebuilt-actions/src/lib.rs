//! The DLLs of custom actions that the compiler puts into packages.
//!
//! They are made ahead, so that nobody who builds a package needs a compiler for Windows. `cargo xtask custom-actions` makes
//! them from the crates beside this one and writes `manifest.json`: for each DLL its crate, a hash of that crate's
//! sources, and its own hash, and for all the compiler that made them. A test of `xtask` says when a source is newer than its
//! DLL, and where the same compiler is at hand makes every DLL again and compares the bytes.

#![forbid(unsafe_code)]

macro_rules! dlls {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../dll/", $name)))),*]
    };
}

/// Every DLL by its platform and name.
pub const DLLS: &[(&str, &[u8])] = dlls! {
    "arm64/wixui.dll",
    "x64/wixui.dll",
    "x86/wixui.dll",
};

/// The DLL `PLATFORM/NAME.dll`.
pub fn find(name: &str) -> Option<&'static [u8]> {
    DLLS.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}
