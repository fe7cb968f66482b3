//! Where the price may change within a period (R17): the next boundary, and the shares up to it.

use super::session::{Session, Sink};
use crate::compile::Ready;
use crate::compile::axes::{DAY, Point, Which};
use crate::policy::{DurationClock, Evaluate, RepeatedHour};
use crate::tariff::Dialect;
use crate::usage::{CheckedPeriod, LocalTime, SECOND, Segment, THRESHOLD_SCALE, energy_threshold};
use crate::wide::{Integer, narrow};

/// A place within a period: how much of it has passed. Shares are whole units, what no unit divides falls to what follows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Position {
    /// Nanoseconds since the start of the period.
    pub(super) at: i64,
    pub(super) energy: i128,
    /// Charging time as billed.
    pub(super) time: i64,
    /// Charging time as counted.
    pub(super) charging: i64,
    pub(super) parking: i64,
    /// Whether the period is over.
    pub(super) is_end: bool,
}

impl<S: Sink> Session<'_, S> {
    /// The next place after a position at which a condition may change, or the end of the period. The counters of the
    /// session stand at the position.
    pub(super) fn next_position(
        &self,
        ready: &Ready,
        period: &CheckedPeriod,
        time: i64,
        position: &Position,
        point: &Point,
    ) -> Position {
        let end = Position {
            at: period.length,
            energy: period.energy,
            time,
            charging: period.time,
            parking: period.parking,
            is_end: true,
        };
        let mut next = i64::MAX;
        let mut consider = |candidate: Option<i64>| {
            if let Some(candidate) = candidate
                && candidate > position.at
                && candidate < next
            {
                next = candidate;
            }
        };
        if ready.needs.local_time {
            consider(self.next_on_the_clock(ready, period, position, point));
        }
        if self.choice.switches {
            let now = period.from.saturating_add(position.at);
            consider(self.choice.next_edge(now).and_then(|edge| edge.checked_sub(period.from)));
        }
        let sampling = match self.policy.ocpp.evaluate {
            Evaluate::Every(seconds) if ready.dialect == Dialect::Ocpp21 && seconds > 0 => {
                let interval = i64::from(seconds) * SECOND;
                let since = period.from.saturating_add(position.at).saturating_sub(self.state.origin);
                consider(position.at.checked_add(interval - since.rem_euclid(interval)));
                true
            }
            _ => false,
        };
        let mut crossing: Option<i128> = None;
        let at_end = self.state.energy.saturating_add(period.energy - position.energy);
        let last_energy = energy_threshold(at_end, self.usage.scale);
        for chunk in &ready.chunks {
            for axis in chunk.lengths() {
                let is_elapsed = axis.which == Which::Elapsed && self.policy.duration.clock == DurationClock::Elapsed;
                let (value, whole, passed) = match axis.which {
                    Which::Elapsed => (point.elapsed, period.time, position.charging),
                    Which::Charging => (point.charging, period.time, position.charging),
                    _ => (point.idle, period.parking, position.parking),
                };
                let Some(cut) = axis.next(value) else { continue };
                let missing = cut.saturating_sub(value);
                if is_elapsed {
                    consider(position.at.checked_add(missing));
                } else {
                    consider(instant_of(passed.saturating_add(missing).into(), whole.into(), period.length));
                }
            }
            if period.energy != 0 && ready.needs.energy && !sampling {
                let upwards = period.energy > 0;
                let is_reached = |cut: &i128| if upwards { *cut <= last_energy } else { *cut > last_energy };
                if let Some(cut) = chunk.next_energy(point.energy, upwards).filter(is_reached) {
                    let share = self.units_to(cut, upwards).map(|units| units - self.state.energy + position.energy);
                    crossing = match (crossing, share) {
                        (Some(known), Some(share)) => Some(if upwards { known.min(share) } else { known.max(share) }),
                        (known, share) => share.or(known),
                    };
                }
            }
        }
        let is_inside = |share: &i128| {
            if period.energy > 0 {
                *share > position.energy && *share < period.energy
            } else {
                *share < position.energy && *share > period.energy
            }
        };
        if let Some(share) = crossing.filter(is_inside) {
            let at = instant_of(share, period.energy, period.length).unwrap_or(period.length).max(position.at);
            if at <= next {
                return Position {
                    energy: share,
                    is_end: false,
                    ..shares(period, time, at.min(period.length), position)
                };
            }
        }
        if next < period.length { Position { is_end: false, ..shares(period, time, next, position) } } else { end }
    }

    /// Units of energy at which a threshold is reached, or just left downwards.
    fn units_to(&self, cut: i128, upwards: bool) -> Option<i128> {
        let scale = self.usage.scale;
        if upwards {
            match THRESHOLD_SCALE.checked_sub(scale) {
                Some(more) => {
                    let divisor = 10_i128.pow(more);
                    Some(cut.div_euclid(divisor) + i128::from(cut.rem_euclid(divisor) != 0))
                }
                None => cut.checked_mul(10_i128.pow(scale - THRESHOLD_SCALE)),
            }
        } else {
            let units = match THRESHOLD_SCALE.checked_sub(scale) {
                Some(more) => (cut - 1).div_euclid(10_i128.pow(more)),
                None => cut.checked_mul(10_i128.pow(scale - THRESHOLD_SCALE))? - 1,
            };
            Some(units)
        }
    }

    /// The next instant at which the clock or the calendar may change a price, in nanoseconds of the period.
    fn next_on_the_clock(
        &self,
        ready: &Ready,
        period: &CheckedPeriod,
        position: &Position,
        point: &Point,
    ) -> Option<i64> {
        let mut seconds = DAY - point.second_of_day;
        for chunk in &ready.chunks {
            if let Some(cut) = chunk.next_window(point.second_of_day) {
                seconds = seconds.min(cut - point.second_of_day);
            }
        }
        let now = period.from.saturating_add(position.at).saturating_add(self.usage.start_nanos);
        if let LocalTime::Segments(segments) = &self.usage.zone {
            let second = self.usage.start + now.div_euclid(SECOND);
            seconds = seconds.min(self.next_offset(segments, second));
        }
        seconds.checked_mul(SECOND)?.checked_add(position.at)?.checked_sub(now.rem_euclid(SECOND))
    }

    /// Seconds until another offset counts, or a repeated hour begins or ends.
    fn next_offset(&self, segments: &[Segment], second: i64) -> i64 {
        let mut seconds = i64::MAX;
        let mut consider = |edge: i64| {
            if edge > second {
                seconds = seconds.min(edge - second);
            }
        };
        for pair in segments.windows(2) {
            consider(pair[1].from);
            let shift = i64::from(pair[0].offset) - i64::from(pair[1].offset);
            if shift > 0 && self.policy.window.repeated_hour != RepeatedHour::BothPasses {
                consider(pair[1].from - shift);
                consider(pair[1].from + shift);
            }
        }
        seconds
    }
}

/// The shares of a period up to an instant, never behind a position.
fn shares(period: &CheckedPeriod, time: i64, at: i64, position: &Position) -> Position {
    let narrow_share = |whole: i64| {
        // a share of an i64 fits an i64
        share(whole.into(), at, period.length) as i64
    };
    let energy = share(period.energy, at, period.length);
    Position {
        at,
        energy: if period.energy >= 0 { energy.max(position.energy) } else { energy.min(position.energy) },
        time: narrow_share(time).max(position.time),
        charging: narrow_share(period.time).max(position.charging),
        parking: narrow_share(period.parking).max(position.parking),
        is_end: false,
    }
}

/// The part of a quantity that falls before an instant, towards zero.
fn share(whole: i128, at: i64, length: i64) -> i128 {
    if at >= length {
        return whole;
    }
    match whole.checked_mul(at.into()) {
        Some(product) => product / i128::from(length),
        None => narrow(whole.wide() * i128::from(at).wide() / i128::from(length).wide()).unwrap_or(whole),
    }
}

/// The first nanosecond at which a share of a quantity is reached.
fn instant_of(share: i128, whole: i128, length: i64) -> Option<i64> {
    if whole == 0 {
        return None;
    }
    let (share, whole) = (share.checked_abs()?, whole.checked_abs()?);
    let quotient = match share.checked_mul(length.into()) {
        Some(product) => product / whole + i128::from(product % whole != 0),
        None => {
            let product = share.wide() * i128::from(length).wide();
            narrow(product / whole.wide())? + i128::from(!(product % whole.wide()).is_zero())
        }
    };
    i64::try_from(quotient).ok()
}
