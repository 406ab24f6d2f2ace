//! Keys below HKEY_LOCAL_MACHINE, always in the 64-bit view.

use std::io;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{ERROR_FILE_NOT_FOUND, ERROR_MORE_DATA, ERROR_NO_MORE_ITEMS};
use windows_sys::Win32::System::Registry::{
    HKEY, HKEY_LOCAL_MACHINE, KEY_QUERY_VALUE, KEY_SET_VALUE, KEY_WOW64_64KEY, REG_OPTION_NON_VOLATILE,
    RegCloseKey, RegCreateKeyExW, RegDeleteKeyExW, RegDeleteValueW, RegEnumValueW, RegOpenKeyExW,
    RegQueryInfoKeyW, RegSetValueExW,
};

use super::Windows;
use super::text::{check, error, wide};
use crate::machine::{Registry, RegistryValue};

/// The longest name of a value, terminator included.
const NAME: usize = 16_384;

impl Registry for Windows<'_> {
    fn values(&self, key: &str) -> io::Result<Option<Vec<RegistryValue>>> {
        let Some(key) = Key::open(key, KEY_QUERY_VALUE)? else { return Ok(None) };
        let mut values = Vec::new();
        let mut index = 0;
        while let Some(value) = key.value(index)? {
            values.push(value);
            index += 1;
        }
        values.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Some(values))
    }

    fn set_value(&self, key: &str, value: &RegistryValue) -> io::Result<()> {
        let key = Key::create(key)?;
        let name = wide(&value.name);
        let len = u32::try_from(value.bytes.len()).map_err(io::Error::other)?;
        // SAFETY: the key is open; the name ends with a zero; the data has `len` bytes.
        check(unsafe { RegSetValueExW(key.0, name.as_ptr(), 0, value.kind, value.bytes.as_ptr(), len) })
    }

    fn delete_value(&self, key: &str, name: &str) -> io::Result<()> {
        let Some(key) = Key::open(key, KEY_SET_VALUE)? else { return Ok(()) };
        let name = wide(name);
        // SAFETY: the key is open; the name ends with a zero.
        match unsafe { RegDeleteValueW(key.0, name.as_ptr()) } {
            ERROR_FILE_NOT_FOUND => Ok(()),
            code => check(code),
        }
    }

    fn delete_empty_key(&self, key: &str) -> io::Result<()> {
        let Some(open) = Key::open(key, KEY_QUERY_VALUE)? else { return Ok(()) };
        if !open.is_empty()? {
            return Ok(());
        }
        drop(open);
        let name = wide(key);
        // SAFETY: the name ends with a zero. A key that got keys in it meanwhile is not deleted.
        check(unsafe { RegDeleteKeyExW(HKEY_LOCAL_MACHINE, name.as_ptr(), KEY_WOW64_64KEY, 0) })
    }
}

/// An open key, closed when dropped.
struct Key(HKEY);

impl Key {
    fn open(name: &str, access: u32) -> io::Result<Option<Self>> {
        let name = wide(name);
        let mut key = null_mut();
        // SAFETY: the name ends with a zero; the handle is written to `key`.
        match unsafe {
            RegOpenKeyExW(HKEY_LOCAL_MACHINE, name.as_ptr(), 0, access | KEY_WOW64_64KEY, &mut key)
        } {
            0 => Ok(Some(Self(key))),
            ERROR_FILE_NOT_FOUND => Ok(None),
            code => Err(error(code)),
        }
    }

    fn create(name: &str) -> io::Result<Self> {
        let name = wide(name);
        let mut key = null_mut();
        // SAFETY: the name ends with a zero; the handle is written to `key`; nothing else is asked for.
        check(unsafe {
            RegCreateKeyExW(
                HKEY_LOCAL_MACHINE,
                name.as_ptr(),
                0,
                null(),
                REG_OPTION_NON_VOLATILE,
                KEY_SET_VALUE | KEY_WOW64_64KEY,
                null(),
                &mut key,
                null_mut(),
            )
        })?;
        Ok(Self(key))
    }

    fn value(&self, index: u32) -> io::Result<Option<RegistryValue>> {
        let mut name = vec![0u16; NAME];
        let mut bytes = vec![0u8; 1024];
        loop {
            let mut name_len = u32::try_from(name.len()).unwrap_or_default();
            let mut len = u32::try_from(bytes.len()).unwrap_or_default();
            let mut kind = 0;
            // SAFETY: the key is open; both buffers have the lengths given.
            let code = unsafe {
                RegEnumValueW(
                    self.0,
                    index,
                    name.as_mut_ptr(),
                    &mut name_len,
                    null(),
                    &mut kind,
                    bytes.as_mut_ptr(),
                    &mut len,
                )
            };
            match code {
                0 => {
                    bytes.truncate(len as usize);
                    let name = String::from_utf16_lossy(&name[..(name_len as usize).min(NAME)]);
                    return Ok(Some(RegistryValue { name, kind, bytes }));
                }
                ERROR_NO_MORE_ITEMS => return Ok(None),
                // Doubling rather than the length given: the value may grow between two calls.
                ERROR_MORE_DATA if bytes.len() < 1 << 24 => bytes.resize(bytes.len() * 2, 0),
                code => return Err(error(code)),
            }
        }
    }

    fn is_empty(&self) -> io::Result<bool> {
        let (mut keys, mut values) = (0, 0);
        // SAFETY: the key is open; what is not asked for is null.
        check(unsafe {
            RegQueryInfoKeyW(
                self.0,
                null_mut(),
                null_mut(),
                null(),
                &mut keys,
                null_mut(),
                null_mut(),
                &mut values,
                null_mut(),
                null_mut(),
                null_mut(),
                null_mut(),
            )
        })?;
        Ok(keys == 0 && values == 0)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        // SAFETY: the handle is ours and is not used again.
        unsafe { RegCloseKey(self.0) };
    }
}
