//! Records as they come: R4 to R8, R17, R53, R55, and bad input.

use tariff::*;

use crate::desk::*;

#[test]
fn r5_periods_are_sorted_by_start() {
    let tariff = euro([when(r#"{"max_kwh": "15"}"#, [energy("1.00")]), always([energy("2.00")])]);
    let session = session().kwh("20").kwh("10").with(|record| record.periods.swap(0, 1));
    let bill = bill_of(core::slice::from_ref(&tariff), &session, &Policy::default());
    assert_eq!(shown(bill.totals.total.excl_tax, "40.00"), "40.00");
    assert_eq!(codes(&bill)[0], "PeriodsUnordered");
    assert_eq!(bill.diagnostics[0].pointer, "/periods/1");
    let split = policy(|policy| policy.periods.split = Split::Interpolate);
    assert_costs_by(&split, &[tariff], &session, "45.00");
    let reject = policy(|policy| policy.periods.order = PeriodOrder::RejectUnsorted);
    let refused = Usage::new(&session.record, &reject).unwrap_err();
    assert_eq!(refused.diagnostics[0].pointer, "/periods/1");
}

#[test]
fn r5_equal_starts_make_a_period_of_no_length_that_keeps_its_volumes() {
    let tariff = euro([always([energy("1")])]);
    let session = session().kwh("1").kwh("2").with(|record| record.periods[1].start = record.start);
    assert_costs(&[tariff], &session, "3");
    let usage = session.usage(&Policy::default());
    let periods: Vec<_> = usage.periods().map(|period| (period.end - period.start).num_minutes()).collect();
    assert_eq!(periods, [0, 120]);
}

#[test]
fn r5_an_end_before_the_start_and_a_period_outside_are_noted() {
    let session = session().kwh("1").with(|record| record.end = at("2024-01-15T09:00:00Z"));
    let usage = session.usage(&Policy::default());
    let codes: Vec<_> = usage.diagnostics().iter().map(|found| (found.code, found.pointer.as_str())).collect();
    assert_eq!(codes, [(Code::EndBeforeStart, "/end"), (Code::PeriodOutsideSession, "/periods/0/start")]);
    assert_eq!(
        usage.periods().next().unwrap().end,
        session.record.periods[0].start,
        "a negative length counts as zero"
    );
}

#[cfg(feature = "tz")]
#[test]
fn r6_durations_are_differences_of_instants() {
    let session = session_at("2024-03-31T00:30:00Z").charge_time(60).with(|record| {
        record.zone = LocalTime::of(chrono_tz::Europe::Amsterdam, record.start, record.end);
    });
    assert_costs(&[euro([always([time("6.00")])])], &session, "6.00");
}

fn hours(text: &str) -> Option<Span> {
    Some(Span::Hours(decimal(text)))
}

#[test]
fn r7_stated_hours_are_reconciled_with_timestamps() {
    let tariff = [euro([always([time("6.00").step(600)])])];
    let session = session().period(40, |period| period.time = hours("0.6667"));
    assert_costs(&tariff, &session, "4.00");
    let as_stated = policy(|policy| policy.time_volume = TimeVolume::AsStated);
    assert_costs_by(&as_stated, &tariff, &session, "5.00");
}

#[test]
fn r7_charging_and_parking_in_one_period_share_its_length() {
    let tariff = [euro([always([time("6.00").step(60), parking("6.00").step(600)])])];
    let session = session().period(40, |period| {
        period.time = hours("0.3333");
        period.parking_time = hours("0.3334");
    });
    assert_costs(&tariff, &session, "4.00");
    let no_steps = policy(|policy| {
        policy.time_volume = TimeVolume::AsStated;
        policy.step.mode = StepMode::Ignore;
    });
    assert_costs_by(&no_steps, &tariff, &session, "4.0002");
}

#[test]
fn r7_otherwise_the_nearest_second_and_a_stated_zero_stays() {
    let tariff = [euro([always([time("3600")])])];
    for (stated, seconds) in
        [("0.5000", "1800"), ("0.4999", "1799.64"), ("0.3333", "1200"), ("0", "0"), ("0.25", "900")]
    {
        let session = session().period(60, |period| period.time = hours(stated));
        assert_costs(&tariff, &session, seconds);
    }
    let timestamps = policy(|policy| policy.time_volume = TimeVolume::FromTimestamps);
    let session = session().period(30, |period| period.energy = Some(decimal("1"))).park(10);
    assert_costs_by(&timestamps, &tariff, &session, "1800");
}

#[test]
fn r7_no_time_stated_is_noted_with_what_timestamps_give() {
    let tariff = [euro([always([energy("1"), time("6")])])];
    let bill = bill_of(&tariff, &session().kwh("2"), &Policy::default());
    assert_eq!(codes(&bill), ["NoTimeStated"]);
    assert!(bill.diagnostics[0].detail.contains("8.0000"), "{}", bill.diagnostics[0].detail);
}

#[test]
fn r8_periods_price_and_totals_verify() {
    let tariff = [euro([always([energy("0.25")])])];
    let session = session().kwh("5").kwh("15").with(|record| record.total_energy = Some(decimal("21")));
    let bill = bill_of(&tariff, &session, &Policy::default());
    assert_eq!(shown(bill.totals.total.excl_tax, "5.00"), "5.00");
    assert_eq!((codes(&bill)[0], bill.diagnostics[0].detail.as_str()), ("TotalsDisagree", "+1 kWh"));
    let scaled = policy(|policy| policy.quantities.source = QuantitySource::ScaleToTotals);
    assert_costs_by(&scaled, &tariff, &session, "5.25");
}

#[test]
fn r17_a_recorded_period_is_priced_as_it_starts() {
    let tariff = [euro([when(r#"{"end_time": "17:00:00"}"#, [energy("1.00")]), always([energy("2.00")])])];
    let session = session_at("2024-01-15T16:30:00Z").kwh("10");
    let bill = bill_of(&tariff, &session, &Policy::default());
    assert_eq!(shown(bill.totals.total.excl_tax, "10.00"), "10.00");
    assert_eq!(codes(&bill), ["PeriodSpansPriceChange"]);
    assert_eq!(bill.diagnostics[0].detail, "at 2024-01-15T17:00:00Z, splitting gives 15.0000 before tax in total");
    let split = policy(|policy| policy.periods.split = Split::Interpolate);
    assert_costs_by(&split, &tariff, &session, "15.00");
    let bounds = policy(|policy| policy.periods.split = Split::Bounds);
    let (least, most) = bill_of(&tariff, &session, &bounds).bounds.unwrap();
    assert_eq!((shown(least.excl_tax, "10.00"), shown(most.excl_tax, "20.00")), ("10.00".into(), "20.00".into()));
    let measured = session.with(|record| record.kind = RecordKind::Measured);
    assert_costs(&tariff, &measured, "15.00");
}

#[test]
fn r17_tiers_within_one_period() {
    let tariff = [euro([when(r#"{"max_kwh": "10"}"#, [energy("1.00")]), always([energy("2.00")])])];
    assert_costs(&tariff, &session().kwh("30"), "30.00");
    let split = policy(|policy| policy.periods.split = Split::Interpolate);
    assert_costs_by(&split, &tariff, &session().kwh("30"), "50.00");
}

#[test]
fn r17_a_boundary_at_the_end_of_the_period_is_no_span() {
    let clock = [euro([when(r#"{"end_time": "11:00:00"}"#, [energy("1")]), always([energy("2")])])];
    assert_eq!(codes(&bill_of(&clock, &session().kwh("10"), &Policy::default())), [""; 0]);
    let tier = [euro([when(r#"{"max_kwh": "10"}"#, [energy("1")]), always([energy("2")])])];
    assert_eq!(codes(&bill_of(&tier, &session().kwh("10").kwh("1"), &Policy::default())), [""; 0]);
    let duration = [euro([when(r#"{"max_duration": 3600}"#, [energy("1")]), always([energy("2")])])];
    assert_eq!(codes(&bill_of(&duration, &session().kwh("10").kwh("1"), &Policy::default())), [""; 0]);
}

#[test]
fn r55_quantities_over_the_bounds_are_errors_with_a_pointer() {
    let refused = |session: Session| {
        let error = Usage::new(&session.record, &Policy::default()).unwrap_err();
        (error.diagnostics[0].code, error.diagnostics[0].pointer.clone())
    };
    let number = |pointer: &str| (Code::NumberOutOfRange, pointer.to_owned());
    let just_over = "1000000000000.000000001";
    assert_eq!(refused(session().kwh("1").kwh(just_over)), number("/periods/1/energy"));
    assert_eq!(refused(session().kwh(&format!("-{just_over}"))), number("/periods/0/energy"));
    let half = "600000000000";
    assert_eq!(refused(session().kwh(half).kwh(half)), number("/periods/1"));
    assert_eq!(refused(session().period(60, |period| period.time = hours("2600000"))), number("/periods/0/time"));
    let negative = session().period(60, |period| period.parking_time = hours("-1"));
    assert_eq!(refused(negative), (Code::ValueInvalid, "/periods/0/parking_time".into()));
    let long = session().kwh("1").with(|record| record.end = at("2044-01-15T10:00:00Z"));
    assert_eq!(refused(long), (Code::SessionTooLong, "/end".into()));
    let zone = session().kwh("1").with(|record| record.zone = LocalTime::Segments(vec![]));
    assert_eq!(refused(zone), (Code::ValueInvalid, "/zone".into()));
    let foreign = session().kwh("1").with(|record| record.periods[0].tariff = Some(3));
    assert_eq!(refused(foreign), (Code::ValueInvalid, "/periods/0/tariff".into()));
    let few = policy(|policy| policy.bounds.periods = 1);
    let error = Usage::new(&session().kwh("1").kwh("1").record, &few).unwrap_err();
    assert_eq!(error.diagnostics[0].code, Code::TooManyPeriods);
}

#[test]
fn r55_prices_over_the_bounds_are_errors_with_a_pointer() {
    let refused = |tariff: Tariff| {
        let error = tariff.compile(&Policy::default()).unwrap_err();
        (
            error.diagnostics.iter().find(|found| found.severity == Severity::Error).unwrap().clone().code,
            error.diagnostics[0].pointer.clone(),
        )
    };
    let at = |rest: &str| format!("/elements/0/price_components/0/{rest}");
    assert_eq!(refused(euro([always([energy("1000000000001")])])), (Code::NumberOutOfRange, at("price")));
    let mut step = energy("1");
    for (text, code) in [("-1", Code::InvalidStep), ("0.5", Code::InvalidStep)] {
        step.step = decimal(text);
        assert_eq!(refused(euro([always([step.clone()])])), (code, at("step_size")));
    }
    let many = (0..20).map(|level| Tax { stack: level, ..Tax::vat(decimal("1")) }).collect();
    let taxed = Component { taxes: many, ..energy("1") };
    assert_eq!(refused(euro([always([taxed])])), (Code::TaxesTooMany, at("taxes")));
    let limited =
        Tariff { max_price: Some(PriceLimit::excl_tax(decimal("9000000000000"))), ..euro([always([energy("1")])]) };
    assert_eq!(refused(limited), (Code::NumberOutOfRange, "/max_price/excl_tax".into()));
}

#[test]
fn odd_but_usable_tariffs_are_warned_about() {
    let found = |tariff: Tariff| {
        let compiled = tariff.compile(&Policy::default()).unwrap();
        compiled.diagnostics().iter().map(|found| (found.code, found.pointer.clone())).collect::<Vec<_>>()
    };
    let at = |rest: &str| format!("/elements/0/price_components/0/{rest}");
    assert_eq!(found(euro([always([energy("-0.25")])])), [(Code::PriceImplausible, at("price"))]);
    assert_eq!(found(euro([always([energy("999999")])])), [(Code::PriceImplausible, at("price"))]);
    assert_eq!(found(euro([always([energy("1").step(2_000_000)])])), [(Code::ImplausibleStep, at("step_size"))]);
    assert_eq!(found(euro([always([energy("1").vat(decimal("101"))])])), [(Code::VatImplausible, at("taxes/0"))]);
    let window = |json: &str| found(euro([when(json, [energy("1")])]))[0].clone();
    let place = |rest: &str| format!("/elements/0/restrictions/{rest}");
    assert_eq!(
        window(r#"{"start_date": "2024-02-01", "end_date": "2024-01-01"}"#),
        (Code::EmptyWindow, place("end_date"))
    );
    assert_eq!(window(r#"{"min_kwh": "5", "max_kwh": "5"}"#), (Code::EmptyWindow, place("max_kwh")));
    let unlisted = Tariff { currency: Currency::new("XXQ").unwrap(), ..euro([always([energy("1")])]) };
    assert_eq!(found(unlisted), [(Code::UnknownCurrency, "/currency".into())]);
}

#[test]
fn numbers_of_many_digits_are_exact_all_the_same() {
    let tariff = [euro([always([energy("0.1234567890123456789012345678").vat(decimal("19.123456789"))])])];
    let session = session().kwh("7.123456789012345678901234567").kwh("0.000000000000000000000000001");
    let bill = bill_of(&tariff, &session, &Policy::default());
    let product = Exact::from(decimal("0.1234567890123456789012345678"))
        .checked_mul(Exact::from(decimal("7.123456789012345678901234568")))
        .unwrap();
    let excl_tax = bill.totals.total.excl_tax.unwrap();
    assert_eq!(excl_tax.round(11, RoundingMode::HalfUp), product.round(11, RoundingMode::HalfUp));
    assert_eq!(format!("{excl_tax:.9}"), "0.879439102");
}

#[test]
fn the_largest_numbers_the_bounds_allow_neither_fail_nor_overflow() {
    let tariff = [euro([always([
        energy("1000000000000").vat(decimal("100")),
        time("1000000000000").vat(decimal("20")),
        flat("1000000000000"),
    ])])];
    let session = session().charge(60, "999999999999");
    assert_totals(&tariff, &session, "1000000000001000000000000", "2000000000000200000000000");
}

#[test]
fn ten_thousand_elements_compile_and_price() {
    let elements: Vec<Element> = (0..10_000)
        .map(|place| when(&format!(r#"{{"min_kwh": "{place}", "max_kwh": "{}"}}"#, place + 1), [energy("1")]))
        .collect();
    assert_costs(&[euro(elements)], &session().kwh("5000").kwh("2"), "5002");
}
