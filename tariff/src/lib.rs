#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod activity;
mod bill;
#[cfg(feature = "bulk")]
mod bulk;
mod compare;
mod compile;
#[cfg(any(feature = "ocpi", feature = "ocpp"))]
pub mod convert;
mod currency;
mod diagnostic;
mod exact;
mod explain;
mod forecast;
mod lint;
mod literal;
mod money;
#[cfg(any(feature = "ocpi", feature = "ocpp"))]
pub mod output;
mod policy;
mod price;
#[cfg(feature = "ocpi")]
mod pricer;
#[cfg(any(feature = "ocpi", feature = "ocpp"))]
pub mod source;
mod station;
mod tariff;
mod usage;
#[cfg(any(feature = "ocpi", feature = "ocpp"))]
mod verify;
mod wide;

pub use activity::{Activity, ChargingState};
pub use bill::{Bill, Cost, Group, Invoice, Limit, Line, LineKind, Reason, Source, TaxLine, Totals};
#[cfg(feature = "bulk")]
pub use bulk::{Bulk, bulk};
pub use compare::{Comparison, Crossing, Offer, RefusedOffer, compare};
pub use compile::{CompileError, Compiled};
pub use currency::{Currency, CurrencyError};
pub use diagnostic::{Code, Diagnostic, Severity};
pub use exact::Exact;
pub use explain::Language;
pub use forecast::{CurvePoint, Expected, Forecast, ForecastError, Stage, Target};
pub use money::RoundingMode;
pub use policy::{
    AbsentVat, BookingPolicy, Bounds, Compat, ConvertPolicy, ConvertStep, ConvertTax, CreditNegation, CreditPolicy,
    CurrencyDecimals, CurrencyMismatch, CurrencyPolicy, DecodePolicy, DimensionPolicy, DuplicateComponent,
    DuplicateDimension, DurationClock, DurationOrigin, DurationPolicy, ElementLookup, ElementPolicy, EnergyTierPolicy,
    EqualBounds, Evaluate, ExpiredFlat, FailedDriverTariff, FlatMoment, FlatPolicy, FlatRepeat, GrossRounding,
    IdleBeforeCharging, IdleCounter, IdlePower, InexactPrice, InferZone, Interpolation, LimitJump, LimitLines,
    LimitPolicy, LimitScope, LimitTariff, LimitTax, LimitTrigger, LimitsConflict, LimitsTariff, MaxElements,
    MergeEntries, MergePeriods, MissingPower, MissingTaxIncluded, NegativeStep, NegativeTotal, NoVehicle, NullList,
    NumberPolicy, OcppPolicy, OffsetTime, Overtime, ParkingFlat, PeriodOrder, PeriodPolicy, Policy, PowerPolicy,
    PowerStraddle, QuantityPolicy, QuantitySource, RepeatedHour, ReportPolicy, ReportedUsage, ReservationMoment,
    ReservationPolicy, ReservationStep, RoundingAt, RoundingPolicy, Split, StepBase, StepMode, StepPolicy, StepScope,
    StepTariffs, StepTime, StringNumber, SuspendedEvse, TariffEnd, TariffFrom, TariffPolicy, TariffSwitch, TariffTie,
    TaxBase, TaxIncludedPolicy, TaxPolicy, TierScope, TimePolicy, TimeVolume, TimeZonePolicy, TotalsPolicy,
    TransactionLimit, UndatedTariff, UnknownComponent, UnknownFact, UnknownPreset, UnnamedPeriod, Unpriced,
    UnpricedParking, Unsupported, V211Policy, V211Vat, VatPolicy, VerifyPolicy, WindowPolicy, WindowWeekday,
    ZeroEnergyLimit,
};
pub use price::{Meter, MeterError, MeterReading, Refusal, Running};
#[cfg(feature = "ocpi")]
pub use pricer::Pricer;
pub use station::{ChangeError, Choice, DriverTariff, InstallError, StationTariffs, TransactionTariffs};
pub use tariff::component::{Component, Tax};
pub use tariff::condition::{Conditions, EvseKind, Weekdays};
pub use tariff::dimension::Dimension;
pub use tariff::{Dialect, Element, ElementKind, PriceLimit, Tariff, TariffKind, TaxMode};
pub use usage::{
    BookingOutcome, Facts, Flow, LocalTime, Period, Record, RecordKind, ReservationOutcome, Segment, Span, Usage,
    UsageError, UsedPeriod, ZoneError,
};
#[cfg(any(feature = "ocpi", feature = "ocpp"))]
pub use verify::{Check, Outcome, Part, Reading, Side, Verification, verify};
