//! How a CSMS is set up, and what it tells.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use ocpp_rpc::{Anomaly, Answer, LinkEnd, Patience, StationNotice};
use ocpp_types::Version;

use super::cluster::Cluster;
use super::entrance::EntranceDenied;
use super::states::{StateError, StateStore};
use crate::directory::DirectoryError;
use crate::handshake::{HandshakeConfig, HandshakeRemark};
use crate::registry::{Alarm, Generation, RegistryConfig};
use crate::{
    AuthRemark, Authenticator, CommandFailure, GuardConfig, Registration, RemoteStartResult, StationId, StationRules,
    UnknownStation,
};

/// How a CSMS is set up. There is none without an [`Authenticator`].
#[derive(Clone)]
#[non_exhaustive]
pub struct CsmsConfig {
    /// Who may connect.
    pub authenticator: Arc<dyn Authenticator>,
    /// How long it may take.
    pub authentication_deadline: Duration,
    /// What is accepted at the door.
    pub handshake: HandshakeConfig,
    /// What a station meets that nobody knows.
    pub unknown_station: UnknownStation,
    /// How patient the CSMS is with wrong passwords.
    pub guard: GuardConfig,
    /// Who wins when two connections claim one identity, and how many there may be.
    pub registry: RegistryConfig,
    /// How the CSMS deals with stations that are not registered yet, and with commands.
    pub rules: StationRules,
    /// How patient it is with stations that do not read.
    pub patience: Patience,
    /// How many stations are remembered that have been here: their registration, and commands that wait for them.
    pub max_known: usize,
    /// Where message ids begin: random, and another one each time the program starts (rule RPC-06).
    pub message_id_seed: u128,
    /// Where what is known of a station is kept while it is away, if other nodes or a later start of this program are to have
    /// it (rules CS-54, CS-56). In memory if none.
    pub states: Option<Arc<dyn StateStore>>,
    /// The other nodes, if there are any (rule CS-52).
    pub cluster: Option<Cluster>,
    /// Takes what stations tell without waiting for an answer (OCPP 2.1); nobody does if none.
    pub on_notice: Option<Arc<NoticeHandler>>,
    /// Is told what happens; called in the tasks of the connections, so it must not block.
    pub observer: Option<Arc<Observer>>,
}

/// Is told what happens.
pub type Observer = dyn Fn(&CsmsEvent<'_>) + Send + Sync;

/// Takes a notice.
pub type NoticeHandler = dyn Fn(super::Station, StationNotice) + Send + Sync;

impl CsmsConfig {
    /// As usual, with this authenticator.
    pub fn new(authenticator: Arc<impl Authenticator>) -> Self {
        Self {
            authenticator,
            authentication_deadline: Duration::from_secs(5),
            handshake: HandshakeConfig::default(),
            unknown_station: UnknownStation::default(),
            guard: GuardConfig::default(),
            registry: RegistryConfig::default(),
            rules: StationRules::default(),
            patience: Patience::default(),
            max_known: 200_000,
            message_id_seed: seed(),
            states: None,
            cluster: None,
            on_notice: None,
            observer: None,
        }
    }

    /// The same, telling this observer what happens.
    #[must_use]
    pub fn observed(self, observer: impl Fn(&CsmsEvent<'_>) + Send + Sync + 'static) -> Self {
        Self { observer: Some(Arc::new(observer)), ..self }
    }
}

impl fmt::Debug for CsmsConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CsmsConfig")
            .field("handshake", &self.handshake)
            .field("unknown_station", &self.unknown_station)
            .field("guard", &self.guard)
            .field("registry", &self.registry)
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}

/// Something that happened, for logs and metrics. Requests of stations go to the router instead.
#[derive(Debug)]
#[non_exhaustive]
pub enum CsmsEvent<'a> {
    /// A connection was turned away at the door.
    Denied {
        /// Who it said it was, as far as that could be read.
        identity: Option<StationId>,
        /// Where it came from.
        source: Option<std::net::IpAddr>,
        /// Why.
        why: &'a EntranceDenied,
    },
    /// A connection was let in with something to remark.
    Admitted {
        /// The station.
        identity: StationId,
        /// What was tolerated in its handshake.
        handshake: &'a [HandshakeRemark],
        /// What was tolerated in its authentication.
        authentication: &'a [AuthRemark],
    },
    /// A station is connected.
    Connected {
        /// The station.
        identity: StationId,
        /// Which of its connections this is.
        generation: Generation,
        /// The version of this connection.
        version: Version,
    },
    /// A connection is over. Of one that was replaced, this is told after the next one is connected: whoever keeps a list of those
    /// that are here has to compare the generations (row B18).
    Disconnected {
        /// The station.
        identity: StationId,
        /// Which of its connections it was.
        generation: Generation,
        /// How.
        end: &'a LinkEnd,
    },
    /// The registration of a station has changed.
    Registered {
        /// The station.
        identity: StationId,
        /// To what.
        registration: Registration,
    },
    /// A station is accepted and has come to rest: look at how it is configured now (field need 14).
    Settled(super::Station),
    /// What came of a remote start that nobody here waits for (rule CS-25).
    RemoteStart {
        /// The station.
        identity: StationId,
        /// What.
        result: &'a RemoteStartResult,
    },
    /// A command is over that nobody here waits for: it was given on another node, or before a restart.
    CommandDone {
        /// The station.
        identity: StationId,
        /// How it ended.
        outcome: &'a Result<Answer, CommandFailure>,
    },
    /// What is known of a station could not be kept or found.
    StateUnavailable {
        /// The station.
        identity: StationId,
        /// Why.
        error: &'a StateError,
    },
    /// The directory does not answer, or this node has lost its lease and closes its connections.
    Directory(&'a DirectoryError),
    /// A station sent what it may not yet.
    Early {
        /// The station.
        identity: StationId,
        /// The action.
        action: &'static str,
    },
    /// A station boots with another serial number than its certificate has.
    OtherSerialNumber {
        /// The station.
        identity: StationId,
    },
    /// A station sent something that fits nothing.
    Anomaly {
        /// The station.
        identity: StationId,
        /// What.
        anomaly: &'a Anomaly,
    },
    /// Something about who connects.
    Alarm(Alarm),
}

/// Random enough for ids that must not repeat: the keys that the standard library takes from the system for its maps.
fn seed() -> u128 {
    let half = || u128::from(RandomState::new().build_hasher().finish());
    half() << 64 | half()
}
