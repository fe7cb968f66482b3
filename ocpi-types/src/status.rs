//! Status codes of OCPI and the HTTP status that goes with them (rules ENV-07 to ENV-19).

use std::fmt;

use serde::{Deserialize, Serialize};

/// The status code in a response (`status_codes`): the thousands tell the class, unknown codes are kept (rule ENV-07).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct StatusCode(u32);

impl StatusCode {
    /// 1000: success.
    pub const SUCCESS: Self = Self(1000);
    /// 2000: error of the client that no other code names.
    pub const CLIENT_ERROR: Self = Self(2000);
    /// 2001: a parameter or member is missing or wrong.
    pub const INVALID_PARAMETERS: Self = Self(2001);
    /// 2002: more information is needed, for instance a location to authorise at.
    pub const NOT_ENOUGH_INFORMATION: Self = Self(2002);
    /// 2003: the location, EVSE or connector is not known.
    pub const UNKNOWN_LOCATION: Self = Self(2003);
    /// 2004: the token is not known; from 2.2.1 on.
    pub const UNKNOWN_TOKEN: Self = Self(2004);
    /// 3000: error of the server that no other code names.
    pub const SERVER_ERROR: Self = Self(3000);
    /// 3001: the server cannot use the API of the client.
    pub const UNABLE_TO_USE_CLIENT_API: Self = Self(3001);
    /// 3002: the version is not supported.
    pub const UNSUPPORTED_VERSION: Self = Self(3002);
    /// 3003: an endpoint that is needed is missing.
    pub const MISSING_ENDPOINTS: Self = Self(3003);
    /// 4000: error of the hub that no other code names; from 2.2.1 on, as are all 4xxx.
    pub const HUB_ERROR: Self = Self(4000);
    /// 4001: the hub does not know the receiver.
    pub const UNKNOWN_RECEIVER: Self = Self(4001);
    /// 4002: the receiver did not answer the hub in time.
    pub const FORWARDING_TIMEOUT: Self = Self(4002);
    /// 4003: the receiver is not connected to the hub.
    pub const CONNECTION_PROBLEM: Self = Self(4003);

    /// Any code.
    pub const fn new(code: u32) -> Self {
        Self(code)
    }

    /// A code for a custom module: the last hundred of its class (rule ENV-08).
    pub const fn custom(code: u32) -> Option<Self> {
        let status = Self(code);
        if status.is_custom() { Some(status) } else { None }
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// What kind of outcome it is.
    pub const fn class(self) -> StatusClass {
        match self.0 {
            1000..=1999 => StatusClass::Success,
            2000..=2999 => StatusClass::ClientError,
            3000..=3999 => StatusClass::ServerError,
            4000..=4999 => StatusClass::HubError,
            _ => StatusClass::Unknown,
        }
    }

    /// Whether it means success.
    pub const fn is_success(self) -> bool {
        matches!(self.class(), StatusClass::Success)
    }

    /// Whether it is reserved for custom modules (rule ENV-08).
    pub const fn is_custom(self) -> bool {
        self.0 % 1000 >= 900 && self.0 / 1000 >= 1 && self.0 / 1000 <= 4
    }

    /// The code in another version, where that has no such code (rule book part U.1): 2004 becomes 2001 and 4xxx becomes
    /// 3000 in 2.1.1.
    #[must_use]
    pub const fn in_version(self, version: crate::Version) -> Self {
        match (version, self.class()) {
            (crate::Version::V2_1_1, _) if self.0 == 2004 => Self::INVALID_PARAMETERS,
            (crate::Version::V2_1_1, StatusClass::HubError) if !self.is_custom() => Self::SERVER_ERROR,
            _ => self,
        }
    }
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The classes of status codes.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum StatusClass {
    /// 1xxx.
    Success,
    /// 2xxx: the client is at fault.
    ClientError,
    /// 3xxx: the server is at fault.
    ServerError,
    /// 4xxx: the hub could not deliver.
    HubError,
    /// Anything else.
    Unknown,
}

/// What a server found out about a request, and how it answers: HTTP status and OCPI status in one place.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Verdict {
    /// The request was carried out, or the object was there already (200, 1000; rule ENV-15).
    Done,
    /// A new object was accepted (201, 1000; rule ENV-15).
    Created,
    /// The body is not JSON (400, 2001; rule ENV-12).
    NotJson,
    /// The token is missing or not known (401, 2000; rule AUT-06).
    Unauthorized,
    /// A parameter or member is missing or wrong (200, 2001; rule ENV-13).
    InvalidParameters,
    /// More information is needed (200, 2002; rule TOK-07).
    NotEnoughInformation,
    /// There is no such object, path or owner (404; rules ENV-14 and OWN-05).
    NotFound(Missing),
    /// The method is not offered here, or not in this state of the registration (405, 2000; rules REQ-01 and CRE-05).
    MethodNotAllowed,
    /// The EVSE cannot take preferences of drivers (404, 2001; rule ENV-18).
    NotPreferencesCapable,
    /// The server failed (200, 3000).
    ServerError,
    /// Registration or hub trouble with a status code of its own (200; rule RTE-11).
    Status(StatusCode),
}

/// What is not there.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Missing {
    /// A location, EVSE or connector (2003).
    Location,
    /// A token (2004 from 2.2.1 on; rule ENV-17).
    Token,
    /// Anything else (2001).
    Object,
}

impl Verdict {
    /// The HTTP status.
    pub const fn http(self) -> u16 {
        match self {
            Self::Done | Self::InvalidParameters | Self::NotEnoughInformation | Self::ServerError | Self::Status(_) => {
                200
            }
            Self::Created => 201,
            Self::NotJson => 400,
            Self::Unauthorized => 401,
            Self::NotFound(_) | Self::NotPreferencesCapable => 404,
            Self::MethodNotAllowed => 405,
        }
    }

    /// The OCPI status.
    pub const fn status(self, version: crate::Version) -> StatusCode {
        let code = match self {
            Self::Done | Self::Created => StatusCode::SUCCESS,
            Self::NotJson | Self::InvalidParameters | Self::NotPreferencesCapable | Self::NotFound(Missing::Object) => {
                StatusCode::INVALID_PARAMETERS
            }
            Self::Unauthorized | Self::MethodNotAllowed => StatusCode::CLIENT_ERROR,
            Self::NotEnoughInformation => StatusCode::NOT_ENOUGH_INFORMATION,
            Self::NotFound(Missing::Location) => StatusCode::UNKNOWN_LOCATION,
            Self::NotFound(Missing::Token) => StatusCode::UNKNOWN_TOKEN,
            Self::ServerError => StatusCode::SERVER_ERROR,
            Self::Status(code) => code,
        };
        code.in_version(version)
    }
}

impl From<&crate::DecodeError> for Verdict {
    fn from(error: &crate::DecodeError) -> Self {
        if error.is_syntax() { Self::NotJson } else { Self::InvalidParameters }
    }
}

impl From<&crate::PatchError> for Verdict {
    fn from(_: &crate::PatchError) -> Self {
        Self::InvalidParameters
    }
}
