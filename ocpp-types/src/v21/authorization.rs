//! Authorization (functional block C).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{EnergyTransferMode, IdToken, IdTokenInfo, OcspRequestData, StatusInfo, Tariff};
use crate::string_enum::string_enum;
use crate::{CustomData, List, Text};

/// The station asks the CSMS whether a token may charge (2.1 Part 2 §1.3.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AuthorizeRequest {
    /// The token to be authorized.
    pub id_token: IdToken,
    /// Certificate chain of the EV in PEM format, from the leaf up to but without the root. Given when the station
    /// cannot validate the contract certificate and leaves that to the CSMS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Text<10000>>,
    /// Hashes for checking the contract certificate of the EV through OCSP; not needed when `certificate` is given.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub iso15118_certificate_hash_data: List<OcspRequestData, 1, 4>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `Authorize` (2.1 Part 2 §1.3.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AuthorizeResponse {
    /// Authorization status of the token, with details such as expiry and group.
    pub id_token_info: IdTokenInfo,
    /// Whether the contract certificates are valid or what is wrong with them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_status: Option<AuthorizeCertificateStatus>,
    /// Energy transfer modes among which the EV may choose; only charging is allowed when absent.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub allowed_energy_transfer: List<EnergyTransferMode, 1>,
    /// Tariff that applies to this token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tariff: Option<Box<Tariff>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells the station to empty its authorization cache (2.1 Part 2 §1.10.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearCacheRequest {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `ClearCache` (2.1 Part 2 §1.10.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearCacheResponse {
    /// `Accepted` when the station emptied its cache, otherwise `Rejected`.
    pub status: ClearCacheStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Outcome of checking the contract certificate that the EV presented for authorization
    /// (`AuthorizeCertificateStatusEnumType`, 2.1 Part 2 §3.4).
    pub enum AuthorizeCertificateStatus {
        /// All certificates of the contract were found valid.
        Accepted,
        /// A signature in the contract certificate chain could not be verified.
        SignatureError,
        /// The contract certificate is past its validity period.
        CertificateExpired,
        /// A CRL or an OCSP answer shows that the contract certificate was revoked.
        CertificateRevoked,
        /// No certificate was available to check.
        NoCertificateAvailable,
        /// The contract certificate or its chain is not valid.
        CertChainError,
        /// The EMAID given by the EV is invalid, unknown, expired or blocked.
        ContractCancelled,
    }
}

string_enum! {
    /// Tells whether the station emptied its authorization cache (`ClearCacheStatusEnumType`, 2.1 Part 2 §3.19).
    pub enum ClearCacheStatus {
        /// The authorization cache was emptied.
        Accepted,
        /// The authorization cache was not emptied.
        Rejected,
    }
}
