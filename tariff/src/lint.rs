//! What is odd about a tariff, before anybody is billed with it.

mod cells;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::{NaiveTime, Timelike};
use rust_decimal::Decimal;

use self::cells::{Cells, Reach};
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::Policy;
use crate::tariff::component::Component;
use crate::tariff::dimension::Dimension;
use crate::tariff::{Dialect, ElementKind, Tariff, TaxMode};

impl Tariff {
    /// Everything odd about the tariff, in the order of its members: what [`compile`](Self::compile) refuses or notes, and
    /// what only shows when the elements are seen together.
    ///
    /// A finding says nothing about right or wrong: a tariff may be free at night on purpose. Of one code there are 256
    /// findings at most.
    ///
    /// # Example
    /// ```
    /// use tariff::{Code, Component, Currency, Dimension, Element, Tariff};
    ///
    /// let price = |price: &str| Element::new(vec![Component::new(Dimension::Energy, price.parse().unwrap())]);
    /// let tariff = Tariff::new("twice", Currency::EUR, vec![price("0.25"), price("0.30")]);
    /// let findings = tariff.lint();
    /// assert_eq!(findings[0].code, Code::UnreachableElement);
    /// assert_eq!(findings[0].pointer, "/elements/1");
    /// ```
    #[must_use]
    pub fn lint(&self) -> Vec<Diagnostic> {
        let policy = Policy::default();
        let mut findings = match self.compile(&policy) {
            Ok(compiled) => compiled.diagnostics().to_vec(),
            Err(error) => error.diagnostics,
        };
        self.lint_validity(&mut findings);
        self.lint_limits(&mut findings);
        self.lint_taxes(&mut findings);
        self.lint_steps(&mut findings);
        self.lint_clock_changes(&mut findings);
        if self.elements.len() <= policy.bounds.elements {
            self.lint_reach(&mut findings);
        }
        findings.sort_by_key(|finding| place(&finding.pointer));
        let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
        findings.retain(|finding| {
            let count = counts.entry(finding.code).or_default();
            *count += 1;
            *count <= MOST
        });
        findings
    }

    fn lint_validity(&self, findings: &mut Vec<Diagnostic>) {
        if let (Some(from), Some(until)) = (self.valid_from, self.valid_until)
            && from >= until
        {
            findings.push(Diagnostic::new(Code::NeverValid, "/valid_until"));
        }
    }

    fn lint_limits(&self, findings: &mut Vec<Diagnostic>) {
        for (limit, pointer) in [(&self.min_price, "/min_price"), (&self.max_price, "/max_price")] {
            if let Some(limit) = limit
                && let (Some(excl_tax), Some(incl_tax)) = (limit.excl_tax, limit.incl_tax)
                && incl_tax < excl_tax
            {
                findings.push(
                    Diagnostic::new(Code::LimitTaxContradict, pointer).with_detail(format!("{incl_tax} < {excl_tax}")),
                );
            }
        }
    }

    fn lint_taxes(&self, findings: &mut Vec<Diagnostic>) {
        for dimension in Dimension::ALL {
            let mut first: Option<&Component> = None;
            for (pointer, component) in self.components().filter(|(_, component)| component.dimension == dimension) {
                if self.tax_mode == TaxMode::Included && component.taxes.is_empty() {
                    findings.push(Diagnostic::new(Code::TaxRateMissing, pointer));
                } else if first.is_some_and(|first| first.taxes != component.taxes) {
                    findings.push(Diagnostic::new(Code::MixedTaxes, pointer));
                }
                first = first.or(Some(component));
            }
        }
    }

    /// Charging is billed exactly as soon as parking is priced (R32).
    fn lint_steps(&self, findings: &mut Vec<Diagnostic>) {
        let ordinary = |pointer: &str| self.elements[element_of(pointer)].kind == ElementKind::Ordinary;
        let always_parks = self.elements.iter().any(|element| {
            element.kind == ElementKind::Ordinary
                && element.conditions.is_empty()
                && element.components.iter().any(|component| component.dimension == Dimension::ParkingTime)
        });
        if !always_parks || self.dialect == Dialect::Ocpp21 {
            return;
        }
        for (pointer, component) in self.components() {
            if component.dimension == Dimension::Time && component.step > Decimal::ONE && ordinary(&pointer) {
                findings.push(
                    Diagnostic::new(Code::StepAbsorbedByParking, format!("{pointer}/step_size"))
                        .with_detail("it counts only in sessions without any parking time"),
                );
            }
        }
    }

    /// Windows in the hours that clocks skip in spring and repeat in autumn, which differ between countries (R22).
    fn lint_clock_changes(&self, findings: &mut Vec<Diagnostic>) {
        for (index, element) in self.elements.iter().enumerate() {
            let pointer = format!("/elements/{index}/restrictions");
            let (start, end) = (element.conditions.start_time, element.conditions.end_time);
            let is_within = matches!((start, end), (Some(start), Some(end))
                if start < end && start >= HOUR_1 && end <= HOUR_3);
            if is_within {
                let detail = "it may not occur when clocks go forward, and occur twice when they go back";
                findings.push(Diagnostic::new(Code::WindowInClockChange, pointer).with_detail(detail));
            } else if [start, end].into_iter().flatten().any(|time| time > HOUR_1 && time < HOUR_3 && time.minute() > 0)
            {
                let detail = "its edge falls into the hours that a clock change may skip or repeat";
                findings.push(Diagnostic::new(Code::WindowInClockChange, pointer).with_detail(detail));
            }
        }
    }

    /// Prices that never apply, and places without a price.
    fn lint_reach(&self, findings: &mut Vec<Diagnostic>) {
        let mut reached: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut unreached: Vec<(usize, usize)> = Vec::new();
        for kind in ElementKind::ALL {
            for dimension in Dimension::ALL {
                let entries: Vec<(usize, usize)> = self
                    .elements
                    .iter()
                    .enumerate()
                    .filter(|(_, element)| element.kind == kind)
                    .filter_map(|(at, element)| {
                        let component = element.components.iter().position(|one| one.dimension == dimension)?;
                        Some((at, component))
                    })
                    .collect();
                if entries.is_empty() {
                    continue;
                }
                let conditions: Vec<_> = entries.iter().map(|&(at, _)| &self.elements[at].conditions).collect();
                let Reach { applies, holds, gap } = Cells::of(&conditions)
                    .map_or_else(|| cells::reach_of_many(&conditions), |cells| cells.reach(dimension));
                for (index, &entry) in entries.iter().enumerate() {
                    if applies[index] {
                        reached.insert(entry);
                    } else if holds[index] {
                        unreached.push(entry);
                    }
                }
                if let (Some(gap), ElementKind::Ordinary) = (gap, kind) {
                    let what = match dimension {
                        Dimension::Energy => "energy",
                        Dimension::Time => "charging time",
                        Dimension::ParkingTime => "parking time",
                        Dimension::Flat => continue,
                    };
                    findings.push(
                        Diagnostic::new(Code::PriceGap, "/elements").with_detail(format!("{what} costs nothing {gap}")),
                    );
                }
            }
        }
        let mut named: BTreeSet<usize> = BTreeSet::new();
        for (element, component) in unreached {
            let is_whole = !reached.iter().any(|&(at, _)| at == element);
            if !is_whole {
                let pointer = format!("/elements/{element}/price_components/{component}");
                findings.push(Diagnostic::new(Code::UnreachableComponent, pointer));
            } else if named.insert(element) {
                findings.push(Diagnostic::new(Code::UnreachableElement, format!("/elements/{element}")));
            }
        }
    }

    /// Every component with its pointer.
    fn components(&self) -> impl Iterator<Item = (String, &Component)> {
        self.elements.iter().enumerate().flat_map(|(at, element)| {
            element
                .components
                .iter()
                .enumerate()
                .map(move |(component, found)| (format!("/elements/{at}/price_components/{component}"), found))
        })
    }
}

/// Of one code so many findings are told.
const MOST: usize = 256;

const HOUR_1: NaiveTime = hour(1);
const HOUR_3: NaiveTime = hour(3);

const fn hour(hour: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}

/// The element that a pointer of [`Tariff::components`] points into.
fn element_of(pointer: &str) -> usize {
    pointer.split('/').nth(2).and_then(|index| index.parse().ok()).unwrap_or_default()
}

/// What a pointer is sorted by: its steps, numbers as numbers.
fn place(pointer: &str) -> Vec<(u64, String)> {
    pointer.split('/').map(|step| (step.parse().unwrap_or(u64::MAX), step.into())).collect()
}
