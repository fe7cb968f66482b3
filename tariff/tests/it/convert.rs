//! Conversion between protocols and versions (R69 to R74).

use chrono::TimeDelta;
use ocpi_types::{Object, v221};
use ocpp_types::v21;
use proptest::prelude::*;
use rust_decimal::Decimal;
use tariff::convert::{Converted, LossKind, TariffHead, to_ocpi211, to_ocpi221, to_ocpi230, to_ocpp21};
use tariff::source::TariffSource;
use tariff::{
    Component, Conditions, ConvertTax, Dimension, Element, ElementKind, Exact, InexactPrice, LocalTime, Period, Policy,
    PriceLimit, Record, RecordKind, Span, StepMode, Tariff, Tax, TaxMode, Totals, Unsupported, Usage, Weekdays,
};

use crate::desk::{always, at, decimal, energy, euro, flat, parking, policy, session_at, time, when};

fn head() -> TariffHead {
    TariffHead {
        country_code: "DE".into(),
        party_id: "ALL".into(),
        last_updated: "2024-01-01T00:00:00Z".parse().unwrap(),
    }
}

fn to_ocpp(tariff: &Tariff) -> Converted<v21::Tariff> {
    to_ocpp21(tariff, &Policy::default()).unwrap()
}

fn to_221(tariff: &Tariff) -> Converted<v221::Tariff> {
    to_ocpi221(tariff, &head(), &Policy::default()).unwrap()
}

fn totals(tariff: &Tariff, record: &Record) -> Totals {
    let policy = Policy::default();
    let compiled = tariff.compile(&policy).unwrap_or_else(|error| panic!("{error}"));
    compiled.totals(&Usage::new(record, &policy).unwrap(), &policy).unwrap()
}

fn net(tariff: &Tariff, record: &Record) -> Exact {
    totals(tariff, record).total.excl_tax.unwrap()
}

fn own<T: TariffSource>(tariff: &T) -> Tariff {
    tariff.to_tariff(&Policy::default()).unwrap().tariff
}

fn kinds<T>(converted: &Converted<T>) -> Vec<LossKind> {
    converted.losses.iter().map(|loss| loss.kind).collect()
}

#[test]
fn r69_one_list_for_each_dimension_in_the_order_of_the_elements() {
    let evening = r#"{"start_time": "17:00:00", "end_time": "21:00:00"}"#;
    let tariff = euro([when(evening, [energy("0.39"), time("1.20")]), always([energy("0.29"), time("0.60")])]);
    let converted = to_ocpp(&tariff);
    assert_eq!((converted.losses.len(), converted.notes.len()), (0, 0));
    assert_eq!(converted.tariff.energy.as_ref().unwrap().prices.len(), 2);
    assert_eq!(converted.tariff.charging_time.as_ref().unwrap().prices.len(), 2);
    let record = session_at("2024-01-15T18:00:00Z").charge(60, "10").record;
    assert_eq!(net(&tariff, &record), decimal("5.10").into());
    assert_eq!(net(&own(&converted.tariff), &record), decimal("5.10").into());
    // and back: entries with equal conditions meet in one element again
    let back = to_221(&own(&converted.tariff));
    assert_eq!(back.losses, []);
    assert_eq!(back.tariff.elements.len(), 2);
    assert_eq!(net(&own(&back.tariff), &record), decimal("5.10").into());
    let mut apart = Policy::default();
    apart.convert.merge = tariff::MergeEntries::Keep;
    assert_eq!(to_ocpi221(&own(&converted.tariff), &head(), &apart).unwrap().tariff.elements.len(), 4);
}

#[test]
fn r69_priced_idle_time_comes_with_a_note() {
    let converted = to_ocpp(&euro([always([parking("6.00")])]));
    assert_eq!((converted.losses.len(), converted.notes.len()), (0, 1));
}

#[test]
fn r70_a_price_that_does_not_end_is_a_loss() {
    let converted = to_ocpp(&euro([always([time("2.00")])]));
    assert_eq!(kinds(&converted), [LossKind::Price]);
    assert_eq!(converted.losses[0].pointer, "/elements/0/price_components/0/price");
    let record = session_at("2024-01-15T10:00:00Z").charge_time(150).record;
    assert_eq!(net(&own(&converted.tariff), &record), decimal("4.99995").into());
    assert!(to_ocpp(&euro([always([time("3.00")])])).losses.is_empty());
    let mut strict = Policy::default();
    strict.convert.inexact = InexactPrice::Refuse;
    assert!(to_ocpp21(&euro([always([time("2.00")])]), &strict).is_err());
    assert!(converted.strict().is_err());
}

#[test]
fn r71_thresholds_are_in_wh_and_w() {
    let tariff = euro([when(r#"{"min_kwh": "10", "max_power": "22"}"#, [energy("0.29")]), always([energy("0.39")])]);
    let converted = to_ocpp(&tariff);
    assert_eq!(converted.losses, []);
    let conditions = converted.tariff.energy.as_ref().unwrap().prices[0].conditions.as_ref().unwrap();
    assert_eq!(conditions.min_energy, Some(ocpp_types::Decimal::from(10_000)));
    assert_eq!(conditions.max_power, Some(ocpp_types::Decimal::from(22_000)));
}

#[test]
fn r71_a_fee_that_may_become_due_later_is_a_loss() {
    let evening = r#"{"start_time": "17:00:00"}"#;
    let converted = to_ocpp(&euro([when(evening, [flat("2.00")])]));
    assert_eq!(kinds(&converted), [LossKind::Condition]);
    let record = session_at("2024-01-15T16:30:00Z").charge(60, "10").record;
    let tariff = euro([when(evening, [flat("2.00")])]);
    let split = Record { kind: RecordKind::Measured, ..record };
    assert_eq!(net(&tariff, &split), Exact::from(2));
    assert_eq!(net(&own(&converted.tariff), &split), Exact::ZERO);
    // with a fee that always applies there is nothing to wait for
    assert!(to_ocpp(&euro([when(evening, [flat("2.00")]), always([flat("1.00")])])).losses.is_empty());
    // a fee for much energy has no partner at all
    let dropped = to_ocpp(&euro([when(r#"{"min_kwh": "10"}"#, [flat("2.00"), energy("0.10")])]));
    assert_eq!(kinds(&dropped), [LossKind::Condition]);
    assert_eq!(dropped.tariff.fixed_fee, None);
    let mut strict = Policy::default();
    strict.convert.unsupported = Unsupported::Refuse;
    assert!(to_ocpp21(&euro([when(r#"{"min_kwh": "10"}"#, [flat("2.00")])]), &strict).is_err());
}

#[test]
fn r71_seconds_of_a_window_are_a_loss() {
    let day = r#"{"start_time": "08:00:00", "end_time": "20:00:30"}"#;
    let tariff = euro([when(day, [energy("0.30"), time("6")]), always([energy("0.20")])]);
    for (losses, restriction) in [
        (to_ocpp(&tariff).losses, to_ocpp(&tariff).tariff.energy.unwrap().prices[0].conditions.is_some()),
        (to_221(&tariff).losses, to_221(&tariff).tariff.elements[0].restrictions.is_some()),
    ] {
        assert_eq!(losses.len(), 1, "{losses:?}");
        assert_eq!((losses[0].kind, losses[0].pointer.as_str()), (LossKind::Condition, "/elements/0/restrictions"));
        assert!(restriction);
    }
    // what would become the whole day is left out, and its condition with it
    for moment in [r#"{"start_time": "08:00:10", "end_time": "08:00:50"}"#, r#"{"end_time": "00:00:30"}"#] {
        let tariff = euro([when(moment, [energy("9")]), always([energy("0.20")])]);
        assert_eq!(
            (kinds(&to_ocpp(&tariff)), kinds(&to_221(&tariff))),
            (vec![LossKind::Condition], vec![LossKind::Condition])
        );
        assert_eq!(own(&to_221(&tariff).tariff).elements.len(), 1);
        let refusing = policy(|policy| policy.convert.unsupported = Unsupported::Refuse);
        assert!(to_ocpp21(&tariff, &refusing).is_err());
    }
    let minutes = euro([when(r#"{"start_time": "08:00:00", "end_time": "20:00:00"}"#, [energy("0.30")])]);
    assert_eq!((kinds(&to_ocpp(&minutes)), kinds(&to_221(&minutes))), (vec![], vec![]));
}

#[test]
fn r71_counters_of_ocpp_have_no_restriction() {
    for conditions in [
        r#"{"min_idle_time": 300}"#,
        r#"{"max_charging_time": 300}"#,
        r#"{"evse_kind": "DC"}"#,
        r#"{"payment_brand": "Visa"}"#,
    ] {
        let tariff = euro([when(conditions, [energy("1.00")]), always([energy("0.50")])]);
        let converted = to_221(&tariff);
        assert_eq!(kinds(&converted), [LossKind::Condition], "{conditions}");
        assert_eq!(converted.tariff.elements.len(), 1);
    }
}

#[test]
fn r72_stacked_taxes_become_one_effective_rate() {
    let mut price = energy("1.00");
    price.taxes = vec![Tax::new("A", 10.into()), Tax { stack: 1, ..Tax::new("B", 20.into()) }];
    let converted = to_221(&euro([always([price.clone()])]));
    assert_eq!(kinds(&converted), [LossKind::Tax]);
    assert_eq!(converted.tariff.elements[0].price_components[0].vat, Some(32.into()));
    let record = session_at("2024-01-15T10:00:00Z").charge(60, "100").record;
    assert_eq!(totals(&own(&converted.tariff), &record).total.incl_tax, Some(Exact::from(132)));
    let mut strict = Policy::default();
    strict.convert.tax = ConvertTax::Refuse;
    assert!(to_ocpi221(&euro([always([price])]), &head(), &strict).is_err());
    // no rate stays no rate, and 0 stays 0
    let converted = to_ocpp(&euro([always([energy("1.00"), time("0.60").vat(Decimal::ZERO)])]));
    assert!(converted.tariff.energy.unwrap().tax_rates.is_empty());
    assert_eq!(converted.tariff.charging_time.unwrap().tax_rates[0].tax, ocpp_types::Decimal::ZERO);
    let different =
        euro([when(r#"{"max_kwh": "5"}"#, [energy("0.25").vat(10.into())]), always([energy("0.30").vat(20.into())])]);
    assert_eq!(kinds(&to_ocpp(&different)), [LossKind::Tax]);
    assert!(to_ocpp21(&different, &strict).is_err());
}

#[test]
fn r72_prices_with_taxes_become_net_prices() {
    let mut tariff = euro([always([time("2.178").vat(21.into())])]);
    tariff.tax_mode = TaxMode::Included;
    let converted = to_ocpp(&tariff);
    assert_eq!(converted.losses, []);
    assert_eq!(converted.tariff.charging_time.unwrap().prices[0].price_minute, "0.03".parse().unwrap());
    let same = to_ocpi230(&tariff, &head(), &Policy::default()).unwrap();
    assert_eq!((same.losses.len(), own(&same.tariff)), (0, tariff.clone()));
    assert_eq!(to_221(&tariff).tariff.elements[0].price_components[0].price, "1.8".parse().unwrap());
    tariff.elements[0].components[0].taxes.clear();
    assert_eq!(kinds(&to_221(&tariff)), [LossKind::Tax]);
}

#[test]
fn r73_limits_agree_under_one_tax_only() {
    let mut tariff = euro([always([energy("0.25").vat(10.into())])]);
    tariff.max_price = Some(PriceLimit::both(10.into(), 11.into()));
    let converted = to_ocpp(&tariff);
    assert_eq!(converted.losses, []);
    let record = session_at("2024-01-15T10:00:00Z").charge(60, "50").record;
    for tariff in [&tariff, &own(&converted.tariff)] {
        let total = totals(tariff, &record).total;
        assert_eq!((total.excl_tax, total.incl_tax), (Some(Exact::from(10)), Some(Exact::from(11))));
    }
    tariff.elements.push(always([flat("0.50").vat(20.into())]));
    assert_eq!(kinds(&to_ocpp(&tariff)), [LossKind::Limit]);
    tariff.elements.pop();
    tariff.valid_until = Some(at("2025-01-01T00:00:00Z"));
    tariff.kind = Some(tariff::TariffKind::Regular);
    tariff.elements.push(always([flat("4.00")]).for_kind(ElementKind::ReservationExpires));
    assert_eq!(to_ocpp(&tariff).losses.iter().filter(|loss| loss.kind == LossKind::Field).count(), 3);
}

#[test]
fn r74_a_step_is_a_loss_with_its_greatest_difference() {
    let converted = to_ocpp(&euro([always([parking("5.00").step(300)])]));
    let step = converted.losses.iter().find(|loss| loss.kind == LossKind::Step).unwrap();
    assert!(step.reason.contains("0.4167"), "{}", step.reason);
    assert_eq!(step.pointer, "/elements/0/price_components/0/step_size");
}

#[test]
fn older_versions_lose_what_they_cannot_say() {
    let mut tariff = euro([
        always([time("5.00")]).for_kind(ElementKind::Reservation),
        when(r#"{"min_current": "16"}"#, [energy("0.40").vat(20.into())]),
        always([energy("0.30").vat(20.into())]),
    ]);
    tariff.min_price = Some(PriceLimit::excl_tax(1.into()));
    let old = to_ocpi211(&tariff, "2024-01-01T00:00:00Z".parse().unwrap(), &Policy::default()).unwrap();
    let mut kinds = kinds(&old);
    kinds.sort();
    assert_eq!(kinds, [LossKind::Condition, LossKind::Tax, LossKind::Field, LossKind::Field]);
    assert_eq!(old.tariff.elements.len(), 1);
    let newer = to_221(&tariff);
    assert_eq!((newer.losses.len(), newer.tariff.elements.len()), (0, 3));
    assert_eq!(own(&newer.tariff), tariff);
    let booked = euro([always([flat("5.00")]).for_kind(ElementKind::Booking), always([energy("0.30")])]);
    assert_eq!(to_221(&booked).losses.len(), 1);
    assert_eq!(own(&to_ocpi230(&booked, &head(), &Policy::default()).unwrap().tariff), booked);
}

/// Tariffs whose prices end in any unit, under conditions of every kind that both sides know.
fn tariffs() -> impl Strategy<Value = Tariff> {
    let conditions = (
        prop::option::weighted(0.3, (0_u32..24, 0_u32..24)),
        prop::option::weighted(0.2, 0_u8..127),
        prop::option::weighted(0.3, (0_u32..20, 1_u32..20)),
        prop::option::weighted(0.3, (0_u64..90, 1_u64..90)),
        prop::option::weighted(0.2, 1_u32..40),
    )
        .prop_map(|(clock, days, energy, minutes, power)| {
            let hour = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0);
            let mut conditions = Conditions::default();
            if let Some((from, to)) = clock {
                (conditions.start_time, conditions.end_time) = (hour(from), hour(to));
            }
            if let Some(days) = days {
                let week = Weekdays::ALL.days().enumerate().filter(|(place, _)| days >> place & 1 == 1);
                conditions.day_of_week = week.map(|(_, day)| day).collect();
            }
            if let Some((from, more)) = energy {
                (conditions.min_kwh, conditions.max_kwh) = (Some(from.into()), Some((from + more).into()));
            }
            if let Some((from, more)) = minutes {
                (conditions.min_duration, conditions.max_duration) = (Some(from * 60), Some((from + more) * 60));
            }
            conditions.max_power = power.map(Into::into);
            conditions
        });
    let element = (
        conditions,
        prop::option::of(0_i64..200),
        prop::option::of(0_i64..200),
        prop::option::of(0_i64..200),
        prop::option::of(0_i64..300),
    )
        .prop_map(|(conditions, energy, time, parking, fee)| {
            let component = |dimension, price: i64| Component::new(dimension, Decimal::new(price, 2));
            // a multiple of 6 cents an hour is a tenth of a cent a minute
            let components = [
                energy.map(|price| component(Dimension::Energy, price)),
                time.map(|price| component(Dimension::Time, 6 * price)),
                parking.map(|price| component(Dimension::ParkingTime, 6 * price)),
                fee.map(|price| component(Dimension::Flat, price)),
            ];
            Element::new(components.into_iter().flatten().collect()).when(conditions)
        });
    (prop::collection::vec(element, 1..5), prop::option::of(0_u32..30), prop::option::of(1_i64..2000), any::<bool>())
        .prop_map(|(mut elements, vat, most, is_least)| {
            // the last fee always applies
            elements.push(Element::new(vec![Component::new(Dimension::Flat, Decimal::new(35, 2))]));
            let mut tariff = euro(elements);
            if let Some(vat) = vat {
                for component in tariff.elements.iter_mut().flat_map(|element| &mut element.components) {
                    component.taxes = vec![Tax::vat(vat.into())];
                }
            }
            let limit = most.map(|most| PriceLimit::excl_tax(Decimal::new(most, 2)));
            if is_least {
                tariff.min_price = limit
            } else {
                tariff.max_price = limit
            }
            tariff
        })
}

/// Sessions in whole watt-hours and seconds, not divided where prices change.
fn records() -> impl Strategy<Value = Record> {
    let period = (0_i64..30_000, 1_i64..7200, any::<bool>(), prop::option::of(1_u32..50));
    (0_i64..14 * 86_400, prop::collection::vec(period, 1..6)).prop_map(|(offset, periods)| {
        let start = at("2024-01-15T00:00:00Z") + TimeDelta::seconds(offset);
        let mut record = Record::new(start, start);
        (record.kind, record.zone) = (RecordKind::Measured, LocalTime::Fixed(3600));
        for (energy, seconds, parks, power) in periods {
            let mut period = Period::new(record.end);
            let span = Some(Span::Nanos(seconds * 1_000_000_000));
            if parks {
                period.parking_time = span;
            } else {
                (period.energy, period.time) = (Some(Decimal::new(energy, 3)), span);
                period.flow.min_power = power.map(Into::into);
                period.flow.max_power = power.map(Into::into);
            }
            record.periods.push(period);
            record.end += TimeDelta::seconds(seconds);
        }
        record
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn a_conversion_without_losses_prices_any_session_the_same(tariff in tariffs(), record in records()) {
        // what does not compile has no bill on either side
        prop_assume!(tariff.compile(&Policy::default()).is_ok());
        let expected = totals(&tariff, &record);
        let ocpp = to_ocpp(&tariff);
        let from_ocpp = own(&ocpp.tariff);
        if ocpp.losses.is_empty() {
            prop_assert_eq!(totals(&from_ocpp, &record).total, expected.total, "to OCPP: {:#?}", from_ocpp);
            let back = to_221(&from_ocpp);
            prop_assert_eq!(&back.losses, &[]);
            // OCPI asks for steps of 1, which round the fractions that a division where prices change leaves
            let mut exact = Policy::default();
            exact.step.mode = StepMode::Ignore;
            let again = own(&back.tariff).compile(&exact).unwrap();
            let again = again.totals(&Usage::new(&record, &exact).unwrap(), &exact).unwrap();
            prop_assert_eq!(again.total, expected.total, "and back: {:#?}", back.tariff);
            prop_assert!(ocpi_types::encode(&back.tariff).is_ok(), "{:?}", back.tariff.validate());
        }
        let newer = to_221(&tariff);
        prop_assert_eq!(&newer.losses, &[]);
        prop_assert_eq!(totals(&own(&newer.tariff), &record), expected);
        let newest = to_ocpi230(&tariff, &head(), &Policy::default()).unwrap();
        prop_assert_eq!(&newest.losses, &[]);
        prop_assert_eq!(totals(&own(&newest.tariff), &record), expected);
    }
}
