//! What other stacks get wrong, from the station's side.

use ocpp_client::{RegistrationState, StationEvent};
use ocpp_types::Version;
use serde_json::json;

use crate::lab::{Lab, make};

#[test]
fn a_callerror_a_time_out_or_a_disconnect_loses_no_transaction_message() {
    for fault in ["callerror", "time-out", "disconnect"] {
        let mut lab = Lab::online(Version::V16);
        let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
        lab.settle();
        lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
        let stop = lab.one_sent();
        match fault {
            "callerror" => {
                lab.refuse(&stop, "InternalError");
                lab.pass(60);
            }
            "time-out" => lab.pass(30 + 60),
            _ => {
                lab.link_down();
                lab.link_up();
            }
        }
        let again = lab.one_sent();
        assert_eq!((&*again.name, &again.payload), ("StopTransaction", &stop.payload), "after a {fault}");
        lab.answer(&again, json!({}));
        assert!(lab.station.outbox().is_empty());
    }
}

#[test]
fn the_gate_opens_for_any_boot_answer_whose_status_can_be_read() {
    let answers = [
        r#"{"status":"Accepted","currentTime":"2026-03-01T12:00:00","interval":300}"#,
        r#"{"status":"Accepted","currentTime":"2026-03-01 12:00:00+0100","interval":300}"#,
        r#"{"status":"\u0041ccepted","currentTime":"2026-03-01T12:00:00Z","interval":300}"#,
        r#"{"status":"Accepted","currentTime":"2026-03-01T12:00:00Z","interval":300.0}"#,
        r#"{"status":"Accepted","currentTime":"2026-03-01T12:00:00Z","interval":"300"}"#,
        r#"{"status":"Accepted","currentTime":"2026-03-01T12:00:00Z","interval":3e2}"#,
        r#"{"status":"Accepted","currentTime":"2026-03-01T12:00:00Z","interval":null}"#,
        r#"{"status":"Accepted","currentTime":"yesterday","interval":300}"#,
        r#"{"status":"accepted ","currentTime":"2026-03-01T12:00:00Z","interval":300,"heartbeatInterval":300}"#,
        r#"{"status":"Accepted","currentTime":null}"#,
        r#"{"status":"Accepted"}"#,
    ];
    for version in Version::ALL {
        for answer in answers {
            let mut lab = Lab::new(version);
            lab.link_up();
            let boot = lab.one_sent();
            lab.text(&format!(r#"[3,"{}",{answer}]"#, boot.id));
            assert_eq!(lab.station.registration(), RegistrationState::Accepted, "{version}: {answer}");
            assert!(lab.station.is_online());
            assert_eq!(lab.station.heartbeat_interval().as_secs(), 300, "{version}: {answer}");
        }
    }
}

#[test]
fn a_time_without_offset_is_utc() {
    let mut lab = Lab::new(Version::V16);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"status": "Accepted", "currentTime": "2026-03-01T12:00:00", "interval": 300}));
    assert_eq!(lab.station.time(lab.now()), make::time("2026-03-01T12:00:00Z"));
}

#[test]
fn a_heartbeat_answer_that_breaks_the_specification_still_tells_the_time() {
    let mut lab = Lab::online(Version::V201);
    lab.pass(300);
    let heartbeat = lab.one_sent();
    lab.answer(&heartbeat, json!({"currentTime": "2026-03-01T13:00:00", "status": "Accepted"}));
    assert_eq!(lab.station.time(lab.now()), make::time("2026-03-01T13:00:00Z"));
}

#[test]
fn field_need_2_a_late_answer_is_not_credited_to_the_next_call() {
    let mut lab = Lab::online(Version::V16);
    let first = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    let second = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    let late = lab.one_sent();
    lab.pass(30);
    lab.pass(60);
    let again = lab.one_sent();
    // the answer to the first transmission comes at last: it has another id than the second one
    lab.answer(&late, json!({"idTagInfo": {"status": "Accepted"}, "transactionId": 1}));
    assert_eq!(lab.station.outbox().transaction_id(first), None);
    lab.answer(&again, json!({"idTagInfo": {"status": "Accepted"}, "transactionId": 2}));
    assert_eq!(lab.station.outbox().transaction_id(first), Some(2));
    assert_eq!(lab.station.outbox().transaction_id(second), None);
    assert!(lab.events.iter().any(|event| matches!(event, StationEvent::Anomaly(_))));
}

#[test]
fn field_need_3_a_call_from_within_a_handler_waits_its_turn() {
    let mut lab = Lab::online(Version::V16);
    let _own = lab.station.call(lab.now, &ocpp_types::v16::AuthorizeRequest::new("1")).expect("online");
    let authorize = lab.one_sent();
    lab.call("ClearCache", json!({}));
    let _another = lab.station.call(lab.now, &ocpp_types::v16::AuthorizeRequest::new("2")).expect("online");
    let at = lab.events.iter().position(|event| matches!(event, StationEvent::Call(_))).expect("a request");
    let StationEvent::Call(incoming) = lab.events.remove(at) else { panic!() };
    let taken =
        incoming.take::<ocpp_types::v16::ClearCacheRequest>(ocpp_types::DecodePolicy::Enforce).expect("it is one");
    let response = ocpp_types::v16::ClearCacheResponse::new(ocpp_types::v16::ClearCacheStatus::Accepted);
    lab.station.reply(lab.now, taken.replier, Ok(response)).expect("the link is there");
    assert_eq!(lab.one_sent().kind, 3, "the answer does not wait for the own call");
    lab.answer(&authorize, json!({"idTagInfo": {"status": "Accepted"}}));
    assert_eq!(lab.one_sent().name, "Authorize");
}

/// Row C1: an error that is cut off on its way is an error all the same.
#[test]
fn c1_a_callerror_that_cannot_be_read_loses_no_transaction_message() {
    for version in Version::ALL {
        for rest in [r#""InternalError","the data"#, r#""InternalError""#, ""] {
            let mut lab = Lab::online(version);
            make::something_start(&mut lab);
            let first = lab.one_sent();
            lab.text(&format!(r#"[4,"{}",{rest}"#, first.id));
            lab.pass(60);
            let again = lab.sent().into_iter().find(|sent| sent.kind == 2).expect("it comes again");
            assert_eq!((&again.name, &again.payload), (&first.name, &first.payload), "{version} {rest}");
            // of a result, however, that much is known: it was processed
            if version != Version::V16 {
                lab.text(&format!(r#"[3,"{}",{{"idTokenInfo":{{"sta"#, again.id));
                assert!(lab.station.outbox().is_empty(), "{version}");
            }
        }
    }
}
