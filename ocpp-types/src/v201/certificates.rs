//! Certificate management (functional block M).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{CertificateHashData, OcspRequestData, StatusInfo};
use crate::string_enum::string_enum;
use crate::{CustomData, List, Text};

/// The CSMS tells the station to delete an installed certificate (2.0.1 Part 2 §1.14.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DeleteCertificateRequest {
    /// Hash data that identifies the certificate to delete.
    pub certificate_hash_data: CertificateHashData,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `DeleteCertificate` (2.0.1 Part 2 §1.14.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DeleteCertificateResponse {
    /// Whether the certificate was found and deleted.
    pub status: DeleteCertificateStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station passes an ISO 15118 certificate request of the EV on to the CSMS (2.0.1 Part 2 §1.16.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Get15118EvCertificateRequest {
    /// ISO 15118 schema version used between EV and station, which the CSMS needs to decode the EXI data.
    pub iso15118_schema_version: Text<50>,
    /// Whether the EV wants a certificate installed or an existing one updated.
    pub action: CertificateAction,
    /// Unchanged certificate installation request of the EV as base64 encoded EXI.
    pub exi_request: Text<5600>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `Get15118EVCertificate`, carrying the reply meant for the EV (2.0.1 Part 2 §1.16.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Get15118EvCertificateResponse {
    /// Whether the CSMS processed the request of the EV properly.
    pub status: Iso15118EvCertificateStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Unchanged certificate installation reply for the EV as base64 encoded EXI.
    pub exi_response: Text<5600>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station asks the CSMS for the OCSP status of a certificate (2.0.1 Part 2 §1.18.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetCertificateStatusRequest {
    /// Identifies the certificate to check and the OCSP responder to ask.
    pub ocsp_request_data: OcspRequestData,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `GetCertificateStatus` (2.0.1 Part 2 §1.18.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetCertificateStatusResponse {
    /// Whether the CSMS obtained the OCSP status; it says nothing on the validity of the certificate.
    pub status: GetCertificateStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// RFC 6960 OCSP response, DER and then base64 encoded; may be absent only if `status` is not `Accepted`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ocsp_result: Option<Text<5500>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station which certificates are installed on it (2.0.1 Part 2 §1.22.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetInstalledCertificateIdsRequest {
    /// Types of certificate to list; when absent all types are listed.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub certificate_type: List<GetCertificateIdUse, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `GetInstalledCertificateIds` (2.0.1 Part 2 §1.22.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetInstalledCertificateIdsResponse {
    /// Whether the station found certificates of the types asked for.
    pub status: GetInstalledCertificateStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Type and hash data of every certificate found.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub certificate_hash_data_chain: List<CertificateHashDataChain, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells the station to install a root or CA certificate; the station's own TLS certificate goes through
/// `CertificateSigned` instead (2.0.1 Part 2 §1.30.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct InstallCertificateRequest {
    /// What the certificate will be used for.
    pub certificate_type: InstallCertificateUse,
    /// The X.509 certificate to install, in PEM.
    pub certificate: Text<5500>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `InstallCertificate` (2.0.1 Part 2 §1.30.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct InstallCertificateResponse {
    /// Whether the certificate was installed, refused, or failed to install for another reason.
    pub status: InstallCertificateStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Identifies an installed certificate together with the certificates below it in its chain
/// (`CertificateHashDataChainType`, 2.0.1 Part 2 §2.5).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CertificateHashDataChain {
    /// Hash data that identifies the certificate itself.
    pub certificate_hash_data: CertificateHashData,
    /// What the reported certificate is used for.
    pub certificate_type: GetCertificateIdUse,
    /// Hash data of the child certificates, such as the sub-CAs of a V2G chain.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub child_certificate_hash_data: List<CertificateHashData, 1, 4>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Whether the EV asks for a new contract certificate or for renewal of one (`CertificateActionEnumType`, 2.0.1
    /// Part 2 §3.7).
    pub enum CertificateAction {
        /// The EV wants a contract certificate installed.
        Install,
        /// The EV wants its existing contract certificate renewed.
        Update,
    }
}

string_enum! {
    /// Tells whether the station deleted the certificate (`DeleteCertificateStatusEnumType`, 2.0.1 Part 2 §3.28).
    pub enum DeleteCertificateStatus {
        /// The certificate was deleted.
        Accepted,
        /// The station could not or would not delete the certificate, for example because it is the last one of its
        /// type.
        Failed,
        /// The station does not hold that certificate.
        NotFound,
    }
}

string_enum! {
    /// Kind of installed certificate that is asked for or reported (`GetCertificateIdUseEnumType`, 2.0.1 Part 2
    /// §3.36).
    pub enum GetCertificateIdUse {
        /// Root certificate of the ISO 15118 V2G public key infrastructure.
        V2GRootCertificate,
        /// Root certificate of a mobility operator, for Plug and Charge contracts that do not descend from the V2G
        /// root.
        MoRootCertificate = "MORootCertificate",
        /// Root certificate against which the station checks the certificate of the CSMS.
        CsmsRootCertificate = "CSMSRootCertificate",
        /// The ISO 15118 certificate of the station with its sub-CAs, leaving out the V2G root.
        V2GCertificateChain,
        /// Root certificate against which the certificate of the station manufacturer is checked, for instance for
        /// signed firmware.
        ManufacturerRootCertificate,
    }
}

string_enum! {
    /// Tells whether the OCSP state of a certificate could be retrieved (`GetCertificateStatusEnumType`, 2.0.1 Part 2
    /// §3.37).
    pub enum GetCertificateStatus {
        /// The OCSP state was retrieved.
        Accepted,
        /// The OCSP state could not be retrieved.
        Failed,
    }
}

string_enum! {
    /// Whether the station found installed certificates of the asked kind (`GetInstalledCertificateStatusEnumType`,
    /// 2.0.1 Part 2 §3.40).
    pub enum GetInstalledCertificateStatus {
        /// Certificates were found and their hash data is in the answer.
        Accepted,
        /// No installed certificate has one of the asked types.
        NotFound,
    }
}

string_enum! {
    /// Whether the station installed the certificate (`InstallCertificateStatusEnumType`, 2.0.1 Part 2 §3.44).
    pub enum InstallCertificateStatus {
        /// The certificate is now installed.
        Accepted,
        /// The certificate is not valid or correct, or it would exceed the number of certificates allowed.
        Rejected,
        /// The certificate as such is fine, but installing it went wrong for another reason.
        Failed,
    }
}

string_enum! {
    /// What a certificate sent for installation will be used for (`InstallCertificateUseEnumType`, 2.0.1 Part 2
    /// §3.45).
    pub enum InstallCertificateUse {
        /// Root of the ISO 15118 V2G infrastructure, from which the V2G certificate of a station has to descend.
        V2GRootCertificate,
        /// Root of a mobility operator, for Plug and Charge contracts that do not descend from the V2G root.
        MoRootCertificate = "MORootCertificate",
        /// Root of the CA that signs the certificates of the CSMS and of the station.
        CsmsRootCertificate = "CSMSRootCertificate",
        /// Root against which the certificate of the station manufacturer is checked, for instance for signed
        /// firmware.
        ManufacturerRootCertificate,
    }
}

string_enum! {
    /// Tells whether the certificate request of the EV could be processed (`Iso15118EVCertificateStatusEnumType`,
    /// 2.0.1 Part 2 §3.46).
    pub enum Iso15118EvCertificateStatus {
        /// The message was processed and `exiResponse` is filled in; this does not mean that the certificate
        /// operation itself succeeded.
        Accepted,
        /// The message could not be processed, so there is no EXI answer for the EV.
        Failed,
    }
}
