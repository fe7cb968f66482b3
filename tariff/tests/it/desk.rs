//! Short ways to write tariffs, sessions and expectations.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use tariff::{
    Bill, Compiled, Component, Conditions, Currency, Dimension, Element, Exact, LocalTime, Period, Policy, Record,
    RoundingMode, Span, Tariff, Usage,
};

pub fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn energy(price: &str) -> Component {
    Component::new(Dimension::Energy, decimal(price))
}

pub fn time(price: &str) -> Component {
    Component::new(Dimension::Time, decimal(price))
}

pub fn parking(price: &str) -> Component {
    Component::new(Dimension::ParkingTime, decimal(price))
}

pub fn flat(price: &str) -> Component {
    Component::new(Dimension::Flat, decimal(price))
}

/// An element without conditions.
pub fn always(components: impl Into<Vec<Component>>) -> Element {
    Element::new(components.into())
}

/// An element under conditions, as JSON.
pub fn when(conditions: &str, components: impl Into<Vec<Component>>) -> Element {
    Element::new(components.into()).when(conditions_of(conditions))
}

pub fn conditions_of(json: &str) -> Conditions {
    serde_json::from_str(json).unwrap()
}

pub fn euro(elements: impl Into<Vec<Element>>) -> Tariff {
    Tariff::new("T", Currency::EUR, elements.into())
}

/// A session that starts at 10:00 on Monday 15 January 2024, UTC, with local time in UTC.
pub struct Session {
    pub record: Record,
}

pub fn session() -> Session {
    session_at("2024-01-15T10:00:00Z")
}

pub fn session_at(start: &str) -> Session {
    let start = at(start);
    Session { record: Record { zone: LocalTime::UTC, ..Record::new(start, start) } }
}

impl Session {
    /// A period of so many minutes, filled in by the caller.
    pub fn period(mut self, minutes: i64, fill: impl FnOnce(&mut Period)) -> Self {
        let mut period = Period::new(self.record.end);
        fill(&mut period);
        self.record.periods.push(period);
        self.record.end += chrono::TimeDelta::minutes(minutes);
        self
    }

    pub fn charge(self, minutes: i64, kwh: &str) -> Self {
        self.period(minutes, |period| {
            period.energy = Some(decimal(kwh));
            period.time = Some(Span::Nanos(minutes * 60_000_000_000));
        })
    }

    /// Charging of which only the energy is stated.
    pub fn kwh(self, kwh: &str) -> Self {
        self.period(60, |period| period.energy = Some(decimal(kwh)))
    }

    pub fn charge_time(self, minutes: i64) -> Self {
        self.period(minutes, |period| period.time = Some(Span::Nanos(minutes * 60_000_000_000)))
    }

    pub fn park(self, minutes: i64) -> Self {
        self.period(minutes, |period| period.parking_time = Some(Span::Nanos(minutes * 60_000_000_000)))
    }

    pub fn reserve(self, minutes: i64) -> Self {
        self.period(minutes, |period| period.reservation_time = Some(Span::Nanos(minutes * 60_000_000_000)))
    }

    /// Puts the last period under a tariff.
    pub fn under(mut self, tariff: &str) -> Self {
        let known = self.record.tariff_ids.iter().position(|id| id == tariff);
        let place = known.unwrap_or_else(|| {
            self.record.tariff_ids.push(tariff.into());
            self.record.tariff_ids.len() - 1
        });
        self.record.periods.last_mut().unwrap().tariff = Some(place as u16);
        self
    }

    pub fn with(mut self, change: impl FnOnce(&mut Record)) -> Self {
        change(&mut self.record);
        self
    }

    pub fn usage(&self, policy: &Policy) -> Usage {
        Usage::new(&self.record, policy).unwrap_or_else(|error| panic!("{error}: {:?}", error.diagnostics))
    }
}

/// The bill of a session, checked for what holds of every bill.
#[track_caller]
pub fn bill_of(tariffs: &[Tariff], session: &Session, policy: &Policy) -> Bill {
    let compiled = Compiled::new(tariffs, policy).unwrap_or_else(|error| panic!("{error}: {:?}", error.diagnostics));
    let usage = session.usage(policy);
    let bill = compiled.price(&usage, policy).unwrap();
    assert_eq!(bill.totals, compiled.totals(&usage, policy).unwrap(), "bill and totals differ");
    check_bill(&bill, usage.is_credit() && policy.credit.negate == tariff::CreditNegation::TotalOnly);
    bill
}

/// The total is the sum of the lines, and the taxes account for the difference of both totals.
#[track_caller]
pub fn check_bill(bill: &Bill, total_is_negated: bool) {
    let sum = |amount: fn(&tariff::Cost) -> Option<Exact>| {
        bill.lines.iter().try_fold(Exact::ZERO, |sum, line| sum.checked_add(amount(&line.cost)?))
    };
    let sign = |amount: Exact| if total_is_negated { amount.negated() } else { amount };
    if let (Some(total), Some(sum)) = (bill.totals.total.excl_tax, sum(|cost| cost.excl_tax)) {
        assert_eq!(sign(total), sum, "lines before tax");
    }
    if let (Some(total), Some(sum)) = (bill.totals.total.incl_tax, sum(|cost| cost.incl_tax)) {
        assert_eq!(sign(total), sum, "lines after tax");
    }
    if let (Some(excl), Some(incl)) = (bill.totals.total.excl_tax, bill.totals.total.incl_tax) {
        let taxes = bill.taxes.iter().try_fold(Exact::ZERO, |sum, tax| sum.checked_add(tax.amount)).unwrap();
        assert_eq!(incl.checked_sub(excl).unwrap(), taxes, "taxes");
    }
}

#[track_caller]
pub fn assert_costs(tariffs: &[Tariff], session: &Session, excl_tax: &str) {
    assert_costs_by(&Policy::default(), tariffs, session, excl_tax);
}

/// The total before tax, at as many decimals as the expectation has.
#[track_caller]
pub fn assert_costs_by(policy: &Policy, tariffs: &[Tariff], session: &Session, excl_tax: &str) {
    let bill = bill_of(tariffs, session, policy);
    assert_eq!(shown(bill.totals.total.excl_tax, excl_tax), excl_tax, "before tax, of {:#?}", bill.lines);
}

#[track_caller]
pub fn assert_totals(tariffs: &[Tariff], session: &Session, excl_tax: &str, incl_tax: &str) {
    assert_totals_by(&Policy::default(), tariffs, session, excl_tax, incl_tax);
}

#[track_caller]
pub fn assert_totals_by(policy: &Policy, tariffs: &[Tariff], session: &Session, excl_tax: &str, incl_tax: &str) {
    let bill = bill_of(tariffs, session, policy);
    assert_eq!(shown(bill.totals.total.excl_tax, excl_tax), excl_tax, "before tax, of {:#?}", bill.lines);
    assert_eq!(shown(bill.totals.total.incl_tax, incl_tax), incl_tax, "after tax, of {:#?}", bill.lines);
}

/// An amount with the decimals of the text it is compared with.
pub fn shown(amount: Option<Exact>, like: &str) -> String {
    let decimals = like.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    amount.map_or_else(|| "unknown".into(), |amount| amount.round(decimals as u32, RoundingMode::HalfUp).to_string())
}

pub fn policy(change: impl FnOnce(&mut Policy)) -> Policy {
    let mut policy = Policy::default();
    change(&mut policy);
    policy
}

pub fn codes(bill: &Bill) -> Vec<&'static str> {
    bill.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}
