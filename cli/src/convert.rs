//! `chargewire convert`: a document in the words of another version.

mod known;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use ocpi_types::{ConversionError, Converted, Entry, Finding, Loss, Version, convert_text};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::Outcome;
use crate::failure::Failure;
use crate::ocpi::{self, Remark};
use crate::printable::Printable;

use known::Known;
pub(crate) use known::party;

/// Convert an OCPI document to another version.
///
/// The converted document is written to standard output, and what was lost or assumed on the way to standard error. What
/// the other version cannot say, or demands and nobody tells, is refused.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Version of the document, and the version wanted.
    #[arg(long, value_names = ["FROM", "TO"], num_args = 2, required = true, action = clap::ArgAction::Set)]
    ocpi: Vec<Version>,
    /// Name of the object, such as `Location`; letter case makes no difference.
    #[arg(long, value_name = "NAME")]
    object: String,
    /// Write one JSON document with the converted document and the losses.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    known: Known,
    /// File with the document; standard input if it is `-` or not given.
    file: Option<PathBuf>,
}

/// The output of `--json`.
#[derive(Serialize)]
struct Report<'a> {
    /// Nothing if it was refused.
    document: Option<&'a RawValue>,
    losses: &'a [Loss],
    #[serde(flatten)]
    refusal: Option<&'a Refusal>,
}

/// Why there is no converted document.
#[derive(Serialize)]
struct Refusal {
    #[serde(rename = "refusal")]
    reason: &'static str,
    findings: Vec<Remark>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let [from, to] = arguments.ocpi[..] else { unreachable!("there are two versions") };
    let source = ocpi::object(from, &arguments.object)?;
    ocpi::object(to, &arguments.object)?;
    let context = arguments.known.context()?;
    let bytes = ocpi::read(arguments.file.as_deref())?;
    let converted = match str::from_utf8(&bytes) {
        Ok(text) => match convert_text(from, to, source.shape.name, text, &context) {
            Ok(converted) => Ok(converted),
            Err(ConversionError::UnknownObject) => {
                return Err(Failure::NoWay { from, to, name: source.shape.name.to_owned() });
            }
            Err(error) => Err(Refusal::of(error, source, text)),
        },
        Err(error) => Err(Refusal { reason: UNREADABLE, findings: vec![ocpi::not_utf_8(&error)] }),
    };
    if arguments.json {
        write_json(&converted)?;
    } else {
        write_text(&converted)?;
    }
    Ok(if converted.is_ok() { Outcome::Good } else { Outcome::Findings })
}

const UNREADABLE: &str = "the document cannot be read";

impl Refusal {
    fn of(error: ConversionError, source: &Entry, text: &str) -> Self {
        let remarks = |findings: Vec<Finding>| findings.into_iter().map(Remark::from).collect();
        match error {
            ConversionError::Missing { pointer } => {
                let mut message = "needed, and the document does not tell it".to_owned();
                if let Some(option) = known::option_for(&pointer) {
                    message.push_str("; see ");
                    message.push_str(option);
                }
                let findings = vec![Remark::without_rule(pointer, message)];
                Self { reason: "the other version demands more", findings }
            }
            ConversionError::NoCounterpart { pointer, reason } => {
                let findings = vec![Remark::without_rule(pointer, reason.into_owned())];
                Self { reason: "the other version cannot say it", findings }
            }
            ConversionError::Invalid { findings } => {
                Self { reason: "the result would be invalid", findings: remarks(findings) }
            }
            ConversionError::Result(error) if (source.canonical)(text).is_err() => {
                Self { reason: UNREADABLE, findings: remarks(error.findings) }
            }
            ConversionError::Result(error) => {
                Self { reason: "the result cannot be read", findings: remarks(error.findings) }
            }
            other => {
                let findings = vec![Remark::without_rule(String::new(), other.to_string())];
                Self { reason: "the document cannot be converted", findings }
            }
        }
    }
}

fn write_json(converted: &Result<Converted<String>, Refusal>) -> Result<(), Failure> {
    let report = match converted {
        Ok(Converted { value, losses }) => {
            let document = serde_json::from_str(value).map_err(io::Error::from)?;
            Report { document: Some(document), losses, refusal: None }
        }
        Err(refusal) => Report { document: None, losses: &[], refusal: Some(refusal) },
    };
    let mut out = BufWriter::new(io::stdout().lock());
    serde_json::to_writer(&mut out, &report).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

fn write_text(converted: &Result<Converted<String>, Refusal>) -> Result<(), Failure> {
    let mut err = BufWriter::new(io::stderr().lock());
    match converted {
        Ok(Converted { value, losses }) => {
            writeln!(io::stdout().lock(), "{value}")?;
            for loss in losses {
                writeln!(err, "{}", Printable(&loss.to_string()))?;
            }
        }
        Err(Refusal { reason, findings }) => {
            writeln!(err, "chargewire: {reason}")?;
            for finding in findings {
                writeln!(err, "{}", Printable(&finding.to_string()))?;
            }
        }
    }
    Ok(err.flush()?)
}
