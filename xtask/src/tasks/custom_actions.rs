//! `cargo xtask custom-actions`: makes the DLLs that packages carry.

use crate::Context;
use crate::failure::Outcome;
use crate::prebuilt;

/// Make the DLLs of custom actions that cargo msi puts into packages
#[derive(Debug, clap::Args)]
pub struct CustomActions {
    /// Compare with what is there, and write nothing
    #[arg(long)]
    check: bool,
}

impl CustomActions {
    pub fn run(&self, context: &Context) -> Outcome {
        if !self.check {
            prebuilt::refresh(&context.repo)?;
        }
        let again = prebuilt::check(&context.repo)?;
        context.reporter.say(match again.len() {
            0 => "the DLLs fit their sources; another compiler made them, so none was made again".to_owned(),
            _ => format!("the DLLs fit their sources; made again with the same bytes: {}", again.join(", ")),
        });
        Ok(())
    }
}
