//! The posts of a session, collected into lines.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::cap::{Cap, reached};
use super::session::Sink;
use super::sums::Units;
use crate::compile::{Compiled, NO_COMPONENT, PARTS};
use crate::diagnostic::MOST;
use crate::policy::{LimitJump, LimitsTariff, Policy, RoundingAt, Unpriced};
use crate::tariff::Dialect;
use crate::usage::Usage;
use crate::wide::{Integer, Wide};

/// A line before its amounts are known.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawLine {
    /// The component, or [`NO_COMPONENT`].
    pub(super) price: u32,
    /// The part, or behind all parts the dimension that has no price.
    pub(super) part: usize,
    pub(super) has_tariff: bool,
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) quantity: i128,
    pub(super) billed: i128,
    /// What was billed up to the instant at which the maximum was reached, in full stretches not counted (R64).
    pub(super) partial: i128,
}

/// Which posts become one line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Merging {
    /// Those of the same component without another in between.
    Runs,
    Periods,
    Components,
}

/// Collects the lines of a bill.
pub(super) struct LineSink<'a> {
    compiled: &'a Compiled,
    pub(super) policy: &'a Policy,
    pub(super) units: Units,
    pub(super) lines: Vec<RawLine>,
    /// The last line of each part; beyond all lines where there is none yet.
    open: [usize; PARTS_AND_UNPRICED],
    by_price: BTreeMap<u32, usize>,
    pub(super) merging: Merging,
    /// The periods in which the price changes, and where; the first of them.
    pub(super) spans: Vec<(u32, i64)>,
    pub(super) span_count: usize,
    /// The first period with a condition that could not be checked, and how many there are.
    pub(super) unverifiable: Option<(u32, usize)>,
    pub(super) cap: Option<Cap>,
    first_tariff: Option<u16>,
}

const PARTS_AND_UNPRICED: usize = PARTS + 3;

impl<'a> LineSink<'a> {
    pub(super) fn new(compiled: &'a Compiled, usage: &Usage, policy: &'a Policy, units: Units) -> Self {
        let has_cap = compiled.ready.iter().any(|ready| ready.dialect == Dialect::Ocpp21 && ready.max.is_some());
        Self {
            compiled,
            policy,
            units,
            lines: Vec::with_capacity(2 + 2 * usage.periods.len().min(128)),
            open: [usize::MAX; PARTS_AND_UNPRICED],
            by_price: BTreeMap::new(),
            merging: match policy.rounding.at {
                RoundingAt::End => Merging::Runs,
                RoundingAt::PerPeriod => Merging::Periods,
                RoundingAt::PerComponent => Merging::Components,
            },
            spans: Vec::new(),
            span_count: 0,
            unverifiable: None,
            cap: has_cap.then(Cap::new),
            first_tariff: None,
        }
    }

    /// Whether only wide integers will do.
    pub(super) fn is_special(&self) -> bool {
        self.merging != Merging::Runs || self.cap.as_ref().is_some_and(|cap| cap.reached.is_some())
    }

    /// The line that a post belongs to.
    #[inline]
    fn line(&mut self, part: usize, price: u32, has_tariff: bool, period: u32) -> (usize, &mut RawLine) {
        let known = match self.merging {
            Merging::Components if price != NO_COMPONENT => self.by_price.get(&price).copied(),
            _ => Some(self.open[part]),
        };
        let is_same = |line: &RawLine| {
            line.price == price
                && line.has_tariff == has_tariff
                && match self.merging {
                    Merging::Runs => true,
                    Merging::Periods => line.last == period,
                    Merging::Components => price != NO_COMPONENT || line.last == period,
                }
        };
        let place = match known.filter(|&place| self.lines.get(place).is_some_and(is_same)) {
            Some(place) => place,
            None => self.begin(part, price, has_tariff, period),
        };
        let line = &mut self.lines[place];
        line.last = period;
        (place, line)
    }

    fn begin(&mut self, part: usize, price: u32, has_tariff: bool, period: u32) -> usize {
        let place = self.lines.len();
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
        self.open[part] = place;
        if self.merging == Merging::Components && price != NO_COMPONENT {
            self.by_price.insert(price, place);
        }
        place
    }
}

impl Sink for LineSink<'_> {
    const IS_DETAILED: bool = true;

    fn post(&mut self, price: u32, period: u32, quantity: i128, billed: i128) {
        let rate = &self.compiled.prices.wide[price as usize];
        let has_cap = self.cap.is_some();
        let (place, line) = self.line(rate.part as usize, price, true, period);
        line.quantity += quantity;
        if !has_cap {
            line.billed += billed;
            return;
        }
        if let Some(cap) = self.cap.as_mut().filter(|cap| cap.reached.is_none()) {
            self.lines[place].billed += billed;
            let quantity = billed.wide() * self.units.factor(rate.part).wide();
            cap.stretch.0 += rate.net * quantity;
            cap.stretch.1 += rate.gross * quantity;
            cap.posts.push((place, billed));
        }
    }

    fn unpriced(&mut self, dimension: usize, tariff: Option<u16>, period: u32, quantity: i128) {
        let is_relevant = match (self.policy.report.unpriced, tariff) {
            (Unpriced::None, _) => false,
            (Unpriced::All, _) | (_, None) => true,
            (_, Some(tariff)) => self.compiled.ready[usize::from(tariff)].prices[dimension],
        };
        if is_relevant {
            let (_, line) = self.line(PARTS + dimension, NO_COMPONENT, tariff.is_some(), period);
            line.quantity += quantity;
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
        self.unverifiable.get_or_insert((period, 0)).1 += 1;
    }
}
