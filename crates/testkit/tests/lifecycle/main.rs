//! The product's life on a machine: what an administrator sees when he installs, configures, repairs, upgrades and removes it.
//!
//! The packages are those that `cargo xtask dist` makes, in two versions; `cargo xtask test` builds them. Each test has a
//! machine of its own. Where Wine's engine does less than Windows, the test says so and looks at what decides it on Windows:
//! the package's tables and the order of its sequence.

mod agent;
mod failure;
mod install;
mod maintain;
mod refuse;
mod removal;
mod secrets;
mod tables;
mod upgrade;
