//! From the HTTP request of a station to who it says it is, which version is spoken and what it proves that with.
//!
//! [`examine`] is a pure function. It does not know which stations exist: that, and whether the proof holds, is for an
//! [`Authenticator`](crate::Authenticator).

mod credentials;
mod header;
mod version;

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use ocpp_types::Version;

pub use self::credentials::{CredentialFault, Credentials, Password};
pub use self::header::UpgradeFault;
pub use self::version::{NoCommonVersion, NoSubprotocol, Preference, VersionPolicy};
use crate::{IdentityError, SecurityProfile, StationId};

/// What a station asks for when it dials, as it stands in its HTTP request.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// The method; only `GET` can become a WebSocket.
    pub method: &'a str,
    /// The request target: path and query, still percent-encoded.
    pub target: &'a str,
    /// Names and values of the header, in order.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// What the connection itself is made of.
    pub transport: &'a Transport,
    /// Where it comes from.
    pub source: Option<IpAddr>,
}

/// What a connection is made of, below HTTP.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Transport {
    /// No encryption.
    #[default]
    Plain,
    /// TLS, without a certificate of the station.
    Tls,
    /// TLS, with a certificate of the station that the TLS layer has found to be in order.
    MutualTls(ClientCertificate),
}

/// What a station's certificate says of it; its signature and chain were checked by the TLS layer.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ClientCertificate {
    /// The common name of the subject: the serial number of the station (rule WS-13).
    pub common_name: Option<String>,
    /// The organisation of the subject: the operator of the station.
    pub organization: Option<String>,
    /// Whether its time is over. A TLS layer that refuses such certificates never sets this.
    pub validity: Validity,
}

/// Whether a certificate is valid by its dates.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Validity {
    /// It is.
    #[default]
    Current,
    /// It was.
    Expired,
}

/// What is accepted at the door.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct HandshakeConfig {
    /// Where in the URL the identity stands.
    pub identity: IdentityPlace,
    /// Which versions are spoken, and what becomes of stations that do not say.
    pub versions: VersionPolicy,
    /// What a request without `Connection: Upgrade` meets; some stations forget it.
    pub missing_connection_header: MissingConnectionHeader,
}

/// What a request without `Connection: Upgrade` meets.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum MissingConnectionHeader {
    /// It is refused, as RFC 6455 §4.2.1 has it.
    #[default]
    Refuse,
    /// It is served, with a [remark](HandshakeRemark::MissingConnectionHeader).
    Tolerate,
}

/// Where in the request target the identity stands (fault row B10).
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum IdentityPlace {
    /// The last segment of the path, as OCPP has it.
    #[default]
    LastSegment,
    /// Whatever follows this start of the path, which has to be there: `/ocpp/`.
    Behind(String),
    /// The value of this member of the query: `sn` for `/ocpp?sn=CP1`.
    Query(String),
    /// Found by a function of path and query. What it returns is decoded afterwards, so it must not be decoded by it.
    Custom(Arc<FindIdentity>),
}

/// Finds the encoded identity in path and query.
pub type FindIdentity = dyn for<'a> Fn(&'a str, Option<&'a str>) -> Option<Cow<'a, str>> + Send + Sync;

impl fmt::Debug for IdentityPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LastSegment => f.write_str("LastSegment"),
            Self::Behind(start) => write!(f, "Behind({start:?})"),
            Self::Query(name) => write!(f, "Query({name:?})"),
            Self::Custom(_) => f.write_str("Custom(..)"),
        }
    }
}

/// A request that could become a connection, were the proof in it to hold.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct Handshake {
    /// Who the station says it is.
    pub identity: StationId,
    /// The version to speak, on this connection only (field need 15).
    pub version: Version,
    /// The subprotocol to name in the answer; none if the station offered none.
    pub subprotocol: Option<&'static str>,
    /// What the station proves its identity with.
    pub credentials: Credentials,
    /// What the connection is made of.
    pub transport: Transport,
    /// Where it comes from.
    pub source: Option<IpAddr>,
    /// What was tolerated.
    pub remarks: Vec<HandshakeRemark>,
}

impl Handshake {
    /// The security profile that the station makes use of (rule WS-10).
    pub fn profile(&self) -> SecurityProfile {
        match (&self.transport, &self.credentials) {
            // some stations with a certificate send a password, too
            (Transport::MutualTls(_), _) => SecurityProfile::MutualTls,
            (Transport::Tls, Credentials::Basic(_)) => SecurityProfile::TlsWithPassword,
            (Transport::Plain, Credentials::Basic(_)) => SecurityProfile::Password,
            (Transport::Plain | Transport::Tls, Credentials::None) => SecurityProfile::Unsecured,
        }
    }
}

/// Something in a handshake that departs from the specification and was tolerated.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum HandshakeRemark {
    /// No subprotocol was offered; this version was assumed.
    AssumedVersion(Version),
    /// There was no `Connection: Upgrade`.
    MissingConnectionHeader,
}

/// Why a request does not become a connection.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HandshakeError {
    /// It is no request for a WebSocket.
    #[error(transparent)]
    Upgrade(#[from] UpgradeFault),
    /// The URL has no identity where one is looked for.
    #[error("no station identity in the URL")]
    NoIdentity,
    /// The URL has something there that is no identity.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The identity has a colon, which 2.x forbids (rule WS-02) since it would make the user of Basic ambiguous.
    #[error("colon in the identity of a station that speaks OCPP {version}")]
    Colon {
        /// The version chosen.
        version: Version,
    },
    /// No subprotocol was offered.
    #[error("no WebSocket subprotocol offered")]
    NoSubprotocol,
    /// None of the subprotocols offered is spoken here.
    #[error("no common OCPP version, offered: {}", .offered.escape_debug())]
    NoCommonVersion {
        /// What was offered, cut to 100 characters.
        offered: String,
        /// What the policy says of it.
        then: NoCommonVersion,
    },
    /// The credentials cannot be read, or are those of another station.
    #[error(transparent)]
    Credentials(#[from] CredentialFault),
}

impl HandshakeError {
    /// The answer it deserves.
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::Upgrade(UpgradeFault::Version) => Refusal::Status(426),
            Self::Upgrade(UpgradeFault::Method) => Refusal::Status(405),
            Self::Upgrade(_) | Self::Identity(_) | Self::Colon { .. } | Self::NoSubprotocol => Refusal::Status(400),
            Self::NoIdentity => Refusal::Status(404),
            Self::NoCommonVersion { then: NoCommonVersion::Refuse, .. } => Refusal::Status(400),
            Self::NoCommonVersion { then: NoCommonVersion::CloseAfterUpgrade, .. } => Refusal::CloseAfterUpgrade,
            Self::Credentials(CredentialFault::Repeated) => Refusal::Status(400),
            Self::Credentials(_) => Refusal::Status(401),
        }
    }
}

/// How a request for a connection is turned down.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub enum Refusal {
    /// With this HTTP status. 401 goes with the header `WWW-Authenticate` of [`CHALLENGE`], 426 with
    /// `Sec-WebSocket-Version: 13`.
    Status(u16),
    /// By completing the handshake without a subprotocol and closing at once (2.x Part 4 §3.2).
    CloseAfterUpgrade,
}

/// The value of `WWW-Authenticate` in an answer with status 401.
pub const CHALLENGE: &str = "Basic realm=\"ocpp\"";

/// Examines what a station asks for.
///
/// # Errors
/// What is wrong with the request; [`HandshakeError::refusal`] is the answer.
///
/// # Example
/// ```
/// use ocpp_server::handshake::{HandshakeConfig, Offer, Transport, examine};
/// use ocpp_types::Version;
///
/// let headers: &[(&str, &[u8])] = &[
///     ("Upgrade", b"websocket"),
///     ("Connection", b"Upgrade"),
///     ("Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="),
///     ("Sec-WebSocket-Version", b"13"),
///     ("Sec-WebSocket-Protocol", b"ocpp2.0.1, ocpp1.6"),
/// ];
/// let offer = Offer { method: "GET", target: "/ocpp/RDAM%7C123", headers, transport: &Transport::Plain, source: None };
/// let handshake = examine(&offer, &HandshakeConfig::default())?;
/// assert_eq!(handshake.identity.as_str(), "RDAM|123");
/// assert_eq!(handshake.version, Version::V201);
/// # Ok::<(), ocpp_server::handshake::HandshakeError>(())
/// ```
pub fn examine(offer: &Offer<'_>, config: &HandshakeConfig) -> Result<Handshake, HandshakeError> {
    let mut remarks = Vec::new();
    match header::check_upgrade(offer) {
        Err(UpgradeFault::Connection) if config.missing_connection_header == MissingConnectionHeader::Tolerate => {
            remarks.push(HandshakeRemark::MissingConnectionHeader);
        }
        checked => checked?,
    }
    let encoded = config.identity.find(offer.target).filter(|found| !found.is_empty());
    let identity = StationId::from_encoded(&encoded.ok_or(HandshakeError::NoIdentity)?)?;
    let (version, subprotocol) = version::choose(offer, &identity, &config.versions)?;
    if subprotocol.is_none() {
        remarks.push(HandshakeRemark::AssumedVersion(version));
    }
    if version != Version::V16 && identity.as_str().contains(':') {
        return Err(HandshakeError::Colon { version });
    }
    let credentials = credentials::read(offer, &identity)?;
    Ok(Handshake {
        identity,
        version,
        subprotocol,
        credentials,
        transport: offer.transport.clone(),
        source: offer.source,
        remarks,
    })
}

impl IdentityPlace {
    fn find<'a>(&self, target: &'a str) -> Option<Cow<'a, str>> {
        // an absolute form of the target, as proxies may send it
        let target = match target.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
            None => target,
        };
        let target = target.split_once('#').map_or(target, |(before, _)| before);
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        match self {
            Self::LastSegment => path.rsplit_once('/').map(|(_, last)| Cow::Borrowed(last)),
            Self::Behind(start) => path.strip_prefix(start.as_str()).map(Cow::Borrowed),
            Self::Query(name) => query?
                .split('&')
                .filter_map(|member| member.split_once('='))
                .find(|(key, _)| key == name)
                .map(|(_, value)| Cow::Borrowed(value)),
            Self::Custom(find) => find(path, query),
        }
    }
}
