//! Decoding, encoding and validating against `serde_json::Value` of the same text in the same run.
//!
//! `cargo bench -p chargewire-ocpi-types` prints bytes per second. Targets, as multiples of `Value`: decoding a Location
//! with three EVSEs 1.7, a CDR with three periods 2, with 96 periods 2.5; encoding 0.9; validating 15 % of decoding.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ocpi_types::{Object, decode, encode, encode_unchecked, for_each_item, v221};
use serde_json::{Value, json};

fn location() -> Value {
    let evse = |number: u32| {
        json!({
            "uid": format!("{number}"),
            "evse_id": format!("NL*TNM*E0000{number}*1"),
            "status": "AVAILABLE",
            "status_schedule": [{ "period_begin": "2024-06-24T00:00:00Z", "period_end": "2024-06-25T00:00:00Z", "status": "INOPERATIVE" }],
            "capabilities": ["RESERVABLE", "RFID_READER", "REMOTE_START_STOP_CAPABLE"],
            "connectors": [
                { "id": "1", "standard": "IEC_62196_T2", "format": "CABLE", "power_type": "AC_3_PHASE", "max_voltage": 220, "max_amperage": 16, "tariff_ids": ["11"], "last_updated": "2024-03-16T10:10:02Z" },
                { "id": "2", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE", "max_voltage": 220, "max_amperage": 16, "tariff_ids": ["13"], "last_updated": "2024-03-18T08:12:01Z" }
            ],
            "floor_level": "-1",
            "physical_reference": "1",
            "last_updated": "2024-06-28T08:12:01Z"
        })
    };
    json!({
        "country_code": "NL", "party_id": "TNM", "id": "LOC1", "publish": true, "name": "Station North",
        "address": "Stationsplein 12", "city": "Utrecht", "postal_code": "3511ED", "country": "NLD",
        "coordinates": { "latitude": "52.089444", "longitude": "5.110278" },
        "parking_type": "ON_STREET",
        "evses": [evse(1), evse(2), evse(3)],
        "directions": [{ "language": "en", "text": "Behind the station, take the second entrance." }],
        "operator": { "name": "The New Motion", "website": "https://operator.example.com", "logo": { "url": "https://operator.example.com/logo.jpg", "category": "OPERATOR", "type": "jpeg", "width": 512, "height": 512 } },
        "facilities": ["TRAIN_STATION", "BUS_STOP"],
        "time_zone": "Europe/Amsterdam",
        "opening_times": { "twentyfourseven": true },
        "energy_mix": { "is_green_energy": true, "energy_sources": [{ "source": "WIND", "percentage": 70.5 }, { "source": "SOLAR", "percentage": 29.5 }], "supplier_name": "Wind and Sun" },
        "last_updated": "2024-06-29T20:39:09Z"
    })
}

fn cdr(periods: u32) -> Value {
    let period = |index: u32| {
        json!({
            "start_date_time": format!("2024-06-29T{:02}:{:02}:00Z", index / 60 % 24, index % 60),
            "dimensions": [
                { "type": "ENERGY", "volume": 0.3125 },
                { "type": "TIME", "volume": 0.0167 },
                { "type": "MAX_CURRENT", "volume": 30.5 }
            ],
            "tariff_id": "12"
        })
    };
    json!({
        "country_code": "BE", "party_id": "BEC", "id": "12345",
        "start_date_time": "2024-06-29T00:00:00Z", "end_date_time": "2024-06-29T02:37:32Z", "session_id": "S1",
        "cdr_token": { "country_code": "DE", "party_id": "TNM", "uid": "012345678", "type": "RFID", "contract_id": "DE8ACC12E46L89" },
        "auth_method": "WHITELIST",
        "cdr_location": {
            "id": "LOC1", "name": "Gent Zuid", "address": "F.Rooseveltlaan 3A", "city": "Gent", "postal_code": "9000", "country": "BEL",
            "coordinates": { "latitude": "51.047599", "longitude": "3.729944" },
            "evse_uid": "3256", "evse_id": "BE*BEC*E041503003", "connector_id": "1", "connector_standard": "IEC_62196_T2", "connector_format": "SOCKET", "connector_power_type": "AC_1_PHASE"
        },
        "currency": "EUR",
        "tariffs": [{
            "country_code": "BE", "party_id": "BEC", "id": "12", "currency": "EUR",
            "elements": [{ "price_components": [{ "type": "TIME", "price": 2.00, "vat": 10.0, "step_size": 300 }] }],
            "last_updated": "2024-02-02T14:15:01Z"
        }],
        "charging_periods": (0..periods).map(period).collect::<Vec<_>>(),
        "total_cost": { "excl_vat": 4.00, "incl_vat": 4.40 },
        "total_energy": 0.3125 * f64::from(periods),
        "total_time": 1.973,
        "total_time_cost": { "excl_vat": 4.00, "incl_vat": 4.40 },
        "last_updated": "2024-06-29T22:01:13Z"
    })
}

fn object<T: Object>(criterion: &mut Criterion, name: &str, value: &Value) {
    // in the order of the documents, as this crate and most peers write it
    let text =
        serde_json::to_string(&decode::<T>(&value.to_string()).expect("the fixture is right")).expect("writable");
    let typed = decode::<T>(&text).expect("the fixture is right");
    let untyped: Value = serde_json::from_str(&text).expect("JSON");
    assert!(typed.validate().is_empty(), "{:?}", typed.validate());
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("decode", |bencher| bencher.iter(|| decode::<T>(black_box(&text))));
    group.bench_function("decode/Value", |bencher| {
        bencher.iter(|| serde_json::from_str::<Value>(black_box(&text)));
    });
    group.bench_function("encode", |bencher| bencher.iter(|| encode(black_box(&typed))));
    group.bench_function("encode unchecked", |bencher| bencher.iter(|| encode_unchecked(black_box(&typed))));
    group.bench_function("encode/Value", |bencher| bencher.iter(|| serde_json::to_string(black_box(&untyped))));
    group.bench_function("validate", |bencher| bencher.iter(|| black_box(&typed).validate()));
    group.finish();
}

fn page(criterion: &mut Criterion) {
    let items = vec![location().to_string(); 1000].join(",");
    let body = format!(r#"{{"data":[{items}],"status_code":1000,"timestamp":"2024-06-29T20:39:09Z"}}"#);
    let mut group = criterion.benchmark_group("page of 1000 Locations");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("stream", |bencher| {
        bencher.iter(|| {
            let mut count = 0;
            let read =
                for_each_item::<v221::Location>(200, black_box(&body), |item| count += usize::from(item.is_ok()));
            assert!(read.is_ok() && count == 1000);
        });
    });
    group.bench_function("Value", |bencher| bencher.iter(|| serde_json::from_str::<Value>(black_box(&body))));
    group.finish();
}

fn all(criterion: &mut Criterion) {
    object::<v221::Location>(criterion, "Location with 3 EVSEs", &location());
    object::<v221::Cdr>(criterion, "CDR with 3 periods", &cdr(3));
    object::<v221::Cdr>(criterion, "CDR with 96 periods", &cdr(96));
    page(criterion);
}

criterion_group!(benches, all);
criterion_main!(benches);
