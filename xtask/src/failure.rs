//! Why a task ends without success, and the exit code that says so.

use std::fmt::Display;

/// What goes wrong in a task, sorted by who has to act.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The work itself failed: a build, a check, a test.
    #[error("{0}")]
    Failed(String),
    /// Flags or `dist.toml` ask for something that does not exist.
    #[error("{0}")]
    Input(String),
    /// A program is missing; the text holds the command that installs it.
    #[error("{0}")]
    MissingTool(String),
}

/// For `?` in every task.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// A failure of the work, from anything that says what happened.
    pub fn failed(what: impl Display) -> Failure {
        Failure::Failed(what.to_string())
    }

    /// A fault in flags or manifest.
    pub fn input(what: impl Display) -> Failure {
        Failure::Input(what.to_string())
    }

    /// The process's exit code, as `--help` documents it.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Failed(_) => 1,
            Failure::Input(_) => 2,
            Failure::MissingTool(_) => 3,
        }
    }
}

/// Says what was being done when an error came up.
pub trait Context<T> {
    fn context(self, doing: impl Display) -> Outcome<T>;
}

impl<T, E: Display> Context<T> for Result<T, E> {
    fn context(self, doing: impl Display) -> Outcome<T> {
        self.map_err(|error| Failure::Failed(format!("{doing}: {error}")))
    }
}
