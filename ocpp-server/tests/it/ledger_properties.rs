//! What holds for every order in which messages may come.

use chrono::{DateTime, TimeDelta, Utc};
use ocpp_server::ledger::{Ledger, Message, Outcome, SessionRecord, SessionStatus, TransactionIds};
use ocpp_types::{DecodePolicy, Timestamp, v16, v201};
use proptest::prelude::*;

use crate::id;

fn noon() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn decode<T: ocpp_types::Payload>(json: &str) -> T {
    ocpp_types::decode(json, DecodePolicy::Repair).expect(json).value
}

/// The events of one session of 2.0.1: registers that rise by these steps, states that go round.
fn events(steps: &[u32]) -> Vec<v201::TransactionEventRequest> {
    let mut register = 1000_u64;
    let last = steps.len();
    let states = ["EVConnected", "Charging", "SuspendedEV", "Charging"];
    (0..=last)
        .map(|index| {
            register += if index == 0 { 0 } else { u64::from(steps[index - 1]) };
            let kind = if index == 0 {
                "Started"
            } else if index == last {
                "Ended"
            } else {
                "Updated"
            };
            let time = Timestamp::new(noon() + TimeDelta::minutes(i64::try_from(index).expect("small")));
            let state = states[index % 4];
            decode(&format!(
                r#"{{"eventType":"{kind}","timestamp":"{time}","triggerReason":"MeterValuePeriodic","seqNo":{index},
                    "transactionInfo":{{"transactionId":"tx","chargingState":"{state}"}},
                    "meterValue":[{{"timestamp":"{time}","sampledValue":[{{"value":{register}.5}}]}}]}}"#
            ))
        })
        .collect()
}

fn record_of(messages: impl IntoIterator<Item = Message>) -> SessionRecord {
    let mut ledger = Ledger::new(TransactionIds::new([3; 32]));
    for message in messages {
        let _ = ledger.record(&id("CP1"), noon(), message);
    }
    ledger.records().next().expect("a session")
}

/// MeterValues and the stop of a session of 1.6 with this number, to be said after its start.
fn messages_of_16(number: i64, steps: &[u32]) -> Vec<Message> {
    let mut register = 0_u64;
    let mut messages = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        register += u64::from(*step);
        let time = Timestamp::new(noon() + TimeDelta::minutes(i64::try_from(index).expect("small") + 1));
        let request: v16::MeterValuesRequest = decode(&format!(
            r#"{{"connectorId":1,"transactionId":{number},"meterValue":[{{"timestamp":"{time}","sampledValue":[{{"value":"{register}"}}]}}]}}"#
        ));
        messages.push(Message::from(&request));
    }
    let time = Timestamp::new(noon() + TimeDelta::days(1));
    let stop = v16::StopTransactionRequest::new(i64::try_from(register).expect("small"), time, number);
    messages.push(Message::from(&stop));
    messages
}

/// A list of indices into `0..count`, each at least once.
fn deliveries(count: usize) -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..count, 0..count * 2).prop_flat_map(move |repeats| {
        let mut all: Vec<usize> = (0..count).chain(repeats).collect();
        all.sort_unstable();
        Just(all).prop_shuffle()
    })
}

fn session_and_deliveries() -> impl Strategy<Value = (Vec<u32>, Vec<usize>)> {
    prop::collection::vec(0..5000_u32, 1..20)
        .prop_flat_map(|steps| deliveries(steps.len() + 1).prop_map(move |order| (steps.clone(), order)))
}

proptest! {
    /// Rules CS-35, CS-36, row D18.
    #[test]
    fn events_in_any_order_and_number_give_the_same_record((steps, order) in session_and_deliveries()) {
        let events = events(&steps);
        let expected = record_of(events.iter().map(Message::from));
        let energy: u64 = steps.iter().map(|step| u64::from(*step)).sum();
        prop_assert_eq!(expected.energy_wh.to_string().trim_end_matches(".0").to_owned(), energy.to_string());
        prop_assert_eq!(expected.status, SessionStatus::Complete);
        prop_assert_eq!(&expected.anomalies, &vec![]);
        let shuffled = record_of(order.iter().map(|index| Message::from(&events[*index])));
        prop_assert_eq!(shuffled, expected);
    }

    /// Rules CS-30, CS-31, row D16.
    #[test]
    fn messages_of_1_6_in_any_order_after_the_start_give_the_same_record((steps, order) in session_and_deliveries()) {
        let start = v16::StartTransactionRequest::new(1, "tag", 0, Timestamp::new(noon()));
        let run = |order: &[usize]| {
            let mut ledger = Ledger::new(TransactionIds::new([3; 32]));
            let verdict = ledger.record(&id("CP1"), noon(), &start);
            let number = verdict.transaction.and_then(|id| id.number()).expect("a number");
            let messages = messages_of_16(number, &steps);
            for index in order {
                let _ = ledger.record(&id("CP1"), noon(), messages[*index].clone());
                let again = ledger.record(&id("CP1"), noon(), &start);
                assert_eq!(again.outcome, Outcome::Duplicate);
            }
            ledger.records().next().expect("a session")
        };
        let expected = run(&(0..=steps.len()).collect::<Vec<_>>());
        prop_assert_eq!(&expected.anomalies, &vec![]);
        prop_assert_eq!(run(&order), expected);
    }

    /// Nothing a station says makes the ledger panic, and each message that is new is in exactly one place.
    #[test]
    fn nonsense_is_survived(
        said in prop::collection::vec((0..4_u8, -2..4_i64, any::<i64>(), any::<i64>(), 0..9999_i32), 0..60)
    ) {
        let mut ledger = Ledger::new(TransactionIds::new([3; 32]));
        for (kind, small, number, meter, year) in said {
            let time: Timestamp = format!("{year:04}-12-31T23:59:59Z").parse().expect("a time");
            let message: Message = match kind {
                0 => (&v16::StartTransactionRequest::new(small, "tag", meter, time)).into(),
                1 => (&v16::StopTransactionRequest::new(meter, time, number)).into(),
                2 => (&decode::<v16::MeterValuesRequest>(&format!(
                    r#"{{"connectorId":{small},"transactionId":{number},"meterValue":[{{"timestamp":"{time}","sampledValue":[{{"value":"{meter}","unit":"kWh"}}]}}]}}"#
                ))).into(),
                _ => (&decode::<v201::TransactionEventRequest>(&format!(
                    r#"{{"eventType":"{}","timestamp":"{time}","triggerReason":"Trigger","seqNo":{number},"transactionInfo":{{"transactionId":"tx{small}"}},
                        "evse":{{"id":1}},"meterValue":[{{"timestamp":"{time}","sampledValue":[{{"value":{meter},"unitOfMeasure":{{"multiplier":{small}}}}}]}}]}}"#,
                    ["Started", "Updated", "Ended"][usize::from(number.unsigned_abs() as u8 % 3)]
                ))).into(),
            };
            let _ = ledger.record(&id("CP1"), noon(), message);
            for record in ledger.records() {
                prop_assert!(record.energy_wh >= 0.into());
                prop_assert!(record.course.windows(2).all(|pair| pair[0].time < pair[1].time));
            }
        }
    }
}
