//! What the dialogs of `wixui` call: `ValidatePath` says whether a folder can be installed to, `PrintEula` prints the licence.
//!
//! `cargo xtask custom-actions` makes the DLL for each platform and puts it into `prebuilt-actions`; built as part of the workspace,
//! this is a library whose tests run anywhere. The DLL has no standard library and no C runtime beneath it, so the
//! compiler's own linker makes it on every host, with the same bytes.

#![cfg_attr(all(windows, not(test)), no_std)]
#![cfg_attr(not(windows), forbid(unsafe_code))]

#[cfg(any(windows, test))]
mod path;

#[cfg(windows)]
#[allow(unsafe_code, reason = "the one place that calls Windows")]
mod windows;
