//! Messages of 2.0.1 and 2.1, which differ in what the ledger does not look at.

use ocpp_types::v21::{ChargingState, Reason, TriggerReason};
use ocpp_types::{CiString, Text};

use super::TransactionId;
use super::message::{Fact, FactKind, Message, Token};
use super::reading::{Sample, SignedReading};

macro_rules! from_event {
    ($version:ident, $signing_method:expr, $public_key:expr) => {
        impl From<&ocpp_types::$version::TransactionEventRequest> for Message {
            fn from(request: &ocpp_types::$version::TransactionEventRequest) -> Self {
                use ocpp_types::$version::TransactionEvent;

                let info = &request.transaction_info;
                let kind = match request.event_type {
                    TransactionEvent::Started => FactKind::Start,
                    TransactionEvent::Ended => FactKind::Stop,
                    _ => FactKind::Update,
                };
                let reason = info.stopped_reason.as_ref().map(|reason| Reason::from(reason.as_str()));
                let mut fact = Fact {
                    offline: request.offline == Some(true),
                    trigger: Some(TriggerReason::from(request.trigger_reason.as_str())),
                    state: info.charging_state.as_ref().map(|state| ChargingState::from(state.as_str())),
                    // left out, it means Local (2.x Part 2 `ReasonEnumType`)
                    reason: reason.or((kind == FactKind::Stop).then_some(Reason::Local)),
                    token: request.id_token.as_ref().map(|token| Token {
                        id: CiString::new(&token.id_token),
                        kind: Some(Text::new(token.kind.as_str())),
                    }),
                    evse: request.evse.as_ref().map(|evse| evse.id),
                    connector: request.evse.as_ref().and_then(|evse| evse.connector_id),
                    reservation_id: request.reservation_id,
                    remote_start_id: info.remote_start_id,
                    ..Fact::new(kind, &request.timestamp)
                };
                for group in request.meter_value.iter() {
                    for value in group.sampled_value.iter() {
                        let unit = value.unit_of_measure.as_ref();
                        fact.read(Some(Sample {
                            time: group.timestamp.utc(),
                            value: Some(value.value),
                            unit: unit.and_then(|unit| unit.unit.as_ref()).map(|unit| unit.as_str()),
                            multiplier: unit.and_then(|unit| unit.multiplier).unwrap_or(0),
                            measurand: value.measurand_or_default().as_str(),
                            context: value.context_or_default().as_str(),
                            phase: value.phase.as_ref().map(|phase| phase.as_str()),
                            location: value.location_or_default().as_str(),
                            signed: value.signed_meter_value.as_ref().map(|signed| {
                                Box::new(SignedReading {
                                    data: signed.signed_meter_data.as_str().to_owned(),
                                    signing_method: $signing_method(signed),
                                    encoding_method: Some(signed.encoding_method.as_str().to_owned()),
                                    public_key: $public_key(signed),
                                })
                            }),
                        }));
                    }
                }
                Self::Event(TransactionId::Text(info.transaction_id.clone()), request.seq_no, fact)
            }
        }
    };
}

from_event!(
    v201,
    |signed: &ocpp_types::v201::SignedMeterValue| Some(signed.signing_method.as_str().to_owned()),
    |signed: &ocpp_types::v201::SignedMeterValue| Some(signed.public_key.as_str().to_owned())
);
from_event!(
    v21,
    |signed: &ocpp_types::v21::SignedMeterValue| signed.signing_method.as_ref().map(|text| text.as_str().to_owned()),
    |signed: &ocpp_types::v21::SignedMeterValue| signed.public_key.as_ref().map(|text| text.as_str().to_owned())
);
