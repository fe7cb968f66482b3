//! Which price component applies: R13 to R29.

use chrono::TimeDelta;
use tariff::*;

use crate::desk::*;

#[test]
fn r1_exponents_are_read_exactly() {
    let tariff: Tariff = serde_json::from_str(
        r#"{"id": "T", "currency": "EUR", "elements": [{"price_components": [{"type": "ENERGY", "price": "2.5E-1"}]}]}"#,
    )
    .unwrap();
    assert_costs(&[tariff], &session().kwh("20"), "5.00");
}

#[test]
fn r1_no_float_reaches_a_price() {
    let text =
        r#"{"id": "T", "currency": "EUR", "elements": [{"price_components": [{"type": "ENERGY", "price": 0.25}]}]}"#;
    assert!(serde_json::from_str::<Tariff>(text).is_err());
}

#[test]
fn r2_absent_and_empty_are_the_same() {
    let session = session().kwh("20");
    let tariff = euro([when(r#"{"day_of_week": []}"#, [energy("0.25")])]);
    assert_totals(&[tariff], &session, "5.00", "5.00");
    let refused = euro([]).compile(&Policy::default()).unwrap_err();
    assert_eq!(refused.diagnostics[0].code, Code::TariffWithoutElements);
    assert_eq!(refused.diagnostics[0].pointer, "/elements");
}

#[test]
fn r13_every_dimension_has_its_own_first_match() {
    let tariff = euro([
        when(r#"{"day_of_week": ["MONDAY"]}"#, [energy("30")]),
        when(r#"{"start_time": "12:00:00", "end_time": "13:00:00"}"#, [energy("20")]),
        when(r#"{"start_time": "12:00:00", "end_time": "13:00:00"}"#, [time("10")]),
    ]);
    let session = session_at("2024-01-15T12:00:00Z").charge(60, "10");
    assert_costs(core::slice::from_ref(&tariff), &session, "310");
    let old = Tariff { dialect: Dialect::Ocpi211, ..tariff };
    assert_costs(core::slice::from_ref(&old), &session, "310");
    let first_only = policy(|policy| policy.element.lookup = ElementLookup::FirstElementOnly);
    assert_costs_by(&first_only, &[old], &session, "300");
}

#[test]
fn r14_the_first_of_two_components_counts() {
    let tariff = euro([always([flat("1.00"), flat("2.00")])]);
    let session = session().kwh("1");
    assert_costs(core::slice::from_ref(&tariff), &session, "1.00");
    let sum = policy(|policy| policy.element.duplicate_component = DuplicateComponent::Sum);
    assert_costs_by(&sum, core::slice::from_ref(&tariff), &session, "3.00");
    let reject = policy(|policy| policy.element.duplicate_component = DuplicateComponent::Reject);
    let refused = tariff.compile(&reject).unwrap_err();
    assert_eq!(refused.diagnostics[0].pointer, "/elements/0/price_components/1");
    let found = &tariff.compile(&Policy::default()).unwrap().diagnostics()[0].clone();
    assert_eq!((found.code, found.severity), (Code::DuplicateComponent, Severity::Warning));
}

#[test]
fn r15_nothing_matches_costs_a_known_zero() {
    let tariff = euro([when(r#"{"start_time": "17:00:00"}"#, [energy("0.25")])]);
    let bill = bill_of(core::slice::from_ref(&tariff), &session().charge(60, "20"), &Policy::default());
    assert_eq!(shown(bill.totals.total.incl_tax, "0.00"), "0.00");
    assert_eq!(bill.lines.len(), 1, "time is never priced, so it is not reported");
    assert_eq!((bill.lines[0].kind, bill.lines[0].reason), (LineKind::Energy, Reason::NoComponent));
    let none = policy(|policy| policy.report.unpriced = Unpriced::None);
    assert_eq!(bill_of(core::slice::from_ref(&tariff), &session().charge(60, "20"), &none).lines.len(), 0);
    let all = policy(|policy| policy.report.unpriced = Unpriced::All);
    assert_eq!(bill_of(&[tariff], &session().charge(60, "20"), &all).lines.len(), 2);
}

#[test]
fn r16_all_restrictions_must_hold() {
    let tariff = euro([when(r#"{"min_kwh": "10", "start_time": "17:00:00"}"#, [energy("1.00")])]);
    let session = session_at("2024-01-15T16:00:00Z")
        .period(30, |period| period.energy = Some(decimal("12")))
        .period(30, |period| period.energy = Some(decimal("1")));
    assert_costs(&[tariff], &session, "0.00");
}

#[test]
fn r18_local_time_decides() {
    let tariff = euro([when(r#"{"start_time": "17:00:00"}"#, [energy("1.00")]), always([energy("2.00")])]);
    let kolkata = |record: &mut Record| record.zone = LocalTime::Fixed(19_800);
    let session = session_at("2024-01-15T11:20:00Z").kwh("10").with(kolkata);
    assert_costs(core::slice::from_ref(&tariff), &session, "20.00");

    let compiled = tariff.compile(&Policy::default()).unwrap();
    let nowhere = session.with(|record| record.zone = LocalTime::Unknown).usage(&Policy::default());
    assert_eq!(
        compiled.price(&nowhere, &Policy::default()).unwrap_err(),
        Refusal::TimeZoneRequired { tariff: "T".into() }
    );
    let anywhere = euro([always([energy("2.00")])]).compile(&Policy::default()).unwrap();
    assert!(anywhere.price(&nowhere, &Policy::default()).is_ok(), "only local conditions need a zone");
}

#[test]
fn r19_an_end_of_midnight_is_the_end_of_the_day() {
    let tariff = euro([when(r#"{"end_time": "00:00:00"}"#, [energy("0.25")])]);
    assert_costs(&[tariff], &session().kwh("20"), "5.00");
}

#[test]
fn r19_a_window_wraps_over_midnight_and_equal_bounds_are_the_whole_day() {
    let night = euro([when(r#"{"start_time": "22:00:00", "end_time": "06:00:00"}"#, [energy("1")])]);
    for (start, cost) in [
        ("2024-01-15T21:59:59Z", "0"),
        ("2024-01-15T22:00:00Z", "1"),
        ("2024-01-15T00:00:00Z", "1"),
        ("2024-01-15T05:59:59.999999999Z", "1"),
        ("2024-01-15T06:00:00Z", "0"),
    ] {
        assert_costs(core::slice::from_ref(&night), &session_at(start).kwh("1"), cost);
    }
    let whole = euro([when(r#"{"start_time": "08:00:00", "end_time": "08:00:00"}"#, [energy("1")])]);
    assert_costs(core::slice::from_ref(&whole), &session().kwh("1"), "1");
    assert_eq!(whole.compile(&Policy::default()).unwrap().diagnostics()[0].code, Code::WholeDayWindow);
    let never = policy(|policy| policy.window.equal_bounds = EqualBounds::Never);
    assert_costs_by(&never, &[whole], &session().kwh("1"), "0");
}

#[test]
fn r20_dates_are_local_and_the_end_is_exclusive() {
    let tariff = euro([when(r#"{"end_date": "2024-01-16"}"#, [energy("0.25")])]);
    let amsterdam = |record: &mut Record| record.zone = LocalTime::Fixed(3600);
    let before = session_at("2024-01-15T22:30:00Z").kwh("20").with(amsterdam);
    let after = session_at("2024-01-15T23:30:00Z").kwh("20").with(amsterdam);
    assert_costs(core::slice::from_ref(&tariff), &before, "5.00");
    assert_costs(core::slice::from_ref(&tariff), &after, "0.00");
}

#[test]
fn r21_the_weekday_is_that_of_the_instant() {
    let tariff = euro([
        when(r#"{"start_time": "22:00:00", "end_time": "06:00:00", "day_of_week": ["FRIDAY"]}"#, [energy("1.00")]),
        always([energy("2.00")]),
    ]);
    let saturday = session_at("2024-01-20T02:00:00Z").kwh("10");
    assert_costs(core::slice::from_ref(&tariff), &saturday, "20.00");
    assert_costs(core::slice::from_ref(&tariff), &session_at("2024-01-19T02:00:00Z").kwh("10"), "10.00");
    let of_start = policy(|policy| policy.window.weekday = WindowWeekday::OfWindowStart);
    assert_costs_by(&of_start, core::slice::from_ref(&tariff), &saturday, "10.00");
    assert_costs_by(&of_start, core::slice::from_ref(&tariff), &session_at("2024-01-19T02:00:00Z").kwh("10"), "20.00");
    assert_eq!(tariff.compile(&Policy::default()).unwrap().diagnostics()[0].code, Code::WeekdayWithOvernightWindow);
}

#[cfg(feature = "tz")]
fn amsterdam(record: &mut Record) {
    record.zone = LocalTime::of(chrono_tz::Europe::Amsterdam, record.start, record.end);
}

#[cfg(feature = "tz")]
#[test]
fn r22_a_window_applies_in_both_passes_of_the_repeated_hour_and_never_in_the_skipped_one() {
    let tariff = euro([
        when(r#"{"start_time": "02:00:00", "end_time": "03:00:00"}"#, [energy("1.00")]),
        always([energy("2.00")]),
    ]);
    let autumn = session_at("2024-10-27T00:00:00Z").kwh("5").kwh("5").kwh("5").with(amsterdam);
    assert_costs(core::slice::from_ref(&tariff), &autumn, "20.00");
    let spring = session_at("2024-03-31T00:30:00Z").kwh("10").with(amsterdam);
    assert_costs(core::slice::from_ref(&tariff), &spring, "20.00");
    for pass in [RepeatedHour::FirstPass, RepeatedHour::SecondPass] {
        let once = policy(|policy| policy.window.repeated_hour = pass);
        assert_costs_by(&once, core::slice::from_ref(&tariff), &autumn, "25.00");
    }
    let first = policy(|policy| policy.window.repeated_hour = RepeatedHour::FirstPass);
    let bill = bill_of(&[tariff], &autumn, &first);
    assert_eq!(bill.lines[0].price, decimal("1.00"), "the first pass is in the window");
}

#[cfg(feature = "tz")]
#[test]
fn r22_interpolated_boundaries_meet_the_clock_changes() {
    let tariff =
        euro([when(r#"{"start_time": "02:00:00", "end_time": "03:00:00"}"#, [time("1.00")]), always([time("2.00")])]);
    let interpolate = policy(|policy| policy.periods.split = Split::Interpolate);
    // local 01:00 to 04:00 with 02:00 to 03:00 twice
    let autumn = session_at("2024-10-26T23:00:00Z").charge_time(240).with(amsterdam);
    assert_costs_by(&interpolate, core::slice::from_ref(&tariff), &autumn, "6.00");
    let first = policy(|policy| {
        policy.periods.split = Split::Interpolate;
        policy.window.repeated_hour = RepeatedHour::FirstPass;
    });
    assert_costs_by(&first, core::slice::from_ref(&tariff), &autumn, "7.00");
    let spring = session_at("2024-03-31T00:00:00Z").charge_time(120).with(amsterdam);
    assert_costs_by(&interpolate, &[tariff], &spring, "4.00");
}

#[test]
fn r23_energy_thresholds_are_cumulative_and_progressive() {
    let tariff = euro([when(r#"{"max_kwh": "10"}"#, [energy("0.39")]), always([energy("0.29")])]);
    assert_costs(core::slice::from_ref(&tariff), &session().kwh("10").kwh("15"), "8.25");
    let split = policy(|policy| policy.periods.split = Split::Interpolate);
    assert_costs_by(&split, core::slice::from_ref(&tariff), &session().kwh("25"), "8.25");
}

#[test]
fn r23_the_scope_may_be_the_tariff() {
    let tier = |id: &str| Tariff {
        id: id.into(),
        ..euro([when(r#"{"max_kwh": "10"}"#, [energy("1")]), always([energy("2")])])
    };
    let session = session().kwh("10").under("A").kwh("10").under("B");
    assert_costs(&[tier("A"), tier("B")], &session, "30");
    let own = policy(|policy| policy.energy_tiers.scope = TierScope::Tariff);
    assert_costs_by(&own, &[tier("A"), tier("B")], &session, "20");
}

#[test]
fn r24_durations_count_from_the_first_use() {
    let tariff = euro([
        when(r#"{"max_duration": 1800}"#, [energy("0.00")]),
        when(r#"{"max_duration": 3600}"#, [energy("0.25")]),
        always([energy("0.40")]),
    ]);
    let session = session().reserve(35).charge(30, "5").charge(10, "1.2");
    assert_costs(core::slice::from_ref(&tariff), &session, "0.30");
    let from_start = policy(|policy| policy.duration.origin = DurationOrigin::RecordStart);
    assert_costs_by(&from_start, core::slice::from_ref(&tariff), &session, "1.73");
}

#[test]
fn r25_missing_power_is_derived() {
    let tariff = euro([when(r#"{"min_power": "50"}"#, [energy("1.00")]), always([energy("0.50")])]);
    assert_costs(core::slice::from_ref(&tariff), &session().kwh("20"), "10.00");
    let assume = policy(|policy| policy.power.missing = MissingPower::AssumeMet);
    assert_costs_by(&assume, core::slice::from_ref(&tariff), &session().kwh("20"), "20.00");
    let not = policy(|policy| policy.power.missing = MissingPower::AssumeNotMet);
    assert_costs_by(&not, &[tariff], &session().kwh("20"), "10.00");
}

#[test]
fn r25_stated_extremes_decide_and_what_is_unknown_counts_as_met() {
    let tariff = euro([when(r#"{"min_current": "32"}"#, [energy("1")]), always([energy("2")])]);
    let stated = |fill: fn(&mut Flow)| {
        session().period(60, |period| {
            period.energy = Some(decimal("1"));
            fill(&mut period.flow);
        })
    };
    assert_costs(core::slice::from_ref(&tariff), &stated(|flow| flow.max_current = Some(decimal("32"))), "1");
    assert_costs(core::slice::from_ref(&tariff), &stated(|flow| flow.max_current = Some(decimal("31.9"))), "2");
    assert_costs(core::slice::from_ref(&tariff), &stated(|flow| flow.current = Some(decimal("16"))), "2");
    let bill = bill_of(core::slice::from_ref(&tariff), &session().kwh("1"), &Policy::default());
    assert_eq!(shown(bill.totals.total.excl_tax, "1"), "1");
    assert_eq!(codes(&bill), ["RestrictionNotVerifiable"]);
    let both = |flow: &mut Flow| (flow.min_current, flow.max_current) = (Some(decimal("16")), Some(decimal("40")));
    let bill = bill_of(core::slice::from_ref(&tariff), &stated(both), &Policy::default());
    assert_eq!(codes(&bill), ["PeriodSpansPriceChange"]);
    let average = policy(|policy| policy.power.straddle = PowerStraddle::Average);
    let all = |flow: &mut Flow| {
        (flow.min_current, flow.current, flow.max_current) =
            (Some(decimal("16")), Some(decimal("20")), Some(decimal("40")));
    };
    assert_costs_by(&average, &[tariff], &stated(all), "2");
}

#[test]
fn r26_current_is_zero_while_not_charging() {
    let tariff = euro([when(r#"{"max_current": "32"}"#, [parking("5.00")])]);
    assert_costs(&[tariff], &session().park(60), "5.00");
    let lower = euro([when(r#"{"min_current": "1"}"#, [parking("5.00")])]);
    assert_costs(core::slice::from_ref(&lower), &session().park(60), "0.00");
    let unknown = policy(|policy| policy.power.idle = IdlePower::NotVerifiable);
    assert_costs_by(&unknown, &[lower], &session().park(60), "5.00");
}

#[test]
fn r27_reservation_elements_stand_apart() {
    let tariff = euro([always([time("5.00")]).for_kind(ElementKind::Reservation), always([time("1.00")])]);
    assert_costs(&[tariff], &session().reserve(30).charge_time(60), "3.50");
    let odd = euro([always([energy("5.00"), time("1")]).for_kind(ElementKind::Reservation), always([energy("1")])]);
    assert_costs(core::slice::from_ref(&odd), &session().kwh("2"), "2");
    assert_eq!(odd.compile(&Policy::default()).unwrap().diagnostics()[0].code, Code::ReservationDimension);
}

#[test]
fn r28_booking_elements_stand_apart() {
    let tariff = euro([
        always([flat("25.00")]).for_kind(ElementKind::BookingCancellation),
        always([flat("0.50"), energy("0.25")]),
    ]);
    assert_costs(&[tariff], &session().kwh("20"), "5.50");
}

#[test]
fn r29_products_are_exact() {
    let bill = bill_of(&[euro([always([time("1.00")])])], &session().charge_time(100), &Policy::default());
    assert_eq!(bill.totals.total.excl_tax, Exact::ratio(5, 3));
    assert_eq!(shown(bill.totals.total.excl_tax, "1.6667"), "1.6667");
}

#[test]
fn conditions_on_more_than_64_elements_and_either_side_of_a_chunk() {
    let mut elements: Vec<Element> = (0..200)
        .map(|hour| {
            when(&format!(r#"{{"min_kwh": "{hour}", "max_kwh": "{}"}}"#, hour + 1), [energy(&hour.to_string())])
        })
        .collect();
    elements.push(always([energy("1000")]));
    let tariff = euro(elements);
    let mut session = session();
    for _ in 0..202 {
        session = session.kwh("1");
    }
    assert_costs(core::slice::from_ref(&tariff), &session, "21900");
    let split = policy(|policy| policy.periods.split = Split::Interpolate);
    assert_costs_by(&split, &[tariff], &self::session().kwh("202"), "21900");
}

#[test]
fn sub_second_starts_are_on_the_right_side_of_a_window() {
    let tariff = euro([when(r#"{"start_time": "17:00:00"}"#, [time("2")]), always([time("1")])]);
    let interpolate = policy(|policy| policy.periods.split = Split::Interpolate);
    let mut session = session_at("2024-01-15T16:59:59.5Z").charge_time(60);
    session.record.end += TimeDelta::zero();
    // half a second at 1, the rest at 2
    let bill = bill_of(&[tariff], &session, &interpolate);
    assert_eq!(bill.totals.total.excl_tax, Exact::ratio(14_399, 7_200));
}
