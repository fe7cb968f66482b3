//! A CSMS made of bytes, for what no CSMS of ours does: rules WS-04, WS-11, WS-22 and WS-23.

use std::net::SocketAddr;
use std::time::{Duration, Instant as Moment};

use base64::Engine as _;
use ocpp_client::charger::Charger;
use ocpp_client::{Boot, Client, Connector, MemoryStore, Target};
use ocpp_rpc::Instant;
use ocpp_rpc::websocket::{ClientTls, ServerTls, StationCertificates};
use ocpp_types::Version;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::profiles::{Authority, until};
use super::{csms_at, quick, soon};
use crate::lab::{config, usual_answer};

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// One WebSocket, seen from the server.
struct Handmade {
    tcp: TcpStream,
    calls: u32,
}

impl Handmade {
    /// Waits for a client and shakes hands with it, with these lines in the answer.
    async fn accept(listener: &TcpListener, lines: &str) -> Self {
        let (mut tcp, _) = soon(listener.accept()).await.expect("a client");
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(soon(tcp.read_u8()).await.expect("a request"));
        }
        let request = String::from_utf8(request).expect("a request is text");
        let headers = request.lines().filter_map(|line| line.split_once(": "));
        let key = headers.clone().find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-key")).expect("a key").1;
        let mut hash = Sha1::new();
        hash.update(key);
        hash.update("258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
        let accept = base64::engine::general_purpose::STANDARD.encode(hash.finalize());
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {accept}\r\n{lines}\r\n"
        );
        tcp.write_all(answer.as_bytes()).await.expect("sent");
        Self { tcp, calls: 0 }
    }

    /// The next frame; `None` when the client has gone.
    async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let mut head = [0; 2];
        self.tcp.read_exact(&mut head).await.ok()?;
        let length = match head[1] & 0x7F {
            126 => usize::from(self.tcp.read_u16().await.ok()?),
            127 => panic!("no frame of a station is that long"),
            short => usize::from(short),
        };
        let mut mask = [0; 4];
        self.tcp.read_exact(&mut mask).await.ok()?;
        let mut payload = vec![0; length];
        self.tcp.read_exact(&mut payload).await.ok()?;
        payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
        Some((head[0] & 0x0F, payload))
    }

    async fn send(&mut self, opcode: u8, payload: &[u8]) {
        let mut frame = vec![0x80 | opcode];
        match u8::try_from(payload.len()) {
            Ok(length @ 0..=125) => frame.push(length),
            _ => {
                frame.push(126);
                frame.extend(u16::try_from(payload.len()).expect("a short frame").to_be_bytes());
            }
        }
        frame.extend(payload);
        self.tcp.write_all(&frame).await.expect("sent");
    }

    /// Answers a call of the station as a CSMS does; gives its action, or nothing if it is an answer.
    async fn serve(&mut self, text: &[u8]) -> Option<String> {
        let frame: Vec<Value> = serde_json::from_slice(text).expect("a frame");
        let action = frame[2].as_str().filter(|_| frame[0] == 2)?.to_owned();
        let answer = json!([3, frame[1], usual_answer(&action, &frame[3])]);
        self.send(TEXT, answer.to_string().as_bytes()).await;
        Some(action)
    }

    /// Sets a configuration key of a station of 1.6, and waits until that was answered.
    async fn configure(&mut self, key: &str, value: &str) {
        self.calls += 1;
        let id = format!("csms-{}", self.calls);
        let call = json!([2, id, "ChangeConfiguration", {"key": key, "value": value}]);
        self.send(TEXT, call.to_string().as_bytes()).await;
        loop {
            let (opcode, payload) = soon(self.frame()).await.expect("an answer");
            if opcode == PING {
                self.send(PONG, &payload).await;
            }
            if opcode == TEXT && self.serve(&payload).await.is_none() {
                assert_eq!(
                    serde_json::from_slice::<Value>(&payload).expect("a frame"),
                    json!([3, id, {"status": "Accepted"}])
                );
                return;
            }
        }
    }
}

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let address = listener.local_addr().expect("bound");
    (listener, address)
}

/// A charger of 1.6 that waits a second for answers.
fn charger(endpoint: String) -> Client<Charger<MemoryStore>> {
    let mut config = config(Version::V16);
    config.connection.call_timeout = Duration::from_secs(1);
    let charger = Charger::new(Instant::ZERO, config, 1, MemoryStore::new(), Boot::new(3)).expect("a charger");
    let identity = ocpp_client::Identity::new("CS-1", Version::V16).expect("an identity");
    Client::start(Connector::with_backoff(Target::new(endpoint, identity, [Version::V16]), quick()), charger)
}

#[tokio::test]
async fn ws_04_without_the_right_subprotocol_the_client_closes_and_comes_back_after_a_while() {
    let (listener, address) = listener().await;
    let client = charger(format!("ws://{address}/ocpp"));
    let mut last = Moment::now();
    for (attempt, lines) in
        ["", "Sec-WebSocket-Protocol: ocpp2.1\r\n", "Sec-WebSocket-Protocol: OCPP1.6\r\n"].into_iter().enumerate()
    {
        let mut socket = Handmade::accept(&listener, lines).await;
        // 20 ms, doubled each time
        let least = Duration::from_millis(if attempt == 0 { 0 } else { 20 << (attempt - 1) });
        assert!(last.elapsed() >= least, "attempt {attempt} after {:?}", last.elapsed());
        loop {
            match soon(socket.frame()).await {
                None => break,
                Some((opcode, _)) => assert_eq!(opcode, CLOSE, "nothing is said over such a link"),
            }
        }
        last = Moment::now();
        assert!(!client.is_online());
    }
    let mut socket = Handmade::accept(&listener, "Sec-WebSocket-Protocol: ocpp1.6\r\n").await;
    let (opcode, payload) = soon(socket.frame()).await.expect("a frame");
    assert_eq!((opcode, socket.serve(&payload).await.as_deref()), (TEXT, Some("BootNotification")));
    soon(client.online()).await;
}

#[tokio::test]
async fn ws_22_ws_23_pings_go_out_as_configured_and_a_missing_pong_ends_the_link() {
    let (listener, address) = listener().await;
    let client = charger(format!("ws://{address}/ocpp"));
    let mut socket = Handmade::accept(&listener, "Sec-WebSocket-Protocol: ocpp1.6\r\n").await;
    socket.configure_after_boot().await;
    soon(client.online()).await;

    // at run time, and while no other event makes anybody look
    socket.configure("WebSocketPingInterval", "1").await;
    socket.configure("HeartbeatInterval", "1").await;
    let (mut pings, mut heartbeats) = (Vec::new(), 0);
    while pings.len() < 3 || heartbeats < 2 {
        let (opcode, payload) = soon(socket.frame()).await.expect("the link stays");
        match opcode {
            PING => {
                pings.push(Moment::now());
                socket.send(PONG, &payload).await;
            }
            TEXT => heartbeats += u32::from(socket.serve(&payload).await.as_deref() == Some("Heartbeat")),
            other => panic!("opcode {other}"),
        }
    }
    for pair in pings.windows(2) {
        let between = pair[1] - pair[0];
        assert!(between > Duration::from_millis(900) && between < Duration::from_secs(10), "{between:?}");
    }

    // 0: none any more, and those of the other side are answered all the same
    socket.configure("HeartbeatInterval", "300").await;
    socket.configure("WebSocketPingInterval", "0").await;
    socket.send(PING, b"there?").await;
    assert_eq!(soon(socket.frame()).await, Some((PONG, b"there?".to_vec())));
    let quiet = tokio::time::timeout(Duration::from_millis(1500), socket.frame()).await;
    assert!(quiet.is_err(), "{quiet:?}");

    // no pong within the time for an answer: the link is given up, and there is a new one
    socket.configure("WebSocketPingInterval", "1").await;
    let pinged = async {
        match soon(socket.frame()).await {
            Some((PING, _)) => Moment::now(),
            other => panic!("{other:?}"),
        }
    };
    let again = async {
        let socket = Handmade::accept(&listener, "Sec-WebSocket-Protocol: ocpp1.6\r\n").await;
        (socket, Moment::now())
    };
    let (pinged, (mut socket, returned)) = tokio::join!(pinged, again);
    let waited = returned - pinged;
    assert!(waited > Duration::from_millis(900) && waited < Duration::from_secs(10), "{waited:?}");
    // WS-21: it goes on where it was
    socket.configure("WebSocketPingInterval", "60").await;
    soon(client.online()).await;
}

impl Handmade {
    /// Answers the boot and what follows it at once.
    async fn configure_after_boot(&mut self) {
        let mut told = Vec::new();
        while told.last().is_none_or(|action| action != "StatusNotification") {
            let (opcode, payload) = soon(self.frame()).await.expect("a frame");
            assert_eq!(opcode, TEXT);
            told.extend(self.serve(&payload).await);
        }
        assert_eq!(told[0], "BootNotification");
    }
}

#[tokio::test]
async fn ws_11_a_tls_version_or_cipher_suite_that_is_refused_is_told_once_there_is_a_link() {
    // what a server says that is too old for us, or that has no cipher suite for us: a fatal alert
    for (alert, event) in [(70, "InvalidTLSVersion"), (40, "InvalidTLSCipherSuite")] {
        let (listener, address) = listener().await;
        let authority = Authority::new();
        let mut config = config(Version::V201);
        config.security_events = true;
        let charger = Charger::new(Instant::ZERO, config, 1, MemoryStore::new(), Boot::new(3)).expect("a charger");
        let identity = ocpp_client::Identity::new("CS-1", Version::V201).expect("an identity");
        let mut target = Target::new(format!("wss://{address}/ocpp"), identity, [Version::V201]);
        let tls = ClientTls::new(&authority.roots(), None).expect("TLS").with_server_name("localhost");
        target.tls = Some(tls.expect("a name"));
        let client = Client::start(Connector::with_backoff(target, quick()), charger);
        for _ in 0..3 {
            let (mut tcp, _) = soon(listener.accept()).await.expect("a client");
            let mut hello = [0; 512];
            assert!(soon(tcp.read(&mut hello)).await.expect("a hello") > 0);
            tcp.write_all(&[21, 3, 3, 0, 2, 2, alert]).await.expect("sent");
            // until the client is gone
            while soon(tcp.read(&mut hello)).await.is_ok_and(|read| read > 0) {}
        }
        drop(listener);
        let tls = ServerTls::new(authority.server("localhost"), &StationCertificates::None).expect("TLS");
        let csms = csms_at(address, Some(tls)).await;
        soon(client.online()).await;
        until(|| csms.seen.all().iter().any(|seen| seen == event)).await;
        assert_eq!(csms.seen.all().iter().filter(|seen| *seen == event).count(), 1, "{:?}", csms.seen.all());
        assert_eq!(csms.seen.all()[0], "boot", "not before the boot");
    }
}
