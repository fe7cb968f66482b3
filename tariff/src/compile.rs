//! Tariffs ready for pricing: conditions as sorted cuts with bit sets, prices as integers over a common denominator.

pub(crate) mod axes;
mod prices;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use rust_decimal::Decimal;

use self::axes::{Chunk, Needs, chunks};
pub(crate) use self::prices::{NO_COMPONENT, PARTS, Part, PriceList, Rate, factor};
use crate::currency::Currency;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::policy::Policy;
use crate::tariff::component::Tax;
use crate::tariff::{Dialect, PriceLimit, Tariff};
use crate::wide::{Wide, narrow};

/// One or more tariffs, checked and ready for pricing any number of usages.
///
/// # Example
/// ```
/// use tariff::{Component, Currency, Dimension, Element, Policy, Record, Tariff, Usage};
///
/// let price = Component::new(Dimension::Energy, "0.25".parse()?).step(500);
/// let tariff = Tariff::new("night", Currency::EUR, vec![Element::new(vec![price])]);
/// let policy = Policy::default();
/// let compiled = tariff.compile(&policy)?;
///
/// let record: Record = serde_json::from_str(
///     r#"{"start": "2024-06-01T22:00:00Z", "end": "2024-06-02T01:00:00Z",
///         "periods": [{"start": "2024-06-01T22:00:00Z", "energy": "20.1"}]}"#,
/// )?;
/// let totals = compiled.totals(&Usage::new(&record, &policy)?, &policy)?;
/// assert_eq!(totals.energy.billed.to_string(), "20.5");
/// assert_eq!(totals.total.excl_tax.expect("it is known").to_string(), "5.125");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Compiled {
    pub(crate) tariffs: Vec<Tariff>,
    pub(crate) ready: Vec<Ready>,
    pub(crate) prices: PriceList,
    pub(crate) currency: Currency,
    /// Whether any element is for reservations or bookings.
    pub(crate) has_reservations: bool,
    pub(crate) findings: Findings,
}

/// A tariff whose conditions are ready.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    pub(crate) dialect: Dialect,
    pub(crate) needs: Needs,
    pub(crate) chunks: Vec<Chunk>,
    /// Which dimensions ordinary elements price somewhere.
    pub(crate) prices: [bool; 4],
    pub(crate) min: Option<ReadyLimit>,
    pub(crate) max: Option<ReadyLimit>,
}

/// A price limit over the common denominator, in 128 bits if it fits, and wide.
#[derive(Clone, Debug)]
pub(crate) struct ReadyLimit {
    pub(crate) excl_tax: Option<(Option<i128>, Wide)>,
    pub(crate) incl_tax: Option<(Option<i128>, Wide)>,
}

impl Compiled {
    /// Checks tariffs and makes them ready for pricing together (R9 to R12).
    ///
    /// # Errors
    /// When a tariff cannot be priced exactly; the diagnostics say what and where (with several tariffs, pointers start with
    /// the index of the tariff).
    pub fn new(tariffs: &[Tariff], policy: &Policy) -> Result<Self, CompileError> {
        let mut findings = Findings::new();
        let currency = tariffs.first().map_or(Currency::EUR, |tariff| tariff.currency);
        if tariffs.is_empty() || tariffs.len() >= usize::from(u16::MAX) {
            findings.note(Diagnostic::new(Code::NoActiveTariff, "").with_detail("no tariff was given, or too many"));
        }
        let mut prices = PriceList::default();
        let mut ready = Vec::with_capacity(tariffs.len());
        for (index, tariff) in tariffs.iter().enumerate() {
            let prefix = if tariffs.len() == 1 { String::new() } else { format!("/{index}") };
            if !tariff.currency.is_listed() {
                findings.note(Diagnostic::new(Code::UnknownCurrency, format!("{prefix}/currency")));
            }
            if tariff.elements.is_empty() {
                findings.note(Diagnostic::new(Code::TariffWithoutElements, format!("{prefix}/elements")));
            }
            if tariff.elements.len() > policy.bounds.elements {
                findings.note(Diagnostic::new(Code::TooManyElements, format!("{prefix}/elements")));
                continue;
            }
            let first = prices.components.len();
            let places = prices.add(index as u16, tariff, policy, &prefix, &mut findings);
            let min = limit(tariff.min_price.as_ref(), tariff.dialect, "min_price", policy, &prefix, &mut findings);
            let max = limit(tariff.max_price.as_ref(), tariff.dialect, "max_price", policy, &prefix, &mut findings);
            contradiction(tariff, &prefix, &mut findings);
            let (chunks, needs) = chunks(tariff, &places, policy, &prefix, &mut findings);
            let mut priced = [false; 4];
            for price in &prices.components[first..] {
                if price.source.kind == crate::ElementKind::Ordinary {
                    priced[price.source.dimension.index()] = true;
                }
            }
            ready.push((
                Ready { dialect: tariff.dialect, needs, chunks, prices: priced, min: None, max: None },
                min,
                max,
            ));
        }
        if !findings.has_error() {
            let limits = ready.iter().flat_map(|(_, min, max)| [min, max]).flatten();
            let limits: Vec<Decimal> = limits.flat_map(|limit| [limit.excl_tax, limit.incl_tax]).flatten().collect();
            prices.finish(&limits, &mut findings);
        }
        if findings.has_error() {
            return Err(CompileError { diagnostics: findings.0 });
        }
        let ready: Vec<Ready> = ready
            .into_iter()
            .map(|(ready, min, max)| Ready {
                min: min.map(|limit| prices.limit(&limit)),
                max: max.map(|limit| prices.limit(&limit)),
                ..ready
            })
            .collect();
        let has_reservations = ready.iter().any(|ready| ready.needs.reservation || ready.needs.booking);
        Ok(Self { tariffs: tariffs.to_vec(), ready, prices, currency, has_reservations, findings })
    }

    /// The tariffs, as they were given.
    #[must_use]
    pub fn tariffs(&self) -> &[Tariff] {
        &self.tariffs
    }

    /// What was noticed about the tariffs.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.findings.0
    }
}

/// A limit with the value that its own taxes give (R64).
fn limit(
    stated: Option<&PriceLimit>,
    dialect: Dialect,
    name: &str,
    policy: &Policy,
    prefix: &str,
    findings: &mut Findings,
) -> Option<PriceLimit> {
    let mut limit = stated?.clone();
    for (value, which) in [(limit.excl_tax, "excl_tax"), (limit.incl_tax, "incl_tax")] {
        if value.is_some_and(|value| value.abs() > Decimal::from(policy.bounds.magnitude)) {
            findings.note(Diagnostic::new(Code::NumberOutOfRange, format!("{prefix}/{name}/{which}")));
        }
    }
    // only OCPP states the taxes of a limit; a maximum bounds only what it states (R64)
    if dialect == Dialect::Ocpp21 && name == "min_price" && !limit.taxes.is_empty() && limit.taxes.len() <= MOST_TAXES {
        let factor = prices::factor(&limit.taxes).and_then(|(numerator, denominator)| {
            let whole = |value: Wide| Decimal::try_from_i128_with_scale(narrow(value)?, 0).ok();
            whole(numerator)?.checked_div(whole(denominator)?)
        });
        match (limit.excl_tax, limit.incl_tax, factor) {
            (Some(excl), None, Some(factor)) => limit.incl_tax = excl.checked_mul(factor),
            (None, Some(incl), Some(factor)) => limit.excl_tax = incl.checked_div(factor),
            _ => {}
        }
    }
    (limit.excl_tax.is_some() || limit.incl_tax.is_some()).then_some(limit)
}

fn contradiction(tariff: &Tariff, prefix: &str, findings: &mut Findings) {
    let (Some(min), Some(max)) = (&tariff.min_price, &tariff.max_price) else { return };
    let over = |min: Option<Decimal>, max: Option<Decimal>| min.zip(max).is_some_and(|(min, max)| min > max);
    if over(min.excl_tax, max.excl_tax) || over(min.incl_tax, max.incl_tax) {
        findings.note(Diagnostic::new(Code::LimitsContradict, format!("{prefix}/min_price")));
    }
}

/// The taxes of one price: OCPP allows five, named taxes of OCPI are not limited by the protocol.
pub(crate) const MOST_TAXES: usize = 16;

/// A group of prices that bear the same taxes.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct TaxGroup {
    pub(crate) taxes: Vec<Tax>,
}

/// A tariff cannot be priced exactly.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("tariff refused: {}", .diagnostics.iter().find(|found| found.severity == crate::Severity::Error).map_or_else(String::new, |found| format!("{found}")))]
pub struct CompileError {
    /// What was found; at least one is an error.
    pub diagnostics: Vec<Diagnostic>,
}
