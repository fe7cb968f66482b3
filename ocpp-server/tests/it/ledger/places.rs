//! Which session is meant: two in one place, and messages that name none.

use super::*;

fn status(text: &str, minutes: i64) -> ocpp_server::ledger::Message {
    status_of(1, text, minutes)
}

fn status_of(connector: i64, text: &str, minutes: i64) -> ocpp_server::ledger::Message {
    let request: v16::StatusNotificationRequest = decode(&format!(
        r#"{{"connectorId":{connector},"errorCode":"NoError","status":"{text}","timestamp":"{}"}}"#,
        time(minutes)
    ));
    ocpp_server::ledger::Message::from_status(&request, &time(0)).expect("a state")
}

fn session(ledger: &Ledger, id: &TransactionId) -> SessionRecord {
    ledger.records().find(|record| record.transaction_id == *id).expect("it is there")
}

fn named(mut event: v201::TransactionEventRequest, id: &str) -> v201::TransactionEventRequest {
    event.transaction_info.transaction_id = id.into();
    event
}

/// Rule CS-34, rule TX2-09: a station may tell the EVSE when the car is plugged in, after the start.
#[test]
fn cs_34_d17_two_sessions_of_an_evse_are_found_when_the_evse_is_told_later() {
    const EVSE: &str = r#","evse":{"id":2,"connectorId":1}"#;
    let mut ledger = ledger();
    let _ = record(&mut ledger, &event("Started", 0, 0, EVSE));
    assert_eq!(record(&mut ledger, &named(event("Started", 0, 5, ""), "tx-2")).outcome, Outcome::Opened);
    let told = record(&mut ledger, &named(event("Updated", 1, 6, EVSE), "tx-2"));
    assert_eq!(told.outcome, Outcome::Concurrent { other: "tx-1".into() });
    let older = session(&ledger, &"tx-1".into());
    assert_eq!((older.status, older.anomalies[0].clone()), (SessionStatus::Abandoned, Anomaly::MissingStop));
    assert!(session(&ledger, &"tx-2".into()).anomalies.contains(&Anomaly::Concurrent));
    let again = record(&mut ledger, &named(event("Updated", 2, 7, EVSE), "tx-2"));
    assert_eq!(again.outcome, Outcome::Recorded, "it is told once");
}

/// Rule CS-34: what is told late is the older one, and has nothing of what comes after it.
#[test]
fn cs_34_a_start_told_late_is_over_when_the_next_one_begins() {
    let mut ledger = ledger();
    let newer = record(&mut ledger, &start(1, 1500, 60)).transaction.expect("a transaction");
    let older = record(&mut ledger, &start(1, 1000, 0)).transaction.expect("a transaction");
    assert_eq!(session(&ledger, &older).status, SessionStatus::Abandoned);
    assert_eq!(session(&ledger, &newer).status, SessionStatus::Open);
    assert_eq!(record(&mut ledger, &meter(None, "1600", 70)).transaction, Some(newer.clone()));
    assert_eq!(record(&mut ledger, &meter(None, "1200", 30)).transaction, Some(older.clone()));
    assert_eq!(record(&mut ledger, status("SuspendedEV", 75)).transaction, Some(newer.clone()));
    // it was no second one of the same time
    let _ = record(&mut ledger, &stop(older.number().expect("a number"), 1400, 50));
    for id in [&older, &newer] {
        assert!(!session(&ledger, id).anomalies.contains(&Anomaly::Concurrent), "{id}");
    }
}

/// "Gives the same record for every order": of two sessions, too.
#[test]
fn two_sessions_of_a_connector_give_the_same_records_in_any_order() {
    let run = |order: [usize; 4], stop_of_first: i64| {
        let mut ledger = ledger();
        let mut numbers = [0, 0];
        for index in order {
            let verdict = match index {
                0 => record(&mut ledger, &start(1, 0, 0)),
                1 => record(&mut ledger, &stop(numbers[0], 100, stop_of_first)),
                2 => record(&mut ledger, &start(1, 100, 60)),
                _ => record(&mut ledger, &stop(numbers[1], 300, 90)),
            };
            if let 0 | 2 = index {
                numbers[index / 2] = number(&verdict);
            }
        }
        numbers.map(|number| {
            let session = session(&ledger, &number.into());
            (session.status, session.energy_wh, session.anomalies)
        })
    };
    for stop_of_first in [50, 70] {
        let expected = run([0, 1, 2, 3], stop_of_first);
        assert_eq!(expected[1].2.contains(&Anomaly::Concurrent), stop_of_first == 70);
        for order in [[0, 2, 1, 3], [2, 0, 1, 3], [2, 3, 0, 1], [0, 2, 3, 1], [2, 0, 3, 1]] {
            assert_eq!(run(order, stop_of_first), expected, "{order:?}, {stop_of_first}");
        }
    }
}

#[test]
fn d17_two_sessions_at_one_time_stay_so_when_one_is_settled() {
    let mut ledger = ledger();
    let first = record(&mut ledger, &start(1, 0, 0)).transaction.expect("a transaction");
    let second = record(&mut ledger, &start(1, 0, 5)).transaction.expect("a transaction");
    assert!(ledger.settle(&id("CP1"), &first).is_some());
    assert!(session(&ledger, &second).anomalies.contains(&Anomaly::Concurrent));
}

#[test]
fn a_lost_end_is_held_against_the_next_session_only() {
    let mut ledger = ledger();
    for minutes in [0, 10] {
        let _ = record(&mut ledger, &start(1, minutes, minutes));
    }
    let second = ledger.records().nth(1).expect("two").transaction_id;
    let _ = record(&mut ledger, &stop(second.number().expect("a number"), 20, 20));
    let third = record(&mut ledger, &start(1, 30, 30));
    assert_eq!(third.outcome, Outcome::Opened);
    assert_eq!(session(&ledger, &third.transaction.expect("open")).anomalies, []);
}

#[test]
fn a_state_belongs_to_the_session_that_ran_then() {
    let mut ledger = ledger();
    let first = record(&mut ledger, &start(1, 0, 0)).transaction.expect("a transaction");
    let _ = record(&mut ledger, &stop(first.number().expect("a number"), 10, 20));
    let second = record(&mut ledger, &start(1, 10, 22)).transaction.expect("a transaction");
    assert_eq!(record(&mut ledger, status("SuspendedEV", 15)).transaction, Some(first), "told late");
    assert_eq!(record(&mut ledger, status("Charging", 21)).transaction, Some(second), "a moment before it began");
}

#[test]
fn a_session_does_not_begin_with_the_state_of_the_one_before() {
    let mut ledger = ledger();
    let _ = record(&mut ledger, status("Charging", -1));
    let first = record(&mut ledger, &start(1, 0, 0)).transaction.expect("a transaction");
    let _ = record(&mut ledger, &stop(first.number().expect("a number"), 10, 3));
    assert!(ledger.settle(&id("CP1"), &first).is_some());
    let _ = record(&mut ledger, &start(1, 10, 5));
    assert_eq!(only(&ledger).course[0].state, None);
}

#[test]
fn a_session_begins_with_the_latest_state_of_its_own_connector() {
    let mut ledger = ledger();
    for (connector, text, minutes) in [(1, "SuspendedEV", -2), (2, "Charging", -1), (3, "Charging", -11)] {
        let _ = record(&mut ledger, status_of(connector, text, minutes));
    }
    // what was told after the end of one session is of the next; ends of others have nothing to do with it
    for connector in [1, 4] {
        let earlier = record(&mut ledger, &start(connector, 0, -20)).transaction.expect("a transaction");
        let ended = if connector == 1 { -3 } else { 0 };
        let _ = record(&mut ledger, &stop(earlier.number().expect("a number"), 10, ended));
        assert!(ledger.settle(&id("CP1"), &earlier).is_some());
    }
    for (connector, expected) in [(1, Some("SuspendedEV")), (2, Some("Charging")), (3, None)] {
        let begun = record(&mut ledger, &start(connector, 0, 0)).transaction.expect("a transaction");
        let state = session(&ledger, &begun).course[0].state.clone();
        assert_eq!(state.as_ref().map(|state| state.as_str()), expected, "{connector}");
    }
}

#[test]
fn a_state_told_long_before_a_session_or_elsewhere_is_not_its_own() {
    let mut ledger = ledger();
    let _ = record(&mut ledger, &start(1, 0, 0));
    assert_eq!(record(&mut ledger, status("Charging", -11)).outcome, Outcome::NoTransaction);
    assert_eq!(record(&mut ledger, status_of(2, "Charging", -1)).outcome, Outcome::NoTransaction);
    assert_eq!(record(&mut ledger, status("Charging", -10)).outcome, Outcome::Recorded);
}

/// Rule CS-34: one that has begun while the end of another was not told ends when it is told, not before.
#[test]
fn cs_32_of_two_sessions_at_one_time_readings_are_of_the_later_one() {
    let mut ledger = ledger();
    let first = record(&mut ledger, &start(1, 0, 0)).transaction.expect("a transaction");
    let _ = record(&mut ledger, &stop(first.number().expect("a number"), 500, 60));
    let second = record(&mut ledger, &start(1, 100, 30)).transaction.expect("a transaction");
    assert_eq!(record(&mut ledger, &meter(None, "200", 40)).transaction, Some(second));
    assert_eq!(record(&mut ledger, &meter(None, "50", 20)).transaction, Some(first));
}

#[test]
fn cs_34_a_session_that_begins_when_another_ends_is_beside_none() {
    let mut ledger = ledger();
    let first = record(&mut ledger, &start(1, 0, 0)).transaction.expect("a transaction");
    let second = record(&mut ledger, &start(1, 100, 30)).transaction.expect("a transaction");
    let _ = record(&mut ledger, &stop(first.number().expect("a number"), 100, 30));
    assert_eq!(session(&ledger, &second).anomalies, []);
}

/// A session whose start is told last began at its start.
#[test]
fn cs_34_sessions_follow_each_other_by_their_starts() {
    const EVSE: &str = r#","evse":{"id":2,"connectorId":1}"#;
    let mut ledger = ledger();
    let _ = record(&mut ledger, &event("Updated", 0, 0, EVSE));
    let _ = record(&mut ledger, &event("Started", 1, 20, ""));
    let _ = record(&mut ledger, &named(event("Started", 0, 10, EVSE), "tx-2"));
    assert_eq!(session(&ledger, &"tx-2".into()).status, SessionStatus::Abandoned);
    assert_eq!(session(&ledger, &"tx-1".into()).status, SessionStatus::Open);
}

/// "Gives the same record for every order": an event that is told before the start of its session misleads nobody.
#[test]
fn cs_34_a_start_told_last_puts_its_session_in_front() {
    const EVSE: &str = r#","evse":{"id":2,"connectorId":1}"#;
    let mut ledger = ledger();
    let _ = record(&mut ledger, &event("Updated", 1, 20, EVSE));
    let _ = record(&mut ledger, &named(event("Started", 0, 10, EVSE), "tx-2"));
    assert_eq!(session(&ledger, &"tx-2".into()).status, SessionStatus::Abandoned, "as it seems");
    let _ = record(&mut ledger, &event("Started", 0, 0, ""));
    assert_eq!(session(&ledger, &"tx-1".into()).status, SessionStatus::Abandoned);
    assert_eq!(session(&ledger, &"tx-2".into()).status, SessionStatus::Open);
}

#[test]
fn cs_34_a_session_is_over_when_the_next_one_began_even_if_that_was_settled() {
    let mut ledger = ledger();
    let first = record(&mut ledger, &start(1, 0, 0)).transaction.expect("a transaction");
    let second = record(&mut ledger, &start(1, 10, 10)).transaction.expect("a transaction");
    let _ = record(&mut ledger, &stop(second.number().expect("a number"), 20, 20));
    assert!(ledger.settle(&id("CP1"), &second).is_some());
    let _ = record(&mut ledger, &start(1, 20, 30));
    assert_eq!(record(&mut ledger, &meter(None, "5", 5)).transaction, Some(first.clone()));
    assert_eq!(record(&mut ledger, &meter(None, "15", 15)).outcome, Outcome::NoTransaction);
    // one that was settled before has nothing to do with those that come later
    let third = session(&ledger, &ledger.records().last().expect("it is open").transaction_id);
    assert_eq!(third.status, SessionStatus::Open);
}

#[test]
fn the_place_of_a_session_is_the_one_told_first() {
    let mut ledger = ledger();
    for (seq_no, evse) in [(1, 3), (0, 2), (2, 4)] {
        let evse = format!(r#","evse":{{"id":{evse},"connectorId":1}}"#);
        let _ = record(&mut ledger, &event("Updated", seq_no, seq_no, &evse));
    }
    assert_eq!(only(&ledger).evse, Some(2));
}

/// Rule CS-30: each of what makes a start another one.
#[test]
fn cs_30_another_tag_register_time_or_connector_is_another_transaction() {
    let mut other_tag = start(1, 1500, 0);
    other_tag.id_tag = "04A1B3".into();
    for other in [other_tag, start(1, 1501, 0), start(1, 1500, 1), start(2, 1500, 0)] {
        for is_settled in [false, true] {
            let mut ledger = ledger();
            let first = record(&mut ledger, &start(1, 1500, 0)).transaction.expect("a transaction");
            if is_settled {
                assert!(ledger.settle(&id("CP1"), &first).is_some());
            }
            let verdict = record(&mut ledger, &other);
            assert!(matches!(verdict.outcome, Outcome::Opened | Outcome::Concurrent { .. }), "{other:?}");
            assert_ne!(verdict.transaction, Some(first));
        }
    }
}

/// Readings may be said again, too; what differs in anything is not the same.
#[test]
fn cs_35_messages_are_the_same_when_all_they_say_is() {
    let mut ledger = ledger();
    let number = number(&record(&mut ledger, &start(1, 0, 0)));
    let unreadable = |count: usize| {
        let values = vec![r#"{"value":"x"}"#; count].join(",");
        decode::<v16::MeterValuesRequest>(&format!(
            r#"{{"connectorId":1,"transactionId":{number},"meterValue":[{{"timestamp":"{}","sampledValue":[{values}]}}]}}"#,
            time(9)
        ))
    };
    for _ in 0..2 {
        let outcomes = [
            record(&mut ledger, &meter(Some(number), "5", 5)),
            record(&mut ledger, &meter(Some(number), "6", 5)),
            record(&mut ledger, &unreadable(1)),
            record(&mut ledger, &unreadable(2)),
        ]
        .map(|verdict| verdict.outcome);
        let first = outcomes[0].clone();
        assert!(outcomes.iter().all(|outcome| *outcome == first), "{outcomes:?}");
    }
    let counted = |anomaly: &Anomaly| *anomaly == Anomaly::UnreadableReadings { count: 3 };
    assert!(only(&ledger).anomalies.iter().any(counted) && only(&ledger).readings.len() == 2);

    let _ = record(&mut ledger, &event("Updated", 1, 5, ""));
    for other in [event("Ended", 1, 5, ""), event("Updated", 1, 6, "")] {
        assert_eq!(record(&mut ledger, &other).outcome, Outcome::Conflict);
    }
    // of the stop of 1.6 it is the register
    let _ = record(&mut ledger, &stop(number, 100, 60));
    assert_eq!(record(&mut ledger, &stop(number, 101, 60)).outcome, Outcome::Conflict);
    assert_eq!(record(&mut ledger, &stop(number, 100, 60)).outcome, Outcome::Duplicate);
}

/// Rule CS-34: what was settled ended what was before it, and nothing else.
#[test]
fn cs_34_of_those_that_were_settled_the_first_to_follow_counts() {
    let mut ledger = ledger();
    let starts = [0, 10, 20].map(|minutes| record(&mut ledger, &start(1, minutes, minutes)).transaction.expect("open"));
    for settled in &starts[1..] {
        assert!(ledger.settle(&id("CP1"), settled).is_some());
    }
    let fourth = record(&mut ledger, &start(1, 30, 30)).transaction.expect("open");
    assert_eq!(record(&mut ledger, &meter(None, "15", 15)).outcome, Outcome::NoTransaction);
    assert_eq!(record(&mut ledger, &meter(None, "5", 5)).transaction, Some(starts[0].clone()));
    assert!(ledger.settle(&id("CP1"), &starts[0]).is_some());
    let _ = record(&mut ledger, &start(1, 40, 40));
    assert_eq!(record(&mut ledger, &meter(None, "35", 35)).transaction, Some(fourth));
}
