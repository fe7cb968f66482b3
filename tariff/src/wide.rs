//! Integers wide enough for every product of quantities, prices and tax rates that the bounds allow.
//!
//! Pricing runs in `i128`; where a bound computed beforehand does not exclude an overflow, the same code runs in 512 bits.

use core::ops::{Add, AddAssign, Mul, Neg, Sub};

pub(crate) use bnum::types::I512 as Wide;

/// The integers that pricing computes in.
pub(crate) trait Integer:
    Add<Output = Self> + AddAssign + Copy + Mul<Output = Self> + Neg<Output = Self> + Ord + Sub<Output = Self>
{
    const ZERO: Self;

    fn of(value: i128) -> Self;

    /// The same as a wide integer.
    fn wide(self) -> Wide;
}

impl Integer for i128 {
    const ZERO: Self = 0;

    #[inline]
    fn of(value: i128) -> Self {
        value
    }

    fn wide(self) -> Wide {
        Wide::from(self)
    }
}

impl Integer for Wide {
    const ZERO: Self = Self::ZERO;

    fn of(value: i128) -> Self {
        Self::from(value)
    }

    fn wide(self) -> Self {
        self
    }
}

/// The value as `i128`, if it fits.
pub(crate) fn narrow(value: Wide) -> Option<i128> {
    i128::try_from(value).ok()
}

/// The greatest common divisor of magnitudes; of zero and zero it is one.
pub(crate) fn gcd(a: Wide, b: Wide) -> Wide {
    let (mut a, mut b) = (a.abs(), b.abs());
    while !b.is_zero() {
        if let (Some(small_a), Some(small_b)) = (narrow(a), narrow(b)) {
            return Wide::from(gcd_narrow(small_a, small_b));
        }
        (a, b) = (b, a % b);
    }
    if a.is_zero() { Wide::ONE } else { a }
}

/// The greatest common divisor of magnitudes; of zero and zero it is one.
pub(crate) fn gcd_narrow(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a.max(1)).unwrap_or(1)
}

/// A power of ten, 38 at most.
#[inline]
pub(crate) fn narrow_ten_to(exponent: u32) -> i128 {
    POWERS[(exponent as usize).min(POWERS.len() - 1)]
}

const POWERS: [i128; 39] = {
    let mut powers = [1; 39];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// A power of ten.
pub(crate) fn ten_to(exponent: u32) -> Wide {
    Wide::from(10).pow(exponent)
}
