//! A local controller: stations connect to it, and it connects to the CSMS for each of them (OCPP 2.x Part 4 §6).
//!
//! ```sh
//! cargo run -p chargewire-ocpp-rpc --features websocket --example local_controller -- 127.0.0.1:9001 ws://127.0.0.1:9000
//! ```
//!
//! Whatever a station and its CSMS say to each other goes through unchanged. Once a minute the controller asks each station of
//! 2.0.1 for its composite schedule, which the CSMS does not notice.

#![allow(clippy::print_stdout, reason = "an example")]

use std::collections::hash_map::RandomState;
use std::error::Error;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use ocpp_rpc::websocket::{Dial, HandshakeRequest, ListenConfig, Listener, WebSocketLink};
use ocpp_rpc::{MessageIds, Relay, RelayConfig, RelayHandle, Relaying, Side, relay};
use ocpp_types::{Version, v201};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(csms)) = (arguments.next(), arguments.next()) else {
        return Err("usage: local_controller ADDRESS CSMS-URL".into());
    };
    let listener = Listener::bind(address.parse()?, ListenConfig::default())?;
    println!("stations connect to {}, and through it to {csms}", listener.local_addr()?);
    let above = Dial::new(csms, [] as [&str; 0]);
    // the CSMS decides first: who may come in, and with which version
    let decide = move |request: HandshakeRequest| {
        let above = above.clone();
        async move { above.for_station(&request).await }
    };
    listener.serve(decide, serve, std::future::pending()).await;
    Ok(())
}

/// Serves one station: its link below, and the one above that was opened for it.
async fn serve(above: WebSocketLink, below: WebSocketLink) {
    let version = above.subprotocol().and_then(Version::from_subprotocol).unwrap_or(Version::V16);
    let relaying = Relaying {
        observer: Some(Box::new(|from, text| println!("{from:?}: {} bytes", text.len()))),
        ..Relaying::default()
    };
    let machine = Relay::new(RelayConfig::default(), MessageIds::new(random()));
    let (handle, running) = relay(below, above, version, machine, relaying);
    let asking = (version == Version::V201).then(|| tokio::spawn(ask(handle)));
    let end = running.await;
    if let Some(asking) = asking {
        asking.abort();
    }
    println!("over: station {}, csms {}", end.station, end.csms);
}

/// Asks a station of 2.0.1 now and then.
async fn ask(handle: RelayHandle) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        let schedule = handle.call(Side::Station, &v201::GetCompositeScheduleRequest::new(3600, 0)).await;
        println!("{:?}", schedule.map(|response| response.status));
    }
}

/// Random enough for message ids: the keys that the standard library takes from the system for its maps.
fn random() -> u128 {
    let half = || u128::from(RandomState::new().build_hasher().finish());
    half() << 64 | half()
}
