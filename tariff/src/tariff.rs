//! A tariff as plain data, whatever protocol and version it came in.

pub(crate) mod component;
pub(crate) mod condition;
pub(crate) mod dimension;

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use self::component::{Component, Tax};
use self::condition::Conditions;
use crate::compile::{CompileError, Compiled};
use crate::currency::Currency;
use crate::literal;
use crate::policy::Policy;

/// What charging costs and when: the one form that tariffs of every protocol and version are brought into.
///
/// All fields are public and serialise; [`compile`](Self::compile) checks them and makes the tariff ready for pricing.
/// Energy is in kWh, power in kW, current in A (sum over the phases), durations in seconds, prices per kWh, per hour or
/// per session.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// Identifies the tariff at its owner; compared without regard to letter case (R9).
    pub id: String,
    /// The currency of all prices.
    pub currency: Currency,
    /// Whose rules apply where the protocols differ.
    #[serde(default)]
    pub dialect: Dialect,
    /// Which sessions the tariff is for; none: any (R10).
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<TariffKind>,
    /// From when on it is valid; none: always was (R10, R77).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<DateTime<Utc>>,
    /// Until when it is valid, exclusive; none: without end (R10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTime<Utc>>,
    /// How prices and taxes belong together (R45 to R47).
    #[serde(default)]
    pub tax_mode: TaxMode,
    /// The least a session costs (R42, R64).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_price: Option<PriceLimit>,
    /// The most a session costs (R42, R64).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_price: Option<PriceLimit>,
    /// The prices; for each dimension the first that matches applies (R13, R56).
    pub elements: Vec<Element>,
}

impl Tariff {
    /// A tariff of OCPI with nothing but its elements.
    pub fn new(id: impl Into<String>, currency: Currency, elements: Vec<Element>) -> Self {
        Self {
            id: id.into(),
            currency,
            dialect: Dialect::default(),
            kind: None,
            valid_from: None,
            valid_until: None,
            tax_mode: TaxMode::default(),
            min_price: None,
            max_price: None,
            elements,
        }
    }

    /// Checks the tariff and makes it ready for pricing any number of usages.
    ///
    /// # Errors
    /// When the tariff cannot be priced exactly; the diagnostics say what and where.
    pub fn compile(&self, policy: &Policy) -> Result<Compiled, CompileError> {
        Compiled::new(core::slice::from_ref(self), policy)
    }
}

/// Whose rules apply where the protocols differ.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Dialect {
    /// OCPI 2.1.1: no VAT, no reservations, no price limits.
    Ocpi211,
    /// OCPI 2.2.1 and later.
    #[default]
    Ocpi,
    /// OCPP 2.1: the fee is decided at the start, limits stop the cost, no steps.
    Ocpp21,
}

/// Which sessions a tariff is for (`TariffType` of OCPI).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum TariffKind {
    /// Paid on the spot.
    AdHocPayment,
    /// The driver prefers cheap charging.
    ProfileCheap,
    /// The driver prefers fast charging.
    ProfileFast,
    /// The driver prefers green energy.
    ProfileGreen,
    /// Any other.
    Regular,
}

/// How prices and taxes belong together.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TaxMode {
    /// Prices are before tax; a component without tax has none due (R45).
    #[default]
    Excluded,
    /// Prices are after tax; a component without a rate has an unknown amount before tax (R47).
    Included,
    /// There is no tax; one amount is both (R47).
    NotApplicable,
    /// Prices are before tax and the tax is not known (R46).
    Unknown,
}

/// The least or the most a session costs (R42, R43, R64).
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PriceLimit {
    /// Before tax.
    #[serde(default, with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub excl_tax: Option<Decimal>,
    /// After tax.
    #[serde(default, with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub incl_tax: Option<Decimal>,
    /// The taxes between the two, where the protocol states them (OCPP 2.1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<Tax>,
}

impl PriceLimit {
    /// A limit on the amount before tax.
    #[must_use]
    pub fn excl_tax(amount: Decimal) -> Self {
        Self { excl_tax: Some(amount), ..Self::default() }
    }

    /// A limit on both amounts.
    #[must_use]
    pub fn both(excl_tax: Decimal, incl_tax: Decimal) -> Self {
        Self { excl_tax: Some(excl_tax), incl_tax: Some(incl_tax), taxes: Vec::new() }
    }
}

/// Prices with the conditions under which they apply.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// What the element is for.
    #[serde(default, rename = "for")]
    pub kind: ElementKind,
    /// All of them have to hold (R16).
    #[serde(default, rename = "restrictions", skip_serializing_if = "Conditions::is_empty")]
    pub conditions: Conditions,
    /// At most one for each dimension (R14).
    #[serde(rename = "price_components")]
    pub components: Vec<Component>,
}

impl Element {
    /// An element without conditions for ordinary use.
    #[must_use]
    pub fn new(components: Vec<Component>) -> Self {
        Self { kind: ElementKind::Ordinary, conditions: Conditions::default(), components }
    }

    /// The same under conditions.
    #[must_use]
    pub fn when(mut self, conditions: Conditions) -> Self {
        self.conditions = conditions;
        self
    }

    /// The same for something other than ordinary use.
    #[must_use]
    pub fn for_kind(mut self, kind: ElementKind) -> Self {
        self.kind = kind;
        self
    }
}

/// What an element is for: ordinary, reservation and booking elements stand apart (R27, R28).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ElementKind {
    /// Charging and parking.
    #[default]
    Ordinary,
    /// A reservation (R39, R63).
    Reservation,
    /// A reservation that was not used (R39).
    ReservationExpires,
    /// A booking that was used (R40).
    Booking,
    /// A booking that was not used (R40).
    BookingExpires,
    /// A booking that was cancelled too late (R40).
    BookingCancellation,
    /// Staying longer than booked (R40).
    BookingOvertime,
}

impl ElementKind {
    /// All kinds, in the order in which a tariff is told.
    pub const ALL: [Self; 7] = [
        Self::Ordinary,
        Self::Reservation,
        Self::ReservationExpires,
        Self::Booking,
        Self::BookingExpires,
        Self::BookingCancellation,
        Self::BookingOvertime,
    ];
}
