//! Who is connected.
//!
//! A registry holds no socket and reads no message. It keeps one entry per identity with a handle of the caller's choice,
//! tells who wins when two connections claim one identity, and whom to let in and to send away.

mod admission;
mod drain;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use ocpp_rpc::{CloseCode, Instant};
use serde::{Deserialize, Serialize};

pub use self::admission::{Admittance, NotAdmitted, Rate};
use self::drain::Drain;
use crate::StationId;

/// Who is connected: one entry per identity, with a handle `H` to reach its connection.
///
/// Every connection gets a [`Generation`]; what is done in the name of an older one of the same identity has no effect
/// (field need 12, fault row B18).
#[derive(Debug)]
pub struct Registry<H> {
    config: RegistryConfig,
    entries: BTreeMap<StationId, Entry<H>>,
    admittance: Admittance,
    drain: Option<Drain>,
    generations: u64,
    counters: RegistryCounters,
}

/// Which connection of an identity: a later one has a greater number.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Generation(u64);

impl Generation {
    /// The number.
    pub fn number(self) -> u64 {
        self.0
    }
}

/// What a registry allows.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RegistryConfig {
    /// Who wins when two connections claim one identity.
    pub duplicates: DuplicatePolicy,
    /// How many connections there may be.
    pub max_connections: usize,
    /// How fast new ones may come; as fast as they like if none.
    pub rate: Option<Rate>,
    /// How many takeovers of one identity within [`flap_window`](Self::flap_window) are taken for normal (rule CS-51).
    pub max_flaps: u32,
    /// The time over which takeovers are counted.
    pub flap_window: Duration,
    /// For how long after its last message a connection counts as alive, so that a takeover from another address is alarming
    /// (fault row B19).
    pub alive_for: Duration,
}

impl Default for RegistryConfig {
    fn default() -> Self {
        Self {
            duplicates: DuplicatePolicy::NewestWins,
            max_connections: 100_000,
            rate: None,
            max_flaps: 5,
            flap_window: Duration::from_secs(60),
            alive_for: Duration::from_secs(30),
        }
    }
}

/// Who wins when a second connection claims an identity, after it has proved it (rules WS-26, CS-50).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum DuplicatePolicy {
    /// The new one. A station whose network broke down does not wait for the old connection to time out.
    #[default]
    NewestWins,
    /// The old one if it still answers a ping, else the new one.
    ProbeOldThenKick,
    /// The old one, until it ends.
    RejectNew,
}

#[derive(Debug)]
struct Entry<H> {
    generation: Generation,
    handle: H,
    source: Option<IpAddr>,
    since: Instant,
    last_seen: Instant,
    /// Takeovers since the start of the window.
    flaps: u32,
    flaps_since: Instant,
}

/// A connected station.
#[derive(Debug)]
#[non_exhaustive]
pub struct Connected<'a, H> {
    /// Its identity.
    pub identity: &'a StationId,
    /// Which of its connections this is.
    pub generation: Generation,
    /// The handle that was given on arrival.
    pub handle: &'a H,
    /// Where it comes from.
    pub source: Option<IpAddr>,
    /// When it came.
    pub since: Instant,
    /// When it was last heard of (rule CS-08).
    pub last_seen: Instant,
}

/// What becomes of a connection that was authenticated.
#[derive(Debug, Eq, PartialEq)]
#[must_use]
#[non_exhaustive]
pub enum Arrival<H> {
    /// It is in.
    Entered {
        /// Its number.
        generation: Generation,
    },
    /// It is in, and another one is out, which has to be closed.
    Replaced {
        /// Its number.
        generation: Generation,
        /// The one that is out.
        loser: Dismissed<H>,
        /// What somebody should know.
        alarm: Option<Alarm>,
    },
    /// The old one is to be asked whether it is alive: [`Registry::probed`] takes the answer.
    Probe {
        /// The new one's handle.
        handle: H,
        /// Which one to ask.
        holder: Generation,
    },
    /// It is not in and has to be closed.
    Refused {
        /// It.
        loser: Dismissed<H>,
        /// Why.
        why: NotEntered,
        /// What somebody should know.
        alarm: Option<Alarm>,
    },
}

/// A connection that has to be closed.
#[derive(Debug, Eq, PartialEq)]
#[must_use = "the connection has to be closed"]
#[non_exhaustive]
pub struct Dismissed<H> {
    /// Its identity.
    pub identity: StationId,
    /// Its handle.
    pub handle: H,
    /// The status to close it with.
    pub code: CloseCode,
    /// The reason to close it with.
    pub reason: &'static str,
}

/// Why a connection is not in.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NotEntered {
    /// The identity is connected already, and that connection stays.
    #[error("already connected")]
    AlreadyConnected,
    /// Connections of this identity replace each other too fast (rule CS-51).
    #[error("connections of this identity replace each other too fast")]
    Flapping,
    /// There are as many connections as there may be.
    #[error("too many connections")]
    Full,
    /// Connections are being sent away.
    #[error("going down")]
    Draining,
    /// The directory of the nodes does not let this one hold it (rule CS-52).
    #[error("not claimed in the directory")]
    NoClaim,
}

/// Something about who connects that somebody should know.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Alarm {
    /// Two connections from different addresses claim one identity, and both are alive: two devices with one identity, or
    /// an intruder (fault row B19).
    DuplicateIdentity {
        /// The identity.
        identity: StationId,
        /// Where the older one comes from.
        older: Option<IpAddr>,
        /// Where the newer one comes from.
        newer: Option<IpAddr>,
    },
    /// Connections of one identity replace each other too fast (rule CS-51).
    Flapping {
        /// The identity.
        identity: StationId,
    },
}

/// What a registry has counted.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct RegistryCounters {
    /// Connections that came in.
    pub entered: u64,
    /// Connections that another one of their identity replaced.
    pub replaced: u64,
    /// Connections that were authenticated and not let in.
    pub refused: u64,
    /// What was done in the name of a connection that was replaced by then.
    pub stale: u64,
    /// Alarms.
    pub alarms: u64,
}

impl<H> Registry<H> {
    /// A registry without connections.
    pub fn new(config: RegistryConfig) -> Self {
        Self {
            entries: BTreeMap::new(),
            admittance: Admittance::new(config.max_connections, config.rate),
            drain: None,
            generations: 0,
            counters: RegistryCounters::default(),
            config,
        }
    }

    /// Whether a connection may begin its handshake; to be asked before anything is read from it.
    ///
    /// # Errors
    /// Why it is turned away, with status 503 (fault rows B20, E10).
    pub fn admit(&mut self, now: Instant) -> Result<(), NotAdmitted> {
        if self.drain.is_some() {
            return Err(NotAdmitted::Draining);
        }
        self.admittance.admit(now, self.entries.len())
    }

    /// Enters a connection that was authenticated, or tells why not.
    pub fn arrive(&mut self, now: Instant, identity: StationId, source: Option<IpAddr>, handle: H) -> Arrival<H> {
        if self.drain.is_some() {
            return self.refuse(identity, handle, NotEntered::Draining, None);
        }
        let Some(old) = self.entries.get(&identity) else { return self.enter(now, identity, source, handle) };
        match self.config.duplicates {
            DuplicatePolicy::NewestWins => self.replace(now, identity, source, handle),
            DuplicatePolicy::RejectNew => {
                let alarm = self.alarm_of_duplicate(now, &identity, source);
                self.refuse(identity, handle, NotEntered::AlreadyConnected, alarm)
            }
            DuplicatePolicy::ProbeOldThenKick => Arrival::Probe { handle, holder: old.generation },
        }
    }

    /// Goes on with an arrival after [`Arrival::Probe`], now that the old connection has answered a ping or not.
    pub fn probed(
        &mut self,
        now: Instant,
        identity: StationId,
        source: Option<IpAddr>,
        handle: H,
        holder: (Generation, ProbeResult),
    ) -> Arrival<H> {
        if self.drain.is_some() {
            return self.refuse(identity, handle, NotEntered::Draining, None);
        }
        let (asked, result) = holder;
        match self.entries.get(&identity) {
            None => self.enter(now, identity, source, handle),
            Some(old) if old.generation == asked && result == ProbeResult::Dead => {
                self.replace(now, identity, source, handle)
            }
            // it answered, or another one has taken its place meanwhile
            Some(_) => {
                let alarm = self.alarm_of_duplicate(now, &identity, source);
                self.refuse(identity, handle, NotEntered::AlreadyConnected, alarm)
            }
        }
    }

    /// Takes a connection out that has ended. Without effect if it was replaced; true if it was there.
    pub fn leave(&mut self, identity: &StationId, generation: Generation) -> bool {
        if !self.is_current(identity, generation) {
            return false;
        }
        self.entries.remove(identity).is_some()
    }

    /// Takes note that a connection was heard of. False, and counted, if it was replaced: what it said must not be delivered.
    pub fn seen(&mut self, now: Instant, identity: &StationId, generation: Generation) -> bool {
        match self.entries.get_mut(identity) {
            Some(entry) if entry.generation == generation => {
                entry.last_seen = now;
                true
            }
            _ => {
                self.counters.stale += 1;
                false
            }
        }
    }

    /// Whether this is the connection of its identity.
    pub fn is_current(&self, identity: &StationId, generation: Generation) -> bool {
        self.entries.get(identity).is_some_and(|entry| entry.generation == generation)
    }

    /// The connection of an identity.
    pub fn get(&self, identity: &str) -> Option<Connected<'_, H>> {
        self.entries.get_key_value(identity).map(|(identity, entry)| connected(identity, entry))
    }

    /// All connections, by identity.
    pub fn iter(&self) -> impl Iterator<Item = Connected<'_, H>> {
        self.entries.iter().map(|(identity, entry)| connected(identity, entry))
    }

    /// How many connections there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no connections.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What was counted.
    pub fn counters(&self) -> RegistryCounters {
        self.counters
    }

    /// Begins to send all connections away, so many per second, and lets nobody in (rule CS-57).
    pub fn start_drain(&mut self, now: Instant, per_second: u32) {
        self.drain = Some(Drain::new(now, per_second));
    }

    /// The connections to close by now; they are out.
    pub fn drain(&mut self, now: Instant) -> Vec<Dismissed<H>> {
        let Some(drain) = &mut self.drain else { return Vec::new() };
        let due = drain.due(now).min(self.entries.len());
        let mut gone = Vec::with_capacity(due);
        for _ in 0..due {
            let Some((identity, entry)) = self.entries.pop_first() else { break };
            let reason = "server restarts, come back";
            gone.push(Dismissed { identity, handle: entry.handle, code: CloseCode::RESTART, reason });
        }
        gone
    }

    /// When [`drain`](Self::drain) has something to do next.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let drain = self.drain.as_ref().filter(|_| !self.entries.is_empty())?;
        Some(drain.next())
    }

    fn enter(&mut self, now: Instant, identity: StationId, source: Option<IpAddr>, handle: H) -> Arrival<H> {
        if self.entries.len() >= self.config.max_connections {
            return self.refuse(identity, handle, NotEntered::Full, None);
        }
        let generation = self.next_generation();
        let entry = Entry { generation, handle, source, since: now, last_seen: now, flaps: 0, flaps_since: now };
        self.entries.insert(identity, entry);
        self.counters.entered += 1;
        Arrival::Entered { generation }
    }

    fn replace(&mut self, now: Instant, identity: StationId, source: Option<IpAddr>, handle: H) -> Arrival<H> {
        let Some(old) = self.entries.get_mut(&identity) else { return self.enter(now, identity, source, handle) };
        if now - old.flaps_since >= self.config.flap_window {
            (old.flaps, old.flaps_since) = (0, now);
        }
        if old.flaps >= self.config.max_flaps {
            self.counters.alarms += 1;
            let alarm = Alarm::Flapping { identity: identity.clone() };
            return self.refuse(identity, handle, NotEntered::Flapping, Some(alarm));
        }
        let alarm = self.alarm_of_duplicate(now, &identity, source);
        let generation = self.next_generation();
        let Some(old) = self.entries.get_mut(&identity) else { return self.enter(now, identity, source, handle) };
        old.flaps += 1;
        (old.generation, old.source, old.since, old.last_seen) = (generation, source, now, now);
        let handle = std::mem::replace(&mut old.handle, handle);
        self.counters.entered += 1;
        self.counters.replaced += 1;
        let reason = "replaced by a newer connection";
        let loser = Dismissed { identity, handle, code: CloseCode::POLICY, reason };
        Arrival::Replaced { generation, loser, alarm }
    }

    fn refuse(&mut self, identity: StationId, handle: H, why: NotEntered, alarm: Option<Alarm>) -> Arrival<H> {
        self.counters.refused += 1;
        let (code, reason) = match why {
            NotEntered::AlreadyConnected => (CloseCode::POLICY, "already connected"),
            NotEntered::NoClaim => (CloseCode::OVERLOAD, "try again"),
            NotEntered::Flapping => (CloseCode::OVERLOAD, "connections replace each other too fast"),
            NotEntered::Full => (CloseCode::OVERLOAD, "too many connections"),
            NotEntered::Draining => (CloseCode::RESTART, "server restarts, come back"),
        };
        Arrival::Refused { loser: Dismissed { identity, handle, code, reason }, why, alarm }
    }

    /// Two live connections from different addresses are more than a network that broke down.
    fn alarm_of_duplicate(&mut self, now: Instant, identity: &StationId, newer: Option<IpAddr>) -> Option<Alarm> {
        let old = self.entries.get(identity)?;
        if old.source == newer || now - old.last_seen > self.config.alive_for {
            return None;
        }
        self.counters.alarms += 1;
        Some(Alarm::DuplicateIdentity { identity: identity.clone(), older: old.source, newer })
    }

    fn next_generation(&mut self) -> Generation {
        self.generations += 1;
        Generation(self.generations)
    }
}

/// Whether a connection has answered a ping in time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProbeResult {
    /// It has.
    Alive,
    /// It has not.
    Dead,
}

fn connected<'a, H>(identity: &'a StationId, entry: &'a Entry<H>) -> Connected<'a, H> {
    Connected {
        identity,
        generation: entry.generation,
        handle: &entry.handle,
        source: entry.source,
        since: entry.since,
        last_seen: entry.last_seen,
    }
}
