//! How often decoding and encoding allocate; alone in its binary, since it counts for the whole process.

#![allow(clippy::unwrap_used)] // a test may

use std::alloc::System;

use ocpp_types::{DecodePolicy, Payload, decode, encode_into, v16, v21, v201};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static GLOBAL: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Allocations and reallocations of one decode, and of one encode into a buffer with room.
///
/// The least of several counts, since the threads of the test harness allocate too.
fn count<T: Payload>(json: &str) -> (usize, usize) {
    let calls = |region: &Region<'_, System>| region.change().allocations + region.change().reallocations;
    let mut buffer = Vec::with_capacity(2 * json.len());
    let (mut decoding, mut encoding) = (usize::MAX, usize::MAX);
    for _ in 0..50 {
        let region = Region::new(GLOBAL);
        let decoded = decode::<T>(json, DecodePolicy::Enforce).unwrap();
        decoding = decoding.min(calls(&region));
        buffer.clear();
        let region = Region::new(GLOBAL);
        encode_into(&decoded.value, &mut buffer).unwrap();
        encoding = encoding.min(calls(&region));
        assert_eq!(buffer, json.as_bytes());
    }
    (decoding, encoding)
}

#[test]
fn decoding_allocates_little_and_encoding_nothing() {
    let boot = r#"{"chargePointVendor":"VendorX","chargePointModel":"SingleSocketCharger","chargePointSerialNumber":"gc.001.13.1","chargeBoxSerialNumber":"gc.001.13.1.13.1","firmwareVersion":"0.9.87","iccid":"89310410106543789301","imsi":"234101949304753","meterType":"NQC-ACDC","meterSerialNumber":"gc.001.13.1.01"}"#;
    assert_eq!(count::<v16::BootNotificationRequest>(boot), (0, 0));

    let sample = r#"{"value":15.900,"context":"Sample.Periodic","measurand":"Current.Import","phase":"L1","location":"Outlet","unitOfMeasure":{"unit":"A"}}"#;
    let samples = [sample; 10].join(",");
    let event = format!(
        r#"{{"eventType":"Updated","meterValue":[{{"sampledValue":[{samples}],"timestamp":"2026-03-01T10:15:30Z"}}],"timestamp":"2026-03-01T10:15:30Z","triggerReason":"MeterValuePeriodic","seqNo":17,"transactionInfo":{{"transactionId":"5f1c9a40-2d5c-4b58-9e7a-0a6ab9a14d71"}}}}"#
    );
    let (decoding, encoding) = count::<v201::TransactionEventRequest>(&event);
    assert!(decoding <= 6, "{decoding} allocations");
    assert_eq!(encoding, 0);

    let heartbeat = r#"{"currentTime":"2026-03-01T10:15:30.500Z"}"#;
    assert_eq!(count::<v21::HeartbeatResponse>(heartbeat), (0, 0));
}
