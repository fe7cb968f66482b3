//! What connections cost: the resident memory of a CSMS with many idle stations, and of one that stations come to and leave.
//!
//! ```sh
//! cargo run --release -p chargewire-ocpp-rpc --features websocket --example idle -- hold 10000
//! cargo run --release -p chargewire-ocpp-rpc --features websocket --example idle -- soak 100000
//! ```
//!
//! `hold` opens that many connections from a second process over loopback, boots every station, waits until all is quiet,
//! and divides what the process has grown by their number. `soak` opens and closes that many connections and shows the
//! memory on the way. Linux only, since it reads `/proc`. Every process needs as many file descriptors as connections.

#![allow(clippy::print_stdout, reason = "a report")]

use std::error::Error;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::SinkExt;
use futures_util::stream::{FuturesUnordered, StreamExt};
use ocpp_rpc::websocket::{Accept, Admission, Dial, ListenConfig, Listener, WebSocketLink};
use ocpp_rpc::{Connection, ConnectionConfig, Keepalive, MessageIds, Outgoing, Peer, Router, StationCall, converse};
use ocpp_types::{Timestamp, Version, v16};
use tokio::time::sleep;

type Outcome = Result<(), Box<dyn Error>>;

/// Connections opened at the same time.
const AT_ONCE: usize = 64;

#[tokio::main]
async fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["hold", count] => hold(count.parse()?).await,
        ["soak", count] => soak(count.parse()?).await,
        ["stations", address, count] => stations(address.parse()?, count.parse()?).await,
        _ => Err("usage: idle hold COUNT | idle soak COUNT".into()),
    }
}

async fn hold(count: usize) -> Outcome {
    let csms = Csms::start()?;
    // the first connection pays for what all share
    let warm = visit(csms.address, 0).await?;
    sleep(Duration::from_millis(200)).await;
    drop(warm);
    sleep(Duration::from_millis(200)).await;
    let before = resident()?;

    let mut stations = Command::new(std::env::current_exe()?)
        .args(["stations", &csms.address.to_string(), &count.to_string()])
        .stdin(Stdio::piped())
        .spawn()?;
    while csms.booted.load(Ordering::Relaxed) < count + 1 {
        if let Some(status) = stations.try_wait()? {
            return Err(format!("the stations are gone: {status}").into());
        }
        sleep(Duration::from_millis(100)).await;
    }
    sleep(Duration::from_secs(5)).await;
    let after = resident()?;
    println!("future of a connection: {} bytes", csms.future_size.load(Ordering::Relaxed));
    println!("machine of a connection: {} bytes", size_of::<Connection<StationCall>>());
    println!("{count} stations booted and idle: {} KiB resident, {} KiB before", after / 1024, before / 1024);
    println!("{} bytes per station", after.saturating_sub(before) / count);
    stations.kill()?;
    stations.wait()?;
    Ok(())
}

async fn soak(count: usize) -> Outcome {
    let csms = Csms::start()?;
    let mut visits = FuturesUnordered::new();
    let mut done = 0;
    let mut early = 0;
    for n in 0..count {
        visits.push(async move {
            let mut link = visit(csms.address, n).await.map_err(|error| error.to_string())?;
            link.close().await.map_err(|error| error.to_string())
        });
        if visits.len() == AT_ONCE || n + 1 == count {
            while visits.len() > if n + 1 == count { 0 } else { AT_ONCE / 2 } {
                visits.next().await.transpose()?;
                done += 1;
                if done % (count / 10).max(1) == 0 {
                    let resident = resident()?;
                    early = if early == 0 { resident } else { early };
                    println!("{done} connections: {} KiB resident", resident / 1024);
                }
            }
        }
    }
    println!("grown since the first tenth: {} KiB", (resident()? / 1024).saturating_sub(early / 1024));
    Ok(())
}

struct Csms {
    address: SocketAddr,
    booted: Arc<AtomicUsize>,
    future_size: Arc<AtomicUsize>,
}

impl Csms {
    fn start() -> Result<Self, Box<dyn Error>> {
        let mut config = ListenConfig::default();
        config.admission = Admission::new(1 << 20);
        let listener = Listener::bind("127.0.0.1:0".parse()?, config)?;
        let address = listener.local_addr()?;
        let (booted, future_size) = <(Arc<AtomicUsize>, Arc<AtomicUsize>)>::default();

        let count = Arc::clone(&booted);
        let now: Timestamp = "2026-03-01T10:15:30Z".parse()?;
        let router = Arc::new(Router::new().on(move |_: Peer<StationCall>, _: v16::BootNotificationRequest| {
            count.fetch_add(1, Ordering::Relaxed);
            let response = v16::BootNotificationResponse::new(v16::RegistrationStatus::Accepted, now.clone(), 300);
            async { Ok(response) }
        }));
        let mut config = ConnectionConfig::csms();
        // idle sooner than usual, so that the report need not wait a minute
        config.idle_after = Duration::from_secs(2);
        let config = Arc::new(config);
        let size = Arc::clone(&future_size);
        let run = move |(), link: WebSocketLink| {
            let connection = Connection::new(Arc::clone(&config), MessageIds::new(0x5eed));
            let keepalive = Keepalive::default();
            let (_, running) = converse(link, Version::V16, connection, Arc::clone(&router), Peer::clone, keepalive);
            size.store(size_of_val(&running), Ordering::Relaxed);
            async move { _ = running.await }
        };
        let decide = |_| std::future::ready(Ok(Accept::new("ocpp1.6", ())));
        tokio::spawn(listener.serve(decide, run, std::future::pending()));
        Ok(Self { address, booted, future_size })
    }
}

/// The other process: stations that boot and then do nothing.
async fn stations(address: SocketAddr, count: usize) -> Outcome {
    let mut links = Vec::with_capacity(count);
    let mut opening = FuturesUnordered::new();
    for n in 0..count {
        opening.push(visit(address, n));
        if opening.len() == AT_ONCE {
            links.extend(opening.next().await.transpose()?);
        }
    }
    while let Some(link) = opening.next().await {
        links.push(link?);
    }
    // until the first process ends this one
    sleep(Duration::from_secs(3600)).await;
    Ok(())
}

/// Opens a connection and boots.
async fn visit(address: SocketAddr, n: usize) -> Result<WebSocketLink, Box<dyn Error>> {
    let mut dial = Dial::new(format!("ws://{address}/CP{n}"), ["ocpp1.6"]);
    // an address has ports for some 28 000 connections at a time
    dial.local_address = Some(format!("127.0.0.{}", 1 + n / 16_384 % 250).parse()?);
    let mut link = dial.connect().await?;
    let boot = r#"[2,"1","BootNotification",{"chargePointVendor":"Vendor","chargePointModel":"Model"}]"#;
    link.send(Outgoing::Text(boot.to_owned())).await?;
    link.next().await.ok_or("no answer")??;
    Ok(link)
}

/// The resident memory of this process in bytes.
fn resident() -> Result<usize, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kib: usize = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024)
}
