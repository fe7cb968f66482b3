//! A local controller between sockets: rule WS-30.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use ocpp_rpc::websocket::{
    Accept, Credentials, Dial, DialError, HandshakeRequest, ListenConfig, Listener, Reject, WebSocketLink,
};
use ocpp_rpc::{
    CloseCode, CloseReason, LinkEnd, MessageIds, Outgoing, PeerError, Received, Relay, RelayConfig, RelayEnd,
    RelayHandle, Relaying, Side, relay,
};
use ocpp_types::{Version, v201};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

use super::PATIENCE;

/// A CSMS, and a local controller below it.
struct Site {
    /// Connections the CSMS has: path, password header, link.
    csms: UnboundedReceiver<(String, Option<Vec<u8>>, WebSocketLink)>,
    controller: SocketAddr,
    handles: UnboundedReceiver<RelayHandle>,
    ends: UnboundedReceiver<RelayEnd>,
    observed: Arc<Mutex<Vec<(Side, String)>>>,
}

impl Site {
    /// The CSMS speaks these versions, and knows stations whose path starts with `/ocpp/`.
    fn start(versions: &'static [&'static str]) -> Self {
        let (came, csms) = unbounded_channel();
        let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), ListenConfig::default()).unwrap();
        let above = listener.local_addr().unwrap();
        let decide = move |request: HandshakeRequest| {
            let chosen = request.subprotocols().find(|name| versions.contains(name)).map(str::to_owned);
            let password = request.header("authorization").map(<[u8]>::to_vec);
            let path = request.path().to_owned();
            async move {
                match chosen {
                    _ if !path.starts_with("/ocpp/") => Err(Reject::new(404, "unknown")),
                    _ if path.ends_with("locked") => Err(Reject::unauthorized()),
                    None => Err(Reject::new(400, "no version")),
                    Some(chosen) => Ok(Accept::new(chosen, (path, password))),
                }
            }
        };
        tokio::spawn(listener.serve(
            decide,
            move |(path, password), link| {
                _ = came.send((path, password, link));
                std::future::ready(())
            },
            std::future::pending(),
        ));

        let (handle, handles) = unbounded_channel();
        let (end, ends) = unbounded_channel();
        let observed = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&observed);
        let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), ListenConfig::default()).unwrap();
        let controller = listener.local_addr().unwrap();
        let dial = Dial::new(format!("ws://{above}"), [] as [&str; 0]);
        let decide = move |request: HandshakeRequest| {
            let dial = dial.clone();
            async move { dial.for_station(&request).await }
        };
        let run = move |above: WebSocketLink, below: WebSocketLink| {
            let version = match above.subprotocol() {
                Some("ocpp1.6") => Version::V16,
                _ => Version::V201,
            };
            let log = Arc::clone(&log);
            let relaying = Relaying {
                observer: Some(Box::new(move |from, text: &str| log.lock().unwrap().push((from, text.to_owned())))),
                ..Relaying::default()
            };
            let machine = Relay::new(RelayConfig::default(), MessageIds::new(9));
            let (way, running) = relay(below, above, version, machine, relaying);
            _ = handle.send(way);
            let end = end.clone();
            async move { drop(end.send(running.await)) }
        };
        tokio::spawn(listener.serve(decide, run, std::future::pending()));
        Self { csms, controller, handles, ends, observed }
    }

    fn dial(&self, path: &str, versions: &[&'static str]) -> Dial {
        Dial::new(format!("ws://{}{path}", self.controller), versions.iter().copied())
    }

    /// A station that is connected through the controller, and what the CSMS has of it.
    async fn station(&mut self, path: &str) -> (WebSocketLink, WebSocketLink, RelayHandle) {
        let station = self.dial(path, &["ocpp2.0.1"]).connect().await.unwrap();
        let (_, _, csms) = timeout(PATIENCE, self.csms.recv()).await.unwrap().unwrap();
        let handle = timeout(PATIENCE, self.handles.recv()).await.unwrap().unwrap();
        (station, csms, handle)
    }

    async fn end(&mut self) -> RelayEnd {
        timeout(PATIENCE, self.ends.recv()).await.unwrap().unwrap()
    }
}

async fn send(link: &mut WebSocketLink, text: &str) {
    link.send(Outgoing::Text(text.to_owned())).await.unwrap();
}

async fn next(link: &mut WebSocketLink) -> Received {
    timeout(PATIENCE, link.next()).await.unwrap().unwrap().unwrap()
}

async fn text(link: &mut WebSocketLink) -> String {
    match next(link).await {
        Received::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn ws_30_one_connection_above_for_each_below_with_path_password_and_version_of_the_station() {
    let mut site = Site::start(&["ocpp1.6", "ocpp2.0.1"]);
    let mut dial = site.dial("/ocpp/RDAM%7C1?x=%20y", &["ocpp2.1", "ocpp2.0.1", "ocpp1.6"]);
    dial.credentials = Some(Credentials::new("RDAM|1", *b"\x00:\xff"));
    let station = dial.connect().await.unwrap();
    assert_eq!(station.subprotocol(), Some("ocpp2.0.1"), "as the csms chose");
    let (path, password, csms) = site.csms.recv().await.unwrap();
    assert_eq!((path.as_str(), csms.subprotocol()), ("/ocpp/RDAM%7C1", Some("ocpp2.0.1")));
    assert_eq!(password.as_deref(), Some(&b"Basic UkRBTXwxOgA6/w=="[..]));
    let second = site.dial("/ocpp/CP2", &["ocpp1.6"]).connect().await.unwrap();
    let (path, password, _csms) = site.csms.recv().await.unwrap();
    assert_eq!((path.as_str(), password, second.subprotocol()), ("/ocpp/CP2", None, Some("ocpp1.6")));
}

#[tokio::test]
async fn ws_30_a_station_hears_from_the_controller_what_the_csms_says() {
    let site = Site::start(&["ocpp2.0.1"]);
    for (path, versions, status) in
        [("/other/CP1", ["ocpp2.0.1"], 404), ("/ocpp/locked", ["ocpp2.0.1"], 401), ("/ocpp/CP1", ["ocpp1.6"], 400)]
    {
        match site.dial(path, &versions).connect().await {
            Err(DialError::Refused { status: told, .. }) => assert_eq!(told, status, "{path}"),
            other => panic!("{path}: {:?}", other.map(drop)),
        }
    }
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), ListenConfig::default()).unwrap();
    let address = listener.local_addr().unwrap();
    let nobody = Dial::new("ws://127.0.0.1:1", [] as [&str; 0]);
    let decide = move |request: HandshakeRequest| {
        let nobody = nobody.clone();
        async move { nobody.for_station(&request).await }
    };
    tokio::spawn(listener.serve(decide, |_, _| std::future::ready(()), std::future::pending()));
    let lost = Dial::new(format!("ws://{address}/ocpp/CP1"), ["ocpp1.6"]).connect().await;
    assert!(matches!(lost, Err(DialError::Refused { status: 503, .. })));
}

#[tokio::test]
async fn ws_30_texts_pass_unchanged_and_own_calls_stay_with_the_controller() {
    let mut site = Site::start(&["ocpp2.0.1"]);
    let (mut station, mut csms, handle) = site.station("/ocpp/CP1").await;
    let odd = " [2, \"\\u0041\" ,\"Heartbeat\",\n{ }]";
    send(&mut station, odd).await;
    assert_eq!(text(&mut csms).await, odd);
    let answer = "[3,\"A\",{\"currentTime\":\"2026-03-01T10:00:00Z\"} ]";
    send(&mut csms, answer).await;
    assert_eq!(text(&mut station).await, answer);

    let request = v201::ClearCacheRequest::new();
    let answers = async {
        let call = text(&mut station).await;
        let id = call.split('"').nth(1).unwrap().to_owned();
        send(&mut station, &format!("[3,\"{id}\",{{\"status\":\"Accepted\"}}]")).await;
    };
    let (response, ()) = tokio::join!(handle.call(Side::Station, &request), answers);
    assert_eq!(response.unwrap().status, v201::ClearCacheStatus::Accepted);
    send(&mut station, "[2,\"B\",\"Heartbeat\",{}]").await;
    assert_eq!(text(&mut csms).await, "[2,\"B\",\"Heartbeat\",{}]", "and the csms has seen nothing of it");
    let seen = site.observed.lock().unwrap();
    assert_eq!(seen.first(), Some(&(Side::Station, odd.to_owned())));
}

#[tokio::test]
async fn ws_30_loss_of_one_side_closes_the_other() {
    let mut site = Site::start(&["ocpp2.0.1"]);
    let (station, mut csms, handle) = site.station("/ocpp/CP1").await;
    drop(station);
    let Received::Close(reason) = next(&mut csms).await else { panic!("no goodbye") };
    assert_eq!(reason.code, CloseCode::GOING_AWAY);
    drop(csms);
    let end = site.end().await;
    assert!(matches!((&end.station, &end.csms), (LinkEnd::Lost(_), LinkEnd::Closed(_))), "{end:?}");
    let refused = handle.call(Side::Station, &v201::ClearCacheRequest::new()).await;
    assert!(matches!(refused, Err(PeerError::Refused(_))), "{refused:?}");

    let (mut station, mut csms, _handle) = site.station("/ocpp/CP1").await;
    csms.send(Outgoing::Close(CloseReason::new(CloseCode::RESTART, "back soon"))).await.unwrap();
    let Received::Close(reason) = next(&mut station).await else { panic!("no goodbye") };
    assert_eq!(reason.code, CloseCode::GOING_AWAY);
    drop((station, csms));
    let end = site.end().await;
    assert!(matches!((&end.station, &end.csms), (LinkEnd::Closed(_), LinkEnd::ClosedByPeer(_))), "{end:?}");
}
