//! How this machine compiles Rust for Windows.
//!
//! Two ways, the first that works: the toolchain at hand, where it has the target (on Windows it always has its own); a
//! toolchain with the standard library's source, which `-Z build-std` compiles. mingw-w64 links for the `-gnu` targets.
//!
//! For the front ends: it asks the toolchains that the environment names, and decides nothing about what is built.

#![forbid(unsafe_code)]

mod find;
mod toolchain;

pub use find::{find, host_triple};
pub use toolchain::{Way, WindowsTarget};

/// The program that links for a target, where it is not the toolchain's own.
pub fn linker(triple: &str) -> Option<&'static str> {
    match triple {
        "x86_64-pc-windows-gnu" => Some("x86_64-w64-mingw32-gcc"),
        "i686-pc-windows-gnu" => Some("i686-w64-mingw32-gcc"),
        _ => None,
    }
}
