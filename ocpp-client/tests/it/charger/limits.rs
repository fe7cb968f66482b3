//! Limits of transactions: rule TX2-27.

use std::time::Duration;

use ocpp_client::charger::{ChargerError, ChargerEvent, Limits, OutletStatus};
use ocpp_rpc::{Input, Machine};
use ocpp_types::{Decimal, Version};
use serde_json::{Value, json};

use super::{Bench, events};
use crate::lab::Sent;

/// A charger at which one car charges; from now on the CSMS answers events like this.
fn charging(answer: Value) -> Bench {
    let mut bench = Bench::online(Version::V21);
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    bench.settle();
    bench.will_answer("TransactionEvent", answer);
    bench
}

fn limit(limits: Value) -> Value {
    json!({"transactionLimit": limits})
}

fn info(sent: &[Sent]) -> Vec<&Value> {
    sent.iter().filter(|sent| sent.name == "TransactionEvent").map(|sent| &sent.payload["transactionInfo"]).collect()
}

fn energy(most: i64) -> Limits {
    let mut limits = Limits::default();
    limits.energy = Some(Decimal::from(most));
    limits
}

fn time(most: i64) -> Limits {
    let mut limits = Limits::default();
    limits.time = Some(most);
    limits
}

#[test]
fn tx2_27_a_limit_of_the_csms_is_confirmed_once_and_kept() {
    // the answer says it every time, which confirms nothing anew
    let mut bench = charging(limit(json!({"maxEnergy": 1000})));
    bench.charger.meter(bench.now, 1, 400).expect("charging");
    let sent = bench.settle();
    assert_eq!(events(&sent), ["Updated(MeterValuePeriodic)", "Updated(LimitSet)"]);
    assert_eq!(info(&sent)[1]["transactionLimit"], json!({"maxEnergy": 1000}));
    assert_eq!(info(&sent)[0].get("transactionLimit"), None);
    bench.charger.meter(bench.now, 1, 400).expect("charging");
    assert_eq!(events(&bench.settle()), ["Updated(MeterValuePeriodic)"]);
    // 200 of these are left
    bench.charger.meter(bench.now, 1, 5000).expect("charging");
    let sent = bench.settle();
    assert_eq!(events(&sent), ["Updated(MeterValuePeriodic)", "Updated(EnergyLimitReached)"]);
    assert_eq!(info(&sent)[1]["chargingState"], "SuspendedEVSE");
    assert_eq!(bench.charger.register(1), Ok(1000), "it is not passed");
    assert_eq!(bench.charger.status(1), Ok(OutletStatus::Suspended));
    assert_eq!(bench.charger.meter(bench.now, 1, 1), Err(ChargerError::Idle(1)));
    // said once
    assert!(!events(&bench.pass(180)).contains(&"Updated(EnergyLimitReached)".to_owned()));
    // E16.FR.14: a higher limit lets it go on
    bench.will_answer("TransactionEvent", limit(json!({"maxEnergy": 1500})));
    let sent = bench.pass(60);
    assert_eq!(events(&sent), ["Updated(MeterValuePeriodic)", "Updated(LimitSet)", "Updated(ChargingStateChanged)"]);
    assert_eq!(info(&sent)[2]["chargingState"], "Charging");
    bench.charger.meter(bench.now, 1, 500).expect("charging");
    assert_eq!(events(&bench.settle()).last().map(String::as_str), Some("Updated(EnergyLimitReached)"));
    assert_eq!(bench.charger.register(1), Ok(1500));
}

#[test]
fn tx2_27_the_time_counts_from_the_start() {
    let mut bench = charging(json!({}));
    let started = bench.now;
    bench.pass(30);
    bench.will_answer("TransactionEvent", limit(json!({"maxTime": 100})));
    assert_eq!(events(&bench.pass(30)), ["Updated(MeterValuePeriodic)", "Updated(LimitSet)"]);
    assert_eq!(bench.charger.poll_timeout(), Some(started + Duration::from_secs(100)));
    assert!(events(&bench.pass(39)).is_empty());
    let sent = bench.pass(1);
    assert_eq!(events(&sent), ["Updated(TimeLimitReached)"]);
    assert_eq!(info(&sent)[0]["chargingState"], "SuspendedEVSE");
    bench.charger.plug_out(bench.now, 1).expect("a car");
    assert_eq!(events(&bench.settle()), ["Ended(EVCommunicationLost)"]);
}

#[test]
fn tx2_27_what_is_passed_already_or_negative_acts_at_once() {
    for limits in
        [json!({"maxEnergy": 100}), json!({"maxEnergy": -5}), json!({"maxEnergy": 0.5}), json!({"maxTime": 0})]
    {
        let mut bench = charging(json!({}));
        bench.charger.meter(bench.now, 1, 400).expect("charging");
        bench.settle();
        bench.will_answer("TransactionEvent", limit(limits.clone()));
        let sent = bench.pass(60);
        let name =
            if limits.get("maxTime").is_some() { "Updated(TimeLimitReached)" } else { "Updated(EnergyLimitReached)" };
        assert_eq!(events(&sent), ["Updated(MeterValuePeriodic)", "Updated(LimitSet)", name], "{limits}");
    }
}

#[test]
fn tx2_27_only_what_is_supported_is_confirmed() {
    let mut bench = charging(limit(json!({"maxCost": 5, "maxSoC": 80})));
    assert_eq!(events(&bench.pass(60)), ["Updated(MeterValuePeriodic)"], "E16.FR.13");
    let mut bench = charging(limit(json!({"maxCost": 5, "maxSoC": 80, "maxEnergy": 900, "maxTime": 7200})));
    let sent = bench.pass(60);
    assert_eq!(info(&sent)[1]["transactionLimit"], json!({"maxEnergy": 900, "maxTime": 7200}));
    let wanted = json!({"getVariableData": [
        {"component": {"name": "TxCtrlr"}, "variable": {"name": "SupportedLimits"}},
    ]});
    let (answer, _) = bench.call("GetVariables", wanted);
    assert_eq!(answer.payload["getVariableResult"][0]["attributeValue"], "maxEnergy,maxTime");
}

#[test]
fn tx2_27_the_driver_may_ask_for_less_than_the_csms_and_never_for_more() {
    let mut bench = charging(json!({}));
    assert_eq!(bench.charger.limit(bench.now, 2, energy(5)), Err(ChargerError::Idle(2)));
    bench.charger.limit(bench.now, 1, energy(800)).expect("nobody has said anything else");
    let sent = bench.settle();
    assert_eq!(events(&sent), ["Updated(LimitSet)"]);
    assert_eq!(info(&sent)[0]["transactionLimit"], json!({"maxEnergy": 800}));
    bench.charger.limit(bench.now, 1, energy(800)).expect("the same");
    assert!(events(&bench.settle()).is_empty(), "E16.FR.01: once");
    // the CSMS has the last word (E16.FR.07)
    bench.will_answer("TransactionEvent", limit(json!({"maxEnergy": 500})));
    bench.pass(60);
    bench.will_answer("TransactionEvent", json!({}));
    assert_eq!(bench.charger.limit(bench.now, 1, energy(501)), Err(ChargerError::AboveLimit(1)));
    bench.charger.limit(bench.now, 1, energy(400)).expect("less");
    bench.charger.limit(bench.now, 1, time(600)).expect("something else");
    let sent = bench.settle();
    assert_eq!(info(&sent)[1]["transactionLimit"], json!({"maxTime": 600}), "what was told is not told again");
    bench.charger.meter(bench.now, 1, 1000).expect("charging");
    bench.settle();
    assert_eq!(bench.charger.register(1), Ok(400));
    for version in [Version::V16, Version::V201] {
        let mut bench = Bench::online(version);
        bench.charger.plug_in(bench.now, 1).expect("free");
        bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
        bench.settle();
        assert_eq!(bench.charger.limit(bench.now, 1, energy(5)), Err(ChargerError::Idle(1)), "{version} has no limits");
    }
}

#[test]
fn tx2_27_an_answer_to_what_was_told_offline_limits_and_is_not_confirmed() {
    let mut bench = charging(json!({}));
    bench.disconnect();
    bench.charger.meter(bench.now, 1, 100).expect("charging");
    bench.connect();
    bench.will_answer("TransactionEvent", limit(json!({"maxEnergy": 300})));
    let sent = bench.settle();
    let told: Vec<_> = sent.iter().filter(|sent| sent.name == "TransactionEvent").collect();
    assert_eq!(
        (events(&sent), &told[0].payload["offline"]),
        (vec!["Updated(MeterValuePeriodic)".to_owned()], &json!(true))
    );
    bench.charger.meter(bench.now, 1, 1000).expect("charging");
    assert_eq!(events(&bench.settle()).last().map(String::as_str), Some("Updated(EnergyLimitReached)"));
    assert_eq!(bench.charger.register(1), Ok(300));

    // and so is one to what was on its way when the link broke
    let mut bench = charging(json!({}));
    bench.charger.meter(bench.now, 1, 100).expect("charging");
    assert_eq!(events(&bench.sent()), ["Updated(MeterValuePeriodic)"]);
    bench.charger.handle_input(bench.now, Input::LinkDown);
    bench.connect();
    bench.will_answer("TransactionEvent", limit(json!({"maxEnergy": 300})));
    assert_eq!(events(&bench.settle()), ["Updated(MeterValuePeriodic)"]);
}

#[test]
fn tx2_27_where_energy_ends_the_transaction_a_limit_ends_it() {
    for (limits, trigger, energy) in
        [(json!({"maxEnergy": 300}), "EnergyLimitReached", 300), (json!({"maxTime": 90}), "TimeLimitReached", 100)]
    {
        let mut bench = charging(limit(limits));
        super::transactions::set_stop_points(&mut bench, "EVConnected,EnergyTransfer");
        bench.charger.meter(bench.now, 1, 100).expect("charging");
        bench.settle();
        if trigger == "EnergyLimitReached" {
            bench.charger.meter(bench.now, 1, 1000).expect("charging");
        }
        let mut sent = bench.settle();
        sent.extend(bench.pass(100));
        let last = *info(&sent).last().expect("an event");
        assert_eq!(events(&sent).last(), Some(&format!("Ended({trigger})")));
        assert_eq!(last["stoppedReason"], trigger);
        let stopped = bench.events.iter().find_map(|event| match event {
            ChargerEvent::Stopped { energy, .. } => Some(*energy),
            _ => None,
        });
        assert_eq!(stopped, Some(energy));
    }
}
