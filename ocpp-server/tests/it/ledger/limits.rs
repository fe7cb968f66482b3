//! What is kept of stations that say too much, and what is never given up: rules CS-32, CS-36, CS-40.

use super::*;

fn limited(change: impl FnOnce(&mut LedgerLimits)) -> Ledger {
    let mut limits = LedgerLimits::default();
    change(&mut limits);
    Ledger::with_limits(TransactionIds::new([1; 32]), limits)
}

/// Rule Q-08: a station that runs out of memory leaves every second event out.
#[test]
fn cs_36_the_end_is_taken_however_many_events_are_missing() {
    let mut ledger = ledger();
    for seq_no in 0..6000 {
        let kind = if seq_no == 0 { "Started" } else { "Updated" };
        let verdict = record(&mut ledger, &event(kind, seq_no * 2, 0, ""));
        assert_ne!(verdict.outcome, Outcome::Full, "{seq_no}");
    }
    let ended = record(&mut ledger, &event("Ended", 12_000, 60, &register("900", 60)));
    assert_eq!((ended.outcome, ended.status), (Outcome::Closed, Some(SessionStatus::Incomplete)));
}

/// Rule CS-36: complete is what lies between start and end.
#[test]
fn cs_36_what_is_missing_after_the_end_does_not_make_a_session_incomplete() {
    let mut ledger = ledger();
    for (kind, seq_no) in [("Started", 3), ("Ended", 4), ("Updated", 9)] {
        let _ = record(&mut ledger, &event(kind, seq_no, seq_no, &register("1", seq_no)));
    }
    let session = only(&ledger);
    assert_eq!(session.status, SessionStatus::Complete);
    assert!(session.anomalies.contains(&Anomaly::EventAfterEnd { seq_no: 9 }));
}

/// An error would only make the station say it again, and keep back all that comes after.
#[test]
fn cs_40_what_is_too_much_of_one_session_is_counted_and_its_end_is_kept() {
    let mut ledger = limited(|limits| limits.facts_per_transaction = 3);
    for (kind, seq_no) in [("Updated", 1), ("Updated", 2), ("Updated", 3)] {
        assert_ne!(record(&mut ledger, &event(kind, seq_no, seq_no, "")).outcome, Outcome::Surplus);
    }
    assert_eq!(record(&mut ledger, &event("Updated", 4, 4, &register("5", 4))).outcome, Outcome::Surplus);
    assert_eq!(record(&mut ledger, &event("Started", 0, 0, &register("1", 0))).outcome, Outcome::Opened);
    let ended = record(&mut ledger, &event("Ended", 5, 60, &register("900", 60)));
    assert_eq!((ended.outcome, ended.status), (Outcome::Closed, Some(SessionStatus::Complete)));
    assert_eq!(record(&mut ledger, &event("Updated", 4, 4, &register("5", 4))).outcome, Outcome::Duplicate);
    let session = only(&ledger);
    assert_eq!(session.energy_wh.to_string(), "899");
    assert_eq!(session.anomalies, [Anomaly::TooManyMessages { count: 1 }]);
}

#[test]
fn cs_40_what_is_too_much_in_1_6_is_counted_and_the_stop_is_kept() {
    let mut ledger = limited(|limits| limits.facts_per_transaction = 2);
    let number = number(&record(&mut ledger, &start(1, 0, 0)));
    let outcomes = [1, 2, 3].map(|minutes| record(&mut ledger, &meter(Some(number), "5", minutes)).outcome);
    assert_eq!(outcomes, [Outcome::Recorded, Outcome::Surplus, Outcome::Surplus]);
    assert_eq!(record(&mut ledger, &stop(number, 9000, 60)).outcome, Outcome::Closed);
    assert_eq!(only(&ledger).anomalies, [Anomaly::TooManyMessages { count: 2 }]);
}

/// Of the mistakes of other stacks: memory that a station makes grow without end.
#[test]
fn no_kind_of_event_gets_round_the_limits() {
    let mut ledger = limited(|limits| (limits.facts_per_transaction, limits.readings_per_transaction) = (10, 10));
    for seq_no in 0..50 {
        for kind in ["Ended", "Started"] {
            let number = seq_no * 4 + i64::from(kind == "Started");
            let _ = record(&mut ledger, &event(kind, number, seq_no, &register("5", seq_no)));
        }
    }
    let text = serde_json::to_string(ledger.station(&id("CP1")).expect("a ledger")).expect("JSON");
    assert!(text.len() < 20_000, "{} bytes", text.len());
    assert!(only(&ledger).readings.len() <= 12, "{}", only(&ledger).readings.len());
}

#[test]
fn what_a_station_may_say_of_all_its_sessions_is_limited_too() {
    let mut ledger = limited(|limits| limits.bytes = 1 << 16);
    let signed = |minutes: i64| {
        format!(
            r#","meterValue":[{{"timestamp":"{}","sampledValue":[{{"value":5,"signedMeterValue":{{"signedMeterData":"{}","signingMethod":"","encodingMethod":"OCMF","publicKey":""}}}}]}}]"#,
            time(minutes),
            "A".repeat(2000)
        )
    };
    let mut outcomes = Vec::new();
    for seq_no in 0..100 {
        outcomes.push(record(&mut ledger, &event("Updated", seq_no, seq_no, &signed(seq_no))).outcome);
    }
    let kept = outcomes.iter().position(|outcome| *outcome == Outcome::Surplus).expect("a limit");
    assert!((10..40).contains(&kept) && outcomes[kept..].iter().all(|outcome| *outcome == Outcome::Surplus), "{kept}");
    // other sessions begin and end all the same
    let number = number(&record(&mut ledger, &start(2, 0, 0)));
    assert_eq!(record(&mut ledger, &stop(number, 9000, 60)).outcome, Outcome::Closed);
    let ended = record(&mut ledger, &event("Ended", 100, 100, &signed(100)));
    assert_eq!(ended.outcome, Outcome::Closed);
    // and when it was settled, there is room again
    assert!(ledger.settle(&id("CP1"), &"tx-1".into()).is_some());
    let next = record(&mut ledger, &meter(Some(number), "1", 5));
    assert_eq!(next.outcome, Outcome::Recorded);
}

/// Rule CS-35: readings that were left out do not make a repeat another message.
#[test]
fn cs_35_a_repeat_of_what_was_cut_is_a_repeat() {
    let mut ledger = limited(|limits| limits.readings_per_transaction = 1);
    let two = format!("{},{}", register("1", 1).trim_end_matches(']'), &register("2", 2)[",\"meterValue\":[".len()..]);
    let _ = record(&mut ledger, &event("Started", 0, 0, ""));
    assert_eq!(record(&mut ledger, &event("Updated", 1, 1, &two)).outcome, Outcome::Recorded);
    assert_eq!(record(&mut ledger, &event("Updated", 1, 1, &two)).outcome, Outcome::Duplicate);
    let conflict = record(&mut ledger, &event("Updated", 1, 1, &register("1", 1)));
    assert_eq!(conflict.outcome, Outcome::Conflict, "the readings are fewer");
    assert!(only(&ledger).anomalies.contains(&Anomaly::TooManyReadings { count: 1 }));
}

/// Rule CS-32; some stations report the meter of idle connectors with a transaction that there is not.
#[test]
fn cs_32_a_stop_without_transaction_is_not_pushed_out_by_readings() {
    let mut ledger = limited(|limits| limits.orphans = 4);
    assert_eq!(record(&mut ledger, &stop(-1, 9000, 0)).outcome, Outcome::Orphan);
    for minutes in 1..50 {
        assert_eq!(record(&mut ledger, &meter(Some(-1), "9000", minutes)).outcome, Outcome::Orphan);
    }
    let station = ledger.station(&id("CP1")).expect("a ledger");
    let kinds: Vec<_> = station.orphans().map(|orphan| orphan.fact.kind).collect();
    assert_eq!((kinds.len(), kinds[0]), (4, FactKind::Stop));
    assert_eq!(station.lost_orphans(), 46);
}

#[test]
fn cs_32_an_orphan_that_contradicts_a_session_stays_an_orphan() {
    let mut ids = TransactionIds::new([1; 32]);
    let limits = LedgerLimits::default();
    let mut station = StationLedger::new(id("CP1"));
    let transaction = station.record(time(0).utc(), &start(1, 0, 0), &mut ids, &limits).transaction.expect("open");
    let number = transaction.number().expect("a number");
    let _ = station.record(time(0).utc(), &stop(number, 100, 10), &mut ids, &limits);
    let _ = station.record(time(0).utc(), &stop(-1, 9000, 60), &mut ids, &limits);
    let verdict = station.adopt(0, &transaction, &limits).expect("both are there");
    assert_eq!((verdict.outcome, station.orphans().count()), (Outcome::Conflict, 1));
}

/// Some stations deliver stops days late: by then somebody may have settled what had no end.
#[test]
fn what_a_settled_session_did_not_know_is_told_and_kept() {
    let mut ledger = ledger();
    let number = number(&record(&mut ledger, &start(1, 1500, 0)));
    assert!(ledger.settle(&id("CP1"), &number.into()).is_some());
    let late = record(&mut ledger, &stop(number, 9000, 60));
    assert_eq!((late.outcome, late.transaction), (Outcome::Late, Some(number.into())));
    assert_eq!(record(&mut ledger, &stop(number, 9000, 60)).outcome, Outcome::Duplicate);
    let station = ledger.station(&id("CP1")).expect("a ledger");
    let kept: Vec<_> = station.orphans().map(|orphan| (&orphan.transaction_id, orphan.fact.register_wh)).collect();
    assert_eq!(kept, [(&number.into(), wh("9000"))]);
}

#[test]
fn what_a_settled_session_knew_is_known_as_such() {
    let mut ledger = ledger();
    let number = number(&record(&mut ledger, &start(1, 1500, 0)));
    let _ = record(&mut ledger, &stop(number, 9000, 60));
    for (kind, seq_no) in [("Started", 0), ("Updated", 2), ("Ended", 3)] {
        let _ = record(&mut ledger, &event(kind, seq_no, seq_no, ""));
    }
    for transaction in [number.into(), "tx-1".into()] {
        assert!(ledger.settle(&id("CP1"), &transaction).is_some());
    }
    assert_eq!(record(&mut ledger, &stop(number, 9000, 60)).outcome, Outcome::Settled);
    assert_eq!(record(&mut ledger, &meter(Some(number), "2000", 30)).outcome, Outcome::Settled);
    assert_eq!(record(&mut ledger, &stop(number, 9999, 61)).outcome, Outcome::Conflict, "rule CS-31");
    assert_eq!(record(&mut ledger, &event("Ended", 3, 3, "")).outcome, Outcome::Settled);
    assert_eq!(record(&mut ledger, &event("Updated", 1, 1, "")).outcome, Outcome::Late, "a gap is filled");
    let station = ledger.station(&id("CP1")).expect("a ledger");
    let kept: Vec<_> = station.orphans().map(|orphan| orphan.transaction_id.to_string()).collect();
    assert_eq!(kept, [number.to_string(), "tx-1".to_owned()]);
}

#[test]
fn a_ledger_remembers_so_many_settled_sessions() {
    let mut ledger = limited(|limits| limits.settled = 2);
    for minutes in 0..3 {
        let opened = record(&mut ledger, &start(1, minutes, minutes));
        assert!(ledger.settle(&id("CP1"), &opened.transaction.expect("open")).is_some());
    }
    let outcomes = [0, 1, 2].map(|minutes| record(&mut ledger, &start(1, minutes, minutes)).outcome);
    assert_eq!(outcomes, [Outcome::Opened, Outcome::Settled, Outcome::Settled]);
}

/// Rule CS-31: the same stop is one with the same time and register, before the settlement and after.
#[test]
fn cs_31_another_stop_of_a_settled_session_is_a_conflict_and_kept() {
    for (meter, minutes) in [(9001, 60), (9000, 61)] {
        let mut ledger = ledger();
        let number = number(&record(&mut ledger, &start(1, 1500, 0)));
        let _ = record(&mut ledger, &stop(number, 9000, 60));
        assert!(ledger.settle(&id("CP1"), &number.into()).is_some());
        assert_eq!(record(&mut ledger, &stop(number, meter, minutes)).outcome, Outcome::Conflict);
        assert_eq!(ledger.station(&id("CP1")).expect("a ledger").orphans().count(), 1);
    }
}

#[test]
fn conflicts_are_listed_once_each_and_so_many() {
    let mut ledger = ledger();
    for seq_no in 0..100 {
        let _ = record(&mut ledger, &event("Updated", seq_no, 0, &register("1", 0)));
        for other in ["2", "3"] {
            let conflict = record(&mut ledger, &event("Updated", seq_no, 0, &register(other, 0)));
            assert_eq!(conflict.outcome, Outcome::Conflict);
        }
    }
    let conflicts = |anomaly: &&Anomaly| matches!(anomaly, Anomaly::ConflictingRepeat { .. });
    let listed: Vec<_> = only(&ledger).anomalies.iter().filter(conflicts).cloned().collect();
    assert_eq!(listed.len(), 32);
    assert!(listed.windows(2).all(|pair| pair[0] != pair[1]));
    let text = serde_json::to_string(ledger.station(&id("CP1")).expect("a ledger")).expect("JSON");
    let kept = text.split("\"conflicts\":[").nth(1).and_then(|rest| rest.split(']').next()).expect("a list");
    assert_eq!(kept.split(',').count(), 64);
}

/// What is too much leaves no more than a number behind.
#[test]
fn numbers_of_what_was_left_out_are_limited_too() {
    let mut ledger = limited(|limits| limits.facts_per_transaction = 10);
    for seq_no in 0..1000 {
        let _ = record(&mut ledger, &event("Updated", seq_no * 2, 0, ""));
    }
    let text = serde_json::to_string(ledger.station(&id("CP1")).expect("a ledger")).expect("JSON");
    assert_eq!(text.matches("\"from\":").count(), 10);
    assert!(only(&ledger).anomalies.contains(&Anomaly::TooManyMessages { count: 990 }));
}

#[test]
fn statuses_of_made_up_connectors_are_not_kept() {
    let mut ledger = ledger();
    for connector in 1..=100 {
        let request: v16::StatusNotificationRequest = decode(&format!(
            r#"{{"connectorId":{connector},"errorCode":"NoError","status":"Charging","timestamp":"{}"}}"#,
            time(-1)
        ));
        let message = ocpp_server::ledger::Message::from_status(&request, &time(0)).expect("a state");
        let _ = record(&mut ledger, message);
    }
    let mut begins_charging = |connector| {
        let id = record(&mut ledger, &start(connector, 0, 0)).transaction.expect("open");
        let session = ledger.records().find(|session| session.transaction_id == id).expect("it is there");
        session.course[0].state.is_some()
    };
    assert_eq!([64, 65, 100].map(&mut begins_charging), [true, false, false]);
}

#[test]
fn many_small_messages_fill_a_station_as_large_ones_do() {
    let mut ledger = limited(|limits| limits.bytes = 1 << 16);
    let surplus =
        (0..1000).filter(|seq_no| record(&mut ledger, &event("Updated", *seq_no, 0, "")).outcome == Outcome::Surplus);
    assert!((700..980).contains(&surplus.count()));
}

#[test]
fn an_orphan_that_a_full_station_cannot_take_up_stays_one() {
    let mut ids = TransactionIds::new([1; 32]);
    let mut limits = LedgerLimits::default();
    let mut station = StationLedger::new(id("CP1"));
    let transaction = station.record(time(0).utc(), &start(1, 0, 0), &mut ids, &limits).transaction.expect("open");
    let _ = station.record(time(0).utc(), &meter(Some(-1), "5", -5), &mut ids, &limits);
    limits.bytes = 1;
    let verdict = station.adopt(0, &transaction, &limits).expect("both are there");
    assert_eq!((verdict.outcome, station.orphans().count()), (Outcome::Surplus, 1));
}
