//! Checks of one OCPI document.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use ocpi_types::{MAX_FINDINGS, Severity, Version};

use crate::Outcome;
use crate::failure::Failure;
use crate::ocpi::{self, Remark};
use crate::printable::Printable;

/// Says what is wrong or remarkable about a document, one line per finding.
pub(crate) fn check(version: Version, object: &str, file: Option<&Path>, json: bool) -> Result<Outcome, Failure> {
    let object = ocpi::object(version, object)?;
    let bytes = ocpi::read(file)?;
    let remarks: Vec<Remark> = match str::from_utf8(&bytes) {
        Ok(text) => (object.inspect)(text).into_iter().map(Remark::from).collect(),
        Err(error) => vec![ocpi::not_utf_8(&error)],
    };
    let mut out = BufWriter::new(io::stdout().lock());
    for remark in &remarks {
        if json {
            serde_json::to_writer(&mut out, remark).map_err(io::Error::from)?;
            writeln!(out)?;
        } else {
            writeln!(out, "{}", Printable(&remark.to_string()))?;
        }
    }
    out.flush()?;
    // an error may be among those that are not kept
    let is_full = remarks.len() >= MAX_FINDINGS;
    if is_full {
        eprintln!("chargewire: the list ends after {MAX_FINDINGS} findings; there may be more");
    }
    let is_bad = is_full || remarks.iter().any(|remark| remark.severity == Severity::Error);
    Ok(if is_bad { Outcome::Findings } else { Outcome::Good })
}
