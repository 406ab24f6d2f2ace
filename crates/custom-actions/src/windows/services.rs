//! The service control manager.

use std::ffi::c_void;
use std::io;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{ERROR_INSUFFICIENT_BUFFER, ERROR_SERVICE_DOES_NOT_EXIST};
use windows_sys::Win32::System::Services::{
    ChangeServiceConfig2W, ChangeServiceConfigW, CloseServiceHandle, OpenSCManagerW, OpenServiceW,
    QUERY_SERVICE_CONFIGW, QueryServiceConfig2W, QueryServiceConfigW, SC_ACTION, SC_HANDLE,
    SC_MANAGER_CONNECT, SERVICE_CHANGE_CONFIG, SERVICE_CONFIG, SERVICE_CONFIG_DELAYED_AUTO_START_INFO,
    SERVICE_CONFIG_FAILURE_ACTIONS, SERVICE_CONFIG_SERVICE_SID_INFO, SERVICE_DELAYED_AUTO_START_INFO,
    SERVICE_FAILURE_ACTIONSW, SERVICE_NO_CHANGE, SERVICE_QUERY_CONFIG, SERVICE_SID_INFO, SERVICE_START,
};

use super::text::{error, from_wide, last_error, truth, wide};
use super::{Windows, lsa};
use crate::machine::{Recovery, Secret, ServiceState, Services};

/// What a query of a service may take, by its documentation; u64 gives the alignment.
const BUFFER: usize = 8 * 1024 / 8;

impl Services for Windows<'_> {
    fn service(&self, name: &str) -> io::Result<Option<ServiceState>> {
        let Some(service) = Handle::service(name, SERVICE_QUERY_CONFIG)? else { return Ok(None) };
        let mut state = service.config()?;
        state.delayed = service.query(SERVICE_CONFIG_DELAYED_AUTO_START_INFO, |buffer| {
            // SAFETY: a successful query of this level begins the buffer with this structure.
            unsafe { (*buffer.cast::<SERVICE_DELAYED_AUTO_START_INFO>()).fDelayedAutostart != 0 }
        })?;
        state.sid_type = service.query(SERVICE_CONFIG_SERVICE_SID_INFO, |buffer| {
            // SAFETY: a successful query of this level begins the buffer with this structure.
            unsafe { (*buffer.cast::<SERVICE_SID_INFO>()).dwServiceSidType }
        })?;
        state.recovery = service.query(SERVICE_CONFIG_FAILURE_ACTIONS, |buffer| {
            // SAFETY: a successful query of this level begins the buffer with this structure, and what it points to
            // lies in the same buffer.
            unsafe { recovery(&*buffer.cast::<SERVICE_FAILURE_ACTIONSW>()) }
        })?;
        Ok(Some(state))
    }

    fn set_command_line(&self, name: &str, command_line: &str) -> io::Result<()> {
        change(name, SERVICE_NO_CHANGE, Some(command_line), None, None)
    }

    fn set_account(&self, name: &str, account: &str, password: Option<&Secret>) -> io::Result<()> {
        // Windows wants no password at all for managed and virtual accounts, an empty one for its own.
        let managed = account.split('@').next().is_some_and(|name| name.ends_with('$'));
        let virtual_account = account.get(..11).is_some_and(|head| head.eq_ignore_ascii_case(r"NT SERVICE\"));
        let password = match password {
            Some(secret) => Some(secret.expose()),
            None if managed || virtual_account => None,
            None => Some(""),
        };
        change(name, SERVICE_NO_CHANGE, None, Some(account), password)
    }

    fn set_start(&self, name: &str, start: u32, delayed: bool) -> io::Result<()> {
        change(name, start, None, None, None)?;
        let info = SERVICE_DELAYED_AUTO_START_INFO { fDelayedAutostart: i32::from(delayed) };
        match change2(name, SERVICE_CHANGE_CONFIG, SERVICE_CONFIG_DELAYED_AUTO_START_INFO, &info) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported && !delayed => Ok(()),
            result => result,
        }
    }

    fn set_sid_type(&self, name: &str, sid_type: u32) -> io::Result<()> {
        let info = SERVICE_SID_INFO { dwServiceSidType: sid_type };
        change2(name, SERVICE_CHANGE_CONFIG, SERVICE_CONFIG_SERVICE_SID_INFO, &info)
    }

    fn set_recovery(&self, name: &str, recovery: &Recovery) -> io::Result<()> {
        let mut actions: Vec<SC_ACTION> = recovery
            .actions
            .iter()
            .map(|&(kind, delay)| SC_ACTION { Type: kind.cast_signed(), Delay: delay })
            .collect();
        let (mut message, mut command) = (wide(&recovery.reboot_message), wide(&recovery.command));
        let info = SERVICE_FAILURE_ACTIONSW {
            dwResetPeriod: recovery.reset_seconds,
            lpRebootMsg: message.as_mut_ptr(),
            lpCommand: command.as_mut_ptr(),
            cActions: u32::try_from(actions.len()).map_err(io::Error::other)?,
            lpsaActions: actions.as_mut_ptr(),
        };
        // Who sets restarts must be allowed to start the service.
        change2(name, SERVICE_CHANGE_CONFIG | SERVICE_START, SERVICE_CONFIG_FAILURE_ACTIONS, &info)
    }

    fn grant_service_logon(&self, account: &str) -> io::Result<bool> {
        lsa::grant_service_logon(account)
    }

    fn revoke_service_logon(&self, account: &str) -> io::Result<()> {
        lsa::revoke_service_logon(account)
    }
}

/// # Safety
/// What the structure points to is valid.
unsafe fn recovery(info: &SERVICE_FAILURE_ACTIONSW) -> Recovery {
    let actions = if info.lpsaActions.is_null() {
        &[]
    } else {
        // SAFETY: the caller promises that `lpsaActions` points to `cActions` actions.
        unsafe { std::slice::from_raw_parts(info.lpsaActions, info.cActions as usize) }
    };
    Recovery {
        reset_seconds: info.dwResetPeriod,
        actions: actions.iter().map(|action| (action.Type.cast_unsigned(), action.Delay)).collect(),
        // SAFETY: the caller promises texts that end with a zero, or null.
        command: unsafe { from_wide(info.lpCommand) },
        // SAFETY: as above.
        reboot_message: unsafe { from_wide(info.lpRebootMsg) },
    }
}

fn change(
    name: &str,
    start: u32,
    command_line: Option<&str>,
    account: Option<&str>,
    password: Option<&str>,
) -> io::Result<()> {
    let service = Handle::existing(name, SERVICE_CHANGE_CONFIG)?;
    let (command_line, account, password) = (command_line.map(wide), account.map(wide), password.map(wide));
    let pointer = |text: &Option<Vec<u16>>| text.as_ref().map_or(null(), Vec::as_ptr);
    // SAFETY: the handle is open; every text ends with a zero or is null, which means no change.
    truth(unsafe {
        ChangeServiceConfigW(
            service.0,
            SERVICE_NO_CHANGE,
            start,
            SERVICE_NO_CHANGE,
            pointer(&command_line),
            null(),
            null_mut(),
            null(),
            pointer(&account),
            pointer(&password),
            null(),
        )
    })
}

fn change2<T>(name: &str, access: u32, level: SERVICE_CONFIG, info: &T) -> io::Result<()> {
    let service = Handle::existing(name, access)?;
    // SAFETY: the handle is open; `info` is the structure of this level, and what it points to is alive.
    truth(unsafe { ChangeServiceConfig2W(service.0, level, std::ptr::from_ref(info).cast::<c_void>()) })
}

/// A handle of the service control manager, closed when dropped.
struct Handle(SC_HANDLE);

impl Handle {
    fn service(name: &str, access: u32) -> io::Result<Option<Self>> {
        // SAFETY: no names means this machine and its active database.
        let manager = unsafe { OpenSCManagerW(null(), null(), SC_MANAGER_CONNECT) };
        if manager.is_null() {
            return Err(last_error());
        }
        let manager = Handle(manager);
        let name = wide(name);
        // SAFETY: the manager is open; the name ends with a zero.
        let service = unsafe { OpenServiceW(manager.0, name.as_ptr(), access) };
        if !service.is_null() {
            return Ok(Some(Handle(service)));
        }
        let failed = last_error();
        if failed.raw_os_error() == Some(ERROR_SERVICE_DOES_NOT_EXIST.cast_signed()) {
            Ok(None)
        } else {
            Err(failed)
        }
    }

    fn existing(name: &str, access: u32) -> io::Result<Self> {
        Self::service(name, access)?.ok_or_else(|| error(ERROR_SERVICE_DOES_NOT_EXIST))
    }

    fn config(&self) -> io::Result<ServiceState> {
        let mut buffer = [0u64; BUFFER];
        let config = buffer.as_mut_ptr().cast::<QUERY_SERVICE_CONFIGW>();
        let mut needed = 0;
        // SAFETY: the handle is open; the buffer has the size given and the alignment of the structure.
        truth(unsafe { QueryServiceConfigW(self.0, config, (BUFFER * 8) as u32, &mut needed) })?;
        // SAFETY: the query succeeded, so the structure is there and its texts lie in the buffer.
        unsafe {
            let config = &*config;
            Ok(ServiceState {
                command_line: from_wide(config.lpBinaryPathName),
                account: from_wide(config.lpServiceStartName),
                start: config.dwStartType,
                delayed: false,
                sid_type: 0,
                recovery: Recovery::default(),
            })
        }
    }

    /// One level of the second configuration; its default where the system does not know the level.
    fn query<T: Default>(
        &self,
        level: SERVICE_CONFIG,
        read: impl FnOnce(*const c_void) -> T,
    ) -> io::Result<T> {
        let mut buffer = [0u64; BUFFER];
        let mut needed = 0;
        // SAFETY: the handle is open; the buffer has the size given.
        let got = truth(unsafe {
            QueryServiceConfig2W(self.0, level, buffer.as_mut_ptr().cast(), (BUFFER * 8) as u32, &mut needed)
        });
        match got {
            Ok(()) => Ok(read(buffer.as_ptr().cast())),
            Err(failed) if failed.kind() == io::ErrorKind::Unsupported => Ok(T::default()),
            Err(failed) if failed.raw_os_error() == Some(ERROR_INSUFFICIENT_BUFFER.cast_signed()) => {
                Err(io::Error::other("the service's configuration is longer than Windows allows"))
            }
            Err(failed) => Err(failed),
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the handle is ours and is not used again.
        unsafe { CloseServiceHandle(self.0) };
    }
}
