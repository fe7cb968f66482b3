//! Running sessions: R53, R80.

use chrono::TimeDelta;
use rust_decimal::Decimal;
use tariff::*;

use crate::desk::*;
use crate::slowly::random;

#[test]
fn r53_accrued_and_if_stopped_now() {
    let tariff =
        Tariff { min_price: Some(PriceLimit::excl_tax(decimal("1.00"))), ..euro([always([energy("0.25").step(500)])]) };
    let policy = Policy::default();
    let compiled = tariff.compile(&policy).unwrap();
    let record = Record::new(at("2024-01-15T10:00:00Z"), at("2024-01-15T10:00:00Z"));
    let mut meter = Meter::start(&compiled, &policy, &record, decimal("100")).unwrap();
    let running = meter.read(&MeterReading::charging(at("2024-01-15T10:30:00Z"), decimal("103.2"))).unwrap();
    assert_eq!(shown(running.accrued.excl_tax, "0.800"), "0.800");
    assert_eq!(shown(running.if_stopped_now.excl_tax, "1.000"), "1.000");
    let running = meter.read(&MeterReading::charging(at("2024-01-15T11:00:00Z"), decimal("105.2"))).unwrap();
    assert_eq!(shown(running.accrued.excl_tax, "1.300"), "1.300");
    assert_eq!(shown(running.if_stopped_now.excl_tax, "1.375"), "1.375");
}

#[test]
fn r80_updates_apply_the_maximum_but_not_the_minimum() {
    let ocpp = |tariff: Tariff| Tariff { dialect: Dialect::Ocpp21, ..tariff };
    let tariff = ocpp(Tariff {
        min_price: Some(PriceLimit::excl_tax(decimal("2.00"))),
        max_price: Some(PriceLimit::excl_tax(decimal("3.00"))),
        ..euro([always([energy("0.50")])])
    });
    let policy = Policy::default();
    let compiled = tariff.compile(&policy).unwrap();
    let record = Record::new(at("2024-01-15T10:00:00Z"), at("2024-01-15T10:00:00Z"));
    let mut meter = Meter::start(&compiled, &policy, &record, decimal("0")).unwrap();
    let costs = ["1", "7", "9"].map(|register| {
        let at = meter.record().end + TimeDelta::minutes(10);
        let running = meter.read(&MeterReading::charging(at, decimal(register))).unwrap();
        (shown(running.accrued.excl_tax, "0.00"), shown(running.if_stopped_now.excl_tax, "0.00"))
    });
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(costs, [pair("0.50", "2.00"), pair("3.00", "3.00"), pair("3.00", "3.00")]);
}

#[test]
fn r66_another_tariff_counts_from_the_last_reading_on() {
    let below = Conditions { max_kwh: Some(decimal("10")), ..Conditions::default() };
    let named = |id: &str, elements: Vec<Element>| Tariff { id: id.to_owned(), ..euro(elements) };
    let first = named("A", vec![always([energy("0.30"), flat("1")]).when(below), always([energy("0.20")])]);
    let second = named("B", vec![always([energy("0.10"), flat("5")])]);
    let kronor = Tariff { currency: Currency::new("SEK").unwrap(), ..named("C", vec![always([energy("1")])]) };
    for dialect in [Dialect::Ocpi, Dialect::Ocpp21] {
        let tariffs = [&first, &second, &kronor].map(|tariff| Tariff { dialect, ..tariff.clone() });
        let policy = Policy::default();
        let compiled = Compiled::new(&tariffs, &policy).unwrap();
        let start = at("2024-01-15T10:00:00Z");
        let record = Record { currency: Some(Currency::EUR), ..Record::new(start, start) };
        let mut meter = Meter::start(&compiled, &policy, &record, decimal("0")).unwrap();
        let read = |meter: &mut Meter<'_>, minutes: i64, register: &str| {
            let at = start + TimeDelta::minutes(minutes);
            meter.read(&MeterReading::charging(at, decimal(register))).unwrap().accrued.excl_tax.unwrap()
        };
        assert_eq!(read(&mut meter, 60, "20"), Exact::from(6));
        for refused in ["C", "D"] {
            assert!(matches!(meter.change_tariff(refused), Err(MeterError::Refused(_))));
        }
        meter.change_tariff("b").unwrap();
        // 10 kWh at 0.30, 10 at 0.20, 20 at 0.10, and the fee of the first tariff
        assert_eq!(read(&mut meter, 120, "40"), Exact::from(8));
        let record = meter.record();
        assert_eq!(record.periods.iter().map(|period| period.tariff).collect::<Vec<_>>(), [Some(1), Some(1), Some(0)]);
        assert_eq!(record.tariff_ids, ["b", "A"]);
        let usage = Usage::new(&record, &policy).unwrap();
        assert_eq!(compiled.totals(&usage, &policy).unwrap().total, meter.running().if_stopped_now);
    }
}

#[test]
fn readings_that_contradict_each_other_change_nothing() {
    let policy = Policy::default();
    let compiled = euro([always([energy("1")])]).compile(&policy).unwrap();
    let start = at("2024-01-15T10:00:00Z");
    let mut meter = Meter::start(&compiled, &policy, &Record::new(start, start), decimal("5")).unwrap();
    let running = meter.read(&MeterReading::charging(at("2024-01-15T10:10:00Z"), decimal("6"))).unwrap();
    for (reading, is_expected) in [
        (
            MeterReading::charging(at("2024-01-15T10:09:59Z"), decimal("7")),
            (|error| matches!(error, MeterError::BackInTime { .. })) as fn(MeterError) -> bool,
        ),
        (MeterReading::charging(at("2024-01-15T10:11:00Z"), decimal("5.9")), |error| {
            matches!(error, MeterError::RegisterFell { .. })
        }),
        (MeterReading::charging(at("2054-01-15T10:11:00Z"), decimal("7")), |error| {
            matches!(error, MeterError::OutOfBounds)
        }),
        (MeterReading::charging(at("2024-01-15T10:11:00Z"), decimal("2000000000000")), |error| {
            matches!(error, MeterError::OutOfBounds)
        }),
    ] {
        assert!(is_expected(meter.read(&reading).unwrap_err()), "{reading:?}");
        assert_eq!(meter.running(), running);
    }
}

#[test]
fn r59_what_states_count_as() {
    use ChargingState::{Charging, EvConnected, Idle, SuspendedEv};

    let tariff = euro([always([time("6"), parking("6.00")])]);
    // 60 min of charging, then 10 min in another state; after 5 min with a vehicle connected before
    let cost = |policy: &Policy, state| {
        let compiled = tariff.compile(policy).unwrap();
        let record = session().record;
        let mut meter = Meter::start(&compiled, policy, &record, decimal("0")).unwrap();
        let mut has_charged = false;
        let stages = [(5, EvConnected, "0"), (65, Charging, "10"), (75, state, "10")];
        let mut running = Running::default();
        for (minute, state, register) in stages {
            let since = policy.ocpp.activity(state, has_charged);
            has_charged |= since == Activity::Charging;
            let at = record.start + TimeDelta::minutes(minute);
            running = meter.read(&MeterReading { since, ..MeterReading::charging(at, decimal(register)) }).unwrap();
        }
        shown(running.if_stopped_now.excl_tax, "0.00")
    };
    let default = Policy::default();
    // 0.50 before, 6.00 for charging, 1.00 for the pause
    for (state, expected) in
        [(Charging, "7.50"), (SuspendedEv, "7.50"), (ChargingState::SuspendedEvse, "7.50"), (Idle, "6.50")]
    {
        assert_eq!(cost(&default, state), expected, "{state:?}");
    }
    let neither = policy(|policy| policy.ocpp.suspended_evse = SuspendedEvse::Neither);
    assert_eq!(cost(&neither, ChargingState::SuspendedEvse), "6.50");
    let gone = policy(|policy| policy.ocpp.no_vehicle = NoVehicle::Idle);
    assert_eq!(cost(&gone, Idle), "7.50");
    let ignored = policy(|policy| policy.ocpp.idle_before_charging = IdleBeforeCharging::Ignored);
    assert_eq!(cost(&ignored, SuspendedEv), "7.00");
    let charging = policy(|policy| policy.ocpp.suspended_evse = SuspendedEvse::Charging);
    assert_eq!(charging.ocpp.activity(ChargingState::SuspendedEvse, true), Activity::Charging);
}

#[test]
fn periods_are_cut_where_the_price_changes() {
    let tariff =
        euro([when(r#"{"end_time": "10:25:00", "max_kwh": "4"}"#, [energy("1")]), always([energy("2"), parking("3")])]);
    let policy = Policy::default();
    let compiled = tariff.compile(&policy).unwrap();
    let record = session().record;
    let mut meter = Meter::start(&compiled, &policy, &record, decimal("0")).unwrap();
    for (minute, register) in [(10, "2"), (20, "4.5"), (30, "7")] {
        meter.read(&MeterReading::charging(record.start + TimeDelta::minutes(minute), decimal(register))).unwrap();
    }
    meter.read(&MeterReading::idle(record.start + TimeDelta::minutes(40), decimal("7"))).unwrap();
    let periods: Vec<_> = meter
        .record()
        .periods
        .iter()
        .map(|period| ((period.start - record.start).num_minutes(), period.energy.map(|energy| energy.to_string())))
        .collect();
    assert_eq!(periods, [(0, Some("4".into())), (18, Some("3".into())), (30, None)]);
    // the record of the meter costs what the meter says, period by period as stated
    let stated = Record { kind: RecordKind::Recorded, ..meter.record() };
    let totals = compiled.totals(&Usage::new(&stated, &policy).unwrap(), &policy).unwrap();
    assert_eq!(totals.total, meter.running().if_stopped_now);
}

#[test]
fn a_meter_costs_what_the_finished_session_costs() {
    let policy = Policy::default();
    let mut stopped = 0;
    for seed in 0..600 {
        let (tariff, plan) = random::pair(seed);
        let compiled = tariff.compile(&policy).unwrap();
        let start = Record { periods: Vec::new(), end: plan.start, ..plan.clone() };
        let mut meter = Meter::start(&compiled, &policy, &start, Decimal::ZERO).unwrap();
        let mut session = Record { kind: RecordKind::Measured, ..start };
        let mut reading = MeterReading::charging(plan.start, Decimal::ZERO);
        for (place, planned) in plan.periods.iter().enumerate() {
            let end = plan.periods.get(place + 1).map_or(plan.end, |next| next.start);
            let energy = planned.energy.unwrap_or_default();
            let length = Span::Nanos((end - reading.at).num_nanoseconds().unwrap());
            let mut period = Period { energy: Some(energy), ..Period::new(reading.at) };
            reading.since = if planned.energy.is_some() { Activity::Charging } else { Activity::Idle };
            *(if reading.since == Activity::Charging { &mut period.time } else { &mut period.parking_time }) =
                Some(length);
            reading.at = end;
            *(if energy.is_sign_negative() { &mut reading.exported } else { &mut reading.register }) += energy.abs();
            session.periods.push(period);
            session.end = end;
            let running = meter.read(&reading).unwrap();
            let totals = compiled.totals(&Usage::new(&session, &policy).unwrap(), &policy).unwrap();
            assert_eq!(running.if_stopped_now, totals.total, "seed {seed}, reading {place}");
            stopped += u32::from(totals.limit == Some(Limit::Max));
        }
    }
    assert!(stopped > 20, "maxima were reached: {stopped}");
}
