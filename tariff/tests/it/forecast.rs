//! Forecasts (R54, R85).

use rust_decimal::Decimal;
use tariff::{CurvePoint, Exact, Forecast, ForecastError, Policy, Stage, Target};

use crate::desk::{always, at, decimal, energy, euro, parking, when};

fn curve() -> Vec<CurvePoint> {
    [("0", "50"), ("25", "25"), ("35", "10")]
        .map(|(from, power)| CurvePoint { from: decimal(from), power: decimal(power) })
        .to_vec()
}

#[test]
fn r54_two_tariffs_cost_the_same_where_their_order_changes() {
    let flat = tariff::Component::new(tariff::Dimension::Flat, decimal("0.50"));
    let policy = Policy::default();
    let a = euro([always([energy("0.25"), flat])]).compile(&policy).unwrap();
    let b = euro([always([energy("0.30")])]).compile(&policy).unwrap();
    for (kwh, order) in
        [("9", std::cmp::Ordering::Greater), ("10", std::cmp::Ordering::Equal), ("11", std::cmp::Ordering::Less)]
    {
        let forecast = Forecast::new(at("2024-06-01T10:00:00Z"), vec![Stage::new(decimal(kwh), 3600)]);
        let cost = |compiled| forecast.price(compiled, &policy).unwrap().bill.totals.total.excl_tax.unwrap();
        assert_eq!(cost(&a).cmp(&cost(&b)), order, "{kwh} kWh");
    }
}

#[test]
fn r54_a_charging_curve_is_followed_to_its_target() {
    let start = at("2024-06-01T10:00:00Z");
    let to_energy = Forecast::along(start, &curve(), Target::Energy(40.into())).unwrap();
    let stages: Vec<_> = to_energy.stages.iter().map(|stage| (stage.nanos / 1_000_000_000, stage.energy)).collect();
    assert_eq!(stages, [(1800, 25.into()), (1440, 10.into()), (1800, 5.into())]);
    assert_eq!(to_energy.record().unwrap().end, at("2024-06-01T11:24:00Z"));
    let to_time = Forecast::along(start, &curve(), Target::Seconds(2700)).unwrap();
    let stages: Vec<_> = to_time.stages.iter().map(|stage| (stage.nanos / 1_000_000_000, stage.energy)).collect();
    assert_eq!(stages, [(1800, 25.into()), (900, decimal("6.25"))]);
    assert_eq!(Forecast::along(start, &curve()[1..], Target::Seconds(1)), Err(ForecastError::Curve));
    assert_eq!(Forecast::along(start, &[], Target::Seconds(1)), Err(ForecastError::Curve));
}

#[test]
fn r54_bounds_hold_where_only_quantities_are_certain() {
    let policy = Policy::default();
    let tariff = euro([when(r#"{"start_time": "17:00:00"}"#, [energy("2.00")]), always([energy("1.00")])]);
    let mut forecast = Forecast::new(at("2024-01-15T16:30:00Z"), vec![Stage::new(10.into(), 3600)]);
    forecast.zone = tariff::LocalTime::UTC;
    let expected = forecast.price(&tariff.compile(&policy).unwrap(), &policy).unwrap();
    assert_eq!(expected.bill.totals.total.excl_tax, Some(Exact::from(15)));
    let (least, most) = expected.bounds.unwrap();
    assert_eq!((least.excl_tax, most.excl_tax), (Some(Exact::from(10)), Some(Exact::from(20))));
}

#[test]
fn r85_a_transaction_limit_ends_charging_and_parking_goes_on() {
    let policy = Policy::default();
    let ten = |component: tariff::Component| component.vat(Decimal::TEN);
    let compiled = euro([always([ten(energy("0.25")), ten(parking("6.00"))])]).compile(&policy).unwrap();
    let mut forecast = Forecast::new(
        at("2024-06-01T10:00:00Z"),
        vec![Stage::at_power(11.into(), 4 * 3600), Stage::at_power(11.into(), 3600)],
    );
    forecast.parked = 600;
    assert!(forecast.stop_at_cost(11.into(), &compiled, &policy).unwrap());
    let total = forecast.price(&compiled, &policy).unwrap().bill.totals;
    assert_eq!(total.energy.quantity, Exact::from(40));
    assert_eq!(total.total.excl_tax, Some(Exact::from(11)));
    assert_eq!(total.total.incl_tax.unwrap().to_string(), "12.1");
    let before = forecast.clone();
    assert!(!forecast.stop_at_cost(100.into(), &compiled, &policy).unwrap());
    assert_eq!(forecast, before);
}
