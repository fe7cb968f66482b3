//! Where a session stands when a price is looked up, and what the clock shows then (R19 to R24).

use super::session::{Mode, Session, Sink};
use crate::compile::Ready;
use crate::compile::axes::{DAY, FlowView, Point};
use crate::policy::{DurationClock, RepeatedHour};
use crate::usage::{CheckedPeriod, LocalTime, SECOND, energy_threshold};

/// A local day: most points of a session lie in the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day {
    /// Its first second, as local time since 1970.
    midnight: i64,
    /// Days of the common era.
    number: i64,
    /// From Monday.
    weekday: u8,
}

impl Day {
    /// No day that a session could have.
    pub(super) const NONE: Self = Self { midnight: i64::MIN / 2, number: 0, weekday: 0 };

    fn of(local: i64) -> Self {
        let day = local.div_euclid(DAY);
        // 1 January 1970 was a Thursday, and day 719 163 of the common era
        Self { midnight: day * DAY, number: day + 719_163, weekday: (day + 3).rem_euclid(7) as u8 }
    }
}

impl<S: Sink> Session<'_, S> {
    /// Where the session is, so many nanoseconds into a period.
    #[inline(always)]
    pub(super) fn point(&mut self, ready: &Ready, period: &CheckedPeriod, at: i64) -> Point {
        let mut point = Point::default();
        let now = period.from.saturating_add(at);
        if ready.needs.local_time {
            self.read_clock(&mut point, now);
        }
        point.elapsed = match self.policy.duration.clock {
            DurationClock::Elapsed => now.saturating_sub(self.state.origin),
            DurationClock::ChargingOnly => self.state.charging,
        };
        point.charging = self.state.charging;
        point.idle = self.state.idle;
        if ready.needs.energy {
            let energy = if self.mode == Mode::AsStated { self.state.energy } else { self.state.seen_energy };
            point.energy = energy_threshold(energy, self.usage.scale);
        }
        if ready.needs.flow {
            self.flow = self.flow(period);
        }
        point
    }

    /// Where the session is before anything was used.
    pub(super) fn still_point(&mut self, ready: &Ready, at: i64) -> Point {
        let mut point = Point::default();
        if ready.needs.local_time {
            self.read_clock(&mut point, at);
        }
        self.flow = FlowView::NONE;
        point
    }

    /// The local reading of an instant (R19 to R22).
    #[inline(always)]
    fn read_clock(&mut self, point: &mut Point, at: i64) {
        let second = self.second(at);
        let local = match &self.usage.zone {
            LocalTime::Fixed(offset) => second + i64::from(*offset),
            zone => {
                let (offset, next) = zone.at(second);
                let local = second + i64::from(offset);
                match self.policy.window.repeated_hour {
                    RepeatedHour::BothPasses => local,
                    _ => self.reading_in_repeated_hour(second, offset, next, local),
                }
            }
        };
        if !(0..DAY).contains(&(local - self.today.midnight)) {
            self.today = Day::of(local);
        }
        point.second_of_day = local - self.today.midnight;
        point.weekday = self.today.weekday;
        point.day = self.today.number;
    }

    /// Seconds since 1970 of so many nanoseconds after the start of the session.
    pub(super) fn second(&self, at: i64) -> i64 {
        self.usage.start + (at.saturating_add(self.usage.start_nanos)).div_euclid(SECOND)
    }

    /// The reading that makes boundaries inside a repeated hour take effect in one pass only (R22): in the other pass the
    /// clock stands at its edge.
    fn reading_in_repeated_hour(&self, second: i64, offset: i32, next: Option<i64>, local: i64) -> i64 {
        let LocalTime::Segments(segments) = &self.usage.zone else { return local };
        match self.policy.window.repeated_hour {
            RepeatedHour::FirstPass => {
                // in the second pass: the clock shows the end of the hour until it is over
                let place = segments.partition_point(|segment| segment.from <= second);
                let Some(before) = place.checked_sub(2).and_then(|before| segments.get(before)) else { return local };
                segments.get(place - 1).map_or(local, |now| local.max(now.from + i64::from(before.offset)))
            }
            _ => {
                // in the first pass: the clock stays just before the hour
                let after = next.and_then(|next| segments.iter().find(|segment| segment.from == next));
                match after.map(|after| (after.offset < offset, after.from + i64::from(after.offset))) {
                    Some((true, edge)) if local >= edge => edge - 1,
                    _ => local,
                }
            }
        }
    }
}
