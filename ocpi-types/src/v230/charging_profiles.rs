//! Charging profiles: limits over time.

use crate::object::object;
use crate::rules::v230 as rules;
use crate::string_enum::string_enum;
use crate::{DateTime, Int, Number, Url};

object! {
    /// First answer to a request about charging profiles: whether it is passed on.
    /// (`mod_charging_profiles_response_object`)
    pub struct ChargingProfileResponse("ChargingProfileResponse") {
        /// Whether the CPO takes the request on.
        result: 1 ChargingProfileResponseType,
        /// Seconds after which no result is to be expected.
        timeout: 1 Int<0>,
    }
}

object! {
    /// Result of asking for the active charging profile.
    /// (`mod_charging_profiles_active_charging_profiles_result_object`)
    pub struct ActiveChargingProfileResult("ActiveChargingProfileResult") => rules::active_charging_profile_result {
        /// Whether the station could tell.
        result: 1 ChargingProfileResultType,
        /// The profile; present exactly when the result is `ACCEPTED`.
        profile: ? ActiveChargingProfile,
    }
}

object! {
    /// Result of setting a charging profile. (`mod_charging_profiles_charging_profiles_result_object`)
    pub struct ChargingProfileResult("ChargingProfileResult") {
        /// Whether the station took the profile.
        result: 1 ChargingProfileResultType,
    }
}

object! {
    /// Result of clearing a charging profile. (`mod_charging_profiles_clear_profiles_result_object`)
    pub struct ClearProfileResult("ClearProfileResult") {
        /// Whether the station removed the profile.
        result: 1 ChargingProfileResultType,
    }
}

object! {
    /// Request to limit a running session by a charging profile.
    /// (`mod_charging_profiles_set_charging_profile_object`)
    pub struct SetChargingProfile("SetChargingProfile") {
        /// The limits over time.
        charging_profile: 1 ChargingProfile,
        /// Where the result is to be posted, exactly as given.
        response_url: 1 Url,
    }
}

object! {
    /// The limits a station is going to apply. (`mod_charging_profiles_active_charging_profile_class`)
    pub struct ActiveChargingProfile("ActiveChargingProfile") {
        /// When the profile starts; its periods count from here.
        start_date_time: 1 DateTime,
        /// The limits over time.
        charging_profile: 1 ChargingProfile,
    }
}

object! {
    /// Limits of current or power over time. (`mod_charging_profiles_charging_profile_class`)
    pub struct ChargingProfile("ChargingProfile") => rules::charging_profile {
        /// When the profile starts; absent means the start of charging.
        start_date_time: ? DateTime,
        /// Length of the profile in seconds; absent means that the last period goes on.
        duration: ? Int<0>,
        /// Unit of the limits.
        charging_rate_unit: 1 ChargingRateUnit,
        /// Below this rate charging is inefficient for the vehicle, in the unit of the limits.
        min_charging_rate: ? Number<1>,
        /// The limits, in the order of time.
        charging_profile_period: * ChargingProfilePeriod,
    }
}

object! {
    /// A limit from one moment until the next period. (`mod_charging_profiles_charging_profile_period_class`)
    pub struct ChargingProfilePeriod("ChargingProfilePeriod") {
        /// Seconds after the start of the profile.
        start_period: 1 Int<0>,
        /// The limit: A per phase or W in total.
        limit: 1 Number<1>,
    }
}

string_enum! {
    /// Units of charging limits. (`mod_charging_profiles_chargingrateunit`)
    pub closed enum ChargingRateUnit("ChargingRateUnit") {
        /// Watts in total.
        W = "W",
        /// Amperes per phase.
        A = "A",
    }
}

string_enum! {
    /// Whether a request about charging profiles is passed on. (`mod_charging_profiles_responsetype_enum`)
    pub closed enum ChargingProfileResponseType("ChargingProfileResponseType") {
        /// It is passed on.
        Accepted = "ACCEPTED",
        /// It is not supported.
        NotSupported = "NOT_SUPPORTED",
        /// It is refused.
        Rejected = "REJECTED",
        /// It comes too soon after the one before.
        TooOften = "TOO_OFTEN",
        /// There is no such session.
        UnknownSession = "UNKNOWN_SESSION",
    }
}

string_enum! {
    /// What a station said to a request about charging profiles. (`mod_charging_profiles_resulttype_enum`)
    pub closed enum ChargingProfileResultType("ChargingProfileResultType") {
        /// It did as asked.
        Accepted = "ACCEPTED",
        /// It refused.
        Rejected = "REJECTED",
        /// It found no such profile.
        Unknown = "UNKNOWN",
    }
}
