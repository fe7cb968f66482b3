//! Rows B1 to B7, B15 and B20: opening handshakes, as far as sockets go. Whom a handshake belongs to is decided above.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ocpp_rpc::websocket::{
    Accept, Admission, Credentials, Dial, DialError, HandshakeFailure, Limits, ListenConfig, Reject,
};
use ocpp_rpc::{CloseCode, CloseReason};
use tokio::io::AsyncWriteExt;

use super::raw::{PATIENCE, Raw, Seen, Server};

const GOOD: &str = "GET /ocpp/CP001 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
                    Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n";

type Failures = Arc<Mutex<Vec<String>>>;

fn config() -> (ListenConfig, Failures) {
    let failures = Failures::default();
    let mut config = ListenConfig::default();
    let observer = Arc::clone(&failures);
    config.on_failure = Some(Arc::new(move |_, failure: &HandshakeFailure| {
        observer.lock().unwrap().push(failure.to_string());
    }));
    (config, failures)
}

fn yes(request: &ocpp_rpc::websocket::HandshakeRequest) -> Result<Accept<String>, Reject> {
    Ok(Accept::new("ocpp1.6", request.path().to_owned()))
}

async fn status_of(server: &Server, request: &str) -> String {
    let response = Raw::connect(server.address).await.request(request).await;
    response.strip_prefix("HTTP/1.1 ").unwrap_or_else(|| panic!("no response: {response:?}"))[..3].to_owned()
}

#[tokio::test]
async fn b1_b2_what_the_server_decides_is_what_the_station_gets() {
    let mut server = Server::start(ListenConfig::default(), |request| {
        if request.subprotocols().next().is_none() {
            return Err(Reject::new(400, "no subprotocol"));
        }
        let mut accept = Accept::new("ocpp1.6", String::new());
        if !request.subprotocols().any(|name| name == "ocpp1.6") {
            // the way the texts of OCPP have it: a WebSocket without a subprotocol that closes at once
            accept.subprotocol = None;
            accept.close = Some(CloseReason::new(CloseCode::PROTOCOL, "no version in common"));
        }
        Ok(accept)
    });

    let response = Raw::connect(server.address).await.upgrade("").await;
    assert!(response.starts_with("HTTP/1.1 400 "), "{response}");

    let mut raw = Raw::connect(server.address).await;
    let response = raw.upgrade("Sec-WebSocket-Protocol: ocpp0.1\r\n").await;
    assert!(response.starts_with("HTTP/1.1 101 "), "{response}");
    assert!(!response.to_ascii_lowercase().contains("sec-websocket-protocol"), "{response}");
    assert_eq!(raw.receive().await.close_code(), 1002);

    let mut raw = Raw::connect(server.address).await;
    let response = raw.upgrade("Sec-WebSocket-Protocol: ocpp0.1, ocpp1.6\r\n").await;
    assert!(response.to_ascii_lowercase().contains("sec-websocket-protocol: ocpp1.6\r\n"), "{response}");
    // the only connection that ever ran
    assert_eq!(server.sees().await, Seen::Open(String::new()));
}

#[tokio::test]
async fn b4_offers_arrive_in_order_and_as_they_are_spelled() {
    let server = Server::start(ListenConfig::default(), |request| {
        let offers: Vec<_> = request.subprotocols().collect();
        assert_eq!(offers, ["OCPP1.6", "ocpp2.0.1", "ocpp1.6j", "ocpp1.6"]);
        Err(Reject::new(400, "seen"))
    });
    let lines = "Sec-WebSocket-Protocol: OCPP1.6 ,ocpp2.0.1\r\nSec-WebSocket-Protocol:  ocpp1.6j,, ocpp1.6\r\n";
    let response = Raw::connect(server.address).await.upgrade(lines).await;
    assert!(response.starts_with("HTTP/1.1 400 "), "{response}");
}

#[tokio::test]
async fn b5_broken_handshakes_get_a_status_and_a_reason() {
    let (config, failures) = config();
    let server = Server::start(config, |request| yes(&request));
    for (request, status, reason) in [
        (GOOD.replace("GET ", "POST "), "405", "method is not get"),
        (GOOD.replace("Upgrade: websocket\r\n", ""), "426", "header upgrade does not name websocket"),
        (GOOD.replace("Upgrade: websocket\r\n", "Upgrade: h2c\r\n"), "426", "header upgrade does not name websocket"),
        (GOOD.replace("Connection: Upgrade\r\n", ""), "400", "header connection does not name upgrade"),
        (
            GOOD.replace("Connection: Upgrade", "Connection: keep-alive"),
            "400",
            "header connection does not name upgrade",
        ),
        (GOOD.replace("Version: 13", "Version: 8"), "426", "header sec-websocket-version is not 13"),
        (GOOD.replace("Sec-WebSocket-Version: 13\r\n", ""), "426", "header sec-websocket-version is not 13"),
        (
            GOOD.replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""),
            "400",
            "header sec-websocket-key is missing",
        ),
        (GOOD.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"), "400", "header sec-websocket-key is not a key"),
    ] {
        assert_eq!(status_of(&server, &request).await, status, "{request}");
        let failure = failures.lock().unwrap().pop().unwrap();
        assert_eq!(failure, format!("no websocket handshake: {reason}"), "{request}");
    }
    assert_eq!(status_of(&server, GOOD).await, "101");
    // lists of tokens, in any case, are fine
    let request =
        GOOD.replace("Connection: Upgrade", "connection: keep-alive, UPGRADE").replace("websocket\r", "WebSocket\r");
    assert_eq!(status_of(&server, &request).await, "101");
}

#[tokio::test]
async fn b5_a_missing_connection_header_can_be_tolerated() {
    // field need 17
    let (mut config, _) = config();
    config.tolerate_missing_connection = true;
    let mut server = Server::start(config, |request| yes(&request));
    let mut raw = Raw::connect(server.address).await;
    let response = raw.request(&GOOD.replace("Connection: Upgrade\r\n", "")).await;
    assert!(response.starts_with("HTTP/1.1 101 "), "{response}");
    assert_eq!(server.sees().await, Seen::Open("/ocpp/CP001".into()));
    raw.frame(0x81, b"[2]").await;
    assert_eq!(raw.receive().await.payload, b"[2]");
}

#[tokio::test]
async fn b6_huge_header_sections_are_cut_off() {
    let (config, failures) = config();
    let server = Server::start(config, |request| yes(&request));
    let long = format!("X-Long: {}\r\n", "x".repeat(64 << 10));
    let many: String = (0..10_000).map(|n| format!("X-{n}: y\r\n")).collect();
    for lines in [long, many] {
        let mut raw = Raw::connect(server.address).await;
        let request = GOOD.replace("\r\n\r\n", &format!("\r\n{lines}\r\n"));
        // the server may hang up before everything is out
        _ = raw.tcp.write_all(request.as_bytes()).await;
        let response = raw.header_section().await;
        assert!(response.is_empty() || response.starts_with("HTTP/1.1 431 "), "{response}");
    }
    let failures = failures.lock().unwrap();
    assert_eq!(*failures, ["header section is too big"; 2]);
    assert_eq!(server.tally.broken(), 2);
}

#[tokio::test]
async fn b7_a_slow_handshake_is_cut_at_the_deadline() {
    let (mut config, failures) = config();
    config.handshake_deadline = Duration::from_millis(300);
    let server = Server::start(config, |request| yes(&request));
    let mut raw = Raw::connect(server.address).await;
    let mut sent = 0;
    // one byte at a time, for far longer than the deadline
    let cut = tokio::time::timeout(PATIENCE, async {
        for byte in GOOD.bytes().cycle() {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if raw.tcp.write_u8(byte).await.is_err() {
                break;
            }
            sent += 1;
        }
    });
    cut.await.expect("the server waits for ever");
    assert!(sent < GOOD.len(), "the whole request went out");
    assert_eq!(*failures.lock().unwrap(), ["deadline passed"]);
    assert_eq!(server.tally.late(), 1);
}

#[tokio::test]
async fn b7_a_silent_connection_is_cut_at_the_deadline() {
    let (mut config, failures) = config();
    config.handshake_deadline = Duration::from_millis(100);
    let server = Server::start(config, |request| yes(&request));
    let mut raw = Raw::connect(server.address).await;
    assert_eq!(raw.rest().await, b"");
    assert_eq!(*failures.lock().unwrap(), ["deadline passed"]);
}

#[tokio::test]
async fn b12_a_challenge_goes_with_401() {
    let server = Server::start(ListenConfig::default(), |_| Err(Reject::unauthorized()));
    let response = Raw::connect(server.address).await.request(GOOD).await;
    assert!(response.starts_with("HTTP/1.1 401 "), "{response}");
    assert!(response.to_ascii_lowercase().contains("\r\nwww-authenticate: basic realm="), "{response}");
    let refused = Dial::new(format!("ws://{}/CP001", server.address), ["ocpp1.6"]).connect().await;
    assert!(matches!(refused, Err(DialError::Refused { status: 401, .. })), "{:?}", refused.err());
    assert_eq!(server.tally.rejected(), 2);
}

#[tokio::test]
async fn b15_ws_07_binary_passwords_arrive_byte_for_byte() {
    let server = Server::start(ListenConfig::default(), |request| {
        Ok(Accept::new("ocpp1.6", String::from_utf8_lossy(request.header("authorization").unwrap()).into_owned()))
    });
    let mut dial = Dial::new(format!("ws://{}/AL1000", server.address), ["ocpp1.6"]);
    // the example of OCPP-J 1.6, section 6.2.2
    let key: Vec<u8> = (0..=15).chain([0xFF, 0x3A, 0x00, 0x7F]).collect();
    dial.credentials = Some(Credentials::new("AL1000", key.clone()));
    let mut server = server;
    let _link = dial.connect().await.unwrap();
    let Seen::Open(header) = server.sees().await else { panic!("no connection") };
    use base64::Engine as _;
    let plain = base64::engine::general_purpose::STANDARD.decode(header.strip_prefix("Basic ").unwrap()).unwrap();
    assert_eq!(plain, [b"AL1000:", &key[..]].concat());
    assert!(header.starts_with("Basic QUwxMDAwOgABAgME"), "{header}");
    assert!(!format!("{dial:?}").contains("255"), "a password in Debug: {dial:?}");
}

#[tokio::test]
async fn b20_one_connection_too_many_gets_503_before_the_upgrade() {
    let (mut config, failures) = config();
    config.admission = Admission::new(2);
    let admission = config.admission.clone();
    let mut server = Server::start(config, |request| yes(&request));
    let first = server.client("ocpp1.6").await;
    let _second = server.client("ocpp1.6").await;
    for _ in 0..2 {
        assert_eq!(server.sees().await, Seen::Open("/ocpp/CP001".into()));
    }
    let response = Raw::connect(server.address).await.request(GOOD).await;
    assert!(response.starts_with("HTTP/1.1 503 "), "{response}");
    assert!(response.to_ascii_lowercase().contains("\r\nretry-after: 30\r\n"), "{response}");
    let refused = Dial::new(format!("ws://{}/CP001", server.address), ["ocpp1.6"]).connect().await;
    let Err(DialError::Refused { status: 503, retry_after }) = refused else { panic!("not refused") };
    assert_eq!(retry_after, Some(Duration::from_secs(30)));
    assert_eq!(failures.lock().unwrap().len(), 2);

    drop(first);
    assert_eq!(server.sees().await, Seen::Ended);
    assert_eq!(server.sees().await, Seen::Gone);
    assert_eq!(admission.present(), 1);
    assert_eq!(status_of(&server, GOOD).await, "101");
}

#[tokio::test]
async fn e10_a_storm_is_admitted_by_the_bucket_and_all_get_in() {
    let mut config = ListenConfig::default();
    config.admission = Admission::with_rate(1000, 2000, 50);
    config.handshakes = 8;
    let server = Server::start(config, |request| yes(&request));
    let url = format!("ws://{}/CP001", server.address);
    let dials: Vec<_> = (0..300)
        .map(|_| {
            let dial = Dial::new(url.clone(), ["ocpp1.6"]);
            tokio::spawn(async move { dial.connect().await })
        })
        .collect();
    let mut links = Vec::new();
    for dial in dials {
        links.push(dial.await.unwrap().unwrap());
    }
    assert_eq!(server.tally.accepted(), 300);
}

#[tokio::test]
async fn a_stopped_listener_keeps_its_connections() {
    let mut server = Server::echo(Limits::csms());
    let mut client = server.client("ocpp1.6").await;
    server.stop();
    // the port is closed as soon as the loop has noticed
    let closed = async {
        while tokio::net::TcpStream::connect(server.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, closed).await.expect("still listening");
    client.frame(0x81, b"[2]").await;
    assert_eq!(client.receive().await.payload, b"[2]");
}

#[test]
fn rejections_have_a_status_and_a_sentence() {
    assert_eq!(Reject::unauthorized().status, 401);
    assert_eq!(Reject::new(404, "unknown station").text, Cow::Borrowed("unknown station"));
}
