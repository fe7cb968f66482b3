//! A bill: lines, taxes and what was noticed.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use rust_decimal::Decimal;

use super::choose::Choice;
use super::session::{Mode, Seen, Session, Sink};
use super::sums::{Amount, Sums, Units};
use crate::bill::{Bill, Cost, Limit, Line, LineKind, Reason, TaxLine};
use crate::compile::{Compiled, NO_COMPONENT, PARTS, ReadyLimit};
use crate::diagnostic::{Code, Diagnostic, MOST};
use crate::exact::{Exact, Fraction};
use crate::money::RoundingMode;
use crate::policy::{
    CreditNegation, LimitJump, LimitLines, LimitTariff, LimitTrigger, LimitsTariff, Policy, RoundingAt, Split, TaxBase,
    TimeVolume, Unpriced,
};
use crate::tariff::Dialect;
use crate::tariff::component::Tax;
use crate::usage::{HOUR, Usage};
use crate::wide::{Integer, Wide, gcd, ten_to};

/// A line before its amounts are known.
#[derive(Clone, Copy, Debug)]
struct RawLine {
    /// The component, or [`NO_COMPONENT`].
    price: u32,
    part: usize,
    has_tariff: bool,
    first: u32,
    last: u32,
    quantity: i128,
    billed: i128,
    /// What was billed up to the instant at which the maximum was reached, in full stretches not counted (R64).
    partial: i128,
}

/// Which posts become one line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Merging {
    /// Those of the same component without another in between.
    Runs,
    Periods,
    Components,
}

/// Collects the lines of a bill.
pub(super) struct LineSink<'a> {
    compiled: &'a Compiled,
    policy: &'a Policy,
    units: Units,
    lines: Vec<RawLine>,
    /// The last line of each part, plus one.
    open: [usize; PARTS_AND_UNPRICED],
    by_price: BTreeMap<u32, usize>,
    merging: Merging,
    spans: Vec<(u32, i64)>,
    span_count: usize,
    unverifiable: Vec<u32>,
    cap: Option<Cap>,
    first_tariff: Option<u16>,
}

/// The running cost of a session with a maximum that stops it (R64).
struct Cap {
    before: (Wide, Wide),
    stretch: (Wide, Wide),
    posts: Vec<(usize, i128)>,
    /// Which fraction of the stretch in which it was reached is still billed.
    reached: Option<(Wide, Wide)>,
}

const PARTS_AND_UNPRICED: usize = PARTS + 3;

impl<'a> LineSink<'a> {
    pub(super) fn new(compiled: &'a Compiled, policy: &'a Policy, units: Units) -> Self {
        let has_cap = compiled.ready.iter().any(|ready| ready.dialect == Dialect::Ocpp21 && ready.max.is_some());
        Self {
            compiled,
            policy,
            units,
            lines: Vec::with_capacity(8),
            open: [0; PARTS_AND_UNPRICED],
            by_price: BTreeMap::new(),
            merging: match policy.rounding.at {
                RoundingAt::End => Merging::Runs,
                RoundingAt::PerPeriod => Merging::Periods,
                RoundingAt::PerComponent => Merging::Components,
            },
            spans: Vec::new(),
            span_count: 0,
            unverifiable: Vec::new(),
            cap: has_cap.then(|| Cap {
                before: (Wide::ZERO, Wide::ZERO),
                stretch: (Wide::ZERO, Wide::ZERO),
                posts: Vec::new(),
                reached: None,
            }),
            first_tariff: None,
        }
    }

    /// Whether only wide integers will do.
    pub(super) fn is_special(&self) -> bool {
        self.merging != Merging::Runs || self.cap.as_ref().is_some_and(|cap| cap.reached.is_some())
    }

    /// The line that a post belongs to.
    fn line(&mut self, part: usize, price: u32, has_tariff: bool, period: u32) -> usize {
        let known = match self.merging {
            Merging::Components if price != NO_COMPONENT => self.by_price.get(&price).copied(),
            _ => self.open[part].checked_sub(1).filter(|&place| {
                let line = &self.lines[place];
                line.price == price
                    && line.has_tariff == has_tariff
                    && (self.merging == Merging::Runs || line.last == period)
            }),
        };
        let place = known.unwrap_or_else(|| {
            self.lines.push(RawLine {
                price,
                part,
                has_tariff,
                first: period,
                last: period,
                quantity: 0,
                billed: 0,
                partial: 0,
            });
            let place = self.lines.len() - 1;
            self.open[part] = place + 1;
            if self.merging == Merging::Components && price != NO_COMPONENT {
                self.by_price.insert(price, place);
            }
            place
        });
        let line = &mut self.lines[place];
        line.last = period;
        place
    }

    pub(super) fn bill<N: Amount>(&self, compiled: &Compiled, usage: &Usage, choice: &Choice<'_>, seen: &Seen) -> Bill {
        let policy = self.policy;
        let units = self.units;
        let is_rounded = self.merging != Merging::Runs;
        let (share, whole) = match self.cap.as_ref().and_then(|cap| cap.reached) {
            Some((share, whole)) => (share, whole),
            None => (Wide::ZERO, if is_rounded { ten_to(WIRE_DECIMALS) } else { Wide::ONE }),
        };
        let mut sums = Sums::<N>::new(&compiled.prices);
        sums.was_cut = self.cap.as_ref().is_some_and(|cap| cap.reached.is_some());
        if is_rounded && sums.was_cut {
            // both at once: every amount is over the product of the two
            sums.multiply(N::of_wide(whole * ten_to(WIRE_DECIMALS)));
        } else if whole != Wide::ONE {
            sums.multiply(N::of_wide(whole));
        }
        let over_wire = if is_rounded && sums.was_cut { ten_to(WIRE_DECIMALS) } else { Wide::ONE };
        let (share, whole) = (N::of_wide(share * over_wire), N::of_wide(whole * over_wire));

        let list = &compiled.prices;
        let mut by_group: Vec<(N, N)> = vec![(N::ZERO, N::ZERO); list.groups.len()];
        let mut used_groups = Vec::new();
        let mut lines = Vec::with_capacity(self.lines.len() + 1);
        let mut per_tariff: Vec<Sums<'_, N>> = Vec::new();
        let is_per_tariff = policy.limits.multi_tariff == LimitTariff::PerTariff && compiled.ready.len() > 1;
        if is_per_tariff {
            per_tariff.extend(compiled.ready.iter().map(|_| sums.emptied()));
        }
        for raw in &self.lines {
            if raw.price == NO_COMPONENT {
                lines.extend(self.unpriced_line(raw, usage));
                continue;
            }
            let price = &list.components[raw.price as usize];
            let (unit, factor) = match price.kind {
                LineKind::Energy => (units.kwh, units.energy_factor),
                LineKind::Time | LineKind::ParkingTime | LineKind::ReservationTime => (HOUR, units.time_factor),
                _ => (1, units.common),
            };
            let billed = N::of(raw.billed) * whole + N::of(raw.partial) * share;
            let (net, gross) = if is_rounded {
                sums.add_rounded(
                    raw.price,
                    billed,
                    unit,
                    WIRE_DECIMALS,
                    policy.rounding.mode,
                    policy.tax.base == TaxBase::PerLine,
                )
            } else {
                sums.add(raw.price, billed)
            };
            if is_per_tariff {
                per_tariff[usize::from(price.source.tariff)].add_amounts(raw.price, billed, net, gross);
            }
            let denominator = sums.fraction(unit);
            lines.push(Line {
                kind: price.kind,
                source: Some(price.source),
                first_period: raw.first,
                last_period: raw.last,
                quantity: quantity(raw.quantity, unit),
                billed: Exact::of(billed, sums.multiplied(unit)),
                step: if raw.billed == raw.quantity { 0 } else { price.step },
                price: price.price,
                cost: Cost {
                    excl_tax: price.knows_net.then(|| Exact::of(net, denominator)),
                    incl_tax: price.knows_gross.then(|| Exact::of(gross, denominator)),
                },
                reason: Reason::FirstMatch,
            });
            if price.knows_net && price.knows_gross && !list.groups[price.group as usize].taxes.is_empty() {
                let group = &mut by_group[price.group as usize];
                group.0 += net * N::of(factor);
                group.1 += gross * N::of(factor);
                used_groups.push(price.group);
            }
        }
        used_groups.sort_unstable();
        used_groups.dedup();

        let mut totals = sums.groups(compiled, usage, policy, &units);
        let all = sums.all(&units);
        let common = sums.fraction(units.common);
        let before = Cost {
            excl_tax: all.net.map(|net| Exact::of(net, common)),
            incl_tax: all.gross.map(|gross| Exact::of(gross, common)),
        };
        if is_per_tariff {
            let mut total = Cost::ZERO;
            for (tariff, part) in (0_u16..).zip(&per_tariff) {
                let (cost, limit) =
                    part.limited(usage, policy, &units, seen, compiled, seen.first_tariff.map(|_| tariff));
                if part.is_used() {
                    total = Cost {
                        excl_tax: add(total.excl_tax, cost.excl_tax),
                        incl_tax: add(total.incl_tax, cost.incl_tax),
                    };
                    totals.limit = totals.limit.or(limit);
                }
            }
            totals.total = total;
        } else {
            (totals.total, totals.limit) = sums.limited(usage, policy, &units, seen, compiled, seen.first_tariff);
        }
        sums.replace_by_minimum(compiled, &mut totals);

        let mut taxes = Vec::new();
        for group in used_groups {
            let (net, gross) = by_group[group as usize];
            tax_lines(&mut taxes, &list.groups[group as usize].taxes, net, gross, common);
        }
        let mut bill = Bill {
            totals,
            lines,
            taxes,
            tariffs: compiled.tariffs.iter().map(|tariff| tariff.id.clone()).collect(),
            bounds: None,
            diagnostics: Vec::new(),
            minor_digits: policy
                .rounding
                .decimals
                .iter()
                .find(|own| own.currency == compiled.currency)
                .map_or(compiled.currency.minor_digits(), |own| own.decimals.min(28)),
            rounding: policy.rounding.clone(),
        };
        if sums.was_cut {
            bill.even_out(&before);
        }
        bill.totals.floor(policy);
        bill.account_for(&before, policy);
        if usage.credit {
            bill.totals.take_back(policy);
            for tax in &mut bill.taxes {
                tax.base = tax.base.negated();
                tax.amount = tax.amount.negated();
            }
            if policy.credit.negate == CreditNegation::AllCosts {
                bill.lines.iter_mut().for_each(|line| line.cost.negate());
            }
        }
        self.note(&mut bill, compiled, usage, choice, seen);
        bill
    }

    /// A quantity that costs nothing because it has no price (R15), if the policy wants to see it.
    fn unpriced_line(&self, raw: &RawLine, usage: &Usage) -> Option<Line> {
        if self.policy.report.unpriced == Unpriced::None {
            return None;
        }
        let (kind, quantity) = match raw.part - PARTS {
            0 => (LineKind::Energy, usage.kwh(raw.quantity)),
            1 => (LineKind::Time, quantity(raw.quantity, HOUR)),
            _ => (LineKind::ParkingTime, quantity(raw.quantity, HOUR)),
        };
        Some(Line {
            kind,
            source: None,
            first_period: raw.first,
            last_period: raw.last,
            quantity,
            billed: Exact::ZERO,
            step: 0,
            price: Decimal::ZERO,
            cost: Cost::ZERO,
            reason: if raw.has_tariff { Reason::NoComponent } else { Reason::NoTariff },
        })
    }

    /// Adds what was noticed.
    fn note(&self, bill: &mut Bill, compiled: &Compiled, usage: &Usage, choice: &Choice<'_>, seen: &Seen) {
        let policy = self.policy;
        bill.diagnostics.extend_from_slice(usage.diagnostics());
        let mut unnamed = None;
        let mut unverifiable = self.unverifiable.iter();
        if let Some(period) = unverifiable.next() {
            bill.diagnostics.push(
                Diagnostic::new(Code::RestrictionNotVerifiable, format!("/periods/{period}"))
                    .with_detail(format!("periods concerned: {}", 1 + unverifiable.count())),
            );
        }
        for period in &usage.periods {
            if choice.of(period).is_none() && period.is_use {
                unnamed.get_or_insert(period.index);
            }
        }
        if let Some(period) = unnamed {
            bill.diagnostics.push(Diagnostic::new(Code::PeriodWithoutTariff, format!("/periods/{period}")));
        }
        if choice.is_bridged {
            bill.diagnostics.push(Diagnostic::new(Code::TariffGapBridged, "/start"));
        }
        if seen.booking_unknown {
            bill.diagnostics.push(Diagnostic::new(Code::BookingOutcomeUnknown, "/booking"));
        }
        for tariff in &compiled.tariffs {
            if usage.currency.is_some_and(|currency| currency != tariff.currency) {
                let mut diagnostic = Diagnostic::new(Code::CurrencyMismatch, "/currency");
                diagnostic.severity = crate::Severity::Warning;
                bill.diagnostics.push(diagnostic);
                break;
            }
        }
        let prices_time = compiled.ready.iter().any(|ready| ready.prices[1] || ready.prices[2]);
        if prices_time && usage.has_use && !usage.states_time && policy.time_volume != TimeVolume::FromTimestamps {
            let timed = self.total_of(compiled, &usage.timed_by_timestamps(), choice, None);
            bill.diagnostics.push(
                Diagnostic::new(Code::NoTimeStated, "/periods").with_detail(format!("by timestamps {}", shown(&timed))),
            );
        }
        if !self.spans.is_empty() {
            let split = self.total_of(compiled, usage, choice, Some(Mode::Interpolate));
            for &(period, boundary) in &self.spans {
                bill.diagnostics.push(
                    Diagnostic::new(Code::PeriodSpansPriceChange, format!("/periods/{period}")).with_detail(format!(
                        "at {}, splitting gives {} in total",
                        usage.instant(boundary).to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
                        shown(&split)
                    )),
                );
            }
            if self.span_count > self.spans.len() {
                let rest = self.span_count - self.spans.len();
                let last = bill.diagnostics.len() - 1;
                bill.diagnostics[last].detail.push_str(&format!(", and {rest} periods more"));
            }
        }
        if policy.periods.split == Split::Bounds {
            bill.bounds = Some((
                self.total_of(compiled, usage, choice, Some(Mode::Lowest)),
                self.total_of(compiled, usage, choice, Some(Mode::Highest)),
            ));
        }
    }

    /// The total in another mode.
    fn total_of(&self, compiled: &Compiled, usage: &Usage, choice: &Choice<'_>, mode: Option<Mode>) -> Cost {
        let mode = mode.unwrap_or_else(|| Mode::of(compiled, usage, self.policy));
        let mut sums = Sums::<Wide>::new(&compiled.prices);
        let seen = Session::new(compiled, usage, self.policy, choice, &mut sums, mode).run();
        sums.finish(compiled, usage, self.policy, &self.units, &seen).total
    }
}

impl Sink for LineSink<'_> {
    const IS_DETAILED: bool = true;

    fn post(&mut self, price: u32, period: u32, quantity: i128, billed: i128) {
        let entry = &self.compiled.prices.components[price as usize];
        let place = self.line(entry.part as usize, price, true, period);
        let line = &mut self.lines[place];
        line.quantity += quantity;
        match &mut self.cap {
            None => line.billed += billed,
            Some(cap) if cap.reached.is_some() => {}
            Some(cap) => {
                line.billed += billed;
                let factor = match entry.kind {
                    LineKind::Energy => self.units.energy_factor,
                    LineKind::Time | LineKind::ParkingTime | LineKind::ReservationTime => self.units.time_factor,
                    _ => self.units.common,
                };
                let (net, gross) = self.compiled.prices.wide[price as usize];
                let quantity = billed.wide() * factor.wide();
                cap.stretch.0 += net * quantity;
                cap.stretch.1 += gross * quantity;
                cap.posts.push((place, billed));
            }
        }
    }

    fn unpriced(&mut self, dimension: usize, tariff: Option<u16>, period: u32, quantity: i128) {
        let is_relevant = match (self.policy.report.unpriced, tariff) {
            (Unpriced::None, _) => false,
            (Unpriced::All, _) | (_, None) => true,
            (_, Some(tariff)) => self.compiled.ready[usize::from(tariff)].prices[dimension],
        };
        if is_relevant {
            let place = self.line(PARTS + dimension, NO_COMPONENT, tariff.is_some(), period);
            self.lines[place].quantity += quantity;
        }
    }

    fn end_of_stretch(&mut self, tariff: u16, is_jump: bool) {
        let first = *self.first_tariff.get_or_insert(tariff);
        let Some(cap) = &mut self.cap else { return };
        if cap.reached.is_some() {
            return;
        }
        let tariff = if self.policy.ocpp.limits_tariff == LimitsTariff::First { first } else { tariff };
        if let Some(limit) = &self.compiled.ready[usize::from(tariff)].max {
            cap.reached =
                reached(cap.before, cap.stretch, limit, self.units.common.wide(), self.policy.ocpp.limit_trigger);
            if let Some((share, whole)) = cap.reached {
                if is_jump && self.policy.ocpp.limit_jump == LimitJump::AsReached && !share.is_zero() {
                    cap.reached = Some((whole, whole));
                }
                for &(line, billed) in &cap.posts {
                    self.lines[line].billed -= billed;
                    self.lines[line].partial += billed;
                }
            }
        }
        cap.posts.clear();
        cap.before.0 += core::mem::replace(&mut cap.stretch.0, Wide::ZERO);
        cap.before.1 += core::mem::replace(&mut cap.stretch.1, Wide::ZERO);
    }

    fn spans(&mut self, period: u32, boundary: i64) {
        self.span_count += 1;
        if self.spans.len() < MOST / 8 {
            self.spans.push((period, boundary));
        }
    }

    fn unverifiable(&mut self, period: u32) {
        self.unverifiable.push(period);
    }
}

/// The fraction of a stretch after which a maximum is reached, if it is; all amounts before and after tax.
pub(super) fn reached(
    before: (Wide, Wide),
    stretch: (Wide, Wide),
    limit: &ReadyLimit,
    common: Wide,
    trigger: LimitTrigger,
) -> Option<(Wide, Wide)> {
    let reach = |bound: Option<(Option<i128>, Wide)>, before: Wide, stretch: Wide| {
        let bound = bound?.1 * common;
        Some(if before >= bound {
            Some((Wide::ZERO, Wide::ONE))
        } else if before + stretch >= bound {
            Some((bound - before, stretch))
        } else {
            None
        })
    };
    let net = reach(limit.excl_tax, before.0, stretch.0);
    let gross = reach(limit.incl_tax, before.1, stretch.1);
    let is_first = |a: (Wide, Wide), b: (Wide, Wide)| a.0 * b.1 <= b.0 * a.1;
    let found = match (net, gross) {
        (None, None) => None,
        (Some(only), None) | (None, Some(only)) => only,
        (Some(net), Some(gross)) => match (net, gross, trigger) {
            (Some(net), Some(gross), LimitTrigger::Either) => Some(if is_first(net, gross) { net } else { gross }),
            (Some(net), Some(gross), LimitTrigger::Both) => Some(if is_first(net, gross) { gross } else { net }),
            (found, None, LimitTrigger::Either) | (None, found, LimitTrigger::Either) => found,
            _ => None,
        },
    };
    found.map(|(share, whole)| {
        let divisor = gcd(share, whole);
        (share / divisor, whole / divisor)
    })
}

impl Bill {
    /// The share of a stretch up to the maximum may be a fraction beyond 128 bits. Where lines with such parts do not add up
    /// to the total, they are stated at 12 decimals, and the last of them takes what is left.
    fn even_out(&mut self, before: &Cost) {
        let sides: [fn(&mut Cost) -> &mut Option<Exact>; 2] = [|cost| &mut cost.excl_tax, |cost| &mut cost.incl_tax];
        for side in sides {
            let Some(total) = *side(&mut before.clone()) else { continue };
            let mut lines: Vec<&mut Exact> = self
                .lines
                .iter_mut()
                .filter(|line| line.source.is_some())
                .filter_map(|line| side(&mut line.cost).as_mut())
                .collect();
            let sum = |lines: &[&mut Exact]| lines.iter().try_fold(Exact::ZERO, |sum, line| sum.checked_add(**line));
            if sum(&lines) == Some(total) {
                continue;
            }
            for line in &mut lines {
                **line = Exact::from(line.round(12, RoundingMode::HalfEven));
            }
            if let Some((last, others)) = lines.split_last_mut()
                && let Some(rest) = sum(others).and_then(|sum| total.checked_sub(sum))
            {
                **last = rest;
            }
        }
    }

    /// Adds the line and the change of taxes that make up for limits and floors, so that lines and taxes account for the
    /// total.
    fn account_for(&mut self, before: &Cost, policy: &Policy) {
        let difference = Cost {
            excl_tax: subtract(self.totals.total.excl_tax, before.excl_tax),
            incl_tax: subtract(self.totals.total.incl_tax, before.incl_tax),
        };
        let is_nothing = |amount: Option<Exact>| amount.is_none_or(Exact::is_zero);
        if !is_nothing(difference.excl_tax) || !is_nothing(difference.incl_tax) {
            let (kind, reason) = match self.totals.limit {
                Some(Limit::Min) => (LineKind::PriceLimit, Reason::MinPrice),
                Some(Limit::Max) => (LineKind::PriceLimit, Reason::MaxPrice),
                None => (LineKind::Adjustment, Reason::Policy),
            };
            let last = self.lines.iter().map(|line| line.last_period).max().unwrap_or(0);
            self.lines.push(Line {
                kind,
                source: None,
                first_period: 0,
                last_period: last,
                quantity: Exact::ZERO,
                billed: Exact::ZERO,
                step: 0,
                price: Decimal::ZERO,
                cost: difference,
                reason,
            });
        }
        let Some(due) = subtract(self.totals.total.incl_tax, self.totals.total.excl_tax) else { return };
        let sum = self.taxes.iter().try_fold(Exact::ZERO, |sum, tax| sum.checked_add(tax.amount)).unwrap_or_default();
        if sum == due {
            return;
        }
        // not a limit on taxes, but what parts beyond 128 bits leave open
        let missing = due.checked_sub(sum).unwrap_or_default();
        if missing.round(9, RoundingMode::HalfUp).is_zero()
            && let Some((last, others)) = self.taxes.split_last_mut()
        {
            for tax in &mut *others {
                tax.amount = Exact::from(tax.amount.round(12, RoundingMode::HalfEven));
            }
            let sum = others.iter().try_fold(Exact::ZERO, |sum, tax| sum.checked_add(tax.amount));
            last.amount = subtract(Some(due), sum).unwrap_or(last.amount);
            return;
        }
        let ratio = due.checked_div(sum).filter(|_| policy.limits.lines == LimitLines::Scale);
        let base_ratio = self.totals.total.excl_tax.zip(before.excl_tax).and_then(|(now, then)| now.checked_div(then));
        if let Some(ratio) = ratio {
            let scaled: Option<Vec<Exact>> = self.taxes.iter().map(|tax| tax.amount.checked_mul(ratio)).collect();
            for (tax, amount) in self.taxes.iter_mut().zip(scaled.unwrap_or_default()) {
                tax.amount = amount;
                tax.base = base_ratio.and_then(|ratio| tax.base.checked_mul(ratio)).unwrap_or(tax.base);
            }
        }
        let sum = self.taxes.iter().try_fold(Exact::ZERO, |sum, tax| sum.checked_add(tax.amount)).unwrap_or_default();
        if let Some(rest) = due.checked_sub(sum).filter(|rest| !rest.is_zero()) {
            let base = self.totals.total.excl_tax.unwrap_or_default();
            let name = if self.totals.limit.is_some() { "price limit adjustment" } else { "adjustment" };
            self.taxes.push(TaxLine { name: name.to_owned(), percent: None, stack: 0, base, amount: rest });
        }
    }
}

/// The taxes of one group of prices, added to those there are (R45, R61).
fn tax_lines<N: Amount>(lines: &mut Vec<TaxLine>, taxes: &[Tax], net: N, gross: N, denominator: Fraction) {
    let mut put = |tax: &Tax, base: Exact, amount: Exact| {
        let known = lines
            .iter_mut()
            .find(|line| line.name == tax.name && line.percent == Some(tax.percent) && line.stack == tax.stack);
        match known {
            Some(line) => {
                line.base = line.base.checked_add(base).unwrap_or(line.base);
                line.amount = line.amount.checked_add(amount).unwrap_or(line.amount);
            }
            None => lines.push(TaxLine {
                name: tax.name.clone(),
                percent: Some(tax.percent),
                stack: tax.stack,
                base,
                amount,
            }),
        }
    };
    if let [tax] = taxes {
        put(tax, Exact::of(net, denominator), Exact::of(gross - net, denominator));
        return;
    }
    let mut sorted: Vec<&Tax> = taxes.iter().collect();
    sorted.sort_by_key(|tax| tax.stack);
    let (mut base, mut over) = (net.wide(), denominator.wide());
    for level in sorted.chunk_by(|a, b| a.stack == b.stack) {
        let mut next = base * ten_to(20);
        for tax in level {
            let part = base * Wide::from(tax.percent.mantissa()) * ten_to(18 - tax.percent.scale().min(18));
            put(tax, Exact::bounded(base, over), Exact::bounded(part, over * ten_to(20)));
            next += part;
        }
        let divisor = gcd(next, over * ten_to(20));
        (base, over) = (next / divisor, over * ten_to(20) / divisor);
    }
}

fn quantity(units: i128, unit: i128) -> Exact {
    Exact::ratio(units, unit).unwrap_or_default()
}

fn add(a: Option<Exact>, b: Option<Exact>) -> Option<Exact> {
    a.zip(b).and_then(|(a, b)| a.checked_add(b))
}

fn subtract(a: Option<Exact>, b: Option<Exact>) -> Option<Exact> {
    a.zip(b).and_then(|(a, b)| a.checked_sub(b))
}

/// A cost in a diagnostic.
fn shown(cost: &Cost) -> String {
    match (cost.excl_tax, cost.incl_tax) {
        (Some(amount), _) => format!("{amount:.4} before tax"),
        (None, Some(amount)) => format!("{amount:.4} after tax"),
        (None, None) => "an unknown amount".to_owned(),
    }
}

/// Amounts on the wire have so many decimals (R49).
const WIRE_DECIMALS: u32 = 4;
