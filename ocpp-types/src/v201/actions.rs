//! The actions of OCPP 2.0.1: who sends them, what answers them, where they belong.

use super::*;
use crate::actions::actions;

actions! {
    version V201, blocks Block;
    station {
        Authorize (AuthorizeRequest => AuthorizeResponse): Authorization,
        BootNotification (BootNotificationRequest => BootNotificationResponse): Provisioning,
        ClearedChargingLimit (ClearedChargingLimitRequest => ClearedChargingLimitResponse): SmartCharging,
        FirmwareStatusNotification (FirmwareStatusNotificationRequest => FirmwareStatusNotificationResponse): Firmware,
        Get15118EvCertificate = "Get15118EVCertificate" (Get15118EvCertificateRequest => Get15118EvCertificateResponse): Certificates,
        GetCertificateStatus (GetCertificateStatusRequest => GetCertificateStatusResponse): Certificates,
        Heartbeat (HeartbeatRequest => HeartbeatResponse): Availability,
        LogStatusNotification (LogStatusNotificationRequest => LogStatusNotificationResponse): Diagnostics,
        MeterValues (MeterValuesRequest => MeterValuesResponse): Metering,
        NotifyChargingLimit (NotifyChargingLimitRequest => NotifyChargingLimitResponse): SmartCharging,
        NotifyCustomerInformation (NotifyCustomerInformationRequest => NotifyCustomerInformationResponse): Diagnostics,
        NotifyDisplayMessages (NotifyDisplayMessagesRequest => NotifyDisplayMessagesResponse): DisplayMessage,
        NotifyEvChargingNeeds = "NotifyEVChargingNeeds" (NotifyEvChargingNeedsRequest => NotifyEvChargingNeedsResponse): SmartCharging,
        NotifyEvChargingSchedule = "NotifyEVChargingSchedule" (NotifyEvChargingScheduleRequest => NotifyEvChargingScheduleResponse): SmartCharging,
        NotifyEvent (NotifyEventRequest => NotifyEventResponse): Diagnostics,
        NotifyMonitoringReport (NotifyMonitoringReportRequest => NotifyMonitoringReportResponse): Diagnostics,
        NotifyReport (NotifyReportRequest => NotifyReportResponse): Provisioning,
        PublishFirmwareStatusNotification (PublishFirmwareStatusNotificationRequest => PublishFirmwareStatusNotificationResponse): Firmware,
        ReportChargingProfiles (ReportChargingProfilesRequest => ReportChargingProfilesResponse): SmartCharging,
        ReservationStatusUpdate (ReservationStatusUpdateRequest => ReservationStatusUpdateResponse): Reservation,
        SecurityEventNotification (SecurityEventNotificationRequest => SecurityEventNotificationResponse): Security,
        SignCertificate (SignCertificateRequest => SignCertificateResponse): Security,
        StatusNotification (StatusNotificationRequest => StatusNotificationResponse): Availability,
        TransactionEvent (TransactionEventRequest => TransactionEventResponse): Transactions,
    }
    csms {
        CancelReservation (CancelReservationRequest => CancelReservationResponse): Reservation,
        CertificateSigned (CertificateSignedRequest => CertificateSignedResponse): Security,
        ChangeAvailability (ChangeAvailabilityRequest => ChangeAvailabilityResponse): Availability,
        ClearCache (ClearCacheRequest => ClearCacheResponse): Authorization,
        ClearChargingProfile (ClearChargingProfileRequest => ClearChargingProfileResponse): SmartCharging,
        ClearDisplayMessage (ClearDisplayMessageRequest => ClearDisplayMessageResponse): DisplayMessage,
        ClearVariableMonitoring (ClearVariableMonitoringRequest => ClearVariableMonitoringResponse): Diagnostics,
        CostUpdated (CostUpdatedRequest => CostUpdatedResponse): TariffAndCost,
        CustomerInformation (CustomerInformationRequest => CustomerInformationResponse): Diagnostics,
        DeleteCertificate (DeleteCertificateRequest => DeleteCertificateResponse): Certificates,
        GetBaseReport (GetBaseReportRequest => GetBaseReportResponse): Provisioning,
        GetChargingProfiles (GetChargingProfilesRequest => GetChargingProfilesResponse): SmartCharging,
        GetCompositeSchedule (GetCompositeScheduleRequest => GetCompositeScheduleResponse): SmartCharging,
        GetDisplayMessages (GetDisplayMessagesRequest => GetDisplayMessagesResponse): DisplayMessage,
        GetInstalledCertificateIds (GetInstalledCertificateIdsRequest => GetInstalledCertificateIdsResponse): Certificates,
        GetLocalListVersion (GetLocalListVersionRequest => GetLocalListVersionResponse): LocalAuthList,
        GetLog (GetLogRequest => GetLogResponse): Diagnostics,
        GetMonitoringReport (GetMonitoringReportRequest => GetMonitoringReportResponse): Diagnostics,
        GetReport (GetReportRequest => GetReportResponse): Provisioning,
        GetTransactionStatus (GetTransactionStatusRequest => GetTransactionStatusResponse): Transactions,
        GetVariables (GetVariablesRequest => GetVariablesResponse): Provisioning,
        InstallCertificate (InstallCertificateRequest => InstallCertificateResponse): Certificates,
        PublishFirmware (PublishFirmwareRequest => PublishFirmwareResponse): Firmware,
        RequestStartTransaction (RequestStartTransactionRequest => RequestStartTransactionResponse): RemoteControl,
        RequestStopTransaction (RequestStopTransactionRequest => RequestStopTransactionResponse): RemoteControl,
        ReserveNow (ReserveNowRequest => ReserveNowResponse): Reservation,
        Reset (ResetRequest => ResetResponse): Provisioning,
        SendLocalList (SendLocalListRequest => SendLocalListResponse): LocalAuthList,
        SetChargingProfile (SetChargingProfileRequest => SetChargingProfileResponse): SmartCharging,
        SetDisplayMessage (SetDisplayMessageRequest => SetDisplayMessageResponse): DisplayMessage,
        SetMonitoringBase (SetMonitoringBaseRequest => SetMonitoringBaseResponse): Diagnostics,
        SetMonitoringLevel (SetMonitoringLevelRequest => SetMonitoringLevelResponse): Diagnostics,
        SetNetworkProfile (SetNetworkProfileRequest => SetNetworkProfileResponse): Provisioning,
        SetVariableMonitoring (SetVariableMonitoringRequest => SetVariableMonitoringResponse): Diagnostics,
        SetVariables (SetVariablesRequest => SetVariablesResponse): Provisioning,
        TriggerMessage (TriggerMessageRequest => TriggerMessageResponse): RemoteControl,
        UnlockConnector (UnlockConnectorRequest => UnlockConnectorResponse): RemoteControl,
        UnpublishFirmware (UnpublishFirmwareRequest => UnpublishFirmwareResponse): Firmware,
        UpdateFirmware (UpdateFirmwareRequest => UpdateFirmwareResponse): Firmware,
    }
    both {
        DataTransfer (DataTransferRequest => DataTransferResponse): DataTransfer,
    }
    notices {
    }
}

/// A functional block of Part 2.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Block {
    /// A: security.
    Security,
    /// B: provisioning.
    Provisioning,
    /// C: authorization.
    Authorization,
    /// D: local authorization list.
    LocalAuthList,
    /// E: transactions.
    Transactions,
    /// F: remote control.
    RemoteControl,
    /// G: availability.
    Availability,
    /// H: reservation.
    Reservation,
    /// I: tariff and cost.
    TariffAndCost,
    /// J: meter values.
    Metering,
    /// K: smart charging.
    SmartCharging,
    /// L: firmware management.
    Firmware,
    /// M: certificate management.
    Certificates,
    /// N: diagnostics.
    Diagnostics,
    /// O: display messages.
    DisplayMessage,
    /// P: data transfer.
    DataTransfer,
}
