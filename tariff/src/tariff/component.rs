//! The price of one dimension.

use alloc::string::String;
use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::dimension::Dimension;
use crate::literal;

/// The price of one dimension.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// What is priced.
    #[serde(rename = "type")]
    pub dimension: Dimension,
    /// Price of a kWh, an hour or a session.
    #[serde(with = "literal::decimal")]
    pub price: Decimal,
    /// Billed in multiples of this, Wh or seconds; 0 and 1-unit steps of exact quantities round nothing, fees ignore it (R30, R36).
    #[serde(default, rename = "step_size", with = "literal::decimal", skip_serializing_if = "Decimal::is_zero")]
    pub step: Decimal,
    /// The taxes due; none is not the same as 0 % (R45, R61).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<Tax>,
}

impl Component {
    /// A price without step and tax.
    #[must_use]
    pub fn new(dimension: Dimension, price: Decimal) -> Self {
        Self { dimension, price, step: Decimal::ZERO, taxes: Vec::new() }
    }

    /// The same, billed in multiples of so many Wh or seconds.
    #[must_use]
    pub fn step(mut self, step: u32) -> Self {
        self.step = Decimal::from(step);
        self
    }

    /// The same with VAT.
    #[must_use]
    pub fn vat(mut self, percent: Decimal) -> Self {
        self.taxes = Vec::from([Tax::vat(percent)]);
        self
    }
}

/// A tax rate (R45, R48, R61).
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tax {
    /// Its name on the bill.
    pub name: String,
    /// Percent of the amount below it.
    #[serde(with = "literal::decimal")]
    pub percent: Decimal,
    /// Taxes of the same level are added; each level applies to the net plus all lower levels.
    #[serde(default)]
    pub stack: u32,
}

impl Tax {
    /// A tax on the net amount.
    pub fn new(name: impl Into<String>, percent: Decimal) -> Self {
        Self { name: name.into(), percent, stack: 0 }
    }

    /// Value added tax.
    #[must_use]
    pub fn vat(percent: Decimal) -> Self {
        Self::new("VAT", percent)
    }
}
