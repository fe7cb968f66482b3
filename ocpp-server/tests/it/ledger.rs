//! The ledger: rules CS-30 to CS-40, RPC-64, fault rows D9, D11 to D20, field needs 4, 5, 20, 21, 27, 30.

mod limits;
mod messages;
mod places;
mod registers;

use chrono::{DateTime, Utc};
use ocpp_server::ledger::{
    Anomaly, FactKind, Freshness, Ledger, LedgerLimits, Outcome, SeqRange, SessionRecord, SessionStatus, StationLedger,
    TimeDoubt, TransactionId, TransactionIds, Verdict,
};
use ocpp_types::{Decimal, DecodePolicy, Timestamp, v16, v21, v201};

use crate::id;

fn ledger() -> Ledger {
    Ledger::new(TransactionIds::new([42; 32]))
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse::<Timestamp>().expect("a time").utc()
}

/// Ten o'clock and so many minutes.
fn time(minutes: i64) -> Timestamp {
    Timestamp::new(utc("2026-03-01T10:00:00Z") + chrono::TimeDelta::minutes(minutes))
}

fn wh(text: &str) -> Option<Decimal> {
    Some(text.parse().expect("a number"))
}

fn decode<T: ocpp_types::Payload>(json: &str) -> T {
    ocpp_types::decode(json, DecodePolicy::Repair).expect(json).value
}

fn start(connector: i64, meter: i64, minutes: i64) -> v16::StartTransactionRequest {
    v16::StartTransactionRequest::new(connector, "04A1B2", meter, time(minutes))
}

fn stop(number: i64, meter: i64, minutes: i64) -> v16::StopTransactionRequest {
    v16::StopTransactionRequest::new(meter, time(minutes), number)
}

/// MeterValues of connector 1 with this register.
fn meter(number: Option<i64>, register: &str, minutes: i64) -> v16::MeterValuesRequest {
    let number = number.map_or(String::new(), |number| format!("\"transactionId\":{number},"));
    decode(&format!(
        r#"{{"connectorId":1,{number}"meterValue":[{{"timestamp":"{}","sampledValue":[{{"value":"{register}"}}]}}]}}"#,
        time(minutes)
    ))
}

fn event(kind: &str, seq_no: i64, minutes: i64, more: &str) -> v201::TransactionEventRequest {
    decode(&format!(
        r#"{{"eventType":"{kind}","timestamp":"{}","triggerReason":"MeterValuePeriodic","seqNo":{seq_no},"transactionInfo":{{"transactionId":"tx-1"}}{more}}}"#,
        time(minutes)
    ))
}

fn register(value: &str, minutes: i64) -> String {
    format!(r#","meterValue":[{{"timestamp":"{}","sampledValue":[{{"value":{value}}}]}}]"#, time(minutes))
}

fn record(ledger: &mut Ledger, message: impl Into<ocpp_server::ledger::Message>) -> Verdict {
    ledger.record(&id("CP1"), time(0).utc(), message)
}

fn number(verdict: &Verdict) -> i64 {
    verdict.transaction.as_ref().and_then(TransactionId::number).expect("a number")
}

#[track_caller]
fn only(ledger: &Ledger) -> SessionRecord {
    let mut records = ledger.records();
    let record = records.next().expect("a record");
    assert!(records.next().is_none(), "one record only");
    record
}

#[test]
fn a_session_of_1_6_from_start_to_settlement() {
    let mut ledger = ledger();
    let started = record(&mut ledger, &start(1, 1500, 0));
    assert_eq!((&started.outcome, started.freshness), (&Outcome::Opened, Freshness::Live));
    let number = number(&started);
    for (register, minutes) in [("4500", 15), ("7500.5", 30)] {
        assert_eq!(record(&mut ledger, &meter(Some(number), register, minutes)).outcome, Outcome::Recorded);
    }
    let stopped = record(&mut ledger, &stop(number, 13_400, 60));
    assert_eq!((stopped.outcome, stopped.status), (Outcome::Closed, Some(SessionStatus::Complete)));

    let session = only(&ledger);
    assert_eq!((session.started, session.stopped), (time(0).utc(), Some(time(60).utc())));
    assert_eq!((session.meter_start_wh, session.meter_stop_wh), (wh("1500"), wh("13400")));
    assert_eq!((session.energy_wh.to_string(), session.connector), ("11900".into(), Some(1)));
    assert_eq!(session.start_token.as_ref().map(|token| token.id.as_str()), Some("04A1B2"));
    assert_eq!(session.stop_reason, Some(v21::Reason::Local), "left out, it means Local");
    let course: Vec<_> = session.course.iter().map(|point| (point.time, point.register_wh)).collect();
    let expected = [(0, "1500"), (15, "4500"), (30, "7500.5"), (60, "13400")];
    assert_eq!(course, expected.map(|(minutes, register)| (time(minutes).utc(), wh(register))));
    assert_eq!(session.anomalies, []);
    assert_eq!(ledger.settle(&id("CP1"), &number.into()), Some(session));
    assert!(ledger.records().next().is_none());
}

#[test]
fn a_session_of_2_x_has_states_tokens_and_the_remote_start() {
    let mut ledger = ledger();
    let mut started = event("Started", 0, 0, &(register("100", 0) + r#","evse":{"id":2,"connectorId":1}"#));
    started.transaction_info.charging_state = Some(v201::ChargingState::EvConnected);
    started.transaction_info.remote_start_id = Some(77);
    assert_eq!(record(&mut ledger, &started).outcome, Outcome::Opened);
    let token = r#","idToken":{"idToken":"AB12","type":"ISO14443"}"#;
    let mut authorized = event("Updated", 1, 1, token);
    authorized.transaction_info.charging_state = Some(v201::ChargingState::Charging);
    assert_eq!(record(&mut ledger, &authorized).outcome, Outcome::Recorded);
    assert_eq!(record(&mut ledger, &event("Updated", 2, 30, &register("5100.25", 30))).outcome, Outcome::Recorded);
    let mut ended = event("Ended", 3, 60, &(register("9900.75", 60) + token));
    ended.transaction_info.stopped_reason = Some(v201::Reason::EvDisconnected);
    assert_eq!(record(&mut ledger, &ended).status, Some(SessionStatus::Complete));

    let session = only(&ledger);
    assert_eq!((session.evse, session.connector, session.remote_start_id), (Some(2), Some(1), Some(77)));
    assert_eq!(session.energy_wh.to_string(), "9800.75");
    let tokens = [&session.start_token, &session.stop_token].map(|token| token.as_ref().map(|token| token.id.as_str()));
    assert_eq!(tokens, [Some("AB12"), Some("AB12")]);
    assert_eq!(session.stop_reason.as_ref().map(|reason| reason.as_str()), Some("EVDisconnected"));
    let states: Vec<_> = session.course.iter().filter_map(|point| point.state.as_ref()).map(|s| s.as_str()).collect();
    assert_eq!(states, ["EVConnected", "Charging", "Charging", "Charging"]);
    assert_eq!(session.anomalies, []);
}

#[test]
fn events_of_2_1_are_taken_alike() {
    let mut ledger = ledger();
    let json = |kind, seq_no, more: &str| {
        format!(
            r#"{{"eventType":"{kind}","timestamp":"{}","triggerReason":"CablePluggedIn","seqNo":{seq_no},"transactionInfo":{{"transactionId":"tx-1"}}{more}}}"#,
            time(seq_no)
        )
    };
    for (kind, seq_no, value) in [("Started", 0, "1"), ("Ended", 1, "2.5")] {
        let event = decode::<v21::TransactionEventRequest>(&json(kind, seq_no, &register(value, seq_no)));
        let _ = record(&mut ledger, &event);
    }
    assert_eq!((only(&ledger).energy_wh.to_string(), only(&ledger).status), ("1.5".into(), SessionStatus::Complete));
}

/// Field need 4: the station sends it again with another message id.
#[test]
fn cs_30_d16_a_repeated_start_is_the_same_transaction() {
    let mut ledger = ledger();
    let first = record(&mut ledger, &start(1, 1500, 0));
    let mut again = start(1, 1500, 0);
    again.id_tag = "04a1b2".into();
    for _ in 0..3 {
        let repeated = record(&mut ledger, &again);
        assert_eq!((&repeated.outcome, &repeated.transaction), (&Outcome::Duplicate, &first.transaction));
    }
    // after its end, and after its settlement, it is still the same
    let _ = record(&mut ledger, &stop(number(&first), 1600, 5));
    assert_eq!(record(&mut ledger, &again).transaction, first.transaction);
    assert!(ledger.settle(&id("CP1"), &number(&first).into()).is_some());
    let late = record(&mut ledger, &again);
    assert_eq!((late.outcome, late.transaction), (Outcome::Settled, first.transaction));
    assert!(ledger.records().next().is_none());
    assert_eq!(record(&mut ledger, &start(1, 1600, 6)).outcome, Outcome::Opened);
}

#[test]
fn cs_31_a_repeated_stop_changes_nothing_and_another_one_is_a_conflict() {
    let mut ledger = ledger();
    let number = number(&record(&mut ledger, &start(1, 1500, 0)));
    assert_eq!(record(&mut ledger, &stop(number, 9000, 60)).outcome, Outcome::Closed);
    assert_eq!(record(&mut ledger, &stop(number, 9000, 60)).outcome, Outcome::Duplicate);
    assert_eq!(record(&mut ledger, &stop(number, 9999, 61)).outcome, Outcome::Conflict);
    let session = only(&ledger);
    assert_eq!(session.energy_wh.to_string(), "7500");
    assert_eq!(session.anomalies, [Anomaly::ConflictingRepeat { seq_no: None }]);
}

/// Of the known attacks: CVE-2026-28230, any station stops any other's transaction.
#[test]
fn cs_32_d15_rpc_64_a_stop_is_never_applied_to_a_transaction_it_does_not_name() {
    let mut ledger = ledger();
    let mine = number(&record(&mut ledger, &start(1, 1500, 0)));
    let foreign = ledger.record(&id("CP2"), time(0).utc(), &start(1, 0, 0));
    for wrong in [-1, 0, i64::MAX, mine + 1, number(&foreign)] {
        let verdict = record(&mut ledger, &stop(wrong, 9000, 60));
        assert_eq!((verdict.outcome, verdict.transaction), (Outcome::Orphan, None), "{wrong}");
    }
    assert_eq!(record(&mut ledger, &stop(-1, 9000, 60)).outcome, Outcome::Duplicate, "an orphan is kept once");
    for station in ["CP1", "CP2"] {
        let open = ledger.station(&id(station)).expect("a ledger").records(&LedgerLimits::default()).next();
        assert_eq!(open.map(|record| record.status), Some(SessionStatus::Open), "{station}");
    }
    assert_eq!(ledger.station(&id("CP1")).expect("a ledger").orphans().count(), 5);
    // a message without id is repaired to none by nobody: 1.6 requires it
    assert!(
        ocpp_types::decode::<v16::StopTransactionRequest>(
            r#"{"transactionId":null,"meterStop":1,"timestamp":"2026-03-01T10:00:00Z"}"#,
            DecodePolicy::Repair
        )
        .is_err()
    );
}

#[test]
fn cs_32_an_orphan_is_applied_by_hand_only() {
    let mut ids = TransactionIds::new([1; 32]);
    let limits = LedgerLimits::default();
    let mut station = StationLedger::new(id("CP1"));
    let started = station.record(time(0).utc(), &start(1, 1500, 0), &mut ids, &limits);
    let _ = station.record(time(60).utc(), &stop(-1, 9000, 60), &mut ids, &limits);
    let transaction = started.transaction.expect("a transaction");
    let verdict = station.adopt(0, &transaction, &limits).expect("both are there");
    assert_eq!((verdict.outcome, verdict.status), (Outcome::Closed, Some(SessionStatus::Complete)));
    assert_eq!(station.orphans().count(), 0);
    assert_eq!(
        station.record_of(&transaction, &limits).map(|record| record.energy_wh.to_string()),
        Some("7500".into())
    );
    assert!(station.adopt(0, &transaction, &limits).is_none());
}

#[test]
fn cs_32_meter_values_without_a_known_transaction_are_matched_by_connector_and_time() {
    let mut ledger = ledger();
    assert_eq!(record(&mut ledger, &meter(None, "1", -5)).outcome, Outcome::NoTransaction);
    let transaction = record(&mut ledger, &start(1, 1500, 0)).transaction;
    for (named, minutes) in [(None, 5), (Some(-1), 10), (Some(0), 15), (Some(99), 20)] {
        let verdict = record(&mut ledger, &meter(named, &format!("{}", 1500 + minutes), minutes));
        assert_eq!((verdict.outcome, &verdict.transaction), (Outcome::Recorded, &transaction), "{named:?}");
    }
    assert_eq!(record(&mut ledger, &meter(Some(-1), "3", -5)).outcome, Outcome::Orphan, "before the start");
    let mut whole_station = meter(None, "7", 20);
    whole_station.connector_id = 0;
    assert_eq!(record(&mut ledger, &whole_station).outcome, Outcome::NoTransaction);
    let session = only(&ledger);
    assert_eq!((session.readings.len(), session.anomalies), (4, vec![Anomaly::MatchedByConnector]));
}

#[test]
fn d20_a_connector_is_a_number_that_sizes_nothing() {
    let mut ledger = ledger();
    for connector in [0, -1, 1000, i64::MAX, i64::MIN] {
        assert_eq!(record(&mut ledger, &start(connector, 1, 0)).outcome, Outcome::Opened);
    }
    assert_eq!(ledger.records().count(), 5);
}

#[test]
fn cs_33_numbers_are_positive_unique_and_not_in_a_row() {
    let mut ids = TransactionIds::new([9; 32]);
    let mut issued = std::collections::BTreeSet::new();
    let mut last = 0_i64;
    let mut neighbours = 0;
    for _ in 0..20_000 {
        let number = ids.issue().expect("a number");
        assert!((1..1 << 31).contains(&number) && issued.insert(number));
        neighbours += usize::from((number - last).abs() < 1000);
        last = number;
    }
    assert!(neighbours < 5, "{neighbours} of them are close to the one before");

    // written down and read back, they go on; another key gives others; ranges do not overlap
    let mut copy: TransactionIds = serde_json::from_str(&serde_json::to_string(&ids).expect("JSON")).expect("JSON");
    assert_eq!(copy.issue(), ids.issue());
    assert!(!issued.contains(&copy.issue().expect("a number")));
    assert_ne!(TransactionIds::new([1; 32]).issue(), TransactionIds::new([2; 32]).issue());
    let mut tiny = TransactionIds::with_range([9; 32], 3, 5);
    assert_eq!([tiny.issue().is_some(), tiny.issue().is_some(), tiny.issue().is_some()], [true, true, false]);
    assert!(!format!("{ids:?}").contains('9'), "the key is not shown: {ids:?}");
}

#[test]
fn cs_34_d17_a_start_on_a_connector_with_an_open_session_is_concurrent_and_abandons_the_older() {
    let mut ledger = ledger();
    let older = record(&mut ledger, &start(1, 1500, 0)).transaction.expect("a transaction");
    assert_eq!(record(&mut ledger, &start(2, 0, 5)).outcome, Outcome::Opened, "another connector");
    let verdict = record(&mut ledger, &start(1, 2000, 30));
    assert_eq!(verdict.outcome, Outcome::Concurrent { other: older.clone() });
    assert!(verdict.transaction.is_some(), "it has a number all the same");
    let abandoned = ledger.records().find(|record| record.transaction_id == older).expect("it is there");
    assert_eq!((abandoned.status, &abandoned.anomalies), (SessionStatus::Abandoned, &vec![Anomaly::MissingStop]));
    // its stop comes after all
    let late = record(&mut ledger, &stop(older.number().expect("a number"), 1900, 20));
    assert_eq!((late.outcome, late.status), (Outcome::Closed, Some(SessionStatus::Complete)));
    let closed = ledger.records().find(|record| record.transaction_id == older).expect("it is there");
    assert_eq!((closed.energy_wh.to_string(), closed.anomalies), ("400".into(), vec![]));
}

#[test]
fn cs_34_a_start_that_comes_late_leaves_the_newer_session_open() {
    let mut ledger = ledger();
    let newer = record(&mut ledger, &start(1, 1500, 60)).transaction.expect("a transaction");
    let verdict = record(&mut ledger, &start(1, 1000, 0));
    assert_eq!(verdict.outcome, Outcome::Concurrent { other: newer.clone() });
    let status = ledger.records().find(|record| record.transaction_id == newer).map(|record| record.status);
    assert_eq!(status, Some(SessionStatus::Open));
}

#[test]
fn d17_an_evse_has_one_transaction_at_a_time() {
    let mut ledger = ledger();
    let _ = record(&mut ledger, &event("Started", 0, 0, r#","evse":{"id":2,"connectorId":1}"#));
    let mut other = event("Started", 0, 5, r#","evse":{"id":2,"connectorId":2}"#);
    other.transaction_info.transaction_id = "tx-2".into();
    assert_eq!(record(&mut ledger, &other).outcome, Outcome::Concurrent { other: "tx-1".into() });
    let mut elsewhere = event("Started", 0, 5, r#","evse":{"id":3}"#);
    elsewhere.transaction_info.transaction_id = "tx-3".into();
    assert_eq!(record(&mut ledger, &elsewhere).outcome, Outcome::Opened);
}

#[test]
fn cs_35_d18_an_event_that_comes_again_changes_nothing() {
    let mut ledger = ledger();
    let _ = record(&mut ledger, &event("Started", 0, 0, &register("1", 0)));
    let mut update = event("Updated", 1, 10, &register("500", 10));
    assert_eq!(record(&mut ledger, &update).outcome, Outcome::Recorded);
    update.offline = Some(true); // the connection broke down before the answer came
    assert_eq!(record(&mut ledger, &update).outcome, Outcome::Duplicate);
    assert_eq!(record(&mut ledger, &event("Updated", 1, 10, &register("501", 10))).outcome, Outcome::Conflict);
    assert_eq!(only(&ledger).readings.len(), 2);
    assert_eq!(only(&ledger).anomalies, [Anomaly::ConflictingRepeat { seq_no: Some(1) }]);
}

#[test]
fn cs_36_d18_a_session_is_complete_when_every_number_is_there_in_any_order() {
    let mut ledger = ledger();
    let verdicts = [("Started", 0), ("Ended", 2), ("Updated", 1)]
        .map(|(kind, seq_no)| record(&mut ledger, &event(kind, seq_no, seq_no, "")));
    let statuses = verdicts.map(|verdict| verdict.status.expect("a session"));
    assert_eq!(statuses, [SessionStatus::Open, SessionStatus::Incomplete, SessionStatus::Complete]);
}

#[test]
fn cs_36_d18_gaps_are_reported_and_filled_later() {
    let mut ledger = ledger();
    for (kind, seq_no) in [("Started", 4), ("Updated", 7), ("Ended", 12)] {
        let _ = record(&mut ledger, &event(kind, seq_no, seq_no, &register("1", seq_no)));
    }
    let session = only(&ledger);
    assert_eq!(session.status, SessionStatus::Incomplete);
    let gaps = [SeqRange { from: 5, to: 6 }, SeqRange { from: 8, to: 11 }].map(Anomaly::MissingEvents);
    assert_eq!(session.anomalies, gaps);
    for seq_no in [6, 9, 5, 11, 10, 8] {
        let _ = record(&mut ledger, &event("Updated", seq_no, seq_no, ""));
    }
    assert_eq!((only(&ledger).status, only(&ledger).anomalies), (SessionStatus::Complete, vec![]));
}

/// Of the mistakes of other stacks: a ledger that allocates by a peer's `seqNo`.
#[test]
fn d18_no_number_of_a_station_sizes_anything() {
    let mut ledger = ledger();
    for seq_no in [0, i64::MAX, i64::MIN, i64::MAX - 2, 1 << 40] {
        assert_ne!(record(&mut ledger, &event("Updated", seq_no, 0, "")).outcome, Outcome::Full);
    }
    let session = only(&ledger);
    let gaps = session.anomalies.iter().filter(|anomaly| matches!(anomaly, Anomaly::MissingEvents(_))).count();
    assert_eq!(gaps, 4);
    let last = SeqRange { from: i64::MAX - 1, to: i64::MAX - 1 };
    assert!(session.anomalies.contains(&Anomaly::MissingEvents(last)), "{:?}", session.anomalies);
}

#[test]
fn d18_the_end_may_come_first_and_events_may_come_after_it() {
    let mut ledger = ledger();
    let ended = record(&mut ledger, &event("Ended", 5, 60, &register("900", 60)));
    assert_eq!((ended.outcome, ended.status), (Outcome::Closed, Some(SessionStatus::Incomplete)));
    let late = record(&mut ledger, &event("Updated", 7, 65, &register("905", 65)));
    assert_eq!((late.outcome, late.freshness), (Outcome::Recorded, Freshness::Historic));
    let session = only(&ledger);
    assert_eq!(session.stopped, Some(time(60).utc()));
    let expected = [Anomaly::MissingStart, Anomaly::MissingEvents(SeqRange { from: 6, to: 6 })];
    assert_eq!(session.anomalies[..2], expected);
    assert!(session.anomalies.contains(&Anomaly::EventAfterEnd { seq_no: 7 }));
    assert!(session.anomalies.contains(&Anomaly::ReadingsOutside { count: 1 }));
    let _ = record(&mut ledger, &event("Started", 4, 0, &register("100", 0)));
    assert_eq!(only(&ledger).energy_wh.to_string(), "800");
}

#[test]
fn d18_a_second_start_or_end_is_reported() {
    let mut ledger = ledger();
    for (kind, seq_no) in [("Started", 0), ("Started", 1), ("Ended", 2), ("Ended", 3)] {
        let _ = record(&mut ledger, &event(kind, seq_no, seq_no * 10, ""));
    }
    let session = only(&ledger);
    assert_eq!((session.started, session.stopped), (time(0).utc(), Some(time(30).utc())));
    for seq_no in [1, 2] {
        assert!(session.anomalies.contains(&Anomaly::RepeatedStartOrEnd { seq_no }), "{:?}", session.anomalies);
    }
}

/// Field need 30: offline never regresses live state.
#[test]
fn cs_39_d19_what_happened_offline_or_earlier_is_historic() {
    let mut ledger = ledger();
    let mut charging = event("Updated", 3, 0, "");
    charging.transaction_info.charging_state = Some(v201::ChargingState::Charging);
    assert_eq!(record(&mut ledger, &charging).freshness, Freshness::Live);
    let mut connected = event("Updated", 2, 0, "");
    connected.transaction_info.charging_state = Some(v201::ChargingState::EvConnected);
    assert_eq!(record(&mut ledger, &connected).freshness, Freshness::Historic, "an earlier number");
    assert_eq!(record(&mut ledger, &event("Updated", 4, 0, r#","offline":true"#)).freshness, Freshness::Historic);
    assert_eq!(record(&mut ledger, &event("Updated", 5, -10, "")).freshness, Freshness::Historic, "old");
    let state = only(&ledger).course.last().and_then(|point| point.state.clone());
    assert_eq!(state, Some(v21::ChargingState::Charging));
}

#[test]
fn d9_times_that_cannot_be_are_kept_flagged_and_not_live() {
    let mut ledger = ledger();
    for (tag, text, doubt) in [
        ("a", "2036-03-01T10:00:00Z", TimeDoubt::Future),
        ("b", "1970-01-01T00:00:07Z", TimeDoubt::UnsetClock),
        ("c", "2026-03-01T10:00:00", TimeDoubt::NoOffset),
    ] {
        let request: v16::StartTransactionRequest =
            decode(&format!(r#"{{"connectorId":1,"idTag":"{tag}","meterStart":0,"timestamp":"{text}"}}"#));
        let verdict = record(&mut ledger, &request);
        let expected = if doubt == TimeDoubt::NoOffset { Freshness::Live } else { Freshness::Historic };
        assert_eq!(verdict.freshness, expected, "{text}");
        let session = ledger.records().find(|record| Some(&record.transaction_id) == verdict.transaction.as_ref());
        let expected = Anomaly::DoubtfulTime { time: utc(text), doubt };
        assert!(session.expect("it is kept").anomalies.contains(&expected), "{text}");
    }
}

#[test]
fn d13_a_register_that_goes_back_or_jumps_is_an_anomaly() {
    let mut ledger = ledger();
    let number = number(&record(&mut ledger, &start(1, 1500, 0)));
    for (register, minutes) in [("2000", 10), ("0", 20), ("2500", 30), ("10002500", 40)] {
        let _ = record(&mut ledger, &meter(Some(number), register, minutes));
    }
    let anomalies = only(&ledger).anomalies;
    let decimal = |text: &str| text.parse::<Decimal>().expect("a number");
    let back = Anomaly::RegisterBackwards { time: time(20).utc(), from_wh: decimal("2000"), to_wh: decimal("0") };
    let jump = Anomaly::RegisterJump { time: time(40).utc(), from_wh: decimal("2500"), to_wh: decimal("10002500") };
    assert_eq!(anomalies, [back, jump]);
}

/// Field need 27.
#[test]
fn d14_energy_is_never_negative_and_the_reason_is_told() {
    let mut ledger = ledger();
    let number = number(&record(&mut ledger, &start(1, 1500, 0)));
    let verdict = record(&mut ledger, &stop(number, 1499, 60));
    assert_eq!((verdict.outcome, verdict.status), (Outcome::Closed, Some(SessionStatus::Complete)));
    let session = only(&ledger);
    assert_eq!((session.energy_wh, session.meter_stop_wh), (Decimal::ZERO, wh("1499")));
    let (start_wh, stop_wh) = (1500.into(), 1499.into());
    assert!(session.anomalies.contains(&Anomaly::NegativeEnergy { start_wh, stop_wh }), "{:?}", session.anomalies);
}

#[test]
fn an_end_before_the_start_is_an_anomaly() {
    let mut ledger = ledger();
    let number = number(&record(&mut ledger, &start(1, 1500, 60)));
    let _ = record(&mut ledger, &stop(number, 1600, 0));
    let session = only(&ledger);
    let expected = Anomaly::StopBeforeStart { started: time(60).utc(), stopped: time(0).utc() };
    assert!(session.anomalies.contains(&expected) && session.energy_wh == 100.into(), "{:?}", session.anomalies);
}

#[test]
fn d11_d12_readings_have_their_defaults_and_units_without_a_factor() {
    let mut ledger = ledger();
    let number = number(&record(&mut ledger, &start(1, 0, 0)));
    let request: v16::MeterValuesRequest = decode(&format!(
        r#"{{"connectorId":1,"transactionId":{number},"meterValue":[{{"timestamp":"2026-03-01T10:10:00Z","sampledValue":[
            {{"value":"1.5","unit":"kWh"}},
            {{"value":"11.25","measurand":"Power.Active.Import","unit":"kW"}},
            {{"value":"16","measurand":"Current.Import","phase":"L1"}},
            {{"value":"230","measurand":"Voltage","phase":"L1-N"}},
            {{"value":"50.01","measurand":"Frequency"}},
            {{"value":"80","measurand":"SoC","location":"EV"}},
            {{"value":"12,5"}},
            {{"value":"SIGNED","format":"SignedData","context":"Transaction.End"}}]}}]}}"#
    ));
    let _ = record(&mut ledger, &request);
    let session = only(&ledger);
    let seen: Vec<_> = session
        .readings
        .iter()
        .map(|reading| (reading.measurand.as_str(), reading.value.map(|v| v.to_string()), reading.unit.as_str()))
        .collect();
    let value = |text: &str| Some(text.to_owned());
    assert_eq!(
        seen,
        [
            ("Current.Import", value("16"), "A"),
            ("Energy.Active.Import.Register", value("1500"), "Wh"),
            ("Energy.Active.Import.Register", None, "Wh"),
            ("Frequency", value("50.01"), "Hertz"),
            ("Power.Active.Import", value("11250"), "W"),
            ("SoC", value("80"), "Percent"),
            ("Voltage", value("230"), "V"),
        ]
    );
    let signed = session.readings.iter().find_map(|reading| reading.signed.as_ref());
    assert_eq!(signed.map(|signed| signed.data.as_str()), Some("SIGNED"));
    assert!(session.anomalies.contains(&Anomaly::UnreadableReadings { count: 1 }));
    assert!(session.anomalies.contains(&Anomaly::AssumedUnit));
    assert_eq!(session.meter_stop_wh, wh("1500"));
}

#[test]
fn d12_the_multiplier_of_2_x_is_applied_exactly() {
    let mut ledger = ledger();
    let reading = |value: &str, unit: &str, multiplier: i64, minutes: i64| {
        format!(
            r#","meterValue":[{{"timestamp":"{}","sampledValue":[{{"value":{value},"unitOfMeasure":{{"unit":"{unit}","multiplier":{multiplier}}}}}]}}]"#,
            time(minutes)
        )
    };
    let _ = record(&mut ledger, &event("Started", 0, 0, &reading("1.0005", "kWh", 0, 0)));
    let _ = record(&mut ledger, &event("Updated", 1, 1, &reading("12345678", "Wh", -3, 1)));
    let _ = record(&mut ledger, &event("Ended", 2, 2, &reading("1.3", "kWh", 1, 2)));
    let session = only(&ledger);
    let values: Vec<_> = session.readings.iter().map(|reading| reading.value.expect("a number").to_string()).collect();
    assert_eq!(values, ["1000.5", "12345.678", "13000"]);
    assert_eq!(session.energy_wh.to_string(), "11999.5");
    // what cannot be held is reported, not rounded
    let _ = record(&mut ledger, &event("Updated", 3, 3, &reading("1", "Wh", 40, 3)));
    assert!(only(&ledger).anomalies.contains(&Anomaly::UnreadableReadings { count: 1 }));
}

#[test]
fn states_of_1_6_come_from_status_notifications() {
    let mut ledger = ledger();
    let status = |text: &str, minutes: i64| {
        let request: v16::StatusNotificationRequest = decode(&format!(
            r#"{{"connectorId":1,"errorCode":"NoError","status":"{text}","timestamp":"{}"}}"#,
            time(minutes)
        ));
        ocpp_server::ledger::Message::from_status(&request, &time(0))
    };
    assert!(status("Preparing", 0).is_none() && status("Faulted", 0).is_none());
    // the station reports Charging a moment before the transaction, as some do
    assert_eq!(record(&mut ledger, status("Charging", -1).expect("a state")).outcome, Outcome::NoTransaction);
    let number = number(&record(&mut ledger, &start(1, 0, 0)));
    for (text, minutes) in [("SuspendedEV", 30), ("Finishing", 40)] {
        assert_eq!(record(&mut ledger, status(text, minutes).expect("a state")).outcome, Outcome::Recorded);
    }
    let _ = record(&mut ledger, &stop(number, 10, 60));
    assert_eq!(record(&mut ledger, status("Finishing", 61).expect("a state")).outcome, Outcome::NoTransaction);
    let session = only(&ledger);
    let states: Vec<_> =
        session.course.iter().map(|point| point.state.as_ref().map_or("", |state| state.as_str())).collect();
    assert_eq!(states, ["Charging", "SuspendedEV", "EVConnected", "EVConnected"]);
}

#[test]
fn cs_40_what_does_not_fit_is_told_so_that_the_station_tries_again() {
    let mut limits = LedgerLimits::default();
    (limits.sessions, limits.orphans) = (2, 2);
    let mut ledger = Ledger::with_limits(TransactionIds::new([1; 32]), limits);
    for minutes in 0..2 {
        assert_eq!(record(&mut ledger, &start(minutes + 1, 0, minutes)).outcome, Outcome::Opened);
    }
    let full = record(&mut ledger, &start(9, 0, 9));
    assert_eq!((full.outcome, full.transaction), (Outcome::Full, None));
    assert_eq!(record(&mut ledger, &event("Started", 0, 0, "")).outcome, Outcome::Full);
    for number in 0..5 {
        let _ = record(&mut ledger, &stop(-1 - number, 0, 0));
    }
    let station = ledger.station(&id("CP1")).expect("a ledger");
    assert_eq!((station.orphans().count(), station.lost_orphans()), (2, 3));

    let first = ledger.records().next().expect("a session").transaction_id;
    assert!(ledger.settle(&id("CP1"), &first).is_some());
    assert_eq!(record(&mut ledger, &event("Started", 0, 0, "")).outcome, Outcome::Opened);
}

#[test]
fn readings_beyond_the_limit_are_counted_and_the_end_is_kept() {
    let mut limits = LedgerLimits::default();
    limits.readings_per_transaction = 3;
    let mut ledger = Ledger::with_limits(TransactionIds::new([1; 32]), limits);
    let _ = record(&mut ledger, &event("Started", 0, 0, &register("0", 0)));
    for seq_no in 1..10 {
        let _ = record(&mut ledger, &event("Updated", seq_no, seq_no, &register("5", seq_no)));
    }
    let _ = record(&mut ledger, &event("Ended", 10, 10, &register("77", 10)));
    let session = only(&ledger);
    assert_eq!((session.energy_wh.to_string(), session.readings.len()), ("77".into(), 4));
    assert_eq!(session.anomalies, [Anomaly::TooManyReadings { count: 7 }]);
}

#[test]
fn cs_53_a_ledger_can_be_written_down_between_any_two_messages() {
    let mut ledger = ledger();
    let copy = |ledger: &Ledger| -> Ledger {
        serde_json::from_str(&serde_json::to_string(ledger).expect("JSON")).expect("JSON")
    };
    let number = number(&record(&mut ledger, &start(1, 1500, 0)));
    let mut ledger = copy(&ledger);
    assert_eq!(record(&mut ledger, &start(1, 1500, 0)).outcome, Outcome::Duplicate);
    let _ = record(&mut ledger, &event("Started", 3, 0, &register("7.50", 0)));
    let mut ledger = copy(&ledger);
    assert_eq!(record(&mut ledger, &event("Started", 3, 0, &register("7.50", 0))).outcome, Outcome::Duplicate);
    assert_eq!(record(&mut ledger, &stop(number, 9000, 60)).outcome, Outcome::Closed);
    let records: Vec<SessionRecord> = ledger.records().collect();
    let text = serde_json::to_string(&records).expect("JSON");
    assert_eq!(serde_json::from_str::<Vec<SessionRecord>>(&text).expect("JSON"), records);
    assert!(text.contains("7.50"), "digits are kept: {text}");
}

#[test]
fn the_register_of_one_place_counts_and_phases_are_not_mixed_in() {
    let mut ledger = ledger();
    let readings = |outlet: &str, minutes: i64| {
        format!(
            r#","meterValue":[{{"timestamp":"{}","sampledValue":[
                {{"value":999999,"location":"Inlet"}},{{"value":1,"phase":"L1"}},{{"value":{outlet}}},
                {{"value":5,"measurand":"Energy.Active.Export.Register"}}]}}]"#,
            time(minutes)
        )
    };
    let _ = record(&mut ledger, &event("Started", 0, 0, &readings("10", 0)));
    let _ = record(&mut ledger, &event("Ended", 1, 60, &readings("30", 60)));
    assert_eq!((only(&ledger).energy_wh.to_string(), only(&ledger).course.len()), ("20".into(), 2));
}

#[test]
fn an_end_without_a_reading_is_told() {
    let mut ledger = ledger();
    let _ = record(&mut ledger, &event("Started", 0, 0, &register("10", 0)));
    let _ = record(&mut ledger, &event("Updated", 1, 30, &register("25", 30)));
    let _ = record(&mut ledger, &event("Ended", 2, 60, ""));
    let session = only(&ledger);
    assert_eq!((session.energy_wh.to_string(), session.anomalies), ("15".into(), vec![Anomaly::NoReadingAtEnd]));
}

#[test]
fn a_start_without_a_reading_takes_the_earliest_one_there_is() {
    let mut ledger = ledger();
    let _ = record(&mut ledger, &event("Started", 0, 0, ""));
    for (seq_no, value, minutes) in [(1, "500", 10), (2, "200", 5)] {
        let _ = record(&mut ledger, &event("Updated", seq_no, 11, &register(value, minutes)));
    }
    let _ = record(&mut ledger, &event("Ended", 3, 20, &register("900", 20)));
    let session = only(&ledger);
    assert_eq!((session.meter_start_wh, session.energy_wh.to_string()), (wh("200"), "700".into()));
}

/// Row D13: registers count in steps, so what two readings show within a minute is held against a whole one.
#[test]
fn d13_a_step_of_the_register_within_a_second_is_no_jump() {
    let mut ledger = ledger();
    let second = time(0).utc() + chrono::TimeDelta::seconds(1);
    let reading = |value: u32| {
        format!(r#","meterValue":[{{"timestamp":"{}","sampledValue":[{{"value":{value}}}]}}]"#, Timestamp::new(second))
    };
    let _ = record(&mut ledger, &event("Started", 0, 0, &register("0", 0)));
    let _ = record(&mut ledger, &event("Updated", 1, 1, &reading(60_000)));
    let _ = record(&mut ledger, &event("Ended", 2, 2, &register("60000", 2)));
    assert_eq!(only(&ledger).anomalies, []);
}

#[test]
fn the_first_token_starts_and_the_last_one_stops() {
    let mut ledger = ledger();
    let token = |id: &str| format!(r#","idToken":{{"idToken":"{id}","type":"ISO14443"}}"#);
    // authorized to stop before anything was heard of a start
    let mut early = event("Updated", 0, 0, &token("0"));
    early.trigger_reason = v201::TriggerReason::StopAuthorized;
    let _ = record(&mut ledger, &early);
    let _ = record(&mut ledger, &event("Started", 1, 0, &token("A")));
    let _ = record(&mut ledger, &event("Updated", 2, 1, &token("B")));
    for (kind, seq_no, id) in [("Updated", 3, "C"), ("Ended", 4, "D")] {
        let mut stopped = event(kind, seq_no, seq_no, &token(id));
        stopped.trigger_reason = v201::TriggerReason::StopAuthorized;
        let _ = record(&mut ledger, &stopped);
    }
    let session = only(&ledger);
    let id = |token: Option<ocpp_server::ledger::Token>| token.map(|token| token.id);
    assert_eq!((id(session.start_token), id(session.stop_token)), (Some("A".into()), Some("D".into())));
}

/// Rule CS-32: what names no transaction is matched with none that cannot be meant.
#[test]
fn cs_32_the_meter_of_the_station_and_sessions_that_lost_their_end_are_matched_with_nothing() {
    let mut ledger = ledger();
    let _ = record(&mut ledger, &start(0, 0, 0));
    let mut whole_station = meter(None, "7", 20);
    whole_station.connector_id = 0;
    assert_eq!(record(&mut ledger, &whole_station).outcome, Outcome::NoTransaction);

    let _ = record(&mut ledger, &start(1, 0, 0));
    let second = number(&record(&mut ledger, &start(1, 100, 10)));
    let _ = record(&mut ledger, &stop(second, 200, 20));
    assert_eq!(record(&mut ledger, &meter(None, "5000", 30)).outcome, Outcome::NoTransaction);
    assert_eq!(record(&mut ledger, &meter(None, "150", 15)).transaction, Some(second.into()));
}

#[test]
fn a_status_that_comes_late_does_not_replace_a_later_one() {
    let mut ledger = ledger();
    for (text, minutes) in [("Charging", -1), ("SuspendedEV", -3)] {
        let request: v16::StatusNotificationRequest = decode(&format!(
            r#"{{"connectorId":1,"errorCode":"NoError","status":"{text}","timestamp":"{}"}}"#,
            time(minutes)
        ));
        let message = ocpp_server::ledger::Message::from_status(&request, &time(0)).expect("a state");
        let _ = record(&mut ledger, message);
    }
    let _ = record(&mut ledger, &start(1, 0, 0));
    assert_eq!(only(&ledger).course[0].state, Some(v21::ChargingState::Charging));
}

#[test]
fn an_orphan_that_finds_no_room_stays_an_orphan() {
    let mut ids = TransactionIds::new([1; 32]);
    let mut limits = LedgerLimits::default();
    limits.facts_per_transaction = 1;
    let mut station = StationLedger::new(id("CP1"));
    let transaction = station.record(time(0).utc(), &start(1, 0, 0), &mut ids, &limits).transaction.expect("open");
    let _ = station.record(time(0).utc(), &meter(Some(-1), "5", -5), &mut ids, &limits);
    let verdict = station.adopt(0, &transaction, &limits).expect("both are there");
    assert_eq!((verdict.outcome, station.orphans().count()), (Outcome::Surplus, 1));
}
