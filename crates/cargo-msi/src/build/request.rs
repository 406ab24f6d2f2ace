//! From flags to what the compiler is asked.

use super::args::{ArchName, Args};
use super::sources::{Chosen, host_path, is_source};
use crate::report::Failure;
use msi_bind::{BuildRequest, WarningPolicy};
use std::path::{Path, PathBuf};

/// The request for sources that were named.
pub fn of_sources(args: &Args, chosen: &Chosen) -> Result<BuildRequest, Failure> {
    let mut request = common(args)?;
    let mut switches = super::switches::candle(&args.cargo.compiler_args)?;
    switches.add(super::switches::light(&args.cargo.linker_args)?);
    request.sources.clone_from(&chosen.files);
    request.arch = args.arch.or(switches.arch).unwrap_or(ArchName::X86).into();
    switches.apply(&mut request);
    // As light does: the first source's name with `.msi`, in the current folder.
    let name = PathBuf::from(chosen.files[0].file_stem().unwrap_or_default()).with_extension("msi");
    request.output = match &args.output {
        Some(path) => file_or_folder(path, name),
        None => name,
    };
    Ok(request)
}

/// What flags say alike for sources and cargo packages. Sources, architecture and output are the caller's.
pub fn common(args: &Args) -> Result<BuildRequest, Failure> {
    let (sources, include_dirs): (Vec<PathBuf>, Vec<PathBuf>) = args
        .includes
        .iter()
        .map(|path| host_path(&path.to_string_lossy()))
        .partition(|path| is_source(path) && path.is_file());
    Ok(BuildRequest {
        sources,
        include_dirs,
        bind_paths: args.bind_paths.clone(),
        localizations: args
            .localizations
            .iter()
            .map(|path| super::sources::existing(path))
            .collect::<Result<_, _>>()?,
        cultures: args.culture.clone(),
        multilingual: args.multilingual,
        timestamp: timestamp()?,
        threads: args.jobs.unwrap_or_else(processors),
        extensions: args.extensions.clone(),
        allow_missing_actions: args.allow_missing_actions,
        defines: args.defines.iter().cloned().collect(),
        wix_variables: args.wix_variables.iter().cloned().collect(),
        pedantic: args.pedantic,
        warnings: WarningPolicy {
            suppress_all: args.suppressed.iter().any(|id| id.eq_ignore_ascii_case("all")),
            suppress: args.suppressed.clone(),
            as_errors: args.warnings_are_errors,
        },
        ..BuildRequest::default()
    })
}

/// A path that is a folder, or ends like one, takes the usual name.
pub fn file_or_folder(path: &Path, name: PathBuf) -> PathBuf {
    let text = path.to_string_lossy();
    let host = host_path(&text);
    if text.ends_with(['/', '\\']) || host.is_dir() { host.join(name) } else { host }
}

/// `SOURCE_DATE_EPOCH` where it is set; else the present, as the reader of a summary information expects.
fn timestamp() -> Result<i64, Failure> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text.parse().map_err(|_| {
            Failure::new(format!("SOURCE_DATE_EPOCH is '{text}', which is not a number of seconds")).hint(
                "unset it, or set it to the seconds since 1970, such as `git log -1 --format=%ct` prints",
            )
        }),
        Err(_) => Ok(std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))),
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
