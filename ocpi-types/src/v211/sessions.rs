//! Sessions and the preferences of drivers.

use super::cdrs::{AuthMethod, ChargingPeriod};
use super::locations::Location;

use crate::object::object;
use crate::rules::v211 as rules;
use crate::string_enum::string_enum;
use crate::{AsciiText, Currency, DateTime, Number};

object! {
    /// A charging session while it goes on and after. (`31-session-object`)
    pub struct Session("Session") patch SessionPatch => rules::session {
        /// Identifies the session at the platform of the CPO.
        id: 1 AsciiText<36>,
        /// When the session became active.
        start_datetime: 1 DateTime<false>,
        /// When the session ended.
        end_datetime: ? DateTime<false>,
        /// Energy charged so far in kWh.
        kwh: 1 Number,
        /// The contract of the driver, as in `Token.auth_id`.
        auth_id: 1 AsciiText<36>,
        /// How the driver was authorised; the last method when several were used.
        auth_method: 1 AuthMethod,
        /// The location, reduced to the EVSE and connector in use.
        location: 1 Location,
        /// The energy meter in the station.
        meter_id: ? AsciiText<255>,
        /// Currency of the cost.
        currency: 1 Currency,
        /// The course of the session so far.
        charging_periods: * ChargingPeriod,
        /// Cost so far without VAT; absent means unknown, which is not the same as free.
        total_cost: ? Number,
        /// Where the session stands.
        status: 1 SessionStatus,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime<false>,
    }
}

string_enum! {
    /// Where a session stands. (`41-sessionstatus-enum`)
    pub closed enum SessionStatus("SessionStatus") {
        /// Accepted and going on.
        Active = "ACTIVE",
        /// Ended for good.
        Completed = "COMPLETED",
        /// Started wrongly; it is not billed.
        Invalid = "INVALID",
        /// Not started yet; the first status.
        Pending = "PENDING",
    }
}
