//! The choices for every open point; the first of each is the default.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::literal;

macro_rules! choices {
    ($($(#[$meta:meta])* $name:ident { $(#[$first_meta:meta])* $first:ident $(, $(#[$variant_meta:meta])* $variant:ident)* $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum $name {
            $(#[$first_meta])*
            #[default]
            $first,
            $($(#[$variant_meta])* $variant),*
        }
    )+};
}

choices! {
    /// A number inside a string (R1).
    StringNumber {
        /// Read, with a diagnostic.
        Accept,
        /// Refused.
        Reject,
    }
    /// `null` for an optional list (R2).
    NullList {
        /// As if absent.
        Accept,
        /// Refused.
        Reject,
    }
    /// A component of a type nobody knows (R3).
    UnknownComponent {
        /// Left out of pricing, with a diagnostic.
        Ignore,
        /// The tariff is refused.
        RejectTariff,
    }
    /// The same dimension twice in one period (R4).
    DuplicateDimension {
        /// Volumes are added, with a diagnostic.
        Add,
        /// The record is refused.
        Reject,
    }
    /// A list of periods that is not in order of time (R5).
    PeriodOrder {
        /// Sorted, with a diagnostic.
        Sort,
        /// The record is refused.
        RejectUnsorted,
    }
    /// A period in which the price changes (R17).
    Split {
        /// As stated for records, interpolated for measured usage and OCPP 2.1 tariffs.
        Auto,
        /// The price at the start of the period holds for all of it.
        AsStated,
        /// The period is split at every boundary.
        Interpolate,
        /// As stated, together with the smallest and largest consistent amount.
        Bounds,
    }
    /// A time with an offset from UTC (R6).
    OffsetTime {
        /// Converted, with a diagnostic.
        Convert,
        /// Refused.
        Reject,
    }
    /// Stated hours against timestamps (R7).
    TimeVolume {
        /// A stated volume is known to half a unit of its last decimal; within that the timestamps or the whole second count.
        Reconcile,
        /// The stated digits count.
        AsStated,
        /// The timestamps count: a period with energy is charging, one without is parking.
        FromTimestamps,
    }
    /// Which quantities are priced (R8).
    QuantitySource {
        /// Those of the periods.
        Periods,
        /// Those of the periods, energy scaled to add up to the total of the record.
        ScaleToTotals,
    }
    /// A period without a tariff among periods that name one (R9).
    UnnamedPeriod {
        /// It is not priced.
        AsAbove,
        /// The tariff of the session is chosen for it.
        SelectAlways,
        /// It is not priced, even if no period names a tariff.
        FreeAlways,
    }
    /// The end of a tariff's validity (R10).
    TariffEnd {
        /// Not part of it.
        Exclusive,
        /// Part of it.
        Inclusive,
    }
    /// Several candidates of the same rank (R10).
    TariffTie {
        /// The one that started last.
        LatestStart,
        /// The first of the list.
        FirstListed,
    }
    /// A tariff change during the session (R11).
    TariffSwitch {
        /// The tariff at the start stays.
        Keep,
        /// Chosen anew at every edge of a validity.
        AtValidityEdge,
    }
    /// Record and tariff name different currencies (R12).
    CurrencyMismatch {
        /// No result.
        Reject,
        /// A diagnostic; amounts are never converted.
        Warn,
    }
    /// What the first matching element decides in OCPI 2.1.1 tariffs (R13).
    ElementLookup {
        /// The first match of each dimension.
        PerDimension,
        /// The first match decides all dimensions.
        FirstElementOnly,
    }
    /// The same dimension twice in one element (R14).
    DuplicateComponent {
        /// The first counts.
        First,
        /// The prices are added.
        Sum,
        /// The tariff is refused.
        Reject,
    }
    /// Quantities without a price (R15).
    Unpriced {
        /// Reported for dimensions the tariff prices elsewhere.
        Relevant,
        /// Always reported.
        All,
        /// Never reported.
        None,
    }
    /// Where the time zone comes from when the caller names none (R18).
    InferZone {
        /// From the country, if it has one zone.
        SingleZoneCountries,
        /// Nowhere.
        Never,
    }
    /// A window whose start is its end (R19).
    EqualBounds {
        /// The whole day.
        WholeDay,
        /// Never.
        Never,
    }
    /// The weekday of a window over midnight (R21).
    WindowWeekday {
        /// That of the instant.
        OfInstant,
        /// That of the start of the window.
        OfWindowStart,
    }
    /// Boundaries inside the hour that the clocks repeat (R22).
    RepeatedHour {
        /// In both passes.
        BothPasses,
        /// In the first pass only.
        FirstPass,
        /// In the second pass only.
        SecondPass,
    }
    /// What the energy of thresholds is counted over (R23).
    TierScope {
        /// The session.
        Session,
        /// The periods of the same tariff.
        Tariff,
    }
    /// Where the duration of thresholds starts (R24).
    DurationOrigin {
        /// With the first period that is not pure reservation.
        FirstUse,
        /// With the record.
        RecordStart,
    }
    /// What the duration of thresholds counts (R24).
    DurationClock {
        /// Elapsed time.
        Elapsed,
        /// Charging time.
        ChargingOnly,
    }
    /// Current or power that a period does not state (R25).
    MissingPower {
        /// From the average, else from energy and time, else the condition counts as met.
        Derive,
        /// The condition counts as met.
        AssumeMet,
        /// The condition counts as not met.
        AssumeNotMet,
    }
    /// A period on both sides of a current or power bound (R25).
    PowerStraddle {
        /// The maximum decides lower bounds, the minimum upper bounds.
        Extremes,
        /// The average decides.
        Average,
    }
    /// Current and power of a period without charging (R26).
    IdlePower {
        /// Zero.
        Zero,
        /// As if not stated.
        NotVerifiable,
    }
    /// Whether step rounding takes place (R30).
    StepMode {
        /// Up to the next multiple.
        Up,
        /// Not at all.
        Ignore,
    }
    /// What is rounded at once (R31).
    StepScope {
        /// The quantity of the session.
        Session,
        /// The quantity of every period.
        Period,
    }
    /// Which of charging and parking time is rounded (R32).
    StepTime {
        /// Parking if any is priced, else charging.
        ParkingFirst,
        /// The one that is priced last.
        LastPeriod,
        /// Both.
        BothSeparately,
    }
    /// Which quantity is rounded (R33).
    StepBase {
        /// That which has a price component.
        Priced,
        /// All of the dimension.
        Measured,
    }
    /// Step rounding when the session has several tariffs (R35).
    StepTariffs {
        /// The total of all tariffs.
        SessionTotal,
        /// The quantity of the last tariff.
        LastTariffOnly,
    }
    /// Step rounding of a negative total (R36).
    NegativeStep {
        /// None.
        Exact,
        /// The magnitude goes down to a multiple.
        TowardZero,
        /// The magnitude goes up to a multiple.
        AwayFromZero,
    }
    /// Whether parking without a price keeps charging from being rounded (R37).
    UnpricedParking {
        /// It does not.
        DoesNotCount,
        /// It does.
        Counts,
    }
    /// How often a fixed fee is due (R38).
    FlatRepeat {
        /// Once.
        OncePerSession,
        /// Once for every fee that becomes active.
        OncePerComponent,
        /// Once for every tariff.
        OncePerTariff,
    }
    /// When a fixed fee is looked up (R38).
    FlatMoment {
        /// In the first period in which one is active.
        FirstMatch,
        /// At the start of the session only.
        SessionStartOnly,
    }
    /// How reserved time is rounded (R39).
    ReservationStep {
        /// On its own.
        Separate,
        /// Together with charging and parking time.
        PooledWithTime,
    }
    /// The reservation fee of an expired reservation (R39).
    ExpiredFlat {
        /// The fee for expiry takes its place.
        Replaces,
        /// The fee for expiry comes on top.
        AddsTo,
    }
    /// Overtime of a booking (R40).
    Overtime {
        /// On top of the normal prices.
        Adds,
        /// In place of the price of charging time.
        Replaces,
    }
    /// Whether a total may be negative (R41).
    NegativeTotal {
        /// It may.
        Allow,
        /// It is zero at least.
        FloorAtZero,
    }
    /// What a price limit bounds (R42).
    LimitScope {
        /// The total of the record.
        WholeRecord,
        /// The total without the reservation.
        WithoutReservation,
    }
    /// Whose limits count when there are several tariffs (R42).
    LimitTariff {
        /// Those of the first.
        First,
        /// Each limits its own part.
        PerTariff,
        /// Nobody's.
        None,
    }
    /// The minimum price of a session without energy (R42).
    ZeroEnergyLimit {
        /// Is due.
        Apply,
        /// Is not due.
        Skip,
    }
    /// The value after tax that a limit does not state (R43).
    LimitTax {
        /// Scaled with the effective rate of the session.
        Scale,
        /// Unknown.
        Unknown,
    }
    /// Tax lines after a limit (R44).
    LimitLines {
        /// Scaled in proportion.
        Scale,
        /// One extra line states the difference.
        AdjustmentLine,
    }
    /// A component without VAT (R45).
    AbsentVat {
        /// No VAT is due.
        NoTax,
        /// The VAT is not known.
        TaxUnknown,
    }
    /// A tariff without `tax_included` (R47).
    MissingTaxIncluded {
        /// Taxes are not included.
        No,
        /// The tariff is refused.
        Reject,
    }
    /// What a tax is computed on (R48).
    TaxBase {
        /// Every line.
        PerLine,
        /// The total.
        PerTotal,
    }
    /// When amounts are rounded (R49).
    RoundingAt {
        /// At the end.
        End,
        /// Per price component.
        PerComponent,
        /// Per charging period.
        PerPeriod,
    }
    /// How the total after tax of an invoice comes about (R49).
    GrossRounding {
        /// The sum of the rounded net and the rounded tax lines.
        SumOfLines,
        /// Rounded from the exact amount.
        FromExact,
    }
    /// Which amounts of a credit record are negated (R50).
    CreditNegation {
        /// The total.
        TotalOnly,
        /// All.
        AllCosts,
    }
    /// The fee of an element that otherwise prices parking only (R51).
    ParkingFlat {
        /// Belongs to parking.
        ByElement,
        /// Belongs to the fixed costs.
        AlwaysFixed,
    }
    /// A pause that the station imposes (R59).
    SuspendedEvse {
        /// Idle time.
        Idle,
        /// Charging time.
        Charging,
        /// Neither.
        Neither,
    }
    /// Time without a vehicle (R59).
    NoVehicle {
        /// Neither charging nor idle time.
        Neither,
        /// Idle time.
        Idle,
    }
    /// Idle time before the first charging (R59).
    IdleBeforeCharging {
        /// Counts.
        Counts,
        /// Does not count.
        Ignored,
    }
    /// The idle counter of conditions (R60).
    IdleCounter {
        /// Over the transaction.
        Cumulative,
        /// Since the idle phase began.
        CurrentPhase,
    }
    /// A condition on a fact nobody knows (R62).
    UnknownFact {
        /// Does not hold.
        NotMet,
        /// Holds.
        Met,
    }
    /// When the conditions of reservation prices are looked at (R63).
    ReservationMoment {
        /// At the start of the transaction.
        AtTransactionStart,
        /// At the start of the reservation.
        AtReservation,
    }
    /// Which value of the maximum stops the cost (R64).
    LimitTrigger {
        /// Either.
        Either,
        /// Both.
        Both,
    }
    /// A cost that jumps past the maximum (R64).
    LimitJump {
        /// Cut so that the total meets the limit.
        Cut,
        /// Stays as it was reached.
        AsReached,
    }
    /// A minimum above the maximum in OCPP (R64).
    LimitsConflict {
        /// The minimum wins.
        MinWins,
        /// The maximum wins.
        MaxWins,
    }
    /// Whose limits count after a change of tariff (R66).
    LimitsTariff {
        /// Those of the tariff in force.
        Last,
        /// Those of the first.
        First,
    }
    /// Neighbouring periods with the same prices (R67).
    MergePeriods {
        /// Become one.
        Merge,
        /// Stay apart.
        Keep,
    }
    /// How energy between two readings is divided (R68).
    Interpolation {
        /// In proportion to time.
        Linear,
        /// All of it at the later reading.
        StepAtReading,
    }
    /// What follows from a driver-specific tariff the station cannot process (R76).
    FailedDriverTariff {
        /// No authorisation.
        Deauthorize,
        /// The default tariff.
        UseDefaultTariff,
        /// The cost is calculated centrally.
        CentralCost,
    }
    /// A tariff without date that arrives after one with a date took over (R77).
    UndatedTariff {
        /// Takes over at once.
        Replaces,
        /// Is ignored.
        Ignored,
    }
    /// Usage before the association of the tariff (R78).
    TariffFrom {
        /// Is priced.
        TransactionStart,
        /// Is not priced.
        Association,
    }
    /// Which usage a result states (R81).
    ReportedUsage {
        /// All.
        Always,
        /// That which has a price.
        PricedOnly,
    }
    /// How a station counts the entries of a tariff (R84).
    MaxElements {
        /// Over all lists.
        Total,
        /// In every list.
        PerList,
    }
    /// Which cost a transaction limit is compared with (R85).
    TransactionLimit {
        /// After tax.
        InclTax,
        /// Before tax.
        ExclTax,
    }
    /// Entries with equal conditions (R69).
    MergeEntries {
        /// Become one element where the order allows it.
        Merge,
        /// Stay apart.
        Keep,
    }
    /// A price that does not end in the other unit (R70).
    InexactPrice {
        /// Rounded, with a loss.
        Round,
        /// Refused.
        Refuse,
    }
    /// A condition or field without partner (R71, R73).
    Unsupported {
        /// The entry is dropped, with a loss; a condition is never dropped while its price stays.
        DropEntry,
        /// Refused.
        Refuse,
    }
    /// Taxes without partner (R72).
    ConvertTax {
        /// One effective rate.
        EffectiveRate,
        /// Refused.
        Refuse,
    }
    /// Steps without partner (R74).
    ConvertStep {
        /// Left out, with a loss.
        Ignore,
        /// Refused.
        Refuse,
    }
}

/// The VAT that OCPI 2.1.1 tariffs never state (R46).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum V211Vat {
    /// Not known: totals after tax are not known.
    #[default]
    Unknown,
    /// So many percent on everything.
    Rate(#[serde(with = "literal::decimal")] Decimal),
}

/// When a station looks at current, power and energy (R68).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evaluate {
    /// At the exact boundary.
    #[default]
    Exact,
    /// Every so many seconds since the start of the transaction.
    Every(u32),
}
