//! From a request to the desk, and back.

use chrono::{DateTime, Utc};
use ocpp_rpc::{CallError, Incoming, StationCall, Turn};
use ocpp_server::StationId;
use ocpp_types::{v16, v21, v201};

use super::desk::{Answers, Desk};
use super::floor::Talk;

/// Calls the desk for the requests listed, and refuses all others.
macro_rules! route {
    (
        ($request:ident, $responder:ident, $desk:ident, $station:ident, $time:ident, $turn:ident)
        $( $variant:ident $version:ident { $($action:ident)+ } )+
    ) => {
        match $request {
            $($(
                StationCall::$variant($version::StationCall::$action(request)) => {
                    let outcome = $desk.answer($station, $time, &request);
                    $turn.machine.reply($turn.now, $responder.of(&request), outcome)
                }
            )+)+
            _ => $turn.machine.refuse($turn.now, $responder, CallError::not_supported()),
        }
    };
}

/// Answers a request.
pub(super) fn answer(
    desk: &Desk,
    station: &StationId,
    time: DateTime<Utc>,
    incoming: Incoming<StationCall>,
    turn: &mut Turn<'_, Talk>,
) {
    let (request, responder) = incoming.into_parts();
    let sent = route! {
        (request, responder, desk, station, time, turn)
        V16 v16 {
            Authorize BootNotification DataTransfer DiagnosticsStatusNotification FirmwareStatusNotification Heartbeat
            LogStatusNotification MeterValues SecurityEventNotification SignedFirmwareStatusNotification
            StartTransaction StatusNotification StopTransaction
        }
        V201 v201 {
            Authorize BootNotification ClearedChargingLimit DataTransfer FirmwareStatusNotification Heartbeat
            LogStatusNotification MeterValues NotifyChargingLimit NotifyCustomerInformation NotifyDisplayMessages
            NotifyEvent NotifyMonitoringReport NotifyReport PublishFirmwareStatusNotification ReportChargingProfiles
            ReservationStatusUpdate SecurityEventNotification StatusNotification TransactionEvent
        }
        V21 v21 {
            Authorize BootNotification ClearedChargingLimit DataTransfer FirmwareStatusNotification Heartbeat
            LogStatusNotification MeterValues NotifyChargingLimit NotifyCustomerInformation NotifyDisplayMessages
            NotifyEvent NotifyMonitoringReport NotifyReport PublishFirmwareStatusNotification ReportChargingProfiles
            ReservationStatusUpdate SecurityEventNotification StatusNotification TransactionEvent
        }
    };
    // a link that is gone, or a request whose deadline has passed: the station asks again if it cares
    drop(sent);
}
