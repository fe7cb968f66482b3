//! Why a command could not do its work.

use std::io;
use std::net::SocketAddr;
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
    /// There is nothing to price by.
    #[error("{} carries no tariff; give one with --tariff", path.display())]
    NoTariff { path: PathBuf },
    /// The form wanted names the owner of the tariff.
    #[error("OCPI 2.2.1 and later say who owns a tariff; give --owner, such as NL-TNM")]
    NoOwner,
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    WriteFile { path: PathBuf, source: io::Error },
    /// The input cannot be read.
    #[error("cannot read {}: {source}", name_of(path.as_ref()))]
    Read { path: Option<PathBuf>, source: io::Error },
    /// The input is too long to be held.
    #[error("cannot read {}: more than {max} bytes, which is the most for one document", name_of(path.as_ref()))]
    TooLarge { path: Option<PathBuf>, max: u64 },
    /// The control interface commands all stations, so that only this machine may reach it.
    #[error("--control {0}: only loopback addresses, such as 127.0.0.1")]
    ControlNotLoopback(SocketAddr),
    /// The file with the stations is none.
    #[error("cannot use {}: {why}", path.display())]
    StationsFile { path: PathBuf, why: String },
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    /// The capture cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Capture { path: PathBuf, source: io::Error },
    /// The store of a station cannot be used.
    #[error("cannot use the store {}: {why}", path.display())]
    Store { path: PathBuf, why: String },
    /// The identity of a station is none.
    #[error("--id {identity}: {why}")]
    Identity { identity: String, why: String },
    /// A station cannot go on.
    #[error("station cannot go on: {0}")]
    Station(String),
    /// The afternoon of the demo did not go as it is told.
    #[error("the demo went wrong: {0}")]
    Demo(String),
    /// A certificate or key cannot be used.
    #[error("cannot use TLS: {0}")]
    Tls(String),
    /// The operating system gives no random bytes.
    #[error("no random numbers: {0}")]
    NoRandomness(io::Error),
    /// No threads or timers.
    #[error("cannot start: {0}")]
    Runtime(io::Error),
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
            | Self::ControlNotLoopback(_)
            | Self::Identity { .. }
            | Self::NoTariff { .. }
            | Self::NoOwner
            | Self::NoWay { .. } => ExitCode::from(2),
            Self::Read { .. }
            | Self::WriteFile { .. }
            | Self::TooLarge { .. }
            | Self::StationsFile { .. }
            | Self::Store { .. }
            | Self::Station(_)
            | Self::Demo(_)
            | Self::Tls(_)
            | Self::Listen { .. }
            | Self::Capture { .. }
            | Self::NoRandomness(_)
            | Self::Runtime(_)
            | Self::NotACapture { .. }
            | Self::Write(_) => ExitCode::from(3),
        }
    }
}

/// What an input is called.
fn name_of(path: Option<&PathBuf>) -> String {
    path.map_or("standard input".into(), |path| path.display().to_string())
}
