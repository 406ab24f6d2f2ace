//! How much the agent writes to its trace log.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// The levels of a .NET `SourceSwitch`, from silent to everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum TraceLevel {
    Off,
    Critical,
    Error,
    Warning,
    /// What a configuration without the switch means.
    #[default]
    Information,
    Verbose,
}

impl TraceLevel {
    /// All levels, the quietest first.
    pub const ALL: [TraceLevel; 6] = [
        TraceLevel::Off,
        TraceLevel::Critical,
        TraceLevel::Error,
        TraceLevel::Warning,
        TraceLevel::Information,
        TraceLevel::Verbose,
    ];

    /// The name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            TraceLevel::Off => "Off",
            TraceLevel::Critical => "Critical",
            TraceLevel::Error => "Error",
            TraceLevel::Warning => "Warning",
            TraceLevel::Information => "Information",
            TraceLevel::Verbose => "Verbose",
        }
    }
}

impl fmt::Display for TraceLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for TraceLevel {
    type Err = Error;

    /// The level of that name, ignoring case; also what .NET takes for it: `All`, `Info`, and the numbers 0 to 4 of a
    /// `TraceSwitch`.
    fn from_str(text: &str) -> Result<Self, Error> {
        if let Some(level) = TraceLevel::ALL.into_iter().find(|level| level.name().eq_ignore_ascii_case(text))
        {
            return Ok(level);
        }
        match text.to_ascii_lowercase().as_str() {
            "0" => Ok(TraceLevel::Off),
            "1" => Ok(TraceLevel::Error),
            "2" => Ok(TraceLevel::Warning),
            "3" | "info" => Ok(TraceLevel::Information),
            "4" | "all" | "activitytracing" => Ok(TraceLevel::Verbose),
            _ => Err(Error::UnknownTrace { value: text.to_owned() }),
        }
    }
}
