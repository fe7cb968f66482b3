//! Sessions and the preferences of drivers.

use super::cdrs::{AuthMethod, CdrToken, ChargingPeriod};
use super::types::Price;

use crate::object::object;
use crate::rules::v221 as rules;
use crate::string_enum::string_enum;
use crate::{CiString, CountryCode, Currency, DateTime, Number, Text};

object! {
    /// A charging session while it goes on and after. (`mod_sessions_session_object`)
    pub struct Session("Session") patch SessionPatch => rules::session {
        /// Country of the party that owns this object.
        country_code: 1 CountryCode,
        /// The party that owns this object, unique within its country.
        party_id: 1 CiString<3>,
        /// Identifies the session at the platform of the CPO.
        id: 1 CiString<36>,
        /// When the session became active; the time of its creation while it is pending.
        start_date_time: 1 DateTime,
        /// When the session ended.
        end_date_time: ? DateTime,
        /// Energy charged so far in kWh.
        kwh: 1 Number,
        /// The token that was used.
        cdr_token: 1 CdrToken,
        /// How the driver was authorised; the last method when several were used.
        auth_method: 1 AuthMethod,
        /// The last reference the eMSP gave when authorising.
        authorization_reference: ? CiString<36>,
        /// The location, as in `Location.id`.
        location_id: 1 CiString<36>,
        /// The EVSE; `#NA` while a reservation has none assigned.
        evse_uid: 1 CiString<36>,
        /// The connector; `#NA` while a reservation has none assigned.
        connector_id: 1 CiString<36>,
        /// The energy meter in the station.
        meter_id: ? Text<255>,
        /// Currency of the cost.
        currency: 1 Currency,
        /// The course of the session so far.
        charging_periods: * ChargingPeriod,
        /// Cost so far; absent means unknown, which is not the same as free.
        total_cost: ? Price,
        /// Where the session stands.
        status: 1 SessionStatus,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime,
    }
}

object! {
    /// What the driver wants of a running session. (`mod_sessions_charging_preferences_object`)
    pub struct ChargingPreferences("ChargingPreferences") {
        /// Fast, cheap, green or as usual.
        profile_type: 1 ProfileType,
        /// When the driver expects to leave.
        departure_time: ? DateTime,
        /// Energy wanted by then in kWh.
        energy_need: ? Number,
        /// Whether the vehicle may be discharged; false unless stated.
        discharge_allowed: ? bool,
    }
}

string_enum! {
    /// Answer to preferences of a driver. (`mod_sessions_charging_preferences_response_enum`)
    pub closed enum ChargingPreferencesResponse("ChargingPreferencesResponse") {
        /// They are followed if possible.
        Accepted = "ACCEPTED",
        /// The time of departure is needed.
        DepartureRequired = "DEPARTURE_REQUIRED",
        /// The energy need is needed.
        EnergyNeedRequired = "ENERGY_NEED_REQUIRED",
        /// They contain a demand that cannot be met.
        NotPossible = "NOT_POSSIBLE",
        /// This way of charging is not supported here.
        ProfileTypeNotSupported = "PROFILE_TYPE_NOT_SUPPORTED",
    }
}

string_enum! {
    /// How a driver likes to charge. (`mod_sessions_profile_type_enum`)
    pub closed enum ProfileType("ProfileType") {
        /// As cheaply as possible.
        Cheap = "CHEAP",
        /// As fast as possible.
        Fast = "FAST",
        /// As green as possible.
        Green = "GREEN",
        /// As usual.
        Regular = "REGULAR",
    }
}

string_enum! {
    /// Where a session stands. (`mod_sessions_sessionstatus_enum`)
    pub closed enum SessionStatus("SessionStatus") {
        /// Accepted and going on.
        Active = "ACTIVE",
        /// Ended for good.
        Completed = "COMPLETED",
        /// Started wrongly; it is not billed.
        Invalid = "INVALID",
        /// Not started yet; the first status.
        Pending = "PENDING",
        /// Begun by a reservation.
        Reservation = "RESERVATION",
    }
}
