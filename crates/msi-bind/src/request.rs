//! What a build takes and what it gives back.

use diagnostics::{Diagnostics, Severity};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Stands for every culture that there are localization files for.
pub(crate) const ALL_CULTURES: &str = "all";

/// The platform a package is for (candle's `-arch`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Arch {
    X86,
    #[default]
    X64,
    Arm64,
}

/// A folder that source files are searched in; a named one answers `!(bindpath.NAME)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BindPath {
    pub name: Option<String>,
    pub folder: PathBuf,
}

/// Everything a build depends on. Two equal requests over equal files give equal bytes.
#[derive(Debug, Clone)]
pub struct BuildRequest {
    /// The `.wxs` files that are linked together.
    pub sources: Vec<PathBuf>,
    /// Folders that `<?include?>` searches after the including file's own.
    pub include_dirs: Vec<PathBuf>,
    /// Preprocessor variables: `$(var.NAME)`.
    pub defines: BTreeMap<String, String>,
    /// Folders that relative source files are searched in, in order.
    pub bind_paths: Vec<BindPath>,
    /// The `.wxl` files.
    pub localizations: Vec<PathBuf>,
    /// Cultures in order of preference; empty takes the neutral or first file.
    pub cultures: Vec<String>,
    /// Makes one package that speaks every language of `cultures`: the first is the package's own, each other is an embedded
    /// transform. A culture `all` stands for all that there are localization files for, and means this by itself.
    pub multilingual: bool,
    /// WiX variables from outside: `!(wix.NAME)`.
    pub wix_variables: BTreeMap<String, String>,
    pub arch: Arch,
    /// Extensions by the names that candle's `-ext` takes. Those whose namespaces the sources declare need not be named.
    pub extensions: Vec<String>,
    /// Builds the tables of elements whose custom actions this compiler does not have, with placeholders for the actions, and
    /// lets any file stand in for an assembly or a merge module.
    pub allow_missing_actions: bool,
    /// Gives the errors of candle's `-pedantic` too.
    pub pedantic: bool,
    pub warnings: WarningPolicy,
    /// The package to write.
    pub output: PathBuf,
    /// Seconds since 1970 (UTC) that date the summary information.
    pub timestamp: i64,
    /// Threads that compress cabinets; the bytes do not depend on it.
    pub threads: usize,
    /// A folder that keeps compressed cabinets by content, so that packages with equal cabinets compress them once.
    pub cabinet_cache: Option<PathBuf>,
    /// Text of the summary information's "creating application".
    pub creating_application: String,
}

/// What becomes of warnings.
#[derive(Debug, Clone, Default)]
pub struct WarningPolicy {
    /// Codes of warnings that are left out, in any case.
    pub suppress: Vec<String>,
    pub suppress_all: bool,
    /// Those that are left are errors.
    pub as_errors: bool,
}

/// A package that was written, and what its maker wants to know of it.
#[derive(Debug, Clone)]
pub struct Built {
    pub path: PathBuf,
    pub product_name: String,
    pub manufacturer: String,
    pub version: String,
    /// `{…}`, upper case.
    pub product_code: String,
    /// `{…}`, upper case.
    pub package_code: String,
    /// `{…}`, upper case.
    pub upgrade_code: Option<String>,
    /// Rows of the File table in their sequence.
    pub files: Vec<BuiltFile>,
    /// External cabinets and uncompressed files written beside the package.
    pub beside: Vec<PathBuf>,
}

/// One file of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltFile {
    /// Primary key in the File table; the name inside the cabinet.
    pub id: String,
    /// Long name on the target.
    pub name: String,
    /// Where its bytes came from.
    pub source: PathBuf,
    pub size: u64,
    pub version: Option<String>,
}

impl BuildRequest {
    /// Whether the package speaks several languages.
    pub fn is_multilingual(&self) -> bool {
        self.multilingual || self.cultures.iter().any(|culture| culture.eq_ignore_ascii_case(ALL_CULTURES))
    }
}

impl WarningPolicy {
    /// Drops and raises the warnings found so far.
    pub(crate) fn apply(&self, diagnostics: &mut Diagnostics) {
        diagnostics.revise(|diagnostic| {
            if diagnostic.severity != Severity::Warning {
                return true;
            }
            let code = diagnostic.code.0;
            if self.suppress_all || self.suppress.iter().any(|id| id.eq_ignore_ascii_case(code)) {
                return false;
            }
            if self.as_errors {
                diagnostic.severity = Severity::Error;
            }
            true
        });
    }
}

impl Arch {
    /// The spelling of `$(sys.BUILDARCH)` and of `-arch`.
    pub fn name(self) -> &'static str {
        match self {
            Arch::X86 => "x86",
            Arch::X64 => "x64",
            Arch::Arm64 => "arm64",
        }
    }

    /// Whether components are 64-bit unless they say otherwise.
    pub fn is_64_bit(self) -> bool {
        self != Arch::X86
    }
}

impl Default for BuildRequest {
    fn default() -> BuildRequest {
        BuildRequest {
            sources: Vec::new(),
            include_dirs: Vec::new(),
            defines: BTreeMap::new(),
            bind_paths: Vec::new(),
            localizations: Vec::new(),
            cultures: Vec::new(),
            multilingual: false,
            wix_variables: BTreeMap::new(),
            arch: Arch::default(),
            extensions: Vec::new(),
            allow_missing_actions: false,
            pedantic: false,
            warnings: WarningPolicy::default(),
            output: PathBuf::new(),
            timestamp: 0,
            threads: 1,
            cabinet_cache: None,
            creating_application: concat!("cargo-msi ", env!("CARGO_PKG_VERSION")).into(),
        }
    }
}
