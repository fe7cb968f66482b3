//! Dialling, and dialling again.

use std::collections::BTreeMap;

use ocpp_rpc::websocket::{ClientTls, Compression, Credentials, Dial, DialError, Limits, WebSocketLink};
use ocpp_rpc::{Clock, LinkEnd, LinkError, Mailbox, wait};
use ocpp_types::Version;

use tokio::sync::watch;

use super::{Desk, Stationary};
use crate::{Backoff, Boot, CloseReason, Decision, Identity, Password, Random, Reconnect, SlotChange};

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
    /// How to do TLS (security profiles 2 and 3).
    pub tls: Option<ClientTls>,
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
            limits: Limits::station(),
            compression: Compression::default(),
        }
    }

    fn dial(&self) -> Dial {
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
        let mut decision = match reason {
            None => self.reconnect.start(clock.now()),
            Some(reason) => self.reconnect.decide(clock.now(), reason, &mut self.random),
        };
        loop {
            let Decision::Dial { slot, at } = decision else { return None };
            self.slot = slot;
            let dial = self.targets.get(&slot)?.dial();
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
                Some(Err(error)) => reason_to_fail(&error),
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
