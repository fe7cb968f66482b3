//! The outbox in a station: rules Q-01 to Q-16, rows E4, E9.

use std::collections::VecDeque;
use std::time::Duration;

use ocpp_client::{
    Boot, DropCause, DropClass, Lane, LostStart, MemoryStore, Message, NotTaken, OutboxError, OutboxNotice, Part,
    Refused, StationConfig, StationEvent, TransactionKey,
};
use ocpp_types::v201::{TransactionEvent, TriggerReason};
use ocpp_types::{Version, v16, v21, v201};
use serde_json::json;

use crate::lab::{Lab, Sent, config, make};

fn names(sent: &[Sent]) -> Vec<&str> {
    sent.iter().map(|sent| &*sent.name).collect()
}

#[test]
fn q_01_what_happened_offline_arrives_in_order_after_the_reconnect() {
    let mut lab = Lab::online(Version::V16);
    lab.link_down();
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    lab.station.meter_values(lab.now, key, &make::meter(5)).expect("taken");
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
    lab.pass(3600);
    lab.link_up();
    let sent = lab.settle();
    assert_eq!(names(&sent), ["StartTransaction", "MeterValues", "StopTransaction"]);
    assert!(lab.station.outbox().is_empty());
}

#[test]
fn q_02_transaction_events_made_offline_arrive_in_order() {
    let mut lab = Lab::online(Version::V201);
    lab.link_down();
    for (kind, reason, seq_no) in [
        (TransactionEvent::Started, TriggerReason::CablePluggedIn, 0),
        (TransactionEvent::Updated, TriggerReason::Authorized, 1),
        (TransactionEvent::Ended, TriggerReason::EvCommunicationLost, 2),
    ] {
        lab.station.transaction_event(lab.now, &make::event_201(kind, reason, seq_no)).expect("taken");
    }
    lab.link_up();
    let sent = lab.settle();
    let numbers: Vec<_> = sent.iter().map(|sent| sent.payload["seqNo"].as_i64()).collect();
    assert_eq!(numbers, [Some(0), Some(1), Some(2)]);
}

#[test]
fn q_03_other_messages_overtake_a_backlog_but_do_not_starve_it() {
    let mut lab = Lab::online(Version::V16);
    lab.link_down();
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    for wh in 0..99 {
        lab.station.meter_values(lab.now, key, &make::meter(wh)).expect("taken");
    }
    lab.link_up();
    let first = lab.one_sent();
    for _ in 0..12 {
        let _call = lab.station.call(lab.now, &v16::AuthorizeRequest::new("04A1")).expect("online");
    }
    lab.answer(&first, json!({"idTagInfo": {"status": "Accepted"}, "transactionId": 1}));
    let sent = lab.settle();
    let names = names(&sent);
    assert_eq!(names[0], "Authorize", "the next frame is the one somebody waits for");
    let first_meter = names.iter().position(|name| *name == "MeterValues").expect("some");
    // the first of them went when no other message was waiting, and four may pass one that is
    assert!(first_meter <= 5, "{names:?}");
    assert_eq!(names.iter().filter(|name| **name == "MeterValues").count(), 99);
}

#[test]
fn q_04_what_happened_offline_or_still_waits_then_is_marked() {
    let mut lab = Lab::online(Version::V21);
    let event = |kind, seq_no| make::event_21(kind, v21::TriggerReason::ChargingStateChanged, seq_no);
    lab.station.transaction_event(lab.now, &event(v21::TransactionEvent::Started, 0)).expect("taken");
    let started = lab.one_sent();
    assert_eq!(started.payload.get("offline"), None);
    // made online, but the link goes down before it is sent
    lab.station.transaction_event(lab.now, &event(v21::TransactionEvent::Updated, 1)).expect("taken");
    lab.answer(&started, json!({}));
    let updated = lab.one_sent();
    assert_eq!(updated.payload.get("offline"), None);
    lab.station.transaction_event(lab.now, &event(v21::TransactionEvent::Updated, 2)).expect("taken");
    lab.link_down();
    lab.station.transaction_event(lab.now, &event(v21::TransactionEvent::Updated, 3)).expect("taken");
    lab.link_up();
    let sent = lab.settle();
    let marks: Vec<_> = sent.iter().map(|sent| (sent.payload["seqNo"].as_i64(), &sent.payload["offline"])).collect();
    assert_eq!(marks, [(Some(1), &json!(true)), (Some(2), &json!(true)), (Some(3), &json!(true))]);
    lab.station.transaction_event(lab.now, &event(v21::TransactionEvent::Ended, 4)).expect("taken");
    assert_eq!(lab.one_sent().payload.get("offline"), None);
}

#[test]
fn q_04_to_be_told_twice_that_one_is_online_marks_nothing() {
    let mut lab = Lab::online(Version::V201);
    make::something_start(&mut lab);
    make::something_start(&mut lab);
    let first = lab.one_sent();
    lab.station.outbox_mut().set_online(true);
    lab.answer(&first, json!({}));
    assert_eq!(lab.one_sent().payload.get("offline"), None);
}

#[test]
fn q_04_the_mark_survives_a_reboot() {
    let mut lab = Lab::online(Version::V201);
    lab.link_down();
    let event = make::event_201(TransactionEvent::Started, TriggerReason::Authorized, 0);
    lab.station.transaction_event(lab.now, &event).expect("taken");
    let mut lab = Lab::on(config(Version::V201), lab.into_store(), 2);
    lab.link_up();
    let sent = lab.settle();
    assert_eq!(names(&sent), ["BootNotification", "TransactionEvent"]);
    assert_eq!(sent[1].payload["offline"], json!(true));
}

#[test]
fn q_05_three_attempts_60_s_apart_and_growing_then_the_next_message() {
    let mut lab = Lab::online(Version::V16);
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    lab.settle();
    let begin = lab.now;
    lab.station.meter_values(lab.now, key, &make::meter(5)).expect("taken");
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
    let mut times = Vec::new();
    for wait in [59, 119, 0] {
        let frame = lab.one_sent();
        assert_eq!(frame.name, "MeterValues");
        times.push((lab.now - begin).as_secs());
        lab.refuse(&frame, "InternalError");
        if wait > 0 {
            lab.pass(wait);
            lab.nothing_sent();
            lab.pass(1);
        }
    }
    assert_eq!(times, [0, 60, 180]);
    assert!(lab.events.iter().any(|event| matches!(
        event,
        StationEvent::Outbox(OutboxNotice::Dropped { action, cause: DropCause::GivenUp, .. }) if action == "MeterValues"
    )));
    assert_eq!(lab.one_sent().name, "StopTransaction", "what was refused does not block what comes after");
}

#[test]
fn q_05_after_a_time_out_the_wait_counts_from_the_expiry() {
    for version in Version::ALL {
        let mut lab = Lab::online(version);
        let begin = lab.now;
        make::something_start(&mut lab);
        let first = lab.one_sent();
        lab.pass(30 + 59);
        lab.nothing_sent();
        lab.pass(1);
        let again = lab.one_sent();
        assert_eq!((lab.now - begin).as_secs(), 90, "{version}");
        assert_eq!((&again.name, &again.payload), (&first.name, &first.payload));
        assert_ne!(again.id, first.id, "RPC-05: every transmission has its own id");
    }
}

#[test]
fn q_05_configuration_changes_attempts_and_interval() {
    let mut lab = Lab::online(Version::V201);
    lab.station.set_retries(2, Duration::from_secs(7));
    make::something_start(&mut lab);
    let frame = lab.one_sent();
    lab.refuse(&frame, "GenericError");
    lab.pass(7);
    let frame = lab.one_sent();
    lab.refuse(&frame, "GenericError");
    assert!(lab.station.outbox().is_empty());
}

#[test]
fn q_05_the_count_of_attempts_survives_a_reboot() {
    let mut lab = Lab::online(Version::V201);
    make::something_start(&mut lab);
    for wait in [60, 120] {
        let frame = lab.one_sent();
        lab.refuse(&frame, "GenericError");
        lab.pass(wait);
    }
    let mut lab = Lab::on(config(Version::V201), lab.into_store(), 2);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": "2026-03-01T12:00:00Z", "interval": 300, "status": "Accepted"}));
    let third = lab.one_sent();
    lab.refuse(&third, "GenericError");
    assert!(lab.station.outbox().is_empty(), "the third attempt was the last");
}

#[test]
fn q_06_e4_a_lost_connection_is_no_attempt() {
    let mut lab = Lab::online(Version::V201);
    make::something_start(&mut lab);
    for _ in 0..10 {
        assert_eq!(lab.one_sent().name, "TransactionEvent");
        lab.link_down();
        lab.link_up();
    }
    let frame = lab.one_sent();
    lab.answer(&frame, json!({}));
    assert!(lab.station.outbox().is_empty());
    assert!(!lab.events.iter().any(|event| matches!(event, StationEvent::Outbox(_))));
}

#[test]
fn q_06_with_zero_attempts_a_message_is_retried_for_ever() {
    let mut forever = config(Version::V16);
    forever.outbox.attempts = 0;
    forever.outbox.retry_interval = Duration::from_secs(1);
    let mut lab = Lab::with(forever);
    lab.go_online();
    make::something_start(&mut lab);
    for attempt in 1..200 {
        let frame = lab.one_sent();
        assert_eq!(frame.name, "StartTransaction", "attempt {attempt}");
        lab.refuse(&frame, "InternalError");
        lab.pass(attempt);
    }
    assert_eq!(lab.station.outbox().len(), 1);
}

#[test]
fn q_07_messages_are_kept_however_long_the_station_is_offline() {
    let mut lab = Lab::online(Version::V16);
    lab.link_down();
    make::something_start(&mut lab);
    lab.pass(365 * 24 * 3600);
    lab.link_up();
    assert_eq!(names(&lab.settle()), ["Heartbeat", "StartTransaction"]);
}

fn small(version: Version, capacity: usize) -> StationConfig {
    let mut config = config(version);
    config.outbox.capacity = capacity;
    config
}

#[test]
fn q_08_a_full_outbox_drops_every_second_update_beginning_with_the_first() {
    let mut lab = Lab::with(small(Version::V201, 12));
    lab.go_online();
    lab.link_down();
    let event = |kind, reason, seq_no| make::event_201(kind, reason, seq_no);
    lab.station
        .transaction_event(lab.now, &event(TransactionEvent::Started, TriggerReason::Authorized, 0))
        .expect("taken");
    for seq_no in 1..=10 {
        let update = event(TransactionEvent::Updated, TriggerReason::MeterValuePeriodic, seq_no);
        lab.station.transaction_event(lab.now, &update).expect("taken");
    }
    let ended = event(TransactionEvent::Ended, TriggerReason::EvCommunicationLost, 11);
    lab.station.transaction_event(lab.now, &ended).expect("taken");
    assert_eq!(lab.station.outbox().len(), 12);
    let next = event(TransactionEvent::Started, TriggerReason::Authorized, 0);
    lab.station.transaction_event(lab.now, &next).expect("there is room now");
    lab.take_events();
    let dropped: Vec<_> = lab
        .events
        .iter()
        .filter_map(|event| match event {
            StationEvent::Outbox(OutboxNotice::Dropped { payload, cause: DropCause::Full, .. }) => {
                serde_json::from_str::<serde_json::Value>(payload).expect("JSON")["seqNo"].as_i64()
            }
            _ => None,
        })
        .collect();
    assert_eq!(dropped, [1, 3, 5, 7, 9]);
    // on the medium as well
    let mut lab = Lab::on(small(Version::V201, 12), lab.into_store(), 2);
    lab.link_up();
    let left: Vec<_> = lab.settle().iter().filter_map(|sent| sent.payload["seqNo"].as_i64()).collect();
    assert_eq!(left, [0, 2, 4, 6, 8, 10, 11, 0]);
}

#[test]
fn q_08_2_1_drops_only_readings() {
    let mut lab = Lab::with(small(Version::V21, 4));
    lab.go_online();
    lab.link_down();
    let event = |kind, reason, seq_no| make::event_21(kind, reason, seq_no);
    use v21::{TransactionEvent as Kind, TriggerReason as Reason};
    lab.station.transaction_event(lab.now, &event(Kind::Started, Reason::Authorized, 0)).expect("taken");
    lab.station.transaction_event(lab.now, &event(Kind::Updated, Reason::LimitSet, 1)).expect("taken");
    lab.station.transaction_event(lab.now, &event(Kind::Updated, Reason::MeterValueClock, 2)).expect("taken");
    lab.station.transaction_event(lab.now, &event(Kind::Updated, Reason::EnergyLimitReached, 3)).expect("taken");
    lab.station.transaction_event(lab.now, &event(Kind::Ended, Reason::StopAuthorized, 4)).expect("taken");
    lab.link_up();
    let left: Vec<_> = lab.settle().iter().filter_map(|sent| sent.payload["seqNo"].as_i64()).collect();
    assert_eq!(left, [0, 1, 3, 4]);
}

#[test]
fn q_08_1_6_drops_only_readings() {
    let mut lab = Lab::with(small(Version::V16, 6));
    lab.go_online();
    lab.link_down();
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    for wh in 1..=5 {
        lab.station.meter_values(lab.now, key, &make::meter(wh)).expect("taken");
    }
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
    lab.link_up();
    let sent = lab.settle();
    assert_eq!(names(&sent), ["StartTransaction", "MeterValues", "MeterValues", "StopTransaction"]);
    let readings: Vec<_> =
        sent[1..3].iter().map(|sent| &sent.payload["meterValue"][0]["sampledValue"][0]["value"]).collect();
    assert_eq!(readings, ["2", "4"]);
}

#[test]
fn q_08_2_0_1_drops_readings_first_and_then_other_updates() {
    let mut lab = Lab::with(small(Version::V201, 5));
    lab.go_online();
    lab.link_down();
    use TransactionEvent::{Ended, Started, Updated};
    let story = [
        (Started, TriggerReason::Authorized),
        (Updated, TriggerReason::ChargingStateChanged),
        (Updated, TriggerReason::MeterValueClock),
        (Updated, TriggerReason::ChargingStateChanged),
        (Updated, TriggerReason::ChargingStateChanged),
        // the reading goes
        (Updated, TriggerReason::ChargingStateChanged),
        // then the first and the third of the others
        (Ended, TriggerReason::StopAuthorized),
    ];
    for (seq_no, (kind, reason)) in (0..).zip(story) {
        lab.station.transaction_event(lab.now, &make::event_201(kind, reason, seq_no)).expect("taken");
    }
    lab.link_up();
    let left: Vec<_> = lab.settle().iter().filter_map(|sent| sent.payload["seqNo"].as_i64()).collect();
    assert_eq!(left, [0, 3, 5, 6]);
}

#[test]
fn q_08_what_is_under_way_is_not_dropped() {
    let mut lab = Lab::with(small(Version::V201, 4));
    lab.go_online();
    let update = |seq_no| make::event_201(TransactionEvent::Updated, TriggerReason::MeterValuePeriodic, seq_no);
    lab.station.transaction_event(lab.now, &update(0)).expect("taken");
    let under_way = lab.one_sent();
    for seq_no in 1..=4 {
        lab.station.transaction_event(lab.now, &update(seq_no)).expect("taken");
    }
    lab.answer(&under_way, json!({}));
    let left: Vec<_> = lab.settle().iter().filter_map(|sent| sent.payload["seqNo"].as_i64()).collect();
    assert_eq!(left, [2, 4]);
    let delivered = |event: &&StationEvent| matches!(event, StationEvent::Delivered(_));
    assert_eq!(lab.events.iter().filter(delivered).count(), 3);
}

#[test]
fn q_08_what_was_dropped_in_vain_is_gone_from_the_medium() {
    let mut lab = Lab::with(small(Version::V201, 1));
    lab.go_online();
    lab.link_down();
    let event = |kind, reason, seq_no| make::event_201(kind, reason, seq_no);
    lab.station
        .transaction_event(lab.now, &event(TransactionEvent::Updated, TriggerReason::MeterValuePeriodic, 1))
        .expect("taken");
    lab.station
        .transaction_event(lab.now, &event(TransactionEvent::Started, TriggerReason::Authorized, 2))
        .expect("room");
    // what may be dropped itself has no right to the second half of the room
    let refused = lab
        .station
        .transaction_event(lab.now, &event(TransactionEvent::Updated, TriggerReason::MeterValuePeriodic, 3))
        .expect_err("no room");
    assert!(matches!(refused, NotTaken::Outbox(OutboxError::Full(1))), "{refused:?}");
    let mut lab = Lab::on(small(Version::V201, 1), lab.into_store(), 2);
    lab.link_up();
    let left: Vec<_> = lab.settle().iter().filter_map(|sent| sent.payload["seqNo"].as_i64()).collect();
    assert_eq!(left, [2]);

    // the same when not even that makes room
    let mut none = small(Version::V201, 2);
    none.outbox.capacity = 0;
    let mut lab = Lab::with(small(Version::V201, 2));
    lab.go_online();
    lab.link_down();
    lab.station
        .transaction_event(lab.now, &event(TransactionEvent::Updated, TriggerReason::MeterValuePeriodic, 1))
        .expect("taken");
    let mut lab = Lab::on(none.clone(), lab.into_store(), 2);
    lab.station.deliver(lab.now, &v201::HeartbeatRequest::new()).expect_err("no room at all");
    let mut lab = Lab::on(none, lab.into_store(), 3);
    lab.link_up();
    assert_eq!(names(&lab.settle()), ["BootNotification"]);
}

#[test]
fn e9_started_and_ended_are_never_dropped_and_the_newest_is_not_lost_silently() {
    let mut lab = Lab::with(small(Version::V201, 5));
    lab.go_online();
    lab.link_down();
    let mut taken = 0;
    let error = loop {
        let event = make::event_201(TransactionEvent::Started, TriggerReason::Authorized, taken);
        match lab.station.transaction_event(lab.now, &event) {
            Ok(_) => taken += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(taken, 10, "twice the capacity for what must not be dropped");
    assert!(matches!(error, NotTaken::Outbox(OutboxError::Full(10))), "{error:?}");
    let update = make::event_201(TransactionEvent::Updated, TriggerReason::MeterValuePeriodic, 0);
    assert!(matches!(lab.station.transaction_event(lab.now, &update), Err(NotTaken::Outbox(OutboxError::Full(_)))));
    lab.link_up();
    assert_eq!(lab.settle().len(), 10);
}

#[test]
fn e9_the_order_of_classes_is_that_of_the_configuration() {
    let mut lab = Lab::with({
        let mut config = small(Version::V201, 4);
        config.queue_all_messages = true;
        config
    });
    lab.go_online();
    lab.link_down();
    let update = make::event_201(TransactionEvent::Updated, TriggerReason::MeterValuePeriodic, 7);
    lab.station.transaction_event(lab.now, &update).expect("taken");
    let status =
        v201::StatusNotificationRequest::new(make::time("2026-03-01T12:00:00Z"), v201::ConnectorStatus::Occupied, 1, 1);
    for _ in 0..3 {
        let _sent = lab.station.call_or_queue(lab.now, &status).expect("queued");
    }
    lab.station.transaction_event(lab.now, &update).expect("taken");
    // rule Q-09: what belongs to no transaction goes first
    lab.take_events();
    let dropped = lab.events.iter().filter_map(|event| match event {
        StationEvent::Outbox(OutboxNotice::Dropped { action, .. }) => Some(&**action),
        _ => None,
    });
    assert_eq!(dropped.collect::<Vec<_>>(), ["StatusNotification", "StatusNotification"]);
}

#[test]
fn q_09_without_queue_all_messages_what_is_called_offline_is_refused() {
    let status =
        v201::StatusNotificationRequest::new(make::time("2026-03-01T12:00:00Z"), v201::ConnectorStatus::Occupied, 1, 1);
    let mut lab = Lab::online(Version::V201);
    lab.link_down();
    assert!(matches!(lab.station.call(lab.now, &status), Err(Refused::Offline)));
    assert!(matches!(lab.station.call_or_queue(lab.now, &status), Err(Refused::Offline)));

    let mut all = config(Version::V201);
    all.queue_all_messages = true;
    let mut lab = Lab::with(all);
    lab.go_online();
    lab.link_down();
    assert!(matches!(lab.station.call_or_queue(lab.now, &status), Ok(ocpp_client::Sent::Queued(_))));
    let mut lab = Lab::on(config(Version::V201), lab.into_store(), 2);
    lab.link_up();
    assert_eq!(names(&lab.settle()), ["BootNotification", "StatusNotification"]);
}

#[test]
fn q_12_a_critical_security_event_made_offline_survives_a_reboot() {
    for version in Version::ALL {
        let mut lab = Lab::online(version);
        lab.link_down();
        lab.station.security_event(lab.now, "TamperDetectionActivated", Some("door")).expect("taken");
        let mut lab = Lab::on(config(version), lab.into_store(), 2);
        lab.link_up();
        let sent = lab.settle();
        assert_eq!(names(&sent), ["BootNotification", "SecurityEventNotification"], "{version}");
        assert_eq!(sent[1].payload["type"], "TamperDetectionActivated");
    }
}

/// Rule Q-12: delivery is guaranteed, so a CSMS that fails for a while loses nothing; and what fails does not block the rest.
#[test]
fn q_12_a_critical_security_event_is_not_given_up_while_the_csms_fails() {
    for fails_by_error in [true, false] {
        let mut lab = Lab::online(Version::V201);
        let event = |lab: &mut Lab<MemoryStore>, kind| lab.station.security_event(lab.now, kind, None).expect("taken");
        event(&mut lab, "MemoryExhaustion");
        event(&mut lab, "TamperDetectionActivated");
        lab.station.set_heartbeat_interval(lab.now, Duration::ZERO);
        let mut arrived = Vec::new();
        let mut failures = 0;
        while arrived.len() < 2 && failures < 100 {
            let next = (0..300).find_map(|_| {
                let sent = lab.sent().pop();
                lab.pass(u64::from(sent.is_none()));
                sent
            });
            let sent = next.expect("no wait is longer");
            let kind = sent.payload["type"].as_str().expect("a kind").to_owned();
            if kind == "TamperDetectionActivated" || failures == 7 {
                lab.answer(&sent, json!({}));
                arrived.push(kind);
                continue;
            }
            failures += 1;
            if fails_by_error {
                lab.refuse(&sent, "InternalError");
            } else {
                lab.pass(30);
                // a link on which two calls were not answered is given up (RPC-24)
                lab.link_down();
                lab.link_up();
            }
        }
        assert_eq!(arrived, ["TamperDetectionActivated", "MemoryExhaustion"]);
        assert!(lab.station.outbox().is_empty());
    }
}

#[test]
fn q_12_what_the_csms_will_never_take_is_given_up() {
    for code in ["NotImplemented", "NotSupported"] {
        let mut lab = Lab::online(Version::V201);
        lab.station.security_event(lab.now, "MemoryExhaustion", None).expect("taken");
        for wait in [60, 120, 0] {
            let sent = lab.one_sent();
            lab.refuse(&sent, code);
            lab.pass(wait);
        }
        assert!(lab.station.outbox().is_empty(), "{code}");
        lab.take_events();
        assert!(lab.events.iter().any(|event| matches!(
            event,
            StationEvent::Outbox(OutboxNotice::Dropped { cause: DropCause::GivenUp, .. })
        )));
    }
}

#[test]
fn q_14_an_entry_goes_only_when_its_answer_was_processed() {
    let mut lab = Lab::online(Version::V201);
    make::something_start(&mut lab);
    let _sent = lab.one_sent();
    // the power goes before the answer comes
    let mut lab = Lab::on(config(Version::V201), lab.into_store(), 2);
    lab.link_up();
    assert_eq!(names(&lab.settle()), ["BootNotification", "TransactionEvent"]);
    let mut lab = Lab::on(config(Version::V201), lab.into_store(), 3);
    lab.link_up();
    assert_eq!(names(&lab.settle()), ["BootNotification"]);
}

#[test]
fn q_15_tx16_06_after_a_lost_start_the_id_is_minus_one_or_nothing_is_sent() {
    for policy in [LostStart::MinusOne, LostStart::Drop] {
        let mut config = config(Version::V16);
        config.outbox.lost_start = policy;
        config.outbox.attempts = 1;
        let mut lab = Lab::with(config);
        lab.go_online();
        let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
        lab.station.meter_values(lab.now, key, &make::meter(5)).expect("taken");
        lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
        let start = lab.one_sent();
        lab.refuse(&start, "InternalError");
        let sent = lab.settle();
        if policy == LostStart::MinusOne {
            assert_eq!(names(&sent), ["MeterValues", "StopTransaction"]);
            assert!(sent.iter().all(|sent| sent.payload["transactionId"] == -1));
        } else {
            assert_eq!(sent, []);
            let told = lab.events.iter().filter(|event| {
                matches!(event, StationEvent::Outbox(OutboxNotice::Dropped { cause: DropCause::NoTransactionId, .. }))
            });
            assert_eq!(told.count(), 2);
        }
        assert!(lab.station.outbox().is_empty());
        assert_eq!(lab.station.outbox().open_transactions().count(), 0);
    }
}

#[test]
fn q_16_while_pending_the_outbox_stays_shut() {
    let mut lab = Lab::online(Version::V16);
    lab.link_down();
    make::something_start(&mut lab);
    let mut lab = Lab::on(config(Version::V16), lab.into_store(), 2);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": "2026-03-01T12:00:00Z", "interval": 600, "status": "Pending"}));
    lab.pass(599);
    lab.nothing_sent();
}

#[test]
fn messages_of_another_version_wait_for_a_link_of_theirs() {
    let mut lab = Lab::online(Version::V16);
    lab.link_down();
    make::something_start(&mut lab);
    let mut lab = Lab::on(config(Version::V201), lab.into_store(), 2);
    lab.link_up();
    assert_eq!(names(&lab.settle()), ["BootNotification"]);
    make::something_start(&mut lab);
    assert_eq!(names(&lab.settle()), ["TransactionEvent"], "they block nothing");
    lab.pass(3000);
    lab.link_down();
    lab.input(ocpp_rpc::Input::LinkUp(Version::V16));
    assert_eq!(names(&lab.settle()), ["StartTransaction"]);
}

#[test]
fn what_was_made_in_2_0_1_goes_over_a_link_of_2_1() {
    let mut lab = Lab::online(Version::V201);
    lab.link_down();
    make::something_start(&mut lab);
    lab.input(ocpp_rpc::Input::LinkUp(Version::V21));
    assert_eq!(names(&lab.settle()), ["TransactionEvent"]);
}

/// A CSMS whose clock jumps makes security events, and may refuse them; that must not cost transactions.
#[test]
fn e9_neither_lane_takes_the_room_of_the_other() {
    let event = v201::SecurityEventNotificationRequest::new("SettingSystemTime", make::time("2026-03-01T12:00:00Z"));
    let started = make::event_201(TransactionEvent::Started, TriggerReason::Authorized, 0);
    let fill_others = |lab: &mut Lab<_>| {
        (0..).find_map(|taken| lab.station.deliver(lab.now, &event).err().map(|error| (taken, error))).expect("an end")
    };
    let fill_transactions = |lab: &mut Lab<_>| {
        let mut taken = (0..).map(|taken| (taken, lab.station.transaction_event(lab.now, &started)));
        taken.find_map(|(taken, outcome)| outcome.err().map(|error| (taken, error))).expect("an end")
    };
    for others_first in [true, false] {
        let mut lab = Lab::with(small(Version::V201, 4));
        lab.go_online();
        lab.link_down();
        let first = if others_first { fill_others(&mut lab) } else { fill_transactions(&mut lab) };
        let second = if others_first { fill_transactions(&mut lab) } else { fill_others(&mut lab) };
        let (others, transactions) = if others_first { (first, second) } else { (second, first) };
        assert!(matches!(others, (4, NotTaken::Outbox(OutboxError::Full(4)))), "{others:?}");
        assert!(matches!(transactions, (8, NotTaken::Outbox(OutboxError::Full(8)))), "{transactions:?}");
    }
}

/// What fills an outbox must not cost the end of a transaction: what starts one is refused before.
#[test]
fn e9_q_08_the_end_of_a_transaction_always_finds_room() {
    for version in Version::ALL {
        let mut lab = Lab::with(small(version, 3));
        lab.go_online();
        lab.link_down();
        let mut keys = VecDeque::new();
        let refused = loop {
            let taken = match version {
                Version::V16 => lab.station.start_transaction(lab.now, &make::start()).map(|key| keys.push_back(key)),
                Version::V201 => {
                    let event = make::event_201(TransactionEvent::Started, TriggerReason::Authorized, 0);
                    lab.station.transaction_event(lab.now, &event).map(drop)
                }
                _ => {
                    let event = make::event_21(v21::TransactionEvent::Started, v21::TriggerReason::Authorized, 0);
                    lab.station.transaction_event(lab.now, &event).map(drop)
                }
            };
            if let Err(refused) = taken {
                break refused;
            }
        };
        assert!(matches!(refused, NotTaken::Outbox(OutboxError::Full(6))), "{version}: {refused:?}");
        for _ in 0..6 {
            match version {
                Version::V16 => drop(
                    lab.station.stop_transaction(lab.now, keys.pop_front().expect("six"), &make::stop()).expect("room"),
                ),
                Version::V201 => {
                    let event = make::event_201(TransactionEvent::Ended, TriggerReason::StopAuthorized, 1);
                    lab.station.transaction_event(lab.now, &event).expect("room");
                }
                _ => {
                    let event = make::event_21(v21::TransactionEvent::Ended, v21::TriggerReason::StopAuthorized, 1);
                    lab.station.transaction_event(lab.now, &event).expect("room");
                }
            }
        }
        lab.link_up();
        assert_eq!(lab.settle().len(), 12, "{version}");
    }
}

#[test]
fn tx16_02_nothing_of_a_transaction_follows_its_stop() {
    let mut lab = Lab::online(Version::V16);
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    lab.settle();
    lab.link_down();
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
    // it would go out when nobody knows the id any more
    let late = lab.station.meter_values(lab.now, key, &make::meter(7));
    assert!(matches!(late, Err(NotTaken::Outbox(OutboxError::UnknownTransaction(_)))), "{late:?}");
    let again = lab.station.stop_transaction(lab.now, key, &make::stop());
    assert!(matches!(again, Err(NotTaken::Outbox(OutboxError::UnknownTransaction(_)))), "{again:?}");
    lab.link_up();
    let sent = lab.settle();
    assert_eq!(names(&sent), ["StopTransaction"]);
    assert_eq!(sent[0].payload["transactionId"], 42);
}

#[test]
fn e9_a_start_or_stop_that_may_be_dropped_blocks_nothing_when_it_is() {
    let mut lab = Lab::with(small(Version::V16, 2));
    lab.go_online();
    lab.link_down();
    let message = |action: &str, payload: &str, part| {
        let mut message = Message::new(Version::V16, action, payload.into(), Lane::Transaction);
        (message.part, message.drop_class) = (part, Some(DropClass::Update));
        message
    };
    let start = r#"{"connectorId":1,"idTag":"04A1","meterStart":0,"timestamp":"2026-03-01T12:00:00Z"}"#;
    let stop = r#"{"meterStop":9,"timestamp":"2026-03-01T12:00:00Z","transactionId":0}"#;
    let number = lab.station.outbox_mut().push(message("StartTransaction", start, Part::Start)).expect("taken");
    let key = TransactionKey::new(number);
    lab.station.outbox_mut().push(message("StopTransaction", stop, Part::Stop(key))).expect("taken");
    // the start goes: every second one, beginning with the first
    lab.station.deliver(lab.now, &v16::HeartbeatRequest::new()).expect("taken");
    lab.link_up();
    let sent = lab.settle();
    let stop = sent.iter().find(|sent| sent.name == "StopTransaction").expect("it is not stuck");
    assert_eq!(stop.payload["transactionId"], -1);
    assert!(lab.station.outbox().is_empty());
    assert_eq!(lab.station.outbox().open_transactions().count(), 0);
}

#[test]
fn q_05_what_waits_for_its_next_attempt_does_not_hold_up_another_version() {
    let mut lab = Lab::online(Version::V16);
    make::something_start(&mut lab);
    let start = lab.one_sent();
    lab.refuse(&start, "InternalError");
    lab.link_down();
    lab.input(ocpp_rpc::Input::LinkUp(Version::V201));
    make::something_start(&mut lab);
    assert_eq!(names(&lab.settle()), ["TransactionEvent"]);
    // and its own wait goes on
    lab.link_down();
    lab.input(ocpp_rpc::Input::LinkUp(Version::V16));
    lab.nothing_sent();
    lab.pass(60);
    assert_eq!(names(&lab.settle()), ["StartTransaction"]);
}

/// Rule RPC-24: the link is being closed, so nothing can be sent; that is no reason to look again and again.
#[test]
fn q_05_what_is_due_on_a_link_that_takes_nothing_makes_no_timer_that_stands_still() {
    let mut lab = Lab::online(Version::V16);
    lab.station.set_retries(0, Duration::from_secs(60));
    make::something_start(&mut lab);
    for _ in 0..2 {
        assert_eq!(lab.one_sent().name, "StartTransaction");
        lab.pass(30 + 60);
    }
    // the bench checks that every timer moves
    lab.pass(3600);
    lab.nothing_sent();
    lab.link_down();
    lab.link_up();
    assert_eq!(names(&lab.settle()), ["StartTransaction"]);
}

#[test]
fn q_13_the_key_of_a_transaction_never_stands_for_another_one() {
    let mut lab = Lab::online(Version::V16);
    let first = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    lab.station.stop_transaction(lab.now, first, &make::stop()).expect("taken");
    lab.settle();
    // whoever has noted the key does not know yet that its transaction has ended
    let mut lab = Lab::on(config(Version::V16), lab.into_store(), 2);
    lab.go_online();
    let second = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    assert_ne!(first, second);
    let stopped = lab.station.stop_transaction(lab.now, first, &make::stop());
    assert!(matches!(stopped, Err(NotTaken::Outbox(OutboxError::UnknownTransaction(_)))), "{stopped:?}");
}

/// Rules Q-04, Q-05 and Q-14: a reboot that keeps the memory is like one that does not.
#[test]
fn q_14_a_reboot_in_place_sends_again_what_was_under_way() {
    for waits_for_an_attempt in [false, true] {
        let mut lab = Lab::online(Version::V201);
        lab.station.set_retries(9, Duration::from_secs(7));
        make::something_start(&mut lab);
        let first = lab.one_sent();
        if waits_for_an_attempt {
            lab.refuse(&first, "InternalError");
        }
        lab.station = lab.station.reboot(lab.now, Boot::new(2)).expect("a station");
        lab.link_up();
        let boot = lab.one_sent();
        lab.answer(&boot, json!({"currentTime": "2026-03-01T12:00:00Z", "interval": 300, "status": "Accepted"}));
        let again = lab.one_sent();
        assert_eq!((&*again.name, &again.payload["offline"]), ("TransactionEvent", &json!(true)));
        // what was set at run time is set again by whoever knows it
        lab.refuse(&again, "InternalError");
        lab.pass(59);
        lab.nothing_sent();
    }
}

#[test]
fn q_05_no_wait_is_longer_than_a_day() {
    let mut slow = config(Version::V16);
    (slow.outbox.attempts, slow.outbox.retry_interval) = (0, Duration::from_secs(20 * 3600));
    let mut lab = Lab::with(slow);
    lab.go_online();
    lab.station.set_heartbeat_interval(lab.now, Duration::ZERO);
    make::something_start(&mut lab);
    for hours in [20, 24, 24] {
        let start = lab.one_sent();
        lab.refuse(&start, "InternalError");
        lab.pass(hours * 3600);
    }
    assert_eq!(lab.one_sent().name, "StartTransaction");
}

#[test]
fn q_06_to_wait_for_room_on_the_link_is_no_attempt() {
    let mut once = config(Version::V16);
    once.outbox.attempts = 1;
    let mut lab = Lab::with(once);
    lab.go_online();
    let authorize = v16::AuthorizeRequest::new("04A1");
    while lab.station.call(lab.now, &authorize).is_ok() {}
    for _ in 0..3 {
        lab.station.security_event(lab.now, "MemoryExhaustion", None).expect("taken");
        make::something_start(&mut lab);
    }
    let sent = lab.settle();
    assert_eq!(sent.iter().filter(|sent| sent.name == "SecurityEventNotification").count(), 3);
    assert_eq!(sent.iter().filter(|sent| sent.name == "StartTransaction").count(), 3);
    lab.take_events();
    assert!(!lab.events.iter().any(|event| matches!(event, StationEvent::Outbox(_))));
}

#[test]
fn q_07_what_no_link_will_ever_take_does_not_block_what_comes_after() {
    for lane in [Lane::Transaction, Lane::Other] {
        let mut lab = Lab::online(Version::V16);
        let nonsense = Message::new(Version::V16, "NoSuchThing", "{}".into(), lane);
        lab.station.outbox_mut().push(nonsense).expect("taken");
        if lane == Lane::Other {
            lab.station.security_event(lab.now, "MemoryExhaustion", None).expect("taken");
        } else {
            make::something_start(&mut lab);
        }
        lab.nothing_sent();
        lab.pass(180);
        let next = if lane == Lane::Other { "SecurityEventNotification" } else { "StartTransaction" };
        assert_eq!(names(&lab.settle()), [next]);
    }
}
