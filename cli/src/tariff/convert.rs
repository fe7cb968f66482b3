//! `chargewire tariff convert`: a tariff in the form of another protocol or version.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use ocpi_types::{DateTime, Party};
use serde_json::value::RawValue;
use tariff::convert::{ConversionError, Converted, Loss, TariffHead, to_ocpi211, to_ocpi221, to_ocpi230, to_ocpp21};
use tariff::source::{Format, TariffDocument};

use super::{Refused, Terms, write_diagnostics, write_json};
use crate::Outcome;
use crate::failure::Failure;
use crate::printable::Printable;

/// Write a tariff in the form of another protocol or version, with a list of what is lost.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    terms: Terms,
    /// The form wanted.
    #[arg(long, value_name = "ocpp2.1|ocpi2.1.1|ocpi2.2.1|ocpi2.3.0|own")]
    to: Format,
    /// Country and party that own the tariff, which OCPI 2.2.1 and later write down: `NL-TNM`.
    #[arg(long, value_name = "COUNTRY-PARTY", value_parser = crate::convert::party)]
    owner: Option<Party>,
    /// Refuse a conversion that loses anything.
    #[arg(long)]
    strict: bool,
    /// Write one JSON document with the converted tariff and the losses.
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
    let converted = converted(arguments, &document)?;
    let (text, losses, notes) = match converted {
        Ok(converted) if arguments.strict && !converted.losses.is_empty() => (None, converted.losses, converted.notes),
        Ok(Converted { tariff, losses, notes }) => (Some(tariff), losses, notes),
        Err(error) => (None, error.losses, Vec::new()),
    };
    let located = |losses: Vec<Loss>| -> Vec<Loss> {
        losses.into_iter().map(|loss| Loss { pointer: document.locate(&loss.pointer), ..loss }).collect()
    };
    let (losses, notes) = (located(losses), located(notes));
    if arguments.json {
        let raw = text.as_deref().map(serde_json::from_str::<&RawValue>).transpose().map_err(io::Error::from)?;
        write_json(&serde_json::json!({ "document": raw, "losses": losses, "notes": notes }))?;
    } else {
        if let Some(text) = &text {
            writeln!(io::stdout().lock(), "{text}")?;
        }
        let mut err = BufWriter::new(io::stderr().lock());
        if text.is_none() {
            writeln!(err, "chargewire: the other form cannot say it")?;
        }
        for (kind, losses) in [("lost", &losses), ("note", &notes)] {
            for loss in losses {
                writeln!(err, "{kind}: {}", Printable(&loss.to_string()))?;
            }
        }
        err.flush()?;
        write_diagnostics(&document.diagnostics)?;
    }
    Ok(if text.is_some() { Outcome::Good } else { Outcome::Findings })
}

/// The text of the tariff in the other form.
fn converted(
    arguments: &Arguments,
    document: &TariffDocument,
) -> Result<Result<Converted<String>, ConversionError>, Failure> {
    let (tariff, policy) = (&document.tariff, &arguments.terms.policy);
    let now = chrono::Utc::now();
    let head = || {
        let owner = arguments.owner.clone().ok_or(Failure::NoOwner)?;
        Ok::<_, Failure>(TariffHead {
            country_code: owner.country_code,
            party_id: owner.party_id,
            last_updated: DateTime::from(now),
        })
    };
    Ok(match arguments.to {
        Format::Ocpi211 => {
            to_ocpi211(tariff, DateTime::from(now), policy).map(|it| it.written(ocpi_types::encode_unchecked))
        }
        Format::Ocpi221 => to_ocpi221(tariff, &head()?, policy).map(|it| it.written(ocpi_types::encode_unchecked)),
        Format::Ocpi230 => to_ocpi230(tariff, &head()?, policy).map(|it| it.written(ocpi_types::encode_unchecked)),
        Format::Ocpp21 => {
            let made = to_ocpp21(tariff, policy);
            match made {
                Ok(Converted { tariff, losses, notes }) => {
                    let tariff = serde_json::to_string(&tariff).map_err(io::Error::from)?;
                    Ok(Converted { tariff, losses, notes })
                }
                Err(error) => Err(error),
            }
        }
        _ => {
            let tariff = serde_json::to_string(tariff).map_err(io::Error::from)?;
            Ok(Converted { tariff, losses: Vec::new(), notes: Vec::new() })
        }
    })
}

trait Written {
    type Tariff;

    fn written(self, write: impl FnOnce(&Self::Tariff) -> String) -> Converted<String>;
}

impl<T> Written for Converted<T> {
    type Tariff = T;

    fn written(self, write: impl FnOnce(&T) -> String) -> Converted<String> {
        Converted { tariff: write(&self.tariff), losses: self.losses, notes: self.notes }
    }
}
