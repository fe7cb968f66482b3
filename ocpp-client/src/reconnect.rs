//! The one place that decides what follows the end of a connection.

use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use ocpp_rpc::Instant;

use crate::{Backoff, Random};

/// Why there is no connection, or none any more.
///
/// Every end of a connection and every failed attempt has one of these, and all of them go through
/// [`Reconnect::decide`]: none can be forgotten, so no station stays away for ever.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CloseReason {
    /// The other side closed, with this WebSocket close code if it sent one.
    PeerClosed {
        /// The code of the close frame.
        code: Option<u16>,
    },
    /// The connection broke: reset, end of file without a close frame, no route.
    TransportFailed,
    /// A ping was not answered in time (rule WS-22).
    PongMissing,
    /// Calls went unanswered, as often as the connection allows (rule RPC-24).
    AnswersMissing,
    /// The other side broke a rule of WebSocket or sent more than the limits allow.
    ProtocolViolation,
    /// The name of the CSMS was not resolved.
    NameNotFound,
    /// No TCP connection came about.
    ConnectFailed,
    /// TLS failed: certificate, version or cipher suite.
    TlsFailed,
    /// The handshake was answered with this HTTP status instead of 101.
    HandshakeRefused {
        /// The HTTP status.
        status: u16,
    },
    /// The CSMS chose no subprotocol, or one that was not offered (rule WS-04).
    SubprotocolMismatch,
    /// The handshake took too long.
    HandshakeTimedOut,
    /// This side closed because the credentials changed (rule WS-15).
    CredentialsChanged,
    /// This side closed because another network or security profile is to be used.
    ProfileChanged,
    /// This side closed because the station restarts; the next connection begins with a BootNotification.
    Restart,
    /// This side closed and wants to stay away.
    Shutdown,
}

impl CloseReason {
    /// One of each kind, for tests and tables.
    pub const ALL: [Self; 15] = [
        Self::PeerClosed { code: Some(1000) },
        Self::TransportFailed,
        Self::PongMissing,
        Self::AnswersMissing,
        Self::ProtocolViolation,
        Self::NameNotFound,
        Self::ConnectFailed,
        Self::TlsFailed,
        Self::HandshakeRefused { status: 404 },
        Self::SubprotocolMismatch,
        Self::HandshakeTimedOut,
        Self::CredentialsChanged,
        Self::ProfileChanged,
        Self::Restart,
        Self::Shutdown,
    ];

    const fn kind(self) -> Kind {
        match self {
            Self::PeerClosed { .. }
            | Self::TransportFailed
            | Self::PongMissing
            | Self::AnswersMissing
            | Self::ProtocolViolation => Kind::Lost,
            Self::NameNotFound
            | Self::ConnectFailed
            | Self::TlsFailed
            | Self::HandshakeRefused { .. }
            | Self::SubprotocolMismatch
            | Self::HandshakeTimedOut => Kind::Failed,
            Self::CredentialsChanged | Self::ProfileChanged | Self::Restart => Kind::Planned,
            Self::Shutdown => Kind::Final,
        }
    }
}

/// What the reasons come down to.
enum Kind {
    /// There was a connection.
    Lost,
    /// There was none.
    Failed,
    /// This side wants a new one.
    Planned,
    /// This side wants none.
    Final,
}

/// What to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub enum Decision {
    /// Connect with the network profile of this slot, not before this time.
    Dial {
        /// The slot of the network profile; 1 where there is but one.
        slot: i64,
        /// When.
        at: Instant,
    },
    /// Do nothing until told otherwise.
    Stay,
}

/// When and where to connect: back-off with jitter, and fail-over along the list of network profiles.
///
/// After a boot and after every loss the list is walked from its beginning, with the configured number of attempts for
/// each entry, and then again from the beginning; it never ends (rules WS-06, WS-20, WS-25, WS-28).
///
/// ```
/// use std::time::Duration;
/// use ocpp_client::{Backoff, CloseReason, Decision, Random, Reconnect};
/// use ocpp_rpc::Instant;
///
/// let mut backoff = Backoff::default();
/// backoff.random_range = Duration::ZERO;
/// let mut reconnect = Reconnect::new(backoff);
/// reconnect.set_profiles(&[2, 1], 3);
///
/// let (now, mut random) = (Instant::ZERO, Random::new(7));
/// assert_eq!(reconnect.start(now), Decision::Dial { slot: 2, at: now });
/// let decision = reconnect.decide(now, CloseReason::ConnectFailed, &mut random);
/// assert_eq!(decision, Decision::Dial { slot: 2, at: now + Duration::from_secs(10) });
/// ```
#[derive(Clone, Debug)]
pub struct Reconnect {
    backoff: Backoff,
    slots: Vec<i64>,
    attempts_per_slot: u32,
    /// Index into `slots`.
    position: usize,
    /// Attempts made with the present slot.
    tried: u32,
    /// Attempts that have failed since the last connection.
    failed: u32,
    connected: Option<i64>,
    last_connected: Option<i64>,
}

impl Reconnect {
    /// With one network profile, slot 1.
    pub fn new(backoff: Backoff) -> Self {
        Self {
            backoff,
            slots: vec![1],
            attempts_per_slot: 3,
            position: 0,
            tried: 0,
            failed: 0,
            connected: None,
            last_connected: None,
        }
    }

    /// The waits between attempts.
    pub fn backoff(&self) -> Backoff {
        self.backoff
    }

    /// Changes the waits: `RetryBackOff…`.
    pub fn set_backoff(&mut self, backoff: Backoff) {
        self.backoff = backoff;
    }

    /// Sets the order of slots (`NetworkConfigurationPriority`) and the attempts for each
    /// (`NetworkProfileConnectionAttempts`); it is followed from the next loss on. An empty list changes nothing.
    pub fn set_profiles(&mut self, priority: &[i64], attempts: u32) {
        if priority.is_empty() {
            return;
        }
        self.slots = priority.to_vec();
        self.attempts_per_slot = attempts.max(1);
        self.position = self.position.min(self.slots.len() - 1);
    }

    /// The order in which slots are tried.
    pub fn slots(&self) -> &[i64] {
        &self.slots
    }

    /// How often each slot is tried.
    pub fn attempts(&self) -> u32 {
        self.attempts_per_slot
    }

    /// The slot of the connection there is: `ActiveNetworkProfile`.
    pub fn active_slot(&self) -> Option<i64> {
        self.connected
    }

    /// The first connection after a boot, at once.
    pub fn start(&mut self, now: Instant) -> Decision {
        self.restart_list();
        Decision::Dial { slot: self.slots[0], at: now }
    }

    /// Notes that the attempt made last succeeded; the waits begin anew.
    pub fn connected(&mut self) -> SlotChange {
        let slot = self.slots[self.position];
        let change = match self.last_connected {
            Some(last) if last != slot => SlotChange::Switched,
            _ => SlotChange::Same,
        };
        self.connected = Some(slot);
        self.last_connected = Some(slot);
        self.failed = 0;
        change
    }

    /// Decides what follows.
    pub fn decide(&mut self, now: Instant, reason: CloseReason, random: &mut Random) -> Decision {
        let was_connected = self.connected.take().is_some();
        let wait = match reason.kind() {
            Kind::Final => return Decision::Stay,
            Kind::Planned => {
                self.restart_list();
                Duration::ZERO
            }
            // a connection that failed before `connected` was called has been an attempt, whatever it failed from
            Kind::Lost | Kind::Failed if !was_connected => {
                self.tried += 1;
                if self.tried >= self.attempts_per_slot {
                    self.tried = 0;
                    self.position = (self.position + 1) % self.slots.len();
                }
                let wait = self.backoff.wait(self.failed, random);
                self.failed = self.failed.saturating_add(1);
                wait
            }
            Kind::Lost | Kind::Failed => {
                self.restart_list();
                let wait = self.backoff.wait(0, random);
                self.failed = 1;
                wait
            }
        };
        Decision::Dial { slot: self.slots[self.position], at: now + wait }
    }

    fn restart_list(&mut self) {
        self.position = 0;
        self.tried = 0;
        self.failed = 0;
    }
}

/// Whether a connection uses another network profile than the one before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub enum SlotChange {
    /// The same, or the first: registration is as it was.
    Same,
    /// Another one: the station has to introduce itself again (rule WS-21, B10.FR.10).
    Switched,
}
