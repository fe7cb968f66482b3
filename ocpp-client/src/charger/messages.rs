//! What a charger tells the CSMS, in the words of each version.

use core::time::Duration;

use ocpp_rpc::Instant;
use ocpp_types::{Decimal, Timestamp, Version, v16, v21, v201};
use serde::{Deserialize, Serialize};

use super::limits::{Limits, Reached};
use super::outlet::between;
use super::transactions::{Dialect, Ending, Start};
use super::{Asked, Charger, ChargerEvent};
use crate::{NotTaken, Store};

/// Why a register is read.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
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
    /// Energy flows, or does not flow any more.
    StateChanged,
    /// The permission has ended, and the transaction goes on until the car leaves.
    PermissionEnded(Ending),
    /// There is another permission, perhaps one that the CSMS has given.
    Permitted {
        remote: Option<Option<i64>>,
    },
    /// It goes on after a power cut.
    Resumed,
    LimitSet(Limits),
    LimitReached(Reached),
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

/// The status of a connector as the value of a variable (rule ST-06).
macro_rules! availability_event {
    ($types:ident, $charger:ident, $id:expr, $word:expr, $time:expr) => {{
        let mut component = $types::Component::new("Connector");
        let mut evse = $types::Evse::new($id);
        evse.connector_id = Some(1);
        component.evse = Some(evse);
        let event = $types::EventData::new(
            $charger.next_event_id,
            $time.clone(),
            $types::EventTrigger::Delta,
            $word,
            component,
            $types::EventNotification::HardWiredNotification,
            $types::Variable::new("AvailabilityState"),
        );
        $charger.next_event_id += 1;
        $types::NotifyEventRequest::new($time, 0, [event])
    }};
}

impl<S: Store> Charger<S> {
    /// Tells something of a transaction of 2.x.
    pub(super) fn tell(&mut self, now: Instant, index: usize, happening: Happening) -> Result<u64, NotTaken> {
        let time = self.time(now);
        let outlet = &mut self.outlets[index];
        let (id, register, is_plugged, is_paused) = (outlet.id, outlet.register, outlet.is_plugged, outlet.is_paused);
        let phases = outlet.phases;
        let Some(transaction) = &mut outlet.transaction else { return Err(NotTaken::NotAccepted) };
        let seq_no = transaction.seq_no;
        transaction.seq_no += 1;
        // once when energy starts to flow, and when it changes (rule TX2-24)
        let is_started = matches!(happening, Happening::Started { .. });
        let phases = phases.filter(|phases| !is_started && transaction.phases_told != Some(*phases));
        transaction.phases_told = phases.or(transaction.phases_told);
        let transaction = transaction.clone();
        in_2x!(transaction.version, types => {
            use types::{ChargingState, Reason, TransactionEvent, TriggerReason};
            let charging = || match () {
                () if !transaction.is_authorized => ChargingState::EvConnected,
                () if transaction.is_held() => ChargingState::SuspendedEvse,
                () if is_paused => ChargingState::SuspendedEv,
                () => ChargingState::Charging,
            };
            let (kind, trigger, state, context, at) = match &happening {
                Happening::Started { cause, remote } => {
                    let trigger = match (remote, cause) {
                        (Some(_), _) => TriggerReason::RemoteStart,
                        (None, Start::PluggedIn) => TriggerReason::CablePluggedIn,
                        (None, Start::Authorized) => TriggerReason::Authorized,
                    };
                    (TransactionEvent::Started, trigger, Some(ChargingState::EvConnected), Some(Context::Begin), time)
                }
                Happening::StateChanged => {
                    (TransactionEvent::Updated, TriggerReason::ChargingStateChanged, Some(charging()), None, time)
                }
                Happening::Reading(context) => {
                    let is_asked = *context == Context::Trigger;
                    let trigger = if is_asked { TriggerReason::Trigger } else { TriggerReason::MeterValuePeriodic };
                    (TransactionEvent::Updated, trigger, is_asked.then(charging), Some(*context), time)
                }
                Happening::PermissionEnded(ending) => {
                    (TransactionEvent::Updated, TriggerReason::from(ending.trigger()), Some(charging()), None, time)
                }
                Happening::Permitted { remote } => {
                    let trigger = if remote.is_some() { TriggerReason::RemoteStart } else { TriggerReason::Authorized };
                    (TransactionEvent::Updated, trigger, None, None, time)
                }
                Happening::Resumed => {
                    (TransactionEvent::Updated, TriggerReason::from("TxResumed"), Some(charging()), None, time)
                }
                Happening::LimitSet(_) => (TransactionEvent::Updated, TriggerReason::from("LimitSet"), None, None, time),
                Happening::LimitReached(reached) => {
                    (TransactionEvent::Updated, TriggerReason::from(reached.name()), Some(charging()), None, time)
                }
                Happening::Ended { ending, time } => {
                    let trigger = TriggerReason::from(ending.trigger());
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
                    Ending::Unlocked | Ending::Fault => Some(Reason::Other),
                    Ending::Limit(reached) => Some(Reason::from(reached.name())),
                    Ending::Paused => Some(Reason::StoppedByEv),
                    Ending::DeAuthorized => Some(Reason::DeAuthorized),
                    Ending::PowerLoss => Some(Reason::PowerLoss),
                };
            }
            if let Happening::Started { remote: Some(remote), .. } | Happening::Permitted { remote: Some(remote) } =
                &happening
            {
                info.remote_start_id = *remote;
            }
            if let Happening::LimitSet(limits) = &happening {
                info.set_limit(limits.described());
            }
            let mut event = types::TransactionEventRequest::new(kind, at.clone(), trigger, seq_no, info);
            event.number_of_phases_used = phases.map(i64::from);
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
            // with the permission that ends the token has been told (TX2-10)
            let tells_token = match happening {
                Happening::Started { .. } | Happening::Permitted { .. } | Happening::PermissionEnded(Ending::Local) => true,
                Happening::Ended { ending: Ending::Local, .. } => transaction.is_authorized,
                _ => false,
            };
            if tells_token {
                event.id_token = Some(Shown::by(&transaction.token));
            }
            self.save_with_next(matches!(happening, Happening::Ended { .. }).then_some(index));
            let number = self.station.transaction_event(now, &event)?;
            self.expect_limits(number, index);
            Ok(number)
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

    /// Reports the status of the connectors that do something else than the CSMS believes, once it has been so for long
    /// enough (rules Q-10, ST-02 and ST-10).
    pub(super) fn report_changes(&mut self, now: Instant) {
        let (stable, version) = (self.status_duration(), self.version());
        for index in 0..self.outlets.len() {
            let outlet = &mut self.outlets[index];
            let word = outlet.word(version);
            if outlet.reported == Some(word) {
                outlet.pending = None;
                continue;
            }
            let (_, since) = *outlet.pending.insert(match outlet.pending {
                Some(pending) if pending.0 == word => pending,
                _ => (word, now),
            });
            if self.station.is_online() && since + stable <= now {
                self.report(now, index);
            }
        }
    }

    /// How long a status has to last to be told: `MinimumStatusDuration`.
    pub(super) fn status_duration(&self) -> Duration {
        Duration::from_secs(self.settings.number("MinimumStatusDuration"))
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
        let word = self.outlets[index].word(self.version());
        if self.version() == Version::V16
            && let Some(between) = between(self.outlets[index].reported, word)
        {
            self.report_word(now, index, between);
        }
        self.report_word(now, index, word);
    }

    fn report_word(&mut self, now: Instant, index: usize, word: &'static str) {
        let (id, time) = (self.outlets[index].id, self.time(now));
        let call = match self.version() {
            Version::V16 => {
                let code = self.outlets[index].fault.clone().unwrap_or(v16::ChargePointErrorCode::NoError);
                let mut request = v16::StatusNotificationRequest::new(id, code, word.into());
                request.timestamp = Some(time);
                self.station.call(now, &request).map(|id| id.key())
            }
            Version::V201 if self.reports_by_events => {
                let request = availability_event!(v201, self, id, word, time);
                self.station.call(now, &request).map(|id| id.key())
            }
            Version::V201 => {
                let request = v201::StatusNotificationRequest::new(time, word.into(), id, 1);
                self.station.call(now, &request).map(|id| id.key())
            }
            _ if self.reports_by_events => {
                let request = availability_event!(v21, self, id, word, time);
                self.station.call(now, &request).map(|id| id.key())
            }
            _ => {
                let request = v21::StatusNotificationRequest::new(time, word.into(), id, 1);
                self.station.call(now, &request).map(|id| id.key())
            }
        };
        if call.is_ok() {
            self.outlets[index].reported = Some(word);
            self.outlets[index].pending = None;
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

impl Ending {
    /// The trigger that says it, in any 2.x.
    const fn trigger(self) -> &'static str {
        match self {
            Self::Local => "StopAuthorized",
            Self::Unplugged => "EVCommunicationLost",
            Self::Remote => "RemoteStop",
            Self::Reset { .. } => "ResetCommand",
            Self::Unlocked => "UnlockCommand",
            Self::DeAuthorized => "Deauthorized",
            Self::Fault | Self::PowerLoss => "AbnormalCondition",
            Self::Limit(reached) => reached.name(),
            Self::Paused => "ChargingStateChanged",
        }
    }
}

/// What a message can say of limits.
trait Limited {
    /// Sets the limits to tell.
    fn set_limit(&mut self, limit: v21::TransactionLimit);
}

impl Limited for v201::Transaction {
    /// 2.0.1 has none, so that none is ever set.
    fn set_limit(&mut self, _: v21::TransactionLimit) {}
}

impl Limited for v21::Transaction {
    fn set_limit(&mut self, limit: v21::TransactionLimit) {
        self.transaction_limit = Some(limit);
    }
}

/// A token in the words of a version.
trait Shown {
    /// The token of an RFID card, or that of the button, which is empty (rule TX2-26).
    fn by(token: &str) -> Self;
}

impl Shown for v201::IdToken {
    fn by(token: &str) -> Self {
        let kind = if token.is_empty() { v201::IdTokenKind::NoAuthorization } else { v201::IdTokenKind::Iso14443 };
        Self::new(token, kind)
    }
}

impl Shown for v21::IdToken {
    fn by(token: &str) -> Self {
        Self::new(token, if token.is_empty() { "NoAuthorization" } else { "ISO14443" })
    }
}
