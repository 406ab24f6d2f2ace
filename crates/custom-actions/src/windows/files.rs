//! Files and folders with their owners and access lists. Nothing here follows a link.

use std::ffi::c_void;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::windows::fs::{MetadataExt, OpenOptionsExt};
use std::os::windows::io::AsRawHandle;
use std::path::Path;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{CloseHandle, GENERIC_READ, HANDLE, LocalFree};
use windows_sys::Win32::Security::Authorization::{
    ConvertSidToStringSidW, ConvertStringSecurityDescriptorToSecurityDescriptorW, GetSecurityInfo,
    SDDL_REVISION_1, SE_FILE_OBJECT, SetSecurityInfo,
};
use windows_sys::Win32::Security::{
    ACL, DACL_SECURITY_INFORMATION, GetSecurityDescriptorDacl, GetSecurityDescriptorOwner,
    GetTokenInformation, OWNER_SECURITY_INFORMATION, PROTECTED_DACL_SECURITY_INFORMATION,
    PSECURITY_DESCRIPTOR, PSID, SECURITY_ATTRIBUTES, TOKEN_QUERY, TOKEN_USER, TokenUser,
};
use windows_sys::Win32::Storage::FileSystem::{
    CreateDirectoryW, FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_REPARSE_POINT, FILE_FLAG_BACKUP_SEMANTICS,
    FILE_FLAG_OPEN_REPARSE_POINT, FILE_READ_ATTRIBUTES, FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE,
    READ_CONTROL, ReplaceFileW, WRITE_DAC, WRITE_OWNER,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

use super::Windows;
use super::text::{check, from_wide, truth, wide};
use crate::context::parent;
use crate::machine::{Files, Found};

/// More than any file that is read here has; a longer one is not one of ours.
const LONGEST: u64 = 16 << 20;

impl Files for Windows<'_> {
    fn find(&self, path: &str) -> io::Result<Found> {
        let mut readable = true;
        let file = match open(path, READ_CONTROL | FILE_READ_ATTRIBUTES) {
            Ok(file) => file,
            Err(error) if is_missing(&error) => return Ok(Found::Nothing),
            // Who locks SYSTEM out of a folder is nobody to trust; the folder above still lets its attributes be seen.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                readable = false;
                open(path, FILE_READ_ATTRIBUTES)?
            }
            Err(error) => return Err(error),
        };
        let attributes = file.metadata()?.file_attributes();
        if attributes & FILE_ATTRIBUTE_REPARSE_POINT != 0 {
            Ok(Found::Link)
        } else if attributes & FILE_ATTRIBUTE_DIRECTORY == 0 {
            Ok(Found::File)
        } else if readable {
            owner(&file).map(|owner| Found::Folder { owner })
        } else {
            Ok(Found::Folder { owner: String::new() })
        }
    }

    fn own_sid(&self) -> io::Result<String> {
        let mut token: HANDLE = null_mut();
        // SAFETY: the pseudo handle of this process is always valid; the token is written to `token`.
        truth(unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &mut token) })?;
        // A TOKEN_USER and its SID, of at most 68 bytes, fit; u64 gives the alignment.
        let mut buffer = [0u64; 32];
        let size = u32::try_from(size_of_val(&buffer)).unwrap_or_default();
        let mut used = 0;
        // SAFETY: the token is open; the buffer has `size` bytes.
        let got = truth(unsafe {
            GetTokenInformation(token, TokenUser, buffer.as_mut_ptr().cast(), size, &mut used)
        });
        // SAFETY: the handle was opened above and is not used again.
        unsafe { CloseHandle(token) };
        got?;
        // SAFETY: the call succeeded, so the buffer begins with a TOKEN_USER, whose SID points into the buffer.
        unsafe { sid_text((*buffer.as_ptr().cast::<TOKEN_USER>()).User.Sid) }
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let file = match open(path, GENERIC_READ) {
            Ok(file) => file,
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        if file.metadata()?.file_attributes() & (FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DIRECTORY) != 0
        {
            return Err(io::Error::other("it is a folder or a link, not a file"));
        }
        let mut bytes = Vec::new();
        file.take(LONGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LONGEST {
            return Err(io::Error::other("it is too long to be one of the agent's files"));
        }
        Ok(Some(bytes))
    }

    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let temporary = format!("{path}.new");
        self.delete(&temporary)?;
        let mut file = OpenOptions::new().write(true).create_new(true).open(extended(&temporary))?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        drop(file);
        let replaced = written.and_then(|()| replace(&temporary, path));
        if replaced.is_err() {
            // The reason for the failure says more than one to delete what is left.
            let _ = self.delete(&temporary);
        }
        replaced
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(extended(from), extended(to))
    }

    fn delete(&self, path: &str) -> io::Result<bool> {
        let path = extended(path);
        let is_folder_link = match fs::symlink_metadata(&path) {
            Ok(data) => {
                data.file_attributes() & FILE_ATTRIBUTE_REPARSE_POINT != 0
                    && data.file_attributes() & FILE_ATTRIBUTE_DIRECTORY != 0
            }
            Err(error) if is_missing(&error) => return Ok(false),
            Err(error) => return Err(error),
        };
        if is_folder_link {
            fs::remove_dir(&path)?;
        } else {
            fs::remove_file(&path)?;
        }
        Ok(true)
    }

    fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(extended(folder)) {
            Ok(entries) => entries,
            Err(error) if is_missing(&error) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in entries {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    fn create_folder(&self, path: &str, sddl: &str) -> io::Result<()> {
        // A folder above that anybody may rename would make the protection of this one worthless.
        if let Some(above) = parent(path).filter(|above| above.contains('\\'))
            && self.find(above)? == Found::Nothing
        {
            self.create_folder(above, sddl)?;
        }
        let path = wide(&extended(path));
        if sddl.is_empty() {
            // SAFETY: the path ends with a zero; no attributes means what the folder above hands down.
            return truth(unsafe { CreateDirectoryW(path.as_ptr(), null()) });
        }
        let descriptor = Descriptor::parse(sddl)?;
        let attributes = SECURITY_ATTRIBUTES {
            nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).unwrap_or_default(),
            lpSecurityDescriptor: descriptor.0,
            bInheritHandle: 0,
        };
        // SAFETY: the path ends with a zero; the descriptor lives until the end of this function.
        truth(unsafe { CreateDirectoryW(path.as_ptr(), &attributes) })
    }

    fn protect(&self, path: &str, sddl: &str) -> io::Result<()> {
        let file = open(path, READ_CONTROL | WRITE_DAC | WRITE_OWNER)?;
        let descriptor = Descriptor::parse(sddl)?;
        let (owner, dacl) = (descriptor.owner()?, descriptor.dacl()?);
        let what =
            OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;
        // SAFETY: the handle is open; owner and list point into the descriptor, which outlives the call.
        check(unsafe {
            SetSecurityInfo(file.as_raw_handle(), SE_FILE_OBJECT, what, owner, null_mut(), dacl, null())
        })
    }

    fn remove_folder(&self, path: &str) -> io::Result<bool> {
        match fs::remove_dir(extended(path)) {
            Ok(()) => Ok(true),
            Err(error) if is_missing(&error) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// The form of a path that Windows takes as it stands, of any length.
fn extended(path: &str) -> String {
    format!(r"\\?\{path}")
}

fn open(path: &str, access: u32) -> io::Result<File> {
    OpenOptions::new()
        .access_mode(access)
        .share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)
        .custom_flags(FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT)
        .open(Path::new(&extended(path)))
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Puts a finished file in its place. A file that is there hands its access list on.
fn replace(temporary: &str, path: &str) -> io::Result<()> {
    let (from, to) = (wide(&extended(temporary)), wide(&extended(path)));
    // SAFETY: both paths end with a zero; no backup is wanted, the reserved pointers are null.
    let done = unsafe { ReplaceFileW(to.as_ptr(), from.as_ptr(), null(), 0, null(), null()) };
    if done != 0 { Ok(()) } else { fs::rename(extended(temporary), extended(path)) }
}

fn owner(file: &File) -> io::Result<String> {
    let mut owner: PSID = null_mut();
    let mut descriptor: PSECURITY_DESCRIPTOR = null_mut();
    // SAFETY: the handle is open for reading its control information; the owner points into the descriptor.
    check(unsafe {
        GetSecurityInfo(
            file.as_raw_handle(),
            SE_FILE_OBJECT,
            OWNER_SECURITY_INFORMATION,
            &mut owner,
            null_mut(),
            null_mut(),
            null_mut(),
            &mut descriptor,
        )
    })?;
    let _free = Descriptor(descriptor);
    // SAFETY: the descriptor, and with it the owner, lives until the end of this function.
    unsafe { sid_text(owner) }
}

/// # Safety
/// `sid` is null or points to a valid SID.
unsafe fn sid_text(sid: PSID) -> io::Result<String> {
    if sid.is_null() {
        return Ok(String::new());
    }
    let mut text: *mut u16 = null_mut();
    // SAFETY: the caller promises a valid SID; the text is written to `text` and freed below.
    truth(unsafe { ConvertSidToStringSidW(sid, &mut text) })?;
    // SAFETY: the call succeeded, so the text ends with a zero.
    let owned = unsafe { from_wide(text) };
    // SAFETY: the text was allocated by the call above and is not used again.
    unsafe { LocalFree(text.cast::<c_void>()) };
    Ok(owned)
}

/// A security descriptor that Windows allocated, freed when dropped.
struct Descriptor(PSECURITY_DESCRIPTOR);

impl Descriptor {
    fn parse(sddl: &str) -> io::Result<Self> {
        let sddl = wide(sddl);
        let mut descriptor: PSECURITY_DESCRIPTOR = null_mut();
        // SAFETY: the text ends with a zero; the descriptor is written to `descriptor`.
        truth(unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                sddl.as_ptr(),
                SDDL_REVISION_1,
                &mut descriptor,
                null_mut(),
            )
        })?;
        Ok(Self(descriptor))
    }

    fn owner(&self) -> io::Result<PSID> {
        let (mut owner, mut defaulted) = (null_mut(), 0);
        // SAFETY: the descriptor is valid.
        truth(unsafe { GetSecurityDescriptorOwner(self.0, &mut owner, &mut defaulted) })?;
        Ok(owner)
    }

    fn dacl(&self) -> io::Result<*const ACL> {
        let (mut dacl, mut present, mut defaulted) = (null_mut(), 0, 0);
        // SAFETY: the descriptor is valid.
        truth(unsafe { GetSecurityDescriptorDacl(self.0, &mut present, &mut dacl, &mut defaulted) })?;
        if present == 0 || dacl.is_null() {
            // Without a list everybody may do everything; none of ours is like that.
            return Err(io::Error::other("the security descriptor has no access list"));
        }
        Ok(dacl)
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        // SAFETY: Windows allocated it with LocalAlloc, and nothing uses it any more.
        unsafe { LocalFree(self.0) };
    }
}
