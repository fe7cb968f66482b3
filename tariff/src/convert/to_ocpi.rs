//! Tariffs as tariffs of OCPI 2.1.1, 2.2.1 and 2.3.0.

use chrono::{Timelike, Weekday};
use ocpi_types::{CiString, CountryCode, DateTime, LocalDate, LocalTime, v211, v221, v230};
use rust_decimal::Decimal;

use super::{
    ConversionError, Converted, Entry, LossKind, Losses, entries, factor, fits_in_minutes, has_certain_fee,
    limits_agree, net_price,
};
use crate::exact::Exact;
use crate::policy::{ConvertTax, MergeEntries, Policy, Unsupported};
use crate::tariff::component::Tax;
use crate::tariff::condition::Conditions;
use crate::tariff::dimension::Dimension;
use crate::tariff::{Dialect, ElementKind, PriceLimit, Tariff, TariffKind, TaxMode};

/// What an OCPI tariff says besides prices.
#[derive(Clone, Debug)]
pub struct TariffHead {
    /// Country of the party that owns the tariff; not part of 2.1.1.
    pub country_code: CountryCode,
    /// The party that owns the tariff; not part of 2.1.1.
    pub party_id: CiString<3>,
    /// When the tariff is made.
    pub last_updated: DateTime,
}

/// What a version can say.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
enum Target {
    V211,
    V221,
    V230,
}

/// An element in the making.
struct Draft {
    kind: ElementKind,
    conditions: Conditions,
    components: Vec<DraftComponent>,
}

struct DraftComponent {
    dimension: Dimension,
    price: Decimal,
    step: i64,
    vat: Option<Decimal>,
}

/// A tariff in the form of OCPI 2.1.1.
///
/// # Errors
/// When the policy refuses something that would be lost, or nothing would be left.
pub fn to_ocpi211(
    tariff: &Tariff,
    last_updated: DateTime<false>,
    policy: &Policy,
) -> Result<Converted<v211::Tariff>, ConversionError> {
    let mut losses = Losses::new(&policy.convert);
    let elements = drafts(tariff, Target::V211, &mut losses);
    for (limit, pointer) in [(&tariff.min_price, "/min_price"), (&tariff.max_price, "/max_price")] {
        if limit.is_some() {
            lose_field(pointer, "OCPI 2.1.1 has no price limits", &mut losses);
        }
    }
    for (is_given, pointer) in
        [(tariff.valid_from.is_some(), "/valid_from"), (tariff.valid_until.is_some(), "/valid_until")]
    {
        if is_given {
            lose_field(pointer, "OCPI 2.1.1 tariffs have no validity", &mut losses);
        }
    }
    if tariff.kind.is_some() {
        lose_field("/type", "OCPI 2.1.1 tariffs have no type", &mut losses);
    }
    let elements: Vec<_> = elements
        .into_iter()
        .map(|draft| {
            let restrictions = (!draft.conditions.is_empty()).then(|| restrictions_211(&draft.conditions));
            let components: Vec<_> = draft.components.into_iter().map(component_211).collect();
            let mut element = v211::TariffElement::new(components);
            element.restrictions = restrictions;
            element
        })
        .collect();
    losses.finish(v211::Tariff::new(tariff.id.as_str(), tariff.currency.code(), elements, last_updated))
}

macro_rules! newer {
    ($(#[$doc:meta])* $name:ident, $version:ident, $target:ident, $limit:expr, $restrictions:ident, |$converted:ident, $tariff:ident| $rest:expr, [$($tax:expr)?]) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// When the policy refuses something that would be lost.
        pub fn $name(
            $tariff: &Tariff,
            head: &TariffHead,
            policy: &Policy,
        ) -> Result<Converted<$version::Tariff>, ConversionError> {
            let mut losses = Losses::new(&policy.convert);
            let elements: Vec<_> = drafts($tariff, Target::$target, &mut losses)
                .into_iter()
                .map(|draft| {
                    let is_plain = draft.conditions.is_empty() && draft.kind == ElementKind::Ordinary;
                    let restrictions = (!is_plain).then(|| $restrictions(&draft.conditions, draft.kind));
                    let components: Vec<_> = draft
                        .components
                        .into_iter()
                        .map(|component| {
                            let kind = $version::TariffDimensionType::from(dimension(component.dimension));
                            let mut made = $version::PriceComponent::new(kind, component.price, component.step);
                            made.vat = component.vat.map(Into::into);
                            made
                        })
                        .collect();
                    let mut element = $version::TariffElement::new(components);
                    element.restrictions = restrictions;
                    element
                })
                .collect();
            let mut $converted = $version::Tariff::new(
                head.country_code.clone(),
                head.party_id.clone(),
                $tariff.id.as_str(),
                $tariff.currency.code(),
                elements,
                $($tax,)?
                head.last_updated,
            );
            $converted.kind = $tariff.kind.map(|kind| $version::TariffType::from(kind_name(kind)));
            $converted.start_date_time = $tariff.valid_from.map(Into::into);
            $converted.end_date_time = $tariff.valid_until.map(Into::into);
            $converted.min_price = limit(&$tariff.min_price, "/min_price", $tariff, &mut losses).map($limit);
            $converted.max_price = limit(&$tariff.max_price, "/max_price", $tariff, &mut losses).map($limit);
            $rest;
            losses.finish($converted)
        }
    };
}

newer! {
    /// A tariff in the form of OCPI 2.2.1.
    to_ocpi221, v221, V221,
    |(net, gross): (Decimal, Option<Decimal>)| {
        let mut price = v221::Price::new(net);
        price.incl_vat = gross.map(Into::into);
        price
    },
    restrictions_221, |converted, tariff| {}, []
}

newer! {
    /// A tariff in the form of OCPI 2.3.0.
    to_ocpi230, v230, V230,
    |(net, gross): (Decimal, Option<Decimal>)| {
        let mut limit = v230::PriceLimit::new(net);
        limit.after_taxes = gross.map(Into::into);
        limit
    },
    restrictions_230, |converted, tariff| {}, [match tariff.tax_mode {
        TaxMode::Included => v230::TaxIncluded::Yes,
        TaxMode::NotApplicable => v230::TaxIncluded::NotApplicable,
        TaxMode::Excluded | TaxMode::Unknown => v230::TaxIncluded::No,
    }]
}

fn lose_field(pointer: &str, reason: &str, losses: &mut Losses<'_>) {
    let is_refused = losses.policy.unsupported == Unsupported::Refuse;
    losses.lose_or_refuse(is_refused, LossKind::Field, pointer, reason);
}

/// The amounts of a limit; an amount before tax has to be there.
fn limit(
    limit: &Option<PriceLimit>,
    pointer: &str,
    tariff: &Tariff,
    losses: &mut Losses<'_>,
) -> Option<(Decimal, Option<Decimal>)> {
    let limit = limit.as_ref()?;
    if tariff.dialect == Dialect::Ocpp21 && !limits_agree(tariff) {
        let reason = "OCPP stops both amounts at once, OCPI bounds those before and after tax each on its own";
        losses.lose(LossKind::Limit, pointer, reason);
    }
    let taxes = if limit.taxes.is_empty() {
        entries(tariff).next().map(|entry| &entry.source.taxes)
    } else {
        Some(&limit.taxes)
    };
    match (limit.excl_tax, limit.incl_tax) {
        (Some(net), gross) => Some((net, gross)),
        (None, Some(gross)) => {
            let net = taxes.and_then(|taxes| factor(taxes)).and_then(|factor| Exact::from(gross).checked_div(factor));
            let Some(net) = net else {
                lose_field(pointer, "the amount before tax is not known; the limit is left out", losses);
                return None;
            };
            Some((losses.price(net, 1, pointer), Some(gross)))
        }
        (None, None) => None,
    }
}

/// The elements of a tariff for a version.
fn drafts(tariff: &Tariff, target: Target, losses: &mut Losses<'_>) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let fee_is_certain = has_certain_fee(tariff);
    let merges = tariff.dialect == Dialect::Ocpp21 && losses.policy.merge == MergeEntries::Merge;
    let mut last_element = None;
    let taxes_apply = !matches!(tariff.tax_mode, TaxMode::NotApplicable | TaxMode::Unknown);
    if tariff.tax_mode == TaxMode::Unknown && target != Target::V211 {
        let is_refused = losses.policy.tax == ConvertTax::Refuse;
        let reason = "the taxes are not known; a component without VAT means that there are none";
        losses.lose_or_refuse(is_refused, LossKind::Tax, "/tax_mode", reason);
    }
    if target == Target::V211 && taxes_apply {
        let reason = "OCPI 2.1.1 states no taxes";
        if entries(tariff).any(|entry| !entry.source.taxes.is_empty()) {
            let is_refused = losses.policy.tax == ConvertTax::Refuse;
            losses.lose_or_refuse(is_refused, LossKind::Tax, "/tax_mode", reason);
        } else {
            losses.lose(LossKind::Tax, "/tax_mode", "in OCPI 2.1.1 taxes are not known");
        }
    }
    for entry in entries(tariff) {
        let Some(component) = component(&entry, tariff, fee_is_certain, target, losses) else { continue };
        let is_same = |draft: &Draft| draft.kind == entry.kind && draft.conditions == *entry.conditions;
        let place = if merges {
            // behind the last element with this dimension, so that the order within it stays
            let first = drafts
                .iter()
                .rposition(|draft| {
                    (draft.kind == ElementKind::Ordinary) == (entry.kind == ElementKind::Ordinary)
                        && draft.components.iter().any(|other| other.dimension == component.dimension)
                })
                .map_or(0, |last| last + 1);
            let fits = |draft: &Draft| is_same(draft) && !is_parking_fee(draft, component.dimension);
            drafts[first..].iter().position(fits).map(|place| first + place)
        } else {
            // the components of an element stay together
            drafts.len().checked_sub(1).filter(|_| last_element == Some(entry.element))
        };
        last_element = Some(entry.element);
        match place.and_then(|place| drafts.get_mut(place)) {
            Some(draft) => draft.components.push(component),
            None => drafts.push(Draft {
                kind: entry.kind,
                conditions: entry.conditions.clone(),
                components: Vec::from([component]),
            }),
        }
    }
    drafts
}

/// Whether a fee would become one for parking (R51).
fn is_parking_fee(draft: &Draft, dimension: Dimension) -> bool {
    let other = match dimension {
        Dimension::Flat => Dimension::ParkingTime,
        Dimension::ParkingTime => Dimension::Flat,
        _ => return false,
    };
    draft.components.iter().all(|component| component.dimension == other)
}

fn component(
    entry: &Entry<'_>,
    tariff: &Tariff,
    fee_is_certain: bool,
    target: Target,
    losses: &mut Losses<'_>,
) -> Option<DraftComponent> {
    let refuses = losses.policy.unsupported == Unsupported::Refuse;
    let pointer = entry.pointer();
    let (source, conditions) = (entry.source, entry.conditions);
    let is_supported = match entry.kind {
        ElementKind::Ordinary => true,
        ElementKind::Reservation | ElementKind::ReservationExpires => target >= Target::V221,
        _ => target >= Target::V230,
    };
    if !is_supported {
        let reason = "this version has no prices for reservations or bookings of this kind; they are left out";
        losses.lose_or_refuse(refuses, LossKind::Field, format!("/elements/{}", entry.element), reason);
        return None;
    }
    if let Some(name) = without_partner(conditions, target) {
        let reason = format!("there is no restriction for {name}; the price is left out");
        losses.lose_or_refuse(refuses, LossKind::Condition, entry.conditions_pointer(), reason);
        return None;
    }
    if !fits_in_minutes(entry, losses) {
        return None;
    }
    if tariff.dialect == Dialect::Ocpp21 {
        let is_reservation = entry.kind == ElementKind::Reservation;
        if is_reservation && !conditions.is_empty() {
            let reason = "OCPP looks at the start of the transaction, OCPI at that of the reservation";
            losses.lose(LossKind::Condition, entry.conditions_pointer(), reason);
        } else if source.dimension == Dimension::Flat && !conditions.is_empty() && !fee_is_certain {
            let reason = "OCPP looks at the start of the transaction only, in OCPI the fee may become due later";
            losses.lose(LossKind::Condition, entry.conditions_pointer(), reason);
        }
        if is_reservation {
            losses.note(&pointer, "in OCPP a reservation that is not used costs nothing");
        }
        if source.dimension == Dimension::ParkingTime {
            losses.note(&pointer, "a pause that the station imposes is idle time in OCPP, not parking");
        }
    }
    let keeps_gross = target == Target::V230 && tariff.tax_mode == TaxMode::Included;
    let price = if keeps_gross || tariff.tax_mode != TaxMode::Included {
        source.price
    } else {
        match net_price(source, tariff.tax_mode) {
            Some(net) => losses.price(net, 1, &format!("{pointer}/price")),
            None => {
                let reason = "the price before tax is not known; it is left out";
                losses.lose_or_refuse(refuses, LossKind::Tax, &pointer, reason);
                return None;
            }
        }
    };
    let vat = match target {
        Target::V211 => None,
        _ if tariff.tax_mode == TaxMode::NotApplicable => None,
        _ => vat(&source.taxes, &pointer, losses),
    };
    let step = match i64::try_from(source.step.normalize().trunc()) {
        Ok(0) | Err(_) if tariff.dialect == Dialect::Ocpp21 => {
            if source.dimension != Dimension::Flat {
                losses.note(&pointer, "OCPI asks for a step of 1 at least: fractions of a Wh or second count as whole");
            }
            1
        }
        Ok(step) => step,
        Err(_) => 0,
    };
    Some(DraftComponent { dimension: source.dimension, price, step, vat })
}

/// One rate in place of all (R72).
fn vat(taxes: &[Tax], pointer: &str, losses: &mut Losses<'_>) -> Option<Decimal> {
    match taxes {
        [] => None,
        [only] => {
            if only.name != Tax::vat(only.percent).name {
                losses.note(format!("{pointer}/taxes"), format!("the name of the tax, {}, is left out", only.name));
            }
            Some(only.percent)
        }
        several => {
            let effective = factor(several)
                .and_then(|factor| factor.checked_sub(Exact::from(1)))
                .and_then(|share| share.checked_mul(Exact::from(100)));
            let at = format!("{pointer}/taxes");
            let Some(effective) = effective else {
                losses.lose(LossKind::Tax, at, "the rates have too many digits");
                return None;
            };
            let rounded = effective.round(9, crate::RoundingMode::HalfUp).normalize();
            let reason = format!("several taxes become one rate of {rounded} %");
            losses.lose_or_refuse(losses.policy.tax == ConvertTax::Refuse, LossKind::Tax, at, reason);
            Some(rounded)
        }
    }
}

/// A condition that a version has no restriction for.
fn without_partner(conditions: &Conditions, target: Target) -> Option<&'static str> {
    let Conditions {
        min_charging_time,
        max_charging_time,
        min_idle_time,
        max_idle_time,
        evse_kind,
        payment_brand,
        payment_recognition,
        ..
    } = conditions;
    if min_charging_time.is_some() || max_charging_time.is_some() {
        Some("charging time")
    } else if min_idle_time.is_some() || max_idle_time.is_some() {
        Some("idle time")
    } else if evse_kind.is_some() {
        Some("the kind of EVSE")
    } else if payment_brand.is_some() || payment_recognition.is_some() {
        Some("the means of payment")
    } else if target == Target::V211 && (conditions.min_current.is_some() || conditions.max_current.is_some()) {
        Some("current")
    } else {
        None
    }
}

fn component_211(component: DraftComponent) -> v211::PriceComponent {
    let kind = v211::TariffDimensionType::from(dimension(component.dimension));
    v211::PriceComponent::new(kind, component.price, component.step)
}

fn dimension(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Energy => "ENERGY",
        Dimension::Time => "TIME",
        Dimension::ParkingTime => "PARKING_TIME",
        Dimension::Flat => "FLAT",
    }
}

fn kind_name(kind: TariffKind) -> &'static str {
    match kind {
        TariffKind::AdHocPayment => "AD_HOC_PAYMENT",
        TariffKind::ProfileCheap => "PROFILE_CHEAP",
        TariffKind::ProfileFast => "PROFILE_FAST",
        TariffKind::ProfileGreen => "PROFILE_GREEN",
        TariffKind::Regular => "REGULAR",
    }
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MONDAY",
        Weekday::Tue => "TUESDAY",
        Weekday::Wed => "WEDNESDAY",
        Weekday::Thu => "THURSDAY",
        Weekday::Fri => "FRIDAY",
        Weekday::Sat => "SATURDAY",
        Weekday::Sun => "SUNDAY",
    }
}

fn time(time: chrono::NaiveTime) -> LocalTime {
    LocalTime::new(format!("{:02}:{:02}", time.hour(), time.minute()))
}

fn seconds(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

/// Fills in what all versions have.
macro_rules! shared {
    ($made:ident, $conditions:ident, $version:ident, $date:expr) => {
        $made.start_time = $conditions.start_time.map(time);
        $made.end_time = $conditions.end_time.map(time);
        $made.start_date = $conditions.start_date.map($date);
        $made.end_date = $conditions.end_date.map($date);
        $made.min_kwh = $conditions.min_kwh.map(Into::into);
        $made.max_kwh = $conditions.max_kwh.map(Into::into);
        $made.min_power = $conditions.min_power.map(Into::into);
        $made.max_power = $conditions.max_power.map(Into::into);
        $made.min_duration = $conditions.min_duration.map(|value| seconds(value).into());
        $made.max_duration = $conditions.max_duration.map(|value| seconds(value).into());
        $made.day_of_week = $conditions.day_of_week.days().map(|day| $version::DayOfWeek::from(weekday(day))).collect();
    };
}

fn restrictions_211(conditions: &Conditions) -> v211::TariffRestrictions {
    let mut made = v211::TariffRestrictions::new();
    shared!(made, conditions, v211, |date: chrono::NaiveDate| date.to_string().into());
    made
}

fn restrictions_221(conditions: &Conditions, kind: ElementKind) -> v221::TariffRestrictions {
    let mut made = v221::TariffRestrictions::new();
    shared!(made, conditions, v221, |date: chrono::NaiveDate| LocalDate::new(date.to_string()));
    made.min_current = conditions.min_current.map(Into::into);
    made.max_current = conditions.max_current.map(Into::into);
    made.reservation = reservation(kind).map(v221::ReservationRestrictionType::from);
    made
}

fn restrictions_230(conditions: &Conditions, kind: ElementKind) -> v230::TariffRestrictions {
    let mut made = v230::TariffRestrictions::new();
    shared!(made, conditions, v230, |date: chrono::NaiveDate| LocalDate::new(date.to_string()));
    made.min_current = conditions.min_current.map(Into::into);
    made.max_current = conditions.max_current.map(Into::into);
    made.reservation = reservation(kind).map(v230::ReservationRestrictionType::from);
    made.booking = match kind {
        ElementKind::Booking => Some(v230::BookingRestrictionType::Booking),
        ElementKind::BookingExpires => Some(v230::BookingRestrictionType::BookingExpires),
        ElementKind::BookingCancellation => Some(v230::BookingRestrictionType::BookingCancellationFees),
        ElementKind::BookingOvertime => Some(v230::BookingRestrictionType::BookingOvertime),
        ElementKind::Ordinary | ElementKind::Reservation | ElementKind::ReservationExpires => None,
    };
    made
}

fn reservation(kind: ElementKind) -> Option<&'static str> {
    match kind {
        ElementKind::Reservation => Some("RESERVATION"),
        ElementKind::ReservationExpires => Some("RESERVATION_EXPIRES"),
        _ => None,
    }
}
