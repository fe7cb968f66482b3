//! What time it is, as far as the CSMS has said.

use chrono::{DateTime, TimeDelta, Utc};
use ocpp_rpc::Instant;
use ocpp_types::Timestamp;

/// The wall clock of a station: a point in UTC tied to a point of its monotonic clock.
///
/// Jumps of a system clock have no say here; only [`set`](Self::set) moves it.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    anchor: Option<(Instant, DateTime<Utc>)>,
}

impl Clock {
    /// The time now, or `None` while nobody has set the clock.
    pub fn now(&self, now: Instant) -> Option<Timestamp> {
        let (instant, utc) = self.anchor?;
        let passed = TimeDelta::from_std(now.saturating_since(instant)).ok()?;
        Some(Timestamp::new(utc.checked_add_signed(passed)?))
    }

    /// The time now, counted from 1970 while nobody has set the clock.
    ///
    /// Such times keep their distances, so they can be moved once the time is known.
    pub fn now_or_uptime(&self, now: Instant) -> Timestamp {
        self.now(now).unwrap_or_else(|| {
            let passed = TimeDelta::from_std(now.saturating_since(Instant::ZERO)).unwrap_or_default();
            Timestamp::new(DateTime::UNIX_EPOCH.checked_add_signed(passed).unwrap_or_default())
        })
    }

    /// Whether anybody has set the clock since the boot.
    pub fn is_set(&self) -> bool {
        self.anchor.is_some()
    }

    /// Sets the clock.
    pub fn set(&mut self, now: Instant, utc: DateTime<Utc>) -> ClockStep {
        let shown = self.now_or_uptime(now);
        let first = self.anchor.replace((now, utc)).is_none();
        ClockStep { by: utc - shown.utc(), first }
    }
}

/// A clock was set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ClockStep {
    /// By how much it moved forward.
    pub by: TimeDelta,
    /// Whether it had not been set before.
    pub first: bool,
}

impl ClockStep {
    /// Whether a clock that had been set moved by more than 5 s, which is a critical security event (rule HB-04).
    pub fn is_large(&self) -> bool {
        !self.first && self.by.abs() > TimeDelta::seconds(5)
    }
}
