//! Tariffs of one protocol in the form of another, with a list of what is lost (R69 to R75).
//!
//! A conversion without losses prices any session the same, up to the fraction of a watt-hour or second that an OCPI step
//! of 1, the smallest there is, rounds up once a session; OCPP has no steps. Pointers of losses lead into the [`Tariff`] that is converted;
//! [`TariffDocument::locate`](crate::source::TariffDocument::locate) makes pointers into the document of them.

#[cfg(feature = "ocpi")]
mod to_ocpi;
#[cfg(feature = "ocpp")]
mod to_ocpp;

#[cfg(feature = "ocpi")]
pub use self::to_ocpi::{TariffHead, to_ocpi211, to_ocpi221, to_ocpi230};
#[cfg(feature = "ocpp")]
pub use self::to_ocpp::to_ocpp21;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::{NaiveTime, Timelike};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::exact::Exact;
use crate::money::RoundingMode;
use crate::policy::{ConvertPolicy, InexactPrice, Unsupported};
use crate::tariff::component::{Component, Tax};
use crate::tariff::condition::Conditions;
use crate::tariff::dimension::Dimension;
use crate::tariff::{ElementKind, PriceLimit, Tariff, TaxMode};

/// A tariff in another form.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Converted<T> {
    /// The tariff.
    pub tariff: T,
    /// What makes it price some sessions otherwise, or what it cannot say any more.
    pub losses: Vec<Loss>,
    /// What is worth knowing though amounts stay the same.
    pub notes: Vec<Loss>,
}

impl<T> Converted<T> {
    /// The tariff if nothing was lost.
    ///
    /// # Errors
    /// When something was; the losses.
    pub fn strict(self) -> Result<T, ConversionError> {
        if self.losses.is_empty() { Ok(self.tariff) } else { Err(ConversionError { losses: self.losses }) }
    }
}

/// Something that the other form cannot say.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Loss {
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// What kind of loss.
    pub kind: LossKind,
    /// What becomes of it, in words.
    pub reason: String,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() { "/" } else { &self.pointer };
        write!(f, "{pointer}: {}", self.reason)
    }
}

/// The kinds of losses.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LossKind {
    /// A price was rounded (R70).
    Price,
    /// A condition has no partner, or is looked at at another moment (R71).
    Condition,
    /// Taxes have no partner (R72).
    Tax,
    /// Price limits work differently (R73).
    Limit,
    /// A field or element has no partner (R73).
    Field,
    /// A step has no partner (R74).
    Step,
    /// Two things that are alike are not quite the same (R69).
    Meaning,
}

/// A tariff cannot be converted in the way the policy asks for.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not converted: {}", .losses.first().map_or_else(String::new, |loss| format!("{loss}")))]
pub struct ConversionError {
    /// What would be lost.
    pub losses: Vec<Loss>,
}

/// Losses while they are collected.
struct Losses<'p> {
    policy: &'p ConvertPolicy,
    losses: Vec<Loss>,
    notes: Vec<Loss>,
    /// Losses that the policy refuses.
    refused: Vec<Loss>,
}

impl<'p> Losses<'p> {
    fn new(policy: &'p ConvertPolicy) -> Self {
        Self { policy, losses: Vec::new(), notes: Vec::new(), refused: Vec::new() }
    }

    fn lose(&mut self, kind: LossKind, pointer: impl Into<String>, reason: impl Into<String>) {
        self.losses.push(Loss { pointer: pointer.into(), kind, reason: reason.into() });
    }

    fn lose_or_refuse(
        &mut self,
        is_refused: bool,
        kind: LossKind,
        pointer: impl Into<String>,
        reason: impl Into<String>,
    ) {
        let loss = Loss { pointer: pointer.into(), kind, reason: reason.into() };
        if is_refused { self.refused.push(loss) } else { self.losses.push(loss) }
    }

    fn note(&mut self, pointer: impl Into<String>, reason: impl Into<String>) {
        let loss = Loss { pointer: pointer.into(), kind: LossKind::Meaning, reason: reason.into() };
        if !self.notes.contains(&loss) {
            self.notes.push(loss);
        }
    }

    fn finish<T>(self, tariff: T) -> Result<Converted<T>, ConversionError> {
        if self.refused.is_empty() {
            Ok(Converted { tariff, losses: self.losses, notes: self.notes })
        } else {
            Err(ConversionError { losses: self.refused })
        }
    }

    /// An exact price with the decimals of the policy; a price that does not end is a loss (R70).
    fn price(&mut self, exact: Exact, per_hour: i64, pointer: &str) -> Decimal {
        let decimals = self.policy.decimals.unwrap_or(6).min(6);
        let rounded = exact.round(decimals, RoundingMode::HalfUp).normalize();
        if Exact::from(rounded) != exact {
            let error = Exact::from(rounded).checked_sub(exact).and_then(|error| error.checked_mul(per_hour.into()));
            let error = error.map(|error| if error.is_negative() { error.negated() } else { error });
            let error = error.map_or_else(String::new, |error| format!(", off by {error:.9} an hour at most"));
            let unit = if per_hour == 1 { "" } else { " a minute" };
            let reason = format!("{exact}{unit} does not end within {decimals} decimals and becomes {rounded}{error}");
            self.lose_or_refuse(self.policy.inexact == InexactPrice::Refuse, LossKind::Price, pointer, reason);
        }
        rounded
    }
}

/// A component that counts, with its place.
struct Entry<'a> {
    element: usize,
    component: usize,
    kind: ElementKind,
    conditions: &'a Conditions,
    source: &'a Component,
}

impl Entry<'_> {
    fn pointer(&self) -> String {
        format!("/elements/{}/price_components/{}", self.element, self.component)
    }

    fn conditions_pointer(&self) -> String {
        format!("/elements/{}/restrictions", self.element)
    }
}

/// The components of a tariff that can price anything: the first of each dimension in an element (R14), and in elements
/// for reservations and bookings only times and fees (R27).
fn entries(tariff: &Tariff) -> impl Iterator<Item = Entry<'_>> {
    tariff.elements.iter().enumerate().flat_map(|(place, element)| {
        element.components.iter().enumerate().filter_map(move |(index, component)| {
            let is_first = element.components[..index].iter().all(|other| other.dimension != component.dimension);
            let counts = element.kind == ElementKind::Ordinary
                || matches!(component.dimension, Dimension::Time | Dimension::Flat);
            (is_first && counts).then_some(Entry {
                element: place,
                component: index,
                kind: element.kind,
                conditions: &element.conditions,
                source: component,
            })
        })
    })
}

/// Whether the window of an entry can be said in minutes, which is all that the protocols have: seconds are cut, and that is
/// a loss (R71). A window within one minute would become the whole day.
fn fits_in_minutes(entry: &Entry<'_>, losses: &mut Losses<'_>) -> bool {
    let (start, end) = (entry.conditions.start_time, entry.conditions.end_time);
    if start.into_iter().chain(end).all(|time| time.second() == 0) {
        return true;
    }
    let minute = |time: NaiveTime| (time.num_seconds_from_midnight(), time.num_seconds_from_midnight() / 60);
    let (from, to) = (start.map_or((0, 0), minute), end.map_or((86_400, 1440), minute));
    let is_lost = from.0 < to.0 && from.1 == to.1;
    let (is_refused, reason) = if is_lost {
        (losses.policy.unsupported == Unsupported::Refuse, "the window is within a minute; the price is left out")
    } else {
        (false, "times of day have minutes only; the seconds are cut")
    };
    let loss = Loss { pointer: entry.conditions_pointer(), kind: LossKind::Condition, reason: reason.into() };
    // once for all prices of an element
    if !losses.losses.contains(&loss) && !losses.refused.contains(&loss) {
        losses.lose_or_refuse(is_refused, loss.kind, loss.pointer, loss.reason);
    }
    !is_lost
}

/// Whether some fee of ordinary elements always applies, so that the moment at which fees are looked at does not matter.
fn has_certain_fee(tariff: &Tariff) -> bool {
    entries(tariff).any(|entry| {
        entry.kind == ElementKind::Ordinary && entry.source.dimension == Dimension::Flat && entry.conditions.is_empty()
    })
}

/// The price before tax of a component; none if it is not known (R47).
fn net_price(component: &Component, mode: TaxMode) -> Option<Exact> {
    let price = Exact::from(component.price);
    match mode {
        TaxMode::Included if component.taxes.is_empty() => None,
        TaxMode::Included => price.checked_div(factor(&component.taxes)?),
        _ => Some(price),
    }
}

/// What taxes make of an amount of 1 (R61).
fn factor(taxes: &[Tax]) -> Option<Exact> {
    let mut levels: Vec<u32> = taxes.iter().map(|tax| tax.stack).collect();
    levels.sort_unstable();
    levels.dedup();
    let mut factor = Exact::from(1);
    for level in levels {
        let mut sum = Exact::from(100);
        for tax in taxes.iter().filter(|tax| tax.stack == level) {
            sum = sum.checked_add(tax.percent.into())?;
        }
        factor = factor.checked_mul(sum)?.checked_div(Exact::from(100))?;
    }
    Some(factor)
}

/// Whether limits of OCPI and OCPP come to the same: one tax on all prices, and the two values apart by just that (R73).
fn limits_agree(tariff: &Tariff) -> bool {
    let mut taxes = entries(tariff).map(|entry| factor(&entry.source.taxes));
    let Some(Some(first)) = taxes.next() else { return false };
    let is_single = taxes.all(|other| other == Some(first));
    let fits = |limit: &PriceLimit| match (limit.excl_tax, limit.incl_tax) {
        (Some(net), Some(gross)) => Exact::from(net).checked_mul(first) == Some(gross.into()),
        _ => true,
    };
    let limits = [&tariff.min_price, &tariff.max_price];
    let is_ordered = match (&tariff.min_price, &tariff.max_price) {
        (Some(min), Some(max)) => {
            let ordered =
                |min: Option<Decimal>, max: Option<Decimal>| !matches!((min, max), (Some(min), Some(max)) if min > max);
            let is_comparable = min.excl_tax.is_some() == max.excl_tax.is_some();
            is_comparable && ordered(min.excl_tax, max.excl_tax) && ordered(min.incl_tax, max.incl_tax)
        }
        _ => true,
    };
    is_single && is_ordered && tariff.tax_mode == TaxMode::Excluded && limits.into_iter().flatten().all(fits)
}
