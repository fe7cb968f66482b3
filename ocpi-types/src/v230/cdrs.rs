//! CDRs: the bills of charging sessions.

use super::locations::{ConnectorFormat, ConnectorType, GeoLocation, PowerType};
use super::tariffs::Tariff;
use super::tokens::TokenType;
use super::types::Price;

use crate::object::object;
use crate::rules::v230 as rules;
use crate::string_enum::string_enum;
use crate::{CiString, Country, CountryCode, Currency, DateTime, Int, Number, Text};

object! {
    /// The bill of one charging session; it never changes once sent. (`mod_cdrs_cdr_object`)
    pub struct Cdr("CDR") => rules::cdr {
        /// Country of the party that owns this object.
        country_code: 1 CountryCode,
        /// The party that owns this object, unique within its country.
        party_id: 1 CiString<3>,
        /// Identifies the CDR at the platform of the CPO; credit CDRs may be longer than ordinary ones.
        id: 1 CiString<39>,
        /// When the session began; the start of the reservation if there was one.
        start_date_time: 1 DateTime,
        /// When the session ended.
        end_date_time: 1 DateTime,
        /// The booking that led to this session.
        booking_id: ? CiString<36>,
        /// The Session this CDR bills; absent when the CPO shares no Sessions or a reservation was not used.
        session_id: ? CiString<36>,
        /// The token that was used, as it was then.
        cdr_token: 1 CdrToken,
        /// How the driver was authorised; the last method when several were used.
        auth_method: 1 AuthMethod,
        /// The last reference the eMSP gave when authorising.
        authorization_reference: ? CiString<36>,
        /// Where charging took place, as it was then.
        cdr_location: 1 CdrLocation,
        /// The energy meter in the station.
        meter_id: ? Text<255>,
        /// Currency of every amount in this CDR.
        currency: 1 Currency,
        /// The tariffs that were applied, as they were then.
        tariffs: * Tariff,
        /// The course of the session; a new period starts whenever the price changes.
        charging_periods: + ChargingPeriod,
        /// Signed meter values for drivers who want to verify the bill.
        signed_data: ? SignedData,
        /// What the session costs in total, in the currency of the CDR.
        total_cost: 1 Price,
        /// Sum of the flat fees, without those for parking and reservation.
        total_fixed_cost: ? Price,
        /// Energy charged in kWh.
        total_energy: 1 Number,
        /// What the energy costs.
        total_energy_cost: ? Price,
        /// Length of the session in hours, charging and parking together.
        total_time: 1 Number,
        /// What the time of charging costs.
        total_time_cost: ? Price,
        /// Hours in which the vehicle was connected without charging.
        total_parking_time: ? Number,
        /// What the parking costs, fixed fees for parking included.
        total_parking_cost: ? Price,
        /// What the reservation costs, fixed fees included.
        total_reservation_cost: ? Price,
        /// A remark for people.
        remark: ? Text<255>,
        /// The invoice that covers this CDR, for a later look-up.
        invoice_reference_id: ? CiString<39>,
        /// Whether this CDR takes back another one.
        credit: ? bool,
        /// The CDR that is taken back.
        credit_reference_id: ? CiString<39>,
        /// Whether the session took place at the home of the driver and is to be paid back.
        home_charging_compensation: ? bool,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime,
    }
}

object! {
    /// A quantity measured in a charging period. (`mod_cdrs_cdrdimension_class`)
    pub struct CdrDimension("CdrDimension") => rules::cdr_dimension {
        /// What is measured.
        kind = "type": 1 CdrDimensionType,
        /// How much, in the unit of the dimension.
        volume: 1 Number,
    }
}

object! {
    /// The place of charging, frozen at the start of the session. (`mod_cdrs_cdr_location_class`)
    pub struct CdrLocation("CdrLocation") {
        /// The location, as in `Location.id`.
        id: 1 CiString<36>,
        /// Name of the location for people.
        name: ? Text<255>,
        /// Street and house number.
        address: 1 Text<45>,
        /// City or town.
        city: 1 Text<45>,
        /// Postal code; absent where there is none.
        postal_code: ? Text<10>,
        /// State or province, where that matters.
        state: ? Text<20>,
        /// Country of the location.
        country: 1 Country,
        /// Where the location is on the map.
        coordinates: 1 GeoLocation,
        /// The EVSE, as in `EVSE.uid`; `#NA` when a reservation was not used.
        evse_uid: 1 CiString<36>,
        /// The EVSE as drivers read it; `#NA` when a reservation was not used.
        evse_id: 1 CiString<48>,
        /// The connector within the EVSE; `#NA` when a reservation was not used.
        connector_id: 1 CiString<36>,
        /// Plug or socket of the connector.
        connector_standard: 1 ConnectorType,
        /// Whether the connector is a socket or a cable.
        connector_format: 1 ConnectorFormat,
        /// Kind of current at the connector.
        connector_power_type: 1 PowerType,
    }
}

object! {
    /// The token that was used, frozen at the start of the session. (`mod_cdrs_cdr_token_object`)
    pub struct CdrToken("CdrToken") {
        /// Country of the eMSP that owns the token.
        country_code: 1 CountryCode,
        /// The eMSP that owns the token.
        party_id: 1 CiString<3>,
        /// The token as the station reads it.
        uid: 1 CiString<36>,
        /// Kind of the token.
        kind = "type": 1 TokenType,
        /// The contract of the driver with the eMSP.
        contract_id: 1 CiString<36>,
    }
}

object! {
    /// A part of a session in which the price does not change. (`mod_cdrs_chargingperiod_class`)
    pub struct ChargingPeriod("ChargingPeriod") {
        /// When the period starts; it ends where the next one starts, or with the session.
        start_date_time: 1 DateTime,
        /// The quantities measured in the period.
        dimensions: + CdrDimension,
        /// The tariff that applies; absent when none does.
        tariff_id: ? CiString<36>,
    }
}

object! {
    /// Signed meter values and what is needed to verify them. (`mod_cdrs_signed_data_class`)
    pub struct SignedData("SignedData") => rules::signed_data {
        /// Name of the method the values are encoded with.
        encoding_method: 1 CiString<36>,
        /// Version of the method.
        encoding_method_version: ? Int,
        /// Public key for the signatures, in Base64.
        public_key: ? Text<512>,
        /// The values, in the order of time.
        signed_values: + SignedValue,
        /// Where a driver can verify the values.
        url: ? Text<512>,
    }
}

object! {
    /// One signed meter value. (`mod_cdrs_signed_value_class`)
    pub struct SignedValue("SignedValue") => rules::signed_value {
        /// When the value was taken, such as `Start`, `End` or `Intermediate`.
        nature: 1 CiString<32>,
        /// The value as it is to be read.
        plain_data: 1 Text<5000>,
        /// The value with its signature, in Base64.
        signed_data: 1 Text<5000>,
    }
}

string_enum! {
    /// How a driver was authorised. (`mod_cdrs_authmethod_enum`)
    pub closed enum AuthMethod("AuthMethod") {
        /// By asking the eMSP.
        AuthRequest = "AUTH_REQUEST",
        /// By a command of the eMSP.
        Command = "COMMAND",
        /// By the list of tokens at the CPO.
        Whitelist = "WHITELIST",
    }
}

string_enum! {
    /// What is measured in a charging period. (`mod_cdrs_cdrdimensiontype_enum`)
    pub closed enum CdrDimensionType("CdrDimensionType") {
        /// Mean current in A, summed over the phases; negative towards the grid.
        Current = "CURRENT",
        /// Energy charged in kWh; negative when discharging.
        Energy = "ENERGY",
        /// Reading of the export register in kWh.
        EnergyExport = "ENERGY_EXPORT",
        /// Reading of the import register in kWh.
        EnergyImport = "ENERGY_IMPORT",
        /// Greatest current in A, summed over the phases.
        MaxCurrent = "MAX_CURRENT",
        /// Least current in A, summed over the phases.
        MinCurrent = "MIN_CURRENT",
        /// Greatest power in kW.
        MaxPower = "MAX_POWER",
        /// Least power in kW.
        MinPower = "MIN_POWER",
        /// Hours without charging.
        ParkingTime = "PARKING_TIME",
        /// Mean power in kW; negative towards the grid.
        Power = "POWER",
        /// Hours of a reservation.
        ReservationTime = "RESERVATION_TIME",
        /// State of charge of the battery in percent.
        StateOfCharge = "STATE_OF_CHARGE",
        /// Hours of charging.
        Time = "TIME",
        /// Hours of a booking that was not used.
        ReservationExpires = "RESERVATION_EXPIRES",
        /// Hours of charging beyond a booking.
        ReservationOvertime = "RESERVATION_OVERTIME",
    }
}
