//! What the specifications leave open, as data: every rule's open point is a field with a documented default.
//!
//! A policy takes part in three steps, compiling a tariff, checking a usage and pricing; give the same one to all three.

use alloc::string::String;
use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::literal;
use crate::money::RoundingMode;
use crate::tariff::component::Tax;

/// How to decide what the specifications leave open.
///
/// Serialises with the names of the rules: `{"step": {"base": "measured"}}`; what is not named keeps its default.
///
/// # Example
/// ```
/// use tariff::{Policy, StepBase};
///
/// let mut policy = Policy::default();
/// policy.step.base = StepBase::Measured;
/// let text = serde_json::to_string(&policy)?;
/// assert_eq!(serde_json::from_str::<Policy>(&text)?, policy);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Numbers as senders write them (R1).
    pub numbers: NumberPolicy,
    /// Reading of documents (R2, R3).
    pub decode: DecodePolicy,
    /// Dimensions of periods (R4).
    pub dimensions: DimensionPolicy,
    /// Order and extent of periods (R5, R17).
    pub periods: PeriodPolicy,
    /// The time axis (R6).
    pub time: TimePolicy,
    /// Stated hours against timestamps (R7).
    pub time_volume: TimeVolume,
    /// Periods against the totals of the record (R8).
    pub quantities: QuantityPolicy,
    /// Choice of the tariff (R9 to R11).
    pub tariff: TariffPolicy,
    /// One currency (R12).
    pub currency: CurrencyPolicy,
    /// Lookup of elements (R13, R14).
    pub element: ElementPolicy,
    /// What is reported though it costs nothing (R15).
    pub report: ReportPolicy,
    /// Where the time zone comes from (R18).
    pub time_zone: TimeZonePolicy,
    /// Clock and calendar windows (R19 to R22).
    pub window: WindowPolicy,
    /// Energy thresholds (R23).
    pub energy_tiers: EnergyTierPolicy,
    /// Duration thresholds (R24).
    pub duration: DurationPolicy,
    /// Current and power (R25, R26).
    pub power: PowerPolicy,
    /// Step rounding (R30 to R37).
    pub step: StepPolicy,
    /// Fixed fees (R38).
    pub flat: FlatPolicy,
    /// Reservations (R39).
    pub reservation: ReservationPolicy,
    /// Bookings (R40).
    pub booking: BookingPolicy,
    /// Whether a total may be negative (R41).
    pub negative_total: NegativeTotal,
    /// Minimum and maximum price (R42 to R44).
    pub limits: LimitPolicy,
    /// VAT of components (R45).
    pub vat: VatPolicy,
    /// OCPI 2.1.1 (R46).
    pub v211: V211Policy,
    /// `tax_included` of OCPI 2.3.0 (R47).
    pub tax_included: TaxIncludedPolicy,
    /// Named taxes (R48).
    pub tax: TaxPolicy,
    /// Rounding (R49).
    pub rounding: RoundingPolicy,
    /// Credit records (R50).
    pub credit: CreditPolicy,
    /// Which total a cost belongs to (R51).
    pub totals: TotalsPolicy,
    /// Comparison with claims (R52).
    pub verify: VerifyPolicy,
    /// Limits of the engine (R55).
    pub bounds: Bounds,
    /// OCPP 2.1 tariffs (R56 to R85).
    pub ocpp: OcppPolicy,
    /// Conversion between protocols (R69 to R75).
    pub convert: ConvertPolicy,
}

impl Policy {
    /// The closest reading of the text, without repair of sender habits.
    #[must_use]
    pub fn literal() -> Self {
        let mut policy = Self::default();
        policy.numbers.string = StringNumber::Reject;
        policy.dimensions.duplicate = DuplicateDimension::Reject;
        policy.periods.order = PeriodOrder::RejectUnsorted;
        policy.periods.split = Split::AsStated;
        policy.time_volume = TimeVolume::AsStated;
        policy.tariff.bridge_seconds = 0;
        policy.element.lookup = ElementLookup::FirstElementOnly;
        policy.time_zone.infer = InferZone::Never;
        policy.tax_included.missing = MissingTaxIncluded::Reject;
        policy.limits.tax = LimitTax::Unknown;
        policy
    }

    /// Every open point in favour of the payer.
    #[must_use]
    pub fn driver_friendly() -> Self {
        let mut policy = Self::default();
        policy.power.missing = MissingPower::Derive;
        policy.step.mode = StepMode::Ignore;
        policy.flat.requires_energy = true;
        policy.reservation.expired_flat = ExpiredFlat::Replaces;
        policy.booking.overtime = Overtime::Replaces;
        policy.limits.zero_energy = ZeroEnergyLimit::Skip;
        policy.limits.multi_tariff = LimitTariff::First;
        policy.rounding.mode = RoundingMode::Down;
        policy.tariff.switch = TariffSwitch::Keep;
        policy.ocpp.suspended_evse = SuspendedEvse::Neither;
        policy.ocpp.limits_conflict = LimitsConflict::MaxWins;
        policy
    }

    /// The choices of other readings found in the field, so that migrations can be compared.
    #[must_use]
    pub fn compat(with: Compat) -> Self {
        let mut policy = Self::default();
        match with {
            Compat::StatedVolumes => {
                policy.time_volume = TimeVolume::AsStated;
                policy.power.missing = MissingPower::AssumeMet;
            }
            Compat::MeasuredSteps => {
                policy.step.base = StepBase::Measured;
                policy.step.unpriced_parking = UnpricedParking::Counts;
                policy.time_volume = TimeVolume::AsStated;
            }
            Compat::PeriodSteps => {
                policy.step.scope = StepScope::Period;
                policy.step.time = StepTime::BothSeparately;
                policy.time_volume = TimeVolume::AsStated;
            }
            Compat::FirstElement => {
                policy.element.lookup = ElementLookup::FirstElementOnly;
                policy.time_volume = TimeVolume::AsStated;
            }
        }
        policy
    }
}

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

macro_rules! sections {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty),* $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type),* }
    )+};
}

sections! {
    /// Numbers as senders write them (R1).
    NumberPolicy {
        /// A number inside a string.
        string: StringNumber,
    }
    /// Reading of documents (R2, R3).
    DecodePolicy {
        /// `null` for an optional list.
        null_list: NullList,
        /// A component of a type nobody knows.
        unknown_component: UnknownComponent,
    }
    /// Dimensions of periods (R4).
    DimensionPolicy {
        /// The same dimension twice in one period.
        duplicate: DuplicateDimension,
    }
    /// Order and extent of periods (R5, R17).
    PeriodPolicy {
        /// A list that is not in order of time.
        order: PeriodOrder,
        /// A period in which the price changes.
        split: Split,
    }
    /// The time axis (R6).
    TimePolicy {
        /// A time with an offset from UTC.
        offset: OffsetTime,
    }
    /// Periods against the totals of the record (R8).
    QuantityPolicy {
        /// Which of them are priced.
        source: QuantitySource,
    }
    /// One currency (R12).
    CurrencyPolicy {
        /// Record and tariff name different currencies.
        mismatch: CurrencyMismatch,
    }
    /// Lookup of elements (R13, R14).
    ElementPolicy {
        /// What the first match decides (of OCPI 2.1.1 tariffs only).
        lookup: ElementLookup,
        /// The same dimension twice in one element.
        duplicate_component: DuplicateComponent,
    }
    /// What is reported though it costs nothing (R15).
    ReportPolicy {
        /// Quantities without a price.
        unpriced: Unpriced,
    }
    /// Where the time zone comes from (R18).
    TimeZonePolicy {
        /// When the caller names none.
        infer: InferZone,
    }
    /// Clock and calendar windows (R19 to R22).
    WindowPolicy {
        /// Start and end are the same time.
        equal_bounds: EqualBounds,
        /// The weekday of a window over midnight.
        weekday: WindowWeekday,
        /// The hour that the clocks repeat in autumn.
        repeated_hour: RepeatedHour,
    }
    /// Energy thresholds (R23).
    EnergyTierPolicy {
        /// What the energy so far is counted over.
        scope: TierScope,
    }
    /// Duration thresholds (R24).
    DurationPolicy {
        /// Where counting starts.
        origin: DurationOrigin,
        /// What is counted.
        clock: DurationClock,
    }
    /// Current and power (R25, R26).
    PowerPolicy {
        /// A period that does not state the value.
        missing: MissingPower,
        /// A period on both sides of a bound.
        straddle: PowerStraddle,
        /// A period without charging.
        idle: IdlePower,
    }
    /// Step rounding (R30 to R37).
    StepPolicy {
        /// Whether steps count at all.
        mode: StepMode,
        /// What is rounded at once.
        scope: StepScope,
        /// Charging and parking time.
        time: StepTime,
        /// Which quantity is rounded.
        base: StepBase,
        /// Several tariffs in one session.
        across_tariffs: StepTariffs,
        /// A negative total of energy.
        negative_quantity: NegativeStep,
        /// Whether parking without a price keeps charging from being rounded.
        unpriced_parking: UnpricedParking,
    }
    /// Fixed fees (R38).
    FlatPolicy {
        /// How often a fee is due.
        repeat: FlatRepeat,
        /// When it is looked up.
        moment: FlatMoment,
        /// Whether a session without energy is free of it.
        requires_energy: bool,
    }
    /// Reservations (R39).
    ReservationPolicy {
        /// How reserved time is rounded.
        step: ReservationStep,
        /// What becomes of the reservation fee when the reservation expires with a fee of its own.
        expired_flat: ExpiredFlat,
    }
    /// Bookings (R40).
    BookingPolicy {
        /// Whether overtime is also billed as charging time.
        overtime: Overtime,
    }
    /// Minimum and maximum price (R42 to R44).
    LimitPolicy {
        /// What is limited.
        scope: LimitScope,
        /// Whose limits count when there are several tariffs.
        multi_tariff: LimitTariff,
        /// A session without energy.
        zero_energy: ZeroEnergyLimit,
        /// The value a limit does not state.
        tax: LimitTax,
        /// What becomes of the tax lines.
        lines: LimitLines,
    }
    /// VAT of components (R45).
    VatPolicy {
        /// A component without VAT.
        absent: AbsentVat,
    }
    /// OCPI 2.1.1 (R46).
    V211Policy {
        /// The VAT that 2.1.1 tariffs never state.
        vat: V211Vat,
    }
    /// `tax_included` of OCPI 2.3.0 (R47).
    TaxIncludedPolicy {
        /// A tariff without the field.
        missing: MissingTaxIncluded,
    }
    /// Named taxes (R48).
    TaxPolicy {
        /// What each tax is computed on, which shows when parts are rounded.
        base: TaxBase,
        /// The taxes that are due in place of those the tariff states; none: those of the tariff.
        rates: Option<Vec<Tax>>,
    }
    /// Rounding (R49).
    RoundingPolicy {
        /// Which way.
        mode: RoundingMode,
        /// When.
        at: RoundingAt,
        /// How the total after tax of an invoice comes about.
        gross: GrossRounding,
        /// Decimals of currencies that differ from ISO 4217.
        decimals: Vec<CurrencyDecimals>,
    }
    /// Credit records (R50).
    CreditPolicy {
        /// Which amounts are negated.
        negate: CreditNegation,
    }
    /// Which total a cost belongs to (R51).
    TotalsPolicy {
        /// The fee of an element that otherwise prices parking only.
        parking_flat: ParkingFlat,
    }
    /// OCPP 2.1 tariffs (R56 to R85).
    OcppPolicy {
        /// A pause that the station imposes (R59).
        suspended_evse: SuspendedEvse,
        /// Time without a vehicle (R59).
        no_vehicle: NoVehicle,
        /// Idle time before the first charging (R59).
        idle_before_charging: IdleBeforeCharging,
        /// What the idle counter of conditions counts (R60).
        idle_counter: IdleCounter,
        /// A condition on a fact nobody knows (R62).
        unknown_fact: UnknownFact,
        /// When the conditions of reservation prices are looked at (R63).
        reservation_conditions: ReservationMoment,
        /// Which value of the maximum stops the cost (R64).
        limit_trigger: LimitTrigger,
        /// A cost that jumps past the maximum (R64).
        limit_jump: LimitJump,
        /// A minimum above the maximum (R64).
        limits_conflict: LimitsConflict,
        /// Whose limits count after a change of tariff (R66).
        limits_tariff: LimitsTariff,
        /// Whether neighbouring periods with the same prices become one (R67).
        merge_equal_periods: MergePeriods,
        /// How energy between two readings is divided (R68).
        interpolation: Interpolation,
        /// When a station looks at current, power and energy (R68).
        evaluate: Evaluate,
        /// A driver-specific tariff the station cannot process (R76); there is no default, the station's setting decides.
        failed_driver_tariff: Option<FailedDriverTariff>,
        /// A tariff without date after one with a date (R77).
        undated_over_dated: UndatedTariff,
        /// What usage before the association of the tariff costs (R78).
        tariff_from: TariffFrom,
        /// Which usage a result states (R81).
        usage: ReportedUsage,
        /// How a station counts the entries of a tariff (R84).
        max_elements: MaxElements,
        /// Which cost a transaction limit is compared with (R85).
        tx_limit: TransactionLimit,
        /// Decimals of emitted amounts, at most 6 towards a station (R65); none: 6.
        decimals: Option<u32>,
    }
    /// Conversion between protocols (R69 to R75).
    ConvertPolicy {
        /// Whether entries with equal conditions become one element (R69).
        merge: MergeEntries,
        /// Decimals of prices per minute, at most 6; none: 6 (R70).
        decimals: Option<u32>,
        /// A price that does not end (R70).
        inexact: InexactPrice,
        /// A condition or field without partner (R71, R73).
        unsupported: Unsupported,
        /// Taxes without partner (R72).
        tax: ConvertTax,
        /// Steps without partner (R74).
        step: ConvertStep,
        /// Decimals of hours; none: 4 (R75).
        time_decimals: Option<u32>,
    }
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

/// Choice of the tariff (R9 to R11).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct TariffPolicy {
    /// A period without a tariff among periods that name one.
    pub unnamed_period: UnnamedPeriod,
    /// Whether the end of a validity still counts.
    pub end: TariffEnd,
    /// How long after its end a tariff is still used when no other has begun, in seconds.
    #[serde(rename = "bridge")]
    pub bridge_seconds: u32,
    /// Several candidates of the same rank.
    pub tie: TariffTie,
    /// A tariff change during the session.
    pub switch: TariffSwitch,
}

impl Default for TariffPolicy {
    fn default() -> Self {
        Self {
            unnamed_period: UnnamedPeriod::default(),
            end: TariffEnd::default(),
            bridge_seconds: 60,
            tie: TariffTie::default(),
            switch: TariffSwitch::default(),
        }
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

/// Comparison with claims (R52).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct VerifyPolicy {
    /// The difference that still counts as rounding; none: one minor unit of the currency.
    #[serde(with = "literal::optional_decimal")]
    pub tolerance: Option<Decimal>,
}

/// The decimals of a currency where they differ from ISO 4217 (R49).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct CurrencyDecimals {
    /// The currency.
    pub currency: Currency,
    /// How many decimals its invoices have.
    pub decimals: u32,
}

/// How much the engine takes on (R55); what is over a bound is an error that names the field.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bounds {
    /// The magnitude of any price and quantity, in units of the tariff.
    pub magnitude: u64,
    /// Charging periods of a record.
    pub periods: usize,
    /// Elements of a tariff.
    pub elements: usize,
    /// Days from the start to the end of a session.
    pub session_days: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { magnitude: 1_000_000_000_000, periods: 100_000, elements: 100_000, session_days: 3660 }
    }
}

/// A reading found in the field, for [`Policy::compat`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Compat {
    /// Hours count with the digits stated, and a restriction on power that was not measured counts as met.
    StatedVolumes,
    /// Steps round all that was measured, priced or not, as older editions of the examples did.
    MeasuredSteps,
    /// Steps round every period, charging and parking alike.
    PeriodSteps,
    /// The first matching element of a 2.1.1 tariff decides all dimensions.
    FirstElement,
}

/// The name of a preset, for tools.
impl core::str::FromStr for Policy {
    type Err = UnknownPreset;

    fn from_str(name: &str) -> Result<Self, UnknownPreset> {
        Ok(match name {
            "default" => Self::default(),
            "literal" => Self::literal(),
            "driver_friendly" => Self::driver_friendly(),
            "compat_stated_volumes" => Self::compat(Compat::StatedVolumes),
            "compat_measured_steps" => Self::compat(Compat::MeasuredSteps),
            "compat_period_steps" => Self::compat(Compat::PeriodSteps),
            "compat_first_element" => Self::compat(Compat::FirstElement),
            _ => return Err(UnknownPreset(name.into())),
        })
    }
}

/// No preset of policies has this name.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "no policy is called {0:?}; there are default, literal, driver_friendly and compat_(stated_volumes|measured_steps|period_steps|first_element)"
)]
pub struct UnknownPreset(String);
