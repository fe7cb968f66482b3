//! Several tariffs for one usage (R54).

use alloc::string::String;
use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde::Serialize;

use crate::bill::{Cost, Totals};
use crate::compile::{CompileError, Compiled};
use crate::diagnostic::Diagnostic;
use crate::exact::Exact;
use crate::policy::Policy;
use crate::tariff::Tariff;
use crate::usage::{Record, Usage, UsageError};

/// What one usage costs under several tariffs.
#[derive(Clone, Debug, Serialize)]
#[must_use]
pub struct Comparison {
    /// Every tariff that prices the usage, cheapest first; equal ones in the order given.
    pub offers: Vec<Offer>,
    /// The tariffs that do not, and why.
    pub refused: Vec<RefusedOffer>,
    /// Where the cheapest changes when more or less energy is taken in the same time, up to twice as much.
    pub crossings: Vec<Crossing>,
}

/// A tariff and what the usage costs under it.
#[derive(Clone, Debug, Serialize)]
pub struct Offer {
    /// Index of the tariff among those given.
    pub tariff: usize,
    /// Its id.
    pub id: String,
    /// What the usage costs.
    pub totals: Totals,
}

/// A tariff that cannot price the usage.
#[derive(Clone, Debug, Serialize)]
pub struct RefusedOffer {
    /// Index of the tariff among those given.
    pub tariff: usize,
    /// Its id.
    pub id: String,
    /// Why.
    pub diagnostics: Vec<Diagnostic>,
}

/// A quantity of energy at which another tariff becomes the cheapest.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Crossing {
    /// The quantity in kWh, to the next watt-hour: the first at which `above` costs less than `below`.
    #[serde(with = "crate::literal::decimal")]
    pub energy: Decimal,
    /// Index of the tariff that is the cheapest below it.
    pub below: usize,
    /// Index of the tariff that is the cheapest from there on.
    pub above: usize,
}

/// Prices one usage by several tariffs, and finds out where their order changes.
///
/// Amounts after tax are compared if all of them are known, else those before tax. For the quantities the energy of each
/// period is scaled, times stay as they are. Tariffs that periods name do not matter: every tariff prices all of them.
///
/// # Errors
/// When the usage itself is wrong.
///
/// # Example
/// ```
/// use tariff::{Component, Currency, Dimension, Element, Policy, Record, Tariff, compare};
///
/// let energy = |price: &str| Component::new(Dimension::Energy, price.parse().unwrap());
/// let fee = Component::new(Dimension::Flat, "0.50".parse()?);
/// let a = Tariff::new("A", Currency::EUR, vec![Element::new(vec![energy("0.25"), fee])]);
/// let b = Tariff::new("B", Currency::EUR, vec![Element::new(vec![energy("0.30")])]);
/// let record: Record = serde_json::from_str(
///     r#"{"start": "2024-06-01T10:00:00Z", "end": "2024-06-01T11:00:00Z",
///         "periods": [{"start": "2024-06-01T10:00:00Z", "energy": "8"}]}"#,
/// )?;
/// let comparison = compare(&[a, b], &record, &Policy::default())?;
/// assert_eq!(comparison.offers[0].id, "B");
/// assert_eq!(comparison.crossings[0].energy.to_string(), "10.001"); // equal at 10 kWh, A is cheaper above
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare(tariffs: &[Tariff], record: &Record, policy: &Policy) -> Result<Comparison, UsageError> {
    let record = Record {
        tariff_ids: Vec::new(),
        periods: record.periods.iter().map(|period| crate::Period { tariff: None, ..period.clone() }).collect(),
        ..record.clone()
    };
    let mut usage = Usage::new(&record, policy)?;
    let mut offers = Vec::new();
    let mut refused = Vec::new();
    let mut ready = Vec::new();
    for (tariff, given) in tariffs.iter().enumerate() {
        // a tariff is compared whether or not it is valid yet
        let given = Tariff { valid_from: None, valid_until: None, ..given.clone() };
        let priced =
            given.compile(policy).map_err(|CompileError { diagnostics }| diagnostics).and_then(
                |compiled| match compiled.totals(&usage, policy) {
                    Ok(totals) => Ok((compiled, totals)),
                    Err(refusal) => Err(Vec::from([Diagnostic::from(&refusal)])),
                },
            );
        match priced {
            Ok((compiled, totals)) => {
                ready.push((tariff, compiled));
                offers.push(Offer { tariff, id: given.id, totals });
            }
            Err(diagnostics) => refused.push(RefusedOffer { tariff, id: given.id, diagnostics }),
        }
    }
    let with_tax = offers.iter().all(|offer| offer.totals.total.incl_tax.is_some());
    offers.sort_by_key(|offer| amount(offer.totals.total, with_tax));
    let crossings = Search { ready: &ready, record, usage: &mut usage, policy, with_tax }.run();
    Ok(Comparison { offers, refused, crossings })
}

fn amount(cost: Cost, with_tax: bool) -> (bool, Option<Exact>) {
    let amount = if with_tax { cost.incl_tax } else { cost.excl_tax };
    // what is not known comes last
    (amount.is_none(), amount)
}

/// The search for the quantities at which the cheapest tariff changes.
struct Search<'a> {
    ready: &'a [(usize, Compiled)],
    record: Record,
    usage: &'a mut Usage,
    policy: &'a Policy,
    with_tax: bool,
}

/// So many quantities are looked at before the changes between them are narrowed down.
const SAMPLES: i64 = 64;

impl Search<'_> {
    fn run(&mut self) -> Vec<Crossing> {
        let energies: Vec<Option<Decimal>> = self.record.periods.iter().map(|period| period.energy).collect();
        let Some(whole) = energies.iter().flatten().try_fold(Decimal::ZERO, |sum, energy| sum.checked_add(*energy))
        else {
            return Vec::new();
        };
        let Some(most) = whole
            .checked_mul(Decimal::from(2 * WATT_HOURS))
            .and_then(|most| i64::try_from(most.trunc()).ok())
            .filter(|&most| most > 0 && self.ready.len() > 1)
        else {
            return Vec::new();
        };
        let mut crossings = Vec::new();
        let mut last: Option<(i64, usize)> = None;
        for sample in 0..=SAMPLES {
            let at = (i128::from(most) * i128::from(sample) / i128::from(SAMPLES)).max(1) as i64;
            let Some(cheapest) = self.cheapest(&energies, whole, at, last.map(|(_, cheapest)| cheapest)) else {
                continue;
            };
            if let Some((before, below)) = last
                && below != cheapest
            {
                crossings.extend(self.narrow(&energies, whole, (before, below), (at, cheapest)));
            }
            last = Some((at, cheapest));
        }
        crossings
    }

    /// The first watt-hour at which another tariff than the one below is the cheapest.
    fn narrow(
        &mut self,
        energies: &[Option<Decimal>],
        whole: Decimal,
        (mut before, below): (i64, usize),
        (mut at, mut above): (i64, usize),
    ) -> Option<Crossing> {
        while at - before > 1 {
            let middle = before + (at - before) / 2;
            let cheapest = self.cheapest(energies, whole, middle, Some(below))?;
            if cheapest == below {
                before = middle;
            } else {
                (at, above) = (middle, cheapest);
            }
        }
        Some(Crossing { energy: Decimal::new(at, 3), below, above })
    }

    /// The cheapest tariff when so many watt-hours are taken; between equal ones the one that was the cheapest before.
    fn cheapest(
        &mut self,
        energies: &[Option<Decimal>],
        whole: Decimal,
        watt_hours: i64,
        before: Option<usize>,
    ) -> Option<usize> {
        let factor = Decimal::new(watt_hours, 3).checked_div(whole)?;
        for (period, energy) in self.record.periods.iter_mut().zip(energies) {
            period.energy = match energy {
                Some(energy) => Some(energy.checked_mul(factor)?.round_dp(9)),
                None => None,
            };
        }
        self.record.total_energy = None;
        self.usage.refill(&self.record, self.policy).ok()?;
        let mut best: Option<((bool, Option<Exact>), usize)> = None;
        for (tariff, compiled) in self.ready {
            let totals = compiled.totals(self.usage, self.policy).ok()?;
            let amount = amount(totals.total, self.with_tax);
            let is_better =
                best.is_none_or(|(least, _)| amount < least || (amount == least && before == Some(*tariff)));
            if is_better {
                best = Some((amount, *tariff));
            }
        }
        best.map(|(_, tariff)| tariff)
    }
}

const WATT_HOURS: i64 = 1000;
