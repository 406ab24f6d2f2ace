//! The machine's FIPS policy, from the registry value that the documentation names.
#![allow(unsafe_code, reason = "registry functions")]

use windows_sys::Win32::Foundation::{ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_SUCCESS};
use windows_sys::Win32::System::Registry::{HKEY_LOCAL_MACHINE, RRF_RT_REG_DWORD, RegGetValueW};

use super::wide;
use crate::fips::MachinePolicy;

const KEY: &str = r"SYSTEM\CurrentControlSet\Control\Lsa\FipsAlgorithmPolicy";

/// `Enabled` other than 0 means enforced; a machine without the value is not in FIPS mode.
pub fn machine_policy() -> MachinePolicy {
    let (key, name) = (wide(KEY), wide("Enabled"));
    let mut value = 0_u32;
    let mut len = size_of::<u32>() as u32;
    // SAFETY: both strings end with a NUL; `value` has the `len` bytes that are announced, and the type filter lets nothing
    // but a DWORD through.
    let result = unsafe {
        RegGetValueW(
            HKEY_LOCAL_MACHINE,
            key.as_ptr(),
            name.as_ptr(),
            RRF_RT_REG_DWORD,
            std::ptr::null_mut(),
            (&raw mut value).cast(),
            &raw mut len,
        )
    };
    match result {
        ERROR_SUCCESS if value != 0 => MachinePolicy::Enforced,
        ERROR_SUCCESS | ERROR_FILE_NOT_FOUND | ERROR_PATH_NOT_FOUND => MachinePolicy::NotEnforced,
        _ => MachinePolicy::Unknown,
    }
}
