//! Sums of quantities and amounts by group, in integers.

use core::num::NonZeroI128;

use super::session::Sink;
use crate::compile::{Compiled, PARTS, Part, PriceList, Rate};
use crate::exact::{Exact, ONE};
use crate::money::RoundingMode;
use crate::usage::{HOUR, SECOND, Usage, units_of_a_kwh};
use crate::wide::{Integer, Wide, narrow, ten_to};

/// How quantities of different units meet in one sum: each is multiplied by its factor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Units {
    /// Units of energy in a kWh.
    pub(super) kwh: i128,
    /// The common multiple of a kWh and an hour in their units; a fee counts so much.
    pub(super) common: i128,
    pub(super) energy_factor: i128,
    pub(super) time_factor: i128,
}

impl Units {
    #[inline]
    pub(super) fn new(usage: &Usage) -> Self {
        match usage.scale {
            9 => Self { kwh: 1_000_000_000, common: HOUR, energy_factor: 3600, time_factor: 1 },
            scale => {
                // an hour is 36 * 10^11 nanoseconds; with 10^12 and more units to a kWh the common multiple is 9 kWh
                let kwh = units_of_a_kwh(scale);
                Self { kwh, common: 9 * kwh, energy_factor: 9, time_factor: 9 * kwh / HOUR }
            }
        }
    }

    /// What a part is multiplied by in a common sum.
    pub(super) fn factor(&self, part: Part) -> i128 {
        match part {
            Part::Energy => self.energy_factor,
            Part::Time | Part::Parking | Part::ReservedTime => self.time_factor,
            Part::Fixed | Part::ReservationFee | Part::ParkingFee => self.common,
        }
    }

    /// The unit that the quantities of a part are counted in.
    pub(super) fn unit(&self, part: Part) -> i128 {
        match part {
            Part::Energy => self.kwh,
            Part::Time | Part::Parking | Part::ReservedTime => HOUR,
            Part::Fixed | Part::ReservationFee | Part::ParkingFee => 1,
        }
    }

    /// Whether no sum of a usage under some tariffs can leave 128 bits. Bits are counted, generously, instead of multiplying.
    #[inline]
    pub(super) fn fit(&self, compiled: &Compiled, usage: &Usage) -> bool {
        let prices = &compiled.prices;
        let Some(price_bits) = prices.bits else { return false };
        let sum = |a: u32, b: u32| a.max(b) + 1;
        let times = bits(usage.periods.len() as i128 + 4);
        // what is used, billed twice at most, and a step in every period; then as many fees as there may be
        let steps = bits(prices.most_step) + times;
        let energy = sum(bits(usage.energy_magnitude) + 1, steps + bits(self.kwh)) + bits(self.energy_factor);
        let time = sum(bits(usage.time_magnitude) + 1, steps + bits(SECOND.into())) + bits(self.time_factor);
        let fees = times + bits(self.common);
        let quantity = sum(sum(energy, time), fees);
        price_bits + quantity < 124 && prices.denominator_bits + bits(self.common) < 126
    }
}

/// How many bits a magnitude has.
#[inline]
fn bits(magnitude: i128) -> u32 {
    128 - magnitude.leading_zeros()
}

/// One part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum<N> {
    pub(super) net: N,
    pub(super) gross: N,
    pub(super) billed: N,
    pub(super) knows_net: bool,
    pub(super) knows_gross: bool,
}

/// The sums of a session.
#[derive(Clone)]
pub(super) struct Sums<'a, N> {
    pub(super) prices: &'a PriceList,
    pub(super) parts: [Sum<N>; PARTS],
    /// What all numerators were multiplied with, so that fractions of units are whole.
    pub(super) multiplier: N,
    /// Whether a maximum stopped the cost (R64).
    pub(super) was_cut: bool,
    /// Whether minima do not count yet (R53).
    pub(super) is_running: bool,
}

/// One of the two kinds of integers, with the prices in it.
pub(super) trait Amount: Integer {
    /// A denominator above zero.
    type Denominator: Copy;

    fn rates(list: &PriceList) -> &[Rate<Self>];

    /// The denominator of prices, times factors.
    fn denominator(list: &PriceList, unit: i128, multiplier: Self) -> Self::Denominator;

    /// The same without that of prices.
    fn unit(unit: i128, multiplier: Self) -> Self::Denominator;

    fn wide_denominator(denominator: Self::Denominator) -> Wide;

    fn over(self, denominator: Self::Denominator) -> Exact;

    /// A wide integer; it fits where this kind of integer was chosen.
    fn of_wide(value: Wide) -> Self;

    /// A limit over the denominator.
    fn limit(narrow: Option<i128>, wide: Wide) -> Self;
}

/// Chosen where [`Units::fit`] says that every sum, and every denominator, fits.
impl Amount for i128 {
    type Denominator = NonZeroI128;

    #[inline]
    fn rates(list: &PriceList) -> &[Rate<Self>] {
        &list.narrow
    }

    #[inline]
    fn denominator(list: &PriceList, unit: i128, multiplier: Self) -> NonZeroI128 {
        Self::unit(list.narrow_denominator * unit, multiplier)
    }

    #[inline]
    fn unit(unit: i128, multiplier: Self) -> NonZeroI128 {
        NonZeroI128::new(unit * multiplier).unwrap_or(ONE)
    }

    fn wide_denominator(denominator: NonZeroI128) -> Wide {
        denominator.get().wide()
    }

    #[inline]
    fn over(self, denominator: NonZeroI128) -> Exact {
        Exact::over(self, denominator)
    }

    fn of_wide(value: Wide) -> Self {
        narrow(value).unwrap_or_default()
    }

    fn limit(narrow: Option<i128>, _: Wide) -> Self {
        // limits take part in the bits that decide for 128
        narrow.unwrap_or_default()
    }
}

impl Amount for Wide {
    type Denominator = Self;

    fn rates(list: &PriceList) -> &[Rate<Self>] {
        &list.wide
    }

    fn denominator(list: &PriceList, unit: i128, multiplier: Self) -> Self {
        list.denominator * Self::from(unit) * multiplier
    }

    fn unit(unit: i128, multiplier: Self) -> Self {
        Self::from(unit) * multiplier
    }

    fn wide_denominator(denominator: Self) -> Self {
        denominator
    }

    fn over(self, denominator: Self) -> Exact {
        Exact::bounded(self, denominator)
    }

    fn of_wide(value: Wide) -> Self {
        value
    }

    fn limit(_: Option<i128>, wide: Wide) -> Self {
        wide
    }
}

impl<'a, N: Amount> Sums<'a, N> {
    pub(super) fn new(prices: &'a PriceList) -> Self {
        Self { prices, parts: nothing(), multiplier: N::of(1), was_cut: false, is_running: false }
    }

    /// Sums of nothing over the same denominators.
    pub(super) fn emptied(&self) -> Self {
        Self { parts: nothing(), ..*self }
    }

    /// Makes room for fractions of units.
    pub(super) fn multiply(&mut self, multiplier: N) {
        self.multiplier = multiplier;
    }

    /// Whether anything was billed.
    pub(super) fn is_used(&self) -> bool {
        self.parts.iter().any(|part| part.billed != N::ZERO)
    }

    /// Adds what is billed under a price, and gives its amounts over the denominator and the unit of the quantity.
    #[inline]
    pub(super) fn add(&mut self, price: u32, billed: N) -> (N, N) {
        let rate = &N::rates(self.prices)[price as usize];
        let (net, gross) = (rate.net * billed, rate.gross * billed);
        self.parts[rate.part as usize].add(rate, billed, net, gross);
        (net, gross)
    }

    /// The same with amounts rounded to some decimals; the multiplier has at least as many.
    pub(super) fn add_rounded(
        &mut self,
        price: u32,
        billed: N,
        unit: i128,
        decimals: u32,
        mode: RoundingMode,
        rounds_gross: bool,
    ) -> (N, N) {
        let &Rate { net, gross, .. } = &N::rates(self.prices)[price as usize];
        let denominator = self.prices.denominator * unit.wide() * self.multiplier.wide();
        let rounded = |amount: N| {
            let rounded = Exact::bounded(amount.wide(), denominator).round(decimals, mode);
            let ready = denominator * Wide::from(rounded.mantissa()) / ten_to(rounded.scale());
            N::of_wide(ready)
        };
        let (net, gross) = (rounded(net * billed), gross * billed);
        let gross = if rounds_gross { rounded(gross) } else { gross };
        self.add_amounts(price, billed, net, gross);
        (net, gross)
    }

    pub(super) fn add_amounts(&mut self, price: u32, billed: N, net: N, gross: N) {
        let rate = &N::rates(self.prices)[price as usize];
        self.parts[rate.part as usize].add(rate, billed, net, gross);
    }
}

impl<N: Amount> Sum<N> {
    #[inline]
    fn add(&mut self, rate: &Rate<N>, billed: N, net: N, gross: N) {
        self.net += net;
        self.gross += gross;
        self.billed += billed;
        if !rate.knows_both {
            // nothing is nothing before and after tax
            self.knows_net &= rate.knows_net || gross == N::ZERO;
            self.knows_gross &= rate.knows_gross || net == N::ZERO;
        }
    }
}

fn nothing<N: Amount>() -> [Sum<N>; PARTS] {
    [Sum { net: N::ZERO, gross: N::ZERO, billed: N::ZERO, knows_net: true, knows_gross: true }; PARTS]
}

impl<N: Amount> Sink for Sums<'_, N> {
    const IS_DETAILED: bool = false;

    #[inline]
    fn post(&mut self, price: u32, _period: u32, _quantity: i128, billed: i128) {
        self.add(price, N::of(billed));
    }
}

impl Sums<'_, Wide> {
    /// Takes back all but a share of what came since some earlier sums.
    pub(super) fn cut(&mut self, before: &Self, share: Wide, whole: Wide) {
        for (sum, before) in self.parts.iter_mut().zip(&before.parts) {
            let part = |before: Wide, now: Wide| before * whole + (now - before) * share;
            sum.net = part(before.net, sum.net);
            sum.gross = part(before.gross, sum.gross);
            sum.billed = part(before.billed, sum.billed);
        }
        self.multiply(whole);
    }
}
