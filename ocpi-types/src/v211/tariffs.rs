//! Tariffs.

use super::locations::EnergyMix;
use super::types::DisplayText;

use crate::object::object;
use crate::rules::v211 as rules;
use crate::string_enum::string_enum;
use crate::{AsciiText, Currency, DateTime, Int, LocalTime, Number, Url};

object! {
    /// What charging costs and when. (`31-tariff-object`)
    pub struct Tariff("Tariff") patch TariffPatch => rules::tariff {
        /// Identifies the tariff at the platform of the CPO.
        id: 1 AsciiText<36>,
        /// Currency of the prices.
        currency: 1 Currency,
        /// Further information for drivers, at most one text a language.
        tariff_alt_text: * DisplayText,
        /// A page that explains the tariff.
        tariff_alt_url: ? Url,
        /// The prices; for each dimension the first that matches applies.
        elements: + TariffElement,
        /// Where the energy comes from.
        energy_mix: ? EnergyMix,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime<false>,
    }
}

object! {
    /// The price of one dimension. (`42-pricecomponent-class`)
    pub struct PriceComponent("PriceComponent") => rules::price_component {
        /// What is priced.
        kind = "type": 1 TariffDimensionType,
        /// Price of one unit without VAT: kWh, hour or session.
        price: 1 Number,
        /// Billed in multiples of this: Wh for energy, seconds for time, ignored for flat fees.
        step_size: 1 Int<0>,
    }
}

object! {
    /// Prices with the conditions under which they apply. (`43-tariffelement-class`)
    pub struct TariffElement("TariffElement") {
        /// The prices.
        price_components: + PriceComponent,
        /// The conditions; absent means always.
        restrictions: ? TariffRestrictions,
    }
}

object! {
    /// Conditions of prices; all that are given have to hold. (`45-tariffrestrictions-class`)
    pub struct TariffRestrictions("TariffRestrictions") => rules::tariff_restrictions {
        /// From this time of day on, local time.
        start_time: ? LocalTime,
        /// Before this time of day, local time; earlier than the start it means the next day.
        end_time: ? LocalTime,
        /// From this day on, local time.
        start_date: ? AsciiText<10>,
        /// Before this day, local time.
        end_date: ? AsciiText<10>,
        /// From this energy of the session on, in kWh.
        min_kwh: ? Number,
        /// Before this energy of the session is reached, in kWh.
        max_kwh: ? Number,
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
    }
}

string_enum! {
    /// Days of the week. (`41-dayofweek-enum`)
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
    /// What is priced. (`44-tariffdimensiontype-enum`)
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
