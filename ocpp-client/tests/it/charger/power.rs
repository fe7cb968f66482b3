//! What a power cut does to a charger: rules TX16-13, TX2-29 and Q-13, field need 7.

use std::collections::BTreeSet;
use std::time::Duration;

use ocpp_client::Boot;
use ocpp_client::charger::{Charger, ChargerError, OutletStatus};
use ocpp_rpc::{Input, Instant, Machine, Transmit};
use ocpp_types::Version;
use serde_json::{Value, json};

use super::{Bench, events, names};
use crate::lab::{Sent, config, read, usual_answer};
use crate::power_cut::Medium;

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

/// Rule BOOT-15: what the CSMS was told would happen at the end of a transaction happens, whatever ends it.
#[test]
fn boot_15_what_was_scheduled_survives_a_power_cut() {
    for version in Version::ALL {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        let wish = match version {
            Version::V16 => json!({"connectorId": 1, "type": "Inoperative"}),
            _ => json!({"evse": {"id": 1}, "operationalStatus": "Inoperative"}),
        };
        let (answer, _) = bench.call("ChangeAvailability", wish);
        assert_eq!(answer.payload["status"], "Scheduled", "{version}");
        let mut bench = bench.power_cut();
        bench.connect();
        let reported = super::statuses(&bench.settle());
        assert!(reported.contains(&(1, "Unavailable".into())), "{version}: {reported:?}");
        assert!(reported.contains(&(2, "Available".into())), "{version}: {reported:?}");
    }
}

/// Rules Q-13 and BOOT-09: what was not taken is not noted either, whatever is written next.
#[test]
fn q_13_a_transaction_that_was_refused_is_not_ended_after_a_power_cut() {
    let mut bench = Bench::reporting(Version::V201);
    bench.connect();
    bench.settle();
    let variable = json!({"component": {"name": "AuthCtrlr"}, "variable": {"name": "OfflineTxForUnknownIdEnabled"},
        "attributeValue": "true"});
    bench.call("SetVariables", json!({"setVariableData": [variable]}));
    let mut bench = bench.power_cut();
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    bench.settle();
    assert!(bench.events.iter().any(|event| matches!(event, ocpp_client::charger::ChargerEvent::Refused { .. })));
    // something else is written
    bench.charger.tls_failed(bench.now, ocpp_client::TlsFailure::Version);
    let mut bench = bench.power_cut();
    bench.connect();
    let sent = bench.settle();
    assert!(names(&sent).contains(&"SecurityEventNotification"));
    assert!(events(&sent).is_empty(), "{sent:?}");
}

#[test]
fn what_the_csms_never_answers_fills_no_memory() {
    let mut bench = Bench::online(Version::V16);
    bench.charger.station_mut().set_retries(1, Duration::from_secs(1));
    let mut charge = |times: u32| {
        for _ in 0..times {
            bench.charger.plug_in(bench.now, 1).expect("free");
            bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
            bench.charger.plug_out(bench.now, 1).expect("a car");
            for _ in 0..20 {
                for frame in bench.sent().into_iter().filter(|frame| frame.kind == 2) {
                    let text = match &*frame.name {
                        "StartTransaction" | "StopTransaction" => json!([4, frame.id, "InternalError", "", {}]),
                        name => json!([3, frame.id, usual_answer(name, &frame.payload)]),
                    };
                    bench.charger.handle_input(bench.now, Input::Text(&text.to_string()));
                }
            }
            while bench.charger.poll_event().is_some() {}
        }
        // all that it holds can be seen
        format!("{:?}", bench.charger).len()
    };
    let (few, many) = (charge(100), charge(300));
    assert!(many < few + 1000, "{few} {many}");
}

/// A charger whose power goes at some write, and what the CSMS got from it.
struct Site {
    charger: Charger<Medium>,
    medium: Medium,
    now: Instant,
    received: Vec<Sent>,
}

impl Site {
    fn boot(version: Version, medium: &Medium, now: Instant, seed: u128) -> Charger<Medium> {
        Charger::new(now, config(version), 1, medium.clone(), Boot::new(seed)).expect("a charger")
    }

    /// Answers until there is nothing to say or the power is gone.
    fn serve(&mut self) {
        loop {
            let mut frames = Vec::new();
            while let Some(transmit) = self.charger.poll_transmit() {
                if let Transmit::Text(text) = transmit {
                    frames.push(read(text));
                }
            }
            if frames.is_empty() || self.medium.is_cut() {
                return;
            }
            for frame in frames {
                if frame.kind == 2 && !self.medium.is_cut() {
                    let mut answer = usual_answer(&frame.name, &frame.payload);
                    if frame.name == "StartTransaction" {
                        answer["transactionId"] = frame.payload["meterStart"].clone();
                    }
                    let text = json!([3, frame.id, answer]).to_string();
                    self.received.push(frame);
                    self.charger.handle_input(self.now, Input::Text(&text));
                }
            }
        }
    }

    /// Two transactions, one online and one that is offline half of the time.
    fn charge(&mut self) {
        type Step = fn(&mut Charger<Medium>, Instant);
        fn done<T: std::fmt::Debug>(outcome: Result<T, ChargerError>) {
            outcome.expect("the charger does it");
        }
        let (up, down): (Step, Step) = (
            |charger, now| charger.handle_input(now, Input::LinkUp(charger.station().version())),
            |charger, now| charger.handle_input(now, Input::LinkDown),
        );
        let plug_in: Step = |charger, now| done(charger.plug_in(now, 1));
        let swipe: Step = |charger, now| done(charger.swipe(now, 1, "04A1"));
        let meter: Step = |charger, now| done(charger.meter(now, 1, 500));
        let pause: Step = |charger, now| done(charger.pause(now, 1, true));
        let go_on: Step = |charger, now| done(charger.pause(now, 1, false));
        let plug_out: Step = |charger, now| done(charger.plug_out(now, 1));
        let first = [up, plug_in, swipe, meter, pause, go_on, meter, swipe, plug_out];
        let second = [plug_in, swipe, meter, down, meter, meter, pause, go_on, meter, plug_out, up];
        for step in first.into_iter().chain(second) {
            self.now += Duration::from_secs(10);
            step(&mut self.charger, self.now);
            self.serve();
            if self.medium.is_cut() {
                return;
            }
        }
    }
}

/// What the CSMS makes of it: every transaction ends, once, with no less than was read before, and no number is used twice.
fn audit(version: Version, received: &[Sent], cut: &str) {
    let mut distinct: Vec<(&str, Value)> = Vec::new();
    for sent in received {
        let mut payload = sent.payload.clone();
        payload.as_object_mut().expect("an object").remove("offline");
        if !distinct.contains(&(&sent.name, payload.clone())) {
            distinct.push((&sent.name, payload));
        }
    }
    let all = |name: &'static str| distinct.iter().filter(move |(other, _)| *other == name).map(|(_, payload)| payload);
    let read =
        |value: &Value| value.as_str().map_or_else(|| value.as_i64(), |text| text.parse().ok()).expect("a number");
    if version == Version::V16 {
        for start in all("StartTransaction") {
            let id = &start["meterStart"];
            let of_this = |payload: &&Value| payload["transactionId"] == *id;
            let stops: Vec<_> = all("StopTransaction").filter(of_this).collect();
            assert_eq!(stops.len(), 1, "{cut}: {id} is stopped once");
            let stop = read(&stops[0]["meterStop"]);
            for meter in all("MeterValues").filter(of_this) {
                assert!(read(&meter["meterValue"][0]["sampledValue"][0]["value"]) <= stop, "{cut}: {meter} {stop}");
            }
        }
        assert_eq!(all("StartTransaction").count(), all("StopTransaction").count(), "{cut}");
        return;
    }
    fn id_of(event: &Value) -> &str {
        event["transactionInfo"]["transactionId"].as_str().expect("an id")
    }
    let ids: BTreeSet<_> = all("TransactionEvent").map(id_of).collect();
    for id in ids {
        let of_this: Vec<_> = all("TransactionEvent").filter(|event| id_of(event) == id).collect();
        let numbers: Vec<_> = of_this.iter().map(|event| read(&event["seqNo"])).collect();
        assert_eq!(numbers, (0..numbers.len() as i64).collect::<Vec<_>>(), "{cut}: {id}");
        assert_eq!(of_this[0]["eventType"], "Started", "{cut}");
        let ends = of_this.iter().filter(|event| event["eventType"] == "Ended").count();
        assert_eq!((ends, &of_this[of_this.len() - 1]["eventType"]), (1, &json!("Ended")), "{cut}: {id}");
        let readings = of_this.iter().filter_map(|event| event.get("meterValue"));
        let readings: Vec<_> = readings.map(|value| read(&value[0]["sampledValue"][0]["value"])).collect();
        assert!(readings.is_sorted(), "{cut}: {readings:?}");
    }
}

/// Row E6, rules Q-13, TX2-03, TX16-13 and TX2-29: what a charger knows of a transaction and what it has told of it are on the
/// medium together.
#[test]
fn e6_q_13_a_power_cut_at_any_write_of_a_charger_leaves_no_transaction_without_its_end() {
    for version in Version::ALL {
        let mut cuts = 0;
        for reaches_medium in [false, true] {
            for at in 0.. {
                let medium = Medium::new(at, reaches_medium);
                let now = Instant::from_secs(500);
                let charger = Site::boot(version, &medium, now, 1);
                let mut site = Site { charger, medium: medium.clone(), now, received: Vec::new() };
                site.charge();
                let was_cut = medium.is_cut();
                medium.power_on();
                site.charger = Site::boot(version, &medium, site.now, 2);
                site.charger.handle_input(site.now, Input::LinkUp(version));
                site.serve();
                assert!(site.charger.station().outbox().is_empty());
                audit(version, &site.received, &format!("{version}, cut at {at}, {reaches_medium}"));
                if !was_cut {
                    break;
                }
                cuts += 1;
            }
        }
        assert!(cuts > 40, "{version}: only {cuts} writes were cut");
    }
}

/// Rules BOOT-15 and Q-13: at whatever write the power goes, an outlet that was to close is closed once its transaction is over.
#[test]
fn boot_15_a_power_cut_at_the_end_of_a_transaction_forgets_nothing_that_was_scheduled() {
    for version in Version::ALL {
        let wish = match version {
            Version::V16 => json!({"connectorId": 1, "type": "Inoperative"}),
            _ => json!({"evse": {"id": 1}, "operationalStatus": "Inoperative"}),
        };
        let wish = json!([2, "wish", "ChangeAvailability", wish]).to_string();
        let mut cuts_after_the_wish = 0;
        for at in 0.. {
            let medium = Medium::new(at, true);
            let now = Instant::from_secs(500);
            let charger = Site::boot(version, &medium, now, 1);
            let mut site = Site { charger, medium: medium.clone(), now, received: Vec::new() };
            site.charger.handle_input(now, Input::LinkUp(version));
            site.serve();
            if !medium.is_cut() {
                site.charger.plug_in(now, 1).expect("free");
                site.charger.swipe(now, 1, "04A1").expect("in service");
                site.serve();
            }
            let mut was_scheduled = false;
            if !medium.is_cut() {
                site.charger.handle_input(now, Input::Text(&wish));
                was_scheduled = !medium.is_cut();
                site.serve();
            }
            if !medium.is_cut() {
                site.charger.plug_out(now, 1).expect("a car");
                site.serve();
            }
            let was_cut = medium.is_cut();
            medium.power_on();
            let charger = Site::boot(version, &medium, now, 2);
            if was_scheduled {
                assert_eq!(charger.status(1), Ok(OutletStatus::Unavailable), "{version}, cut at {at}");
                cuts_after_the_wish += usize::from(was_cut);
            }
            if !was_cut {
                break;
            }
        }
        assert!(cuts_after_the_wish > 1, "{version}");
    }
}
