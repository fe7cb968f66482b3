//! From the messages of each version to what the ledger keeps: nothing in them that a bill needs is left behind.

use super::*;

#[test]
fn all_that_1_6_says_of_a_transaction_is_in_its_record() {
    let mut ledger = ledger();
    let mut started = start(1, 1500, 0);
    started.reservation_id = Some(77);
    let number = number(&record(&mut ledger, &started));
    let stopped: v16::StopTransactionRequest = decode(&format!(
        r#"{{"transactionId":{number},"meterStop":9000,"timestamp":"{}","idTag":"0OTHER","reason":"EVDisconnected","transactionData":[
            {{"timestamp":"{}","sampledValue":[{{"value":" 1501.5 ","context":"Transaction.Begin"}},{{"value":"42","measurand":"SoC","location":"EV"}}]}},
            {{"timestamp":"{}","sampledValue":[{{"value":"AAA=","format":"SignedData","context":"Transaction.End"}}]}}]}}"#,
        time(60),
        time(1),
        time(60)
    ));
    let _ = record(&mut ledger, &stopped);
    let session = only(&ledger);
    assert_eq!(session.reservation_id, Some(77));
    assert_eq!(session.stop_token.as_ref().map(|token| token.id.as_str()), Some("0OTHER"));
    assert_eq!(session.stop_reason.as_ref().map(|reason| reason.as_str()), Some("EVDisconnected"));
    let readings: Vec<_> = session
        .readings
        .iter()
        .map(|reading| {
            let signed = reading.signed.as_ref().map(|signed| signed.data.as_str());
            (reading.time, reading.value, reading.context.as_str(), reading.location.as_str(), signed)
        })
        .collect();
    assert_eq!(
        readings,
        [
            (time(1).utc(), wh("1501.5"), "Transaction.Begin", "Outlet", None),
            (time(1).utc(), wh("42"), "Sample.Periodic", "EV", None),
            (time(60).utc(), None, "Transaction.End", "Outlet", Some("AAA=")),
        ]
    );
    assert_eq!(session.course[1].register_wh, wh("1501.5"));
    assert_eq!(session.anomalies, []);
}

/// A message of 1.6 has the time of its first reading.
#[test]
fn meter_values_of_several_moments_are_of_the_first() {
    let mut ledger = ledger();
    let number = number(&record(&mut ledger, &start(1, 0, 0)));
    let _ = record(&mut ledger, &stop(number, 500, 10));
    let group = |minutes: i64| format!(r#"{{"timestamp":"{}","sampledValue":[{{"value":"5"}}]}}"#, time(minutes));
    let late: v16::MeterValuesRequest =
        decode(&format!(r#"{{"connectorId":1,"meterValue":[{},{}]}}"#, group(30), group(5)));
    assert_eq!(record(&mut ledger, &late).transaction, Some(number.into()));
}

#[test]
fn every_state_of_1_6_has_its_word() {
    for (status, expected) in [
        ("Charging", Some("Charging")),
        ("SuspendedEV", Some("SuspendedEV")),
        ("SuspendedEVSE", Some("SuspendedEVSE")),
        ("Finishing", Some("EVConnected")),
        ("Preparing", None),
        ("Available", None),
        ("Unavailable", None),
        ("Reserved", None),
        ("Faulted", None),
    ] {
        let request: v16::StatusNotificationRequest =
            decode(&format!(r#"{{"connectorId":1,"errorCode":"NoError","status":"{status}"}}"#));
        let message = ocpp_server::ledger::Message::from_status(&request, &time(0));
        let mut ledger = ledger();
        let _ = record(&mut ledger, &start(1, 0, 0));
        if let Some(message) = message {
            let _ = record(&mut ledger, message);
        }
        let state = only(&ledger).course[0].state.clone();
        assert_eq!(state.as_ref().map(|state| state.as_str()), expected, "{status}");
    }
}

#[test]
fn all_that_2_x_says_of_a_transaction_is_in_its_record() {
    let signed = r#","signedMeterValue":{"signedMeterData":"c2ln","signingMethod":"ECDSA","encodingMethod":"OCMF","publicKey":"a2V5"}"#;
    let reading = |value: u32, minutes: i64| {
        format!(r#","meterValue":[{{"timestamp":"{}","sampledValue":[{{"value":{value}{signed}}}]}}]"#, time(minutes))
    };
    let json = |kind: &str, seq_no: i64, more: &str| {
        format!(
            r#"{{"eventType":"{kind}","timestamp":"{}","triggerReason":"CablePluggedIn","seqNo":{seq_no},"transactionInfo":{{"transactionId":"tx-1"}}{more}}}"#,
            time(seq_no)
        )
    };
    let texts = [
        json("Started", 0, &(reading(1, 0) + r#","reservationId":5"#)),
        json("Updated", 1, r#","evse":{"id":3,"connectorId":2}"#),
        json("Ended", 2, &reading(9, 2)),
    ];
    let session = |is_21: bool| {
        let mut ledger = ledger();
        for text in &texts {
            let _ = match is_21 {
                true => record(&mut ledger, &decode::<v21::TransactionEventRequest>(text)),
                false => record(&mut ledger, &decode::<v201::TransactionEventRequest>(text)),
            };
        }
        only(&ledger)
    };
    for session in [session(false), session(true)] {
        assert_eq!((session.reservation_id, session.evse, session.connector), (Some(5), Some(3), Some(2)));
        assert_eq!(session.stop_reason, Some(v21::Reason::Local), "left out at the end, it means Local");
        let signed = session.readings[1].signed.as_ref().expect("it is signed");
        let texts = [&signed.signing_method, &signed.encoding_method, &signed.public_key];
        assert_eq!(signed.data, "c2ln");
        assert_eq!(texts.map(|text| text.as_deref()), [Some("ECDSA"), Some("OCMF"), Some("a2V5")]);
    }
}

/// Rule CS-35: an event that is no end has no reason, whatever is assumed of ends.
#[test]
fn a_reason_is_assumed_of_the_end_only() {
    let mut ledger = ledger();
    let mut updated = event("Updated", 0, 0, "");
    let _ = record(&mut ledger, &updated);
    updated.transaction_info.stopped_reason = Some(v201::Reason::Local);
    assert_eq!(record(&mut ledger, &updated).outcome, Outcome::Conflict, "it says more than before");
}

/// A reading of any other quantity without a unit is nothing that was assumed (row D12).
#[test]
fn d12_only_a_frequency_without_a_unit_is_remarked() {
    for (measurand, is_assumed) in [("Voltage", false), ("Frequency", true)] {
        let mut ledger = ledger();
        let number = number(&record(&mut ledger, &start(1, 0, 0)));
        let request: v16::MeterValuesRequest = decode(&format!(
            r#"{{"connectorId":1,"transactionId":{number},"meterValue":[{{"timestamp":"{}","sampledValue":[{{"value":"50","measurand":"{measurand}"}}]}}]}}"#,
            time(1)
        ));
        let _ = record(&mut ledger, &request);
        assert_eq!(only(&ledger).anomalies.contains(&Anomaly::AssumedUnit), is_assumed, "{measurand}");
    }
}
