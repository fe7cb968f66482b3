//! WebSockets out of somebody else's HTTP server, for instance axum.

use bytes::Bytes;
use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, UPGRADE};
use http::{HeaderValue, Response, StatusCode};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use yawc::Role;

use super::headers::{self, EXTENSIONS, PROTOCOL};
use super::request::{Accept, ConnectionHeader, HandshakeDefect, check};
use super::socket::Socket;
use super::{Limits, WebSocketLink, deflate};

/// Answers the opening handshake in a request of `hyper`, or of `axum`, which is the same.
///
/// Send the response, with an empty body, and then wait for [`Upgrade::finish`] in a task of its own: it completes when
/// the response is out. [`Accept::close`] is left to the caller.
///
/// # Errors
///
/// [`UpgradeError`] if the request is no handshake, or its connection cannot be taken over.
pub fn upgrade<B, T>(
    request: &mut http::Request<B>,
    accept: &Accept<T>,
) -> Result<(Response<()>, Upgrade), UpgradeError> {
    let key = check(request, ConnectionHeader::Required)?;
    let (response, agreed) = agree(request.headers(), key, accept)?;
    let on_upgrade = request.extensions_mut().remove::<OnUpgrade>().ok_or(UpgradeError::NotUpgradable)?;
    Ok((response, Upgrade { on_upgrade, agreed }))
}

/// A WebSocket that stands as soon as the response to its handshake is sent.
pub struct Upgrade {
    on_upgrade: OnUpgrade,
    agreed: Agreed,
}

impl Upgrade {
    /// Waits until the response is sent.
    ///
    /// # Errors
    ///
    /// [`UpgradeError::Http`] if the connection was lost before.
    pub async fn finish(self) -> Result<WebSocketLink, UpgradeError> {
        let upgraded = self.on_upgrade.await.map_err(UpgradeError::Http)?;
        match upgraded.downcast::<TokioIo<TcpStream>>() {
            Ok(parts) => self.agreed.server(Socket::Plain(parts.io.into_inner()), parts.read_buf),
            Err(upgraded) => self.agreed.server(Socket::Upgraded(Box::new(TokioIo::new(upgraded))), Bytes::new()),
        }
        .map_err(|_| UpgradeError::Response)
    }
}

/// Why a request could not be turned into a WebSocket.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpgradeError {
    /// The request is no opening handshake.
    #[error("request is no websocket handshake")]
    Handshake(#[from] HandshakeDefect),
    /// The server that received the request does not give its connection away.
    #[error("the connection of the request cannot be taken over")]
    NotUpgradable,
    /// The subprotocol of the answer is not a header value.
    #[error("subprotocol cannot be written as a header")]
    Response,
    /// The connection was lost before the handshake was answered.
    #[error("connection lost during the handshake")]
    Http(#[source] hyper::Error),
}

/// What both sides agreed on in a handshake.
pub(crate) struct Agreed {
    subprotocol: Option<Box<str>>,
    extensions: Option<String>,
    limits: Limits,
}

impl Agreed {
    pub(crate) fn server(self, socket: Socket, early: Bytes) -> Result<WebSocketLink, yawc::WebSocketError> {
        WebSocketLink::new(socket, early, Role::Server, self.subprotocol, self.extensions.as_deref(), self.limits)
    }
}

/// The response of a server that accepts.
pub(crate) fn agree<T>(
    offered: &http::HeaderMap,
    key: &str,
    accept: &Accept<T>,
) -> Result<(Response<()>, Agreed), UpgradeError> {
    let subprotocol = accept.subprotocol.as_deref();
    let extensions =
        accept.compression.allows(subprotocol).then(|| deflate::answer(headers::texts(offered, EXTENSIONS))).flatten();

    let mut response = Response::new(());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let fields = response.headers_mut();
    fields.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    fields.insert(UPGRADE, HeaderValue::from_static("websocket"));
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| UpgradeError::Response);
    fields.insert(SEC_WEBSOCKET_ACCEPT, value(&headers::accept_of(key))?);
    if let Some(subprotocol) = subprotocol {
        fields.insert(PROTOCOL, value(subprotocol)?);
    }
    if let Some(extensions) = &extensions {
        fields.insert(EXTENSIONS, value(extensions)?);
    }
    Ok((response, Agreed { subprotocol: subprotocol.map(Into::into), extensions, limits: accept.limits }))
}
