//! The DLL's entry points, and the machine they run on.
//!
//! Entry points take the installer's handle and give a Windows error code; everything else is in safe modules.

mod files;
mod lsa;
mod registry;
mod screen;
mod services;
mod session;
mod text;

use windows_sys::Win32::Foundation::{ERROR_INSTALL_FAILURE, ERROR_SUCCESS};

use crate::check::Properties;
use crate::context::Context;
use crate::failure::Failure;
use crate::machine::Machine;
use crate::{check, configuration, data, folders, service, settings, state, wizard};
use session::Session;

/// The machine that the installer runs on. Files, registry and services are implemented in the modules beside this.
struct Windows<'a> {
    session: &'a Session,
}

impl Machine for Windows<'_> {
    fn log(&self, line: &str) {
        self.session.info(line);
    }
}

type Immediate = fn(&dyn Machine, &dyn Properties) -> Result<(), Failure>;
type Deferred = fn(&dyn Machine, &Context) -> Result<(), Failure>;

fn immediate(handle: u32, name: &'static str, action: Immediate) -> u32 {
    let session = Session::new(handle, name);
    finish(&session, action(&Windows { session: &session }, &session))
}

fn deferred(handle: u32, name: &'static str, action: Deferred) -> u32 {
    let session = Session::new(handle, name);
    let context = session.property("CustomActionData").and_then(|data| Context::parse(&data));
    finish(&session, context.and_then(|context| action(&Windows { session: &session }, &context)))
}

fn finish(session: &Session, result: Result<(), Failure>) -> u32 {
    match result {
        Ok(()) => ERROR_SUCCESS,
        Err(failure) => {
            session.error(&failure);
            ERROR_INSTALL_FAILURE
        }
    }
}

macro_rules! entry_points {
    ($run:ident: $($name:ident => $action:path,)*) => {
        $(
            /// Called by Windows Installer; `wix/actions.wxs` says when.
            // SAFETY: no other symbol of the library has this name, and the signature is the one that the installer calls.
            #[unsafe(no_mangle)]
            pub extern "system" fn $name(handle: u32) -> u32 {
                $run(handle, stringify!($name), $action)
            }
        )*
    };
}

entry_points! { immediate:
    CheckProperties => check::check,
    FindService => check::find_service,
    ReadInstallation => wizard::read_installation,
    CheckFolder => wizard::check_folder,
    CheckAccount => wizard::check_account,
    CheckOptions => wizard::check_options,
    VerifyInstallation => wizard::verify_installation,
}

entry_points! { deferred:
    PrepareFolders => folders::prepare,
    RestoreFolders => folders::restore,
    SaveState => state::save,
    RestoreState => state::restore,
    DiscardState => state::discard,
    ApplyConfiguration => configuration::apply,
    RemoveConfiguration => configuration::remove,
    RestoreConfiguration => configuration::restore,
    ApplySettings => settings::apply,
    RemoveSettings => settings::remove,
    RestoreSettings => settings::restore,
    RemoveData => data::remove,
    RestoreData => data::restore,
    ConfigureService => service::configure,
    RestoreService => service::restore,
    ConfigureAccount => service::configure_account,
    RestoreAccount => service::restore_account,
}
