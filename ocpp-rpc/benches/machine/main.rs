//! Whole round trips through the machines, beside the `serde_json::Value` parse of the frames in the same run.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ocpp_rpc::{
    Connection, ConnectionConfig, CsmsCall, Event, Input, Instant, Machine, MessageIds, StationCall, Transmit,
};
use ocpp_types::{Timestamp, Version, v16, v201};
use serde_json::Value;

/// Hands the next text of one machine to another.
fn pass(from: &mut impl Machine, to: &mut impl Machine, now: Instant) {
    match from.poll_transmit() {
        Some(Transmit::Text(text)) => to.handle_input(now, Input::Text(text)),
        other => panic!("no text but {other:?}"),
    }
}

fn pair(version: Version) -> (Connection<CsmsCall>, Connection<StationCall>) {
    let mut station = Connection::new(ConnectionConfig::station(), MessageIds::new(1));
    let mut csms = Connection::new(ConnectionConfig::csms(), MessageIds::new(2));
    station.handle_input(Instant::ZERO, Input::LinkUp(version));
    csms.handle_input(Instant::ZERO, Input::LinkUp(version));
    (station, csms)
}

/// Station asks, CSMS answers, station takes the answer: both sides typed and checked.
fn heartbeat(c: &mut Criterion) {
    let mut group = c.benchmark_group("heartbeat");
    let (mut station, mut csms) = pair(Version::V16);
    let time: Timestamp = "2026-03-01T10:15:30Z".parse().expect("a time");
    let now = Instant::from_secs(1);
    group.bench_function("two machines", |b| {
        b.iter(|| {
            let call = station.call(now, &v16::HeartbeatRequest::new()).expect("a free slot");
            pass(&mut station, &mut csms, now);
            let Some(Event::Call(incoming)) = csms.poll_event() else { panic!("no request") };
            let (request, responder) = incoming.into_parts();
            let StationCall::V16(v16::StationCall::Heartbeat(request)) = *request else { panic!("no heartbeat") };
            csms.reply(now, responder.of(&request), Ok(v16::HeartbeatResponse::new(time.clone())))
                .expect("a good answer");
            pass(&mut csms, &mut station, now);
            let Some(Event::Answer(answer)) = station.poll_event() else { panic!("no answer") };
            black_box(answer.claim(call).expect("its answer").expect("a response"));
        });
    });
    let call = r#"[2,"100000000000000000000000-1","Heartbeat",{}]"#;
    let answer = r#"[3,"100000000000000000000000-1",{"currentTime":"2026-03-01T10:15:30Z"}]"#;
    group.bench_function("Value of both frames", |b| {
        b.iter(|| {
            black_box(serde_json::from_str::<Value>(black_box(call)).expect("JSON"));
            black_box(serde_json::from_str::<Value>(black_box(answer)).expect("JSON"));
        });
    });
    group.finish();
}

/// A TransactionEvent comes in, is read, checked, given to the application, and answered.
fn transaction_event(c: &mut Criterion) {
    let mut group = c.benchmark_group("transaction event");
    let (_, mut csms) = pair(Version::V201);
    let text = event_text();
    let now = Instant::from_secs(1);
    // the ids differ, or the answer would come from the store
    let mut texts: Vec<String> = (0..64).map(|number| text.replace("…", &format!("{number:02}"))).collect();
    let mut next = 0;
    group.bench_function("inbound", |b| {
        b.iter(|| {
            next = (next + 1) % texts.len();
            csms.handle_input(now, Input::Text(black_box(&texts[next])));
            let Some(Event::Call(incoming)) = csms.poll_event() else { panic!("no request") };
            let (request, responder) = incoming.into_parts();
            let StationCall::V201(v201::StationCall::TransactionEvent(request)) = &*request else { panic!("another") };
            csms.reply(now, responder.of(request), Ok(v201::TransactionEventResponse::new())).expect("a good answer");
            let is_text = matches!(csms.poll_transmit(), Some(Transmit::Text(_)));
            assert!(is_text);
        });
    });
    let text = texts.swap_remove(0);
    group.bench_function("Value", |b| {
        b.iter(|| black_box(serde_json::from_str::<Value>(black_box(&text)).expect("JSON")));
    });
    group.finish();
}

fn event_text() -> String {
    let samples: Vec<_> = (0..10)
        .map(|index| {
            let (measurand, unit) = if index % 2 == 0 { ("Current.Import", "A") } else { ("Power.Active.Import", "W") };
            let phase = ["L1", "L2", "L3"][index % 3];
            format!(
                r#"{{"value":{}.{}50,"context":"Sample.Periodic","measurand":"{measurand}","phase":"{phase}","location":"Outlet","unitOfMeasure":{{"unit":"{unit}","multiplier":0}}}}"#,
                15 + index * 731,
                index
            )
        })
        .collect();
    format!(
        r#"[2,"9a3c5b1e-77a0-4c2f-8a51-1d2f9b1f2c…","TransactionEvent",{{"eventType":"Updated","timestamp":"2026-03-01T10:15:30Z","triggerReason":"MeterValuePeriodic","seqNo":17,"offline":false,"numberOfPhasesUsed":3,"transactionInfo":{{"transactionId":"5f1c9a40-2d5c-4b58-9e7a-0a6ab9a14d71","chargingState":"Charging","timeSpentCharging":900}},"evse":{{"id":1,"connectorId":1}},"meterValue":[{{"timestamp":"2026-03-01T10:15:30Z","sampledValue":[{}]}}]}}]"#,
        samples.join(",")
    )
}

criterion_group!(machine, heartbeat, transaction_event);
criterion_main!(machine);
