//! What stations say of transactions, in one form for all versions.

use chrono::{DateTime, Utc};
use ocpp_types::v21::{ChargingState, Reason, TriggerReason};
use ocpp_types::{CiString, Decimal, Text, Timestamp, TimestampDefect};
use serde::{Deserialize, Serialize};

use super::TransactionId;
use super::reading::Reading;

/// A message about a transaction. Made from the messages of each version with `From`.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Message {
    /// StartTransaction (1.6).
    Start(Fact),
    /// StopTransaction (1.6), with the number it names.
    Stop(i64, Fact),
    /// MeterValues (1.6), with the number it names.
    Meter(Option<i64>, Fact),
    /// StatusNotification (1.6): tells in which state a transaction is.
    Status(Fact),
    /// TransactionEvent (2.x): its id, its sequence number.
    Event(TransactionId, i64, Fact),
}

/// One thing that was said of a transaction.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Fact {
    /// Where in the life of the transaction it belongs.
    pub kind: FactKind,
    /// When it happened, as the station says.
    pub time: DateTime<Utc>,
    /// What is doubtful about that time.
    pub doubt: Option<TimeDoubt>,
    /// Whether the station had no connection then (2.x).
    pub offline: bool,
    /// What made the station tell (2.x).
    pub trigger: Option<TriggerReason>,
    /// The state of charging from then on.
    pub state: Option<ChargingState>,
    /// Why the transaction ended.
    pub reason: Option<Reason>,
    /// The token that was used.
    pub token: Option<Token>,
    /// The EVSE (2.x).
    pub evse: Option<i64>,
    /// The connector: of the station in 1.6, of the EVSE in 2.x.
    pub connector: Option<i64>,
    /// The register of imported energy in Wh that 1.6 has beside the readings.
    pub register_wh: Option<Decimal>,
    /// The reservation it uses up.
    pub reservation_id: Option<i64>,
    /// The remote start that led to it (2.x).
    pub remote_start_id: Option<i64>,
    /// The readings.
    pub readings: Vec<Reading>,
    /// How many readings were no numbers that can be held.
    pub unreadable: u32,
    /// Whether a reading of `Frequency` came without a unit (fault row D12).
    pub assumed_unit: bool,
}

/// Where in the life of a transaction something belongs.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub enum FactKind {
    /// It is its start.
    Start,
    /// It is in between.
    Update,
    /// It is its end.
    Stop,
}

/// What is doubtful about a time.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub enum TimeDoubt {
    /// It had no offset and was read as UTC.
    NoOffset,
    /// It is before 2010: the clock of the station was not set.
    UnsetClock,
    /// It is more than a day ahead (fault row D9).
    Future,
}

/// A token, with the kind that 2.x names.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Token {
    /// Its value; letter case makes no difference.
    pub id: CiString<255>,
    /// Its kind in 2.x: `ISO14443`, `eMAID`, …
    pub kind: Option<Text<20>>,
}

impl Token {
    /// This one; its kind, if it has one, in the words of 2.x.
    pub fn new(id: impl AsRef<str>, kind: Option<&str>) -> Self {
        Self { id: CiString::new(id), kind: kind.map(Text::new) }
    }
}

impl Fact {
    pub(super) fn new(kind: FactKind, time: &Timestamp) -> Self {
        let no_offset = time.defect() == Some(TimestampDefect::MissingOffset);
        Self {
            kind,
            time: time.utc(),
            doubt: no_offset.then_some(TimeDoubt::NoOffset),
            offline: false,
            trigger: None,
            state: None,
            reason: None,
            token: None,
            evse: None,
            connector: None,
            register_wh: None,
            reservation_id: None,
            remote_start_id: None,
            readings: Vec::new(),
            unreadable: 0,
            assumed_unit: false,
        }
    }

    /// Whether it tells of the end of the charging, if not of the transaction.
    pub(super) fn is_of_end(&self) -> bool {
        let has_stopped = |trigger: &TriggerReason| trigger.as_str() == "StopAuthorized";
        self.kind == FactKind::Stop || self.trigger.as_ref().is_some_and(has_stopped)
    }

    /// Takes a reading in, or counts it.
    pub(super) fn read(&mut self, sample: Option<super::reading::Sample<'_>>) {
        let frequency = sample.as_ref().is_some_and(|sample| sample.measurand == "Frequency" && sample.unit.is_none());
        self.assumed_unit |= frequency;
        match sample.and_then(super::reading::Sample::into_reading) {
            Some(reading) => self.readings.push(reading),
            None => self.unreadable = self.unreadable.saturating_add(1),
        }
    }
}
