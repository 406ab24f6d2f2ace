//! Draws the dialogs of a Windows Installer package from its tables, without Windows and without running anything.
//!
//! ```text
//! database ─► Package (dialogs, controls, styles, pictures) ─► State (properties, folders, conditions)
//!                 └─► render: picture of a dialog + findings          └─► flow: which control leads where, and when
//! ```
//!
//! What a dialog looks like depends on properties that only a running installation has. [`State`] stands for one moment: by
//! default the first installation by an administrator, changed by what the caller sets. Conditions of controls are evaluated
//! under it.
//!
//! Sizes: a package measures in installer units, of which twelve are the height of the system font; at 96 dots per inch three
//! units are four pixels ("Installer Units" in the Windows Installer reference). Fonts come from the caller and from the
//! DejaVu family inside this crate, so that the same package gives the same picture on every machine where no other fonts are
//! given.

#![forbid(unsafe_code)]

mod canvas;
mod check;
mod controls;
mod flow;
mod font;
mod formatted;
mod model;
mod page;
mod paint;
mod render;
mod rtf;
mod sheet;
mod state;
mod theme;

pub use check::{Finding, Problem};
pub use flow::{Entry, Flow, Step, Target, flow};
pub use font::{Fonts, fontdb};
pub use model::{Control, Dialog, Kind, Package};
pub use page::{Shot, html};
pub use render::{Look, Picture, render};
pub use sheet::sheet;
pub use state::State;
pub use theme::Theme;
