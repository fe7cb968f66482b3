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
        let end = session.meter_stop_wh.map_or(start, kilowatt_hours);
        let (mut register, mut state, mut has_charged) = (start, None, false);
        let last = Point { at: stopped, register: Some(end), state: None };
        for point in session.course.iter().map(Point::of).chain([last]) {
            let shown = point.register.map_or(register, |shown| shown.max(register));
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
