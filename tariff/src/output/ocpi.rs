//! CDRs of OCPI 2.1.1, 2.2.1 and 2.3.0.

use ocpi_types::{AsciiText, CiString, CountryCode, Number, v211, v221, v230};
use rust_decimal::Decimal;

use super::{OutputError, Priced};
use crate::bill::{Cost, LineKind};
use crate::exact::Exact;
use crate::usage::{CheckedFlow, CheckedPeriod, NO_TARIFF, THRESHOLD_SCALE, UsedPeriod};

/// A CDR that takes what was used and what it costs.
pub trait CdrOutput {
    /// Writes start, end, currency, periods and total quantities.
    ///
    /// Hours have the decimals of the policy, four unless it says otherwise: they lead back to the same seconds (R7, R75).
    ///
    /// # Errors
    /// When there is no period.
    fn set_usage(&mut self, priced: &Priced<'_>) -> Result<(), OutputError>;

    /// Writes the cost fields, with four decimals (R49). A group that no component priced has none.
    ///
    /// # Errors
    /// When an amount before tax is not known (R47).
    fn set_costs(&mut self, priced: &Priced<'_>) -> Result<(), OutputError>;
}

const RESERVATION: &[LineKind] = &[LineKind::ReservationTime, LineKind::ReservationFee];

/// Total quantities as a CDR states them.
struct Quantities {
    energy: Decimal,
    time: Decimal,
    parking_time: Decimal,
}

impl Priced<'_> {
    fn hours(&self, hours: Exact) -> Decimal {
        hours.round(self.policy.convert.time_decimals.unwrap_or(4), crate::RoundingMode::HalfUp).normalize()
    }

    fn energy(&self, energy: Exact) -> Decimal {
        energy.round(9, crate::RoundingMode::HalfUp).normalize()
    }

    fn quantities(&self) -> Quantities {
        let mut time = Exact::ZERO;
        let mut parking = Exact::ZERO;
        for period in self.usage.periods() {
            time = time.checked_add(period.time).unwrap_or(time);
            parking = parking.checked_add(period.parking_time).unwrap_or(parking);
        }
        let both = time.checked_add(parking).unwrap_or(time);
        Quantities {
            energy: self.energy(self.usage.energy()),
            time: self.hours(both),
            parking_time: self.hours(parking),
        }
    }

    /// Dimensions of a period: their names and volumes.
    fn dimensions(&self, used: &UsedPeriod, checked: &CheckedPeriod) -> Vec<(&'static str, Decimal)> {
        let mut dimensions = Vec::new();
        let mut add = |name, volume: Decimal| {
            if !volume.is_zero() {
                dimensions.push((name, volume));
            }
        };
        add("ENERGY", self.energy(used.energy));
        add("TIME", self.hours(used.time));
        add("PARKING_TIME", self.hours(used.parking_time));
        add("RESERVATION_TIME", self.hours(used.reserved_time));
        add("RESERVATION_OVERTIME", self.hours(used.overtime));
        if let Some(flow) = checked.flow.checked_sub(1).and_then(|place| self.usage.flows.get(place as usize)) {
            let CheckedFlow { min_current, max_current, min_power, max_power, .. } = *flow;
            let values = [
                ("MIN_CURRENT", min_current),
                ("MAX_CURRENT", max_current),
                ("MIN_POWER", min_power),
                ("MAX_POWER", max_power),
            ];
            for (name, value) in values {
                let value = value.and_then(|units| Decimal::try_from_i128_with_scale(units, THRESHOLD_SCALE).ok());
                dimensions.extend(value.map(|value| (name, value.normalize())));
            }
        }
        if dimensions.is_empty() {
            dimensions.push(("ENERGY", Decimal::ZERO));
        }
        dimensions
    }

    /// The tariff of a period: the one it names, else the one of the bill if there is a single one.
    fn tariff_of(&self, period: &CheckedPeriod) -> Option<&str> {
        if period.tariff != NO_TARIFF {
            return self.usage.tariff_ids.get(usize::from(period.tariff)).map(String::as_str);
        }
        match &self.bill.tariffs[..] {
            [only] if self.usage.tariff_ids.is_empty() => Some(only),
            _ => None,
        }
    }

    fn has_use_of_parking(&self) -> bool {
        self.usage.periods().any(|period| !period.parking_time.is_zero())
    }
}

macro_rules! periods {
    ($priced:expr, $version:ident) => {
        $priced
            .usage
            .periods()
            .zip(&$priced.usage.periods)
            .map(|(used, checked)| {
                let dimensions: Vec<_> = $priced
                    .dimensions(&used, checked)
                    .into_iter()
                    .map(|(name, volume)| {
                        $version::CdrDimension::new($version::CdrDimensionType::from(name), Number::from(volume))
                    })
                    .collect();
                $version::ChargingPeriod::new(used.start, dimensions)
            })
            .collect::<Vec<_>>()
    };
}

macro_rules! newer {
    ($version:ident, $price:expr) => {
        impl CdrOutput for $version::Cdr {
            fn set_usage(&mut self, priced: &Priced<'_>) -> Result<(), OutputError> {
                let quantities = priced.quantities();
                let mut periods = periods!(priced, $version);
                for (period, checked) in periods.iter_mut().zip(&priced.usage.periods) {
                    period.tariff_id = priced.tariff_of(checked).map(CiString::new);
                }
                if periods.is_empty() {
                    return Err(OutputError::NoPeriods);
                }
                self.start_date_time = priced.usage.start().into();
                self.end_date_time = priced.usage.end().into();
                self.currency = ocpi_types::Currency::new(priced.bill.totals.currency.code());
                self.charging_periods = periods;
                self.total_energy = quantities.energy.into();
                self.total_time = quantities.time.into();
                self.total_parking_time = priced.has_use_of_parking().then(|| quantities.parking_time.into());
                Ok(())
            }

            fn set_costs(&mut self, priced: &Priced<'_>) -> Result<(), OutputError> {
                let price: fn(&Priced<'_>, Cost, Option<&[LineKind]>) -> Result<$version::Price, OutputError> = $price;
                let group =
                    |kinds: &[LineKind]| priced.cost_of(kinds).map(|cost| price(priced, cost, Some(kinds))).transpose();
                self.total_cost = price(priced, priced.bill.totals.total, None)?;
                self.total_fixed_cost = group(&[LineKind::Fixed])?;
                self.total_energy_cost = group(&[LineKind::Energy])?;
                self.total_time_cost = group(&[LineKind::Time])?;
                self.total_parking_cost = group(&[LineKind::ParkingTime])?;
                self.total_reservation_cost = group(RESERVATION)?;
                Ok(())
            }
        }
    };
}

newer!(v221, |priced, cost, _| {
    let net = cost.excl_tax.ok_or(OutputError::NetUnknown)?;
    let mut price = v221::Price::new(priced.amount(net, 4));
    price.incl_vat = cost.incl_tax.map(|gross| priced.amount(gross, 4).into());
    Ok(price)
});

newer!(v230, |priced, cost, kinds| {
    let net = cost.excl_tax.ok_or(OutputError::NetUnknown)?;
    let mut price = v230::Price::new(priced.amount(net, 4));
    let Some(gross) = cost.incl_tax else { return Ok(price) };
    let tax = |name: &str, percent: Option<Decimal>, amount: Exact| {
        let mut tax = v230::TaxAmount::new(name, priced.amount(amount, 4));
        tax.percentage = percent.map(Number::from);
        tax
    };
    let named = match kinds {
        None => Some(priced.bill.taxes.iter().map(|line| tax(&line.name, line.percent, line.amount)).collect()),
        Some(kinds) => priced.named_taxes(kinds).map(|named| {
            named.into_iter().map(|(rate, amount)| tax(&rate.name, Some(rate.percent), amount)).collect::<Vec<_>>()
        }),
    };
    price.taxes = match (named, gross.checked_sub(net)) {
        (Some(named), _) => named,
        (None, Some(difference)) => Vec::from([tax("Tax", None, difference)]),
        (None, None) => Vec::new(),
    };
    Ok(price)
});

impl CdrOutput for v211::Cdr {
    fn set_usage(&mut self, priced: &Priced<'_>) -> Result<(), OutputError> {
        let quantities = priced.quantities();
        let mut periods = periods!(priced, v211);
        for period in &mut periods {
            // power and reservations are not part of 2.1.1
            period.dimensions.retain(|dimension| {
                use v211::CdrDimensionType::{Energy, MaxCurrent, MinCurrent, ParkingTime, Time};
                matches!(dimension.kind, Energy | MaxCurrent | MinCurrent | ParkingTime | Time)
            });
        }
        periods.retain(|period| !period.dimensions.is_empty());
        if periods.is_empty() {
            return Err(OutputError::NoPeriods);
        }
        self.start_date_time = priced.usage.start().into();
        self.stop_date_time = priced.usage.end().into();
        self.currency = ocpi_types::Currency::new(priced.bill.totals.currency.code());
        self.charging_periods = periods;
        self.total_energy = quantities.energy.into();
        self.total_time = quantities.time.into();
        self.total_parking_time = priced.has_use_of_parking().then(|| quantities.parking_time.into());
        Ok(())
    }

    fn set_costs(&mut self, priced: &Priced<'_>) -> Result<(), OutputError> {
        let net = priced.bill.totals.total.excl_tax.ok_or(OutputError::NetUnknown)?;
        self.total_cost = priced.amount(net, 4).into();
        Ok(())
    }
}

/// What a CDR of OCPI 2.1.1 says besides usage and cost.
#[derive(Clone, Debug)]
pub struct CdrHead211 {
    /// Identifies the CDR.
    pub id: CiString<36>,
    /// The contract of the driver.
    pub auth_id: AsciiText<36>,
    /// How the driver was authorised.
    pub auth_method: v211::AuthMethod,
    /// Where charging took place.
    pub location: v211::Location,
    /// The tariffs that were applied.
    pub tariffs: Vec<v211::Tariff>,
    /// When the CDR is made.
    pub last_updated: ocpi_types::DateTime<false>,
}

impl CdrHead211 {
    /// The whole CDR.
    ///
    /// # Errors
    /// When there is no period, or an amount before tax is not known.
    pub fn cdr(self, priced: &Priced<'_>) -> Result<v211::Cdr, OutputError> {
        let (usage, zero) = (priced.usage, Number::ZERO);
        let mut cdr = v211::Cdr::new(
            self.id,
            usage.start(),
            usage.end(),
            self.auth_id,
            self.auth_method,
            self.location,
            priced.bill.totals.currency.code(),
            Vec::new(),
            zero,
            zero,
            zero,
            self.last_updated,
        );
        cdr.tariffs = self.tariffs;
        cdr.set_usage(priced)?;
        cdr.set_costs(priced)?;
        Ok(cdr)
    }
}

macro_rules! heads {
    ($($(#[$doc:meta])* $name:ident, $version:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            /// Country of the party that owns the CDR.
            pub country_code: CountryCode,
            /// The party that owns the CDR.
            pub party_id: CiString<3>,
            /// Identifies the CDR.
            pub id: CiString<39>,
            /// The Session that is billed.
            pub session_id: Option<CiString<36>>,
            /// The token that was used.
            pub cdr_token: $version::CdrToken,
            /// How the driver was authorised.
            pub auth_method: $version::AuthMethod,
            /// Where charging took place.
            pub cdr_location: $version::CdrLocation,
            /// The tariffs that were applied.
            pub tariffs: Vec<$version::Tariff>,
            /// When the CDR is made.
            pub last_updated: ocpi_types::DateTime,
        }

        impl $name {
            /// The whole CDR.
            ///
            /// # Errors
            /// When there is no period, or an amount before tax is not known.
            pub fn cdr(self, priced: &Priced<'_>) -> Result<$version::Cdr, OutputError> {
                let (usage, zero) = (priced.usage, Number::ZERO);
                let mut cdr = $version::Cdr::new(
                    self.country_code,
                    self.party_id,
                    self.id,
                    usage.start(),
                    usage.end(),
                    self.cdr_token,
                    self.auth_method,
                    self.cdr_location,
                    priced.bill.totals.currency.code(),
                    Vec::new(),
                    $version::Price::new(zero),
                    zero,
                    zero,
                    self.last_updated,
                );
                cdr.session_id = self.session_id;
                cdr.tariffs = self.tariffs;
                cdr.set_usage(priced)?;
                cdr.set_costs(priced)?;
                Ok(cdr)
            }
        }
    )+};
}

heads! {
    /// What a CDR of OCPI 2.2.1 says besides usage and cost.
    CdrHead221, v221;
    /// What a CDR of OCPI 2.3.0 says besides usage and cost.
    CdrHead230, v230;
}
