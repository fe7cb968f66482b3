//! Stated hours against timestamps (R7).

use rust_decimal::Decimal;

use super::Span;
use crate::wide::narrow_ten_to;

pub(crate) const SECOND: i64 = 1_000_000_000;
pub(crate) const HOUR: i128 = 3600 * SECOND as i128;

/// A length of time and how well it is known, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Stated {
    pub(super) nanos: i64,
    tolerance: i64,
}

impl Stated {
    /// A span in nanoseconds; none when it is longer than 292 years.
    pub(super) fn of(span: Span) -> Option<Self> {
        match span {
            Span::Nanos(nanos) => Some(Self { nanos, tolerance: 0 }),
            Span::Hours(hours) => {
                // half a unit of the last of three to nine decimals
                let tolerance = UNITS[hours.scale().clamp(3, 9) as usize] / 2;
                Some(Self { nanos: hours_to_nanos(hours)?, tolerance })
            }
        }
    }

    /// The nearest whole second if it is within what is known, else the length as stated.
    fn whole_second(self) -> i64 {
        let rest = self.nanos.rem_euclid(SECOND);
        let down = self.nanos - rest;
        match down.checked_add(SECOND) {
            Some(up) if SECOND - rest <= rest && SECOND - rest <= self.tolerance => up,
            _ if rest <= self.tolerance => down,
            _ => self.nanos,
        }
    }

    /// One time dimension of a period of this length (R7 (a), (c)).
    pub(super) fn alone(self, length: i64) -> i64 {
        if self.nanos == 0 {
            0
        } else if length > 0 && self.nanos.abs_diff(length) <= self.tolerance.unsigned_abs() {
            length
        } else {
            self.whole_second()
        }
    }

    /// Charging and parking in one period of this length (R7 (b), (c)).
    pub(super) fn pair(time: Self, parking: Self, length: i64) -> (i64, i64) {
        if time.nanos == 0 || parking.nanos == 0 {
            return (time.alone(length), parking.alone(length));
        }
        let tolerance = time.tolerance.saturating_add(parking.tolerance).unsigned_abs();
        let charging = time.whole_second();
        match time.nanos.checked_add(parking.nanos) {
            Some(sum) if sum.abs_diff(length) <= tolerance && charging <= length => (charging, length - charging),
            _ => (charging, parking.whole_second()),
        }
    }
}

/// Hours in nanoseconds, which 11 decimals fill; more are cut. None beyond 292 years.
fn hours_to_nanos(hours: Decimal) -> Option<i64> {
    let scale = hours.scale();
    let nanos = match UNITS.get(scale as usize) {
        Some(&unit) => match i64::try_from(hours.mantissa()) {
            Ok(mantissa) => i128::from(mantissa) * i128::from(unit),
            Err(_) => hours.mantissa().checked_mul(unit.into())?,
        },
        // a nanosecond is 36 * 10^11 of an hour: 36 / 10^(scale - 11)
        None => hours.mantissa().checked_mul(36)? / narrow_ten_to(scale - 11),
    };
    i64::try_from(nanos).ok()
}

/// The nanoseconds of 1, 0.1, 0.01... hours, down to 10^-11.
const UNITS: [i64; 12] = {
    let mut units = [HOUR as i64; 12];
    let mut at = 1;
    while at < units.len() {
        units[at] = units[at - 1] / 10;
        at += 1;
    }
    units
};
