//! Heartbeat and clock: rules HB-01 to HB-06 as far as they concern a station.

use std::time::Duration;

use ocpp_client::{StationEvent, Store};
use ocpp_types::{Version, v16, v21, v201};
use serde_json::json;

use crate::lab::{Lab, NOON, config, make};

#[test]
fn hb_01_after_the_interval_without_traffic_a_heartbeat_is_sent() {
    for version in Version::ALL {
        let mut lab = Lab::online(version);
        lab.pass(299);
        lab.nothing_sent();
        lab.pass(1);
        assert_eq!(lab.one_sent().name, "Heartbeat", "{version}");
    }
}

#[test]
fn hb_02_whatever_the_station_sends_restarts_the_interval() {
    let mut lab = Lab::online(Version::V16);
    lab.pass(200);
    let _call = lab.station.call(lab.now(), &v16::AuthorizeRequest::new("04A1")).expect("online");
    lab.settle();
    lab.pass(299);
    lab.nothing_sent();
    lab.pass(1);
    assert_eq!(lab.one_sent().name, "Heartbeat");

    // an answer does, too
    let mut lab = Lab::online(Version::V16);
    lab.pass(200);
    lab.call("TriggerMessage", json!({"requestedMessage": "BootNotification"}));
    lab.one_sent();
    lab.pass(299);
    lab.nothing_sent();
    lab.pass(1);
    assert_eq!(lab.one_sent().name, "Heartbeat");
}

#[test]
fn hb_02_a_message_from_the_outbox_an_error_and_a_notice_count_and_what_comes_in_does_not() {
    /// Something that happens to the station 200 s after its last message.
    type Happening = fn(&mut Lab<ocpp_client::MemoryStore>);
    let happenings: [(&str, Happening, bool); 5] = [
        ("a transaction", |lab| _ = lab.station.start_transaction(lab.now(), &make::start()).expect("taken"), true),
        (
            "a message that must arrive",
            |lab| {
                let event = v16::SecurityEventNotificationRequest::new("MemoryExhaustion", make::time(NOON));
                lab.station.deliver(lab.now(), &event).expect("taken");
            },
            true,
        ),
        ("a refusal", |lab| _ = lab.call("NoSuchThing", json!({})), true),
        ("an answer nobody waits for", |lab| lab.text(r#"[3,"nobody",{}]"#), false),
        ("time", |_| {}, false),
    ];
    for (what, happens, restarts) in happenings {
        let mut lab = Lab::online(Version::V16);
        lab.pass(200);
        happens(&mut lab);
        assert_eq!(!lab.settle().is_empty(), restarts, "{what}");
        lab.pass(99);
        lab.nothing_sent();
        lab.pass(1);
        assert_eq!(lab.sent().is_empty(), restarts, "{what}");
        if restarts {
            lab.pass(200);
            assert_eq!(lab.one_sent().name, "Heartbeat", "{what}");
        }
    }

    let mut lab = Lab::online(Version::V21);
    lab.pass(200);
    let data = v21::StreamDataElement::new(0, "1");
    let notice = v21::NotifyPeriodicEventStream::new([data], 1, 0, make::time(NOON));
    lab.station.notify(lab.now(), &notice).expect("online");
    assert_eq!(lab.one_sent().kind, 6);
    lab.pass(299);
    lab.nothing_sent();
    lab.pass(1);
    assert_eq!(lab.one_sent().name, "Heartbeat");
}

#[test]
fn hb_03_ws_23_a_day_of_traffic_has_a_heartbeat() {
    let mut lab = Lab::online(Version::V201);
    let mut heartbeats = 0;
    for _ in 0..(25 * 60) {
        lab.pass(60);
        heartbeats += lab.settle().iter().filter(|sent| sent.name == "Heartbeat").count();
        let request = ocpp_types::v201::AuthorizeRequest::new(ocpp_types::v201::IdToken::new(
            "04A1",
            ocpp_types::v201::IdTokenKind::Iso14443,
        ));
        let _call = lab.station.call(lab.now(), &request).expect("online");
        lab.settle();
    }
    assert_eq!(heartbeats, 1);
}

#[test]
fn hb_04_the_answer_sets_the_clock_and_a_large_step_is_a_security_event() {
    let mut with_events = config(Version::V16);
    with_events.security_events = true;
    let mut lab = Lab::with(with_events);
    lab.go_online();
    lab.pass(300);
    let heartbeat = lab.one_sent();
    lab.answer(&heartbeat, json!({"currentTime": "2026-03-01T12:06:00Z"}));
    assert_eq!(lab.station.time(lab.now()), make::time("2026-03-01T12:06:00Z"));
    let event = lab.one_sent();
    assert_eq!(event.payload["type"], "SettingSystemTime");
    lab.answer(&event, json!({}));
    assert!(lab.events.iter().any(|event| matches!(event, StationEvent::ClockSet(step) if step.is_large())));

    // five seconds are a step, but no event
    lab.pass(300);
    let heartbeat = lab.one_sent();
    lab.answer(&heartbeat, json!({"currentTime": "2026-03-01T12:11:05Z"}));
    lab.nothing_sent();
    assert_eq!(lab.station.time(lab.now()), make::time("2026-03-01T12:11:05Z"));

    // a step back is one as well
    lab.pass(300);
    let heartbeat = lab.one_sent();
    lab.answer(&heartbeat, json!({"currentTime": "2026-03-01T12:15:59Z"}));
    assert_eq!(lab.one_sent().payload["type"], "SettingSystemTime");
}

#[test]
fn hb_04_the_times_of_kept_messages_are_not_rewritten() {
    let mut lab = Lab::online(Version::V16);
    let key = lab.station.start_transaction(lab.now(), &make::start()).expect("taken");
    let start = lab.one_sent();
    lab.station.stop_transaction(lab.now(), key, &make::stop()).expect("taken");
    lab.pass(29);
    lab.answer(&start, json!({"idTagInfo": {"status": "Accepted"}, "transactionId": 5}));
    assert_eq!(lab.one_sent().payload["timestamp"], "2026-03-01T13:00:00Z");
}

#[test]
fn hb_04_times_taken_before_the_clock_was_set_are_moved_to_where_they_belong() {
    // field need 21: no 1970 in the books
    let mut early = config(Version::V16);
    early.transactions_before_accepted = true;
    let mut lab = Lab::with(early);
    let mut start = make::start();
    start.timestamp = lab.station.time(lab.now());
    assert!(start.timestamp < make::time("1971-01-01T00:00:00Z"));
    lab.station.start_transaction(lab.now(), &start).expect("taken");
    lab.pass(600);
    lab.go_online();
    let sent = lab.settle();
    assert_eq!(sent, [], "everything was answered while going online");

    let mut early = config(Version::V16);
    early.transactions_before_accepted = true;
    let mut lab = Lab::with(early);
    let mut start = make::start();
    start.timestamp = lab.station.time(lab.now());
    lab.station.start_transaction(lab.now(), &start).expect("taken");
    lab.pass(600);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": "2026-03-01T12:00:00Z", "interval": 300, "status": "Accepted"}));
    assert_eq!(lab.one_sent().payload["timestamp"], "2026-03-01T11:50:00Z");
}

#[test]
fn hb_05_the_interval_changes_at_run_time_and_zero_stops_heartbeats() {
    let mut lab = Lab::online(Version::V16);
    lab.pass(100);
    lab.station.set_heartbeat_interval(lab.now, Duration::from_secs(60));
    lab.pass(59);
    lab.nothing_sent();
    lab.pass(1);
    let heartbeat = lab.one_sent();
    lab.answer(&heartbeat, json!({"currentTime": "2026-03-01T12:02:40Z"}));
    lab.station.set_heartbeat_interval(lab.now, Duration::ZERO);
    lab.pass(48 * 3600);
    lab.nothing_sent();
}

#[test]
fn a_heartbeat_without_answer_does_not_stop_the_next() {
    let mut lab = Lab::online(Version::V16);
    lab.pass(300);
    assert_eq!(lab.one_sent().name, "Heartbeat");
    lab.pass(300);
    assert_eq!(lab.one_sent().name, "Heartbeat");
}

/// Rule HB-04: whatever goes through the outbox gets its time right once it is known.
#[test]
fn hb_04_times_in_any_message_made_before_the_clock_was_set_are_moved() {
    let mut early = config(Version::V201);
    early.queue_all_messages = true;
    let mut lab = Lab::with(early);
    let time = lab.station.time(lab.now());
    let status = v201::StatusNotificationRequest::new(time.clone(), v201::ConnectorStatus::Occupied, 1, 1);
    let _queued = lab.station.call_or_queue(lab.now(), &status).expect("queued");
    let mut event = v201::EventData::new(
        1,
        time.clone(),
        v201::EventTrigger::Delta,
        "1999-12-31T23:59:59 \"1970-01-01T00:00:00Z\"",
        v201::Component::new("Connector"),
        v201::EventNotification::HardWiredNotification,
        v201::Variable::new("AvailabilityState"),
    );
    event.tech_info = Some("2024-02-29T00:00:00Z".into());
    lab.station.deliver(lab.now(), &v201::NotifyEventRequest::new(time, 0, [event])).expect("taken");
    lab.pass(600);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": "2026-03-01T12:00:00Z", "interval": 300, "status": "Accepted"}));
    let sent = lab.settle();
    assert_eq!(sent[0].payload["timestamp"], "2026-03-01T11:50:00Z");
    assert_eq!(sent[1].payload["generatedAt"], "2026-03-01T11:50:00Z");
    let told = &sent[1].payload["eventData"][0];
    assert_eq!(told["timestamp"], "2026-03-01T11:50:00Z");
    assert_eq!(told["actualValue"], "1999-12-31T23:59:59 \"1970-01-01T00:00:00Z\"", "which is no time");
    assert_eq!(told["techInfo"], "2024-02-29T00:00:00Z", "which was known");
    // what is made now is as it was made
    let old = make::time("1970-01-01T00:00:05Z");
    let event = v201::SecurityEventNotificationRequest::new("FirmwareUpdated", old);
    lab.station.deliver(lab.now(), &event).expect("taken");
    assert_eq!(lab.one_sent().payload["timestamp"], "1970-01-01T00:00:05Z");
}

/// Rule HB-04: a clock that counts from the boot says nothing of the one before it, except that it was earlier.
#[test]
fn hb_04_a_time_from_an_earlier_boot_is_not_in_the_future() {
    let mut early = config(Version::V16);
    early.transactions_before_accepted = true;
    let mut lab = Lab::with(early.clone());
    lab.pass(7200);
    let mut start = make::start();
    start.timestamp = lab.station.time(lab.now());
    let key = lab.station.start_transaction(lab.now(), &start).expect("taken");
    let mut store = lab.into_store();
    assert_eq!(store.records().expect("readable").len(), 1);
    // the power goes, and the clock of the machine begins anew
    let boot = ocpp_client::Boot::new(2);
    let mut lab = Lab::with(early.clone());
    lab.now = ocpp_rpc::Instant::from_secs(1);
    lab.station = ocpp_client::Station::new(lab.now, early, store, boot).expect("a station");
    lab.pass(60);
    let mut stop = make::stop();
    stop.timestamp = lab.station.time(lab.now());
    lab.station.stop_transaction(lab.now(), key, &stop).expect("open");
    lab.pass(60);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": "2026-03-01T12:00:00Z", "interval": 300, "status": "Accepted"}));
    let sent = lab.settle();
    assert_eq!(sent[0].payload["timestamp"], "2026-03-01T11:58:00Z", "the boot");
    assert_eq!(sent[1].payload["timestamp"], "2026-03-01T11:59:00Z");
}

/// Rule HB-04: every time in a message of a transaction.
#[test]
fn hb_04_all_times_of_a_transaction_before_the_clock_was_set_are_moved() {
    for version in Version::ALL {
        let mut early = config(version);
        early.transactions_before_accepted = true;
        let mut lab = Lab::with(early);
        let time = lab.station.time(lab.now());
        if version == Version::V16 {
            let value = || v16::MeterValue::new(time.clone(), [v16::SampledValue::new("1")]);
            let mut start = make::start();
            start.timestamp = time.clone();
            let key = lab.station.start_transaction(lab.now(), &start).expect("taken");
            let meter = v16::MeterValuesRequest::new(1, [value()]);
            lab.station.meter_values(lab.now(), key, &meter).expect("taken");
            let mut stop = make::stop();
            (stop.timestamp, stop.transaction_data) = (time.clone(), [value()].into());
            lab.station.stop_transaction(lab.now(), key, &stop).expect("taken");
        } else if version == Version::V201 {
            let mut event = make::event_201(v201::TransactionEvent::Started, v201::TriggerReason::Authorized, 0);
            event.timestamp = time.clone();
            event.meter_value = [v201::MeterValue::new([v201::SampledValue::new(1)], time.clone())].into();
            lab.station.transaction_event(lab.now(), &event).expect("taken");
        } else {
            let mut event = make::event_21(v21::TransactionEvent::Started, v21::TriggerReason::Authorized, 0);
            event.timestamp = time.clone();
            event.meter_value = [v21::MeterValue::new([v21::SampledValue::new(1)], time.clone())].into();
            lab.station.transaction_event(lab.now(), &event).expect("taken");
        }
        lab.pass(600);
        lab.link_up();
        let boot = lab.one_sent();
        lab.answer(&boot, json!({"currentTime": "2026-03-01T12:00:00Z", "interval": 300, "status": "Accepted"}));
        let sent = lab.settle();
        let text: String = sent.iter().map(|sent| sent.payload.to_string()).collect();
        assert!(!text.contains("1970"), "{text}");
        let times = if version == Version::V16 { 4 } else { 2 };
        assert_eq!(text.matches("2026-03-01T11:50:00Z").count(), times, "{text}");
    }
}

#[test]
fn hb_01_there_is_one_heartbeat_under_way_at_a_time() {
    let mut lab = Lab::online(Version::V16);
    lab.station.set_heartbeat_interval(lab.now(), Duration::from_secs(5));
    lab.pass(25);
    let heartbeat = lab.one_sent();
    lab.answer(&heartbeat, json!({"currentTime": "2026-03-01T12:00:25Z"}));
    lab.nothing_sent();
    lab.pass(5);
    assert_eq!(lab.one_sent().name, "Heartbeat");
}

#[test]
fn hb_04_a_time_that_was_moved_once_is_not_moved_again() {
    let mut early = config(Version::V16);
    early.transactions_before_accepted = true;
    let mut lab = Lab::with(early);
    let mut start = make::start();
    start.timestamp = lab.station.time(lab.now());
    lab.station.start_transaction(lab.now(), &start).expect("taken");
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 20, "status": "Accepted"}));
    let first = lab.one_sent();
    lab.refuse(&first, "InternalError");
    lab.pass(20);
    let heartbeat = lab.one_sent();
    lab.answer(&heartbeat, json!({"currentTime": "2026-03-01T18:00:00Z"}));
    lab.station.set_heartbeat_interval(lab.now(), Duration::ZERO);
    lab.pass(40);
    assert_eq!(lab.one_sent().payload, first.payload);
}
