//! Transaction ids of 1.6: rules TX16-01 to TX16-03, TX16-06, field needs 6 to 8.

use ocpp_client::{NotTaken, OutboxError, StationEvent, TransactionKey};
use ocpp_types::{Version, v16};
use serde_json::json;

use crate::lab::{Lab, config, make};

#[test]
fn tx16_02_what_was_made_before_the_id_is_known_carries_it_in_the_end() {
    let mut lab = Lab::online(Version::V16);
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    lab.station.meter_values(lab.now, key, &make::meter(5)).expect("taken");
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
    let start = lab.one_sent();
    assert_eq!(start.payload["meterStart"], 1000);
    lab.nothing_sent();
    lab.answer(&start, json!({"idTagInfo": {"status": "Accepted"}, "transactionId": 777}));
    assert_eq!(lab.station.outbox().transaction_id(key), Some(777));
    assert_eq!(lab.station.outbox().transaction_with_id(777), Some(key));
    let sent = lab.settle();
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|sent| sent.payload["transactionId"] == 777), "{sent:?}");
    assert_eq!(lab.station.outbox().open_transactions().count(), 0);
}

#[test]
fn tx16_02_two_transactions_keep_their_ids_apart() {
    let mut lab = Lab::online(Version::V16);
    lab.link_down();
    let first = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    let second = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    lab.station.stop_transaction(lab.now, second, &make::stop()).expect("taken");
    lab.station.stop_transaction(lab.now, first, &make::stop()).expect("taken");
    lab.link_up();
    for id in [11, 22] {
        let start = lab.one_sent();
        lab.answer(&start, json!({"idTagInfo": {"status": "Accepted"}, "transactionId": id}));
    }
    let ids: Vec<_> = lab.settle().iter().map(|sent| sent.payload["transactionId"].as_i64()).collect();
    assert_eq!(ids, [Some(22), Some(11)]);
}

#[test]
fn tx16_03_zero_and_negative_ids_are_ids() {
    for id in [0, -1, -2_147_483_648, 2_147_483_647, 9_007_199_254_740_993_i64] {
        let mut lab = Lab::online(Version::V16);
        let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
        let start = lab.one_sent();
        lab.answer(&start, json!({"idTagInfo": {"status": "Accepted"}, "transactionId": id}));
        lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
        assert_eq!(lab.one_sent().payload["transactionId"], id);
    }
}

#[test]
fn tx16_02_the_id_survives_a_reboot_between_start_and_stop() {
    let mut lab = Lab::online(Version::V16);
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    lab.settle();
    let number = key.get();
    let mut lab = Lab::on(config(Version::V16), lab.into_store(), 2);
    let key = TransactionKey::new(number);
    assert_eq!(lab.station.outbox().open_transactions().collect::<Vec<_>>(), [key]);
    // rule TX16-13: what ends it may be taken before the station is accepted
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
    assert!(lab.station.outbox().is_stopping(key));
    lab.link_up();
    let sent = lab.settle();
    assert_eq!((&*sent[1].name, &sent[1].payload["transactionId"]), ("StopTransaction", &json!(42)));
}

#[test]
fn field_need_7_a_transaction_is_stopped_once() {
    let mut lab = Lab::online(Version::V16);
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    lab.settle();
    lab.station.stop_transaction(lab.now, key, &make::stop()).expect("taken");
    let mut lab = Lab::on(config(Version::V16), lab.into_store(), 2);
    let key = lab.station.outbox().open_transactions().next().expect("it is still open");
    assert!(lab.station.outbox().is_stopping(key), "so nobody needs to stop it");
    lab.link_up();
    assert_eq!(lab.settle().iter().filter(|sent| sent.name == "StopTransaction").count(), 1);
    let again = lab.station.stop_transaction(lab.now, key, &make::stop());
    assert!(matches!(again, Err(NotTaken::Outbox(OutboxError::UnknownTransaction(_)))), "{again:?}");
}

#[test]
fn field_need_8_what_was_made_offline_is_answered_like_anything_else() {
    let mut lab = Lab::online(Version::V16);
    lab.link_down();
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    lab.link_up();
    lab.settle();
    let delivered = lab.events.iter().find_map(|event| match event {
        StationEvent::Delivered(delivered) => Some(delivered),
        _ => None,
    });
    let delivered = delivered.expect("told");
    assert_eq!(delivered.started, Some(key));
    let response = delivered.response::<v16::StartTransactionRequest>().expect("readable");
    assert_eq!((response.transaction_id, response.id_tag_info.status), (42, v16::AuthorizationStatus::Accepted));
    assert!(delivered.response::<v16::StopTransactionRequest>().is_none(), "an answer of another type is none");
}

#[test]
fn an_answer_to_the_start_without_an_id_counts_as_a_failure() {
    let mut lab = Lab::online(Version::V16);
    let key = lab.station.start_transaction(lab.now, &make::start()).expect("taken");
    let start = lab.one_sent();
    lab.answer(&start, json!({"idTagInfo": {"status": "Accepted"}}));
    lab.pass(60);
    let again = lab.one_sent();
    assert_eq!(again.name, "StartTransaction");
    // one that breaks the specification elsewhere has the id, and that counts
    lab.answer(&again, json!({"idTagInfo": {"status": "Fine"}, "transactionId": 9}));
    assert_eq!(lab.station.outbox().transaction_id(key), Some(9));
}

/// A CSMS that gives an id twice means the transaction it has heard of last.
#[test]
fn tx16_02_of_two_transactions_with_one_id_the_later_one_is_meant() {
    let mut lab = Lab::online(Version::V16);
    for _ in 0..2 {
        lab.station.start_transaction(lab.now, &make::start()).expect("taken");
        lab.settle();
    }
    let keys: Vec<_> = lab.station.outbox().open_transactions().collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(lab.station.outbox().transaction_with_id(42), Some(keys[1]));
}
