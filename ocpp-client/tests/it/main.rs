//! Tests of the station side. No clock, no socket, no sleeping: time is a number.

mod boot;
mod charger;
mod faults;
mod heartbeat;
mod lab;
mod mistakes;
mod outbox;
mod power_cut;
mod reconnecting;
#[cfg(feature = "redb")]
mod redb_store;
mod target;
mod transactions_v16;
mod trigger;
