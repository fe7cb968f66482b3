//! Security extension (white paper edition 3).

use serde::Serialize;

use super::types::TriggerMessageStatus;
use crate::string_enum::string_enum;
use crate::{List, Text, Timestamp};

/// The CSMS delivers the signed certificate that the station asked for with `SignCertificate` (Security white paper
/// §5.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CertificateSignedRequest {
    /// Signed X.509 certificate in PEM form, if needed followed by those of the sub-CAs.
    pub certificate_chain: Text<10000>,
}

/// Answer of the station to `CertificateSigned` (Security white paper §5.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CertificateSignedResponse {
    /// Tells whether the station found the certificate valid.
    pub status: CertificateSignedStatus,
}

/// The CSMS tells the station to delete an installed certificate (Security white paper §5.3).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DeleteCertificateRequest {
    /// Hashes that tell which certificate to delete.
    pub certificate_hash_data: CertificateHashData,
}

/// Answer of the station to `DeleteCertificate` (Security white paper §5.4).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DeleteCertificateResponse {
    /// Tells whether the certificate was deleted.
    pub status: DeleteCertificateStatus,
}

/// The CSMS asks the station to send a certain message now, including those of the security extension (Security white
/// paper §5.5).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ExtendedTriggerMessageRequest {
    /// Kind of message the station should send.
    pub requested_message: ExtendedMessageTrigger,
    /// Connector, above 0, the message should be about, if it concerns only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connector_id: Option<i64>,
}

/// Answer of the station to `ExtendedTriggerMessage` (Security white paper §5.6).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ExtendedTriggerMessageResponse {
    /// Tells whether the station is going to send the message.
    pub status: TriggerMessageStatus,
}

/// The CSMS asks the station which root certificates of one kind it has installed (Security white paper).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetInstalledCertificateIdsRequest {
    /// Kind of root certificate to report.
    pub certificate_type: CertificateUse,
}

/// Answer of the station to `GetInstalledCertificateIds` (Security white paper).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetInstalledCertificateIdsResponse {
    /// Hash identification of every installed certificate of the requested kind; absent when there is none.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub certificate_hash_data: List<CertificateHashData, 1>,
    /// Tells whether any certificate of the requested kind was found.
    pub status: GetInstalledCertificateStatus,
}

/// The CSMS asks the station to upload a diagnostics or security log (Security white paper §5.9).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetLogRequest {
    /// Where to upload the log and which period it should cover.
    pub log: LogParameters,
    /// Which log the station is to upload.
    pub log_type: Log,
    /// Number of this request, repeated by the station in the `LogStatusNotification` messages about this upload.
    pub request_id: i64,
    /// Number of upload attempts before the station gives up; when absent the station decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<i64>,
    /// Waiting time in s between upload attempts; when absent the station decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_interval: Option<i64>,
}

/// Answer of the station to `GetLog` (Security white paper §5.10).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetLogResponse {
    /// Tells whether the station will upload the log.
    pub status: LogStatus,
    /// Name of the log file the station is going to upload; absent when it has no log information.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<Text<255>>,
}

/// The CSMS asks the station to install a root certificate (Security white paper §5.11).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct InstallCertificateRequest {
    /// What the station will use the certificate for.
    pub certificate_type: CertificateUse,
    /// The X.509 certificate to install, in PEM encoding.
    pub certificate: Text<5500>,
}

/// Answer of the station to `InstallCertificate` (Security white paper §5.12).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct InstallCertificateResponse {
    /// Tells whether the certificate is now installed.
    pub status: InstallCertificateStatus,
}

/// The station tells the CSMS how the upload of a log is progressing (Security white paper §5.13).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct LogStatusNotificationRequest {
    /// Stage or result of the log upload.
    pub status: UploadLogStatus,
    /// The `requestId` of the `GetLog` behind this upload; may be left out only when the message was triggered while
    /// no upload is going on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<i64>,
}

/// Answer of the CSMS to `LogStatusNotification`, without content (Security white paper §5.14).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LogStatusNotificationResponse {}

/// The station tells the CSMS about a security event (Security white paper §5.15).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SecurityEventNotificationRequest {
    /// Name of the event, preferably from the list of known security events.
    #[serde(rename = "type")]
    pub kind: Text<50>,
    /// Moment at which the event happened.
    pub timestamp: Timestamp,
    /// Further technical details about the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tech_info: Option<Text<255>>,
}

/// Answer of the CSMS to `SecurityEventNotification`, without content (Security white paper §5.16).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SecurityEventNotificationResponse {}

/// The station asks the CSMS to have its certificate signing request signed by the certificate authority (Security
/// white paper §5.17).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SignCertificateRequest {
    /// The certificate signing request with the public key of the station, as of RFC 2986, in PEM encoding.
    pub csr: Text<5500>,
}

/// Answer of the CSMS to `SignCertificate`; the certificate itself follows later in `CertificateSigned` (Security
/// white paper §5.18).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SignCertificateResponse {
    /// Tells whether the CSMS will handle the signing request.
    pub status: GenericStatus,
}

/// The station tells the CSMS how a signed firmware update is progressing (Security white paper §5.19).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SignedFirmwareStatusNotificationRequest {
    /// Stage or result of the firmware update.
    pub status: SignedFirmwareStatus,
    /// The `requestId` of the `SignedUpdateFirmware` behind this update; may be left out only with status `Idle`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<i64>,
}

/// Answer of the CSMS to `SignedFirmwareStatusNotification`, without content (Security white paper §5.20).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SignedFirmwareStatusNotificationResponse {}

/// The CSMS asks the station to download and install firmware that carries a signature (Security white paper §5.21).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SignedUpdateFirmwareRequest {
    /// Number of download attempts before the station gives up; when absent the station decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<i64>,
    /// Waiting time in s between download attempts; when absent the station decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_interval: Option<i64>,
    /// Number of this request, repeated by the station in the `SignedFirmwareStatusNotification` messages about this
    /// update.
    pub request_id: i64,
    /// The firmware to install: where to get it, when, and how to verify it.
    pub firmware: Firmware,
}

/// Answer of the station to `SignedUpdateFirmware` (Security white paper §5.22).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SignedUpdateFirmwareResponse {
    /// Tells whether the station will start the update, or why not.
    pub status: UpdateFirmwareStatus,
}

/// Hashes and serial number that identify a certificate, as in OCSP (RFC 6960) (`CertificateHashDataType`, Security
/// white paper).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CertificateHashData {
    /// Algorithm with which the two hashes were made.
    pub hash_algorithm: HashAlgorithm,
    /// Hash of the DER-encoded distinguished name of the issuer, in hexadecimal.
    pub issuer_name_hash: Text<128>,
    /// Hash of the public key of the issuer (DER value without tag and length), in hexadecimal.
    pub issuer_key_hash: Text<128>,
    /// Serial number of the certificate in hexadecimal, without a `0x` prefix or leading zeros.
    pub serial_number: Text<40>,
}

/// A firmware image: its place, the times to fetch and install it, and its signature (`FirmwareType`, Security white
/// paper §6.9).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Firmware {
    /// URI from which the station downloads the firmware.
    pub location: Text<512>,
    /// Moment at which the station is to download the firmware.
    pub retrieve_date_time: Timestamp,
    /// Moment at which the station is to install the firmware; when absent it does so as soon as it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install_date_time: Option<Timestamp>,
    /// X.509 certificate of the firmware signer, in PEM encoding.
    pub signing_certificate: Text<5500>,
    /// Signature over the firmware file, in Base64.
    pub signature: Text<800>,
}

/// Destination and time span of a log upload (`LogParametersType`, Security white paper §6.14).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct LogParameters {
    /// URL on the remote server to which the station uploads the log.
    pub remote_location: Text<512>,
    /// Start of the period to cover: earlier log entries are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_timestamp: Option<Timestamp>,
    /// End of the period to cover: later log entries are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_timestamp: Option<Timestamp>,
}

string_enum! {
    /// Verdict of the station on a delivered certificate (`CertificateSignedStatusEnumType`, Security white paper
    /// §6.2).
    pub enum CertificateSignedStatus {
        /// The certificate is valid and will be used.
        Accepted,
        /// The certificate is not valid and is discarded.
        Rejected,
    }
}

string_enum! {
    /// What a root certificate held by the station serves to verify (`CertificateUseEnumType`, Security white paper
    /// §6.4).
    pub enum CertificateUse {
        /// Root under which the certificates of the CSMS and of the station are issued.
        CentralSystemRootCertificate,
        /// Root against which certificates of the station manufacturer are checked, such as the one that signs
        /// firmware.
        ManufacturerRootCertificate,
    }
}

string_enum! {
    /// Outcome of deleting a certificate (`DeleteCertificateStatusEnumType`, Security white paper §6.7).
    pub enum DeleteCertificateStatus {
        /// The certificate was deleted.
        Accepted,
        /// The certificate exists but could not be deleted.
        Failed,
        /// No such certificate is installed.
        NotFound,
    }
}

string_enum! {
    /// Message the CSMS can make the station send, with those of the security extension (`MessageTriggerEnumType`,
    /// Security white paper §6.16).
    pub enum ExtendedMessageTrigger {
        /// The station sends `BootNotification`.
        BootNotification,
        /// The station sends `LogStatusNotification`.
        LogStatusNotification,
        /// The station sends `SignedFirmwareStatusNotification`, about the secure firmware update.
        FirmwareStatusNotification,
        /// The station sends `Heartbeat`.
        Heartbeat,
        /// The station sends `MeterValues`.
        MeterValues,
        /// The station makes a new key pair and sends `SignCertificate` for its own certificate.
        SignChargePointCertificate,
        /// The station sends `StatusNotification`.
        StatusNotification,
    }
}

string_enum! {
    /// Plain yes or no to a request (`GenericStatusEnumType`, Security white paper).
    pub enum GenericStatus {
        /// The request was accepted and will be handled.
        Accepted,
        /// The request was refused and nothing will be done.
        Rejected,
    }
}

string_enum! {
    /// Outcome of a query for installed certificates (`GetInstalledCertificateStatusEnumType`, Security white paper
    /// §6.11).
    pub enum GetInstalledCertificateStatus {
        /// At least one matching certificate was found and its hash data is included.
        Accepted,
        /// The station holds no certificate of the requested kind.
        NotFound,
    }
}

string_enum! {
    /// Algorithm used for certificate hashes (`HashAlgorithmEnumType`, Security white paper §6.12).
    pub enum HashAlgorithm {
        /// The hashes were made with SHA-256.
        Sha256 = "SHA256",
        /// The hashes were made with SHA-384.
        Sha384 = "SHA384",
        /// The hashes were made with SHA-512.
        Sha512 = "SHA512",
    }
}

string_enum! {
    /// Outcome of installing a root certificate (`InstallCertificateStatusEnumType`, Security white paper).
    pub enum InstallCertificateStatus {
        /// The certificate is now installed.
        Accepted,
        /// The certificate itself is in order, but installing it failed for some other cause.
        Failed,
        /// The certificate is not valid or not correct, or the store has no room for another one.
        Rejected,
    }
}

string_enum! {
    /// Which log of the station is meant (`LogEnumType`, Security white paper §6.13).
    pub enum Log {
        /// The log with general diagnostic information.
        DiagnosticsLog,
        /// The log of security events.
        SecurityLog,
    }
}

string_enum! {
    /// Decision of the station on a request to upload a log (`LogStatusEnumType`, Security white paper §6.15).
    pub enum LogStatus {
        /// The upload is going to start; whether it succeeds is reported later by `LogStatusNotification`.
        Accepted,
        /// The station refuses to upload the log.
        Rejected,
        /// The upload is going to start, and an upload that was still running was aborted for it.
        AcceptedCanceled,
    }
}

string_enum! {
    /// Stage or result of a signed firmware update (`FirmwareStatusEnumType`, Security white paper §6.8).
    pub enum SignedFirmwareStatus {
        /// The new firmware has been downloaded; the update goes on.
        Downloaded,
        /// The download of the firmware failed, which ends the update.
        DownloadFailed,
        /// The download of the firmware is under way.
        Downloading,
        /// The download is planned for later.
        DownloadScheduled,
        /// The download is interrupted for now, for example for a more urgent task.
        DownloadPaused,
        /// No firmware update is going on; sent only in reaction to `ExtendedTriggerMessage`.
        Idle,
        /// The installation failed, which ends the update.
        InstallationFailed,
        /// The installation of the firmware is under way.
        Installing,
        /// The new firmware is installed, which completes the update.
        Installed,
        /// The station is about to restart in order to activate the new firmware.
        InstallRebooting,
        /// The installation waits for the `installDateTime` of the request.
        InstallScheduled,
        /// The new firmware did not pass a check such as a checksum, which ends the update without installing it.
        InstallVerificationFailed,
        /// The signature of the firmware is wrong, which ends the update.
        InvalidSignature,
        /// The signature of the firmware was found correct; the update goes on.
        SignatureVerified,
    }
}

string_enum! {
    /// Decision of the station on a signed firmware update (`UpdateFirmwareStatusEnumType`, Security white paper
    /// §6.18).
    pub enum UpdateFirmwareStatus {
        /// The update is going to start; whether it succeeds is reported later by `SignedFirmwareStatusNotification`.
        Accepted,
        /// The station refuses the update.
        Rejected,
        /// The update is going to start, and an update that was still running was aborted for it.
        AcceptedCanceled,
        /// The update is refused, as the signing certificate is not valid.
        InvalidCertificate,
        /// The update is refused, as the signing certificate has been revoked.
        RevokedCertificate,
    }
}

string_enum! {
    /// Stage or result of a log upload (`UploadLogStatusEnumType`, Security white paper §6.19).
    pub enum UploadLogStatus {
        /// The upload failed because of a malformed packet or another protocol mismatch.
        BadMessage,
        /// No log is being uploaded; sent only in reaction to `ExtendedTriggerMessage`.
        Idle,
        /// The upload failed because the server cannot do the requested operation.
        NotSupportedOperation,
        /// The upload failed because the station lacks the rights on the server.
        PermissionDenied,
        /// The log has arrived at its destination.
        Uploaded,
        /// The log could not be uploaded.
        UploadFailure,
        /// The upload of the log is under way.
        Uploading,
    }
}
