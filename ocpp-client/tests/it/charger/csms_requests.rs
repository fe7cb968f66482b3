//! What the CSMS asks of a charger.

use ocpp_client::charger::{ChargerEvent, OutletStatus};
use ocpp_rpc::Machine;
use ocpp_types::{Version, v201};
use serde_json::{Value, json};

use super::{Bench, events, names, statuses};
use crate::lab::NOON;

const V2: [Version; 2] = [Version::V201, Version::V21];

fn status(answer: &crate::lab::Sent) -> &Value {
    &answer.payload["status"]
}

fn remote_start(version: Version, outlet: Option<i64>) -> (&'static str, Value) {
    let (action, mut payload, place) = if version == Version::V16 {
        ("RemoteStartTransaction", json!({"idTag": "04A1"}), "connectorId")
    } else {
        let token = json!({"idToken": "04A1", "type": "ISO14443"});
        ("RequestStartTransaction", json!({"idToken": token, "remoteStartId": 77}), "evseId")
    };
    if let Some(outlet) = outlet {
        payload[place] = json!(outlet);
    }
    (action, payload)
}

#[test]
fn rc_01_rc_06_tx2_12_a_remote_start_is_answered_first_and_then_starts() {
    for version in Version::ALL {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.settle();
        let (action, payload) = remote_start(version, Some(1));
        let (answer, sent) = bench.call(action, payload);
        assert_eq!(status(&answer), "Accepted", "{version}");
        assert!(!names(&sent).contains(&"Authorize"), "AuthorizeRemoteTxRequests is false");
        if version == Version::V16 {
            assert!(names(&sent).contains(&"StartTransaction"));
        } else {
            assert_eq!(events(&sent)[0], "Started(RemoteStart)");
            let started = sent.iter().find(|sent| sent.name == "TransactionEvent").expect("just seen");
            assert_eq!(started.payload["transactionInfo"]["remoteStartId"], 77);
        }
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Charging));
        let (action, payload) = remote_start(version, Some(1));
        assert_eq!(status(&bench.call(action, payload).0), "Rejected", "RC-02, RC-05: it is busy");
        let (action, payload) = remote_start(version, Some(9));
        assert_eq!(status(&bench.call(action, payload).0), "Rejected");
    }
}

#[test]
fn rc_01_a_remote_start_is_authorised_if_so_set_and_waits_for_the_car() {
    let mut bench = Bench::online(Version::V16);
    bench.call("ChangeConfiguration", json!({"key": "AuthorizeRemoteTxRequests", "value": "true"}));
    let (action, payload) = remote_start(Version::V16, None);
    let (answer, sent) = bench.call(action, payload);
    assert_eq!(status(&answer), "Accepted");
    assert_eq!(names(&sent)[0], "Authorize");
    assert_eq!(statuses(&sent), [(1, "Preparing".to_owned())]);
    bench.charger.plug_in(bench.now, 1).expect("free");
    assert!(names(&bench.settle()).contains(&"StartTransaction"));
}

#[test]
fn rc_04_rc_07_a_remote_stop_of_a_running_transaction() {
    for version in Version::ALL {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        let sent = bench.settle();
        let (action, unknown) = if version == Version::V16 {
            ("RemoteStopTransaction", json!({"transactionId": 43}))
        } else {
            ("RequestStopTransaction", json!({"transactionId": "nobody's"}))
        };
        assert_eq!(status(&bench.call(action, unknown).0), "Rejected");
        let id = if version == Version::V16 {
            json!(42)
        } else {
            let event = sent.iter().find(|sent| sent.name == "TransactionEvent").expect("it started");
            event.payload["transactionInfo"]["transactionId"].clone()
        };
        let (answer, sent) = bench.call(action, json!({"transactionId": id}));
        assert_eq!(status(&answer), "Accepted");
        if version == Version::V16 {
            let stop = sent.iter().find(|sent| sent.name == "StopTransaction").expect("it stops");
            assert_eq!(stop.payload["reason"], "Remote");
        } else {
            assert_eq!(events(&sent), ["Ended(RemoteStop)"]);
        }
    }
}

#[test]
fn rst_01_rst_04_a_reset_answers_stops_and_restarts() {
    for (kind, reason) in [("Soft", "SoftReset"), ("Hard", "HardReset")] {
        let mut bench = Bench::online(Version::V16);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        let (answer, sent) = bench.call("Reset", json!({"type": kind}));
        assert_eq!(status(&answer), "Accepted");
        let stop = sent.iter().find(|sent| sent.name == "StopTransaction").expect("it stops");
        assert_eq!(stop.payload["reason"], reason);
        let boots = bench.events.iter().filter(|event| matches!(event, ChargerEvent::Restart { .. }));
        assert_eq!(boots.count(), 1);
        bench.disconnect();
        bench.charger = bench.charger.reboot(bench.now, ocpp_client::Boot::new(9)).expect("a charger");
        bench.connect();
        assert_eq!(names(&bench.settle())[0], "BootNotification");
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Finishing), "the car is still there");
    }
}

#[test]
fn rst_02_immediate_and_on_idle() {
    for version in V2 {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        assert_eq!(status(&bench.call("Reset", json!({"type": "Immediate", "evseId": 1})).0), "Rejected");
        assert_eq!(status(&bench.call("Reset", json!({"type": "OnIdle"})).0), "Scheduled");
        assert!(!bench.events.iter().any(|event| matches!(event, ChargerEvent::Restart { .. })));
        bench.charger.plug_out(bench.now, 1).expect("a car");
        bench.settle();
        assert!(
            bench
                .events
                .iter()
                .any(|event| { matches!(event, ChargerEvent::Restart { reason: v201::BootReason::ScheduledReset }) })
        );

        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        let (answer, sent) = bench.call("Reset", json!({"type": "Immediate"}));
        assert_eq!(status(&answer), "Accepted");
        assert_eq!(events(&sent), ["Ended(ResetCommand)"]);
        assert_eq!(
            sent.iter().find(|sent| sent.name == "TransactionEvent").expect("seen").payload["transactionInfo"]["stoppedReason"],
            "ImmediateReset"
        );
        assert!(
            bench
                .events
                .iter()
                .any(|event| { matches!(event, ChargerEvent::Restart { reason: v201::BootReason::RemoteReset }) })
        );
    }
}

#[test]
fn av_01_av_02_av_05_av_06_availability_changes_now_later_and_survives_a_boot() {
    let mut bench = Bench::online(Version::V16);
    let change = |id: i64, kind: &str| json!({"connectorId": id, "type": kind});
    assert_eq!(status(&bench.call("ChangeAvailability", change(7, "Inoperative")).0), "Rejected");
    assert_eq!(status(&bench.call("ChangeAvailability", change(1, "Operative")).0), "Accepted");
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    bench.settle();
    // AV-03: one of them is busy
    let (answer, sent) = bench.call("ChangeAvailability", change(0, "Inoperative"));
    assert_eq!(status(&answer), "Scheduled");
    assert!(statuses(&sent).contains(&(2, "Unavailable".to_owned())));
    assert_eq!(bench.charger.status(1), Ok(OutletStatus::Charging));
    bench.charger.plug_out(bench.now, 1).expect("a car");
    assert!(statuses(&bench.settle()).contains(&(1, "Unavailable".to_owned())));
    let mut bench = bench.power_cut();
    bench.connect();
    let sent = bench.settle();
    let unavailable = |id| (id, "Unavailable".to_owned());
    assert_eq!(statuses(&sent), [unavailable(0), unavailable(1), unavailable(2)], "BOOT-15");
    let (_, sent) = bench.call("ChangeAvailability", change(2, "Operative"));
    assert_eq!(statuses(&sent), [(2, "Available".to_owned())]);
    assert!(bench.charger.swipe(bench.now, 1, "04A1").is_err());
}

#[test]
fn av_02_a_later_opposite_request_cancels_the_schedule() {
    for version in V2 {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        let change = |kind: &str| json!({"evse": {"id": 1}, "operationalStatus": kind});
        assert_eq!(status(&bench.call("ChangeAvailability", change("Inoperative")).0), "Scheduled");
        assert_eq!(status(&bench.call("ChangeAvailability", change("Operative")).0), "Accepted");
        bench.charger.plug_out(bench.now, 1).expect("a car");
        bench.settle();
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Available));
    }
}

#[test]
fn unl_01_unl_02_unlocking() {
    let mut bench = Bench::online(Version::V16);
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    bench.settle();
    let mut text = None;
    bench.charger.plug_in(bench.now, 2).expect("free");
    bench.settle();
    assert_eq!(status(&bench.call("UnlockConnector", json!({"connectorId": 2})).0), "Unlocked");
    assert_eq!(status(&bench.call("UnlockConnector", json!({"connectorId": 9})).0), "NotSupported");
    // the transaction is finished first, so the answer is not the first frame
    bench.charger.handle_input(bench.now, ocpp_rpc::Input::Text(r#"[2,"u","UnlockConnector",{"connectorId":1}]"#));
    for frame in bench.settle() {
        if frame.name == "StopTransaction" {
            assert_eq!(frame.payload["reason"], "UnlockCommand");
        } else if frame.id == "u" {
            text = Some(frame.payload["status"].clone());
        }
    }
    assert_eq!(text, Some(json!("Unlocked")));

    for version in V2 {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        let unlock = |evse: i64, connector: i64| json!({"evseId": evse, "connectorId": connector});
        assert_eq!(status(&bench.call("UnlockConnector", unlock(1, 1)).0), "OngoingAuthorizedTransaction");
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Charging));
        assert_eq!(status(&bench.call("UnlockConnector", unlock(2, 2)).0), "UnknownConnector");
        assert_eq!(status(&bench.call("UnlockConnector", unlock(2, 1)).0), "Unlocked");
    }
}

#[test]
fn cfg_01_cfg_04_get_configuration() {
    let mut bench = Bench::online(Version::V16);
    let (answer, _) = bench.call("GetConfiguration", json!({"key": ["heartbeatinterval", "foo", "AuthorizationKey"]}));
    assert_eq!(
        answer.payload,
        json!({
            "configurationKey": [{"key": "HeartbeatInterval", "readonly": false, "value": "300"}],
            "unknownKey": ["foo", "AuthorizationKey"],
        })
    );
    let (answer, _) = bench.call("GetConfiguration", json!({}));
    let keys = answer.payload["configurationKey"].as_array().expect("a list");
    let has = |name: &str| keys.iter().any(|key| key["key"] == name);
    assert!(has("NumberOfConnectors") && has("SupportedFeatureProfiles") && !has("AuthorizationKey"));
    assert!(!has("TxStartPoint"), "which 1.6 does not know");
    let many: Vec<_> = (0..51).map(|number| format!("k{number}")).collect();
    let (answer, _) = bench.call("GetConfiguration", json!({"key": many}));
    assert_eq!((answer.kind, &*answer.name), (4, "OccurenceConstraintViolation"));
}

#[test]
fn cfg_02_cfg_05_hb_05_ws_22_change_configuration() {
    let mut bench = Bench::online(Version::V16);
    let change = |key: &str, value: &str| json!({"key": key, "value": value});
    for (key, value, expected) in [
        ("foo", "1", "NotSupported"),
        ("NumberOfConnectors", "5", "Rejected"),
        ("WebSocketPingInterval", "-1", "Rejected"),
        ("WebSocketPingInterval", "0", "Accepted"),
        ("HeartbeatInterval", "abc", "Rejected"),
        ("HeartbeatInterval", "60", "Accepted"),
        ("LocalPreAuthorize", "maybe", "Rejected"),
        ("LocalPreAuthorize", "TRUE", "Accepted"),
        ("AuthorizationKey", "zz", "Rejected"),
        ("AuthorizationKey", "0102", "Rejected"),
    ] {
        let (answer, _) = bench.call("ChangeConfiguration", change(key, value));
        assert_eq!(status(&answer), expected, "{key} {value}");
    }
    assert_eq!(names(&bench.pass(60)), ["Heartbeat"]);
    assert_eq!(bench.charger.setting("WebSocketPingInterval"), Some("0"));
    let bench = bench.power_cut();
    assert_eq!(bench.charger.setting("HeartbeatInterval"), Some("60"));
}

#[test]
fn ws_15_field_need_33_a_new_password_is_answered_first_and_then_used() {
    let mut bench = Bench::online(Version::V16);
    let key = "000102030405060708090A0B0C0D0E0F10111213";
    let (answer, _) = bench.call("ChangeConfiguration", json!({"key": "AuthorizationKey", "value": key}));
    assert_eq!(status(&answer), "Accepted");
    let password = bench.events.iter().find_map(|event| match event {
        ChargerEvent::Credentials { password } => Some(password.as_bytes().to_vec()),
        _ => None,
    });
    assert_eq!(password, Some((0..20).collect()));
    assert!(!format!("{:?}", bench.events).contains("0001"), "and no log shows it (D26)");
}

#[test]
fn dm_02_dm_03_variables_are_got_and_set() {
    for version in V2 {
        let mut bench = Bench::online(version);
        let named =
            |component: &str, variable: &str| json!({"component": {"name": component}, "variable": {"name": variable}});
        let (answer, _) = bench.call(
            "GetVariables",
            json!({"getVariableData": [
                named("ocppcommctrlr", "HeartbeatInterval"),
                named("Nowhere", "HeartbeatInterval"),
                named("OCPPCommCtrlr", "Nothing"),
                named("SecurityCtrlr", "BasicAuthPassword"),
                {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "MessageAttempts", "instance": "TransactionEvent"}},
            ]}),
        );
        let results = answer.payload["getVariableResult"].as_array().expect("a list");
        let statuses: Vec<_> = results.iter().map(|result| result["attributeStatus"].as_str()).collect();
        let expected = ["Accepted", "UnknownComponent", "UnknownVariable", "Rejected", "Accepted"];
        assert_eq!(statuses, expected.map(Some), "{version}");
        assert_eq!(results[0]["attributeValue"], "300");
        assert_eq!(results[3].get("attributeValue"), None);
        assert_eq!(results[4]["attributeValue"], "3");

        let set = |component: &str, variable: &str, value: &str| {
            let mut item = named(component, variable);
            item["attributeValue"] = json!(value);
            item
        };
        let (answer, _) = bench.call(
            "SetVariables",
            json!({"setVariableData": [
                set("OCPPCommCtrlr", "HeartbeatInterval", "60"),
                set("Nowhere", "X", "1"),
                set("TxCtrlr", "TxStartPoint", "Authorized"),
                set("OCPPCommCtrlr", "HeartbeatInterval", "0"),
                set("SecurityCtrlr", "BasicAuthPassword", "correct horse battery"),
            ]}),
        );
        let results = answer.payload["setVariableResult"].as_array().expect("a list");
        let statuses: Vec<_> = results.iter().map(|result| result["attributeStatus"].as_str()).collect();
        assert_eq!(statuses, ["Accepted", "UnknownComponent", "Rejected", "Rejected", "Accepted"].map(Some));
        assert!(bench.events.iter().any(|event| matches!(
            event,
            ChargerEvent::Credentials { password } if password.as_bytes() == b"correct horse battery"
        )));
        assert_eq!(names(&bench.pass(60)), ["Heartbeat"]);
    }
}

#[test]
fn tx2_23_the_status_of_a_transaction() {
    for version in V2 {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        let sent = bench.settle();
        let event = sent.iter().find(|sent| sent.name == "TransactionEvent").expect("it started");
        let id = event.payload["transactionInfo"]["transactionId"].clone();
        let (answer, _) = bench.call("GetTransactionStatus", json!({"transactionId": id}));
        assert_eq!(answer.payload, json!({"ongoingIndicator": true, "messagesInQueue": false}));
        let (answer, _) = bench.call("GetTransactionStatus", json!({"transactionId": "nobody's"}));
        assert_eq!(answer.payload, json!({"ongoingIndicator": false, "messagesInQueue": false}));
        let (answer, _) = bench.call("GetTransactionStatus", json!({}));
        assert_eq!(answer.payload, json!({"messagesInQueue": false}));
    }
}

#[test]
fn cache_06_the_cache_is_cleared_if_there_is_one() {
    for version in Version::ALL {
        let mut bench = Bench::online(version);
        assert_eq!(status(&bench.call("ClearCache", json!({})).0), "Accepted");
        if version == Version::V16 {
            bench.call("ChangeConfiguration", json!({"key": "AuthorizationCacheEnabled", "value": "false"}));
            assert_eq!(status(&bench.call("ClearCache", json!({})).0), "Rejected");
        }
    }
}

#[test]
fn dt_01_an_unknown_vendor_is_said_to_be_unknown() {
    for version in Version::ALL {
        let mut bench = Bench::online(version);
        assert_eq!(status(&bench.call("DataTransfer", json!({"vendorId": "nobody"})).0), "UnknownVendorId");
    }
}

#[test]
fn rpc_41_what_a_small_station_has_not_is_not_supported() {
    for version in Version::ALL {
        let mut bench = Bench::online(version);
        let (answer, _) = bench.call("GetLocalListVersion", json!({}));
        assert_eq!((answer.kind, &*answer.name), (4, "NotSupported"), "{version}");
    }
}

#[test]
fn trig_03_trig_05_trig_07_what_is_triggered_in_1_6() {
    let mut bench = Bench::online(Version::V16);
    let trigger = |message: &str| json!({"requestedMessage": message});
    let (answer, sent) = bench.call("TriggerMessage", trigger("StatusNotification"));
    assert_eq!(status(&answer), "Accepted");
    let reported: Vec<_> = statuses(&sent).into_iter().map(|(id, _)| id).collect();
    assert_eq!(reported, [0, 1, 2], "missing but relevant: all of them");
    let (answer, sent) =
        bench.call("TriggerMessage", json!({"requestedMessage": "StatusNotification", "connectorId": 2}));
    assert_eq!(status(&answer), "Accepted");
    assert_eq!(statuses(&sent), [(2, "Available".to_owned())]);
    let (answer, _) = bench.call("TriggerMessage", json!({"requestedMessage": "StatusNotification", "connectorId": 9}));
    assert_eq!(status(&answer), "Rejected");

    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    bench.settle();
    // TRIG-09: the register as it is now, and nothing of before
    let (_, sent) = bench.call("TriggerMessage", json!({"requestedMessage": "MeterValues", "connectorId": 1}));
    assert_eq!(names(&sent), ["MeterValues"]);
    assert_eq!(sent[0].payload["transactionId"], 42);
    assert_eq!(sent[0].payload["meterValue"][0]["sampledValue"][0]["context"], "Trigger");

    let (_, sent) = bench.call("TriggerMessage", trigger("DiagnosticsStatusNotification"));
    assert_eq!((&*sent[0].name, &sent[0].payload["status"]), ("DiagnosticsStatusNotification", &json!("Idle")));
    let (_, sent) = bench.call("TriggerMessage", trigger("FirmwareStatusNotification"));
    assert_eq!((&*sent[0].name, &sent[0].payload["status"]), ("FirmwareStatusNotification", &json!("Idle")));
}

#[test]
fn trig_02_trig_04_trig_06_trig_08_what_is_triggered_in_2_x() {
    for version in V2 {
        let mut bench = Bench::online(version);
        let trigger = |message: &str| json!({"requestedMessage": message});
        assert_eq!(status(&bench.call("TriggerMessage", trigger("StatusNotification")).0), "Rejected");
        let one = json!({"requestedMessage": "StatusNotification", "evse": {"id": 2, "connectorId": 1}});
        let (answer, sent) = bench.call("TriggerMessage", one);
        assert_eq!(status(&answer), "Accepted");
        assert_eq!(statuses(&sent), [(2, "Available".to_owned())]);
        assert_eq!(status(&bench.call("TriggerMessage", trigger("SignV2GCertificate")).0), "NotImplemented");
        assert_eq!(status(&bench.call("TriggerMessage", trigger("TransactionEvent")).0), "Rejected");

        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        let (answer, sent) = bench.call("TriggerMessage", trigger("TransactionEvent"));
        assert_eq!(status(&answer), "Accepted");
        assert_eq!(events(&sent), ["Updated(Trigger)"]);
        assert_eq!(sent[0].payload["transactionInfo"]["chargingState"], "Charging");
        let (_, sent) = bench.call("TriggerMessage", trigger("MeterValues"));
        assert_eq!(names(&sent), ["MeterValues", "MeterValues"]);
        let (_, sent) = bench.call("TriggerMessage", trigger("LogStatusNotification"));
        assert_eq!(sent[0].payload["status"], "Idle");
        let (_, sent) = bench.call("TriggerMessage", trigger("FirmwareStatusNotification"));
        assert_eq!(sent[0].payload["status"], "Idle");
    }
}

#[test]
fn trig_03_an_evse_or_connector_that_does_not_matter_is_ignored() {
    let mut bench = Bench::online(Version::V16);
    for (message, name) in [
        ("Heartbeat", "Heartbeat"),
        ("DiagnosticsStatusNotification", "DiagnosticsStatusNotification"),
        ("FirmwareStatusNotification", "FirmwareStatusNotification"),
    ] {
        let (answer, sent) = bench.call("TriggerMessage", json!({"requestedMessage": message, "connectorId": 77}));
        assert_eq!((status(&answer), names(&sent)), (&json!("Accepted"), vec![name]));
    }
    for version in V2 {
        let mut bench = Bench::online(version);
        for message in ["Heartbeat", "LogStatusNotification", "FirmwareStatusNotification"] {
            let trigger = json!({"requestedMessage": message, "evse": {"id": 77, "connectorId": 3}});
            let (answer, sent) = bench.call("TriggerMessage", trigger);
            assert_eq!((status(&answer), names(&sent)), (&json!("Accepted"), vec![message]), "{version}");
        }
    }
}

#[test]
fn trig_03_without_an_evse_or_connector_that_matters_all_of_them_are_meant() {
    let mut bench = Bench::online(Version::V16);
    let (_, sent) = bench.call("TriggerMessage", json!({"requestedMessage": "MeterValues"}));
    let read: Vec<_> = sent.iter().map(|sent| sent.payload["connectorId"].as_i64()).collect();
    assert_eq!((names(&sent), read), (vec!["MeterValues"; 2], vec![Some(1), Some(2)]));
    let (_, sent) = bench.call("TriggerMessage", json!({"requestedMessage": "StatusNotification"}));
    let told: Vec<_> = statuses(&sent).into_iter().map(|(id, _)| id).collect();
    assert_eq!(told, [0, 1, 2]);
    let of_the_station = json!({"requestedMessage": "StatusNotification", "connectorId": 0});
    assert_eq!(statuses(&bench.call("TriggerMessage", of_the_station).1), [(0, "Available".to_owned())]);

    for version in V2 {
        let mut bench = Bench::online(version);
        for outlet in [1, 2] {
            bench.charger.plug_in(bench.now, outlet).expect("free");
            bench.charger.swipe(bench.now, outlet, "04A1").expect("in service");
        }
        bench.settle();
        let (_, sent) = bench.call("TriggerMessage", json!({"requestedMessage": "TransactionEvent"}));
        assert_eq!(events(&sent), ["Updated(Trigger)"; 2], "{version}");
        let (_, sent) =
            bench.call("TriggerMessage", json!({"requestedMessage": "TransactionEvent", "evse": {"id": 2}}));
        assert_eq!(events(&sent), ["Updated(Trigger)"]);
        let (_, sent) = bench.call("TriggerMessage", json!({"requestedMessage": "MeterValues", "evse": {"id": 2}}));
        assert_eq!((names(&sent), &sent[0].payload["evseId"]), (vec!["MeterValues"], &json!(2)));
    }
}

#[test]
fn trig_10_each_extended_trigger_of_1_6_leads_to_its_message() {
    let mut bench = Bench::online(Version::V16);
    for (message, expected, sent_after) in [
        ("BootNotification", "Rejected", None),
        ("LogStatusNotification", "Accepted", Some("LogStatusNotification")),
        ("FirmwareStatusNotification", "Accepted", Some("SignedFirmwareStatusNotification")),
        ("Heartbeat", "Accepted", Some("Heartbeat")),
        ("MeterValues", "Accepted", Some("MeterValues")),
        ("StatusNotification", "Accepted", Some("StatusNotification")),
        // there is no key pair in here (TRIG-02)
        ("SignChargePointCertificate", "NotImplemented", None),
    ] {
        let trigger = json!({"requestedMessage": message, "connectorId": 1});
        let (answer, sent) = bench.call("ExtendedTriggerMessage", trigger);
        assert_eq!(status(&answer), expected, "{message}");
        assert_eq!(names(&sent), Vec::from_iter(sent_after), "{message}");
        if sent_after == Some("SignedFirmwareStatusNotification") {
            assert_eq!(sent[0].payload, json!({"status": "Idle"}), "nothing runs, hence no request id");
        }
    }
    // before acceptance it is a way to the boot notification, as the plain trigger is
    let mut bench = Bench::new(Version::V16);
    bench.will_answer("BootNotification", json!({"currentTime": NOON, "interval": 600, "status": "Pending"}));
    bench.connect();
    bench.settle();
    let (answer, sent) = bench.call("ExtendedTriggerMessage", json!({"requestedMessage": "BootNotification"}));
    assert_eq!((status(&answer), names(&sent)), (&json!("Accepted"), vec!["BootNotification"]));
}

#[test]
fn trig_11_a_custom_trigger_is_accepted_if_it_is_listed() {
    let mut bench = Bench::online(Version::V21);
    let trigger = |name: &str| json!({"requestedMessage": "CustomTrigger", "customTrigger": name});
    assert_eq!(status(&bench.call("TriggerMessage", trigger("Lamp")).0), "NotImplemented", "none is listed");
    assert_eq!(status(&bench.call("TriggerMessage", trigger("")).0), "NotImplemented");
    assert_eq!(status(&bench.call("TriggerMessage", json!({"requestedMessage": "CustomTrigger"})).0), "NotImplemented");
    bench.charger.set_custom_triggers(["Lamp", "Fan"]);
    let (answer, sent) = bench.call("TriggerMessage", trigger("fan"));
    assert_eq!((status(&answer), names(&sent)), (&json!("Accepted"), vec![]));
    assert_eq!(status(&bench.call("TriggerMessage", trigger("Heating")).0), "NotImplemented");
    let asked: Vec<_> = bench
        .events
        .iter()
        .filter_map(|event| match event {
            ChargerEvent::CustomTrigger { name } => Some(name.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(asked, ["fan"]);
    let listed = json!({"getVariableData": [
        {"component": {"name": "CustomizationCtrlr"}, "variable": {"name": "CustomTriggers"}},
    ]});
    let (answer, _) = bench.call("GetVariables", listed);
    assert_eq!(answer.payload["getVariableResult"][0]["attributeValue"], "Lamp,Fan");
}
