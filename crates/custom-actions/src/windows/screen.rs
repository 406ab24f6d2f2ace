//! Programs for the person at the screen.

use std::io;
use std::ptr::null;

use windows_sys::Win32::UI::Shell::{
    SEE_MASK_FLAG_NO_UI, SEE_MASK_NOASYNC, SHELLEXECUTEINFOW, ShellExecuteExW,
};
use windows_sys::Win32::UI::WindowsAndMessaging::SW_SHOWNORMAL;

use super::Windows;
use super::text::{truth, wide};
use crate::machine::Screen;

impl Screen for Windows<'_> {
    fn start_elevated(&self, exe: &str, arguments: &str) -> io::Result<()> {
        let (verb, exe, arguments) = (wide("runas"), wide(exe), wide(arguments));
        let mut info = SHELLEXECUTEINFOW {
            cbSize: size_of::<SHELLEXECUTEINFOW>() as u32,
            // This thread ends right away, and a refusal is an answer that needs no message.
            fMask: SEE_MASK_NOASYNC | SEE_MASK_FLAG_NO_UI,
            lpVerb: verb.as_ptr(),
            lpFile: exe.as_ptr(),
            lpParameters: arguments.as_ptr(),
            lpDirectory: null(),
            nShow: SW_SHOWNORMAL,
            ..SHELLEXECUTEINFOW::default()
        };
        // SAFETY: the structure says its size, its texts end with a zero and outlive the call.
        truth(unsafe { ShellExecuteExW(&mut info) })
    }
}
