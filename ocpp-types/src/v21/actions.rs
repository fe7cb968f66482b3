//! The actions of OCPP 2.1: who sends them, what answers them, where they belong.

use super::*;
use crate::actions::actions;

actions! {
    version V21, blocks Block;
    station {
        Authorize (AuthorizeRequest => AuthorizeResponse): Authorization,
        BatterySwap (BatterySwapRequest => BatterySwapResponse): BatterySwap,
        BootNotification (BootNotificationRequest => BootNotificationResponse): Provisioning,
        ClearedChargingLimit (ClearedChargingLimitRequest => ClearedChargingLimitResponse): SmartCharging,
        ClosePeriodicEventStream (ClosePeriodicEventStreamRequest => ClosePeriodicEventStreamResponse): Diagnostics,
        FirmwareStatusNotification (FirmwareStatusNotificationRequest => FirmwareStatusNotificationResponse): Firmware,
        Get15118EvCertificate = "Get15118EVCertificate" (Get15118EvCertificateRequest => Get15118EvCertificateResponse): Certificates,
        GetCertificateChainStatus (GetCertificateChainStatusRequest => GetCertificateChainStatusResponse): Certificates,
        GetCertificateStatus (GetCertificateStatusRequest => GetCertificateStatusResponse): Certificates,
        Heartbeat (HeartbeatRequest => HeartbeatResponse): Availability,
        LogStatusNotification (LogStatusNotificationRequest => LogStatusNotificationResponse): Diagnostics,
        MeterValues (MeterValuesRequest => MeterValuesResponse): Metering,
        NotifyChargingLimit (NotifyChargingLimitRequest => NotifyChargingLimitResponse): SmartCharging,
        NotifyCustomerInformation (NotifyCustomerInformationRequest => NotifyCustomerInformationResponse): Diagnostics,
        NotifyDerAlarm = "NotifyDERAlarm" (NotifyDerAlarmRequest => NotifyDerAlarmResponse): DerControl,
        NotifyDerStartStop = "NotifyDERStartStop" (NotifyDerStartStopRequest => NotifyDerStartStopResponse): DerControl,
        NotifyDisplayMessages (NotifyDisplayMessagesRequest => NotifyDisplayMessagesResponse): DisplayMessage,
        NotifyEvChargingNeeds = "NotifyEVChargingNeeds" (NotifyEvChargingNeedsRequest => NotifyEvChargingNeedsResponse): SmartCharging,
        NotifyEvChargingSchedule = "NotifyEVChargingSchedule" (NotifyEvChargingScheduleRequest => NotifyEvChargingScheduleResponse): SmartCharging,
        NotifyEvent (NotifyEventRequest => NotifyEventResponse): Diagnostics,
        NotifyMonitoringReport (NotifyMonitoringReportRequest => NotifyMonitoringReportResponse): Diagnostics,
        NotifyPriorityCharging (NotifyPriorityChargingRequest => NotifyPriorityChargingResponse): SmartCharging,
        NotifyReport (NotifyReportRequest => NotifyReportResponse): Provisioning,
        NotifySettlement (NotifySettlementRequest => NotifySettlementResponse): Authorization,
        OpenPeriodicEventStream (OpenPeriodicEventStreamRequest => OpenPeriodicEventStreamResponse): Diagnostics,
        PublishFirmwareStatusNotification (PublishFirmwareStatusNotificationRequest => PublishFirmwareStatusNotificationResponse): Firmware,
        PullDynamicScheduleUpdate (PullDynamicScheduleUpdateRequest => PullDynamicScheduleUpdateResponse): SmartCharging,
        ReportChargingProfiles (ReportChargingProfilesRequest => ReportChargingProfilesResponse): SmartCharging,
        ReportDerControl = "ReportDERControl" (ReportDerControlRequest => ReportDerControlResponse): DerControl,
        ReservationStatusUpdate (ReservationStatusUpdateRequest => ReservationStatusUpdateResponse): Reservation,
        SecurityEventNotification (SecurityEventNotificationRequest => SecurityEventNotificationResponse): Security,
        SignCertificate (SignCertificateRequest => SignCertificateResponse): Security,
        StatusNotification (StatusNotificationRequest => StatusNotificationResponse): Availability,
        TransactionEvent (TransactionEventRequest => TransactionEventResponse): Transactions,
        VatNumberValidation (VatNumberValidationRequest => VatNumberValidationResponse): Authorization,
    }
    csms {
        AfrrSignal = "AFRRSignal" (AfrrSignalRequest => AfrrSignalResponse): BidirectionalPower,
        AdjustPeriodicEventStream (AdjustPeriodicEventStreamRequest => AdjustPeriodicEventStreamResponse): Diagnostics,
        CancelReservation (CancelReservationRequest => CancelReservationResponse): Reservation,
        CertificateSigned (CertificateSignedRequest => CertificateSignedResponse): Security,
        ChangeAvailability (ChangeAvailabilityRequest => ChangeAvailabilityResponse): Availability,
        ChangeTransactionTariff (ChangeTransactionTariffRequest => ChangeTransactionTariffResponse): TariffAndCost,
        ClearCache (ClearCacheRequest => ClearCacheResponse): Authorization,
        ClearChargingProfile (ClearChargingProfileRequest => ClearChargingProfileResponse): SmartCharging,
        ClearDerControl = "ClearDERControl" (ClearDerControlRequest => ClearDerControlResponse): DerControl,
        ClearDisplayMessage (ClearDisplayMessageRequest => ClearDisplayMessageResponse): DisplayMessage,
        ClearTariffs (ClearTariffsRequest => ClearTariffsResponse): TariffAndCost,
        ClearVariableMonitoring (ClearVariableMonitoringRequest => ClearVariableMonitoringResponse): Diagnostics,
        CostUpdated (CostUpdatedRequest => CostUpdatedResponse): TariffAndCost,
        CustomerInformation (CustomerInformationRequest => CustomerInformationResponse): Diagnostics,
        DeleteCertificate (DeleteCertificateRequest => DeleteCertificateResponse): Certificates,
        GetBaseReport (GetBaseReportRequest => GetBaseReportResponse): Provisioning,
        GetChargingProfiles (GetChargingProfilesRequest => GetChargingProfilesResponse): SmartCharging,
        GetCompositeSchedule (GetCompositeScheduleRequest => GetCompositeScheduleResponse): SmartCharging,
        GetDerControl = "GetDERControl" (GetDerControlRequest => GetDerControlResponse): DerControl,
        GetDisplayMessages (GetDisplayMessagesRequest => GetDisplayMessagesResponse): DisplayMessage,
        GetInstalledCertificateIds (GetInstalledCertificateIdsRequest => GetInstalledCertificateIdsResponse): Certificates,
        GetLocalListVersion (GetLocalListVersionRequest => GetLocalListVersionResponse): LocalAuthList,
        GetLog (GetLogRequest => GetLogResponse): Diagnostics,
        GetMonitoringReport (GetMonitoringReportRequest => GetMonitoringReportResponse): Diagnostics,
        GetPeriodicEventStream (GetPeriodicEventStreamRequest => GetPeriodicEventStreamResponse): Diagnostics,
        GetReport (GetReportRequest => GetReportResponse): Provisioning,
        GetTariffs (GetTariffsRequest => GetTariffsResponse): TariffAndCost,
        GetTransactionStatus (GetTransactionStatusRequest => GetTransactionStatusResponse): Transactions,
        GetVariables (GetVariablesRequest => GetVariablesResponse): Provisioning,
        InstallCertificate (InstallCertificateRequest => InstallCertificateResponse): Certificates,
        NotifyAllowedEnergyTransfer (NotifyAllowedEnergyTransferRequest => NotifyAllowedEnergyTransferResponse): BidirectionalPower,
        NotifyWebPaymentStarted (NotifyWebPaymentStartedRequest => NotifyWebPaymentStartedResponse): Authorization,
        PublishFirmware (PublishFirmwareRequest => PublishFirmwareResponse): Firmware,
        RequestBatterySwap (RequestBatterySwapRequest => RequestBatterySwapResponse): BatterySwap,
        RequestStartTransaction (RequestStartTransactionRequest => RequestStartTransactionResponse): RemoteControl,
        RequestStopTransaction (RequestStopTransactionRequest => RequestStopTransactionResponse): RemoteControl,
        ReserveNow (ReserveNowRequest => ReserveNowResponse): Reservation,
        Reset (ResetRequest => ResetResponse): Provisioning,
        SendLocalList (SendLocalListRequest => SendLocalListResponse): LocalAuthList,
        SetChargingProfile (SetChargingProfileRequest => SetChargingProfileResponse): SmartCharging,
        SetDerControl = "SetDERControl" (SetDerControlRequest => SetDerControlResponse): DerControl,
        SetDefaultTariff (SetDefaultTariffRequest => SetDefaultTariffResponse): TariffAndCost,
        SetDisplayMessage (SetDisplayMessageRequest => SetDisplayMessageResponse): DisplayMessage,
        SetMonitoringBase (SetMonitoringBaseRequest => SetMonitoringBaseResponse): Diagnostics,
        SetMonitoringLevel (SetMonitoringLevelRequest => SetMonitoringLevelResponse): Diagnostics,
        SetNetworkProfile (SetNetworkProfileRequest => SetNetworkProfileResponse): Provisioning,
        SetVariableMonitoring (SetVariableMonitoringRequest => SetVariableMonitoringResponse): Diagnostics,
        SetVariables (SetVariablesRequest => SetVariablesResponse): Provisioning,
        TriggerMessage (TriggerMessageRequest => TriggerMessageResponse): RemoteControl,
        UnlockConnector (UnlockConnectorRequest => UnlockConnectorResponse): RemoteControl,
        UnpublishFirmware (UnpublishFirmwareRequest => UnpublishFirmwareResponse): Firmware,
        UpdateDynamicSchedule (UpdateDynamicScheduleRequest => UpdateDynamicScheduleResponse): SmartCharging,
        UpdateFirmware (UpdateFirmwareRequest => UpdateFirmwareResponse): Firmware,
        UsePriorityCharging (UsePriorityChargingRequest => UsePriorityChargingResponse): SmartCharging,
    }
    both {
        DataTransfer (DataTransferRequest => DataTransferResponse): DataTransfer,
    }
    notices {
        NotifyPeriodicEventStream (NotifyPeriodicEventStream): Diagnostics,
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
    /// Q: bidirectional power transfer.
    BidirectionalPower,
    /// R: control of distributed energy resources.
    DerControl,
    /// S: battery swapping.
    BatterySwap,
}
