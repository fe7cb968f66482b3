//! From the posts of a session to a bill: lines with their amounts, taxes, totals.

use alloc::vec::Vec;

use rust_decimal::Decimal;

use super::choose::Choice;
use super::lines::{LineSink, Merging, RawLine};
use super::session::Seen;
use super::settle::{add, tax_lines};
use super::sums::{Amount, Sums};
use crate::bill::{Bill, Cost, Line, LineKind, Reason};
use crate::compile::{Compiled, NO_COMPONENT, PARTS};
use crate::exact::Exact;
use crate::policy::{CreditNegation, LimitTariff, TaxBase, Unpriced};
use crate::usage::{HOUR, Usage};
use crate::wide::{Wide, ten_to};

impl LineSink<'_> {
    pub(super) fn bill<N: Amount>(&self, compiled: &Compiled, usage: &Usage, choice: &Choice<'_>, seen: &Seen) -> Bill {
        let policy = self.policy;
        let units = self.units;
        let is_rounded = self.merging != Merging::Runs;
        let mut sums = Sums::<N>::new(&compiled.prices);
        let mut share = N::ZERO;
        if self.is_special() {
            let reached = self.cap.as_ref().and_then(|cap| cap.reached);
            sums.was_cut = reached.is_some();
            let (part, whole) = reached.unwrap_or((Wide::ZERO, Wide::ONE));
            let wire = if is_rounded { ten_to(WIRE_DECIMALS) } else { Wide::ONE };
            share = N::of_wide(part * wire);
            sums.multiply(N::of_wide(whole * wire));
        }
        let whole = sums.multiplier;

        let list = &compiled.prices;
        // nearly always the taxes are the same for all prices, and need no memory of their own
        let (mut few, mut many) = ([None; 4], Vec::new());
        let by_group: &mut [Option<(N, N)>] = if list.groups.len() <= few.len() {
            &mut few
        } else {
            many.resize(list.groups.len(), None);
            &mut many
        };
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
            let (unit, factor) = (units.unit(price.part), units.factor(price.part));
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
            let denominator = sums.denominator(unit);
            lines.push(Line {
                kind: price.kind,
                source: Some(price.source),
                first_period: raw.first,
                last_period: raw.last,
                quantity: quantity(raw.quantity, unit),
                billed: billed.over(N::unit(unit, whole)),
                step: if raw.billed == raw.quantity { 0 } else { price.step },
                price: price.price,
                cost: Cost {
                    excl_tax: price.knows_net.then(|| net.over(denominator)),
                    incl_tax: price.knows_gross.then(|| gross.over(denominator)),
                },
                reason: Reason::FirstMatch,
            });
            if price.knows_net && price.knows_gross && !list.groups[price.group as usize].taxes.is_empty() {
                let group = by_group[price.group as usize].get_or_insert((N::ZERO, N::ZERO));
                group.0 += net * N::of(factor);
                group.1 += gross * N::of(factor);
            }
        }

        let all = sums.all(&units);
        let common = sums.denominator(units.common);
        let before =
            Cost { excl_tax: all.net.map(|net| net.over(common)), incl_tax: all.gross.map(|gross| gross.over(common)) };
        let limited = if is_per_tariff {
            let (mut total, mut first_limit) = (Cost::ZERO, None);
            for (tariff, part) in (0_u16..).zip(&per_tariff) {
                let (cost, limit) =
                    part.limited(usage, policy, &units, seen, compiled, seen.first_tariff.map(|_| tariff));
                if part.is_used() {
                    total = Cost {
                        excl_tax: add(total.excl_tax, cost.excl_tax),
                        incl_tax: add(total.incl_tax, cost.incl_tax),
                    };
                    first_limit = first_limit.or(limit);
                }
            }
            (total, first_limit)
        } else {
            sums.limited(usage, policy, &units, seen, compiled, seen.first_tariff)
        };
        let mut totals = sums.groups(compiled, usage, policy, &units, limited);
        sums.replace_by_minimum(compiled, &mut totals);

        let mut taxes = Vec::new();
        for (group, amounts) in list.groups.iter().zip(by_group) {
            if let &mut Some((net, gross)) = amounts {
                tax_lines(&mut taxes, &group.taxes, net, gross, common);
            }
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
}

fn quantity(units: i128, unit: i128) -> Exact {
    Exact::ratio(units, unit).unwrap_or_default()
}

/// Amounts on the wire have so many decimals (R49).
const WIRE_DECIMALS: u32 = 4;
