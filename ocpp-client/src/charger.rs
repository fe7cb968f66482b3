//! A small charging station in software.

mod authorization;
mod hands;
mod limits;
mod messages;
mod network;
mod outlet;
mod requests;
mod resumption;
mod settings;
mod transactions;

use alloc::collections::{BTreeMap, VecDeque};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use ocpp_rpc::{CallKey, Input, Instant, Machine, Transmit};
use ocpp_types::{Timestamp, Version, v201};
use serde::{Deserialize, Serialize};

use crate::{Boot, NetworkProfiles, NotTaken, Station, StationConfig, StationError, StationEvent, StatusScope, Store};

use authorization::Known;
use outlet::Outlet;
use settings::Settings;
use transactions::Transaction;

pub use limits::Limits;
pub use outlet::OutletStatus;

/// Name of the value in the store.
const NAME: &str = "charger";

/// A charging station with a few outlets that behaves as one in the field does, for tests, demonstrations and loads.
///
/// It plugs, swipes, meters and unplugs at the word of its owner; authorises, starts and stops transactions, reports status
/// and readings; and serves what a CSMS asks of a small station: remote start and stop, reset, availability, unlocking,
/// triggers, network profiles, limits of transactions, configuration keys of 1.6 and variables of 2.x. The rest is answered
/// `NotSupported`.
///
/// A transaction starts when a car is plugged in and somebody is authorised, and ends when either ends: `TxStartPoint` is
/// `PowerPathClosed`, `TxStopPoint` is `EVConnected,Authorized` until the CSMS sets another. An outlet is a connector of 1.6, or an EVSE of 2.x with one
/// connector. Like [`Station`] it is a [`Machine`].
///
/// ```
/// use ocpp_client::charger::{Charger, OutletStatus};
/// use ocpp_client::{Boot, MemoryStore, StationConfig, StationInfo};
/// use ocpp_rpc::Instant;
/// use ocpp_types::Version;
///
/// let config = StationConfig::new(Version::V16, StationInfo::new("Acme", "Two"));
/// let mut charger = Charger::new(Instant::ZERO, config, 2, MemoryStore::new(), Boot::new(1)).unwrap();
/// charger.plug_in(Instant::ZERO, 1).unwrap();
/// assert_eq!(charger.status(1), Ok(OutletStatus::Preparing));
/// ```
#[derive(Debug)]
pub struct Charger<S> {
    station: Station<S>,
    config: Arc<StationConfig>,
    outlets: Vec<Outlet>,
    settings: Settings,
    network: NetworkProfiles,
    known: BTreeMap<String, Known>,
    asked: Vec<(CallKey, Asked)>,
    judged: Vec<Judged>,
    /// Messages whose answers may set limits.
    told: Vec<limits::Told>,
    /// Whether the status of connectors is told by NotifyEvent (rule ST-06).
    reports_by_events: bool,
    /// The id of the next event of a monitor.
    next_event_id: i64,
    resets_when_idle: bool,
    is_restarting: bool,
    random: crate::Random,
    events: VecDeque<ChargerEvent>,
}

/// A message whose answer tells what the CSMS thinks of a token.
#[derive(Debug)]
struct Judged {
    /// Its number in the outbox.
    number: u64,
    outlet: usize,
    /// The transaction; made here, and in 1.6 told to nobody.
    transaction: String,
    token: String,
    /// Whether it started a transaction, which must not go on with a token that is not accepted.
    starts: bool,
}

/// Why the CSMS was called.
#[derive(Clone, Debug)]
enum Asked {
    /// Whether this token may do something at this outlet.
    Authorize { outlet: usize, token: String, purpose: Purpose },
    /// To tell it something.
    Nothing,
}

/// What a token is presented for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Purpose {
    Start,
    RemoteStart(Option<i64>),
    Stop,
}

/// What happened at a charger.
#[derive(Debug)]
#[non_exhaustive]
pub enum ChargerEvent {
    /// A transaction started.
    Started {
        /// The outlet.
        outlet: i64,
        /// The token it was started with.
        token: String,
    },
    /// A transaction ended.
    Stopped {
        /// The outlet.
        outlet: i64,
        /// What the register has counted meanwhile, in Wh.
        energy: i64,
    },
    /// A token was refused.
    Refused {
        /// The outlet.
        outlet: i64,
        /// The token.
        token: String,
    },
    /// The charger has to restart: send what there is to send, close the link, and call [`Charger::reboot`].
    Restart {
        /// The reason to boot with.
        reason: v201::BootReason,
    },
    /// The password has changed: send what there is to send, close the link, and connect with the new one (rule WS-15).
    Credentials {
        /// The new password: the bytes of the key in 1.6, the text in 2.x.
        password: crate::Password,
    },
    /// The CSMS asks for something of the owner's own (2.1, rule TRIG-11).
    CustomTrigger {
        /// One of the names given with [`Charger::set_custom_triggers`], as the CSMS wrote it.
        name: String,
    },
    /// The CSMS has changed a setting; [`Charger::setting`] has its value. Settings about network profiles, identity and
    /// password are told by other events, or not at all.
    Changed {
        /// The setting, by its name as a configuration key of 1.6.
        setting: &'static str,
    },
    /// The security profile is to be raised: send what there is to send, close the link, and connect in the order of
    /// [`Charger::guide`] (rule WS-16).
    Reconnect,
    /// A message that must arrive was not taken.
    NotTaken(NotTaken),
    /// Something the station has told that the charger does not act on.
    Station(StationEvent),
}

/// Why a charger does not do what its owner asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ChargerError {
    /// There is no such outlet.
    #[error("no outlet {0}")]
    NoOutlet(i64),
    /// A car is plugged in there already.
    #[error("outlet {0} is taken")]
    Taken(i64),
    /// No car is plugged in there.
    #[error("outlet {0} is empty")]
    Empty(i64),
    /// No energy flows there.
    #[error("no transaction at outlet {0}")]
    Idle(i64),
    /// It is out of service.
    #[error("outlet {0} is out of service")]
    Unavailable(i64),
    /// The CSMS allows less.
    #[error("more than the limit of the csms for outlet {0}")]
    AboveLimit(i64),
    /// The version that is spoken knows no start without a token.
    #[error("outlet {0} has no button")]
    NoButton(i64),
}

/// What survives a power cut, beside the outbox.
#[derive(Default, Deserialize, Serialize)]
struct Saved {
    operative: Vec<bool>,
    #[serde(default)]
    closes: Vec<bool>,
    registers: Vec<i64>,
    transactions: Vec<Option<Transaction>>,
    settings: BTreeMap<String, String>,
}

impl<S: Store> Charger<S> {
    /// A charger that has just started, with this many outlets and what its store has kept.
    ///
    /// Transactions that a power cut has ended are stopped with their last readings (rules TX16-13 and TX2-29). Those of 2.1
    /// go on instead, if `ResumptionTimeout` is set and not over when the time becomes known; say by
    /// [`plug_in`](Self::plug_in) before that where a car is (rule TX2-28).
    ///
    /// # Errors
    /// As [`Station::new`].
    pub fn new(
        now: Instant,
        config: impl Into<Arc<StationConfig>>,
        outlets: u8,
        store: S,
        boot: Boot,
    ) -> Result<Self, StationError> {
        let config = config.into();
        let seed = boot.seed;
        let mut station = Station::new(now, Arc::clone(&config), store, boot)?;
        let saved = station.outbox_mut().value(NAME)?;
        let network = station.outbox_mut().value(network::NAME)?;
        let network = network.and_then(|bytes| NetworkProfiles::from_bytes(&bytes)).unwrap_or_default();
        Ok(Self::with(now, config, outlets, station, seed, saved.as_deref(), network))
    }

    fn with(
        now: Instant,
        config: Arc<StationConfig>,
        outlets: u8,
        station: Station<S>,
        seed: u128,
        saved: Option<&[u8]>,
        network: NetworkProfiles,
    ) -> Self {
        let random = crate::Random::new(seed as u64 ^ 0xC4A6);
        let saved: Saved = saved.and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default();
        let mut charger = Self {
            station,
            config,
            outlets: (1..=i64::from(outlets)).map(Outlet::new).collect(),
            settings: Settings::new(usize::from(outlets), saved.settings),
            network,
            known: BTreeMap::new(),
            asked: Vec::new(),
            judged: Vec::new(),
            told: Vec::new(),
            reports_by_events: false,
            next_event_id: 1,
            resets_when_idle: false,
            is_restarting: false,
            random,
            events: VecDeque::new(),
        };
        for (index, outlet) in charger.outlets.iter_mut().enumerate() {
            outlet.is_operative = saved.operative.get(index).copied().unwrap_or(true);
            outlet.closes = saved.closes.get(index).copied().unwrap_or(false);
            outlet.register = saved.registers.get(index).copied().unwrap_or(0);
            outlet.transaction = saved.transactions.get(index).cloned().flatten();
        }
        charger.apply_settings(now);
        charger.show_network();
        charger.end_interrupted(now);
        charger
    }

    /// Starts anew with what it knows, whether the store works or not; cars stay plugged in.
    ///
    /// # Errors
    /// As [`Station::reboot`].
    pub fn reboot(self, now: Instant, boot: Boot) -> Result<Self, StationError> {
        let saved = self.saved(None);
        let Self { station, config, outlets, mut network, .. } = self;
        network.rebooted();
        let count = u8::try_from(outlets.len()).unwrap_or(u8::MAX);
        let (seed, station) = (boot.seed, station.reboot(now, boot)?);
        let mut charger = Self::with(now, config, count, station, seed, Some(&saved), network);
        for (new, old) in charger.outlets.iter_mut().zip(outlets) {
            new.is_plugged = old.is_plugged;
            new.is_finished = old.is_finished;
        }
        Ok(charger)
    }

    /// The store, at the end of a charger.
    pub fn into_store(self) -> S {
        self.station.into_store()
    }

    /// What the outlet is doing.
    ///
    /// # Errors
    /// When there is no such outlet.
    pub fn status(&self, outlet: i64) -> Result<OutletStatus, ChargerError> {
        Ok(self.outlets[self.index(outlet)?].status())
    }

    /// The register of an outlet in Wh.
    ///
    /// # Errors
    /// When there is no such outlet.
    pub fn register(&self, outlet: i64) -> Result<i64, ChargerError> {
        Ok(self.outlets[self.index(outlet)?].register)
    }

    /// Names what a CSMS of 2.1 may trigger beside messages: `CustomTriggers`. A name must not have a comma.
    pub fn set_custom_triggers<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        let names: Vec<&str> = names.into_iter().collect();
        self.settings.show("CustomTriggers", names.join(","));
    }

    /// How many readings a StopTransaction of 1.6 may have, two at least: `StopTransactionMaxMeterValues` (rule TX16-16).
    pub fn set_most_stop_readings(&mut self, most: u16) {
        self.settings.show("StopTransactionMaxMeterValues", alloc::format!("{}", most.max(2)));
    }

    /// Tells the status of connectors by NotifyEvent from now on, as 2.1 prefers and 2.0.1 allows, or by
    /// StatusNotification, which is the default (rule ST-06).
    pub fn report_by_events(&mut self, by_events: bool) {
        self.reports_by_events = by_events;
    }

    /// How many outlets there are; they are numbered from 1.
    pub fn outlets(&self) -> usize {
        self.outlets.len()
    }

    /// The value of a setting, by its name as a configuration key of 1.6.
    pub fn setting(&self, key: &str) -> Option<&str> {
        self.settings.by_key(key).map(|setting| self.settings.value(setting))
    }

    /// The station inside.
    pub fn station(&self) -> &Station<S> {
        &self.station
    }

    /// The station inside, to call what the charger does not call itself.
    pub fn station_mut(&mut self) -> &mut Station<S> {
        &mut self.station
    }

    fn index(&self, outlet: i64) -> Result<usize, ChargerError> {
        self.outlets.iter().position(|other| other.id == outlet).ok_or(ChargerError::NoOutlet(outlet))
    }

    fn version(&self) -> Version {
        self.station.version()
    }

    fn time(&self, now: Instant) -> Timestamp {
        self.station.time(now)
    }

    fn save(&mut self) {
        let value = self.saved(None);
        self.station.outbox_mut().set_value(NAME, value);
    }

    /// Saves what the charger will be once its next message is taken, together with that message; `ends` is the outlet whose
    /// transaction ends with it.
    fn save_with_next(&mut self, ends: Option<usize>) {
        let value = self.saved(ends);
        self.station.outbox_mut().set_value_with_next(NAME, value);
    }

    fn saved(&self, ends: Option<usize>) -> Vec<u8> {
        let transactions = self.outlets.iter().map(|outlet| outlet.transaction.as_ref()).enumerate();
        let saved = Saved {
            operative: self.outlets.iter().map(|outlet| outlet.is_operative).collect(),
            closes: self.outlets.iter().map(|outlet| outlet.closes).collect(),
            registers: self.outlets.iter().map(|outlet| outlet.register).collect(),
            transactions: transactions.map(|(index, own)| own.filter(|_| ends != Some(index)).cloned()).collect(),
            settings: self.settings.changed(),
        };
        serde_json::to_vec(&saved).unwrap_or_default()
    }

    /// Acts on what the station has to tell.
    fn settle(&mut self, now: Instant) {
        while let Some(event) = self.station.poll_event() {
            match event {
                StationEvent::Call(incoming) => self.serve(now, incoming),
                StationEvent::Trigger(trigger) => self.triggered(now, trigger),
                StationEvent::Online(scope) => {
                    if scope == StatusScope::All {
                        self.report_all(now);
                    } else {
                        self.report_changes(now);
                    }
                    self.events.push_back(ChargerEvent::Station(StationEvent::Online(scope)));
                }
                StationEvent::Answer(answer) => {
                    match self.asked.iter().position(|(key, _)| *key == answer.key()) {
                        Some(at) => {
                            let (_, asked) = self.asked.swap_remove(at);
                            if let Asked::Authorize { outlet, token, purpose } = asked {
                                self.authorize_answered(now, outlet, &token, purpose, answer);
                            }
                        }
                        None => self.events.push_back(ChargerEvent::Station(StationEvent::Answer(answer))),
                    }
                    self.report_changes(now);
                }
                StationEvent::Delivered(delivered) => {
                    self.delivered(now, &delivered);
                    self.take_limits(now, &delivered);
                    self.report_changes(now);
                    self.events.push_back(ChargerEvent::Station(StationEvent::Delivered(delivered)));
                }
                other => self.events.push_back(ChargerEvent::Station(other)),
            }
        }
        // a log nobody reads must not grow
        while self.events.len() > 4096 {
            self.events.pop_front();
        }
    }

    fn tick(&mut self, now: Instant) {
        self.resume_interrupted(now);
        for index in 0..self.outlets.len() {
            let outlet = &mut self.outlets[index];
            // nobody came in time (TX16-11, TX2-15)
            if outlet.grant.as_ref().is_some_and(|grant| grant.until <= now) {
                outlet.grant = None;
            }
            if outlet
                .transaction
                .as_ref()
                .is_some_and(|transaction| transaction.next_sample.is_some_and(|at| at <= now))
            {
                self.sample(now, index, messages::Context::Periodic);
            }
            self.resume_energy(now, index);
            self.heed_limits(now, index);
        }
        self.report_changes(now);
    }

    fn restart(&mut self, reason: v201::BootReason) {
        if !core::mem::replace(&mut self.is_restarting, true) {
            self.events.push_back(ChargerEvent::Restart { reason });
        }
    }
}

impl<S: Store> Machine for Charger<S> {
    type Event = ChargerEvent;

    fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        if matches!(input, Input::LinkDown) {
            self.limits_are_history();
        }
        self.station.handle_input(now, input);
        self.settle(now);
        self.tick(now);
        self.settle(now);
    }

    fn poll_transmit(&mut self) -> Option<Transmit<'_>> {
        self.station.poll_transmit()
    }

    fn poll_event(&mut self) -> Option<ChargerEvent> {
        self.events.pop_front()
    }

    fn poll_timeout(&self) -> Option<Instant> {
        let stable = self.status_duration();
        let of_outlets = self.outlets.iter().flat_map(|outlet| {
            let sample = outlet.transaction.as_ref().and_then(|transaction| transaction.next_sample);
            let pending = outlet.pending.filter(|_| self.station.is_online()).map(|(_, since)| since + stable);
            let limited = outlet.transaction.as_ref().filter(|transaction| transaction.reached.is_none());
            let limited = limited.and_then(Transaction::time_limit_due);
            let resumed = outlet.transaction.as_ref().and_then(Transaction::energy_resumes_at);
            [outlet.grant.as_ref().map(|grant| grant.until), sample, pending, limited, resumed]
        });
        of_outlets.flatten().chain(self.station.poll_timeout()).min()
    }
}
