//! Tariffs.

use super::locations::EnergyMix;
use super::types::DisplayText;

use crate::object::object;
use crate::rules::v230 as rules;
use crate::string_enum::string_enum;
use crate::{CiString, CountryCode, Currency, DateTime, Int, LocalDate, LocalTime, Number, Url};

object! {
    /// What charging costs and when. (`mod_tariffs_tariff_object`)
    pub struct Tariff("Tariff") => rules::tariff {
        /// Country of the party that owns this object.
        country_code: 1 CountryCode,
        /// The party that owns this object, unique within its country.
        party_id: 1 CiString<3>,
        /// Identifies the tariff at the platform of the CPO.
        id: 1 CiString<36>,
        /// Currency of the prices.
        currency: 1 Currency,
        /// Which sessions the tariff is for; absent means all.
        kind = "type": ? TariffType,
        /// Further information for drivers, at most one text a language.
        tariff_alt_text: * DisplayText,
        /// A page that explains the tariff.
        tariff_alt_url: ? Url,
        /// The least a session costs.
        min_price: ? PriceLimit,
        /// The most a session costs.
        max_price: ? PriceLimit,
        /// Amount a payment terminal reserves before charging starts.
        preauthorize_amount: ? Number,
        /// The prices; for each dimension the first that matches applies.
        elements: + TariffElement,
        /// Whether prices contain taxes.
        tax_included: 1 TaxIncluded,
        /// When the tariff becomes valid.
        start_date_time: ? DateTime,
        /// When the tariff stops being valid.
        end_date_time: ? DateTime,
        /// Where the energy comes from.
        energy_mix: ? EnergyMix,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime,
    }
}

object! {
    /// The price of one dimension. (`mod_tariffs_pricecomponent_class`)
    pub struct PriceComponent("PriceComponent") => rules::price_component {
        /// What is priced.
        kind = "type": 1 TariffDimensionType,
        /// Price of one unit: kWh, hour or session.
        price: 1 Number,
        /// VAT in percent; absent is not the same as 0.
        vat: ? Number,
        /// Billed in multiples of this: Wh for energy, seconds for time, ignored for flat fees.
        step_size: 1 Int<0>,
    }
}

object! {
    /// The bound of a price, before and after taxes. (`mod_tariffs_pricelimit_class`)
    pub struct PriceLimit("PriceLimit") {
        /// The bound before taxes.
        before_taxes: 1 Number,
        /// The bound after taxes.
        after_taxes: ? Number,
    }
}

object! {
    /// Prices with the conditions under which they apply. (`mod_tariffs_tariffelement_class`)
    pub struct TariffElement("TariffElement") => rules::tariff_element {
        /// The prices.
        price_components: + PriceComponent,
        /// The conditions; absent means always.
        restrictions: ? TariffRestrictions,
    }
}

object! {
    /// Conditions of prices; all that are given have to hold. (`mod_tariffs_tariffrestrictions_class`)
    pub struct TariffRestrictions("TariffRestrictions") => rules::tariff_restrictions {
        /// From this time of day on, local time.
        start_time: ? LocalTime,
        /// Before this time of day, local time; earlier than the start it means the next day.
        end_time: ? LocalTime,
        /// From this day on, local time.
        start_date: ? LocalDate,
        /// Before this day, local time.
        end_date: ? LocalDate,
        /// From this energy of the session on, in kWh.
        min_kwh: ? Number,
        /// Before this energy of the session is reached, in kWh.
        max_kwh: ? Number,
        /// While the sum of currents is at least this, in A.
        min_current: ? Number,
        /// While the sum of currents is less than this, in A.
        max_current: ? Number,
        /// While the power is at least this, in kW.
        min_power: ? Number,
        /// While the power is less than this, in kW.
        max_power: ? Number,
        /// From this length of the session on, in seconds.
        min_duration: ? Int<0>,
        /// Before this length of the session is reached, in seconds.
        max_duration: ? Int<0>,
        /// On these days, local time.
        day_of_week: * DayOfWeek,
        /// For a reservation, or one that was not used, instead of charging.
        reservation: ? ReservationRestrictionType,
        /// For this phase or fee of a booking instead of charging.
        booking: ? BookingRestrictionType,
    }
}

string_enum! {
    /// Days of the week. (`mod_tariffs_dayofweek_enum`)
    pub closed enum DayOfWeek("DayOfWeek") {
        /// Monday.
        Monday = "MONDAY",
        /// Tuesday.
        Tuesday = "TUESDAY",
        /// Wednesday.
        Wednesday = "WEDNESDAY",
        /// Thursday.
        Thursday = "THURSDAY",
        /// Friday.
        Friday = "FRIDAY",
        /// Saturday.
        Saturday = "SATURDAY",
        /// Sunday.
        Sunday = "SUNDAY",
    }
}

string_enum! {
    /// The phase of a reservation that is priced. (`mod_tariffs_reservation_restriction_type`)
    pub closed enum ReservationRestrictionType("ReservationRestrictionType") {
        /// A reservation that leads to charging.
        Reservation = "RESERVATION",
        /// A reservation that is not used.
        ReservationExpires = "RESERVATION_EXPIRES",
    }
}

string_enum! {
    /// What is priced. (`mod_tariffs_tariffdimensiontype_enum`)
    pub closed enum TariffDimensionType("TariffDimensionType") {
        /// Energy, per kWh.
        Energy = "ENERGY",
        /// The session as a whole.
        Flat = "FLAT",
        /// Time without charging, per hour.
        ParkingTime = "PARKING_TIME",
        /// Time of charging or of a reservation, per hour.
        Time = "TIME",
    }
}

string_enum! {
    /// Which sessions a tariff is for. (`mod_tariffs_tariff_type`)
    pub closed enum TariffType("TariffType") {
        /// Sessions paid on the spot.
        AdHocPayment = "AD_HOC_PAYMENT",
        /// Sessions with the preference cheap.
        ProfileCheap = "PROFILE_CHEAP",
        /// Sessions with the preference fast.
        ProfileFast = "PROFILE_FAST",
        /// Sessions with the preference green.
        ProfileGreen = "PROFILE_GREEN",
        /// Sessions without a preference, or with the regular one.
        Regular = "REGULAR",
    }
}

string_enum! {
    /// Whether prices contain taxes. (`mod_tariffs_taxincluded_enum`)
    pub closed enum TaxIncluded("TaxIncluded") {
        /// Taxes are part of the prices.
        Yes = "YES",
        /// Taxes come on top.
        No = "NO",
        /// No taxes apply.
        NotApplicable = "N/A",
    }
}

string_enum! {
    /// The phase or fee of a booking that is priced. (`mod_tariffs_booking_restriction_type`)
    pub closed enum BookingRestrictionType("BookingRestrictionType") {
        /// A booking that leads to charging.
        Booking = "BOOKING",
        /// A booking that is not used.
        BookingExpires = "BOOKING_EXPIRES",
        /// A booking that is cancelled.
        BookingCancellationFees = "BOOKING_CANCELLATION_FEES",
        /// Time beyond the booking.
        BookingOvertime = "BOOKING_OVERTIME",
    }
}
