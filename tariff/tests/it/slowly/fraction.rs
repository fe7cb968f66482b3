//! Fractions in lowest terms, of integers wide enough that no random session reaches their end.

use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Sub};

use bnum::types::I512;
use rust_decimal::Decimal;
use tariff::Exact;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Fraction {
    numerator: I512,
    denominator: I512,
}

impl Fraction {
    pub const ZERO: Self = Self { numerator: I512::ZERO, denominator: I512::ONE };
    pub const ONE: Self = Self { numerator: I512::ONE, denominator: I512::ONE };

    pub fn of(value: i128) -> Self {
        Self { numerator: value.into(), denominator: I512::ONE }
    }

    pub fn new(numerator: i128, denominator: i128) -> Self {
        Self::lowest(numerator.into(), denominator.into())
    }

    pub fn of_decimal(value: Decimal) -> Self {
        Self::new(value.mantissa(), 10_i128.pow(value.scale()))
    }

    pub fn of_exact(value: Exact) -> Self {
        Self::new(value.numerator(), value.denominator())
    }

    fn lowest(numerator: I512, denominator: I512) -> Self {
        assert!(!denominator.is_zero());
        let divisor = gcd(numerator.abs(), denominator.abs());
        let divisor = if denominator.is_negative() { -divisor } else { divisor };
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    pub fn is_zero(self) -> bool {
        self.numerator.is_zero()
    }

    pub fn abs(self) -> Self {
        Self { numerator: self.numerator.abs(), ..self }
    }

    pub fn ceil(self) -> i128 {
        let floor_of_opposite = (-self.numerator).div_euclid(self.denominator);
        i128::try_from(-floor_of_opposite).expect("a short number")
    }

    pub fn truncate(self) -> i128 {
        i128::try_from(self.numerator / self.denominator).expect("a short number")
    }
}

fn gcd(mut a: I512, mut b: I512) -> I512 {
    while !b.is_zero() {
        if let (Ok(mut small_a), Ok(mut small_b)) = (i128::try_from(a), i128::try_from(b)) {
            while small_b != 0 {
                (small_a, small_b) = (small_b, small_a % small_b);
            }
            return small_a.into();
        }
        (a, b) = (b, a % b);
    }
    a
}

fn times(a: I512, b: I512) -> I512 {
    a.checked_mul(b).expect("512 bits are enough")
}

impl Add for Fraction {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let sum = times(self.numerator, other.denominator).checked_add(times(other.numerator, self.denominator));
        Self::lowest(sum.expect("512 bits are enough"), times(self.denominator, other.denominator))
    }
}

impl Sub for Fraction {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + Self { numerator: -other.numerator, ..other }
    }
}

impl Mul for Fraction {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self::lowest(times(self.numerator, other.numerator), times(self.denominator, other.denominator))
    }
}

impl Div for Fraction {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        Self::lowest(times(self.numerator, other.denominator), times(self.denominator, other.numerator))
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        (*self - *other).numerator.cmp(&I512::ZERO)
    }
}
