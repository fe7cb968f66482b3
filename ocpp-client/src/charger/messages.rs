//! What a charger tells the CSMS, in the words of each version.

use ocpp_rpc::Instant;
use ocpp_types::{Decimal, Timestamp, Version, v16, v21, v201};

use super::transactions::{Dialect, Ending, Start};
use super::{Asked, Charger, ChargerEvent};
use crate::{NotTaken, Store};

/// Why a register is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Context {
    Begin,
    End,
    Periodic,
    Trigger,
}

impl Context {
    const fn name(self) -> &'static str {
        match self {
            Self::Begin => "Transaction.Begin",
            Self::End => "Transaction.End",
            Self::Periodic => "Sample.Periodic",
            Self::Trigger => "Trigger",
        }
    }
}

/// Something happens in a transaction of 2.x.
pub(super) enum Happening {
    /// It starts, perhaps because the CSMS asked for it.
    Started {
        cause: Start,
        remote: Option<Option<i64>>,
    },
    Charging,
    Suspended,
    Reading(Context),
    Ended {
        ending: Ending,
        time: Timestamp,
    },
}

/// Runs the same lines for the messages of 2.0.1 and of 2.1.
macro_rules! in_2x {
    ($version:expr, $types:ident => $body:block) => {
        match $version {
            Dialect::V21 => {
                use ocpp_types::v21 as $types;
                $body
            }
            _ => {
                use ocpp_types::v201 as $types;
                $body
            }
        }
    };
}

impl<S: Store> Charger<S> {
    /// Tells something of a transaction of 2.x.
    pub(super) fn tell(&mut self, now: Instant, index: usize, happening: Happening) -> Result<u64, NotTaken> {
        let time = self.time(now);
        let outlet = &mut self.outlets[index];
        let (id, register, is_plugged) = (outlet.id, outlet.register, outlet.is_plugged);
        let Some(transaction) = &mut outlet.transaction else { return Err(NotTaken::NotAccepted) };
        let seq_no = transaction.seq_no;
        transaction.seq_no += 1;
        let transaction = transaction.clone();
        in_2x!(transaction.version, types => {
            use types::{ChargingState, Reason, TransactionEvent, TriggerReason};
            let charging = || if transaction.is_suspended { ChargingState::SuspendedEvse } else { ChargingState::Charging };
            let (kind, trigger, state, context, at) = match &happening {
                Happening::Started { cause, remote } => {
                    let trigger = match (remote, cause) {
                        (Some(_), _) => TriggerReason::RemoteStart,
                        (None, Start::PluggedIn) => TriggerReason::CablePluggedIn,
                        (None, Start::Authorized) => TriggerReason::Authorized,
                    };
                    (TransactionEvent::Started, trigger, Some(ChargingState::EvConnected), Some(Context::Begin), time)
                }
                Happening::Charging | Happening::Suspended => {
                    (TransactionEvent::Updated, TriggerReason::ChargingStateChanged, Some(charging()), None, time)
                }
                Happening::Reading(context) => {
                    let is_asked = *context == Context::Trigger;
                    let trigger = if is_asked { TriggerReason::Trigger } else { TriggerReason::MeterValuePeriodic };
                    (TransactionEvent::Updated, trigger, is_asked.then(charging), Some(*context), time)
                }
                Happening::Ended { ending, time } => {
                    let trigger = match ending {
                        Ending::Local => TriggerReason::StopAuthorized,
                        Ending::Unplugged => TriggerReason::EvCommunicationLost,
                        Ending::Remote => TriggerReason::RemoteStop,
                        Ending::Reset { .. } => TriggerReason::ResetCommand,
                        Ending::Unlocked => TriggerReason::UnlockCommand,
                        Ending::DeAuthorized => TriggerReason::Deauthorized,
                        Ending::PowerLoss => TriggerReason::AbnormalCondition,
                    };
                    let state = if is_plugged { ChargingState::EvConnected } else { ChargingState::Idle };
                    (TransactionEvent::Ended, trigger, Some(state), Some(Context::End), time.clone())
                }
            };
            let mut info = types::Transaction::new(transaction.id.as_str());
            info.charging_state = state;
            if let Happening::Ended { ending, .. } = &happening {
                info.stopped_reason = match ending {
                    Ending::Local => None,
                    Ending::Unplugged => Some(Reason::EvDisconnected),
                    Ending::Remote => Some(Reason::Remote),
                    Ending::Reset { .. } => Some(Reason::ImmediateReset),
                    Ending::Unlocked => Some(Reason::Other),
                    Ending::DeAuthorized => Some(Reason::DeAuthorized),
                    Ending::PowerLoss => Some(Reason::PowerLoss),
                };
            }
            if let Happening::Started { remote: Some(remote), .. } = &happening {
                info.remote_start_id = *remote;
            }
            let mut event = types::TransactionEventRequest::new(kind, at.clone(), trigger, seq_no, info);
            // the place and the token once, and the token again when it ends the permission (TX2-09, TX2-10)
            if matches!(happening, Happening::Started { .. }) {
                let mut evse = types::Evse::new(id);
                evse.connector_id = Some(1);
                event.evse = Some(evse);
            }
            if let Some(context) = context {
                let mut sample = types::SampledValue::new(Decimal::from(register));
                sample.context = Some(context.name().into());
                event.meter_value = [types::MeterValue::new([sample], at)].into();
            }
            if matches!(happening, Happening::Started { .. } | Happening::Ended { ending: Ending::Local, .. }) {
                event.id_token = Some(Iso14443::of_card(&transaction.token));
            }
            self.station.transaction_event(now, &event)
        })
    }

    /// Tells something of a transaction of 2.x; when it is not taken, that is told.
    pub(super) fn tell_or_lose(&mut self, now: Instant, index: usize, happening: Happening) {
        if let Err(error) = self.tell(now, index, happening) {
            self.not_taken(error);
        }
    }

    pub(super) fn not_taken(&mut self, error: NotTaken) {
        self.events.push_back(ChargerEvent::NotTaken(error));
    }

    /// Reports the status of every connector, in 1.6 of the station as well (rules BOOT-06 and BOOT-07).
    pub(super) fn report_all(&mut self, now: Instant) {
        if self.version() == Version::V16 {
            self.report_station(now);
        }
        for index in 0..self.outlets.len() {
            self.report(now, index);
        }
    }

    /// Reports the status of the connectors that do something else than the CSMS believes (rules Q-10, ST-02 and ST-10).
    pub(super) fn report_changes(&mut self, now: Instant) {
        if !self.station.is_online() {
            return;
        }
        for index in 0..self.outlets.len() {
            let word = self.outlets[index].word(self.version());
            let is_news = self.outlets[index].reported != Some(word);
            if is_news {
                self.report(now, index);
            }
        }
    }

    pub(super) fn report_station(&mut self, now: Instant) {
        let mut request = v16::StatusNotificationRequest::new(
            0,
            v16::ChargePointErrorCode::NoError,
            if self.outlets.iter().all(|outlet| !outlet.is_operative) {
                v16::ChargePointStatus::Unavailable
            } else {
                v16::ChargePointStatus::Available
            },
        );
        request.timestamp = Some(self.time(now));
        let call = self.station.call(now, &request);
        self.note(call.map(|id| id.key()));
    }

    /// Reports the status of one connector.
    pub(super) fn report(&mut self, now: Instant, index: usize) {
        let (id, word, time) = (self.outlets[index].id, self.outlets[index].word(self.version()), self.time(now));
        let call = match self.version() {
            Version::V16 => {
                let no_error = v16::ChargePointErrorCode::NoError;
                let mut request = v16::StatusNotificationRequest::new(id, no_error, word.into());
                request.timestamp = Some(time);
                self.station.call(now, &request).map(|id| id.key())
            }
            Version::V201 => {
                let request = v201::StatusNotificationRequest::new(time, word.into(), id, 1);
                self.station.call(now, &request).map(|id| id.key())
            }
            _ => {
                let request = v21::StatusNotificationRequest::new(time, word.into(), id, 1);
                self.station.call(now, &request).map(|id| id.key())
            }
        };
        if call.is_ok() {
            self.outlets[index].reported = Some(word);
        }
        self.note(call);
    }

    /// Keeps track of a call whose answer says nothing.
    pub(super) fn note(&mut self, call: Result<ocpp_rpc::CallKey, crate::Refused>) {
        // what was refused is tried again with the next change, or at the next connection
        if let Ok(key) = call {
            self.asked.push((key, Asked::Nothing));
        }
    }
}

/// A reading of 1.6.
pub(super) fn reading_16(register: i64, context: Context, time: Timestamp) -> v16::MeterValue {
    let mut sample = v16::SampledValue::new(alloc::format!("{register}"));
    sample.context = Some(context.name().into());
    sample.measurand = Some("Energy.Active.Import.Register".into());
    sample.unit = Some(v16::UnitOfMeasure::Wh);
    v16::MeterValue::new(time, [sample])
}

/// A token in the words of a version.
trait Iso14443 {
    /// The token of an RFID card.
    fn of_card(token: &str) -> Self;
}

impl Iso14443 for v201::IdToken {
    fn of_card(token: &str) -> Self {
        Self::new(token, v201::IdTokenKind::Iso14443)
    }
}

impl Iso14443 for v21::IdToken {
    fn of_card(token: &str) -> Self {
        Self::new(token, "ISO14443")
    }
}
