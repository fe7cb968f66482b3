//! The actions of OCPP 1.6: who sends them, what answers them, where they belong.

use super::*;
use crate::actions::actions;

actions! {
    version V16, blocks FeatureProfile;
    station {
        Authorize (AuthorizeRequest => AuthorizeResponse): Core,
        BootNotification (BootNotificationRequest => BootNotificationResponse): Core,
        DiagnosticsStatusNotification (DiagnosticsStatusNotificationRequest => DiagnosticsStatusNotificationResponse): FirmwareManagement,
        FirmwareStatusNotification (FirmwareStatusNotificationRequest => FirmwareStatusNotificationResponse): FirmwareManagement,
        Heartbeat (HeartbeatRequest => HeartbeatResponse): Core,
        LogStatusNotification (LogStatusNotificationRequest => LogStatusNotificationResponse): Security,
        MeterValues (MeterValuesRequest => MeterValuesResponse): Core,
        SecurityEventNotification (SecurityEventNotificationRequest => SecurityEventNotificationResponse): Security,
        SignCertificate (SignCertificateRequest => SignCertificateResponse): Security,
        SignedFirmwareStatusNotification (SignedFirmwareStatusNotificationRequest => SignedFirmwareStatusNotificationResponse): Security,
        StartTransaction (StartTransactionRequest => StartTransactionResponse): Core,
        StatusNotification (StatusNotificationRequest => StatusNotificationResponse): Core,
        StopTransaction (StopTransactionRequest => StopTransactionResponse): Core,
    }
    csms {
        CancelReservation (CancelReservationRequest => CancelReservationResponse): Reservation,
        CertificateSigned (CertificateSignedRequest => CertificateSignedResponse): Security,
        ChangeAvailability (ChangeAvailabilityRequest => ChangeAvailabilityResponse): Core,
        ChangeConfiguration (ChangeConfigurationRequest => ChangeConfigurationResponse): Core,
        ClearCache (ClearCacheRequest => ClearCacheResponse): Core,
        ClearChargingProfile (ClearChargingProfileRequest => ClearChargingProfileResponse): SmartCharging,
        DeleteCertificate (DeleteCertificateRequest => DeleteCertificateResponse): Security,
        ExtendedTriggerMessage (ExtendedTriggerMessageRequest => ExtendedTriggerMessageResponse): Security,
        GetCompositeSchedule (GetCompositeScheduleRequest => GetCompositeScheduleResponse): SmartCharging,
        GetConfiguration (GetConfigurationRequest => GetConfigurationResponse): Core,
        GetDiagnostics (GetDiagnosticsRequest => GetDiagnosticsResponse): FirmwareManagement,
        GetInstalledCertificateIds (GetInstalledCertificateIdsRequest => GetInstalledCertificateIdsResponse): Security,
        GetLocalListVersion (GetLocalListVersionRequest => GetLocalListVersionResponse): LocalAuthListManagement,
        GetLog (GetLogRequest => GetLogResponse): Security,
        InstallCertificate (InstallCertificateRequest => InstallCertificateResponse): Security,
        RemoteStartTransaction (RemoteStartTransactionRequest => RemoteStartTransactionResponse): Core,
        RemoteStopTransaction (RemoteStopTransactionRequest => RemoteStopTransactionResponse): Core,
        ReserveNow (ReserveNowRequest => ReserveNowResponse): Reservation,
        Reset (ResetRequest => ResetResponse): Core,
        SendLocalList (SendLocalListRequest => SendLocalListResponse): LocalAuthListManagement,
        SetChargingProfile (SetChargingProfileRequest => SetChargingProfileResponse): SmartCharging,
        SignedUpdateFirmware (SignedUpdateFirmwareRequest => SignedUpdateFirmwareResponse): Security,
        TriggerMessage (TriggerMessageRequest => TriggerMessageResponse): RemoteTrigger,
        UnlockConnector (UnlockConnectorRequest => UnlockConnectorResponse): Core,
        UpdateFirmware (UpdateFirmwareRequest => UpdateFirmwareResponse): FirmwareManagement,
    }
    both {
        DataTransfer (DataTransferRequest => DataTransferResponse): Core,
    }
    notices {
    }
}

/// A feature profile of 1.6 (§3.3), or the security extension.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum FeatureProfile {
    /// Basic functions; every station has them.
    Core,
    /// Firmware updates and diagnostics upload.
    FirmwareManagement,
    /// The local authorization list.
    LocalAuthListManagement,
    /// Reservation of connectors.
    Reservation,
    /// Charging profiles.
    SmartCharging,
    /// Asking a station for a message.
    RemoteTrigger,
    /// Certificates, signed firmware, security events and logs (security white paper).
    Security,
}
