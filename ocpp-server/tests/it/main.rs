//! Tests of the crate from outside.

mod auth;
#[cfg(feature = "websocket")]
mod csms;
#[cfg(feature = "tokio")]
mod csms_links;
mod directory;
mod handshake;
mod helpers;
mod ledger;
mod ledger_answers;
mod ledger_properties;
#[cfg(feature = "tokio")]
mod link;
mod preflight;
mod registry;
mod remote_starts;
mod station;

use ocpp_rpc::Instant;
use ocpp_server::StationId;

fn id(text: &str) -> StationId {
    StationId::new(text).expect("an identity")
}

fn at(seconds: u64) -> Instant {
    Instant::from_secs(seconds)
}

/// Runs a future that never waits for anything.
fn block_on<F: std::future::Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("it waits"),
    }
}
