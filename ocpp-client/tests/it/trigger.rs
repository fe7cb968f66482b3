//! TriggerMessage: rules TRIG-01 to TRIG-12 as far as a station without hardware can keep them. Those about what is in a
//! triggered message are in the tests of the charger.

use ocpp_client::{Refused, StationEvent, Trigger, TriggerStatus};
use ocpp_types::{Version, v16, v21, v201};
use serde_json::json;

use crate::lab::{Lab, NOON, make};

fn take_trigger<S: ocpp_client::Store>(lab: &mut Lab<S>) -> Trigger {
    let at = lab.events.iter().position(|event| matches!(event, StationEvent::Trigger(_))).expect("a trigger");
    match lab.events.remove(at) {
        StationEvent::Trigger(trigger) => trigger,
        other => panic!("{other:?}"),
    }
}

#[test]
fn trig_01_the_answer_goes_before_what_was_triggered() {
    let mut lab = Lab::online(Version::V16);
    lab.call("TriggerMessage", json!({"requestedMessage": "StatusNotification", "connectorId": 1}));
    let trigger = take_trigger(&mut lab);
    assert_eq!((&*trigger.message, trigger.evse_id), ("StatusNotification", Some(1)));
    lab.nothing_sent();
    lab.station.answer_trigger(lab.now, trigger, TriggerStatus::Accepted).expect("the link is there");
    let status =
        v16::StatusNotificationRequest::new(1, v16::ChargePointErrorCode::NoError, v16::ChargePointStatus::Available);
    let _call = lab.station.call(lab.now, &status).expect("online");
    let sent = lab.sent();
    assert_eq!((sent[0].kind, sent[1].kind), (3, 2));
    assert_eq!(sent[1].name, "StatusNotification");
}

#[test]
fn trig_01_a_triggered_heartbeat_follows_its_answer() {
    for version in Version::ALL {
        let mut lab = Lab::online(version);
        lab.call("TriggerMessage", json!({"requestedMessage": "Heartbeat"}));
        let sent = lab.sent();
        assert_eq!(sent[0].payload, json!({"status": "Accepted"}), "{version}");
        assert_eq!(sent[1].name, "Heartbeat");
    }
}

#[test]
fn trig_02_what_the_application_says_is_what_the_csms_gets() {
    for (status, wire) in [
        (TriggerStatus::Accepted, "Accepted"),
        (TriggerStatus::Rejected, "Rejected"),
        (TriggerStatus::NotImplemented, "NotImplemented"),
    ] {
        let mut lab = Lab::online(Version::V201);
        lab.call("TriggerMessage", json!({"requestedMessage": "LogStatusNotification"}));
        let trigger = take_trigger(&mut lab);
        lab.station.answer_trigger(lab.now, trigger, status).expect("the link is there");
        assert_eq!(lab.one_sent().payload, json!({"status": wire}));
    }
}

#[test]
fn trig_01_boot_10_a_pending_station_sends_what_was_triggered_and_nothing_else() {
    let mut lab = Lab::new(Version::V201);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Pending"}));
    let status = v201::StatusNotificationRequest::new(make::time(NOON), v201::ConnectorStatus::Available, 1, 1);
    assert!(matches!(lab.station.call(lab.now, &status), Err(Refused::NotAccepted(_))));
    lab.call("TriggerMessage", json!({"requestedMessage": "StatusNotification", "evse": {"id": 1, "connectorId": 1}}));
    let trigger = take_trigger(&mut lab);
    assert_eq!((trigger.evse_id, trigger.connector_id), (Some(1), Some(1)));
    lab.station.answer_trigger(lab.now, trigger, TriggerStatus::Accepted).expect("the link is there");
    let _call = lab.station.call(lab.now, &status).expect("asked for");
    let sent = lab.sent();
    assert_eq!((sent[0].kind, &*sent[1].name), (3, "StatusNotification"));
    lab.answer(&sent[1], json!({}));
    // once
    assert!(matches!(lab.station.call(lab.now, &status), Err(Refused::NotAccepted(_))));

    lab.call("TriggerMessage", json!({"requestedMessage": "Heartbeat"}));
    let sent = lab.sent();
    assert_eq!((sent[0].kind, &*sent[1].name), (3, "Heartbeat"));
}

/// Rules TRIG-03 and BOOT-10: what names no connector is for all of them.
#[test]
fn trig_03_a_pending_station_may_send_what_was_triggered_for_every_connector() {
    let mut lab = Lab::new(Version::V16);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Pending"}));
    let status = |connector| {
        let (code, status) = (v16::ChargePointErrorCode::NoError, v16::ChargePointStatus::Available);
        v16::StatusNotificationRequest::new(connector, code, status)
    };
    lab.call("TriggerMessage", json!({"requestedMessage": "StatusNotification"}));
    let trigger = take_trigger(&mut lab);
    lab.station.answer_trigger(lab.now, trigger, TriggerStatus::Accepted).expect("the link is there");
    for connector in 0..=2 {
        let _call = lab.station.call(lab.now, &status(connector)).expect("asked for");
    }
    let sent = lab.settle();
    let connectors: Vec<_> = sent.iter().filter_map(|sent| sent.payload["connectorId"].as_i64()).collect();
    assert_eq!(connectors, [0, 1, 2]);
    // to ask for one of them as well takes nothing away
    lab.call("TriggerMessage", json!({"requestedMessage": "StatusNotification", "connectorId": 1}));
    let trigger = take_trigger(&mut lab);
    lab.station.answer_trigger(lab.now, trigger, TriggerStatus::Accepted).expect("the link is there");
    for connector in 1..=2 {
        let _call = lab.station.call(lab.now, &status(connector)).expect("asked for");
    }
    lab.settle();

    // with a connector it is for that one, each time
    lab.link_down();
    lab.link_up();
    for connector in [1, 2] {
        lab.call("TriggerMessage", json!({"requestedMessage": "StatusNotification", "connectorId": connector}));
        let trigger = take_trigger(&mut lab);
        lab.station.answer_trigger(lab.now, trigger, TriggerStatus::Accepted).expect("the link is there");
    }
    for connector in [1, 2] {
        let _call = lab.station.call(lab.now, &status(connector)).expect("asked for");
    }
    assert!(matches!(lab.station.call(lab.now, &status(1)), Err(Refused::NotAccepted(_))));
}

#[test]
fn what_a_pending_station_is_asked_for_again_and_again_fills_no_memory() {
    let mut lab = Lab::new(Version::V201);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 3600, "status": "Pending"}));
    let mut ask = |times: u32| {
        for _ in 0..times {
            lab.call("GetBaseReport", json!({"requestId": 1, "reportBase": "FullInventory"}));
            let StationEvent::Call(incoming) = lab.events.pop().expect("a request") else { panic!() };
            let accepted = r#"{"status":"Accepted"}"#;
            let (_, responder) = incoming.into_parts();
            lab.station.reply_raw(lab.now, responder, accepted).expect("the link is there");
            for evse in [json!({}), json!({"evse": {"id": 1, "connectorId": 1}})] {
                let mut wanted = json!({"requestedMessage": "StatusNotification"});
                wanted.as_object_mut().expect("an object").extend(evse.as_object().expect("an object").clone());
                lab.call("TriggerMessage", wanted);
                let trigger = take_trigger(&mut lab);
                lab.station.answer_trigger(lab.now, trigger, TriggerStatus::Accepted).expect("the link is there");
            }
            lab.sent();
            lab.events.clear();
        }
        // all that it holds can be seen
        format!("{:?}", lab.station).len()
    };
    let few = ask(100);
    let many = ask(1000);
    assert!(many < few + 500, "{few} {many}");
}

#[test]
fn trig_10_the_extended_trigger_of_1_6_is_a_trigger() {
    let mut lab = Lab::online(Version::V16);
    lab.call("ExtendedTriggerMessage", json!({"requestedMessage": "SignChargePointCertificate"}));
    let trigger = take_trigger(&mut lab);
    lab.station.answer_trigger(lab.now, trigger, TriggerStatus::Accepted).expect("the link is there");
    assert_eq!(lab.one_sent().payload, json!({"status": "Accepted"}));
    let _call = lab.station.call(lab.now, &v16::SignCertificateRequest::new("csr")).expect("online");
    assert_eq!(lab.one_sent().name, "SignCertificate");

    lab.call("ExtendedTriggerMessage", json!({"requestedMessage": "BootNotification"}));
    assert_eq!(lab.one_sent().payload, json!({"status": "Rejected"}));

    // the two triggers are told apart, since they ask for different messages
    for (action, is_extended) in [("TriggerMessage", false), ("ExtendedTriggerMessage", true)] {
        lab.call(action, json!({"requestedMessage": "FirmwareStatusNotification"}));
        let trigger = take_trigger(&mut lab);
        assert_eq!((&*trigger.message, trigger.is_extended), ("FirmwareStatusNotification", is_extended));
        lab.station.answer_trigger(lab.now, trigger, TriggerStatus::Rejected).expect("the link is there");
        lab.one_sent();
    }
}

#[test]
fn trig_10_boot_10_a_pending_1_6_station_may_send_the_status_of_a_signed_update_when_asked() {
    let mut lab = Lab::new(Version::V16);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Pending"}));
    lab.call("ExtendedTriggerMessage", json!({"requestedMessage": "FirmwareStatusNotification"}));
    let trigger = take_trigger(&mut lab);
    lab.station.answer_trigger(lab.now, trigger, TriggerStatus::Accepted).expect("the link is there");
    lab.one_sent();
    let unsigned = v16::FirmwareStatusNotificationRequest::new(v16::FirmwareStatus::Idle);
    assert!(lab.station.call(lab.now, &unsigned).is_err(), "which was not asked for");
    let signed = v16::SignedFirmwareStatusNotificationRequest::new(v16::SignedFirmwareStatus::Idle);
    let _call = lab.station.call(lab.now, &signed).expect("asked for");
    assert_eq!(lab.one_sent().name, "SignedFirmwareStatusNotification");
}

#[test]
fn trig_11_a_custom_trigger_tells_its_name() {
    let mut lab = Lab::online(Version::V21);
    lab.call("TriggerMessage", json!({"requestedMessage": "CustomTrigger", "customTrigger": "Lamp"}));
    let trigger = take_trigger(&mut lab);
    assert_eq!((&*trigger.message, trigger.custom.as_deref()), ("CustomTrigger", Some("Lamp")));
    lab.station.answer_trigger(lab.now, trigger, TriggerStatus::NotImplemented).expect("the link is there");
    assert_eq!(lab.one_sent().payload, json!({"status": "NotImplemented"}));
}

#[test]
fn trig_12_a_transaction_cannot_be_triggered_in_1_6() {
    let mut lab = Lab::online(Version::V16);
    lab.call("TriggerMessage", json!({"requestedMessage": "StartTransaction"}));
    assert_eq!(lab.one_sent().name, "PropertyConstraintViolation");
    assert!(!lab.events.iter().any(|event| matches!(event, StationEvent::Trigger(_))));
}

#[test]
fn a_trigger_of_2_1_reaches_the_application_as_well() {
    let mut lab = Lab::online(Version::V21);
    lab.call("TriggerMessage", json!({"requestedMessage": "MeterValues", "evse": {"id": 2}}));
    let trigger = take_trigger(&mut lab);
    assert_eq!((&*trigger.message, trigger.evse_id, trigger.connector_id), ("MeterValues", Some(2), None));
    lab.station.answer_trigger(lab.now, trigger, TriggerStatus::Rejected).expect("the link is there");
    let sample = v21::SampledValue::new(1);
    let values = v21::MeterValuesRequest::new(2, [v21::MeterValue::new([sample], make::time(NOON))]);
    let _call = lab.station.call(lab.now, &values).expect("meter values outside transactions are mere calls");
}

/// Rules TRIG-02 and BOOT-10: what was rejected may not be sent, and what was accepted not in another registration.
#[test]
fn boot_10_a_rejected_trigger_and_an_old_one_open_nothing() {
    let mut lab = Lab::new(Version::V201);
    lab.link_up();
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 60, "status": "Pending"}));
    let log = v201::LogStatusNotificationRequest::new(v201::UploadLogStatus::Idle);
    for status in [TriggerStatus::Rejected, TriggerStatus::NotImplemented, TriggerStatus::Accepted] {
        assert!(matches!(lab.station.call(lab.now, &log), Err(Refused::NotAccepted(_))), "{status:?}");
        lab.call("TriggerMessage", json!({"requestedMessage": "LogStatusNotification"}));
        let trigger = take_trigger(&mut lab);
        lab.station.answer_trigger(lab.now, trigger, status).expect("the link is there");
    }
    lab.sent();
    lab.pass(60);
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 60, "status": "Accepted"}));
    lab.station.introduce_again(lab.now, v201::BootReason::ApplicationReset);
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 60, "status": "Pending"}));
    assert!(matches!(lab.station.call(lab.now, &log), Err(Refused::NotAccepted(_))));
}
