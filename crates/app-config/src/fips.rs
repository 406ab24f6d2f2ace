//! The FIPS question in its three states.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// What the configuration says about the machine's FIPS policy. It is about the agent's process only: the machine
/// stays in FIPS mode in all three, so none of them is ever called "FIPS mode on" or "off".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum FipsPolicy {
    /// No `enforceFIPSPolicy` node: the process follows the machine.
    #[default]
    Inherit,
    /// `enabled="false"`: the process is exempt, so that MD5 works on a machine in FIPS mode.
    Exempt,
    /// `enabled="true"`: the process follows the machine, stated explicitly.
    Enforce,
}

impl FipsPolicy {
    /// All three, in the order in which they are listed to people.
    pub const ALL: [FipsPolicy; 3] = [FipsPolicy::Inherit, FipsPolicy::Exempt, FipsPolicy::Enforce];

    /// The name in properties, flags and `dist.toml`.
    pub fn name(self) -> &'static str {
        match self {
            FipsPolicy::Inherit => "inherit",
            FipsPolicy::Exempt => "exempt",
            FipsPolicy::Enforce => "enforce",
        }
    }
}

impl fmt::Display for FipsPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for FipsPolicy {
    type Err = Error;

    /// The policy of that name, ignoring case.
    fn from_str(text: &str) -> Result<Self, Error> {
        let found = FipsPolicy::ALL.into_iter().find(|policy| policy.name().eq_ignore_ascii_case(text));
        found.ok_or_else(|| Error::UnknownFips { value: text.to_owned() })
    }
}
