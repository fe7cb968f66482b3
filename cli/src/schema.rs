//! `chargewire schema`: the JSON Schemas derived from the types.

use std::io::{self, Write};

use ocpp_types::{Version, v16, v21, v201};
use serde::Serialize;

use crate::Outcome;
use crate::failure::Failure;
use crate::ocpi;

/// Print the JSON Schema of an OCPP message or an OCPI object.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Version of OCPP.
    #[arg(long, value_name = "1.6|2.0.1|2.1", required_unless_present_any = ["list", "ocpi"])]
    ocpp: Option<Version>,
    /// Version of OCPI.
    #[arg(long, value_name = "2.1.1|2.2.1|2.3.0", conflicts_with = "ocpp")]
    ocpi: Option<ocpi_types::Version>,
    /// List all messages and objects, each with its version.
    #[arg(long, conflicts_with = "name")]
    list: bool,
    /// Name of a message, such as `AuthorizeResponse`, where an action means its request, or of an object, such as
    /// `Location`; letter case makes no difference.
    #[arg(required_unless_present = "list")]
    name: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let mut out = io::stdout().lock();
    if let (Some(name), Some(version)) = (&arguments.name, arguments.ocpp) {
        let schema = named(version, name)
            .or_else(|| named(version, &format!("{name}Request")))
            .ok_or_else(|| Failure::UnknownMessage { version, name: name.clone() })?;
        writeln!(out, "{}", schema.map_err(io::Error::from)?)?;
        return Ok(Outcome::Good);
    }
    if let (Some(name), Some(version)) = (&arguments.name, arguments.ocpi) {
        let schema = (ocpi::object(version, name)?.schema)();
        writeln!(out, "{}", serde_json::to_string_pretty(&schema).map_err(io::Error::from)?)?;
        return Ok(Outcome::Good);
    }
    let both = arguments.ocpp.is_none() && arguments.ocpi.is_none();
    let is_asked_for = |version: &Version| both || arguments.ocpp == Some(*version);
    for version in Version::ALL.into_iter().filter(is_asked_for) {
        for name in names(version) {
            writeln!(out, "{version} {name}")?;
        }
    }
    let is_asked_for = |version: &ocpi_types::Version| both || arguments.ocpi == Some(*version);
    for version in ocpi_types::Version::ALL.into_iter().filter(is_asked_for) {
        for entry in ocpi_types::objects(version) {
            writeln!(out, "ocpi {version} {}", entry.shape.name)?;
        }
    }
    Ok(Outcome::Good)
}

fn named(version: Version, name: &str) -> Option<serde_json::Result<String>> {
    match version {
        Version::V16 => pick(v16::schemas(), name),
        Version::V201 => pick(v201::schemas(), name),
        _ => pick(v21::schemas(), name),
    }
}

/// Derives the schema of this name.
fn pick<S: Serialize>(
    mut schemas: impl Iterator<Item = (&'static str, fn() -> S)>,
    name: &str,
) -> Option<serde_json::Result<String>> {
    let (_, derive) = schemas.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some(serde_json::to_string_pretty(&derive()))
}

fn names(version: Version) -> Vec<&'static str> {
    match version {
        Version::V16 => v16::schemas().map(|(name, _)| name).collect(),
        Version::V201 => v201::schemas().map(|(name, _)| name).collect(),
        _ => v21::schemas().map(|(name, _)| name).collect(),
    }
}
