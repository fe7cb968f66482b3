//! The client's way to a WebSocket.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::future::{Either, select};
use http::header::{
    AUTHORIZATION, CONNECTION, HOST, RETRY_AFTER, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION,
    UPGRADE,
};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpSocket, TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};
use yawc::Role;

use super::headers::{self, EXTENSIONS, PROTOCOL};
use super::socket::Socket;
use super::tls::{ClientTls, TlsFault};
use super::{Compression, Limits, WebSocketLink, deflate};

/// Where and how to open a WebSocket.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Dial {
    /// The URL, `ws://` or `wss://`, percent-encoded, without a name or a password in it.
    pub url: String,
    /// The subprotocols to offer, the best first.
    pub subprotocols: Vec<Cow<'static, str>>,
    /// Name and password (security profiles 1 and 2).
    pub credentials: Option<Credentials>,
    /// How to do TLS; needed for `wss://`.
    pub tls: Option<ClientTls>,
    /// What the server may ask of the connection.
    pub limits: Limits,
    /// Whether to offer compression.
    pub compression: Compression,
    /// The time for everything, from looking up the name to the open WebSocket.
    pub deadline: Duration,
    /// The address to connect from, on a machine with several.
    pub local_address: Option<IpAddr>,
    /// How long the connection may be silent before the system probes it; `None` for never.
    pub tcp_keepalive: Option<Duration>,
}

/// A name and a password for HTTP Basic authentication (RFC 7617).
///
/// The password is bytes, since the keys of OCPP 1.6 are (B15). `Debug` hides it.
#[derive(Clone, Eq, PartialEq)]
pub struct Credentials {
    user: String,
    password: Vec<u8>,
}

impl Credentials {
    /// A name, for a station its identity, and a password.
    pub fn new(user: impl Into<String>, password: impl Into<Vec<u8>>) -> Self {
        Self { user: user.into(), password: password.into() }
    }

    /// The value of the header field `Authorization`.
    fn header(&self) -> Option<HeaderValue> {
        let plain = [self.user.as_bytes(), b":", &self.password].concat();
        let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(plain))).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// Why a WebSocket could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DialError {
    /// The URL, or something else in [`Dial`], cannot be used. Trying again does not help.
    #[error("cannot dial: {0}")]
    Config(&'static str),
    /// The name of the host has no address.
    #[error("host name cannot be resolved")]
    Dns(#[source] io::Error),
    /// No connection to the host.
    #[error("no tcp connection")]
    Tcp(#[source] io::Error),
    /// No encrypted connection.
    #[error("no tls connection: {fault}")]
    Tls {
        /// What went wrong.
        fault: TlsFault,
        /// The error of the TLS library.
        #[source]
        source: io::Error,
    },
    /// The server answers with an HTTP status instead of a WebSocket: 401 for wrong credentials, 404 for an unknown
    /// station, 503 if it is busy.
    #[error("server refuses with http status {status}")]
    Refused {
        /// The status.
        status: u16,
        /// The seconds of `Retry-After`, if it says.
        retry_after: Option<Duration>,
    },
    /// The answer is not that of a WebSocket server.
    #[error("answer is no websocket handshake: {0}")]
    NotWebSocket(&'static str),
    /// The server chose a subprotocol that was not offered, or none at all.
    #[error("server chose subprotocol {answered:?}")]
    Subprotocol {
        /// What it chose.
        answered: Option<String>,
    },
    /// The connection was lost, or what arrived is not HTTP.
    #[error("no http answer")]
    Http(#[source] io::Error),
    /// The deadline passed.
    #[error("deadline passed while waiting for {0}")]
    Deadline(DialPhase),
}

/// How far a dial got before its deadline.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum DialPhase {
    /// Looking up the name.
    Dns,
    /// Connecting.
    Tcp,
    /// The TLS handshake.
    Tls,
    /// The answer to the opening handshake.
    Http,
}

impl fmt::Display for DialPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dns => "the name server",
            Self::Tcp => "the tcp connection",
            Self::Tls => "the tls handshake",
            Self::Http => "the http answer",
        })
    }
}

/// Bytes of a response's header section, and fields in it.
const HEADER_BYTES: usize = 16 << 10;
const HEADER_FIELDS: usize = 64;

impl Dial {
    /// A dial with the limits of a station, 30 seconds of patience, and no credentials.
    pub fn new<S: Into<Cow<'static, str>>>(url: impl Into<String>, subprotocols: impl IntoIterator<Item = S>) -> Self {
        Self {
            url: url.into(),
            subprotocols: subprotocols.into_iter().map(Into::into).collect(),
            credentials: None,
            tls: None,
            limits: Limits::station(),
            compression: Compression::default(),
            deadline: Duration::from_secs(30),
            local_address: None,
            tcp_keepalive: Some(Duration::from_secs(60)),
        }
    }

    /// Opens the WebSocket.
    ///
    /// # Errors
    ///
    /// A [`DialError`] that says how far it got.
    pub async fn connect(&self) -> Result<WebSocketLink, DialError> {
        let until = Instant::now() + self.deadline;
        let target = Target::of(&self.url)?;
        let request = self.request(&target)?;

        let addresses: Vec<SocketAddr> =
            within(until, DialPhase::Dns, lookup_host((target.host.as_str(), target.port)))
                .await?
                .map_err(DialError::Dns)?
                .collect();
        let tcp = within(until, DialPhase::Tcp, self.connect_tcp(&addresses)).await?.map_err(DialError::Tcp)?;
        let socket = match &self.tls {
            _ if !target.tls => Socket::Plain(tcp),
            None => return Err(DialError::Config("url is wss, but there is no tls configuration")),
            Some(tls) => within(until, DialPhase::Tls, tls.connect(&target.host, tcp))
                .await?
                .map_err(|source| DialError::Tls { fault: TlsFault::of(&source), source })?,
        };
        within(until, DialPhase::Http, self.shake_hands(socket, request)).await?
    }

    async fn connect_tcp(&self, addresses: &[SocketAddr]) -> io::Result<TcpStream> {
        let mut error = io::Error::new(io::ErrorKind::AddrNotAvailable, "no address of this kind");
        for address in addresses {
            let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
            match self.local_address {
                Some(local) if local.is_ipv4() != address.is_ipv4() => continue,
                Some(local) => socket.bind(SocketAddr::new(local, 0))?,
                None => {}
            }
            match socket.connect(*address).await {
                Ok(tcp) => {
                    tune(&tcp, self.tcp_keepalive);
                    return Ok(tcp);
                }
                Err(failed) => error = failed,
            }
        }
        Err(error)
    }

    fn request(&self, target: &Target) -> Result<Request<Empty<Bytes>>, DialError> {
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = target.path.clone();
        let fields = request.headers_mut();
        let value = |text: &str| HeaderValue::from_str(text).map_err(|_| DialError::Config("not a header value"));
        fields.insert(HOST, value(&target.authority)?);
        fields.insert(UPGRADE, HeaderValue::from_static("websocket"));
        fields.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        fields.insert(SEC_WEBSOCKET_KEY, value(&STANDARD.encode(nonce()))?);
        fields.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        if !self.subprotocols.is_empty() {
            fields.insert(PROTOCOL, value(&self.subprotocols.join(", "))?);
        }
        if let Some(credentials) = &self.credentials {
            let header = credentials.header().ok_or(DialError::Config("credentials do not fit into a header"))?;
            fields.insert(AUTHORIZATION, header);
        }
        if self.subprotocols.iter().any(|name| self.compression.allows(Some(name))) {
            fields.insert(EXTENSIONS, HeaderValue::from_static(deflate::OFFER));
        }
        Ok(request)
    }

    async fn shake_hands(&self, socket: Socket, request: Request<Empty<Bytes>>) -> Result<WebSocketLink, DialError> {
        let lost = |error: hyper::Error| DialError::Http(io::Error::other(error));
        let sent = request.headers().clone();
        let (mut sender, connection) = http1::Builder::new()
            .max_buf_size(HEADER_BYTES)
            .max_headers(HEADER_FIELDS)
            .handshake(TokioIo::new(socket))
            .await
            .map_err(lost)?;
        // the connection ends as HTTP once the answer to the handshake is in
        let (agreed, parts) =
            match select(pin!(sender.send_request(request)), pin!(connection.without_shutdown())).await {
                Either::Left((response, connection)) => {
                    let agreed = self.check(&sent, &response.map_err(lost)?)?;
                    (agreed, connection.await.map_err(lost)?)
                }
                Either::Right((parts, response)) => {
                    let parts = parts.map_err(lost)?;
                    (self.check(&sent, &response.await.map_err(lost)?)?, parts)
                }
            };
        let (subprotocol, extensions) = agreed;
        WebSocketLink::new(
            parts.io.into_inner(),
            parts.read_buf,
            Role::Client,
            subprotocol,
            extensions.as_deref(),
            self.limits,
        )
        .map_err(|_| DialError::NotWebSocket("extension was not offered"))
    }

    /// Checks the answer of the server; gives subprotocol and extensions.
    fn check<B>(
        &self,
        sent: &HeaderMap,
        response: &Response<B>,
    ) -> Result<(Option<Box<str>>, Option<String>), DialError> {
        let fields = response.headers();
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            let seconds = headers::single(fields, RETRY_AFTER).and_then(|value| value.parse().ok());
            return Err(DialError::Refused {
                status: response.status().as_u16(),
                retry_after: seconds.map(Duration::from_secs),
            });
        }
        if !headers::has_token(fields, UPGRADE, "websocket") {
            return Err(DialError::NotWebSocket("header upgrade does not name websocket"));
        }
        if !headers::has_token(fields, CONNECTION, "upgrade") {
            return Err(DialError::NotWebSocket("header connection does not name upgrade"));
        }
        let expected = headers::single(sent, SEC_WEBSOCKET_KEY).map(headers::accept_of);
        if headers::single(fields, SEC_WEBSOCKET_ACCEPT) != expected.as_deref() {
            return Err(DialError::NotWebSocket("header sec-websocket-accept is not the answer to our key"));
        }

        let subprotocol = headers::single(fields, PROTOCOL);
        let offered = |name: &str| self.subprotocols.iter().any(|offer| offer == name);
        let agreed = match subprotocol {
            Some(name) => offered(name),
            None => self.subprotocols.is_empty() && !fields.contains_key(PROTOCOL),
        };
        if !agreed {
            // a peer's text: escaped, so that it cannot forge lines of a log
            let answered = subprotocol.map(|name| name.chars().take(64).collect::<String>());
            return Err(DialError::Subprotocol { answered });
        }

        let extensions = if fields.contains_key(EXTENSIONS) {
            let agreed = headers::single(fields, EXTENSIONS)
                .filter(|answer| sent.contains_key(EXTENSIONS) && deflate::is_answer(answer))
                .ok_or(DialError::NotWebSocket("extension was not offered"))?;
            Some(agreed.replace('"', ""))
        } else {
            None
        };
        Ok((subprotocol.map(Into::into), extensions))
    }
}

/// The parts of a URL.
struct Target {
    tls: bool,
    host: String,
    port: u16,
    authority: String,
    path: Uri,
}

impl Target {
    fn of(url: &str) -> Result<Self, DialError> {
        let uri: Uri = url.parse().map_err(|_| DialError::Config("not a url"))?;
        let tls = match uri.scheme_str() {
            Some("ws") => false,
            Some("wss") => true,
            _ => return Err(DialError::Config("url is neither ws nor wss")),
        };
        let authority = uri.authority().ok_or(DialError::Config("url without a host"))?;
        if authority.as_str().contains('@') {
            return Err(DialError::Config("url with a user in it"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() {
            return Err(DialError::Config("url without a host"));
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self {
            tls,
            host,
            port: authority.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            authority: authority.as_str().to_owned(),
            path: path.parse().map_err(|_| DialError::Config("url with a broken path"))?,
        })
    }
}

async fn within<F: Future>(until: Instant, phase: DialPhase, work: F) -> Result<F::Output, DialError> {
    timeout_at(until, work).await.map_err(|_| DialError::Deadline(phase))
}

/// Small messages leave at once, and a dead peer is noticed one day even if nobody pings.
pub(crate) fn tune(tcp: &TcpStream, keepalive: Option<Duration>) {
    // both are wishes: a system that cannot fulfil them still has a connection
    _ = tcp.set_nodelay(true);
    if let Some(idle) = keepalive {
        let probes = socket2::TcpKeepalive::new().with_time(idle);
        _ = socket2::SockRef::from(tcp).set_tcp_keepalive(&probes);
    }
}

/// The nonce of a handshake. It need not be secret, only different from the last one.
fn nonce() -> [u8; 16] {
    use std::hash::{BuildHasher, RandomState};
    let mut nonce = [0; 16];
    for half in nonce.chunks_exact_mut(8) {
        half.copy_from_slice(&RandomState::new().hash_one(()).to_ne_bytes());
    }
    nonce
}
