//! Answers to stations of 2.0.1 and 2.1, which are the same as far as this CSMS goes.

use chrono::{DateTime, Utc};
use ocpp_rpc::CallError;
use ocpp_server::StationId;

use super::{Answers, Desk, Place};

macro_rules! answers {
    ($version:ident, $($noted:ident => $nothing:ident,)+) => {
        mod $version {
            use ocpp_types::$version::*;

            use super::*;

            impl Answers<BootNotificationRequest> for Desk {
                fn answer(
                    &self,
                    station: &StationId,
                    now: DateTime<Utc>,
                    _: &BootNotificationRequest,
                ) -> Result<BootNotificationResponse, CallError> {
                    let (status, interval) = self.registration(station);
                    Ok(BootNotificationResponse::new(now, interval, RegistrationStatus::from(status)))
                }
            }

            impl Answers<HeartbeatRequest> for Desk {
                fn answer(
                    &self,
                    _: &StationId,
                    now: DateTime<Utc>,
                    _: &HeartbeatRequest,
                ) -> Result<HeartbeatResponse, CallError> {
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
                    Ok(AuthorizeResponse::new(verdict(self, &request.id_token)))
                }
            }

            impl Answers<StatusNotificationRequest> for Desk {
                fn answer(
                    &self,
                    station: &StationId,
                    _: DateTime<Utc>,
                    request: &StatusNotificationRequest,
                ) -> Result<StatusNotificationResponse, CallError> {
                    let place = Place { evse: Some(request.evse_id), connector: request.connector_id };
                    self.note_status(station, place, request.connector_status.as_str());
                    Ok(StatusNotificationResponse::new())
                }
            }

            impl Answers<NotifyEventRequest> for Desk {
                fn answer(
                    &self,
                    station: &StationId,
                    _: DateTime<Utc>,
                    request: &NotifyEventRequest,
                ) -> Result<NotifyEventResponse, CallError> {
                    for event in request.event_data.iter() {
                        let evse = event.component.evse.as_ref();
                        let numbers = evse.and_then(|evse| Some((evse.id, evse.connector_id?)));
                        if let Some((evse, connector)) = numbers
                            && event.variable.name == "AvailabilityState"
                        {
                            let place = Place { evse: Some(evse), connector };
                            self.note_status(station, place, event.actual_value.as_str());
                        }
                    }
                    Ok(NotifyEventResponse::new())
                }
            }

            impl Answers<TransactionEventRequest> for Desk {
                fn answer(
                    &self,
                    station: &StationId,
                    now: DateTime<Utc>,
                    request: &TransactionEventRequest,
                ) -> Result<TransactionEventResponse, CallError> {
                    self.note(station, now, request)?;
                    let mut response = TransactionEventResponse::new();
                    response.id_token_info = request.id_token.as_ref().map(|token| Box::new(verdict(self, token)));
                    Ok(response)
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

            $(
                impl Answers<$noted> for Desk {
                    fn answer(&self, _: &StationId, _: DateTime<Utc>, _: &$noted) -> Result<$nothing, CallError> {
                        Ok($nothing::new())
                    }
                }
            )+

            /// A driver without a token, who pressed a button, is welcome.
            fn verdict(desk: &Desk, token: &IdToken) -> IdTokenInfo {
                if token.kind.as_str() == "NoAuthorization" {
                    return IdTokenInfo::new(AuthorizationStatus::Accepted);
                }
                IdTokenInfo::new(AuthorizationStatus::from(desk.tag(token.id_token.as_str()).as_str()))
            }
        }
    };
}

/// The requests that are taken note of, for both versions.
macro_rules! with_noted {
    ($($version:ident),+) => {$(
        answers! { $version,
            ClearedChargingLimitRequest => ClearedChargingLimitResponse,
            FirmwareStatusNotificationRequest => FirmwareStatusNotificationResponse,
            LogStatusNotificationRequest => LogStatusNotificationResponse,
            MeterValuesRequest => MeterValuesResponse,
            NotifyChargingLimitRequest => NotifyChargingLimitResponse,
            NotifyCustomerInformationRequest => NotifyCustomerInformationResponse,
            NotifyDisplayMessagesRequest => NotifyDisplayMessagesResponse,
            NotifyMonitoringReportRequest => NotifyMonitoringReportResponse,
            NotifyReportRequest => NotifyReportResponse,
            PublishFirmwareStatusNotificationRequest => PublishFirmwareStatusNotificationResponse,
            ReportChargingProfilesRequest => ReportChargingProfilesResponse,
            ReservationStatusUpdateRequest => ReservationStatusUpdateResponse,
            SecurityEventNotificationRequest => SecurityEventNotificationResponse,
        }
    )+};
}

with_noted!(v201, v21);
