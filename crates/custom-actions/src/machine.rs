//! The machine as the actions see it: files, registry and services come in through here and nowhere else, so that
//! every action runs in a Linux test against a machine of plain values.

use std::fmt;
use std::io;

use serde::{Deserialize, Serialize};

/// Everything an action may touch.
pub trait Machine: Files + Registry + Services + Screen {
    /// A line for the installer's log. Never a secret.
    fn log(&self, line: &str);
}

/// What stands at a path. Links are seen as links, never followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Nothing,
    File,
    Link,
    /// The owner's SID as a string.
    Folder {
        owner: String,
    },
}

/// Paths are absolute Windows paths without a trailing backslash.
pub trait Files {
    fn find(&self, path: &str) -> io::Result<Found>;
    /// The SID of the account that this process runs as: SYSTEM, where the installer runs us.
    fn own_sid(&self) -> io::Result<String>;
    /// The whole file, or nothing when there is none.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;
    /// Replaces the file in one step; a file that was there keeps its access list.
    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()>;
    /// Moves the thing itself, a link included, to a free name in the same folder.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Deletes a file; says whether there was one.
    fn delete(&self, path: &str) -> io::Result<bool>;
    /// Names in a folder, sorted; none when there is no folder.
    fn names(&self, folder: &str) -> io::Result<Vec<String>>;
    /// Makes a folder with this security descriptor from the first moment on.
    fn create_folder(&self, path: &str, sddl: &str) -> io::Result<()>;
    /// Gives an existing folder this owner and access list; what lies in it inherits.
    fn protect(&self, path: &str, sddl: &str) -> io::Result<()>;
    /// Removes a folder if it is empty; says whether it is gone.
    fn remove_folder(&self, path: &str) -> io::Result<bool>;
}

/// One registry value, uninterpreted, so that it comes back exactly as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryValue {
    pub name: String,
    pub kind: u32,
    pub bytes: Vec<u8>,
}

impl RegistryValue {
    pub const SZ: u32 = 1;
    pub const DWORD: u32 = 4;

    pub fn text(name: &str, text: &str) -> Self {
        let bytes = text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        Self { name: name.to_owned(), kind: Self::SZ, bytes }
    }

    pub fn number(name: &str, number: u32) -> Self {
        Self { name: name.to_owned(), kind: Self::DWORD, bytes: number.to_le_bytes().to_vec() }
    }

    /// The text of a REG_SZ, up to its terminator.
    pub fn as_text(&self) -> Option<String> {
        if self.kind != Self::SZ {
            return None;
        }
        let units = self.bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        let text: Vec<u16> = units.take_while(|&unit| unit != 0).collect();
        String::from_utf16(&text).ok()
    }
}

/// Keys below HKEY_LOCAL_MACHINE, 64-bit view.
pub trait Registry {
    /// The key's values sorted by name, or nothing when there is no key.
    fn values(&self, key: &str) -> io::Result<Option<Vec<RegistryValue>>>;
    /// Writes a value, making the key where it is missing.
    fn set_value(&self, key: &str, value: &RegistryValue) -> io::Result<()>;
    fn delete_value(&self, key: &str, name: &str) -> io::Result<()>;
    /// Deletes the key if it has neither values nor keys in it.
    fn delete_empty_key(&self, key: &str) -> io::Result<()>;
}

/// What an upgrade keeps of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceState {
    pub command_line: String,
    pub account: String,
    pub start: u32,
    pub delayed: bool,
    pub sid_type: u32,
    pub recovery: Recovery,
}

impl ServiceState {
    pub const START_DISABLED: u32 = 4;
    pub const SID_UNRESTRICTED: u32 = 1;
}

/// What the service control manager does when the service fails.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// Seconds without a failure after which the count starts again.
    pub reset_seconds: u32,
    /// Kind (0 nothing, 1 restart, 2 reboot, 3 command) and delay in milliseconds of the first, second, … failure.
    pub actions: Vec<(u32, u32)>,
    pub command: String,
    pub reboot_message: String,
}

/// The service control manager. `ErrorKind::Unsupported` where a system lacks the setting.
pub trait Services {
    fn service(&self, name: &str) -> io::Result<Option<ServiceState>>;
    fn set_command_line(&self, name: &str, command_line: &str) -> io::Result<()>;
    fn set_account(&self, name: &str, account: &str, password: Option<&Secret>) -> io::Result<()>;
    fn set_start(&self, name: &str, start: u32, delayed: bool) -> io::Result<()>;
    fn set_sid_type(&self, name: &str, sid_type: u32) -> io::Result<()>;
    fn set_recovery(&self, name: &str, recovery: &Recovery) -> io::Result<()>;
    /// Gives an account "Log on as a service"; says whether that was new.
    fn grant_service_logon(&self, account: &str) -> io::Result<bool>;
    /// Takes that right away again.
    fn revoke_service_logon(&self, account: &str) -> io::Result<()>;
}

/// What the person at the screen sees.
pub trait Screen {
    /// Starts a program in a window of its own, with an administrator's rights: Windows asks for them where they are
    /// missing. Does not wait for its end.
    fn start_elevated(&self, exe: &str, arguments: &str) -> io::Result<()>;
}

/// A password on its way from the command line to the service control manager.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The only way to the text, to be searched for.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
