//! Taxes of a bill, and what makes its lines and taxes account for its total to the last fraction.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use rust_decimal::Decimal;

use super::sums::Amount;
use crate::bill::{Bill, Cost, Limit, Line, LineKind, Reason, TaxLine};
use crate::exact::Exact;
use crate::money::RoundingMode;
use crate::policy::{LimitLines, Policy};
use crate::tariff::component::Tax;
use crate::wide::{Wide, gcd, ten_to};

impl Bill {
    /// The share of a stretch up to the maximum may be a fraction beyond 128 bits. Where lines with such parts do not add up
    /// to the total, they are stated at 12 decimals, and the last of them takes what is left.
    pub(super) fn even_out(&mut self, before: &Cost) {
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
    pub(super) fn account_for(&mut self, before: &Cost, policy: &Policy) {
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
pub(super) fn tax_lines<N: Amount>(
    lines: &mut Vec<TaxLine>,
    taxes: &[Tax],
    net: N,
    gross: N,
    denominator: N::Denominator,
) {
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
        put(tax, net.over(denominator), (gross - net).over(denominator));
        return;
    }
    let mut sorted: Vec<&Tax> = taxes.iter().collect();
    sorted.sort_by_key(|tax| tax.stack);
    let (mut base, mut over) = (net.wide(), N::wide_denominator(denominator));
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

pub(super) fn add(a: Option<Exact>, b: Option<Exact>) -> Option<Exact> {
    a.zip(b).and_then(|(a, b)| a.checked_add(b))
}

fn subtract(a: Option<Exact>, b: Option<Exact>) -> Option<Exact> {
    a.zip(b).and_then(|(a, b)| a.checked_sub(b))
}
