//! The result of pricing: totals, and a bill somebody can check line by line.

use alloc::string::String;
use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::diagnostic::Diagnostic;
use crate::exact::Exact;
use crate::policy::GrossRounding;
use crate::tariff::ElementKind;
use crate::tariff::dimension::Dimension;

/// An amount before and after tax; none where it is not known, which is never the same as zero (R46, R47).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Cost {
    /// Before tax.
    pub excl_tax: Option<Exact>,
    /// After tax.
    pub incl_tax: Option<Exact>,
}

impl Cost {
    /// Nothing, and that is known.
    pub const ZERO: Self = Self { excl_tax: Some(Exact::ZERO), incl_tax: Some(Exact::ZERO) };
}

/// What one group of prices comes to.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Group {
    /// What was used: kWh, hours or fees.
    pub quantity: Exact,
    /// What was billed of it: priced quantity with its step.
    pub billed: Exact,
    /// What it costs.
    pub cost: Cost,
}

/// What a session comes to, in total and by group; exact.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Totals {
    /// The currency of all amounts.
    pub currency: Currency,
    /// Everything, after limits (R42, R64).
    pub total: Cost,
    /// Energy, in kWh.
    pub energy: Group,
    /// Charging time, in hours.
    pub time: Group,
    /// Parking or idle time, in hours.
    pub parking_time: Group,
    /// Fixed fees (R51).
    pub fixed: Group,
    /// Reservation and booking: reserved hours, and all they cost, fees included (R51).
    pub reservation: Group,
    /// Which price limit changed the total.
    pub limit: Option<Limit>,
}

/// Which price limit changed the total (R42, R64).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// The minimum.
    Min,
    /// The maximum.
    Max,
}

/// A bill: totals, the lines they are the sum of, taxes, and everything that was noticed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bill {
    /// What it comes to.
    pub totals: Totals,
    /// The parts; `totals.total` is their sum.
    pub lines: Vec<Line>,
    /// The taxes; they account for the difference of the two totals.
    pub taxes: Vec<TaxLine>,
    /// The tariffs that priced it, by id; [`Source::tariff`] is an index into them.
    pub tariffs: Vec<String>,
    /// The smallest and the greatest consistent amount, where the policy asks for bounds (R17).
    pub bounds: Option<(Cost, Cost)>,
    /// What was noticed about the usage and while pricing it.
    pub diagnostics: Vec<Diagnostic>,
    /// Decimals of the invoice.
    pub(crate) minor_digits: u32,
    /// The policy's way of rounding.
    pub(crate) rounding: crate::policy::RoundingPolicy,
}

/// A part of a bill: what was used under one price, without interruption.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Line {
    /// What the line is about.
    pub kind: LineKind,
    /// The component that priced it.
    pub source: Option<Source>,
    /// The first charging period it is about, a place in the order of time as [`Usage::periods`](crate::Usage::periods) has it.
    pub first_period: u32,
    /// The last charging period it is about, in the same order.
    pub last_period: u32,
    /// What was used: kWh, hours or fees.
    pub quantity: Exact,
    /// What is billed: the quantity and what the step adds to it (R34).
    pub billed: Exact,
    /// The step that was applied, in Wh or seconds; 0: none.
    pub step: u64,
    /// The price of a kWh, an hour or a session.
    #[serde(with = "crate::literal::decimal")]
    pub price: Decimal,
    /// What it costs.
    pub cost: Cost,
    /// Why it is on the bill.
    pub reason: Reason,
}

/// What a line is about.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LineKind {
    /// Energy.
    Energy,
    /// Charging time.
    Time,
    /// Parking or idle time.
    ParkingTime,
    /// A fixed fee.
    Fixed,
    /// Time of a reservation or booking.
    ReservationTime,
    /// A fee of a reservation or booking.
    ReservationFee,
    /// The difference a price limit makes (R44).
    PriceLimit,
    /// The difference that early rounding or a floor at zero makes (R41, R49).
    Adjustment,
}

/// The component behind a line.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Source {
    /// Index of the tariff among those given.
    pub tariff: u16,
    /// Index of the element in the tariff.
    pub element: u32,
    /// Index of the component in the element.
    pub component: u32,
    /// What the component prices.
    pub dimension: Dimension,
    /// What the element is for.
    pub kind: ElementKind,
}

/// Why a line is on the bill.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The component is the first whose conditions hold (R13).
    FirstMatch,
    /// No component applies, so it costs nothing (R15).
    NoComponent,
    /// The period has no tariff, so it is not priced (R9).
    NoTariff,
    /// The minimum price.
    MinPrice,
    /// The maximum price.
    MaxPrice,
    /// The policy rounds before the end, or keeps totals from being negative.
    Policy,
}

/// One tax of a bill.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct TaxLine {
    /// Its name.
    pub name: String,
    /// Its rate; none where no single rate explains the amount (R44).
    #[serde(with = "crate::literal::optional_decimal")]
    pub percent: Option<Decimal>,
    /// The level it is stacked on (R61).
    pub stack: u32,
    /// What it is computed on.
    pub base: Exact,
    /// What it comes to.
    pub amount: Exact,
}

/// A bill in the minor unit of its currency (R49).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Invoice {
    /// The total before tax.
    #[serde(serialize_with = "crate::literal::optional_decimal::serialize")]
    pub excl_tax: Option<Decimal>,
    /// Each tax, in the order of [`Bill::taxes`].
    #[serde(with = "crate::literal::decimals")]
    pub taxes: Vec<Decimal>,
    /// The total after tax.
    #[serde(with = "crate::literal::optional_decimal")]
    pub incl_tax: Option<Decimal>,
}

impl Bill {
    /// The total.
    #[must_use]
    pub fn total(&self) -> Cost {
        self.totals.total
    }

    /// The lines.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The bill in the minor unit of its currency, rounded as the policy says (R49).
    #[must_use]
    pub fn invoice(&self) -> Invoice {
        let mode = self.rounding.mode;
        let rounded = |amount: Exact| amount.round(self.minor_digits, mode);
        let excl_tax = self.totals.total.excl_tax.map(rounded);
        let taxes: Vec<Decimal> = self.taxes.iter().map(|tax| rounded(tax.amount)).collect();
        let from_exact = self.totals.total.incl_tax.map(rounded);
        let incl_tax = match (excl_tax, from_exact, self.rounding.gross) {
            (Some(net), Some(_), GrossRounding::SumOfLines) => {
                taxes.iter().try_fold(net, |sum, tax| sum.checked_add(*tax)).or(from_exact)
            }
            _ => from_exact,
        };
        Invoice { excl_tax, taxes, incl_tax }
    }
}
