//! Faults of the store: rows E6, E7 and E8, and what the outbox makes of damage.

use std::cell::Cell;
use std::rc::Rc;

use ocpp_client::{
    Change, MemoryStore, NotTaken, OnStoreFailure, OutboxError, OutboxNotice, StationEvent, Store, StoreError,
    StoreErrorKind,
};
use ocpp_types::Version;
use serde_json::json;

use crate::lab::{Lab, config, make};

/// A store that fails when told to.
#[derive(Debug)]
struct Failing {
    inner: MemoryStore,
    error: Rc<Cell<Option<StoreErrorKind>>>,
}

impl Store for Failing {
    fn records(&mut self) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        self.inner.records()
    }

    fn value(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.value(name)
    }

    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        match self.error.get() {
            Some(kind) => Err(StoreError::new(kind)),
            None => self.inner.commit(changes),
        }
    }
}

fn failing() -> (Failing, Rc<Cell<Option<StoreErrorKind>>>) {
    let error = Rc::default();
    (Failing { inner: MemoryStore::new(), error: Rc::clone(&error) }, error)
}

#[test]
fn e7_with_a_failing_store_the_station_goes_on_from_memory_and_catches_up() {
    let (store, error) = failing();
    let mut lab = Lab::on(config(Version::V16), store, 1);
    lab.go_online();
    lab.link_down();
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    error.set(Some(StoreErrorKind::Full));
    for wh in 0..5 {
        lab.station.meter_values(lab.now, key, &make::meter(wh)).expect("taken all the same");
    }
    lab.take_events();
    let told = lab
        .events
        .iter()
        .filter(|event| matches!(event, StationEvent::Outbox(OutboxNotice::StoreFailed(StoreErrorKind::Full))));
    assert_eq!(told.count(), 1);
    error.set(None);
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
    lab.take_events();
    assert!(lab.events.iter().any(|event| matches!(event, StationEvent::Outbox(OutboxNotice::StoreRecovered))));
    let mut store = lab.into_store();
    assert_eq!(store.records().expect("readable").len(), 7, "nothing is missing");
}

#[test]
fn e7_what_was_sent_from_memory_leaves_nothing_behind() {
    let (store, error) = failing();
    let mut lab = Lab::on(config(Version::V201), store, 1);
    lab.go_online();
    error.set(Some(StoreErrorKind::ReadOnly));
    let event =
        make::event_201(ocpp_types::v201::TransactionEvent::Started, ocpp_types::v201::TriggerReason::Authorized, 0);
    for _ in 0..100 {
        lab.station.transaction_event(lab.now, &event).expect("taken");
        assert_eq!(lab.settle().len(), 1, "it is sent");
    }
    error.set(None);
    lab.station.transaction_event(lab.now, &event).expect("taken");
    assert_eq!(lab.into_store().records().expect("readable").len(), 1);

    // a store that never works again fills no memory
    let (store, error) = failing();
    let mut lab = Lab::on(config(Version::V16), store, 1);
    lab.go_online();
    error.set(Some(StoreErrorKind::ReadOnly));
    let mut charge = |times: u32| {
        for _ in 0..times {
            let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
            lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
            assert_eq!(lab.settle().len(), 2);
            lab.events.clear();
        }
        // all that it holds can be seen
        format!("{:?}", lab.station.outbox()).len()
    };
    let (few, many) = (charge(10), charge(500));
    assert!(many < few + 100, "{few} {many}");
}

#[test]
fn e7_what_a_store_has_refused_is_tried_a_last_time() {
    let (store, error) = failing();
    let mut lab = Lab::on(config(Version::V16), store, 1);
    lab.go_online();
    lab.link_down();
    error.set(Some(StoreErrorKind::Full));
    lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    error.set(None);
    assert_eq!(lab.into_store().records().expect("readable").len(), 1);
}

#[test]
fn e7_an_id_with_a_flipped_bit_is_not_taken_for_another_id() {
    let mut lab = Lab::online(Version::V16);
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    lab.settle();
    let mut store = lab.into_store();
    let mut value = store.value("outbox/transactions").expect("in memory").expect("there is one");
    let at = value.windows(2).position(|digits| digits == b"42").expect("the id");
    value[at] ^= 1;
    store.commit(&[Change::Set { name: "outbox/transactions", value }]).expect("in memory");
    let mut lab = Lab::on(config(Version::V16), store, 2);
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("nobody knows that it has ended");
    lab.link_up();
    assert_eq!(lab.settle()[1].payload["transactionId"], json!(-1));
}

#[test]
fn a_value_that_cannot_be_committed_is_what_it_was() {
    let (store, error) = failing();
    let mut lab = Lab::on(config(Version::V16), store, 1);
    let kept = |lab: &mut Lab<Failing>| lab.station.outbox_mut().value("state").expect("readable");
    lab.station.outbox_mut().commit_value("state", vec![1]).expect("committed");
    error.set(Some(StoreErrorKind::Full));
    lab.station.outbox_mut().commit_value("state", vec![2]).expect_err("full");
    assert_eq!(kept(&mut lab), Some(vec![1]));
    lab.station.outbox_mut().set_value("state", vec![3]);
    lab.station.outbox_mut().commit_value("state", vec![4]).expect_err("full");
    assert_eq!(kept(&mut lab), Some(vec![3]), "which waits for the store to work again");
    error.set(None);
    lab.station.outbox_mut().set_value("other", vec![0]);
    let mut store = lab.into_store();
    assert_eq!(store.value("state").expect("readable"), Some(vec![3]));
}

#[test]
fn e7_or_it_refuses_if_that_is_the_policy() {
    let (store, error) = failing();
    let mut strict = config(Version::V16);
    strict.outbox.on_store_failure = OnStoreFailure::Refuse;
    let mut lab = Lab::on(strict, store, 1);
    lab.go_online();
    error.set(Some(StoreErrorKind::Full));
    let refused = lab.station.start_transaction(lab.now, &make::start());
    match refused {
        Err(NotTaken::Outbox(OutboxError::Store(error))) => assert_eq!(error.kind(), StoreErrorKind::Full),
        other => panic!("{other:?}"),
    }
    lab.nothing_sent();
    assert!(lab.station.outbox().is_empty());
    assert_eq!(lab.station.outbox().open_transactions().count(), 0);
    error.set(None);
    lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    assert_eq!(lab.one_sent().name, "StartTransaction");
}

#[test]
fn e7_one_damaged_record_does_not_hide_the_later_ones() {
    let mut lab = Lab::online(Version::V16);
    lab.link_down();
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    let mut numbers = Vec::new();
    for wh in 0..4 {
        numbers.push(lab.station.meter_values(lab.now, key, &make::meter(wh)).expect("taken"));
    }
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
    let mut store = lab.into_store();
    store.record_mut(numbers[1]).expect("it is there")[20] ^= 1;
    store.record_mut(numbers[2]).expect("it is there").truncate(10);

    let mut lab = Lab::on(config(Version::V16), store, 2);
    lab.take_events();
    let damaged: Vec<_> = lab
        .events
        .iter()
        .filter_map(|event| match event {
            StationEvent::Outbox(OutboxNotice::Damaged { number }) => Some(*number),
            _ => None,
        })
        .collect();
    assert_eq!(damaged, numbers[1..3]);
    lab.link_up();
    let sent = lab.settle();
    let names: Vec<_> = sent.iter().map(|sent| &*sent.name).collect();
    assert_eq!(names, ["BootNotification", "StartTransaction", "MeterValues", "MeterValues", "StopTransaction"]);
    assert!(sent[2..].iter().all(|sent| sent.payload["transactionId"] == 42));
    // it is told once, not at every boot
    let mut lab = Lab::on(config(Version::V16), lab.into_store(), 3);
    lab.take_events();
    assert!(lab.events.is_empty(), "{:?}", lab.events);
}

#[test]
fn e7_a_damaged_start_leaves_a_stop_that_still_arrives() {
    let mut lab = Lab::online(Version::V16);
    lab.link_down();
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
    let mut store = lab.into_store();
    store.record_mut(key.get()).expect("it is there").clear();
    let mut lab = Lab::on(config(Version::V16), store, 2);
    lab.link_up();
    let sent = lab.settle();
    assert_eq!(sent[1].payload["transactionId"], json!(-1), "TX16-06: there is no id to be had");
}

#[test]
fn e7_a_damaged_start_leaves_a_transaction_that_can_be_stopped() {
    let mut lab = Lab::online(Version::V16);
    lab.link_down();
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    let mut store = lab.into_store();
    store.record_mut(key.get()).expect("it is there").clear();
    let mut lab = Lab::on(config(Version::V16), store, 2);
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("it is open");
    lab.link_up();
    assert_eq!(lab.settle()[1].payload["transactionId"], json!(-1));
}

#[test]
fn e7_damaged_bindings_cost_ids_but_no_message() {
    let mut lab = Lab::online(Version::V16);
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    lab.settle();
    lab.link_down();
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
    let mut store = lab.into_store();
    store.commit(&[Change::Set { name: "outbox/transactions", value: vec![1, 2, 3] }]).expect("in memory");
    let mut lab = Lab::on(config(Version::V16), store, 2);
    lab.link_up();
    let sent = lab.settle();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[1].payload["transactionId"], json!(-1));
}

#[test]
fn e5_a_clock_that_jumps_back_makes_no_storm() {
    // times that go backwards come from a clock that is none; nothing panics and nothing floods
    let mut lab = Lab::online(Version::V16);
    let later = lab.now;
    lab.now = ocpp_rpc::Instant::ZERO;
    for _ in 0..100 {
        lab.input(ocpp_rpc::Input::Timeout);
    }
    lab.nothing_sent();
    lab.now = later;
    lab.pass(300);
    assert_eq!(lab.one_sent().name, "Heartbeat");
}

#[test]
fn nobody_who_takes_no_events_fills_the_memory() {
    let mut lab = Lab::online(Version::V16);
    for _ in 0..5000 {
        lab.station.handle_input(lab.now, ocpp_rpc::Input::Text(r#"[3,"nobody",{}]"#));
    }
    // a request is no mere news
    lab.station.handle_input(lab.now, ocpp_rpc::Input::Text(r#"[2,"c","ClearCache",{}]"#));
    use ocpp_rpc::Machine;
    assert!(lab.station.untold() > 3000);
    let told: Vec<_> = std::iter::from_fn(|| lab.station.poll_event()).collect();
    assert!(told.len() <= 1100, "{}", told.len());
    assert!(matches!(told.last(), Some(StationEvent::Call(_))));
}

#[test]
fn ws_27_ws_15_what_cannot_be_stored_is_not_taken_and_what_was_before_holds() {
    use ocpp_client::charger::{Charger, ChargerEvent};
    use ocpp_client::{Boot, Equipment, NetworkProfile};
    use ocpp_rpc::{Input, Instant, Machine, Transmit};

    let (store, error) = failing();
    let mut charger = Charger::new(Instant::ZERO, config(Version::V21), 1, store, Boot::new(1)).expect("a charger");
    charger.provision([(1, NetworkProfile::new("ws://csms.example.com", 1))], &[1], Equipment::default());
    let _same = charger.connected(Instant::ZERO, 1);
    charger.handle_input(Instant::ZERO, Input::LinkUp(Version::V21));
    let calls = Cell::new(0);
    let ask = |charger: &mut Charger<Failing>, action: &str, payload: serde_json::Value| {
        calls.set(calls.get() + 1);
        let call = json!([2, calls.get().to_string(), action, payload]);
        charger.handle_input(Instant::ZERO, Input::Text(&call.to_string()));
        let mut answer = None;
        while let Some(transmit) = charger.poll_transmit() {
            let Transmit::Text(text) = transmit else { continue };
            let sent = crate::lab::read(text);
            if sent.kind == 2 {
                let usual = crate::lab::usual_answer(&sent.name, &sent.payload);
                charger.handle_input(Instant::ZERO, Input::Text(&json!([3, sent.id, usual]).to_string()));
            } else {
                answer = Some(sent);
            }
        }
        answer
    };
    // the boot and what follows it
    ask(&mut charger, "ClearCache", json!({}));
    let profile = json!({"configurationSlot": 2, "connectionData": {
        "ocppTransport": "JSON", "ocppCsmsUrl": "ws://new.example.com", "messageTimeout": 40,
        "securityProfile": 1, "ocppInterface": "Any",
    }});
    let password = json!({"setVariableData": [{
        "component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"},
        "attributeValue": "a password of some length",
    }]});
    error.set(Some(StoreErrorKind::Full));
    let before = charger.network().clone();
    let answer = ask(&mut charger, "SetNetworkProfile", profile.clone()).expect("an answer");
    assert_eq!(answer.payload["status"], "Failed", "B09.FR.03");
    let answer = ask(&mut charger, "SetVariables", password.clone()).expect("an answer");
    assert_eq!(answer.payload["setVariableResult"][0]["attributeStatus"], "Rejected");
    assert_eq!(*charger.network(), before);
    let told: Vec<ChargerEvent> = std::iter::from_fn(|| charger.poll_event()).collect();
    assert!(!told.iter().any(|event| matches!(event, ChargerEvent::Credentials { .. })));
    error.set(None);
    let answer = ask(&mut charger, "SetNetworkProfile", profile).expect("an answer");
    assert_eq!(answer.payload["status"], "Accepted");
    let answer = ask(&mut charger, "SetVariables", password).expect("an answer");
    assert_eq!(answer.payload["setVariableResult"][0]["attributeStatus"], "Accepted");
    assert_ne!(*charger.network(), before);
}

#[test]
fn e7_a_reboot_while_the_store_fails_loses_nothing() {
    let (store, error) = failing();
    let mut lab = Lab::on(config(Version::V16), store, 1);
    lab.go_online();
    lab.link_down();
    error.set(Some(StoreErrorKind::Full));
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    lab.station.meter_values(lab.now, key, &make::meter(5)).expect("taken");
    lab.station = lab.station.reboot(lab.now, ocpp_client::Boot::new(2)).expect("a station");
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
    lab.link_up();
    let names: Vec<_> = lab.settle().into_iter().map(|sent| sent.name).collect();
    assert_eq!(names, ["BootNotification", "StartTransaction", "MeterValues", "StopTransaction"]);
}

#[test]
fn e7_damaged_bindings_cost_the_id_of_an_open_transaction_but_not_its_stop() {
    let mut lab = Lab::online(Version::V16);
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    lab.settle();
    let mut store = lab.into_store();
    store.commit(&[Change::Set { name: "outbox/transactions", value: vec![1, 2, 3] }]).expect("in memory");
    let lab = Lab::on(config(Version::V16), store, 2);
    // it is told once
    let mut told = Vec::new();
    let mut boots = lab.station;
    for seed in [3, 4] {
        use ocpp_rpc::Machine;
        told.extend(std::iter::from_fn(|| boots.poll_event()));
        boots = ocpp_client::Station::new(
            ocpp_rpc::Instant::ZERO,
            config(Version::V16),
            boots.into_store(),
            ocpp_client::Boot::new(seed),
        )
        .expect("a station");
    }
    assert!(matches!(told[..], [StationEvent::Outbox(OutboxNotice::IdsDamaged)]), "{told:?}");
    let mut lab = Lab::on(config(Version::V16), boots.into_store(), 5);
    lab.go_online();
    // nor does its key stand for another one
    let other = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    assert_ne!(key, other);
    lab.settle();
    let mut lab = Lab::on(config(Version::V16), lab.into_store(), 3);
    lab.go_online();
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("nobody knows that it has ended");
    assert_eq!(lab.settle()[0].payload["transactionId"], json!(-1));
    lab.station.stop_transaction(lab.now, other, &make::stop()).expect("open");
    assert_eq!(lab.settle()[0].payload["transactionId"], json!(42));
}

/// A commit that fails may have reached the medium all the same.
#[test]
fn e7_what_a_failed_commit_has_left_on_the_medium_is_not_sent() {
    /// A store whose commits are made and reported as failed.
    struct Doubtful(MemoryStore, Rc<Cell<bool>>);

    impl Store for Doubtful {
        fn records(&mut self) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
            self.0.records()
        }

        fn value(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
            self.0.value(name)
        }

        fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
            self.0.commit(changes)?;
            if self.1.get() { Err(StoreError::new(StoreErrorKind::Failed)) } else { Ok(()) }
        }
    }

    for policy in [OnStoreFailure::Refuse, OnStoreFailure::KeepCharging] {
        let fails = Rc::new(Cell::new(false));
        let mut of_policy = config(Version::V16);
        of_policy.outbox.on_store_failure = policy;
        let mut lab = Lab::on(of_policy.clone(), Doubtful(MemoryStore::new(), Rc::clone(&fails)), 1);
        lab.go_online();
        fails.set(true);
        let taken = lab.station.start_transaction(lab.now, &make::start());
        assert_eq!(taken.is_ok(), policy == OnStoreFailure::KeepCharging);
        lab.settle();
        fails.set(false);
        lab.station.deliver(lab.now, &ocpp_types::v16::HeartbeatRequest::new()).expect("taken");
        lab.settle();
        let mut lab = Lab::on(of_policy, lab.into_store(), 2);
        lab.link_up();
        let names: Vec<_> = lab.settle().into_iter().map(|sent| sent.name).collect();
        assert_eq!(names, ["BootNotification"], "{policy:?}");
        let open = lab.station.outbox().open_transactions().count();
        assert_eq!(open, usize::from(policy == OnStoreFailure::KeepCharging));
    }
}

/// Rule Q-13: a value that belongs to a message is set with it, or not at all.
#[test]
fn q_13_a_value_that_belongs_to_a_message_shares_its_fate() {
    let (store, error) = failing();
    let mut strict = config(Version::V16);
    strict.outbox.on_store_failure = OnStoreFailure::Refuse;
    let mut lab = Lab::on(strict, store, 1);
    let kept = |lab: &mut Lab<Failing>| lab.station.outbox_mut().value("state").expect("readable");
    let heartbeat = ocpp_types::v16::HeartbeatRequest::new();
    lab.station.outbox_mut().set_value_with_next("state", vec![1]);
    assert_eq!(kept(&mut lab), None, "not yet");
    lab.station.deliver(lab.now, &heartbeat).expect("taken");
    assert_eq!(kept(&mut lab), Some(vec![1]));

    // not with a message that the store refuses, nor with the one after it
    error.set(Some(StoreErrorKind::Full));
    lab.station.outbox_mut().set_value_with_next("state", vec![2]);
    lab.station.deliver(lab.now, &heartbeat).expect_err("refused");
    assert_eq!(kept(&mut lab), Some(vec![1]));
    lab.station.outbox_mut().set_value("state", vec![3]);
    lab.station.outbox_mut().set_value_with_next("state", vec![4]);
    lab.station.deliver(lab.now, &heartbeat).expect_err("refused");
    assert_eq!(kept(&mut lab), Some(vec![3]), "what waited before waits again");
    error.set(None);
    lab.station.deliver(lab.now, &heartbeat).expect("taken");
    assert_eq!(kept(&mut lab), Some(vec![3]));

    // nor with one that was not even tried, which is over once another value is set
    lab.station.outbox_mut().set_value_with_next("state", vec![5]);
    lab.station.start_transaction(lab.now, &make::start()).expect_err("not accepted");
    lab.station.outbox_mut().set_value("state", vec![6]);
    lab.station.deliver(lab.now, &heartbeat).expect("taken");
    assert_eq!(kept(&mut lab), Some(vec![6]));
}

#[test]
fn e7_a_charger_restarts_while_its_store_is_gone_and_knows_what_it_knew() {
    use ocpp_client::Boot;
    use ocpp_client::charger::{Charger, OutletStatus};
    use ocpp_rpc::{Input, Instant, Machine};

    /// A store on a medium that is pulled out.
    #[derive(Debug)]
    struct Removable(Failing);

    impl Removable {
        fn there(&self) -> Result<(), StoreError> {
            self.0.error.get().map_or(Ok(()), |kind| Err(StoreError::new(kind)))
        }
    }

    impl Store for Removable {
        fn records(&mut self) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
            self.there()?;
            self.0.records()
        }

        fn value(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
            self.there()?;
            self.0.value(name)
        }

        fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
            self.0.commit(changes)
        }
    }

    let (store, error) = failing();
    let now = Instant::from_secs(1);
    let mut charger = Charger::new(now, config(Version::V201), 1, Removable(store), Boot::new(1)).expect("a charger");
    charger.handle_input(now, Input::LinkUp(Version::V201));
    let answer_all = |charger: &mut Charger<Removable>| {
        let mut answered = Vec::new();
        while let Some(transmit) = charger.poll_transmit() {
            let ocpp_rpc::Transmit::Text(text) = transmit else { continue };
            let sent = crate::lab::read(text);
            let usual = crate::lab::usual_answer(&sent.name, &sent.payload);
            charger.handle_input(now, Input::Text(&json!([3, sent.id, usual]).to_string()));
            answered.push(sent);
        }
        answered
    };
    answer_all(&mut charger);
    error.set(Some(StoreErrorKind::Failed));
    charger.plug_in(now, 1).expect("free");
    charger.swipe(now, 1, "04A1").expect("in service");
    answer_all(&mut charger);
    charger.meter(now, 1, 700).expect("charging");
    charger.handle_input(now, Input::LinkDown);
    let mut charger = charger.reboot(now, Boot::new(2)).expect("it needs no store for that");
    assert_eq!((charger.register(1), charger.status(1)), (Ok(700), Ok(OutletStatus::Preparing)));
    charger.handle_input(now, Input::LinkUp(Version::V201));
    let sent = answer_all(&mut charger);
    let ended = sent.iter().find(|sent| sent.payload["eventType"] == "Ended").expect("what was interrupted is ended");
    assert_eq!(ended.payload["meterValue"][0]["sampledValue"][0]["value"], 700);
}
