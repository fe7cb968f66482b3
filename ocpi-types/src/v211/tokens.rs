//! Tokens and authorisation.

use super::types::DisplayText;

use crate::object::object;
use crate::rules::v211 as rules;
use crate::string_enum::string_enum;
use crate::{AsciiText, DateTime, Language};

object! {
    /// Answer of the eMSP to the question whether a token may charge. (`31-authorizationinfo-object`)
    pub struct AuthorizationInfo("AuthorizationInfo") {
        /// Whether it may.
        allowed: 1 Allowed,
        /// Where it may charge, when the question named a location.
        location: ? LocationReferences,
        /// What to tell the driver.
        info: ? DisplayText,
    }
}

object! {
    /// What a driver identifies with at a station. (`32-token-object`)
    pub struct Token("Token") patch TokenPatch => rules::token {
        /// The token as the station reads it.
        uid: 1 AsciiText<36>,
        /// Kind of the token.
        kind = "type": 1 TokenType,
        /// The contract of the driver with the eMSP.
        auth_id: 1 AsciiText<36>,
        /// The number printed on the token.
        visual_number: ? AsciiText<64>,
        /// The company that issued the token, as printed on it.
        issuer: 1 AsciiText<64>,
        /// Whether the token may be used.
        valid: 1 bool,
        /// Whether the CPO may decide without asking.
        whitelist: 1 WhitelistType,
        /// Language of the driver.
        language: ? Language,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime<false>,
    }
}

object! {
    /// A location and some of its EVSEs. (`42-locationreferences-class`)
    pub struct LocationReferences("LocationReferences") => rules::location_references {
        /// The location, as in `Location.id`.
        location_id: 1 AsciiText<39>,
        /// The EVSEs; none means all.
        evse_uids: * AsciiText<39>,
        /// The connectors; none means all.
        connector_ids: * AsciiText<36>,
    }
}

string_enum! {
    /// Whether a token may charge. (`41-allowed-enum`)
    pub closed enum Allowed("Allowed") {
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
    /// Kinds of tokens. (`43-tokentype-enum`)
    pub closed enum TokenType("TokenType") {
        /// Another kind.
        Other = "OTHER",
        /// An RFID card or tag.
        Rfid = "RFID",
    }
}

string_enum! {
    /// Whether a CPO may decide about a token without asking. (`44-whitelisttype-enum`)
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
