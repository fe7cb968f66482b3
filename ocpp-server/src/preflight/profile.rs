//! What a charging profile has to keep beyond its schema.

use chrono::{DateTime, Utc};
use ocpp_types::v21::ChargingProfilePurpose;
use ocpp_types::{Timestamp, Version};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

use super::request::Finder;
use super::{Facts, Installed};
use crate::ledger::TransactionId;

/// A charging profile of any version, as far as rules look at it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Profile {
    #[serde(alias = "chargingProfileId")]
    pub(super) id: i64,
    pub(super) stack_level: i64,
    charging_profile_purpose: Box<str>,
    charging_profile_kind: Box<str>,
    recurrency_kind: Option<Box<str>>,
    valid_from: Option<Timestamp>,
    valid_to: Option<Timestamp>,
    pub(super) transaction_id: Option<TransactionId>,
    dyn_update_interval: Option<IgnoredAny>,
    dyn_update_time: Option<IgnoredAny>,
    #[serde(deserialize_with = "one_or_many")]
    charging_schedule: Vec<Schedule>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Schedule {
    start_schedule: Option<IgnoredAny>,
    duration: Option<IgnoredAny>,
    charging_rate_unit: Box<str>,
    charging_schedule_period: Vec<Period>,
    use_local_time: Option<bool>,
    randomized_delay: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Period {
    start_period: i64,
    number_phases: Option<i64>,
    phase_to_use: Option<IgnoredAny>,
    operation_mode: Option<Box<str>>,
}

/// What is remembered of a profile that a station reports.
pub(crate) fn installed_in(profile: &impl Serialize, place: i64) -> Option<Installed> {
    let text = serde_json::to_string(profile).ok()?;
    Some(serde_json::from_str::<Profile>(&text).ok()?.installed(place))
}

/// A purpose by its name in any version.
pub(super) fn purpose(name: &str) -> ChargingProfilePurpose {
    match name {
        // its name in 1.6
        "ChargePointMaxProfile" => ChargingProfilePurpose::ChargingStationMaxProfile,
        other => ChargingProfilePurpose::from(other),
    }
}

/// What a profile comes with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Errand {
    /// SetChargingProfile, for this EVSE or connector.
    Install(i64),
    /// A remote start: its transaction does not exist yet.
    RemoteStart,
}

impl Profile {
    pub(super) fn purpose(&self) -> ChargingProfilePurpose {
        purpose(&self.charging_profile_purpose)
    }

    pub(super) fn validity(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        (self.valid_from.as_ref().map(Timestamp::utc), self.valid_to.as_ref().map(Timestamp::utc))
    }

    pub(super) fn installed(&self, place: i64) -> Installed {
        let (valid_from, valid_to) = self.validity();
        Installed {
            id: self.id,
            place,
            purpose: self.purpose(),
            stack_level: self.stack_level,
            transaction: self.transaction_id.clone(),
            valid_from,
            valid_to,
        }
    }

    pub(super) fn object(&self, version: Version, errand: Errand, facts: &Facts<'_>, found: &mut Finder<'_>) {
        self.object_to_purpose(version, errand, found);
        self.object_to_kind(version, found);
        self.object_to_rank(version, errand, facts, found);
        let is_v16 = version == Version::V16;
        for (index, schedule) in self.charging_schedule.iter().enumerate() {
            let at = if is_v16 { "chargingSchedule".to_owned() } else { format!("chargingSchedule/{index}") };
            self.object_to_schedule(version, schedule, &at, facts, found);
        }
    }

    fn object_to_purpose(&self, version: Version, errand: Errand, found: &mut Finder<'_>) {
        use ChargingProfilePurpose as Purpose;
        let is_v16 = version == Version::V16;
        let purpose = self.purpose();
        if errand == Errand::RemoteStart {
            if purpose != Purpose::TxProfile {
                let clause = if is_v16 { "1.6 §5.16.2" } else { "F01.FR.09" };
                found.add(clause, "chargingProfilePurpose", "a remote start takes a TxProfile only");
            }
            if self.transaction_id.is_some() {
                let clause = if is_v16 { "1.6 §5.16.2" } else { "F01.FR.11" };
                found.add(clause, "transactionId", "the transaction of a remote start has no id yet");
            }
            return;
        }
        let Errand::Install(place) = errand else { return };
        match purpose {
            Purpose::TxProfile => {
                // in 1.6 it may be left out, and then it is for whatever runs on the connector
                if self.transaction_id.is_none() && !is_v16 {
                    found.add("K01.FR.03", "transactionId", "a TxProfile names its transaction");
                }
                if place == 0 {
                    let clause = if is_v16 { "1.6 §3.13.1" } else { "K01.FR.16" };
                    found.add_place(clause, "a TxProfile is for one EVSE");
                }
            }
            Purpose::ChargingStationMaxProfile if place != 0 => {
                let clause = if is_v16 { "1.6 §3.13.1" } else { "K04.FR.03" };
                found.add_place(clause, "the maximum of the station is set at 0");
            }
            Purpose::ChargingStationExternalConstraints => {
                found.add("K01.FR.22", "chargingProfilePurpose", "external constraints are not set by a CSMS");
            }
            _ => {}
        }
        if self.transaction_id.is_some() && purpose != Purpose::TxProfile {
            let clause = if is_v16 { "1.6 §7.8" } else { "2.x ChargingProfileType" };
            found.add(clause, "transactionId", "only a TxProfile belongs to a transaction");
        }
    }

    fn object_to_kind(&self, version: Version, found: &mut Finder<'_>) {
        let is_v16 = version == Version::V16;
        let kind = &*self.charging_profile_kind;
        if kind == "Recurring" && self.recurrency_kind.is_none() {
            let clause = if is_v16 { "1.6 errata §3.56" } else { "2.x ChargingProfileType" };
            found.add(clause, "recurrencyKind", "a recurring profile says how often");
        }
        if kind == "Relative" && !is_v16 && self.purpose() == ChargingProfilePurpose::ChargingStationMaxProfile {
            found.add("K01.FR.38", "chargingProfileKind", "the maximum of the station is relative to nothing");
        }
        let is_dynamic = kind == "Dynamic";
        if !is_dynamic {
            for (member, is_there) in [
                ("dynUpdateInterval", self.dyn_update_interval.is_some()),
                ("dynUpdateTime", self.dyn_update_time.is_some()),
            ] {
                if is_there {
                    found.add("K01.FR.122", member, "only a dynamic profile is updated");
                }
            }
        }
        let periods = self.charging_schedule.iter().map(|schedule| schedule.charging_schedule_period.len());
        if is_dynamic && periods.sum::<usize>() != 1 {
            found.add("K28.FR.01", "chargingSchedule", "a dynamic profile has one schedule of one period");
        }
        if let (Some(from), Some(to)) = self.validity()
            && to <= from
        {
            let clause = if is_v16 { "1.6 §7.8" } else { "K01.FR.37" };
            found.add(clause, "validTo", "it is over before it begins");
        }
    }

    fn object_to_rank(&self, version: Version, errand: Errand, facts: &Facts<'_>, found: &mut Finder<'_>) {
        if let Some(capabilities) = facts.capabilities {
            if capabilities.max_stack_level.is_some_and(|most| self.stack_level > most) {
                found.add("ProfileStackLevel", "stackLevel", "higher than the station has levels");
            }
            if capabilities.max_external_constraints_id.is_some_and(|most| self.id <= most) {
                found.add("K01.FR.80", "id", "an id that the station gives to profiles of its own");
            }
            let lacks = match self.purpose() {
                ChargingProfilePurpose::PriorityCharging => capabilities.priority_charging == Some(false),
                ChargingProfilePurpose::LocalGeneration => capabilities.local_generation == Some(false),
                _ => false,
            };
            if lacks {
                found.add("K01.FR.120", "chargingProfilePurpose", "a purpose that the station does not know");
            }
            if &*self.charging_profile_kind == "Dynamic" && capabilities.dynamic_profiles == Some(false) {
                found.add("K01.FR.121", "chargingProfileKind", "a kind that the station does not know");
            }
        }
        let (Errand::Install(place), false) = (errand, version == Version::V16) else { return };
        let is_told = facts.installed.map(|installed| installed.has_needs(place));
        let may_choose = self.purpose() == ChargingProfilePurpose::TxProfile && is_told != Some(false);
        if self.charging_schedule.len() > 1 && !may_choose {
            found.add("K01.FR.34", "chargingSchedule", "several schedules are for an EV that has told what it needs");
        }
        if let Some(clause) = facts.installed.and_then(|installed| installed.rival(place, self)) {
            found.add(clause, "stackLevel", "the station has another profile of this purpose and level");
        }
    }

    fn object_to_schedule(
        &self,
        version: Version,
        schedule: &Schedule,
        at: &str,
        facts: &Facts<'_>,
        found: &mut Finder<'_>,
    ) {
        let is_v16 = version == Version::V16;
        match (&*self.charging_profile_kind, &schedule.start_schedule) {
            // in 1.6 an absolute one without start counts from the start of charging (1.6 §7.13)
            ("Absolute", None) if !is_v16 => {
                found.add_at("K01.FR.40", at, "startSchedule", "it has no start to count from");
            }
            ("Recurring", None) => {
                let clause = if is_v16 { "1.6 §7.13" } else { "K01.FR.40" };
                found.add_at(clause, at, "startSchedule", "it has no start to count from");
            }
            ("Relative", Some(_)) if !is_v16 => {
                found.add_at("K01.FR.41", at, "startSchedule", "a relative schedule has no moment to start at");
            }
            _ => {}
        }
        let is_priority = self.purpose() == ChargingProfilePurpose::PriorityCharging;
        if is_priority && schedule.duration.is_some() {
            found.add_at("K01.FR.70", at, "duration", "priority charging has no duration");
        }
        let is_for_transactions =
            matches!(self.purpose(), ChargingProfilePurpose::TxProfile | ChargingProfilePurpose::TxDefaultProfile);
        if schedule.randomized_delay.is_some_and(|delay| delay > 0) && !is_for_transactions {
            found.add_at("K01.FR.95", at, "randomizedDelay", "only profiles for transactions are delayed at random");
        }
        if let Some(capabilities) = facts.capabilities {
            let takes = match &*schedule.charging_rate_unit {
                "W" => capabilities.takes_watt,
                _ => capabilities.takes_ampere,
            };
            if takes == Some(false) {
                let clause = if is_v16 { "1.6 errata §3.86" } else { "K01.FR.26" };
                found.add_at(clause, at, "chargingRateUnit", "a unit that the station does not take");
            }
            if capabilities.max_periods.is_some_and(|most| schedule.charging_schedule_period.len() > most) {
                found.add_at("PeriodsPerSchedule", at, "chargingSchedulePeriod", "more periods than the station takes");
            }
            if schedule.use_local_time == Some(true) && capabilities.local_time == Some(false) {
                found.add_at("K01.FR.123", at, "useLocalTime", "the station knows no local time");
            }
        }
        object_to_periods(version, &schedule.charging_schedule_period, at, is_priority, facts, found);
    }
}

fn object_to_periods(
    version: Version,
    periods: &[Period],
    at: &str,
    is_priority: bool,
    facts: &Facts<'_>,
    found: &mut Finder<'_>,
) {
    let is_v16 = version == Version::V16;
    let Some(first) = periods.first() else {
        let clause = if is_v16 { "1.6 §7.13" } else { "K01.FR.31" };
        found.add_at(clause, at, "chargingSchedulePeriod", "a schedule has a period");
        return;
    };
    let place = |index: usize, member: &str| format!("chargingSchedulePeriod/{index}/{member}");
    if first.start_period != 0 {
        let clause = if is_v16 { "1.6 §5.16.4" } else { "K01.FR.31" };
        found.add_at(clause, at, &place(0, "startPeriod"), "the first period starts at 0");
    }
    if let Some(index) = periods.windows(2).position(|two| two[1].start_period <= two[0].start_period) {
        let clause = if is_v16 { "1.6 errata §3.69" } else { "K01.FR.35" };
        found.add_at(clause, at, &place(index + 1, "startPeriod"), "periods stand in the order of time");
    }
    if let Some(index) =
        periods.iter().position(|period| period.phase_to_use.is_some() && period.number_phases != Some(1))
    {
        found.add_at("K01.FR.19", at, &place(index, "phaseToUse"), "a phase is chosen for one phase only");
    }
    let chooses = facts.capabilities.is_some_and(|capabilities| capabilities.phase_switching == Some(false));
    if let Some(index) = periods.iter().position(|period| chooses && period.phase_to_use.is_some()) {
        found.add_at("K01.FR.20", at, &place(index, "phaseToUse"), "the station cannot choose a phase");
    }
    let discharges = |period: &Period| period.operation_mode.as_deref().is_some_and(|mode| mode != "ChargingOnly");
    if let Some(index) = periods.iter().position(|period| is_priority && discharges(period)) {
        found.add_at("K01.FR.71", at, &place(index, "operationMode"), "priority charging does nothing but charge");
    }
}

/// 1.6 has one schedule, 2.x a list.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Schedule>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        Many(Vec<Schedule>),
        One(Schedule),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::Many(many) => many,
        OneOrMany::One(one) => vec![one],
    })
}
