//! Certificates and their hashes.

use alloc::boxed::Box;

use serde::Serialize;

use crate::string_enum::string_enum;
use crate::{CiString, CustomData, Text};

/// Identifies a certificate by hashes of its issuer's name and key and by its serial number
/// (`CertificateHashDataType`, 2.0.1 Part 2 §2.6).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CertificateHashData {
    /// Hash function used for `issuerNameHash` and `issuerKeyHash`.
    pub hash_algorithm: HashAlgorithm,
    /// Hash of the DER-encoded issuer name found in the certificate.
    pub issuer_name_hash: CiString<128>,
    /// Hash of the issuer's DER-encoded public key, leaving out its tag and length bytes.
    pub issuer_key_hash: Text<128>,
    /// Serial number of the certificate in hexadecimal, with no `0x` in front and no leading zeroes.
    pub serial_number: CiString<40>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Identifies one certificate and the OCSP responder at which its revocation state can be asked
/// (`OCSPRequestDataType`, 2.0.1 Part 2 §2.36).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct OcspRequestData {
    /// Hash function used for `issuerNameHash` and `issuerKeyHash`.
    pub hash_algorithm: HashAlgorithm,
    /// Hash of the DER-encoded issuer name found in the certificate to be checked.
    pub issuer_name_hash: CiString<128>,
    /// Hash of the issuer's DER-encoded public key, leaving out its tag and length bytes.
    pub issuer_key_hash: Text<128>,
    /// Serial number of the certificate in hexadecimal, with no `0x` in front and no leading zeroes.
    pub serial_number: CiString<40>,
    /// Address of the OCSP responder to query; upper and lower case are equivalent.
    #[serde(rename = "responderURL")]
    pub responder_url: Text<512>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Hash function with which the name and key hashes of a certificate were made (`HashAlgorithmEnumType`, 2.0.1
    /// Part 2 §3.42).
    pub enum HashAlgorithm {
        /// Hashes were computed with SHA-256.
        Sha256 = "SHA256",
        /// Hashes were computed with SHA-384.
        Sha384 = "SHA384",
        /// Hashes were computed with SHA-512.
        Sha512 = "SHA512",
    }
}
