//! `cargo msi` as people use it: the program, its files, what it prints and how it ends.

mod build;
mod hostile;
mod project;
mod signing;
mod support;
mod tools;
mod verifying;
