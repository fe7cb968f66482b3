//! Sales tariffs of ISO 15118-2.

use alloc::boxed::Box;

use serde::Serialize;

use super::RelativeTimeInterval;
use crate::string_enum::string_enum;
use crate::{CustomData, Decimal, List, Text};

/// Costs that apply from a certain level of consumption on (`ConsumptionCostType`, 2.1 Part 2 §2.29).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ConsumptionCost {
    /// Consumption at which this block begins; it ends where the next block starts.
    pub start_value: Decimal,
    /// The costs that apply in this block.
    pub cost: List<Cost, 1, 3>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A cost per kWh in a sales tariff, in money, emission or share (`CostType`, 2.1 Part 2 §2.32).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// What sort of cost the amount stands for.
    pub cost_kind: CostKind,
    /// Expected or real cost of one kWh, before scaling by `amountMultiplier`.
    pub amount: i64,
    /// Power of ten, from -3 to 3, that scales the amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_multiplier: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Tariff of a mobility operator in the form of ISO 15118-2 (`SalesTariffType`, 2.1 Part 2 §2.86).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SalesTariff {
    /// Number that identifies the sales tariff and stays the same during the charging session.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub id: i64,
    /// Short title of the tariff to show to the driver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sales_tariff_description: Option<Text<32>>,
    /// How many different price levels all given sales tariffs use together.
    #[serde(rename = "numEPriceLevels", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub num_eprice_levels: Option<i64>,
    /// The entries of the tariff, one per time interval.
    pub sales_tariff_entry: List<SalesTariffEntry, 1, 1024>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Price level and costs of one time interval in a sales tariff (`SalesTariffEntryType`, 2.1 Part 2 §2.85).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SalesTariffEntry {
    /// Time interval for which the entry is valid, relative to now.
    pub relative_time_interval: RelativeTimeInterval,
    /// Price level of this entry on the scale of `numEPriceLevels`: the higher, the more expensive.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub e_price_level: Option<i64>,
    /// More relative price data or other costs, stepped by consumption.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub consumption_cost: List<ConsumptionCost, 1, 3>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Which kind of cost the amount in a sales tariff stands for (`CostKindEnumType`, 2.1 Part 2 §3.27).
    pub enum CostKind {
        /// Carbon dioxide emission in g per kWh, as an absolute value.
        CarbonDioxideEmission,
        /// Price per kWh as a percentage of the highest price in any tariff given to the EV.
        RelativePricePercentage,
        /// Share of renewable generation in the total generation, in %.
        RenewableGenerationPercentage,
    }
}
