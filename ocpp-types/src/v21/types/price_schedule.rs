//! Price schedules of ISO 15118-20.

use alloc::boxed::Box;

use serde::Serialize;

use crate::{CustomData, List, Text, Timestamp};

/// Price schedule with absolute prices, laid out as in ISO 15118-20 so that a signature over it survives conversion
/// (`AbsolutePriceScheduleType`, 2.1 Part 2 §2.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AbsolutePriceSchedule {
    /// Moment at which the price schedule begins.
    pub time_anchor: Timestamp,
    /// Number that identifies the price schedule.
    #[serde(rename = "priceScheduleID")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub price_schedule_id: i64,
    /// Text that describes the price schedule to people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_schedule_description: Option<Text<160>>,
    /// ISO 4217 code of the currency of all prices.
    pub currency: Text<3>,
    /// ISO 639 code of the language of the texts in this schedule.
    pub language: Text<8>,
    /// URN that names the algorithm for calculating the energy price of a power profile out of the price rules.
    pub price_algorithm: Text<2000>,
    /// Least amount charged for the session as a whole, with energy, parking and overstay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_cost: Option<RationalNumber>,
    /// Greatest amount charged for the session as a whole, with energy, parking and overstay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_cost: Option<RationalNumber>,
    /// Successive stacks of price rules for energy and parking.
    pub price_rule_stacks: List<PriceRuleStack, 1, 1024>,
    /// Taxes that apply to the prices of this schedule.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub tax_rules: List<TaxRule, 1, 10>,
    /// Rules for the fees, possibly rising, when the EV stays too long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overstay_rule_list: Option<OverstayRuleList>,
    /// Prices of extra services the driver chose, such as a car wash.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub additional_selected_services: List<AdditionalSelectedServices, 1, 5>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// An extra service and its price in an ISO 15118-20 price schedule (`AdditionalSelectedServicesType`, 2.1 Part 2
/// §2.4).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AdditionalSelectedServices {
    /// Price of the service, in the currency of the schedule.
    pub service_fee: RationalNumber,
    /// Name of the service for people to read.
    pub service_name: Text<80>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One stage of the overstay fees in an ISO 15118-20 price schedule (`OverstayRuleType`, 2.1 Part 2 §2.74).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct OverstayRule {
    /// Fee for this stage of overstay, in the currency of the schedule.
    pub overstay_fee: RationalNumber,
    /// Text that describes the rule to people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overstay_rule_description: Option<Text<32>>,
    /// Delay in s between the onset of overstay and the moment this fee begins.
    pub start_time: i64,
    /// Time in s after which the fee is charged once more.
    pub overstay_fee_period: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Rules of an ISO 15118-20 price schedule for EVs that stay too long (`OverstayRuleListType`, 2.1 Part 2 §2.73).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct OverstayRuleList {
    /// Power threshold in W that decides when overstay applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overstay_power_threshold: Option<RationalNumber>,
    /// The overstay fees, one rule per stage.
    pub overstay_rule: List<OverstayRule, 1, 5>,
    /// Time in s that passes before overstay begins to count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overstay_time_threshold: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Price schedule with relative levels, laid out as in ISO 15118-20 so that a signature over it survives conversion
/// (`PriceLevelScheduleType`, 2.1 Part 2 §2.77).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct PriceLevelSchedule {
    /// Successive entries of the schedule, each with its price level.
    pub price_level_schedule_entries: List<PriceLevelScheduleEntry, 1, 100>,
    /// Moment at which the price schedule begins.
    pub time_anchor: Timestamp,
    /// Number that identifies the price schedule.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub price_schedule_id: i64,
    /// Text that describes the price schedule to people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_schedule_description: Option<Text<32>>,
    /// How many different price levels all price level schedules use together.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub number_of_price_levels: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A stretch of time with one price level in an ISO 15118-20 schedule (`PriceLevelScheduleEntryType`, 2.1 Part 2
/// §2.76).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct PriceLevelScheduleEntry {
    /// Length of this entry, in s.
    pub duration: i64,
    /// Price level of this entry on the scale of `numberOfPriceLevels`: the higher, the more expensive.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub price_level: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Prices for energy and parking within a power range of an ISO 15118-20 schedule (`PriceRuleType`, 2.1 Part 2
/// §2.79).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct PriceRule {
    /// Length in s of the period for which one parking fee is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parking_fee_period: Option<i64>,
    /// Carbon dioxide emission of the energy, in g per kWh.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub carbon_dioxide_emission: Option<i64>,
    /// Share of the power from renewable sources in %, 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub renewable_generation_percentage: Option<i64>,
    /// Price of one kWh; zero if the energy is free.
    pub energy_fee: RationalNumber,
    /// Price of parking per parking fee period; to be given whenever parking costs money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parking_fee: Option<RationalNumber>,
    /// Power from which the rule applies: upwards if zero or positive, downwards if negative, up to the start of the
    /// next rule.
    pub power_range_start: RationalNumber,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Price rules that apply together for a stretch of time in an ISO 15118-20 schedule (`PriceRuleStackType`, 2.1 Part
/// 2 §2.78).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct PriceRuleStack {
    /// How long the rules of this stack apply, in s.
    pub duration: i64,
    /// The price rules, told apart by their power range.
    pub price_rule: List<PriceRule, 1, 8>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A decimal number written as an integer times a power of ten, as in ISO 15118-20 (`RationalNumberType`, 2.1 Part 2
/// §2.81).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct RationalNumber {
    /// Power of ten that scales the value.
    pub exponent: i64,
    /// Integer that is multiplied by the power of ten.
    pub value: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A tax and the fees it is levied on, in an ISO 15118-20 price schedule (`TaxRuleType`, 2.1 Part 2 §2.106).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TaxRule {
    /// Number that identifies the tax rule.
    #[serde(rename = "taxRuleID")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub tax_rule_id: i64,
    /// Name of the tax for people to read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_rule_name: Option<Text<100>>,
    /// Whether the prices already contain this tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_included_in_price: Option<bool>,
    /// Whether the tax is levied on the energy fee.
    pub applies_to_energy_fee: bool,
    /// Whether the tax is levied on the parking fee.
    pub applies_to_parking_fee: bool,
    /// Whether the tax is levied on the overstay fee.
    pub applies_to_overstay_fee: bool,
    /// Whether the tax is levied on the minimum and maximum cost.
    pub applies_to_minimum_maximum_cost: bool,
    /// Rate of the tax, in % of the fees it is levied on.
    pub tax_rate: RationalNumber,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}
