//! One file per task: its flags with their help, and what it does.

pub mod bench;
pub mod bench_sign;
pub mod ci;
pub mod custom_actions;
pub mod dist;
pub mod fuzz;
pub mod fuzz_seeds;
pub mod setup;
pub mod sign;
pub mod test;
pub mod tidy;
pub mod validate;
pub mod verify;
