//! Transactions of 2.1 that go on after a power cut: rule TX2-28.

use core::time::Duration;

use ocpp_rpc::Instant;

use super::Charger;
use super::messages::Happening;
use super::transactions::{Dialect, Ending, Transaction};
use crate::Store;

/// How far a transaction has come after a boot.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Resumption {
    /// It runs.
    #[default]
    Done,
    /// Whether it goes on is decided when the time is known, since only that tells how long it was away.
    Undecided,
    /// It goes on, and energy flows from this moment on.
    EnergyAt(Instant),
}

impl<S: Store> Charger<S> {
    /// Whether a transaction that a power cut has interrupted may go on.
    pub(super) fn may_resume(&self, transaction: &Transaction) -> bool {
        transaction.version == Dialect::V21 && self.settings.number("ResumptionTimeout") > 0
    }

    /// Resumes or ends what a power cut has interrupted, once the time is known. It was away since its last reading.
    pub(super) fn resume_interrupted(&mut self, now: Instant) {
        let time = self.station.clock().now(now);
        if time.is_none() && !self.station.is_online() {
            return;
        }
        let timeout = i64::try_from(self.settings.number("ResumptionTimeout")).unwrap_or(i64::MAX);
        for index in 0..self.outlets.len() {
            let is_plugged = self.outlets[index].is_plugged;
            let Some(transaction) = &mut self.outlets[index].transaction else { continue };
            if transaction.resumption != Resumption::Undecided {
                continue;
            }
            transaction.resumption = Resumption::Done;
            let away = time.as_ref().map(|time| (time.utc() - transaction.last_time.utc()).num_seconds());
            if away.is_none_or(|seconds| seconds > timeout) {
                let last = transaction.last_time.clone();
                self.end_at(now, index, Ending::PowerLoss, last);
                self.save();
            } else if is_plugged {
                let since = time.as_ref().map_or(0, |time| transaction.seconds_since_start(time));
                self.resume(now, index, since);
            } else {
                // the cable is gone, and with it the permission (E17.FR.17)
                self.end(now, index, Ending::Unplugged);
            }
        }
    }

    fn resume(&mut self, now: Instant, index: usize, seconds_since_start: u64) {
        let range = Duration::from_secs(self.settings.number("EnergyTransferResumptionRandomRange"));
        let delay = self.random.up_to(range);
        let with_energy = self.settings.is_on("AllowEnergyTransferResumption");
        let next_sample = self.next_sample(now);
        let would_charge = self.outlets[index].is_charging();
        let Some(transaction) = &mut self.outlets[index].transaction else { return };
        transaction.started = Some(now);
        transaction.seconds_before_boot = seconds_since_start;
        transaction.next_sample = next_sample;
        if would_charge && !with_energy {
            transaction.is_suspended = true;
        } else if would_charge && !delay.is_zero() {
            transaction.resumption = Resumption::EnergyAt(now + delay);
        }
        self.tell_or_lose(now, index, Happening::Resumed);
        self.save();
    }

    /// Lets energy flow again, when the time has come (E17.FR.18).
    pub(super) fn resume_energy(&mut self, now: Instant, index: usize) {
        let Some(transaction) = &mut self.outlets[index].transaction else { return };
        if transaction.energy_resumes_at().is_some_and(|at| at <= now) {
            transaction.resumption = Resumption::Done;
            self.tell_or_lose(now, index, Happening::StateChanged);
            self.save();
        }
    }
}

impl Transaction {
    /// When energy flows again.
    pub(super) fn energy_resumes_at(&self) -> Option<Instant> {
        match self.resumption {
            Resumption::EnergyAt(at) => Some(at),
            _ => None,
        }
    }

    fn seconds_since_start(&self, time: &ocpp_types::Timestamp) -> u64 {
        let start = self.start_time.as_ref().unwrap_or(&self.last_time);
        u64::try_from((time.utc() - start.utc()).num_seconds()).unwrap_or(0)
    }
}
