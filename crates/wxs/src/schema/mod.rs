//! The vocabulary of WiX sources as data, and nearest names for what is not in it.

mod nearest;

pub use nearest::nearest;
