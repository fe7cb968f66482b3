//! Tests of the station side. No clock, no socket, no sleeping: time is a number.

mod boot;
mod charger;
#[cfg(feature = "websocket")]
mod client;
mod faults;
mod heartbeat;
mod lab;
mod mistakes;
mod network_profiles;
mod outbox;
mod power_cut;
mod properties;
mod reconnecting;
#[cfg(feature = "redb")]
mod redb_store;
mod target;
mod transactions_v16;
mod trigger;
