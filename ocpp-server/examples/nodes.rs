//! A CSMS on two nodes: a station connects to one of them, and a command given to the other one reaches it.
//!
//! ```sh
//! cargo run -p chargewire-ocpp-server --features websocket --example nodes
//! ```
//!
//! What nodes share is left to whoever runs them. Here, the directory is in memory, since both nodes are one process, and calls
//! travel as lines of JSON over TCP; in real life the one is a table in a database or a key-value store, and the other one queue
//! per node of a message broker. No queue per station: the directory says which node to ask.

#![allow(clippy::print_stdout, reason = "an example")]

use std::collections::BTreeMap;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::{SinkExt, StreamExt};
use ocpp_rpc::websocket::{Dial, ListenConfig, Listener};
use ocpp_rpc::{Clock, Outgoing, Received, Router};
use ocpp_server::directory::{Delivery, Epoch, MemoryDirectory, NodeId, RemoteAnswer, RemoteCall};
use ocpp_server::{
    AllowEveryStationUnauthenticated, CallOptions, Cluster, Csms, CsmsConfig, NodeError, Nodes, StationId,
};
use ocpp_types::{Timestamp, v16};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What nodes tell each other.
#[derive(Deserialize, Serialize)]
enum Word {
    Call(RemoteCall),
    LetGo(StationId, Epoch),
}

/// Where the nodes listen to each other.
struct Lines(BTreeMap<NodeId, SocketAddr>);

impl Lines {
    async fn send(&self, node: &NodeId, word: &Word) -> std::io::Result<TcpStream> {
        let address = self.0.get(node).ok_or(std::io::ErrorKind::NotFound)?;
        let mut socket = TcpStream::connect(address).await?;
        let mut line = serde_json::to_vec(word)?;
        line.push(b'\n');
        socket.write_all(&line).await?;
        Ok(socket)
    }
}

#[async_trait]
impl Nodes for Lines {
    async fn call(&self, node: &NodeId, call: RemoteCall) -> Result<RemoteAnswer, NodeError> {
        let socket = self.send(node, &Word::Call(call)).await.map_err(|_| NodeError::Unreachable)?;
        let mut line = String::new();
        BufReader::new(socket).read_line(&mut line).await.map_err(|_| NodeError::NoAnswer)?;
        serde_json::from_str(&line).map_err(|_| NodeError::NoAnswer)
    }

    async fn let_go(&self, node: &NodeId, station: &StationId, epoch: Epoch) {
        // the directory is right in any case
        _ = self.send(node, &Word::LetGo(station.clone(), epoch)).await;
    }
}

/// Hears what the other nodes want of this one.
async fn hear(csms: Csms, listener: TcpListener) {
    while let Ok((socket, _)) = listener.accept().await {
        let csms = csms.clone();
        tokio::spawn(async move {
            let mut socket = BufReader::new(socket);
            let mut line = String::new();
            if socket.read_line(&mut line).await.is_err() {
                return;
            }
            match serde_json::from_str(&line) {
                Ok(Word::Call(call)) => {
                    if let Some(answer) = csms.take_remote(call).await {
                        let line = serde_json::to_string(&answer).unwrap_or_default() + "\n";
                        // a caller that has gone needs no answer
                        _ = socket.write_all(line.as_bytes()).await;
                    }
                }
                Ok(Word::LetGo(station, epoch)) => csms.let_go(&station, epoch),
                Err(error) => println!("not understood: {error}"),
            }
        });
    }
}

fn router() -> Router<ocpp_server::Station, ocpp_server::StationConnection> {
    Router::new().on(|_, _: v16::BootNotificationRequest| async {
        let now = Timestamp::new(chrono::Utc::now());
        Ok(v16::BootNotificationResponse::new(v16::RegistrationStatus::Accepted, now, 300))
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = Clock::start();
    let directory = Arc::new(MemoryDirectory::new(move || clock.now()));
    let (a, b) = (NodeId("a".into()), NodeId("b".into()));
    let (listener_a, listener_b) = (TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?);
    let addresses = [(a.clone(), listener_a.local_addr()?), (b.clone(), listener_b.local_addr()?)];
    let lines = Arc::new(Lines(addresses.into()));

    let mut nodes = Vec::new();
    for (name, listener) in [(a, listener_a), (b, listener_b)] {
        let mut config = CsmsConfig::new(Arc::new(AllowEveryStationUnauthenticated));
        config.cluster = Some(Cluster::new(name, directory.clone(), lines.clone()));
        let csms = Csms::new(config, router());
        tokio::spawn(hear(csms.clone(), listener));
        let leased = csms.clone();
        tokio::spawn(async move { leased.keep_lease().await });
        nodes.push(csms);
    }
    let [a, b] = &nodes[..] else { return Err("two nodes".into()) };

    let door = Listener::bind("127.0.0.1:0".parse()?, ListenConfig::default())?;
    let address = door.local_addr()?;
    let serving = a.clone();
    tokio::spawn(async move { serving.serve(door, std::future::pending()).await });

    let mut station = Dial::new(format!("ws://{address}/CP1"), ["ocpp1.6"]).connect().await?;
    let boot = r#"[2,"1","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]"#;
    station.send(Outgoing::Text(boot.into())).await?;
    tokio::spawn(async move {
        while let Some(Ok(received)) = station.next().await {
            let Received::Text(text) = received else { continue };
            println!("station hears {text}");
            if let Some(id) = text.strip_prefix("[2,\"").and_then(|rest| rest.split('"').next()) {
                _ = station.send(Outgoing::Text(format!(r#"[3,"{id}",{{"status":"Accepted"}}]"#))).await;
            }
        }
    });
    while a.station("CP1").is_none() {
        tokio::task::yield_now().await;
    }

    let reset = v16::ResetRequest::new(v16::ResetType::Soft);
    let options = CallOptions::default();
    let answer = b.call(&StationId::new("CP1")?, &reset, options, Delivery::AtMostOnce).await?;
    println!("node b, which does not hold CP1, has its answer: {}", answer.status);
    match b.call(&StationId::new("CP2")?, &reset, options, Delivery::AtMostOnce).await {
        Ok(answer) => println!("CP2 answers {}", answer.status),
        Err(error) => println!("and of CP2 it knows: {error}"),
    }
    Ok(())
}
