//! Step rounding and fees: R30 to R38.

use rust_decimal::Decimal;
use tariff::*;

use crate::desk::*;

#[test]
fn r30_up_to_the_smallest_multiple_that_is_not_below() {
    for (step, kwh, cost) in
        [(1, "0.1152", "0.02900"), (25, "0.1152", "0.03125"), (500, "0.1152", "0.12500"), (500, "20.5", "5.12500")]
    {
        let tariff = [euro([always([energy("0.25").step(step)])])];
        assert_costs(&tariff, &session().kwh(kwh), cost);
    }
    let ignore = policy(|policy| policy.step.mode = StepMode::Ignore);
    assert_costs_by(&ignore, &[euro([always([energy("0.25").step(500)])])], &session().kwh("0.1152"), "0.0288");
}

#[test]
fn r31_energy_is_rounded_once_with_the_last_step() {
    let tariff =
        [euro([when(r#"{"max_duration": 3600}"#, [energy("0.20").step(500)]), always([energy("0.27").step(500)])])];
    let session = session().kwh("4.3").kwh("1.1");
    let bill = bill_of(&tariff, &session, &Policy::default());
    assert_eq!(shown(bill.totals.total.excl_tax, "1.184"), "1.184");
    assert_eq!(bill.lines[1].quantity.to_string(), "1.1");
    assert_eq!(bill.lines[1].billed.to_string(), "1.2");
    assert_eq!((bill.lines[0].step, bill.lines[1].step), (0, 500));
    let every = policy(|policy| policy.step.scope = StepScope::Period);
    // 4.5 and 1.5 kWh
    assert_costs_by(&every, &tariff, &session, "1.305");
}

#[test]
fn r32_parking_is_rounded_if_any_is_priced() {
    let tariff = [euro([always([time("1.00").step(600), parking("2.00").step(600)])])];
    assert_costs(&tariff, &session().charge_time(21).park(16), "1.0167");
    let short = [euro([always([time("1.00").step(300), parking("2.00").step(300)])])];
    let parks_first = session().park(7).charge_time(21);
    assert_costs(&short, &parks_first, "0.6833");
    let last = policy(|policy| policy.step.time = StepTime::LastPeriod);
    assert_costs_by(&last, &short, &parks_first, "0.6500");
    let both = policy(|policy| policy.step.time = StepTime::BothSeparately);
    assert_costs_by(&both, &short, &parks_first, "0.7500");
}

fn free_after_eight_minutes() -> [Tariff; 1] {
    [euro([always([time("2.40")]), when(r#"{"max_duration": 1200}"#, [parking("1.00").step(900)])])]
}

#[test]
fn r33_only_priced_quantity_is_rounded() {
    let session = session().charge_time(12).park(8).park(12);
    assert_costs(&free_after_eight_minutes(), &session, "0.73");
    let measured = policy(|policy| policy.step.base = StepBase::Measured);
    assert_costs_by(&measured, &free_after_eight_minutes(), &session, "0.78");
}

#[test]
fn r34_the_surplus_goes_to_the_last_priced_period() {
    let tariff =
        [euro([when(r#"{"max_duration": 1500}"#, [time("1.20").step(1800)]), always([time("2.40").step(900)])])];
    assert_costs(&tariff, &session().charge_time(25).charge_time(10), "1.30");
}

#[test]
fn r35_one_rounding_over_several_tariffs() {
    let named = |id: &str, component: Component| Tariff { id: id.into(), ..euro([always([component])]) };
    let tariffs = [named("A", energy("0.20").step(500)), named("B", energy("0.30").step(1000))];
    let session = session().kwh("4.3").under("A").kwh("1.1").under("B");
    assert_costs(&tariffs, &session, "1.37");
    let last = policy(|policy| policy.step.across_tariffs = StepTariffs::LastTariffOnly);
    assert_costs_by(&last, &tariffs, &session, "1.46");
}

#[test]
fn r36_odd_steps_and_signs() {
    let tariff = [euro([always([energy("1.00").step(500)])])];
    let back = session().kwh("-5.4");
    assert_costs(&tariff, &back, "-5.40");
    let toward = policy(|policy| policy.step.negative_quantity = NegativeStep::TowardZero);
    assert_costs_by(&toward, &tariff, &back, "-5.00");
    let away = policy(|policy| policy.step.negative_quantity = NegativeStep::AwayFromZero);
    assert_costs_by(&away, &tariff, &back, "-5.50");
    let mut zero = energy("1.00");
    zero.step = decimal("0");
    assert_costs(&[euro([always([zero])])], &session().kwh("5.4"), "5.40");
    let mut integral = energy("1.00");
    integral.step = decimal("300.0");
    assert_costs(&[euro([always([integral])])], &session().kwh("0.5"), "0.60");
    let mut fee = flat("1.00");
    fee.step = decimal("-7.5");
    assert_costs(&[euro([always([fee])])], &session().kwh("0.5"), "1.00");
}

#[test]
fn r37_parking_without_a_price_does_not_suppress_rounding() {
    let tariff = [euro([always([time("1.00").step(300)])])];
    let session = session().charge_time(21).park(7);
    assert_costs(&tariff, &session, "0.4167");
    let counts = policy(|policy| policy.step.unpriced_parking = UnpricedParking::Counts);
    assert_costs_by(&counts, &tariff, &session, "0.3500");
}

#[test]
fn r38_a_fee_is_due_once() {
    let tariff = [euro([when(r#"{"end_time": "17:00:00"}"#, [flat("1.00")]), always([flat("2.00")])])];
    let session = session_at("2024-01-15T16:30:00Z").charge(30, "1").charge(30, "1");
    assert_costs(&tariff, &session, "1.00");
    let each = policy(|policy| policy.flat.repeat = FlatRepeat::OncePerComponent);
    assert_costs_by(&each, &tariff, &session, "3.00");
    let late = [euro([when(r#"{"start_time": "17:00:00"}"#, [flat("2.00")])])];
    assert_costs(&late, &session, "2.00");
    let start = policy(|policy| policy.flat.moment = FlatMoment::SessionStartOnly);
    assert_costs_by(&start, &late, &session, "0.00");
}

#[test]
fn r38_a_fee_needs_use_and_may_need_energy() {
    let tariff = [euro([always([flat("1.00")])])];
    assert_costs(&tariff, &session(), "0.00");
    assert_costs(&tariff, &session().reserve(10), "0.00");
    assert_costs(&tariff, &session().park(10), "1.00");
    let energy = policy(|policy| policy.flat.requires_energy = true);
    assert_costs_by(&energy, &tariff, &session().park(10), "0.00");
    assert_costs_by(&energy, &tariff, &session().kwh("1"), "1.00");
    let named = |id: &str| Tariff { id: id.into(), ..euro([always([flat("1.00")])]) };
    let session = session().kwh("1").under("A").kwh("1").under("B").kwh("1").under("A");
    assert_costs(&[named("A"), named("B")], &session, "1.00");
    let tariffs = policy(|policy| policy.flat.repeat = FlatRepeat::OncePerTariff);
    assert_costs_by(&tariffs, &[named("A"), named("B")], &session, "2.00");
}

#[test]
fn r33_steps_of_a_thousand_periods_add_up_however_large() {
    let step = Decimal::from(1_000_000_000_000_u64);
    let tariff = euro([always([Component { step, ..energy("100000000000.01").vat(decimal("19")) }])]);
    let mut session = session();
    for _ in 0..1000 {
        session = session.charge(1, "0.001");
    }
    let policy = policy(|policy| policy.step.scope = StepScope::Period);
    let bill = bill_of(&[tariff], &session, &policy);
    // a thousand times 10^9 kWh
    assert_eq!(bill.totals.energy.billed, Exact::from(1_000_000_000_000));
    assert_eq!(bill.totals.total.excl_tax.unwrap().to_string(), "100000000000010000000000");
}
