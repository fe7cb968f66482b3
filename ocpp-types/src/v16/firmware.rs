//! Firmware Management profile.

use serde::Serialize;

use crate::string_enum::string_enum;
use crate::{CiString, Timestamp, Uri};

/// The station tells the CSMS how the upload of a diagnostics file is going (1.6 §6.17).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DiagnosticsStatusNotificationRequest {
    /// Stage the diagnostics upload has reached.
    pub status: DiagnosticsStatus,
}

/// Answer of the CSMS to `DiagnosticsStatusNotification`, merely confirming receipt (1.6 §6.18).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DiagnosticsStatusNotificationResponse {}

/// The station tells the CSMS how a firmware update is going (1.6 §6.19).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct FirmwareStatusNotificationRequest {
    /// Stage the firmware update has reached.
    pub status: FirmwareStatus,
}

/// Answer of the CSMS to `FirmwareStatusNotification`, merely confirming receipt (1.6 §6.20).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FirmwareStatusNotificationResponse {}

/// The CSMS asks the station to upload a file with diagnostics (1.6 §6.25).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetDiagnosticsRequest {
    /// URL of the directory into which the file must be uploaded.
    pub location: Uri,
    /// Number of times the station must try the upload before giving up; when absent the station decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<i64>,
    /// Time to wait before another upload attempt, in s; when absent the station decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_interval: Option<i64>,
    /// Date and time of the oldest log entries to include.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// Date and time of the newest log entries to include.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_time: Option<Timestamp>,
}

/// Answer of the station to `GetDiagnostics` (1.6 §6.26).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetDiagnosticsResponse {
    /// Name of the diagnostics file that the station is going to upload; absent when it has no diagnostics to offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<CiString<255>>,
}

/// The CSMS asks the station to download and install new firmware (1.6 §6.55).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct UpdateFirmwareRequest {
    /// URI from which the station downloads the firmware.
    pub location: Uri,
    /// Number of download attempts before the station gives up; when absent the station decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<i64>,
    /// Moment from which the station may download the firmware.
    pub retrieve_date: Timestamp,
    /// Waiting time in s between download attempts; when absent the station decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_interval: Option<i64>,
}

/// Answer of the station to `UpdateFirmware`, without content (1.6 §6.56).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UpdateFirmwareResponse {}

string_enum! {
    /// Stage of a diagnostics upload (1.6 §7.24).
    pub enum DiagnosticsStatus {
        /// No diagnostics upload is going on; sent only when triggered by `TriggerMessage`.
        Idle,
        /// The file has been uploaded.
        Uploaded,
        /// The upload failed.
        UploadFailed,
        /// The upload is going on.
        Uploading,
    }
}

string_enum! {
    /// Stage of a firmware update (1.6 §7.25).
    pub enum FirmwareStatus {
        /// The new firmware has been downloaded.
        Downloaded,
        /// The download failed.
        DownloadFailed,
        /// The download is going on.
        Downloading,
        /// No firmware update is going on; sent only when triggered by `TriggerMessage`.
        Idle,
        /// The installation failed.
        InstallationFailed,
        /// The installation is going on.
        Installing,
        /// The new firmware has been installed.
        Installed,
    }
}
