//! Messages of 1.6.

use ocpp_types::v16::{
    ChargePointStatus, MeterValue, MeterValuesRequest, StartTransactionRequest, StatusNotificationRequest,
    StopTransactionRequest, ValueFormat,
};
use ocpp_types::v21::{ChargingState, Reason};
use ocpp_types::{CiString, Decimal, Timestamp};

use super::message::{Fact, FactKind, Message, Token};
use super::reading::{Sample, SignedReading};

impl From<&StartTransactionRequest> for Message {
    fn from(request: &StartTransactionRequest) -> Self {
        Self::Start(Fact {
            connector: Some(request.connector_id),
            token: Some(token(&request.id_tag)),
            register_wh: Some(request.meter_start.into()),
            reservation_id: request.reservation_id,
            ..Fact::new(FactKind::Start, &request.timestamp)
        })
    }
}

impl From<&StopTransactionRequest> for Message {
    fn from(request: &StopTransactionRequest) -> Self {
        let mut fact = Fact {
            token: request.id_tag.as_ref().map(token),
            register_wh: Some(request.meter_stop.into()),
            reason: Some(request.reason.as_ref().map_or(Reason::Local, |reason| Reason::from(reason.as_str()))),
            ..Fact::new(FactKind::Stop, &request.timestamp)
        };
        read_all(&mut fact, &request.transaction_data);
        Self::Stop(request.transaction_id, fact)
    }
}

impl From<&MeterValuesRequest> for Message {
    fn from(request: &MeterValuesRequest) -> Self {
        let first = request.meter_value.iter().map(|group| &group.timestamp).min();
        let epoch = Timestamp::new(chrono::DateTime::UNIX_EPOCH);
        let mut fact =
            Fact { connector: Some(request.connector_id), ..Fact::new(FactKind::Update, first.unwrap_or(&epoch)) };
        read_all(&mut fact, &request.meter_value);
        Self::Meter(request.transaction_id, fact)
    }
}

impl Message {
    /// What a StatusNotification says of a transaction; `received` stands in for a time it may lack (rule CS-11).
    pub fn from_status(request: &StatusNotificationRequest, received: &Timestamp) -> Option<Self> {
        let state = match request.status {
            ChargePointStatus::Charging => ChargingState::Charging,
            ChargePointStatus::SuspendedEv => ChargingState::SuspendedEv,
            ChargePointStatus::SuspendedEvse => ChargingState::SuspendedEvse,
            ChargePointStatus::Finishing => ChargingState::EvConnected,
            _ => return None,
        };
        let time = request.timestamp.as_ref().unwrap_or(received);
        Some(Self::Status(Fact {
            connector: Some(request.connector_id),
            state: Some(state),
            ..Fact::new(FactKind::Update, time)
        }))
    }
}

fn token(id_tag: &CiString<20>) -> Token {
    Token { id: CiString::new(id_tag), kind: None }
}

fn read_all(fact: &mut Fact, groups: &[MeterValue]) {
    for group in groups {
        for value in group.sampled_value.iter() {
            let is_signed = value.format == Some(ValueFormat::SignedData);
            let signed = is_signed.then(|| {
                Box::new(SignedReading {
                    data: value.value.as_str().to_owned(),
                    signing_method: None,
                    encoding_method: None,
                    public_key: None,
                })
            });
            // of signed data only the meter's software can read the number
            let number = if is_signed { Ok(None) } else { value.value.trim().parse::<Decimal>().map(Some) };
            fact.read(number.ok().map(|number| Sample {
                time: group.timestamp.utc(),
                value: number,
                unit: value.unit.as_ref().map(|unit| unit.as_str()),
                multiplier: 0,
                measurand: value.measurand_or_default().as_str(),
                context: value.context_or_default().as_str(),
                phase: value.phase.as_ref().map(|phase| phase.as_str()),
                location: value.location_or_default().as_str(),
                signed,
            }));
        }
    }
}
