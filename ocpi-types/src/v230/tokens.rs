//! Tokens and authorisation.

use super::sessions::ProfileType;
use super::types::DisplayText;

use crate::object::object;
use crate::rules::v230 as rules;
use crate::string_enum::string_enum;
use crate::{CiString, CountryCode, DateTime, Language, Text};

object! {
    /// Answer of the eMSP to the question whether a token may charge. (`mod_tokens_authorizationinfo_object`)
    pub struct AuthorizationInfo("AuthorizationInfo") {
        /// Whether it may.
        allowed: 1 AllowedType,
        /// The token that was asked about, complete.
        token: 1 Token,
        /// Where it may charge, when the question named a location.
        location: ? LocationReferences,
        /// Reference of the eMSP, to be copied into Session and CDR.
        authorization_reference: ? CiString<36>,
        /// What to tell the driver.
        info: ? DisplayText,
    }
}

object! {
    /// What a driver identifies with at a station. (`mod_tokens_token_object`)
    pub struct Token("Token") patch TokenPatch => rules::token {
        /// Country of the party that owns this object.
        country_code: 1 CountryCode,
        /// The party that owns this object, unique within its country.
        party_id: 1 CiString<3>,
        /// The token as the station reads it.
        uid: 1 CiString<36>,
        /// Kind of the token.
        kind = "type": 1 TokenType,
        /// The contract of the driver with the eMSP.
        contract_id: 1 CiString<36>,
        /// The number printed on the token.
        visual_number: ? Text<64>,
        /// The company that issued the token, as printed on it.
        issuer: 1 Text<64>,
        /// Tokens of one group act as one.
        group_id: ? CiString<36>,
        /// Whether the token may be used.
        valid: 1 bool,
        /// Whether the CPO may decide without asking.
        whitelist: 1 WhitelistType,
        /// Language of the driver.
        language: ? Language,
        /// How the driver likes to charge.
        default_profile_type: ? ProfileType,
        /// The driver's own energy contract.
        energy_contract: ? EnergyContract,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime,
    }
}

object! {
    /// A driver's contract with an energy supplier. (`mod_tokens_energy_contract`)
    pub struct EnergyContract("EnergyContract") {
        /// Name of the supplier.
        supplier_name: 1 Text<64>,
        /// The contract at the supplier.
        contract_id: ? Text<64>,
    }
}

object! {
    /// A location and some of its EVSEs. (`mod_tokens_locationreferences_class`)
    pub struct LocationReferences("LocationReferences") {
        /// The location, as in `Location.id`.
        location_id: 1 CiString<36>,
        /// The EVSEs; none means all.
        evse_uids: * CiString<36>,
    }
}

string_enum! {
    /// Whether a token may charge. (`mod_tokens_allowed_enum`)
    pub closed enum AllowedType("AllowedType") {
        /// It may.
        Allowed = "ALLOWED",
        /// It is blocked.
        Blocked = "BLOCKED",
        /// It has expired.
        Expired = "EXPIRED",
        /// The driver has no credit.
        NoCredit = "NO_CREDIT",
        /// It is valid but may not charge here.
        NotAllowed = "NOT_ALLOWED",
    }
}

string_enum! {
    /// Kinds of tokens. (`mod_tokens_tokentype_enum`)
    pub open enum TokenType("TokenType") {
        /// Made by a server for one session.
        AdHocUser = "AD_HOC_USER",
        /// Made by a server for the user of an app.
        AppUser = "APP_USER",
        /// A contract certificate of ISO 15118.
        Emaid = "EMAID",
        /// Another kind.
        Other = "OTHER",
        /// An RFID card or tag.
        Rfid = "RFID",
    }
}

string_enum! {
    /// Whether a CPO may decide about a token without asking. (`mod_tokens_whitelisttype_enum`)
    pub closed enum WhitelistType("WhitelistType") {
        /// It always decides itself.
        Always = "ALWAYS",
        /// It may decide itself or ask.
        Allowed = "ALLOWED",
        /// It asks, and decides itself when the eMSP cannot be reached.
        AllowedOffline = "ALLOWED_OFFLINE",
        /// It has to ask every time.
        Never = "NEVER",
    }
}
