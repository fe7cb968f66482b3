//! CDRs and Sessions of OCPI 2.1.1, 2.2.1 and 2.3.0.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use ocpi_types::Path;
use rust_decimal::Decimal;

use super::json::{Object, Reading, Value, shortened};
use super::tariff::near_match;
use super::{
    Claim, Claims, Context, DocumentError, DocumentKind, Format, RecordDocument, TariffDocument, Zone, country, tariff,
};
use crate::currency::Currency;
use crate::diagnostic::Code;
use crate::policy::{DuplicateDimension, InferZone, Policy};
use crate::tariff::TariffKind;
use crate::tariff::condition::EvseKind;
use crate::usage::{Flow, Period, Record, RecordKind, Span};

/// Reads the text of a CDR or a Session. Members that pricing does not look at may be missing.
pub(super) fn read_text(
    text: &str,
    format: Format,
    context: &Context,
    policy: &Policy,
) -> Result<RecordDocument, DocumentError> {
    let mut reading = Reading::new(policy);
    let (object, kind, record) = read_record(text, format, context, &mut reading)?;
    let claims = claims(&object, &mut reading);
    let tariffs = read_tariffs(object.get("tariffs"), format, policy);
    Ok(RecordDocument { record, kind, format, tariffs, claims, diagnostics: reading.findings.0 })
}

/// Reads the record alone.
pub(crate) fn read_record<'a>(
    text: &'a str,
    format: Format,
    context: &Context,
    reading: &mut Reading<'_>,
) -> Result<(Object<'a>, DocumentKind, Record), DocumentError> {
    let value = Value::parse(text)?;
    let object = reading.object(value, &Path::ROOT);
    let refused = |reading: &mut Reading<'_>| {
        DocumentError::of(std::mem::replace(&mut reading.findings, crate::diagnostic::Findings::new()))
    };
    let Some(object) = object else { return Err(refused(reading)) };
    let is_session = object.get("kwh").is_some()
        || object.get("start_datetime").is_some()
        || (object.get("status").is_some() && object.get("total_energy").is_none());
    let kind = if is_session { DocumentKind::Session } else { DocumentKind::Cdr };
    let record = record(&object, kind, format, context, reading);
    if reading.findings.has_error() {
        return Err(refused(reading));
    }
    Ok((object, kind, record))
}

/// Reads the tariffs a record carries; all of them or none.
pub(crate) fn read_tariffs(
    value: Option<Value<'_>>,
    format: Format,
    policy: &Policy,
) -> Result<Vec<TariffDocument>, DocumentError> {
    let mut reading = Reading::new(policy);
    let root = Path::ROOT;
    let list_at = root.member("tariffs");
    let items = reading.list(value, &list_at);
    if reading.findings.has_error() {
        return Err(DocumentError::of(reading.findings));
    }
    items
        .into_iter()
        .enumerate()
        .map(|(index, item)| tariff::read(item, &list_at.item(index), format, policy))
        .collect()
}

fn record(
    object: &Object<'_>,
    kind: DocumentKind,
    format: Format,
    context: &Context,
    reading: &mut Reading<'_>,
) -> Record {
    let root = Path::ROOT;
    let is_session = kind == DocumentKind::Session;
    let (start_name, end_name) = match (format, is_session) {
        (Format::Ocpi211, true) => ("start_datetime", "end_datetime"),
        (Format::Ocpi211, false) => ("start_date_time", "stop_date_time"),
        _ => ("start_date_time", "end_date_time"),
    };
    let start = required_instant(object, start_name, reading);
    let end = if is_session && object.given(end_name).is_none() {
        // a session that goes on is known up to its last update
        let updated = reading.instant(object.get("last_updated"), &root.member("last_updated"));
        context.until.or(updated).or(start)
    } else {
        required_instant(object, end_name, reading)
    };
    let mut record = Record::new(start.unwrap_or_default(), end.unwrap_or_default());
    record.kind = if is_session { RecordKind::Measured } else { RecordKind::Recorded };
    record.currency = currency(object, reading);

    let list_at = root.member("charging_periods");
    let periods = reading.list(object.get("charging_periods"), &list_at);
    if periods.is_empty() && !is_session && !reading.findings.has_error() {
        reading.note(Code::ValueInvalid, &list_at, "missing or empty: there is nothing to price");
    }
    record.periods.reserve_exact(periods.len());
    for (index, item) in periods.into_iter().enumerate() {
        if let Some(period) = period(item, &list_at.item(index), &mut record.tariff_ids, reading) {
            record.periods.push(period);
        }
    }

    let energy = if is_session { "kwh" } else { "total_energy" };
    record.total_energy = reading.number(object.get(energy), &root.member(energy));
    record.total_time = reading.number(object.get("total_time"), &root.member("total_time"));
    record.total_parking_time = reading.number(object.get("total_parking_time"), &root.member("total_parking_time"));
    record.credit = reading.boolean(object.get("credit"), &root.member("credit")).unwrap_or(false);
    let location = object.given(if format == Format::Ocpi211 { "location" } else { "cdr_location" });
    surroundings(location, object.given("cdr_token"), format, context, &mut record, reading);
    context.complete(&mut record);
    record
}

fn required_instant(object: &Object<'_>, name: &str, reading: &mut Reading<'_>) -> Option<DateTime<Utc>> {
    let root = Path::ROOT;
    let at = root.member(name);
    let instant = reading.instant(object.get(name), &at);
    if instant.is_none() && object.given(name).is_none() {
        reading.note(Code::ValueInvalid, &at, "missing");
    }
    instant
}

/// The currency of a record; without one, that of its tariff is taken.
fn currency(object: &Object<'_>, reading: &mut Reading<'_>) -> Option<Currency> {
    let root = Path::ROOT;
    let at = root.member("currency");
    let Some(code) = reading.text(object.get("currency"), &at) else {
        if object.given("currency").is_none() {
            reading.warn(Code::MissingCurrency, &at, "that of the tariff is taken");
        }
        return None;
    };
    match Currency::new(&code) {
        Ok(currency) => Some(currency),
        Err(error) => {
            reading.note(Code::ValueInvalid, &at, format!("{}: {error}", shortened(&code)));
            None
        }
    }
}

/// What the record knows about the place of charging and the token. Of another type than an object they say nothing, and
/// pricing does without.
pub(crate) fn surroundings(
    location: Option<Value<'_>>,
    token: Option<Value<'_>>,
    format: Format,
    context: &Context,
    record: &mut Record,
    reading: &mut Reading<'_>,
) {
    let root = Path::ROOT;
    let at = root.member(if format == Format::Ocpi211 { "location" } else { "cdr_location" });
    if let Some(location) = location.and_then(|value| plain_object(value, reading.policy)) {
        let text = |name: &str| location.given(name).and_then(|value| plain_text(value, reading.policy));
        let power_type = match format {
            Format::Ocpi211 => power_type_211(&location, reading.policy),
            _ => text("connector_power_type"),
        };
        record.facts.evse_kind = power_type.as_deref().and_then(evse_kind);
        if matches!(context.zone, Zone::OfRecord) {
            infer_zone(text("time_zone").as_deref(), text("country").as_deref(), &at, record, reading);
        }
    }
    let token = token.and_then(|value| plain_object(value, reading.policy));
    let token_kind = token.as_ref().and_then(|token| plain_text(token.given("type")?, reading.policy));
    if token_kind.as_deref() == Some("AD_HOC_USER") {
        record.preference = Some(TariffKind::AdHocPayment);
    }
}

pub(super) fn evse_kind(power_type: &str) -> Option<EvseKind> {
    match power_type {
        "DC" => Some(EvseKind::Dc),
        "AC_1_PHASE" | "AC_2_PHASE" | "AC_2_PHASE_SPLIT" | "AC_3_PHASE" => Some(EvseKind::Ac),
        _ => None,
    }
}

/// The current at the connector, in a location that was reduced to it.
fn power_type_211<'a>(location: &Object<'a>, policy: &Policy) -> Option<Cow<'a, str>> {
    let mut reading = Reading::new(policy);
    let at = Path::ROOT;
    let [evse] = reading.list(location.get("evses"), &at)[..] else { return None };
    let evse = reading.object(evse, &at)?;
    let [connector] = reading.list(evse.get("connectors"), &at)[..] else { return None };
    let connector = reading.object(connector, &at)?;
    plain_text(connector.given("power_type")?, policy)
}

/// Local time from the time zone of the location, else from its country (R18).
fn infer_zone(
    zone: Option<&str>,
    country: Option<&str>,
    at: &Path<'_>,
    record: &mut Record,
    reading: &mut Reading<'_>,
) {
    #[cfg(feature = "tz")]
    {
        if let Some(name) = zone {
            match name.parse::<chrono_tz::Tz>() {
                Ok(zone) => {
                    record.zone = super::local_time(zone, record.start, record.end);
                    return;
                }
                Err(_) => {
                    let detail = format!("{} is not a time zone", shortened(name));
                    reading.warn(Code::ValueInvalid, &at.member("time_zone"), detail);
                }
            }
        }
        if reading.policy.time_zone.infer == InferZone::SingleZoneCountries
            && let Some(zone) = country.and_then(country::zone)
        {
            record.zone = super::local_time(zone, record.start, record.end);
            reading.note(Code::TimeZoneInferred, &at.member("country"), zone.name());
        }
    }
    #[cfg(not(feature = "tz"))]
    let _ = (zone, country, at, record, reading, InferZone::Never, country::zone);
}

/// An object, or nothing: for what pricing can do without.
fn plain_object<'a>(value: Value<'a>, policy: &Policy) -> Option<Object<'a>> {
    Reading::new(policy).object(value, &Path::ROOT)
}

/// A text, or nothing: for what pricing can do without.
fn plain_text<'a>(value: Value<'a>, policy: &Policy) -> Option<Cow<'a, str>> {
    Reading::new(policy).text(Some(value), &Path::ROOT)
}

fn period(value: Value<'_>, at: &Path<'_>, tariff_ids: &mut Vec<String>, reading: &mut Reading<'_>) -> Option<Period> {
    let object = reading.object(value, at)?;
    let start_at = at.member("start_date_time");
    let start = reading.instant(object.get("start_date_time"), &start_at);
    if start.is_none() && object.given("start_date_time").is_none() {
        reading.note(Code::ValueInvalid, &start_at, "missing");
    }
    let mut period = Period::new(start?);
    let id_at = at.member("tariff_id");
    if let Some(id) = reading.text(object.get("tariff_id"), &id_at) {
        period.tariff = tariff_index(&id, tariff_ids);
        if period.tariff.is_none() {
            reading.note(Code::ValueInvalid, &id_at, "too many tariffs");
        }
    }
    let list_at = at.member("dimensions");
    let mut seen = Seen::default();
    for (index, item) in reading.list(object.get("dimensions"), &list_at).into_iter().enumerate() {
        dimension(item, &list_at.item(index), &mut period, &mut seen, reading);
    }
    Some(period)
}

/// The place of a tariff among those named so far; letter case does not count (R9).
pub(super) fn tariff_index(id: &str, known: &mut Vec<String>) -> Option<u16> {
    let index = match known.iter().position(|known| known.eq_ignore_ascii_case(id)) {
        Some(index) => index,
        None => {
            known.push(id.to_owned());
            known.len() - 1
        }
    };
    u16::try_from(index).ok().filter(|&index| index < u16::MAX)
}

/// Dimensions of a period that were there already, one bit for each.
#[derive(Default)]
struct Seen(u32);

/// Puts the volume of a dimension into its place.
fn dimension(value: Value<'_>, at: &Path<'_>, period: &mut Period, seen: &mut Seen, reading: &mut Reading<'_>) {
    let Some(object) = reading.object(value, at) else { return };
    let kind_at = at.member("type");
    let Some(name) = reading.text(object.get("type"), &kind_at) else {
        if object.given("type").is_none() {
            reading.note(Code::ValueInvalid, &kind_at, "missing");
        }
        return;
    };
    let Some(measure) = Measure::named(&name) else {
        reading.note(Code::UnknownDimension, &kind_at, near_match(&name, Measure::NAMES));
        return;
    };
    if measure == Measure::Other {
        return;
    }
    let volume_at = at.member("volume");
    let Some(volume) = reading.number(object.get("volume"), &volume_at) else {
        if object.given("volume").is_none() {
            reading.note(Code::ValueInvalid, &volume_at, "missing");
        }
        return;
    };
    let bit = 1 << measure.slot();
    let is_repeated = seen.0 & bit != 0;
    seen.0 |= bit;
    if is_repeated {
        match reading.policy.dimensions.duplicate {
            DuplicateDimension::Add => reading.note(Code::DuplicateDimension, &kind_at, name.as_ref()),
            DuplicateDimension::Reject => reading.refuse(Code::DuplicateDimension, &kind_at, name.as_ref()),
        }
    }
    if measure.put(volume, period).is_none() {
        reading.note(Code::NumberOutOfRange, &volume_at, "the sum has too many digits");
    }
}

/// What the volume of a dimension measures.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Measure {
    Energy,
    Time,
    ParkingTime,
    Reservation,
    /// Hours of a booking that was not used.
    Unused,
    Overtime,
    MinCurrent,
    Current,
    MaxCurrent,
    MinPower,
    Power,
    MaxPower,
    /// Known, but without influence on the price.
    Other,
}

impl Measure {
    const NAMES: &'static [&'static str] = &[
        "ENERGY",
        "TIME",
        "PARKING_TIME",
        "RESERVATION_TIME",
        "RESERVATION_EXPIRES",
        "RESERVATION_OVERTIME",
        "MIN_CURRENT",
        "CURRENT",
        "MAX_CURRENT",
        "MIN_POWER",
        "POWER",
        "MAX_POWER",
        "FLAT",
        "ENERGY_EXPORT",
        "ENERGY_IMPORT",
        "STATE_OF_CHARGE",
    ];

    #[inline]
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ENERGY" => Self::Energy,
            "TIME" => Self::Time,
            "PARKING_TIME" => Self::ParkingTime,
            "RESERVATION_TIME" => Self::Reservation,
            "RESERVATION_EXPIRES" => Self::Unused,
            "RESERVATION_OVERTIME" => Self::Overtime,
            "MIN_CURRENT" => Self::MinCurrent,
            "CURRENT" => Self::Current,
            "MAX_CURRENT" => Self::MaxCurrent,
            "MIN_POWER" => Self::MinPower,
            "POWER" => Self::Power,
            "MAX_POWER" => Self::MaxPower,
            "FLAT" | "ENERGY_EXPORT" | "ENERGY_IMPORT" | "STATE_OF_CHARGE" => Self::Other,
            _ => return None,
        })
    }

    /// Its bit; both kinds of reserved hours share one, because they go to one place.
    #[inline]
    pub(super) fn slot(self) -> u32 {
        if self == Self::Unused { Self::Reservation as u32 } else { self as u32 }
    }

    /// Adds a volume to what the period states already; of minima the smallest and of maxima the greatest stays, of means
    /// the first (R4). `None` if a sum has too many digits.
    #[inline]
    pub(super) fn put(self, volume: Decimal, period: &mut Period) -> Option<()> {
        let Flow { min_current, current, max_current, min_power, power, max_power } = &mut period.flow;
        match self {
            Self::Energy => {
                period.energy = Some(match period.energy {
                    None => volume,
                    Some(so_far) => add(so_far, volume)?,
                });
            }
            Self::Time => add_hours(&mut period.time, volume)?,
            Self::ParkingTime => add_hours(&mut period.parking_time, volume)?,
            Self::Reservation | Self::Unused => add_hours(&mut period.reservation_time, volume)?,
            Self::Overtime => add_hours(&mut period.overtime, volume)?,
            Self::MinCurrent => keep(min_current, volume, Decimal::min),
            Self::MinPower => keep(min_power, volume, Decimal::min),
            Self::MaxCurrent => keep(max_current, volume, Decimal::max),
            Self::MaxPower => keep(max_power, volume, Decimal::max),
            Self::Current => keep(current, volume, |first, _| first),
            Self::Power => keep(power, volume, |first, _| first),
            Self::Other => {}
        }
        Some(())
    }
}

#[inline]
fn keep(place: &mut Option<Decimal>, volume: Decimal, which: impl Fn(Decimal, Decimal) -> Decimal) {
    *place = Some(place.map_or(volume, |so_far| which(so_far, volume)));
}

#[inline]
fn add_hours(place: &mut Option<Span>, volume: Decimal) -> Option<()> {
    *place = Some(Span::Hours(match *place {
        Some(Span::Hours(so_far)) => add(so_far, volume)?,
        _ => volume,
    }));
    Some(())
}

/// The exact sum; none where a decimal has no room for it.
fn add(a: Decimal, b: Decimal) -> Option<Decimal> {
    let sum = a.checked_add(b)?;
    // a sum that lost digits does not lead back
    (sum.checked_sub(b)? == a && sum.checked_sub(a)? == b).then_some(sum)
}

/// What the document says the session costs. A broken amount is noted, it does not keep the record from being priced.
fn claims(object: &Object<'_>, reading: &mut Reading<'_>) -> Claims {
    let mut claim = |name: &'static str| {
        let value = object.given(name)?;
        let root = Path::ROOT;
        let at = root.member(name);
        let mut apart = Reading::new(reading.policy);
        let claim = amount(value, &at, &mut apart);
        for found in apart.findings.0 {
            let mut found = found;
            found.severity = found.severity.min(crate::Severity::Warning);
            reading.findings.note(found);
        }
        claim
    };
    Claims {
        total: claim("total_cost"),
        fixed: claim("total_fixed_cost"),
        energy: claim("total_energy_cost"),
        time: claim("total_time_cost"),
        parking_time: claim("total_parking_cost"),
        reservation: claim("total_reservation_cost"),
    }
}

/// An amount in the notation of any version: a number, with VAT beside it, or with a list of taxes.
fn amount(value: Value<'_>, at: &Path<'_>, reading: &mut Reading<'_>) -> Option<Claim> {
    let pointer = at.to_string();
    if !value.text().starts_with('{') {
        let excl_tax = Some(reading.number(Some(value), at)?);
        return Some(Claim { excl_tax, incl_tax: None, pointer });
    }
    let price = reading.object(value, at)?;
    if price.given("before_taxes").is_none() {
        let excl_tax = reading.number(price.get("excl_vat"), &at.member("excl_vat"));
        let incl_tax = reading.number(price.get("incl_vat"), &at.member("incl_vat"));
        return Some(Claim { excl_tax, incl_tax, pointer });
    }
    let excl_tax = reading.number(price.get("before_taxes"), &at.member("before_taxes"));
    let list_at = at.member("taxes");
    let taxes = reading.list(price.get("taxes"), &list_at);
    let mut incl_tax = excl_tax.filter(|_| !taxes.is_empty());
    for (index, tax) in taxes.into_iter().enumerate() {
        let at = list_at.item(index);
        let amount = reading.object(tax, &at).and_then(|tax| reading.number(tax.get("amount"), &at.member("amount")));
        incl_tax = incl_tax.zip(amount).and_then(|(sum, amount)| sum.checked_add(amount));
    }
    Some(Claim { excl_tax, incl_tax, pointer })
}
