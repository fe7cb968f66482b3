//! Bookings (Bookings 1.1): reservations made in advance.

use super::locations::{ConnectorFormat, ConnectorType, EvsePosition, PowerType, VehicleType};
use super::tokens::TokenType;
use super::types::Role;

use crate::object::object;
use crate::rules::v230 as rules;
use crate::string_enum::string_enum;
use crate::{CiString, CountryCode, DateTime, Int, Number, Text, Url};

object! {
    /// A reservation made in advance, with its history. (`mod_bookings_booking_object`)
    pub struct Booking("Booking") patch BookingPatch => rules::booking {
        /// Identifies the booking at the platform of the CPO.
        id: 1 CiString<36>,
        /// Country of the party that owns this object.
        country_code: 1 CountryCode,
        /// The party that owns this object, unique within its country.
        party_id: 1 CiString<3>,
        /// Identifies the request at the eMSP; later changes keep it.
        request_id: 1 CiString<36>,
        /// What is booked.
        booking_option: ? BookingOption,
        /// The location, as in `Location.id`.
        location_id: 1 CiString<36>,
        /// The tokens that may use the booking.
        booking_tokens: * BookingToken,
        /// The tariffs of the booking.
        tariff_ids: * CiString<36>,
        /// The time that is booked.
        period: 1 Timeslot,
        /// Where the booking stands.
        reservation_status: 1 ReservationStatus,
        /// Who cancelled it and why.
        canceled: ? Cancellation,
        /// How to get in.
        access_information: * AccessInformation,
        /// Reference of the eMSP, copied into Session and CDR.
        authorization_reference: 1 CiString<36>,
        /// The terms that were agreed.
        booking_terms: 1 BookingTerms,
        /// All requests about this booking, in the order they came.
        booking_requests: + BookingRequestStatus,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime,
    }
}

object! {
    /// What can be booked at a location, when and on which terms. (`mod_bookings_bookinglocation_object`)
    pub struct BookingLocation("BookingLocation") patch BookingLocationPatch => rules::booking_location {
        /// Country of the party that owns this object.
        country_code: 1 CountryCode,
        /// The party that owns this object, unique within its country.
        party_id: 1 CiString<3>,
        /// Identifies the offer at the platform of the CPO.
        id: 1 CiString<36>,
        /// The location, as in `Location.id`.
        location_id: 1 CiString<36>,
        /// What can be booked.
        booking_option: ? BookingOption,
        /// Whether booking is needed and what is kept free.
        policy: ? Policy,
        /// The tariffs of a booking.
        tariff_ids: * CiString<36>,
        /// The terms of a booking.
        booking_terms: ? BookingTerms => BookingTermsPatch,
        /// When it can be booked.
        calendars: * Calendar,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime,
    }
}

object! {
    /// Times that can be booked. (`mod_bookings_calendar_object`)
    pub struct Calendar("Calendar") patch CalendarPatch => rules::calendar {
        /// Identifies the calendar within its booking location.
        id: 1 CiString<36>,
        /// Begin of the time the calendar covers.
        begin_from: 1 DateTime,
        /// End of the time the calendar covers.
        end_before: 1 DateTime,
        /// Times can be booked in multiples of this many minutes.
        timeslot_increment: ? Int<0>,
        /// The times that are free.
        available_timeslots: + Timeslot,
        /// When this calendar was last changed or, if never, created.
        last_updated: 1 DateTime,
    }
}

object! {
    /// A way to get in. (`mod_bookings_access_information_class`)
    pub struct AccessInformation("AccessInformation") => rules::access_information {
        /// Which way.
        method: 1 AccessMethod,
        /// The licence plate or code that opens.
        value: ? Text,
    }
}

object! {
    /// What is booked or can be booked. (`mod_bookings_booking_option_class`)
    pub struct BookingOption("BookingOption") => rules::booking_option {
        /// The EVSE; `#NA` while none is assigned.
        evse_uid: ? CiString<36>,
        /// The connector.
        connector_id: ? CiString<36>,
        /// The parking bay.
        parking_id: ? CiString<36>,
        /// On which side of the bay the EVSE stands.
        evse_position: * EvsePosition,
        /// The vehicles it suits.
        vehicle_types: * VehicleType,
        /// Sockets or cables.
        connector_format: * ConnectorFormat,
        /// Plugs and sockets.
        connector_types: * ConnectorType,
        /// Kinds of current.
        power_types: * PowerType,
        /// Greatest weight of a vehicle in kg.
        max_vehicle_weight: ? Number,
        /// Greatest height of a vehicle in cm.
        max_vehicle_height: ? Number,
        /// Greatest length of a vehicle in cm.
        max_vehicle_length: ? Number,
        /// Greatest width of a vehicle in cm.
        max_vehicle_width: ? Number,
        /// Least length of the bay in cm.
        min_parking_space_length: ? Number,
        /// Least width of the bay in cm.
        min_parking_space_width: ? Number,
        /// Whether vehicles with dangerous goods may park.
        dangerous_goods_allowed: ? bool,
        /// Whether a vehicle can leave forwards.
        drive_through: ? bool,
        /// Whether cooled goods find a power outlet.
        refrigeration_outlet: ? bool,
    }
}

object! {
    /// Request for a booking, for its change or for its cancellation. (`mod_bookings_request_class`)
    pub struct BookingRequest("BookingRequest") {
        /// Country of the eMSP that asks.
        country_code: 1 CountryCode,
        /// The eMSP that asks.
        party_id: 1 CiString<3>,
        /// Identifies the request; a change repeats the id of the booking.
        request_id: 1 CiString<36>,
        /// What is wanted.
        booking_option: ? BookingOption,
        /// The location, as in `Location.id`.
        location_id: 1 CiString<36>,
        /// The offer that is taken up.
        booking_location_id: 1 CiString<36>,
        /// The tokens that are to use the booking.
        tokens: * BookingToken,
        /// How the driver would like to get in.
        access_information: * AccessInformation,
        /// The time that is wanted.
        period: 1 Period,
        /// Reference of the eMSP, copied into Session and CDR.
        authorization_reference: 1 CiString<36>,
        /// Power wanted, in kW.
        power_required: ? Int<0>,
        /// Present when the request is to cancel.
        canceled: ? Cancellation,
    }
}

object! {
    /// A request and what became of it. (`mod_bookings_request_status_class`)
    pub struct BookingRequestStatus("BookingRequestStatus") {
        /// What became of it.
        request_status: 1 ReservationRequestStatus,
        /// The request.
        booking_request: 1 BookingRequest,
        /// When it came.
        request_received: 1 DateTime,
    }
}

object! {
    /// The terms of a booking. (`mod_bookings_booking_terms_class`)
    pub struct BookingTerms("BookingTerms") patch BookingTermsPatch => rules::booking_terms {
        /// Whether an RFID card has to be shown.
        rfid_auth_required: ? bool,
        /// Whether other tokens of the same group may be used.
        token_groups_supported: ? bool,
        /// Whether charging can be started remotely.
        remote_auth_supported: ? bool,
        /// The ways to get in.
        supported_access_methods: + AccessMethod,
        /// Minutes before the start until which a change is allowed.
        change_until_minutes: 1 Number,
        /// Minutes before the start until which a cancellation is allowed.
        cancel_until_minutes: 1 Number,
        /// Whether changes are ruled out.
        change_not_allowed: ? bool,
        /// Whether charging may start before the booked time.
        early_start_allowed: ? bool,
        /// How many minutes before.
        early_start_time: ? Number,
        /// Minutes after the start until the booking lapses; absent means never.
        noshow_timeout: ? Number,
        /// Whether a lapsed booking costs a fee.
        noshow_fee: ? bool,
        /// Whether charging may go on after the booked time.
        late_stop_allowed: ? bool,
        /// How many minutes after.
        late_stop_time: ? Number,
        /// Whether one driver may hold bookings for the same time.
        overlapping_bookings_allowed: ? bool,
        /// Shortest booking in minutes.
        min_booking_duration: ? Number,
        /// Longest booking in minutes.
        max_booking_duration: ? Number,
        /// Where the terms can be read.
        booking_terms: ? Url,
    }
}

object! {
    /// A token that may use a booking. (`mod_bookings_booking_token_object`)
    pub struct BookingToken("BookingToken") {
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
    /// A cancellation with its reason. (`mod_bookings_cancellation_class`)
    pub struct Cancellation("Cancellation") {
        /// Why.
        cancellation_reason: 1 CanceledReason,
        /// Which side cancelled.
        who_canceled: 1 Role,
    }
}

object! {
    /// A period of time. (`mod_bookings_period_class`)
    pub struct Period("Period") => rules::period {
        /// When it begins.
        start_date_time: 1 DateTime,
        /// When it ends.
        end_date_time: 1 DateTime,
    }
}

object! {
    /// How far booking is obligatory. (`mod_bookings_policy_object`)
    pub struct Policy("Policy") {
        /// Whether one can charge only with a booking.
        reservation_required: 1 bool,
        /// How much is kept free for drivers without a booking.
        ad_hoc: ? Number,
    }
}

object! {
    /// A time that can be booked or is booked. (`mod_bookings_timeslot_class`)
    pub struct Timeslot("Timeslot") => rules::timeslot {
        /// When it begins.
        start_date_time: 1 DateTime,
        /// When it ends.
        end_date_time: 1 DateTime,
        /// Least power in W.
        min_power: ? Number,
        /// Greatest power in W.
        max_power: ? Number,
        /// Whether the energy is green.
        green_energy_support: ? bool,
    }
}

string_enum! {
    /// Ways to get in. (`mod_bookings_access_method_enum`)
    pub closed enum AccessMethod("AccessMethod") {
        /// There is no barrier.
        Open = "OPEN",
        /// By the token of the driver.
        Token = "TOKEN",
        /// By the licence plate.
        LicensePlate = "LICENSE_PLATE",
        /// By a code.
        AccessCode = "ACCESS_CODE",
        /// By calling the operator.
        Intercom = "INTERCOM",
        /// By a parking ticket.
        ParkingTicket = "PARKING_TICKET",
    }
}

string_enum! {
    /// Why a booking was cancelled. (`mod_bookings_canceled_reason_enum`)
    pub closed enum CanceledReason("CanceledReason") {
        /// There is no power.
        PowerOutage = "POWER_OUTAGE",
        /// The station is broken.
        BrokenCharger = "BROKEN_CHARGER",
        /// There is no room left.
        Full = "FULL",
        /// Something is in the way.
        Blocked = "BLOCKED",
        /// The driver is held up.
        Traffic = "TRAFFIC",
        /// The vehicle is broken.
        BrokenVehicle = "BROKEN_VEHICLE",
        /// It was not cancelled.
        NoCanceled = "NO_CANCELED",
        /// Not known.
        Unknown = "UNKNOWN",
    }
}

string_enum! {
    /// What became of a request for a booking. (`mod_bookings_request_status_enum`)
    pub closed enum ReservationRequestStatus("ReservationRequestStatus") {
        /// It is being looked at.
        Pending = "PENDING",
        /// It was accepted.
        Accepted = "ACCEPTED",
        /// It was declined.
        Declined = "DECLINED",
        /// It failed.
        Failed = "FAILED",
    }
}

string_enum! {
    /// Where a booking stands. (`mod_bookings_reservation_status_enum`)
    pub closed enum ReservationStatus("ReservationStatus") {
        /// Requested.
        Pending = "PENDING",
        /// Confirmed.
        Reserved = "RESERVED",
        /// Cancelled.
        Canceled = "CANCELED",
        /// It could not be made.
        Failed = "FAILED",
        /// The driver did not come.
        NoShow = "NO_SHOW",
        /// The driver came in time and charged.
        Fulfilled = "FULFILLED",
        /// Refused.
        Rejected = "REJECTED",
        /// Not known.
        Unknown = "UNKNOWN",
    }
}
