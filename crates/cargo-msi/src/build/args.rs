//! The flags of `cargo msi build`.

use crate::report::{Failure, Format};
use clap::ValueEnum;
use msi_bind::{Arch, BindPath};
use std::path::PathBuf;

/// Builds an .msi from WiX sources, or from the cargo package at hand.
///
/// Without sources it does what `cargo wix` does on Windows, on any host: it builds the package's binary for Windows, then compiles
/// the .wxs files of its folder `wix` with the same variables, `[package.metadata.wix]` and output name,
/// `target/wix/NAME-VERSION-ARCH.msi`. With sources it does what WiX's candle and light do together.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Args {
    /// WiX sources (.wxs) that are compiled and linked together; those of the cargo package where none is named
    #[arg(value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,

    /// `-p NAME` builds this package of a workspace; a bare `-p` prints the preprocessed sources instead of a package, like `candle -p`
    #[arg(short = 'p', value_name = "NAME", num_args = 0..=1, default_missing_value = "")]
    pub package_or_print: Option<String>,

    /// Prints the sources as the preprocessor leaves them, and builds nothing
    #[arg(long)]
    pub preprocess: bool,

    /// Architecture of the package [default: x86 for sources; that of the target for a cargo package]
    #[arg(long, value_enum)]
    pub arch: Option<ArchName>,

    /// Defines a preprocessor variable, `$(var.NAME)`
    #[arg(short = 'd', long = "define", value_name = "NAME[=VALUE]", value_parser = pair)]
    pub defines: Vec<(String, String)>,

    /// Sets a WiX variable, `!(wix.NAME)`
    #[arg(short = 'D', long = "wixvar", value_name = "NAME=VALUE", value_parser = pair)]
    pub wix_variables: Vec<(String, String)>,

    /// Searches a folder for `<?include?>` files; a .wxs file is compiled with the package's own
    #[arg(short = 'I', long = "include", value_name = "DIR|FILE")]
    pub includes: Vec<PathBuf>,

    /// Searches a folder for the package's files; `name=DIR` answers `!(bindpath.name)`
    #[arg(short = 'b', long = "bindpath", value_name = "[NAME=]DIR", value_parser = bind_path)]
    pub bind_paths: Vec<BindPath>,

    /// Names an extension whose fragments are referred to; the namespaces of a source name the others
    #[arg(long = "ext", value_name = "NAME")]
    pub extensions: Vec<String>,

    /// Builds the tables of elements whose custom actions this compiler does not have, and takes any file for an assembly or a merge module; the package can be examined, but not installed
    #[arg(long)]
    pub allow_missing_actions: bool,

    /// Adds a localization file (.wxl)
    #[arg(short = 'l', long = "loc", visible_alias = "locale", value_name = "FILE")]
    pub localizations: Vec<PathBuf>,

    /// Cultures in order of preference, such as `de-de;en-us`; `all` makes one package that speaks every language there are
    /// localization files for
    #[arg(short, long, value_name = "CULTURES", value_delimiter = ';')]
    pub culture: Vec<String>,

    /// One package that speaks all the cultures that are named: the first itself, each other as a transform in it
    #[arg(long)]
    pub multilingual: bool,

    /// Where the package goes: a file, or a folder with a slash at its end
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Threads that compress; the package's bytes do not depend on it [default: all processors]
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<usize>,

    /// Leaves out warnings with this code, such as `BND0002`, or `all`
    #[arg(long = "sw", value_name = "ID", help_heading = "Findings")]
    pub suppressed: Vec<String>,

    /// Warnings are errors
    #[arg(long = "wx", help_heading = "Findings")]
    pub warnings_are_errors: bool,

    /// Also finds what WiX finds only when it is pedantic
    #[arg(long, help_heading = "Findings")]
    pub pedantic: bool,

    /// Shows so many errors at most; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 100, help_heading = "Findings")]
    pub max_errors: usize,

    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT", help_heading = "Findings")]
    pub message_format: Format,

    #[command(flatten)]
    pub cargo: CargoArgs,
}

/// Flags that say which cargo package is built, and how.
#[derive(clap::Args)]
#[command(next_help_heading = "Cargo packages")]
pub struct CargoArgs {
    /// The package of a workspace
    #[arg(long, value_name = "NAME")]
    pub package: Option<String>,

    /// The package's Cargo.toml
    #[arg(long, value_name = "FILE")]
    pub manifest_path: Option<PathBuf>,

    /// Target of the binary [default: x86_64-pc-windows-gnu; on Windows the toolchain's own]
    #[arg(short, long, value_name = "TRIPLE")]
    pub target: Option<String>,

    /// Profile of the binary [default: release]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,

    /// Builds the binary with the profile `dev`
    #[arg(long, visible_alias = "dbg-build")]
    pub debug_build: bool,

    /// Ends the package's name with `-debug`
    #[arg(long, visible_alias = "dbg-name")]
    pub debug_name: bool,

    /// Features of the binary
    #[arg(short = 'F', long, value_name = "NAMES")]
    pub features: Vec<String>,

    /// All features of the binary
    #[arg(long)]
    pub all_features: bool,

    /// None of the default features
    #[arg(long)]
    pub no_default_features: bool,

    /// Takes the binary that is there
    #[arg(long)]
    pub no_build: bool,

    /// Where the binaries are, `$(var.CargoTargetBinDir)`
    #[arg(long, value_name = "DIR")]
    pub target_bin_dir: Option<PathBuf>,

    /// Cargo.lock stays as it is
    #[arg(long)]
    pub locked: bool,

    /// Cargo stays off the network
    #[arg(long)]
    pub offline: bool,

    /// Name in the file name of the package [default: the cargo package's]
    #[arg(short, long, value_name = "NAME")]
    pub name: Option<String>,

    /// Version of the installed product [default: the cargo package's]
    #[arg(short, long, value_name = "VERSION")]
    pub install_version: Option<String>,

    /// A switch of candle, such as `-dNAME=VALUE`
    #[arg(short = 'C', long = "compiler-arg", value_name = "SWITCH", allow_hyphen_values = true)]
    pub compiler_args: Vec<String>,

    /// A switch of light, such as `-cultures:de-de`
    #[arg(short = 'L', long = "linker-arg", value_name = "SWITCH", allow_hyphen_values = true)]
    pub linker_args: Vec<String>,

    /// Accepted for `cargo wix`: nothing is hidden here
    #[arg(long, hide = true)]
    pub nocapture: bool,
}

const EXAMPLES: &str = "\
Examples:
  cargo msi build                                the package at hand: target/wix/NAME-VERSION-x86_64.msi
  cargo msi build -p app --features tls          one package of a workspace, with features
  cargo msi build --no-build --target-bin-dir bin   binaries from elsewhere
  cargo msi build main.wxs ui.wxs --arch x64 -d Version=1.2.0 -o app.msi
  cargo msi build main.wxs --loc de.wxl --culture 'de-de;en-us'
  cargo msi build main.wxs --loc en.wxl --loc de.wxl --culture all
  cargo msi build -p main.wxs                    the source as the preprocessor leaves it

Exit codes:
  0  the package was written
  1  a source, the cargo package or a file is wrong; nothing was written
  2  the command line is wrong
  3  nothing here compiles for Windows; the message holds the command that changes that";

impl Args {
    /// Flags of cargo packages next to sources would be passed over; saying so is better.
    pub fn refuse_cargo_options(&self) -> Result<(), Failure> {
        let cargo = &self.cargo;
        let given = [
            ("--package", cargo.package.is_some()),
            ("--manifest-path", cargo.manifest_path.is_some()),
            ("--target", cargo.target.is_some()),
            ("--profile", cargo.profile.is_some()),
            ("--debug-build", cargo.debug_build),
            ("--debug-name", cargo.debug_name),
            ("--features", !cargo.features.is_empty()),
            ("--all-features", cargo.all_features),
            ("--no-default-features", cargo.no_default_features),
            ("--target-bin-dir", cargo.target_bin_dir.is_some()),
            ("--name", cargo.name.is_some()),
            ("--install-version", cargo.install_version.is_some()),
        ];
        match given.iter().find(|(_, given)| *given) {
            Some((flag, _)) => {
                Err(Failure::new(format!("{flag} is for cargo packages, but sources are named"))
                    .hint("leave the sources out to build the package of Cargo.toml")
                    .exit(2))
            }
            None => Ok(()),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ArchName {
    X86,
    X64,
    Arm64,
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

/// `NAME=VALUE`; a bare `NAME` is defined as empty, as candle's `-d` does.
pub fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    if name.is_empty() {
        return Err("the name before '=' is missing".into());
    }
    Ok((name.into(), value.into()))
}

/// `[NAME=]DIR`.
pub fn bind_path(text: &str) -> Result<BindPath, String> {
    Ok(match text.split_once('=') {
        Some((name, folder)) if !name.is_empty() => {
            BindPath { name: Some(name.into()), folder: super::sources::host_path(folder) }
        }
        _ => BindPath { name: None, folder: super::sources::host_path(text) },
    })
}
