//! What a bill says: lines, groups, policies and documents. R51, R55.

use tariff::*;

use crate::desk::*;

#[test]
fn lines_name_the_component_and_run_without_interruption() {
    let tariff = [euro([when(r#"{"max_kwh": "10"}"#, [energy("0.39")]), always([energy("0.29"), flat("1")])])];
    let bill = bill_of(&tariff, &session().kwh("4").kwh("6").kwh("5"), &Policy::default());
    let lines: Vec<_> = bill
        .lines
        .iter()
        .map(|line| {
            (line.kind, line.source.unwrap().element, line.first_period, line.last_period, line.quantity.to_string())
        })
        .collect();
    assert_eq!(
        lines,
        [
            (LineKind::Fixed, 1, 0, 0, "1".into()),
            (LineKind::Energy, 0, 0, 1, "10".into()),
            (LineKind::Energy, 1, 2, 2, "5".into()),
        ]
    );
    assert_eq!(bill.tariffs, ["T"]);
}

#[test]
fn r51_a_fee_that_goes_with_parking_belongs_to_parking() {
    let tariff = [euro([when(r#"{"max_current": "1"}"#, [flat("3"), parking("6")]), always([energy("1")])])];
    let session = session().park(60);
    let bill = bill_of(&tariff, &session, &Policy::default());
    assert_eq!(shown(bill.totals.parking_time.cost.excl_tax, "9"), "9");
    let fixed = policy(|policy| policy.totals.parking_flat = ParkingFlat::AlwaysFixed);
    let bill = bill_of(&tariff, &session, &fixed);
    assert_eq!(shown(bill.totals.parking_time.cost.excl_tax, "6"), "6");
    assert_eq!(shown(bill.totals.fixed.cost.excl_tax, "3"), "3");
}

#[test]
fn policies_are_data() {
    for name in ["default", "literal", "driver_friendly", "compat_measured_steps", "compat_period_steps"] {
        let policy: Policy = name.parse().unwrap();
        let text = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy, "{name}");
    }
    let partial: Policy = serde_json::from_str(r#"{"step": {"base": "measured"}, "tariff": {"bridge": 0}}"#).unwrap();
    assert_eq!(partial.step.base, StepBase::Measured);
    assert_eq!(partial.tariff.bridge_seconds, 0);
    assert!(serde_json::from_str::<Policy>(r#"{"steps": {}}"#).is_err(), "a misspelt option is not ignored");
    assert!("generous".parse::<Policy>().is_err());
}

#[test]
fn documents_come_back_as_they_were() {
    let tariff = euro([
        when(
            r#"{"start_time": "08:00:00", "day_of_week": ["MONDAY", "SUNDAY"], "min_kwh": "1.50", "evse_kind": "DC"}"#,
            [energy("0.2500").vat(decimal("19.0")).step(1)],
        ),
        always([time("1")]).for_kind(ElementKind::Reservation),
    ]);
    let text = serde_json::to_string(&tariff).unwrap();
    assert!(text.contains("\"0.2500\""), "{text}");
    assert_eq!(serde_json::from_str::<Tariff>(&text).unwrap(), tariff);
    let record = session().charge(10, "1.10").reserve(3).under("T").record;
    let text = serde_json::to_string(&record).unwrap();
    assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
}

#[test]
fn diagnostics_have_stable_names_and_speak() {
    for code in Code::ALL {
        assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{}\"", code.as_str()));
    }
    let refused = euro([]).compile(&Policy::default()).unwrap_err();
    assert_eq!(refused.to_string(), "tariff refused: tariff has no elements (R2) at /elements");
}

#[test]
fn a_usage_is_filled_again_without_traces() {
    let policy = Policy::default();
    let compiled = euro([always([energy("1")])]).compile(&policy).unwrap();
    let mut usage = session().kwh("5").under("t").with(|record| record.credit = true).usage(&policy);
    usage.refill(&session().kwh("2").record, &policy).unwrap();
    assert_eq!(compiled.totals(&usage, &policy).unwrap().total.excl_tax, Some(Exact::from(2)));
    let bad = session().kwh("1").with(|record| record.periods[0].tariff = Some(0)).record;
    assert!(usage.refill(&bad, &policy).is_err());
    assert_eq!(usage.periods().len(), 0, "after an error it is empty");
}

#[test]
fn exact_numbers_are_shown_with_any_precision() {
    let huge = Exact::ratio(-79_228_162_514_264_337_593_543_950_335, 1).unwrap();
    assert_eq!(format!("{huge:.4}"), "-79228162514264337593543950335.0000");
    assert_eq!(format!("{huge}"), "-79228162514264337593543950335");
    let third = Exact::ratio(1, 3).unwrap();
    assert_eq!(format!("{third:.0} {third:+.2} {third:>8.3}|{third:<6.1}|"), "0 +0.33    0.333|0.3   |");
    assert_eq!(format!("{third:.40}"), format!("0.{}{}", "3".repeat(28), "0".repeat(12)));
    assert_eq!(format!("{:.2} {:+.1}", Exact::ZERO, third.negated()), "0.00 -0.3");
    assert_eq!(format!("{:.1}", Exact::ratio(-1, 100).unwrap()), "0.0");
}

#[test]
fn exact_numbers_compare_and_round() {
    let half = Exact::ratio(1, 2).unwrap();
    assert_eq!(half, Exact::ratio(2, 4).unwrap());
    assert!(half < Exact::ratio(2, 3).unwrap());
    assert_eq!(Exact::ratio(1, 0), None);
    assert_eq!(half.checked_div(Exact::ZERO), None);
    for (mode, positive, negative) in [
        (RoundingMode::HalfUp, "1", "-1"),
        (RoundingMode::HalfEven, "0", "0"),
        (RoundingMode::Down, "0", "0"),
        (RoundingMode::Up, "1", "-1"),
    ] {
        assert_eq!(half.round(0, mode).to_string(), positive, "{mode:?}");
        assert_eq!(half.negated().round(0, mode).normalize().to_string(), negative, "{mode:?}");
    }
    let smallest = Exact::ratio(i128::MIN, i128::MAX).unwrap();
    assert_eq!(smallest.negated().round(2, RoundingMode::HalfUp).to_string(), "1.00");
    assert_eq!(smallest.round(28, RoundingMode::Up).to_string().len(), 31);
    let large = Exact::from(decimal("79228162514264337593543950335"));
    assert_eq!(large.round(4, RoundingMode::HalfUp).to_string(), "79228162514264337593543950335");
    let third = Exact::ratio(1, 3).unwrap();
    assert_eq!(third.to_decimal(), None);
    assert_eq!(third.checked_mul(Exact::from(3)).unwrap().to_decimal(), Some(decimal("1")));
}

#[test]
fn lines_count_periods_in_the_order_of_time() {
    let tariff =
        euro([when(r#"{"start_time": "11:00:00"}"#, [energy("0.40")]), always([energy("0.20"), parking("6")])]);
    let mut session = session().charge(60, "7").charge(60, "5").park(30);
    let (sorted, policy) = (bill_of(std::slice::from_ref(&tariff), &session, &Policy::default()), Policy::default());
    session.record.periods.reverse();
    let unsorted = bill_of(std::slice::from_ref(&tariff), &session, &policy);
    assert_eq!(unsorted.lines, sorted.lines);
    let usage = session.usage(&policy);
    let used: Vec<UsedPeriod> = usage.periods().collect();
    assert_eq!(used.iter().map(|period| period.index).collect::<Vec<_>>(), [2, 1, 0]);
    for line in unsorted.lines.iter().filter(|line| line.kind == LineKind::Energy) {
        let periods = &used[line.first_period as usize..=line.last_period as usize];
        let sum = periods.iter().try_fold(Exact::ZERO, |sum, period| sum.checked_add(period.energy));
        assert_eq!(sum, Some(line.quantity));
    }
}
