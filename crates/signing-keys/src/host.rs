//! What the machine offers: environment, clock, waiting. Tests give one of their own, so that they can run side by side.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The surroundings in which keys and credentials are looked for.
#[derive(Clone)]
pub struct Host {
    variables: Option<BTreeMap<String, String>>,
    sleep: fn(Duration),
    interactive: bool,
}

impl Host {
    /// This process's environment and the system's clock; asks on the terminal where there is one.
    pub fn system() -> Self {
        Self { variables: None, sleep: std::thread::sleep, interactive: true }
    }

    /// Only these variables, no terminal, and no time lost in waiting: for tests.
    pub fn fixed(variables: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { variables: Some(variables), sleep: |_| {}, interactive: false }
    }

    /// A variable's value; an empty one counts as not set.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        match &self.variables {
            Some(variables) => variables.get(name).cloned(),
            None => std::env::var(name).ok(),
        }
        .filter(|value| !value.is_empty())
    }

    /// The first of these that is set.
    pub(crate) fn first_of(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.variable(name))
    }

    /// The user's own folder.
    pub(crate) fn home(&self) -> Option<PathBuf> {
        self.first_of(&["HOME", "USERPROFILE"]).map(PathBuf::from)
    }

    /// Whether a person can be asked.
    pub(crate) fn is_interactive(&self) -> bool {
        self.interactive && std::io::IsTerminal::is_terminal(&std::io::stdin())
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
    }

    pub(crate) fn sleep(&self, time: Duration) {
        (self.sleep)(time);
    }
}

impl std::fmt::Debug for Host {
    /// The variables may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").finish_non_exhaustive()
    }
}
