//! The sessions of the afternoon, as a table.

use std::io::{self, Write};

use ocpp_server::ledger::SessionRecord;
use rust_decimal::Decimal;

/// Writes the sessions.
pub(super) fn write(out: &mut impl Write, records: &[SessionRecord]) -> io::Result<()> {
    writeln!(out, "\nThe sessions, as the CSMS has them:\n")?;
    writeln!(
        out,
        "{:9} {:10} {:16} {:5}  {:5} {:>10} {:>10} {:>12}  {:8} readings",
        "station", "token", "transaction", "from", "to", "start Wh", "stop Wh", "energy kWh", "status"
    )?;
    for record in records {
        let id = shortened(&record.transaction_id.to_string(), 16);
        let token = record.start_token.as_ref().map(|token| shortened(token.id.as_str(), 10)).unwrap_or_default();
        let stopped = record.stopped.map(|time| time.format("%H:%M").to_string()).unwrap_or_default();
        let register = |wh: Option<ocpp_types::Decimal>| wh.map(|wh| wh.to_string()).unwrap_or_default();
        writeln!(
            out,
            "{:9} {:10} {:16} {}  {:5} {:>10} {:>10} {:>12}  {:8} {}",
            record.station.as_str(),
            token,
            id,
            record.started.format("%H:%M"),
            stopped,
            register(record.meter_start_wh),
            register(record.meter_stop_wh),
            kilowatt_hours(record.energy_wh),
            format!("{:?}", record.status).to_lowercase(),
            record.readings.len(),
        )?;
        for anomaly in &record.anomalies {
            writeln!(out, "          ! {anomaly:?}")?;
        }
    }
    Ok(())
}

fn kilowatt_hours(wh: ocpp_types::Decimal) -> String {
    let wh: Decimal = wh.to_string().parse().unwrap_or_default();
    format!("{:.3}", tariff::Exact::from(wh / Decimal::ONE_THOUSAND))
}

fn shortened(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        Some(_) => text.chars().take(width - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}
