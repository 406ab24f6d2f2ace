//! "Log on as a service", the right that a service account needs.

use std::io;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{ERROR_FILE_NOT_FOUND, NTSTATUS};
use windows_sys::Win32::Security::Authentication::Identity::{
    LSA_HANDLE, LSA_OBJECT_ATTRIBUTES, LSA_UNICODE_STRING, LsaAddAccountRights, LsaClose,
    LsaEnumerateAccountRights, LsaFreeMemory, LsaNtStatusToWinError, LsaOpenPolicy, LsaRemoveAccountRights,
    POLICY_CREATE_ACCOUNT, POLICY_LOOKUP_NAMES,
};
use windows_sys::Win32::Security::{LookupAccountNameW, PSID, SID_NAME_USE};

use super::text::{check, truth, wide};

const RIGHT: &str = "SeServiceLogonRight";

/// Gives the right; says whether the account did not have it itself before (it may have it through a group).
pub fn grant_service_logon(account: &str) -> io::Result<bool> {
    let sid = lookup(account)?;
    let sid = sid.as_ptr().cast_mut().cast();
    let policy = Policy::open()?;
    if policy.has(sid)? {
        return Ok(false);
    }
    let right = wide(RIGHT);
    // SAFETY: the policy is open, the SID valid, and the text outlives the call.
    status(unsafe { LsaAddAccountRights(policy.0, sid, &unicode(&right), 1) })?;
    Ok(true)
}

/// Takes the right away.
pub fn revoke_service_logon(account: &str) -> io::Result<()> {
    let sid = lookup(account)?;
    let policy = Policy::open()?;
    let right = wide(RIGHT);
    // SAFETY: the policy is open, the SID valid, and the text outlives the call; only the one right goes.
    status(unsafe {
        LsaRemoveAccountRights(policy.0, sid.as_ptr().cast_mut().cast(), false, &unicode(&right), 1)
    })
}

/// The account's SID; u64 gives the alignment.
fn lookup(account: &str) -> io::Result<[u64; 9]> {
    let account = wide(account.strip_prefix(r".\").unwrap_or(account));
    let mut sid = [0u64; 9];
    let mut sid_len = u32::try_from(size_of_val(&sid)).unwrap_or_default();
    let mut domain = [0u16; 256];
    let mut domain_len = 256;
    let mut kind: SID_NAME_USE = 0;
    // SAFETY: the name ends with a zero; both buffers have the lengths given, and no SID is longer than 68 bytes.
    truth(unsafe {
        LookupAccountNameW(
            null(),
            account.as_ptr(),
            sid.as_mut_ptr().cast(),
            &mut sid_len,
            domain.as_mut_ptr(),
            &mut domain_len,
            &mut kind,
        )
    })?;
    Ok(sid)
}

/// The local security policy, closed when dropped.
struct Policy(LSA_HANDLE);

impl Policy {
    fn open() -> io::Result<Self> {
        let attributes = LSA_OBJECT_ATTRIBUTES::default();
        let access = (POLICY_CREATE_ACCOUNT | POLICY_LOOKUP_NAMES).cast_unsigned();
        let mut policy = LSA_HANDLE::default();
        // SAFETY: no name means this machine; the attributes are all zero, as documented.
        status(unsafe { LsaOpenPolicy(null(), &attributes, access, &mut policy) })?;
        Ok(Self(policy))
    }

    fn has(&self, sid: PSID) -> io::Result<bool> {
        let mut rights: *mut LSA_UNICODE_STRING = null_mut();
        let mut count = 0;
        // SAFETY: the policy is open and the SID valid.
        let got = status(unsafe { LsaEnumerateAccountRights(self.0, sid, &mut rights, &mut count) });
        match got {
            // An account without any right is not found.
            Err(error) if error.raw_os_error() == Some(ERROR_FILE_NOT_FOUND.cast_signed()) => {
                return Ok(false);
            }
            other => other?,
        }
        let wanted: Vec<u16> = RIGHT.encode_utf16().collect();
        let mut found = false;
        for index in 0..count as usize {
            // SAFETY: the call gave `count` strings, each with `Length` bytes.
            found |= unsafe {
                let right = &*rights.add(index);
                std::slice::from_raw_parts(right.Buffer, usize::from(right.Length) / 2) == wanted
            };
        }
        // SAFETY: the array was allocated by the call above and is not used again.
        unsafe { LsaFreeMemory(rights.cast()) };
        Ok(found)
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        // SAFETY: the handle is ours and is not used again.
        unsafe { LsaClose(self.0) };
    }
}

/// A counted string over a text with a terminator.
fn unicode(text: &[u16]) -> LSA_UNICODE_STRING {
    let bytes = u16::try_from(text.len() * 2).unwrap_or_default();
    LSA_UNICODE_STRING {
        Length: bytes.saturating_sub(2),
        MaximumLength: bytes,
        Buffer: text.as_ptr().cast_mut(),
    }
}

fn status(status: NTSTATUS) -> io::Result<()> {
    if status == 0 {
        return Ok(());
    }
    // SAFETY: takes and gives a number.
    check(unsafe { LsaNtStatusToWinError(status) })
}
