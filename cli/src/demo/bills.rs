//! What the sessions of the afternoon cost: an itemised bill in words and a CDR for each.

use std::io::Write;

use ocpi_types::v221::CdrLocation;
use ocpp_server::ledger::SessionRecord;
use tariff::source::{Context, RecordDocument};
use tariff::{Language, Policy, verify};

use crate::billing::Billing;
use crate::brief::brief;
use crate::failure::Failure;
use crate::transcript::cut;

/// The tariff of all three stations.
const TARIFF: &str = include_str!("../../samples/tariff-city-2.2.1.json");

/// Where they stand.
const ZONE: chrono_tz::Tz = chrono_tz::Europe::Amsterdam;

/// How much of a CDR is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Cdrs {
    /// A line in few words.
    Brief,
    /// The document.
    Whole,
}

/// Columns of a line.
const WIDTH: usize = 110;

/// Writes the bills and the CDRs, and makes sure that each CDR says what its bill says.
pub(super) fn write(out: &mut impl Write, records: &[SessionRecord], cdrs: Cdrs) -> Result<(), Failure> {
    let wrong = |station: &str, why: String| Failure::Demo(format!("the session at {station} cannot be billed: {why}"));
    let billing = Billing::new(TARIFF, ZONE).map_err(|error| Failure::Demo(error.to_string()))?;
    writeln!(out, "\nThe tariff:\n")?;
    for tariff in billing.tariffs() {
        tariff.explain(Language::En).lines().try_for_each(|sentence| writeln!(out, "  {sentence}"))?;
    }
    writeln!(out, "\nThe bills, and the CDRs for the drivers' providers:")?;
    for record in records {
        let station = record.station.as_str();
        let place = place(station).map_err(|why| wrong(station, why))?;
        let billed = billing.bill(record, place).map_err(|error| wrong(station, error.to_string()))?;
        writeln!(out, "\n{station}, {}", record.started.format("%Y-%m-%d %H:%M"))?;
        let words = billed.bill.explain_with(billing.tariffs(), Language::En);
        words.lines().try_for_each(|sentence| writeln!(out, "  {sentence}"))?;
        let cdr = ocpi_types::encode(&billed.cdr).map_err(|error| wrong(station, error.to_string()))?;
        match cdrs {
            Cdrs::Brief => writeln!(out, "{}", cut(format!("  CDR: {}", brief(&cdr, record.started)), WIDTH))?,
            Cdrs::Whole => writeln!(out, "  {cdr}")?,
        }

        let policy = Policy::default();
        let read = RecordDocument::read(&cdr, None, &Context::in_zone(ZONE), &policy);
        let read = read.map_err(|error| wrong(station, error.to_string()))?;
        let verification =
            verify(&read, billing.tariffs(), &policy).map_err(|error| wrong(station, error.to_string()))?;
        if !verification.is_good() || verification.checks.is_empty() {
            return Err(wrong(station, format!("its CDR says otherwise: {:?}", verification.checks)));
        }
    }
    Ok(())
}

/// The place of a station.
fn place(station: &str) -> Result<CdrLocation, String> {
    let text = serde_json::json!({
        "id": station, "address": "Kade 1", "city": "Utrecht", "postal_code": "3511AA", "country": "NLD",
        "coordinates": { "latitude": "52.09070", "longitude": "5.12140" },
        "evse_uid": format!("{station}-1"), "evse_id": format!("NL*CWX*E{}", station.to_uppercase()), "connector_id": "1",
        "connector_standard": "IEC_62196_T2", "connector_format": "SOCKET", "connector_power_type": "AC_3_PHASE",
    });
    ocpi_types::decode(&text.to_string()).map_err(|error| error.to_string())
}
