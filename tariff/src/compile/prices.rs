//! Prices as integers over one common denominator, before and after tax.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;

use rust_decimal::Decimal;

use super::{MOST_TAXES, ReadyLimit, TaxGroup};
use crate::bill::{LineKind, Source};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::policy::{AbsentVat, DuplicateComponent, Policy, V211Vat};
use crate::tariff::component::{Component, Tax};
use crate::tariff::dimension::Dimension;
use crate::tariff::{Element, ElementKind, PriceLimit, Tariff, TaxMode};
use crate::wide::{Wide, gcd, narrow, ten_to};

/// In the place of a component where there is none.
pub(crate) const NO_COMPONENT: u32 = u32::MAX;

/// All components of all tariffs.
#[derive(Clone, Debug, Default)]
pub(crate) struct PriceList {
    pub(crate) components: Vec<Price>,
    /// The prices that pricing multiplies with, side by side: before tax, after tax.
    pub(crate) narrow: Vec<Rate<i128>>,
    /// The same when 128 bits are not enough for all of them.
    pub(crate) wide: Vec<Rate<Wide>>,
    pub(crate) denominator: Wide,
    /// The same in 128 bits, where the bits of it say that it fits.
    pub(crate) narrow_denominator: i128,
    pub(crate) denominator_bits: u32,
    /// The greatest step, in Wh or seconds.
    pub(crate) most_step: i128,
    pub(crate) groups: Vec<TaxGroup>,
    /// The most bits a price or limit over the denominator has; none when they are wide.
    pub(crate) bits: Option<u32>,
    known_groups: BTreeMap<TaxGroup, u32>,
    rational: Vec<[(Wide, Wide); 2]>,
}

/// A price over the common denominator, before and after tax, and where its amounts are summed up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate<N> {
    pub(crate) net: N,
    pub(crate) gross: N,
    pub(crate) part: Part,
    pub(crate) knows_net: bool,
    pub(crate) knows_gross: bool,
    pub(crate) knows_both: bool,
}

impl Rate<Wide> {
    fn narrow(&self) -> Option<Rate<i128>> {
        let Self { part, knows_net, knows_gross, knows_both, .. } = *self;
        Some(Rate { net: narrow(self.net)?, gross: narrow(self.gross)?, part, knows_net, knows_gross, knows_both })
    }
}

/// A component as a bill needs it.
#[derive(Clone, Debug)]
pub(crate) struct Price {
    pub(crate) source: Source,
    pub(crate) kind: LineKind,
    /// In Wh or seconds.
    pub(crate) step: u64,
    pub(crate) price: Decimal,
    pub(crate) group: u32,
    pub(crate) knows_net: bool,
    pub(crate) knows_gross: bool,
    pub(crate) part: Part,
}

/// What is summed up apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Part {
    Energy,
    Time,
    Parking,
    Fixed,
    ReservedTime,
    ReservationFee,
    /// A fee that belongs to parking (R51).
    ParkingFee,
}

pub(crate) const PARTS: usize = 7;

impl PriceList {
    /// Takes in the components of a tariff and says for every element where they are, by dimension.
    pub(super) fn add(
        &mut self,
        index: u16,
        tariff: &Tariff,
        policy: &Policy,
        prefix: &str,
        findings: &mut Findings,
    ) -> Vec<[u32; 4]> {
        let mut places = Vec::with_capacity(tariff.elements.len());
        for (element_index, element) in tariff.elements.iter().enumerate() {
            let mut place = [NO_COMPONENT; 4];
            for (component_index, component) in element.components.iter().enumerate() {
                let pointer = format!("{prefix}/elements/{element_index}/price_components/{component_index}");
                if !belongs(element.kind, component.dimension) {
                    findings.note(Diagnostic::new(Code::ReservationDimension, pointer));
                    continue;
                }
                let slot = &mut place[component.dimension.index()];
                if *slot == NO_COMPONENT {
                    let source = Source {
                        tariff: index,
                        element: element_index as u32,
                        component: component_index as u32,
                        dimension: component.dimension,
                        kind: element.kind,
                    };
                    let Ok(number) = u32::try_from(self.components.len()) else { continue };
                    if self.component(source, tariff.tax_mode, element, component, policy, &pointer, findings) {
                        *slot = number;
                    }
                    continue;
                }
                let diagnostic = Diagnostic::new(Code::DuplicateComponent, pointer.as_str());
                match policy.element.duplicate_component {
                    DuplicateComponent::First => findings.note(diagnostic),
                    DuplicateComponent::Reject => findings.note(diagnostic.into_error()),
                    DuplicateComponent::Sum => {
                        let known = &self.components[*slot as usize];
                        let first = &element.components[known.source.component as usize];
                        let sum = first.price.checked_add(component.price).filter(|_| first.taxes == component.taxes);
                        findings.note(diagnostic);
                        let Some(price) = sum else {
                            findings.note(
                                Diagnostic::new(Code::DuplicateComponent, pointer)
                                    .with_detail("prices with different taxes cannot be added")
                                    .into_error(),
                            );
                            continue;
                        };
                        let total = Component { price, ..first.clone() };
                        let (kept, rational) = (known.source, self.components.len());
                        if self.component(kept, tariff.tax_mode, element, &total, policy, &pointer, findings) {
                            self.components.swap_remove(*slot as usize);
                            self.rational.swap_remove(*slot as usize);
                            debug_assert!(self.components.len() == rational, "the sum took the place of the first");
                        }
                    }
                }
            }
            places.push(place);
        }
        places
    }

    /// Takes in one component; false if it has an error.
    #[expect(clippy::too_many_arguments, reason = "one place calls it, and a struct for it would hide that")]
    fn component(
        &mut self,
        source: Source,
        mode: TaxMode,
        element: &Element,
        component: &Component,
        policy: &Policy,
        pointer: &str,
        findings: &mut Findings,
    ) -> bool {
        let price = component.price;
        if price.abs() > Decimal::from(policy.bounds.magnitude) {
            findings.note(Diagnostic::new(Code::NumberOutOfRange, format!("{pointer}/price")));
            return false;
        }
        if price.is_sign_negative() && !price.is_zero() || price > Decimal::from(IMPLAUSIBLE_PRICE) {
            findings.note(Diagnostic::new(Code::PriceImplausible, format!("{pointer}/price")));
        }
        let step = step(component, pointer, findings);
        let taxes = match (mode, &policy.tax.rates, policy.v211.vat) {
            (TaxMode::NotApplicable, ..) => {
                if !component.taxes.is_empty() {
                    findings.note(Diagnostic::new(Code::TaxIgnored, format!("{pointer}/taxes")));
                }
                &[][..]
            }
            (_, Some(rates), _) => rates,
            (TaxMode::Unknown, None, V211Vat::Rate(percent)) => &[Tax::vat(percent)],
            (TaxMode::Unknown, None, V211Vat::Unknown) => &[],
            _ => &component.taxes,
        };
        for (index, tax) in taxes.iter().enumerate() {
            if tax.percent.is_sign_negative() && !tax.percent.is_zero() || tax.percent > Decimal::ONE_HUNDRED {
                findings.note(Diagnostic::new(Code::VatImplausible, format!("{pointer}/taxes/{index}")));
            }
        }
        let Some((up, down)) = factor(taxes) else {
            findings.note(Diagnostic::new(Code::TaxesTooMany, format!("{pointer}/taxes")));
            return false;
        };
        let stated = (Wide::from(price.mantissa()), ten_to(price.scale()));
        let nothing = (Wide::ZERO, Wide::ONE);
        let (net, gross) = match mode {
            TaxMode::NotApplicable => (Some(stated), Some(stated)),
            TaxMode::Included if taxes.is_empty() => (None, Some(stated)),
            TaxMode::Included => (Some((stated.0 * down, stated.1 * up)), Some(stated)),
            TaxMode::Unknown if taxes.is_empty() => (Some(stated), None),
            TaxMode::Excluded if taxes.is_empty() && policy.vat.absent == AbsentVat::TaxUnknown => (Some(stated), None),
            TaxMode::Excluded | TaxMode::Unknown => (Some(stated), Some((stated.0 * up, stated.1 * down))),
        };
        let group = TaxGroup { taxes: taxes.to_vec() };
        let number = match self.known_groups.get(&group) {
            Some(&number) => number,
            None => {
                let number = self.groups.len() as u32;
                self.groups.push(group.clone());
                self.known_groups.insert(group, number);
                number
            }
        };
        let others = || element.components.iter().filter(|other| other.dimension != Dimension::Flat);
        let kind = line_kind(source.kind, source.dimension);
        let is_parking_fee = kind == LineKind::Fixed
            && others().count() > 0
            && others().all(|other| other.dimension == Dimension::ParkingTime);
        self.components.push(Price {
            source,
            kind,
            step,
            price,
            group: number,
            knows_net: net.is_some(),
            knows_gross: gross.is_some(),
            part: if is_parking_fee { Part::ParkingFee } else { part_of(kind) },
        });
        self.rational.push([lowest(net.unwrap_or(nothing)), lowest(gross.unwrap_or(nothing))]);
        true
    }

    /// Brings all prices, and the limits beside them, over one denominator.
    pub(super) fn finish(&mut self, limits: &[Decimal], findings: &mut Findings) {
        let mut denominator = Wide::ONE;
        for (index, prices) in self.rational.iter().enumerate() {
            for &(_, own) in prices {
                denominator = denominator / gcd(denominator, own) * own;
            }
            if denominator.bits() > MOST_BITS {
                let source = self.components[index].source;
                let pointer = format!("/elements/{}/price_components/{}/taxes", source.element, source.component);
                findings.note(Diagnostic::new(Code::TaxesTooMany, pointer));
                return;
            }
        }
        for &limit in limits {
            let own = lowest((Wide::from(limit.mantissa()), ten_to(limit.scale()))).1;
            denominator = denominator / gcd(denominator, own) * own;
        }
        self.denominator = denominator;
        let over = |(numerator, own): (Wide, Wide)| numerator * (denominator / own);
        let rate = |(price, &[net, gross]): (&Price, &[(Wide, Wide); 2])| Rate {
            net: over(net),
            gross: over(gross),
            part: price.part,
            knows_net: price.knows_net,
            knows_gross: price.knows_gross,
            knows_both: price.knows_net && price.knows_gross,
        };
        self.wide = self.components.iter().zip(&self.rational).map(rate).collect();
        self.narrow = self.wide.iter().map_while(Rate::narrow).collect();
        self.narrow_denominator = narrow(denominator).unwrap_or_default();
        self.denominator_bits = denominator.bits();
        self.most_step = self.components.iter().map(|price| price.step.into()).max().unwrap_or(0);
        let limits: Option<Vec<i128>> = limits.iter().map(|&limit| narrow(self.over(limit))).collect();
        if let Some(limits) = limits.filter(|_| self.narrow.len() == self.wide.len()) {
            let prices = self.narrow.iter().flat_map(|rate| [rate.net, rate.gross]);
            let most = prices.chain(limits).map(i128::unsigned_abs).max().unwrap_or(0);
            self.bits = Some(128 - most.leading_zeros());
        }
        self.rational = Vec::new();
        self.known_groups = BTreeMap::new();
    }

    /// A decimal over the denominator, which limits have taken part in.
    fn over(&self, value: Decimal) -> Wide {
        Wide::from(value.mantissa()) * self.denominator / ten_to(value.scale())
    }

    pub(super) fn limit(&self, limit: &PriceLimit) -> ReadyLimit {
        let over = |value: Decimal| {
            let wide = self.over(value);
            (narrow(wide), wide)
        };
        ReadyLimit { excl_tax: limit.excl_tax.map(over), incl_tax: limit.incl_tax.map(over) }
    }
}

/// What taxes make of 1 (R61): the product over the levels of 1 + the sum of the level; none when there are too many of them,
/// or nothing is left.
pub(crate) fn factor(taxes: &[Tax]) -> Option<(Wide, Wide)> {
    if taxes.len() > MOST_TAXES {
        return None;
    }
    let mut levels: Vec<u32> = taxes.iter().map(|tax| tax.stack).collect();
    levels.sort_unstable();
    levels.dedup();
    let (mut up, mut down) = (Wide::ONE, Wide::ONE);
    for level in levels {
        let percent = taxes
            .iter()
            .filter(|tax| tax.stack == level)
            .try_fold(Decimal::ZERO, |sum, tax| sum.checked_add(tax.percent).filter(|_| tax.percent.scale() <= 18))?;
        if percent.abs() > Decimal::from(MOST_PERCENT) {
            return None;
        }
        let scale = ten_to(percent.scale() + 2);
        (up, down) = lowest((up * (scale + Wide::from(percent.mantissa())), down * scale));
        if up.bits() > 160 || down.bits() > 160 {
            return None;
        }
    }
    (up > Wide::ZERO && up <= down * Wide::from(MOST_FACTOR)).then_some((up, down))
}

fn step(component: &Component, pointer: &str, findings: &mut Findings) -> u64 {
    if component.dimension == Dimension::Flat {
        return 0;
    }
    let step = component.step.normalize();
    if step.scale() > 0 || step.is_sign_negative() && !step.is_zero() {
        findings.note(Diagnostic::new(Code::InvalidStep, format!("{pointer}/step_size")));
        return 0;
    }
    let plausible = if component.dimension == Dimension::Energy { 1_000_000 } else { 30 * 86_400 };
    if step > Decimal::from(plausible) {
        findings.note(Diagnostic::new(Code::ImplausibleStep, format!("{pointer}/step_size")));
    }
    match u64::try_from(step.mantissa()) {
        Ok(step) if step <= MOST_STEP => step,
        _ => {
            findings.note(Diagnostic::new(Code::NumberOutOfRange, format!("{pointer}/step_size")));
            0
        }
    }
}

/// Reservation and booking elements price time and fees, where there can be any (R27, R40).
fn belongs(kind: ElementKind, dimension: Dimension) -> bool {
    match kind {
        ElementKind::Ordinary => true,
        ElementKind::BookingCancellation => dimension == Dimension::Flat,
        ElementKind::BookingOvertime => dimension == Dimension::Time,
        _ => matches!(dimension, Dimension::Flat | Dimension::Time),
    }
}

fn line_kind(kind: ElementKind, dimension: Dimension) -> LineKind {
    match (kind, dimension) {
        (ElementKind::Ordinary, Dimension::Energy) => LineKind::Energy,
        (ElementKind::Ordinary, Dimension::Time) => LineKind::Time,
        (ElementKind::Ordinary, Dimension::ParkingTime) => LineKind::ParkingTime,
        (ElementKind::Ordinary, Dimension::Flat) => LineKind::Fixed,
        (_, Dimension::Flat) => LineKind::ReservationFee,
        _ => LineKind::ReservationTime,
    }
}

fn part_of(kind: LineKind) -> Part {
    match kind {
        LineKind::Energy => Part::Energy,
        LineKind::Time => Part::Time,
        LineKind::ParkingTime => Part::Parking,
        LineKind::ReservationTime => Part::ReservedTime,
        LineKind::ReservationFee => Part::ReservationFee,
        _ => Part::Fixed,
    }
}

fn lowest((numerator, denominator): (Wide, Wide)) -> (Wide, Wide) {
    let divisor = gcd(numerator, denominator);
    (numerator / divisor, denominator / divisor)
}

/// Above this a price is more likely a mistake.
const IMPLAUSIBLE_PRICE: i64 = 10_000;
const MOST_PERCENT: i64 = 1_000_000;
const MOST_FACTOR: i64 = 1_000_000;
/// 1 TWh, 31 000 years: no step is longer, and sums stay in range.
const MOST_STEP: u64 = 1_000_000_000_000;
/// The denominator, with what quantities add to it, stays far from 512 bits even in products.
const MOST_BITS: u32 = 160;
