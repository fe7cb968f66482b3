//! CDRs: the bills of charging sessions.

use super::locations::Location;
use super::tariffs::Tariff;

use crate::object::object;
use crate::rules::v211 as rules;
use crate::string_enum::string_enum;
use crate::{AsciiText, CiString, Currency, DateTime, Number};

object! {
    /// The bill of one charging session; it never changes once sent. (`31-cdr-object`)
    pub struct Cdr("CDR") => rules::cdr {
        /// Identifies the CDR at the platform of the CPO.
        id: 1 CiString<36>,
        /// When the session began; the start of the reservation if there was one.
        start_date_time: 1 DateTime<false>,
        /// When the session ended.
        stop_date_time: 1 DateTime<false>,
        /// The contract of the driver, as in `Token.auth_id`.
        auth_id: 1 AsciiText<36>,
        /// How the driver was authorised; the last method when several were used.
        auth_method: 1 AuthMethod,
        /// The location, reduced to the EVSE and connector that were used.
        location: 1 Location,
        /// The energy meter in the station.
        meter_id: ? AsciiText<255>,
        /// Currency of every amount in this CDR.
        currency: 1 Currency,
        /// The tariffs that were applied, as they were then.
        tariffs: * Tariff,
        /// The course of the session; a new period starts whenever the price changes.
        charging_periods: + ChargingPeriod,
        /// What the session costs in total, without VAT.
        total_cost: 1 Number,
        /// Energy charged in kWh.
        total_energy: 1 Number,
        /// Length of the session in hours, charging and parking together.
        total_time: 1 Number,
        /// Hours in which the vehicle was connected without charging.
        total_parking_time: ? Number,
        /// A remark for people.
        remark: ? AsciiText<255>,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime<false>,
    }
}

object! {
    /// A quantity measured in a charging period. (`42-cdrdimension-class`)
    pub struct CdrDimension("CdrDimension") {
        /// What is measured.
        kind = "type": 1 CdrDimensionType,
        /// How much, in the unit of the dimension.
        volume: 1 Number,
    }
}

object! {
    /// A part of a session in which the price does not change. (`44-chargingperiod-class`)
    pub struct ChargingPeriod("ChargingPeriod") {
        /// When the period starts; it ends where the next one starts, or with the session.
        start_date_time: 1 DateTime<false>,
        /// The quantities measured in the period.
        dimensions: + CdrDimension,
    }
}

string_enum! {
    /// How a driver was authorised. (`41-authmethod-enum`)
    pub closed enum AuthMethod("AuthMethod") {
        /// By asking the eMSP.
        AuthRequest = "AUTH_REQUEST",
        /// By the list of tokens at the CPO.
        Whitelist = "WHITELIST",
    }
}

string_enum! {
    /// What is measured in a charging period. (`43-cdrdimensiontype-enum`)
    pub closed enum CdrDimensionType("CdrDimensionType") {
        /// Energy charged in kWh; negative when discharging.
        Energy = "ENERGY",
        /// A flat fee, without a unit.
        Flat = "FLAT",
        /// Greatest current in A, summed over the phases.
        MaxCurrent = "MAX_CURRENT",
        /// Least current in A, summed over the phases.
        MinCurrent = "MIN_CURRENT",
        /// Hours without charging.
        ParkingTime = "PARKING_TIME",
        /// Hours of charging.
        Time = "TIME",
    }
}
