//! Transactions of a charger: rules TX16-* and TX2-*.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use ocpp_rpc::Instant;
use ocpp_types::{Timestamp, Version, v16, v201};
use serde::{Deserialize, Serialize};

use super::authorization::Known;
use super::limits::{Limits, Reached};
use super::messages::{Context, Happening, reading_16};
use super::outlet::{Grant, Outlet};
use super::resumption::Resumption;
use super::{Charger, ChargerEvent, Judged};
use crate::{Delivered, Store, TransactionKey};

/// How many answers about tokens are waited for at once.
const JUDGED: usize = 64;

/// A transaction that runs.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Transaction {
    pub(super) version: Dialect,
    /// What stands for it in 1.6.
    pub(super) key: Option<TransactionKey>,
    /// Its id in 2.x, made here and never again (rule TX2-01).
    pub(super) id: String,
    /// The number of the next event; every event made has its own (rule TX2-03).
    pub(super) seq_no: i64,
    pub(super) token: String,
    pub(super) group: Option<String>,
    /// The register at the start, in Wh.
    pub(super) start: i64,
    /// When the register was last reported.
    pub(super) last_time: Timestamp,
    pub(super) is_suspended: bool,
    /// Whether somebody may charge: not any more when the permission has ended and the transaction has not (rule TX2-05).
    #[serde(default = "yes")]
    pub(super) is_authorized: bool,
    /// The limits in force, and those that the CSMS has set (rule TX2-27).
    #[serde(default)]
    pub(super) limits: Limits,
    #[serde(default)]
    pub(super) limits_by_csms: Limits,
    #[serde(default)]
    pub(super) reached: Option<Reached>,
    /// When it started or was resumed, if that was since the boot, and how long it had run then.
    #[serde(skip)]
    pub(super) started: Option<Instant>,
    #[serde(skip)]
    pub(super) seconds_before_boot: u64,
    #[serde(default)]
    pub(super) start_time: Option<Timestamp>,
    #[serde(skip)]
    pub(super) resumption: Resumption,
    /// The phases the CSMS knows of (rule TX2-24).
    #[serde(default)]
    pub(super) phases_told: Option<u8>,
    /// What the StopTransaction is to report (rule TX16-16).
    #[serde(default)]
    pub(super) readings: Vec<Reading>,
    #[serde(skip)]
    pub(super) next_sample: Option<Instant>,
}

/// A reading of the register.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Reading {
    pub(super) register: i64,
    pub(super) context: Context,
    pub(super) time: Timestamp,
}

/// The version a transaction is told in, from its start to its end.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) enum Dialect {
    V16,
    V201,
    V21,
}

impl From<Version> for Dialect {
    fn from(version: Version) -> Self {
        match version {
            Version::V16 => Self::V16,
            Version::V201 => Self::V201,
            _ => Self::V21,
        }
    }
}

/// What makes a transaction start.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Start {
    PluggedIn,
    Authorized,
}

/// What makes a transaction end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ending {
    /// Somebody stopped it here.
    Local,
    Unplugged,
    Remote,
    /// A reset; `hard` in the words of 1.6.
    Reset {
        hard: bool,
    },
    Unlocked,
    /// The CSMS does not accept the token.
    DeAuthorized,
    /// The outlet is broken.
    Fault,
    /// It is at a limit.
    Limit(Reached),
    /// The car takes no energy any more.
    Paused,
    PowerLoss,
}

impl<S: Store> Charger<S> {
    /// Starts a transaction: a car is there and may charge (rules TX16-01 and TX2-04).
    pub(super) fn start(&mut self, now: Instant, index: usize, grant: Grant, cause: Start) {
        let version = Dialect::from(self.version());
        let time = self.time(now);
        let register = self.outlets[index].register;
        let id = format!("{:016x}{:016x}", self.random.bits(), self.random.bits());
        let transaction = Transaction {
            version,
            key: None,
            id,
            seq_no: 0,
            token: grant.token.clone(),
            group: grant.group,
            start: register,
            last_time: time.clone(),
            is_suspended: false,
            is_authorized: true,
            limits: Limits::default(),
            limits_by_csms: Limits::default(),
            reached: None,
            started: Some(now),
            seconds_before_boot: 0,
            start_time: Some(time.clone()),
            resumption: Resumption::Done,
            phases_told: None,
            readings: Vec::new(),
            next_sample: self.next_sample(now),
        };
        self.outlets[index].transaction = Some(transaction);
        self.outlets[index].is_finished = false;
        self.note_reading(index, Context::Begin, time.clone());
        let taken = if version == Dialect::V16 {
            let outlet = self.outlets[index].id;
            let request = v16::StartTransactionRequest::new(outlet, grant.token.as_str(), register, time);
            let key = self.station.outbox().next_key();
            if let Some(transaction) = &mut self.outlets[index].transaction {
                transaction.key = Some(key);
            }
            self.save_with_next(None);
            self.station.start_transaction(now, &request).map(TransactionKey::get)
        } else {
            let started = Happening::Started { cause, remote: grant.remote };
            self.tell(now, index, started)
        };
        let Ok(number) = taken else {
            // a transaction nobody will ever be told of is none
            self.outlets[index].transaction = None;
            self.save();
            let outlet = self.outlets[index].id;
            self.events.push_back(ChargerEvent::Refused { outlet, token: grant.token });
            return;
        };
        self.expect_judgement(number, index, &grant.token, true);
        if version != Dialect::V16 {
            self.tell_or_lose(now, index, Happening::StateChanged);
        }
        let outlet = self.outlets[index].id;
        self.events.push_back(ChargerEvent::Started { outlet, token: grant.token });
        self.save();
    }

    /// Ends the permission of a transaction: the transaction with it, or only the energy if nothing but the car decides when
    /// that ends (rules TX2-05 and TX2-17).
    pub(super) fn end_permission(&mut self, now: Instant, index: usize, ending: Ending) {
        let ends = ["Authorized", "PowerPathClosed", "EnergyTransfer"].into_iter().any(|point| self.stops_at(point));
        if ends || !self.is_told_of_states(index) {
            return self.end(now, index, ending);
        }
        let Some(transaction) = self.outlets[index].transaction.as_mut().filter(|own| own.is_authorized) else {
            return;
        };
        transaction.is_authorized = false;
        let token = transaction.token.clone();
        match self.tell(now, index, Happening::PermissionEnded(ending)) {
            Ok(number) if ending == Ending::Local => self.expect_judgement(number, index, &token, false),
            Ok(_) => {}
            Err(error) => self.not_taken(error),
        }
        self.save();
    }

    /// Gives a transaction without permission another one (E02.FR.20).
    pub(super) fn permit_again(&mut self, now: Instant, index: usize, grant: Grant) {
        let Some(transaction) = &mut self.outlets[index].transaction else { return };
        transaction.is_authorized = true;
        transaction.is_suspended = false;
        (transaction.token, transaction.group) = (grant.token.clone(), grant.group);
        match self.tell(now, index, Happening::Permitted { remote: grant.remote }) {
            Ok(number) => self.expect_judgement(number, index, &grant.token, true),
            Err(error) => self.not_taken(error),
        }
        self.tell_or_lose(now, index, Happening::StateChanged);
        self.save();
    }

    /// Whether a transaction of 2.x ends when this does: `TxStopPoint`.
    pub(super) fn stops_at(&self, point: &str) -> bool {
        self.settings.lists("TxStopPoint", point)
    }

    /// Ends a transaction, if there is one.
    pub(super) fn end(&mut self, now: Instant, index: usize, ending: Ending) {
        if self.outlets[index].transaction.is_none() {
            return;
        }
        let time = self.time(now);
        self.end_at(now, index, ending, time);
        let outlet = &mut self.outlets[index];
        outlet.is_finished = outlet.is_plugged;
        self.save();
        if self.resets_when_idle && self.outlets.iter().all(|outlet| outlet.transaction.is_none()) {
            self.restart(v201::BootReason::ScheduledReset);
        }
    }

    pub(super) fn end_at(&mut self, now: Instant, index: usize, ending: Ending, time: Timestamp) {
        self.note_reading(index, Context::End, time.clone());
        let Outlet { id: outlet, register, is_operative, closes, transaction, .. } = &mut self.outlets[index];
        let Some(transaction) = transaction else { return };
        // scheduled until now (rule BOOT-15)
        *is_operative &= !core::mem::take(closes);
        let (outlet, register, key) = (*outlet, *register, transaction.key);
        let (energy, token) = (register - transaction.start, transaction.token.clone());
        let readings = core::mem::take(&mut transaction.readings);
        let told = match key {
            Some(key) => {
                let mut request = v16::StopTransactionRequest::new(register, time, 0);
                request.reason = reason_16(ending);
                if ending == Ending::Local {
                    request.id_tag = Some(token.as_str().into());
                }
                let readings = readings.into_iter();
                let readings = readings.map(|reading| reading_16(reading.register, reading.context, reading.time));
                request.transaction_data = readings.collect();
                self.save_with_next(Some(index));
                self.station.stop_transaction(now, key, &request)
            }
            None => self.tell(now, index, Happening::Ended { ending, time }),
        };
        match told {
            Ok(number) if ending == Ending::Local => self.expect_judgement(number, index, &token, false),
            Ok(_) => {}
            Err(error) => self.not_taken(error),
        }
        self.outlets[index].transaction = None;
        self.events.push_back(ChargerEvent::Stopped { outlet, energy });
    }

    /// Stops what a power cut has ended, with the last readings (rules TX16-13 and TX2-29). What was stopped before the cut
    /// is not among it, since its end was noted with the message about it (field need 7).
    pub(super) fn end_interrupted(&mut self, now: Instant) {
        for index in 0..self.outlets.len() {
            let Some(transaction) = &self.outlets[index].transaction else { continue };
            let (may_resume, time) = (self.may_resume(transaction), transaction.last_time.clone());
            match &mut self.outlets[index].transaction {
                Some(transaction) if may_resume => transaction.resumption = Resumption::Undecided,
                _ => self.end_at(now, index, Ending::PowerLoss, time),
            }
        }
        self.save();
    }

    /// Reports the register of a transaction.
    pub(super) fn sample(&mut self, now: Instant, index: usize, context: Context) {
        let next = self.next_sample(now);
        let (outlet, register, time) = (self.outlets[index].id, self.outlets[index].register, self.time(now));
        self.note_reading(index, context, time.clone());
        let Some(transaction) = &mut self.outlets[index].transaction else { return };
        if context == Context::Periodic {
            transaction.next_sample = next;
        }
        transaction.last_time = time.clone();
        match transaction.key {
            Some(key) => {
                let value = reading_16(register, context, time);
                let request = v16::MeterValuesRequest::new(outlet, [value]);
                self.save_with_next(None);
                if let Err(error) = self.station.meter_values(now, key, &request) {
                    self.not_taken(error);
                }
            }
            None => self.tell_or_lose(now, index, Happening::Reading(context)),
        }
        self.save();
    }

    /// The answer to this message will tell what the CSMS thinks of a token.
    fn expect_judgement(&mut self, number: u64, outlet: usize, token: &str, starts: bool) {
        // what was given up is never answered
        if self.judged.len() >= JUDGED {
            self.judged.remove(0);
        }
        let transaction = self.outlets[outlet].transaction.as_ref().map(|transaction| transaction.id.clone());
        let transaction = transaction.unwrap_or_default();
        self.judged.push(Judged { number, outlet, transaction, token: token.to_string(), starts });
    }

    /// The answer to something that had a token in it (rules TX16-04, TX16-05 and TX2-16 to TX2-18).
    pub(super) fn delivered(&mut self, now: Instant, delivered: &Delivered) {
        let Some(at) = self.judged.iter().position(|judged| judged.number == delivered.number) else { return };
        let Judged { outlet: index, token, starts, transaction: id, .. } = self.judged.swap_remove(at);
        let Some(known) = Known::told_by(delivered, self.outlets[index].id) else { return };
        self.remember(&token, &known);
        // the answer may come when the next one runs already
        let transaction = self.outlets[index].transaction.as_ref();
        let goes_on = transaction.is_some_and(|transaction| transaction.id == id && transaction.is_authorized);
        if known.is_accepted || !starts || !goes_on {
            return;
        }
        let must_stop = self.settings.is_on("StopTransactionOnInvalidId") || self.stops_at("EnergyTransfer");
        if must_stop {
            self.end_permission(now, index, Ending::DeAuthorized);
        } else if let Some(transaction) = &mut self.outlets[index].transaction {
            transaction.is_suspended = true;
            if transaction.key.is_none() {
                self.tell_or_lose(now, index, Happening::StateChanged);
            }
            self.save();
        }
    }

    /// Whether a change of the state of charging is a message of a transaction.
    pub(super) fn is_told_of_states(&self, index: usize) -> bool {
        self.outlets[index].transaction.as_ref().is_some_and(|transaction| transaction.key.is_none())
    }

    /// Keeps a reading for the StopTransaction, if those are wanted. Of more than there may be, every second one goes; the
    /// first and the last stay (rule TX16-16).
    fn note_reading(&mut self, index: usize, context: Context, time: Timestamp) {
        let is_wanted = !self.settings.text("StopTxnSampledData").is_empty();
        let most = usize::try_from(self.settings.number("StopTransactionMaxMeterValues")).unwrap_or(2).max(2);
        let Outlet { transaction, register, .. } = &mut self.outlets[index];
        let Some(transaction) = transaction.as_mut().filter(|own| is_wanted && own.version == Dialect::V16) else {
            return;
        };
        if context == Context::Trigger {
            return;
        }
        // one place is for the last
        let room = if context == Context::End { most } else { most - 1 };
        while transaction.readings.len() >= room && transaction.readings.len() > 1 {
            let mut at = 0;
            transaction.readings.retain(|_| {
                at += 1;
                at % 2 == 1
            });
        }
        if transaction.readings.len() < room {
            transaction.readings.push(Reading { register: *register, context, time });
        }
    }

    pub(super) fn next_sample(&self, now: Instant) -> Option<Instant> {
        let seconds = self.settings.number("MeterValueSampleInterval");
        (seconds > 0).then(|| now + Duration::from_secs(seconds))
    }
}

impl Transaction {
    /// Whether the station gives no energy.
    pub(super) fn is_held(&self) -> bool {
        self.is_suspended || self.reached.is_some() || self.resumption != Resumption::Done
    }
}

/// What was stored before there was anything else.
fn yes() -> bool {
    true
}

fn reason_16(ending: Ending) -> Option<v16::Reason> {
    Some(match ending {
        // which is what no reason means
        Ending::Local => return None,
        Ending::Unplugged => v16::Reason::EvDisconnected,
        Ending::Remote => v16::Reason::Remote,
        Ending::Reset { hard: true } => v16::Reason::HardReset,
        Ending::Reset { hard: false } => v16::Reason::SoftReset,
        Ending::Unlocked => v16::Reason::UnlockCommand,
        Ending::DeAuthorized => v16::Reason::DeAuthorized,
        Ending::Fault | Ending::Limit(_) | Ending::Paused => v16::Reason::Other,
        Ending::PowerLoss => v16::Reason::PowerLoss,
    })
}
