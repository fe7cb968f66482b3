//! Security (functional block A).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{GenericStatus, StatusInfo};
use crate::string_enum::string_enum;
use crate::{CustomData, Text, Timestamp};

/// The CSMS delivers a newly signed certificate to the station, following its `SignCertificate` request (2.0.1 Part 2
/// §1.4.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CertificateSignedRequest {
    /// Signed X.509 certificate in PEM, leaf first and followed by any sub-CA certificates needed. The variable
    /// `MaxCertificateChainSize` may limit its size.
    pub certificate_chain: Text<10000>,
    /// What the certificate is for; when absent it serves both the CSMS connection and, if implemented, the ISO 15118
    /// connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_type: Option<CertificateSigningUse>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `CertificateSigned` (2.0.1 Part 2 §1.4.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CertificateSignedResponse {
    /// Whether the station accepts the signed certificate.
    pub status: CertificateSignedStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station reports a security event to the CSMS (2.0.1 Part 2 §1.49.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SecurityEventNotificationRequest {
    /// Name of the security event, normally one from the standard list in the OCPP appendix.
    #[serde(rename = "type")]
    pub kind: Text<50>,
    /// Moment the security event happened.
    pub timestamp: Timestamp,
    /// Technical details that explain the event further.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tech_info: Option<Text<255>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `SecurityEventNotification`, merely confirming receipt (2.0.1 Part 2 §1.49.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SecurityEventNotificationResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station asks the CSMS to have a certificate for its public key signed by a certificate authority (2.0.1 Part 2
/// §1.58.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SignCertificateRequest {
    /// PEM-encoded certificate signing request (RFC 2986) that carries the public key of the station.
    pub csr: Text<5500>,
    /// Use the certificate is meant for; when absent it serves both the ISO 15118 link, if there is one, and the link
    /// to the CSMS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_type: Option<CertificateSigningUse>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `SignCertificate`; the signed certificate follows later in `CertificateSigned` (2.0.1 Part 2
/// §1.58.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SignCertificateResponse {
    /// Tells whether the CSMS can handle the signing request.
    pub status: GenericStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Tells whether the station accepts the signed certificate it was given (`CertificateSignedStatusEnumType`,
    /// 2.0.1 Part 2 §3.8).
    pub enum CertificateSignedStatus {
        /// The station found the signed certificate valid.
        Accepted,
        /// The signed certificate is not valid, or the station does not know the request id.
        Rejected,
    }
}

string_enum! {
    /// Purpose of the certificate to be signed; when left out, one certificate serves both the CSMS connection and
    /// ISO 15118 (`CertificateSigningUseEnumType`, 2.0.1 Part 2 §3.9).
    pub enum CertificateSigningUse {
        /// Client certificate with which the station identifies itself to the CSMS.
        ChargingStationCertificate,
        /// Certificate under the V2G root for ISO 15118-2 connections with an EV.
        V2GCertificate,
    }
}
