//! A peer made of bytes, and a server that reports what it sees.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use ocpp_rpc::websocket::{Accept, Compression, HandshakeRequest, Limits, ListenConfig, Listener, Reject, Tally};
use ocpp_rpc::{LinkError, Outgoing, Received};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

/// Long enough for a busy machine; a test that waits this long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// What the server saw, in words.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Seen {
    Open(String),
    Received(Received),
    Violation(u16),
    Ended,
    Gone,
}

pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) tally: Tally,
    seen: UnboundedReceiver<Seen>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
}

impl Server {
    /// A server that takes the first subprotocol offered and echoes texts.
    pub(super) fn echo(limits: Limits) -> Self {
        Self::start(ListenConfig::default(), move |request| {
            let name = request.subprotocols().next().ok_or(Reject::new(400, "no subprotocol"))?.to_owned();
            let mut accept = Accept::new(name, request.path().to_owned());
            accept.limits = limits;
            accept.compression = Compression::ByVersion;
            Ok(accept)
        })
    }

    pub(super) fn start(
        config: ListenConfig,
        decide: impl Fn(HandshakeRequest) -> Result<Accept<String>, Reject> + Send + Sync + 'static,
    ) -> Self {
        let (sender, seen) = unbounded_channel();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), config).unwrap();
        let (address, tally) = (listener.local_addr().unwrap(), listener.tally());
        let run = move |path, link| echo(path, link, sender.clone());
        tokio::spawn(listener.serve(move |request| std::future::ready(decide(request)), run, async {
            _ = stopped.await;
        }));
        Self { address, tally, seen, stop: Some(stop) }
    }

    pub(super) async fn sees(&mut self) -> Seen {
        timeout(PATIENCE, self.seen.recv()).await.expect("the server sees nothing").expect("the server is gone")
    }

    pub(super) fn stop(&mut self) {
        self.stop.take();
    }

    pub(super) async fn client(&self, subprotocols: &str) -> Raw {
        let mut raw = Raw::connect(self.address).await;
        let response = raw.upgrade(&format!("Sec-WebSocket-Protocol: {subprotocols}\r\n")).await;
        assert!(response.starts_with("HTTP/1.1 101 "), "{response}");
        raw
    }
}

async fn echo(path: String, mut link: ocpp_rpc::websocket::WebSocketLink, sees: UnboundedSender<Seen>) {
    _ = sees.send(Seen::Open(path));
    while let Some(arrived) = link.next().await {
        match arrived {
            Ok(Received::Text(text)) => {
                _ = sees.send(Seen::Received(Received::Text(text.clone())));
                _ = link.send(Outgoing::Text(text)).await;
            }
            Ok(other) => _ = sees.send(Seen::Received(other)),
            Err(LinkError::Violation { reason }) => _ = sees.send(Seen::Violation(reason.code.0)),
            Err(_) => _ = sees.send(Seen::Ended),
        }
    }
    _ = timeout(PATIENCE, link.close()).await;
    drop(link);
    _ = sees.send(Seen::Gone);
}

/// A frame as it arrived at the raw peer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct RawFrame {
    pub(super) first: u8,
    pub(super) payload: Vec<u8>,
}

impl RawFrame {
    /// The code of a close frame.
    pub(super) fn close_code(&self) -> u16 {
        assert_eq!(self.first, 0x88, "not a close frame: {self:?}");
        u16::from_be_bytes([self.payload[0], self.payload[1]])
    }
}

pub(super) struct Raw {
    pub(super) tcp: TcpStream,
    /// Whether our frames are masked, as a client's must be.
    pub(super) mask: bool,
}

impl Raw {
    pub(super) async fn connect(address: SocketAddr) -> Self {
        Self { tcp: TcpStream::connect(address).await.unwrap(), mask: true }
    }

    /// An opening handshake with more header lines; gives the response's header section.
    pub(super) async fn upgrade(&mut self, lines: &str) -> String {
        self.request(&format!(
            "GET /ocpp/CP001 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{lines}\r\n"
        ))
        .await
    }

    /// Sends a request; gives the response's header section.
    pub(super) async fn request(&mut self, request: &str) -> String {
        self.send(request.as_bytes()).await;
        self.header_section().await
    }

    pub(super) async fn header_section(&mut self) -> String {
        let mut section = Vec::new();
        while !section.ends_with(b"\r\n\r\n") {
            match timeout(PATIENCE, self.tcp.read_u8()).await.expect("no answer") {
                Ok(byte) => section.push(byte),
                Err(_) => break,
            }
        }
        String::from_utf8(section).unwrap()
    }

    pub(super) async fn send(&mut self, bytes: &[u8]) {
        self.tcp.write_all(bytes).await.unwrap();
    }

    /// Sends a frame with this first byte: flags and opcode.
    pub(super) async fn frame(&mut self, first: u8, payload: &[u8]) {
        let frame = frame(first, payload, self.mask);
        self.send(&frame).await;
    }

    pub(super) async fn receive(&mut self) -> RawFrame {
        timeout(PATIENCE, self.try_receive()).await.expect("no frame").expect("connection lost")
    }

    pub(super) async fn try_receive(&mut self) -> std::io::Result<RawFrame> {
        let first = self.tcp.read_u8().await?;
        let second = self.tcp.read_u8().await?;
        let length = match second & 0x7F {
            126 => usize::from(self.tcp.read_u16().await?),
            127 => usize::try_from(self.tcp.read_u64().await?).unwrap(),
            length => usize::from(length),
        };
        let mut mask = [0; 4];
        if second & 0x80 != 0 {
            self.tcp.read_exact(&mut mask).await?;
        }
        let mut payload = vec![0; length];
        self.tcp.read_exact(&mut payload).await?;
        payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
        Ok(RawFrame { first, payload })
    }

    /// Waits for the end of the connection; gives what still came.
    pub(super) async fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        _ = timeout(PATIENCE, self.tcp.read_to_end(&mut rest)).await.expect("the connection stays open");
        rest
    }
}

/// A frame with this first byte: flags and opcode.
pub(super) fn frame(first: u8, payload: &[u8], mask: bool) -> Vec<u8> {
    let mut frame = vec![first];
    let flag = if mask { 0x80 } else { 0 };
    match payload.len() {
        length @ 0..126 => frame.push(flag | u8::try_from(length).unwrap()),
        length @ 126..65536 => {
            frame.push(flag | 126);
            frame.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            frame.push(flag | 127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    let key = [0x37, 0xfa, 0x21, 0x3d];
    if mask {
        frame.extend(key);
        frame.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
    } else {
        frame.extend(payload);
    }
    frame
}
