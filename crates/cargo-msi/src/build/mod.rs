//! `cargo msi build`: compiles WiX sources into an installer.

use crate::report::{self, Failure};
use clap::ValueEnum;
use diagnostics::{Diagnostics, SourceMap};
use msi_bind::{Arch, BindPath, BuildRequest, DiskWorld};
use std::path::PathBuf;
use std::process::ExitCode;

/// Compiles WiX sources into an .msi.
#[derive(clap::Args)]
pub struct Args {
    /// WiX sources (.wxs) that are compiled and linked together
    #[arg(value_name = "SOURCE", required = true)]
    sources: Vec<PathBuf>,

    /// Architecture of the package
    #[arg(long, value_enum, default_value_t = ArchName::X86)]
    arch: ArchName,

    /// Defines a preprocessor variable, `$(var.NAME)`
    #[arg(short = 'd', long = "define", value_name = "NAME=VALUE", value_parser = pair)]
    defines: Vec<(String, String)>,

    /// Sets a WiX variable, `!(wix.NAME)`
    #[arg(short = 'D', long = "wixvar", value_name = "NAME=VALUE", value_parser = pair)]
    wix_variables: Vec<(String, String)>,

    /// Searches a folder for `<?include?>` files
    #[arg(short = 'I', long = "include", value_name = "DIR")]
    include_dirs: Vec<PathBuf>,

    /// Searches a folder for the package's files; `name=DIR` answers `!(bindpath.name)`
    #[arg(short = 'b', long = "bindpath", value_name = "[NAME=]DIR", value_parser = bind_path)]
    bind_paths: Vec<BindPath>,

    /// Names an extension whose fragments are referred to; the namespaces of a source name the others
    #[arg(long = "ext", value_name = "NAME")]
    extensions: Vec<String>,

    /// Builds the tables of elements whose custom actions this compiler does not have; the package can be examined, but
    /// not installed
    #[arg(long)]
    allow_missing_actions: bool,

    /// Adds a localization file (.wxl)
    #[arg(long = "loc", value_name = "FILE")]
    localizations: Vec<PathBuf>,

    /// Cultures in order of preference, such as `de-de;en-us`
    #[arg(long, value_name = "CULTURES", value_delimiter = ';')]
    culture: Vec<String>,

    /// Where the package goes: a file, or a folder with a slash at its end
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Threads that compress; the package's bytes do not depend on it [default: all processors]
    #[arg(short, long, value_name = "N")]
    jobs: Option<usize>,

    /// How findings are written
    #[arg(long, value_enum, default_value_t = report::Format::Human, value_name = "FORMAT")]
    message_format: report::Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum ArchName {
    X86,
    X64,
    Arm64,
}

/// Builds and reports; the exit code says whether a package was written.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let request = BuildRequest {
        sources: args.sources.clone(),
        include_dirs: args.include_dirs.clone(),
        bind_paths: args.bind_paths.clone(),
        localizations: args.localizations.clone(),
        cultures: args.culture.clone(),
        timestamp: timestamp()?,
        threads: args.jobs.unwrap_or_else(processors),
        arch: args.arch.into(),
        extensions: args.extensions.clone(),
        allow_missing_actions: args.allow_missing_actions,
        output: output(args)?,
        defines: args.defines.iter().cloned().collect(),
        wix_variables: args.wix_variables.iter().cloned().collect(),
        ..BuildRequest::default()
    };

    let mut sources = SourceMap::new();
    let mut diagnostics = Diagnostics::new();
    let built = msi_bind::build(&request, &DiskWorld, &mut sources, &mut diagnostics);
    report::diagnostics(&diagnostics, &sources, args.message_format);
    Ok(match built {
        Some(built) => {
            report::built(&built, args.message_format);
            ExitCode::SUCCESS
        }
        None => ExitCode::FAILURE,
    })
}

/// As light does: the first source's name with `.msi`, in the current folder.
fn output(args: &Args) -> Result<PathBuf, Failure> {
    let first = &args.sources[0];
    if args.sources.iter().any(|source| source.extension().is_some_and(|end| end == "wixlib")) {
        return Err(Failure::new("a .wixlib can't be linked: it is a private format of one WiX release")
            .hint("pass the .wxs sources it was made from"));
    }
    let name = first
        .file_stem()
        .ok_or_else(|| Failure::new(format!("'{}' names no source file", first.display())))?;
    let name = PathBuf::from(name).with_extension("msi");
    Ok(match &args.output {
        Some(path) if path.as_os_str().to_string_lossy().ends_with(['/', '\\']) || path.is_dir() => {
            path.join(name)
        }
        Some(path) => path.clone(),
        None => name,
    })
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

/// `NAME=VALUE`; a bare `NAME` is defined as empty, as candle's `-d` does.
fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    if name.is_empty() {
        return Err("the name before '=' is missing".into());
    }
    Ok((name.into(), value.into()))
}

fn bind_path(text: &str) -> Result<BindPath, String> {
    Ok(match text.split_once('=') {
        Some((name, folder)) if !name.is_empty() => {
            BindPath { name: Some(name.into()), folder: folder.into() }
        }
        _ => BindPath { name: None, folder: text.into() },
    })
}

impl From<ArchName> for Arch {
    fn from(name: ArchName) -> Arch {
        match name {
            ArchName::X86 => Arch::X86,
            ArchName::X64 => Arch::X64,
            ArchName::Arm64 => Arch::Arm64,
        }
    }
}
