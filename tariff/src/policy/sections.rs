//! The sections of a policy: which open points there are.

use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::choices::*;
use crate::currency::Currency;
use crate::literal;
use crate::money::RoundingMode;
use crate::tariff::component::Tax;

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
