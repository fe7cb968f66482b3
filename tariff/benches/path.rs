//! From the text of a CDR to its total with the tariff compiled, against `serde_json::Value` of the same text in the same
//! run; and many at once.
//!
//! `cargo bench -p chargewire-tariff --all-features --bench path`. Targets: the whole path 0.45 of `Value`; 350 000 small
//! CDRs a second and core.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Value, json};
use tariff::source::TariffDocument;
use tariff::{Policy, Pricer, bulk};

fn tariff() -> Value {
    json!({
        "country_code": "BE", "party_id": "BEC", "id": "12", "currency": "EUR", "last_updated": "2024-01-01T00:00:00Z",
        "elements": [
            {"price_components": [{"type": "FLAT", "price": 0.5, "vat": 20, "step_size": 0},
                                  {"type": "ENERGY", "price": 0.39, "vat": 19, "step_size": 1}],
             "restrictions": {"max_kwh": 10}},
            {"price_components": [{"type": "ENERGY", "price": 0.29, "vat": 19, "step_size": 1},
                                  {"type": "PARKING_TIME", "price": 5, "vat": 19, "step_size": 300}]}
        ]
    })
}

fn pricer() -> Pricer {
    let policy = Policy::default();
    let document = TariffDocument::read(&tariff().to_string(), None, &policy).expect("the tariff is one");
    Pricer::new(document.compile(&policy).expect("it can be priced"), policy)
}

/// A CDR with the members of the specification's own, its tariff included, and as many periods of a minute as asked for.
/// Its totals are those of its periods, to four decimals.
fn cdr(periods: u32) -> String {
    let period = |index: u32| {
        json!({
            "start_date_time": format!("2024-06-29T{:02}:{:02}:00Z", index / 60 % 24, index % 60),
            "dimensions": [{"type": "ENERGY", "volume": 0.3125}, {"type": "TIME", "volume": 0.0167}],
            "tariff_id": "12"
        })
    };
    let minutes = periods;
    let periods: Vec<_> = (0..periods).map(period).collect();
    let end = format!("2024-06-29T{:02}:{:02}:00Z", minutes / 60, minutes % 60);
    // the order of the documents, which `json!` does not keep
    let parts = [
        ("country_code", json!("BE")),
        ("party_id", json!("BEC")),
        ("id", json!("12345")),
        ("start_date_time", json!("2024-06-29T00:00:00Z")),
        ("end_date_time", json!(end)),
        ("session_id", json!("S1")),
        (
            "cdr_token",
            json!({"country_code": "DE", "party_id": "TNM", "uid": "012345678", "type": "RFID", "contract_id": "DE8ACC12E46L89"}),
        ),
        ("auth_method", json!("WHITELIST")),
        (
            "cdr_location",
            json!({
                "id": "LOC1", "name": "Gent Zuid", "address": "F.Rooseveltlaan 3A", "city": "Gent", "postal_code": "9000",
                "country": "BEL", "coordinates": {"latitude": "3.729944", "longitude": "51.047599"}, "evse_uid": "3256",
                "evse_id": "BE*BEC*E041503003", "connector_id": "1", "connector_standard": "IEC_62196_T2",
                "connector_format": "SOCKET", "connector_power_type": "AC_1_PHASE"
            }),
        ),
        ("currency", json!("EUR")),
        ("tariffs", json!([tariff()])),
        ("charging_periods", json!(periods)),
        ("total_cost", json!({"excl_vat": 4.00, "incl_vat": 4.40})),
        ("total_energy", json!(f64::from(3125 * minutes) / 10_000.0)),
        ("total_time", json!(f64::from((10_000 * minutes + 30) / 60) / 10_000.0)),
        ("last_updated", json!("2024-06-30T22:01:13Z")),
    ];
    let members: Vec<_> = parts.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

fn path(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("path");
    for periods in [1, 3, 96] {
        let text = cdr(periods);
        let mut pricer = pricer();
        assert!(pricer.totals(&text).is_ok());
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::new("value", periods), &text, |bencher, text| {
            bencher.iter(|| serde_json::from_str::<Value>(black_box(text)));
        });
        group.bench_with_input(BenchmarkId::new("total", periods), &text, |bencher, text| {
            bencher.iter(|| pricer.totals(black_box(text)));
        });
        // a list of tariffs is compared with the one before; here it never is the same
        let other = text.replace("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z");
        let mut texts = [&text, &other].into_iter().cycle();
        group.bench_function(BenchmarkId::new("total of other tariffs", periods), |bencher| {
            bencher.iter(|| texts.next().map(|text| pricer.totals(black_box(text))));
        });
        group.bench_with_input(BenchmarkId::new("bill", periods), &text, |bencher, text| {
            bencher.iter(|| pricer.bill(black_box(text)));
        });
    }
    group.finish();
}

fn many(criterion: &mut Criterion) {
    const RECORDS: usize = 20_000;
    let (pricer, text) = (pricer(), cdr(1));
    let mut group = criterion.benchmark_group("bulk");
    group.sample_size(10).throughput(Throughput::Elements(RECORDS as u64));
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        group.bench_function(BenchmarkId::new("threads", threads), |bencher| {
            bencher.iter(|| {
                let texts = std::iter::repeat_n(text.as_str(), RECORDS);
                pool.install(|| {
                    bulk(&pricer, texts, |pricer, text| pricer.totals(text).is_ok()).filter(|ok| *ok).count()
                })
            });
        });
    }
    group.finish();
}

criterion_group!(benches, path, many);
criterion_main!(benches);
