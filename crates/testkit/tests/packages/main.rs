//! Packages of all kinds, compiled from the sources beside this file by our compiler and installed by an engine that is not ours.
//!
//! Each test asserts what somebody who wrote that source relies on: the value is in the registry, the service runs, the old version is
//! gone. And each ends with a removal that leaves the machine as it was.

mod content;
mod support;
mod system;
mod upgrades;
