//! Tariffs of OCPI 2.1.1, 2.2.1 and 2.3.0.

use chrono::{NaiveTime, Weekday};
use ocpi_types::{LocalDate, Path};
use rust_decimal::Decimal;

use super::json::{Object, Reading, Value, shortened};
use super::{DocumentError, ElementPlace, Format, TariffDocument};
use crate::currency::Currency;
use crate::diagnostic::Code;
use crate::policy::{MissingTaxIncluded, Policy, UnknownComponent};
use crate::tariff::component::{Component, Tax};
use crate::tariff::condition::{Conditions, Weekdays};
use crate::tariff::dimension::Dimension;
use crate::tariff::{Dialect, Element, ElementKind, PriceLimit, Tariff, TariffKind, TaxMode};

/// Reads the text of a tariff.
pub(super) fn read_text(text: &str, format: Format, policy: &Policy) -> Result<TariffDocument, DocumentError> {
    read(Value::parse(text)?, &Path::ROOT, format, policy)
}

/// Reads a tariff that may be part of a document.
pub(super) fn read(
    value: Value<'_>,
    at: &Path<'_>,
    format: Format,
    policy: &Policy,
) -> Result<TariffDocument, DocumentError> {
    let mut reading = Reading::new(policy);
    let document = tariff(value, at, format, &mut reading);
    let base = at.to_string();
    match document {
        Some((tariff, places)) if !reading.findings.has_error() => {
            Ok(TariffDocument { tariff, format, diagnostics: reading.findings.0, base, places })
        }
        _ => Err(DocumentError::of(reading.findings)),
    }
}

fn tariff(
    value: Value<'_>,
    at: &Path<'_>,
    format: Format,
    reading: &mut Reading<'_>,
) -> Option<(Tariff, Vec<ElementPlace>)> {
    let object = reading.object(value, at)?;
    let id_at = at.member("id");
    let id = reading.text(object.get("id"), &id_at);
    if id.is_none() {
        reading.warn(Code::ValueInvalid, &id_at, "missing");
    }
    let currency = currency(&object, at, reading);

    let mut elements = Vec::new();
    let mut places = Vec::new();
    let list_at = at.member("elements");
    for (index, item) in reading.list(object.get("elements"), &list_at).into_iter().enumerate() {
        let at = list_at.item(index);
        if let Some((element, components)) = element(item, &at, format, reading) {
            places.push(ElementPlace { pointer: format!("/elements/{index}"), components });
            elements.push(element);
        }
    }
    if elements.is_empty() && !reading.findings.has_error() {
        reading.note(Code::TariffWithoutElements, &list_at, "");
    }

    let kind = kind(&object, at, reading);
    let valid_from = reading.instant(object.get("start_date_time"), &at.member("start_date_time"));
    let valid_until = reading.instant(object.get("end_date_time"), &at.member("end_date_time"));
    let min_price = limit(&object, "min_price", at, reading);
    let max_price = limit(&object, "max_price", at, reading);
    let tax_mode = tax_mode(&object, at, format, reading);
    let tariff = Tariff {
        id: id.unwrap_or_default().into_owned(),
        currency: currency?,
        dialect: if format == Format::Ocpi211 { Dialect::Ocpi211 } else { Dialect::Ocpi },
        kind,
        valid_from,
        valid_until,
        tax_mode,
        min_price,
        max_price,
        elements,
    };
    Some((tariff, places))
}

fn currency(object: &Object<'_>, at: &Path<'_>, reading: &mut Reading<'_>) -> Option<Currency> {
    let at = at.member("currency");
    let Some(code) = reading.text(object.get("currency"), &at) else {
        reading.note(Code::MissingCurrency, &at, "");
        return None;
    };
    match Currency::new(&code) {
        Ok(currency) => {
            // whether the code is listed is said where the tariff is compiled
            Some(currency)
        }
        Err(error) => {
            reading.note(Code::ValueInvalid, &at, format!("{}: {error}", shortened(&code)));
            None
        }
    }
}

/// The type of a tariff; one that nobody knows restricts nothing.
fn kind(object: &Object<'_>, at: &Path<'_>, reading: &mut Reading<'_>) -> Option<TariffKind> {
    let at = at.member("type");
    let name = reading.text(object.get("type"), &at)?;
    Some(match name.as_ref() {
        "AD_HOC_PAYMENT" => TariffKind::AdHocPayment,
        "PROFILE_CHEAP" => TariffKind::ProfileCheap,
        "PROFILE_FAST" => TariffKind::ProfileFast,
        "PROFILE_GREEN" => TariffKind::ProfileGreen,
        "REGULAR" => TariffKind::Regular,
        other => {
            reading.warn(Code::ValueInvalid, &at, format!("{} is not a type of tariff", shortened(other)));
            return None;
        }
    })
}

/// How prices and taxes belong together (R45 to R47).
fn tax_mode(object: &Object<'_>, at: &Path<'_>, format: Format, reading: &mut Reading<'_>) -> TaxMode {
    let at = at.member("tax_included");
    match format {
        Format::Ocpi211 => return TaxMode::Unknown,
        Format::Ocpi221 => return TaxMode::Excluded,
        _ => {}
    }
    match reading.text(object.get("tax_included"), &at).as_deref() {
        Some("YES") => TaxMode::Included,
        Some("NO") => TaxMode::Excluded,
        Some("N/A") => TaxMode::NotApplicable,
        Some(other) => {
            reading.note(Code::ValueInvalid, &at, format!("{} is not YES, NO or N/A", shortened(other)));
            TaxMode::Excluded
        }
        None => {
            match reading.policy.tax_included.missing {
                MissingTaxIncluded::No => reading.note(Code::TaxIncludedMissing, &at, ""),
                MissingTaxIncluded::Reject => reading.refuse(Code::TaxIncludedMissing, &at, ""),
            }
            TaxMode::Excluded
        }
    }
}

/// A price limit in the notation of either version.
fn limit(object: &Object<'_>, name: &'static str, at: &Path<'_>, reading: &mut Reading<'_>) -> Option<PriceLimit> {
    let value = object.given(name)?;
    let at = at.member(name);
    let limit = reading.object(value, &at)?;
    let mut either = |names: [&'static str; 2]| {
        let name = names.into_iter().find(|name| limit.given(name).is_some())?;
        reading.number(limit.get(name), &at.member(name))
    };
    let excl_tax = either(["before_taxes", "excl_vat"]);
    let incl_tax = either(["after_taxes", "incl_vat"]);
    if excl_tax.is_none() && incl_tax.is_none() && !reading.findings.has_error() {
        reading.note(Code::ValueInvalid, &at, "states no amount");
    }
    Some(PriceLimit { excl_tax, incl_tax, taxes: Vec::new() })
}

fn element(
    value: Value<'_>,
    at: &Path<'_>,
    format: Format,
    reading: &mut Reading<'_>,
) -> Option<(Element, Vec<String>)> {
    let object = reading.object(value, at)?;
    let mut element = Element::default();
    if let Some(value) = object.given("restrictions") {
        let at = at.member("restrictions");
        if let Some(restrictions) = reading.object(value, &at) {
            (element.kind, element.conditions) = conditions(&restrictions, &at, reading);
        }
    }
    let list_at = at.member("price_components");
    let mut places = Vec::new();
    let list = reading.list(object.get("price_components"), &list_at);
    if list.is_empty() && !reading.findings.has_error() {
        reading.warn(Code::ValueInvalid, &list_at, "no prices");
    }
    for (index, item) in list.into_iter().enumerate() {
        if let Some(component) = component(item, &list_at.item(index), format, reading) {
            element.components.push(component);
            places.push(format!("/price_components/{index}"));
        }
    }
    Some((element, places))
}

fn component(value: Value<'_>, at: &Path<'_>, format: Format, reading: &mut Reading<'_>) -> Option<Component> {
    let object = reading.object(value, at)?;
    let kind_at = at.member("type");
    let dimension = match reading.text(object.get("type"), &kind_at).as_deref() {
        Some("ENERGY") => Dimension::Energy,
        Some("FLAT") => Dimension::Flat,
        Some("PARKING_TIME") => Dimension::ParkingTime,
        Some("TIME") => Dimension::Time,
        Some(other) => {
            let detail = near_match(other, &["ENERGY", "FLAT", "PARKING_TIME", "TIME"]);
            match reading.policy.decode.unknown_component {
                UnknownComponent::Ignore => reading.note(Code::UnknownDimension, &kind_at, detail),
                UnknownComponent::RejectTariff => reading.refuse(Code::UnknownDimension, &kind_at, detail),
            }
            return None;
        }
        None => {
            reading.note(Code::ValueInvalid, &kind_at, "missing");
            return None;
        }
    };
    let price_at = at.member("price");
    let price = reading.number(object.get("price"), &price_at);
    if price.is_none() && object.given("price").is_none() {
        reading.note(Code::ValueInvalid, &price_at, "missing");
    }
    let step_at = at.member("step_size");
    let step = match object.given("step_size") {
        step @ Some(_) => reading.number(step, &step_at),
        None => {
            reading.warn(Code::ValueInvalid, &step_at, "missing, nothing is rounded");
            Some(Decimal::ZERO)
        }
    };
    let vat_at = at.member("vat");
    let vat = reading.number(object.get("vat"), &vat_at);
    let taxes = match vat {
        // 2.1.1 has no such member: what it is meant to say is not known
        Some(_) if format == Format::Ocpi211 => {
            reading.note(Code::TaxIgnored, &vat_at, "OCPI 2.1.1 states no VAT");
            Vec::new()
        }
        Some(percent) => Vec::from([Tax::vat(percent)]),
        None => Vec::new(),
    };
    Some(Component { dimension, price: price?, step: step?, taxes })
}

/// The conditions of an element and what it is for. A member nobody knows is reported: its price may be meant for less
/// than it is applied to.
fn conditions(object: &Object<'_>, at: &Path<'_>, reading: &mut Reading<'_>) -> (ElementKind, Conditions) {
    let mut kind = ElementKind::Ordinary;
    let mut conditions = Conditions::default();
    for (name, value) in object.members() {
        if value.is_null() {
            continue;
        }
        let at = &at.member(name);
        match name {
            "start_time" => conditions.start_time = time_of_day(value, at, reading),
            "end_time" => conditions.end_time = time_of_day(value, at, reading),
            "start_date" => conditions.start_date = date(value, at, reading),
            "end_date" => conditions.end_date = date(value, at, reading),
            "min_kwh" => conditions.min_kwh = reading.number(Some(value), at),
            "max_kwh" => conditions.max_kwh = reading.number(Some(value), at),
            "min_current" => conditions.min_current = reading.number(Some(value), at),
            "max_current" => conditions.max_current = reading.number(Some(value), at),
            "min_power" => conditions.min_power = reading.number(Some(value), at),
            "max_power" => conditions.max_power = reading.number(Some(value), at),
            "min_duration" => conditions.min_duration = reading.whole(Some(value), at),
            "max_duration" => conditions.max_duration = reading.whole(Some(value), at),
            "day_of_week" => conditions.day_of_week = weekdays(value, at, reading),
            "reservation" | "booking" => {
                let phase = reading.text(Some(value), at);
                kind = match (name, phase.as_deref()) {
                    ("reservation", Some("RESERVATION")) => ElementKind::Reservation,
                    ("reservation", Some("RESERVATION_EXPIRES")) => ElementKind::ReservationExpires,
                    ("booking", Some("BOOKING")) => ElementKind::Booking,
                    ("booking", Some("BOOKING_EXPIRES")) => ElementKind::BookingExpires,
                    ("booking", Some("BOOKING_CANCELLATION_FEES")) => ElementKind::BookingCancellation,
                    ("booking", Some("BOOKING_OVERTIME")) => ElementKind::BookingOvertime,
                    (_, other) => {
                        let other = shortened(other.unwrap_or_default());
                        reading.note(Code::ValueInvalid, at, format!("{other} is not a phase of a {name}"));
                        ElementKind::Ordinary
                    }
                };
            }
            other => reading.note(Code::UnknownRestriction, at, near_match(other, RESTRICTIONS)),
        }
    }
    (kind, conditions)
}

const RESTRICTIONS: &[&str] = &[
    "start_time",
    "end_time",
    "start_date",
    "end_date",
    "min_kwh",
    "max_kwh",
    "min_current",
    "max_current",
    "min_power",
    "max_power",
    "min_duration",
    "max_duration",
    "day_of_week",
    "reservation",
    "booking",
];

/// A time of day, `HH:MM`; seconds are accepted if they are zero (R19).
fn time_of_day(value: Value<'_>, at: &Path<'_>, reading: &mut Reading<'_>) -> Option<NaiveTime> {
    let text = reading.text(Some(value), at)?;
    let (minutes, seconds) = text.split_at_checked(5).unwrap_or((&text, ""));
    let time = ocpi_types::LocalTime::new(minutes).hour_minute();
    match (time, seconds) {
        (Some((hour, minute)), "" | ":00") => {
            if !seconds.is_empty() {
                reading.warn(Code::ValueInvalid, at, format!("{} should be written HH:MM", shortened(&text)));
            }
            NaiveTime::from_hms_opt(hour.into(), minute.into(), 0)
        }
        _ => {
            let hint = if minutes == "24:00" { "; the end of the day is 00:00" } else { "" };
            let detail = format!("{} is not a time of day, HH:MM{hint}", shortened(&text));
            reading.note(Code::ValueInvalid, at, detail);
            None
        }
    }
}

fn date(value: Value<'_>, at: &Path<'_>, reading: &mut Reading<'_>) -> Option<chrono::NaiveDate> {
    let text = reading.text(Some(value), at)?;
    let date = LocalDate::new(&text).to_date();
    if date.is_none() {
        reading.note(Code::ValueInvalid, at, format!("{} is not a date that exists", shortened(&text)));
    }
    date
}

fn weekdays(value: Value<'_>, at: &Path<'_>, reading: &mut Reading<'_>) -> Weekdays {
    let mut days = Weekdays::NONE;
    for (index, item) in reading.list(Some(value), at).into_iter().enumerate() {
        let at = at.item(index);
        let name = reading.text(Some(item), &at).unwrap_or_default();
        match weekday(&name) {
            Some(day) => days = days.with(day),
            None => reading.note(Code::ValueInvalid, &at, near_match(&name, WEEKDAYS)),
        }
    }
    days
}

fn weekday(name: &str) -> Option<Weekday> {
    let place = WEEKDAYS.iter().position(|known| *known == name)?;
    u8::try_from(place).ok()?.try_into().ok()
}

const WEEKDAYS: &[&str] = &["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

/// What an unknown name may have been meant to be: letter case and separators apart, or one letter off.
pub(super) fn near_match(name: &str, known: &[&str]) -> String {
    let fold = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    let shown = shortened(name);
    let name: String = fold(name);
    let meant = known.iter().find(|known| {
        let known: String = fold(known);
        known == name || (known.len() > 4 && name.len() <= 64 && is_one_off(known.as_bytes(), name.as_bytes()))
    });
    match meant {
        Some(meant) => format!("{shown} is not known, {meant} is"),
        None => format!("{shown} is not known"),
    }
}

/// Whether one letter added, left out or changed makes one text the other.
fn is_one_off(a: &[u8], b: &[u8]) -> bool {
    let same_start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same_start..], &b[same_start..]);
    let same_end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    a.len().max(b.len()) - same_end <= 1
}
