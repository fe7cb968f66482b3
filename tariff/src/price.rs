//! Pricing: a compiled tariff and a checked usage make totals, or a bill.

mod cap;
mod choose;
mod clock;
mod fees;
mod finish;
mod flow;
mod itemise;
mod lines;
mod meter;
mod notes;
mod session;
mod settle;
mod steps;
mod stretch;
mod sums;

use self::choose::Choice;
pub use self::choose::Refusal;
use self::lines::LineSink;
pub use self::meter::{Meter, MeterError, MeterReading, Running};
use self::session::{Mode, Session};
use self::sums::{Amount, Sums, Units};
use crate::bill::{Bill, Totals};
use crate::compile::Compiled;
use crate::policy::{LimitTariff, Policy, RoundingAt};
use crate::tariff::Dialect;
use crate::usage::Usage;
use crate::wide::Wide;

impl Compiled {
    /// What a usage comes to; exact, and without allocation under the usual policies.
    ///
    /// # Errors
    /// When tariffs and usage do not belong together; arithmetic never fails.
    pub fn totals(&self, usage: &Usage, policy: &Policy) -> Result<Totals, Refusal> {
        let choice = Choice::new(self, usage, policy)?;
        let is_direct = policy.rounding.at == RoundingAt::End
            && (policy.limits.multi_tariff != LimitTariff::PerTariff || self.ready.len() == 1)
            && !self.ready.iter().any(|ready| ready.dialect == Dialect::Ocpp21 && ready.max.is_some());
        if !is_direct {
            return Ok(self.itemise(usage, policy, &choice).totals);
        }
        let units = Units::new(usage);
        if units.fit(self, usage) {
            Ok(self.sum_up::<i128>(usage, policy, &choice, &units))
        } else {
            Ok(self.sum_up::<Wide>(usage, policy, &choice, &units))
        }
    }

    /// The bill for a usage: the totals, the lines and taxes they consist of, and everything that was noticed.
    ///
    /// # Errors
    /// When tariffs and usage do not belong together; arithmetic never fails.
    pub fn price(&self, usage: &Usage, policy: &Policy) -> Result<Bill, Refusal> {
        let choice = Choice::new(self, usage, policy)?;
        Ok(self.itemise(usage, policy, &choice))
    }

    #[inline]
    fn sum_up<N: Amount>(&self, usage: &Usage, policy: &Policy, choice: &Choice<'_>, units: &Units) -> Totals {
        let mut sums = Sums::<N>::new(&self.prices);
        let mode = Mode::of(self, usage, policy);
        let seen = Session::new(self, usage, policy, choice, &mut sums, mode).run();
        sums.finish(self, usage, policy, units, &seen)
    }

    fn itemise(&self, usage: &Usage, policy: &Policy, choice: &Choice<'_>) -> Bill {
        let units = Units::new(usage);
        let mut sink = LineSink::new(self, usage, policy, units);
        let seen = Session::new(self, usage, policy, choice, &mut sink, Mode::of(self, usage, policy)).run();
        if units.fit(self, usage) && !sink.is_special() {
            sink.bill::<i128>(self, usage, choice, &seen)
        } else {
            sink.bill::<Wide>(self, usage, choice, &seen)
        }
    }
}
