//! Which node holds a station: rules CS-52, CS-53, fault row E12, field need 35.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ocpp_server::directory::{
    Delivery, Directory, DirectoryError, DirectoryTable, Epoch, Holder, Intake, MemoryDirectory, NodeId, RemoteCall,
    RemoteDesk, RemoteFailure, RemoteOutcome,
};

use crate::{at, block_on, id};

const LEASE: Duration = Duration::from_secs(30);

fn node(name: &str) -> NodeId {
    NodeId(name.into())
}

#[test]
fn cs_52_a_later_claim_has_a_higher_epoch_and_names_who_has_to_let_go() {
    let mut table = DirectoryTable::new();
    for name in ["a", "b"] {
        table.renew(at(0), &node(name), LEASE);
    }
    let first = table.claim(at(0), &id("CP1"), &node("a")).expect("a lease");
    assert_eq!(first.previous, None);
    let second = table.claim(at(1), &id("CP1"), &node("b")).expect("a lease");
    assert!(second.epoch > first.epoch);
    assert_eq!(second.previous.map(|holder| (holder.node, holder.epoch)), Some((node("a"), first.epoch)));
    assert!(!table.release(&id("CP1"), first.epoch), "what the old node does has no effect");
    assert_eq!(table.find(at(1), &id("CP1")).map(|holder| holder.node), Some(node("b")));
    assert!(table.release(&id("CP1"), second.epoch) && table.find(at(1), &id("CP1")).is_none());
    let third = table.claim(at(2), &id("CP1"), &node("a")).expect("a lease");
    assert!(third.epoch > second.epoch, "an epoch is never used again");
}

#[test]
fn e12_what_a_dead_node_held_is_nobodys() {
    let seconds = Arc::new(AtomicU64::new(0));
    let clock = Arc::clone(&seconds);
    let directory = MemoryDirectory::new(move || at(clock.load(Ordering::Relaxed)));
    assert_eq!(block_on(directory.claim(&id("CP1"), &node("a"))), Err(DirectoryError::LeaseOver));
    block_on(directory.renew(&node("a"), LEASE)).expect("it answers");
    block_on(directory.renew(&node("b"), LEASE * 10)).expect("it answers");
    let claim = block_on(directory.claim(&id("CP1"), &node("a"))).expect("a lease");
    let holder = block_on(directory.find(&id("CP1"))).expect("it answers");
    assert_eq!(holder.map(|Holder { node, epoch, .. }| (node, epoch)), Some((node("a"), claim.epoch)));
    seconds.store(30, Ordering::Relaxed);
    assert_eq!(block_on(directory.find(&id("CP1"))), Ok(None));
    let next = block_on(directory.claim(&id("CP1"), &node("b"))).expect("a lease");
    assert!(next.epoch > claim.epoch && next.previous.is_none());
    assert_eq!(block_on(directory.release(&id("CP1"), claim.epoch)), Ok(false));
}

fn call(number: u32, epoch: Epoch, delivery: Delivery) -> RemoteCall {
    RemoteCall {
        id: format!("call-{number}"),
        station: id("CP1"),
        epoch,
        action: "Reset".into(),
        payload: r#"{"type":"Soft"}"#.into(),
        remaining_ms: 1000,
        delivery,
    }
}

#[test]
fn e12_a_call_for_a_station_that_is_not_here_is_told_so() {
    let mut desk = RemoteDesk::new(8);
    let failed = |failure| Intake::Answer(RemoteOutcome::Failed(failure));
    let call = call(1, Epoch(3), Delivery::AtMostOnce);
    assert_eq!(desk.take_in(&call, None), failed(RemoteFailure::NotConnected));
    assert_eq!(desk.take_in(&call, Some(Epoch(4))), failed(RemoteFailure::Moved));
    let late = RemoteCall { remaining_ms: 0, ..call.clone() };
    assert_eq!(desk.take_in(&late, Some(Epoch(3))), failed(RemoteFailure::Expired));
    assert_eq!(desk.take_in(&call, Some(Epoch(3))), Intake::Proceed, "none of these was sent");
}

#[test]
fn a_remote_call_that_is_delivered_twice_is_carried_out_once() {
    let mut desk = RemoteDesk::new(2);
    let first = call(1, Epoch(3), Delivery::AtMostOnce);
    assert_eq!(desk.take_in(&first, Some(Epoch(3))), Intake::Proceed);
    assert_eq!(desk.take_in(&first, Some(Epoch(3))), Intake::UnderWay);
    let outcome = RemoteOutcome::Answered(r#"{"status":"Accepted"}"#.into());
    assert_eq!(desk.finish("call-1", outcome.clone()).outcome, outcome);
    assert_eq!(desk.take_in(&first, Some(Epoch(3))), Intake::Answer(outcome.clone()));
    assert_eq!(desk.take_in(&first, None), Intake::Answer(outcome), "even after the station has gone");

    for number in 2..4 {
        assert_eq!(desk.take_in(&call(number, Epoch(3), Delivery::AtMostOnce), Some(Epoch(3))), Intake::Proceed);
    }
    let busy = Intake::Answer(RemoteOutcome::Failed(RemoteFailure::Busy));
    assert_eq!(desk.take_in(&call(4, Epoch(3), Delivery::AtMostOnce), Some(Epoch(3))), busy);
}

#[test]
fn a_call_whose_outcome_is_unknown_is_tried_again_only_where_that_is_wanted() {
    let unknown = RemoteOutcome::Failed(RemoteFailure::Unknown);
    for (delivery, expected) in
        [(Delivery::AtMostOnce, Intake::Answer(unknown.clone())), (Delivery::AtLeastOnce, Intake::Proceed)]
    {
        let mut desk = RemoteDesk::new(8);
        assert_eq!(desk.take_in(&call(1, Epoch(3), delivery), Some(Epoch(3))), Intake::Proceed);
        let _ = desk.finish("call-1", unknown.clone());
        assert_eq!(desk.take_in(&call(1, Epoch(3), delivery), Some(Epoch(3))), expected);
    }
}

#[test]
fn remote_calls_travel_as_json_and_keep_their_payload_out_of_logs() {
    let call = call(1, Epoch(3), Delivery::AtLeastOnce);
    let text = serde_json::to_string(&call).expect("JSON");
    assert_eq!(serde_json::from_str::<RemoteCall>(&text).expect("JSON"), call);
    assert!(!format!("{call:?}").contains("Soft"));
}
