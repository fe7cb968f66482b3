//! The server's way to WebSockets: an accept loop with limits.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::SinkExt;
use http::header::{ALLOW, RETRY_AFTER, SEC_WEBSOCKET_VERSION, UPGRADE, WWW_AUTHENTICATE};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::WebSocketLink;
use super::admission::{Admission, Permit};
use super::dial::tune;
use super::request::{Accept, ConnectionHeader, HandshakeDefect, HandshakeRequest, Reject, check};
use super::socket::Socket;
use super::tls::{ServerTls, TlsFault};
use super::upgrade::{Agreed, agree};
use crate::link::Outgoing;

/// How a server listens.
#[derive(Clone)]
#[non_exhaustive]
pub struct ListenConfig {
    /// TLS, for security profiles 2 and 3.
    pub tls: Option<ServerTls>,
    /// How many connections there may be and how fast they come.
    pub admission: Admission,
    /// How many handshakes may be under way; more connections wait in the system's queue.
    pub handshakes: usize,
    /// The time for a handshake, TLS included.
    pub handshake_deadline: Duration,
    /// Bytes of a request's header section, at least 8192; more are answered with 431.
    pub header_bytes: usize,
    /// Fields of a request's header section; more are answered with 431.
    pub header_fields: usize,
    /// Whether to let stations in that forget the header `Connection: Upgrade`.
    pub tolerate_missing_connection: bool,
    /// What to say in `Retry-After` when there is no room.
    pub retry_after: Duration,
    /// How long a connection may be silent before the system probes it; `None` for never.
    pub tcp_keepalive: Option<Duration>,
    /// Is told of every handshake that came to nothing.
    pub on_failure: Option<FailureObserver>,
}

type FailureObserver = Arc<dyn Fn(SocketAddr, &HandshakeFailure) + Send + Sync>;

impl Default for ListenConfig {
    /// 20 000 connections, 1024 handshakes at a time with 10 seconds each, no TLS.
    fn default() -> Self {
        Self {
            tls: None,
            admission: Admission::new(20_000),
            handshakes: 1024,
            handshake_deadline: Duration::from_secs(10),
            header_bytes: 16 << 10,
            header_fields: 64,
            tolerate_missing_connection: false,
            retry_after: Duration::from_secs(30),
            tcp_keepalive: Some(Duration::from_secs(60)),
            on_failure: None,
        }
    }
}

/// Why a handshake came to nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HandshakeFailure {
    /// TLS failed.
    #[error("no tls connection: {0}")]
    Tls(TlsFault),
    /// The request is no opening handshake.
    #[error("no websocket handshake: {0}")]
    Defect(HandshakeDefect),
    /// The header section is longer than allowed.
    #[error("header section is too big")]
    HeaderTooBig,
    /// What arrived is not HTTP.
    #[error("not an http request")]
    NotHttp,
    /// There is no room for another connection.
    #[error("no room for another connection")]
    NoRoom,
    /// The server rejected it.
    #[error("rejected with http status {0}")]
    Rejected(u16),
    /// It took too long.
    #[error("deadline passed")]
    Deadline,
    /// The connection was lost.
    #[error("connection lost")]
    Lost(#[source] io::Error),
}

/// What became of the handshakes so far; clones count together.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    accepted: AtomicU64,
    rejected: AtomicU64,
    without_room: AtomicU64,
    late: AtomicU64,
    broken: AtomicU64,
}

impl Tally {
    /// WebSockets that were opened.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.0.accepted.load(Ordering::Relaxed)
    }

    /// Handshakes that were rejected.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.0.rejected.load(Ordering::Relaxed)
    }

    /// Handshakes for which there was no room.
    #[must_use]
    pub fn without_room(&self) -> u64 {
        self.0.without_room.load(Ordering::Relaxed)
    }

    /// Handshakes that missed their deadline.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.0.late.load(Ordering::Relaxed)
    }

    /// Handshakes that were none: lost, not HTTP, not TLS, not WebSocket.
    #[must_use]
    pub fn broken(&self) -> u64 {
        self.0.broken.load(Ordering::Relaxed)
    }

    fn count(&self, failure: &HandshakeFailure) {
        let counter = match failure {
            HandshakeFailure::Rejected(_) => &self.0.rejected,
            HandshakeFailure::NoRoom => &self.0.without_room,
            HandshakeFailure::Deadline => &self.0.late,
            _ => &self.0.broken,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// A socket that listens for WebSockets.
pub struct Listener {
    tcp: TcpListener,
    config: Arc<ListenConfig>,
    tally: Tally,
}

/// Connections the system may hold while none is accepted.
const BACKLOG: u32 = 4096;

/// The pause after the system refused to accept, usually for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(50);

impl Listener {
    /// Listens on an address; port 0 lets the system choose.
    ///
    /// # Errors
    ///
    /// What the system says, for instance that the port is taken.
    pub fn bind(address: SocketAddr, config: ListenConfig) -> io::Result<Self> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        Ok(Self::from_tcp(socket.listen(BACKLOG)?, config))
    }

    /// Takes a socket that listens already.
    #[must_use]
    pub fn from_tcp(tcp: TcpListener, config: ListenConfig) -> Self {
        Self { tcp, config: Arc::new(config), tally: Tally::default() }
    }

    /// The address it listens on.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    /// What becomes of the handshakes.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally.clone()
    }

    /// Accepts connections until `stop` completes. Those that are open then stay.
    ///
    /// `decide` says yes or no to a handshake; `run` is what becomes of the connection, in a task of its own.
    pub async fn serve<T, Deciding, Running>(
        self,
        decide: impl Fn(HandshakeRequest) -> Deciding + Send + Sync + 'static,
        run: impl Fn(T, WebSocketLink) -> Running + Send + Sync + 'static,
        stop: impl Future<Output = ()>,
    ) where
        T: Send + 'static,
        Deciding: Future<Output = Result<Accept<T>, Reject>> + Send + 'static,
        Running: Future<Output = ()> + Send + 'static,
    {
        let decide = Arc::new(decide);
        let run = Arc::new(run);
        let handshakes = Arc::new(Semaphore::new(self.config.handshakes.max(1)));
        let accept = async {
            loop {
                self.config.admission.token().await;
                let Ok(turn) = Arc::clone(&handshakes).acquire_owned().await else { return };
                let (tcp, remote) = match self.tcp.accept().await {
                    Ok(accepted) => accepted,
                    Err(_) => {
                        sleep(PAUSE).await;
                        continue;
                    }
                };
                let (decide, run) = (Arc::clone(&decide), Arc::clone(&run));
                let (config, tally) = (Arc::clone(&self.config), self.tally.clone());
                tokio::spawn(async move {
                    let handshake = shake_hands(&config, tcp, remote, &*decide);
                    let result = timeout(config.handshake_deadline, handshake).await;
                    drop(turn);
                    match result.unwrap_or(Err(HandshakeFailure::Deadline)) {
                        Ok((context, link)) => {
                            tally.0.accepted.fetch_add(1, Ordering::Relaxed);
                            // a task of its own, so that the memory of the handshake does not stay with the connection
                            tokio::spawn(run(context, link));
                        }
                        Err(failure) => {
                            tally.count(&failure);
                            if let Some(observer) = &config.on_failure {
                                observer(remote, &failure);
                            }
                        }
                    }
                });
            }
        };
        tokio::select! {
            () = accept => {}
            () = stop => {}
        }
    }
}

/// What the service of the HTTP connection leaves behind.
enum Outcome<T> {
    Accepted(Accept<T>, Agreed, Option<Permit>),
    Failed(HandshakeFailure),
}

async fn shake_hands<T, Deciding>(
    config: &ListenConfig,
    tcp: TcpStream,
    remote: SocketAddr,
    decide: &impl Fn(HandshakeRequest) -> Deciding,
) -> Result<(T, WebSocketLink), HandshakeFailure>
where
    Deciding: Future<Output = Result<Accept<T>, Reject>>,
{
    tune(&tcp, config.tcp_keepalive);
    let (socket, certificate) = match &config.tls {
        None => (Socket::Plain(tcp), Vec::new()),
        Some(tls) => tls.accept(tcp).await.map_err(|error| HandshakeFailure::Tls(TlsFault::of(&error)))?,
    };

    let outcome = Mutex::new(None);
    let service = service_fn(|request: Request<Incoming>| {
        let (outcome, certificate) = (&outcome, certificate.clone());
        Box::pin(async move {
            let (response, result) = answer(config, &request, remote, certificate, decide).await;
            *outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            Ok::<_, std::convert::Infallible>(response)
        })
    });
    let served = http1::Builder::new()
        .keep_alive(false)
        .max_buf_size(config.header_bytes.max(8192))
        .max_headers(config.header_fields)
        .serve_connection(TokioIo::new(socket), service)
        .without_shutdown()
        .await;

    let outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (served, outcome) {
        (Ok(parts), Some(Outcome::Accepted(accept, agreed, permit))) => {
            let link = agreed
                .server(parts.io.into_inner(), parts.read_buf)
                .map_err(|error| HandshakeFailure::Lost(io::Error::other(error)))?;
            let mut link = link.with_permit(permit);
            if let Some(reason) = accept.close {
                // the socket may be gone already, which is what was wanted
                _ = link.send(Outgoing::Close(reason)).await;
                _ = link.close().await;
                return Err(HandshakeFailure::Rejected(StatusCode::SWITCHING_PROTOCOLS.as_u16()));
            }
            Ok((accept.context, link))
        }
        (_, Some(Outcome::Failed(failure))) => Err(failure),
        (Err(error), _) if error.is_parse_too_large() => Err(HandshakeFailure::HeaderTooBig),
        (Err(error), _) if error.is_parse() => Err(HandshakeFailure::NotHttp),
        (Err(error), _) => Err(HandshakeFailure::Lost(io::Error::other(error))),
        (Ok(_), None) => Err(HandshakeFailure::Lost(io::ErrorKind::UnexpectedEof.into())),
    }
}

/// The response to a request, and what it means.
async fn answer<T, Deciding>(
    config: &ListenConfig,
    request: &Request<Incoming>,
    remote: SocketAddr,
    certificate: Vec<Vec<u8>>,
    decide: &impl Fn(HandshakeRequest) -> Deciding,
) -> (Response<Full<Bytes>>, Outcome<T>)
where
    Deciding: Future<Output = Result<Accept<T>, Reject>>,
{
    let connection =
        if config.tolerate_missing_connection { ConnectionHeader::Optional } else { ConnectionHeader::Required };
    let key = match check(request, connection) {
        Ok(key) => key,
        Err(defect) => return (refusal(defect), Outcome::Failed(HandshakeFailure::Defect(defect))),
    };
    let Some(permit) = config.admission.enter() else {
        return (no_room(config), Outcome::Failed(HandshakeFailure::NoRoom));
    };
    let handshake = HandshakeRequest::unchecked(request, remote, config.tls.is_some(), certificate);
    let accept = match decide(handshake).await {
        Ok(accept) => accept,
        Err(reject) => {
            let response = rejection(&reject);
            let status = response.status().as_u16();
            return (response, Outcome::Failed(HandshakeFailure::Rejected(status)));
        }
    };
    match agree(request.headers(), key, &accept) {
        Ok((response, agreed)) => (response.map(|()| Full::default()), Outcome::Accepted(accept, agreed, Some(permit))),
        // the subprotocol the server chose cannot be written
        Err(_) => {
            let reject = Reject::new(500, "no answer to this subprotocol");
            (rejection(&reject), Outcome::Failed(HandshakeFailure::Rejected(500)))
        }
    }
}

fn refusal(defect: HandshakeDefect) -> Response<Full<Bytes>> {
    let mut response = plain(defect.status(), defect.to_string());
    let fields = response.headers_mut();
    match defect {
        HandshakeDefect::Method => _ = fields.insert(ALLOW, HeaderValue::from_static("GET")),
        HandshakeDefect::Upgrade => _ = fields.insert(UPGRADE, HeaderValue::from_static("websocket")),
        HandshakeDefect::Version => {
            fields.insert(UPGRADE, HeaderValue::from_static("websocket"));
            fields.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        }
        _ => {}
    }
    response
}

fn no_room(config: &ListenConfig) -> Response<Full<Bytes>> {
    let mut response = plain(503, "no room for another connection");
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(config.retry_after.as_secs()));
    response
}

fn rejection(reject: &Reject) -> Response<Full<Bytes>> {
    let status = if (400..600).contains(&reject.status) { reject.status } else { 400 };
    let mut response = plain(status, reject.text.to_string());
    if let Some(challenge) = reject.challenge.as_deref().and_then(|text| HeaderValue::from_str(text).ok()) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    if let Some(retry_after) = reject.retry_after {
        let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn plain(status: u16, text: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(text.into()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    response
}
