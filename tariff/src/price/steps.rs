//! Steps: quantities that are rounded up as a whole (R30 to R37).

use super::session::{ENERGY, PARKING, RESERVED, Session, Sink, TIME};
use crate::compile::NO_COMPONENT;
use crate::policy::{
    NegativeStep, ReservationStep, StepBase, StepMode, StepScope, StepTariffs, StepTime, UnpricedParking,
};
use crate::usage::{SECOND, units_of_a_kwh};

/// The quantities of one kind that a step will round at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pool {
    pub(super) priced: i128,
    pub(super) measured: i128,
    /// What was priced when the last tariff began to price without interruption.
    before_tariff: i128,
    tariff: u16,
    pub(super) last: u32,
    last_period: u32,
}

impl Pool {
    pub(super) const EMPTY: Self =
        Self { priced: 0, measured: 0, before_tariff: 0, tariff: u16::MAX, last: NO_COMPONENT, last_period: 0 };

    /// Takes in a quantity under a price; what was measured is counted by the caller.
    #[inline]
    pub(super) fn add(&mut self, price: u32, tariff: u16, period: u32, quantity: i128) {
        if self.tariff != tariff {
            self.tariff = tariff;
            self.before_tariff = self.priced;
        }
        self.priced += quantity;
        self.last = price;
        self.last_period = period;
    }
}

impl<S: Sink> Session<'_, S> {
    /// Step rounding at the end of the session (R30 to R37).
    pub(super) fn round_steps(&mut self) {
        let policy = &self.policy.step;
        if policy.mode == StepMode::Ignore || policy.scope == StepScope::Period {
            return;
        }
        let base = |pool: &Pool| match (policy.base, policy.across_tariffs) {
            (StepBase::Measured, _) => pool.measured,
            (StepBase::Priced, StepTariffs::SessionTotal) => pool.priced,
            (StepBase::Priced, StepTariffs::LastTariffOnly) => pool.priced - pool.before_tariff,
        };
        let parks = self.state.pools[PARKING].last != NO_COMPONENT
            || (policy.unpriced_parking == UnpricedParking::Counts && self.state.pools[PARKING].measured != 0);
        let (rounds_time, rounds_parking) = match policy.time {
            StepTime::ParkingFirst => (!parks, parks),
            StepTime::LastPeriod => (!self.state.last_is_parking, self.state.last_is_parking),
            StepTime::BothSeparately => (true, true),
        };
        let pooled = self.policy.reservation.step == ReservationStep::PooledWithTime
            && (self.state.pools[TIME].last != NO_COMPONENT || self.state.pools[PARKING].last != NO_COMPONENT);
        for (pool, is_rounded, is_energy) in [
            (self.state.pools[ENERGY], true, true),
            (self.state.pools[TIME], rounds_time, false),
            (self.state.pools[PARKING], rounds_parking, false),
            (self.state.pools[RESERVED], !pooled, false),
        ] {
            if pool.last == NO_COMPONENT || !is_rounded {
                continue;
            }
            let is_time = !is_energy && pool.last == self.state.pools[TIME].last;
            let reserved = if pooled && is_time { self.state.pools[RESERVED].priced } else { 0 };
            let surplus = self.surplus(pool.last, base(&pool) + reserved, is_energy);
            if surplus != 0 {
                self.sink.surplus(pool.last, pool.last_period, surplus);
            }
        }
        if let Some(tariff) = self.state.seen.last_tariff {
            self.sink.end_of_stretch(tariff, true);
        }
    }

    /// What is missing to the next multiple of a price's step.
    pub(super) fn surplus(&self, price: u32, quantity: i128, is_energy: bool) -> i128 {
        let step = i128::from(self.compiled.prices.components[price as usize].step);
        if step == 0 {
            return 0;
        }
        // steps are 10^12 at most, units 10^25
        let step = step * if is_energy { units_of_a_kwh(self.usage.scale) / 1000 } else { i128::from(SECOND) };
        if quantity >= 0 {
            let rest = match (u64::try_from(quantity), u64::try_from(step)) {
                // the usual case, in which the processor divides
                (Ok(quantity), Ok(step)) => (quantity % step).into(),
                _ => quantity % step,
            };
            return if rest == 0 { 0 } else { step - rest };
        }
        match self.policy.step.negative_quantity {
            NegativeStep::Exact => 0,
            NegativeStep::TowardZero => -(quantity % step),
            NegativeStep::AwayFromZero => match -quantity % step {
                0 => 0,
                rest => rest - step,
            },
        }
    }
}
