//! What a vehicle does at a station, and what that counts as (R59).

use serde::{Deserialize, Serialize};

use crate::policy::{IdleBeforeCharging, NoVehicle, OcppPolicy, SuspendedEvse};

/// What goes on at an EVSE (`ChargingStateEnumType` of OCPP 2.x).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub enum ChargingState {
    /// Energy flows, in either direction.
    Charging,
    /// A vehicle is connected, and nothing flows yet.
    #[serde(rename = "EVConnected")]
    EvConnected,
    /// The vehicle pauses.
    #[serde(rename = "SuspendedEV")]
    SuspendedEv,
    /// The station pauses.
    #[serde(rename = "SuspendedEVSE")]
    SuspendedEvse,
    /// There is no vehicle.
    Idle,
}

/// What time counts as.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Charging time.
    #[default]
    Charging,
    /// Parking or idle time.
    Idle,
    /// Neither of them: it costs nothing, and conditions do not count it as either.
    Neither,
}

impl OcppPolicy {
    /// What time in a state counts as; `has_charged` tells whether the session has charged before.
    ///
    /// ```
    /// use tariff::{Activity, ChargingState, Policy};
    ///
    /// let policy = Policy::default();
    /// assert_eq!(policy.ocpp.activity(ChargingState::SuspendedEvse, true), Activity::Idle);
    /// ```
    #[must_use]
    pub fn activity(&self, state: ChargingState, has_charged: bool) -> Activity {
        let idle = match self.idle_before_charging {
            IdleBeforeCharging::Ignored if !has_charged => Activity::Neither,
            _ => Activity::Idle,
        };
        match state {
            ChargingState::Charging => Activity::Charging,
            ChargingState::EvConnected | ChargingState::SuspendedEv => idle,
            ChargingState::SuspendedEvse => match self.suspended_evse {
                SuspendedEvse::Idle => idle,
                SuspendedEvse::Charging => Activity::Charging,
                SuspendedEvse::Neither => Activity::Neither,
            },
            ChargingState::Idle => match self.no_vehicle {
                NoVehicle::Neither => Activity::Neither,
                NoVehicle::Idle => idle,
            },
        }
    }
}
