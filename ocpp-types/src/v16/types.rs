//! Types that several profiles share.

use serde::Serialize;

use crate::string_enum::string_enum;
use crate::{CiString, Decimal, List, Timestamp};

/// A charging schedule together with its purpose, priority and period of validity (1.6 §7.8).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingProfile {
    /// Number that identifies the profile.
    pub charging_profile_id: i64,
    /// Transaction to which the profile is tied; allowed only with purpose `TxProfile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<i64>,
    /// Priority of the profile among others of its purpose, from 0 upwards; a higher level wins over a lower one.
    pub stack_level: i64,
    /// What the profile limits: the whole station, transactions by default or one transaction.
    pub charging_profile_purpose: ChargingProfilePurpose,
    /// How the schedule is placed in time.
    pub charging_profile_kind: ChargingProfileKind,
    /// How often the schedule repeats; of use for the kind `Recurring`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrency_kind: Option<RecurrencyKind>,
    /// Start of validity; when absent the profile counts from the moment the station receives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// End of validity; when absent the profile counts until another one replaces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Timestamp>,
    /// The limits on power or current over time.
    pub charging_schedule: ChargingSchedule,
}

/// Course over time of the power or current allowed for charging (1.6 §7.13).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingSchedule {
    /// Length of the schedule in s; when absent the last period goes on without end, or until the transaction ends if
    /// `startSchedule` is absent too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<i64>,
    /// Moment at which an absolute schedule begins; when absent the schedule counts from the start of charging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_schedule: Option<Timestamp>,
    /// Unit (A or W) of the limits in this schedule.
    pub charging_rate_unit: ChargingRateUnit,
    /// Periods with their limits in order of time; the first has `startPeriod` 0.
    pub charging_schedule_period: List<ChargingSchedulePeriod>,
    /// Least charging rate the EV supports, in the unit of `chargingRateUnit` with at most one decimal, as a hint for
    /// local smart charging.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("multipleOf" = 0.1)))]
    pub min_charging_rate: Option<Decimal>,
}

/// Limit that holds from some moment in a charging schedule until the next period (1.6 §7.14).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingSchedulePeriod {
    /// Start of this period, and end of the one before, in s after the start of the schedule.
    pub start_period: i64,
    /// Largest charging rate in this period, in the unit of `chargingRateUnit` with at most one decimal.
    #[cfg_attr(feature = "schema", schemars(extend("multipleOf" = 0.1)))]
    pub limit: Decimal,
    /// Number of phases that may be used for charging; 3 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_phases: Option<i64>,
}

/// Authorization status of a token with its expiry date and parent token (1.6 §7.27).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct IdTagInfo {
    /// Moment at which the token should leave the authorization cache of the station; when absent the status holds
    /// without end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_date: Option<Timestamp>,
    /// Parent token that unites tokens into a group, any of which may stop the transactions of another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id_tag: Option<CiString<20>>,
    /// Tells whether the token may charge and, if not, why.
    pub status: AuthorizationStatus,
}

string_enum! {
    /// Verdict on whether a token may charge (1.6 §7.2).
    pub enum AuthorizationStatus {
        /// The token may charge.
        Accepted,
        /// The token has been blocked and may not charge.
        Blocked,
        /// The token is past its expiry date and may not charge.
        Expired,
        /// The token is not known and may not charge.
        Invalid,
        /// The token is in use for another transaction and may not have several at once; only answers
        /// `StartTransaction`.
        ConcurrentTx,
    }
}

string_enum! {
    /// How the schedule of a charging profile is placed in time (1.6 §7.9).
    pub enum ChargingProfileKind {
        /// The schedule counts from the fixed moment given in its `startSchedule`.
        Absolute,
        /// The schedule begins anew from its first period every day or week, as `recurrencyKind` says.
        Recurring,
        /// The schedule counts from a moment the station picks by the situation, such as the start of a transaction.
        Relative,
    }
}

string_enum! {
    /// What a charging profile is for (1.6 §7.10).
    pub enum ChargingProfilePurpose {
        /// Limit for the station as a whole, to be shared by its connectors; only valid on connector 0.
        ChargePointMaxProfile,
        /// Default for new transactions that have no profile of their own.
        TxDefaultProfile,
        /// Limits for one transaction, overruling the default profile and ending with that transaction.
        TxProfile,
    }
}

string_enum! {
    /// Unit in which the limits of a charging schedule are given (1.6 §7.12).
    pub enum ChargingRateUnit {
        /// Current per phase in A, mostly used for AC charging.
        A,
        /// Total power over all phases in W, mostly used for DC charging.
        W,
    }
}

string_enum! {
    /// Interval at which a recurring schedule starts over (1.6 §7.37).
    pub enum RecurrencyKind {
        /// The schedule starts over each day at the clock time of `startSchedule`.
        Daily,
        /// The schedule starts over each week, on the weekday and at the clock time of `startSchedule`.
        Weekly,
    }
}

string_enum! {
    /// Reaction of the station to a request to send a message (`TriggerMessageStatusEnumType`, Security white paper
    /// §6.17).
    pub enum TriggerMessageStatus {
        /// The station will send the message.
        Accepted,
        /// The station will not send the message.
        Rejected,
        /// The station cannot send the message, as it does not know or implement it.
        NotImplemented,
    }
}
