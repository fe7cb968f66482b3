//! Exact numbers: amounts of money and quantities as fractions of integers.

use alloc::format;
use core::cmp::Ordering;
use core::fmt;
use core::num::NonZeroI128;

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use crate::money::RoundingMode;
use crate::wide::{Integer, Wide, gcd, gcd_narrow, narrow, narrow_ten_to, ten_to};

/// An exact number: 100 minutes at 1.00 an hour are 5/3, and stay 5/3 until somebody rounds them.
///
/// Compares by value. Numbers whose fraction needs more than 128 bits, which take prices with dozens of digits, are kept to
/// 12 decimals and the knowledge on which side of them they lie: rounding to 11 decimals or fewer is right even then.
///
/// # Example
/// ```
/// use tariff::{Exact, RoundingMode};
///
/// let cost = Exact::ratio(5, 3).expect("the denominator is not zero");
/// assert_eq!(cost.round(4, RoundingMode::HalfUp).to_string(), "1.6667");
/// assert_eq!(format!("{cost:.2}"), "1.67");
/// ```
#[derive(Clone, Copy)]
pub struct Exact {
    numerator: i128,
    denominator: NonZeroI128,
}

/// The denominator of whole numbers.
pub(crate) const ONE: NonZeroI128 = NonZeroI128::new(1).expect("one is not zero");

impl Exact {
    /// Zero.
    pub const ZERO: Self = Self { numerator: 0, denominator: ONE };

    /// A fraction; none if the denominator is not positive.
    #[must_use]
    pub const fn ratio(numerator: i128, denominator: i128) -> Option<Self> {
        match NonZeroI128::new(denominator) {
            Some(denominator) if denominator.is_positive() => Some(Self { numerator, denominator }),
            _ => None,
        }
    }

    /// The numerator; the fraction need not be in lowest terms.
    #[must_use]
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// The denominator, above zero.
    #[must_use]
    pub const fn denominator(self) -> i128 {
        self.denominator.get()
    }

    /// Whether it is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// Whether it is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// The sum; none if it is beyond 128 bits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.denominator == other.denominator
            && let Some(numerator) = self.numerator.checked_add(other.numerator)
        {
            return Some(Self { numerator, denominator: self.denominator });
        }
        if self.is_zero() || other.is_zero() {
            return Some(if self.is_zero() { other } else { self });
        }
        let (a, b) = (self.denominator(), other.denominator());
        let narrow = || {
            let numerator = self.numerator.checked_mul(b)?.checked_add(other.numerator.checked_mul(a)?)?;
            Self::ratio(numerator, a.checked_mul(b)?)
        };
        narrow().or_else(|| {
            let (a, b) = (a.wide(), b.wide());
            Self::from_wide(self.numerator.wide() * b + other.numerator.wide() * a, a * b)
        })
    }

    /// The difference; none if it is beyond 128 bits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(other.negated())
    }

    /// The product; none if it is beyond 128 bits.
    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        Self::from_wide(
            self.numerator.wide() * other.numerator.wide(),
            self.denominator().wide() * other.denominator().wide(),
        )
    }

    /// The quotient; none if the divisor is zero or the result beyond 128 bits.
    #[must_use]
    pub fn checked_div(self, other: Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        let sign = if other.is_negative() { -Wide::ONE } else { Wide::ONE };
        Self::from_wide(
            self.numerator.wide() * other.denominator().wide() * sign,
            self.denominator().wide() * other.numerator.wide() * sign,
        )
    }

    /// The same with the opposite sign.
    #[must_use]
    pub fn negated(self) -> Self {
        // the smallest i128 is never a numerator of ours; of a caller's, the sign is moved in wide integers
        match self.numerator.checked_neg() {
            Some(numerator) => Self { numerator, denominator: self.denominator },
            None => Self::from_wide(-self.numerator.wide(), self.denominator().wide()).unwrap_or(self),
        }
    }

    /// The number with so many decimals (28 at most); fewer where a decimal of 28 digits has no room for them.
    #[must_use]
    pub fn round(self, decimals: u32, mode: RoundingMode) -> Decimal {
        let mut decimals = decimals.min(28);
        loop {
            if let Some(rounded) = self.try_round(decimals, mode) {
                return rounded;
            }
            match decimals.checked_sub(1) {
                Some(fewer) => decimals = fewer,
                // 10^28 and more, which the bounds on prices and quantities exclude
                None => return if self.is_negative() { Decimal::MIN } else { Decimal::MAX },
            }
        }
    }

    /// The number as a decimal, if it is one of at most 28 decimals.
    #[must_use]
    pub fn to_decimal(self) -> Option<Decimal> {
        let rounded = self.round(28, RoundingMode::Down);
        (Self::from(rounded) == self).then(|| rounded.normalize())
    }

    fn try_round(self, decimals: u32, mode: RoundingMode) -> Option<Decimal> {
        let denominator = self.denominator();
        let scaled = self.numerator.checked_mul(narrow_ten_to(decimals));
        let (quotient, remainder) = match scaled {
            Some(scaled) => (scaled / denominator, scaled % denominator),
            None => {
                let (scaled, divisor) = (self.numerator.wide() * ten_to(decimals), denominator.wide());
                (narrow(scaled / divisor)?, narrow(scaled % divisor)?)
            }
        };
        let (rest, divisor) = (remainder.unsigned_abs(), denominator.unsigned_abs());
        let away = match mode {
            RoundingMode::HalfUp => rest >= divisor - rest,
            RoundingMode::HalfEven => rest > divisor - rest || (rest == divisor - rest && quotient % 2 != 0),
            RoundingMode::Down => false,
            RoundingMode::Up => rest > 0,
        };
        let step = if self.is_negative() { -1 } else { 1 };
        let digits = if away && rest > 0 { quotient.checked_add(step)? } else { quotient };
        Decimal::try_from_i128_with_scale(digits, decimals).ok()
    }

    /// A fraction of wide integers, in lowest terms where they fit; none beyond the magnitude of 128 bits.
    pub(crate) fn from_wide(numerator: Wide, denominator: Wide) -> Option<Self> {
        let divisor = gcd(numerator, denominator);
        if let (Some(numerator), Some(denominator)) = (narrow(numerator / divisor), narrow(denominator / divisor)) {
            return Self::ratio(numerator, denominator);
        }
        // a half unit behind the last decimal says that there is more, so that no later rounding sees a tie that is none
        for decimals in [12_u32, 6, 0] {
            let scaled = numerator * ten_to(decimals);
            let (mut floor, rest) = (scaled / denominator, scaled % denominator);
            if rest.is_negative() {
                floor -= Wide::ONE;
            }
            let doubled = floor * Wide::from(2) + if rest.is_zero() { Wide::ZERO } else { Wide::ONE };
            if let Some(doubled) = narrow(doubled) {
                return Self::ratio(doubled, 2 * 10_i128.pow(decimals));
            }
        }
        None
    }

    /// A fraction by its parts; the denominator is above zero.
    #[inline]
    pub(crate) const fn over(numerator: i128, denominator: NonZeroI128) -> Self {
        Self { numerator, denominator }
    }

    /// A fraction that the bounds on prices, taxes and quantities keep below 10^38.
    pub(crate) fn bounded(numerator: Wide, denominator: Wide) -> Self {
        Self::from_wide(numerator, denominator).expect("prices, taxes and quantities are bounded when they are checked")
    }

    /// The same in lowest terms.
    pub(crate) fn reduced(self) -> Self {
        let divisor = gcd_narrow(self.numerator, self.denominator());
        Self::ratio(self.numerator / divisor, self.denominator() / divisor).unwrap_or(self)
    }
}

impl Default for Exact {
    fn default() -> Self {
        Self::ZERO
    }
}

impl From<Decimal> for Exact {
    fn from(value: Decimal) -> Self {
        // a decimal has 28 decimals at most, so the power is within 128 bits
        let denominator = NonZeroI128::new(narrow_ten_to(value.scale())).unwrap_or(ONE);
        Self { numerator: value.mantissa(), denominator }
    }
}

impl From<i64> for Exact {
    fn from(value: i64) -> Self {
        Self { numerator: value.into(), ..Self::ZERO }
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        match (self.numerator.checked_mul(other.denominator()), other.numerator.checked_mul(self.denominator())) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => (self.numerator.wide() * other.denominator().wide())
                .cmp(&(other.numerator.wide() * self.denominator().wide())),
        }
    }
}

impl core::hash::Hash for Exact {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        let lowest = self.reduced();
        (lowest.numerator, lowest.denominator).hash(state);
    }
}

impl fmt::Display for Exact {
    /// With the precision asked for, else with the decimals it has, nine at most.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match f.precision() {
            Some(decimals) => {
                let rounded = self.round(u32::try_from(decimals).unwrap_or(28), RoundingMode::HalfUp);
                // a decimal of 28 digits has no room for more decimals, and takes none when it is asked for them
                let mut text = format!("{}", rounded.abs());
                let known = rounded.scale() as usize;
                if known == 0 && decimals > 0 {
                    text.push('.');
                }
                text.extend(core::iter::repeat_n('0', decimals.saturating_sub(known)));
                f.pad_integral(rounded.is_zero() || rounded.is_sign_positive(), "", &text)
            }
            None => fmt::Display::fmt(&self.round(9, RoundingMode::HalfUp).normalize(), f),
        }
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lowest = self.reduced();
        write!(f, "{}/{}", lowest.numerator, lowest.denominator)
    }
}

impl Serialize for Exact {
    /// As text, with the decimals it has, nine at most.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}
