//! From a kept message to the payload that is sent.

use alloc::string::{String, ToString};

use chrono::{DateTime, TimeDelta, Utc};
use ocpp_types::{DecodePolicy, Payload, Timestamp, Version, decode, encode_unchecked, v16, v21, v201};

use super::entry::Record;

/// Seconds from 1970 to 2000.
const YEAR_2000: i64 = 946_684_800;

/// The message is none of its version.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a message of its version")]
pub(super) struct Unrenderable;

/// By how much the times are off that were taken with a clock that was not set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shift {
    pub(super) by: TimeDelta,
    /// The boot, by the same clock: times of an earlier boot, whose clock was another one, are no later.
    pub(super) not_after: Option<DateTime<Utc>>,
}

impl Shift {
    /// The right time, if this one was counted from the boot; others were known in spite of the clock.
    fn moved(self, time: &Timestamp) -> Option<Timestamp> {
        let utc = Some(time.utc()).filter(|utc| utc.timestamp() < YEAR_2000)?;
        let utc = self.not_after.map_or(utc, |boot| utc.min(boot));
        Some(Timestamp::new(utc.checked_add_signed(self.by)?))
    }

    /// A message with its times moved, whatever it is: all texts in it that are times and nothing else.
    fn moved_in(self, payload: &str) -> String {
        let mut moved = String::with_capacity(payload.len() + 16);
        for (at, text) in payload.split('"').enumerate() {
            if at > 0 {
                moved.push('"');
            }
            let time = text.starts_with("19").then(|| text.parse().ok()).flatten();
            match time.and_then(|time| self.moved(&time)) {
                Some(time) => moved.push_str(&time.to_string()),
                None => moved.push_str(text),
            }
        }
        moved
    }
}

/// Fills in what was not known when the message was made: the id of its 1.6 transaction, that it happened offline, and by
/// how much a clock was off that had not been set.
pub(super) fn render(
    record: &Record,
    offline: bool,
    transaction_id: Option<i64>,
    shift: Option<Shift>,
) -> Result<String, Unrenderable> {
    let shift = shift.filter(|_| record.uptime);
    let move_time = |time: &mut Timestamp| {
        if let Some(moved) = shift.and_then(|shift| shift.moved(time)) {
            *time = moved;
        }
    };
    match (record.version, &*record.action) {
        (Version::V16, "StartTransaction") if shift.is_some() => {
            rewritten(record, |request: &mut v16::StartTransactionRequest| move_time(&mut request.timestamp))
        }
        (Version::V16, "StopTransaction") => rewritten(record, |request: &mut v16::StopTransactionRequest| {
            request.transaction_id = transaction_id.unwrap_or(request.transaction_id);
            move_time(&mut request.timestamp);
            request.transaction_data.iter_mut().for_each(|value| move_time(&mut value.timestamp));
        }),
        (Version::V16, "MeterValues") => rewritten(record, |request: &mut v16::MeterValuesRequest| {
            request.transaction_id = transaction_id.or(request.transaction_id);
            request.meter_value.iter_mut().for_each(|value| move_time(&mut value.timestamp));
        }),
        (Version::V201, "TransactionEvent") => rewritten(record, |request: &mut v201::TransactionEventRequest| {
            request.offline = if offline { Some(true) } else { request.offline };
            move_time(&mut request.timestamp);
            request.meter_value.iter_mut().for_each(|value| move_time(&mut value.timestamp));
        }),
        (Version::V21, "TransactionEvent") => rewritten(record, |request: &mut v21::TransactionEventRequest| {
            request.offline = if offline { Some(true) } else { request.offline };
            move_time(&mut request.timestamp);
            request.meter_value.iter_mut().for_each(|value| move_time(&mut value.timestamp));
        }),
        _ => Ok(shift.map_or_else(|| record.payload.clone(), |shift| shift.moved_in(&record.payload))),
    }
}

/// Whether the message belongs to this 2.x transaction. What is right in 2.0.1 is so in 2.1.
pub(super) fn is_of_transaction(record: &Record, transaction_id: &str) -> bool {
    if record.version == Version::V16 || record.action != "TransactionEvent" {
        return false;
    }
    let event = decode::<v21::TransactionEventRequest>(&record.payload, DecodePolicy::Repair);
    event.is_ok_and(|event| event.value.transaction_info.transaction_id == transaction_id)
}

fn rewritten<T: Payload>(record: &Record, change: impl FnOnce(&mut T)) -> Result<String, Unrenderable> {
    let mut request = decode::<T>(&record.payload, DecodePolicy::Repair).map_err(|_| Unrenderable)?.value;
    change(&mut request);
    encode_unchecked(&request).map_err(|_| Unrenderable)
}
