//! Tariffs as OCPP 2.1 tariffs.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::{Timelike, Weekday};
use ocpp_types::{List, Text, v21};
use rust_decimal::Decimal;

use super::{
    ConversionError, Converted, Entry, LossKind, Losses, entries, fits_in_minutes, has_certain_fee, limits_agree,
    net_price,
};
use crate::exact::Exact;
use crate::policy::{ConvertStep, ConvertTax, Policy, Unsupported};
use crate::tariff::component::Tax;
use crate::tariff::condition::{Conditions, EvseKind};
use crate::tariff::dimension::Dimension;
use crate::tariff::{Dialect, ElementKind, PriceLimit, Tariff, TaxMode};

/// A tariff in the form of OCPP 2.1: one list for each dimension, in the order of the elements (R69).
///
/// # Errors
/// When the policy refuses something that would be lost.
pub fn to_ocpp21(tariff: &Tariff, policy: &Policy) -> Result<Converted<v21::Tariff>, ConversionError> {
    let mut losses = Losses::new(&policy.convert);
    let mut lists = Lists::default();
    let fee_is_certain = has_certain_fee(tariff);
    for entry in entries(tariff) {
        convert(&entry, tariff, fee_is_certain, &mut lists, &mut losses);
    }
    fields(tariff, &mut losses);

    let mut converted = v21::Tariff::new(tariff.id.as_str(), tariff.currency.code());
    if tariff.id.chars().count() > 60 {
        losses.lose(LossKind::Field, "/id", "longer than the 60 characters of OCPP");
    }
    converted.valid_from = tariff.valid_from.map(Into::into);
    let Lists { energy, charging, idle, fixed, reservation, reservation_fixed, taxes } = lists;
    let [energy_tax, charging_tax, idle_tax, fixed_tax, reservation_tax, reservation_fixed_tax] = taxes.map(rates);
    let with = |prices: Vec<v21::TariffTimePrice>, taxes| {
        (!prices.is_empty()).then(|| {
            let mut list = v21::TariffTime::new(prices);
            list.tax_rates = taxes;
            list
        })
    };
    let with_fee = |prices: Vec<v21::TariffFixedPrice>, taxes| {
        (!prices.is_empty()).then(|| {
            let mut list = v21::TariffFixed::new(prices);
            list.tax_rates = taxes;
            list
        })
    };
    if !energy.is_empty() {
        let mut list = v21::TariffEnergy::new(energy);
        list.tax_rates = energy_tax;
        converted.energy = Some(list);
    }
    converted.charging_time = with(charging, charging_tax);
    converted.idle_time = with(idle, idle_tax);
    converted.fixed_fee = with_fee(fixed, fixed_tax);
    converted.reservation_time = with(reservation, reservation_tax);
    converted.reservation_fixed = with_fee(reservation_fixed, reservation_fixed_tax);
    converted.min_cost = tariff.min_price.as_ref().map(limit);
    converted.max_cost = tariff.max_price.as_ref().map(limit);
    if (tariff.min_price.is_some() || tariff.max_price.is_some())
        && tariff.dialect != Dialect::Ocpp21
        && !limits_agree(tariff)
    {
        let pointer = if tariff.max_price.is_some() { "/max_price" } else { "/min_price" };
        let reason = "OCPI bounds the amounts before and after tax each on its own, OCPP stops both at once";
        losses.lose(LossKind::Limit, pointer, reason);
    }
    losses.finish(converted)
}

/// The six lists, and the taxes of each.
#[derive(Default)]
struct Lists {
    energy: Vec<v21::TariffEnergyPrice>,
    charging: Vec<v21::TariffTimePrice>,
    idle: Vec<v21::TariffTimePrice>,
    fixed: Vec<v21::TariffFixedPrice>,
    reservation: Vec<v21::TariffTimePrice>,
    reservation_fixed: Vec<v21::TariffFixedPrice>,
    taxes: [Option<Vec<Tax>>; 6],
}

fn convert(entry: &Entry<'_>, tariff: &Tariff, fee_is_certain: bool, lists: &mut Lists, losses: &mut Losses<'_>) {
    let refuses = losses.policy.unsupported == Unsupported::Refuse;
    let pointer = entry.pointer();
    let (component, conditions) = (entry.source, entry.conditions);
    let is_reservation = match entry.kind {
        ElementKind::Ordinary => false,
        ElementKind::Reservation => true,
        other => {
            let reason = format!("OCPP has no prices for {}; they are left out", phase(other));
            losses.lose_or_refuse(refuses, LossKind::Field, format!("/elements/{}", entry.element), reason);
            return;
        }
    };
    if !fits_in_minutes(entry, losses) {
        return;
    }
    let is_fee = component.dimension == Dimension::Flat;
    let place = match (is_reservation, component.dimension) {
        (false, Dimension::Energy) => 0,
        (false, Dimension::Time) => 1,
        (false, Dimension::ParkingTime) => 2,
        (false, Dimension::Flat) => 3,
        (true, Dimension::Flat) => 5,
        (true, _) => 4,
    };
    if is_fee || is_reservation {
        let only_clock = only_clock(conditions);
        if is_fee && !only_clock {
            let reason = "OCPP looks at nothing but clock and calendar for a fee; it is left out";
            losses.lose_or_refuse(refuses, LossKind::Condition, entry.conditions_pointer(), reason);
            return;
        }
        let from_ocpp = tariff.dialect == Dialect::Ocpp21;
        if is_reservation && !conditions.is_empty() && !from_ocpp {
            let reason = "OCPI looks at the start of the reservation, OCPP at that of the transaction";
            losses.lose(LossKind::Condition, entry.conditions_pointer(), reason);
        } else if is_fee && !conditions.is_empty() && !fee_is_certain && !from_ocpp {
            let reason = "OCPP looks at the start of the transaction only, in OCPI the fee may become due later";
            losses.lose(LossKind::Condition, entry.conditions_pointer(), reason);
        }
    }
    if is_reservation && tariff.dialect != Dialect::Ocpp21 {
        losses.note(&pointer, "in OCPP a reservation that is not used costs nothing");
    }
    if component.dimension == Dimension::ParkingTime && tariff.dialect != Dialect::Ocpp21 {
        losses.note(&pointer, "a pause that the station imposes is idle time in OCPP, not parking");
    }

    let Some(net) = net_price(component, tariff.tax_mode) else {
        let reason = "the price before tax is not known; it is left out";
        losses.lose_or_refuse(refuses, LossKind::Tax, pointer, reason);
        return;
    };
    let is_time = matches!(component.dimension, Dimension::Time | Dimension::ParkingTime);
    let price_pointer = format!("{pointer}/price");
    let price = if is_time {
        let per_minute = net.checked_div(Exact::from(60)).unwrap_or(net);
        losses.price(per_minute, 60, &price_pointer)
    } else {
        losses.price(net, 1, &price_pointer)
    };
    step(entry, net, losses);

    // a tariff to which no tax applies may name rates, which count for nothing
    let taxes = if tariff.tax_mode == TaxMode::NotApplicable { Vec::new() } else { component.taxes.clone() };
    match &lists.taxes[place] {
        None => lists.taxes[place] = Some(taxes),
        Some(known) if same_rates(known, &taxes) => {}
        Some(_) => {
            let reason = "OCPP has one set of taxes for all prices of a dimension; that of the first is taken";
            let is_refused = losses.policy.tax == ConvertTax::Refuse;
            losses.lose_or_refuse(is_refused, LossKind::Tax, format!("{pointer}/taxes"), reason);
        }
    }
    match place {
        0 => {
            let mut entry = v21::TariffEnergyPrice::new(price);
            entry.conditions = (!conditions.is_empty()).then(|| Box::new(full(conditions)));
            lists.energy.push(entry);
        }
        3 | 5 => {
            let mut entry = v21::TariffFixedPrice::new(price);
            entry.conditions = (!conditions.is_empty()).then(|| Box::new(fixed(conditions)));
            if place == 3 { lists.fixed.push(entry) } else { lists.reservation_fixed.push(entry) }
        }
        _ => {
            let mut entry = v21::TariffTimePrice::new(price);
            entry.conditions = (!conditions.is_empty()).then(|| Box::new(full(conditions)));
            match place {
                1 => lists.charging.push(entry),
                2 => lists.idle.push(entry),
                _ => lists.reservation.push(entry),
            }
        }
    }
}

/// Whether taxes come to the same.
fn same_rates(a: &[Tax], b: &[Tax]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.percent == b.percent && a.stack == b.stack)
}

/// A step above one unit has no partner (R74).
fn step(entry: &Entry<'_>, net: Exact, losses: &mut Losses<'_>) {
    let step = entry.source.step;
    let unit = match entry.source.dimension {
        Dimension::Energy => 1000,
        Dimension::Time | Dimension::ParkingTime => 3600,
        Dimension::Flat => return,
    };
    if step <= Decimal::ONE {
        return;
    }
    let most = Exact::from(step).checked_mul(net).and_then(|most| most.checked_div(Exact::from(unit)));
    let most = most.map_or_else(String::new, |most| format!(", up to {most:.4} less a session"));
    let is_refused = losses.policy.step == ConvertStep::Refuse;
    let reason = format!("OCPP has no steps{most}");
    losses.lose_or_refuse(is_refused, LossKind::Step, format!("{}/step_size", entry.pointer()), reason);
}

/// What has no partner in the tariff itself (R73).
fn fields(tariff: &Tariff, losses: &mut Losses<'_>) {
    let refuses = losses.policy.unsupported == Unsupported::Refuse;
    if tariff.valid_until.is_some() {
        losses.lose_or_refuse(refuses, LossKind::Field, "/valid_until", "OCPP tariffs have no end");
    }
    if tariff.kind.is_some() {
        losses.lose_or_refuse(refuses, LossKind::Field, "/type", "OCPP tariffs have no type");
    }
    if tariff.tax_mode == TaxMode::Unknown {
        let is_refused = losses.policy.tax == ConvertTax::Refuse;
        let reason = "the taxes are not known, in OCPP there are none";
        losses.lose_or_refuse(is_refused, LossKind::Tax, "/tax_mode", reason);
    }
}

fn phase(kind: ElementKind) -> &'static str {
    match kind {
        ElementKind::ReservationExpires => "reservations that expire",
        _ => "bookings",
    }
}

fn only_clock(conditions: &Conditions) -> bool {
    let rest = Conditions {
        start_time: None,
        end_time: None,
        start_date: None,
        end_date: None,
        day_of_week: crate::Weekdays::NONE,
        evse_kind: None,
        payment_brand: None,
        payment_recognition: None,
        ..conditions.clone()
    };
    rest.is_empty()
}

fn rates(taxes: Option<Vec<Tax>>) -> List<v21::TaxRate, 1, 5> {
    let rate = |tax: Tax| {
        let mut rate = v21::TaxRate::new(tax.name.as_str(), tax.percent);
        rate.stack = (tax.stack != 0).then(|| tax.stack.into());
        rate
    };
    taxes.into_iter().flatten().map(rate).collect()
}

fn limit(limit: &PriceLimit) -> v21::Price {
    let mut price = v21::Price::new();
    price.excl_tax = limit.excl_tax.map(Into::into);
    price.incl_tax = limit.incl_tax.map(Into::into);
    price.tax_rates = rates(Some(limit.taxes.clone()));
    price
}

fn full(conditions: &Conditions) -> v21::TariffConditions {
    let thousandfold = |value: Option<Decimal>| {
        let value = value?.normalize();
        value.checked_mul(Decimal::ONE_THOUSAND).map(|value| value.normalize().into())
    };
    let seconds = |value: Option<u64>| value.map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX));
    let mut full = v21::TariffConditions::new();
    full.start_time_of_day = time(conditions.start_time);
    full.end_time_of_day = time(conditions.end_time);
    full.day_of_week = days(conditions);
    full.valid_from_date = conditions.start_date.map(|date| Text::new(date.to_string()));
    full.valid_to_date = conditions.end_date.map(|date| Text::new(date.to_string()));
    full.evse_kind = conditions.evse_kind.map(evse_kind);
    full.min_energy = thousandfold(conditions.min_kwh);
    full.max_energy = thousandfold(conditions.max_kwh);
    full.min_current = conditions.min_current.map(Into::into);
    full.max_current = conditions.max_current.map(Into::into);
    full.min_power = thousandfold(conditions.min_power);
    full.max_power = thousandfold(conditions.max_power);
    full.min_time = seconds(conditions.min_duration);
    full.max_time = seconds(conditions.max_duration);
    full.min_charging_time = seconds(conditions.min_charging_time);
    full.max_charging_time = seconds(conditions.max_charging_time);
    full.min_idle_time = seconds(conditions.min_idle_time);
    full.max_idle_time = seconds(conditions.max_idle_time);
    full
}

fn fixed(conditions: &Conditions) -> v21::TariffConditionsFixed {
    let mut fixed = v21::TariffConditionsFixed::new();
    fixed.start_time_of_day = time(conditions.start_time);
    fixed.end_time_of_day = time(conditions.end_time);
    fixed.day_of_week = days(conditions);
    fixed.valid_from_date = conditions.start_date.map(|date| Text::new(date.to_string()));
    fixed.valid_to_date = conditions.end_date.map(|date| Text::new(date.to_string()));
    fixed.evse_kind = conditions.evse_kind.map(evse_kind);
    fixed.payment_brand = conditions.payment_brand.as_deref().map(Text::new);
    fixed.payment_recognition = conditions.payment_recognition.as_deref().map(Text::new);
    fixed
}

fn time(time: Option<chrono::NaiveTime>) -> Option<Text> {
    time.map(|time| Text::new(format!("{:02}:{:02}", time.hour(), time.minute())))
}

fn days(conditions: &Conditions) -> List<v21::DayOfWeek, 1, 7> {
    let day = |day| match day {
        Weekday::Mon => v21::DayOfWeek::Monday,
        Weekday::Tue => v21::DayOfWeek::Tuesday,
        Weekday::Wed => v21::DayOfWeek::Wednesday,
        Weekday::Thu => v21::DayOfWeek::Thursday,
        Weekday::Fri => v21::DayOfWeek::Friday,
        Weekday::Sat => v21::DayOfWeek::Saturday,
        Weekday::Sun => v21::DayOfWeek::Sunday,
    };
    conditions.day_of_week.days().map(day).collect()
}

fn evse_kind(kind: EvseKind) -> v21::EvseKind {
    match kind {
        EvseKind::Ac => v21::EvseKind::Ac,
        EvseKind::Dc => v21::EvseKind::Dc,
    }
}
