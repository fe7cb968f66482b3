//! Firmware management (functional block L).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{GenericStatus, StatusInfo};
use crate::string_enum::string_enum;
use crate::{CiString, CustomData, List, Text, Timestamp};

/// The station tells the CSMS how a firmware update is progressing (2.1 Part 2 §1.22.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct FirmwareStatusNotificationRequest {
    /// Stage that the firmware update has reached.
    pub status: FirmwareStatus,
    /// Number of the `UpdateFirmware` request that began the update; absent only in a triggered message while no
    /// update is running.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<i64>,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `FirmwareStatusNotification`, without content (2.1 Part 2 §1.22.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct FirmwareStatusNotificationResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The local controller tells the CSMS how publishing a firmware file is progressing (2.1 Part 2 §1.61.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct PublishFirmwareStatusNotificationRequest {
    /// Stage that publishing has reached.
    pub status: PublishFirmwareStatus,
    /// URIs where stations can get the firmware, one per supported protocol; present when `status` is `Published`.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub location: List<Text<2000>, 1>,
    /// Number taken from the `PublishFirmware` request that began the publishing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub request_id: Option<i64>,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `PublishFirmwareStatusNotification`, without content (2.1 Part 2 §1.61.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct PublishFirmwareStatusNotificationResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells a local controller to download firmware and offer it to its stations (2.1 Part 2 §1.60.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct PublishFirmwareRequest {
    /// URI from which the local controller fetches the firmware.
    pub location: Text<2000>,
    /// How often a failed download is tried again; 0 means never, absent leaves it to the receiver.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub retries: Option<i64>,
    /// MD5 checksum of the whole firmware file as 32 hexadecimal digits.
    pub checksum: CiString<32>,
    /// Number repeated in the `PublishFirmwareStatusNotification` messages.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub request_id: i64,
    /// Waiting time in s before a failed download is tried again; when absent the receiver decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub retry_interval: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the local controller to `PublishFirmware` (2.1 Part 2 §1.60.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct PublishFirmwareResponse {
    /// Whether the local controller will publish the firmware.
    pub status: GenericStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells a local controller to stop offering a firmware file to the stations behind it (2.1 Part 2 §1.87.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct UnpublishFirmwareRequest {
    /// MD5 checksum of the complete firmware file in hexadecimal, which tells which file is meant.
    pub checksum: CiString<32>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the local controller to `UnpublishFirmware` (2.1 Part 2 §1.87.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct UnpublishFirmwareResponse {
    /// Tells whether the firmware was withdrawn, was not published at all, or is being downloaded.
    pub status: UnpublishFirmwareStatus,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells the station to download and install firmware (2.1 Part 2 §1.89.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct UpdateFirmwareRequest {
    /// Number of further download attempts before the station gives up; 0 means none, and when absent the station
    /// decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub retries: Option<i64>,
    /// Time to wait before another download attempt, in s; when absent the station decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_interval: Option<i64>,
    /// Number of this request, repeated in the firmware status messages that follow.
    pub request_id: i64,
    /// Where and when to get the firmware, when to install it, and how it is signed.
    pub firmware: Firmware,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `UpdateFirmware` (2.1 Part 2 §1.89.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct UpdateFirmwareResponse {
    /// Tells whether the station accepts the firmware update.
    pub status: UpdateFirmwareStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A firmware image for the station, with where to get it and when to install it (`FirmwareType`, 2.1 Part 2 §2.48).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Firmware {
    /// URI from which to download the firmware.
    pub location: Text<2000>,
    /// Moment at which the station has to download the firmware.
    pub retrieve_date_time: Timestamp,
    /// Moment at which the station has to install the firmware.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install_date_time: Option<Timestamp>,
    /// X.509 certificate, in PEM format, that belongs to the key that signed the firmware.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_certificate: Option<Text<5500>>,
    /// Signature of the firmware, encoded in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<Text<800>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Stage or result of a firmware update at the station (`FirmwareStatusEnumType`, 2.1 Part 2 §3.41).
    pub enum FirmwareStatus {
        /// The new firmware is downloaded; the update goes on.
        Downloaded,
        /// The download failed, which ends the update.
        DownloadFailed,
        /// The firmware download is under way.
        Downloading,
        /// The firmware download is planned for later.
        DownloadScheduled,
        /// The firmware download is interrupted for now.
        DownloadPaused,
        /// No firmware update is going on; only reported when the CSMS asks with `TriggerMessage`.
        Idle,
        /// The installation failed, which ends the update.
        InstallationFailed,
        /// The installation is under way.
        Installing,
        /// The new firmware is installed, which completes the update.
        Installed,
        /// The station is about to reboot, either to begin installing or to activate the firmware it has installed.
        InstallRebooting,
        /// The downloaded firmware will be installed at the requested `installDateTime`.
        InstallScheduled,
        /// A check of the new firmware, such as its checksum, failed and it will not be installed.
        InstallVerificationFailed,
        /// The signature of the firmware is wrong, which ends the update.
        InvalidSignature,
        /// The signature of the firmware was checked and is right; the update goes on.
        SignatureVerified,
    }
}

string_enum! {
    /// How far a local controller has come in downloading and publishing a firmware file on the local network
    /// (`PublishFirmwareStatusEnumType`, 2.1 Part 2 §3.81).
    pub enum PublishFirmwareStatus {
        /// No firmware is being published at present.
        Idle,
        /// The download of the firmware is planned for later.
        DownloadScheduled,
        /// The firmware is being fetched right now.
        Downloading,
        /// The firmware has been fetched completely.
        Downloaded,
        /// The firmware is available on the local network; the process has ended well.
        Published,
        /// The firmware could not be fetched; the process has ended.
        DownloadFailed,
        /// The download has been interrupted for the time being.
        DownloadPaused,
        /// The checksum of the firmware file is wrong; the process has ended.
        InvalidChecksum,
        /// The checksum of the firmware file is right and publishing goes on.
        ChecksumVerified,
        /// The fetched firmware could not be made available on the local network.
        PublishFailed,
    }
}

string_enum! {
    /// Whether the local controller stopped publishing a firmware file (`UnpublishFirmwareStatusEnumType`, 2.1 Part 2
    /// §3.106).
    pub enum UnpublishFirmwareStatus {
        /// The file stays published because a station is still downloading it.
        DownloadOngoing,
        /// The local controller has not published such a file.
        NoFirmware,
        /// The local controller no longer publishes the file.
        Unpublished,
    }
}

string_enum! {
    /// Whether the station accepted a request to update its firmware (`UpdateFirmwareStatusEnumType`, 2.1 Part 2
    /// §3.108).
    pub enum UpdateFirmwareStatus {
        /// The station starts the update process, which may still fail.
        Accepted,
        /// The station refused the firmware update.
        Rejected,
        /// The station accepted the update and cancelled another one that was in progress.
        AcceptedCanceled,
        /// The station refused the update because the signing certificate is not valid.
        InvalidCertificate,
        /// The station refused the update because the signing certificate has been revoked.
        RevokedCertificate,
    }
}
