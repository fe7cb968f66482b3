//! Limits of a transaction of 2.1: rule TX2-27.

use alloc::string::String;
use core::time::Duration;

use ocpp_rpc::Instant;
use ocpp_types::{Decimal, Version, v21};
use serde::{Deserialize, Serialize};

use super::messages::Happening;
use super::transactions::{Dialect, Ending};
use super::{Charger, ChargerError};
use crate::{Delivered, Store};

/// How many answers with limits are waited for at once.
const TOLD: usize = 64;

/// How much a transaction may take, as far as that is measured here.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Limits {
    /// The most energy, in Wh.
    pub energy: Option<Decimal>,
    /// The longest time since its start, in seconds.
    pub time: Option<i64>,
}

/// What of a transaction is at its limit.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) enum Reached {
    Energy,
    Time,
}

impl Reached {
    /// The name of the trigger and of the reason.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Energy => "EnergyLimitReached",
            Self::Time => "TimeLimitReached",
        }
    }
}

/// A message whose answer may set a limit.
#[derive(Debug)]
pub(super) struct Told {
    /// Its number in the outbox.
    number: u64,
    outlet: usize,
    /// The transaction.
    id: String,
    /// Whether it is about the present: what was told offline is history (E16.FR.18).
    is_live: bool,
}

impl Limits {
    /// These, with those of others where there are any.
    fn overlaid(self, other: Self) -> Self {
        Self { energy: other.energy.or(self.energy), time: other.time.or(self.time) }
    }

    /// Whether one of these is above one of others.
    fn exceed(self, other: Self) -> bool {
        let above =
            |own: Option<Decimal>, other: Option<Decimal>| own.zip(other).is_some_and(|(own, other)| own > other);
        above(self.energy, other.energy) || self.time.zip(other.time).is_some_and(|(own, other)| own > other)
    }

    /// In the words of 2.1.
    pub(super) fn described(self) -> v21::TransactionLimit {
        let mut limit = v21::TransactionLimit::new();
        limit.max_energy = self.energy;
        limit.max_time = self.time;
        limit
    }
}

impl From<&v21::TransactionLimit> for Limits {
    fn from(limit: &v21::TransactionLimit) -> Self {
        Self { energy: limit.max_energy, time: limit.max_time }
    }
}

impl<S: Store> Charger<S> {
    /// The driver limits the transaction at an outlet (2.1). What is given replaces what was given before; a limit can be
    /// moved and not be taken away.
    ///
    /// # Errors
    /// When there is no such outlet or no transaction of 2.1, or the CSMS allows less.
    pub fn limit(&mut self, now: Instant, outlet: i64, limits: Limits) -> Result<(), ChargerError> {
        let index = self.index(outlet)?;
        let transaction = self.outlets[index].transaction.as_mut();
        let Some(transaction) = transaction.filter(|transaction| transaction.version == Dialect::V21) else {
            return Err(ChargerError::Idle(outlet));
        };
        if limits.exceed(transaction.limits_by_csms) {
            return Err(ChargerError::AboveLimit(outlet));
        }
        let before = transaction.limits;
        transaction.limits = before.overlaid(limits);
        if transaction.limits != before {
            self.tell_or_lose(now, index, Happening::LimitSet(limits));
            self.save();
            self.heed_limits(now, index);
        }
        self.settle(now);
        Ok(())
    }

    /// The answer to this message may set a limit.
    pub(super) fn expect_limits(&mut self, number: u64, index: usize) {
        let Some(transaction) = &self.outlets[index].transaction else { return };
        if transaction.version != Dialect::V21 {
            return;
        }
        let told = Told { number, outlet: index, id: transaction.id.clone(), is_live: self.station.is_online() };
        // what was given up is never answered
        if self.told.len() >= TOLD {
            self.told.remove(0);
        }
        self.told.push(told);
    }

    /// Whatever is not answered when a link goes is history when it is (rule Q-04).
    pub(super) fn limits_are_history(&mut self) {
        self.told.iter_mut().for_each(|told| told.is_live = false);
    }

    /// The answer to a message of a transaction.
    pub(super) fn take_limits(&mut self, now: Instant, delivered: &Delivered) {
        let Some(at) = self.told.iter().position(|told| told.number == delivered.number) else { return };
        let Told { outlet: index, id, is_live, .. } = self.told.swap_remove(at);
        if delivered.version != Version::V21 {
            return;
        }
        let response = delivered.response::<v21::TransactionEventRequest>();
        let Some(limits) = response.and_then(|response| Some(Limits::from(&response.transaction_limit?))) else {
            return;
        };
        let transaction = self.outlets[index].transaction.as_mut();
        let Some(transaction) = transaction.filter(|transaction| transaction.id == id) else { return };
        let before = transaction.limits;
        transaction.limits = before.overlaid(limits);
        transaction.limits_by_csms = transaction.limits_by_csms.overlaid(limits);
        // what is so already is not confirmed again, else an answer that repeats a limit would never end
        if transaction.limits == before {
            return;
        }
        if is_live {
            self.tell_or_lose(now, index, Happening::LimitSet(limits));
        }
        self.save();
        self.heed_limits(now, index);
    }

    /// Suspends or ends what is at its limit, and resumes what is not any more (E16.FR.05, FR.06, FR.10 and FR.14).
    pub(super) fn heed_limits(&mut self, now: Instant, index: usize) {
        let reached = self.reached(now, index);
        let Some(transaction) = &mut self.outlets[index].transaction else { return };
        let before = core::mem::replace(&mut transaction.reached, reached);
        match (before, reached) {
            (None, Some(reached)) if self.stops_at("EnergyTransfer") => self.end(now, index, Ending::Limit(reached)),
            (None, Some(reached)) => self.tell_or_lose(now, index, Happening::LimitReached(reached)),
            (Some(_), None) => self.tell_or_lose(now, index, Happening::StateChanged),
            _ => return,
        }
        self.save();
    }

    fn reached(&self, now: Instant, index: usize) -> Option<Reached> {
        let transaction = self.outlets[index].transaction.as_ref()?;
        if self.within_limits(index, 1) < 1 {
            return Some(Reached::Energy);
        }
        (transaction.time_limit_due()? <= now).then_some(Reached::Time)
    }

    /// How much of this energy may be taken: the register counts whole Wh, and a limit is not passed (E16.FR.19).
    pub(super) fn within_limits(&self, index: usize, energy: i64) -> i64 {
        let outlet = &self.outlets[index];
        let limit = outlet.transaction.as_ref().and_then(|transaction| Some((transaction, transaction.limits.energy?)));
        let Some((transaction, most)) = limit else { return energy };
        let taken = outlet.register - transaction.start;
        let (mut within, mut beyond) = (0, energy + 1);
        while beyond - within > 1 {
            let middle = within + (beyond - within) / 2;
            if Decimal::from(taken.saturating_add(middle)) <= most {
                within = middle;
            } else {
                beyond = middle;
            }
        }
        within
    }
}

impl super::transactions::Transaction {
    /// When its time is over.
    pub(super) fn time_limit_due(&self) -> Option<Instant> {
        let seconds = u64::try_from(self.limits.time?).unwrap_or(0);
        Some(self.started? + Duration::from_secs(seconds.saturating_sub(self.seconds_before_boot)))
    }
}
