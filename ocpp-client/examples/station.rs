//! A charging station on a real WebSocket: `station URL IDENTITY [VERSION]`.
//!
//! It boots, charges one car with made-up readings, and goes.

use ocpp_client::charger::{Charger, ChargerEvent};
use ocpp_client::{Boot, Client, Connector, Identity, MemoryStore, StationConfig, StationInfo, Target};
use ocpp_rpc::Instant;
use ocpp_types::Version;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, identity, rest @ ..] = arguments.as_slice() else {
        return Err("usage: station URL IDENTITY [1.6|2.0.1|2.1]".into());
    };
    let version = rest.first().map_or(Ok(Version::V201), |text| text.parse())?;

    let target = Target::new(url, Identity::new(identity, version)?, [version]);
    let config = StationConfig::new(version, StationInfo::new("Chargewire", "Example"));
    let charger = Charger::new(Instant::ZERO, config, 2, MemoryStore::new(), Boot::random())?;
    let client = Client::start(Connector::new(target), charger);
    client.online().await;

    client.with(|charger, now| charger.plug_in(now, 1)).await??;
    client.with(|charger, now| charger.swipe(now, 1, "04A1B2C3")).await??;
    while let Some(event) = client.next_event().await {
        match event {
            ChargerEvent::Started { .. } => {
                client.with(|charger, now| charger.meter(now, 1, 7400)).await??;
                client.with(|charger, now| charger.plug_out(now, 1)).await??;
            }
            ChargerEvent::Refused { token, .. } => return Err(format!("{token} was refused").into()),
            _ => {}
        }
        if client
            .with(|charger, _| {
                !charger.station().outbox().has_transaction_messages() && charger.register(1) == Ok(7400)
            })
            .await?
        {
            break;
        }
    }
    client.stop();
    Ok(())
}
