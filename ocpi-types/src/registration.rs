//! Versions and credentials: the handshake of two platforms as a machine without I/O (rule book part H).
//!
//! One [`Registration`] per peer holds both halves: it can start a registration and answer one, even at the same time
//! (rule HSK-04). It owns no socket and no clock. Calls it wants made come from [`poll_call`](Registration::poll_call);
//! hand their responses to [`on_response`](Registration::on_response). Requests of the peer go to
//! [`handle`](Registration::handle); an answer that has to wait for calls comes from
//! [`poll_reply`](Registration::poll_reply). Whatever has to survive a crash is in the [`PeerRecord`]: store it whenever
//! [`Event::RecordChanged`] comes, before anything else is sent.
//!
//! ```text
//!  initiator                                    responder
//!  start(A) ── GET versions, details with A ──▶ offer(A)
//!           ── POST credentials {B} with A ───▶
//!           ◀─ GET versions, details with B ──
//!           ◀─ answer {C} ─────────────────────  A is void
//! ```

mod initiator;
mod responder;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::endpoints::{Interface, Method, Module};
use crate::envelope::Envelope;
use crate::headers::Party;
use crate::raw::RawJson;
use crate::status::{StatusCode, Verdict};
use crate::token::{CredentialsToken, PresentedToken, TokenEncoding};
use crate::url::{SafeUrl, UrlPolicy, UrlRefusal};
use crate::{DateTime, DecodeError, SecretText, Version, decode, encode_unchecked, v211, v221, v230};

use initiator::Task;
use responder::Serving;

/// The credentials object of any version.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum AnyCredentials {
    /// Of 2.1.1.
    V211(v211::Credentials),
    /// Of 2.2.1.
    V221(v221::Credentials),
    /// Of 2.3.0.
    V230(v230::Credentials),
}

impl AnyCredentials {
    /// Reads the object of a version.
    ///
    /// # Errors
    /// As [`decode`](crate::decode()).
    pub fn decode(version: Version, text: &str) -> Result<Self, DecodeError> {
        match version {
            Version::V2_1_1 => decode(text).map(Self::V211),
            Version::V2_2_1 => decode(text).map(Self::V221),
            Version::V2_3_0 => decode(text).map(Self::V230),
        }
    }

    /// The version it belongs to.
    pub const fn version(&self) -> Version {
        match self {
            Self::V211(_) => Version::V2_1_1,
            Self::V221(_) => Version::V2_2_1,
            Self::V230(_) => Version::V2_3_0,
        }
    }

    /// Where the platform lists its versions.
    pub fn url(&self) -> &str {
        match self {
            Self::V211(credentials) => &credentials.url,
            Self::V221(credentials) => &credentials.url,
            Self::V230(credentials) => &credentials.url,
        }
    }

    /// The parties behind the platform with their roles; 2.1.1 does not tell roles.
    pub fn roles(&self) -> Vec<PeerRole> {
        let role = |role: &str, country: &str, party: &str| PeerRole {
            role: role.to_owned(),
            country_code: country.to_owned(),
            party_id: party.to_owned(),
        };
        match self {
            Self::V211(credentials) => vec![role("", &credentials.country_code, &credentials.party_id)],
            Self::V221(credentials) => {
                credentials.roles.iter().map(|it| role(it.role.as_str(), &it.country_code, &it.party_id)).collect()
            }
            Self::V230(credentials) => {
                credentials.roles.iter().map(|it| role(it.role.as_str(), &it.country_code, &it.party_id)).collect()
            }
        }
    }

    fn token(&self) -> &SecretText<64> {
        match self {
            Self::V211(credentials) => &credentials.token,
            Self::V221(credentials) => &credentials.token,
            Self::V230(credentials) => &credentials.token,
        }
    }

    /// The object with this token, as text.
    fn with_token(&self, token: &CredentialsToken) -> String {
        let token = SecretText::new(token.reveal());
        match self {
            Self::V211(credentials) => encode_unchecked(&v211::Credentials { token, ..credentials.clone() }),
            Self::V221(credentials) => encode_unchecked(&v221::Credentials { token, ..credentials.clone() }),
            Self::V230(credentials) => encode_unchecked(&v230::Credentials { token, ..credentials.clone() }),
        }
    }
}

/// A party behind a peer.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PeerRole {
    /// Its role; empty in 2.1.1.
    pub role: String,
    /// Its country.
    pub country_code: String,
    /// The party within the country.
    pub party_id: String,
}

impl PeerRole {
    /// The party.
    pub fn party(&self) -> Party {
        Party::new(self.country_code.as_str(), self.party_id.as_str())
    }
}

/// Where a module of a peer, or our own, can be reached.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PeerEndpoint {
    /// The identifier of the module.
    pub identifier: String,
    /// The interface; without meaning for credentials.
    pub interface: String,
    /// The URL.
    pub url: String,
}

impl PeerEndpoint {
    /// An endpoint of a module.
    pub fn new(module: Module, interface: Interface, url: impl Into<String>) -> Self {
        Self { identifier: module.identifier().to_owned(), interface: interface.as_str().to_owned(), url: url.into() }
    }
}

/// One version that we offer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OwnVersion {
    /// Where our version details are.
    pub details_url: String,
    /// Our endpoints, credentials included. In 2.1.1, a platform that is CPO lists its Sender interfaces of locations
    /// and so on; the interfaces are not written there.
    pub endpoints: Vec<PeerEndpoint>,
    /// Our credentials; the token in them is replaced.
    pub credentials: AnyCredentials,
    /// What the peer has to offer, or there is no registration (rule CRE-07).
    pub expected: Vec<(Module, Interface)>,
}

impl OwnVersion {
    /// A version with its endpoints; nothing is expected of the peer but credentials.
    pub fn new(details_url: impl Into<String>, endpoints: Vec<PeerEndpoint>, credentials: AnyCredentials) -> Self {
        Self { details_url: details_url.into(), endpoints, credentials, expected: Vec::new() }
    }
}

/// What we are and what we accept.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Setup {
    /// The versions we offer.
    pub versions: Vec<OwnVersion>,
    /// Which URLs of a peer may be called.
    pub policy: UrlPolicy,
    /// Parties of other peers: who registers one of these is refused (fault case F18).
    pub taken: Vec<Party>,
    /// How many seconds an old token stays valid after its replacement was answered (rule book H.4).
    pub grace_seconds: i64,
}

impl Setup {
    /// These versions, strict URLs, a minute of grace.
    pub fn new(versions: Vec<OwnVersion>) -> Self {
        Self { versions, policy: UrlPolicy::new(), taken: Vec::new(), grace_seconds: 60 }
    }

    fn version(&self, version: Version) -> Option<&OwnVersion> {
        self.versions.iter().find(|own| own.credentials.version() == version)
    }

    /// The latest version both sides know (rule VER-02).
    fn pick<'a>(&self, theirs: &'a [ListedVersion]) -> Option<(Version, &'a str)> {
        let ours = self.versions.iter().map(|own| own.credentials.version());
        let common = ours.filter_map(|version| {
            let listed = theirs.iter().find(|listed| listed.version == version.as_str())?;
            Some((version, listed.url.as_str()))
        });
        common.max_by_key(|(version, _)| *version)
    }
}

/// How far the registration is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// Nothing is agreed.
    #[default]
    Idle,
    /// We have given a token A to the peer and wait for its registration.
    Offered,
    /// We have posted our credentials and do not know yet, or not any more, whether the peer has taken them.
    Unsettled,
    /// Registered.
    Registered,
    /// Registered, but the peer has refused our token (rule book H.3).
    Suspect,
}

/// What a valid token of the peer is for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Use {
    /// A: registration only.
    Registration,
    /// The token in use.
    Current,
    /// Announced, and not yet confirmed by the peer.
    Announced,
    /// Replaced; valid until this time or the first use of its successor.
    Retiring(DateTime),
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct InboundToken {
    token: CredentialsToken,
    kind: Use,
}

/// Everything about a peer that has to survive a crash (rule HSK-05). It contains tokens: store it like passwords.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PeerRecord {
    /// How far the registration is.
    pub status: Status,
    /// The version in use.
    version: Option<String>,
    /// Tokens the peer may present.
    inbound: Vec<InboundToken>,
    /// The token we present.
    outbound: Option<CredentialsToken>,
    /// How the peer wants tokens.
    encoding: Option<TokenEncoding>,
    /// Where the peer lists its versions.
    pub versions_url: Option<String>,
    /// The endpoints of the peer.
    pub endpoints: Vec<PeerEndpoint>,
    /// The parties behind the peer.
    pub roles: Vec<PeerRole>,
}

impl PeerRecord {
    /// The version in use.
    pub fn version(&self) -> Option<Version> {
        self.version.as_ref()?.parse().ok()
    }

    /// The URL of an endpoint of the peer (rule VER-05); the interface does not count for credentials (rule VER-06).
    ///
    /// # Errors
    /// When the URL must not be called.
    pub fn endpoint(
        &self,
        module: Module,
        interface: Interface,
        policy: &UrlPolicy,
    ) -> Result<Option<SafeUrl>, UrlRefusal> {
        self.endpoint_url(module, interface).map(|url| policy.check(url)).transpose()
    }

    fn endpoint_url(&self, module: Module, interface: Interface) -> Option<&str> {
        find_endpoint(&self.endpoints, module, interface)
    }

    /// The `Authorization` header of calls to the peer, once registered.
    pub fn authorization(&self) -> Option<String> {
        let encoding = self.encoding.or_else(|| self.version().map(TokenEncoding::of)).unwrap_or(TokenEncoding::Base64);
        self.outbound.as_ref().map(|token| token.to_header(encoding))
    }

    fn forget(&mut self) {
        *self = Self::default();
    }
}

fn find_endpoint(endpoints: &[PeerEndpoint], module: Module, interface: Interface) -> Option<&str> {
    let fits = |endpoint: &&PeerEndpoint| {
        Module::from_identifier(&endpoint.identifier) == Some(module)
            // 2.1.1 has one endpoint a module and does not tell the interface
            && (module == Module::Credentials || endpoint.interface.is_empty() || endpoint.interface == interface.as_str())
    };
    endpoints.iter().find(fits).map(|endpoint| endpoint.url.as_str())
}

/// A call the machine wants made.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Call {
    /// Names the call in [`Registration::on_response`].
    pub id: u64,
    /// The method.
    pub method: Method,
    /// The URL; it has passed the policy, but not yet a resolver: see [`UrlPolicy::check_addresses`].
    pub url: SafeUrl,
    /// The value of the `Authorization` header.
    pub authorization: String,
    /// The body, JSON.
    pub body: Option<String>,
}

/// What a peer asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Inbound<'a> {
    /// The list of versions.
    Versions,
    /// The details of a version.
    Details(Version),
    /// Something of the credentials endpoint of a version.
    Credentials(Version, Method, &'a str),
}

/// An answer to a request of the peer.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status.
    pub http: u16,
    /// The body, JSON.
    pub body: String,
}

/// Whether a request of the peer is answered now.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
pub enum Reply {
    /// This is the answer.
    Now(Answer),
    /// The answer comes from [`Registration::poll_reply`] when the machine has called the peer.
    Later,
}

/// What happened.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The [`PeerRecord`] changed: store it before anything else is sent.
    RecordChanged,
    /// We are registered, or the registration was updated; data is exchanged in this version from now on. After a change
    /// of version or roles everything has to be pulled again (rule HSK-07).
    Registered {
        /// The version.
        version: Version,
    },
    /// The registration, the update or the removal failed; what was valid before still is.
    Failed(Failure),
    /// The peer may or may not have taken our credentials: the answer did not come. Both tokens stay valid.
    Unsettled,
    /// The peer does not know us any more: a new token A is needed.
    Lost,
    /// The registration has ended: stop all traffic.
    Unregistered,
}

/// Why a registration failed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The peer did not answer, or not understandably.
    #[error("the peer did not answer, or not understandably")]
    Peer,
    /// The peer refused the token.
    #[error("the peer refused the token")]
    Unauthorized,
    /// There is no version both sides know.
    #[error("there is no version both sides know")]
    NoVersion,
    /// The details are of another version than asked for (rule VER-03).
    #[error("the version details are of another version")]
    WrongVersion,
    /// The peer lacks endpoints that we need (rule CRE-07).
    #[error("the peer lacks the endpoint {0}")]
    MissingEndpoint(String),
    /// A URL of the peer must not be called (fault case F4).
    #[error("a URL of the peer must not be called: {0}")]
    Url(#[from] UrlRefusal),
    /// The credentials of the peer break requirements.
    #[error("the credentials of the peer are invalid")]
    Credentials,
    /// A party of the peer belongs to another peer already (fault case F18).
    #[error("the party {0} belongs to another peer")]
    PartyTaken(Party),
    /// The peer says that we are registered already (405 to a POST).
    #[error("the peer has registered us already")]
    AlreadyRegistered,
    /// The peer answered with this status.
    #[error("the peer answered with status {0}")]
    Status(StatusCode),
}

/// The call is not possible now.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A handshake of ours is going on.
    #[error("a handshake is going on")]
    Busy,
    /// We are not registered.
    #[error("not registered")]
    NotRegistered,
    /// We are registered already; update or unregister.
    #[error("registered already")]
    Registered,
    /// The URL must not be called.
    #[error(transparent)]
    Url(#[from] UrlRefusal),
}

/// The handshake with one peer, both halves.
#[derive(Debug)]
pub struct Registration {
    setup: Setup,
    record: PeerRecord,
    task: Option<Task>,
    serving: Option<Serving>,
    calls: VecDeque<Call>,
    reply: Option<Answer>,
    events: VecDeque<Event>,
    next_id: u64,
}

impl Registration {
    /// A peer nothing is known about.
    pub fn new(setup: Setup) -> Self {
        Self::restore(setup, PeerRecord::default())
    }

    /// A peer as it was stored, for instance before a crash. A handshake that was going on is over: what had been
    /// committed is valid, the rest never happened.
    pub fn restore(setup: Setup, record: PeerRecord) -> Self {
        Self {
            setup,
            record,
            task: None,
            serving: None,
            calls: VecDeque::new(),
            reply: None,
            events: VecDeque::new(),
            next_id: 0,
        }
    }

    /// What is known about the peer.
    pub const fn record(&self) -> &PeerRecord {
        &self.record
    }

    /// Our versions, endpoints and rules, for changes before an update.
    pub const fn setup_mut(&mut self) -> &mut Setup {
        &mut self.setup
    }

    /// The next call to make.
    pub fn poll_call(&mut self) -> Option<Call> {
        self.calls.pop_front()
    }

    /// The answer to the request that was answered with [`Reply::Later`], once it is known.
    pub fn poll_reply(&mut self) -> Option<Answer> {
        self.reply.take()
    }

    /// What happened since the last time.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Whether a request with this token may be served (rules AUT-06 and AUT-07). Every known token is compared, in a
    /// time that does not depend on the result.
    ///
    /// # Errors
    /// [`Verdict::Unauthorized`] when the token is not known, no longer valid, or a token A is used for anything but
    /// versions and credentials.
    pub fn authorize(&mut self, now: DateTime, token: Option<&PresentedToken>, module: Module) -> Result<(), Verdict> {
        match (self.use_of(now, token), module) {
            (None, _) => Err(Verdict::Unauthorized),
            (Some(Use::Registration), Module::Versions | Module::Credentials) => Ok(()),
            (Some(Use::Registration), _) => Err(Verdict::Unauthorized),
            (Some(_), _) => Ok(()),
        }
    }

    /// What a presented token is for. The first use of a new token ends the grace of the old one.
    fn use_of(&mut self, now: DateTime, token: Option<&PresentedToken>) -> Option<Use> {
        let token = token?;
        let mut found = None;
        for known in &self.record.inbound {
            if token.is(&known.token) {
                found = Some(known.kind);
            }
        }
        let before = self.record.inbound.len();
        let is_current = matches!(found, Some(Use::Current));
        self.record.inbound.retain(|known| match known.kind {
            Use::Retiring(until) => !is_current && now <= until,
            _ => true,
        });
        if self.record.inbound.len() != before {
            self.events.push_back(Event::RecordChanged);
        }
        match found {
            Some(Use::Retiring(until)) if now > until => None,
            found => found,
        }
    }

    fn call(&mut self, method: Method, url: SafeUrl, token: &CredentialsToken, body: Option<String>) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        let encoding = self.record.encoding.unwrap_or_else(|| {
            // before a version is agreed, the latest one we offer tells how tokens are written
            let latest = self.setup.versions.iter().map(|own| own.credentials.version()).max();
            TokenEncoding::of(self.record.version().or(latest).unwrap_or(Version::V2_2_1))
        });
        let authorization = token.to_header(encoding);
        self.calls.push_back(Call { id, method, url, authorization, body });
        id
    }

    /// Sets how the peer wants tokens, where it deviates from its version (rule AUT-04).
    pub fn set_token_encoding(&mut self, encoding: TokenEncoding) {
        self.record.encoding = Some(encoding);
        self.events.push_back(Event::RecordChanged);
    }
}

/// An entry of a versions list; unknown numbers are kept and skipped (rule ENU-06).
#[derive(Debug, Deserialize)]
struct ListedVersion {
    version: String,
    url: String,
}

#[derive(Debug, Deserialize)]
struct ListedDetails {
    version: String,
    endpoints: Vec<ListedEndpoint>,
}

#[derive(Debug, Deserialize)]
struct ListedEndpoint {
    identifier: String,
    #[serde(default)]
    role: Option<String>,
    url: String,
}

/// The most versions and endpoints that are looked at.
const MAX_LISTED: usize = 256;

fn read_versions(http: u16, body: &str) -> Result<Vec<ListedVersion>, Failure> {
    let mut versions: Vec<ListedVersion> =
        crate::envelope::read_value(http, body).map_err(|error| failure_of(&error))?;
    versions.truncate(MAX_LISTED);
    Ok(versions)
}

/// Reads version details and judges them: the version asked for, every URL callable, everything there that is expected.
fn read_details(
    own: &OwnVersion,
    policy: &UrlPolicy,
    version: Version,
    http: u16,
    body: &str,
) -> Result<Vec<PeerEndpoint>, Failure> {
    let details: ListedDetails = crate::envelope::read_value(http, body).map_err(|error| failure_of(&error))?;
    if details.version != version.as_str() {
        return Err(Failure::WrongVersion);
    }
    let mut endpoints = Vec::new();
    for listed in details.endpoints.into_iter().take(MAX_LISTED) {
        policy.check(&listed.url)?;
        let interface = listed.role.unwrap_or_default();
        endpoints.push(PeerEndpoint { identifier: listed.identifier, interface, url: listed.url });
    }
    if find_endpoint(&endpoints, Module::Credentials, Interface::Sender).is_none() {
        return Err(Failure::MissingEndpoint(Module::Credentials.to_string()));
    }
    for (module, interface) in &own.expected {
        if find_endpoint(&endpoints, *module, *interface).is_none() {
            return Err(Failure::MissingEndpoint(format!("{module} {}", interface.as_str())));
        }
    }
    Ok(endpoints)
}

/// Judges the credentials of a peer: requirements, URL, parties of others.
fn judge(setup: &Setup, credentials: &AnyCredentials) -> Result<CredentialsToken, Failure> {
    let findings = match credentials {
        AnyCredentials::V211(credentials) => crate::Object::validate(credentials),
        AnyCredentials::V221(credentials) => crate::Object::validate(credentials),
        AnyCredentials::V230(credentials) => crate::Object::validate(credentials),
    };
    // only what the handshake depends on: a too long name of a company is no reason to refuse
    let matters = |finding: &crate::Finding| {
        finding.severity == crate::Severity::Error && !finding.pointer.contains("business_details")
    };
    setup.policy.check(credentials.url())?;
    if findings.iter().any(matters) {
        return Err(Failure::Credentials);
    }
    if let Some(role) = credentials.roles().iter().find(|role| setup.taken.contains(&role.party())) {
        return Err(Failure::PartyTaken(role.party()));
    }
    CredentialsToken::new(credentials.token().as_str()).map_err(|_| Failure::Credentials)
}

fn failure_of(error: &crate::ResponseError) -> Failure {
    match error {
        crate::ResponseError::Http { status: 401, .. } => Failure::Unauthorized,
        crate::ResponseError::Status { envelope } => Failure::Status(envelope.status_code),
        _ => Failure::Peer,
    }
}

fn answer(now: DateTime, http: u16, status: StatusCode, data: Option<String>) -> Answer {
    let data = data.and_then(|text| RawJson::parse(text).ok());
    let envelope = Envelope { data, status_code: status, status_message: None, timestamp: now };
    // an envelope of well-formed parts can always be written
    Answer { http, body: serde_json::to_string(&envelope).unwrap_or_default() }
}

fn verdict_answer(now: DateTime, verdict: Verdict, version: Version) -> Answer {
    answer(now, verdict.http(), verdict.status(version), None)
}
