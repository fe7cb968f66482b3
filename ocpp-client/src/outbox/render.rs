//! From a kept message to the payload that is sent.

use alloc::string::String;

use chrono::TimeDelta;
use ocpp_types::{DecodePolicy, Payload, Timestamp, Version, decode, encode_unchecked, v16, v21, v201};

use super::entry::Record;

/// Seconds from 1970 to 2000.
const YEAR_2000: i64 = 946_684_800;

/// The message is none of its version.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a message of its version")]
pub(super) struct Unrenderable;

/// Fills in what was not known when the message was made: the id of its 1.6 transaction, that it happened offline, and by
/// how much a clock was off that had not been set.
pub(super) fn render(
    record: &Record,
    offline: bool,
    transaction_id: Option<i64>,
    shift: Option<TimeDelta>,
) -> Result<String, Unrenderable> {
    let shift = shift.filter(|_| record.uptime);
    let move_time = |time: &mut Timestamp| {
        // a time from before 2000 was counted from the boot; others were known in spite of the clock
        let shift = shift.filter(|_| time.utc().timestamp() < YEAR_2000);
        if let Some(moved) = shift.and_then(|shift| time.utc().checked_add_signed(shift)) {
            *time = Timestamp::new(moved);
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
        (Version::V16, "SecurityEventNotification") if shift.is_some() => {
            rewritten(record, |request: &mut v16::SecurityEventNotificationRequest| move_time(&mut request.timestamp))
        }
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
        (Version::V201, "SecurityEventNotification") if shift.is_some() => {
            rewritten(record, |request: &mut v201::SecurityEventNotificationRequest| move_time(&mut request.timestamp))
        }
        (Version::V21, "SecurityEventNotification") if shift.is_some() => {
            rewritten(record, |request: &mut v21::SecurityEventNotificationRequest| move_time(&mut request.timestamp))
        }
        _ => Ok(record.payload.clone()),
    }
}

/// Whether the message belongs to this 2.x transaction.
pub(super) fn is_of_transaction(record: &Record, transaction_id: &str) -> bool {
    event_of(record, transaction_id).is_some()
}

/// Whether the message ends this 2.x transaction.
pub(super) fn is_end_of_transaction(record: &Record, transaction_id: &str) -> bool {
    event_of(record, transaction_id).is_some_and(|kind| kind == v21::TransactionEvent::Ended)
}

/// What the message tells of this 2.x transaction. What is right in 2.0.1 is so in 2.1.
fn event_of(record: &Record, transaction_id: &str) -> Option<v21::TransactionEvent> {
    if record.version == Version::V16 || record.action != "TransactionEvent" {
        return None;
    }
    let event = decode::<v21::TransactionEventRequest>(&record.payload, DecodePolicy::Repair).ok()?.value;
    (event.transaction_info.transaction_id == transaction_id).then_some(event.event_type)
}

fn rewritten<T: Payload>(record: &Record, change: impl FnOnce(&mut T)) -> Result<String, Unrenderable> {
    let mut request = decode::<T>(&record.payload, DecodePolicy::Repair).map_err(|_| Unrenderable)?.value;
    change(&mut request);
    encode_unchecked(&request).map_err(|_| Unrenderable)
}
