//! Why a command could not do its work.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use ocpp_types::Version;

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The arguments contradict each other.
    #[error("--salvage is a repair; give --policy repair as well")]
    SalvageWithoutRepair,
    /// The version has no such action.
    #[error("OCPP {version} has no action {name} that is answered")]
    UnknownAction { version: Version, name: String },
    /// The version has no such message.
    #[error("OCPP {version} has no message {name}; see chargewire schema --list")]
    UnknownMessage { version: Version, name: String },
    /// The input cannot be read.
    #[error("cannot read {}: {source}", path.as_ref().map_or("standard input".into(), |path| path.display().to_string()))]
    Read { path: Option<PathBuf>, source: io::Error },
    /// The output cannot be written.
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
}

impl Failure {
    /// Says it on standard error; a reader that went away is told nothing.
    pub(crate) fn report(&self) -> ExitCode {
        if !matches!(self, Self::Write(error) if error.kind() == io::ErrorKind::BrokenPipe) {
            eprintln!("chargewire: {self}");
        }
        match self {
            Self::SalvageWithoutRepair | Self::UnknownAction { .. } | Self::UnknownMessage { .. } => ExitCode::from(2),
            Self::Read { .. } | Self::Write(_) => ExitCode::from(3),
        }
    }
}
