//! `cargo msi build`: compiles WiX sources, or a whole cargo package, into an installer.

mod args;
mod binary;
mod metadata;
mod project;
mod redirect;
mod request;
mod sources;
mod switches;
mod target;
mod version;
mod wixproj;

pub use args::Args;

use crate::progress::Progress;
use crate::report::{self, Failure};
use diagnostics::{Diagnostics, SourceMap};
use msi_bind::BuildRequest;
use redirect::ProjectWorld;
use std::process::ExitCode;

/// Builds and reports; the exit code says whether a package was written.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let chosen = sources::choose(args)?;
    let plan = if chosen.files.is_empty() {
        project::plan(args, &chosen)?
    } else {
        args.refuse_cargo_options()?;
        Plan { request: request::of_sources(args, &chosen)?, world: ProjectWorld::plain() }
    };
    if chosen.print { print(args, &plan) } else { build(args, &plan) }
}

/// What is built, and the disk that it is built from.
struct Plan {
    request: BuildRequest,
    world: ProjectWorld,
}

fn build(args: &Args, plan: &Plan) -> Result<ExitCode, Failure> {
    let mut sources = SourceMap::new();
    let mut diagnostics = Diagnostics::new();
    let progress = Progress::start(format!("Building {}", plan.request.output.display()));
    let built = msi_bind::build(&plan.request, &plan.world, &mut sources, &mut diagnostics);
    progress.end();
    report::diagnostics(&diagnostics, &sources, args.message_format, args.max_errors);
    let missing = diagnostics.iter().filter(|found| found.code == msi_bind::codes::FILE_NOT_FOUND);
    if let Some(folder) = plan.world.binaries_named(missing.map(|found| &*found.message)) {
        report::note(&format!(
            "the package's binaries are looked for in '{}': without --no-build they are built, --target-bin-dir says where else they are",
            folder.display()
        ));
    }
    for (from, to) in plan.world.redirected() {
        report::note(&format!("'{}' was taken from '{}'", from.display(), to.display()));
    }
    Ok(match built {
        Some(built) => {
            report::built(&built, args.message_format);
            ExitCode::SUCCESS
        }
        None => ExitCode::FAILURE,
    })
}

/// Shows what the preprocessor makes of the sources.
fn print(args: &Args, plan: &Plan) -> Result<ExitCode, Failure> {
    let mut sources = SourceMap::new();
    let mut diagnostics = Diagnostics::new();
    let documents = msi_bind::preprocess(&plan.request, &plan.world, &mut sources, &mut diagnostics);
    for text in documents {
        report::page(&text);
    }
    report::diagnostics(&diagnostics, &sources, args.message_format, args.max_errors);
    Ok(if diagnostics.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
