//! What was used: a record as plain data, and its checked form that prices without failing.

mod check;
mod hours;
mod zone;

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub(crate) use self::check::{
    CheckedFlow, CheckedPeriod, NO_TARIFF, THRESHOLD_SCALE, energy_threshold, hours, scaled, units_of_a_kwh,
};
pub use self::check::{Usage, UsageError, UsedPeriod};
pub(crate) use self::hours::{HOUR, SECOND};
pub use self::zone::{LocalTime, Segment, ZoneError};
use crate::currency::Currency;
use crate::literal;
use crate::tariff::TariffKind;
use crate::tariff::condition::EvseKind;

/// What was used, as plain data: the one form that CDRs, sessions and transactions of every protocol are brought into.
///
/// All fields are public and serialise. [`Usage::new`] checks a record and makes it ready for pricing. A record can be
/// filled again and again without new memory ([`clear`](Self::clear), [`Usage::refill`]).
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Record {
    /// Whether somebody recorded the periods or the engine measured them (R17).
    pub kind: RecordKind,
    /// When the session started, reservation included.
    pub start: DateTime<Utc>,
    /// When it ended; the last period ends here (R5).
    pub end: DateTime<Utc>,
    /// The currency of the record; none: that of the tariff (R12).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Local time at the charging location (R18).
    pub zone: LocalTime,
    /// The tariffs that periods name (R9).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tariff_ids: Vec<String>,
    /// The periods, each until the next starts.
    pub periods: Vec<Period>,
    /// The energy the record claims as its total, in kWh (R8).
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub total_energy: Option<Decimal>,
    /// The time the record claims as its total, charging and parking together, in hours (R8).
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub total_time: Option<Decimal>,
    /// The parking time the record claims as its total, in hours (R8).
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub total_parking_time: Option<Decimal>,
    /// The type of tariff that fits the session (R10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preference: Option<TariffKind>,
    /// What became of the reservation; none: used if anything was (R39).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation: Option<ReservationOutcome>,
    /// What became of the booking; none: not known (R40).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booking: Option<BookingOutcome>,
    /// Whether the record takes an earlier one back (R50).
    pub credit: bool,
    /// What fixed fees and conditions may depend on (R62, R83).
    pub facts: Facts,
}

impl Record {
    /// A record of a session without periods.
    #[must_use]
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        Self { start, end, ..Self::default() }
    }

    /// Empties the record but keeps its memory, for the next one.
    pub fn clear(&mut self) {
        let mut tariff_ids = core::mem::take(&mut self.tariff_ids);
        let mut periods = core::mem::take(&mut self.periods);
        tariff_ids.clear();
        periods.clear();
        *self = Self { tariff_ids, periods, ..Self::default() };
    }
}

/// Who divided the usage into periods (R17).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// Somebody else, who had to start a period whenever a price changes (a CDR).
    #[default]
    Recorded,
    /// Nobody: a running session, a forecast or a simulation, to be divided by the engine.
    Measured,
}

/// A part of a session, until the next one starts.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Period {
    /// When it starts.
    pub start: DateTime<Utc>,
    /// Its tariff, an index into [`Record::tariff_ids`]; none: it names none (R9).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tariff: Option<u16>,
    /// Energy in kWh, negative when fed back; none: not stated (R41).
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub energy: Option<Decimal>,
    /// Charging time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Span>,
    /// Parking or idle time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parking_time: Option<Span>,
    /// Reserved time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation_time: Option<Span>,
    /// Time over the end of a booking (R40).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overtime: Option<Span>,
    /// Current and power, where stated (R25).
    #[serde(skip_serializing_if = "Flow::is_empty")]
    pub flow: Flow,
}

impl Period {
    /// A period that states nothing yet.
    #[must_use]
    pub fn new(start: DateTime<Utc>) -> Self {
        Self { start, ..Self::default() }
    }
}

/// A length of time, as senders state it or as the engine measured it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Hours with the digits the sender wrote; known to half a unit of the last one (R7).
    Hours(#[serde(with = "literal::decimal")] Decimal),
    /// Exact nanoseconds.
    Nanos(i64),
}

impl Span {
    /// Exact seconds.
    #[must_use]
    pub const fn seconds(seconds: u32) -> Self {
        Self::Nanos(seconds as i64 * 1_000_000_000)
    }
}

/// Current and power during a period, as far as they are known (R25).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Flow {
    /// The smallest current, in A.
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub min_current: Option<Decimal>,
    /// The average current, in A.
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub current: Option<Decimal>,
    /// The greatest current, in A.
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub max_current: Option<Decimal>,
    /// The smallest power, in kW.
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub min_power: Option<Decimal>,
    /// The average power, in kW.
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub power: Option<Decimal>,
    /// The greatest power, in kW.
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub max_power: Option<Decimal>,
}

impl Flow {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { min_current, current, max_current, min_power, power, max_power } = self;
        [min_current, current, max_current, min_power, power, max_power].iter().all(|value| value.is_none())
    }
}

/// What became of a reservation (R39).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReservationOutcome {
    /// The driver came.
    Used,
    /// The driver did not come in time.
    Expired,
}

/// What became of a booking (R40).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingOutcome {
    /// The driver came; overtime is priced if there is any.
    Fulfilled,
    /// The driver did not come.
    NotUsed,
    /// The driver cancelled when it was too late to do so for free.
    CancelledLate,
}

/// What fixed fees and conditions may depend on besides the usage (R62, R83).
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    /// Whether the EVSE gives alternating or direct current.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse_kind: Option<EvseKind>,
    /// The brand of the card paid with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_brand: Option<String>,
    /// What the means of payment was recognised as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_recognition: Option<String>,
}
