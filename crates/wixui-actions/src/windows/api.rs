//! The functions and structures of Windows that are used, and no more of them than that.

use core::ffi::c_void;

pub type Handle = *mut c_void;

/// A string in UTF-16 with its terminator.
macro_rules! wide {
    ($text:literal) => {{
        const UNITS: [u16; $text.len() + 1] = {
            let (mut units, mut at) = ([0; $text.len() + 1], 0);
            while at < $text.len() {
                // Only ASCII is written so.
                units[at] = $text.as_bytes()[at] as u16;
                at += 1;
            }
            units
        };
        &UNITS
    }};
}
pub(crate) use wide;

/// Functions of a system library; on 32-bit Windows their names have no marks of how they are called.
macro_rules! import {
    ($library:literal: $($function:item)*) => {
        #[cfg_attr(target_arch = "x86", link(name = $library, kind = "raw-dylib", import_name_type = "undecorated"))]
        #[cfg_attr(not(target_arch = "x86"), link(name = $library, kind = "raw-dylib"))]
        unsafe extern "system" {
            $($function)*
        }
    };
}

import! { "msi":
    pub fn MsiGetPropertyW(install: u32, name: *const u16, value: *mut u16, length: *mut u32) -> u32;
    pub fn MsiSetPropertyW(install: u32, name: *const u16, value: *const u16) -> u32;
    pub fn MsiGetActiveDatabase(install: u32) -> u32;
    pub fn MsiDatabaseOpenViewW(database: u32, query: *const u16, view: *mut u32) -> u32;
    pub fn MsiViewExecute(view: u32, record: u32) -> u32;
    pub fn MsiViewFetch(view: u32, record: *mut u32) -> u32;
    pub fn MsiRecordGetStringA(record: u32, field: u32, value: *mut u8, length: *mut u32) -> u32;
    pub fn MsiCloseHandle(handle: u32) -> u32;
}

import! { "kernel32":
    pub fn ExitProcess(code: u32) -> !;
    pub fn FreeLibrary(library: Handle) -> i32;
    pub fn GetDriveTypeW(root: *const u16) -> u32;
    pub fn GetProcessHeap() -> Handle;
    pub fn HeapAlloc(heap: Handle, flags: u32, bytes: usize) -> *mut c_void;
    pub fn HeapFree(heap: Handle, flags: u32, memory: *mut c_void) -> i32;
    pub fn LoadLibraryExW(name: *const u16, file: Handle, flags: u32) -> Handle;
}

import! { "user32":
    pub fn CreateWindowExW(
        extended: u32,
        class: *const u16,
        name: *const u16,
        style: u32,
        x: i32,
        y: i32,
        width: i32,
        height: i32,
        parent: Handle,
        menu: Handle,
        instance: Handle,
        parameter: *mut c_void,
    ) -> Handle;
    pub fn DestroyWindow(window: Handle) -> i32;
    pub fn FindWindowW(class: *const u16, title: *const u16) -> Handle;
    pub fn SendMessageW(window: Handle, message: u32, wide: usize, long: isize) -> isize;
}

import! { "gdi32":
    pub fn AbortDoc(device: Handle) -> i32;
    pub fn DeleteDC(device: Handle) -> i32;
    pub fn EndDoc(device: Handle) -> i32;
    pub fn EndPage(device: Handle) -> i32;
    pub fn GetDeviceCaps(device: Handle, what: i32) -> i32;
    pub fn StartDocW(device: Handle, document: *const Document) -> i32;
    pub fn StartPage(device: Handle) -> i32;
}

import! { "comdlg32":
    pub fn PrintDlgW(request: *mut PrintRequest) -> i32;
}

/// `DOCINFOW`.
#[repr(C)]
pub struct Document {
    pub size: i32,
    pub name: *const u16,
    pub output: *const u16,
    pub data_type: *const u16,
    pub kind: u32,
}

/// `PRINTDLGW`, which is packed on 32-bit Windows only.
#[cfg_attr(target_pointer_width = "32", repr(C, packed(1)))]
#[cfg_attr(target_pointer_width = "64", repr(C))]
pub struct PrintRequest {
    pub size: u32,
    pub owner: Handle,
    pub device_mode: Handle,
    pub device_names: Handle,
    pub device: Handle,
    pub flags: u32,
    pub pages: [u16; 4],
    pub copies: u16,
    pub instance: Handle,
    pub custom_data: isize,
    pub hooks: [Handle; 2],
    pub template_names: [*const u16; 2],
    pub templates: [Handle; 2],
}

/// `RECT`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Area {
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
}

/// `FORMATRANGE`.
#[repr(C)]
pub struct FormatRange {
    pub device: Handle,
    pub target: Handle,
    pub area: Area,
    pub page: Area,
    pub first: i32,
    pub last: i32,
}

/// `EDITSTREAM`, which is packed.
#[repr(C, packed(4))]
pub struct EditStream {
    pub cookie: usize,
    pub error: u32,
    pub read: extern "system" fn(usize, *mut u8, i32, *mut i32) -> u32,
}

/// Whether a drive is built in.
pub fn is_fixed(letter: u8) -> bool {
    const DRIVE_FIXED: u32 = 3;
    let root = [u16::from(letter), u16::from(b':'), u16::from(b'\\'), 0];
    // SAFETY: the path ends with its terminator.
    unsafe { GetDriveTypeW(root.as_ptr()) == DRIVE_FIXED }
}

#[cfg(not(test))]
pub fn end_process() -> ! {
    // SAFETY: takes any code.
    unsafe { ExitProcess(1) }
}
