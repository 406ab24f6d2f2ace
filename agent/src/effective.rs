//! The configuration as the agent uses it: every value read and judged, or the reason why not.

use std::io;
use std::path::{Path, PathBuf};

use app_config::{Cloud, Config, Error, FipsPolicy, Proxy, TraceLevel};

use crate::exit::Code;

/// A configuration that the agent can work with.
#[derive(Clone, Debug)]
pub struct Effective {
    pub cloud: &'static Cloud,
    pub fips: FipsPolicy,
    pub proxy: Option<Proxy>,
    pub trace: TraceLevel,
    /// The file that the trace goes to.
    pub trace_file: PathBuf,
    /// Nodes that have no effect where they stand, in words.
    pub suspicions: Vec<String>,
    /// The file's bytes, to notice that it changed.
    pub bytes: Vec<u8>,
}

/// Why the agent cannot work: a code for scripts, a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    pub code: Code,
    pub message: String,
}

impl Failure {
    pub fn new(code: Code, message: impl Into<String>) -> Failure {
        Failure { code, message: message.into() }
    }
}

/// The trace log's name where the configuration names none.
pub const TRACE_FILE: &str = "provisioning-agent.log";

/// The folder of trace logs under the data folder.
pub const TRACE_FOLDER: &str = "Trace";

/// Reads a configuration file, naming it in every failure.
pub fn load_config(path: &Path) -> Result<Config, Failure> {
    Config::load(path).map_err(|error| {
        let (code, message) = match &error {
            Error::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => (
                Code::ConfigurationMissing,
                format!(
                    "the configuration {} is missing; repair the installation to restore it",
                    path.display()
                ),
            ),
            Error::Io { .. } => (Code::ConfigurationUnreadable, error.to_string()),
            _ => (Code::ConfigurationInvalid, format!("{}: {error}", path.display())),
        };
        Failure { code, message }
    })
}

/// Reads everything that the agent needs from `path`. `data_dir` is where logs go that the configuration puts nowhere
/// else.
pub fn load(path: &Path, data_dir: &Path) -> Result<Effective, Failure> {
    let config = load_config(path)?;
    let fail = |code| move |error: Error| Failure::new(code, format!("{}: {error}", path.display()));
    Ok(Effective {
        cloud: config.environment().map_err(fail(Code::CloudUnknown))?,
        fips: config.fips().map_err(fail(Code::FipsInvalid))?,
        proxy: config.proxy().map_err(fail(Code::ProxyInvalid))?,
        trace: config.trace_level().map_err(fail(Code::TraceInvalid))?,
        trace_file: trace_file(config.trace_file(), data_dir),
        suspicions: config.suspicions().iter().map(ToString::to_string).collect(),
        bytes: config.to_bytes(),
    })
}

/// An absolute path is the administrator's decision; a plain name lies in the trace folder. A relative path with folders
/// in it would lead to a place that nobody expects, so the default name is used instead.
pub fn trace_file(configured: Option<&str>, data_dir: &Path) -> PathBuf {
    let folder = data_dir.join(TRACE_FOLDER);
    match configured.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) if Path::new(name).is_absolute() => PathBuf::from(name),
        Some(name) if !name.contains(['/', '\\', ':']) && name != "." && name != ".." => folder.join(name),
        _ => folder.join(TRACE_FILE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trace_goes_where_it_is_expected() {
        let data = Path::new("/data");
        for (configured, expected) in [
            (None, "/data/Trace/provisioning-agent.log"),
            (Some(" "), "/data/Trace/provisioning-agent.log"),
            (Some("mine.log"), "/data/Trace/mine.log"),
            (Some("../mine.log"), "/data/Trace/provisioning-agent.log"),
            (Some(".."), "/data/Trace/provisioning-agent.log"),
            (Some("a\\b.log"), "/data/Trace/provisioning-agent.log"),
            (Some("mine.log:stream"), "/data/Trace/provisioning-agent.log"),
        ] {
            assert_eq!(trace_file(configured, data), Path::new(expected), "{configured:?}");
        }
        let absolute = if cfg!(windows) { "D:\\logs\\a.log" } else { "/logs/a.log" };
        assert_eq!(trace_file(Some(absolute), data), Path::new(absolute));
    }
}
