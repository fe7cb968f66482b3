//! Tariffs of 2.1.

use alloc::boxed::Box;

use serde::Serialize;

use super::{EvseKind, MessageContent};
use crate::string_enum::string_enum;
use crate::{CustomData, Decimal, List, Text, Timestamp};

/// Amount of money without tax, with tax or both; at least one of the two is given (`PriceType`, 2.1 Part 2 §2.80).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Price {
    /// Amount before tax; may be left out if `inclTax` is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excl_tax: Option<Decimal>,
    /// Amount with tax; may be left out if `exclTax` is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incl_tax: Option<Decimal>,
    /// Tax percentages with which `inclTax` was derived from `exclTax`.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub tax_rates: List<TaxRate, 1, 5>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Tariff from which the station computes the cost of a transaction, with prices for energy, charging, idling,
/// reservation and fixed fees (`TariffType`, 2.1 Part 2 §2.104).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Tariff {
    /// Unique identifier of the tariff.
    pub tariff_id: Text<60>,
    /// Explanation of the tariff for the driver, with one entry for each language.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub description: List<MessageContent, 1, 10>,
    /// ISO 4217 code of the currency of all prices, such as `EUR`.
    pub currency: Text<3>,
    /// Prices for the energy used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy: Option<TariffEnergy>,
    /// Moment at which the tariff takes effect; at once when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// Prices for the time spent charging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_time: Option<TariffTime>,
    /// Prices for the time connected without charging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_time: Option<TariffTime>,
    /// Fees charged once for a transaction, such as a start fee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_fee: Option<TariffFixed>,
    /// Prices for the duration of a reservation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation_time: Option<TariffTime>,
    /// Fees charged once for a reservation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation_fixed: Option<TariffFixed>,
    /// Least amount a transaction costs, given with tax, without tax or both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_cost: Option<Price>,
    /// Highest amount a transaction can cost, given with tax, without tax or both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_cost: Option<Price>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Conditions under which an energy or time price applies during a transaction; all of those given must hold
/// together. Discharging uses negative values, with each minimum being the bound nearest to zero
/// (`TariffConditionsType`, 2.1 Part 2 §2.97).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TariffConditions {
    /// Local time of day from which the price applies, as 24-hour `HH:MM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time_of_day: Option<Text>,
    /// Local time of day until which the price applies, as 24-hour `HH:MM`; earlier than `startTimeOfDay` means the
    /// next day, and `00:00` means midnight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time_of_day: Option<Text>,
    /// Days of the week on which the price applies.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub day_of_week: List<DayOfWeek, 1, 7>,
    /// First local date on which the price applies, as `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from_date: Option<Text>,
    /// Local date, as `YYYY-MM-DD`, from which the price no longer applies; the day itself is excluded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to_date: Option<Text>,
    /// Restricts the price to AC or to DC EVSEs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse_kind: Option<EvseKind>,
    /// Energy in Wh that must have been used before the price applies, this amount included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_energy: Option<Decimal>,
    /// Energy in Wh at which the price stops applying, this amount excluded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_energy: Option<Decimal>,
    /// Lowest momentary current in A, summed over all phases, at which the price applies, this value included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_current: Option<Decimal>,
    /// Momentary current in A, summed over all phases, below which the price applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_current: Option<Decimal>,
    /// Lowest momentary power in W at which the price applies, this value included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_power: Option<Decimal>,
    /// Momentary power in W below which the price applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_power: Option<Decimal>,
    /// Time in s since the start of the transaction, charging and idle together, from which the price applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_time: Option<i64>,
    /// Time in s since the start of the transaction, charging and idle together, at which the price stops applying.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_time: Option<i64>,
    /// Time in s spent charging from which the price applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_charging_time: Option<i64>,
    /// Time in s spent charging at which the price stops applying.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_charging_time: Option<i64>,
    /// Time in s spent idle, that is not charging, from which the price applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_idle_time: Option<i64>,
    /// Time in s spent idle, that is not charging, at which the price stops applying.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_idle_time: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Conditions checked at the start of a transaction to decide whether a fixed price applies; all of those given must
/// hold together (`TariffConditionsFixedType`, 2.1 Part 2 §2.96).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TariffConditionsFixed {
    /// Local time of day from which the price applies, as 24-hour `HH:MM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time_of_day: Option<Text>,
    /// Local time of day until which the price applies, as 24-hour `HH:MM`; earlier than `startTimeOfDay` means the
    /// next day, and `00:00` means midnight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time_of_day: Option<Text>,
    /// Days of the week on which the price applies.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub day_of_week: List<DayOfWeek, 1, 7>,
    /// First local date on which the price applies, as `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from_date: Option<Text>,
    /// Local date, as `YYYY-MM-DD`, from which the price no longer applies; the day itself is excluded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to_date: Option<Text>,
    /// Restricts the price to AC or to DC EVSEs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse_kind: Option<EvseKind>,
    /// Restricts the price to an ad hoc payment brand, matched against the additional token of type `PaymentBrand`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_brand: Option<Text<20>>,
    /// Restricts the price to a kind of ad hoc payment such as `CC` or `Debit`, matched against the additional token
    /// of type `PaymentRecognition`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_recognition: Option<Text<20>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Energy part of a tariff: its prices and the taxes on them (`TariffEnergyType`, 2.1 Part 2 §2.99).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TariffEnergy {
    /// Energy prices, each with its own conditions.
    pub prices: List<TariffEnergyPrice, 1>,
    /// Taxes on the energy cost; no tax applies when absent, which differs from a rate of 0 %.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub tax_rates: List<TaxRate, 1, 5>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One energy price of a tariff and the conditions under which it applies (`TariffEnergyPriceType`, 2.1 Part 2
/// §2.98).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TariffEnergyPrice {
    /// Price of one kWh before tax.
    pub price_kwh: Decimal,
    /// When this price applies; without conditions it always does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Box<TariffConditions>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Fixed-fee part of a tariff: its prices and the taxes on them (`TariffFixedType`, 2.1 Part 2 §2.101).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TariffFixed {
    /// Fixed prices, each with its own conditions.
    pub prices: List<TariffFixedPrice, 1>,
    /// Taxes on the fixed fee; no tax applies when absent, which differs from a rate of 0 %.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub tax_rates: List<TaxRate, 1, 5>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One fixed price of a tariff and the conditions under which it applies (`TariffFixedPriceType`, 2.1 Part 2 §2.100).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TariffFixedPrice {
    /// When this price applies; without conditions it always does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Box<TariffConditionsFixed>>,
    /// Amount charged once, such as a start fee.
    pub price_fixed: Decimal,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Time-based part of a tariff: its prices and the taxes on them (`TariffTimeType`, 2.1 Part 2 §2.103).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TariffTime {
    /// Prices per minute, each with its own conditions.
    pub prices: List<TariffTimePrice, 1>,
    /// Taxes on the time cost; no tax applies when absent, which differs from a rate of 0 %.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub tax_rates: List<TaxRate, 1, 5>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One time-based price of a tariff and the conditions under which it applies (`TariffTimePriceType`, 2.1 Part 2
/// §2.102).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TariffTimePrice {
    /// Price of one minute before tax.
    pub price_minute: Decimal,
    /// When this price applies; without conditions it always does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Box<TariffConditions>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One tax with its percentage and its place in the stack of taxes (`TaxRateType`, 2.1 Part 2 §2.105).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TaxRate {
    /// Name of the tax as shown on a receipt, for example `Federal` or `State`.
    #[serde(rename = "type")]
    pub kind: Text<20>,
    /// Tax rate in %.
    pub tax: Decimal,
    /// Order in which taxes pile up: 0, the default when absent, taxes the net price and each higher level also taxes
    /// the level below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub stack: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Day of the week on which a tariff condition holds (`DayOfWeekEnumType`, 2.1 Part 2 §3.31).
    pub enum DayOfWeek {
        /// The condition holds on Mondays.
        Monday,
        /// The condition holds on Tuesdays.
        Tuesday,
        /// The condition holds on Wednesdays.
        Wednesday,
        /// The condition holds on Thursdays.
        Thursday,
        /// The condition holds on Fridays.
        Friday,
        /// The condition holds on Saturdays.
        Saturday,
        /// The condition holds on Sundays.
        Sunday,
    }
}
