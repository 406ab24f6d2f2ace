//! The programs of others that tasks need: what they are, whether they are here, how they come here.

mod catalogue;
mod host;
mod install;
mod windows_target;

pub use catalogue::{Need, TOOLS, Tool};
pub use host::{Host, PackageManager};
pub use install::{Consent, explain, install};
pub use windows_target::{Way, WindowsTarget, acquire, explain_closed, find_way};
