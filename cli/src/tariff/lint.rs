//! `chargewire tariff lint`: what is odd about a tariff.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use super::{Refused, Terms, name, told, write_json};
use crate::Outcome;
use crate::failure::Failure;
use crate::printable::Printable;

/// List what is odd about a tariff: prices that never apply, gaps, contradictions, traps.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    terms: Terms,
    /// Write one JSON document.
    #[arg(long)]
    json: bool,
    /// File with the tariff; standard input if it is `-` or not given.
    file: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let document = match arguments.terms.tariff(arguments.file.as_deref())? {
        Ok(document) => document,
        Err(error) => return Refused { name: None, diagnostics: error.diagnostics }.report(arguments.json),
    };
    let mut findings = document.diagnostics.clone();
    findings.extend(document.located(&document.tariff.lint()));
    if arguments.json {
        write_json(&serde_json::json!({ "id": document.tariff.id, "findings": told(&findings) }))?;
    } else {
        let mut out = BufWriter::new(io::stdout().lock());
        for finding in &findings {
            writeln!(out, "{}: {}", name(finding.severity), Printable(&finding.to_string()))?;
        }
        let plural = if findings.len() == 1 { "" } else { "s" };
        writeln!(out, "{} finding{plural}", findings.len())?;
        out.flush()?;
    }
    Ok(if findings.is_empty() { Outcome::Good } else { Outcome::Findings })
}
