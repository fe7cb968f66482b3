//! What is odd about a session.

use chrono::{DateTime, Utc};
use ocpp_types::Decimal;
use serde::{Deserialize, Serialize};

use super::{SeqRange, TimeDoubt};

/// Something about a session that somebody should look at before it is billed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub enum Anomaly {
    /// The start never came; the session begins with the first thing known of it.
    MissingStart,
    /// The end never came, and the same connector has a later session (rule CS-34).
    MissingStop,
    /// These events never came, or not yet (rule CS-36, fault row D18).
    MissingEvents(SeqRange),
    /// More runs of events are missing than are listed.
    MoreMissingEvents,
    /// This event came again with another content; the first one counts (rule CS-35).
    ConflictingRepeat {
        /// Its sequence number; none in 1.6, where it is the stop.
        seq_no: Option<i64>,
    },
    /// This event counts from after the end (fault row D18).
    EventAfterEnd {
        /// Its sequence number.
        seq_no: i64,
    },
    /// This event counts from before the start.
    EventBeforeStart {
        /// Its sequence number.
        seq_no: i64,
    },
    /// A second start or end; the one with the lowest number is the start, the one with the highest the end.
    RepeatedStartOrEnd {
        /// Its sequence number.
        seq_no: i64,
    },
    /// A time is doubtful.
    DoubtfulTime {
        /// The time, as sent.
        time: DateTime<Utc>,
        /// In what way.
        doubt: TimeDoubt,
    },
    /// The end is before the start.
    StopBeforeStart {
        /// The start.
        started: DateTime<Utc>,
        /// The end.
        stopped: DateTime<Utc>,
    },
    /// Readings from before the start or after the end, which the course of the session leaves out.
    ReadingsOutside {
        /// How many.
        count: u32,
    },
    /// The register stands lower at the end than at the start: the energy to bill is 0 (fault row D14).
    NegativeEnergy {
        /// At the start.
        start_wh: Decimal,
        /// At the end.
        stop_wh: Decimal,
    },
    /// The register went back on the way (fault row D13).
    RegisterBackwards {
        /// When it stood lower.
        time: DateTime<Utc>,
        /// What it had been.
        from_wh: Decimal,
        /// What it was then.
        to_wh: Decimal,
    },
    /// The register rose faster than any charger can deliver (fault row D13).
    RegisterJump {
        /// When it stood higher.
        time: DateTime<Utc>,
        /// What it had been.
        from_wh: Decimal,
        /// What it was then.
        to_wh: Decimal,
    },
    /// There is no register reading of the start; the first one there is counts, and what was taken before it is not billed.
    NoReadingAtStart,
    /// There is no register reading of the end; the last one there is counts.
    NoReadingAtEnd,
    /// Readings that are no number which can be held exactly.
    UnreadableReadings {
        /// How many.
        count: u32,
    },
    /// Readings of a measurand without a unit, where the specification names none (fault row D12).
    AssumedUnit,
    /// Readings that were left out because there were too many.
    TooManyReadings {
        /// How many.
        count: u32,
    },
    /// Messages that were left out because there were too many.
    TooManyMessages {
        /// How many.
        count: u32,
    },
    /// MeterValues that named no or another transaction were taken for this one by connector and time (rule CS-32).
    MatchedByConnector,
    /// Another session of the same connector was open when this one began (fault row D17).
    Concurrent,
}
