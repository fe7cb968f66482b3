//! Bills as documents of OCPI and OCPP: cost fields and whole CDRs, and cost details of OCPP 2.1.

#[cfg(feature = "ocpi")]
mod ocpi;
#[cfg(feature = "ocpp")]
mod ocpp;

#[cfg(feature = "ocpi")]
pub use self::ocpi::{CdrHead211, CdrHead221, CdrHead230, CdrOutput};

#[cfg(feature = "ocpi")]
use alloc::vec::Vec;

use rust_decimal::Decimal;

use crate::bill::{Bill, Cost, Line, LineKind};
use crate::compile::Compiled;
use crate::exact::Exact;
use crate::policy::Policy;
use crate::price::Refusal;
use crate::tariff::Tariff;
#[cfg(feature = "ocpi")]
use crate::tariff::component::Tax;
use crate::usage::Usage;

/// A usage with its bill, ready to be written as documents.
#[derive(Clone, Copy, Debug)]
pub struct Priced<'a> {
    /// What was used.
    pub usage: &'a Usage,
    /// What it costs.
    pub bill: &'a Bill,
    /// The tariffs that priced it.
    pub tariffs: &'a [Tariff],
    /// How rounding and the open points of outputs are decided.
    pub policy: &'a Policy,
}

impl<'a> Priced<'a> {
    /// A usage with the bill that tariffs make of it.
    #[must_use]
    pub fn new(usage: &'a Usage, bill: &'a Bill, tariffs: &'a Compiled, policy: &'a Policy) -> Self {
        Self { usage, bill, tariffs: tariffs.tariffs(), policy }
    }

    /// An amount as it goes over the wire (R49, R65).
    fn amount(&self, exact: Exact, decimals: u32) -> Decimal {
        exact.round(decimals, self.policy.rounding.mode)
    }

    #[cfg(feature = "ocpp")]
    fn lines(&self, kind: LineKind) -> impl Iterator<Item = &'a Line> {
        self.bill.lines.iter().filter(move |line| line.kind == kind)
    }

    /// What the lines of a kind cost together; none if no component priced any of them.
    fn cost_of(&self, kinds: &[LineKind]) -> Option<Cost> {
        let mut lines = self.bill.lines.iter().filter(|line| kinds.contains(&line.kind) && line.source.is_some());
        let first = lines.next()?;
        let add = |a: Option<Exact>, b: Option<Exact>| a.zip(b).and_then(|(a, b)| a.checked_add(b));
        Some(lines.fold(first.cost, |sum, line| Cost {
            excl_tax: add(sum.excl_tax, line.cost.excl_tax),
            incl_tax: add(sum.incl_tax, line.cost.incl_tax),
        }))
    }

    /// The tax rates on a line, as its component states them.
    #[cfg(feature = "ocpi")]
    fn taxes_on(&self, line: &Line) -> &'a [Tax] {
        let component = line.source.and_then(|source| {
            let tariff = self.tariffs.get(usize::from(source.tariff))?;
            tariff.elements.get(source.element as usize)?.components.get(source.component as usize)
        });
        component.map_or(&[], |component| &component.taxes)
    }

    /// The named taxes on the lines of some kinds; none if their rates do not explain them.
    #[cfg(feature = "ocpi")]
    fn named_taxes(&self, kinds: &[LineKind]) -> Option<Vec<(&'a Tax, Exact)>> {
        let mut named: Vec<(&Tax, Exact)> = Vec::new();
        for line in self.bill.lines.iter().filter(|line| kinds.contains(&line.kind) && line.source.is_some()) {
            let (net, gross) = (line.cost.excl_tax?, line.cost.incl_tax?);
            let mut taxes: Vec<_> = self.taxes_on(line).iter().collect();
            taxes.sort_by_key(|tax| tax.stack);
            let (mut base, mut level) = (net, net);
            let mut stack = None;
            for tax in taxes {
                if stack.is_some_and(|stack| stack != tax.stack) {
                    base = level;
                }
                stack = Some(tax.stack);
                let share = Exact::from(tax.percent).checked_div(Exact::from(100))?;
                let amount = base.checked_mul(share)?;
                level = level.checked_add(amount)?;
                match named.iter_mut().find(|(known, _)| *known == tax) {
                    Some((_, sum)) => *sum = sum.checked_add(amount)?,
                    None => named.push((tax, amount)),
                }
            }
            if level != gross {
                return None;
            }
        }
        Some(named)
    }
}

/// A bill cannot be written in this form.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// The amount before tax is not known, and the form asks for it (R47).
    #[error("the amount before tax is not known")]
    NetUnknown,
    /// The bill has no period, and the form asks for one.
    #[error("there is no period of use")]
    NoPeriods,
    /// Tariffs and usage do not belong together.
    #[error(transparent)]
    Refused(#[from] Refusal),
}
