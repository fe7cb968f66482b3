//! Stated hours against timestamps (R7).

use rust_decimal::Decimal;

use super::Span;

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
                let tolerance = (HOUR / 2) as i64 / 10_i64.pow(hours.scale().clamp(3, 9));
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
    let nanos = if scale <= 11 {
        hours.mantissa().checked_mul(HOUR / 10_i128.pow(scale))?
    } else {
        // a nanosecond is 36 * 10^11 of an hour: 36 / 10^(scale - 11)
        hours.mantissa().checked_mul(36)? / 10_i128.pow(scale - 11)
    };
    i64::try_from(nanos).ok()
}
