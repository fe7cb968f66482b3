//! Transactions of 2.1 that go on after a power cut: rule TX2-28.

use std::time::Duration;

use ocpp_client::charger::{ChargerError, Limits, OutletStatus};
use ocpp_rpc::Machine;
use ocpp_types::Version;
use serde_json::{Value, json};

use super::{Bench, events};
use crate::lab::Sent;

fn set(bench: &mut Bench, variable: &str, value: &str) {
    let item = json!({"component": {"name": "TxCtrlr"}, "variable": {"name": variable}, "attributeValue": value});
    let (answer, _) = bench.call("SetVariables", json!({"setVariableData": [item]}));
    assert_eq!(answer.payload["setVariableResult"][0]["attributeStatus"], "Accepted", "{variable}");
}

/// A charger at which a car has charged 500 Wh.
fn charging(timeout: &str) -> Bench {
    let mut bench = Bench::online(Version::V21);
    set(&mut bench, "ResumptionTimeout", timeout);
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    bench.settle();
    bench.charger.meter(bench.now, 1, 500).expect("charging");
    bench.settle();
    bench
}

/// Cuts the power for so long; the CSMS tells the right time afterwards.
fn power_cut(bench: Bench, seconds: u32, is_plugged: bool) -> (Bench, Vec<Sent>) {
    let mut bench = bench.power_cut();
    bench.now += Duration::from_secs(u64::from(seconds));
    let time = format!("2026-03-01T12:{:02}:{:02}Z", seconds / 60, seconds % 60);
    bench.will_answer("BootNotification", json!({"currentTime": time, "interval": 300, "status": "Accepted"}));
    if is_plugged {
        bench.charger.plug_in(bench.now, 1).expect("free");
    }
    bench.connect();
    let sent = bench.settle();
    (bench, sent)
}

fn last(sent: &[Sent]) -> &Value {
    &sent.iter().rfind(|sent| sent.name == "TransactionEvent").expect("an event").payload
}

#[test]
fn tx2_28_within_the_time_a_transaction_goes_on_as_it_was() {
    let (mut bench, sent) = power_cut(charging("60"), 30, true);
    assert_eq!(events(&sent), ["Updated(TxResumed)"]);
    let resumed = last(&sent);
    assert_eq!(resumed["transactionInfo"]["chargingState"], "Charging");
    assert_eq!(resumed["seqNo"], 3, "E17.FR.01: it goes on where it was");
    assert_eq!((resumed.get("evse"), resumed.get("idToken")), (None, None));
    assert_eq!(bench.charger.status(1), Ok(OutletStatus::Charging));
    bench.charger.meter(bench.now, 1, 250).expect("charging");
    bench.settle();
    // the token that began it ends it
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    let sent = bench.settle();
    assert_eq!(events(&sent), ["Ended(StopAuthorized)"]);
    assert_eq!(last(&sent)["meterValue"][0]["sampledValue"][0]["value"], 750);
    // readings are periodic again
    let (mut bench, _) = power_cut(charging("60"), 30, true);
    assert_eq!(events(&bench.pass(120)), ["Updated(MeterValuePeriodic)"; 2]);
}

#[test]
fn tx2_28_after_the_time_it_is_ended_with_what_is_known() {
    for (timeout, away) in [("60", 61), ("0", 5)] {
        let (mut bench, sent) = power_cut(charging(timeout), away, true);
        assert_eq!(events(&sent), ["Ended(AbnormalCondition)"], "{timeout}");
        let ended = last(&sent);
        assert_eq!(ended["transactionInfo"]["stoppedReason"], "PowerLoss");
        assert_eq!(ended["timestamp"], "2026-03-01T12:00:00Z", "when it was last seen");
        assert_eq!(ended["meterValue"][0]["sampledValue"][0]["value"], 500);
        assert!(events(&bench.pass(300)).is_empty());
    }
}

#[test]
fn tx2_28_two_cuts_count_from_the_first() {
    let (bench, sent) = power_cut(charging("60"), 50, true);
    assert_eq!(events(&sent), ["Updated(TxResumed)"]);
    drop(bench);
    // the power comes for a moment, and nobody has been asked for the time meanwhile
    let bench = charging("60").power_cut();
    let (_, sent) = power_cut(bench, 70, true);
    assert_eq!(events(&sent), ["Ended(AbnormalCondition)"]);
}

#[test]
fn tx2_28_nothing_is_decided_while_the_time_is_not_known() {
    let mut bench = charging("60").power_cut();
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.pass(40);
    assert_eq!(bench.charger.status(1), Ok(OutletStatus::Suspended));
    assert_eq!(bench.charger.meter(bench.now, 1, 5), Err(ChargerError::Idle(1)), "no energy until then");
    // a clock of its own tells as well as the CSMS
    let utc = "2026-03-01T12:00:40Z".parse::<ocpp_types::Timestamp>().expect("a time").utc();
    bench.charger.station_mut().set_clock(bench.now, utc);
    bench.charger.handle_input(bench.now, ocpp_rpc::Input::Timeout);
    assert_eq!(bench.charger.status(1), Ok(OutletStatus::Charging));
    bench.connect();
    assert_eq!(events(&bench.settle()), ["Updated(TxResumed)"]);
}

#[test]
fn tx2_28_energy_flows_only_if_it_may_and_after_a_while_of_chance() {
    let mut bench = charging("60");
    set(&mut bench, "AllowEnergyTransferResumption", "false");
    let (mut bench, sent) = power_cut(bench, 30, true);
    assert_eq!(last(&sent)["transactionInfo"]["chargingState"], "SuspendedEVSE", "E17.FR.12");
    bench.pass(600);
    assert_eq!(bench.charger.status(1), Ok(OutletStatus::Suspended));

    let mut bench = charging("60");
    set(&mut bench, "EnergyTransferResumptionRandomRange", "20");
    let (mut bench, sent) = power_cut(bench, 30, true);
    assert_eq!(events(&sent), ["Updated(TxResumed)"]);
    assert_eq!(last(&sent)["transactionInfo"]["chargingState"], "SuspendedEVSE", "E17.FR.18");
    let at = bench.charger.poll_timeout().expect("it waits for that");
    assert!(at > bench.now && at <= bench.now + Duration::from_secs(20));
    let sent = bench.pass(20);
    assert_eq!(events(&sent), ["Updated(ChargingStateChanged)"]);
    assert_eq!(last(&sent)["transactionInfo"]["chargingState"], "Charging");
    bench.charger.meter(bench.now, 1, 5).expect("charging");
}

#[test]
fn tx2_28_without_the_car_it_ends_as_by_unplugging() {
    let (_, sent) = power_cut(charging("60"), 30, false);
    assert_eq!(events(&sent), ["Ended(EVCommunicationLost)"], "E17.FR.17");
    assert_eq!(last(&sent)["transactionInfo"]["stoppedReason"], "EVDisconnected");
}

#[test]
fn tx2_28_limits_go_on_and_the_time_away_counts() {
    let mut bench = charging("60");
    let mut limits = Limits::default();
    (limits.energy, limits.time) = (Some(800.into()), Some(100));
    bench.charger.limit(bench.now, 1, limits).expect("2.1");
    bench.settle();
    let (mut bench, _) = power_cut(bench, 40, true);
    assert!(events(&bench.pass(59)).is_empty());
    assert_eq!(events(&bench.pass(1))[0], "Updated(MeterValuePeriodic)");
    assert_eq!(bench.charger.status(1), Ok(OutletStatus::Suspended), "100 s after its start");
}

#[test]
fn tx2_28_older_versions_do_not_resume() {
    let mut bench = Bench::online(Version::V201);
    set(&mut bench, "ResumptionTimeout", "60");
    bench.charger.plug_in(bench.now, 1).expect("free");
    bench.charger.swipe(bench.now, 1, "04A1").expect("in service");
    bench.settle();
    let (_, sent) = power_cut(bench, 30, true);
    assert_eq!(events(&sent), ["Ended(AbnormalCondition)"], "TX2-29");
}
