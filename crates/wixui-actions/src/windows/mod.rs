//! The entry points. Both are called by `DoAction`, where an action's failure means nothing, so that they always answer success.

mod api;
mod installer;
mod memory;
mod print;

use crate::path::{Root, root};
use installer::{Session, Text};

const ERROR_SUCCESS: u32 = 0;

/// Sets `WIXUI_INSTALLDIR_VALID`: `1` where the folder that `WIXUI_INSTALLDIR` names lies on a fixed drive of this computer, else `0`.
/// What runs as a service cannot see a user's network drives, and a drive that can be taken out is no place for a program.
// SAFETY: no other symbol of the library has this name, and the signature is the one that the installer calls.
#[unsafe(no_mangle)]
pub extern "system" fn ValidatePath(handle: u32) -> u32 {
    let session = Session(handle);
    let folder =
        session.property(api::wide!("WIXUI_INSTALLDIR")).and_then(|name| session.property(name.as_slice()));
    let good = folder.is_some_and(|folder: Text| match root(folder.text()) {
        Root::Drive(letter) => api::is_fixed(letter),
        Root::Network | Root::None => false,
    });
    session.set(api::wide!("WIXUI_INSTALLDIR_VALID"), if good { api::wide!("1") } else { api::wide!("0") });
    ERROR_SUCCESS
}

/// Prints what the control `LicenseText` shows, after asking for a printer.
// SAFETY: as above.
#[unsafe(no_mangle)]
pub extern "system" fn PrintEula(handle: u32) -> u32 {
    let session = Session(handle);
    if let Some(license) = session.license() {
        let title = session.property(api::wide!("ProductName"));
        print::license(license.bytes(), title.as_ref().map_or(&[0][..], Text::as_slice));
    }
    ERROR_SUCCESS
}

/// Nothing here panics; the compiler asks for this all the same.
#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    api::end_process()
}
