//! Tariffs and cost details of OCPP 2.1.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use ocpp_types::{DecodePolicy, Payload, Remark, Repair, decode_within, v21};
use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::{
    Claim, Claims, Context, DocumentError, DocumentKind, ElementPlace, Format, RecordDocument, RecordSource,
    TariffDocument, TariffSource,
};
use crate::currency::Currency;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::policy::{MaxElements, Policy, StringNumber};
use crate::tariff::component::{Component, Tax};
use crate::tariff::condition::{Conditions, EvseKind, Weekdays};
use crate::tariff::dimension::Dimension;
use crate::tariff::{Dialect, Element, ElementKind, PriceLimit, Tariff};
use crate::usage::{Period, Record, Span};

/// Reads the text of a tariff.
pub(super) fn read_tariff_text(text: &str, policy: &Policy) -> Result<TariffDocument, DocumentError> {
    let (request, findings) =
        decode::<v21::SetDefaultTariffRequest>(r#"{"evseId":0,"tariff":"#, text, "/tariff", policy)?;
    read_tariff(&request.tariff, findings)
}

/// Reads the text of cost details.
pub(super) fn read_cost_text(text: &str, context: &Context, policy: &Policy) -> Result<RecordDocument, DocumentError> {
    const EVENT: &str = r#"{"eventType":"Ended","timestamp":"1970-01-01T00:00:00Z","triggerReason":"StopAuthorized","seqNo":0,"transactionInfo":{"transactionId":"-"},"costDetails":"#;
    let (event, findings) = decode::<v21::TransactionEventRequest>(EVENT, text, "/costDetails", policy)?;
    match event.cost_details {
        Some(details) => read_cost(&details, findings, context),
        None => Err(DocumentError::at("", "null in place of cost details")),
    }
}

/// Decodes a datatype inside the message that carries it. What is repaired is noted; what the repair would cost in
/// meaning is an error.
fn decode<T: Payload>(before: &str, text: &str, prefix: &str, policy: &Policy) -> Result<(T, Findings), DocumentError> {
    // a text that closes the message itself must not pass
    serde_json::from_str::<&RawValue>(text).map_err(|error| DocumentError::of_json(&error))?;
    let message = format!("{before}{text}}}");
    let local = |pointer: &str| pointer.strip_prefix(prefix).unwrap_or(pointer).to_owned();
    let decoded = decode_within::<T>(&message, DecodePolicy::Repair, message.len()).map_err(|error| {
        let diagnostics = error.violations().iter().map(|violation| {
            let code = match violation.defect {
                ocpp_types::Defect::OutOfRange => Code::NumberOutOfRange,
                _ => Code::ValueInvalid,
            };
            Diagnostic::new(code, local(&violation.pointer)).with_detail(violation.message.clone())
        });
        DocumentError { diagnostics: diagnostics.collect() }
    })?;
    let mut findings = Findings::new();
    for remark in &decoded.remarks {
        note(remark, local(&remark.pointer), policy, &mut findings);
    }
    Ok((decoded.value, findings))
}

/// What a repair means for pricing.
fn note(remark: &Remark, pointer: String, policy: &Policy, findings: &mut Findings) {
    let in_conditions = pointer.contains("/conditions");
    let detail: String = remark.found.chars().take(48).flat_map(char::escape_debug).collect();
    let diagnostic = |code| Diagnostic::new(code, pointer.clone()).with_detail(detail.clone());
    match remark.repair {
        Repair::TextAsNumber => {
            let found = diagnostic(Code::NumberAsString);
            findings.note(match policy.numbers.string {
                StringNumber::Accept => found,
                StringNumber::Reject => found.into_error(),
            });
        }
        Repair::UnknownMember if in_conditions => findings.note(diagnostic(Code::UnknownRestriction)),
        Repair::UnknownMember => {}
        Repair::FractionDropped | Repair::Unlisted if in_conditions => findings.note(diagnostic(Code::ValueInvalid)),
        _ => {
            let mut found = diagnostic(Code::ValueInvalid);
            found.severity = crate::Severity::Warning;
            findings.note(found);
        }
    }
}

impl TariffSource for v21::Tariff {
    fn to_tariff(&self, _: &Policy) -> Result<TariffDocument, DocumentError> {
        read_tariff(self, Findings::new())
    }
}

impl RecordSource for v21::CostDetails {
    fn to_record(&self, context: &Context, _: &Policy) -> Result<RecordDocument, DocumentError> {
        read_cost(self, Findings::new(), context)
    }
}

fn read_tariff(source: &v21::Tariff, findings: Findings) -> Result<TariffDocument, DocumentError> {
    let mut reading = Reading { findings, elements: Vec::new(), places: Vec::new() };
    let currency = reading.currency(&source.currency);

    if let Some(list) = &source.energy {
        let taxes = reading.taxes(&list.tax_rates, "/energy");
        for (index, entry) in list.prices.iter().enumerate() {
            let at = format!("/energy/prices/{index}");
            let conditions = entry.conditions.as_deref().map(|conditions| reading.conditions(conditions, &at));
            let price = reading.price(entry.price_kwh, 1, &format!("{at}/priceKwh"));
            reading.entry(Dimension::Energy, ElementKind::Ordinary, price, &taxes, conditions, at, "/priceKwh");
        }
    }
    for (list, name, dimension, kind) in [
        (&source.charging_time, "chargingTime", Dimension::Time, ElementKind::Ordinary),
        (&source.idle_time, "idleTime", Dimension::ParkingTime, ElementKind::Ordinary),
        (&source.reservation_time, "reservationTime", Dimension::Time, ElementKind::Reservation),
    ] {
        let Some(list) = list else { continue };
        let taxes = reading.taxes(&list.tax_rates, &format!("/{name}"));
        for (index, entry) in list.prices.iter().enumerate() {
            let at = format!("/{name}/prices/{index}");
            let conditions = entry.conditions.as_deref().map(|conditions| reading.conditions(conditions, &at));
            let price = reading.price(entry.price_minute, 60, &format!("{at}/priceMinute"));
            reading.entry(dimension, kind, price, &taxes, conditions, at, "/priceMinute");
        }
    }
    for (list, name, kind) in [
        (&source.fixed_fee, "fixedFee", ElementKind::Ordinary),
        (&source.reservation_fixed, "reservationFixed", ElementKind::Reservation),
    ] {
        let Some(list) = list else { continue };
        let taxes = reading.taxes(&list.tax_rates, &format!("/{name}"));
        for (index, entry) in list.prices.iter().enumerate() {
            let at = format!("/{name}/prices/{index}");
            let conditions = entry.conditions.as_deref().map(|conditions| reading.fixed_conditions(conditions, &at));
            let price = reading.price(entry.price_fixed, 1, &format!("{at}/priceFixed"));
            reading.entry(Dimension::Flat, kind, price, &taxes, conditions, at, "/priceFixed");
        }
    }
    if reading.elements.is_empty() && !reading.findings.has_error() {
        reading.note(Code::TariffWithoutElements, "");
    }

    let min_price = source.min_cost.as_ref().map(|limit| reading.limit(limit, "/minCost"));
    let max_price = source.max_cost.as_ref().map(|limit| reading.limit(limit, "/maxCost"));
    let Reading { findings, elements, places } = reading;
    let Some(currency) = currency.filter(|_| !findings.has_error()) else {
        return Err(DocumentError::of(findings));
    };
    let mut tariff = Tariff::new(source.tariff_id.as_str(), currency, elements);
    tariff.dialect = Dialect::Ocpp21;
    tariff.valid_from = source.valid_from.as_ref().map(v21_instant);
    tariff.min_price = min_price;
    tariff.max_price = max_price;
    Ok(TariffDocument { tariff, format: Format::Ocpp21, diagnostics: findings.0, base: String::new(), places })
}

fn v21_instant(timestamp: &ocpp_types::Timestamp) -> DateTime<Utc> {
    timestamp.utc()
}

struct Reading {
    findings: Findings,
    elements: Vec<Element>,
    places: Vec<ElementPlace>,
}

impl Reading {
    #[cold]
    fn note(&mut self, code: Code, at: &str) {
        self.findings.note(Diagnostic::new(code, at));
    }

    #[cold]
    fn invalid(&mut self, at: String, detail: impl Into<String>) {
        self.findings.note(Diagnostic::new(Code::ValueInvalid, at).with_detail(detail));
    }

    fn currency(&mut self, code: &str) -> Option<Currency> {
        match Currency::new(code) {
            Ok(currency) => Some(currency),
            Err(_) if code.is_empty() => {
                self.note(Code::MissingCurrency, "/currency");
                None
            }
            Err(error) => {
                self.invalid("/currency".to_owned(), error.to_string());
                None
            }
        }
    }

    /// A price in the unit of this crate, which is so many times that of OCPP (R57).
    fn price(&mut self, price: ocpp_types::Decimal, factor: i64, at: &str) -> Option<Decimal> {
        let price = Decimal::from(price);
        if price.normalize().scale() > 6 {
            self.note(Code::TooManyDecimals, at);
        }
        let scaled = times(price, factor);
        if scaled.is_none() {
            self.note(Code::NumberOutOfRange, at);
        }
        scaled
    }

    #[expect(clippy::too_many_arguments, reason = "what an entry consists of")]
    fn entry(
        &mut self,
        dimension: Dimension,
        kind: ElementKind,
        price: Option<Decimal>,
        taxes: &[Tax],
        conditions: Option<Conditions>,
        pointer: String,
        price_member: &str,
    ) {
        let Some(price) = price else { return };
        let mut component = Component::new(dimension, price);
        component.taxes = taxes.to_vec();
        self.elements.push(Element {
            kind,
            conditions: conditions.unwrap_or_default(),
            components: Vec::from([component]),
        });
        self.places.push(ElementPlace { pointer, components: Vec::from([price_member.to_owned()]) });
    }

    /// The taxes of a list; none is not the same as 0 % (R61).
    fn taxes(&mut self, rates: &[v21::TaxRate], at: &str) -> Vec<Tax> {
        let tax = |(index, rate): (usize, &v21::TaxRate)| {
            let stack = u32::try_from(rate.stack.unwrap_or(0));
            if stack.is_err() {
                self.invalid(format!("{at}/taxRates/{index}/stack"), "not 0 or more");
            }
            let mut tax = Tax::new(rate.kind.as_str(), rate.tax.into());
            tax.stack = stack.unwrap_or(0);
            tax
        };
        rates.iter().enumerate().map(tax).collect()
    }

    fn limit(&mut self, limit: &v21::Price, at: &str) -> PriceLimit {
        if limit.excl_tax.is_none() && limit.incl_tax.is_none() {
            self.invalid(at.to_owned(), "states no amount");
        }
        PriceLimit {
            excl_tax: limit.excl_tax.map(Into::into),
            incl_tax: limit.incl_tax.map(Into::into),
            taxes: self.taxes(&limit.tax_rates, at),
        }
    }

    fn conditions(&mut self, source: &v21::TariffConditions, at: &str) -> Conditions {
        let mut at = Place { reading: self, at: format!("{at}/conditions") };
        let mut seconds = |value: Option<i64>, name: &str| {
            let value = value?;
            let seconds = u64::try_from(value);
            if seconds.is_err() {
                at.invalid(name, "not 0 or more");
            }
            seconds.ok()
        };
        let (min_duration, max_duration) = (seconds(source.min_time, "minTime"), seconds(source.max_time, "maxTime"));
        let min_charging_time = seconds(source.min_charging_time, "minChargingTime");
        let max_charging_time = seconds(source.max_charging_time, "maxChargingTime");
        let min_idle_time = seconds(source.min_idle_time, "minIdleTime");
        let max_idle_time = seconds(source.max_idle_time, "maxIdleTime");
        let mut thousandth = |value: Option<ocpp_types::Decimal>, name: &str| {
            let value = Decimal::from(value?);
            let thousandth = per_thousand(value);
            if thousandth.is_none() {
                at.invalid(name, "more digits than can be held");
            }
            thousandth
        };
        Conditions {
            min_kwh: thousandth(source.min_energy, "minEnergy"),
            max_kwh: thousandth(source.max_energy, "maxEnergy"),
            min_power: thousandth(source.min_power, "minPower"),
            max_power: thousandth(source.max_power, "maxPower"),
            min_current: source.min_current.map(Into::into),
            max_current: source.max_current.map(Into::into),
            min_duration,
            max_duration,
            min_charging_time,
            max_charging_time,
            min_idle_time,
            max_idle_time,
            start_time: at.time(source.start_time_of_day.as_deref(), "startTimeOfDay"),
            end_time: at.time(source.end_time_of_day.as_deref(), "endTimeOfDay"),
            start_date: at.date(source.valid_from_date.as_deref(), "validFromDate"),
            end_date: at.date(source.valid_to_date.as_deref(), "validToDate"),
            day_of_week: at.days(&source.day_of_week),
            evse_kind: at.evse_kind(source.evse_kind.as_ref()),
            payment_brand: None,
            payment_recognition: None,
        }
    }

    fn fixed_conditions(&mut self, source: &v21::TariffConditionsFixed, at: &str) -> Conditions {
        let mut at = Place { reading: self, at: format!("{at}/conditions") };
        Conditions {
            start_time: at.time(source.start_time_of_day.as_deref(), "startTimeOfDay"),
            end_time: at.time(source.end_time_of_day.as_deref(), "endTimeOfDay"),
            start_date: at.date(source.valid_from_date.as_deref(), "validFromDate"),
            end_date: at.date(source.valid_to_date.as_deref(), "validToDate"),
            day_of_week: at.days(&source.day_of_week),
            evse_kind: at.evse_kind(source.evse_kind.as_ref()),
            payment_brand: source.payment_brand.as_ref().map(|brand| brand.as_str().to_owned()),
            payment_recognition: source.payment_recognition.as_ref().map(|means| means.as_str().to_owned()),
            ..Conditions::default()
        }
    }
}

/// The conditions of an entry, while they are read.
struct Place<'r> {
    reading: &'r mut Reading,
    at: String,
}

impl Place<'_> {
    #[cold]
    fn invalid(&mut self, name: &str, detail: &str) {
        let at = format!("{}/{name}", self.at);
        self.reading.invalid(at, detail);
    }

    /// A time of day, `HH:MM` (R58).
    fn time(&mut self, text: Option<&str>, name: &str) -> Option<NaiveTime> {
        let text = text?;
        let time = match *text.as_bytes() {
            [_, _, b':', _, _] => NaiveTime::parse_from_str(text, "%H:%M").ok(),
            _ => None,
        };
        if time.is_none() {
            let hint = if text == "24:00" { "not a time of day; the end of the day is 00:00" } else { "not HH:MM" };
            self.invalid(name, hint);
        }
        time
    }

    fn date(&mut self, text: Option<&str>, name: &str) -> Option<NaiveDate> {
        let text = text?;
        let date = match text.len() {
            10 => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok(),
            _ => None,
        };
        if date.is_none() {
            self.invalid(name, "not a date that exists");
        }
        date
    }

    fn days(&mut self, days: &[v21::DayOfWeek]) -> Weekdays {
        let mut set = Weekdays::NONE;
        for (index, day) in days.iter().enumerate() {
            set = set.with(match day {
                v21::DayOfWeek::Monday => Weekday::Mon,
                v21::DayOfWeek::Tuesday => Weekday::Tue,
                v21::DayOfWeek::Wednesday => Weekday::Wed,
                v21::DayOfWeek::Thursday => Weekday::Thu,
                v21::DayOfWeek::Friday => Weekday::Fri,
                v21::DayOfWeek::Saturday => Weekday::Sat,
                v21::DayOfWeek::Sunday => Weekday::Sun,
                _ => {
                    self.invalid(&format!("dayOfWeek/{index}"), "not a day");
                    continue;
                }
            });
        }
        set
    }

    fn evse_kind(&mut self, kind: Option<&v21::EvseKind>) -> Option<EvseKind> {
        match kind? {
            v21::EvseKind::Ac => Some(EvseKind::Ac),
            v21::EvseKind::Dc => Some(EvseKind::Dc),
            _ => {
                self.invalid("evseKind", "not AC or DC");
                None
            }
        }
    }
}

/// The exact product; none where a decimal has no room for it.
fn times(value: Decimal, factor: i64) -> Option<Decimal> {
    if factor == 1 {
        return Some(value);
    }
    let value = value.normalize();
    let product = value.mantissa().checked_mul(factor.into())?;
    Decimal::try_from_i128_with_scale(product, value.scale()).ok().map(|product| product.normalize())
}

/// The exact thousandth; none where a decimal has no room for it.
fn per_thousand(value: Decimal) -> Option<Decimal> {
    let mut value = value.normalize();
    value.set_scale(value.scale() + 3).ok()?;
    Some(value.normalize())
}

fn read_cost(
    source: &v21::CostDetails,
    findings: Findings,
    context: &Context,
) -> Result<RecordDocument, DocumentError> {
    if source.failure_to_calculate == Some(true) {
        return Err(DocumentError::at("/failureToCalculate", "the station could not calculate this cost"));
    }
    let Some(first) = source.charging_periods.first() else {
        return Err(DocumentError::at("/chargingPeriods", "missing: a running cost says nothing about its periods"));
    };
    let mut reading = Reading { findings, elements: Vec::new(), places: Vec::new() };
    if context.is_update {
        reading.note(Code::PeriodsInRunningCost, "/chargingPeriods");
    }
    let start = first.start_period.utc();
    let mut record = Record::new(start, start);
    record.currency = reading.currency(&source.total_cost.currency);
    for (index, period) in source.charging_periods.iter().enumerate() {
        read_period(period, index, &mut record, &mut reading);
    }
    if source.charging_periods.iter().any(|period| period.tariff_id.is_none()) {
        reading.note(Code::CostWithoutTariff, "/chargingPeriods");
    }
    record.total_energy = per_thousand(source.total_usage.energy.into());
    record.end = match (context.until, record.periods.last()) {
        (Some(until), _) => until,
        (None, Some(last)) => {
            let nanos = [last.time, last.parking_time].into_iter().flatten().fold(0_i64, |sum, span| match span {
                Span::Nanos(nanos) => sum.saturating_add(nanos),
                Span::Hours(_) => sum,
            });
            last.start.checked_add_signed(TimeDelta::nanoseconds(nanos)).unwrap_or(last.start)
        }
        (None, None) => start,
    };
    if let Some(reserved) = source.total_usage.reservation_time.filter(|&seconds| seconds > 0) {
        lead(&mut record, reserved, &mut reading);
    }
    let claims = claims(&source.total_cost);
    if reading.findings.has_error() {
        return Err(DocumentError::of(reading.findings));
    }
    context.complete(&mut record);
    Ok(RecordDocument {
        record,
        kind: DocumentKind::CostDetails,
        format: Format::Ocpp21,
        tariffs: Ok(Vec::new()),
        claims,
        diagnostics: reading.findings.0,
    })
}

/// A reservation has no period in OCPP: it becomes one that ends where the transaction starts (R75).
fn lead(record: &mut Record, seconds: i64, reading: &mut Reading) {
    let length = u32::try_from(seconds).ok();
    match length.and_then(|length| record.start.checked_sub_signed(TimeDelta::seconds(length.into()))) {
        Some(start) => {
            let mut period = Period::new(start);
            period.reservation_time = length.map(Span::seconds);
            period.tariff = record.periods.first().and_then(|first| first.tariff);
            record.periods.insert(0, period);
            record.start = start;
        }
        None => reading.note(Code::NumberOutOfRange, "/totalUsage/reservationTime"),
    }
}

fn read_period(source: &v21::ChargingPeriod, index: usize, record: &mut Record, reading: &mut Reading) {
    let at = format!("/chargingPeriods/{index}");
    let mut period = Period::new(source.start_period.utc());
    if let Some(id) = &source.tariff_id {
        let known = record.tariff_ids.iter().position(|known| known.eq_ignore_ascii_case(id));
        let place = known.unwrap_or_else(|| {
            record.tariff_ids.push(id.as_str().to_owned());
            record.tariff_ids.len() - 1
        });
        period.tariff = u16::try_from(place).ok();
    }
    for (index, dimension) in source.dimensions.iter().enumerate() {
        let volume = Decimal::from(dimension.volume);
        let read = put(&dimension.kind, volume, &mut period);
        match read {
            Some(true) => {}
            Some(false) => {
                let at = format!("{at}/dimensions/{index}/type");
                reading.findings.note(Diagnostic::new(Code::UnknownDimension, at));
            }
            None => reading.note(Code::NumberOutOfRange, &format!("{at}/dimensions/{index}/volume")),
        }
    }
    record.periods.push(period);
}

/// Puts a volume into its place; false if nobody knows its dimension, none if it is out of range.
fn put(kind: &v21::CostDimensionKind, volume: Decimal, period: &mut Period) -> Option<bool> {
    let seconds = |place: &mut Option<Span>| {
        let nanos = volume.checked_mul(Decimal::from(1_000_000_000))?.round();
        let nanos = i64::try_from(nanos).ok()?;
        *place = Some(Span::Nanos(match *place {
            Some(Span::Nanos(so_far)) => so_far.checked_add(nanos)?,
            _ => nanos,
        }));
        Some(())
    };
    match kind.as_str() {
        "Energy" => {
            let energy = per_thousand(volume)?;
            period.energy = Some(period.energy.unwrap_or_default().checked_add(energy)?);
        }
        "ChargingTime" => seconds(&mut period.time)?,
        // the schema spells it oddly; stations write either (R67)
        "IdleTIme" | "IdleTime" => seconds(&mut period.parking_time)?,
        "MaxCurrent" => period.flow.max_current = Some(volume),
        "MinCurrent" => period.flow.min_current = Some(volume),
        "MaxPower" => period.flow.max_power = Some(per_thousand(volume)?),
        "MinPower" => period.flow.min_power = Some(per_thousand(volume)?),
        _ => return Some(false),
    }
    Some(true)
}

fn claims(cost: &v21::TotalCost) -> Claims {
    let claim = |excl_tax: Option<ocpp_types::Decimal>, incl_tax: Option<ocpp_types::Decimal>, name: &str| Claim {
        excl_tax: excl_tax.map(Into::into),
        incl_tax: incl_tax.map(Into::into),
        pointer: format!("/totalCost/{name}"),
    };
    let part = |price: &Option<v21::Price>, name: &str| {
        price.as_ref().map(|price| claim(price.excl_tax, price.incl_tax, name))
    };
    let reservation =
        match (part(&cost.reservation_time, "reservationTime"), part(&cost.reservation_fixed, "reservationFixed")) {
            (Some(time), Some(fixed)) => {
                let sum = |a: Option<Decimal>, b: Option<Decimal>| a.zip(b).and_then(|(a, b)| a.checked_add(b));
                Some(Claim {
                    excl_tax: sum(time.excl_tax, fixed.excl_tax),
                    incl_tax: sum(time.incl_tax, fixed.incl_tax),
                    pointer: time.pointer,
                })
            }
            (time, fixed) => time.or(fixed),
        };
    Claims {
        total: Some(claim(cost.total.excl_tax, cost.total.incl_tax, "total")),
        fixed: part(&cost.fixed, "fixed"),
        energy: part(&cost.energy, "energy"),
        time: part(&cost.charging_time, "chargingTime"),
        parking_time: part(&cost.idle_time, "idleTime"),
        reservation,
    }
}

/// What a station can take, from its variables (R84).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct StationLimits {
    /// The most entries (`TariffMaxElements`); none: no limit.
    pub max_elements: Option<usize>,
    /// Whether it supports conditions (`TariffConditionsSupported`).
    pub conditions_supported: bool,
}

/// What a station would say to a tariff (R84).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TariffVerdict {
    /// It can take it.
    Accepted,
    /// It has more entries than the station takes.
    TooManyElements,
    /// It has conditions, which the station does not support.
    ConditionNotSupported,
}

impl StationLimits {
    /// What the station would say to a tariff, so that it can be asked before it is sent.
    #[must_use]
    pub fn check(&self, tariff: &v21::Tariff, policy: &Policy) -> TariffVerdict {
        let times = [&tariff.charging_time, &tariff.idle_time, &tariff.reservation_time];
        let fees = [&tariff.fixed_fee, &tariff.reservation_fixed];
        let energy = tariff.energy.iter().map(|list| list.prices.len());
        let times_len = times.into_iter().flatten().map(|list| list.prices.len());
        let fees_len = fees.into_iter().flatten().map(|list| list.prices.len());
        let lengths = energy.chain(times_len).chain(fees_len);
        let count = match policy.ocpp.max_elements {
            MaxElements::Total => lengths.sum(),
            MaxElements::PerList => lengths.max().unwrap_or(0),
        };
        if self.max_elements.is_some_and(|most| count > most) {
            return TariffVerdict::TooManyElements;
        }
        let is_conditional = tariff.energy.iter().flat_map(|list| list.prices.iter()).any(|p| p.conditions.is_some())
            || times.into_iter().flatten().flat_map(|list| list.prices.iter()).any(|p| p.conditions.is_some())
            || fees.into_iter().flatten().flat_map(|list| list.prices.iter()).any(|p| p.conditions.is_some());
        if is_conditional && !self.conditions_supported {
            return TariffVerdict::ConditionNotSupported;
        }
        TariffVerdict::Accepted
    }
}
