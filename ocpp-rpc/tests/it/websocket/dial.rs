//! What a station finds when it dials, and how it says so.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::StreamExt;
use ocpp_rpc::websocket::{Dial, DialError, DialPhase, Limits, TlsFault};
use ocpp_rpc::{CloseCode, LinkError, Received};
use sha1::{Digest, Sha1};
use tokio::net::TcpListener;

use super::raw::Raw;

pub(super) async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Accepts a handshake by hand.
pub(super) async fn accept(listener: &TcpListener, subprotocol: &str) -> Raw {
    let (mut raw, key) = request(listener).await;
    let lines = format!("Sec-WebSocket-Protocol: {subprotocol}\r\n");
    raw.send(response(&key, &lines).as_bytes()).await;
    raw
}

/// Waits for a request; gives its key.
async fn request(listener: &TcpListener) -> (Raw, String) {
    let (tcp, _) = listener.accept().await.unwrap();
    let mut raw = Raw { tcp, mask: false };
    let request = raw.header_section().await;
    let key = request
        .lines()
        .find_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-key")))
        .map(|(_, key)| key.to_owned())
        .unwrap();
    (raw, key)
}

fn response(key: &str, lines: &str) -> String {
    use base64::Engine as _;
    let mut hash = Sha1::new();
    hash.update(key);
    hash.update("258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    let accept = base64::engine::general_purpose::STANDARD.encode(hash.finalize());
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n{lines}\r\n"
    )
}

/// Dials a server that answers every handshake with this text.
async fn dial(answer: impl Fn(&str) -> String + Send + 'static) -> Result<(), DialError> {
    let (listener, address) = listener().await;
    tokio::spawn(async move {
        let (mut raw, key) = request(&listener).await;
        raw.send(answer(&key).as_bytes()).await;
        raw.rest().await;
    });
    Dial::new(format!("ws://{address}/CP001"), ["ocpp2.0.1", "ocpp1.6"]).connect().await.map(drop)
}

#[tokio::test]
async fn ws_04_answers_with_the_wrong_subprotocol_fail_the_attempt() {
    let error = dial(|key| response(key, "")).await.unwrap_err();
    assert!(matches!(error, DialError::Subprotocol { answered: None }), "{error:?}");
    let error = dial(|key| response(key, "Sec-WebSocket-Protocol: ocpp2.1\r\n")).await.unwrap_err();
    assert!(matches!(&error, DialError::Subprotocol { answered: Some(name) } if name == "ocpp2.1"), "{error:?}");
    let error = dial(|key| response(key, "Sec-WebSocket-Protocol: OCPP1.6\r\n")).await.unwrap_err();
    assert!(matches!(error, DialError::Subprotocol { .. }), "{error:?}");
    dial(|key| response(key, "Sec-WebSocket-Protocol: ocpp1.6\r\n")).await.unwrap();
}

#[tokio::test]
async fn refusals_carry_their_status() {
    for status in [400, 401, 403, 404, 429, 500, 503] {
        let error = dial(move |_| format!("HTTP/1.1 {status} No\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"))
            .await
            .unwrap_err();
        let DialError::Refused { status: found, retry_after } = error else { panic!("{error:?}") };
        assert_eq!((found, retry_after), (status, Some(Duration::from_secs(7))));
    }
    // a redirect is no WebSocket either, and nothing follows it
    let error = dial(|_| "HTTP/1.1 301 Moved\r\nLocation: ws://example.com/\r\nContent-Length: 0\r\n\r\n".into())
        .await
        .unwrap_err();
    assert!(matches!(error, DialError::Refused { status: 301, .. }), "{error:?}");
}

#[tokio::test]
async fn answers_that_are_no_handshake_are_told_apart() {
    let ok = "Sec-WebSocket-Protocol: ocpp1.6\r\n";
    let error = dial(|key| response(key, ok).replace("Upgrade: websocket\r\n", "")).await.unwrap_err();
    assert!(matches!(error, DialError::NotWebSocket(_)), "{error:?}");
    let error = dial(|_| response("AAAAAAAAAAAAAAAAAAAAAA==", ok)).await.unwrap_err();
    assert!(matches!(error, DialError::NotWebSocket(_)), "{error:?}");
    let error =
        dial(move |key| response(key, &format!("{ok}Sec-WebSocket-Extensions: x-unasked\r\n"))).await.unwrap_err();
    assert!(matches!(error, DialError::NotWebSocket(_)), "{error:?}");
    let error = dial(|_| "SSH-2.0-OpenSSH_9.9\r\n".into()).await.unwrap_err();
    assert!(matches!(error, DialError::Http(_)), "{error:?}");
    let error = dial(|_| format!("HTTP/1.1 101 X\r\nX: {}\r\n\r\n", "x".repeat(64 << 10))).await.unwrap_err();
    assert!(matches!(error, DialError::Http(_)), "{error:?}");
}

#[tokio::test]
async fn urls_that_cannot_be_dialled_say_why() {
    for url in ["", "http://localhost/", "ws://", "ws://user:password@localhost/", "localhost", "ws://a b/"] {
        let error = Dial::new(url, ["ocpp1.6"]).connect().await.map(drop).unwrap_err();
        assert!(matches!(error, DialError::Config(_)), "{url}: {error:?}");
    }
    let (_listener, address) = listener().await;
    let error = Dial::new(format!("wss://{address}/"), ["ocpp1.6"]).connect().await.map(drop).unwrap_err();
    assert!(matches!(error, DialError::Config(_)), "{error:?}");
}

#[tokio::test]
async fn nobody_there_is_not_the_same_as_no_such_name() {
    let (gone, address) = listener().await;
    drop(gone);
    let error = Dial::new(format!("ws://{address}/"), ["ocpp1.6"]).connect().await.map(drop).unwrap_err();
    assert!(matches!(error, DialError::Tcp(_)), "{error:?}");
    let error = Dial::new("ws://name.invalid/", ["ocpp1.6"]).connect().await.map(drop).unwrap_err();
    assert!(matches!(error, DialError::Dns(_)), "{error:?}");
}

#[tokio::test]
async fn a_server_that_says_nothing_meets_the_deadline() {
    let (_listener, address) = listener().await;
    let mut dial = Dial::new(format!("ws://{address}/"), ["ocpp1.6"]);
    dial.deadline = Duration::from_millis(100);
    let error = dial.connect().await.map(drop).unwrap_err();
    assert!(matches!(error, DialError::Deadline(DialPhase::Http)), "{error:?}");
}

#[tokio::test]
async fn messages_right_behind_the_handshake_are_not_lost() {
    let (listener, address) = listener().await;
    tokio::spawn(async move {
        let (mut raw, key) = request(&listener).await;
        let mut bytes = response(&key, "Sec-WebSocket-Protocol: ocpp1.6\r\n").into_bytes();
        bytes.extend(super::raw::frame(0x81, b"[2,\"1\"]", false));
        bytes.extend(super::raw::frame(0x81, &vec![b'x'; 2000], false));
        raw.send(&bytes).await;
        raw.rest().await;
    });
    let mut link = Dial::new(format!("ws://{address}/"), ["ocpp1.6"]).connect().await.unwrap();
    assert_eq!(link.next().await.unwrap().unwrap(), Received::Text("[2,\"1\"]".into()));
    assert_eq!(link.next().await.unwrap().unwrap(), Received::Text("x".repeat(2000)));
}

#[tokio::test]
async fn rpc_63_a_station_takes_64_kib_and_not_a_byte_more() {
    assert_eq!(Limits::station().message, 64 << 10);
    assert_eq!(Limits::csms().message, 1 << 20);
    for (size, fits) in [(64 << 10, true), ((64 << 10) + 1, false)] {
        let (listener, address) = listener().await;
        let server = tokio::spawn(async move {
            let mut raw = accept(&listener, "ocpp1.6").await;
            raw.frame(0x81, &vec![b'x'; size]).await;
            if !fits {
                assert_eq!(raw.receive().await.close_code(), 1009);
            }
        });
        let mut link = Dial::new(format!("ws://{address}/"), ["ocpp1.6"]).connect().await.unwrap();
        match link.next().await.unwrap() {
            Ok(Received::Text(text)) => assert!(fits && text.len() == size),
            Err(LinkError::Violation { reason }) => {
                assert!(!fits && reason.code == CloseCode::TOO_BIG);
                _ = futures_util::SinkExt::close(&mut link).await;
            }
            other => panic!("{other:?}"),
        }
        server.await.unwrap();
    }
}

#[tokio::test]
async fn a_server_without_tls_is_told_from_one_with() {
    let (listener, address) = listener().await;
    tokio::spawn(async move {
        let (tcp, _) = listener.accept().await.unwrap();
        let mut raw = Raw { tcp, mask: false };
        raw.send(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        raw.rest().await;
    });
    let mut dial = Dial::new(format!("wss://{address}/"), ["ocpp1.6"]);
    dial.tls = Some(super::tls::client(&super::tls::Authority::new("a root")));
    let error = dial.connect().await.map(drop).unwrap_err();
    assert!(matches!(error, DialError::Tls { fault: TlsFault::NotTls, .. }), "{error:?}");
}
