//! Measures what idle stations cost: the memory of this process per connected, accepted station.
//!
//! ```sh
//! ulimit -n 20000
//! cargo run --release -p chargewire-ocpp-server --features websocket --example hold -- 10000
//! ```
//!
//! Starts itself a second time as the stations, so that theirs is not counted. With a second argument it goes on with so many
//! connects and disconnects and shows the memory again (row E16).

#![allow(clippy::print_stdout)] // an example talks to people

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use ocpp_rpc::websocket::{Dial, ListenConfig, Listener};
use ocpp_rpc::{Outgoing, Received, Router};
use ocpp_server::{AllowEveryStationUnauthenticated, Csms, CsmsConfig, Station};
use ocpp_types::{Timestamp, v16};

const BOOT: &str = r#"[2,"b","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]"#;

/// Dials as station `number` and boots.
async fn boot(address: SocketAddr, number: usize) -> ocpp_rpc::websocket::WebSocketLink {
    let mut dial = Dial::new(format!("ws://{address}/CP{number:05}"), ["ocpp1.6"]);
    // one local address has too few ports
    let host = u8::try_from(number / 20_000).unwrap_or(0);
    dial.local_address = Some(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2 + host)));
    dial.deadline = Duration::from_secs(60);
    let mut link = dial.connect().await.expect("connected");
    link.send(Outgoing::Text(BOOT.to_owned())).await.expect("sent");
    loop {
        match link.next().await {
            Some(Ok(Received::Text(answer))) if answer.contains("Accepted") => return link,
            Some(Ok(Received::Ping | Received::Pong)) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// The stations: `count` that stay, then `cycles` that come and go.
async fn stations(address: SocketAddr, count: usize, cycles: usize) {
    let started = Instant::now();
    let mut coming = tokio::task::JoinSet::new();
    for number in 0..count {
        coming.spawn(boot(address, number));
    }
    let held = coming.join_all().await;
    println!("{} stations online after {:?}", held.len(), started.elapsed());
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).expect("a line");
    for batch in 0..cycles / 100 {
        let mut coming = tokio::task::JoinSet::new();
        for number in 0..100 {
            coming.spawn(boot(address, 20_000 + (batch * 100 + number) % 1000));
        }
        drop(coming.join_all().await);
    }
    println!("done");
    std::io::stdin().read_line(&mut line).expect("a line");
    drop(held);
}

/// Resident memory of this process, in bytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<usize>().ok()).expect("a number") * 1024
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: usize| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(default);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    if arguments.first().is_some_and(|first| first == "stations") {
        let address = arguments[1].parse().expect("an address");
        return runtime.block_on(stations(address, number(2, 10_000), number(3, 0)));
    }
    runtime.block_on(csms(number(0, 10_000), number(1, 0)));
}

async fn csms(count: usize, cycles: usize) {
    let router = Router::new().on(|_: Station, _: v16::BootNotificationRequest| async {
        let now = Timestamp::new(chrono::Utc::now());
        Ok(v16::BootNotificationResponse::new(v16::RegistrationStatus::Accepted, now, 300))
    });
    let csms = Csms::new(CsmsConfig::new(Arc::new(AllowEveryStationUnauthenticated)), router);
    let listener = Listener::bind("127.0.0.1:0".parse().expect("an address"), ListenConfig::default()).expect("a port");
    let address = listener.local_addr().expect("an address");
    let serving = csms.clone();
    tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    let before = resident();

    let program = std::env::current_exe().expect("a program");
    let mut child = Command::new(program)
        .args(["stations", &address.to_string(), &count.to_string(), &cycles.to_string()])
        .stdin(Stdio::piped())
        .spawn()
        .expect("the stations");
    while csms.connected() < count {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // settled: buffers of the storm are given back
    tokio::time::sleep(Duration::from_secs(70)).await;
    let held = resident();
    println!("{count} stations: {before} bytes before, {held} after, {} per station", (held - before) / count.max(1));

    if cycles > 0 {
        use std::io::Write;
        let go = |child: &mut std::process::Child| {
            child.stdin.as_mut().expect("a pipe").write_all(b"\n").expect("written");
        };
        go(&mut child);
        for _ in 0..600 {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if csms.counters().entered >= (count + cycles) as u64 && csms.connected() <= count {
                break;
            }
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
        println!("{cycles} connects and disconnects later: {} bytes, {:?}", resident(), csms.counters());
    }
    child.kill().expect("it ends");
    let _ = child.wait();
}
