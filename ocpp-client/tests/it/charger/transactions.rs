//! Transactions in detail: rules TX16-05, TX16-12, TX16-16, TX2-02, TX2-05, TX2-07, TX2-12, TX2-14, TX2-16, TX2-24 and TX2-26.

use ocpp_client::Boot;
use ocpp_client::charger::{ChargerError, ChargerEvent, OutletStatus};
use ocpp_types::Version;
use serde_json::{Value, json};

use super::{Bench, events, names};
use crate::lab::Sent;

const V2: [Version; 2] = [Version::V201, Version::V21];

fn charging(version: Version, token: &str) -> Bench {
    let mut bench = Bench::online(version);
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, token).expect("in service");
    bench.settle();
    assert_eq!(bench.charger.status(1), Ok(OutletStatus::Charging));
    bench
}

fn find<'a>(sent: &'a [Sent], name: &str) -> &'a Value {
    &sent.iter().find(|sent| sent.name == name).unwrap_or_else(|| panic!("no {name} in {sent:?}")).payload
}

/// Whether a token that the CSMS has told of may charge while it cannot be asked.
fn charges_offline(bench: &mut Bench, token: &str) -> bool {
    bench.disconnect();
    bench.charger.plug_in(bench.now, 2).expect("free");
    bench.charger.swipe(bench.now, 2, token).expect("in service");
    let charges = bench.charger.status(2) == Ok(OutletStatus::Charging);
    bench.charger.plug_out(bench.now, 2).expect("a car");
    bench.connect();
    bench.settle();
    charges
}

#[test]
fn tx16_05_tx2_16_what_the_answers_to_a_transaction_say_of_a_token_is_remembered() {
    for version in Version::ALL {
        let is_16 = version == Version::V16;
        // accepted when asked, blocked when the transaction starts
        let mut bench = Bench::online(version);
        if is_16 {
            bench.will_answer("StartTransaction", json!({"idTagInfo": {"status": "Blocked"}, "transactionId": 42}));
        } else {
            bench.will_answer("TransactionEvent", json!({"idTokenInfo": {"status": "Blocked"}}));
        }
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        let sent = bench.settle();
        let asked_again = if is_16 { "StartTransaction" } else { "TransactionEvent" };
        let first = find(&sent, asked_again);
        assert!(first["idTag"] == "04A1" || first["idToken"]["idToken"] == "04A1", "the CSMS can check again");
        assert!(!charges_offline(&mut bench, "04A1"), "{version}: blocked at the start");

        // and the other way round, when it ends
        let mut bench = charging(version, "04A1");
        let good = if is_16 { "idTagInfo" } else { "idTokenInfo" };
        let end = if is_16 { "StopTransaction" } else { "TransactionEvent" };
        assert!(charges_offline(&mut bench, "04A1"), "{version}: accepted so far");
        bench.will_answer(end, json!({good: {"status": "Expired"}}));
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        assert!(!charges_offline(&mut bench, "04A1"), "{version}: expired at the end");
    }
}

#[test]
fn tx2_17_an_answer_that_comes_late_does_not_stop_the_next_transaction() {
    for version in Version::ALL {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.settle();
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        // the permission is answered, the start is not yet
        let asked = bench.sent();
        let accepted = crate::lab::usual_answer("Authorize", &asked[0].payload);
        ocpp_rpc::Machine::handle_input(
            &mut bench.charger,
            bench.now,
            ocpp_rpc::Input::Text(&json!([3, asked[0].id, accepted]).to_string()),
        );
        bench.charger.plug_out(bench.now, 1).expect("a car");
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.disconnect();
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Charging));
        // the first of the two starts is refused
        bench.connect();
        let mut refused = false;
        loop {
            let sent = bench.sent();
            if sent.is_empty() {
                break;
            }
            for frame in sent.into_iter().filter(|frame| frame.kind == 2) {
                let starts = frame.name == "StartTransaction" || frame.payload["eventType"] == "Started";
                let status = if starts && !std::mem::replace(&mut refused, true) { "Blocked" } else { "Accepted" };
                let answer = match &*frame.name {
                    "StartTransaction" => json!({"idTagInfo": {"status": status}, "transactionId": 42}),
                    "TransactionEvent" if starts => json!({"idTokenInfo": {"status": status}}),
                    name => crate::lab::usual_answer(name, &frame.payload),
                };
                let text = json!([3, frame.id, answer]).to_string();
                ocpp_rpc::Machine::handle_input(&mut bench.charger, bench.now, ocpp_rpc::Input::Text(&text));
            }
        }
        assert!(refused);
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Charging), "{version}");
    }
}

#[test]
fn tx16_12_a_stop_by_reset_that_was_not_answered_arrives_after_the_boot() {
    for (kind, reason) in [("Soft", "SoftReset"), ("Hard", "HardReset")] {
        let mut bench = charging(Version::V16, "04A1");
        ocpp_rpc::Machine::handle_input(
            &mut bench.charger,
            bench.now,
            ocpp_rpc::Input::Text(&json!([2, "r", "Reset", {"type": kind}]).to_string()),
        );
        // it goes out before the restart, and nobody answers
        let sent = bench.sent();
        assert_eq!((sent[0].kind, &*sent[0].id), (3, "r"));
        assert_eq!(find(&sent, "StopTransaction")["reason"], reason);
        bench.disconnect();
        bench.charger = bench.charger.reboot(bench.now, Boot::new(9)).expect("a charger");
        bench.connect();
        let sent = bench.sent();
        assert_eq!(names(&sent), ["BootNotification"], "BOOT-02");
        let accepted = crate::lab::usual_answer("BootNotification", &sent[0].payload);
        let text = json!([3, sent[0].id, accepted]).to_string();
        ocpp_rpc::Machine::handle_input(&mut bench.charger, bench.now, ocpp_rpc::Input::Text(&text));
        let sent = bench.settle();
        let stops: Vec<_> = sent.iter().filter(|sent| sent.name == "StopTransaction").collect();
        assert_eq!(stops.len(), 1, "{kind}");
        assert_eq!((&stops[0].payload["reason"], &stops[0].payload["transactionId"]), (&json!(reason), &json!(42)));
    }
}

#[test]
fn tx16_16_the_readings_of_a_stop_are_thinned_in_the_middle() {
    let mut bench = Bench::online(Version::V16);
    let set = |bench: &mut Bench, value: &str| {
        let (answer, _) = bench.call("ChangeConfiguration", json!({"key": "StopTxnSampledData", "value": value}));
        answer.payload["status"].as_str().expect("a status").to_owned()
    };
    let session = |bench: &mut Bench, readings: u32| {
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        for _ in 0..readings {
            bench.charger.meter(bench.now, 1, 100).expect("charging");
            bench.settle();
        }
        bench.charger.plug_out(bench.now, 1).expect("a car");
        let sent = bench.settle();
        find(&sent, "StopTransaction").clone()
    };
    assert_eq!(session(&mut bench, 3).get("transactionData"), None, "no measurands, no data");
    assert_eq!(set(&mut bench, "Voltage"), "Rejected", "which is not measured here");
    assert_eq!(set(&mut bench, "Energy.Active.Import.Register"), "Accepted");
    for (most, readings) in [(4, 10), (4, 0), (4, 2), (2, 30), (7, 100), (50, 10)] {
        bench.charger.set_most_stop_readings(most);
        let start = bench.charger.register(1).expect("an outlet");
        let stop = session(&mut bench, readings);
        let data = stop["transactionData"].as_array().expect("readings");
        let told: Vec<(&str, i64)> = data
            .iter()
            .map(|value| {
                let sample = &value["sampledValue"][0];
                let register = sample["value"].as_str().and_then(|value| value.parse().ok()).expect("a number");
                (sample["context"].as_str().expect("a context"), register)
            })
            .collect();
        assert!(told.len() <= usize::from(most), "{most} of {readings}: {told:?}");
        assert!(
            told.len() >= usize::from(most).min(readings as usize + 2).div_ceil(2),
            "{most} of {readings}: {told:?}"
        );
        assert_eq!(told.first(), Some(&("Transaction.Begin", start)));
        let end = start + 100 * i64::from(readings);
        assert_eq!(told.last(), Some(&("Transaction.End", end)), "{most} of {readings}");
        assert!(told[1..told.len() - 1].iter().all(|(context, _)| *context == "Sample.Periodic"));
        assert!(told.windows(2).all(|pair| pair[0].1 <= pair[1].1), "in order");
    }
    // they survive a power cut
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    bench.settle();
    bench.charger.meter(bench.now, 1, 100).expect("charging");
    bench.settle();
    let mut bench = bench.power_cut();
    bench.connect();
    let sent = bench.settle();
    assert_eq!(find(&sent, "StopTransaction")["transactionData"].as_array().map(Vec::len), Some(3));
}

#[test]
fn tx2_02_an_evse_has_one_transaction_at_a_time() {
    for version in V2 {
        let mut bench = charging(version, "04A1");
        assert_eq!(bench.charger.plug_in(bench.now, 1), Err(ChargerError::Taken(1)));
        let start = json!({"evseId": 1, "remoteStartId": 5, "idToken": {"idToken": "04B2", "type": "ISO14443"}});
        let (answer, sent) = bench.call("RequestStartTransaction", start);
        assert_eq!((&answer.payload["status"], events(&sent)), (&json!("Rejected"), vec![]), "{version}");
        // somebody else's token neither ends it nor starts another
        bench.charger.swipe(bench.now, 1, "04B2").expect("in service");
        assert!(events(&bench.settle()).is_empty());
        // the other EVSE has its own
        bench.charger.plug_in(bench.now, 2).expect("free");
        bench.charger.swipe(bench.now, 2, "04B2").expect("in service");
        let sent = bench.settle();
        assert_eq!(events(&sent)[0], "Started(Authorized)");
        assert_eq!(find(&sent, "TransactionEvent")["evse"]["id"], 2);
    }
}

#[test]
fn tx2_07_every_message_has_the_trigger_that_says_most() {
    for version in V2 {
        let remote =
            |id: i64| json!({"evseId": 1, "remoteStartId": id, "idToken": {"idToken": "04A1", "type": "ISO14443"}});
        // what starts it
        let mut bench = Bench::online(version);
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        bench.charger.plug_in(bench.now, 1).expect("free");
        let sent = bench.settle();
        assert_eq!(events(&sent), ["Started(CablePluggedIn)", "Updated(ChargingStateChanged)"], "{version}");
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        assert_eq!(events(&bench.settle())[0], "Started(Authorized)");
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.settle();
        let (_, sent) = bench.call("RequestStartTransaction", remote(1));
        assert_eq!(events(&sent)[0], "Started(RemoteStart)");

        // what happens meanwhile
        assert_eq!(events(&bench.pass(60)), ["Updated(MeterValuePeriodic)"]);
        let (_, sent) = bench.call("TriggerMessage", json!({"requestedMessage": "TransactionEvent"}));
        assert_eq!(events(&sent), ["Updated(Trigger)"]);
        bench.charger.pause(bench.now, 1, true).expect("a car");
        assert_eq!(events(&bench.settle()), ["Updated(ChargingStateChanged)"]);

        // what ends it
        let mut bench = charging(version, "04A1");
        bench.charger.plug_out(bench.now, 1).expect("a car");
        assert_eq!(events(&bench.settle()), ["Ended(EVCommunicationLost)"]);
        let mut bench = charging(version, "04A1");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        assert_eq!(events(&bench.settle()), ["Ended(StopAuthorized)"]);
        let mut bench = charging(version, "04A1");
        let (_, sent) = bench.call("Reset", json!({"type": "Immediate"}));
        assert_eq!(events(&sent), ["Ended(ResetCommand)"]);
        let mut bench = charging(version, "04A1");
        bench.charger.break_down(bench.now, 1).expect("an outlet");
        assert_eq!(events(&bench.settle()), ["Ended(AbnormalCondition)"]);
    }
}

#[test]
fn tx2_12_the_id_of_a_remote_start_is_in_the_event_that_follows_from_it() {
    for version in V2 {
        for authorizes in ["false", "true"] {
            let mut bench = Bench::online(version);
            let variable = json!({"component": {"name": "AuthCtrlr"}, "variable": {"name": "AuthorizeRemoteStart"}});
            let mut variable = variable;
            variable["attributeValue"] = json!(authorizes);
            bench.call("SetVariables", json!({"setVariableData": [variable]}));
            let start = json!({"evseId": 1, "remoteStartId": 77, "idToken": {"idToken": "04A1", "type": "ISO14443"}});
            let (answer, sent) = bench.call("RequestStartTransaction", start);
            assert_eq!((&answer.payload["status"], events(&sent)), (&json!("Accepted"), vec![]), "{version}");
            assert_eq!(names(&sent).contains(&"Authorize"), authorizes == "true");
            bench.charger.plug_in(bench.now, 1).expect("free");
            let sent = bench.settle();
            let told: Vec<_> = sent.iter().filter(|sent| sent.name == "TransactionEvent").collect();
            assert_eq!(events(&sent)[0], "Started(RemoteStart)");
            let ids: Vec<_> = told.iter().map(|event| event.payload["transactionInfo"].get("remoteStartId")).collect();
            assert_eq!(ids[0], Some(&json!(77)));
            assert!(ids[1..].iter().all(Option::is_none), "once: {ids:?}");
        }
        // one that the driver starts has none
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        let sent = bench.settle();
        assert_eq!(find(&sent, "TransactionEvent")["transactionInfo"].get("remoteStartId"), None);
    }
}

#[test]
fn tx2_14_a_fault_ends_the_transaction() {
    for version in V2 {
        let mut bench = charging(version, "04A1");
        bench.charger.meter(bench.now, 1, 500).expect("charging");
        bench.settle();
        bench.charger.break_down(bench.now, 1).expect("an outlet");
        let sent = bench.settle();
        assert_eq!(events(&sent), ["Ended(AbnormalCondition)"], "{version}");
        let ended = find(&sent, "TransactionEvent");
        assert_eq!(ended["transactionInfo"]["stoppedReason"], "Other");
        assert_eq!(ended["meterValue"][0]["sampledValue"][0]["value"], 500);
        assert_eq!(super::statuses(&sent), [(1, "Faulted".to_owned())]);
        assert_eq!(bench.charger.swipe(bench.now, 1, "04A1"), Err(ChargerError::Unavailable(1)));
        let start = json!({"evseId": 1, "remoteStartId": 5, "idToken": {"idToken": "04B2", "type": "ISO14443"}});
        assert_eq!(bench.call("RequestStartTransaction", start).0.payload["status"], "Rejected");
        bench.charger.repair(bench.now, 1).expect("an outlet");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service again");
        assert_eq!(events(&bench.settle())[0], "Started(Authorized)");
    }
    let mut bench = charging(Version::V16, "04A1");
    bench.charger.break_down(bench.now, 1).expect("an outlet");
    assert_eq!(find(&bench.settle(), "StopTransaction")["reason"], "Other");
}

#[test]
fn tx2_14_a_permission_does_not_outlive_a_fault() {
    for version in Version::ALL {
        let mut bench = Bench::online(version);
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        bench.charger.break_down(bench.now, 1).expect("an outlet");
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.repair(bench.now, 1).expect("an outlet");
        bench.settle();
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Preparing), "{version}");
    }
}

#[test]
fn tx2_24_the_number_of_phases_is_told_when_energy_starts_and_when_it_changes() {
    for version in V2 {
        let phases = |sent: &[Sent]| -> Vec<Option<i64>> {
            let events = sent.iter().filter(|sent| sent.name == "TransactionEvent");
            events.map(|sent| sent.payload["numberOfPhasesUsed"].as_i64()).collect()
        };
        let mut bench = Bench::online(version);
        bench.charger.set_phases(1, Some(3)).expect("an outlet");
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        assert_eq!(phases(&bench.settle()), [None, Some(3)], "{version}: with the change to Charging");
        assert_eq!(phases(&bench.pass(60)), [None]);
        bench.charger.set_phases(1, Some(1)).expect("an outlet");
        assert_eq!(phases(&bench.settle()), [], "with the next message");
        assert_eq!(phases(&bench.pass(120)), [Some(1), None]);
        let mut bench = charging(version, "04A1");
        assert_eq!(phases(&bench.pass(60)), [None], "what is not known is not told");
    }
}

#[test]
fn tx2_26_a_button_starts_and_stops_without_a_token_and_nobody_remembers_it() {
    for version in V2 {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.settle();
        bench.will_answer("TransactionEvent", json!({"idTokenInfo": {"status": "Accepted"}}));
        bench.charger.press(bench.now, 1).expect("in service");
        let sent = bench.settle();
        assert!(!names(&sent).contains(&"Authorize"), "{version}");
        assert_eq!(events(&sent)[0], "Started(Authorized)");
        assert_eq!(find(&sent, "TransactionEvent")["idToken"], json!({"idToken": "", "type": "NoAuthorization"}));
        // a card is none of its business, and the other way round
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.charger.swipe(bench.now, 1, "").expect("in service");
        bench.settle();
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Charging));
        bench.charger.press(bench.now, 1).expect("in service");
        let sent = bench.settle();
        assert_eq!(events(&sent), ["Ended(StopAuthorized)"]);
        // what the CSMS said of it is not kept
        bench.disconnect();
        bench.charger.plug_in(bench.now, 2).expect("free");
        bench.charger.swipe(bench.now, 2, "").expect("in service");
        assert_eq!(bench.charger.status(2), Ok(OutletStatus::Preparing));
        let mut bench = charging(version, "04A1");
        bench.charger.press(bench.now, 1).expect("in service");
        bench.settle();
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Charging), "the button does not end what a card began");
    }
    let mut bench = Bench::online(Version::V16);
    assert_eq!(bench.charger.press(bench.now, 1), Err(ChargerError::NoButton(1)));
}

/// Sets `TxStopPoint`; gives the status of that.
pub(super) fn set_stop_points(bench: &mut Bench, points: &str) -> String {
    let item = json!({
        "component": {"name": "TxCtrlr"}, "variable": {"name": "TxStopPoint"}, "attributeValue": points,
    });
    let (answer, _) = bench.call("SetVariables", json!({"setVariableData": [item]}));
    answer.payload["setVariableResult"][0]["attributeStatus"].as_str().expect("a status").to_owned()
}

#[test]
fn tx2_05_the_first_stop_point_that_is_met_ends_the_transaction() {
    // what happens, and with which stop points it is the end
    type Happening = fn(&mut Bench) -> Vec<Sent>;
    let swipe: Happening = |bench| {
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle()
    };
    let unplug: Happening = |bench| {
        bench.charger.plug_out(bench.now, 1).expect("a car");
        bench.settle()
    };
    let pause: Happening = |bench| {
        bench.charger.pause(bench.now, 1, true).expect("a car");
        bench.settle()
    };
    let remote: Happening = |bench| {
        let (_, asked) = bench.call("TriggerMessage", json!({"requestedMessage": "TransactionEvent"}));
        let id = find(&asked, "TransactionEvent")["transactionInfo"]["transactionId"].clone();
        bench.call("RequestStopTransaction", json!({"transactionId": id})).1
    };
    for version in V2 {
        for (points, happens, expected) in [
            ("EVConnected,Authorized", swipe, "Ended(StopAuthorized)"),
            ("Authorized", swipe, "Ended(StopAuthorized)"),
            ("PowerPathClosed", swipe, "Ended(StopAuthorized)"),
            ("EnergyTransfer", swipe, "Ended(StopAuthorized)"),
            ("EVConnected", swipe, "Updated(StopAuthorized)"),
            ("Authorized", remote, "Ended(RemoteStop)"),
            ("EVConnected", remote, "Updated(RemoteStop)"),
            ("EVConnected", unplug, "Ended(EVCommunicationLost)"),
            ("PowerPathClosed", unplug, "Ended(EVCommunicationLost)"),
            // TX2-20: the permission ends with the cable
            ("Authorized", unplug, "Ended(EVCommunicationLost)"),
            ("EnergyTransfer", unplug, "Ended(EVCommunicationLost)"),
            ("EnergyTransfer", pause, "Ended(ChargingStateChanged)"),
            ("evconnected,energytransfer", pause, "Ended(ChargingStateChanged)"),
            ("EVConnected,Authorized,PowerPathClosed", pause, "Updated(ChargingStateChanged)"),
        ] {
            let mut bench = charging(version, "04A1");
            assert_eq!(set_stop_points(&mut bench, points), "Accepted");
            assert_eq!(events(&happens(&mut bench)), [expected], "{version} {points}");
        }
    }
}

#[test]
fn tx2_05_without_permission_no_energy_flows_and_the_cable_ends_it() {
    for version in V2 {
        let mut bench = charging(version, "04A1");
        set_stop_points(&mut bench, "EVConnected");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        let sent = bench.settle();
        let told = find(&sent, "TransactionEvent");
        assert_eq!(told["transactionInfo"]["chargingState"], "EVConnected", "{version}");
        assert_eq!(told["transactionInfo"].get("stoppedReason"), None);
        assert_eq!(told["idToken"]["idToken"], "04A1", "TX2-10");
        assert_eq!(bench.charger.meter(bench.now, 1, 5), Err(ChargerError::Idle(1)));
        // another permission, E02.FR.20
        bench.charger.swipe(bench.now, 1, "04B2").expect("in service");
        let sent = bench.settle();
        assert_eq!(events(&sent), ["Updated(Authorized)", "Updated(ChargingStateChanged)"]);
        assert_eq!(find(&sent, "TransactionEvent")["idToken"]["idToken"], "04B2");
        bench.charger.meter(bench.now, 1, 5).expect("charging again");
        bench.settle();
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        assert!(events(&bench.settle()).is_empty(), "the first token has no say any more");
        bench.charger.swipe(bench.now, 1, "04B2").expect("in service");
        assert_eq!(events(&bench.settle()), ["Updated(StopAuthorized)"]);
        bench.charger.plug_out(bench.now, 1).expect("a car");
        let sent = bench.settle();
        assert_eq!(events(&sent), ["Ended(EVCommunicationLost)"]);
        let ended = find(&sent, "TransactionEvent");
        assert_eq!((ended.get("idToken"), &ended["meterValue"][0]["sampledValue"][0]["value"]), (None, &json!(5)));
        let numbers = ended["seqNo"].as_i64().expect("a number");
        assert_eq!(numbers, 7, "TX2-03");
    }
}

#[test]
fn tx2_05_tx2_17_a_token_that_turns_out_bad_only_stops_the_energy_where_the_cable_decides() {
    for version in V2 {
        let mut bench = Bench::online(version);
        set_stop_points(&mut bench, "EVConnected");
        bench.will_answer("TransactionEvent", json!({"idTokenInfo": {"status": "Blocked"}}));
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        let sent = bench.settle();
        assert_eq!(
            events(&sent),
            ["Started(Authorized)", "Updated(ChargingStateChanged)", "Updated(Deauthorized)"],
            "{version}"
        );
        let last = &sent.iter().rfind(|sent| sent.name == "TransactionEvent").expect("just seen").payload;
        assert_eq!(last["transactionInfo"]["chargingState"], "EVConnected");
        assert!(bench.charger.meter(bench.now, 1, 5).is_err());
        // a power cut in this state ends it as any other
        let mut bench = bench.power_cut();
        bench.connect();
        assert_eq!(events(&bench.settle()), ["Ended(AbnormalCondition)"]);
    }
}

#[test]
fn tx2_06_stop_points_that_are_none_here_are_refused() {
    for version in V2 {
        let mut bench = Bench::online(version);
        for points in ["ParkingBayOccupancy", "DataSigned", "Authorized,DataSigned", "Never", "Authorized,"] {
            assert_eq!(set_stop_points(&mut bench, points), "Rejected", "{version} {points}");
        }
    }
}

/// Sets a variable of `TxCtrlr`.
fn set_2x(bench: &mut Bench, variable: &str, value: &str) {
    let item = json!({"component": {"name": "TxCtrlr"}, "variable": {"name": variable}, "attributeValue": value});
    let (answer, _) = bench.call("SetVariables", json!({"setVariableData": [item]}));
    assert_eq!(answer.payload["setVariableResult"][0]["attributeStatus"], "Accepted", "{variable}");
}

fn states(sent: &[Sent]) -> Vec<String> {
    let events = sent.iter().filter(|sent| sent.name == "TransactionEvent");
    let state = |sent: &Sent| sent.payload["transactionInfo"]["chargingState"].as_str().unwrap_or_default().to_owned();
    events.map(state).collect()
}

#[test]
fn tx2_18_with_a_bad_token_the_energy_stops_and_the_transaction_goes_on_if_that_is_wanted() {
    for version in V2 {
        let mut bench = Bench::online(version);
        set_2x(&mut bench, "StopTxOnInvalidId", "false");
        set_stop_points(&mut bench, "EVConnected");
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.will_answer("TransactionEvent", json!({"idTokenInfo": {"status": "Blocked"}}));
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        let sent = bench.settle();
        assert_eq!(events(&sent).last().map(String::as_str), Some("Updated(ChargingStateChanged)"), "{version}");
        assert_eq!(states(&sent).last().map(String::as_str), Some("SuspendedEVSE"), "{version}");
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Suspended));
        assert_eq!(bench.charger.meter(bench.now, 1, 5), Err(ChargerError::Idle(1)));
        // of two that suspend, the station is named (ST-03)
        bench.charger.pause(bench.now, 1, true).expect("a car");
        assert_eq!(states(&bench.settle()), ["SuspendedEVSE"], "{version}");
        bench.charger.pause(bench.now, 1, false).expect("a car");
        bench.settle();
        // when the permission is given back and another one given, energy flows
        bench.will_answer("TransactionEvent", json!({}));
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        assert_eq!(events(&bench.settle()), ["Updated(StopAuthorized)"]);
        bench.charger.swipe(bench.now, 1, "04B2").expect("in service");
        let sent = bench.settle();
        assert_eq!(states(&sent).last().map(String::as_str), Some("Charging"), "{version}: {sent:?}");
        bench.charger.meter(bench.now, 1, 5).expect("charging");

        // where the end of energy ends a transaction, there is no going on
        let mut bench = Bench::online(version);
        set_2x(&mut bench, "StopTxOnInvalidId", "false");
        set_stop_points(&mut bench, "EnergyTransfer");
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.will_answer("TransactionEvent", json!({"idTokenInfo": {"status": "Blocked"}}));
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        let sent = bench.settle();
        assert_eq!(events(&sent).last().map(String::as_str), Some("Ended(Deauthorized)"), "{version}");
    }
}

#[test]
fn tx2_16_what_the_answer_to_the_end_of_a_permission_says_of_the_token_is_remembered() {
    for version in V2 {
        let mut bench = Bench::online(version);
        set_stop_points(&mut bench, "EVConnected");
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        bench.will_answer("TransactionEvent", json!({"idTokenInfo": {"status": "Expired"}}));
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        assert_eq!(events(&bench.settle()), ["Updated(StopAuthorized)"], "{version}");
        assert!(!charges_offline(&mut bench, "04A1"), "{version}");
    }
}

#[test]
fn a_reset_when_idle_waits_for_the_last_transaction() {
    for version in V2 {
        let mut bench = charging(version, "04A1");
        bench.charger.plug_in(bench.now, 2).expect("free");
        bench.charger.swipe(bench.now, 2, "04B2").expect("in service");
        bench.settle();
        let (answer, _) = bench.call("Reset", json!({"type": "OnIdle"}));
        assert_eq!(answer.payload["status"], "Scheduled");
        for (outlet, restarts) in [(1, false), (2, true)] {
            bench.charger.plug_out(bench.now, outlet).expect("a car");
            bench.settle();
            let told = |event: &ChargerEvent| matches!(event, ChargerEvent::Restart { .. });
            assert_eq!(bench.events.iter().any(told), restarts, "{version}, outlet {outlet}");
        }
    }
}
