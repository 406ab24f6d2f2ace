//! Dialog sets of the library in real windows: a person with a keyboard goes from the first page to the last.

mod advanced;
mod feature_tree;
mod install_dir;
mod keyboard;
mod language;
mod minimal;
mod mondo;
mod support;
