//! What a power cut does to a charger: rules TX16-13, TX2-29 and Q-13, field need 7.

use ocpp_rpc::{Input, Machine};
use ocpp_types::Version;
use serde_json::json;

use super::{Bench, events, names};

#[test]
fn tx16_13_a_transaction_cut_short_is_stopped_once_with_its_last_reading() {
    let mut bench = Bench::online(Version::V16);
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    bench.settle();
    bench.pass(30);
    bench.charger.meter(bench.now, 1, 1234).expect("charging");
    bench.settle();
    bench.charger.take_energy(1, 10).expect("charging");
    let mut bench = bench.power_cut();
    assert_eq!(bench.charger.register(1), Ok(1234), "what was counted after the last reading is gone");
    bench.connect();
    let sent = bench.settle();
    let stops: Vec<_> = sent.iter().filter(|sent| sent.name == "StopTransaction").collect();
    assert_eq!(stops.len(), 1);
    assert_eq!(
        stops[0].payload,
        json!({"meterStop": 1234, "timestamp": "2026-03-01T12:00:30Z", "transactionId": 42, "reason": "PowerLoss"})
    );
    let mut bench = bench.power_cut();
    bench.connect();
    assert!(!names(&bench.settle()).contains(&"StopTransaction"));
}

#[test]
fn tx2_29_a_transaction_of_2_x_is_ended_offline_with_power_loss() {
    for version in [Version::V201, Version::V21] {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        let mut bench = bench.power_cut();
        bench.connect();
        let sent = bench.settle();
        assert_eq!(events(&sent), ["Ended(AbnormalCondition)"], "{version}");
        let ended = &sent.iter().find(|sent| sent.name == "TransactionEvent").expect("just seen").payload;
        assert_eq!(ended["transactionInfo"]["stoppedReason"], "PowerLoss");
        assert_eq!((&ended["offline"], &ended["seqNo"]), (&json!(true), &json!(2)));
        let mut bench = bench.power_cut();
        bench.connect();
        assert!(events(&bench.settle()).is_empty());
    }
}

#[test]
fn field_need_7_what_was_stopped_before_the_cut_is_not_stopped_again() {
    for version in Version::ALL {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        bench.disconnect();
        bench.charger.plug_out(bench.now, 1).expect("a car");
        let mut bench = bench.power_cut();
        bench.connect();
        let sent = bench.settle();
        let ends =
            sent.iter().filter(|sent| sent.name == "StopTransaction" || sent.payload["eventType"] == "Ended").count();
        assert_eq!(ends, 1, "{version}");
    }
}

/// Row E14: what a reset ends is sent once, after the boot, and after what happened before; here the link breaks in the middle
/// of it. (Firmware is not in the charger.)
#[test]
fn e14_a_reset_during_a_transaction_whose_link_breaks_keeps_the_order() {
    for version in Version::ALL {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        bench.disconnect();
        bench.charger.meter(bench.now, 1, 1234).expect("charging");
        bench.connect();
        // the CSMS asks for the reset before it answers anything, and is gone with the answer
        let kind = if version == Version::V16 { "Hard" } else { "Immediate" };
        let reset = json!([2, "reset", "Reset", {"type": kind}]).to_string();
        bench.charger.handle_input(bench.now, Input::Text(&reset));
        let sent = bench.sent();
        assert_eq!(sent.iter().filter(|sent| sent.id == "reset").count(), 1, "{version}");
        bench.disconnect();

        bench.charger = bench.charger.reboot(bench.now, ocpp_client::Boot::new(9)).expect("a charger");
        bench.connect();
        let sent = bench.settle();
        assert_eq!(sent[0].name, "BootNotification");
        if version == Version::V16 {
            let of_transactions = |name: &&str| ["MeterValues", "StopTransaction"].contains(name);
            let seen: Vec<_> = names(&sent).into_iter().filter(of_transactions).collect();
            assert_eq!(seen, ["MeterValues", "StopTransaction"]);
        } else {
            let of_events = sent.iter().filter(|sent| sent.name == "TransactionEvent");
            let numbers: Vec<_> = of_events.map(|sent| sent.payload["seqNo"].as_i64().expect("a number")).collect();
            assert!(numbers.is_sorted() && numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
            assert_eq!(events(&sent).last().map(String::as_str), Some("Ended(ResetCommand)"));
        }
        assert!(bench.settle().is_empty());
    }
}

#[test]
fn tx2_03_no_message_before_a_power_cut_has_the_number_of_one_after_it() {
    // whatever the last thing was that was told
    type Happening = fn(&mut Bench);
    let happenings: [Happening; 6] = [
        |_| {},
        |bench| bench.charger.pause(bench.now, 1, true).expect("a car"),
        |bench| bench.charger.meter(bench.now, 1, 5).expect("charging"),
        |bench| drop(bench.call("TriggerMessage", json!({"requestedMessage": "TransactionEvent"}))),
        |bench| {
            let mut limits = ocpp_client::charger::Limits::default();
            limits.energy = Some(100.into());
            bench.charger.limit(bench.now, 1, limits).expect("2.1");
        },
        |bench| {
            super::transactions::set_stop_points(bench, "EVConnected");
            bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        },
    ];
    for (at, happens) in happenings.into_iter().enumerate() {
        let mut bench = Bench::online(Version::V21);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        let mut sent = bench.settle();
        happens(&mut bench);
        sent.extend(bench.settle());
        if at == 3 {
            // the bench has kept what was triggered for itself
            sent.extend(bench.pass(60));
        }
        let mut bench = bench.power_cut();
        bench.connect();
        sent.extend(bench.settle());
        let numbers: Vec<_> = sent.iter().filter_map(|sent| sent.payload["seqNo"].as_i64()).collect();
        let mut distinct = numbers.clone();
        distinct.dedup();
        assert_eq!(numbers, distinct, "case {at}");
        assert_eq!(
            *numbers.last().expect("it ends"),
            i64::try_from(numbers.len() - 1 + usize::from(at == 3)).expect("few")
        );
    }
}
