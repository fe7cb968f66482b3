//! Cost details of OCPP 2.1 (R64, R67, R79 to R81).

use alloc::vec::Vec;

use ocpp_types::v21;
use rust_decimal::Decimal;

use super::{OutputError, Priced};
use crate::bill::{Limit, LineKind};
use crate::exact::Exact;
use crate::policy::{MergePeriods, ReportedUsage};
use crate::tariff::component::Tax;
use crate::tariff::dimension::Dimension;
use crate::tariff::{ElementKind, Tariff};
use crate::usage::{CheckedPeriod, NO_TARIFF, UsedPeriod};

impl Priced<'_> {
    /// The result a station reports at the end of a transaction.
    ///
    /// A new period begins whenever the set of prices or the tariff changes between periods of the usage, so a usage that
    /// was cut where prices change, such as a meter makes of readings, gives the periods of R67.
    ///
    /// # Errors
    /// When the amount before tax is not known, which no OCPP tariff leads to.
    pub fn cost_details(&self) -> Result<v21::CostDetails, OutputError> {
        let mut details = self.running_cost()?;
        details.charging_periods = self.charging_periods();
        Ok(details)
    }

    /// What a station reports while a transaction goes on: totals and usage so far, no periods (R80). The bill has to be
    /// that of what has accrued.
    ///
    /// # Errors
    /// As [`cost_details`](Self::cost_details).
    pub fn running_cost(&self) -> Result<v21::CostDetails, OutputError> {
        Ok(v21::CostDetails::new(self.total_cost()?, self.total_usage()))
    }

    fn money(&self, exact: Exact) -> ocpp_types::Decimal {
        self.amount(exact, self.policy.ocpp.decimals.unwrap_or(6)).normalize().into()
    }

    fn total_cost(&self) -> Result<v21::TotalCost, OutputError> {
        let totals = &self.bill.totals;
        let mut total = v21::TotalPrice::new();
        let net = totals.total.excl_tax.ok_or(OutputError::NetUnknown)?;
        total.excl_tax = Some(self.money(net));
        total.incl_tax = totals.total.incl_tax.map(|gross| self.money(gross));
        let kind = match totals.limit {
            None => v21::TariffCost::NormalCost,
            Some(Limit::Min) => v21::TariffCost::MinCost,
            Some(Limit::Max) => v21::TariffCost::MaxCost,
        };
        let mut cost = v21::TotalCost::new(totals.currency.code(), kind, total.clone());
        if totals.limit == Some(Limit::Min) {
            // the minimum takes the place of all parts
            let mut fixed = v21::Price::new();
            (fixed.excl_tax, fixed.incl_tax) = (total.excl_tax, total.incl_tax);
            cost.fixed = Some(fixed);
            return Ok(cost);
        }
        cost.fixed = self.part(LineKind::Fixed, Dimension::Flat, false)?;
        cost.energy = self.part(LineKind::Energy, Dimension::Energy, false)?;
        cost.charging_time = self.part(LineKind::Time, Dimension::Time, false)?;
        cost.idle_time = self.part(LineKind::ParkingTime, Dimension::ParkingTime, false)?;
        cost.reservation_time = self.part(LineKind::ReservationTime, Dimension::Time, true)?;
        cost.reservation_fixed = self.part(LineKind::ReservationFee, Dimension::Flat, true)?;
        Ok(cost)
    }

    /// The part of a list; a list without a price has none (R81).
    fn part(&self, kind: LineKind, dimension: Dimension, reserved: bool) -> Result<Option<v21::Price>, OutputError> {
        let Some(taxes) = self.list(dimension, reserved) else { return Ok(None) };
        let cost = self.cost_of(&[kind]).unwrap_or(crate::Cost::ZERO);
        let mut price = v21::Price::new();
        price.excl_tax = Some(self.money(cost.excl_tax.ok_or(OutputError::NetUnknown)?));
        price.incl_tax = cost.incl_tax.map(|gross| self.money(gross));
        price.tax_rates = taxes.iter().map(rate).collect();
        Ok(Some(price))
    }

    /// The taxes of a list of the tariffs in use, if there is such a list. Results of several tariffs state the rates of
    /// the first that has it.
    fn list(&self, dimension: Dimension, reserved: bool) -> Option<&[Tax]> {
        let is_used = |tariff: &&Tariff| {
            self.bill.tariffs.len() == 1 || self.bill.tariffs.iter().any(|id| id.eq_ignore_ascii_case(&tariff.id))
        };
        let elements = self.tariffs.iter().filter(is_used).flat_map(|tariff| &tariff.elements);
        elements
            .filter(|element| (element.kind == ElementKind::Reservation) == reserved)
            .flat_map(|element| &element.components)
            .find(|component| component.dimension == dimension)
            .map(|component| component.taxes.as_slice())
    }

    fn total_usage(&self) -> v21::TotalUsage {
        let mut sums = [Exact::ZERO; 3];
        for period in self.usage.periods() {
            for (sum, value) in sums.iter_mut().zip([period.time, period.parking_time, period.reserved_time]) {
                *sum = sum.checked_add(value).unwrap_or(*sum);
            }
        }
        let [charging, idle, reserved] = sums.map(seconds);
        let (energy, charging, idle) = match self.policy.ocpp.usage {
            ReportedUsage::PricedOnly => {
                let if_priced = |dimension, value| if self.list(dimension, false).is_some() { value } else { 0 };
                let energy = match self.list(Dimension::Energy, false) {
                    Some(_) => self.usage.energy(),
                    None => Exact::ZERO,
                };
                (energy, if_priced(Dimension::Time, charging), if_priced(Dimension::ParkingTime, idle))
            }
            ReportedUsage::Always => (self.usage.energy(), charging, idle),
        };
        let mut usage = v21::TotalUsage::new(watt_hours(energy), charging, idle);
        let is_reserved = [Dimension::Time, Dimension::Flat].iter().any(|&one| self.list(one, true).is_some());
        usage.reservation_time = (reserved > 0 && is_reserved).then_some(reserved);
        usage
    }

    /// Periods with the same prices become one (R67); a reservation is none.
    fn charging_periods(&self) -> ocpp_types::List<v21::ChargingPeriod, 1> {
        let mut merged: Vec<Merged<'_>> = Vec::new();
        let mut prices_in = self.prices_by_period();
        for (used, checked) in self.usage.periods().zip(&self.usage.periods) {
            if !checked.is_use && !used.reserved_time.is_zero() {
                continue;
            }
            let prices = prices_in.get_mut(used.index).map(core::mem::take).unwrap_or_default();
            let is_same = |last: &&mut Merged<'_>| {
                self.policy.ocpp.merge_equal_periods == MergePeriods::Merge
                    && last.tariff == checked.tariff
                    && last.prices == prices
            };
            match merged.last_mut().filter(is_same) {
                Some(last) => last.periods.push((used, checked)),
                None => merged.push(Merged { tariff: checked.tariff, prices, periods: Vec::from([(used, checked)]) }),
            }
        }
        let looks_at = |power: bool| {
            let conditions = self.tariffs.iter().flat_map(|tariff| &tariff.elements).map(|one| &one.conditions);
            conditions.clone().any(|one| {
                if power {
                    one.min_power.is_some() || one.max_power.is_some()
                } else {
                    one.min_current.is_some() || one.max_current.is_some()
                }
            })
        };
        let (states_power, states_current) = (looks_at(true), looks_at(false));
        merged.iter().map(|merged| self.charging_period(merged, states_power, states_current)).collect()
    }

    /// The components that price each period of the record, fees apart.
    fn prices_by_period(&self) -> Vec<Vec<Place>> {
        let mut prices: Vec<Vec<Place>> = alloc::vec![Vec::new(); self.usage.periods.len()];
        for line in
            [LineKind::Energy, LineKind::Time, LineKind::ParkingTime].into_iter().flat_map(|kind| self.lines(kind))
        {
            let Some(source) = line.source else { continue };
            let range = line.first_period as usize..=line.last_period as usize;
            for period in prices.get_mut(range).into_iter().flatten() {
                period.push((source.tariff, source.element, source.component));
            }
        }
        for period in &mut prices {
            period.sort_unstable();
            period.dedup();
        }
        prices
    }

    fn charging_period(&self, merged: &Merged<'_>, states_power: bool, states_current: bool) -> v21::ChargingPeriod {
        let (mut energy, mut charging, mut idle) = (Exact::ZERO, Exact::ZERO, Exact::ZERO);
        let start = merged.periods.first().map_or_else(|| self.usage.start(), |(used, _)| used.start);
        let mut flows: [Option<i128>; 4] = [None; 4];
        for (used, checked) in &merged.periods {
            energy = energy.checked_add(used.energy).unwrap_or(energy);
            charging = charging.checked_add(used.time).unwrap_or(charging);
            idle = idle.checked_add(used.parking_time).unwrap_or(idle);
            let flow = checked.flow.checked_sub(1);
            if let Some(flow) = flow.and_then(|place| self.usage.flows.get(place as usize)) {
                let least = |a: Option<i128>, b: Option<i128>| a.into_iter().chain(b).min();
                let most = |a: Option<i128>, b: Option<i128>| a.into_iter().chain(b).max();
                flows = [
                    least(flows[0], flow.min_current),
                    most(flows[1], flow.max_current),
                    least(flows[2], flow.min_power),
                    most(flows[3], flow.max_power),
                ];
            }
        }
        let mut period = v21::ChargingPeriod::new(start);
        let tariff = match merged.tariff {
            NO_TARIFF => match &self.bill.tariffs[..] {
                [only] => Some(only),
                _ => None,
            },
            named => self.usage.tariff_ids.get(usize::from(named)),
        };
        period.tariff_id = tariff.map(ocpp_types::Text::new);
        let mut add = |kind, volume: Option<Decimal>| {
            if let Some(volume) = volume {
                period.dimensions.push(v21::CostDimension::new(kind, volume));
            }
        };
        use v21::CostDimensionKind as Kind;
        let given = |exact: Exact, volume: Decimal| (!exact.is_zero()).then_some(volume);
        add(Kind::Energy, given(energy, watt_hours(energy)));
        add(Kind::ChargingTime, given(charging, exact_seconds(charging)));
        add(Kind::IdleTIme, given(idle, exact_seconds(idle)));
        let volume = |units: Option<i128>, factor: i128| {
            let units = units?.checked_mul(factor)?;
            Some(Decimal::try_from_i128_with_scale(units, crate::usage::THRESHOLD_SCALE).ok()?.normalize())
        };
        if states_current {
            add(Kind::MinCurrent, volume(flows[0], 1));
            add(Kind::MaxCurrent, volume(flows[1], 1));
        }
        if states_power {
            add(Kind::MinPower, volume(flows[2], 1000));
            add(Kind::MaxPower, volume(flows[3], 1000));
        }
        period
    }
}

/// Neighbouring periods under the same prices.
struct Merged<'a> {
    tariff: u16,
    prices: Vec<Place>,
    periods: Vec<(UsedPeriod, &'a CheckedPeriod)>,
}

/// Tariff, element and component.
type Place = (u16, u32, u32);

fn rate(tax: &Tax) -> v21::TaxRate {
    let mut rate = v21::TaxRate::new(tax.name.as_str(), tax.percent);
    rate.stack = (tax.stack != 0).then(|| tax.stack.into());
    rate
}

/// Whole seconds, rounded here only (R81).
fn seconds(hours: Exact) -> i64 {
    let whole = hours.checked_mul(Exact::from(3600)).unwrap_or_default().round(0, crate::RoundingMode::HalfUp);
    i64::try_from(whole).unwrap_or(i64::MAX)
}

fn exact_seconds(hours: Exact) -> Decimal {
    hours.checked_mul(Exact::from(3600)).unwrap_or_default().round(9, crate::RoundingMode::HalfUp).normalize()
}

fn watt_hours(energy: Exact) -> Decimal {
    energy.checked_mul(Exact::from(1000)).unwrap_or_default().round(9, crate::RoundingMode::HalfUp).normalize()
}
