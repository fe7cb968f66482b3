//! Types that several modules share.

use crate::object::object;
use crate::rules::v221 as rules;
use crate::string_enum::string_enum;
use crate::{Language, Number, Text};

object! {
    /// A text for people in one language, without markup. (`types_displaytext_class`)
    pub struct DisplayText("DisplayText") => rules::display_text {
        /// Its language.
        language: 1 Language,
        /// The text.
        text: 1 Text<512>,
    }
}

object! {
    /// An amount of money before and after taxes. (`types_price_class`)
    pub struct Price("Price") {
        /// The amount without VAT.
        excl_vat: 1 Number,
        /// The amount with VAT; absent when not known.
        incl_vat: ? Number,
    }
}

string_enum! {
    /// The roles of parties. (`types_role_enum`)
    pub closed enum Role("Role") {
        /// Charge point operator.
        Cpo = "CPO",
        /// Mobility service provider.
        Emsp = "EMSP",
        /// Roaming hub.
        Hub = "HUB",
        /// National access point.
        Nap = "NAP",
        /// Navigation service provider.
        Nsp = "NSP",
        /// Another role.
        Other = "OTHER",
        /// Smart charging service provider.
        Scsp = "SCSP",
    }
}
