//! What becomes of the answers of the CSMS.

use alloc::string::String;

use ocpp_rpc::{Answer, CallFailure, ErrorCode, Event, Frame, Instant, InvalidResponse, Machine, parse};
use ocpp_types::{DecodePolicy, Version, decode, v16};

use super::{OwnCall, Station};
use crate::registration::current_time;
use crate::{BootAnswer, ClockStep, Delivered, Failure, StationEvent, Store};

/// Steps below this are the network, not the clock.
const SMALLEST_STEP: chrono::TimeDelta = chrono::TimeDelta::seconds(1);

impl<S: Store> Station<S> {
    /// Acts on what the connection has to tell; `text` is what has just come in.
    pub(super) fn settle(&mut self, now: Instant, text: Option<&str>) {
        while let Some(event) = self.connection.poll_event() {
            match event {
                Event::Call(incoming) => self.called(now, incoming),
                Event::Answer(answer) => self.answered(now, answer, text),
                Event::ResultRefused { id, error } => self.tell(StationEvent::ResultRefused { id, error: *error }),
                Event::Anomaly(anomaly) => self.tell(StationEvent::Anomaly(*anomaly)),
                Event::Closing { code, reason } => self.tell(StationEvent::Closing { code, reason }),
                // no CSMS sends notices
                _ => {}
            }
        }
    }

    fn answered(&mut self, now: Instant, answer: Answer, text: Option<&str>) {
        let Some(at) = self.own_calls.iter().position(|(key, _)| *key == answer.key()) else {
            return self.tell(StationEvent::Answer(answer));
        };
        let (_, own) = self.own_calls.swap_remove(at);
        let action = answer.action();
        let Ok(outcome) = answer.into_raw() else { return };
        match own {
            OwnCall::Boot => self.boot_answered(now, outcome, text),
            OwnCall::Heartbeat => {
                let json = outcome.ok().or_else(|| result_in(text, self.version));
                if let Some(time) = json.as_deref().and_then(current_time) {
                    self.heartbeat.synced(now);
                    self.csms_time(now, time.utc());
                }
            }
            OwnCall::Message { number, version, starts } => {
                self.message_answered(now, Sent { number, version, starts, action }, outcome, text);
            }
        }
    }

    fn boot_answered(&mut self, now: Instant, outcome: Result<String, CallFailure>, text: Option<&str>) {
        let json = match outcome {
            Ok(json) => Some(json),
            // whatever the policy of the connection makes of it, a status that can be read counts
            Err(CallFailure::InvalidResponse(_)) => result_in(text, self.version),
            Err(CallFailure::ConnectionLost { .. }) => {
                return self.registration.link_down();
            }
            Err(_) => None,
        };
        let Some(answer) = json.as_deref().and_then(BootAnswer::read) else {
            return self.registration.failed(now, &mut self.random);
        };
        if let Some(interval) = self.registration.answered(now, &answer, &mut self.random) {
            // 2.x takes over an interval above zero only, and so does 1.6 here: zero would be no heartbeat ever (BOOT-03)
            let interval = if interval.is_zero() { self.heartbeat.interval() } else { interval };
            self.heartbeat.set_interval(now, interval);
        }
        if let Some(time) = &answer.current_time {
            self.heartbeat.synced(now);
            self.csms_time(now, time.utc());
        }
        self.tell(StationEvent::Registration { state: self.registration.state(), interval: answer.interval });
    }

    fn message_answered(&mut self, now: Instant, sent: Sent, outcome: Result<String, CallFailure>, text: Option<&str>) {
        let Sent { number, version, starts, action } = sent;
        let answer = match outcome {
            Ok(json) => Some(json),
            // an error that was cut off on its way (row C1)
            Err(CallFailure::InvalidResponse(InvalidResponse::Frame(error))) if error.message_type != Some(3) => {
                return self.retry(now, number, Failure::Passing);
            }
            Err(CallFailure::InvalidResponse(_)) => {
                let json = result_in(text, self.version);
                // the CSMS has processed it, but where an id is needed there has to be one
                if starts.is_some() && json.as_deref().and_then(transaction_id).is_none() {
                    return self.retry(now, number, Failure::Passing);
                }
                json
            }
            Err(CallFailure::Timeout) => return self.retry(now, number, Failure::Passing),
            Err(CallFailure::Refused(error)) => {
                let is_final = matches!(error.code, ErrorCode::NotImplemented | ErrorCode::NotSupported);
                return self.retry(now, number, if is_final { Failure::Final } else { Failure::Passing });
            }
            // it did not go out, or the link went away under it: no attempt
            Err(_) => return self.outbox.released(number),
        };
        let id = starts.and_then(|_| transaction_id(answer.as_deref()?));
        self.outbox.delivered(number, id);
        let action = action.into();
        self.tell(StationEvent::Delivered(Delivered { number, version, action, started: starts, answer }));
    }

    /// Notes that a message of the outbox has failed.
    pub(super) fn retry(&mut self, now: Instant, number: u64, failure: Failure) {
        // what was given up is in the notices of the outbox
        let _noticed = self.outbox.failed(now, number, failure);
    }

    fn csms_time(&mut self, now: Instant, utc: chrono::DateTime<chrono::Utc>) {
        if !self.config.clock_from_csms {
            return;
        }
        let shown = self.clock.now(now);
        if shown.is_some_and(|shown| (utc - shown.utc()).abs() < SMALLEST_STEP) {
            return;
        }
        let step: ClockStep = self.clock.set(now, utc);
        if step.first {
            self.first_step = Some(step.by);
        }
        self.tell(StationEvent::ClockSet(step));
        if step.is_large() && self.config.security_events {
            self.own_security_event(now, "SettingSystemTime");
        }
    }
}

/// A message of the outbox that was sent.
struct Sent {
    number: u64,
    version: Version,
    starts: Option<crate::TransactionKey>,
    action: &'static str,
}

/// The payload of a CALLRESULT.
fn result_in(text: Option<&str>, version: Version) -> Option<String> {
    match parse(text?, version, DecodePolicy::Repair).ok()?.frame {
        Frame::CallResult { payload, .. } => Some(payload.into()),
        _ => None,
    }
}

/// The id in the answer to a StartTransaction, as far as it can be read.
fn transaction_id(json: &str) -> Option<i64> {
    #[derive(serde::Deserialize)]
    struct Loose {
        #[serde(rename = "transactionId")]
        transaction_id: i64,
    }

    let strict = decode::<v16::StartTransactionResponse>(json, DecodePolicy::Repair);
    let strict = strict.ok().map(|decoded| decoded.value.transaction_id);
    strict.or_else(|| serde_json::from_str::<Loose>(json).ok().map(|loose| loose.transaction_id))
}
