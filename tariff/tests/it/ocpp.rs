//! Tariffs of OCPP 2.1: R56 to R68, R79 to R82.

use tariff::*;

use crate::desk::*;

fn ocpp(elements: impl Into<Vec<Element>>) -> Tariff {
    Tariff { dialect: Dialect::Ocpp21, ..euro(elements) }
}

/// A price per hour from one per minute.
fn per_minute(price: &str) -> String {
    (decimal(price) * decimal("60")).to_string()
}

#[test]
fn r56_the_first_entry_of_each_list() {
    let tariff = ocpp([
        when(r#"{"start_time": "08:00:00", "end_time": "18:00:00"}"#, [energy("0.40")]),
        always([energy("0.25")]),
    ]);
    let session = session_at("2024-01-15T17:00:00Z").period(120, |period| period.energy = Some(decimal("12")));
    assert_costs(&[tariff], &session, "3.90");
}

#[test]
fn r57_prices_per_minute() {
    assert_costs(&[ocpp([always([time(&per_minute("0.05"))])])], &session().charge_time(90), "4.50");
}

#[cfg(feature = "tz")]
#[test]
fn r58_a_window_may_become_active_twice() {
    let all_day = ocpp([when(r#"{"end_time": "00:00:00"}"#, [energy("0.25")])]);
    assert_costs(&[all_day], &session().kwh("20"), "5.00");
    let tariff = ocpp([when(r#"{"end_time": "02:30:00"}"#, [energy("0.20")]), always([energy("0.40")])]);
    let session = session_at("2024-10-27T00:00:00Z")
        .period(120, |period| period.energy = Some(decimal("20")))
        .with(|record| record.zone = LocalTime::of(chrono_tz::Europe::Amsterdam, record.start, record.end));
    assert_costs(&[tariff], &session, "6.00");
}

#[test]
fn r60_counters_accumulate() {
    let tariff = [ocpp([when(r#"{"min_idle_time": 300}"#, [parking(&per_minute("1.00"))])])];
    assert_costs(&tariff, &session().charge_time(30).park(15), "10.00");
    let phases = session().park(4).charge_time(10).park(4);
    assert_costs(&tariff, &phases, "3.00");
    let current = policy(|policy| policy.ocpp.idle_counter = IdleCounter::CurrentPhase);
    assert_costs_by(&current, &tariff, &phases, "0.00");
}

#[test]
fn r60_a_bound_never_holds_for_the_other_sign() {
    let tariff = [ocpp([
        when(r#"{"min_kwh": "-20", "max_kwh": "-30"}"#, [energy("3")]),
        when(r#"{"max_kwh": "-10"}"#, [energy("1")]),
        when(r#"{"min_kwh": "-10"}"#, [energy("2")]),
        always([energy("100")]),
    ])];
    let stated = policy(|policy| policy.periods.split = Split::AsStated);
    // at 0 the magnitude is below 10; at -5 too; from -10 on the third entry; from -20 on the first
    let session = session().kwh("-5").kwh("-5").kwh("-10").kwh("-1");
    assert_costs_by(&stated, &tariff, &session, "-33");
    // after feeding in no bound on discharging holds
    assert_costs_by(&stated, &tariff, &self::session().kwh("5").kwh("1"), "105");
}

#[test]
fn r62_the_fee_is_decided_at_the_start() {
    let tariff = [ocpp([when(r#"{"payment_brand": "CC"}"#, [flat("3.00")]), always([flat("2.50")])])];
    let paid = |brand: Option<&str>| {
        let brand = brand.map(str::to_owned);
        session().kwh("1").with(|record| record.facts.payment_brand = brand)
    };
    assert_costs(&tariff, &paid(Some("CC")), "3.00");
    assert_costs(&tariff, &paid(Some("debit")), "2.50");
    assert_costs(&tariff, &paid(None), "2.50");
    let met = policy(|policy| policy.ocpp.unknown_fact = UnknownFact::Met);
    assert_costs_by(&met, &tariff, &paid(None), "3.00");
    let late = [ocpp([when(r#"{"start_time": "17:00:00"}"#, [flat("2.00")])])];
    let session = session_at("2024-01-15T16:30:00Z").charge(60, "1");
    assert_costs(&late, &session, "0.00");
}

#[test]
fn r63_a_reservation_is_decided_at_the_start_of_the_transaction() {
    let reserved = |components: Vec<Component>| always(components).for_kind(ElementKind::Reservation);
    let tariff = [ocpp([reserved(vec![time(&per_minute("0.10")), flat("2.00")])])];
    assert_costs(&tariff, &session().reserve(15).kwh("1"), "3.50");
    assert_costs(&tariff, &session().reserve(15), "0.00");
    let clock = [ocpp([
        reserved(vec![time(&per_minute("0.20"))]).when(conditions_of(r#"{"end_time": "18:00:00"}"#)),
        reserved(vec![time(&per_minute("0.10"))]),
    ])];
    let session = session_at("2024-01-15T17:40:00Z").reserve(40).kwh("1");
    assert_costs(&clock, &session, "4.00");
    let at_reservation = policy(|policy| policy.ocpp.reservation_conditions = ReservationMoment::AtReservation);
    assert_costs_by(&at_reservation, &clock, &session, "8.00");
}

fn capped(tariff: Tariff, max: PriceLimit) -> [Tariff; 1] {
    [Tariff { max_price: Some(max), ..tariff }]
}

#[test]
fn r64_the_maximum_stops_the_cost() {
    let tariff = capped(ocpp([always([energy("0.50")])]), PriceLimit::excl_tax(decimal("10.00")));
    let bill = bill_of(&tariff, &session().kwh("50"), &Policy::default());
    assert_eq!(shown(bill.totals.total.excl_tax, "10.00"), "10.00");
    assert_eq!(bill.totals.limit, Some(Limit::Max));
    assert_eq!((bill.lines[0].quantity.to_string(), bill.lines[0].billed.to_string()), ("50".into(), "20".into()));
    assert_eq!(shown(bill.totals.energy.cost.excl_tax, "10.00"), "10.00", "the parts add up to the frozen total");
}

#[test]
fn r64_the_value_that_is_reached_first_decides() {
    let tariff = ocpp([always([flat("0.50").vat(decimal("20")), energy("0.25").vat(decimal("10"))])]);
    let tariff = capped(tariff, PriceLimit::both(decimal("10.00"), decimal("11.00")));
    assert_totals(&tariff, &session().kwh("50"), "9.9545", "11.0000");
    let bill = bill_of(&tariff, &session().kwh("50"), &Policy::default());
    assert_eq!(format!("{:.3}", bill.lines[1].billed), "37.818");
    let both = policy(|policy| policy.ocpp.limit_trigger = LimitTrigger::Both);
    assert_totals_by(&both, &tariff, &session().kwh("50"), "10.00", "11.05");
}

#[test]
fn r64_a_jump_is_cut_and_nothing_changes_afterwards() {
    let tariff = capped(ocpp([always([flat("15"), energy("-1")])]), PriceLimit::excl_tax(decimal("10")));
    assert_costs(&tariff, &session().kwh("3"), "10");
    let reached = policy(|policy| policy.ocpp.limit_jump = LimitJump::AsReached);
    assert_costs_by(&reached, &tariff, &session().kwh("3"), "15");
}

#[test]
fn r64_the_minimum_replaces_the_cost() {
    let minimum = |tariff: Tariff, min: PriceLimit| [Tariff { min_price: Some(min), ..tariff }];
    let tariff = minimum(ocpp([always([energy("0.50")])]), PriceLimit::excl_tax(decimal("2.00")));
    let bill = bill_of(&tariff, &session().kwh("1"), &Policy::default());
    assert_eq!(shown(bill.totals.total.excl_tax, "2.00"), "2.00");
    assert_eq!(shown(bill.totals.fixed.cost.excl_tax, "2.00"), "2.00");
    assert_eq!(bill.totals.energy.cost, Cost::ZERO);
    let untaxed = minimum(ocpp([always([energy("5.20")])]), PriceLimit::both(decimal("5.00"), decimal("5.50")));
    assert_totals(&untaxed, &session().kwh("1"), "5.00", "5.50");
    let own_taxes = PriceLimit { taxes: vec![Tax::vat(decimal("10"))], ..PriceLimit::excl_tax(decimal("2.00")) };
    assert_totals(&minimum(ocpp([always([energy("0.50")])]), own_taxes), &session().kwh("1"), "2.00", "2.20");
}

#[test]
fn r64_the_minimum_wins_over_a_lower_maximum() {
    let tariff = [Tariff {
        min_price: Some(PriceLimit::excl_tax(decimal("5"))),
        max_price: Some(PriceLimit::excl_tax(decimal("3"))),
        ..ocpp([always([energy("1")])])
    }];
    assert_costs(&tariff, &session().kwh("10"), "5");
    let max = policy(|policy| policy.ocpp.limits_conflict = LimitsConflict::MaxWins);
    assert_costs_by(&max, &tariff, &session().kwh("10"), "3");
}

#[test]
fn r65_amounts_are_exact() {
    let seconds = |price: &str| {
        let session = session().period(10, |period| period.time = Some(Span::seconds(100)));
        bill_of(&[ocpp([always([time(&per_minute(price))])])], &session, &Policy::default())
    };
    assert_eq!(shown(seconds("0.03").totals.total.excl_tax, "0.05"), "0.05");
    assert_eq!(shown(seconds("0.01").totals.total.excl_tax, "0.016667"), "0.016667");
    assert_eq!(seconds("0.01").invoice().excl_tax, Some(decimal("0.02")));
}

#[test]
fn r66_a_change_of_tariff_keeps_the_counters() {
    let named = |id: &str, tariff: Tariff| Tariff { id: id.into(), ..tariff };
    let first =
        named("A", ocpp([when(r#"{"max_kwh": "10"}"#, [energy("0.30")]), always([energy("0.20"), flat("1.00")])]));
    let second = named("B", ocpp([always([energy("0.10"), flat("9.00")])]));
    let session = session().kwh("20").under("A").kwh("20").under("B");
    // 3.00 + 2.00 + 2.00 and one fee
    assert_costs(&[first.clone(), second.clone()], &session, "8.00");
    // without a tariff before, the fee of the new one is due
    let late = self::session().kwh("20").kwh("20").under("B");
    assert_costs(&[first, second], &late, "11.00");
}

#[test]
fn r68_thresholds_are_exact_or_as_a_station_sees_them() {
    let half = ocpp([when(r#"{"end_time": "10:30:00"}"#, [energy("1")]), always([energy("2")])]);
    assert_costs(&[half], &session().kwh("12"), "18");
    let tariff = [ocpp([when(r#"{"max_kwh": "10"}"#, [energy("0.39")]), always([energy("0.29")])])];
    let session = session().period(20, |period| period.energy = Some(decimal("20")));
    assert_costs(&tariff, &session, "6.80");
    let every = policy(|policy| policy.ocpp.evaluate = Evaluate::Every(900));
    assert_costs_by(&every, &tariff, &session, "7.30");
}

#[test]
fn r68_energy_may_count_at_the_reading() {
    let tariff = [ocpp([when(r#"{"end_time": "10:30:00"}"#, [energy("1")]), always([energy("2")])])];
    let step = policy(|policy| policy.ocpp.interpolation = Interpolation::StepAtReading);
    assert_costs_by(&step, &tariff, &session().kwh("12"), "24");
}

#[test]
fn r79_minimum_and_maximum_in_order() {
    let tariff = [Tariff {
        min_price: Some(PriceLimit::excl_tax(decimal("2.00"))),
        max_price: Some(PriceLimit::excl_tax(decimal("5.00"))),
        ..ocpp([always([flat("1.00"), energy("0.40")])])
    }];
    assert_costs(&tariff, &session().kwh("2"), "2.00");
    let bill = bill_of(&tariff, &session().kwh("12"), &Policy::default());
    assert_eq!(shown(bill.totals.total.excl_tax, "5.00"), "5.00");
    assert_eq!(bill.lines[1].billed.to_string(), "10");
}

#[test]
fn r81_each_part_has_its_own_taxes() {
    let taxed = |component: Component, percents: &[&str]| Component {
        taxes: percents.iter().map(|percent| Tax::vat(decimal(percent))).collect(),
        ..component
    };
    let tariff = [ocpp([always([taxed(energy("0.25"), &["6", "4"]), parking(&per_minute("0.10"))])])];
    let bill = bill_of(&tariff, &session().charge(30, "10").park(10), &Policy::default());
    let cost = |group: &Group| (shown(group.cost.excl_tax, "0.00"), shown(group.cost.incl_tax, "0.00"));
    assert_eq!(cost(&bill.totals.energy), ("2.50".into(), "2.75".into()));
    assert_eq!(cost(&bill.totals.parking_time), ("1.00".into(), "1.00".into()));
    assert_eq!(shown(bill.totals.total.incl_tax, "3.75"), "3.75");
}

#[test]
fn r83_conditions_on_the_evse() {
    let tariff = [ocpp([when(r#"{"evse_kind": "DC"}"#, [energy("0.60")]), always([energy("0.40")])])];
    let at_kind = |kind: Option<EvseKind>| session().kwh("10").with(|record| record.facts.evse_kind = kind);
    assert_costs(&tariff, &at_kind(Some(EvseKind::Ac)), "4.00");
    assert_costs(&tariff, &at_kind(Some(EvseKind::Dc)), "6.00");
    assert_costs(&tariff, &at_kind(None), "4.00");
}
