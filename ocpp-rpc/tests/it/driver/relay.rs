//! A relay whose sides are slow, silent or do not go: rule WS-30, rows A14, A15, E11. Virtual time.

use std::time::Duration;

use ocpp_rpc::{
    CloseCode, CloseReason, Keepalive, LinkEnd, MessageIds, Outgoing, PeerError, Received, Relay, RelayConfig,
    RelayEnd, RelayHandle, Relaying, Side, relay,
};
use ocpp_types::{Version, v16};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::link::{FarEnd, pair};

struct Between {
    station: FarEnd,
    csms: FarEnd,
    handle: RelayHandle,
    end: JoinHandle<RelayEnd>,
}

fn between() -> Between {
    let ((below, station), (above, csms)) = (pair(), pair());
    let keepalive = Keepalive { every: Duration::from_secs(60), within: Duration::from_secs(10) };
    let relaying = Relaying { keepalive: Some(keepalive), ..Relaying::default() };
    let machine = Relay::new(RelayConfig::default(), MessageIds::new(3));
    let (handle, running) = relay(below, above, Version::V16, machine, relaying);
    Between { station, csms, handle, end: tokio::spawn(running) }
}

const HEARTBEAT: &str = "[2,\"1\",\"Heartbeat\",{}]";

/// The next message that is no ping.
async fn next(far: &FarEnd) -> Outgoing {
    loop {
        match far.receive().await {
            Outgoing::Ping => far.send(Received::Pong),
            other => return other,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn e11_a_side_that_does_not_read_slows_the_other_and_is_closed_after_30_seconds() {
    let site = between();
    site.csms.room(Some(0));
    for _ in 0..1000 {
        site.station.text(HEARTBEAT);
    }
    let since = Instant::now();
    sleep(Duration::from_millis(1)).await;
    assert_eq!(site.station.untaken(), 1000 - 32, "what does not go out is not taken in");
    let Outgoing::Close(reason) = next(&site.station).await else { panic!("no goodbye") };
    assert_eq!((reason.code, since.elapsed().as_secs()), (CloseCode::GOING_AWAY, 30));
    site.station.send(Received::Close(reason));
    let end = site.end.await.unwrap();
    assert!(matches!((&end.station, &end.csms), (LinkEnd::Closed(_), LinkEnd::SlowReader)), "{end:?}");
}

#[tokio::test(start_paused = true)]
async fn a14_a_side_that_answers_no_ping_is_gone_and_the_other_is_closed() {
    let site = between();
    let since = Instant::now();
    let csms = tokio::spawn({
        let csms = site.csms.clone();
        async move { next(&csms).await }
    });
    assert_eq!(site.station.receive().await, Outgoing::Ping);
    assert!(matches!(csms.await.unwrap(), Outgoing::Close(_)));
    assert_eq!(since.elapsed().as_secs(), 70);
    // nor does the other side go by itself (row A15)
    let end = site.end.await.unwrap();
    assert!(matches!((&end.station, &end.csms), (LinkEnd::Silent, LinkEnd::Closed(_))), "{end:?}");
    assert_eq!(since.elapsed().as_secs(), 75);
}

#[tokio::test(start_paused = true)]
async fn a_relay_can_be_closed_and_then_calls_nobody() {
    let site = between();
    site.station.text(HEARTBEAT);
    assert_eq!(next(&site.csms).await, Outgoing::Text(HEARTBEAT.into()));
    site.handle.close(CloseCode::RESTART, "new firmware");
    for far in [&site.station, &site.csms] {
        let Outgoing::Close(reason) = next(far).await else { panic!("no goodbye") };
        assert_eq!(reason, CloseReason::new(CloseCode::RESTART, "new firmware"));
        far.send(Received::Close(reason));
    }
    site.end.await.unwrap();
    let refused = site.handle.call(Side::Station, &v16::ClearCacheRequest::new()).await;
    assert!(matches!(refused, Err(PeerError::Refused(_))), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn ws_30_a_call_that_waits_for_a_station_that_goes_is_told_so() {
    let site = between();
    let request = v16::ClearCacheRequest::new();
    let goes = async {
        next(&site.station).await;
        site.station.cut();
    };
    let (lost, ()) = tokio::join!(site.handle.call(Side::Station, &request), goes);
    assert!(matches!(lost, Err(PeerError::Failed(_))), "{lost:?}");
    assert!(matches!(next(&site.csms).await, Outgoing::Close(_)));
    site.csms.cut();
    site.end.await.unwrap();
}
