//! From sums to totals: groups, limits, credit.

use super::session::Seen;
use super::sums::{Amount, Sum, Sums, Units};
use crate::bill::{Cost, Group, Limit, Totals};
use crate::compile::{Compiled, Part, ReadyLimit};
use crate::exact::Exact;
use crate::policy::{
    CreditNegation, LimitScope, LimitTariff, LimitTax, LimitsConflict, LimitsTariff, NegativeTotal, ParkingFlat,
    Policy, ZeroEnergyLimit,
};
use crate::tariff::Dialect;
use crate::usage::{HOUR, Usage, hours};
use crate::wide::{Wide, gcd};

/// Amounts over the denominator and the common unit; none where not known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<N> {
    pub(super) net: Option<N>,
    pub(super) gross: Option<N>,
}

impl<N: Amount> Sums<'_, N> {
    /// The totals of a session.
    #[inline(never)] // so that they are made where the caller wants them
    pub(super) fn finish(
        &self,
        compiled: &Compiled,
        usage: &Usage,
        policy: &Policy,
        units: &Units,
        seen: &Seen,
    ) -> Totals {
        let limited = self.limited(usage, policy, units, seen, compiled, seen.first_tariff);
        let mut totals = self.groups(compiled, usage, policy, units, limited);
        self.replace_by_minimum(compiled, &mut totals);
        totals.floor(policy);
        if usage.credit {
            totals.take_back(policy);
        }
        totals
    }

    /// All groups beside a total and the limit that made it.
    pub(super) fn groups(
        &self,
        compiled: &Compiled,
        usage: &Usage,
        policy: &Policy,
        units: &Units,
        (total, limit): (Cost, Option<Limit>),
    ) -> Totals {
        let part = |part: Part| &self.parts[part as usize];
        let group = |quantity: Exact, billed: N, sum: &Sum<N>, unit: i128| {
            let denominator = self.denominator(unit);
            let cost = Cost {
                excl_tax: sum.knows_net.then(|| sum.net.over(denominator)),
                incl_tax: sum.knows_gross.then(|| sum.gross.over(denominator)),
            };
            Group { quantity, billed: billed.over(N::unit(unit, self.multiplier)), cost }
        };
        let with_fee = |time: &Sum<N>, fee: &Sum<N>| {
            let hour = N::of(HOUR);
            Sum {
                net: time.net + fee.net * hour,
                gross: time.gross + fee.gross * hour,
                billed: time.billed,
                knows_net: time.knows_net && fee.knows_net,
                knows_gross: time.knows_gross && fee.knows_gross,
            }
        };
        let (energy, time) = (part(Part::Energy), part(Part::Time));
        let (mut parking, mut fixed) = (*part(Part::Parking), *part(Part::Fixed));
        let fee = part(Part::ParkingFee);
        if policy.totals.parking_flat == ParkingFlat::ByElement {
            parking = with_fee(&parking, fee);
        } else {
            fixed.net += fee.net;
            fixed.gross += fee.gross;
            fixed.billed += fee.billed;
            fixed.knows_net &= fee.knows_net;
            fixed.knows_gross &= fee.knows_gross;
        }
        let reservation = with_fee(part(Part::ReservedTime), part(Part::ReservationFee));
        let mut fixed = group(Exact::ZERO, fixed.billed, &fixed, 1);
        fixed.quantity = fixed.billed;
        Totals {
            currency: compiled.currency,
            total,
            energy: group(usage.energy(), energy.billed, energy, units.kwh),
            time: group(hours(usage.time), time.billed, time, HOUR),
            parking_time: group(hours(usage.parking), parking.billed, &parking, HOUR),
            fixed,
            reservation: group(hours(usage.reserved), reservation.billed, &reservation, HOUR),
            limit,
        }
    }

    /// Everything, before limits.
    pub(super) fn all(&self, units: &Units) -> Pair<N> {
        let (used, reserved) = (self.used(units), self.reservation(units));
        let both = |a: Option<N>, b: Option<N>| Some(a? + b?);
        Pair { net: both(used.net, reserved.net), gross: both(used.gross, reserved.gross) }
    }

    /// Everything but the reservation.
    fn used(&self, units: &Units) -> Pair<N> {
        let [energy, time, parking, fixed, .., parking_fee] = &self.parts;
        self.together(units, Some(energy), &[time, parking], &[fixed, parking_fee])
    }

    /// What the reservation comes to, its fee included.
    fn reservation(&self, units: &Units) -> Pair<N> {
        let (time, fee) = (&self.parts[Part::ReservedTime as usize], &self.parts[Part::ReservationFee as usize]);
        self.together(units, None, &[time], &[fee])
    }

    /// The sum of parts that are counted in energy, in time and in fees.
    #[inline]
    fn together(&self, units: &Units, energy: Option<&Sum<N>>, times: &[&Sum<N>], fees: &[&Sum<N>]) -> Pair<N> {
        let [by_energy, by_time, by_fee] = [units.energy_factor, units.time_factor, units.common].map(N::of);
        let sum = |amount: fn(&Sum<N>) -> N| {
            let total = |parts: &[&Sum<N>]| parts.iter().fold(N::ZERO, |sum, part| sum + amount(part));
            energy.map_or(N::ZERO, amount) * by_energy + total(times) * by_time + total(fees) * by_fee
        };
        let parts = || energy.into_iter().chain(times.iter().copied()).chain(fees.iter().copied());
        Pair {
            net: parts().all(|part| part.knows_net).then(|| sum(|part| part.net)),
            gross: parts().all(|part| part.knows_gross).then(|| sum(|part| part.gross)),
        }
    }

    /// The total after the limits of a tariff (R42, R43, R64).
    pub(super) fn limited(
        &self,
        usage: &Usage,
        policy: &Policy,
        units: &Units,
        seen: &Seen,
        compiled: &Compiled,
        tariff: Option<u16>,
    ) -> (Cost, Option<Limit>) {
        let denominator = self.denominator(units.common);
        let all = self.all(units);
        let unlimited = || Cost {
            excl_tax: all.net.map(|net| net.over(denominator)),
            incl_tax: all.gross.map(|gross| gross.over(denominator)),
        };
        let Some(tariff) = tariff.filter(|_| !seen.is_expired) else { return (unlimited(), None) };
        let is_ocpp = compiled.ready[usize::from(tariff)].dialect == Dialect::Ocpp21;
        // in OCPP the minimum is that of the tariff in force at the end (R66)
        let tariff = match seen.last_tariff {
            Some(last) if is_ocpp && policy.ocpp.limits_tariff == LimitsTariff::Last => last,
            _ => tariff,
        };
        let ready = &compiled.ready[usize::from(tariff)];
        let nobody = seen.has_several && policy.limits.multi_tariff == LimitTariff::None && !is_ocpp;
        if (ready.min.is_none() && ready.max.is_none()) || nobody {
            return (unlimited(), None);
        }
        let skips_min = self.is_running || (policy.limits.zero_energy == ZeroEnergyLimit::Skip && usage.energy == 0);
        let min = ready.min.as_ref().filter(|_| !skips_min);
        if is_ocpp {
            return self.ocpp_minimum(all, min, ready.max.as_ref(), policy, units, compiled, tariff, &unlimited());
        }
        let (bounded, apart) = match policy.limits.scope {
            LimitScope::WholeRecord => (all, None),
            LimitScope::WithoutReservation => (self.used(units), Some(self.reservation(units))),
        };
        let common = N::of(units.common) * self.multiplier;
        let (mut net, mut gross) = (bounded.net, bounded.gross);
        let mut deciding: Option<(Limit, &ReadyLimit, bool)> = None;
        for (which, limit) in [(Limit::Min, min), (Limit::Max, ready.max.as_ref())] {
            let Some(limit) = limit else { continue };
            let breaks = |value: N, bound: N| if which == Limit::Min { value < bound } else { value > bound };
            let (mut moves_net, mut moves_gross) = (false, false);
            if let (Some(bound), Some(value)) = (limit.excl::<N>(), net)
                && breaks(value, bound * common)
            {
                net = Some(bound * common);
                moves_net = true;
            }
            if let (Some(bound), Some(value)) = (limit.incl::<N>(), gross)
                && breaks(value, bound * common)
            {
                gross = Some(bound * common);
                moves_gross = true;
            }
            if moves_net || moves_gross {
                deciding = Some((which, limit, moves_net));
            }
        }
        let mut cost = Cost {
            excl_tax: net.map(|net| net.over(denominator)),
            incl_tax: gross.map(|gross| gross.over(denominator)),
        };
        if let Some((_, limit, true)) = deciding
            && limit.incl_tax.is_none()
            && bounded.gross.is_some()
        {
            cost.incl_tax = self.derived(&bounded, cost.excl_tax, compiled, tariff, policy);
        }
        if let Some((_, limit, false)) = deciding
            && limit.excl_tax.is_none()
            && bounded.net.is_some()
        {
            let turned = Pair { net: bounded.gross, gross: bounded.net };
            cost.excl_tax = self.derived_back(&turned, cost.incl_tax, compiled, tariff, policy);
        }
        if let Some(apart) = apart {
            let add = |limited: Option<Exact>, apart: Option<N>| {
                limited.zip(apart).and_then(|(limited, apart)| limited.checked_add(apart.over(denominator)))
            };
            cost = Cost { excl_tax: add(cost.excl_tax, apart.net), incl_tax: add(cost.incl_tax, apart.gross) };
        }
        (cost, deciding.map(|(which, ..)| which))
    }

    /// The minimum of OCPP, tested last (R64).
    #[expect(clippy::too_many_arguments, reason = "a step of the limits, apart for its length")]
    fn ocpp_minimum(
        &self,
        all: Pair<N>,
        min: Option<&ReadyLimit>,
        max: Option<&ReadyLimit>,
        policy: &Policy,
        units: &Units,
        compiled: &Compiled,
        tariff: u16,
        unlimited: &Cost,
    ) -> (Cost, Option<Limit>) {
        let reached = self.was_cut.then_some(Limit::Max);
        let Some(min) = min else { return (*unlimited, reached) };
        let common = N::of(units.common) * self.multiplier;
        let (excl, incl) = (min.excl::<N>(), min.incl::<N>());
        let is_below =
            |value: Option<N>, bound: Option<N>| value.zip(bound).is_some_and(|(value, bound)| value < bound * common);
        let is_over = |min: Option<N>, max: Option<N>| min.zip(max).is_some_and(|(min, max)| min > max);
        let conflict = max.is_some_and(|max| is_over(excl, max.excl::<N>()) || is_over(incl, max.incl::<N>()));
        if !(is_below(all.net, excl) || is_below(all.gross, incl))
            || (conflict && policy.ocpp.limits_conflict == LimitsConflict::MaxWins)
        {
            return (*unlimited, reached);
        }
        let denominator = self.denominator(units.common);
        let stated = |bound: Option<N>| bound.map(|bound| (bound * common).over(denominator));
        let (mut excl, mut incl) = (stated(excl), stated(incl));
        if incl.is_none() {
            incl = self.derived(&all, excl, compiled, tariff, policy);
        } else if excl.is_none() {
            excl = self.derived_back(&Pair { net: all.gross, gross: all.net }, incl, compiled, tariff, policy);
        }
        (Cost { excl_tax: excl, incl_tax: incl }, Some(Limit::Min))
    }

    /// In OCPP the minimum takes the place of all parts, as a fixed cost (R64).
    pub(super) fn replace_by_minimum(&self, compiled: &Compiled, totals: &mut Totals) {
        let is_ocpp = compiled.ready.first().is_some_and(|ready| ready.dialect == Dialect::Ocpp21);
        if is_ocpp && totals.limit == Some(Limit::Min) {
            for group in [&mut totals.energy, &mut totals.time, &mut totals.parking_time, &mut totals.reservation] {
                group.cost = Cost::ZERO;
            }
            totals.fixed.cost = totals.total;
        }
    }

    /// The value after tax that belongs to a limited one before tax, by the effective rate of the session, or the only rate
    /// of the tariff (R43).
    fn derived(
        &self,
        bounded: &Pair<N>,
        limited: Option<Exact>,
        compiled: &Compiled,
        tariff: u16,
        policy: &Policy,
    ) -> Option<Exact> {
        let (up, down) = self.rate(bounded, compiled, tariff, policy)?;
        scale(limited?, up, down)
    }

    fn derived_back(
        &self,
        turned: &Pair<N>,
        limited: Option<Exact>,
        compiled: &Compiled,
        tariff: u16,
        policy: &Policy,
    ) -> Option<Exact> {
        let bounded = Pair { net: turned.gross, gross: turned.net };
        let (up, down) = self.rate(&bounded, compiled, tariff, policy)?;
        scale(limited?, down, up)
    }

    /// Gross over net.
    fn rate(&self, bounded: &Pair<N>, compiled: &Compiled, tariff: u16, policy: &Policy) -> Option<(Wide, Wide)> {
        if policy.limits.tax == LimitTax::Unknown {
            return None;
        }
        let (net, gross) = (bounded.net?.wide(), bounded.gross?.wide());
        if !net.is_zero() {
            return Some((gross, net));
        }
        let prices = || compiled.prices.components.iter().filter(|price| price.source.tariff == tariff);
        let first = prices().next()?;
        if !prices().all(|price| price.group == first.group && price.knows_net && price.knows_gross) {
            return None;
        }
        crate::compile::factor(&compiled.prices.groups[first.group as usize].taxes)
    }

    /// The denominator of amounts of a unit.
    #[inline]
    pub(super) fn denominator(&self, unit: i128) -> N::Denominator {
        N::denominator(self.prices, unit, self.multiplier)
    }
}

/// A number times a ratio; none beyond 128 bits.
fn scale(value: Exact, up: Wide, down: Wide) -> Option<Exact> {
    let divisor = gcd(up, down);
    let sign = if down.is_negative() { -Wide::ONE } else { Wide::ONE };
    let (up, down) = (up / divisor * sign, down / divisor * sign);
    Exact::from_wide(Wide::from(value.numerator()) * up, Wide::from(value.denominator()) * down)
}

impl ReadyLimit {
    pub(super) fn excl<N: Amount>(&self) -> Option<N> {
        self.excl_tax.map(|(narrow, wide)| N::limit(narrow, wide))
    }

    pub(super) fn incl<N: Amount>(&self) -> Option<N> {
        self.incl_tax.map(|(narrow, wide)| N::limit(narrow, wide))
    }
}

impl Totals {
    /// The floor at zero (R41).
    pub(super) fn floor(&mut self, policy: &Policy) {
        if policy.negative_total == NegativeTotal::FloorAtZero {
            for amount in [&mut self.total.excl_tax, &mut self.total.incl_tax].into_iter().flatten() {
                *amount = (*amount).max(Exact::ZERO);
            }
        }
    }

    /// The sign of credit records (R50).
    pub(super) fn take_back(&mut self, policy: &Policy) {
        self.total.negate();
        if policy.credit.negate == CreditNegation::AllCosts {
            let groups =
                [&mut self.energy, &mut self.time, &mut self.parking_time, &mut self.fixed, &mut self.reservation];
            for group in groups {
                group.cost.negate();
            }
        }
    }
}

impl Cost {
    pub(super) fn negate(&mut self) {
        for amount in [&mut self.excl_tax, &mut self.incl_tax].into_iter().flatten() {
            *amount = amount.negated();
        }
    }
}
