//! `chargewire tariff verify`: what a record claims, against what it should say.

use std::io::{self, BufWriter, Write};

use tariff::{Check, Outcome as Comparison, Part, RoundingMode, Side};

use super::{BillView, Refused, Session, told, write_diagnostics, write_json};
use crate::Outcome;
use crate::failure::Failure;
use crate::printable::Printable;

/// Compare what a record claims to cost with what it should cost, and with itself.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    session: Session,
    /// Write one JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let loaded = match arguments.session.load()? {
        Ok(loaded) => loaded,
        Err(refused) => return refused.report(arguments.json),
    };
    let tariffs: Vec<_> = loaded.tariffs.iter().map(|document| document.tariff.clone()).collect();
    let result = match tariff::verify(&loaded.record, &tariffs, &arguments.session.terms.policy) {
        Ok(result) => result,
        Err(error) => return Refused { name: None, diagnostics: error.diagnostics }.report(arguments.json),
    };
    if arguments.json {
        write_json(&serde_json::json!({
            "good": result.is_good(),
            "checks": result.checks,
            "explained_by": result.explained_by,
            "findings": told(&result.findings),
            "bill": BillView::from(&result.bill),
        }))?;
    } else {
        let currency = result.bill.totals.currency;
        let mut out = BufWriter::new(io::stdout().lock());
        for check in &result.checks {
            writeln!(out, "{}", line(check, currency.code()))?;
        }
        if result.checks.is_empty() {
            writeln!(out, "the record claims no amounts")?;
        }
        for reading in &result.explained_by {
            writeln!(out, "the claimed total follows from {}", Printable(&reading.to_string()))?;
        }
        out.flush()?;
        write_diagnostics(&result.findings)?;
    }
    Ok(if result.is_good() { Outcome::Good } else { Outcome::Findings })
}

/// `total before tax: 5.025 EUR claimed, 5.125 EUR computed: different`.
fn line(check: &Check, currency: &str) -> String {
    let part = match check.part {
        Part::Total => "total",
        Part::Fixed => "fixed fees",
        Part::Energy => "energy",
        Part::Time => "charging time",
        Part::ParkingTime => "parking time",
        Part::Reservation => "reservation",
        _ => "other costs",
    };
    let side = match check.side {
        Side::ExclTax => "before tax",
        Side::InclTax => "after tax",
    };
    let computed = check.computed.map_or_else(|| "not known".to_owned(), |amount| format!("{amount} {currency}"));
    let outcome = match check.outcome {
        Comparison::Equal => "equal",
        Comparison::RoundedAs(RoundingMode::Down) => "equal if rounded down",
        Comparison::RoundedAs(RoundingMode::Up) => "equal if rounded up",
        Comparison::RoundedAs(RoundingMode::HalfEven) => "equal if rounded half to even",
        Comparison::RoundedAs(_) => "equal if rounded half up",
        Comparison::WithinRounding => "within rounding",
        Comparison::Unknown => "cannot be compared",
        _ => "different",
    };
    format!("{part} {side}: {} {currency} claimed, {computed} computed: {outcome}", check.claimed)
}
