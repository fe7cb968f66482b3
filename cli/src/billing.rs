//! From a session of the ledger to a bill and a CDR: where the crates meet.

use chrono::{DateTime, Utc};
use ocpi_types::v221;
use ocpp_server::ledger::SessionRecord;
use ocpp_types::v21;
use rust_decimal::Decimal;
use tariff::output::{CdrHead221, OutputError, Priced};
use tariff::source::{DocumentError, TariffDocument};
use tariff::{
    Activity, Bill, ChargingState, Compiled, LocalTime, Meter, MeterError, MeterReading, Policy, Record, Refusal,
    Usage, UsageError,
};

/// Who bills, and by which tariff.
pub(crate) struct Billing {
    tariff: v221::Tariff,
    compiled: Compiled,
    zone: chrono_tz::Tz,
    policy: Policy,
}

/// A session with what it costs.
pub(crate) struct Billed {
    pub(crate) bill: Bill,
    pub(crate) cdr: v221::Cdr,
}

/// Why a session cannot be billed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BillingError {
    #[error("{0}")]
    Tariff(#[from] DocumentError),
    #[error("{0}")]
    TariffObject(#[from] ocpi_types::DecodeError),
    #[error("it has no meter reading at the start")]
    NoStart,
    #[error("it is not over")]
    NotOver,
    #[error("{0}")]
    Meter(#[from] MeterError),
    #[error("{0}")]
    Usage(#[from] UsageError),
    #[error("{0}")]
    Refused(#[from] Refusal),
    #[error("{0}")]
    Output(#[from] OutputError),
}

impl Billing {
    /// Bills by a tariff of OCPI 2.2.1.
    pub(crate) fn new(tariff: &str, zone: chrono_tz::Tz) -> Result<Self, BillingError> {
        let policy = Policy::default();
        let compiled = TariffDocument::read(tariff, None, &policy)?.compile(&policy)?;
        Ok(Self { tariff: ocpi_types::decode(tariff)?, compiled, zone, policy })
    }

    /// The tariffs that bills are made by.
    pub(crate) fn tariffs(&self) -> &[tariff::Tariff] {
        self.compiled.tariffs()
    }

    /// Bills a session that is over.
    pub(crate) fn bill(&self, session: &SessionRecord, place: v221::CdrLocation) -> Result<Billed, BillingError> {
        let usage = Usage::new(&self.record(session)?, &self.policy)?;
        let bill = self.compiled.price(&usage, &self.policy)?;
        let id = format!("{}-{}", session.station.as_str(), session.started.format("%Y%m%dT%H%M%S"));
        let token = session.start_token.as_ref().map_or("", |token| token.id.as_str());
        let (country_code, party_id) = (self.tariff.country_code.clone(), self.tariff.party_id.clone());
        let head = CdrHead221 {
            country_code: country_code.clone(),
            party_id: party_id.clone(),
            id: id.as_str().into(),
            session_id: Some(shortened(&session.transaction_id.to_string()).into()),
            cdr_token: v221::CdrToken::new(country_code, party_id, token, v221::TokenType::Rfid, token),
            auth_method: v221::AuthMethod::Whitelist,
            cdr_location: place,
            tariffs: vec![self.tariff.clone()],
            last_updated: session.stopped.unwrap_or(session.started).into(),
        };
        let cdr = head.cdr(&Priced::new(&usage, &bill, &self.compiled, &self.policy))?;
        Ok(Billed { bill, cdr })
    }

    /// What was used, cut where a price changes.
    fn record(&self, session: &SessionRecord) -> Result<Record, BillingError> {
        let stopped = session.stopped.ok_or(BillingError::NotOver)?;
        let start = session.meter_start_wh.map(kilowatt_hours).ok_or(BillingError::NoStart)?;
        let facts = Record {
            zone: LocalTime::of(self.zone, session.started, stopped),
            ..Record::new(session.started, session.started)
        };
        let mut meter = Meter::start(&self.compiled, &self.policy, &facts, start)?;
        let end = session.meter_stop_wh.map_or(start, kilowatt_hours).max(start);
        let (mut register, mut state, mut has_charged) = (start, None, false);
        let last = Point { at: stopped, register: Some(end), state: None };
        for point in session.course.iter().map(Point::of).chain([last]) {
            // a register that jumps cannot bill more than it shows at the end
            let shown = point.register.map_or(register, |shown| shown.clamp(register, end));
            // a stretch in which energy flowed was charging, whatever was reported
            let since = match state {
                Some(state) if shown == register => self.policy.ocpp.activity(state, has_charged),
                None if shown == register => Activity::Idle,
                _ => Activity::Charging,
            };
            has_charged |= since == Activity::Charging;
            let at = point.at.clamp(session.started, stopped);
            meter.read(&MeterReading { since, ..MeterReading::charging(at, shown) })?;
            register = shown;
            state = point.state.or(state);
        }
        Ok(Record { end: stopped, ..meter.record() })
    }
}

/// A moment of a session, in the words of the tariff engine.
struct Point {
    at: DateTime<Utc>,
    register: Option<Decimal>,
    state: Option<ChargingState>,
}

impl Point {
    fn of(point: &ocpp_server::ledger::Point) -> Self {
        let state = point.state.as_ref().and_then(|state| match state {
            v21::ChargingState::Charging => Some(ChargingState::Charging),
            v21::ChargingState::EvConnected => Some(ChargingState::EvConnected),
            v21::ChargingState::SuspendedEv => Some(ChargingState::SuspendedEv),
            v21::ChargingState::SuspendedEvse => Some(ChargingState::SuspendedEvse),
            v21::ChargingState::Idle => Some(ChargingState::Idle),
            _ => None,
        });
        Self { at: point.time, register: point.register_wh.map(kilowatt_hours), state }
    }
}

fn kilowatt_hours(watt_hours: ocpp_types::Decimal) -> Decimal {
    let watt_hours: Decimal = watt_hours.into();
    watt_hours / Decimal::ONE_THOUSAND
}

/// A session id as OCPI has it: 36 characters.
fn shortened(id: &str) -> String {
    id.chars().take(36).collect()
}

#[cfg(test)]
mod tests {
    use ocpp_server::StationId;
    use ocpp_server::ledger::{Ledger, TransactionIds};
    use ocpp_types::{Timestamp, v16};

    use super::*;

    const TARIFF: &str = include_str!("../samples/tariff-city-2.2.1.json");

    fn at(minute: u32) -> Timestamp {
        format!("2026-03-01T10:{minute:02}:00Z").parse().expect("a time")
    }

    /// A session from 10:00 to 10:50 with registers in Wh: at its start, on the way at given minutes, at its end.
    fn session(start: i64, readings: &[(u32, &str)], stop: i64) -> SessionRecord {
        let mut ledger = Ledger::new(TransactionIds::new([7; 32]));
        let station = StationId::new("CP1").expect("an identity");
        let now = "2026-03-01T11:00:00Z".parse().expect("a time");
        let begun = ledger.record(&station, now, &v16::StartTransactionRequest::new(1, "04A1B2", start, at(0)));
        let id = begun.transaction.expect("it is open");
        let number = id.number().expect("a number");
        for (minute, register) in readings {
            let value = v16::MeterValue::new(at(*minute), vec![v16::SampledValue::new(*register)]);
            let mut request = v16::MeterValuesRequest::new(1, vec![value]);
            request.transaction_id = Some(number);
            let _ = ledger.record(&station, now, &request);
        }
        let _ = ledger.record(&station, now, &v16::StopTransactionRequest::new(stop, at(50), number));
        ledger.settle(&station, &id).expect("a session")
    }

    fn cdr(session: &SessionRecord) -> v221::Cdr {
        let place = serde_json::json!({
            "id": "CP1", "address": "Kade 1", "city": "Utrecht", "country": "NLD",
            "coordinates": { "latitude": "52.09070", "longitude": "5.12140" },
            "evse_uid": "1", "evse_id": "NL*CWX*E1", "connector_id": "1",
            "connector_standard": "IEC_62196_T2", "connector_format": "SOCKET", "connector_power_type": "AC_3_PHASE",
        });
        let place = ocpi_types::decode(&place.to_string()).expect("a place");
        Billing::new(TARIFF, chrono_tz::Europe::Amsterdam).expect("a tariff").bill(session, place).expect("a bill").cdr
    }

    /// Whatever the readings on the way say, what is billed is the difference of the registers at the ends.
    #[test]
    fn the_energy_billed_is_the_energy_of_the_record() {
        for (start, readings, stop) in [
            (1000, &[(10, "4000"), (30, "9000")][..], 12_000),
            // a register that jumps up once, or back once, or is wrong from the start on
            (1000, &[(10, "4000"), (20, "900000"), (30, "9000")], 12_000),
            (1000, &[(10, "4000"), (20, "0"), (30, "9000")], 12_000),
            (1000, &[(10, "50000")], 12_000),
            // the end is below the start: nothing can be billed
            (12_000, &[(10, "13000"), (30, "14000")], 1000),
            (12_000, &[], 12_000),
        ] {
            let session = session(start, readings, stop);
            let energy = Decimal::from(session.energy_wh) / Decimal::ONE_THOUSAND;
            assert_eq!(energy, Decimal::new((stop - start).max(0), 3));
            let billed: Decimal = cdr(&session).total_energy.to_string().parse().expect("a number");
            assert_eq!(billed, energy, "{readings:?}");
        }
    }
}
