//! Registration: rules BOOT-01 to BOOT-16.

use ocpp_client::{
    Boot, MemoryStore, NotTaken, Refused, RegistrationState, Station, StationConfig, StationError, StationEvent,
    StationInfo, StatusScope,
};
use ocpp_rpc::Instant;
use ocpp_types::{Version, v16, v201};
use serde_json::json;

use crate::lab::{Lab, NOON, config, make};

const ALL: [Version; 3] = Version::ALL;

#[test]
fn boot_01_the_first_frame_is_a_boot_notification_with_its_reason() {
    for version in ALL {
        let mut lab = Lab::new(version);
        lab.link_up();
        let boot = lab.one_sent();
        assert_eq!((boot.kind, &*boot.name), (2, "BootNotification"), "{version}");
        if version == Version::V16 {
            assert_eq!(boot.payload, json!({"chargePointModel": "Two", "chargePointVendor": "Acme"}));
        } else {
            assert_eq!(boot.payload["reason"], "PowerUp");
            assert_eq!(boot.payload["chargingStation"], json!({"model": "Two", "vendorName": "Acme"}));
        }
    }
    let boot = Boot::new(7).because(v201::BootReason::RemoteReset);
    let station = Station::new(Instant::ZERO, config(Version::V21), MemoryStore::new(), boot);
    let mut lab = Lab::new(Version::V21);
    lab.station = station.expect("a station");
    lab.link_up();
    assert_eq!(lab.one_sent().payload["reason"], "RemoteReset");
}

#[test]
fn boot_02_nothing_else_is_sent_before_the_answer_not_even_what_was_kept() {
    let mut lab = Lab::online(Version::V16);
    lab.link_down();
    let key = lab.station.start_transaction(lab.now(), &make::start()).expect("taken");
    lab.station.stop_transaction(lab.now(), key, &make::stop()).expect("taken");

    let mut lab = Lab::on(config(Version::V16), lab.into_store(), 2);
    lab.link_up();
    let boot = lab.one_sent();
    assert_eq!(boot.name, "BootNotification");
    let refused = lab.station.call(lab.now(), &v16::AuthorizeRequest::new("04A1"));
    assert!(matches!(refused, Err(Refused::NotAccepted(RegistrationState::Unregistered))), "{refused:?}");
    lab.pass(20);
    lab.nothing_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Accepted"}));
    assert_eq!(lab.one_sent().name, "StartTransaction");
}

#[test]
fn boot_02_whatever_is_wanted_before_the_answer_waits_or_is_refused() {
    for version in Version::ALL {
        let mut config = config(version);
        (config.queue_all_messages, config.security_events) = (true, true);
        config.transactions_before_accepted = true;
        let mut lab = Lab::with(config);
        lab.link_up();
        assert_eq!(lab.one_sent().name, "BootNotification", "{version}: the security event of the boot waits");
        let queued = match version {
            Version::V16 => {
                lab.station.start_transaction(lab.now(), &make::start()).expect("taken");
                let kept = lab.station.call_or_queue(lab.now(), &v16::AuthorizeRequest::new("04A1"));
                assert!(matches!(kept, Ok(ocpp_client::Sent::Queued(_))), "{kept:?}");
                lab.station.security_event(lab.now(), "MemoryExhaustion", None).expect("taken");
                ["SecurityEventNotification", "Authorize", "SecurityEventNotification", "StartTransaction"]
            }
            _ => {
                let reason = v201::TriggerReason::CablePluggedIn;
                let event = make::event_201(v201::TransactionEvent::Started, reason, 0);
                lab.station.transaction_event(lab.now(), &event).expect("taken");
                let heard = v201::NotifyMonitoringReportRequest::new(1, 0, make::time(NOON));
                lab.station.deliver(lab.now(), &heard).expect("taken");
                lab.station.security_event(lab.now(), "MemoryExhaustion", None).expect("taken");
                ["SecurityEventNotification", "NotifyMonitoringReport", "SecurityEventNotification", "TransactionEvent"]
            }
        };
        lab.nothing_sent();
        // neither does a new link open the gate, nor time
        lab.link_down();
        lab.pass(10);
        lab.link_up();
        assert_eq!(lab.one_sent().name, "BootNotification", "{version}");
        lab.pass(25);
        lab.nothing_sent();
        // requests of the CSMS are answered, and that is all
        lab.call("TriggerMessage", json!({"requestedMessage": "Heartbeat"}));
        let answer = lab.one_sent();
        assert_eq!((answer.kind, &*answer.name), (4, "SecurityError"), "{version}");
        lab.link_down();
        lab.link_up();
        let boot = lab.one_sent();
        lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Accepted"}));
        let sent = lab.settle();
        let mut names: Vec<_> = sent.iter().map(|sent| &*sent.name).collect();
        let mut expected = queued;
        names.sort_unstable();
        expected.sort_unstable();
        assert_eq!(names, expected, "{version}: all of it, once");
    }
}

#[test]
fn boot_03_accepted_takes_over_the_interval_otherwise_it_is_the_wait_for_the_next_boot() {
    for version in ALL {
        for status in ["Pending", "Rejected"] {
            let mut lab = Lab::new(version);
            lab.link_up();
            let boot = lab.one_sent();
            lab.answer(&boot, json!({"currentTime": NOON, "interval": 60, "status": status}));
            lab.pass(59);
            lab.nothing_sent();
            lab.pass(1);
            let again = lab.one_sent();
            assert_eq!(again.name, "BootNotification", "{version} {status}");
            assert_ne!(again.id, boot.id);
            lab.answer(&again, json!({"currentTime": NOON, "interval": 77, "status": "Accepted"}));
            assert_eq!(lab.station.heartbeat_interval().as_secs(), 77);
            lab.pass(76);
            lab.nothing_sent();
            lab.pass(1);
            assert_eq!(lab.one_sent().name, "Heartbeat");
        }
    }
}

#[test]
fn boot_03_an_interval_of_zero_with_accepted_leaves_the_interval_as_it_was() {
    let mut lab = Lab::new(Version::V201);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 0, "status": "Accepted"}));
    assert_eq!(lab.station.heartbeat_interval().as_secs(), 300);
}

#[test]
fn boot_04_e13_with_interval_zero_the_station_waits_30_s_doubled_up_to_an_hour() {
    for status in ["Pending", "Rejected"] {
        let mut lab = Lab::new(Version::V201);
        lab.link_up();
        let mut boot = lab.one_sent();
        for expected in [30, 60, 120, 240, 480, 960, 1920, 3600, 3600] {
            assert_eq!(boot.name, "BootNotification");
            lab.answer(&boot, json!({"currentTime": NOON, "interval": 0, "status": status}));
            lab.pass(expected - 1);
            lab.nothing_sent();
            let next = (0..=expected / 10).find_map(|_| {
                lab.pass(1);
                lab.sent().pop()
            });
            boot = next.expect("a tenth of chance at most");
        }
    }
}

#[test]
fn boot_04_e13_a_huge_or_negative_interval_does_no_harm() {
    for interval in [json!(i64::MAX), json!(-1), json!(i64::MIN), json!(1e300), json!("99999999999999999999")] {
        for status in ["Accepted", "Pending", "Rejected"] {
            let mut lab = Lab::new(Version::V16);
            lab.link_up();
            let boot = lab.one_sent();
            lab.answer(&boot, json!({"currentTime": NOON, "interval": interval, "status": status}));
            let expected = match status {
                "Accepted" => RegistrationState::Accepted,
                "Pending" => RegistrationState::Pending,
                _ => RegistrationState::Rejected,
            };
            assert_eq!(lab.station.registration(), expected, "{interval} {status}");
            lab.pass(29);
            lab.nothing_sent();
        }
    }
}

#[test]
fn boot_04_an_accepted_station_with_a_huge_interval_still_asks_for_the_time_once_a_day() {
    let mut lab = Lab::new(Version::V16);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": i64::MAX, "status": "Accepted"}));
    lab.pass(24 * 3600);
    assert_eq!(lab.one_sent().name, "Heartbeat");
}

#[test]
fn boot_05_a_trigger_makes_the_next_boot_notification_come_at_once() {
    for version in ALL {
        let mut lab = Lab::new(version);
        lab.link_up();
        let boot = lab.one_sent();
        lab.answer(&boot, json!({"currentTime": NOON, "interval": 3600, "status": "Pending"}));
        let id = lab.call("TriggerMessage", json!({"requestedMessage": "BootNotification"}));
        let sent = lab.sent();
        assert_eq!((sent[0].kind, &sent[0].id), (3, &id), "the answer first (TRIG-01)");
        assert_eq!(sent[0].payload, json!({"status": "Accepted"}));
        assert_eq!(sent[1].name, "BootNotification");
        if version != Version::V16 {
            assert_eq!(sent[1].payload["reason"], "Triggered");
        }
    }
}

#[test]
fn boot_06_boot_07_the_first_acceptance_asks_for_the_status_of_all_connectors() {
    for version in ALL {
        let mut lab = Lab::new(version);
        lab.link_up();
        let boot = lab.one_sent();
        lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Accepted"}));
        let online = lab.events.iter().filter(|event| matches!(event, StationEvent::Online(StatusScope::All)));
        assert_eq!(online.count(), 1, "{version}: {:?}", lab.events);
    }
}

#[test]
fn boot_08_the_time_in_the_answer_sets_the_clock() {
    let mut lab = Lab::new(Version::V16);
    lab.pass(5);
    assert!(!lab.station.clock().is_set());
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Accepted"}));
    assert_eq!(lab.station.time(lab.now()), make::time(NOON));
    lab.pass(5);
    assert_eq!(lab.station.time(lab.now()), make::time("2026-03-01T12:00:05Z"));
    assert!(lab.events.iter().any(|event| matches!(event, StationEvent::ClockSet(step) if step.first)));
}

#[test]
fn boot_09_transactions_before_acceptance_are_refused_unless_the_operator_wants_them() {
    let mut lab = Lab::new(Version::V16);
    let refused = lab.station.start_transaction(lab.now(), &make::start());
    assert!(matches!(refused, Err(NotTaken::NotAccepted)), "{refused:?}");
    for version in [Version::V201, Version::V21] {
        let mut lab = Lab::new(version);
        use ocpp_types::v21;
        let refused = match version {
            Version::V201 => {
                let (kind, reason) = (v201::TransactionEvent::Started, v201::TriggerReason::Authorized);
                lab.station.transaction_event(lab.now(), &make::event_201(kind, reason, 0))
            }
            _ => {
                let (kind, reason) = (v21::TransactionEvent::Started, v21::TriggerReason::Authorized);
                lab.station.transaction_event(lab.now(), &make::event_21(kind, reason, 0))
            }
        };
        assert!(matches!(refused, Err(NotTaken::NotAccepted)), "{refused:?}");
    }

    let mut allowed = config(Version::V16);
    allowed.transactions_before_accepted = true;
    let mut lab = Lab::with(allowed);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 5, "status": "Pending"}));
    lab.station.start_transaction(lab.now(), &make::start()).expect("taken");
    lab.nothing_sent();
    assert_eq!(lab.station.outbox().len(), 1);
}

#[test]
fn boot_10_while_pending_the_csms_may_neither_start_nor_stop() {
    let cases = [
        (Version::V16, "RemoteStartTransaction", json!({"idTag": "04A1"})),
        (Version::V16, "RemoteStopTransaction", json!({"transactionId": 1})),
        (
            Version::V201,
            "RequestStartTransaction",
            json!({"idToken": {"idToken": "04A1", "type": "ISO14443"}, "remoteStartId": 1}),
        ),
        (Version::V21, "RequestStopTransaction", json!({"transactionId": "tx"})),
    ];
    for (version, action, payload) in cases {
        let mut lab = Lab::new(version);
        lab.link_up();
        let boot = lab.one_sent();
        lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Pending"}));
        lab.call(action, payload);
        assert_eq!(lab.one_sent().payload, json!({"status": "Rejected"}), "{version} {action}");
        assert!(!lab.events.iter().any(|event| matches!(event, StationEvent::Call(_))));
    }
}

#[test]
fn boot_10_while_pending_other_requests_are_served() {
    let mut lab = Lab::new(Version::V16);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Pending"}));
    lab.call("GetConfiguration", json!({}));
    assert!(lab.events.iter().any(|event| matches!(event, StationEvent::Call(_))));
}

#[test]
fn boot_10_while_pending_reports_that_were_asked_for_may_be_sent() {
    let mut lab = Lab::new(Version::V201);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Pending"}));
    let page = v201::NotifyReportRequest::new(1, make::time(NOON), 0);
    assert!(matches!(lab.station.call(lab.now(), &page), Err(Refused::NotAccepted(RegistrationState::Pending))));
    lab.call("GetBaseReport", json!({"requestId": 1, "reportBase": "FullInventory"}));
    for _ in 0..2 {
        let _call = lab.station.call(lab.now(), &page).expect("asked for");
    }
    assert_eq!(lab.one_sent().name, "NotifyReport");
}

#[test]
fn boot_11_rejected_answers_with_security_error_and_1_6_not_at_all() {
    for version in ALL {
        let mut lab = Lab::new(version);
        lab.link_up();
        let boot = lab.one_sent();
        lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Rejected"}));
        let id = lab.call("ClearCache", json!({}));
        if version == Version::V16 {
            lab.pass(40);
            lab.nothing_sent();
        } else {
            let error = lab.one_sent();
            assert_eq!((error.kind, error.id, &*error.name), (4, id, "SecurityError"), "{version}");
        }
        assert!(!lab.events.iter().any(|event| matches!(event, StationEvent::Call(_))));
    }
}

#[test]
fn before_any_answer_requests_of_the_csms_get_security_error() {
    for version in ALL {
        let mut lab = Lab::new(version);
        lab.link_up();
        let _boot = lab.one_sent();
        lab.call("ClearCache", json!({}));
        assert_eq!(lab.one_sent().name, "SecurityError", "{version}");
    }
}

#[test]
fn boot_12_boot_13_once_accepted_a_trigger_for_a_boot_notification_is_rejected() {
    for version in ALL {
        let mut lab = Lab::online(version);
        lab.call("TriggerMessage", json!({"requestedMessage": "BootNotification"}));
        assert_eq!(lab.one_sent().payload, json!({"status": "Rejected"}), "{version}");
    }
}

#[test]
fn boot_14_without_an_answer_the_boot_notification_comes_again_with_a_new_id() {
    for version in ALL {
        // a time-out, a CALLERROR and an answer nobody can read
        for fault in 0..3 {
            let mut lab = Lab::new(version);
            lab.link_up();
            let boot = lab.one_sent();
            match fault {
                0 => lab.pass(30),
                1 => lab.refuse(&boot, "InternalError"),
                _ => lab.answer(&boot, json!({"status": "Fine"})),
            }
            lab.sent();
            lab.pass(29);
            lab.nothing_sent();
            lab.pass(5);
            let again = lab.one_sent();
            assert_eq!(again.name, "BootNotification", "{version} {fault}");
            assert_ne!(again.id, boot.id);
            lab.answer(&again, json!({"currentTime": NOON, "interval": 300, "status": "Accepted"}));
            assert!(lab.station.is_online());
        }
    }
}

#[test]
fn boot_14_a_boot_notification_under_way_when_the_link_breaks_is_sent_on_the_next_link() {
    let mut lab = Lab::new(Version::V16);
    lab.link_up();
    let _boot = lab.one_sent();
    lab.link_down();
    lab.link_up();
    assert_eq!(lab.one_sent().name, "BootNotification");
}

#[test]
fn boot_16_q_12_a_boot_is_a_security_event_that_arrives_after_acceptance() {
    for (version, reason, kind) in [
        (Version::V16, v201::BootReason::PowerUp, "StartupOfTheDevice"),
        (Version::V201, v201::BootReason::Watchdog, "ResetOrReboot"),
        (Version::V21, v201::BootReason::PowerUp, "StartupOfTheDevice"),
    ] {
        let mut with_events = config(version);
        with_events.security_events = true;
        let boot = Boot::new(3).because(reason);
        let mut lab = Lab::new(version);
        lab.station = Station::new(lab.now, with_events, MemoryStore::new(), boot).expect("a station");
        lab.link_up();
        let boot = lab.one_sent();
        lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Accepted"}));
        let event = lab.one_sent();
        assert_eq!((&*event.name, event.payload["type"].as_str()), ("SecurityEventNotification", Some(kind)));
        // it was made before anybody knew the time
        assert_eq!(event.payload["timestamp"], NOON);
    }
}

#[test]
fn what_does_not_fit_a_boot_notification_is_found_at_once() {
    let info = StationInfo::new("Acme", "a model name that is far too long for 1.6");
    let station = Station::new(Instant::ZERO, StationConfig::new(Version::V16, info), MemoryStore::new(), Boot::new(1));
    assert!(matches!(station, Err(StationError::Info { version: Version::V16, .. })));
}

#[test]
fn messages_the_station_sends_itself_are_not_to_be_called() {
    let mut lab = Lab::online(Version::V16);
    let refused = lab.station.call(lab.now(), &v16::HeartbeatRequest::new());
    assert!(matches!(refused, Err(Refused::Own("Heartbeat"))));
    let refused = lab.station.call(lab.now(), &make::stop());
    assert!(matches!(refused, Err(Refused::Durable("StopTransaction"))));
}

#[test]
fn boot_02_a_notice_is_held_back_like_any_message() {
    let mut lab = Lab::new(Version::V21);
    lab.link_up();
    let boot = lab.one_sent();
    let data = ocpp_types::v21::StreamDataElement::new(0, "1");
    let notice = ocpp_types::v21::NotifyPeriodicEventStream::new([data], 1, 0, make::time(NOON));
    let refused = lab.station.notify(lab.now(), &notice);
    assert!(matches!(refused, Err(Refused::NotAccepted(RegistrationState::Unregistered))), "{refused:?}");
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 60, "status": "Pending"}));
    let refused = lab.station.notify(lab.now(), &notice);
    assert!(matches!(refused, Err(Refused::NotAccepted(RegistrationState::Pending))), "{refused:?}");
    lab.nothing_sent();
}

#[test]
fn boot_05_only_the_boot_notification_that_was_triggered_says_so() {
    let mut lab = Lab::new(Version::V201);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 3600, "status": "Pending"}));
    lab.call("TriggerMessage", json!({"requestedMessage": "BootNotification"}));
    let triggered = lab.sent().pop().expect("a boot");
    assert_eq!(triggered.payload["reason"], "Triggered");
    lab.answer(&triggered, json!({"currentTime": NOON, "interval": 60, "status": "Pending"}));
    lab.pass(60);
    assert_eq!(lab.one_sent().payload["reason"], "PowerUp");
}

/// Rule BOOT-14: what a version cannot say is tried again later, and without haste.
#[test]
fn boot_14_a_boot_notification_that_does_not_fit_the_version_of_the_link_floods_nothing() {
    let info = StationInfo::new("a vendor whose name is too long for 1.6", "Two");
    let mut lab = Lab::with(StationConfig::new(Version::V201, info));
    lab.input(ocpp_rpc::Input::LinkUp(Version::V16));
    // the bench checks that every timer moves
    lab.pass(24 * 3600);
    lab.nothing_sent();
    lab.link_down();
    lab.input(ocpp_rpc::Input::LinkUp(Version::V201));
    let boot = (0..70 * 6).find_map(|_| {
        lab.pass(10);
        lab.sent().pop()
    });
    assert_eq!(boot.expect("within the longest wait").name, "BootNotification");
}

#[test]
fn boot_05_a_new_link_is_no_reason_to_ask_earlier() {
    for status in ["Pending", "Rejected"] {
        let mut lab = Lab::new(Version::V16);
        lab.link_up();
        let boot = lab.one_sent();
        lab.answer(&boot, json!({"currentTime": NOON, "interval": 600, "status": status}));
        for _ in 0..5 {
            lab.link_down();
            lab.pass(100);
            lab.link_up();
            lab.nothing_sent();
        }
        lab.pass(99);
        lab.nothing_sent();
        lab.pass(1);
        assert_eq!(lab.one_sent().name, "BootNotification", "{status}");
    }
}

#[test]
fn boot_08_a_clock_with_another_source_is_left_alone() {
    let mut own = config(Version::V201);
    own.clock_from_csms = false;
    let mut lab = Lab::with(own);
    let before = lab.station.time(lab.now());
    lab.go_online();
    assert_eq!(lab.station.time(lab.now()), before);
    assert!(!lab.station.clock().is_set());
}

#[test]
fn boot_04_chance_spreads_the_waits_of_a_fleet() {
    let mut waits = std::collections::BTreeSet::new();
    for seed in 0..20_u128 {
        let mut lab = Lab::on(config(Version::V201), MemoryStore::new(), seed);
        lab.link_up();
        let boot = lab.one_sent();
        lab.answer(&boot, json!({"currentTime": NOON, "interval": 0, "status": "Pending"}));
        use ocpp_rpc::Machine;
        waits.insert(lab.station.poll_timeout().expect("it will ask again"));
    }
    assert!(waits.len() > 15, "{waits:?}");
}

#[test]
fn boot_03_e13_a_huge_interval_is_a_long_wait_and_not_none() {
    for interval in [json!(i64::MAX), json!("99999999999999999999")] {
        let mut lab = Lab::new(Version::V16);
        lab.link_up();
        let boot = lab.one_sent();
        lab.answer(&boot, json!({"currentTime": NOON, "interval": interval, "status": "Pending"}));
        // past the timer of the answered call and the first wait that a station would choose
        lab.pass(60);
        lab.nothing_sent();
        use ocpp_rpc::Machine;
        let year = std::time::Duration::from_secs(365 * 24 * 3600);
        assert!(lab.station.poll_timeout().is_none_or(|at| at > lab.now() + year), "{interval}");
    }
}
