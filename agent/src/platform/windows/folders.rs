//! Where Windows keeps the data of services.
#![allow(unsafe_code, reason = "shell functions")]

use std::ffi::OsString;
use std::os::windows::ffi::OsStringExt as _;
use std::path::PathBuf;

use windows_sys::Win32::System::Com::CoTaskMemFree;
use windows_sys::Win32::UI::Shell::{FOLDERID_ProgramData, KF_FLAG_DEFAULT, SHGetKnownFolderPath};

/// `Provisioning Agent` under ProgramData, which the installer made with an access list of its own.
///
/// The shell is asked, as Windows Installer asks it for `CommonAppDataFolder`: the environment of a service may name
/// another folder than an administrator's.
pub fn default_data_dir() -> Option<PathBuf> {
    let mut text = std::ptr::null_mut();
    // SAFETY: the id is a constant, a null token means the default user, and `text` is where the result is wanted.
    let result = unsafe {
        SHGetKnownFolderPath(
            &FOLDERID_ProgramData,
            KF_FLAG_DEFAULT as u32,
            std::ptr::null_mut(),
            &raw mut text,
        )
    };
    let folder = (result >= 0 && !text.is_null()).then(|| {
        let mut len = 0;
        // SAFETY: on success `text` is a string that ends with a NUL.
        while unsafe { *text.add(len) } != 0 {
            len += 1;
        }
        // SAFETY: `len` units before the NUL are the string's.
        OsString::from_wide(unsafe { std::slice::from_raw_parts(text, len) })
    });
    // SAFETY: the string is the caller's to free, after a failure too; null is allowed.
    unsafe { CoTaskMemFree(text.cast()) };
    Some(PathBuf::from(folder?).join("Provisioning Agent"))
}
