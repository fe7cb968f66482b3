//! What a driver does.

use ocpp_client::charger::{ChargerError, ChargerEvent, OutletStatus};
use ocpp_types::Version;
use serde_json::json;

use super::{Bench, events, names, statuses};

const V2: [Version; 2] = [Version::V201, Version::V21];

#[test]
fn boot_06_boot_07_after_acceptance_every_connector_is_reported_and_in_1_6_the_station() {
    let mut bench = Bench::new(Version::V16);
    bench.connect();
    let available = |id| (id, "Available".to_owned());
    assert_eq!(statuses(&bench.settle()), [available(0), available(1), available(2)]);
    for version in V2 {
        let mut bench = Bench::new(version);
        bench.connect();
        assert_eq!(statuses(&bench.settle()), [available(1), available(2)]);
    }
}

#[test]
fn tx16_01_plug_and_swipe_start_and_the_same_token_stops_without_authorize() {
    let mut bench = Bench::online(Version::V16);
    bench.charger.plug_in(bench.now, 1).expect("free");
    assert_eq!(statuses(&bench.settle()), [(1, "Preparing".to_owned())]);
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    let sent = bench.settle();
    let mut seen = names(&sent);
    seen.sort_unstable();
    // TX16-14: the order of the last two is free
    assert_eq!(seen, ["Authorize", "StartTransaction", "StatusNotification"]);
    let start = sent.iter().find(|sent| sent.name == "StartTransaction").expect("just seen");
    assert_eq!(start.payload["meterStart"], 0);
    assert_eq!(statuses(&sent), [(1, "Charging".to_owned())]);

    bench.charger.meter(bench.now, 1, 1500).expect("charging");
    let sent = bench.settle();
    assert_eq!(names(&sent), ["MeterValues"]);
    assert_eq!(sent[0].payload["transactionId"], 42);
    assert_eq!(
        sent[0].payload["meterValue"][0]["sampledValue"][0],
        json!({"value": "1500", "context": "Sample.Periodic", "measurand": "Energy.Active.Import.Register", "unit": "Wh"})
    );

    bench.charger.swipe(bench.now, 1, "04a1").expect("in service");
    let sent = bench.settle();
    assert!(!names(&sent).contains(&"Authorize"), "TX16-08");
    let stop = sent.iter().find(|sent| sent.name == "StopTransaction").expect("it stops");
    assert_eq!((&stop.payload["meterStop"], &stop.payload["transactionId"]), (&json!(1500), &json!(42)));
    assert_eq!(stop.payload.get("reason"), None, "TX16-07: local is what no reason means");
    assert_eq!(statuses(&sent), [(1, "Finishing".to_owned())]);
    bench.charger.plug_out(bench.now, 1).expect("a car");
    assert_eq!(statuses(&bench.settle()), [(1, "Available".to_owned())]);
    assert!(bench.events.iter().any(|event| matches!(event, ChargerEvent::Stopped { outlet: 1, energy: 1500 })));
}

#[test]
fn tx2_04_tx2_05_the_events_of_a_transaction_of_2_x() {
    for version in V2 {
        let mut bench = Bench::online(version);
        bench.charger.swipe(bench.now, 2, "04A1").expect("in service");
        assert_eq!(names(&bench.settle()), ["Authorize"], "{version}: permission alone starts nothing");
        bench.charger.plug_in(bench.now, 2).expect("free");
        let mut sent = bench.settle();
        bench.charger.meter(bench.now, 2, 700).expect("charging");
        sent.extend(bench.settle());
        bench.charger.swipe(bench.now, 2, "04A1").expect("in service");
        sent.extend(bench.settle());
        bench.charger.plug_out(bench.now, 2).expect("a car");
        sent.extend(bench.settle());
        assert_eq!(
            events(&sent),
            [
                "Started(CablePluggedIn)",
                "Updated(ChargingStateChanged)",
                "Updated(MeterValuePeriodic)",
                "Ended(StopAuthorized)"
            ],
            "{version}"
        );
        let told: Vec<_> =
            sent.iter().filter(|sent| sent.name == "TransactionEvent").map(|sent| &sent.payload).collect();
        // TX2-03
        assert_eq!(told.iter().map(|event| event["seqNo"].as_i64()).collect::<Vec<_>>(), [0, 1, 2, 3].map(Some));
        // TX2-09 and TX2-10
        assert_eq!(told[0]["evse"], json!({"id": 2, "connectorId": 1}));
        assert!(told[1..].iter().all(|event| event.get("evse").is_none()));
        assert_eq!(told[0]["idToken"], json!({"idToken": "04A1", "type": "ISO14443"}));
        let with_token: Vec<_> = told.iter().map(|event| event.get("idToken").is_some()).collect();
        assert_eq!(with_token, [true, false, false, true]);
        // TX2-08
        let states: Vec<_> = told.iter().map(|event| event["transactionInfo"]["chargingState"].as_str()).collect();
        assert_eq!(states, [Some("EVConnected"), Some("Charging"), None, Some("EVConnected")]);
        // TX2-13 and MV-09, MV-10
        assert_eq!(told[3]["transactionInfo"].get("stoppedReason"), None);
        let contexts = [0, 2, 3].map(|at: usize| told[at]["meterValue"][0]["sampledValue"][0]["context"].as_str());
        assert_eq!(
            contexts,
            [Some("Transaction.Begin"), None, Some("Transaction.End")]
                .map(|context: Option<&str>| { context.or(Some("Sample.Periodic")) })
        );
        assert_eq!(told[3]["meterValue"][0]["sampledValue"][0]["value"], 700);
        assert_eq!(
            statuses(&sent),
            [(2, "Occupied".to_owned()), (2, "Available".to_owned())],
            "ST-05: one state while a car is there"
        );
    }
}

#[test]
fn tx2_01_transaction_ids_are_unique_over_boots() {
    let mut seen = Vec::new();
    let mut bench = Bench::online(Version::V201);
    for boot in 0..20 {
        for _ in 0..50 {
            bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
            bench.settle();
            bench.charger.plug_in(bench.now, 1).expect("free");
            let sent = bench.settle();
            let started = sent.iter().find(|sent| sent.payload["eventType"] == "Started").expect("started");
            seen.push(started.payload["transactionInfo"]["transactionId"].as_str().expect("a text").to_owned());
            bench.charger.plug_out(bench.now, 1).expect("a car");
            bench.settle();
        }
        let seed = ocpp_client::Boot::new(1000 + boot);
        bench.charger = bench.charger.reboot(bench.now, seed).expect("a charger");
        bench.connect();
        bench.settle();
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), all), (1000, 1000));
    assert!(seen.iter().all(|id| id.len() <= 36));
}

#[test]
fn tx16_10_tx2_20_unplugging_ends_the_transaction() {
    let mut bench = Bench::online(Version::V16);
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    bench.settle();
    bench.charger.plug_out(bench.now, 1).expect("a car");
    let sent = bench.settle();
    let stop = sent.iter().find(|sent| sent.name == "StopTransaction").expect("it stops");
    assert_eq!(stop.payload["reason"], "EVDisconnected");
    for version in V2 {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        bench.charger.plug_out(bench.now, 1).expect("a car");
        let sent = bench.settle();
        assert_eq!(events(&sent), ["Ended(EVCommunicationLost)"]);
        let ended = &sent.iter().find(|sent| sent.name == "TransactionEvent").expect("just seen").payload;
        assert_eq!(ended["transactionInfo"]["stoppedReason"], "EVDisconnected");
        assert_eq!(ended["transactionInfo"]["chargingState"], "Idle");
    }
}

#[test]
fn tx16_11_tx2_15_a_permission_without_a_car_ends_after_a_while() {
    for version in Version::ALL {
        let mut bench = Bench::online(version);
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Preparing));
        bench.pass(59);
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Preparing));
        let sent = bench.pass(1);
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Available), "{version}");
        assert!(!names(&sent).contains(&"StartTransaction") && !names(&sent).contains(&"TransactionEvent"));
        bench.charger.plug_in(bench.now, 1).expect("free");
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Preparing), "it is too late");
    }
}

#[test]
fn auth_03_auth_04_a_blocked_token_starts_nothing() {
    for version in Version::ALL {
        let mut bench = Bench::online(version);
        let member = if version == Version::V16 { "idTagInfo" } else { "idTokenInfo" };
        bench.will_answer("Authorize", json!({member: {"status": "Blocked"}}));
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "BAD").expect("in service");
        bench.settle();
        assert_eq!(bench.charger.status(1), Ok(OutletStatus::Preparing));
        assert!(
            bench
                .events
                .iter()
                .any(|event| { matches!(event, ChargerEvent::Refused { outlet: 1, token } if token == "BAD") })
        );
    }
}

#[test]
fn auth_05_a_token_may_be_good_for_some_evses_only() {
    let mut bench = Bench::online(Version::V201);
    bench.will_answer("Authorize", json!({"idTokenInfo": {"status": "Accepted", "evseId": [2]}}));
    for outlet in [1, 2] {
        bench.charger.plug_in(bench.now, outlet).expect("free");
        bench.charger.swipe(bench.now, outlet, "04A1").expect("in service");
        bench.settle();
    }
    assert_eq!(bench.charger.status(1), Ok(OutletStatus::Preparing));
    assert_eq!(bench.charger.status(2), Ok(OutletStatus::Charging));
}

#[test]
fn auth_12_without_an_answer_the_station_decides_as_if_offline() {
    for (known, expected) in [(true, OutletStatus::Charging), (false, OutletStatus::Preparing)] {
        let mut bench = Bench::online(Version::V16);
        if known {
            bench.charger.swipe(bench.now, 2, "04A1").expect("in service");
            bench.settle();
            bench.pass(60);
        }
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.settle();
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        // nobody answers
        let asked = bench.sent();
        assert_eq!(names(&asked), ["Authorize"]);
        bench.pass(31);
        assert_eq!(bench.charger.status(1), Ok(expected), "known: {known}");
    }
}

#[test]
fn auth_offline_a_known_token_may_charge_an_unknown_one_only_if_so_set() {
    let mut bench = Bench::online(Version::V16);
    bench.charger.swipe(bench.now, 1, "GOOD").expect("in service");
    bench.settle();
    bench.will_answer("Authorize", json!({"idTagInfo": {"status": "Blocked"}}));
    bench.charger.swipe(bench.now, 2, "BAD").expect("in service");
    bench.settle();
    bench.call("ChangeConfiguration", json!({"key": "AllowOfflineTxForUnknownId", "value": "true"}));
    bench.pass(60);
    bench.disconnect();
    for (token, expected) in
        [("good", OutletStatus::Charging), ("BAD", OutletStatus::Preparing), ("NEW", OutletStatus::Charging)]
    {
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, token).expect("in service");
        assert_eq!(bench.charger.status(1), Ok(expected), "{token}: rule AUTH-02 for the one that is known as bad");
        bench.charger.plug_out(bench.now, 1).expect("a car");
    }
}

#[test]
fn tx16_08_tx16_09_tx2_19_another_token_stops_only_with_the_same_parent() {
    for version in Version::ALL {
        for (parent, stops) in [("FLEET", true), ("OTHER", false), ("04A1", false)] {
            let (member, group) = if version == Version::V16 {
                ("idTagInfo", json!("FLEET"))
            } else {
                ("idTokenInfo", json!({"idToken": "FLEET", "type": "Central"}))
            };
            let name = if version == Version::V16 { "parentIdTag" } else { "groupIdToken" };
            let mut bench = Bench::online(version);
            bench.will_answer("Authorize", json!({member: {"status": "Accepted", name: group}}));
            bench.charger.plug_in(bench.now, 1).expect("free");
            bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
            bench.settle();
            let group =
                if version == Version::V16 { json!(parent) } else { json!({"idToken": parent, "type": "Central"}) };
            bench.will_answer("Authorize", json!({member: {"status": "Accepted", name: group}}));
            bench.charger.swipe(bench.now, 1, "04B2").expect("in service");
            let sent = bench.settle();
            let has_stopped = bench.charger.status(1) != Ok(OutletStatus::Charging);
            assert_eq!(has_stopped, stops, "{version}, parent {parent}");
            if !stops {
                continue;
            }
            // it is the one who stopped that is told, not the one who started (TX16-07, TX2-10)
            let told = match version {
                Version::V16 => {
                    sent.iter().find(|sent| sent.name == "StopTransaction").map(|sent| &sent.payload["idTag"])
                }
                _ => {
                    let end = sent.iter().find(|sent| sent.payload["eventType"] == "Ended");
                    end.map(|sent| &sent.payload["idToken"]["idToken"])
                }
            };
            assert_eq!(told, Some(&json!("04B2")), "{version}");
        }
    }
}

#[test]
fn tx16_04_tx2_17_a_token_that_turns_out_bad_stops_the_transaction() {
    let mut bench = Bench::online(Version::V16);
    bench.will_answer("StartTransaction", json!({"idTagInfo": {"status": "Blocked"}, "transactionId": 3}));
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    let sent = bench.settle();
    let stop = sent.iter().find(|sent| sent.name == "StopTransaction").expect("it stops");
    assert_eq!((&stop.payload["reason"], &stop.payload["transactionId"]), (&json!("DeAuthorized"), &json!(3)));
    for version in V2 {
        let mut bench = Bench::online(version);
        bench.will_answer("TransactionEvent", json!({"idTokenInfo": {"status": "Blocked"}}));
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        let sent = bench.settle();
        assert_eq!(events(&sent).last().map(String::as_str), Some("Ended(Deauthorized)"), "{version}");
        assert_eq!(events(&sent).iter().filter(|event| event.starts_with("Ended")).count(), 1);
    }
}

#[test]
fn tx16_04_tx2_18_or_it_only_stops_the_energy() {
    let mut bench = Bench::online(Version::V16);
    bench.call("ChangeConfiguration", json!({"key": "StopTransactionOnInvalidId", "value": "false"}));
    bench.will_answer("StartTransaction", json!({"idTagInfo": {"status": "Expired"}, "transactionId": 3}));
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    let sent = bench.settle();
    assert_eq!(statuses(&sent).last(), Some(&(1, "SuspendedEVSE".to_owned())));
    assert_eq!(bench.charger.meter(bench.now, 1, 5), Err(ChargerError::Idle(1)));
}

#[test]
fn mv_01_mv_08_the_register_is_reported_periodically() {
    for version in Version::ALL {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        let readings = bench.pass(180);
        let name = if version == Version::V16 { "MeterValues" } else { "TransactionEvent" };
        assert_eq!(names(&readings), [name; 3], "{version}");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        assert!(names(&bench.pass(180)).is_empty());
    }
}

#[test]
fn q_01_q_10_a_session_offline_arrives_whole_and_the_status_as_it_is_now() {
    let mut bench = Bench::online(Version::V16);
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    bench.settle();
    bench.pass(61);
    bench.disconnect();
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    bench.charger.meter(bench.now, 1, 900).expect("charging");
    bench.charger.plug_out(bench.now, 1).expect("a car");
    bench.charger.plug_in(bench.now, 2).expect("free");
    bench.connect();
    let sent = bench.settle();
    let told: Vec<_> = names(&sent).into_iter().filter(|name| *name != "StatusNotification").collect();
    assert_eq!(told, ["StartTransaction", "MeterValues", "StopTransaction"]);
    assert_eq!(statuses(&sent), [(2, "Preparing".to_owned())], "no history, and nothing that is as it was");
}

#[test]
fn what_is_not_there_is_said() {
    let mut bench = Bench::online(Version::V21);
    assert_eq!(bench.charger.plug_in(bench.now, 3), Err(ChargerError::NoOutlet(3)));
    assert_eq!(bench.charger.plug_out(bench.now, 1), Err(ChargerError::Empty(1)));
    bench.charger.plug_in(bench.now, 1).expect("free");
    assert_eq!(bench.charger.plug_in(bench.now, 1), Err(ChargerError::Taken(1)));
    assert_eq!(bench.charger.meter(bench.now, 1, 1), Err(ChargerError::Idle(1)));
}

/// Rule CACHE-05: of tokens there are more than a charger remembers.
#[test]
fn tokens_without_number_fill_no_memory() {
    for status in ["Blocked", "Accepted"] {
        let mut bench = Bench::online(Version::V16);
        bench.will_answer("Authorize", json!({"idTagInfo": {"status": status}}));
        let mut numbers = 0_u32..;
        let mut present = |times: usize| {
            for number in numbers.by_ref().take(times) {
                bench.charger.swipe(bench.now, 1, &format!("{number:08}")).expect("in service");
                bench.settle();
                bench.events.clear();
            }
            // all that it holds can be seen
            format!("{:?}", bench.charger).len()
        };
        let (few, many) = (present(300), present(600));
        assert!(many < few + 1000, "{status}: {few} {many}");
    }
}
