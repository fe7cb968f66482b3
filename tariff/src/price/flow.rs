//! Current and power as conditions see them (R25, R26).

use super::session::{Session, Sink};
use crate::compile::axes::FlowView;
use crate::policy::{IdlePower, MissingPower, PowerStraddle};
use crate::usage::{CheckedFlow, CheckedPeriod, HOUR, THRESHOLD_SCALE};
use crate::wide::{Integer, narrow};

impl<S: Sink> Session<'_, S> {
    /// Current and power of a period as conditions see them (R25, R26).
    #[inline(never)]
    pub(super) fn flow(&self, period: &CheckedPeriod) -> FlowView {
        let policy = &self.policy.power;
        let is_charging = period.energy != 0 || period.time != 0;
        if !is_charging && policy.idle == IdlePower::Zero {
            return FlowView::NONE;
        }
        let stated = match (period.flow as usize).checked_sub(1) {
            Some(place) => self.usage.flows[place],
            None => CheckedFlow::default(),
        };
        let assume_met = policy.missing != MissingPower::AssumeNotMet;
        let derived = |stated: bool| {
            let wanted = policy.missing == MissingPower::Derive && !stated && is_charging;
            if wanted { self.average_power(period) } else { None }
        };
        let view = |extreme: Option<i128>, average: Option<i128>, other: Option<i128>| {
            let known = match policy.straddle {
                PowerStraddle::Extremes => extreme.or(average),
                PowerStraddle::Average => average.or(extreme),
            };
            // where what is not known is not met, the other extreme still proves some bounds
            known.or(if assume_met { None } else { other })
        };
        let all_stated = stated.power.is_some() || (stated.min_power.is_some() && stated.max_power.is_some());
        let power = stated.power.or_else(|| derived(all_stated));
        FlowView {
            current_from: view(stated.max_current, stated.current, stated.min_current),
            current_below: view(stated.min_current, stated.current, stated.max_current),
            power_from: view(stated.max_power, power, stated.min_power),
            power_below: view(stated.min_power, power, stated.max_power),
            assume_met,
        }
    }

    /// Energy over charging time, or over the length of the period if no time is stated.
    fn average_power(&self, period: &CheckedPeriod) -> Option<i128> {
        let nanos = if period.time != 0 { period.time } else { period.length };
        if nanos == 0 {
            return None;
        }
        let up = 10_i128.pow(THRESHOLD_SCALE) * HOUR;
        let down = 10_i128.pow(self.usage.scale).wide() * i128::from(nanos).wide();
        let (quotient, rest) = (period.energy.wide() * up.wide() / down, period.energy.wide() * up.wide() % down);
        narrow(quotient).map(|quotient| if rest.is_negative() { quotient - 1 } else { quotient })
    }
}

impl FlowView {
    /// Nothing flows.
    pub(super) const NONE: Self = Self {
        current_from: Some(0),
        current_below: Some(0),
        power_from: Some(0),
        power_below: Some(0),
        assume_met: true,
    };

    /// Turns the extremes around: what a lower bound was compared with, an upper bound is compared with.
    pub(super) fn swap(&mut self) {
        core::mem::swap(&mut self.current_from, &mut self.current_below);
        core::mem::swap(&mut self.power_from, &mut self.power_below);
    }
}
