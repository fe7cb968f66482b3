//! What is told of the state of connectors: rules ST-01 to ST-04, ST-06, ST-10, TX2-30 and Q-10.

use ocpp_client::MemoryStore;
use ocpp_client::charger::{Charger, OutletStatus};
use ocpp_rpc::{Input, Machine};
use ocpp_types::Version;
use proptest::prelude::*;
use serde_json::json;

use super::{Bench, events, names, statuses};

const V2: [Version; 2] = [Version::V201, Version::V21];

/// Whether 1.6 lets a connector go from one state to another (C16 §4.9).
fn is_legal(from: &str, to: &str) -> bool {
    let after: &[&str] = match from {
        "Available" => &["Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Reserved", "Unavailable", "Faulted"],
        "Preparing" => &["Available", "Charging", "SuspendedEV", "SuspendedEVSE", "Finishing", "Faulted"],
        "Charging" => &["Available", "SuspendedEV", "SuspendedEVSE", "Finishing", "Unavailable", "Faulted"],
        "SuspendedEV" => &["Available", "Charging", "SuspendedEVSE", "Finishing", "Unavailable", "Faulted"],
        "SuspendedEVSE" => &["Available", "Charging", "SuspendedEV", "Finishing", "Unavailable", "Faulted"],
        "Finishing" | "Reserved" => &["Available", "Preparing", "Unavailable", "Faulted"],
        "Unavailable" => &["Available", "Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Faulted"],
        "Faulted" => return to != "Faulted",
        _ => return false,
    };
    after.contains(&to)
}

#[derive(Clone, Copy, Debug)]
enum Step {
    PlugIn,
    PlugOut,
    Swipe,
    SwipeAnother,
    Pause(bool),
    Break,
    Repair,
    Availability(bool),
    RemoteStop,
    Unlock,
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::PlugIn),
        2 => Just(Step::PlugOut),
        4 => Just(Step::Swipe),
        1 => Just(Step::SwipeAnother),
        2 => any::<bool>().prop_map(Step::Pause),
        1 => Just(Step::Break),
        1 => Just(Step::Repair),
        2 => any::<bool>().prop_map(Step::Availability),
        1 => Just(Step::RemoteStop),
        1 => Just(Step::Unlock),
        2 => (1_u64..90).prop_map(Step::Pass),
    ]
}

/// Does it; what is impossible just now changes nothing.
fn act(bench: &mut Bench, step: Step) -> Vec<crate::lab::Sent> {
    let now = bench.now;
    let charger: &mut Charger<MemoryStore> = &mut bench.charger;
    let _impossible = match step {
        Step::PlugIn => charger.plug_in(now, 1),
        Step::PlugOut => charger.plug_out(now, 1),
        Step::Swipe => charger.swipe(now, 1, "04A1"),
        Step::SwipeAnother => charger.swipe(now, 1, "04B2"),
        Step::Pause(pauses) => charger.pause(now, 1, pauses),
        Step::Break => charger.break_down(now, 1),
        Step::Repair => charger.repair(now, 1),
        Step::Availability(operative) => {
            let kind = if operative { "Operative" } else { "Inoperative" };
            return bench.call("ChangeAvailability", json!({"connectorId": 1, "type": kind})).1;
        }
        Step::RemoteStop => return bench.call("RemoteStopTransaction", json!({"transactionId": 42})).1,
        // which stops the transaction before it answers (UNL-01)
        Step::Unlock => {
            let text = json!([2, format!("u{now:?}"), "UnlockConnector", {"connectorId": 1}]).to_string();
            charger.handle_input(now, Input::Text(&text));
            Ok(())
        }
        Step::Pass(seconds) => return bench.pass(seconds),
    };
    bench.settle()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn st_01_only_the_transitions_of_1_6_are_reported(
        steps in prop::collection::vec(step(), 1..40),
        keeps_charging in any::<bool>(),
        bad in any::<bool>(),
    ) {
        let mut bench = Bench::online(Version::V16);
        if keeps_charging {
            bench.call("ChangeConfiguration", json!({"key": "StopTransactionOnInvalidId", "value": "false"}));
        }
        if bad {
            bench.will_answer("StartTransaction", json!({"idTagInfo": {"status": "Blocked"}, "transactionId": 42}));
        }
        let mut state = "Available".to_owned();
        for step in &steps {
            for (id, reported) in statuses(&act(&mut bench, *step)) {
                if id != 1 {
                    prop_assert!(["Available", "Unavailable", "Faulted"].contains(&&*reported), "connector {}", id);
                    continue;
                }
                prop_assert!(is_legal(&state, &reported), "{} to {} by {:?} of {:?}", state, reported, step, steps);
                state = reported;
            }
            prop_assert_eq!(bench.charger.status(1).map(|status| status == OutletStatus::Faulted), Ok(state == "Faulted"));
        }
    }
}

#[test]
fn st_01_a_second_transaction_of_the_same_car_begins_with_preparing() {
    let mut bench = Bench::online(Version::V16);
    bench.charger.plug_in(bench.now, 1).expect("free");
    for _ in 0..2 {
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
    }
    assert_eq!(bench.charger.status(1), Ok(OutletStatus::Finishing));
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    assert_eq!(statuses(&bench.settle()), [(1, "Preparing".to_owned()), (1, "Charging".to_owned())]);
}

#[test]
fn st_02_a_state_is_told_once_it_has_lasted_and_what_was_shorter_is_not() {
    for version in Version::ALL {
        let mut bench = Bench::online(version);
        let (action, payload) = match version {
            Version::V16 => ("ChangeConfiguration", json!({"key": "MinimumStatusDuration", "value": "5"})),
            _ => (
                "SetVariables",
                json!({"setVariableData": [{
                    "component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "MinimumStatusDuration"},
                    "attributeValue": "5",
                }]}),
            ),
        };
        bench.call(action, payload);
        bench.charger.plug_in(bench.now, 1).expect("free");
        assert_eq!(statuses(&bench.settle()), [], "{version}");
        assert_eq!(statuses(&bench.pass(1)), []);
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        assert_eq!(statuses(&bench.settle()), []);
        let word = if version == Version::V16 { "Charging" } else { "Occupied" };
        // in 2.x it is the same state since the car came
        let rest = if version == Version::V16 { 5 } else { 4 };
        assert_eq!(statuses(&bench.pass(rest - 1)), []);
        assert_eq!(statuses(&bench.pass(1)), [(1, word.to_owned())], "{version}: at its time and alone");
        // there and back again in less than that is nothing
        bench.charger.break_down(bench.now, 2).expect("an outlet");
        bench.pass(3);
        bench.charger.repair(bench.now, 2).expect("an outlet");
        assert_eq!(statuses(&bench.pass(20)), []);
    }
}

#[test]
fn st_03_tx2_30_a_pause_of_the_car_is_told_and_that_of_the_station_comes_first() {
    let mut bench = Bench::online(Version::V16);
    bench.call("ChangeConfiguration", json!({"key": "StopTransactionOnInvalidId", "value": "false"}));
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    bench.settle();
    bench.charger.pause(bench.now, 1, true).expect("a car");
    assert_eq!(statuses(&bench.settle()), [(1, "SuspendedEV".to_owned())]);
    assert!(bench.charger.meter(bench.now, 1, 5).is_err(), "no energy flows");
    bench.charger.pause(bench.now, 1, false).expect("a car");
    assert_eq!(statuses(&bench.settle()), [(1, "Charging".to_owned())]);
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    bench.charger.plug_out(bench.now, 1).expect("a car");
    bench.settle();

    bench.will_answer("StartTransaction", json!({"idTagInfo": {"status": "Blocked"}, "transactionId": 43}));
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.pause(bench.now, 1, true).expect("a car");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    let told = statuses(&bench.settle());
    assert_eq!(told.last(), Some(&(1, "SuspendedEVSE".to_owned())), "both pause: {told:?}");
    bench.charger.pause(bench.now, 1, false).expect("a car");
    assert_eq!(statuses(&bench.settle()), []);

    for version in V2 {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        for (pauses, state) in [(true, "SuspendedEV"), (false, "Charging")] {
            bench.charger.pause(bench.now, 1, pauses).expect("a car");
            let sent = bench.settle();
            assert_eq!(events(&sent), ["Updated(ChargingStateChanged)"], "{version}");
            assert_eq!(sent[0].payload["transactionInfo"]["chargingState"], state);
            bench.charger.pause(bench.now, 1, pauses).expect("a car");
            assert_eq!(names(&bench.settle()), [] as [&str; 0], "once");
        }
    }
}

#[test]
fn st_03_an_error_code_goes_with_faulted_and_with_nothing_else() {
    let mut bench = Bench::online(Version::V16);
    let codes = |sent: &[crate::lab::Sent]| {
        let reports = sent.iter().filter(|sent| sent.name == "StatusNotification");
        reports.map(|sent| format!("{} {}", sent.payload["status"], sent.payload["errorCode"])).collect::<Vec<_>>()
    };
    bench.charger.plug_in(bench.now, 1).expect("free");
    assert_eq!(codes(&bench.settle()), [r#""Preparing" "NoError""#]);
    bench.charger.break_down(bench.now, 1).expect("an outlet");
    assert_eq!(codes(&bench.settle()), [r#""Faulted" "OtherError""#]);
    bench.charger.repair(bench.now, 1).expect("an outlet");
    assert_eq!(codes(&bench.settle()), [r#""Preparing" "NoError""#], "what it was before");
}

#[test]
fn st_04_a_status_has_its_time() {
    let mut bench = Bench::online(Version::V16);
    bench.disconnect();
    bench.pass(60);
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.pass(60);
    bench.connect();
    let sent = bench.settle();
    let told = sent.iter().find(|sent| sent.name == "StatusNotification").expect("it changed");
    assert_eq!(told.payload["timestamp"], "2026-03-01T12:02:00Z", "that of the state as it is told");
}

#[test]
fn st_06_connectors_are_told_of_by_events_if_so_wanted() {
    for version in V2 {
        let mut bench = Bench::new(version);
        bench.charger.report_by_events(true);
        bench.connect();
        let sent = bench.settle();
        assert_eq!(names(&sent), ["BootNotification", "NotifyEvent", "NotifyEvent"], "{version}");
        bench.charger.plug_in(bench.now, 2).expect("free");
        let sent = bench.settle();
        assert_eq!(names(&sent), ["NotifyEvent"]);
        let data = &sent[0].payload["eventData"][0];
        assert_eq!(data["component"], json!({"name": "Connector", "evse": {"id": 2, "connectorId": 1}}));
        assert_eq!(data["variable"], json!({"name": "AvailabilityState"}));
        assert_eq!((&data["actualValue"], &data["trigger"]), (&json!("Occupied"), &json!("Delta")));
        assert_eq!(data["eventId"], 3, "each event has its own");
        bench.charger.report_by_events(false);
        bench.charger.plug_out(bench.now, 2).expect("a car");
        assert_eq!(names(&bench.settle()), ["StatusNotification"]);
    }
}

#[test]
fn st_10_q_10_after_offline_the_status_as_it_is_now_if_it_is_another() {
    let mut bench = Bench::online(Version::V16);
    bench.disconnect();
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.plug_out(bench.now, 1).expect("a car");
    bench.pass(600);
    bench.connect();
    assert_eq!(statuses(&bench.settle()), [], "there and back again");
    bench.disconnect();
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.break_down(bench.now, 2).expect("an outlet");
    bench.charger.repair(bench.now, 2).expect("an outlet");
    bench.charger.break_down(bench.now, 2).expect("an outlet");
    bench.connect();
    assert_eq!(statuses(&bench.settle()), [(1, "Preparing".to_owned()), (2, "Faulted".to_owned())], "each once");
}

#[test]
fn st_02_a_state_for_which_there_was_no_room_on_the_link_is_told_later() {
    let mut bench = Bench::online(Version::V16);
    let authorize = ocpp_types::v16::AuthorizeRequest::new("04A1");
    while bench.charger.station_mut().call(bench.now, &authorize).is_ok() {}
    bench.charger.plug_in(bench.now, 1).expect("free");
    let sent = bench.settle();
    assert_eq!(statuses(&sent), [(1, "Preparing".to_owned())]);
}
