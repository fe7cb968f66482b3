//! Why a command could not do its work.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use ocpp_types::Version;

use crate::ocpi;

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
    /// The version has no such object.
    #[error("OCPI {version} has no object {name}; {} {}", if near.is_empty() { "it has" } else { "it has for instance" }, ocpi::names_or_all(*version, near))]
    UnknownObject { version: ocpi_types::Version, name: String, near: Vec<&'static str> },
    /// The object cannot go from one version to the other, whatever it holds.
    #[error("{name} has no way from OCPI {from} to OCPI {to}")]
    NoWay { from: ocpi_types::Version, to: ocpi_types::Version, name: String },
    /// A file that was given beside the document does not hold what it should.
    #[error("{}: no {what} of OCPI {version}: {why}", path.display())]
    Unfit { path: PathBuf, what: &'static str, version: ocpi_types::Version, why: String },
    /// The input cannot be read.
    #[error("cannot read {}: {source}", name_of(path.as_ref()))]
    Read { path: Option<PathBuf>, source: io::Error },
    /// The input is too long to be held.
    #[error("cannot read {}: more than {max} bytes, which is the most for one document", name_of(path.as_ref()))]
    TooLarge { path: Option<PathBuf>, max: u64 },
    /// A line of a capture is none.
    #[error("line {line} is no line of a capture: {why}")]
    NotACapture { line: u64, why: String },
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
            Self::SalvageWithoutRepair
            | Self::UnknownAction { .. }
            | Self::UnknownMessage { .. }
            | Self::UnknownObject { .. }
            | Self::Unfit { .. }
            | Self::NoWay { .. } => ExitCode::from(2),
            Self::Read { .. } | Self::TooLarge { .. } | Self::NotACapture { .. } | Self::Write(_) => ExitCode::from(3),
        }
    }
}

/// What an input is called.
fn name_of(path: Option<&PathBuf>) -> String {
    path.map_or("standard input".into(), |path| path.display().to_string())
}
