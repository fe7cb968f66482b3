//! Answers to stations of 1.6.

use chrono::{DateTime, Utc};
use ocpp_rpc::CallError;
use ocpp_server::StationId;
use ocpp_server::ledger::Message;
use ocpp_types::CiString;
use ocpp_types::v16::*;

use super::{Answers, Desk, Place};

impl Answers<BootNotificationRequest> for Desk {
    fn answer(
        &self,
        station: &StationId,
        now: DateTime<Utc>,
        _: &BootNotificationRequest,
    ) -> Result<BootNotificationResponse, CallError> {
        let (status, interval) = self.registration(station);
        Ok(BootNotificationResponse::new(RegistrationStatus::from(status), now, interval))
    }
}

impl Answers<HeartbeatRequest> for Desk {
    fn answer(&self, _: &StationId, now: DateTime<Utc>, _: &HeartbeatRequest) -> Result<HeartbeatResponse, CallError> {
        Ok(HeartbeatResponse::new(now))
    }
}

impl Answers<AuthorizeRequest> for Desk {
    fn answer(
        &self,
        _: &StationId,
        _: DateTime<Utc>,
        request: &AuthorizeRequest,
    ) -> Result<AuthorizeResponse, CallError> {
        Ok(AuthorizeResponse::new(verdict(self, &request.id_tag)))
    }
}

impl Answers<StatusNotificationRequest> for Desk {
    fn answer(
        &self,
        station: &StationId,
        now: DateTime<Utc>,
        request: &StatusNotificationRequest,
    ) -> Result<StatusNotificationResponse, CallError> {
        let place = Place { evse: None, connector: request.connector_id };
        self.note_status(station, place, request.status.as_str());
        if let Some(message) = Message::from_status(request, &now.into()) {
            self.note(station, now, message)?;
        }
        Ok(StatusNotificationResponse::new())
    }
}

impl Answers<StartTransactionRequest> for Desk {
    fn answer(
        &self,
        station: &StationId,
        now: DateTime<Utc>,
        request: &StartTransactionRequest,
    ) -> Result<StartTransactionResponse, CallError> {
        let recorded = self.record(station, now, request)?;
        let number = recorded.transaction.and_then(|transaction| transaction.number());
        let number = number.ok_or_else(|| CallError::internal("no transaction id left"))?;
        Ok(StartTransactionResponse::new(verdict(self, &request.id_tag), number))
    }
}

impl Answers<StopTransactionRequest> for Desk {
    fn answer(
        &self,
        station: &StationId,
        now: DateTime<Utc>,
        request: &StopTransactionRequest,
    ) -> Result<StopTransactionResponse, CallError> {
        self.note(station, now, request)?;
        let mut response = StopTransactionResponse::new();
        response.id_tag_info = request.id_tag.as_ref().map(|tag| verdict(self, tag));
        Ok(response)
    }
}

impl Answers<MeterValuesRequest> for Desk {
    fn answer(
        &self,
        station: &StationId,
        now: DateTime<Utc>,
        request: &MeterValuesRequest,
    ) -> Result<MeterValuesResponse, CallError> {
        self.note(station, now, request)?;
        Ok(MeterValuesResponse::new())
    }
}

impl Answers<DataTransferRequest> for Desk {
    fn answer(
        &self,
        _: &StationId,
        _: DateTime<Utc>,
        _: &DataTransferRequest,
    ) -> Result<DataTransferResponse, CallError> {
        Ok(DataTransferResponse::new(DataTransferStatus::UnknownVendorId))
    }
}

/// Requests that are taken note of.
macro_rules! noted {
    ($($request:ident => $response:ident,)+) => {$(
        impl Answers<$request> for Desk {
            fn answer(&self, _: &StationId, _: DateTime<Utc>, _: &$request) -> Result<$response, CallError> {
                Ok($response::new())
            }
        }
    )+};
}

noted! {
    DiagnosticsStatusNotificationRequest => DiagnosticsStatusNotificationResponse,
    FirmwareStatusNotificationRequest => FirmwareStatusNotificationResponse,
    LogStatusNotificationRequest => LogStatusNotificationResponse,
    SecurityEventNotificationRequest => SecurityEventNotificationResponse,
    SignedFirmwareStatusNotificationRequest => SignedFirmwareStatusNotificationResponse,
}

fn verdict(desk: &Desk, tag: &CiString<20>) -> IdTagInfo {
    IdTagInfo::new(AuthorizationStatus::from(desk.tag(tag.as_str()).as_str()))
}
