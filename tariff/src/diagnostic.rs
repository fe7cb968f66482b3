//! What the engine noticed: stable codes, how bad, and where.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

/// Something worth knowing about a tariff, a usage or a bill.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Diagnostic {
    /// What it is; codes never change their meaning.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// Where, as a JSON pointer into the [`Tariff`](crate::Tariff) or [`Record`](crate::Record) (or, from a source, into the
    /// document that was read).
    pub pointer: String,
    /// The values concerned, in words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl Diagnostic {
    /// A diagnostic of the usual severity of its code.
    pub fn new(code: Code, pointer: impl Into<String>) -> Self {
        Self { code, severity: code.severity(), pointer: pointer.into(), detail: String::new() }
    }

    /// The same with the values concerned.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The same as an error, which some policies make of it.
    #[must_use]
    pub fn into_error(mut self) -> Self {
        self.severity = Severity::Error;
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() { "/" } else { &self.pointer };
        write!(f, "{} at {pointer}", self.code.meaning())?;
        if self.detail.is_empty() { Ok(()) } else { write!(f, " ({})", self.detail) }
    }
}

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing is wrong.
    Info,
    /// The result stands, but something about the input is odd.
    Warning,
    /// There is no result, or not for this part.
    Error,
}

/// Diagnostics while they are collected.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Findings(pub(crate) Vec<Diagnostic>);

impl Findings {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    /// Notes a diagnostic; after [`MOST`] of them only errors are kept, so that hostile input cannot fill the memory.
    #[cold]
    pub(crate) fn note(&mut self, diagnostic: Diagnostic) {
        if self.0.len() < MOST || (diagnostic.severity == Severity::Error && self.0.len() < 2 * MOST) {
            self.0.push(diagnostic);
        }
    }

    pub(crate) fn has_error(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident $severity:ident $meaning:literal;)+) => {
        /// What a diagnostic is about. Codes are stable: they are added, never renamed.
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!("The ", $meaning, ".")] $(#[$meta])* $name,)+
        }

        impl Code {
            /// Every code, in the order of this list.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// How bad it is unless a policy says otherwise.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),+ }
            }

            /// What it means, in a few words.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning),+ }
            }

            /// The code as text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }
        }
    };
}

codes! {
    NumberAsString Warning "number stands in quotes (R1)";
    NumberOutOfRange Error "number is too large, too small or has too many digits (R1, R55)";
    TariffWithoutElements Error "tariff has no elements (R2)";
    UnknownDimension Warning "dimension is not one the engine knows (R3)";
    DuplicateDimension Warning "dimension occurs twice in one period (R4)";
    PeriodsUnordered Warning "periods are not in order of time (R5)";
    PeriodOutsideSession Warning "period starts outside the session (R5)";
    EndBeforeStart Warning "end is before the start (R5)";
    TooManyPeriods Error "record has more periods than the engine takes (R55)";
    SessionTooLong Error "session lasts longer than the engine takes (R55)";
    TooManyElements Error "tariff has more elements than the engine takes (R55, R84)";
    OffsetNotUtc Warning "time has an offset and was converted to UTC (R6)";
    LeapSecond Info "time is a leap second and was read as the next minute (R6)";
    NoTimeStated Warning "no period states any time although the tariff prices time (R7)";
    TotalsDisagree Warning "totals of the record differ from its periods (R8)";
    PeriodWithoutTariff Warning "period names no tariff although others do, and was not priced (R9)";
    UnknownTariff Error "period names a tariff that was not supplied (R9)";
    TariffGapBridged Info "tariff had just ended and was used over the gap (R10)";
    NoActiveTariff Error "no tariff is valid at the start of the session (R10)";
    CurrencyMismatch Error "currencies differ (R12)";
    UnknownCurrency Warning "currency is not listed and is taken to have two decimals (R12)";
    UnknownRestriction Warning "restriction is not one the engine knows and was left out (R3)";
    DuplicateComponent Warning "dimension is priced twice in one element (R14)";
    PeriodSpansPriceChange Warning "price changes within the period, which was priced as it starts (R17)";
    TimeZoneInferred Info "time zone was taken from the country (R18)";
    TimeZoneRequired Error "tariff depends on local time and no time zone is known (R18)";
    WholeDayWindow Warning "window starts when it ends and counts as the whole day (R19)";
    EmptyWindow Warning "window can never be met (R19, R20)";
    WeekdayWithOvernightWindow Info "window over midnight is cut at the weekday of the instant (R21)";
    RestrictionNotVerifiable Info "current or power is not known, the restriction counts as met (R25)";
    ReservationDimension Warning "reservation element prices something other than time or a fee, which is ignored (R27)";
    BookingOutcomeUnknown Warning "record has booked volume but no outcome of the booking, nothing was charged for it (R40)";
    InvalidStep Error "step is negative or has a fraction (R36)";
    ImplausibleStep Warning "step is over 30 days or 1 MWh (R36)";
    LimitsContradict Warning "minimum is above the maximum (R42, R64)";
    VatImplausible Warning "VAT is negative or above 100 % (R45)";
    TaxesTooMany Error "taxes are too many or too intricate to be exact (R55, R61)";
    TaxIncludedMissing Warning "tariff does not say whether taxes are included, they count as not included (R47)";
    TaxIgnored Warning "tax is stated though the tariff says taxes do not apply, and was ignored (R47)";
    TooManyDecimals Warning "price has more than six decimals (R65)";
    ValidityIgnored Warning "validity of a driver-specific tariff is ignored (R77)";
    CostWithoutTariff Info "cost has no tariff and cannot be verified (R78)";
    PeriodsInRunningCost Info "running cost lists periods (R80)";
    ValueInvalid Error "value is not valid";
    PriceImplausible Warning "price is negative or very high";
    MissingCurrency Error "currency is missing";
    UnreachableElement Warning "element never applies, because earlier ones always do (R13)";
    UnreachableComponent Warning "price never applies, because earlier ones always do (R13)";
    PriceGap Warning "dimension has prices, but not everywhere (R15)";
    StepAbsorbedByParking Info "step of charging time does not count once parking is priced (R32)";
    WindowInClockChange Info "window lies in the hours that clock changes skip or repeat (R22)";
    TaxRateMissing Warning "price includes tax but states no rate, so the amount before tax is not known (R47)";
    MixedTaxes Info "prices of one dimension bear different taxes (R45)";
    LimitTaxContradict Warning "amount after tax is below the one before tax (R42, R52)";
    PartsDisagree Warning "total differs from the sum of its parts (R52)";
    NeverValid Warning "validity ends before it starts (R10)";
}

/// After so many diagnostics only errors are kept.
pub(crate) const MOST: usize = 256;
