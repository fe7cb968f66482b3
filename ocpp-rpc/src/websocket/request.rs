//! What a station asks for in its opening handshake, and what a server may say to it.

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use http::header::{CONNECTION, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::{HeaderMap, Method, Uri, Version};

use super::headers::{self, PROTOCOL};
use super::{Compression, Limits};
use crate::link::CloseReason;

/// The opening handshake of a station, before anybody decided about it.
///
/// Nothing in it is checked but that it is a WebSocket handshake. `Debug` leaves out the header fields, since one of them
/// is a password.
pub struct HandshakeRequest {
    uri: Uri,
    headers: HeaderMap,
    remote: SocketAddr,
    certificate: Vec<Vec<u8>>,
    tls: bool,
}

impl HandshakeRequest {
    /// Reads the parts of a request that somebody's HTTP server has received.
    ///
    /// `certificate` is the chain the client authenticated itself with, the client's own first, each in DER; `tls` says
    /// whether the connection is encrypted at all.
    ///
    /// # Errors
    ///
    /// A [`HandshakeDefect`] if this is not the opening handshake of a WebSocket (RFC 6455, section 4.2.1).
    pub fn from_http<B>(
        request: &http::Request<B>,
        remote: SocketAddr,
        tls: bool,
        certificate: Vec<Vec<u8>>,
    ) -> Result<Self, HandshakeDefect> {
        check(request, ConnectionHeader::Required)?;
        Ok(Self::unchecked(request, remote, tls, certificate))
    }

    pub(crate) fn unchecked<B>(
        request: &http::Request<B>,
        remote: SocketAddr,
        tls: bool,
        certificate: Vec<Vec<u8>>,
    ) -> Self {
        Self { uri: request.uri().clone(), headers: request.headers().clone(), remote, certificate, tls }
    }

    /// The path of the URL as it was sent, percent-encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// The query of the URL as it was sent, without the question mark.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// The subprotocols the station offers, the ones it likes best first, spelled as it spells them.
    pub fn subprotocols(&self) -> impl Iterator<Item = &str> {
        headers::elements(&self.headers, PROTOCOL)
    }

    /// The value of a header field; `None` if it is missing or there more than once.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        let mut values = self.headers.get_all(name).into_iter();
        let value = values.next()?;
        values.next().is_none().then_some(value.as_bytes())
    }

    /// All header fields in the order they came, names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()))
    }

    /// Where the connection comes from.
    #[must_use]
    pub fn remote(&self) -> SocketAddr {
        self.remote
    }

    /// Whether the connection is encrypted.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.tls
    }

    /// The certificates the station authenticated itself with (security profile 3): its own first, each in DER. Their
    /// signatures are checked; whom they are for is not. Empty if it showed none.
    #[must_use]
    pub fn client_certificate(&self) -> &[Vec<u8>] {
        &self.certificate
    }
}

impl fmt::Debug for HandshakeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandshakeRequest")
            .field("path", &self.path())
            .field("remote", &self.remote)
            .field("tls", &self.tls)
            .field("certificates", &self.certificate.len())
            .finish_non_exhaustive()
    }
}

/// The yes to a [`HandshakeRequest`].
#[derive(Clone, Debug)]
pub struct Accept<T> {
    /// The subprotocol to answer with. It should be one that was offered; a station may hang up otherwise.
    pub subprotocol: Option<Cow<'static, str>>,
    /// Whether messages may be compressed.
    pub compression: Compression,
    /// What the station may ask of the connection.
    pub limits: Limits,
    /// Close with this reason as soon as the WebSocket stands, as the texts of OCPP have it for a station that offers no
    /// version in common (OCPP 2.0.1 part 4, section 3.2). Most servers reject the handshake instead.
    pub close: Option<CloseReason>,
    /// Whatever the server wants to know about the connection later, for instance whose it is.
    pub context: T,
}

impl<T> Accept<T> {
    /// Accepts with a subprotocol, the usual limits, and compression as the version has it.
    pub fn new(subprotocol: impl Into<Cow<'static, str>>, context: T) -> Self {
        Self {
            subprotocol: Some(subprotocol.into()),
            compression: Compression::default(),
            limits: Limits::csms(),
            close: None,
            context,
        }
    }
}

/// The no to a [`HandshakeRequest`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reject {
    /// The HTTP status; one that is not between 400 and 599 is sent as 400.
    pub status: u16,
    /// The value of `WWW-Authenticate`, for status 401.
    pub challenge: Option<Cow<'static, str>>,
    /// A sentence for people, as the body.
    pub text: Cow<'static, str>,
    /// After how long to try again, as `Retry-After` in whole seconds. Give everybody another one, or they all come back at once.
    pub retry_after: Option<Duration>,
}

impl Reject {
    /// A rejection with an HTTP status and a sentence.
    pub fn new(status: u16, text: impl Into<Cow<'static, str>>) -> Self {
        Self { status, challenge: None, text: text.into(), retry_after: None }
    }

    /// Status 401, asking for name and password.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self {
            challenge: Some(Cow::Borrowed(r#"Basic realm="ocpp", charset="UTF-8""#)),
            ..Self::new(401, "credentials are missing or wrong")
        }
    }
}

/// Why a request is not the opening handshake of a WebSocket.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HandshakeDefect {
    /// Another method than GET.
    #[error("method is not get")]
    Method,
    /// An HTTP version below 1.1.
    #[error("http version is below 1.1")]
    HttpVersion,
    /// `Upgrade` is missing or does not name `websocket`.
    #[error("header upgrade does not name websocket")]
    Upgrade,
    /// `Connection` is missing or does not name `upgrade`.
    #[error("header connection does not name upgrade")]
    Connection,
    /// `Sec-WebSocket-Version` is missing or not 13.
    #[error("header sec-websocket-version is not 13")]
    Version,
    /// `Sec-WebSocket-Key` is missing.
    #[error("header sec-websocket-key is missing")]
    NoKey,
    /// `Sec-WebSocket-Key` is not 16 bytes in base64, or there twice.
    #[error("header sec-websocket-key is not a key")]
    Key,
}

impl HandshakeDefect {
    /// The HTTP status to answer with.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Method => 405,
            Self::HttpVersion => 505,
            Self::Upgrade | Self::Version => 426,
            Self::Connection | Self::NoKey | Self::Key => 400,
        }
    }
}

/// Whether a handshake must have its `Connection` header; some stations forget it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ConnectionHeader {
    Required,
    Optional,
}

/// Whether a request is the opening handshake of a WebSocket; gives its key.
pub(crate) fn check<B>(request: &http::Request<B>, connection: ConnectionHeader) -> Result<&str, HandshakeDefect> {
    let headers = request.headers();
    if request.method() != Method::GET {
        return Err(HandshakeDefect::Method);
    }
    if request.version() < Version::HTTP_11 {
        return Err(HandshakeDefect::HttpVersion);
    }
    if !headers::has_token(headers, UPGRADE, "websocket") {
        return Err(HandshakeDefect::Upgrade);
    }
    if connection == ConnectionHeader::Required && !headers::has_token(headers, CONNECTION, "upgrade") {
        return Err(HandshakeDefect::Connection);
    }
    if headers::single(headers, SEC_WEBSOCKET_VERSION) != Some("13") {
        return Err(HandshakeDefect::Version);
    }
    if !headers.contains_key(SEC_WEBSOCKET_KEY) {
        return Err(HandshakeDefect::NoKey);
    }
    headers::single(headers, SEC_WEBSOCKET_KEY).filter(|key| headers::is_key(key)).ok_or(HandshakeDefect::Key)
}
