//! What is billed: which readings are the register of a session, at its start, at its end and in between.

use super::*;

/// `sampledValue` entries of 1.6 at a time.
fn meter_of(number: i64, minutes: i64, sampled: &str) -> v16::MeterValuesRequest {
    decode(&format!(
        r#"{{"connectorId":1,"transactionId":{number},"meterValue":[{{"timestamp":"{}","sampledValue":[{sampled}]}}]}}"#,
        time(minutes)
    ))
}

fn at_second(seconds: i64) -> Timestamp {
    Timestamp::new(time(0).utc() + chrono::TimeDelta::seconds(seconds))
}

fn register_at_second(value: &str, seconds: i64) -> String {
    format!(r#","meterValue":[{{"timestamp":"{}","sampledValue":[{{"value":{value}}}]}}]"#, at_second(seconds))
}

fn registers(session: &SessionRecord) -> Vec<(DateTime<Utc>, Option<String>)> {
    session.course.iter().map(|point| (point.time, point.register_wh.map(|wh| wh.to_string()))).collect()
}

/// Rows D11 and D13: a station that measures other things only has no register on the way.
#[test]
fn d11_what_is_not_a_register_is_never_taken_for_one() {
    let mut ledger = ledger();
    let number = number(&record(&mut ledger, &start(1, 1500, 0)));
    let others = r#"{"value":"11000","measurand":"Power.Active.Import","unit":"W"},{"value":"230","measurand":"Voltage"},
        {"value":"77","measurand":"Energy.Active.Import.Register","phase":"L1"}"#;
    let _ = record(&mut ledger, &meter_of(number, 30, others));
    let _ = record(&mut ledger, &stop(number, 9000, 60));
    let session = only(&ledger);
    assert_eq!(registers(&session), [(time(0).utc(), Some("1500".into())), (time(60).utc(), Some("9000".into()))]);
    assert_eq!((session.readings.len(), session.anomalies), (3, vec![]));
}

#[test]
fn without_any_register_there_is_no_energy_and_that_is_told() {
    let mut ledger = ledger();
    let power = |watts: i64, minutes: i64| {
        format!(
            r#","meterValue":[{{"timestamp":"{}","sampledValue":[{{"value":{watts},"measurand":"Power.Active.Import"}}]}}]"#,
            time(minutes)
        )
    };
    let _ = record(&mut ledger, &event("Started", 0, 0, &power(0, 0)));
    let _ = record(&mut ledger, &event("Ended", 1, 60, &power(11_000, 60)));
    let session = only(&ledger);
    assert_eq!((session.energy_wh, session.meter_start_wh, session.meter_stop_wh), (Decimal::ZERO, None, None));
    assert_eq!(session.anomalies, [Anomaly::NoReadingAtStart, Anomaly::NoReadingAtEnd]);
}

#[test]
fn a_start_without_a_reading_is_told() {
    let mut ledger = ledger();
    let _ = record(&mut ledger, &event("Started", 0, 0, ""));
    let _ = record(&mut ledger, &event("Ended", 1, 60, &register("12000", 60)));
    let session = only(&ledger);
    assert_eq!((session.energy_wh, session.anomalies), (Decimal::ZERO, vec![Anomaly::NoReadingAtStart]));
}

/// Stations may tell the reading of the beginning at the end.
#[test]
fn a_reading_of_the_beginning_counts_whenever_it_is_told() {
    let mut ledger = ledger();
    let _ = record(&mut ledger, &event("Started", 0, 0, ""));
    let both = format!(
        r#","meterValue":[{{"timestamp":"{}","sampledValue":[{{"value":100,"context":"Transaction.Begin"}}]}},
            {{"timestamp":"{}","sampledValue":[{{"value":900,"context":"Transaction.End"}}]}}]"#,
        at_second(-1),
        time(60)
    );
    let _ = record(&mut ledger, &event("Ended", 1, 60, &both));
    let session = only(&ledger);
    assert_eq!(registers(&session)[0], (time(0).utc(), Some("100".into())));
    assert_eq!((session.energy_wh.to_string(), session.anomalies), ("800".into(), vec![]));
}

#[test]
fn what_the_meter_shows_long_before_or_after_the_session_is_not_billed() {
    let mut ledger = ledger();
    let _ = record(&mut ledger, &event("Started", 0, 0, ""));
    let _ = record(&mut ledger, &event("Updated", 1, 1, &register("50", -30)));
    let _ = record(&mut ledger, &event("Updated", 2, 5, &register("100", 5)));
    let _ = record(&mut ledger, &event("Updated", 3, 30, &register("700", 30)));
    let _ = record(&mut ledger, &event("Ended", 4, 60, ""));
    let _ = record(&mut ledger, &event("Updated", 5, 90, &register("5000", 90)));
    let session = only(&ledger);
    assert_eq!((session.meter_start_wh, session.meter_stop_wh), (wh("100"), wh("700")));
    assert_eq!(session.energy_wh.to_string(), "600");
    for anomaly in [Anomaly::NoReadingAtStart, Anomaly::NoReadingAtEnd, Anomaly::ReadingsOutside { count: 2 }] {
        assert!(session.anomalies.contains(&anomaly), "{anomaly:?}");
    }
}

/// A meter is read a moment before the station says so.
#[test]
fn the_course_begins_and_ends_with_the_registers_that_are_billed() {
    let mut ledger = ledger();
    let _ = record(&mut ledger, &event("Started", 0, 0, &register_at_second("100", -1)));
    let _ = record(&mut ledger, &event("Updated", 1, 30, &register("500", 30)));
    let _ = record(&mut ledger, &event("Ended", 2, 60, &register_at_second("900", 3601)));
    let session = only(&ledger);
    let expected = [(0, "100"), (30, "500"), (60, "900")];
    assert_eq!(registers(&session), expected.map(|(minutes, wh)| (time(minutes).utc(), Some(wh.into()))));
    assert_eq!((session.energy_wh.to_string(), session.anomalies), ("800".into(), vec![]));
}

#[test]
fn the_registers_of_start_and_stop_in_1_6_count_more_than_readings_of_the_same_moment() {
    let mut ledger = ledger();
    let number = number(&record(&mut ledger, &start(1, 1500, 0)));
    let _ = record(&mut ledger, &meter(Some(number), "1500.9", 0));
    let _ = record(&mut ledger, &meter(Some(number), "8999.2", 60));
    let _ = record(&mut ledger, &stop(number, 9000, 60));
    let session = only(&ledger);
    assert_eq!(registers(&session), [(time(0).utc(), Some("1500".into())), (time(60).utc(), Some("9000".into()))]);
    assert_eq!(session.energy_wh.to_string(), "7500");
}

/// What differs only in its second reading has an order, too.
#[test]
fn readings_of_one_moment_give_the_same_record_in_any_order() {
    let run = |order: [&str; 2]| {
        let mut ledger = ledger();
        let number = number(&record(&mut ledger, &start(1, 0, 0)));
        for register in order {
            let sampled = format!(r#"{{"value":"230","measurand":"Voltage"}},{{"value":"{register}"}}"#);
            let _ = record(&mut ledger, &meter_of(number, 10, &sampled));
        }
        only(&ledger)
    };
    assert_eq!(run(["100", "200"]), run(["200", "100"]));
}

/// Row D9: of the times in a message it is the one that cannot be which is told.
#[test]
fn d9_the_doubtful_time_is_told_not_the_one_beside_it() {
    let mut ledger = ledger();
    let _ = record(&mut ledger, &event("Started", 0, 0, &register("1", 0)));
    let unset = r#","meterValue":[{"timestamp":"1970-01-01T00:00:07Z","sampledValue":[{"value":5}]}]"#;
    let _ = record(&mut ledger, &event("Updated", 1, 1, unset));
    let expected = Anomaly::DoubtfulTime { time: utc("1970-01-01T00:00:07Z"), doubt: TimeDoubt::UnsetClock };
    assert!(only(&ledger).anomalies.contains(&expected), "{:?}", only(&ledger).anomalies);
}

#[test]
fn d9_a_reading_from_the_future_is_doubtful_in_a_message_of_now() {
    let mut ledger = ledger();
    let future = r#","meterValue":[{"timestamp":"2036-03-01T10:00:00Z","sampledValue":[{"value":5}]}]"#;
    let verdict = record(&mut ledger, &event("Started", 0, 0, future));
    assert_eq!(verdict.freshness, Freshness::Historic);
    let expected = Anomaly::DoubtfulTime { time: utc("2036-03-01T10:00:00Z"), doubt: TimeDoubt::Future };
    assert!(only(&ledger).anomalies.contains(&expected), "{:?}", only(&ledger).anomalies);
}

#[test]
fn of_several_places_the_one_nearest_to_the_car_that_is_measured_counts() {
    let at = |place: &str, value: u32, minutes: i64| {
        format!(r#"{{"timestamp":"{}","sampledValue":[{{"value":{value},"location":"{place}"}}]}}"#, time(minutes))
    };
    for (places, expected) in [(["Inlet", "Cable"], "20"), (["Cable", "Outlet"], "20"), (["Outlet", "Inlet"], "10")] {
        let mut ledger = ledger();
        let both = |first: u32, second: u32, minutes: i64| {
            format!(r#","meterValue":[{},{}]"#, at(places[0], first, minutes), at(places[1], second, minutes))
        };
        let _ = record(&mut ledger, &event("Started", 0, 0, &both(1000, 5, 0)));
        let _ = record(&mut ledger, &event("Ended", 1, 60, &both(1010, 25, 60)));
        assert_eq!(only(&ledger).energy_wh.to_string(), expected, "{places:?}");
    }
}

/// The readings of one message come in any order.
#[test]
fn the_last_reading_of_the_end_counts_wherever_it_stands_in_the_message() {
    let mut ledger = ledger();
    let at = |value: u32, minutes: i64| {
        format!(r#"{{"timestamp":"{}","sampledValue":[{{"value":{value}}}]}}"#, time(minutes))
    };
    let _ = record(&mut ledger, &event("Started", 0, 0, &format!(r#","meterValue":[{},{}]"#, at(130, 1), at(100, 0))));
    let _ = record(&mut ledger, &event("Ended", 1, 60, &format!(r#","meterValue":[{},{}]"#, at(900, 60), at(500, 30))));
    assert_eq!(only(&ledger).energy_wh.to_string(), "800");
}

#[test]
fn what_is_listed_of_one_kind_is_limited() {
    let mut ledger = ledger();
    let _ = record(&mut ledger, &event("Started", 0, 0, &register("1", 0)));
    for seq_no in 1..100 {
        let odd =
            format!(r#","meterValue":[{{"timestamp":"1970-01-01T00:00:07Z","sampledValue":[{{"value":{seq_no}}}]}}]"#);
        let _ = record(&mut ledger, &event("Updated", seq_no * 2, seq_no, &odd));
        let _ = record(
            &mut ledger,
            &event("Updated", seq_no * 2 + 1000, seq_no, &register(&(seq_no % 2).to_string(), seq_no)),
        );
        let _ = record(&mut ledger, &event("Started", seq_no * 2 + 2000, seq_no, ""));
    }
    let anomalies = only(&ledger).anomalies;
    let count = |is: fn(&Anomaly) -> bool| anomalies.iter().filter(|anomaly| is(anomaly)).count();
    assert_eq!(count(|anomaly| matches!(anomaly, Anomaly::DoubtfulTime { .. })), 32);
    assert_eq!(count(|anomaly| matches!(anomaly, Anomaly::RegisterBackwards { .. })), 32);
    assert_eq!(count(|anomaly| matches!(anomaly, Anomaly::RepeatedStartOrEnd { .. })), 32);
    assert_eq!(count(|anomaly| matches!(anomaly, Anomaly::MissingEvents(_))), 32);
    assert_eq!(count(|anomaly| matches!(anomaly, Anomaly::MoreMissingEvents)), 1);
}

/// Rule CS-36: in the order of their numbers, whatever came first.
#[test]
fn cs_36_what_is_odd_is_listed_by_number() {
    let mut ledger = ledger();
    for (kind, seq_no) in
        [("Ended", 9), ("Updated", 12), ("Started", 4), ("Updated", 11), ("Updated", 2), ("Updated", 3)]
    {
        let _ = record(&mut ledger, &event(kind, seq_no, seq_no, ""));
        for seq_no in [12, 3] {
            let _ = record(&mut ledger, &event("Updated", seq_no, 50, ""));
        }
    }
    let of_order = |anomaly: &Anomaly| {
        matches!(
            anomaly,
            Anomaly::EventBeforeStart { .. } | Anomaly::EventAfterEnd { .. } | Anomaly::ConflictingRepeat { .. }
        )
    };
    let listed: Vec<_> = only(&ledger).anomalies.into_iter().filter(of_order).collect();
    let [conflict, before, after] = [
        |seq_no| Anomaly::ConflictingRepeat { seq_no: Some(seq_no) },
        |seq_no| Anomaly::EventBeforeStart { seq_no },
        |seq_no| Anomaly::EventAfterEnd { seq_no },
    ];
    assert_eq!(listed, [conflict(3), conflict(12), before(2), before(3), after(11), after(12)]);
}

/// Stations tell readings twice, on the way and at the end.
#[test]
fn a_reading_told_twice_is_listed_once_and_readings_are_in_order_of_time() {
    let mut ledger = ledger();
    for (kind, seq_no, reading) in [("Ended", 2, 5), ("Started", 0, 0), ("Updated", 1, 5)] {
        let _ = record(&mut ledger, &event(kind, seq_no, seq_no, &register("7", reading)));
    }
    let times: Vec<_> = only(&ledger).readings.iter().map(|reading| reading.time).collect();
    assert_eq!(times, [time(0).utc(), time(5).utc()]);
}

#[test]
fn the_course_has_a_point_for_every_change_within_the_session() {
    let mut ledger = ledger();
    let charging = |kind: &str, seq_no: i64, minutes: i64, state: &str, more: &str| {
        let mut event = event(kind, seq_no, minutes, more);
        event.transaction_info.charging_state = Some(v201::ChargingState::from(state));
        event
    };
    let _ = record(&mut ledger, &charging("Started", 1, 10, "EVConnected", ""));
    let _ = record(&mut ledger, &charging("Updated", 2, 20, "Charging", &register("100", 20)));
    let _ = record(&mut ledger, &charging("Updated", 3, 30, "SuspendedEV", &register("500", 30)));
    let _ = record(&mut ledger, &event("Ended", 4, 40, ""));
    let _ = record(&mut ledger, &charging("Updated", 5, 50, "Idle", ""));
    let point = |minutes: i64, register: Option<&str>, state: &str| {
        (time(minutes).utc(), register.and_then(wh), state.to_owned())
    };
    let course: Vec<_> = only(&ledger)
        .course
        .iter()
        .map(|point| {
            (point.time, point.register_wh, point.state.as_ref().map_or("", |state| state.as_str()).to_owned())
        })
        .collect();
    assert_eq!(
        course,
        [
            point(10, None, "EVConnected"),
            point(20, Some("100"), "Charging"),
            point(30, Some("500"), "SuspendedEV"),
            point(40, None, "SuspendedEV"),
        ]
    );
}

#[test]
fn d12_units_are_those_of_the_measurand_and_without_a_factor() {
    for (measurand, unit, expected) in [
        ("Energy.Reactive.Import.Register", None, ("1", "varh")),
        ("Energy.Apparent.Net", None, ("1", "VAh")),
        ("EnergyRequest.Target", None, ("1", "Wh")),
        ("Power.Reactive.Export", None, ("1", "var")),
        ("Power.Factor", None, ("1", "")),
        ("Power.Offered", None, ("1", "W")),
        ("Temperature", None, ("1", "Celsius")),
        ("RPM", None, ("1", "")),
        ("Energy.Reactive.Import.Register", Some("kvarh"), ("1000", "varh")),
        ("Energy.Apparent.Net", Some("kVAh"), ("1000", "VAh")),
        ("Power.Reactive.Export", Some("kvar"), ("1000", "var")),
        ("Power.Offered", Some("kVA"), ("1000", "VA")),
        ("Power.Offered", Some("kW"), ("1000", "W")),
        ("Temperature", Some("K"), ("1", "K")),
        ("Temperature", Some("kilo"), ("1", "kilo")),
    ] {
        let mut ledger = ledger();
        let unit = unit.map_or(String::new(), |unit| format!(r#","unitOfMeasure":{{"unit":"{unit}"}}"#));
        let readings = format!(
            r#","meterValue":[{{"timestamp":"{}","sampledValue":[{{"value":1,"measurand":"{measurand}"{unit}}}]}}]"#,
            time(0)
        );
        let _ = record(&mut ledger, &event("Started", 0, 0, &readings));
        let reading = only(&ledger).readings.remove(0);
        let seen = (reading.value.map(|value| value.to_string()), reading.unit.as_str().to_owned());
        assert_eq!(seen, (Some(expected.0.to_owned()), expected.1.to_owned()), "{measurand}{unit}");
    }
    let mut ledger = ledger();
    let zero = r#","meterValue":[{"timestamp":"2026-03-01T10:00:00Z","sampledValue":[{"value":0,"unitOfMeasure":{"multiplier":40}}]}]"#;
    let _ = record(&mut ledger, &event("Started", 0, 0, zero));
    assert_eq!(only(&ledger).meter_start_wh, Some(Decimal::ZERO));
}

/// Row D9: a clock that was not set puts the start after the end; what was read at the end is read at the end.
#[test]
fn d9_an_end_before_the_start_still_has_its_readings() {
    let mut ledger = ledger();
    let _ = record(&mut ledger, &event("Started", 0, 60, &register("100", 60)));
    let _ = record(&mut ledger, &event("Updated", 1, 61, &register("150", 61)));
    let _ = record(&mut ledger, &event("Ended", 2, -600, ""));
    let session = only(&ledger);
    assert_eq!((session.meter_start_wh, session.meter_stop_wh), (wh("100"), wh("150")));
    assert!(session.anomalies.iter().any(|anomaly| matches!(anomaly, Anomaly::StopBeforeStart { .. })));
}

/// Row D9: 1.6 has no numbers; the start is the start and the stop is the stop, whatever the clock says.
#[test]
fn d9_readings_with_a_clock_that_was_not_set_are_neither_start_nor_end() {
    let mut ledger = ledger();
    let number = number(&record(&mut ledger, &start(1, 1500, 0)));
    let _ = record(&mut ledger, &meter(Some(number), "99999", -900_000));
    let _ = record(&mut ledger, &meter(Some(number), "88888", 900_000));
    let _ = record(&mut ledger, &stop(number, 9000, 60));
    let session = only(&ledger);
    assert_eq!((session.meter_start_wh, session.meter_stop_wh, session.course.len()), (wh("1500"), wh("9000"), 2));
    assert!(session.anomalies.contains(&Anomaly::ReadingsOutside { count: 2 }));
}

/// Row D10: there is no time in a message without readings.
#[test]
fn d10_meter_values_that_hold_nothing_leave_no_trace() {
    let mut ledger = ledger();
    let number = number(&record(&mut ledger, &start(1, 1500, 0)));
    let mut empty = meter(Some(number), "1", 5);
    empty.meter_value = vec![].into();
    assert_eq!(record(&mut ledger, &empty).outcome, Outcome::NoTransaction);
    assert_eq!((only(&ledger).anomalies, only(&ledger).course.len()), (vec![], 1));
}
