//! Whole frames to typed, checked values, beside two baselines in the same run: a minimal borrowed `serde_json` struct for
//! exactly that message (`floor`: no checks, binary floats, texts and times borrowed), and `serde_json::Value`.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ocpp_rpc::decode_call;
use ocpp_types::{DecodePolicy, encode_into, v16, v21, v201};
use serde::Deserialize;
use serde_json::Value;

mod floor;

const BOOT: &str = r#"[2,"9a3c5b1e-77a0-4c2f-8a51-1d2f9b1f2c11","BootNotification",{"chargePointVendor":"VendorX","chargePointModel":"SingleSocketCharger","chargePointSerialNumber":"gc.001.13.1","chargeBoxSerialNumber":"gc.001.13.1.13.1","firmwareVersion":"0.9.87","iccid":"89310410106543789301","imsi":"234101949304753","meterType":"NQC-ACDC","meterSerialNumber":"gc.001.13.1.01"}]"#;

fn meter_values() -> String {
    let samples = [
        ("2935.600", "Energy.Active.Import.Register", None, "kWh"),
        ("10920.00", "Power.Active.Import", None, "W"),
        ("15.90", "Current.Import", Some("L1"), "A"),
        ("15.80", "Current.Import", Some("L2"), "A"),
        ("15.70", "Current.Import", Some("L3"), "A"),
        ("47", "SoC", None, "Percent"),
    ];
    let samples: Vec<_> = samples
        .iter()
        .map(|(value, measurand, phase, unit)| {
            let phase = phase.map(|phase| format!(r#""phase":"{phase}","#)).unwrap_or_default();
            format!(
                r#"{{"value":"{value}","context":"Sample.Periodic","format":"Raw","measurand":"{measurand}",{phase}"location":"Outlet","unit":"{unit}"}}"#
            )
        })
        .collect();
    format!(
        r#"[2,"9a3c5b1e-77a0-4c2f-8a51-1d2f9b1f2c12","MeterValues",{{"connectorId":1,"transactionId":170001,"meterValue":[{{"timestamp":"2026-03-01T10:15:30.500Z","sampledValue":[{}]}}]}}]"#,
        samples.join(",")
    )
}

fn transaction_event() -> String {
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
        r#"[2,"9a3c5b1e-77a0-4c2f-8a51-1d2f9b1f2c13","TransactionEvent",{{"eventType":"Updated","timestamp":"2026-03-01T10:15:30Z","triggerReason":"MeterValuePeriodic","seqNo":17,"offline":false,"numberOfPhasesUsed":3,"transactionInfo":{{"transactionId":"5f1c9a40-2d5c-4b58-9e7a-0a6ab9a14d71","chargingState":"Charging","timeSpentCharging":900}},"evse":{{"id":1,"connectorId":1}},"meterValue":[{{"timestamp":"2026-03-01T10:15:30Z","sampledValue":[{}]}}]}}]"#,
        samples.join(",")
    )
}

fn notify_report() -> String {
    let items: Vec<_> = (0..20)
        .map(|index| {
            format!(
                r#"{{"component":{{"name":"EVSE","evse":{{"id":{}}}}},"variable":{{"name":"SupplyPhases"}},"variableAttribute":[{{"type":"Actual","value":"{}","mutability":"ReadOnly","persistent":true,"constant":false}}],"variableCharacteristics":{{"unit":"A","dataType":"integer","minLimit":0,"maxLimit":3.0,"supportsMonitoring":true}}}}"#,
                1 + index % 4,
                index
            )
        })
        .collect();
    format!(
        r#"[2,"9a3c5b1e-77a0-4c2f-8a51-1d2f9b1f2c14","NotifyReport",{{"requestId":42,"generatedAt":"2026-03-01T10:15:30Z","seqNo":0,"tbc":true,"reportData":[{}]}}]"#,
        items.join(",")
    )
}

fn decoding(c: &mut Criterion) {
    fn run<'a, C: ocpp_types::Calls + 'a, Floor: Deserialize<'a> + 'a>(c: &mut Criterion, name: &str, text: &'a str) {
        decode_call::<C>(text, DecodePolicy::Enforce).map_err(|fault| fault.to_string()).expect("a conformant frame");
        let mut group = c.benchmark_group(format!("decode/{name}"));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("chargewire", |b| {
            b.iter(|| decode_call::<C>(black_box(text), DecodePolicy::Enforce).is_ok())
        });
        group.bench_function("floor", |b| {
            b.iter(|| black_box(serde_json::from_str::<(u8, &str, &str, Floor)>(black_box(text)).expect("a frame")));
        });
        group.bench_function("Value", |b| {
            b.iter(|| black_box(serde_json::from_str::<Value>(black_box(text)).expect("JSON")));
        });
        group.finish();
    }
    run::<v16::StationCall, floor::BootNotification<'_>>(c, "BootNotification", BOOT);
    let text: &str = Box::leak(meter_values().into_boxed_str());
    run::<v16::StationCall, floor::MeterValues<'_>>(c, "MeterValues", text);
    let text: &str = Box::leak(transaction_event().into_boxed_str());
    run::<v201::StationCall, floor::TransactionEvent<'_>>(c, "TransactionEvent", text);
    let text: &str = Box::leak(notify_report().into_boxed_str());
    run::<v21::StationCall, floor::NotifyReport<'_>>(c, "NotifyReport", text);
}

fn encoding(c: &mut Criterion) {
    fn run<T: ocpp_types::Payload>(c: &mut Criterion, name: &str, frame: &str) {
        let frame: Value = serde_json::from_str(frame).expect("JSON");
        let value = &frame[3];
        let typed: T = ocpp_types::decode(&value.to_string(), DecodePolicy::Enforce).expect("a payload").value;
        let mut buffer = Vec::with_capacity(64 * 1024);
        let mut group = c.benchmark_group(format!("encode/{name}"));
        group.bench_function("chargewire", |b| {
            b.iter(|| {
                buffer.clear();
                encode_into(black_box(&typed), &mut buffer).expect("a conformant value");
            });
        });
        group.bench_function("Value", |b| {
            b.iter(|| {
                buffer.clear();
                serde_json::to_writer(&mut buffer, black_box(value)).expect("JSON");
            });
        });
        group.finish();
    }
    run::<v16::BootNotificationRequest>(c, "BootNotification", BOOT);
    run::<v16::MeterValuesRequest>(c, "MeterValues", &meter_values());
    run::<v201::TransactionEventRequest>(c, "TransactionEvent", &transaction_event());
    run::<v21::NotifyReportRequest>(c, "NotifyReport", &notify_report());
}

criterion_group!(frames, decoding, encoding);
criterion_main!(frames);
