//! Row E16 and whole conversations, over real sockets.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ocpp_rpc::websocket::{Accept, Dial, ListenConfig, Listener, WebSocketLink};
use ocpp_rpc::{
    CloseCode, Connection, ConnectionConfig, CsmsCall, Keepalive, LinkEnd, MessageIds, Peer, Router, StationCall,
    converse,
};
use ocpp_types::{Timestamp, Version, v16};

/// A CSMS that answers heartbeats; gives its address and counts the conversations that are over.
fn csms() -> (std::net::SocketAddr, Arc<AtomicUsize>) {
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), ListenConfig::default()).unwrap();
    let address = listener.local_addr().unwrap();
    let over = Arc::new(AtomicUsize::new(0));
    let router = Arc::new(Router::<Peer<StationCall>>::new().on(|_, _: v16::HeartbeatRequest| async {
        Ok(v16::HeartbeatResponse::new("2026-03-01T10:15:30Z".parse::<Timestamp>().unwrap()))
    }));
    let count = Arc::clone(&over);
    let run = move |(), link: WebSocketLink| {
        let (router, count) = (Arc::clone(&router), Arc::clone(&count));
        async move {
            let connection = Connection::new(ConnectionConfig::csms(), MessageIds::new(1));
            converse(link, Version::V16, connection, router, Peer::clone, Keepalive::default()).1.await;
            count.fetch_add(1, Ordering::Relaxed);
        }
    };
    let decide = |_| std::future::ready(Ok(Accept::new("ocpp1.6", ())));
    tokio::spawn(listener.serve(decide, run, std::future::pending()));
    (address, over)
}

/// A station that sends one heartbeat and goes.
async fn visit(url: &str) -> LinkEnd {
    let link = Dial::new(url, ["ocpp1.6"]).connect().await.unwrap();
    let connection = Connection::<CsmsCall>::new(ConnectionConfig::station(), MessageIds::new(2));
    let router = Arc::new(Router::<(), Connection<CsmsCall>>::new());
    let (peer, running) = converse(link, Version::V16, connection, router, |_| (), None);
    let caller = async {
        peer.call(&v16::HeartbeatRequest::new()).await.unwrap();
        peer.close(CloseCode::NORMAL, "");
    };
    tokio::join!(running, caller).0
}

#[tokio::test]
async fn e16_stations_that_come_and_go_leave_nothing_behind() {
    let (address, over) = csms();
    let url = format!("ws://{address}/CP001");
    visit(&url).await;
    let visits = 300;
    let tasks = tokio::runtime::Handle::current().metrics();
    for _ in 0..visits {
        assert!(matches!(visit(&url).await, LinkEnd::Closed(_)));
    }
    let all_gone = async {
        // the listener is the only task left, besides this one, which is none
        while over.load(Ordering::Relaxed) < visits + 1 || tasks.num_alive_tasks() > 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(super::super::websocket::PATIENCE, all_gone).await.expect("tasks are left behind");
}

#[tokio::test]
async fn half_open_connections_are_noticed() {
    // A17 with a socket: a peer that keeps its connection and never says a word
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), ListenConfig::default()).unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, mut ends) = tokio::sync::mpsc::unbounded_channel();
    let run = move |(), link: WebSocketLink| {
        let sender = sender.clone();
        async move {
            let connection = Connection::<StationCall>::new(ConnectionConfig::csms(), MessageIds::new(1));
            let router = Arc::new(Router::<()>::new());
            let keepalive = Keepalive { every: Duration::from_millis(100), within: Duration::from_millis(200) };
            _ = sender.send(converse(link, Version::V16, connection, router, |_| (), keepalive).1.await);
        }
    };
    let decide = |_| std::future::ready(Ok(Accept::new("ocpp1.6", ())));
    tokio::spawn(listener.serve(decide, run, std::future::pending()));
    // it reads nothing, so it answers no ping
    let link = Dial::new(format!("ws://{address}/CP001"), ["ocpp1.6"]).connect().await.unwrap();
    assert!(matches!(ends.recv().await, Some(LinkEnd::Silent)));
    drop(link);
}
