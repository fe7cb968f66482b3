//! TriggerMessage in any version.

use alloc::string::String;

use ocpp_rpc::{CsmsCall, Responder};
use ocpp_types::{v16, v21, v201};

use super::requested::Times;

/// A TriggerMessage, or an ExtendedTriggerMessage of 1.6: the CSMS wants a message to be sent.
///
/// It is answered before anything it asks for is sent (rule TRIG-01): make that call after
/// [`answer_trigger`](crate::Station::answer_trigger). BootNotification and Heartbeat never come here, since the station
/// sends those itself.
#[derive(Debug)]
#[must_use = "the CSMS waits for an answer"]
#[non_exhaustive]
pub struct Trigger {
    /// The name of the message asked for, as in `MessageTrigger`.
    pub message: String,
    /// The connector of 1.6, or the EVSE of 2.x, if one is named.
    pub evse_id: Option<i64>,
    /// The connector of the EVSE in 2.x, if one is named.
    pub connector_id: Option<i64>,
    /// What is asked for if the message is `CustomTrigger` (2.1).
    pub custom: Option<String>,
    /// Whether it is an ExtendedTriggerMessage of the security extension of 1.6, for which a firmware status is that of a
    /// signed update (rule TRIG-10).
    pub is_extended: bool,
    pub(super) responder: Responder,
}

/// The answer to a trigger.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TriggerStatus {
    /// It will be sent.
    Accepted,
    /// It will not.
    Rejected,
    /// The station has no such message (rule TRIG-02).
    NotImplemented,
}

impl TriggerStatus {
    pub(super) const fn json(self) -> &'static str {
        match self {
            Self::Accepted => r#"{"status":"Accepted"}"#,
            Self::Rejected => r#"{"status":"Rejected"}"#,
            Self::NotImplemented => r#"{"status":"NotImplemented"}"#,
        }
    }
}

impl Trigger {
    /// How many messages it asks for: where connectors report one each, and none is named, all of them do (rule TRIG-03).
    pub(super) fn times(&self) -> Times {
        let is_of_connectors = matches!(&*self.message, "StatusNotification" | "MeterValues");
        if is_of_connectors && self.evse_id.is_none() { Times::Any } else { Times::Some(1) }
    }

    /// The action by which the message is sent.
    pub(super) fn action(&self) -> &str {
        match &*self.message {
            "SignChargingStationCertificate"
            | "SignChargePointCertificate"
            | "SignV2GCertificate"
            | "SignV2G20Certificate"
            | "SignCombinedCertificate" => "SignCertificate",
            "FirmwareStatusNotification" if self.is_extended => "SignedFirmwareStatusNotification",
            other => other,
        }
    }
}

/// What of a trigger is not in its responder.
pub(super) struct Wanted {
    pub(super) message: String,
    evse_id: Option<i64>,
    connector_id: Option<i64>,
    custom: Option<String>,
    is_extended: bool,
}

impl Wanted {
    pub(super) fn with(self, responder: Responder) -> Trigger {
        let Self { message, evse_id, connector_id, custom, is_extended } = self;
        Trigger { message, evse_id, connector_id, custom, is_extended, responder }
    }

    /// What a request triggers, if it is one that does.
    pub(super) fn by(request: &CsmsCall) -> Option<Self> {
        Some(match request {
            CsmsCall::V16(v16::CsmsCall::TriggerMessage(request)) => Self {
                message: request.requested_message.as_str().into(),
                evse_id: request.connector_id,
                connector_id: None,
                custom: None,
                is_extended: false,
            },
            CsmsCall::V16(v16::CsmsCall::ExtendedTriggerMessage(request)) => Self {
                message: request.requested_message.as_str().into(),
                evse_id: request.connector_id,
                connector_id: None,
                custom: None,
                is_extended: true,
            },
            CsmsCall::V201(v201::CsmsCall::TriggerMessage(request)) => Self {
                message: request.requested_message.as_str().into(),
                evse_id: request.evse.as_ref().map(|evse| evse.id),
                connector_id: request.evse.as_ref().and_then(|evse| evse.connector_id),
                custom: None,
                is_extended: false,
            },
            CsmsCall::V21(v21::CsmsCall::TriggerMessage(request)) => Self {
                message: request.requested_message.as_str().into(),
                evse_id: request.evse.as_ref().map(|evse| evse.id),
                connector_id: request.evse.as_ref().and_then(|evse| evse.connector_id),
                custom: request.custom_trigger.as_ref().map(|custom| custom.as_str().into()),
                is_extended: false,
            },
            _ => return None,
        })
    }
}
