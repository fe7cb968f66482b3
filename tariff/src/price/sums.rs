//! Sums of quantities and amounts by group, in integers.

use super::session::Sink;
use crate::compile::{Compiled, PARTS, PriceList};
use crate::exact::Exact;
use crate::money::RoundingMode;
use crate::usage::{HOUR, Usage};
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
    pub(super) fn new(usage: &Usage) -> Self {
        match usage.scale {
            9 => Self { kwh: 1_000_000_000, common: HOUR, energy_factor: 3600, time_factor: 1 },
            scale => {
                // an hour is 36 * 10^11 nanoseconds; with 10^12 and more units to a kWh the common multiple is 9 kWh
                let kwh = 10_i128.pow(scale);
                Self { kwh, common: 9 * kwh, energy_factor: 9, time_factor: 9 * kwh / HOUR }
            }
        }
    }

    /// Whether no sum of a usage under some tariffs can leave 128 bits.
    #[inline]
    pub(super) fn fit(&self, compiled: &Compiled, usage: &Usage) -> bool {
        let Some(price_bits) = compiled.prices.bits else { return false };
        let steps = compiled.prices.most_step;
        let fees = usage.periods.len() as i128 + 4;
        let quantity = || {
            let energy = usage.energy_magnitude.checked_mul(2)?.checked_add(steps.checked_mul(self.kwh / 1000)?)?;
            let time = (2 * usage.time_magnitude).checked_add(steps.checked_mul(1_000_000_000)?)?;
            energy
                .checked_mul(self.energy_factor)?
                .checked_add(time.checked_mul(self.time_factor)?)?
                .checked_add(fees * self.common)
        };
        let Some(quantity) = quantity() else { return false };
        let quantity_bits = 128 - quantity.leading_zeros();
        price_bits + quantity_bits < 124 && compiled.prices.denominator_bits + (128 - self.common.leading_zeros()) < 126
    }
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
    pub(super) is_multiplied: bool,
    /// Whether a maximum stopped the cost (R64).
    pub(super) was_cut: bool,
    /// Whether minima do not count yet (R53).
    pub(super) is_running: bool,
}

/// The prices in one of the two kinds of integers.
pub(super) trait Amount: Integer {
    fn prices(list: &PriceList, place: usize) -> (Self, Self);

    /// A wide integer; it fits where this kind of integer was chosen.
    fn of_wide(value: Wide) -> Self;

    /// A limit over the denominator.
    fn limit(narrow: Option<i128>, wide: Wide) -> Self;
}

impl Amount for i128 {
    #[inline]
    fn prices(list: &PriceList, place: usize) -> (Self, Self) {
        list.narrow[place]
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
    fn prices(list: &PriceList, place: usize) -> (Self, Self) {
        list.wide[place]
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
        Self { prices, parts: nothing(), multiplier: N::of(1), is_multiplied: false, was_cut: false, is_running: false }
    }

    /// Sums of nothing over the same denominators.
    pub(super) fn emptied(&self) -> Self {
        Self { parts: nothing(), ..*self }
    }

    /// Makes room for fractions of units.
    pub(super) fn multiply(&mut self, multiplier: N) {
        self.multiplier = multiplier;
        self.is_multiplied = true;
    }

    /// Whether anything was billed.
    pub(super) fn is_used(&self) -> bool {
        self.parts.iter().any(|part| part.billed != N::ZERO)
    }

    /// Adds what is billed under a price, and gives its amounts over the denominator and the unit of the quantity.
    #[inline]
    pub(super) fn add(&mut self, price: u32, billed: N) -> (N, N) {
        let (net, gross) = N::prices(self.prices, price as usize);
        let (net, gross) = (net * billed, gross * billed);
        self.add_amounts(price, billed, net, gross);
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
        let (net, gross) = N::prices(self.prices, price as usize);
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

    #[inline]
    pub(super) fn add_amounts(&mut self, price: u32, billed: N, net: N, gross: N) {
        let entry = &self.prices.components[price as usize];
        let sum = &mut self.parts[entry.part as usize];
        sum.net += net;
        sum.gross += gross;
        sum.billed += billed;
        // nothing is nothing before and after tax
        sum.knows_net &= entry.knows_net || gross == N::ZERO;
        sum.knows_gross &= entry.knows_gross || net == N::ZERO;
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
