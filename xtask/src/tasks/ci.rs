//! `cargo xtask ci`: what has to be green before a change lands.

use crate::Context;
use crate::failure::Outcome;
use crate::tasks::{test::Test, tidy::Tidy};

/// tidy, then test
#[derive(Debug, clap::Args)]
pub struct Ci {
    #[command(flatten)]
    tidy: Tidy,
    #[command(flatten)]
    test: Test,
}

impl Ci {
    pub fn run(&self, context: &Context) -> Outcome {
        self.tidy.run(context)?;
        self.test.run(context)
    }
}
