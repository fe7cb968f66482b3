//! Dialling, and dialling again.

use std::collections::BTreeMap;

use ocpp_rpc::websocket::{ClientTls, Compression, Credentials, Dial, DialError, Limits, TlsFault, WebSocketLink};
use ocpp_rpc::{Clock, LinkEnd, LinkError, Mailbox, wait};
use ocpp_types::Version;

use tokio::sync::watch;

use super::{Desk, Stationary};
use crate::{
    Backoff, Boot, CloseReason, Decision, Equipment, Identity, NetworkProfile, NetworkProfiles, Password, Random,
    Reconnect, SlotChange, TlsFailure,
};

/// Where the CSMS is and how to get in: one network profile.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Target {
    /// The URL of the CSMS, `ws://` or `wss://`, without the identity.
    pub endpoint: String,
    /// Who the station is.
    pub identity: Identity,
    /// The versions to offer, the best first.
    pub versions: Vec<Version>,
    /// The password (security profiles 1 and 2).
    pub password: Option<Password>,
    /// How to do TLS (security profiles 2 and 3); it may be there for a later change to one of them.
    pub tls: Option<ClientTls>,
    /// Whether a certificate of the station is in [`tls`](Self::tls): without one there is no security profile 3.
    pub has_certificate: bool,
    /// The URL by which security profiles 2 and 3 are served, if a CSMS of 1.6 may ask for them (key `SecurityProfile`) and
    /// they are not served at [`endpoint`](Self::endpoint) with `wss` for `ws`.
    pub secure_endpoint: Option<String>,
    /// What the CSMS may ask of the connection.
    pub limits: Limits,
    /// Whether to offer compression.
    pub compression: Compression,
}

impl Target {
    /// A CSMS that asks for no password, for tests and closed networks; set the password to go on.
    pub fn new(endpoint: impl Into<String>, identity: Identity, versions: impl IntoIterator<Item = Version>) -> Self {
        Self {
            endpoint: endpoint.into(),
            identity,
            versions: versions.into_iter().collect(),
            password: None,
            tls: None,
            has_certificate: false,
            secure_endpoint: None,
            limits: Limits::station(),
            compression: Compression::default(),
        }
    }

    /// What a machine with network profiles has to know of it: for drivers of your own, which tell a charger by
    /// [`Charger::provision`](crate::charger::Charger::provision).
    pub fn profile(&self) -> NetworkProfile {
        let is_tls = self.endpoint.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("wss:"));
        let security = match (is_tls, &self.password) {
            (false, None) => 0,
            (false, Some(_)) => 1,
            (true, None) if self.has_certificate => 3,
            (true, _) => 2,
        };
        let mut profile = NetworkProfile::new(self.endpoint.as_str(), security);
        profile.identity = Some(self.identity.as_str().to_owned());
        profile.password.clone_from(&self.password);
        profile
    }

    /// What there is to secure connections with.
    pub fn equipment(&self) -> Equipment {
        Equipment {
            csms_root: self.tls.is_some(),
            certificate: self.has_certificate,
            secure_url: self.secure_endpoint.clone(),
        }
    }

    /// The same by way of a slot that a machine has in its network profiles, if there is something in it.
    #[must_use]
    pub fn by(mut self, network: &NetworkProfiles, slot: i64) -> Self {
        let Some(profile) = network.profile(slot) else { return self };
        self.endpoint.clone_from(&profile.url);
        // it was checked when it was set; what the owner has configured is as it was
        let identity = network.identity(slot).filter(|identity| *identity != self.identity.as_str());
        if let Some(identity) = identity.and_then(|identity| Identity::new(identity, Version::V16).ok()) {
            self.identity = identity;
        }
        self.password = network.password(slot).filter(|_| matches!(profile.security, 1 | 2)).cloned();
        self.tls = self.tls.filter(|_| profile.security >= 2);
        self
    }

    /// How to dial it.
    pub fn dial(&self) -> Dial {
        let offered = self.versions.iter().map(|version| version.subprotocol());
        let mut dial = Dial::new(self.identity.url(&self.endpoint), offered);
        let credentials = |password: &Password| Credentials::new(self.identity.as_str(), password.as_bytes());
        dial.credentials = self.password.as_ref().map(credentials);
        dial.tls = self.tls.clone();
        dial.limits = self.limits;
        dial.compression = self.compression;
        dial
    }
}

/// Brings about one link after the other: the decisions of [`Reconnect`], and the dialling.
#[derive(Debug)]
pub struct Connector {
    targets: BTreeMap<i64, Target>,
    reconnect: Reconnect,
    random: Random,
    clock: Clock,
    slot: i64,
}

/// A link that has come about.
pub(super) struct Up {
    pub(super) link: WebSocketLink,
    /// The version both sides have agreed on.
    pub(super) version: Version,
    /// Whether it leads to another network profile than the one before.
    pub(super) change: SlotChange,
}

impl Connector {
    /// One CSMS, in slot 1, with the usual waits.
    pub fn new(target: Target) -> Self {
        Self::with_backoff(target, Backoff::default())
    }

    /// One CSMS, in slot 1, with these waits.
    pub fn with_backoff(target: Target, backoff: Backoff) -> Self {
        Self {
            targets: BTreeMap::from([(1, target)]),
            reconnect: Reconnect::new(backoff),
            random: Random::new(Boot::random().seed as u64),
            clock: Clock::start(),
            slot: 1,
        }
    }

    /// Several network profiles, in the order in which they are tried, each so many times (rule WS-28). Slots without a
    /// target are left out; an order without any changes nothing.
    pub fn set_profiles(&mut self, targets: BTreeMap<i64, Target>, priority: &[i64], attempts: u32) {
        let known: Vec<i64> = priority.iter().copied().filter(|slot| targets.contains_key(slot)).collect();
        if !known.is_empty() {
            self.targets = targets;
            self.reconnect.set_profiles(&known, attempts);
        }
    }

    /// Tells a machine how its owner has configured the connection.
    pub(super) fn provision<M: Stationary>(&self, machine: &mut M) {
        let profiles = self.targets.iter().map(|(slot, target)| (*slot, target.profile()));
        let mut equipment = Equipment::default();
        for own in self.targets.values().map(Target::equipment) {
            equipment.csms_root |= own.csms_root;
            equipment.certificate |= own.certificate;
            equipment.secure_url = equipment.secure_url.or(own.secure_url);
        }
        machine.provision(profiles.collect(), self.reconnect.slots(), equipment);
    }

    /// How to dial a slot: as the machine has it, and else as it was configured.
    fn dial<M: Stationary>(&self, slot: i64, machine: &M) -> Option<Dial> {
        // what a CSMS has put into a slot says nothing of certificates, limits and versions
        let target = self.targets.get(&slot).or_else(|| self.targets.values().next())?;
        Some(match machine.network().filter(|network| !network.is_empty()) {
            Some(network) => target.clone().by(network, slot).dial(),
            None => target.dial(),
        })
    }

    /// The slot dialled last.
    pub(super) fn slot(&self) -> i64 {
        self.slot
    }

    /// Sets the password of the profile in use.
    pub fn set_password(&mut self, password: Password) {
        if let Some(target) = self.targets.get_mut(&self.slot) {
            target.password = Some(password);
        }
    }

    /// The clock that drives the machine, over all its links.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// The next link, after the end of the last one for this reason; meanwhile the machine is kept going. `None` when there
    /// is to be none.
    pub(super) async fn next_link<M: Stationary>(
        &mut self,
        reason: Option<CloseReason>,
        machine: &mut M,
        desk: &mut Desk<M>,
        mailbox: &Mailbox<Desk<M>>,
        leaving: &mut watch::Receiver<bool>,
    ) -> Option<Up> {
        let clock = self.clock;
        machine.guide(&mut self.reconnect);
        let mut decision = match reason {
            None => self.reconnect.start(clock.now()),
            Some(reason) => self.reconnect.decide(clock.now(), reason, &mut self.random),
        };
        loop {
            let Decision::Dial { slot, at } = decision else { return None };
            self.slot = slot;
            let dial = self.dial(slot, machine)?;
            let attempt = async {
                tokio::time::sleep(at - clock.now()).await;
                dial.connect().await
            };
            let attempt_or_leave = async {
                tokio::select! {
                    // that nobody is left to say so says it, too
                    _ = leaving.wait_for(|leaving| *leaving) => None,
                    outcome = attempt => Some(outcome),
                }
            };
            let outcome = wait(attempt_or_leave, machine, desk, mailbox, clock).await;
            let failed = match outcome {
                None => return None,
                Some(Ok(link)) => match link.subprotocol().and_then(Version::from_subprotocol) {
                    Some(version) => return Some(Up { link, version, change: self.reconnect.connected() }),
                    // only what was offered is taken, so there was nothing offered
                    None => CloseReason::SubprotocolMismatch,
                },
                Some(Err(error)) => {
                    if let DialError::Tls { fault, .. } = &error
                        && let Some(failure) = failure_to_tell(*fault)
                    {
                        machine.tls_failed(clock.now(), failure);
                    }
                    reason_to_fail(&error)
                }
            };
            decision = self.reconnect.decide(clock.now(), failed, &mut self.random);
        }
    }
}

/// What the end of a link is to the decision about the next one.
pub(super) fn reason_of(end: &LinkEnd) -> CloseReason {
    match end {
        LinkEnd::ClosedByPeer(reason) => CloseReason::PeerClosed { code: Some(reason.code.0) },
        // this side closes on its own when calls go unanswered or a limit is passed
        LinkEnd::Closed(_) => CloseReason::AnswersMissing,
        LinkEnd::Silent => CloseReason::PongMissing,
        LinkEnd::Lost(LinkError::Violation { .. }) => CloseReason::ProtocolViolation,
        _ => CloseReason::TransportFailed,
    }
}

/// What the CSMS has to be told of a TLS handshake that failed.
fn failure_to_tell(fault: TlsFault) -> Option<TlsFailure> {
    match fault {
        TlsFault::Version => Some(TlsFailure::Version),
        TlsFault::CipherSuite => Some(TlsFailure::CipherSuite),
        TlsFault::PeerCertificate => Some(TlsFailure::CsmsCertificate),
        _ => None,
    }
}

/// What a failed dial is to that decision.
fn reason_to_fail(error: &DialError) -> CloseReason {
    match error {
        DialError::Dns(_) => CloseReason::NameNotFound,
        DialError::Tls { .. } => CloseReason::TlsFailed,
        DialError::Refused { status, .. } => CloseReason::HandshakeRefused { status: *status },
        DialError::Subprotocol { .. } => CloseReason::SubprotocolMismatch,
        DialError::Deadline(_) => CloseReason::HandshakeTimedOut,
        _ => CloseReason::ConnectFailed,
    }
}
