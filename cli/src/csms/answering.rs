//! From a request to the desk, and back.

use std::sync::Arc;

use ocpp_rpc::Router;
use ocpp_server::{Station, StationConnection};
use ocpp_types::{v16, v21, v201};

use super::desk::{Answers, Desk};
use crate::story::TimeSource;

/// Leads the requests listed to the desk; all others are refused.
macro_rules! routes {
    ($desk:ident, $time:ident: $( $version:ident { $($request:ident)+ } )+) => {{
        let router = Router::new();
        $($(
            let (desk, time) = (Arc::clone($desk), $time.clone());
            let router = router.on(move |station: Station, request: $version::$request| {
                let answer = desk.answer(station.identity(), time.now(), &request);
                async move { answer }
            });
        )+)+
        router
    }};
}

/// The requests that the desk answers.
pub(super) fn router(desk: &Arc<Desk>, time: &TimeSource) -> Router<Station, StationConnection> {
    routes! { desk, time:
        v16 {
            AuthorizeRequest BootNotificationRequest DataTransferRequest DiagnosticsStatusNotificationRequest
            FirmwareStatusNotificationRequest HeartbeatRequest LogStatusNotificationRequest MeterValuesRequest
            SecurityEventNotificationRequest SignedFirmwareStatusNotificationRequest StartTransactionRequest
            StatusNotificationRequest StopTransactionRequest
        }
        v201 {
            AuthorizeRequest BootNotificationRequest ClearedChargingLimitRequest DataTransferRequest
            FirmwareStatusNotificationRequest HeartbeatRequest LogStatusNotificationRequest MeterValuesRequest
            NotifyChargingLimitRequest NotifyCustomerInformationRequest NotifyDisplayMessagesRequest NotifyEventRequest
            NotifyMonitoringReportRequest NotifyReportRequest PublishFirmwareStatusNotificationRequest
            ReportChargingProfilesRequest ReservationStatusUpdateRequest SecurityEventNotificationRequest
            StatusNotificationRequest TransactionEventRequest
        }
        v21 {
            AuthorizeRequest BootNotificationRequest ClearedChargingLimitRequest DataTransferRequest
            FirmwareStatusNotificationRequest HeartbeatRequest LogStatusNotificationRequest MeterValuesRequest
            NotifyChargingLimitRequest NotifyCustomerInformationRequest NotifyDisplayMessagesRequest NotifyEventRequest
            NotifyMonitoringReportRequest NotifyReportRequest PublishFirmwareStatusNotificationRequest
            ReportChargingProfilesRequest ReservationStatusUpdateRequest SecurityEventNotificationRequest
            StatusNotificationRequest TransactionEventRequest
        }
    }
}
